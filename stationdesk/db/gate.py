"""The gate before work with children: every door that chooses a person asks here, and only here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Integer, String, func, select, union_all
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    ScreeningCheckTable,
    TrainingTable,
    VolunteerShiftTable,
    VolunteerTable,
)
from stationdesk.db.models import StaffTable
from stationdesk.db.stores import load, record_of
from stationdesk.errors import Problem
from stationdesk.i18n import N_
from stationdesk.records.screening import (
    Body,
    CheckResult,
    Expiring,
    ScreeningCheck,
    ScreeningDue,
    Training,
    screening_problem,
)
from stationdesk.records.sessions import NOT_HELD, SessionStatus
from stationdesk.records.shifts import Stint, VolunteerShift, Worked, overlap_problems, span_problems
from stationdesk.records.staff import Staff
from stationdesk.records.volunteers import Volunteer, VolunteerStatus, choice_problems


def checks_of(session: Session, person: Any, person_id: int) -> tuple[ScreeningCheck, ...]:
    """The checks of one person; `person` is the column that names them, staff or volunteer."""
    table = ScreeningCheckTable
    kept = select(table).where(person == person_id, table.deleted_at.is_(None))
    return tuple(record_of(ScreeningCheck, row) for row in session.scalars(kept.order_by(table.queried_on, table.id)))


def checks_by(session: Session, person: Any) -> dict[int, list[ScreeningCheck]]:
    """All checks, by whom they are of; `person` is the column that names them."""
    table = ScreeningCheckTable
    found: dict[int, list[ScreeningCheck]] = defaultdict(list)
    # Plain rows: ten years of checks as objects that nobody changes would take three times as long.
    kept = select(table.__table__).where(person.is_not(None), table.deleted_at.is_(None))
    for row in session.execute(kept.order_by(table.queried_on, table.id)):
        found[getattr(row, person.key)].append(record_of(ScreeningCheck, cast(Any, row)))
    return found


def latest_checks_by(
    session: Session, person: Any, people: Collection[int] | None = None
) -> dict[int, list[ScreeningCheck]]:
    """The latest check with each result, of all or of `people`: enough to say until when they are cleared."""
    table = ScreeningCheckTable
    kept = select(person, table.result, func.max(table.queried_on)).where(
        person.is_not(None), table.deleted_at.is_(None)
    )
    if people is not None:
        kept = kept.where(person.in_(people))
    found: dict[int, list[ScreeningCheck]] = defaultdict(list)
    for number, result, day in session.execute(kept.group_by(person, table.result)):
        found[number].append(ScreeningCheck(queried_on=day, result=result))
    return found


def staff_problems(session: Session, place: str, staff_id: int | None, day: date) -> Sequence[Problem]:
    """What keeps a member of the team from being chosen for `day`."""
    row = session.get(StaffTable, staff_id) if staff_id else None
    if row is None or row.deleted_at is not None:
        return (Problem(place, N_("请从人员名单里选择负责人。")),)
    member = record_of(Staff, row)
    if not member.serves_on(day):
        text = N_("{name}在{day}不在岗，请换一位负责人。")
        return (Problem(place, text, {"name": member.name, "day": day.isoformat()}),)
    found = screening_problem(place, member.name, checks_of(session, ScreeningCheckTable.staff_id, row.id), day)
    return () if found is None else (found,)


def volunteer_problems(session: Session, place: str, volunteer_id: int, day: date) -> Sequence[Problem]:
    """What keeps a volunteer from being chosen for `day`."""
    volunteer = load(session, Volunteer, VolunteerTable, volunteer_id)
    checks = checks_of(session, ScreeningCheckTable.volunteer_id, volunteer_id)
    return tuple(choice_problems(place, volunteer, checks, _trainings(session, volunteer_id), day))


def cleared_volunteers(session: Session, people: Sequence[int], day: date) -> list[int]:
    """Who of `people` may be chosen for `day`, in their order: as `volunteer_problems` says, all at once."""
    checks, trainings = _recent_checks(session, day), _first_trainings(session)
    table = VolunteerTable
    listed = select(table).where(table.status == VolunteerStatus.ACTIVE, table.deleted_at.is_(None))
    fit = {
        row.id
        for row in session.scalars(listed)
        if not any(choice_problems("", record_of(Volunteer, row), checks[row.id], trainings[row.id], day))
    }
    return [number for number in people if number in fit]


def _recent_checks(session: Session, day: date) -> Mapping[int | None, list[ScreeningCheck]]:
    """The checks of volunteers that may still hold on `day`, and those with a record, whenever it was."""
    table = ScreeningCheckTable
    query = select(table.volunteer_id, table.queried_on, table.result).where(
        table.volunteer_id.is_not(None),
        table.deleted_at.is_(None),
        (table.queried_on > day - timedelta(days=366)) | (table.result == CheckResult.HIT),
    )
    found: dict[int | None, list[ScreeningCheck]] = defaultdict(list)
    for number, queried_on, result in session.execute(query):
        found[number].append(ScreeningCheck(volunteer_id=number, queried_on=queried_on, result=result))
    return found


def _first_trainings(session: Session) -> Mapping[int | None, list[Training]]:
    """The first training of each volunteer."""
    table = TrainingTable
    query = (
        select(table.volunteer_id, func.min(table.day))
        .where(table.volunteer_id.is_not(None), table.deleted_at.is_(None))
        .group_by(table.volunteer_id)
    )
    found: dict[int | None, list[Training]] = defaultdict(list)
    for number, day in session.execute(query):
        found[number].append(Training(volunteer_id=number, day=day))
    return found


def _trainings(session: Session, volunteer_id: int) -> tuple[Training, ...]:
    table = TrainingTable
    kept = select(table).where(table.volunteer_id == volunteer_id, table.deleted_at.is_(None))
    return tuple(record_of(Training, row) for row in session.scalars(kept))


def shift_problems(session: Session, shift: VolunteerShift, span: tuple[datetime, datetime]) -> Sequence[Problem]:
    """All that speaks against a shift at `span`: its length, who helps, where else they help then."""
    start, end = span
    found = list(span_problems(start, end))
    if found:
        return found
    found += volunteer_problems(session, "volunteer_id", shift.volunteer_id, start.date())
    name = load(session, Volunteer, VolunteerTable, shift.volunteer_id).name
    planned = Worked(shift.id or 0, shift.volunteer_id, start, end)
    table = VolunteerShiftTable
    others = worked(session, table.volunteer_id == shift.volunteer_id, table.uuid != shift.uuid)
    return (*found, *overlap_problems(name, planned, others))


def still_planned(
    session: Session, staff: frozenset[int], volunteers: frozenset[int], now: datetime
) -> Iterator[ScreeningDue]:
    """The next time each of these people, who must not, is planned to work with children."""
    held, shift = ActivitySessionTable, VolunteerShiftTable
    if not staff and not volunteers:
        return
    coming = select(held.start, held.id, held.responsible_id, held.staff_ids).where(
        held.status == SessionStatus.PLANNED, held.end > now, held.deleted_at.is_(None)
    )
    named = select(StaffTable.id, StaffTable.name).where(StaffTable.id.in_(staff))
    names: dict[int | None, str] = dict(session.execute(named).tuples().all())
    for start, number, responsible, others in session.execute(coming.order_by(held.start, held.id)):
        for person in (responsible, *others):
            if person in names:
                yield _planned(names.pop(person), Body.STAFF, person, start, number)
    theirs = shifts_query(VolunteerTable.name, shift.volunteer_id, STARTS, shift.session_id)
    theirs = theirs.join(VolunteerTable, VolunteerTable.id == shift.volunteer_id)
    theirs = theirs.where(shift.volunteer_id.in_(volunteers), now <= STARTS).order_by(STARTS, shift.id)
    told: set[int] = set()
    for name, person, start, number in session.execute(theirs):
        if person not in told:
            told.add(person)
            yield _planned(name, Body.VOLUNTEER, person, start, number)


def _planned(name: str, body: Body, person_id: int | None, start: datetime, session_id: int | None) -> ScreeningDue:
    return ScreeningDue(
        name=name,
        body=body,
        person_id=person_id or 0,
        kind=Expiring.CHECK,
        on=start.date(),
        overdue=True,
        planned=True,
        session_id=session_id,
    )


# When a shift begins: at its own time, else at its session's.
STARTS = func.coalesce(VolunteerShiftTable.start, ActivitySessionTable.start)


def in_time(begun: datetime | None, over: datetime | None) -> tuple[Any, ...]:
    """The shifts that begin from `begun` on and before `over`, None being no bound. Their ids are looked up
    first, by the one and by the other of the two times, for no index knows which of them it is."""
    table, held = VolunteerShiftTable, ActivitySessionTable
    if begun is None and over is None:
        return ()
    own = select(table.id).where(*_bounds(table.start, begun, over))
    of_sessions = select(table.id).join(held, held.id == table.session_id).where(*_bounds(held.start, begun, over))
    return (*_bounds(STARTS, begun, over), table.id.in_(own.union_all(of_sessions)))


def _bounds(column: Any, begun: datetime | None, over: datetime | None) -> Iterator[Any]:
    if begun is not None:
        yield column >= begun
    if over is not None:
        yield column < over


def shifts_query(*columns: Any, called_off: bool = False) -> Any:
    """`columns` of shifts and their sessions; those of a session that is not held are left out, unless with
    `called_off`."""
    table = VolunteerShiftTable
    held = table.session_id.is_(None) | ActivitySessionTable.status.not_in(NOT_HELD)
    return (
        select(*columns)
        .outerjoin(ActivitySessionTable, ActivitySessionTable.id == table.session_id)
        .where(table.deleted_at.is_(None), *(() if called_off else (held,)))
    )


def counted() -> Any:
    """The shifts that count: confirmed, or of a closed session; who did not come has none."""
    table = VolunteerShiftTable
    confirmed = table.session_id.is_(None) & table.confirmed_by.is_not(None)
    closed = func.coalesce(ActivitySessionTable.status == SessionStatus.DONE, False)
    return ~table.did_not_come & (confirmed | closed)


def worked(session: Session, *which: Any) -> Iterable[Worked]:
    """The shifts that meet `which`, as they take place, whether they count yet or not; those of who did
    not come hold nobody."""
    table = VolunteerShiftTable
    columns = (table.id, table.volunteer_id, table.start, ActivitySessionTable.start, table.end)
    query = shifts_query(*columns, ActivitySessionTable.end, counted()).where(*which, ~table.did_not_come)
    for number, volunteer, start, begun, end, over, counts in session.execute(query.order_by(STARTS, table.id)):
        yield Worked(number, volunteer, start or begun, end or over, bool(counts))


def stints_between(session: Session, begun: datetime, over: datetime) -> Iterable[Stint]:
    """What counts of the shifts that begin in a time: those with a time of their own and those with
    their session's, each found by the index over its start. A year of everybody is read at once, so
    days and minutes are worked out by the database."""
    table, held = VolunteerShiftTable, ActivitySessionTable
    columns = (table.volunteer_id, *day_and_minutes(table.start, table.end))
    own = shifts_query(*columns).where(counted(), table.start >= begun, table.start < over)
    theirs = (
        select(table.volunteer_id, *day_and_minutes(held.start, held.end))
        .join(held, held.id == table.session_id)
        .where(table.deleted_at.is_(None), counted(), table.start.is_(None), held.start >= begun, held.start < over)
    )
    return [(number, day, int(length)) for number, day, length in session.execute(union_all(own, theirs)).all()]


def day_and_minutes(start: Any, end: Any) -> tuple[Any, Any]:
    """The day, as `2026-10-31`, and the minutes of what has a start and an end."""
    minutes = (func.julianday(end) - func.julianday(start)) * 1440
    return func.date(start, type_=String), func.round(minutes, type_=Integer)
