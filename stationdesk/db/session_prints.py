"""What is printed of sessions and activities, read for paper: names masked, nobody named to families."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities import ActivityStore
from stationdesk.db.activities_models import ActivitySessionTable, ActivityTable, AttendanceTable
from stationdesk.db.attendance import AttendanceStore
from stationdesk.db.child_lists import FAMILY
from stationdesk.db.child_prints import by_child
from stationdesk.db.children_models import ChildTable
from stationdesk.db.models import BookingTable, RoomTable
from stationdesk.db.session_photos import SessionPhotoStore
from stationdesk.db.sessions import SessionStore
from stationdesk.db.shifts import ShiftStore
from stationdesk.db.staff import StaffStore
from stationdesk.db.stores import Store, needs
from stationdesk.records.access import Right
from stationdesk.records.attendance import AttendanceRow, AttendanceState
from stationdesk.records.masking import Disclosure, for_paper, project
from stationdesk.records.paper_numbers import on_paper
from stationdesk.records.session_prints import (
    ActivityRecord,
    CalendarEntry,
    SignInLine,
    SignInSheet,
    month_span,
)
from stationdesk.records.sessions import SessionStatus

S = TypeVar("S", bound=Store)


class SessionPrintStore(Store):
    """Sheets and records of sessions, and the calendar of a month."""

    @needs(Right.SEE_ACTIVITIES, reads="activity_session")
    def sign_in(self, session_id: int) -> SignInSheet:
        """What is on the sheet to sign of one session. A guardian is masked, or not there for those to whom
        the child's file is closed; raises `Missing`."""
        sessions, shifts = self._store(SessionStore), self._store(ShiftStore)
        held = sessions.load(session_id)
        [row] = sessions.rows((session_id,))
        names = on_paper(self._store(AttendanceStore).names(session_id))
        helpers = shifts.rows(shifts.find(session_id=session_id))
        with self._database.read() as session:
            places = _places(session, session_id)
            return SignInSheet(
                row=row,
                lines=tuple(self._sign_in_lines(session, [(places[line.child_id], line) for line in names])),
                left_out=len(places) - len(names),
                headcount_children=held.headcount_children,
                headcount_adults=held.headcount_adults,
                volunteers=tuple(shift for shift in helpers if not shift.did_not_come),
            )

    @needs(Right.SEE_ACTIVITIES, reads="activity_session")
    def record(self, session_id: int) -> ActivityRecord:
        """What is on the record of one session, with those photos that may be shown to others. Raises
        `Missing`, `StorageTrouble`."""
        activities, sessions = self._store(ActivityStore), self._store(SessionStore)
        held, outcome = sessions.load(session_id), sessions.outcome(session_id)
        [row] = sessions.rows((session_id,))
        [plan] = activities.rows((row.activity_id,))
        return ActivityRecord(
            activity=activities.load(row.activity_id),
            held=held,
            row=row,
            leader=plan.leader_name or "",
            staff=tuple(member.name for member in self._store(StaffStore).rows(held.staff_ids)),
            partners=activities.partner_names(row.activity_id),
            presence=outcome.presence,
            volunteers=outcome.volunteers,
            volunteer_minutes=outcome.volunteer_minutes,
            photos=self._store(SessionPhotoStore).for_publicity(session_id),
        )

    @needs(Right.SEE_ACTIVITIES)
    def calendar(self, year: int, month: int) -> tuple[CalendarEntry, ...]:
        """The sessions of a month that are planned or were held, by time."""
        table, (first, after) = ActivitySessionTable, month_span(year, month)
        shown = (ActivityTable.title, ActivityTable.target, ActivityTable.age_from, ActivityTable.age_to)
        query = (
            select(
                table.start,
                table.end,
                *shown,
                func.coalesce(RoomTable.name, table.place).label("place_name"),
                (table.status == SessionStatus.DONE).label("done"),
            )
            .join(ActivityTable, ActivityTable.id == table.activity_id)
            .outerjoin(BookingTable, BookingTable.id == table.booking_id)
            .outerjoin(RoomTable, RoomTable.id == BookingTable.room_id)
            .where(table.start >= first, table.start < after, table.deleted_at.is_(None))
            .where(table.status.in_((SessionStatus.PLANNED, SessionStatus.DONE)))
            .order_by(table.start, table.id)
        )
        with self._database.read() as session:
            return tuple(CalendarEntry(**row._mapping) for row in session.execute(query))

    def _store(self, kind: type[S]) -> S:
        """Another feature's doors, as this person has them."""
        return kind(self._database, self._actor, self._clock)

    def _sign_in_lines(self, session: Session, listed: Sequence[tuple[int, AttendanceRow]]) -> Iterator[SignInLine]:
        families = by_child(session, [row.child_id for _number, row in listed], FAMILY)
        for number, row in listed:
            guardian = next((member for member in families.get(row.child_id, ()) if member.is_guardian), None)
            line = SignInLine(
                number=number,
                name=row.name,
                sex=row.sex,
                age=row.age,
                guardian_name=guardian.name if guardian else None,
                guardian_phone=guardian.phone if guardian else None,
                state=row.state,
                guardian_present=row.guardian_present,
            )
            yield for_paper(project(line, self._actor, own=row.own), Disclosure.MASKED)


def _places(session: Session, session_id: int) -> dict[int, int]:
    """The number each child has on the list of a session: the same for whoever prints it or ticks by it."""
    table, child = AttendanceTable, ChildTable
    there = (table.session_id == session_id, table.state != AttendanceState.WITHDRAWN, table.deleted_at.is_(None))
    listed = select(child.id).join(table, table.child_id == child.id).where(*there).order_by(child.name_key, child.id)
    return {number: place for place, number in enumerate(session.scalars(listed), start=1)}
