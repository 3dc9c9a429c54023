"""What hangs on the wall (P13): the work groups with their members, and who works at the station."""

from collections.abc import Iterator, Sequence
from datetime import date

from stationdesk.fields import to_text
from stationdesk.i18n import N_, _
from stationdesk.records.calendar import long_day
from stationdesk.records.staff import Staff, Tier
from stationdesk.records.work_groups import GroupKind, GroupSheet
from stationdesk.reports.document import (
    Align,
    Column,
    Document,
    Heading,
    HeadLine,
    PageBreak,
    Part,
    Row,
    Space,
    Table,
    Text,
)

GROUP_LIST, STAFF_BOARD = N_("工作小组名单"), N_("工作人员公示牌")
_GROUP_SIZE, _BOARD_SIZE = 12.0, 22.0
_TIERS = list(Tier)


def group_list(sheets: Sequence[GroupSheet], station: str, today: date, *, mark: str = "") -> Document:
    """Every group on a page of its own: since when, by which document, what for, who; no telephone numbers,
    for anybody who comes in reads it."""
    parts: list[Part] = []
    for sheet in sheets:
        parts += [PageBreak()] if parts else []
        parts += _group(sheet, station, today)
    if not sheets:
        parts = [Heading(_(GROUP_LIST), 0), Text(_("还没有登记工作小组。"))]
    return Document(title=_(GROUP_LIST), parts=tuple(parts), mark=mark)


def _group(sheet: GroupSheet, station: str, today: date) -> Iterator[Part]:
    group = sheet.group
    yield Heading(group.name, 0)
    yield HeadLine(station, "", long_day(today))
    yield Space(2)
    yield Text(_("成立日期：{day}").format(day=long_day(group.founded_on)), _GROUP_SIZE)
    if group.doc_no:
        yield Text(_("成立文号：{number}").format(number=group.doc_no), _GROUP_SIZE)
    if group.duties:
        yield Text(_("职责：{text}").format(text=group.duties), _GROUP_SIZE)
    yield Space(3)
    expert = group.kind is GroupKind.EXPERT
    columns = [
        Column(_("序号"), 0.6, Align.CENTER),
        Column(_("姓名"), 2.2),
        Column(_("小组职务"), 1.1, Align.CENTER),
        Column(_("单位和职务"), 3.0),
    ]
    if expert:
        columns.append(Column(_("专长"), 1.6))
    rows = []
    for number, line in enumerate(sheet.members, start=1):
        unit = " ".join(text for text in (line.unit, line.post) if text)
        cells = [str(number), line.name, line.position.label, unit]
        rows.append(Row((*cells, *([to_text(line.expertise)] if expert else []))))
    if rows:
        yield Table(tuple(columns), tuple(rows), _GROUP_SIZE, 26)
    else:
        yield Text(_("还没有登记成员。"), _GROUP_SIZE)


def staff_board(staff: Sequence[Staff], station: str, today: date, *, mark: str = "") -> Document:
    """Names and posts of those who serve on the day, from the district down, in large type."""
    serving = [member for member in staff if member.serves_on(today)]
    serving.sort(key=lambda member: _TIERS.index(member.tier))
    rows = tuple(Row((member.name, to_text(member.posts))) for member in serving)
    columns = (Column(_("姓名"), 1.3, Align.CENTER), Column(_("岗位"), 1.5, Align.CENTER))
    parts: tuple[Part, ...] = (
        Heading(station, 0),
        Text(_(STAFF_BOARD), _BOARD_SIZE, Align.CENTER, bold=True),
        Space(6),
        Table(columns, rows, _BOARD_SIZE, 48) if rows else Text(_("还没有在岗的工作人员。"), _BOARD_SIZE),
    )
    return Document(title=_(STAFF_BOARD), parts=parts, landscape=True, mark=mark)
