"""Attendance: signing up, moving up from the queue, ticking who came, and a child's next session."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivitySessionTable, ActivityTable, AttendanceTable
from stationdesk.db.child_lists import CONSENTS, lines
from stationdesk.db.children_models import ChildTable
from stationdesk.db.children_scope import child_row, is_open, living_row, seen
from stationdesk.db.models import BookingTable, RoomTable
from stationdesk.db.stores import Store, load, needs, record_of, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.fields import Level
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.activities import Activity
from stationdesk.records.ages import age_on
from stationdesk.records.attendance import (
    CAME,
    PLACED,
    TICKED,
    Attendance,
    AttendanceRow,
    AttendanceState,
    SignUp,
    TakenPart,
    child_problems,
    guardian_problem,
    is_regular,
    next_in_line,
    place_left,
    queue,
    regular_since,
    session_problems,
)
from stationdesk.records.children import is_own
from stationdesk.records.sessions import NOT_HELD, ActivitySession, NextSession, SessionStatus

# Brothers and sisters come with one guardian: whose family it is, or the child alone.
FAMILY: ColumnElement[int] = func.coalesce(-ChildTable.household_id, AttendanceTable.child_id)
# Who can be taken off the list; the absent too, for a tick may have meant another child.
_WITH_US = (AttendanceState.SIGNED_UP, AttendanceState.WAITING, AttendanceState.ABSENT)


class AttendanceStore(Store):
    """Names at sessions; nobody reads or ticks here a child they may not know of."""

    def _is_mine(self, record: object) -> bool:
        return isinstance(record, AttendanceRow) and record.own

    @needs(Right.SEE_ACTIVITIES, reads="activity_session")
    def names(self, session_id: int) -> tuple[AttendanceRow, ...]:
        """Who signed up and came, as far as the person may know of them, by name."""
        table, child = AttendanceTable, ChildTable
        shown = (child.name, child.sex, child.birth_date, child.words, child.worker_id, child.counsellor_id)
        query = (
            select(table, *shown)
            .join(child, child.id == table.child_id)
            .where(table.session_id == session_id, table.deleted_at.is_(None), seen(self._actor))
            .order_by(child.name_key, child.id)
        )
        with self._database.read() as session:
            day = load(session, ActivitySession, ActivitySessionTable, session_id).start.date()
            found = session.execute(query).all()
            # Also those wait one may not know of.
            waiting = {line.child_id: place for place, line in enumerate(queue(_lines(session, session_id)), start=1)}
            often = regulars(session, [row[0].child_id for row in found], day)
            return tuple(
                AttendanceRow(
                    id=line.id,
                    child_id=line.child_id,
                    name=name,
                    sex=sex,
                    age=age_on(birth, day) if birth else None,
                    state=line.state,
                    queue=waiting.get(line.child_id),
                    regular=line.child_id in often,
                    guardian_present=line.guardian_present,
                    picked_up_by=line.picked_up_by,
                    words=words,
                    own=is_own(worker, counsellor, self._actor),
                )
                for line, name, sex, birth, words, worker, counsellor in found
            )

    @needs(Right.EDIT_ACTIVITIES)
    def sign_up(self, session_id: int, child_ids: Sequence[int], *, all_sessions: bool = False) -> tuple[SignUp, ...]:
        """Sign children up, for this session or, as in a group, for this and all later ones; who comes when
        the quota is full waits. All or none: raises `Refused`, `Missing`."""
        with self._database.write() as session:
            done: list[SignUp] = []
            for held in self._meant(session, session_id, all_sessions=all_sessions):
                activity = load(session, Activity, ActivityTable, held.activity_id)
                Refused.over(session_problems(held, self._clock()))
                problems: list[Problem] = []
                for child_id in dict.fromkeys(child_ids):
                    problems += self._judge(session, activity, held, child_id)
                Refused.over(problems)
                done += [self._signed(session, activity, held, child_id) for child_id in dict.fromkeys(child_ids)]
            return tuple(done)

    def _meant(self, session: Session, session_id: int, *, all_sessions: bool) -> Sequence[ActivitySession]:
        held = load(session, ActivitySession, ActivitySessionTable, session_id)
        if not all_sessions:
            return (held,)
        table = ActivitySessionTable
        later = select(table).where(
            table.activity_id == held.activity_id,
            table.start > held.start,
            table.status == SessionStatus.PLANNED,
            table.deleted_at.is_(None),
        )
        return (held, *(record_of(ActivitySession, row) for row in session.scalars(later.order_by(table.start))))

    def _judge(self, session: Session, activity: Activity, held: ActivitySession, child_id: int) -> Iterator[Problem]:
        row = living_row(session, self._actor, child_id)
        consents = lines(session, child_id, CONSENTS)
        yield from child_problems(activity, row.name, row.birth_date, consents, held.start.date())

    def _signed(self, session: Session, activity: Activity, held: ActivitySession, child_id: int) -> SignUp:
        line = _line(session, held.id or 0, child_id)
        if line is None or line.state is AttendanceState.WITHDRAWN:
            free = place_left(activity.quota, _states(session, held.id or 0))
            state = AttendanceState.SIGNED_UP if free else AttendanceState.WAITING
            fresh = line or Attendance(session_id=held.id or 0, child_id=child_id, signed_at=self._clock())
            line = replace(fresh, state=state, signed_at=self._clock())
            line = replace(line, id=save(session, AttendanceTable, line, self._stamp()))
        return SignUp(attendance_id=line.id or 0, child_id=child_id, state=line.state)

    @needs(Right.EDIT_ACTIVITIES)
    def withdraw(self, session_id: int, child_id: int) -> tuple[int, ...]:
        """Take a child off a session; returns the ids of the children who move up in its place. Raises
        `Refused`, `Missing`."""
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            Refused.over(session_problems(held, self._clock()))
            living_row(session, self._actor, child_id)
            line = _line(session, session_id, child_id)
            if line is None or line.state not in _WITH_US:
                raise Refused(Problem("child_id", N_("这个孩子没有报名这一场，或已经点过名，不能退出。")))
            save(session, AttendanceTable, replace(line, state=AttendanceState.WITHDRAWN), self._stamp())
            quota = load(session, Activity, ActivityTable, held.activity_id).quota
            return promote(session, session_id, quota, self._stamp())

    @needs(Right.EDIT_ACTIVITIES)
    def tick(
        self,
        session_id: int,
        child_ids: Sequence[int],
        state: AttendanceState = AttendanceState.PRESENT,
        *,
        guardian_present: bool = False,
        siblings: bool = False,
    ) -> tuple[int, ...]:
        """Say of children that they came (or were absent); returns the ids of all who were ticked. With
        `siblings` their brothers and sisters on the list are ticked too. Who comes without having signed up
        is taken in while there is a place. All or none: raises `Refused`, `Missing`."""
        if state not in TICKED:
            raise Refused(Problem("state", N_("点名请选到场、迟到、早退或缺席。")))
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            Refused.over(session_problems(held, self._clock(), ticking=True))
            meant = dict.fromkeys(child_ids, state)
            if siblings:
                meant |= dict.fromkeys(self._siblings(session, session_id, child_ids), state)
            self._tick_all(session, held, meant, with_guardian=guardian_present)
            return tuple(meant)

    def _tick_all(
        self, session: Session, held: ActivitySession, states: Mapping[int, AttendanceState], *, with_guardian: bool
    ) -> None:
        """Set all lines or none; raises `Refused` with all that speaks against it."""
        activity = load(session, Activity, ActivityTable, held.activity_id)
        problems: list[Problem] = []
        for child_id, state in states.items():
            problems += self._tick(session, activity, held, child_id, state, with_guardian=with_guardian)
        Refused.over(problems)

    def _tick(
        self,
        session: Session,
        activity: Activity,
        held: ActivitySession,
        child_id: int,
        state: AttendanceState,
        *,
        with_guardian: bool,
    ) -> Iterator[Problem]:
        """Set one line, or say what speaks against it; the caller takes all back where anything does."""
        line = _line(session, held.id or 0, child_id)
        name = living_row(session, self._actor, child_id).name
        if state is AttendanceState.ABSENT and line is None:
            yield Problem("child_id", N_("{name}没有报名这一场，不能登记缺席。"), {"name": name})
            return
        if state in CAME:
            yield from self._judge(session, activity, held, child_id)
            alone = guardian_problem(activity, name, present=with_guardian)
            if alone is not None:
                yield alone
            placed = line is not None and line.state in PLACED
            if not placed and not place_left(activity.quota, _states(session, held.id or 0)):
                text = N_("名额{quota}人已满，{name}只能候补；确实到场的请先调整活动的名额。")
                yield Problem("child_id", text, {"quota": activity.quota, "name": name})
                return
        fresh = line or Attendance(session_id=held.id or 0, child_id=child_id, signed_at=self._clock())
        came = state in CAME
        save(
            session,
            AttendanceTable,
            replace(fresh, state=state, guardian_present=came and with_guardian),
            self._stamp(),
        )

    def _siblings(self, session: Session, session_id: int, child_ids: Sequence[int]) -> list[int]:
        """Brothers and sisters on the list of a session, of children whose household the person may know."""
        rows = [living_row(session, self._actor, child_id) for child_id in child_ids]
        homes = [row.household_id for row in rows if row.household_id and is_open(self._actor, row, Level.L3)]
        table = AttendanceTable
        on_list = (
            select(table.child_id)
            .join(ChildTable, ChildTable.id == table.child_id)
            .where(table.session_id == session_id, table.state != AttendanceState.WITHDRAWN)
            .where(table.deleted_at.is_(None), ChildTable.household_id.in_(homes), seen(self._actor))
        )
        return list(session.scalars(on_list.order_by(table.child_id)))

    @needs(Right.EDIT_ACTIVITIES)
    def pick_up(self, session_id: int, child_id: int, by: str) -> None:
        """Note who took a child home; it changes no figure, so it may be noted after the close. Raises
        `Refused`, `Missing`."""
        with self._database.write() as session:
            living_row(session, self._actor, child_id)
            line = _line(session, session_id, child_id)
            if line is None or line.state not in CAME:
                raise Refused(Problem("picked_up_by", N_("这个孩子没有登记到场，请先点名。")))
            line = replace(line, picked_up_by=by.strip() or None)
            verify(line)
            save(session, AttendanceTable, line, self._stamp())

    @needs(Right.SEE_ACTIVITIES)
    def next_session(self, child_id: int) -> NextSession | None:
        """The next session a child is signed up for; raises `Missing`."""
        table, meeting = AttendanceTable, ActivitySessionTable
        place = func.coalesce(RoomTable.name, meeting.place).label("place_name")
        query = (
            select(meeting.id.label("session_id"), ActivityTable.title, meeting.start, meeting.end, place)
            .join(table, table.session_id == meeting.id)
            .join(ActivityTable, ActivityTable.id == meeting.activity_id)
            .outerjoin(BookingTable, BookingTable.id == meeting.booking_id)
            .outerjoin(RoomTable, RoomTable.id == BookingTable.room_id)
            .where(table.child_id == child_id, table.state == AttendanceState.SIGNED_UP, table.deleted_at.is_(None))
            .where(meeting.status == SessionStatus.PLANNED, meeting.end > self._clock(), meeting.deleted_at.is_(None))
            .order_by(meeting.start, meeting.id)
        )
        with self._database.read() as session:
            child_row(session, self._actor, child_id)
            row = session.execute(query.limit(1)).first()
            return None if row is None else NextSession(**row._mapping)

    @needs(Right.SEE_ACTIVITIES)
    def attended(self, child_id: int) -> "array[int]":
        """Ids of the closed sessions a child came to, the latest first; raises `Missing`."""
        table, meeting = AttendanceTable, ActivitySessionTable
        query = (
            select(meeting.id)
            .join(table, table.session_id == meeting.id)
            .where(table.child_id == child_id, table.state.in_(CAME), table.deleted_at.is_(None))
            .where(meeting.status == SessionStatus.DONE, meeting.deleted_at.is_(None))
            .order_by(meeting.start.desc(), meeting.id.desc())
        )
        with self._database.read() as session:
            child_row(session, self._actor, child_id)
            return array("q", session.scalars(query))


def taken_part(session: Session, child_id: int) -> tuple[TakenPart, ...]:
    """The sessions a child came to or means to come to, the latest first; those called off are left out."""
    table, meeting = AttendanceTable, ActivitySessionTable
    query = (
        select(
            *(meeting.id, meeting.start, ActivityTable.title, ActivityTable.form, table.state, table.guardian_present),
            (meeting.status == SessionStatus.DONE).label("closed"),
        )
        .join(table, table.session_id == meeting.id)
        .join(ActivityTable, ActivityTable.id == meeting.activity_id)
        .where(table.child_id == child_id, table.deleted_at.is_(None), table.state != AttendanceState.WITHDRAWN)
        .where(meeting.status.not_in(NOT_HELD), meeting.deleted_at.is_(None))
        .order_by(meeting.start.desc(), meeting.id.desc())
    )
    return tuple(TakenPart(**row._mapping) for row in session.execute(query))


def promote(session: Session, session_id: int, quota: int | None, stamp: tuple[str, str]) -> tuple[int, ...]:
    """Give the free places of a session to those who wait; returns the children's ids."""
    up = next_in_line(_lines(session, session_id), quota)
    for line in up:
        save(session, AttendanceTable, replace(line, state=AttendanceState.SIGNED_UP), stamp)
    return tuple(line.child_id for line in up)


