"""Bookings made in a form, opened, and moved on the grid; the page shows them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.bookings import Booking, BookingRow
from stationdesk.records.calendar import new_uuid
from stationdesk.records.drafts import Draft
from stationdesk.records.series import SeriesResult
from stationdesk.ui.booking_form import BookingDialog, Choices, choices, first_person
from stationdesk.ui.geometry import GridColumn
from stationdesk.ui.page import Page


class BookingMoves(Page):
    """The page that shows the diary says which booking and room are chosen, and has a better place for
    complaints than the status line."""

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
