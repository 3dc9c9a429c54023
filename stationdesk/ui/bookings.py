"""场地预约: week, day, month and list; making, moving and closing bookings."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
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
from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.bookings import OPEN, Booking, BookingQuery, BookingRow, BookingStatus
from stationdesk.records.calendar import new_uuid, short_day, weekday_name
from stationdesk.ui import look
from stationdesk.ui.actions import action
from stationdesk.ui.booking_details import DetailBar
from stationdesk.ui.booking_form import BookingDialog, Choices, ask_scope, choices, first_person
from stationdesk.ui.calendar_grid import CalendarGrid
from stationdesk.ui.dialogs import ask_number, ask_reason
from stationdesk.ui.diary_view import Seen, grid_column, see
from stationdesk.ui.editors import ChoiceEditor, calm
from stationdesk.ui.exchange import export_bookings, import_bookings, print_sheets
from stationdesk.ui.geometry import GridColumn
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.month_view import MonthView, month_days
from stationdesk.ui.page import Page
from stationdesk.ui.tables import ListPane

WEEK, DAY, MONTH, LIST = "week", "day", "month", "list"


class BookingsPage(Page):
    """The rooms' diary."""

    name = "bookings"
    title = N_("场地预约")
    picture = "calendar-days"
    watches = frozenset({"booking", "room", "room_closure", "special_day", "station", "staff", "series"})

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self.day = desk.clock().date()
        self.view = WEEK
        self._columns: list[GridColumn] = []
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
            name=_("预约"),
        )
        for widget in (self._card(self.grid), self.month, self.list):
            self.stack.addWidget(widget)
        self.details = DetailBar(self.buttons(self._row_actions()), self)
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
        for name in ("earlier", "today", "later"):
            row.addWidget(self.buttons([name])[0])
        self.date = QDateEdit(QDate(self.day.year, self.day.month, self.day.day))
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.date.calendarWidget().setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.date.setAccessibleName(_("日期"))
        self.date.dateChanged.connect(lambda day: self.show_day(date(day.year(), day.month(), day.day())))
        calm(self.date)
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
        self.room.setVisible(view in (WEEK, LIST))
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
        self._columns = [grid_column(room, d, t, seen) for d, t in zip(days, titles, strict=True)]
        self._fill(seen, [row for row in seen.rows if row.room_id == room.id])

    def _show_day(self, seen: Seen) -> None:
        self._span.setText(f"{weekday_name(self.day)} {short_day(self.day)}")
        if not seen.rooms:
            self._say_empty()
            return
        self._columns = [grid_column(room, self.day, room.name, seen) for room in seen.rooms]
        shown = {column.room_id for column in self._columns}
        self._fill(seen, [row for row in seen.rows if row.room_id in shown])

    def _say_empty(self) -> None:
        self._columns = []
        self.grid.show_week([], [], self.desk.clock())
        self._complain(_("还没有场地。请到“设置→场地”添加，再来预约。"))

    def _fill(self, seen: Seen, rows: Sequence[BookingRow]) -> None:
        self.grid.show_week(self._columns, rows, seen.now)
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

    def _complain(self, text: str) -> None:
        self._callout.setText(text)
        self._callout.setVisible(bool(text))

    def _refused(self, error: DeskError) -> None:
        """A refused move snaps back, and says why."""
        self._complain(error.say())
        self.reload()

    def _after(self, text: str) -> Callable[[Any], None]:
        def said(_result: Any) -> None:
            self._complain("")
            self.said.emit(text)

        return said

    # --- making and moving -----------------------------------------------------------------------

    def _create_at(self, column: int, start: int, end: int) -> None:
        place = self._columns[column]
        self._new(place.room_id, place.at(start), place.at(min(end, 1435)))

    def _new(self, room_id: int | None, start: datetime, end: datetime) -> None:
        if not self.desk.actor.may(Right.BOOK):
            return

        def show(found: Choices) -> None:
            if not found.rooms:
                self._say_empty()
                return
            chosen = room_id or found.rooms[0].id or 0
            person = first_person(self.desk, found.staff)
            self._edit(found, Booking(uuid=new_uuid(), room_id=chosen, start=start, end=end, responsible_id=person))

        self.jobs.run(self, lambda: choices(self.desk), show)

    def _edit(self, found: Choices, booking: Booking) -> None:
        dialog = BookingDialog(self.desk, self.jobs, found, booking, self)
        dialog.saved.connect(self._after(_("预约已保存")))
        dialog.open()

    def _open(self, booking_id: int) -> None:
        store = self.desk.bookings
        self.jobs.run(
            self, lambda: (choices(self.desk), store.load(booking_id)), lambda found: self._edit(*found), self._refused
        )

    def _move(self, booking_id: int, column: int, start: int, end: int) -> None:
        place, store = self._columns[column], self.desk.bookings
        first, last = place.at(start), place.at(end)
        work = lambda: store.move(booking_id, place.room_id, first, last)  # noqa: E731
        self.jobs.run(self, work, self._after(_("预约已移动")), self._refused)

    def _run(self, work: Callable[[], Any], text: str, *, undo: bool = False) -> None:
        def then(result: Any) -> None:
            self._complain("")
            if undo:
                self.done.emit(text, lambda: self.desk.bookings.undo_cancel(result))
            else:
                self.said.emit(text)

        self.jobs.run(self, work, then, self._refused)

    # --- actions ---------------------------------------------------------------------------------

    @action(N_("新建预约"), "Ctrl+N", "plus", Right.BOOK)
    def new(self) -> None:
        """Book at the next whole hour of the shown day."""
        now = self.desk.clock()
        hour = now.hour + 1 if self.day == now.date() and 9 <= now.hour < 20 else 10
        start = datetime.combine(self.day, time(hour))
        self._new(self.room.value(), start, start + timedelta(hours=1))

    @action(N_("找空档"), "Ctrl+F", "search", Right.BOOK)
    def find_free(self) -> None:
        """The next free stretch of some minutes in the chosen room."""
        minutes = ask_number(self, _("找空档"), _("需要多少分钟？"), 60, 15, 480)
        room_id = self.room.value()
        if minutes is None or room_id is None:
            return
        after = max(self.desk.clock(), datetime.combine(self.day, time()))

        def then(slot: tuple[datetime, datetime] | None) -> None:
            if slot is None:
                self._complain(_("60天内没有这么长的空档，请换一个场地或缩短时间。"))
            else:
                self.show_day(slot[0].date())
                self._new(room_id, *slot)

        self.jobs.run(self, lambda: self.desk.bookings.next_free(room_id, minutes, after), then)

    @action(N_("打印场地表…"), "Ctrl+P", "printer")
    def print_sheets(self) -> None:
        """Door sheets and the week of all rooms."""
        print_sheets(self, self.desk, self.jobs, self.room.value(), self.day)

    @action(N_("导出…"), "Ctrl+E", "download")
    def export(self) -> None:
        """The list as a sheet, or the calendar as .ics."""
        export_bookings(self, self.desk, self.jobs, self.day, self.said.emit)

    @action(N_("导入 .ics…"), "Ctrl+I", "upload", Right.BOOK)
    def import_calendar(self) -> None:
        """Bookings from a calendar file, all or none."""
        import_bookings(self, self.desk, self.jobs, self.said.emit)

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

    @action(N_("打开"), "", "pencil", toolbar=False)
    def open(self) -> None:
        """Open the chosen booking."""
        if row := self.chosen():
            self._open(row.id)

    @action(N_("再约一次"), "Ctrl+D", "copy", Right.BOOK, toolbar=False)
    def copy(self) -> None:
        """The same a week later, in a form."""
        if row := self.chosen():
            store = self.desk.bookings
            work = lambda: (choices(self.desk), store.duplicate(row.id))  # noqa: E731
            self.jobs.run(self, work, lambda found: self._edit(*found), self._refused)

    @action(N_("到场"), "", "check", Right.BOOK, toolbar=False)
    def check_in(self) -> None:
        """They have come."""
        if row := self.chosen():
            self._run(lambda: self.desk.bookings.check_in(row.id), _("已登记到场"))

    @action(N_("登记实到"), "", "users", Right.BOOK, toolbar=False)
    def check_out(self) -> None:
        """They have gone; how many were there."""
        if row := self.chosen():
            count = ask_number(self, _("登记实到"), _("实到人数："), row.expected_count or 1, 0, 9999)
            if count is not None:
                self._run(lambda: self.desk.bookings.check_out(row.id, count), _("已登记实到人数"))

    @action(N_("未到场"), "", "ban", Right.BOOK, toolbar=False)
    def no_show(self) -> None:
        """Nobody came."""
        if row := self.chosen():
            self._run(lambda: self.desk.bookings.no_show(row.id), _("已登记未到场"), undo=True)

    @action(N_("批准"), "", "check", Right.APPROVE_BOOKING, toolbar=False)
    def approve(self) -> None:
        """Let a waiting booking take place."""
        if row := self.chosen():
            self._run(lambda: self.desk.bookings.approve(row.id), _("预约已批准"))

    @action(N_("驳回"), "", "x", Right.APPROVE_BOOKING, toolbar=False)
    def reject(self) -> None:
        """Turn a waiting booking down."""
        if row := self.chosen():
            reason = ask_reason(self, _("驳回"), _("驳回原因："))
            if reason is not None:
                self._run(lambda: self.desk.bookings.reject(row.id, reason), _("预约已驳回"), undo=True)

    @action(N_("取消预约"), "", "trash-2", Right.BOOK, toolbar=False)
    def cancel(self) -> None:
        """Cancel the chosen booking, with a reason."""
        if row := self.chosen():
            self._cancel(row.id)

    def _cancel(self, booking_id: int) -> None:
        row = self._rows.get(booking_id) or self.chosen()
        if row is None or row.masked or row.status not in OPEN:
            return
        store = self.desk.bookings
        scope = None
        if row.series_id is not None:
            scope = ask_scope(self, _("这是一组周期预约中的一次，要取消哪些？"))
            if scope is None:
                return
        reason = ask_reason(self, _("取消预约"), _("取消原因："))
        if reason is None:
            return
        if scope is None:
            self._run(lambda: store.cancel(booking_id, reason), _("预约已取消"), undo=True)
        else:
            self._run(lambda: store.cancel_series(booking_id, reason, scope), _("预约已取消"), undo=True)
