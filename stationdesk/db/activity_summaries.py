"""The facts of blocks H, I and J, selected from activities, volunteers and partners."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    ActivityTable,
    AttendanceTable,
    PartnerTable,
    ScreeningCheckTable,
    VolunteerShiftTable,
    VolunteerTable,
)
from stationdesk.db.attendance import FAMILY
from stationdesk.db.children_models import ChildTable, EnrolmentTable
from stationdesk.db.children_scope import visible_ids
from stationdesk.db.gate import STARTS, counted, day_and_minutes, in_time, shifts_query
from stationdesk.db.partners import joint_items
from stationdesk.fields import Level
from stationdesk.records.access import Actor
from stationdesk.records.activity_figures import ActivityFacts, HeldSession, JointFact
from stationdesk.records.attendance import CAME
from stationdesk.records.calendar import Period
from stationdesk.records.counting import Event, Membership
from stationdesk.records.screening import CheckResult
from stationdesk.records.sessions import SessionStatus
from stationdesk.records.volunteers import VolunteerStatus

# Who is on the list; a pause does not take anybody off it.
_LISTED = (VolunteerStatus.ACTIVE, VolunteerStatus.PAUSED, VolunteerStatus.LEFT)


def activity_facts(session: Session, actor: Actor, year: Period) -> ActivityFacts:
    """What the three blocks are counted from in a time, with no child behind a figure whom `actor` may not
    know of."""
    depts = dict(session.execute(select(PartnerTable.id, PartnerTable.dept)).tuples().all())
    return ActivityFacts(
        sessions=held_sessions(session, year),
        volunteers=volunteer_stretches(session, _LISTED),
        shifts=_shifts(session, year),
        partners=_partners(session),
        joint=tuple(
            JointFact(number, day, frozenset(depts[partner] for partner in partners))
            for number, day, partners in joint_items(session, year.first, year.last)
        ),
        known=visible_ids(session, actor, Level.L2),
    )


def first_session_on(session: Session) -> date | None:
    """The day of the first closed session."""
    table = ActivitySessionTable
    found = session.scalar(
        select(func.min(table.start)).where(table.status == SessionStatus.DONE, table.deleted_at.is_(None))
    )
    return found.date() if found else None


def held_sessions(session: Session, year: Period) -> tuple[HeldSession, ...]:
    """The closed sessions of a time, as they are counted."""
    table = ActivitySessionTable
    came, guardians = _came(session, year)
    enrolled = _enrolled(session, year)
    columns = (table.id, table.activity_id, table.start, table.headcount_children, table.headcount_adults)
    query = (
        select(*columns, ActivityTable.form, ActivityTable.category)
        .join(ActivityTable, ActivityTable.id == table.activity_id)
        .where(table.status == SessionStatus.DONE, table.deleted_at.is_(None))
        .where(table.start >= year.start, table.start < year.end)
        .order_by(table.start, table.id)
    )
    return tuple(
        HeldSession(
            session_id=row.id,
            activity_id=row.activity_id,
            day=row.start.date(),
            form=row.form,
            category=row.category,
            children=frozenset(came[row.id]),
            enrolled=frozenset(enrolled[row.id]),
            guardians=guardians.get(row.id, 0),
            headcount_children=row.headcount_children,
            headcount_adults=row.headcount_adults,
        )
        for row in session.execute(query)
    )


def _came(session: Session, year: Period) -> tuple[dict[int, set[int]], dict[int, int]]:
    """The children who came, and how many guardians with them, by session."""
    table = AttendanceTable
    query = (
        select(table.session_id, _ids(table.child_id), func.count(FAMILY.distinct()).filter(table.guardian_present))
        .join(ActivitySessionTable, ActivitySessionTable.id == table.session_id)
        .join(ChildTable, ChildTable.id == table.child_id)
        .where(table.state.in_(CAME), table.deleted_at.is_(None))
        .where(ActivitySessionTable.start >= year.start, ActivitySessionTable.start < year.end)
        .group_by(table.session_id)
    )
    children: dict[int, set[int]] = defaultdict(set)
    guardians: dict[int, int] = {}
    for number, ids, families in session.execute(query):
        children[number], guardians[number] = _read(ids), families
    return children, guardians


def _enrolled(session: Session, year: Period) -> dict[int, set[int]]:
    """The children who came and were in stock on the day, by session."""
    table, stretch, held = AttendanceTable, EnrolmentTable, ActivitySessionTable
    day = func.date(held.start)
    query = (
        select(table.session_id, _ids(table.child_id))
        .join(held, held.id == table.session_id)
        .join(stretch, stretch.child_id == table.child_id)
        .where(table.state.in_(CAME), table.deleted_at.is_(None), stretch.deleted_at.is_(None))
        .where(held.start >= year.start, held.start < year.end)
        .where(stretch.entered_on <= day, stretch.left_on.is_(None) | (stretch.left_on > day))
        .group_by(table.session_id)
    )
    found: dict[int, set[int]] = defaultdict(set)
    found |= {number: _read(ids) for number, ids in session.execute(query)}
    return found


def _ids(column: Any) -> Any:
    """The ids of a group in one text: a year's names as rows of their own would take four times as long."""
    return func.aggregate_strings(cast(column, String), ",")


def _read(ids: str) -> set[int]:
    return set(map(int, ids.split(",")))


def volunteer_stretches(session: Session, statuses: Collection[VolunteerStatus]) -> tuple[Membership, ...]:
    """From when to when those with these statuses were on the list. Who is barred was on it until the record
    was found: what is found later never changes a month that is over."""
    table, check = VolunteerTable, ScreeningCheckTable
    hit = check.result == CheckResult.HIT
    found = select(check.volunteer_id, func.min(check.queried_on)).where(hit, check.deleted_at.is_(None))
    barred = dict(session.execute(found.group_by(check.volunteer_id)).tuples().all())
    query = select(table.id, table.joined_on, table.left_on, table.status).where(
        table.deleted_at.is_(None), table.joined_on.is_not(None)
    )
    stretches = []
    for number, joined, left, status in session.execute(query.order_by(table.id)):
        until = min((day for day in (left, barred.get(number)) if day is not None), default=None)
        known = status in statuses or (status is VolunteerStatus.BLOCKED and until is not None)
        if known and joined is not None and (until is None or until > joined):
            stretches.append(Membership(number, joined, until))
    return tuple(stretches)


def _shifts(session: Session, year: Period) -> tuple[Event, ...]:
    """The shifts that count; their days and minutes are worked out by the database."""
    table, held = VolunteerShiftTable, ActivitySessionTable
    columns = (table.id, table.volunteer_id, *day_and_minutes(STARTS, func.coalesce(table.end, held.end)))
    query = shifts_query(*columns).where(counted(), *in_time(year.start, year.end)).order_by(STARTS, table.id)
    return tuple(
        Event(number, date.fromisoformat(day), frozenset({volunteer_id}), minutes=int(minutes))
        for number, volunteer_id, day, minutes in session.execute(query)
    )


def _partners(session: Session) -> tuple[Membership, ...]:
    table = PartnerTable
    query = select(table.id, table.since, table.until).where(table.deleted_at.is_(None), table.since.is_not(None))
    return tuple(Membership(number, since, until) for number, since, until in session.execute(query) if since)
