"""Sessions of activities: planned with their room, moved, called off, closed and opened again."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    ActivityTable,
    AttendanceTable,
    PartnerLinkTable,
    VolunteerShiftTable,
)
from stationdesk.db.attendance import FAMILY
from stationdesk.db.child_words import squeezed
from stationdesk.db.children_models import ChildTable
from stationdesk.db.gate import worked
from stationdesk.db.models import BookingTable, RoomTable, StaffTable
from stationdesk.db.session_work import SessionWork
from stationdesk.db.shifts import refuse_certified, shift_rows
from stationdesk.db.stores import load, needs, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.fields import check
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.attendance import CAME, AttendanceState
from stationdesk.records.bookings import BookingStatus
from stationdesk.records.series import Series
from stationdesk.records.sessions import (
    ActivitySession,
    Closing,
    Presence,
    SessionOutcome,
    SessionQuery,
    SessionRow,
    SessionStatus,
    closing_problems,
)

_SORTS: dict[str, Any] = {
    "start": ActivitySessionTable.start,
    "end": ActivitySessionTable.end,
    "title": ActivityTable.name_key,
    "form": ActivityTable.form,
    "status": ActivitySessionTable.status,
    "responsible_name": StaffTable.name_key,
}


class SessionStore(SessionWork):
    """One occurrence after the other."""

    @needs(Right.SEE_ACTIVITIES, searches="activity_session")
    def find(self, query: SessionQuery) -> "array[int]":
        """Ids of the sessions looked for, by time unless sorted otherwise."""
        table = ActivitySessionTable
        wanted = (
            select(table.id)
            .join(ActivityTable, ActivityTable.id == table.activity_id)
            .outerjoin(StaffTable, StaffTable.id == table.responsible_id)
            .where(table.deleted_at.is_(None))
        )
        if query.start is not None:
            wanted = wanted.where(table.end > query.start)
        if query.end is not None:
            wanted = wanted.where(table.start < query.end)
        if query.over_by is not None:
            wanted = wanted.where(table.end <= query.over_by)
        if query.form is not None:
            wanted = wanted.where(ActivityTable.form == query.form)
        if query.activity_id is not None:
            wanted = wanted.where(table.activity_id == query.activity_id)
        if query.statuses:
            wanted = wanted.where(table.status.in_(query.statuses))
        if query.words:
            wanted = wanted.where(ActivityTable.words.contains(squeezed(query.words), autoescape=True))
        key = _SORTS.get(query.sort, table.start)
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if query.descending else key, table.id)))

    @needs(Right.SEE_ACTIVITIES)
    def rows(self, ids: Sequence[int]) -> tuple[SessionRow, ...]:
        """The lines of these ids, in their order."""
        table = ActivitySessionTable
        columns = (table.id, table.activity_id, table.seq, table.start, table.end, table.status)
        names = (
            ActivityTable.title,
            ActivityTable.form,
            func.coalesce(RoomTable.name, table.place).label("place_name"),
        )
        query = (
            select(*columns, *names, StaffTable.name.label("responsible_name"))
            .join(ActivityTable, ActivityTable.id == table.activity_id)
            .outerjoin(BookingTable, BookingTable.id == table.booking_id)
            .outerjoin(RoomTable, RoomTable.id == BookingTable.room_id)
            .outerjoin(StaffTable, StaffTable.id == table.responsible_id)
            .where(table.id.in_(ids))
        )
        with self._database.read() as session:
            counts = _counts(session, ids)
            found = {row.id: SessionRow(**row._mapping, **counts[row.id]) for row in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_ACTIVITIES)
    def load(self, session_id: int) -> ActivitySession:
        """One session; raises `Missing`."""
        with self._database.read() as session:
            return load(session, ActivitySession, ActivitySessionTable, session_id)

    @needs(Right.SEE_ACTIVITIES)
    def room_of(self, session_id: int) -> int | None:
        """The room a session is in; None where it is held elsewhere. Raises `Missing`."""
        with self._database.read() as session:
            return self._room_of(session, load(session, ActivitySession, ActivitySessionTable, session_id))

    @needs(Right.EDIT_ACTIVITIES)
    def save(self, held: ActivitySession, room_id: int | None = None, override_reason: str | None = None) -> int:
        """Plan a session or change a planned one, and book its room, in one step; returns the id.

        One that was called off is planned again by it. Raises `Refused` with all that speaks against it,
        `Conflict`, `Missing`.
        """
        with self._database.write() as session:
            if held.id is not None:
                old = load(session, ActivitySession, ActivitySessionTable, held.id)
                if old.status is SessionStatus.DONE:
                    raise Refused(Problem("status", N_("这一场已经结束，要改请先重新打开这一场。")))
                # What follows from attendance and closing is not typed here.
                held = replace(held, activity_id=old.activity_id, uuid=old.uuid, seq=old.seq, booking_id=old.booking_id)
            return self._place(session, held, room_id, override_reason)

    @needs(Right.EDIT_ACTIVITIES)
    def save_series(
        self, held: ActivitySession, series: Series, room_id: int | None = None, override_reason: str | None = None
    ) -> tuple[int, ...]:
        """Plan a session on every day of a rule, each with its room; all or none. Raises `Refused`, one
        problem a date."""
        with self._database.write() as session:
            return self._place_series(session, held, series, room_id, override_reason)

    @needs(Right.EDIT_ACTIVITIES)
    def move_session(self, session_id: int, start: datetime, end: datetime, room_id: int | None = None) -> int:
        """Put a session at another time, into `room_id` or the room it is in; its booking and its helpers go
        with it, and one that was put off is planned again. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            if held.status not in (SessionStatus.PLANNED, SessionStatus.POSTPONED):
                text = N_("这一场现在是“{status}”，不能改时间。")
                raise Refused(Problem("status", text, {"status": held.status.label}))
            room_id = self._room_of(session, held) if room_id is None else room_id
            return self._place(session, replace(held, start=start, end=end), room_id)

    @needs(Right.EDIT_ACTIVITIES)
    def cancel_session(self, session_id: int, reason: str) -> None:
        """Call a session off, and its booking with it. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            self._let_go(session, held, SessionStatus.CANCELLED, reason)

    @needs(Right.EDIT_ACTIVITIES)
    def postpone_session(self, session_id: int, reason: str) -> None:
        """Put a session off until a new day is known; its room is free again. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            self._let_go(session, held, SessionStatus.POSTPONED, reason)

    @needs(Right.EDIT_ACTIVITIES)
    def close_session(self, session_id: int, closing: Closing) -> SessionOutcome:
        """The session is over: who was ticked and the heads without a name are its attendance, its booking
        is checked out with all of them, its helpers' hours count. Who signed up and was not ticked was
        absent. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            self._activity(session, held.activity_id)
            said = {name: getattr(closing, name) for name in ("headcount_children", "headcount_adults", "satisfaction")}
            held = replace(held, **said, cost=closing.cost, items=closing.items or held.items)
            presence = presence_of(session, held)
            Refused.over((*check(closing), *closing_problems(held, presence, self._clock())))
            _note_absent(session, session_id, self._stamp())
            if held.booking_id is not None:
                self._end(session, held.booking_id, BookingStatus.DONE, actual_count=presence.total)
            closed = replace(held, status=SessionStatus.DONE)
            verify(closed)
            save(session, ActivitySessionTable, closed, self._stamp())
            return _outcome(session, closed)

    @needs(Right.EDIT_ACTIVITIES)
    def reopen(self, session_id: int) -> None:
        """Open a closed session for correction: until it is closed again nothing of it counts, neither its
        room's use nor its helpers' hours. Raises `Refused`, also while a valid certificate tells of
        them; `Missing`."""
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            if held.status is not SessionStatus.DONE:
                raise Refused(Problem("status", N_("这一场还没有结束，不用重新打开。")))
            self._activity(session, held.activity_id)
            refuse_certified(session, shift_rows(session, VolunteerShiftTable.session_id == session_id))
            if held.booking_id is not None:
                used = self._booking(session, held.booking_id)
                again = replace(used, status=BookingStatus.CONFIRMED, actual_count=None)
                save(session, BookingTable, again, self._stamp())
            save(session, ActivitySessionTable, replace(held, status=SessionStatus.PLANNED), self._stamp())

    @needs(Right.SEE_ACTIVITIES)
    def outcome(self, session_id: int) -> SessionOutcome:
        """What a session amounts to so far; raises `Missing`."""
        with self._database.read() as session:
            return _outcome(session, load(session, ActivitySession, ActivitySessionTable, session_id))


def presence_of(session: Session, held: ActivitySession) -> Presence:
    """Who was there, from the ticks and the heads without a name."""
    table = AttendanceTable
    came = (
        select(func.count(), func.count(FAMILY.distinct()).filter(table.guardian_present))
        .join(ChildTable, ChildTable.id == table.child_id)
        .where(table.session_id == held.id, table.state.in_(CAME), table.deleted_at.is_(None))
    )
    children, guardians = session.execute(came).one()
    return Presence(
        children=children,
        guardians=guardians,
        headcount_children=held.headcount_children,
        headcount_adults=held.headcount_adults,
    )


def _outcome(session: Session, held: ActivitySession) -> SessionOutcome:
    table = VolunteerShiftTable
    helped = [shift for shift in worked(session, table.session_id == held.id) if shift.counts]
    links = select(PartnerLinkTable.partner_id).where(
        PartnerLinkTable.activity_id == held.activity_id, PartnerLinkTable.deleted_at.is_(None)
    )
    used = None if held.booking_id is None else session.get(BookingTable, held.booking_id)
    done = used is not None and used.status is BookingStatus.DONE
    return SessionOutcome(
        session_id=held.id or 0,
        presence=presence_of(session, held),
        volunteers=len({shift.volunteer_id for shift in helped}),
        volunteer_minutes=sum(shift.minutes for shift in helped),
        room_minutes=_minutes(used) if done and used is not None else 0,
        partner_ids=tuple(session.scalars(links.order_by(PartnerLinkTable.partner_id))),
        cost=held.cost or Decimal(0),
    )


def _minutes(used: BookingTable) -> int:
    return int((used.end - used.start).total_seconds() // 60)


def _note_absent(session: Session, session_id: int, stamp: tuple[str, str]) -> None:
    table = AttendanceTable
    for row in session.scalars(
        select(table).where(table.session_id == session_id, table.state == AttendanceState.SIGNED_UP)
    ):
        row.state, row.updated_at, row.updated_by = AttendanceState.ABSENT, *stamp


def _counts(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How many signed up, wait and came, by session."""
    table = AttendanceTable
    found: dict[int, dict[str, Any]] = {number: {"signed_up": 0, "waiting": 0, "present": 0} for number in ids}
    query = (
        select(table.session_id, table.state, func.count())
        .where(table.session_id.in_(ids), table.deleted_at.is_(None))
        .group_by(table.session_id, table.state)
    )
    for number, state, count in session.execute(query):
        if state is AttendanceState.WAITING:
            found[number]["waiting"] += count
        elif state is not AttendanceState.WITHDRAWN:
            found[number]["signed_up"] += count
        if state in CAME:
            found[number]["present"] += count
    return found
