"""Records as cells, cards and tables: whatever fields `describe()` names, none listed a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from stationdesk.codes import Code, code_list
from stationdesk.fields import Described, describe, to_text
from stationdesk.i18n import _
from stationdesk.records.calendar import long_day
from stationdesk.records.child_prints import MEMBER_FIELDS, OWN_FIELDS, STAFF_FIELDS, ChildFile
from stationdesk.reports.document import Align, Column, Row, RowKind, Table

# Texts that are codes of a long official list.
LISTED = {"ethnicity": "ethnicity", "relation": "relation", "guardian_relation": "relation"}
COMMUNITY = "community_id"
# A list with more fields than this is printed as cards, a record under the other.
MOST_COLUMNS = 8
_LONG, _MANY = 14, 100
_BLANK_ROW, _BLANK_LINES, _BLANK_CARDS = 24.0, 5, 2


@cache
def printed_fields(cls: type) -> tuple[Described, ...]:
    """The fields of a record that are printed: all but what refers to the file itself."""
    return tuple(column for column in describe(cls) if column.name not in OWN_FIELDS)


def cell(column: Described, value: object, file: ChildFile, *, short: bool = False) -> str:
    """A value as it is printed: names for ids, labels for codes, the unit behind; nothing is empty."""
    if value in (None, "", ()):
        return ""
    if column.name in STAFF_FIELDS:
        return file.staff.get(value, "") if isinstance(value, int) else ""
    if column.name in MEMBER_FIELDS:
        return _member(value, file)
    if column.name == COMMUNITY:
        return file.community
    if column.name in LISTED:
        return code_list(LISTED[column.name]).labels.get(str(value), str(value))
    if isinstance(value, date) and not short:
        clock = f" {value:%H:%M}" if isinstance(value, datetime) else ""
        return long_day(value) + clock
    return to_text(value) + _(column.field.unit)


def _member(member_id: object, file: ChildFile) -> str:
    found = next((member for member in file.family if member.id == member_id), None)
    if found is None:
        return ""
    relation = code_list("relation").labels.get(found.relation, "")
    return _("{name}（{relation}）").format(name=found.name, relation=relation) if found.name else relation


def blank(column: Described) -> str:
    """What stands in an empty form: boxes to tick, places for a date; all else is written by hand."""
    if column.type is bool:
        return _("□是　□否")
    if issubclass(column.type, Code):
        return "　".join(f"□{member.label}" for member in column.type.offered())
    if issubclass(column.type, date):
        return _("　　　年　　月　　日")
    return "\n" if column.field.multiline else ""


# --- one record, label and value beside each other -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A label and its value; a `wide` one has a row of its own."""

    label: str
    value: str
    wide: bool = False


def cells_of(record: object, file: ChildFile) -> list[Cell]:
    """The labelled values of a record."""
    kind: type = type(record)
    values = ((column, cell(column, getattr(record, column.name), file)) for column in printed_fields(kind))
    return [Cell(column.label, value, _is_wide(column, value)) for column, value in values]


def blank_cells(cls: type) -> list[Cell]:
    """The same of a record that is to be written by hand."""
    return [Cell(column.label, value := blank(column), _is_wide(column, value)) for column in printed_fields(cls)]


def _is_wide(column: Described, value: str) -> bool:
    long = (column.field.max_length or 0) >= _MANY
    return column.field.multiline or column.many or long or len(value) > _LONG


def card_rows(cells: Sequence[Cell], title: str = "") -> list[Row]:
    """Two values a row; under a `title` of their own."""
    rows = [Row((title,), RowKind.SECTION)] if title else []
    waiting: list[Cell] = []
    for item in cells:
        if not item.wide:
            waiting.append(item)
        if len(waiting) == 2 or (item.wide and waiting):
            rows.append(_row_of(waiting))
            waiting = []
        if item.wide:
            rows.append(_row_of([item]))
    return [*rows, _row_of(waiting)] if waiting else rows


def _row_of(cells: Sequence[Cell]) -> Row:
    texts = tuple(text for item in cells for text in (item.label, item.value))
    return Row(texts, RowKind.NORMAL if len(cells) == 2 else RowKind.WIDE)


def card(rows: Sequence[Row], *, empty: bool = False) -> Table:
    """Rows of labels and values as a table without a head; an `empty` one is high enough to write in."""
    label, value = Column("", 1.15, label=True), Column("", 2.1)
    height = _BLANK_ROW if empty else 0.0
    return Table((label, value, label, value), tuple(rows), least_height=height, headed=False)


# --- many records --------------------------------------------------------------------------------


def list_table(cls: type, records: Sequence[object], file: ChildFile) -> Table:
    """Records as a table where their fields fit side by side, else as cards."""
    columns = printed_fields(cls)
    if len(columns) > MOST_COLUMNS:
        numbered = enumerate(records, start=1)
        return card([row for number, record in numbered for row in _card(number, record, file)])
    rows = [
        Row(tuple(cell(column, getattr(record, column.name), file, short=True) for column in columns))
        for record in records
    ]
    return Table(_heads(columns), tuple(rows), 9)


def _card(number: int, record: object, file: ChildFile) -> list[Row]:
    """One record under its number and what its first field says; what is empty is left out."""
    first, *rest = cells_of(record, file)
    return card_rows([item for item in rest if item.value], f"{number}. {first.value}")


def blank_list(cls: type) -> Table:
    """The same for records that are to be written by hand."""
    columns = printed_fields(cls)
    if len(columns) > MOST_COLUMNS:
        numbers = range(1, _BLANK_CARDS + 1)
        return card([row for n in numbers for row in card_rows(blank_cells(cls), f"{n}.")], empty=True)
    rows = (Row(("",) * len(columns)),) * _BLANK_LINES
    return Table(_heads(columns), rows, 9, _BLANK_ROW)


def _heads(columns: Sequence[Described]) -> tuple[Column, ...]:
    return tuple(Column(column.label, _weight(column), _align(column)) for column in columns)


def _weight(column: Described) -> float:
    """How much of the width a column needs, by what it holds."""
    if column.type is bool:
        return 0.8
    if issubclass(column.type, datetime):
        return 1.1
    if issubclass(column.type, date):
        return 1.2
    if column.field.multiline or (column.field.max_length or 0) >= _MANY:
        return 2.2
    return 1.4


def _align(column: Described) -> Align:
    return Align.CENTER if column.type is bool or issubclass(column.type, date) else Align.LEFT
