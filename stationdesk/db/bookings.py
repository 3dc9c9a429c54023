"""Bookings of rooms: each check runs in the same transaction as what it lets in."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from stationdesk.db.diary import diary, masked_rows, may_see, refuse_unless_free, visible
from stationdesk.db.models import BookingTable, RoomTable, StaffTable
from stationdesk.db.stores import Store, load_row, needs, record_of, save, verify
from stationdesk.errors import Conflict, Missing, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.bookings import (
    HOLDING,
    OPEN,
    Booking,
    BookingQuery,
    BookingRow,
    BookingStatus,
    DayLoad,
    is_own,
)
from stationdesk.records.calendar import new_uuid
from stationdesk.records.rooms import Room
from stationdesk.records.schedule import free_slots

Undo = tuple[tuple[int, BookingStatus], ...]

_SORTS = {
    "room_name": RoomTable.name_key,
    "start": BookingTable.start,
    "end": BookingTable.end,
    "purpose": BookingTable.purpose,
    "responsible_name": StaffTable.name_key,
    "status": BookingTable.status,
}


_JUDGED = ("room_id", "start", "end", "expected_count", "responsible_id", "override_reason")


class BookingStore(Store):
    """Single bookings: to look up, to make, to change, to close."""

    def _is_mine(self, record: object) -> bool:
        return isinstance(record, Booking) and is_own(record, self._actor)

    @needs(Right.SEE_BOOKINGS)
    def between(self, start: datetime, end: datetime, room_ids: Sequence[int] = ()) -> tuple[BookingRow, ...]:
        """What a calendar shows of [start, end): all but the cancelled and rejected."""
        table = BookingTable
        shown = (*HOLDING, BookingStatus.DRAFT, BookingStatus.NO_SHOW)
        where = [table.start > start - timedelta(days=1), table.start < end, table.end > start, table.status.in_(shown)]
        if room_ids:
            where.append(table.room_id.in_(room_ids))
        with self._database.read() as session:
            return masked_rows(session, self._actor, *where)

    @needs(Right.SEE_BOOKINGS, searches="booking")
    def find(self, query: BookingQuery) -> "array[int]":
        """Ids of the bookings looked for; words never match what the person may not see."""
        key = _SORTS.get(query.sort, BookingTable.start)
        wanted = self._matching(query).order_by(key.desc() if query.descending else key, BookingTable.id)
        with self._database.read() as session:
            return array("q", session.scalars(wanted))

    def _matching(self, query: BookingQuery) -> Select[int]:
        table = BookingTable
        wanted = select(table.id).where(table.deleted_at.is_(None))
        if query.words or query.sort == "room_name":
            wanted = wanted.join(RoomTable, RoomTable.id == table.room_id)
        if query.words or query.sort == "responsible_name":
            wanted = wanted.outerjoin(StaffTable, StaffTable.id == table.responsible_id)
        if query.start is not None:
            wanted = wanted.where(table.end > query.start)
        if query.end is not None:
            wanted = wanted.where(table.start < query.end)
        if query.room_ids:
            wanted = wanted.where(table.room_id.in_(query.room_ids))
        if query.statuses:
            wanted = wanted.where(table.status.in_(query.statuses))
        if query.words:
            inside = or_(
                table.title.contains(query.words, autoescape=True),
                table.applicant_name.contains(query.words, autoescape=True),
                StaffTable.name.contains(query.words, autoescape=True),
            )
            wanted = wanted.where(
                RoomTable.name.contains(query.words, autoescape=True) | (visible(self._actor) & inside)
            )
        return wanted

    @needs(Right.SEE_BOOKINGS)
    def rows(self, ids: Sequence[int]) -> tuple[BookingRow, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            found = {row.id: row for row in masked_rows(session, self._actor, BookingTable.id.in_(ids))}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_BOOKINGS, reads="booking")
    def load(self, booking_id: int) -> Booking:
        """One booking; one that may not be seen is as `Missing` as one that is not there."""
        with self._database.read() as session:
            return self._load(session, booking_id)

    def _load(self, session: Session, booking_id: int) -> Booking:
        row = load_row(session, BookingTable, booking_id)
        room = load_row(session, RoomTable, row.room_id)
        if not may_see(self._actor, room.privacy, row.responsible_id, row.created_by):
            raise Missing
        return record_of(Booking, row)

    @needs(Right.SEE_BOOKINGS)
    def month_loads(self, first: date, last: date) -> tuple[DayLoad, ...]:
        """Per day and room: how many bookings hold it and for how many minutes."""
        table = BookingTable
        day = func.date(table.start)
        minutes = func.sum((func.julianday(table.end) - func.julianday(table.start)) * 1440)
        query = (
            select(day, table.room_id, func.count(), minutes)
            .where(table.start >= _midnight(first), table.start < _midnight(last + timedelta(days=1)))
            .where(table.status.in_(HOLDING), table.deleted_at.is_(None))
            .group_by(day, table.room_id)
        )
        with self._database.read() as session:
            return tuple(DayLoad(date.fromisoformat(d), r, n, round(m)) for d, r, n, m in session.execute(query))

    @needs(Right.SEE_BOOKINGS)
    def next_free(
        self, room_id: int, minutes: int, after: datetime, days: int = 60
    ) -> tuple[datetime, datetime] | None:
        """The first free stretch of `minutes` in a room from `after` on, in quarters of an hour."""
        with self._database.read() as session:
            book = diary(session, self._actor, room_id, after, after + timedelta(days=days))
        held = [item for items in book.held.values() for item in items]
        start = next(free_slots(book.room, book.rules, held, after, minutes, days), None)
        return None if start is None else (start, start + timedelta(minutes=minutes))

    @needs(Right.BOOK)
    def book(self, booking: Booking) -> int:
        """Make one booking; returns its id. Raises `Refused` with all that speaks against it."""
        verify(booking)
        with self._database.write() as session:
            return self._insert(session, booking)

    def _insert(self, session: Session, booking: Booking) -> int:
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

    @needs(Right.BOOK)
    def change(self, booking: Booking) -> int:
        """Change one booking; one of a series becomes an exception in it. Raises `Refused`,
        `Conflict`, `Missing`."""
        with self._database.write() as session:
            old = self._load(session, booking.id or 0)
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

    @needs(Right.BOOK)
    def move(self, booking_id: int, room_id: int, start: datetime, end: datetime) -> int:
        """Put one booking at another time or into another room, as dragging does."""
        with self._database.read() as session:
            booking = self._load(session, booking_id)
        if booking.status not in OPEN:
            raise Refused(Problem("", N_("这个预约已经结束或取消，不能再移动。")))
        return self.change(replace(booking, room_id=room_id, start=start, end=end))

    @needs(Right.BOOK)
    def duplicate(self, booking_id: int) -> Booking:
        """A new booking like this one, a week later, not yet saved."""
        with self._database.read() as session:
            old = self._load(session, booking_id)
        week = timedelta(weeks=1)
        fresh: dict[str, Any] = {"id": None, "uuid": new_uuid(), "version": 0, "series_id": None, "detached": False}
        state: dict[str, Any] = {"status": BookingStatus.CONFIRMED, "cancel_reason": None, "override_reason": None}
        return replace(old, start=old.start + week, end=old.end + week, actual_count=None, **fresh, **state)

    @needs(Right.BOOK)
    def cancel(self, booking_id: int, reason: str) -> Undo:
        """Cancel one booking with a reason; returns what `undo_cancel` takes back."""
        return self._close(booking_id, BookingStatus.CANCELLED, reason=reason)

    @needs(Right.BOOK)
    def undo_cancel(self, undo: Undo) -> None:
        """Give cancelled bookings their state back, if their time is still free."""
        with self._database.write() as session:
            for booking_id, status in undo:
                booking = self._load(session, booking_id)
                back = replace(booking, status=status, cancel_reason=None)
                if status in HOLDING:
                    refuse_unless_free(session, self._actor, back, self._clock().date(), (booking_id,))
                save(session, BookingTable, back, self._stamp())

    @needs(Right.BOOK)
    def no_show(self, booking_id: int) -> Undo:
        """Nobody came; the booking stays to be seen but is not counted."""
        return self._close(
            booking_id, BookingStatus.NO_SHOW, early=N_("预约还没开始，不能登记未到场；不来了请取消预约。")
        )

    @needs(Right.BOOK)
    def check_in(self, booking_id: int) -> Undo:
        """They have come: the room is in use."""
        return self._close(booking_id, BookingStatus.IN_USE, early=N_("预约的日子还没到，不能登记到场。"))

    @needs(Right.BOOK)
    def check_out(self, booking_id: int, actual_count: int) -> Undo:
        """They have gone: so many were there, and the booking counts."""
        early = N_("预约还没开始，不能登记实到人数。")
        return self._close(booking_id, BookingStatus.DONE, actual_count=actual_count, early=early)

    @needs(Right.APPROVE_BOOKING)
    def approve(self, booking_id: int) -> Undo:
        """Let a waiting booking take place."""
        return self._close(booking_id, BookingStatus.CONFIRMED, only=BookingStatus.PENDING)

    @needs(Right.APPROVE_BOOKING)
    def reject(self, booking_id: int, reason: str) -> Undo:
        """Turn a waiting booking down, with a reason."""
        return self._close(booking_id, BookingStatus.REJECTED, reason=reason, only=BookingStatus.PENDING)

    def _close(
        self,
        booking_id: int,
        status: BookingStatus,
        *,
        reason: str | None = None,
        actual_count: int | None = None,
        only: BookingStatus | None = None,
        early: str = "",
    ) -> Undo:
        with self._database.write() as session:
            old = self._load(session, booking_id)
            # Who comes before the hour may be let in on the day.
            begins = _midnight(old.start.date()) if status is BookingStatus.IN_USE else old.start
            if early and begins > self._clock():
                raise Refused(Problem("actual_count" if status is BookingStatus.DONE else "", early))
            if old.status not in OPEN or (only is not None and old.status is not only):
                values = {"status": old.status.label}
                raise Refused(Problem("", N_("这个预约现在是“{status}”，不能这样登记。"), values))
            changed = replace(old, status=status, cancel_reason=(reason or "").strip() or None)
            changed = changed if actual_count is None else replace(changed, actual_count=actual_count)
            verify(changed)
            save(session, BookingTable, changed, self._stamp())
            return ((booking_id, old.status),)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
