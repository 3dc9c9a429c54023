"""The names of a session as a table: filtered as one types, each line changed where it stands."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from stationdesk.fields import Described, describe, to_text
from stationdesk.i18n import _
from stationdesk.records.attendance import CAME, TICKED, AttendanceRow, AttendanceState, Candidate, nearness
from stationdesk.ui import look

Shown = AttendanceRow | Candidate
_SELDOM = ("queue", "regular", "guardian_present", "picked_up_by")


class NamesTable(QTableWidget):
    """The names on the list, and while one types others who could be meant; Enter and a double click open the
    chosen line. The cells are Qt's own: painting them asks nothing of Python, however fast somebody types."""

    opened = Signal()

    def __init__(self, parent: QWidget, *, numbered: bool = False) -> None:
        super().__init__(parent)
        self._columns = [column for column in describe(AttendanceRow) if column.name != "child_id"]
        self._shown: list[Shown] = []
        self._places: dict[int, int] = {}
        # How many of those shown are on the list; the others come after them.
        self._listed = 0
        self.setColumnCount(len(self._columns))
        self.setHorizontalHeaderLabels([column.label for column in self._columns])
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
        for place, column in enumerate(self._columns):
            self.setColumnWidth(place, metrics.horizontalAdvance("国") * max(len(column.label) + 1, 5))
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def lines(self) -> tuple[AttendanceRow, ...]:
        """All who are on the list."""
        return tuple(line for line in self._shown[: self._listed] if isinstance(line, AttendanceRow))

    def line(self, child_id: int) -> AttendanceRow | None:
        """The line of a child on the list."""
        place = self._places.get(child_id)
        found = None if place is None else self._shown[place]
        return found if isinstance(found, AttendanceRow) else None

    def show_lines(self, lines: Sequence[AttendanceRow]) -> None:
        """Show another list; the same names once more stay where they are."""
        if [line.child_id for line in lines] == [line.child_id for line in self._shown]:
            for line in lines:
                self.change(line)
            return
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(line.name) for line in lines), default=0)
        # The longest names end in dots, with the whole in the tip, so that where they stand stays in sight.
        wide = metrics.horizontalAdvance("国")
        self.setColumnWidth(0, min(max(widest, wide * 13), wide * 18) + 2 * look.UNIT)
        for place, column in enumerate(self._columns):
            # Columns in which nothing stands are left out until something does.
            self.setColumnHidden(place, column.name in _SELDOM)
        self.setRowCount(0)
        self._shown, self._listed = list(lines), len(lines)
        self._places = {line.child_id: row for row, line in enumerate(lines)}
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._write(row, line)
        self.setCurrentIndex(QModelIndex())

    def narrow(self, words: str, others: Sequence[Candidate] = ()) -> None:
        """Show who is meant by `words` (all, if nothing is typed), then `others` who are not on the list. Chosen
        is who is still to be ticked before who was, and whose name begins so before whose goes on so."""
        self._drop_others()
        near = [nearness(line, words) for line in self._shown]
        for row, found in enumerate(near):
            self.setRowHidden(row, bool(words) and found is None)
        meant = [(_is_settled(self._shown[row]), found, row) for row, found in enumerate(near) if found is not None]
        for other in others if words else ():
            if other.child_id not in self._places:
                self._append(other)
        if meant:
            self.selectRow(min(meant)[2])
        elif len(self._shown) > self._listed:
            self.selectRow(self._listed)
        else:
            self.choose_none()

    def change(self, line: AttendanceRow) -> None:
        """A child on the list stands otherwise now; one that is new comes last."""
        place = self._places.get(line.child_id)
        if place is None or place >= self._listed:
            self._drop_others()
            self._listed += 1
            self._append(line)
        else:
            self._shown[place] = line
            self._write(place, line)

    def _seen(self) -> Iterator[int]:
        """The rows that are not hidden."""
        return (row for row in range(len(self._shown)) if not self.isRowHidden(row))

    def _append(self, line: Shown) -> None:
        row = len(self._shown)
        self._shown.append(line)
        self._places[line.child_id] = row
        self.setRowCount(row + 1)
        self._write(row, line)

    def _drop_others(self) -> None:
        for other in self._shown[self._listed :]:
            del self._places[other.child_id]
        del self._shown[self._listed :]
        self.setRowCount(self._listed)

    def _write(self, row: int, line: Shown) -> None:
        for place, column in enumerate(self._columns):
            text, item = _text(line, column), self.item(row, place)
            if (item.text() if item is not None else "") == text:
                continue
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, place, item)
            item.setText(text)
            if column.name in _SELDOM:
                self.showColumn(place)
            elif column.name == "name":
                item.setToolTip(text)
            elif column.name == "state":
                item.setForeground(QBrush(QColor(_colour(line.state))))

    # --- what is chosen --------------------------------------------------------------------------

    @property
    def seen_count(self) -> int:
        """How many lines are not hidden."""
        return sum(1 for _row in self._seen())

    def current(self) -> Shown | None:
        """Who is chosen."""
        row = self.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) and not self.isRowHidden(row) else None

    def choose(self, child_id: int) -> None:
        """Choose the line of a child, if it is shown."""
        row = self._places.get(child_id, -1)
        if row >= 0 and not self.isRowHidden(row):
            self.selectRow(row)

    def choose_none(self) -> None:
        """Choose nobody."""
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())

    def step(self, down: int) -> None:
        """Choose the next line that is not hidden, or with -1 the one before."""
        rows, now = list(self._seen()), self.currentRow()
        ahead = [row for row in rows if row > now] if down > 0 else [row for row in reversed(rows) if row < now]
        if ahead:
            self.selectRow(ahead[0])

    def bring_into_sight(self, child_id: int) -> None:
        """Scroll to the line of a child."""
        item = self.item(self._places.get(child_id, -1), 0)
        if item is not None:
            self.scrollToItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        super().keyPressEvent(event)


def _is_settled(line: Shown) -> bool:
    return line.state in TICKED or line.state is AttendanceState.WITHDRAWN


def _text(line: Shown, column: Described) -> str:
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
