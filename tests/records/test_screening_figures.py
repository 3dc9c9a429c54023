"""Rows A07, A08 and I06: both columns, a rate by what was known on the day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from stationdesk.records.calendar import period, year_to_date
from stationdesk.records.counting import Event, Figure, Membership
from stationdesk.records.screening import CheckResult, ScreeningCheck
from stationdesk.records.screening_figures import ScreeningFacts, certificate_figure, screening_figures
from stationdesk.records.staff import Post, Tier
from tests.stations import member

OCTOBER = period(2026, 10)
YEAR = year_to_date(OCTOBER)
STAFF = tuple(replace(member("周素琴", Tier.SOCIAL_WORKER, Post.SOCIAL_WORKER), id=number) for number in (1, 2, 3))
HELPING = (Membership(1, date(2026, 1, 1)), Membership(2, date(2026, 1, 1), date(2026, 10, 5)))


def check(day: date, result: CheckResult = CheckResult.CLEAR) -> ScreeningCheck:
    return ScreeningCheck(staff_id=1, queried_on=day, result=result)


def valid(facts: ScreeningFacts, staff: object = STAFF) -> Figure:
    return list(screening_figures(facts, staff, OCTOBER, YEAR))[1]  # type: ignore[arg-type]


def test_trainings_and_certificates_are_flows() -> None:
    events = (Event(1, date(2025, 12, 31)), Event(2, date(2026, 1, 1)), Event(3, date(2026, 10, 31)))
    facts = ScreeningFacts(trainings=events[1:], certificates=events[1:])
    trained = next(iter(screening_figures(facts, STAFF, OCTOBER, YEAR)))
    for figure in (trained, certificate_figure(facts, OCTOBER, YEAR)):
        assert (figure.month, figure.year, figure.month_ids, figure.year_ids) == (1, 2, (3,), (2, 3))
    assert (trained.behind, certificate_figure(facts, OCTOBER, YEAR).behind) == ("training", "certificate")


@pytest.mark.parametrize(
    ("day", "counts"),
    # Valid on 31 October: asked by then, and less than twelve months before.
    [(date(2025, 10, 31), 0), (date(2025, 11, 1), 1), (date(2026, 10, 31), 1), (date(2026, 11, 1), 0)],
)
def test_a_check_holds_for_twelve_months(day: date, counts: int) -> None:
    figure = valid(ScreeningFacts(staff_checks={1: [check(day)]}), STAFF[:1])
    assert (figure.month, figure.month_ids) == (Decimal(100 * counts), (1,) * counts)
    assert (figure.year, figure.cumulative) == (None, False)


def test_team_and_volunteers_together() -> None:
    clear = [check(date(2026, 6, 1))]
    hit = [*clear, check(date(2026, 7, 1), CheckResult.HIT)]
    late = [*clear, check(date(2026, 11, 2), CheckResult.HIT)]
    facts = ScreeningFacts(
        volunteers=HELPING, staff_checks={1: clear, 2: hit, 3: late}, volunteer_checks={1: clear, 2: clear}
    )
    # The second volunteer has left; what was found out in November is not yet known in October.
    assert (valid(facts).month, valid(facts).month_ids) == (Decimal("75.0"), (1, 3))
    assert valid(ScreeningFacts(), ()).month is None
    gone = [replace(one, left_on=date(2026, 10, 30)) for one in STAFF]
    assert valid(ScreeningFacts(volunteers=HELPING), gone).month == Decimal("0.0")
