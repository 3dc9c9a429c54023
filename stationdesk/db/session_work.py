"""What a session goes through inside a transaction: its booking and its helpers always go with it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivitySessionTable, ActivityTable, VolunteerShiftTable
from stationdesk.db.attendance import untick
from stationdesk.db.booking_work import BookingWork
from stationdesk.db.gate import shift_problems, staff_problems
from stationdesk.db.models import BookingTable
from stationdesk.db.stores import load, record_of, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.activities import Activity
from stationdesk.records.bookings import OPEN, Booking, BookingStatus
from stationdesk.records.series import MOST_DATES, Series
from stationdesk.records.sessions import NOT_HELD, ActivitySession, SessionStatus, booking_for, copy_of, moved
from stationdesk.records.shifts import VolunteerShift, later

_ELSEWHERE = N_("活动改到别处或取消")


class SessionWork(BookingWork):
    """Putting a session into its room and onto its day, for stores of activities and of sessions."""

    def _activity(self, session: Session, activity_id: int) -> Activity:
        """The activity of a session; one that is over takes no more changes. Raises `Refused`, `Missing`."""
        found = load(session, Activity, ActivityTable, activity_id)
        if found.ended_on is not None:
            raise Refused(Problem("activity_id", N_("这个活动已经结项，要改场次请先去掉结项日期。")))
        return found

    def _place(
        self,
        session: Session,
        held: ActivitySession,
        room_id: int | None,
        override_reason: str | None = None,
    ) -> int:
        """Save a session with the room it is in and the helpers it has; raises `Refused`, `Conflict`.

        Without a room its booking, if it had one, is cancelled. Everybody on it is judged for its day.
        """
        activity = self._activity(session, held.activity_id)
        held = replace(held, status=SessionStatus.PLANNED, reason=None)
        # The room stands for the booking that is still to be made.
        verify(replace(held, booking_id=room_id))
        self._refuse_settled(session, held)
        self._take_along(session, held)
        Refused.over(self._people(session, held))
        held = self._to_come(session, activity, held)
        booking_id = self._room(session, activity, held, room_id, override_reason)
        held = replace(held, booking_id=booking_id)
        if held.id is None:
            held = replace(held, seq=self._next_seq(session, held))
        return save(session, ActivitySessionTable, held, self._stamp())

    def _booking(self, session: Session, booking_id: int) -> Booking:
        """The booking of a session: whoever arranges the session moves it, also in a masked room."""
        return load(session, Booking, BookingTable, booking_id)

    def _refuse_settled(self, session: Session, held: ActivitySession) -> None:
        """Raise `Refused` for a draft saved once more after what it made was closed or called off."""
        table = ActivitySessionTable
        status = session.scalar(select(table.status).where(table.uuid == held.uuid)) if held.id is None else None
        if status not in (None, SessionStatus.PLANNED):
            text = N_("这一场已经保存过，现在是“{status}”，没有再保存一次。请在列表里打开它。")
            raise Refused(Problem("status", text, {"status": status.label}))

    def _to_come(self, session: Session, activity: Activity, held: ActivitySession) -> ActivitySession:
        """`held` as it stands before it: to one put off to a later day nobody has come yet."""
        if held.id is None or held.start.date() <= self._clock().date():
            return held
        untick(session, held.id, activity.quota, self._stamp())
        return replace(held, headcount_children=0, headcount_adults=0, satisfaction=None)

    def _next_seq(self, session: Session, held: ActivitySession) -> int:
        table = ActivitySessionTable
        again = session.scalar(select(table.seq).where(table.uuid == held.uuid))
        last = select(func.max(table.seq)).where(table.activity_id == held.activity_id, table.deleted_at.is_(None))
        return again or (session.scalar(last) or 0) + 1

    def _room(
        self,
        session: Session,
        activity: Activity,
        held: ActivitySession,
        room_id: int | None,
        override_reason: str | None,
    ) -> int | None:
        """The booking of a session brought to where the session is, made, or let go."""
        booking_id = held.booking_id or self._booked_before(session, held)
        booking = None if booking_id is None else self._booking(session, booking_id)
        is_open = booking is not None and booking.status in OPEN
        if room_id is None:
            if is_open and booking_id is not None:
                self._end(session, booking_id, BookingStatus.CANCELLED, reason=_(_ELSEWHERE))
            return None
        if booking is None or not is_open:
            before = booking.override_reason if booking is not None and self._actor.may(Right.OVERRIDE) else None
            made = booking_for(activity, held, room_id, override_reason or before)
            verify(made)
            return self._book(session, made)
        wanted = moved(booking, activity, held, room_id)
        stays = (wanted.room_id, wanted.start, wanted.end) == (booking.room_id, booking.start, booking.end)
        # Who may not say a reason takes the head's along only while the session stays where it is.
        before = wanted.override_reason if stays or self._actor.may(Right.OVERRIDE) else None
        return self._rebook(session, replace(wanted, override_reason=override_reason or before))

    def _rename_booking(self, session: Session, activity: Activity, held: ActivitySession) -> None:
        """Let the booking of a session say what its activity is called and is by now: doors and diaries
        show it."""
        if held.booking_id is not None:
            booking = self._booking(session, held.booking_id)
            named = booking_for(activity, held, booking.room_id)
            save(session, BookingTable, replace(booking, title=named.title, purpose=named.purpose), self._stamp())

    def _booked_before(self, session: Session, held: ActivitySession) -> int | None:
        """The booking of a session saved by an attempt whose answer was lost."""
        table = ActivitySessionTable
        return session.scalar(select(table.booking_id).where(table.uuid == held.uuid))

    def _people(self, session: Session, held: ActivitySession) -> Iterator[Problem]:
        """What speaks against those who run a session and help at it; what is only reworded is not judged
        again, for a check may have run out by now."""
        old = None if held.id is None else load(session, ActivitySession, ActivitySessionTable, held.id)
        moved_on = old is None or (old.start, old.end) != (held.start, held.end) or old.status in NOT_HELD
        if moved_on or old is None or old.responsible_id != held.responsible_id:
            yield from staff_problems(session, "responsible_id", held.responsible_id, held.start.date())
        known = () if moved_on or old is None else old.staff_ids
        for staff_id in held.staff_ids:
            if staff_id not in known:
                yield from staff_problems(session, "staff_ids", staff_id, held.start.date())
        if old is None or not moved_on:
            return
        for row in self._helpers(session, held):
            shift = record_of(VolunteerShift, row)
            if not shift.did_not_come:
                span = (shift.start or held.start, shift.end or held.end)
                yield from shift_problems(session, shift, span)

    def _helpers(self, session: Session, held: ActivitySession) -> Any:
        table = VolunteerShiftTable
        return session.scalars(select(table).where(table.session_id == held.id, table.deleted_at.is_(None)))

    def _take_along(self, session: Session, held: ActivitySession) -> None:
        """Shifts with a time of their own stay as far from the session's as they were."""
        old = None if held.id is None else load(session, ActivitySession, ActivitySessionTable, held.id)
        if old is None or old.start == held.start:
            return
        by = held.start - old.start
        for row in self._helpers(session, held).all():
            save(session, VolunteerShiftTable, later(record_of(VolunteerShift, row), by), self._stamp())

    def _room_of(self, session: Session, held: ActivitySession) -> int | None:
        """The room a session is in, also the one it was in before it was called off."""
        if held.booking_id is None:
            return None
        return session.scalar(select(BookingTable.room_id).where(BookingTable.id == held.booking_id))

    def _let_go(self, session: Session, held: ActivitySession, status: SessionStatus, reason: str) -> None:
        """Call a session off, and its booking with it."""
        if held.status is not SessionStatus.PLANNED and not (
            held.status is SessionStatus.POSTPONED and status is SessionStatus.CANCELLED
        ):
            text = N_("这一场现在是“{status}”，不能取消或延期。")
            raise Refused(Problem("status", text, {"status": held.status.label}))
        called_off = replace(held, status=status, reason=reason.strip() or None)
        verify(called_off)
        if held.booking_id is not None and self._booking(session, held.booking_id).status in OPEN:
            self._end(session, held.booking_id, BookingStatus.CANCELLED, reason=reason)
        save(session, ActivitySessionTable, called_off, self._stamp())

    def _sessions(self, session: Session, activity_id: int) -> tuple[ActivitySession, ...]:
        """The sessions of an activity in their order."""
        table = ActivitySessionTable
        kept = select(table).where(table.activity_id == activity_id, table.deleted_at.is_(None))
        return tuple(record_of(ActivitySession, row) for row in session.scalars(kept.order_by(table.start, table.id)))

    def _copy_sessions(
        self, session: Session, old: int, new: int, first: date, leader_id: int | None
    ) -> tuple[int, ...]:
        """Sessions of one activity repeated for another, the first on `first`, the others as far after it as
        before; each is booked and everybody on it judged anew. Raises `Refused`, one problem a date."""
        held = [one for one in self._sessions(session, old) if one.status not in NOT_HELD]
        if not held:
            return ()
        shift = first - held[0].start.date()
        if date.max - held[-1].start.date() <= shift:
            raise Refused(Problem("", N_("新的首场日期太远，请改近一些的日期。")))
        starts = [(one, one.start + shift) for one in held]
        wanted = [(copy_of(one, new, start, leader_id), self._room_of(session, one)) for one, start in starts]
        return self._place_all(session, wanted)

    def _place_series(
        self,
        session: Session,
        held: ActivitySession,
        series: Series,
        room_id: int | None,
        override_reason: str | None = None,
    ) -> tuple[int, ...]:
        """A session on every day of a rule, each with its room; all or none. Raises `Refused`."""
        verify(series)
        days = tuple(series.days())
        crowded = too_many(len(days))
        Refused.over(() if crowded is None else (crowded,))
        if not days:
            raise Refused(Problem("until", N_("按这个规则一天也排不出来，请检查开始日期、截止日期和星期。")))
        length = held.end - held.start
        starts = [datetime.combine(day, held.start.time()) for day in days]
        # Each day's own uuid follows from the form's: saved once more, nothing is there twice.
        each = [
            replace(held, uuid=uuid5(UUID(held.uuid), day.isoformat()).hex, start=start, end=start + length)
            for day, start in zip(days, starts, strict=True)
        ]
        return self._place_all(session, ((one, room_id) for one in each), override_reason)

    def _place_all(
        self,
        session: Session,
        wanted: Iterable[tuple[ActivitySession, int | None]],
        override_reason: str | None = None,
    ) -> tuple[int, ...]:
        """All of these sessions or none; a problem names the day it belongs to."""
        ids, problems = [], []
        for held, room_id in wanted:
            try:
                ids.append(self._place(session, held, room_id, override_reason))
            except Refused as refused:
                problems += [_on_day(problem, held.start) for problem in refused.problems]
        Refused.over(problems)
        return tuple(ids)


def too_many(count: int) -> Problem | None:
    """More dates than anybody means to plan at once."""
    if count <= MOST_DATES:
        return None
    return Problem(
        "until", N_("按这个规则有{count}次，最多{most}次，请把截止日期提前。"), {"count": count, "most": MOST_DATES}
    )


def _on_day(problem: Problem, start: datetime) -> Problem:
    values = {"when": f"{start:%Y-%m-%d %H:%M}", "sentence": problem.say()}
    return Problem(problem.field, N_("{when}这一场：{sentence}"), values)
