"""场地预约: week, day, month and list; making, moving and closing bookings."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.bookings import OPEN, BookingQuery, BookingRow, BookingStatus
from stationdesk.records.calendar import short_day, weekday_name
from stationdesk.ui import look
from stationdesk.ui.actions import action
from stationdesk.ui.booking_actions import BookingActions
from stationdesk.ui.booking_details import DetailBar
from stationdesk.ui.calendar_grid import CalendarGrid
from stationdesk.ui.diary_view import Seen, grid_column, see
from stationdesk.ui.editors import ChoiceEditor, calm
from stationdesk.ui.geometry import GridColumn
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.month_view import MonthView, month_days
from stationdesk.ui.tables import ListPane

WEEK, DAY, MONTH, LIST = "week", "day", "month", "list"


class BookingsPage(BookingActions):
    """The rooms' diary."""

    name = "bookings"
    title = N_("场地预约")
    picture = "calendar-days"
    watches = frozenset({"booking", "room", "room_closure", "special_day", "station", "staff", "series"})

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self.day = desk.clock().date()
        self.view = WEEK
        self.columns: list[GridColumn] = []
        self._rows: dict[int, BookingRow] = {}
        self.head()
        self.body.addLayout(self._bar())
        self._callout = QLabel()
        self._callout.setObjectName("notice")
        self._callout.setWordWrap(True)
        self._callout.hide()
        self.body.addWidget(self._callout)
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.grid = CalendarGrid()
        self.month = MonthView()
        self.list = ListPane(
            BookingRow,
            self._find,
            desk.bookings.rows,
            jobs,
            self,
            empty=_("还没有预约。按 Ctrl+N 新建一个。"),
            first=("start", True),
            # What a person may not see is masked in the lines themselves.
            private=True,
            desk=desk,
            name=_("预约"),
        )
        for widget in (self._card(self.grid), self.month, self.list):
            self.stack.addWidget(widget)
        self.details = DetailBar(self.buttons(self._row_actions()), self, may_book=desk.actor.may(Right.BOOK))
        self.body.addWidget(self.details)
        self._wire()

    def _row_actions(self) -> list[str]:
        return ["open", "copy", "check_in", "check_out", "no_show", "approve", "reject", "cancel"]

    def _wire(self) -> None:
        canvas = self.grid.canvas
        canvas.created.connect(self._create_at)
        canvas.moved.connect(self._move)
        canvas.opened.connect(self._open)
        canvas.removed.connect(self._cancel)
        self.month.chosen.connect(self._open_day)
        self.list.opened.connect(self._open)
        self.list.table.selectionModel().currentRowChanged.connect(lambda *_args: self._selected())
        self.list.add_context([self.actions_by_name[n] for n in self._row_actions() if n in self.actions_by_name])

    def _card(self, inside: QWidget) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(inside)
        return card

    def _bar(self) -> QHBoxLayout:
        """View, room, day."""
        row = QHBoxLayout()
        row.setSpacing(look.UNIT // 2)
        self._views = QButtonGroup(self)
        for view, text in ((WEEK, _("周")), (DAY, _("日")), (MONTH, _("月")), (LIST, _("列表"))):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(view == self.view)
            button.clicked.connect(lambda _on=False, view=view: self.show_view(view))
            button.setProperty("view", view)
            self._views.addButton(button)
            row.addWidget(button)
        row.addSpacing(look.UNIT)
        self.room = ChoiceEditor([], self)
        self.room.setAccessibleName(_("场地"))
        self.room.setMinimumContentsLength(12)
        self.room.changed.connect(self._room_changed)
        row.addWidget(self.room)
        row.addSpacing(look.UNIT)
        self._travel: list[QWidget] = list(self.buttons(["earlier", "today", "later"]))
        for widget in self._travel:
            row.addWidget(widget)
        self.date = QDateEdit(QDate(self.day.year, self.day.month, self.day.day))
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.date.calendarWidget().setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.date.setAccessibleName(_("日期"))
        self.date.dateChanged.connect(lambda day: self.show_day(date(day.year(), day.month(), day.day())))
        calm(self.date)
        self._travel.append(self.date)
        row.addWidget(self.date)
        self._span = QLabel()
        self._span.setObjectName("section")
        row.addSpacing(look.UNIT)
        row.addWidget(self._span)
        row.addStretch(1)
        return row

    # --- what is shown ---------------------------------------------------------------------------

    def show_view(self, view: str) -> None:
        """Change to week, day, month or list."""
        self.view = view
        for button in self._views.buttons():
            button.setChecked(button.property("view") == view)
        self.stack.setCurrentIndex({WEEK: 0, DAY: 0, MONTH: 1, LIST: 2}[view])
        self.room.setVisible(view == WEEK)
        for widget in self._travel:
            widget.setVisible(view != LIST)
        self.reload()

    def show_day(self, day: date) -> None:
        """Go to a day."""
        if day != self.day:
            self.day = day
            self.date.blockSignals(True)
            self.date.setDate(QDate(day.year, day.month, day.day))
            self.date.blockSignals(False)
            self.reload()

    def _open_day(self, day: date) -> None:
        self.day = day - timedelta(days=1)
        self.view = DAY
        self.show_day(day)
        self.show_view(DAY)

    def _first_and_days(self) -> tuple[date, int]:
        if self.view == WEEK:
            return self.day - timedelta(days=self.day.weekday()), 7
        if self.view == MONTH:
            days = month_days(self.day)
            return days[0], len(days)
        return self.day, 1

    def reload(self) -> None:
        """Read again what the view shows."""
        first, days = self._first_and_days()
        month = self.view == MONTH
        self.jobs.run(self, lambda: see(self.desk, first, days, month=month), lambda seen: self._show(first, seen))
        if self.view == LIST:
            self.list.reload()

    def _show(self, first: date, seen: Seen) -> None:
        if first != self._first_and_days()[0]:
            return
        offered = [(room.id, room.name) for room in seen.rooms]
        self.room.set_choices(offered)
        if self.room.value() is None and offered:
            self.room.blockSignals(True)
            self.room.set_value(offered[0][0])
            self.room.blockSignals(False)
        self._rows = {row.id: row for row in seen.rows}
        if self.view == MONTH:
            self._span.setText(_("{year}年{month}月").format(year=self.day.year, month=self.day.month))
            self.month.show_month(self.day, seen.now.date(), seen.loads, seen.special)
        elif self.view == WEEK:
            self._show_week(first, seen)
        elif self.view == DAY:
            self._show_day(seen)
        else:
            self._span.setText("")
        self._selected()

    def _show_week(self, first: date, seen: Seen) -> None:
        last = first + timedelta(days=6)
        self._span.setText(f"{short_day(first)}—{short_day(last)}")
        room = next((room for room in seen.rooms if room.id == self.room.value()), None)
        if room is None:
            self._say_empty()
            return
        days = [first + timedelta(days=n) for n in range(7)]
        titles = [f"{weekday_name(d)}\n{short_day(d)}" for d in days]
        self.columns = [grid_column(room, d, t, seen) for d, t in zip(days, titles, strict=True)]
        self._fill(seen, [row for row in seen.rows if row.room_id == room.id])

    def _show_day(self, seen: Seen) -> None:
        self._span.setText(f"{weekday_name(self.day)} {short_day(self.day)}")
        if not seen.rooms:
            self._say_empty()
            return
        self.columns = [grid_column(room, self.day, room.name, seen) for room in seen.rooms]
        shown = {column.room_id for column in self.columns}
        self._fill(seen, [row for row in seen.rows if row.room_id in shown])

    def _say_empty(self) -> None:
        self.columns = []
        self.grid.show_week([], [], self.desk.clock())
        self.complain(_("还没有场地。请到“设置→场地”添加，再来预约。"))

    def _fill(self, seen: Seen, rows: Sequence[BookingRow]) -> None:
        self.grid.show_week(self.columns, rows, seen.now)
        for card in self.grid.canvas.cards.values():
            card.focused.connect(self._selected)
            card.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            for name in self._row_actions():
                if name in self.actions_by_name:
                    card.addAction(self.actions_by_name[name])

    def _find(self, words: str, sort: str, descending: bool) -> Any:
        return self.desk.bookings.find(BookingQuery(words=words, sort=sort, descending=descending))

    def _room_changed(self) -> None:
        if self.view == WEEK:
            self.reload()

    # --- the chosen booking ----------------------------------------------------------------------

    def chosen(self) -> BookingRow | None:
        """The booking the keys and buttons mean."""
        if self.view == LIST:
            index = self.list.table.currentIndex()
            return self.list.model.line_at(index.row()) if index.isValid() else None
        return self._rows.get(self.grid.canvas.chosen or 0)

    def _selected(self) -> None:
        row = self.chosen()
        self.details.show_row(row)
        state = None if row is None or row.masked else row.status
        can = {
            "open": state is not None,
            "copy": state is not None,
            "check_in": state is BookingStatus.CONFIRMED,
            "check_out": state in (BookingStatus.CONFIRMED, BookingStatus.IN_USE),
            "no_show": state in (BookingStatus.CONFIRMED, BookingStatus.IN_USE),
            "approve": state is BookingStatus.PENDING,
            "reject": state is BookingStatus.PENDING,
            "cancel": state in OPEN,
        }
        for name, enabled in can.items():
            if name in self.actions_by_name:
                self.actions_by_name[name].setEnabled(enabled)
                self.actions_by_name[name].setVisible(name not in ("approve", "reject") or enabled)

    def arrive(self, argument: Any) -> None:
        """Show a booking by its id, or a day."""
        if isinstance(argument, date):
            self._open_day(argument)
        elif isinstance(argument, int):
            self.jobs.run(self, lambda: self.desk.bookings.rows([argument]), self._arrive_at)

    def _arrive_at(self, rows: Sequence[BookingRow]) -> None:
        for row in rows:
            self.room.set_value(row.room_id)
            self.day = row.start.date()
            self.date.setDate(QDate(self.day.year, self.day.month, self.day.day))
            self.grid.canvas.chosen = row.id
            self.show_view(WEEK)

    def complain(self, text: str) -> None:
        """Say above the diary why something was refused."""
        self._callout.setText(text)
        self._callout.setVisible(bool(text))

    def row_of(self, booking_id: int) -> BookingRow | None:
        """A shown booking."""
        return self._rows.get(booking_id)

    def room_id(self) -> int | None:
        """The chosen room."""
        found: int | None = self.room.value()
        return found

    @action(N_("前一段"), "Alt+Left", "chevron-left", toolbar=False)
    def earlier(self) -> None:
        """One week, day or month back."""
        self._go(-1)

    @action(N_("今天"), "Alt+Home", "", toolbar=False)
    def today(self) -> None:
        """Back to today."""
        self.show_day(self.desk.clock().date())

    @action(N_("后一段"), "Alt+Right", "chevron-right", toolbar=False)
    def later(self) -> None:
        """One week, day or month on."""
        self._go(1)

    def _go(self, step: int) -> None:
        if self.view == MONTH:
            month = self.day.year * 12 + self.day.month - 1 + step
            self.show_day(date(month // 12, month % 12 + 1, 1))
        else:
            self.show_day(self.day + timedelta(days=step * (1 if self.view == DAY else 7)))
