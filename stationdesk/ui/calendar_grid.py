"""A grid of columns over hours, in which bookings are made, moved and resized by mouse and keys."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from stationdesk.i18n import _
from stationdesk.records.bookings import OPEN, BookingRow
from stationdesk.records.calendar import Span, minute_text
from stationdesk.ui import look
from stationdesk.ui.booking_card import BookingCard
from stationdesk.ui.geometry import SNAP, GridColumn, lanes, snap, span_of, visible_hours


class Grip(Enum):
    """What a drag does."""

    CREATE = "create"
    MOVE = "move"
    RESIZE = "resize"


class Ghost(QWidget):
    """What is dragged, drawn over the grid: moving it repaints nothing else."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = ""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = QColor(look.tokens().accent)
        painter.setPen(QPen(color, 2))
        color.setAlpha(60)
        painter.setBrush(color)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), look.RADIUS, look.RADIUS)
        painter.setPen(QColor(look.tokens().text))
        painter.drawText(self.rect().adjusted(8, 4, -4, -4), Qt.AlignmentFlag.AlignTop, self.text)


class Canvas(QWidget):
    """The grid itself: background, cell cursor, booking cards as children."""

    created = Signal(int, int, int)
    moved = Signal(int, int, int, int)
    opened = Signal(int)
    removed = Signal(int)
    wandered = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.columns: tuple[GridColumn, ...] = ()
        self.hours = Span(540, 1260)
        self.cards: dict[int, BookingCard] = {}
        self._rows: tuple[BookingRow, ...] = ()
        self._now: datetime | None = None
        self.chosen: int | None = None
        self._cursor = (0, 600)
        self._ghost = Ghost(self)
        self._grip: Grip | None = None
        self._from = (0, 0)
        self._card: BookingCard | None = None
        self._span = Span(0, 15)
        self._column = 0

    # --- measures --------------------------------------------------------------------------------

    @property
    def least_hour(self) -> int:
        """The fewest pixels an hour may have: two lines of text in three quarters of it."""
        return max(48, int(self.fontMetrics().lineSpacing() * 2.9))

    @property
    def hour_height(self) -> int:
        """Pixels an hour: more than the least where the window is tall."""
        return max(self.least_hour, self.height() * 60 // (self.hours.end - self.hours.start))

    @property
    def least_column(self) -> int:
        """The narrowest a column may be."""
        return self.fontMetrics().horizontalAdvance("国") * 7

    def y_of(self, minute: int) -> int:
        """Where a minute of the day stands."""
        return (minute - self.hours.start) * self.hour_height // 60

    def column_rect(self, place: int) -> tuple[int, int]:
        """Left edge and width of a column."""
        count = max(len(self.columns), 1)
        left = place * self.width() // count
        return left, (place + 1) * self.width() // count - left

    def place_at(self, point: QPoint) -> tuple[int, int]:
        """Column and exact minute at a point, within the grid."""
        count = max(len(self.columns), 1)
        column = min(max(point.x() * count // max(self.width(), 1), 0), count - 1)
        minute = self.hours.start + point.y() * 60 // self.hour_height
        return column, min(max(minute, self.hours.start), self.hours.end)

    def rect_of(self, column: int, span: Span, place: int = 0, of: int = 1) -> QRect:
        """The rectangle of a stretch in a column, the `place`-th of `of` beside each other."""
        left, width = self.column_rect(column)
        inner = width - 6
        top = self.y_of(span.start)
        return QRect(left + 2 + inner * place // of, top + 1, inner // of - 1, self.y_of(span.end) - top - 1)

    # --- content ---------------------------------------------------------------------------------

    def show_week(self, columns: Sequence[GridColumn], rows: Sequence[BookingRow], now: datetime) -> None:
        """Show these columns with their bookings."""
        self.columns, self._rows, self._now = tuple(columns), tuple(rows), now
        self.hours = visible_hours(columns, rows)
        focused = self.chosen if any(card.hasFocus() for card in self.cards.values()) else None
        for card in self.cards.values():
            card.setParent(None)
            card.deleteLater()
        self.cards = {}
        for row in rows:
            card = BookingCard(row, self)
            card.pressed.connect(self._press_card)
            card.dragged.connect(self._drag_to)
            card.released.connect(self._release)
            card.keyed.connect(self._card_key)
            card.chosen.connect(self._choose)
            self.cards[row.id] = card
        tall = (self.hours.end - self.hours.start) * self.least_hour // 60
        self.setMinimumSize(self.least_column * len(columns), tall + 1)
        self._lay_out()
        for card in self.cards.values():
            card.show()
        if self.chosen not in self.cards:
            self.chosen = None
        elif focused is not None:
            self.cards[focused].setFocus()
        self.update()

    def _choose(self, booking_id: int) -> None:
        self.chosen = booking_id

    def _lay_out(self) -> None:
        for place, column in enumerate(self.columns):
            own = [r for r in self._rows if r.start.date() == column.day and r.room_id == column.room_id]
            for lane in lanes(own):
                card = self.cards[lane.row.id]
                card.column = place
                card.setGeometry(self.rect_of(place, span_of(lane.row), lane.place, lane.of))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = look.tokens()
        painter.fillRect(event.rect(), QColor(t.shade))
        for place, column in enumerate(self.columns):
            left, width = self.column_rect(place)
            for span in column.spans:
                painter.fillRect(
                    left, self.y_of(span.start), width, self.y_of(span.end) - self.y_of(span.start), QColor(t.card)
                )
        self._paint_lines(painter)
        for place, column in enumerate(self.columns):
            self._paint_notes(painter, place, column)
        self._paint_gaps(painter)
        self._paint_now(painter)
        if self.hasFocus() and self.columns:
            place, minute = self._cursor
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect_of(min(place, len(self.columns) - 1), Span(minute, minute + 30)))

    def _paint_lines(self, painter: QPainter) -> None:
        painter.setPen(QColor(look.tokens().line))
        for minute in range(self.hours.start, self.hours.end + 1, 60):
            painter.drawLine(0, self.y_of(minute), self.width(), self.y_of(minute))
        for place in range(1, len(self.columns)):
            left = self.column_rect(place)[0]
            painter.drawLine(left, 0, left, self.height())

    def _paint_notes(self, painter: QPainter, place: int, column: GridColumn) -> None:
        """Closures and holidays are hatched and say what they are."""
        t = look.tokens()
        for span, text in column.notes:
            visible = Span(max(span.start, self.hours.start), min(span.end, self.hours.end))
            if visible.start >= visible.end:
                continue
            rect = self.rect_of(place, visible)
            hatch = QColor(t.quiet)
            hatch.setAlpha(110)
            painter.fillRect(rect, QColor(t.shade))
            painter.fillRect(rect, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            painter.setPen(QColor(t.quiet))
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            box = painter.boundingRect(rect.adjusted(4, 6, -4, 0), flags, text)
            painter.fillRect(box.adjusted(-3, -1, 3, 1), QColor(t.shade))
            painter.drawText(rect.adjusted(4, 6, -4, 0), flags, text)

    def _paint_gaps(self, painter: QPainter) -> None:
        """The minutes a room keeps free after each booking, as a thin stripe."""
        color = QColor(look.tokens().accent)
        color.setAlpha(45)
        for card in self.cards.values():
            gap = self.columns[card.column].gap if card.column < len(self.columns) else 0
            if gap:
                end = span_of(card.row).end
                rect = self.rect_of(card.column, Span(end, end + gap))
                painter.fillRect(rect.adjusted(0, 0, 0, 0), QColor(color))

    def _paint_now(self, painter: QPainter) -> None:
        for place, column in enumerate(self.columns):
            if self._now is not None and column.day == self._now.date():
                left, width = self.column_rect(place)
                y = self.y_of(self._now.hour * 60 + self._now.minute)
                painter.setPen(QPen(QColor(look.tokens().wrong), 2))
                painter.drawLine(left, y, left + width, y)

    # --- mouse -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.columns:
            return
        column, minute = self.place_at(event.position().toPoint())
        start = minute // SNAP * SNAP
        self._cursor = (column, start)
        self._begin(Grip.CREATE, column, Span(start, start + SNAP), (column, start))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is Grip.CREATE:
            self._drag_to(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is Grip.CREATE:
            self._release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        column, minute = self.place_at(event.position().toPoint())
        self._stop()
        self.created.emit(column, minute // 30 * 30, minute // 30 * 30 + 60)

    def _press_card(self, card: BookingCard, point: QPoint, resize: bool) -> None:
        if card.row.status not in OPEN or card.row.masked:
            return
        self._card = card
        span = span_of(card.row)
        self._begin(Grip.RESIZE if resize else Grip.MOVE, card.column, span, self.place_at(point))

    def _begin(self, grip: Grip, column: int, span: Span, start: tuple[int, int]) -> None:
        self._grip, self._column, self._span, self._from = grip, column, span, start

    def _drag_to(self, point: QPoint) -> None:
        if self._grip is None:
            return
        column, minute = self.place_at(point)
        if self._grip is Grip.CREATE:
            low, high = sorted((self._from[1], snap(minute)))
            self._span = Span(low, max(high, low + SNAP))
        elif self._grip is Grip.RESIZE and self._card is not None:
            start = span_of(self._card.row).start
            self._span = Span(start, max(snap(minute), start + SNAP))
        elif self._card is not None:
            old = span_of(self._card.row)
            start = min(max(snap(old.start + minute - self._from[1]), 0), 1440 - (old.end - old.start))
            self._span, self._column = Span(start, start + old.end - old.start), column
        self._ghost.text = f"{minute_text(self._span.start)}-{minute_text(self._span.end)}"
        self._ghost.setGeometry(self.rect_of(self._column, self._span))
        self._ghost.show()
        self._ghost.raise_()
        self._ghost.update()

    def _release(self) -> None:
        grip, card, column, span = self._grip, self._card, self._column, self._span
        dragged = self._ghost.isVisible()
        self._stop()
        if not dragged or grip is None:
            return
        if grip is Grip.CREATE:
            self.created.emit(column, span.start, span.end)
        elif card is not None and (column, span) != (card.column, span_of(card.row)):
            self.moved.emit(card.row.id, column, span.start, span.end)

    def _stop(self) -> None:
        self._grip = self._card = None
        self._ghost.hide()

    # --- keys ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the cell cursor, Enter books there, Esc lets go of a drag."""
        column, minute = self._cursor
        key = event.key()
        if key == Qt.Key.Key_Escape and self._grip is not None:
            self._stop()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.columns:
            self.created.emit(column, minute, minute + 60)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 30 if key == Qt.Key.Key_Down else -30
            self._cursor = (column, min(max(minute + step, self.hours.start), self.hours.end - 30))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._cursor = (min(max(column + step, 0), max(len(self.columns) - 1, 0)), minute)
        else:
            super().keyPressEvent(event)
            return
        column, minute = self._cursor
        self.wandered.emit(self.rect_of(column, Span(minute, minute + 30)))
        self.update()

    def _card_key(self, card: BookingCard, event: QKeyEvent) -> None:
        """Enter opens, Delete cancels, Shift+arrows move, Ctrl+arrows change the length."""
        key, span = event.key(), span_of(card.row)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        across = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        down = {Qt.Key.Key_Up: -SNAP, Qt.Key.Key_Down: SNAP}.get(Qt.Key(key), 0)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(card.row.id)
        elif key == Qt.Key.Key_Delete:
            self.removed.emit(card.row.id)
        elif shift and (across or down) and 0 <= card.column + across < len(self.columns):
            self.moved.emit(card.row.id, card.column + across, span.start + down, span.end + down)
        elif control and down and span.end + down > span.start:
            self.moved.emit(card.row.id, card.column, span.start, span.end + down)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()


class _Head(QWidget):
    """The headings over the columns."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = look.tokens()
        for place, column in enumerate(self._canvas.columns):
            left, width = self._canvas.column_rect(place)
            painter.setPen(QColor(t.accent if column.today else t.text))
            font = self.font()
            font.setBold(column.today)
            painter.setFont(font)
            # A long room name takes both lines before it is cut.
            wide = painter.fontMetrics().horizontalAdvance(column.title)
            parts = column.title.split("\n")
            if len(parts) == 1 and wide > width - 6:
                half = next(n for n in range(len(column.title), 0, -1) if self._fits(column.title[:n], width - 6))
                parts = [column.title[:half], column.title[half:]]
            text = "\n".join(
                painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, width - 6) for line in parts
            )
            painter.drawText(QRect(left + 3, 0, width - 6, self.height()), Qt.AlignmentFlag.AlignCenter, text)

    def _fits(self, text: str, width: int) -> bool:
        return len(text) == 1 or self.fontMetrics().horizontalAdvance(text) <= width


class _Hours(QWidget):
    """The hours left of the grid."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(look.tokens().quiet))
        height = painter.fontMetrics().height()
        for minute in range(self._canvas.hours.start, self._canvas.hours.end, 60):
            y = max(self._canvas.y_of(minute) - height // 2, 0)
            rect = QRect(0, y, self.width() - look.UNIT, height)
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, minute_text(minute))


def _bare_area(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(inside)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return area


class CalendarGrid(QWidget):
    """The canvas with its headings and hours, which stay in sight while it scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.canvas.setAccessibleName(_("预约日程表"))
        self._head, self._hours = _Head(self.canvas), _Hours(self.canvas)
        self.area = QScrollArea()
        self.area.setWidget(self.canvas)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._head_area, self._hours_area = _bare_area(self._head), _bare_area(self._hours)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head_area, 0, 1)
        layout.addWidget(self._hours_area, 1, 0)
        layout.addWidget(self.area, 1, 1)
        self.area.horizontalScrollBar().valueChanged.connect(self._head_area.horizontalScrollBar().setValue)
        self.area.verticalScrollBar().valueChanged.connect(self._hours_area.verticalScrollBar().setValue)
        self.canvas.installEventFilter(self)
        self.canvas.wandered.connect(self._keep_in_sight)

    def show_week(self, columns: Sequence[GridColumn], rows: Sequence[BookingRow], now: datetime) -> None:
        """Show these columns with their bookings."""
        self.canvas.show_week(columns, rows, now)
        self._fit()

    def _keep_in_sight(self, cell: QRect) -> None:
        place = cell.center()
        self.area.ensureVisible(place.x(), place.y(), cell.width() // 2 + 2, cell.height() // 2 + 2)

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self._hours_area.setFixedWidth(metrics.horizontalAdvance("00:00") + 2 * look.UNIT)
        self._hours.resize(self._hours_area.width(), self.canvas.height() + 20)
        self._head_area.setFixedHeight(metrics.lineSpacing() * 2 + look.UNIT)
        self._head.resize(self.canvas.width(), self._head_area.height())
        self._head.update()
        self._hours.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self._fit()
        return False