def untick(session: Session, session_id: int, quota: int | None, stamp: tuple[str, str]) -> None:
    """Whoever was ticked for a session is signed up again, as it is still to come; who had been absent
    waits where the places are taken by now."""
    table = AttendanceTable
    ticked = select(table).where(table.session_id == session_id, table.state.in_(TICKED), table.deleted_at.is_(None))
    for row in session.scalars(ticked.order_by(table.state == AttendanceState.ABSENT, table.signed_at, table.id)):
        free = row.state in CAME or place_left(quota, _states(session, session_id))
        state = AttendanceState.SIGNED_UP if free else AttendanceState.WAITING
        line = replace(record_of(Attendance, row), state=state, guardian_present=False, picked_up_by=None)
        save(session, table, line, stamp)


def regulars(session: Session, child_ids: Collection[int] | None, day: date) -> frozenset[int]:
    """Who of these (of all, where none are named) is a regular on `day`: what counts are closed sessions."""
    table, meeting = AttendanceTable, ActivitySessionTable
    first = datetime.combine(regular_since(day), time())
    came = (
        select(table.child_id, meeting.start)
        .join(meeting, meeting.id == table.session_id)
        .where(table.state.in_(CAME), table.deleted_at.is_(None), meeting.status == SessionStatus.DONE)
        .where(meeting.start >= first, meeting.start < datetime.combine(day + timedelta(days=1), time()))
    )
    if child_ids is not None:
        came = came.where(table.child_id.in_(child_ids))
    days: dict[int, list[date]] = defaultdict(list)
    for child_id, start in session.execute(came):
        days[child_id].append(start.date())
    return frozenset(child_id for child_id, held in days.items() if is_regular(held, day))


def _lines(session: Session, session_id: int) -> list[Attendance]:
    table = AttendanceTable
    kept = select(table).where(table.session_id == session_id, table.deleted_at.is_(None))
    return [record_of(Attendance, row) for row in session.scalars(kept)]


def _line(session: Session, session_id: int, child_id: int) -> Attendance | None:
    table = AttendanceTable
    found: Any = session.scalar(select(table).where(table.session_id == session_id, table.child_id == child_id))
    return None if found is None else record_of(Attendance, found)


def _states(session: Session, session_id: int) -> list[AttendanceState]:
    table = AttendanceTable
    return list(session.scalars(select(table.state).where(table.session_id == session_id, table.deleted_at.is_(None))))
