"""Report periods tile the year, whatever the cut-off day."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.calendar import Span, WeekHours, clock_on, period, period_of, year_to_date

cutoffs = st.integers(1, 31)
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@given(cutoffs, st.integers(2020, 2030))
def test_twelve_periods_have_no_gap_and_no_overlap(cutoff: int, year: int) -> None:
    months = [period(year, month, cutoff) for month in range(1, 13)]
    for one, following in pairwise(months):
        assert following.first == one.last + timedelta(days=1)
    assert period(year + 1, 1, cutoff).first == months[-1].last + timedelta(days=1)


@given(cutoffs, days)
def test_every_day_lies_in_its_period(cutoff: int, day: date) -> None:
    found = period_of(day, cutoff)
    assert found.first <= day <= found.last
    assert found == period(found.year, found.month, cutoff)


def test_known_periods() -> None:
    assert (period(2026, 1, 25).first, period(2026, 1, 25).last) == (date(2025, 12, 26), date(2026, 1, 25))
    assert (period(2026, 2).first, period(2026, 2).last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert period(2028, 2, 30).last == date(2028, 2, 29)
    assert period(2026, 3, 30).first == date(2026, 3, 1)
    assert period_of(date(2026, 12, 28), 25).name == "2027-01"
    assert year_to_date(period(2026, 10, 25), 25).first == date(2025, 12, 26)


def test_hours_come_back_from_json() -> None:
    hours = WeekHours(((Span(600, 840),), (), (), (), (), (), (Span(0, 1440),)))
    assert WeekHours.from_json(hours.to_json()) == hours
    assert hours.on(date(2026, 11, 23)) == (Span(600, 840),)


def test_a_pretended_day_stays() -> None:
    assert clock_on(date(2024, 2, 29))().date() == date(2024, 2, 29)
