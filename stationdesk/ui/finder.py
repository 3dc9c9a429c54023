"""Ctrl+K: find a child, a page, a command, a booking."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.bookings import BookingQuery, BookingRow
from stationdesk.records.children import ChildQuery, ChildRow
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import FilterLine

_MOST = 30


class Finder(QDialog):
    """Type, choose with the arrows, Enter."""

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        commands: Sequence[tuple[str, Callable[[], Any]]],
        go: Callable[[str, Any], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("查找"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._jobs, self._commands, self._go = desk, jobs, commands, go
        self.line = FilterLine(self)
        self.line.setPlaceholderText(_("儿童姓名、拼音首字母、档案编号、证件尾号，页面、命令、预约"))
        self.line.settled.connect(self._look)
        self.results = QListWidget(self)
        self.results.setAccessibleName(_("查找结果"))
        self.results.itemActivated.connect(self._take)
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(self.results)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("x") * 80, metrics.lineSpacing() * 18)
        self._look("")

    def _look(self, words: str) -> None:
        self.results.clear()
        for text, do in self._commands:
            if words.lower() in text.lower():
                self._add(text, do)
        if words and self._desk.actor.may(Right.SEE_BOOKINGS):
            query = BookingQuery(words=words, sort="start", descending=True)
            store = self._desk.bookings
            self._jobs.run(
                self, lambda: store.rows(store.find(query)[:_MOST]), lambda rows: self._bookings(words, rows)
            )
        if words and self._desk.actor.may(Right.SEE_CHILDREN):
            children = self._desk.children
            wanted = ChildQuery(words=words)
            self._jobs.run(
                self, lambda: children.rows(children.find(wanted)[:_MOST]), lambda rows: self._children(words, rows)
            )
        self.results.setCurrentRow(0)

    def _bookings(self, words: str, rows: Sequence[BookingRow]) -> None:
        if words != self.line.text().strip():
            return
        for row in rows:
            title = _("已预约") if row.masked else row.title
            text = f"{row.start:%Y-%m-%d %H:%M} {row.room_name} {title} {row.status.label}"
            self._add(text, partial(self._go, "bookings", row.id))
        if self.results.currentRow() < 0:
            self.results.setCurrentRow(0)

    def _children(self, words: str, rows: Sequence[ChildRow]) -> None:
        if words != self.line.text().strip():
            return
        for row in rows:
            age = _("{age}岁").format(age=row.age) if row.age is not None else ""
            text = "  ".join(part for part in (row.name, age, row.file_no, row.community_name or "") if part)
            self._add(text, partial(self._go, "children", row.id))
        if self.results.currentRow() < 0:
            self.results.setCurrentRow(0)

    def _add(self, text: str, do: Callable[[], Any]) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, do)
        self.results.addItem(item)

    def _take(self, item: QListWidgetItem) -> None:
        do = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        do()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move in the results while the cursor stays in the line."""
        count = self.results.count()
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.results.setCurrentRow((self.results.currentRow() + step) % count)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.results.currentItem()
            if item is not None:
                self._take(item)
        else:
            super().keyPressEvent(event)
