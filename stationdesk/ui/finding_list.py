"""A search line over a short list of what it finds, to choose one of many."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from stationdesk.ui import look
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import FilterLine

Found = Sequence[tuple[int, str]]


class FindingList(QWidget):
    """`find` brings ids and texts for what is typed, on the database thread. `changed` is sent when another
    line is chosen, `opened` with the id of one that was opened: by Enter, also in the search line, or by a
    double click. As an editor it holds the chosen id."""

    changed = Signal()
    opened = Signal(int)

    def __init__(self, jobs: Jobs, find: Callable[[str], Found], parent: QWidget, *, name: str, hint: str) -> None:
        super().__init__(parent)
        self._jobs, self._find = jobs, find
        self._asked, self._shown = "", ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.UNIT // 2)
        self.filter = FilterLine(self)
        self.filter.setPlaceholderText(hint)
        self.filter.setAccessibleName(name)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setWordWrap(True)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.filter)
        self.filter.settled.connect(self.look)
        self.filter.returnPressed.connect(self._enter)
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.list.currentItemChanged.connect(lambda *_items: self.changed.emit())
        self.look("")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * 12)

    def look(self, words: str, then: Callable[[], object] | None = None) -> None:
        """Look for `words`, and do `then` once what was found is shown."""
        self._asked = words

        def show(found: Found) -> None:
            if words == self._asked:
                self._shown = words
                self._show(found)
                if then is not None:
                    then()

        self._jobs.run(self, lambda: self._find(words), show)

    def _show(self, found: Found) -> None:
        kept = self.value()
        self.list.blockSignals(True)
        self.list.clear()
        for number, text in found:
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, number)
            self.list.addItem(item)
        ids = [number for number, _text in found]
        self.list.setCurrentRow(ids.index(kept) if kept in ids else (0 if self._asked and ids else -1))
        self.list.blockSignals(False)
        self.changed.emit()

    def _enter(self) -> None:
        """Enter in the search line opens the first that was found, looking for it first if need be."""
        words = self.filter.text().strip()
        if words != self._shown:
            self.look(words, self._open_current)
        else:
            self._open_current()

    def _open_current(self) -> None:
        number = self.value()
        if number is not None:
            self.opened.emit(number)

    def value(self) -> int | None:
        """The id of the chosen line."""
        item = self.list.currentItem()
        found: Any = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return found if isinstance(found, int) else None

    def set_value(self, _value: int | None) -> None:
        """A new choice begins with none."""
        self.list.setCurrentRow(-1)
