"""What is done with bookings: made, moved, opened, closed, cancelled; the page shows them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.bookings import OPEN, Booking, BookingRow
from stationdesk.records.calendar import new_uuid
from stationdesk.records.drafts import Draft
from stationdesk.records.series import SeriesResult
from stationdesk.ui.actions import action
from stationdesk.ui.booking_form import BookingDialog, Choices, ask_scope, choices, first_person
from stationdesk.ui.dialogs import ask_number, ask_reason
from stationdesk.ui.exchange import export_bookings, import_bookings, print_sheets
from stationdesk.ui.geometry import GridColumn
from stationdesk.ui.page import Page


class BookingActions(Page):
    """The actions of the diary. The page that shows it says which booking and room are chosen, and
    has a better place for complaints than the status line."""

    day: date
    columns: list[GridColumn]

    def chosen(self) -> BookingRow | None:
        """The booking the keys and buttons mean."""
        return None

    def row_of(self, booking_id: int) -> BookingRow | None:
        """A shown booking."""
        return None

    def room_id(self) -> int | None:
        """The chosen room."""
        return None

    def show_day(self, day: date) -> None:
        """Go to a day."""
        self.day = day

    def _plain(self) -> BookingRow | None:
        """The chosen booking; one that is the room of a session is dealt with there, where the event is
        entered once."""
        row = self.chosen()
        if row is not None and row.session_id is not None and self.desk.actor.may(Right.SEE_ACTIVITIES):
            self._to_session(row.session_id)
            return None
        return row

    def _to_session(self, session_id: int) -> None:
        self.went.emit("activities", session_id)
        self.said.emit(_("这是一场活动的场地，请在活动里办理"))

    def complain(self, text: str) -> None:
        """Say above the diary why something was refused; "" takes it away."""
        self.said.emit(text)

    def _refused(self, error: DeskError) -> None:
        """A refused move snaps back, and says why."""
        self.complain(error.say())
        self.reload()

    def _after(self, text: str) -> Callable[[Any], None]:
        def said(_result: Any) -> None:
            self.complain("")
            self.said.emit(text)

        return said

    # --- making and moving -----------------------------------------------------------------------

    def _create_at(self, column: int, start: int, end: int) -> None:
        place = self.columns[column]
        self._new(place.room_id, place.at(start), place.at(min(end, 1435)))

    def _new(self, room_id: int | None, start: datetime, end: datetime) -> None:
        if not self.desk.actor.may(Right.BOOK):
            return

        def show(found: Choices) -> None:
            if not found.rooms:
                self.complain(_("还没有场地。请到“设置→场地”添加，再来预约。"))
                return
            chosen = room_id or found.rooms[0].id or 0
            person = first_person(self.desk, found.staff)
            self._edit(found, Booking(uuid=new_uuid(), room_id=chosen, start=start, end=end, responsible_id=person))

        self.jobs.run(self, lambda: choices(self.desk), show)

    def _to_edit(self, booking: Booking) -> tuple[Choices, Booking]:
        return choices(self.desk, booking), booking

    def reopen(self, draft: Draft, _part: str) -> None:
        """Show a booking that was typed and not saved."""
        if draft.record_id is not None:
            store, booking_id = self.desk.bookings, draft.record_id
            self.jobs.run(
                self,
                lambda: self._to_edit(store.load(booking_id)),
                lambda found: self._edit(*found, draft),
                self._refused,
            )
            return
        start = datetime.combine(self.day, time(10))
        fresh = Booking(uuid=draft.uuid, room_id=0, start=start, end=start + timedelta(hours=1))
        self.jobs.run(self, lambda: choices(self.desk), lambda found: self._edit(found, fresh, draft))

    def _edit(self, found: Choices, booking: Booking, draft: Draft | None = None) -> None:
        dialog = BookingDialog(self.desk, self.jobs, found, booking, self)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(self._after(_("预约已保存")))
        dialog.saved.connect(self._say_skipped)
        dialog.open()

    def _say_skipped(self, result: Any) -> None:
        """A series tells which of its dates were left out."""
        if isinstance(result, SeriesResult) and result.skipped:
            days = "、".join(day.isoformat() for day in result.skipped)
            text = _("已预约{count}次。这些日期有冲突或不开放，没有预约：{days}")
            self.complain(text.format(count=len(result.ids), days=days))

    def _open(self, booking_id: int) -> None:
        row, store = self.row_of(booking_id), self.desk.bookings
        if row is not None and row.session_id is not None and self.desk.actor.may(Right.SEE_ACTIVITIES):
            self._to_session(row.session_id)
            return
        self.jobs.run(
            self, lambda: self._to_edit(store.load(booking_id)), lambda found: self._edit(*found), self._refused
        )

    def _move(self, booking_id: int, column: int, start: int, end: int) -> None:
        place, row = self.columns[column], self.row_of(booking_id)
        first, last = place.at(start), place.at(end)
        held, desk = row.session_id if row is not None else None, self.desk

        def work() -> int:
            # The room of a session is moved with its session.
            if held is not None:
                return desk.sessions.move_session(held, first, last, place.room_id)
            return desk.bookings.move(booking_id, place.room_id, first, last)

        text = _("预约已移动") if held is None else _("活动和它的场地已移动")
        self.jobs.run(self, work, self._after(text), self._refused)

    def _run(self, work: Callable[[], Any], text: str, *, undo: bool = False) -> None:
        def then(result: Any) -> None:
            self.complain("")
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
