"""What became of the activities of the demonstration: who came, how it went, which rooms were used."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from stationdesk.records.activities import Activity, ActivityForm
from stationdesk.records.attendance import CAME, Attendance, AttendanceState
from stationdesk.records.bookings import Booking, BookingStatus
from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import Planned, Slot, told_of_activities
from stationdesk.records.demonstration_guests import Guest, Guests
from stationdesk.records.demonstration_screening import uuid_of
from stationdesk.records.sessions import ActivitySession, SessionStatus

_TICKS = (
    (AttendanceState.PRESENT, 0.82),
    (AttendanceState.LATE, 0.88),
    (AttendanceState.LEFT_EARLY, 0.91),
    (AttendanceState.ABSENT, 0.985),
    (AttendanceState.WITHDRAWN, 1.0),
)
# Of so many one was called off, and of so many one put off.
_CALLED_OFF, _PUT_OFF = 31, 47
# The same children come to all of their sessions.
_LASTING = (ActivityForm.SERIES, ActivityForm.CAMP)
# So many sessions of the last days nobody has closed yet.
_FORGOTTEN = 2
_WAITING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A session as it was or will be, with its room's booking and the names on its list."""

    planned: Planned
    session: ActivitySession
    booking: Booking | None
    names: tuple[Attendance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """An activity with all its sessions."""

    activity: Activity
    held: tuple[Held, ...]

    def records(self) -> Iterator[object]:
        """All records of it, each after those it points to."""
        yield self.activity
        for held in self.held:
            if held.booking is not None:
                yield held.booking
            yield held.session
            yield from held.names


def courses(tale: Story, planned: Sequence[Planned], guests: Guests) -> Iterator[Course]:
    """How each activity went, or as far as it is planned."""
    past = [slot.session for item in planned for slot in item.slots if slot.session.start.date() < tale.until]
    named = {item.activity.id for item in planned if item.activity.quota is not None}
    latest = sorted((s for s in past if s.activity_id in named), key=lambda s: (s.start, s.id or 0))[-_FORGOTTEN:]
    maker = _Maker(tale, guests, frozenset(session.id for session in latest))
    for item in planned:
        yield maker.course(item)


class _Maker:
    """Draws how one activity after the other went."""

    def __init__(self, tale: Story, guests: Guests, forgotten: frozenset[int | None]) -> None:
        self._tale = tale
        self._guests = guests
        self._forgotten = forgotten
        self._chance = Random(f"{tale.seed} attendance")
        self._latest = datetime.combine(tale.until - timedelta(days=1), time(19))
        self._crowded = False
        self._past_ones = 0

    def course(self, planned: Planned) -> Course:
        """One activity; it has ended when nothing of it is still to come, and somebody has said how it was."""
        chance, activity, until = self._chance, planned.activity, self._tale.until
        lasting: Sequence[Guest] = ()
        if activity.form in _LASTING and activity.quota is not None:
            lasting = self._guests.drawn(activity, planned.slots[0].session.start.date(), self._places(activity.quota))
        held = tuple(self._held(planned, slot, lasting) for slot in planned.slots)
        states = [line.state for one in held for line in one.names]
        if AttendanceState.WAITING in states:
            activity = replace(activity, quota=states.count(AttendanceState.SIGNED_UP))
        last = held[-1].session.start.date()
        days = (until - last).days
        over = all(one.session.status in (SessionStatus.DONE, SessionStatus.CANCELLED) for one in held)
        done = any(one.session.status is SessionStatus.DONE for one in held)
        if over and done and days > 3 and (days > 20 or chance.random() < 0.6):
            ended_on = last + timedelta(days=chance.randrange(1, 4))
            activity = replace(activity, summary=chance.choice(planned.told["summaries"]), ended_on=ended_on)
        return Course(activity=activity, held=held)

    def _places(self, quota: int) -> int:
        return max(1, round(quota * self._chance.uniform(0.75, 1.0)))

    def _held(self, planned: Planned, slot: Slot, lasting: Sequence[Guest]) -> Held:
        """One session by the story's today."""
        session = slot.session
        if session.id in self._forgotten or session.start.date() >= self._tale.until:
            return self._ahead(planned, slot, lasting)
        self._past_ones += 1
        if self._past_ones % _CALLED_OFF == 0:
            return self._not_held(planned, slot, SessionStatus.CANCELLED)
        if self._past_ones % _PUT_OFF == 0:
            return self._not_held(planned, slot, SessionStatus.POSTPONED)
        return self._past(planned, slot, lasting)

    def _not_held(self, planned: Planned, slot: Slot, status: SessionStatus) -> Held:
        reason = self._chance.choice(told_of_activities()["reasons"][status.code])
        booking = slot.booking
        if booking is not None:
            booking = replace(booking, status=BookingStatus.CANCELLED, cancel_reason=reason)
        session = replace(slot.session, status=status, reason=reason)
        return Held(planned=planned, session=session, booking=booking, names=())

    # --- names -----------------------------------------------------------------------------------

    def _invited(self, planned: Planned, session: ActivitySession, lasting: Sequence[Guest]) -> Sequence[Guest]:
        activity, day = planned.activity, session.start.date()
        if activity.quota is None:
            return ()
        guests = [guest for guest in lasting if self._guests.may(guest, activity, day)]
        if activity.form not in _LASTING:
            guests = [*self._guests.drawn(activity, day, self._places(activity.quota))]
        for guest in guests:
            guest.days.add(day)
        return guests

    def _line(
        self, session: ActivitySession, guest: Guest, state: AttendanceState, *, accompanied: bool = False
    ) -> Attendance:
        chance = self._chance
        signed = session.start - timedelta(minutes=int(chance.random() * 10_000) + 600)
        return Attendance(
            uuid=uuid_of(chance),
            session_id=session.id or 0,
            child_id=guest.child_id,
            state=state,
            signed_at=max(guest.opened, min(self._latest, signed)),
            guardian_present=accompanied,
            picked_up_by=chance.choice(told_of_activities()["pickers"])
            if state in CAME and chance.random() < 0.08
            else None,
        )

    def _ahead(self, planned: Planned, slot: Slot, lasting: Sequence[Guest]) -> Held:
        """A session still to come, or not yet closed: who signed up; one has more than it has places."""
        session, activity = slot.session, planned.activity
        guests = self._invited(planned, session, lasting)
        names = [self._line(session, guest, AttendanceState.SIGNED_UP) for guest in guests]
        single = activity.form not in _LASTING and activity.quota is not None
        if single and not self._crowded and session.start.date() > self._tale.until:
            self._crowded = True
            waiting = self._guests.drawn(activity, session.start.date(), _WAITING, {g.child_id for g in guests})
            names += [self._line(session, guest, AttendanceState.WAITING) for guest in waiting]
        return Held(planned=planned, session=session, booking=slot.booking, names=tuple(names))

    def _past(self, planned: Planned, slot: Slot, lasting: Sequence[Guest]) -> Held:
        """A closed session: who was ticked, the heads without a name, what it cost."""
        chance, told, session = self._chance, planned.told, slot.session
        ticks = [(guest, self._tick()) for guest in self._invited(planned, session, lasting)]
        families = self._families(planned.activity, [guest for guest, state in ticks if state in CAME])
        names = [
            self._line(session, guest, state, accompanied=state in CAME and guest.family in families)
            for guest, state in ticks
        ]
        came, guardians = sum(line.state in CAME for line in names), len(families)
        heads = [int(chance.randint(*told["heads"][who]) * planned.crowd) for who in ("children", "adults")]
        left = planned.activity.expected_count - came - guardians
        children = min(heads[0], left)
        if came + children + heads[1] == 0:
            children = 1
        low, high = told["cost"]
        closed = replace(
            session,
            status=SessionStatus.DONE,
            headcount_children=children,
            headcount_adults=min(heads[1], left - children),
            cost=Decimal(chance.randrange(low * 10, high * 10 + 1)) / 10 if chance.random() < 0.8 else None,
            satisfaction=chance.choice((3, 4, 4, 5, 5, 5)) if chance.random() < 0.6 else None,
        )
        total = came + guardians + closed.headcount_children + closed.headcount_adults
        booking = slot.booking
        if booking is not None:
            booking = replace(booking, status=BookingStatus.DONE, actual_count=total)
        return Held(planned=planned, session=closed, booking=booking, names=tuple(names))

    def _families(self, activity: Activity, came: Sequence[Guest]) -> Collection[int]:
        """Whose guardians are there: all where they are asked for, else a few."""
        families = dict.fromkeys(guest.family for guest in came)
        if activity.guardian_required:
            return families
        some = [family for family in families if self._chance.random() < 0.12]
        return set(some[: (activity.quota or 0) // 3])

    def _tick(self) -> AttendanceState:
        draw = self._chance.random()
        return next(state for state, share in _TICKS if draw < share)
