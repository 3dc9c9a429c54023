"""A neutral tree of what is printed: no drawing library, no markup; every string is plain text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from stationdesk.fields import describe, to_text


class Align(Enum):
    """Where text stands in its cell or line."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the document's title, centred."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `size` in points, newlines kept."""

    text: str
    size: float = 10.5
    align: Align = Align.LEFT
    bold: bool = False


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One line with a left, a middle and a right part, as official forms have under their title."""

    left: str
    middle: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: header, share of the width, alignment of its cells; the cells of a `label` column
    look like headers, those of a `plain` one are texts in a sheet too, though they look like numbers."""

    header: str
    weight: float = 1.0
    align: Align = Align.LEFT
    label: bool = False
    plain: bool = False


class RowKind(Enum):
    """How a row is drawn."""

    NORMAL = "normal"
    SECTION = "section"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; a SECTION row spans the table with its first cell, a WIDE one the columns after the
    first with its second."""

    cells: tuple[str, ...]
    kind: RowKind = RowKind.NORMAL


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header row, if it is `headed`, is repeated on every page it reaches; `size` in points.
    With `titled` cells the first line of each is its title: it is bold, stands at the top, and is said
    again where a page cuts its cell in two."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    size: float = 10.5
    least_height: float = 0.0
    headed: bool = True
    titled: bool = False


@dataclass(frozen=True, slots=True)
class SignOff:
    """The bottom lines of a form: the names and blanks to sign, and room for the seal."""

    parts: tuple[str, ...]
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Upright bars with their numbers; `bars` are label and value."""

    title: str
    bars: tuple[tuple[str, float], ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG with what is said under it."""

    data: bytes = field(repr=False)
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures, `across` beside each other; none is cut by the end of a page."""

    items: tuple[Picture, ...]
    across: int = 2


@dataclass(frozen=True, slots=True)
class Space:
    """Empty height, in millimetres."""

    height: float


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings of level 1 that come after it, each with the page it stands on."""

    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


Part = Heading | Text | HeadLine | Table | SignOff | Chart | Pictures | Space | Contents | PageBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document to print. `title` is the form's name and number, never a person's name; `mark` is
    drawn lightly across every page (演示); `foot` stands left of the page number, `head` over every page
    on the right."""

    title: str
    parts: tuple[Part, ...]
    landscape: bool = False
    mark: str = ""
    foot: str = ""
    head: str = ""


def table_of(cls: type, rows: Sequence[object], *, private: bool = False, size: float = 10.5) -> Table:
    """A table of dataclass records, a column a labelled field; private ones only if asked for."""
    columns = [column for column in describe(cls) if private or not column.field.private]
    return Table(
        tuple(Column(column.label) for column in columns),
        tuple(Row(tuple(to_text(getattr(row, column.name)) for column in columns)) for row in rows),
        size,
    )
