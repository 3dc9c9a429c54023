"""A document laid out on pages: what is drawn where, in points from the top left; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from stationdesk.i18n import _
from stationdesk.records.image_headers import sides
from stationdesk.reports.document import (
    Align,
    Chart,
    Contents,
    Document,
    Heading,
    HeadLine,
    PageBreak,
    Part,
    Picture,
    Pictures,
    Row,
    RowKind,
    SignOff,
    Space,
    Table,
    Text,
)
from stationdesk.reports.lines import break_lines

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
MARGIN = 20 * MM
_LEADING = 1.45
_PAD_X, _PAD_Y = 4.0, 3.0
_THIN, _FRAME = 0.5, 1.0
_UNDER_TITLE = 3
# Four pictures, two under two, with their captions fill a page.
_BETWEEN, _TALLEST = 6 * MM, 100 * MM
SMALLEST, _TEXT = 9.0, 10.5


class Measure(Protocol):
    """How wide a text is at one point of size."""

    def __call__(self, text: str, bold: bool, /) -> float:
        """Width in points at size 1."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = _THIN


@dataclass(frozen=True, slots=True)
class Block:
    """A filled rectangle; `y` is its top, `grey` 0 is black."""

    x: float
    y: float
    width: float
    height: float
    grey: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture; `y` is its top."""

    x: float
    y: float
    width: float
    height: float
    data: bytes = field(repr=False)


Op = Words | Stroke | Block | Drawing


@dataclass(slots=True)
class Sheet:
    """One page."""

    ops: list[Op] = field(default_factory=list)


class Paper:
    """The pages, the place on the last one that is reached, and words upon it."""

    def __init__(self, measure: Measure, width: float, height: float) -> None:
        self._measure = measure
        self.width, self.height = width, height
        self._left, self._right = MARGIN, self.width - MARGIN
        self._bottom = self.height - MARGIN
        self.sheets = [Sheet()]
        self._y = MARGIN

    @property
    def _room(self) -> float:
        return self._right - self._left

    def _add(self, op: Op) -> None:
        self.sheets[-1].ops.append(op)

    def _new_page(self) -> None:
        self.sheets.append(Sheet())
        self._y = MARGIN

    def _need(self, height: float) -> bool:
        """Begin a new page unless `height` fits; says whether it did."""
        if self._y + height <= self._bottom or self._y == MARGIN:
            return False
        self._new_page()
        return True

    def _width(self, text: str, size: float, bold: bool = False) -> float:
        return self._measure(text, bold) * size

    def measured(self, text: str, size: float = SMALLEST) -> float:
        """How wide a text is, in points."""
        return self._width(text, size)

    def _lines(self, text: str, room: float, size: float, bold: bool = False) -> list[str]:
        return break_lines(text, room, lambda piece: self._width(piece, size, bold))

    def _words(self, text: str, left: float, right: float, base: float, size: float, align: Align, bold: bool) -> None:
        x = left
        if align is not Align.LEFT:
            spare = right - left - self._width(text, size, bold)
            x += spare if align is Align.RIGHT else spare / 2
        self._add(Words(x, base, text, size, bold))

    def _paragraph(self, text: str, size: float, align: Align, bold: bool) -> None:
        step = size * _LEADING
        for line in self._lines(text, self._room, size, bold):
            self._need(step)
            self._words(line, self._left, self._right, self._y + size, size, align, bold)
            self._y += step


class Layout(Paper):
    """Lays the parts of one document out, one under the other."""

    def __init__(self, document: Document, measure: Measure) -> None:
        super().__init__(measure, *(A4[::-1] if document.landscape else A4))
        self._headings: dict[str, int] = {}
        self._listed: list[tuple[str, Sheet, float]] = []
        for part in document.parts:
            self._place(part)
        _number(document, self)
        for text, sheet, base in self._listed:
            sheet.ops += _contents_line(text, str(self._headings.get(text, "")), base, self)

    def _place(self, part: Part) -> None:
        if isinstance(part, Heading):
            self._heading(part)
        elif isinstance(part, Text):
            self._paragraph(part.text, part.size, part.align, part.bold)
        elif isinstance(part, HeadLine):
            self._head_line(part)
        elif isinstance(part, Table):
            self._table(part)
        elif isinstance(part, SignOff):
            self._sign_off(part)
        elif isinstance(part, Chart):
            self._chart(part)
        elif isinstance(part, Pictures):
            self._pictures(part)
        elif isinstance(part, Space):
            self._y += part.height * MM
        elif isinstance(part, Contents):
            self._contents(part)
        elif isinstance(part, PageBreak):
            self._new_page()

    def _heading(self, heading: Heading) -> None:
        size = {0: 22.0, 1: 14.0}.get(heading.level, 12.0)
        # A heading must not be the last line of its page.
        self._need(size * 4)
        if heading.level == 1:
            self._headings.setdefault(heading.text, len(self.sheets))
        self._paragraph(heading.text, size, Align.CENTER if heading.level == 0 else Align.LEFT, bold=True)
        self._y += size * 0.2

    def _head_line(self, line: HeadLine) -> None:
        size = 10.5
        parts = ((line.left, Align.LEFT), (line.middle, Align.CENTER), (line.right, Align.RIGHT))
        if sum(self._width(text, size) for text, _align in parts) + 4 * size > self._room:
            for text, _align in parts:
                if text:
                    self._paragraph(text, size, Align.LEFT, bold=False)
            return
        for text, align in parts:
            self._words(text, self._left, self._right, self._y + size, size, align, bold=False)
        self._y += size * _LEADING + 2

    def _contents(self, contents: Contents) -> None:
        """A line for each heading; which page it stands on is known when all is laid out."""
        for text in contents.headings:
            self._need(_TEXT * 2)
            self._listed.append((text, self.sheets[-1], self._y + _TEXT))
            self._y += _TEXT * 2

    # --- tables ----------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        total = sum(column.weight for column in table.columns)
        edges = [self._left]
        for column in table.columns:
            edges.append(edges[-1] + self._room * column.weight / total)
        size = max(table.size, SMALLEST)
        step = size * 1.3
        self._need(3 * step + 4 * _PAD_Y)
        self._begin_table(table, edges, size, step)
        for row in table.rows:
            self._row(table, row, edges, size, step, head=False)
        self._add(Stroke(edges[0], self._y, edges[-1], self._y, _FRAME))

    def _begin_table(self, table: Table, edges: Sequence[float], size: float, step: float) -> None:
        top = self._y
        if table.headed:
            header = Row(tuple(column.header for column in table.columns))
            self._row(table, header, edges, size, step, head=True)
        self._add(Stroke(edges[0], top, edges[-1], top, _FRAME))

    def _cells(self, table: Table, row: Row, edges: Sequence[float], size: float, head: bool) -> list[list[str]]:
        return [
            self._lines(text, right - left - 2 * _PAD_X, size, head or _is_label(table, row, i))
            for i, (text, (left, right)) in enumerate(zip(row.cells, _spans(row, edges), strict=False))
        ]

    def _row(self, table: Table, row: Row, edges: Sequence[float], size: float, step: float, *, head: bool) -> None:
        cells = self._cells(table, row, edges, size, head)
        while True:
            free = int((self._bottom - self._y - 2 * _PAD_Y) // step)
            # A title stays with what it is the title of.
            count = max(len(lines) for lines in cells) + (_UNDER_TITLE if row.kind is RowKind.SECTION else 0)
            if not head and (count > free and (free < 2 or count <= self._page_lines(table, edges, size, step))):
                self._continue_table(table, edges, size, step)
                continue
            self._band(table, row, [lines[:free] for lines in cells], edges, size, step, head=head)
            again = int(table.titled and not head)
            cells = [[*lines[:again], *lines[free:]] if lines[free:] else [] for lines in cells]
            if not any(cells):
                return

    def _page_lines(self, table: Table, edges: Sequence[float], size: float, step: float) -> int:
        """How many lines a row may have on a page of its own under the repeated header."""
        header = max(
            len(self._lines(c.header, edges[i + 1] - edges[i] - 2 * _PAD_X, size, True))
            for i, c in enumerate(table.columns)
        )
        return int((self._bottom - MARGIN - 4 * _PAD_Y - step * (header + 2)) // step)

    def _continue_table(self, table: Table, edges: Sequence[float], size: float, step: float) -> None:
        self._add(Stroke(edges[0], self._y, edges[-1], self._y, _FRAME))
        self._new_page()
        self._words(_("续表"), self._left, self._right, self._y + SMALLEST, SMALLEST, Align.RIGHT, bold=False)
        self._y += SMALLEST * _LEADING
        self._begin_table(table, edges, size, step)

    def _band(
        self,
        table: Table,
        row: Row,
        cells: Sequence[Sequence[str]],
        edges: Sequence[float],
        size: float,
        step: float,
        *,
        head: bool,
    ) -> None:
        """One row, or the part of it that this page takes, with its lines around it."""
        top = self._y
        height = max(max(len(lines) for lines in cells) * step + 2 * _PAD_Y, 0 if head else table.least_height)
        spans = _spans(row, edges)
        for i, (lines, (left, right)) in enumerate(zip(cells, spans, strict=False)):
            bold = head or _is_label(table, row, i)
            if bold:
                self._add(Block(left, top, right - left, height, 0.93))
            align = _align(table, row, i, head)
            titled = table.titled and not head
            base = top + (_PAD_Y if titled else (height - len(lines) * step) / 2) + size * 1.05
            for place, line in enumerate(lines):
                strong = bold or (titled and place == 0)
                self._words(line, left + _PAD_X, right - _PAD_X, base, size, align, bold=strong)
                base += step
        self._y = top + height
        self._add(Stroke(edges[0], self._y, edges[-1], self._y))
        for x in (edges[0], *(right for _left, right in spans)):
            self._add(Stroke(x, top, x, self._y, _FRAME if x in (edges[0], edges[-1]) else _THIN))

    # --- the foot of a form, and charts ----------------------------------------------------------

    def _sign_off(self, sign: SignOff) -> None:
        size, seal = 10.5, 45 * MM
        self._need((seal if sign.seal else 0) + size * 3)
        self._y += size
        lines: list[str] = []
        line = ""
        for part in sign.parts:
            longer = f"{line}    {part}" if line else part
            if line and self._width(longer, size) > self._room:
                lines.append(line)
                longer = part
            line = longer
        for text in [*lines, line]:
            self._words(text, self._left, self._right, self._y + size, size, Align.LEFT, bold=False)
            self._y += size * 2
        if sign.seal:
            # Left free for the seal, which is stamped by hand and never drawn.
            text_y = self._y + seal / 2
            self._words(sign.seal, self._right - seal, self._right, text_y, size, Align.CENTER, bold=False)
            self._y += seal

    def _pictures(self, pictures: Pictures) -> None:
        """Rows of pictures with their captions, each as large as its place lets it be."""
        slot = (self._room - _BETWEEN * (pictures.across - 1)) / pictures.across
        for start in range(0, len(pictures.items), pictures.across):
            row = pictures.items[start : start + pictures.across]
            sizes = [_within(picture, slot) for picture in row]
            captions = [self._lines(picture.caption, slot, SMALLEST) for picture in row]
            tallest = max(height for _width, height in sizes)
            step = SMALLEST * _LEADING
            self._need(tallest + step * max(len(lines) for lines in captions) + _BETWEEN)
            for place, (picture, (width, height)) in enumerate(zip(row, sizes, strict=True)):
                left = self._left + place * (slot + _BETWEEN)
                x, y = left + (slot - width) / 2, self._y + tallest - height
                self._add(Drawing(x, y, width, height, picture.data))
                for number, line in enumerate(captions[place], start=1):
                    base = self._y + tallest + step * number
                    self._words(line, left, left + slot, base, SMALLEST, Align.CENTER, bold=False)
            self._y += tallest + step * max(len(lines) for lines in captions) + _BETWEEN

    def _chart(self, chart: Chart) -> None:
        height, size = 62 * MM, SMALLEST
        # Every label whole: as many bars a row as the widest label allows.
        widest = max((self._width(label, size) for label, _value in chart.bars), default=1.0)
        per_row = max(1, min(len(chart.bars) or 1, int(self._room // max(28.0, min(widest, 90.0) + 8))))
        for start in range(0, len(chart.bars), per_row):
            self._need(height + 14 * _LEADING)
            if start == 0:
                self._paragraph(chart.title, 12.0, Align.LEFT, bold=True)
            self._bars(chart.bars[start : start + per_row], per_row, max(v for _l, v in chart.bars), height, chart.unit)

    def _bars(self, bars: Sequence[tuple[str, float]], slots: int, highest: float, height: float, unit: str) -> None:
        size, slot = SMALLEST, self._room / slots
        labels = [self._lines(label, slot - 4, size) for label, _value in bars]
        below = max(len(lines) for lines in labels) * size * 1.3
        base = self._y + height - below - 4
        scale = (height - below - 3 * size) / (highest or 1)
        for i, (_label, value) in enumerate(bars):
            left, tall = self._left + i * slot, value * scale
            self._add(Block(left + slot * 0.25, base - tall, slot * 0.5, tall, 0.45))
            text = f"{value:g}{unit}"
            self._words(text, left, left + slot, base - tall - 3, size, Align.CENTER, bold=False)
            for n, line in enumerate(labels[i]):
                self._words(line, left, left + slot, base + size * 1.3 * (n + 1), size, Align.CENTER, bold=False)
        self._add(Stroke(self._left, base, self._right, base))
        self._y += height + 6


def _within(picture: Picture, slot: float) -> tuple[float, float]:
    """The size a picture is drawn at: no wider than `slot`, not too tall for its caption to go with it."""
    found = sides(picture.data)
    width, height = found or (4, 3)
    factor = min(slot / width, _TALLEST / height)
    return width * factor, height * factor


def _spans(row: Row, edges: Sequence[float]) -> list[tuple[float, float]]:
    """Where the cells of a row begin and end."""
    if row.kind is RowKind.SECTION:
        return [(edges[0], edges[-1])]
    if row.kind is RowKind.WIDE:
        return [(edges[0], edges[1]), (edges[1], edges[-1])]
    return list(pairwise(edges))


def _is_label(table: Table, row: Row, place: int) -> bool:
    return row.kind is RowKind.SECTION or table.columns[place].label


def _align(table: Table, row: Row, place: int, head: bool) -> Align:
    if head:
        return Align.CENTER
    return table.columns[place].align if row.kind is RowKind.NORMAL else Align.LEFT


def _contents_line(text: str, page: str, base: float, laid: Layout) -> list[Op]:
    """A heading, a line to guide the eye, and the page at the right."""
    last = laid.width - MARGIN - laid.measured(page, _TEXT)
    first = MARGIN + laid.measured(text, _TEXT)
    guide = Stroke(first + 6, base - 2, last - 6, base - 2)
    return [Words(MARGIN, base, text, _TEXT), guide, Words(last, base, page, _TEXT)]


def _number(document: Document, laid: Layout) -> None:
    """第X页 共Y页 in the middle of every foot, the document's foot note on its left, its head on top."""
    for n, sheet in enumerate(laid.sheets, start=1):
        text = _("第{page}页 共{pages}页").format(page=n, pages=len(laid.sheets))
        y = laid.height - MARGIN / 2
        sheet.ops.append(Words((laid.width - laid.measured(text)) / 2, y, text, SMALLEST))
        if document.foot:
            sheet.ops.append(Words(MARGIN, y, document.foot, SMALLEST, grey=0.4))
        if document.head:
            x = laid.width - MARGIN - laid.measured(document.head)
            sheet.ops.append(Words(x, MARGIN * 0.6, document.head, SMALLEST, grey=0.4))
