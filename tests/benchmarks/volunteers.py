"""The hours of a year for all volunteers, at a station of ten years with 8,000 shifts each."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, text

from stationdesk.db.activities_models import ActivitySessionTable, VolunteerShiftTable
from stationdesk.desk import Desk
from stationdesk.records.sessions import SessionStatus
from stationdesk.records.volunteers import VolunteerWork
from tests.activities import planned, volunteer
from tests.benchmarks.figures import Figure
from tests.stations import at_desk, founded

YEARS, SESSIONS, PEOPLE = range(2017, 2027), 1600, 120
_TIMES = 9
_BARE = "SELECT id, volunteer_id, start FROM volunteer_shift WHERE start >= '2026-01-01' AND start < '2027-01-01'"


def _fill(desk: Desk) -> None:
    """A session of two hours with three helpers, and two who helped on their own, 1,600 times a year."""
    people = [desk.volunteers.save(volunteer(f"志愿者{n}", phone=f"139{n:08d}")) for n in range(PEOPLE)]
    held = planned(desk, datetime(2026, 11, 25, 10))
    stamp = {"version": 1, "created_at": "", "created_by": "", "updated_at": "", "updated_by": ""}
    sessions: list[dict[str, Any]] = []
    shifts: list[dict[str, Any]] = []
    for number in range(len(YEARS) * SESSIONS):
        start = datetime(YEARS[number // SESSIONS], 1, 1, 10) + timedelta(days=number % 330, hours=number % 5)
        span = {"start": start, "end": start + timedelta(hours=2)}
        own = {"id": 1000 + number, "uuid": f"s{number:031d}", "seq": number + 2, "place": "广场"}
        heads = {"headcount_children": 3, "headcount_adults": 0, "status": SessionStatus.DONE}
        sessions.append({**own, **span, **heads, **stamp})
        for helper in range(5):
            alone = helper < 2
            shifts.append(
                {
                    "uuid": f"{number * 5 + helper:032d}",
                    "volunteer_id": people[(number * 7 + helper * 11) % PEOPLE],
                    "work": VolunteerWork.EVENT,
                    "did_not_come": False,
                    "session_id": None if alone else 1000 + number,
                    "start": start if alone else None,
                    "end": start + timedelta(minutes=95) if alone else None,
                    "confirmed_by": desk.actor.staff_id if alone else None,
                    **stamp,
                }
            )
    with desk.opened.database.write(quiet=True) as session:
        activity = session.get_one(ActivitySessionTable, held).activity_id
        session.execute(insert(ActivitySessionTable), [{**row, "activity_id": activity} for row in sessions])
        session.execute(insert(VolunteerShiftTable), shifts)


def measure() -> Iterator[Figure]:
    """The best of nine readings beside a bare query of the shifts by hand."""
    with TemporaryDirectory(prefix="stationdesk-") as name:
        folder = Path(name) / "station"
        founded(folder)
        desk = at_desk(folder)
        _fill(desk)
        ours, bare = [], []
        for _ in range(_TIMES):
            begin = time.perf_counter()
            rows = desk.shifts.ranking(2026)
            ours.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            with desk.opened.database.read() as session:
                session.execute(text(_BARE)).all()
            bare.append(time.perf_counter() - begin)
        desk.close()
    shifts = sum(row.times for row in rows)
    figure = f"a year's hours of all, {shifts} shifts of {len(YEARS) * SESSIONS * 5}"
    yield Figure(figure, min(ours) * 1000, "ms", "bare query", min(bare) * 1000, limit=50.0)
