"""The names of a session as a table: filtered as one types, each line changed where it stands."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from stationdesk.fields import Described, describe, to_text
from stationdesk.i18n import _
from stationdesk.records.attendance import CAME, TICKED, AttendanceRow, AttendanceState, Candidate, is_meant
from stationdesk.ui import look

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class NameLines(QAbstractTableModel):
    """Lines of those on the list; while one types those that are meant, then others who could be."""

    def __init__(self, parent: QWidget, *, numbered: bool = False) -> None:
        super().__init__(parent)
        self.columns = describe(AttendanceRow)
        self._numbered = numbered
        self._lines: dict[int, AttendanceRow] = {}
        self._shown: list[AttendanceRow | Candidate] = []
        self._words = ""

    @property
    def lines(self) -> tuple[AttendanceRow, ...]:
        """All who are on the list."""
        return tuple(self._lines.values())

    def line(self, child_id: int) -> AttendanceRow | None:
        """The line of a child on the list."""
        return self._lines.get(child_id)

    def show_lines(self, lines: Sequence[AttendanceRow]) -> None:
        """Show another list."""
        self._lines = {line.child_id: line for line in lines}
        self.narrow(self._words)

    def narrow(self, words: str, others: Sequence[Candidate] = ()) -> None:
        """Show who is meant by `words` (all, if nothing is typed): those still to be ticked first, then who
        was, then `others` who are not on the list."""
        self.beginResetModel()
        self._words = words
        found: list[AttendanceRow | Candidate] = list(self._lines.values())
        if words:
            found = sorted((line for line in found if is_meant(line, words)), key=_is_settled)
            found += [other for other in others if other.child_id not in self._lines]
        self._shown = found
        self.endResetModel()

    def change(self, line: AttendanceRow) -> None:
        """A child on the list stands otherwise now; one that is new comes last."""
        new = line.child_id not in self._lines
        self._lines[line.child_id] = line
        row = self.row_of(line.child_id)
        if row >= 0:
            self._shown[row] = line
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
        elif new and not self._words:
            self.beginInsertRows(QModelIndex(), len(self._shown), len(self._shown))
            self._shown.append(line)
            self.endInsertRows()

    def row_of(self, child_id: int) -> int:
        """The row a child is shown in, -1 where it is not."""
        return next((row for row, line in enumerate(self._shown) if line.child_id == child_id), -1)

    def shown_at(self, row: int) -> AttendanceRow | Candidate | None:
        """Who is shown in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and a colour for where a child stands."""
        if not index.isValid():
            return None
        line, column = self._shown[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _text(line, column)
        if role == Qt.ItemDataRole.ForegroundRole and column.name == "state":
            return QColor(_colour(line.state))
        return None

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if side is Qt.Orientation.Horizontal:
            return self.columns[section].label
        return str(section + 1) if self._numbered else None


def _is_settled(line: AttendanceRow | Candidate) -> bool:
    return line.state in TICKED or line.state is AttendanceState.WITHDRAWN


def _text(line: AttendanceRow | Candidate, column: Described) -> str:
    value = getattr(line, column.name, None)
    if column.name == "state" and value is None:
        return _("不在名单")
    return "" if value is False else to_text(value)


def _colour(state: AttendanceState | None) -> str:
    tokens = look.tokens()
    if state in CAME:
        return tokens.good
    if state is AttendanceState.ABSENT:
        return tokens.wrong
    return tokens.text if state is AttendanceState.SIGNED_UP else tokens.quiet


class NamesTable(QTableView):
    """The table of names; Enter and a double click open the chosen line."""

    opened = Signal()

    def __init__(self, parent: QWidget, *, numbered: bool = False) -> None:
        super().__init__(parent)
        self.lines = NameLines(self, numbered=numbered)
        self.setModel(self.lines)
        self.setAccessibleName(_("名单"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(numbered)
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(metrics.lineSpacing() + look.UNIT + 2)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        for place, column in enumerate(self.lines.columns):
            wide = 13 if column.name == "name" else max(len(column.label) + 2, 4)
            self.setColumnWidth(place, metrics.horizontalAdvance("国") * wide)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def current(self) -> AttendanceRow | Candidate | None:
        """Who is chosen."""
        index = self.currentIndex()
        return self.lines.shown_at(index.row()) if index.isValid() else None

    def choose(self, child_id: int) -> None:
        """Choose the line of a child, if it is shown."""
        row = self.lines.row_of(child_id)
        if row >= 0:
            self.selectRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        super().keyPressEvent(event)
