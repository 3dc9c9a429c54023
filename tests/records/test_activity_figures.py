"""Blocks H, I and J: the worked example of the design, both columns, distinct persons, the equations."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.activities import ActivityCategory, ActivityForm
from stationdesk.records.activity_figures import (
    ActivityFacts,
    HeldSession,
    JointFact,
    activity_blocks,
    activity_checks,
)
from stationdesk.records.calendar import period, year_to_date
from stationdesk.records.counting import Event, Figure, Membership
from stationdesk.records.partners import PartnerDept

OCTOBER = period(2026, 10)
YEAR = year_to_date(OCTOBER)
SINGLE, SERIES, EXHIBITION = ActivityForm.SINGLE, ActivityForm.SERIES, ActivityForm.EXHIBITION


def held(number: int, day: date, form: ActivityForm, children: set[int], heads: int, activity: int = 1) -> HeldSession:
    return HeldSession(
        session_id=number,
        activity_id=activity,
        day=day,
        form=form,
        category=ActivityCategory.LAW,
        children=frozenset(children),
        enrolled=frozenset(children & {1, 2, 3}),
        headcount_children=heads,
    )


# Domain §5.6: the sessions of October 2026.
EXAMPLE = ActivityFacts(
    sessions=(
        held(1, date(2026, 10, 17), SINGLE, {1, 2, 5}, 27),
        held(2, date(2026, 10, 18), SERIES, {1, 3}, 4, 2),
        held(3, date(2026, 10, 25), SERIES, {1, 3, 5}, 5, 2),
        held(4, date(2026, 10, 28), EXHIBITION, set(), 120, 3),
    )
)


def figures(facts: ActivityFacts) -> list[Figure]:
    return [figure for block in activity_blocks(facts, OCTOBER, YEAR) for figure in block.figures]


def of(facts: ActivityFacts, code: str, unit: str = "") -> Figure:
    return next(f for f in figures(facts) if f.code == code and unit in ("", f.unit))


def test_the_worked_example() -> None:
    wanted = {"H01": 4, "H02": 1, "H03": 2, "H03a": 1, "H04": 1, "H05": 0, "H06": 0, "H07": 164, "H10": 4, "H11": 3}
    assert {code: of(EXAMPLE, code).month for code in wanted} == wanted
    assert (of(EXAMPLE, "H08").month, of(EXAMPLE, "H09").month) == (164, 0)
    assert (of(EXAMPLE, "H21", "场次").month, of(EXAMPLE, "H21", "人次").month) == (4, 164)
    assert of(EXAMPLE, "H10").month_ids == (1, 2, 3, 5)
    assert of(EXAMPLE, "H03").month_ids == (2, 3)


def test_persons_of_the_year_are_distinct_and_not_the_sum_of_months() -> None:
    march = held(9, date(2026, 3, 7), SINGLE, {1, 2, 7}, 0)
    facts = replace(EXAMPLE, sessions=(march, *EXAMPLE.sessions))
    assert (of(facts, "H10").month, of(facts, "H10").year) == (4, 5)
    assert (of(facts, "H07").month, of(facts, "H07").year) == (164, 167)
    assert of(facts, "H10").year_ids == (1, 2, 3, 5, 7)


def test_adults_are_counted_only_in_their_row() -> None:
    family = replace(EXAMPLE.sessions[0], guardians=2, headcount_adults=3)
    facts = ActivityFacts(sessions=(family,))
    assert [of(facts, code).month for code in ("H07", "H08", "H09", "H10")] == [35, 30, 5, 3]


def test_no_child_stands_behind_a_figure_whom_one_may_not_know_of() -> None:
    facts = replace(EXAMPLE, known=frozenset({1}))
    assert (of(facts, "H10").month, of(facts, "H10").month_ids) == (4, (1,))
    assert (of(facts, "H11").month, of(facts, "H11").month_ids) == (3, (1,))


def test_voluntary_service() -> None:
    facts = ActivityFacts(
        volunteers=(
            Membership(1, date(2026, 1, 10)),
            Membership(2, date(2026, 10, 5)),
            Membership(3, date(2025, 1, 1), date(2026, 10, 20)),
        ),
        shifts=(
            Event(11, date(2026, 3, 1), frozenset({3}), minutes=60),
            Event(12, date(2026, 10, 6), frozenset({1}), minutes=65),
            Event(13, date(2026, 10, 7), frozenset({1}), minutes=50),
            Event(14, date(2026, 11, 1), frozenset({2}), minutes=50),
        ),
    )
    assert (of(facts, "I01").month, of(facts, "I01").year, of(facts, "I01").month_ids) == (2, None, (1, 2))
    assert (of(facts, "I02").month, of(facts, "I02").year) == (1, 2)
    assert (of(facts, "I03").month, of(facts, "I03").year) == (1, 2)
    assert (of(facts, "I04").month, of(facts, "I04").year) == (2, 3)
    assert (of(facts, "I05").month, of(facts, "I05").year) == (Decimal("1.9"), Decimal("2.9"))
    assert of(facts, "I04").year_ids == (11, 12, 13)


def test_joint_work_counts_in_each_department_and_once_in_all() -> None:
    women, justice, school = PartnerDept.WOMEN, PartnerDept.JUSTICE, PartnerDept.SCHOOL
    facts = ActivityFacts(
        partners=(Membership(1, date(2026, 1, 1)), Membership(2, date(2026, 1, 1), date(2026, 10, 31))),
        joint=(
            JointFact(-1, date(2026, 10, 1), frozenset({women, justice})),
            JointFact(1, date(2026, 10, 2), frozenset({school})),
            JointFact(-2, date(2026, 2, 2), frozenset({justice, school})),
        ),
    )
    assert of(facts, "J01").month == 1
    amounts = {code: (of(facts, code).month, of(facts, code).year) for code in ("J02", "J03", "J05", "J06", "J07")}
    assert amounts == {"J02": (1, 1), "J03": (0, 0), "J05": (1, 2), "J06": (1, 2), "J07": (2, 3)}
    assert of(facts, "J07").month_ids == (-1, 1)


def test_the_equations_fail_when_a_figure_is_wrong() -> None:
    sound = figures(EXAMPLE)
    assert all(check.holds for check in activity_checks(sound))
    for code in ("H01", "H02", "H07", "H09", "H11", "I03", "J07"):
        spoilt = [replace(f, year=(f.year or 0) + 500) if f.code == code else f for f in sound]
        assert not all(check.holds for check in activity_checks(spoilt)), code
    assert list(activity_checks([])) == []


_DAYS = st.dates(date(2026, 1, 1), date(2026, 10, 31))
_SESSIONS = st.builds(
    HeldSession,
    session_id=st.integers(1, 999),
    activity_id=st.integers(1, 5),
    day=_DAYS,
    form=st.sampled_from(ActivityForm),
    category=st.sampled_from(ActivityCategory),
    children=st.frozensets(st.integers(1, 9), max_size=5),
    guardians=st.integers(0, 3),
    headcount_children=st.integers(0, 30),
    headcount_adults=st.integers(0, 30),
)
_SHIFTS = st.builds(
    Event, st.integers(1, 99), _DAYS, st.integers(1, 9).map(lambda n: frozenset({n})), minutes=st.integers(1, 720)
)
_JOINT = st.builds(JointFact, st.integers(), _DAYS, st.frozensets(st.sampled_from(PartnerDept), min_size=1, max_size=4))


@given(
    st.builds(
        ActivityFacts,
        sessions=st.lists(_SESSIONS, max_size=12).map(
            lambda of: tuple(replace(s, enrolled=frozenset(list(s.children)[:2])) for s in of)
        ),
        shifts=st.lists(_SHIFTS, max_size=8).map(tuple),
        joint=st.lists(_JOINT, max_size=8).map(tuple),
    )
)
def test_the_equations_hold_for_whatever_happened(facts: ActivityFacts) -> None:
    found = figures(facts)
    assert [check.text for check in activity_checks(found) if not check.holds] == []
    assert all((f.month or 0) <= (f.year or 0) for f in found if f.cumulative)
