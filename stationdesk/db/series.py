"""Series of bookings: previewed, booked, and changed as one, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.bookings import BookingStore, Undo
from stationdesk.db.diary import Diary, diary, person_and_room_problems
from stationdesk.db.models import BookingTable, SeriesTable
from stationdesk.db.stores import load, needs, record_of, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.bookings import OPEN, Booking, BookingStatus
from stationdesk.records.calendar import new_uuid
from stationdesk.records.rooms import Room
from stationdesk.records.series import MOST_DATES, PreviewLine, Scope, Series, SeriesResult, on_day

_ALL_SKIPPED = N_("所有日期都被跳过了，没有可预约的日期。")


class SeriesStore(BookingStore):
    """What concerns several bookings at once."""

    @needs(Right.BOOK)
    def preview(self, booking: Booking, series: Series) -> tuple[PreviewLine, ...]:
        """Every date of the series with what it meets; raises `Refused` on a rule that is none or
        gives more than `MOST_DATES` dates."""
        days = self._days(booking, series)
        with self._database.read() as session:
            return self._preview(session, booking, days)

    def _days(self, booking: Booking, series: Series) -> tuple[date, ...]:
        verify(series)
        verify(booking)
        days = tuple(series.days())
        if not days:
            raise Refused(Problem("until", N_("按这个规则一天也排不出来，请检查开始日期、截止日期和星期。")))
        if len(days) > MOST_DATES:
            values = {"count": len(days), "most": MOST_DATES}
            raise Refused(Problem("until", N_("按这个规则有{count}次，最多{most}次，请把截止日期提前。"), values))
        return days

    def _preview(self, session: Session, booking: Booking, days: Sequence[date]) -> tuple[PreviewLine, ...]:
        book = self._diary(session, booking, days)
        return tuple(self._line(book, on_day(booking, day)) for day in days)

    def _diary(self, session: Session, booking: Booking, days: Sequence[date], ignore: Iterable[int] = ()) -> Diary:
        start, end = _midnight(min(days)), _midnight(max(days) + timedelta(days=1))
        return diary(session, self._actor, booking.room_id, start, end, frozenset(ignore))

    def _line(self, book: Diary, booking: Booking) -> PreviewLine:
        verdict, problems = book.judge(booking, override=self._actor.may(Right.OVERRIDE))
        return PreviewLine(booking.start.date(), verdict, problems[0] if problems else None)

    @needs(Right.BOOK)
    def book_series(
        self, booking: Booking, series: Series, skip: frozenset[date] = frozenset(), *, skip_clashes: bool = False
    ) -> SeriesResult:
        """Book every date but those in `skip` and, with `skip_clashes`, those that meet something now;
        all the rest or none. The result names the dates left out. Raises `Refused`, one problem a date.
        """
        days = [day for day in self._days(booking, series) if day not in skip]
        if not days:
            raise Refused(Problem("until", _ALL_SKIPPED))
        now = self._clock()
        with self._database.write() as session:
            again = session.scalar(select(SeriesTable.id).where(SeriesTable.uuid == series.uuid))
            if again is not None:
                return SeriesResult(tuple(self._members(session, again)), ())
            lines = self._preview(session, booking, days)
            if skip_clashes:
                skip |= {line.day for line in lines if line.problem is not None}
                lines = tuple(line for line in lines if line.problem is None)
                days = [line.day for line in lines]
            if not days:
                raise Refused(Problem("until", _ALL_SKIPPED))
            room = self._diary(session, booking, days[:1]).room
            problems = [line.problem for line in lines if line.problem is not None]
            for day in (days[0], days[-1]):
                problems += person_and_room_problems(session, room, on_day(booking, day), now.date())
            Refused.over(_once(problems))
            series_id = save(session, SeriesTable, series, self._stamp())
            ids = tuple(self._add(session, room, on_day(booking, day), series_id, now) for day in days)
        return SeriesResult(ids, tuple(sorted(skip)))

    def _add(self, session: Session, room: Room, booking: Booking, series_id: int, now: datetime) -> int:
        made = replace(booking, id=None, uuid=new_uuid(), series_id=series_id)
        return save(session, BookingTable, self._with_status(room, made, now), self._stamp())

    def _members(self, session: Session, series_id: int) -> Sequence[int]:
        query = select(BookingTable.id).where(BookingTable.series_id == series_id, BookingTable.deleted_at.is_(None))
        return session.scalars(query.order_by(BookingTable.start)).all()

    @needs(Right.SEE_BOOKINGS)
    def series_of(self, booking_id: int) -> Series | None:
        """The rule a booking came from, or None; raises `Missing`."""
        with self._database.read() as session:
            booking = self._booking(session, booking_id)
            return None if booking.series_id is None else load(session, Series, SeriesTable, booking.series_id)

    def _in_scope(self, session: Session, booking: Booking, scope: Scope) -> list[Booking]:
        """The still open, unexceptional members of the series that `scope` means, and `booking`."""
        table = BookingTable
        query = select(table).where(
            table.series_id == booking.series_id,
            table.deleted_at.is_(None),
            table.status.in_(OPEN),
            table.detached.is_(False),
            table.id != booking.id,
        )
        if scope is Scope.FOLLOWING:
            query = query.where(table.start > booking.start)
        return [booking, *(record_of(Booking, row) for row in session.scalars(query.order_by(table.start)))]

    @needs(Right.BOOK)
    def change_series(self, booking: Booking, scope: Scope) -> tuple[int, ...]:
        """Change this booking and those of its series that `scope` means; all or none.

        The others take over room, times of day, shift in days and all texts; exceptions made
        before, and what is done or cancelled, stay as they are. Raises `Refused`, one problem a
        date, `Conflict`, `Missing`.
        """
        if scope is Scope.ONE or booking.series_id is None:
            return (self.change(booking),)
        with self._database.write() as session:
            old = self._booking(session, booking.id or 0)
            if old.status not in OPEN:
                raise Refused(Problem("", N_("这个预约已经结束或取消，不能再改动这一组。")))
            booking = self._completed(old, booking)
            verify(booking)
            shift = booking.start.date() - old.start.date()
            members = self._in_scope(session, old, scope)
            changed = [self._taking_over(member, booking, shift) for member in members]
            room = self._check_all(session, changed, {member.id or 0 for member in members})
            judged = [self._asked_again(room, before, item) for before, item in zip(members, changed, strict=True)]
            return tuple(save(session, BookingTable, item, self._stamp()) for item in judged)

    def _taking_over(self, member: Booking, booking: Booking, shift: timedelta) -> Booking:
        moved = on_day(booking, member.start.date() + shift)
        own: dict[str, Any] = {
            "id": member.id,
            "uuid": member.uuid,
            "status": member.status,
            "detached": member.detached,
        }
        version = booking.version if member.id == booking.id else member.version
        return replace(moved, **own, version=version, actual_count=member.actual_count)

    def _check_all(self, session: Session, changed: Sequence[Booking], ignore: set[int]) -> Room:
        book = self._diary(session, changed[0], [item.start.date() for item in changed], ignore)
        problems: list[Problem] = []
        for item in changed:
            problems += book.judge(item, override=self._actor.may(Right.OVERRIDE))[1]
            problems += person_and_room_problems(session, book.room, item, self._clock().date())
            # An exception taken back in may fall on another of the same series.
            book.hold(item)
        Refused.over(_once(problems))
        return book.room

    @needs(Right.BOOK)
    def cancel_series(self, booking_id: int, reason: str, scope: Scope) -> Undo:
        """Cancel this booking and the open ones of its series that `scope` means."""
        with self._database.write() as session:
            old = self._booking(session, booking_id)
            if old.status not in OPEN:
                raise Refused(Problem("", N_("这个预约已经结束或取消，不能再取消。")))
            chosen = self._in_scope(session, old, scope) if old.series_id and scope is not Scope.ONE else [old]
            for member in chosen:
                cancelled = replace(member, status=BookingStatus.CANCELLED, cancel_reason=reason.strip() or None)
                verify(cancelled)
                save(session, BookingTable, cancelled, self._stamp())
            return tuple((member.id or 0, member.status) for member in chosen)

    @needs(Right.BOOK)
    def import_bookings(self, bookings: Sequence[Booking], *, dry_run: bool = False) -> tuple[int, ...]:
        """Book all of these or none; a problem carries the 1-based number of its booking as row."""
        problems: list[Problem] = []
        ids: list[int] = []
        with self._database.write() as session:
            for number, booking in enumerate(bookings, start=1):
                try:
                    verify(booking)
                    ids.append(self._book(session, booking))
                except Refused as refused:
                    problems += [replace(problem, row=number) for problem in refused.problems]
            if problems or dry_run:
                session.rollback()
                ids.clear()
        Refused.over(problems)
        return tuple(ids)


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Each sentence once, in its place."""
    return list({problem.say(): problem for problem in problems}.values())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
