"""What a booking goes through inside a transaction: the same for the booking page and for activities."""

from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivitySessionTable, ActivityTable
from stationdesk.db.diary import may_see, refuse_unless_free
from stationdesk.db.models import BookingTable, RoomTable
from stationdesk.db.stores import Store, load_row, record_of, save, verify
from stationdesk.errors import Conflict, Missing, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.bookings import HOLDING, OPEN, Booking, BookingStatus, is_own
from stationdesk.records.rooms import Room

_JUDGED = ("room_id", "start", "end", "expected_count", "responsible_id", "override_reason")
_MOVED = ("room_id", "start", "end", "responsible_id")


class BookingWork(Store):
    """Making, changing and ending one booking, for stores that do it together with something else."""

    def _is_mine(self, record: object) -> bool:
        return isinstance(record, Booking) and is_own(record, self._actor)

    def _booking(self, session: Session, booking_id: int) -> Booking:
        row = load_row(session, BookingTable, booking_id)
        room = load_row(session, RoomTable, row.room_id)
        if not may_see(self._actor, room.privacy, row.responsible_id, row.created_by):
            raise Missing
        return record_of(Booking, row)

    def _book(self, session: Session, booking: Booking) -> int:
        now = self._clock()
        room = refuse_unless_free(session, self._actor, booking, now.date(), self._already(session, booking))
        return save(session, BookingTable, self._with_status(room, booking, now), self._stamp())

    def _already(self, session: Session, booking: Booking) -> tuple[int, ...]:
        """The id of a booking saved by an attempt whose answer was lost: no clash with itself."""
        found = session.scalar(select(BookingTable.id).where(BookingTable.uuid == booking.uuid))
        return () if found is None else (found,)

    def _with_status(self, room: Room, booking: Booking, now: datetime) -> Booking:
        """A past booking with its heads counted is done; one in a room with approval waits."""
        if booking.actual_count is not None and booking.end <= now:
            return replace(booking, status=BookingStatus.DONE)
        waits = room.needs_approval and not self._actor.may(Right.APPROVE_BOOKING)
        return replace(booking, status=BookingStatus.PENDING if waits else BookingStatus.CONFIRMED)

    def _rebook(self, session: Session, booking: Booking) -> int:
        """Change one booking; raises `Refused`, `Conflict`, `Missing`."""
        old = self._booking(session, booking.id or 0)
        if old.version != booking.version:
            raise Conflict
        booking = self._completed(old, booking)
        verify(booking)
        # What is only reworded is not judged again: its room or person may be gone by now.
        asked = any(getattr(old, name) != getattr(booking, name) for name in _JUDGED)
        booking = replace(booking, status=old.status, detached=old.detached or old.series_id is not None)
        if asked and (old.status in HOLDING or old.status is BookingStatus.DRAFT):
            room = refuse_unless_free(session, self._actor, booking, self._clock().date(), (booking.id or 0,))
            booking = self._asked_again(room, old, booking)
        return save(session, BookingTable, booking, self._stamp())

    def _asked_again(self, room: Room, old: Booking, booking: Booking) -> Booking:
        """A confirmed booking put elsewhere waits again where that asks for approval: else moving
        would be the way around it."""
        moved = any(getattr(old, name) != getattr(booking, name) for name in ("room_id", "start", "end"))
        waits = room.needs_approval and not self._actor.may(Right.APPROVE_BOOKING)
        if moved and waits and booking.status is BookingStatus.CONFIRMED:
            return replace(booking, status=BookingStatus.PENDING)
        return booking

    def _end(
        self,
        session: Session,
        booking_id: int,
        status: BookingStatus,
        *,
        reason: str | None = None,
        actual_count: int | None = None,
        only: BookingStatus | None = None,
        early: str = "",
    ) -> BookingStatus:
        """Bring an open booking into another state; returns the one it was in. Raises `Refused`."""
        old = self._booking(session, booking_id)
        # Who comes before the hour may be let in on the day.
        begins = datetime.combine(old.start.date(), time()) if status is BookingStatus.IN_USE else old.start
        if early and begins > self._clock():
            raise Refused(Problem("actual_count" if status is BookingStatus.DONE else "", early))
        if old.status not in OPEN or (only is not None and old.status is not only):
            values = {"status": old.status.label}
            raise Refused(Problem("", N_("这个预约现在是“{status}”，不能这样登记。"), values))
        changed = replace(old, status=status, cancel_reason=(reason or "").strip() or None)
        changed = changed if actual_count is None else replace(changed, actual_count=actual_count)
        verify(changed)
        save(session, BookingTable, changed, self._stamp())
        return old.status

    def _refuse_moving(self, session: Session, booking: Booking) -> None:
        """Raise `Refused` where a session's booking would be put elsewhere without its session."""
        old = self._booking(session, booking.id or 0)
        if any(getattr(old, name) != getattr(booking, name) for name in _MOVED):
            self._refuse_of_session(session, old.id or 0)

    def _refuse_of_session(self, session: Session, booking_id: int) -> None:
        """Raise `Refused` for a booking that goes with a session: one event is entered once, there."""
        query = (
            select(ActivityTable.title, ActivitySessionTable.seq)
            .join(ActivitySessionTable, ActivitySessionTable.activity_id == ActivityTable.id)
            .where(ActivitySessionTable.booking_id == booking_id, ActivitySessionTable.deleted_at.is_(None))
        )
        for title, seq in session.execute(query):
            text = N_("这是活动“{title}”第{seq}场的场地，请在活动里改时间、场地，或取消、结束这一场。")
            raise Refused(Problem("", text, {"title": title, "seq": seq}))
