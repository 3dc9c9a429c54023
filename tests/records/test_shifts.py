"""Shifts: twelve hours at most, never two at once, and how hours are recognised."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.shifts import (
    HourRules,
    VolunteerShift,
    Worked,
    overlap_problems,
    recognised_minutes,
    span_problems,
)

START = datetime(2026, 11, 23, 10)


def shift(begin: int, minutes: int, *, counts: bool = True) -> Worked:
    start = START + timedelta(minutes=begin)
    return Worked(1, 1, start, start + timedelta(minutes=minutes), counts)


@pytest.mark.parametrize(("minutes", "fine"), [(0, False), (1, True), (720, True), (721, False), (780, False)])
def test_a_shift_lasts_up_to_twelve_hours(minutes: int, fine: bool) -> None:
    assert (not list(span_problems(START, START + timedelta(minutes=minutes)))) is fine


def test_a_shift_has_a_time_of_its_own_or_a_session() -> None:
    end = START + timedelta(hours=1)
    assert list(VolunteerShift(volunteer_id=1, session_id=2).problems()) == []
    assert list(VolunteerShift(volunteer_id=1, start=START, end=end).problems()) == []
    assert [p.field for p in VolunteerShift(volunteer_id=1).problems()] == ["start"]
    assert [p.field for p in VolunteerShift(volunteer_id=1, session_id=2, start=START).problems()] == ["end"]


@given(st.integers(0, 300), st.integers(1, 120), st.integers(0, 300), st.integers(1, 120))
def test_overlap_is_sharing_a_minute(first: int, long: int, second: int, other: int) -> None:
    one, two = shift(first, long), shift(second, other)
    shared = set(range(first, first + long)) & set(range(second, second + other))
    assert bool(list(overlap_problems("帕提古丽", one, [two]))) is bool(shared)


def test_hours_are_capped_and_rounded_by_the_day() -> None:
    rules = HourRules()
    assert recognised_minutes([shift(0, 95)], rules) == 90
    assert recognised_minutes([shift(0, 25), shift(60, 25)], rules) == 30
    assert recognised_minutes([shift(0, 600)], rules) == 480
    assert recognised_minutes([shift(0, 600), shift(1440, 45)], rules) == 510
    assert recognised_minutes([shift(0, 60), shift(120, 60, counts=False)], rules) == 60
    assert recognised_minutes([shift(0, 599)], HourRules(daily_cap=12, round_to=1)) == 599


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 720)), max_size=12), st.integers(1, 12), st.integers(1, 60)
)
def test_recognised_is_never_more_than_worked(days: list[tuple[int, int]], cap: int, step: int) -> None:
    found = [shift(day * 1440, minutes) for day, minutes in days]
    rules = HourRules(daily_cap=cap, round_to=step)
    recognised = recognised_minutes(found, rules)
    assert 0 <= recognised <= sum(minutes for _day, minutes in days)
    assert recognised <= cap * 60 * len({day for day, _minutes in days})
