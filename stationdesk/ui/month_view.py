"""The month at a glance: each day's bookings and hours."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from stationdesk.i18n import _
from stationdesk.records.bookings import DayLoad
from stationdesk.records.calendar import WEEKDAYS, Holidays, short_day
from stationdesk.ui import look


def month_days(day: date) -> list[date]:
    """The days a month's sheet shows: from the Monday before the 1st, in whole weeks."""
    first = day.replace(day=1)
    start = first - timedelta(days=first.weekday())
    following = (first + timedelta(days=32)).replace(day=1)
    weeks = -(-(following - start).days // 7)
    return [start + timedelta(days=n) for n in range(weeks * 7)]


class MonthView(QTableWidget):
    """A sheet of days; `chosen` is sent with the day that was opened."""

    chosen = Signal(date)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 7, parent)
        self.setHorizontalHeaderLabels([_(name) for name in WEEKDAYS])
        self.setAccessibleName(_("月历"))
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(True)
        self.setWordWrap(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._days: list[date] = []
        self.cellActivated.connect(self._open)
        self.cellClicked.connect(self._open)

    def show_month(self, day: date, today: date, loads: Sequence[DayLoad], special: Holidays) -> None:
        """Show the month of `day`."""
        self._days = month_days(day)
        self.setRowCount(len(self._days) // 7)
        counts: dict[date, tuple[int, int]] = {}
        for load in loads:
            count, minutes = counts.get(load.day, (0, 0))
            counts[load.day] = (count + load.count, minutes + load.minutes)
        for place, shown in enumerate(self._days):
            self.setItem(place // 7, place % 7, self._item(shown, day, today, counts.get(shown), special))
        if day in self._days:
            place = self._days.index(day)
            self.setCurrentCell(place // 7, place % 7)

    def _item(
        self, shown: date, day: date, today: date, count: tuple[int, int] | None, special: Holidays
    ) -> QTableWidgetItem:
        t = look.tokens()
        head = f"{shown.day}" if shown.day > 1 else short_day(shown)
        if shown in special:
            head = f"{head} {special[shown].name}"
        lines = [head]
        if count:
            lines.append(_("{count}个预约").format(count=count[0]))
            lines.append(_("{hours:.1f}小时").format(hours=count[1] / 60))
        item = QTableWidgetItem("\n".join(lines))
        item.setTextAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        if shown.month != day.month:
            item.setForeground(QColor(t.quiet))
            item.setBackground(QColor(t.shade))
        if shown == today:
            item.setForeground(QColor(t.accent))
            font = item.font()
            font.setBold(True)
            item.setFont(font)
        return item

    def _open(self, row: int, column: int) -> None:
        self.chosen.emit(self._days[row * 7 + column])
