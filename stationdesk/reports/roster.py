"""Rosters of children (P12): in stock, left behind, migrant, in hardship; the reader chooses the columns."""

from collections.abc import Collection, Sequence
from datetime import date

from stationdesk.codes import code_list
from stationdesk.fields import Described, describe, to_text
from stationdesk.i18n import N_, _
from stationdesk.records.child_prints import ROSTER_COLUMNS, RosterKind, RosterRow
from stationdesk.records.masking import Disclosure
from stationdesk.records.people import Sex
from stationdesk.reports.document import Align, Column, Document, Heading, HeadLine, Part, Row, Space, Table, Text
from stationdesk.reports.imprint import Imprint
from stationdesk.reports.records import LISTED

_TITLE = N_("{kind}花名册")
# Shares of the width: what is always short needs little, a number must not be torn, a name may wrap.
_BY_TYPE: dict[type, float] = {int: 0.6, date: 1.45, str: 1.5, Sex: 0.6}
_WEIGHTS = {"name": 2.0, "id_no": 2.6, "residence": 2.4}


def roster_columns() -> tuple[Described, ...]:
    """All columns there are to choose from."""
    return describe(RosterRow)


def roster(
    rows: Sequence[RosterRow],
    kind: RosterKind,
    imprint: Imprint,
    how: Disclosure = Disclosure.MASKED,
    columns: Collection[str] = ROSTER_COLUMNS,
) -> Document:
    """The lines with the chosen columns, numbered, on landscape pages; the same goes into a sheet."""
    chosen = [column for column in roster_columns() if column.name in columns]
    heads = [Column(_("序号"), 0.6, Align.CENTER)]
    # A number of a person is a text: as a figure a sheet would round it.
    heads += [Column(c.label, _weight(c), _align(c), plain=c.type is str) for c in chosen]
    lines = [
        Row((str(number), *(_shown(column, getattr(row, column.name)) for column in chosen)))
        for number, row in enumerate(rows, start=1)
    ]
    title = _(_TITLE).format(kind=kind.label)
    parts: list[Part] = [
        Heading(title, 0),
        HeadLine(imprint.station, "", _("共{count}人").format(count=len(rows))),
        Table(tuple(heads), tuple(lines), 9),
        Space(2),
    ]
    if not rows:
        parts.append(Text(_("没有符合条件的儿童。")))
    if how is Disclosure.MASKED:
        parts.append(Text(_("本表已遮盖证件号码、电话、住址和出生日期。"), 9))
    parts.append(Text(_("制表人：＿＿＿＿＿＿＿＿　审核人：＿＿＿＿＿＿＿＿　日期：＿＿＿＿年＿＿月＿＿日")))
    return Document(title=title, parts=tuple(parts), landscape=True, mark=imprint.mark, head=imprint.line())


def _shown(column: Described, value: object) -> str:
    if column.name in LISTED and value:
        return code_list(LISTED[column.name]).labels.get(str(value), str(value))
    return to_text(value)


def _weight(column: Described) -> float:
    return _WEIGHTS.get(column.name, _BY_TYPE.get(column.type, 1.3))


def _align(column: Described) -> Align:
    return Align.LEFT if column.type is str else Align.CENTER
