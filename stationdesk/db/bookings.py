"""Bookings of rooms: each check runs in the same transaction as what it lets in."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from stationdesk.db.booking_work import BookingWork
from stationdesk.db.diary import diary, masked_rows, refuse_unless_free, visible
from stationdesk.db.models import BookingTable, RoomTable, StaffTable
from stationdesk.db.stores import needs, save, verify
from stationdesk.errors import Problem, Refused
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
)
from stationdesk.records.calendar import new_uuid
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


# What only the session does to its booking.
_OF_SESSION = (BookingStatus.CANCELLED, BookingStatus.NO_SHOW, BookingStatus.DONE, BookingStatus.REJECTED)


class BookingStore(BookingWork):
    """Single bookings: to look up, to make, to change, to close."""

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
            return self._booking(session, booking_id)

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
            return self._book(session, booking)

    @needs(Right.BOOK)
    def change(self, booking: Booking) -> int:
        """Change one booking; one of a series becomes an exception in it. Raises `Refused`,
        `Conflict`, `Missing`."""
        with self._database.write() as session:
            self._refuse_moving(session, booking)
            return self._rebook(session, booking)

    @needs(Right.BOOK)
    def move(self, booking_id: int, room_id: int, start: datetime, end: datetime) -> int:
        """Put one booking at another time or into another room, as dragging does."""
        with self._database.read() as session:
            booking = self._booking(session, booking_id)
        if booking.status not in OPEN:
            raise Refused(Problem("", N_("这个预约已经结束或取消，不能再移动。")))
        return self.change(replace(booking, room_id=room_id, start=start, end=end))

    @needs(Right.BOOK)
    def duplicate(self, booking_id: int) -> Booking:
        """A new booking like this one, a week later, not yet saved."""
        with self._database.read() as session:
            old = self._booking(session, booking_id)
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
                self._refuse_of_session(session, booking_id)
                booking = self._booking(session, booking_id)
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
            if status in _OF_SESSION:
                self._refuse_of_session(session, booking_id)
            before = self._end(
                session, booking_id, status, reason=reason, actual_count=actual_count, only=only, early=early
            )
            return ((booking_id, before),)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
