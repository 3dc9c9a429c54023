"""Numbers on the sheet to sign, and the weeks of the calendar."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.attendance import AttendanceRow, AttendanceState
from stationdesk.records.paper_numbers import on_paper
from stationdesk.records.session_prints import CalendarEntry, by_day, calendar_month, month_span, weeks_of


def test_who_withdrew_has_no_number() -> None:
    states = (AttendanceState.SIGNED_UP, AttendanceState.WITHDRAWN, AttendanceState.WAITING, AttendanceState.ABSENT)
    rows = [
        AttendanceRow(
            id=n, child_id=n, name="", sex=None, age=None, state=state, guardian_present=False, picked_up_by=None
        )
        for n, state in enumerate(states)
    ]
    assert [row.id for row in on_paper(rows)] == [0, 2, 3]


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2026, 11, 1), (2026, 11)),
        (date(2026, 11, 19), (2026, 11)),
        (date(2026, 11, 20), (2026, 12)),
        (date(2026, 12, 31), (2027, 1)),
    ],
)
def test_late_in_a_month_the_next_is_wanted(today: date, shown: tuple[int, int]) -> None:
    assert calendar_month(today) == shown


@given(st.integers(1990, 2100), st.integers(1, 12))
def test_the_weeks_hold_every_day_once_from_monday_on(year: int, month: int) -> None:
    weeks = weeks_of(year, month)
    assert all(len(week) == 7 for week in weeks)
    found = [day for week in weeks for day in week if day is not None]
    first, after = month_span(year, month)
    assert found == [date.fromordinal(n) for n in range(first.toordinal(), after.toordinal())]
    assert all(day is None or day.weekday() == place for week in weeks for place, day in enumerate(week))


def test_the_sessions_of_a_day_stand_by_time() -> None:
    def entry(hour: int) -> CalendarEntry:
        start = datetime(2026, 11, 24, hour)
        return CalendarEntry(
            start=start, end=start, title="课", place_name=None, target="", age_from=None, age_to=None, done=False
        )

    found = by_day([entry(16), entry(10)])
    assert [one.start.hour for one in found[date(2026, 11, 24)]] == [10, 16]
