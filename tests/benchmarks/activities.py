"""The worst case's 6,000 sessions with 300,000 names, 600 volunteers with 80,000 shifts: lists, ticking, closing,
hours, the month with blocks H to J."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import text

from stationdesk import demonstration
from stationdesk.desk import Desk
from stationdesk.records.activities import ActivityQuery
from stationdesk.records.audit import Action
from stationdesk.records.partners import PartnerQuery
from stationdesk.records.sessions import Closing, SessionQuery
from stationdesk.records.volunteers import VolunteerQuery
from tests.benchmarks.figures import Figure, median, worst_case

_TIMES = 9
_ALIVE = "WHERE deleted_at IS NULL"
_SESSIONS = f"SELECT id FROM activity_session {_ALIVE} ORDER BY start, id"
_SESSION_ROWS = f"SELECT * FROM activity_session {_ALIVE} ORDER BY start, id LIMIT 200"
_COUNTED = (
    "SELECT session_id, state, count(*) FROM attendance WHERE session_id IN "
    f"(SELECT id FROM activity_session {_ALIVE} ORDER BY start, id LIMIT 200) GROUP BY session_id, state"
)
_GROUPED = "SELECT activity_id, min(start), count(*) FROM activity_session GROUP BY activity_id"
_VOLUNTEERS = f"SELECT * FROM volunteer {_ALIVE} ORDER BY name_key, id"
_CHECKS = "SELECT * FROM screening_check WHERE volunteer_id IS NOT NULL"
_TRAININGS = "SELECT * FROM training WHERE volunteer_id IS NOT NULL"
_NAMES = "SELECT * FROM attendance JOIN child ON child.id = child_id WHERE session_id = :session"
_SHIFTS = (
    "SELECT s.id, s.volunteer_id, coalesce(s.start, a.start), coalesce(s.end, a.end) FROM volunteer_shift s "
    "LEFT JOIN activity_session a ON a.id = s.session_id WHERE coalesce(s.start, a.start) BETWEEN :first AND :last"
)
_OWN_SHIFTS = f"{_SHIFTS} AND s.volunteer_id = :volunteer"
_YEAR = (
    "SELECT t.session_id, t.child_id FROM attendance t JOIN activity_session a ON a.id = t.session_id "
    "WHERE a.start BETWEEN :first AND :last"
)
_TOGETHER = "SELECT count(*) FROM activity_session a JOIN partner_link l ON l.activity_id = a.activity_id"


def measure() -> Iterator[Figure]:
    """Each beside the bare queries it cannot do without, on the same open file."""
    demo = demonstration.read(worst_case())
    if demo is None:
        return
    with demonstration.at_desk(demo) as desk:
        yield from _lists(desk, demo.until)
        yield from _on_the_day(desk)
        yield from _hours(desk, demo.until.year - 1)
        year = demo.until.year - 1
        span = {"first": f"{year}-01-01", "last": f"{year + 1}-01-01"}
        bare = _bare(desk, _YEAR, **span) + _bare(desk, _SHIFTS, **span)
        month = partial(desk.summaries.figures, year, 12)
        yield _figure("month with blocks H to J, a whole year", month, "bare names and shifts", bare, 3000)


def _lists(desk: Desk, today: date) -> Iterator[Figure]:
    """First rows of each list, and finding."""
    line = _took(lambda: desk.opened.database.note(Action.SEARCH, "activity"))
    ids, counted = _bare(desk, _SESSIONS), _bare(desk, _SESSION_ROWS) + _bare(desk, _COUNTED)
    yield _figure(
        "first ids and 200 rows of sessions",
        lambda: _first(desk.sessions, SessionQuery()),
        "bare rows",
        ids + counted,
        120,
    )
    found = partial(desk.sessions.find, SessionQuery(words="小组"))
    yield _figure("sessions found as typed", found, "bare ids and a line of the audit", ids + line, 50)
    grouped = _bare(desk, _GROUPED)
    activities = partial(_first, desk.activities, ActivityQuery())
    yield _figure("first ids and 200 rows of activities", activities, "bare sums", 2 * grouped, 120)
    people, checks = _bare(desk, _VOLUNTEERS), _bare(desk, _CHECKS)
    volunteers = partial(_first, desk.volunteers, VolunteerQuery())
    yield _figure("first ids and 200 rows of volunteers", volunteers, "bare rows", people + checks, 120)
    cleared = partial(desk.volunteers.find, VolunteerQuery(cleared_on=today))
    judged = people + checks + _bare(desk, _TRAININGS)
    yield _figure("who may be chosen of 600 volunteers", cleared, "bare rows", judged, 120)
    yield _figure("checks and insurances that run out", desk.screening.due, "bare rows", people + checks, 120)
    free = partial(desk.screening.choosable_staff, today)
    yield _figure("who may be chosen of the team", free, "bare checks", checks, 50)
    together = _bare(desk, _TOGETHER)
    partners = partial(_first, desk.partners, PartnerQuery())
    yield _figure("partners with the joint work of the year", partners, "bare links", together, 120)
    joint = desk.partners.find_joint(date(2000, 1, 1), today)
    rows = partial(desk.partners.joint_rows, joint[-200:])
    yield _figure("200 rows of joint work", rows, "bare links", together, 120)


def _on_the_day(desk: Desk) -> Iterator[Figure]:
    """The fullest session that can still be opened again: its names, ticking, closing."""
    query = (
        "SELECT s.id FROM activity_session s JOIN activity a ON a.id = s.activity_id "
        "JOIN attendance t ON t.session_id = s.id WHERE s.status = 'DONE' AND s.booking_id IS NOT NULL "
        "AND a.ended_on IS NULL AND t.state = 'PRESENT' GROUP BY s.id ORDER BY count(*) DESC LIMIT 1"
    )
    session_id = int(_one(desk, query))
    names = _bare(desk, _NAMES, session=session_id)
    yield _figure("the names of a session", partial(desk.attendance.names, session_id), "bare names", names, 50)
    held = desk.sessions.load(session_id)
    said = {name: getattr(held, name) for name in ("headcount_children", "headcount_adults", "cost", "satisfaction")}
    activity = desk.activities.load(held.activity_id)
    child = next(row for row in desk.attendance.names(session_id) if row.state.code == "PRESENT")
    written = _took(partial(_write, desk, "attendance", child.id))
    whole = 3 * written + names
    desk.sessions.reopen(session_id)
    tick = partial(desk.attendance.tick, session_id, [child.child_id], guardian_present=activity.guardian_required)
    yield _figure("ticking a child", tick, "a bare row written", written, 100)
    desk.sessions.close_session(session_id, Closing(**said))
    close = partial(desk.sessions.close_session, session_id, Closing(**said))
    closing = _took(close, before=partial(desk.sessions.reopen, session_id))
    yield Figure("closing a session", closing, "ms", "three bare rows written and the names", whole, limit=100.0)
    attended = partial(desk.attendance.attended, child.child_id)
    bare = _bare(desk, "SELECT session_id FROM attendance WHERE child_id = :child", child=child.child_id)
    yield _figure("where a child came", attended, "bare ids", bare, 50)
    coming = partial(desk.attendance.next_session, child.child_id)
    yield _figure("a child's next session", coming, "bare ids", bare, 50)


def _hours(desk: Desk, year: int) -> Iterator[Figure]:
    """What the year of the busiest volunteer adds up to."""
    number = int(_one(desk, "SELECT volunteer_id FROM volunteer_shift GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"))
    span = {"first": f"{year}-01-01", "last": f"{year + 1}-01-01"}
    own = _bare(desk, _OWN_SHIFTS, volunteer=number, **span)
    yield _figure("hours of a volunteer's year", partial(desk.shifts.hours, number, year), "bare shifts", own, 50)
    all_of_them = _bare(desk, _SHIFTS, **span)
    ranking = partial(desk.shifts.ranking, year)
    yield _figure("hours of a year of all volunteers", ranking, "bare shifts of the year", all_of_them, 50)
    days = partial(desk.shifts.find, first=date(year, 10, 1), last=date(year, 10, 31))
    yield _figure("the shifts of a month", days, "bare shifts of the year", all_of_them, 50)
    mine = desk.shifts.find(volunteer_id=number)
    yield _figure("200 rows of shifts", partial(desk.shifts.rows, mine[-200:]), "bare shifts", own, 50)


def _figure(name: str, work: Callable[[], object], yardstick: str, bare: float, limit: float) -> Figure:
    return Figure(name, _took(work), "ms", yardstick, bare, limit=float(limit))


def _took(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """The median of several times, in ms, the first not counted: it fills the page cache."""
    taken = []
    for _ in range(_TIMES + 1):
        before()
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return median(taken[1:])


def _bare(desk: Desk, query: str, **values: object) -> float:
    with desk.opened.database.read() as session:
        return _took(lambda: session.execute(text(query), values).all())


def _one(desk: Desk, query: str) -> Any:
    with desk.opened.database.read() as session:
        return session.execute(text(query)).scalar_one()


def _write(desk: Desk, table: str, number: int) -> None:
    with desk.opened.database.write() as session:
        session.execute(text(f"UPDATE {table} SET version = version WHERE id = :id"), {"id": number})


def _first(store: Any, query: object) -> object:
    return store.rows(store.find(query)[:200])
