"""The days of a series, against an independent reckoning."""

from datetime import date, timedelta

import pytest
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.series import Repeat, Series, Weekday

starts = st.dates(date(2024, 1, 1), date(2028, 12, 31))
lengths = st.integers(0, 366)
intervals = st.integers(1, 6)


def expected(kind: int, series: Series, **rule: object) -> list[date]:
    from datetime import datetime, time

    start = datetime.combine(series.first, time())
    until = datetime.combine(series.until, time())
    return [m.date() for m in rrule(kind, dtstart=start, until=until, interval=series.interval, **rule)]


@given(starts, lengths, intervals)
def test_daily(first: date, length: int, interval: int) -> None:
    series = Series(repeat=Repeat.DAILY, interval=interval, first=first, until=first + timedelta(days=length))
    assert list(series.days()) == expected(DAILY, series)


@given(starts, lengths, intervals, st.sets(st.sampled_from(list(Weekday)), min_size=1))
def test_weekly_on_chosen_days(first: date, length: int, interval: int, chosen: set[Weekday]) -> None:
    until = first + timedelta(days=length)
    series = Series(repeat=Repeat.WEEKLY, interval=interval, weekdays=tuple(chosen), first=first, until=until)
    assert list(series.days()) == expected(WEEKLY, series, byweekday=[int(day.code) for day in chosen])


@given(starts, lengths, intervals)
def test_monthly_by_day_skips_months_without_it(first: date, length: int, interval: int) -> None:
    until = first + timedelta(days=length)
    series = Series(repeat=Repeat.MONTHLY_DAY, interval=interval, first=first, until=until)
    assert list(series.days()) == expected(MONTHLY, series, bymonthday=first.day)


@given(starts, lengths, intervals)
def test_monthly_by_weekday(first: date, length: int, interval: int) -> None:
    from dateutil.rrule import weekday

    until = first + timedelta(days=length)
    series = Series(repeat=Repeat.MONTHLY_WEEKDAY, interval=interval, first=first, until=until)
    nth = weekday(first.weekday(), (first.day - 1) // 7 + 1)
    assert list(series.days()) == expected(MONTHLY, series, byweekday=nth)


@given(starts, lengths)
def test_yearly(first: date, length: int) -> None:
    series = Series(repeat=Repeat.YEARLY, first=first, until=first + timedelta(days=length))
    assert list(series.days()) == expected(YEARLY, series)


def test_weekly_without_days_takes_the_first_ones() -> None:
    series = Series(repeat=Repeat.WEEKLY, first=date(2026, 11, 25), until=date(2026, 12, 9))
    assert list(series.days()) == [date(2026, 11, 25), date(2026, 12, 2), date(2026, 12, 9)]


@pytest.mark.parametrize(
    ("until", "said"),
    [(date(2026, 11, 24), "早于开始日期"), (date(2027, 11, 27), "最长一年")],
)
def test_wrong_ends_are_said(until: date, said: str) -> None:
    problems = list(Series(first=date(2026, 11, 25), until=until).problems())
    assert len(problems) == 1
    assert said in problems[0].say()
