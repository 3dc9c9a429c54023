"""What is done with bookings: made, opened, closed, cancelled; the page shows them."""

from datetime import datetime, time, timedelta

from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.bookings import OPEN
from stationdesk.ui.actions import action
from stationdesk.ui.booking_form import ask_scope
from stationdesk.ui.booking_moves import BookingMoves
from stationdesk.ui.dialogs import ask_number, ask_reason
from stationdesk.ui.exchange import export_bookings, import_bookings, print_sheets


class BookingActions(BookingMoves):
    """The actions of the diary."""

    @action(N_("新建预约"), "Ctrl+N", "plus", Right.BOOK)
    def new(self) -> None:
        """Book at the next whole hour of the shown day."""
        now = self.desk.clock()
        hour = now.hour + 1 if self.day == now.date() and 9 <= now.hour < 20 else 10
        start = datetime.combine(self.day, time(hour))
        self._new(self.room_id(), start, start + timedelta(hours=1))

    @action(N_("找空档"), "Ctrl+F", "search", Right.BOOK)
    def find_free(self) -> None:
        """The next free stretch of some minutes in the chosen room."""
        minutes = ask_number(self, _("找空档"), _("需要多少分钟？"), 60, 15, 480)
        room_id = self.room_id()
        if minutes is None or room_id is None:
            return
        after = max(self.desk.clock(), datetime.combine(self.day, time()))

        def then(slot: tuple[datetime, datetime] | None) -> None:
            if slot is None:
                self.complain(_("60天内没有这么长的空档，请换一个场地或缩短时间。"))
            else:
                self.show_day(slot[0].date())
                self._new(room_id, *slot)

        self.jobs.run(self, lambda: self.desk.bookings.next_free(room_id, minutes, after), then)

    @action(N_("打印场地表…"), "Ctrl+P", "printer")
    def print_sheets(self) -> None:
        """Door sheets and the week of all rooms."""
        print_sheets(self, self.desk, self.jobs, self.room_id(), self.day)

    @action(N_("管理场地"), "", "door-open", Right.SEE_STAFF)
    def manage_rooms(self) -> None:
        """Go to the list of rooms."""
        self.went.emit("settings", "rooms")

    @action(N_("导出…"), "Ctrl+E", "download")
    def export(self) -> None:
        """The list as a sheet, or the calendar as .ics."""
        export_bookings(self, self.desk, self.jobs, self.day, self.said.emit)

    @action(N_("导入 .ics…"), "Ctrl+I", "upload", Right.BOOK)
    def import_calendar(self) -> None:
        """Bookings from a calendar file, all or none."""
        import_bookings(self, self.desk, self.jobs, self.said.emit)

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
            work = lambda: self._to_edit(store.duplicate(row.id))  # noqa: E731
            self.jobs.run(self, work, lambda found: self._edit(*found), self._refused)

    @action(N_("到场"), "", "check", Right.BOOK, toolbar=False)
    def check_in(self) -> None:
        """They have come."""
        if row := self._plain():
            self._run(lambda: self.desk.bookings.check_in(row.id), _("已登记到场"))

    @action(N_("登记实到"), "", "users", Right.BOOK, toolbar=False)
    def check_out(self) -> None:
        """They have gone; how many were there."""
        if row := self._plain():
            count = ask_number(self, _("登记实到"), _("实到人数："), row.expected_count or 1, 0, 9999)
            if count is not None:
                self._run(lambda: self.desk.bookings.check_out(row.id, count), _("已登记实到人数"))

    @action(N_("未到场"), "", "ban", Right.BOOK, toolbar=False)
    def no_show(self) -> None:
        """Nobody came."""
        if row := self._plain():
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
        row = self.row_of(booking_id) or self.chosen()
        if row is None or row.masked or row.status not in OPEN:
            return
        if row.session_id is not None and self.desk.actor.may(Right.SEE_ACTIVITIES):
            self._to_session(row.session_id)
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
