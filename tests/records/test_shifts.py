"""Shifts: twelve hours at most, never two at once, and how hours are recognised."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.shifts import (
    HourRules,
    VolunteerShift,
    Worked,
    YearHours,
    hours_by_volunteer,
    hours_of,
    overlap_problems,
    ranked,
    ranking,
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


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 720)), max_size=12), st.integers(1, 12), st.integers(1, 60))
def test_a_year_of_all_is_each_ones_own(days: list[tuple[int, int]], cap: int, step: int) -> None:
    own, rules = [shift(day * 1440, minutes) for day, minutes in days], HourRules(daily_cap=cap, round_to=step)
    stints = [(7, one.start.date().isoformat(), one.minutes) for one in own] + [(8, "2026-01-01", 60)]
    found = hours_by_volunteer(2026, stints, rules)
    assert (found[7].recognised if own else 0) == recognised_minutes(own, rules)
    assert (found[7].times if own else 0) == len(own)


def test_equals_share_a_place() -> None:
    minutes = {1: 60, 2: 90, 3: 90, 4: 30}
    years = {n: YearHours(year=2026, times=n, minutes=m, recognised=m) for n, m in minutes.items()}
    rows = ranking(years, {3: ("丙", None), 2: ("乙", "协会"), 1: ("甲", None)})
    assert [(row.place, row.name, str(row.recognised)) for row in rows] == [
        (1, "丙", "1.5"),
        (1, "乙", "1.5"),
        (3, "甲", "1"),
    ]
    assert [row.id for row in ranked(rows, "协会", "place", descending=False)] == [2]
    assert [row.id for row in ranked(rows, "", "times", descending=True)] == [3, 2, 1]
    assert [row.id for row in ranked(rows, "", "place", descending=True)] == [1, 2, 3]


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0"), (30, "0.5"), (59, "0.98"), (600, "10"), (6030, "100.5")])
def test_hours_are_never_rounded_up(minutes: int, hours: str) -> None:
    assert str(hours_of(minutes)) == hours
