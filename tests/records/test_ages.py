"""Ages and birthdays: 29 February, the bands, what 16 and 18 bring."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.ages import (
    AgeBand,
    AgeStep,
    Proposal,
    age_on,
    age_proposals,
    band,
    birth_problems,
    birthday,
    born_between,
)
from stationdesk.records.benefits import Benefit, BenefitKind, BenefitState
from stationdesk.records.categories import Category, ChildCategory
from stationdesk.records.enrolments import Enrolment

TODAY = date(2026, 11, 24)


def test_born_on_29_february_has_the_birthday_on_the_28th_of_a_common_year() -> None:
    born = date(2008, 2, 29)
    assert birthday(born, 18) == date(2026, 2, 28)
    assert (age_on(born, date(2026, 2, 27)), age_on(born, date(2026, 2, 28))) == (17, 18)
    assert birthday(born, 16) == date(2024, 2, 29)
    assert (age_on(born, date(2024, 2, 28)), age_on(born, date(2024, 2, 29))) == (15, 16)


@given(st.dates(date(1990, 1, 1), date(2026, 12, 31)), st.integers(0, 12000))
def test_an_age_changes_on_the_birthday_and_on_no_other_day(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    grown = age_on(born, day + timedelta(days=1)) - age_on(born, day)
    assert grown == (birthday(born, age_on(born, day) + 1) == day + timedelta(days=1))


@given(st.dates(date(2000, 1, 1), date(2026, 12, 31)), st.integers(0, 17), st.integers(0, 5), st.integers(0, 7000))
def test_born_between_is_age_the_other_way_round(day: date, first: int, more: int, back: int) -> None:
    oldest, youngest = born_between(first, first + more, day)
    born = day - timedelta(days=back)
    assert (oldest <= born <= youngest) == (first <= age_on(born, day) <= first + more)


def test_bands() -> None:
    assert [band(age) for age in (0, 5, 6, 13, 14, 15, 16, 18)] == [
        AgeBand.TO_5,
        AgeBand.TO_5,
        AgeBand.TO_13,
        AgeBand.TO_13,
        AgeBand.TO_15,
        AgeBand.TO_15,
        AgeBand.FROM_16,
        AgeBand.FROM_16,
    ]


@pytest.mark.parametrize(
    ("birth", "sentence"),
    [
        (date(2026, 11, 25), "还没有到"),
        (date(2007, 11, 24), "已满19周岁"),
        (date(2008, 11, 24), "已满18周岁"),
    ],
)
def test_a_birth_to_come_and_one_of_age_are_refused(birth: date, sentence: str) -> None:
    assert [sentence in problem.say() for problem in birth_problems(birth, TODAY, TODAY)] == [True]


def test_the_last_day_of_seventeen_is_let_in() -> None:
    assert list(birth_problems(date(2008, 11, 25), TODAY, TODAY)) == []
    assert list(birth_problems(TODAY, TODAY, TODAY)) == []
    assert list(birth_problems(None, TODAY, TODAY)) == []


def held(category: Category, **more: date) -> ChildCategory:
    return ChildCategory(id=7, child_id=1, category=category, since=more.pop("since", date(2020, 1, 1)), **more)  # type: ignore[arg-type]


STOCK = Enrolment(id=5, child_id=1, entered_on=date(2020, 1, 1))


def proposed(birth: date, *categories: ChildCategory, stock: tuple[Enrolment, ...] = (STOCK,)) -> list[Proposal]:
    return list(age_proposals(birth, categories, stock, (), TODAY))


def test_sixteen_ends_the_left_behind_and_migrant_categories() -> None:
    soon = TODAY + timedelta(days=90)
    born = date(soon.year - 16, soon.month, soon.day)
    assert [p.step for p in proposed(born, held(Category.LEFT_BEHIND))] == [AgeStep.SIXTEEN_SOON]
    assert proposed(born + timedelta(days=1), held(Category.LEFT_BEHIND)) == []
    assert proposed(born, held(Category.POVERTY)) == []
    past = date(2010, 11, 24)
    [alone] = proposed(past, held(Category.MIGRANT))
    assert (alone.step, alone.record_id, "请办理减员" in alone.say()) == (AgeStep.SIXTEEN, 7, True)
    [other] = proposed(past, held(Category.MIGRANT), held(Category.POVERTY))
    assert "继续在册" in other.say()
    assert proposed(past, held(Category.MIGRANT, until=date(2026, 11, 23))) == []


def test_eighteen_ends_the_stock() -> None:
    born = date(2008, 12, 4)
    [soon] = proposed(born)
    assert (soon.step, "还有10天" in soon.say()) == (AgeStep.EIGHTEEN_SOON, True)
    [now] = proposed(date(2008, 11, 24))
    assert (now.step, now.record_id) == (AgeStep.EIGHTEEN, 5)
    assert proposed(date(2009, 5, 24)) == []
    gone = Enrolment(id=5, child_id=1, entered_on=date(2020, 1, 1), left_on=date(2026, 11, 1))
    assert proposed(date(2008, 11, 24), stock=(gone,)) == []


def test_benefits_beyond_eighteen_are_to_be_looked_at() -> None:
    born = date(2008, 11, 24)
    paid = Benefit(id=3, child_id=1, kind=BenefitKind.ORPHAN_LIVING, since=date(2020, 1, 1))
    going_on = Benefit(
        child_id=1, kind=BenefitKind.ORPHAN_LIVING, since=date(2020, 1, 1), state=BenefitState.OVERAGE_CONT
    )
    other = Benefit(child_id=1, kind=BenefitKind.DIBAO, since=date(2020, 1, 1))
    found = list(age_proposals(born, (), (), (paid, going_on, other), TODAY))
    assert [(p.step, p.record_id) for p in found] == [(AgeStep.BENEFIT, 3)]
    assert list(age_proposals(born + timedelta(days=1), (), (), (paid,), TODAY)) == []
