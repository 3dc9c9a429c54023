"""Lists of any length: ids first, rows when they are seen."""

from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from stationdesk import paths, settings
from stationdesk.codes import Code
from stationdesk.desk import Desk
from stationdesk.fields import Described, describe, to_text
from stationdesk.i18n import _
from stationdesk.ui import look
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.list_output import output_button

Index = QModelIndex | QPersistentModelIndex
WINDOW = 200
_NO_INDEX = QModelIndex()


class RecordModel(QAbstractTableModel):
    """A table over ids; `rows` brings the lines of a window of them when one is first seen.

    The columns are the labelled fields of `cls`. `loaded` is sent when new ids have come.
    """

    loaded = Signal(int)

    def __init__(
        self,
        cls: type,
        find: Callable[[str, bool], "array[int]"],
        rows: Callable[[Sequence[int]], Sequence[Any]],
        jobs: Jobs,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.columns = describe(cls)
        self._find, self._rows, self._jobs = find, rows, jobs
        self._ids: array[int] = array("q")
        self._lines: dict[int, Any] = {}
        self._asked: set[int] = set()
        self._sort = (self.columns[0].name, False)
        self._generation = 0

    def reload(self) -> None:
        """Ask for the ids and the first rows again; the old ones stay to be seen until then."""
        self._generation += 1
        generation, (name, descending) = self._generation, self._sort

        def work() -> tuple[Any, Sequence[Any]]:
            ids = self._find(name, descending)
            return ids, self._rows(ids[:WINDOW])

        self._jobs.run(self, work, lambda found: self._show(generation, *found))

    def _show(self, generation: int, ids: "array[int]", first: Sequence[Any]) -> None:
        if generation != self._generation:
            return
        self.beginResetModel()
        self._ids = ids
        self._lines = {line.id: line for line in first}
        self._asked = {0}
        self.endResetModel()
        self.loaded.emit(len(ids))

    @property
    def ids(self) -> Sequence[int]:
        """All ids, in their order."""
        return self._ids

    def read(self, ids: Sequence[int]) -> list[Any]:
        """The lines of these ids, window by window; on the database thread."""
        found: list[Any] = []
        for start in range(0, len(ids), WINDOW):
            found += self._rows(ids[start : start + WINDOW])
        return found

    def id_at(self, row: int) -> int:
        """The record's id in a row."""
        return self._ids[row]

    def row_of(self, record_id: int) -> int:
        """The row of a record, -1 when it is not in the list."""
        try:
            return self._ids.index(record_id)
        except ValueError:
            return -1

    def line_at(self, row: int) -> Any:
        """The line in a row, None while it is not there yet."""
        line = self._lines.get(self._ids[row])
        if line is None:
            self._ask(row // WINDOW)
        return line

    def _ask(self, window: int) -> None:
        if window in self._asked:
            return
        self._asked.add(window)
        generation = self._generation
        wanted = self._ids[window * WINDOW : (window + 1) * WINDOW]
        self._jobs.run(self, lambda: self._rows(wanted), lambda lines: self._fill(generation, window, lines))

    def _fill(self, generation: int, window: int, lines: Sequence[Any]) -> None:
        if generation != self._generation:
            return
        self._lines.update({line.id: line for line in lines})
        last = min((window + 1) * WINDOW, len(self._ids)) - 1
        self.dataChanged.emit(self.index(window * WINDOW, 0), self.index(last, len(self.columns) - 1))

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts come from the line if it is there; no query is ever made here."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            line = self.line_at(index.row())
            return "…" if line is None else to_text(getattr(line, column.name))
        if role == Qt.ItemDataRole.TextAlignmentRole and column.type is int:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if side is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        return None

    def sort_by(self, name: str, descending: bool) -> None:
        """How the next ids are asked for."""
        self._sort = (name, descending)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort in the database."""
        if 0 <= column < len(self.columns):
            self._sort = (self.columns[column].name, order is Qt.SortOrder.DescendingOrder)
            self.reload()


class FilterLine(QLineEdit):
    """A line to type in; `settled` comes 200 ms after the last letter, never while the input method
    is still composing."""

    settled = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("输入文字筛选"))
        self.setAccessibleName(_("筛选"))
        self.setClearButtonEnabled(True)
        self._composing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(200)
        self._timer.timeout.connect(lambda: self.settled.emit(self.text().strip()))
        self.textChanged.connect(self._wait)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        self._wait()

    def _wait(self) -> None:
        if self._composing:
            self._timer.stop()
        else:
            self._timer.start()


def _wide(column: Described) -> int:
    """How many characters a column has room for: for a name like 古丽娜尔·买买提吐尔逊, for the
    longest of a list of codes, less for numbers and dates."""
    if issubclass(column.type, Code) and not column.many:
        wide = min(max(len(member.label) for member in column.type) + 1, 11)
    else:
        wide = {str: 13, datetime: 11, date: 7, int: 4, bool: 3}.get(column.type, 8)
    return max(len(column.label) + 2, min(column.field.max_length or wide, wide))


class _Table(QTableView):
    """A table whose Enter opens the chosen line."""

    chosen = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
            return
        super().keyPressEvent(event)


class ListPane(QWidget):
    """A filter line over a table; `opened` is sent with the id of the line that was opened.

    `find` takes words, sort key and direction. `empty` says what to do when there is nothing yet. What
    is taken out of the list is noted at `desk`; without `output` it has ways out of its own.
    """

    opened = Signal(int)

    def __init__(
        self,
        cls: type,
        find: Callable[[str, str, bool], "array[int]"],
        rows: Callable[[Sequence[int]], Sequence[Any]],
        jobs: Jobs,
        parent: QWidget,
        *,
        empty: str,
        first: tuple[str, bool] | None = None,
        extras: Collection[QWidget] = (),
        name: str = "",
        private: bool = False,
        desk: Desk | None = None,
        output: bool = True,
    ) -> None:
        super().__init__(parent)
        self._words = ""
        self._kept: int | None = None
        self._wanted: int | None = None
        self.cls, self.name, self.private, self.desk = cls, name, private, desk
        # A list that comes to be called otherwise keeps its widths.
        self._kept_as = name
        self.jobs = jobs
        self.model = RecordModel(cls, lambda sort, down: find(self._words, sort, down), rows, jobs, self)
        self.filter = FilterLine(self)
        self.table = _Table(self)
        self._dress_table(name, first)
        self._empty = QLabel(empty)
        self._empty.setObjectName("quiet")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._count = QLabel()
        self._count.setObjectName("quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(self.filter, 1)
        top.addWidget(self._count)
        for extra in (*extras, *([output_button(self)] if output else [])):
            top.addWidget(extra)
        layout.addLayout(top)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        layout.addLayout(self._stack, 1)
        self.filter.settled.connect(self._filter)
        self.filter.returnPressed.connect(self.table.setFocus)
        self.model.loaded.connect(self._loaded)

    def _dress_table(self, name: str, first: tuple[str, bool] | None) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName(name)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        metrics = self.fontMetrics()
        table.verticalHeader().setDefaultSectionSize(metrics.lineSpacing() + look.UNIT + 2)
        table.horizontalHeader().setHighlightSections(False)
        names = [column.name for column in self.model.columns]
        place, down = (names.index(first[0]), first[1]) if first else (0, False)
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.model.sort_by(names[place], down)
        table.horizontalHeader().setSortIndicator(place, order)
        table.horizontalHeader().setSortIndicatorShown(True)
        table.horizontalHeader().setSectionsClickable(True)
        table.horizontalHeader().sortIndicatorChanged.connect(self.model.sort)
        for i, column in enumerate(self.model.columns):
            table.setColumnWidth(i, metrics.horizontalAdvance("国") * _wide(column))
        for i, width in enumerate(settings.load(paths.settings_file()).widths.get(name, ())):
            table.setColumnWidth(i, width)
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(500)
        self._keep.timeout.connect(self._keep_widths)
        table.horizontalHeader().sectionResized.connect(lambda *_sizes: self._keep.start())
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setStretchLastSection(True)
        table.doubleClicked.connect(lambda index: self.opened.emit(self.model.id_at(index.row())))
        table.chosen.connect(self._open_current)

    def _keep_widths(self) -> None:
        """Remember the widths of this list's columns for next time."""
        found = settings.load(paths.settings_file())
        widths = [self.table.columnWidth(i) for i in range(len(self.model.columns) - 1)]
        if self._kept_as and found.widths.get(self._kept_as) != widths:
            kept = dict(found.widths) | {self._kept_as: widths}
            settings.save(paths.settings_file(), replace(found, widths=kept))

    def _open_current(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.opened.emit(self.model.id_at(index.row()))

    def _filter(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.model.reload()

    def _loaded(self, count: int) -> None:
        self._stack.setCurrentIndex(0 if count or self._words else 1)
        self._count.setText(_("共{count}条").format(count=count))
        self._choose_again()

    def reload(self) -> None:
        """Show the list anew, keeping the chosen line."""
        self._kept = self.current_id()
        self.model.reload()

    def choose(self, record_id: int) -> None:
        """Choose the line of a record as soon as it is in the list: it may have been saved just now."""
        self._wanted = record_id

    def _choose_again(self) -> None:
        wanted, kept, self._kept = self._wanted, self._kept, None
        if wanted is not None and self.model.row_of(wanted) >= 0:
            self._wanted = None
            self.select(wanted)
        elif kept is not None:
            self.select(kept)

    def current_id(self) -> int | None:
        """The id of the chosen line."""
        index = self.table.currentIndex()
        return self.model.id_at(index.row()) if index.isValid() else None

    @property
    def words(self) -> str:
        """What the list is filtered by."""
        return self._words

    def chosen_ids(self) -> list[int]:
        """The ids of the chosen lines."""
        return [self.model.id_at(index.row()) for index in self.table.selectionModel().selectedRows()]

    def chosen_rows(self) -> Callable[[], Sequence[Any]]:
        """What brings the lines that are chosen, or all when it is but one; for the database thread."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        ids = [self.model.id_at(row) for row in rows] if len(rows) > 1 else self.model.ids
        return lambda: self.model.read(ids)

    def select(self, record_id: int) -> None:
        """Choose the line of a record, if it is in the list."""
        row = self.model.row_of(record_id)
        if row >= 0:
            index = self.model.index(row, 0)
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.table.scrollTo(index)

    def add_context(self, actions: Collection[QAction]) -> None:
        """Offer `actions` on the right mouse button."""
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for item in actions:
            self.table.addAction(item)
