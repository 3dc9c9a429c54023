"""One booking in the grid: focusable, so that keys and screen readers reach it."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from stationdesk.i18n import _
from stationdesk.records.bookings import OPEN, BookingRow, BookingStatus
from stationdesk.records.calendar import short_day, weekday_name
from stationdesk.records.schedule import MASKED_TITLE
from stationdesk.ui import look

_EDGE = 7
# Beside the colour there is always a sign: no state is told by colour alone.
_SIGNS = {
    BookingStatus.PENDING: "？",
    BookingStatus.IN_USE: "▶",
    BookingStatus.DONE: "✓",
    BookingStatus.NO_SHOW: "×",
}


class BookingCard(QWidget):
    """Draws one booking; reports presses, drags and keys to the grid."""

    pressed = Signal(object, QPoint, bool)
    dragged = Signal(QPoint)
    released = Signal()
    keyed = Signal(object, object)
    chosen = Signal(int)
    focused = Signal()

    def __init__(self, row: BookingRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = row
        self.column = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self._spoken())
        self.setToolTip(self._spoken())

    @property
    def title(self) -> str:
        """What it is about, as far as the person may see."""
        return _(MASKED_TITLE) if self.row.masked else self.row.title

    def _spoken(self) -> str:
        row = self.row
        day = f"{weekday_name(row.start)} {short_day(row.start)}"
        who = f" {row.responsible_name}" if row.responsible_name else ""
        return f"{day} {row.start:%H:%M}-{row.end:%H:%M} {row.room_name} {self.title} {row.status.label}{who}"

    def _color(self) -> str:
        t = look.tokens()
        if self.row.status is BookingStatus.NO_SHOW:
            return t.quiet
        if self.row.status is BookingStatus.PENDING:
            return t.warn
        return t.good if self.row.status in (BookingStatus.DONE, BookingStatus.IN_USE) else t.accent

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = look.tokens()
        color = QColor(self._color())
        rect = self.rect().adjusted(0, 0, -1, -1)
        painter.setPen(QPen(QColor(t.accent), 2) if self.hasFocus() else QPen(QColor(t.line)))
        painter.setBrush(QColor(t.card))
        painter.drawRoundedRect(rect, 4, 4)
        soft = QColor(color)
        soft.setAlpha(42)
        painter.setBrush(soft)
        painter.drawRoundedRect(rect, 4, 4)
        if self.row.status is BookingStatus.PENDING:
            painter.fillRect(rect, QBrush(soft, Qt.BrushStyle.BDiagPattern))
        painter.fillRect(QRect(0, 2, 4, self.height() - 4), color)
        self._paint_text(painter)

    def _paint_text(self, painter: QPainter) -> None:
        metrics = painter.fontMetrics()
        inner = self.rect().adjusted(8, 2, -3, -2)
        font = self.font()
        font.setStrikeOut(self.row.status is BookingStatus.NO_SHOW)
        if self.height() < metrics.lineSpacing():
            # A quarter of an hour is lower than a line: smaller letters, none cut.
            inner = self.rect().adjusted(8, 0, -3, 0)
            font.setPixelSize(max(9, self.height() - 4))
        painter.setFont(font)
        metrics = painter.fontMetrics()
        painter.setPen(QColor(look.tokens().text))
        sign = _SIGNS.get(self.row.status, "")
        first = f"{sign} {self.title}".strip()
        clock = f"{self.row.start:%H:%M}-{self.row.end:%H:%M}"
        lines = max(1, inner.height() // metrics.lineSpacing())
        texts = [f"{self.row.start:%H:%M} {first}"] if lines == 1 else [first, clock]
        if lines > 2 and self.row.responsible_name:
            texts.append(self.row.responsible_name)
        for place, text in enumerate(texts[:lines]):
            line = QRect(
                inner.left(), inner.top() + place * metrics.lineSpacing(), inner.width(), metrics.lineSpacing()
            )
            if place == 1:
                painter.setPen(QColor(look.tokens().quiet))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _on_edge(self, y: float) -> bool:
        return y >= self.height() - _EDGE

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            place = self.mapToParent(event.position().toPoint())
            self.pressed.emit(self, place, self._on_edge(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position().toPoint()))
        elif self.row.status in OPEN and not self.row.masked:
            edge = self._on_edge(event.position().y())
            self.setCursor(Qt.CursorShape.SizeVerCursor if edge else Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.keyed.emit(self, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.chosen.emit(self.row.id)
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Delete)
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() in keys or (event.key() in arrows and event.modifiers()):
            self.keyed.emit(self, event)
        else:
            super().keyPressEvent(event)
