"""Block B: the worked example of October 2026, its equations, and who stands behind a figure."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stationdesk.records.calendar import period, year_to_date
from stationdesk.records.categories import Category, ChildCategory, Colour, RiskLevel
from stationdesk.records.child_figures import ChildFacts, ChildPerson, child_block, child_checks
from stationdesk.records.counting import Membership
from stationdesk.records.enrolments import ExitReason
from stationdesk.records.people import Sex
from stationdesk.records.summaries import Facts, MonthlyFigures, count, cross_checks

OCTOBER = period(2026, 10)
BORN = date(2015, 5, 20)


def person(
    kind: Category, since: date, sex: Sex = Sex.MALE, birth: date = BORN, colour: Colour = Colour.BLUE
) -> ChildPerson:
    held = ChildCategory(child_id=0, category=kind, since=since, is_primary=True)
    level = RiskLevel(child_id=0, colour=colour, rated_at=datetime(since.year, since.month, since.day, 9), reason="某")
    return ChildPerson(sex, birth, (held,), (level,))


# Children 1-6 of the design: when they came and went, and as what.
FACTS = ChildFacts(
    stretches=(
        (Membership(1, date(2025, 3, 1)), None),
        (Membership(2, date(2025, 3, 1)), None),
        (Membership(3, date(2026, 10, 9)), None),
        (Membership(4, date(2024, 5, 1), date(2026, 10, 20)), ExitReason.GUARDIAN_RESTORED),
        (Membership(5, date(2026, 1, 15)), None),
        (Membership(6, date(2026, 2, 1), date(2026, 6, 30)), ExitReason.PARENT_BACK),
    ),
    persons={
        1: person(Category.POVERTY, date(2025, 3, 1)),
        2: person(Category.POVERTY, date(2025, 3, 1), Sex.FEMALE, date(2012, 11, 1)),
        3: person(Category.DISABLED, date(2026, 10, 9), birth=date(2009, 1, 1), colour=Colour.RED),
        5: person(Category.ORPHAN, date(2026, 1, 15), Sex.FEMALE, date(2021, 5, 20)),
    },
    light=(
        Membership(7, date(2026, 3, 1)),
        Membership(3, date(2026, 3, 1), date(2026, 10, 9)),
        Membership(8, date(2026, 11, 1)),
    ),
    over_age=(Membership(9, date(2026, 7, 1)), Membership(10, date(2026, 1, 1), date(2026, 10, 1))),
)


def counted(facts: ChildFacts = FACTS, month: int = 10) -> MonthlyFigures:
    return count("站", period(2026, month), 31, Facts((), (), (), facts))


def both(code: str, facts: ChildFacts = FACTS) -> tuple[object, object]:
    figure = counted(facts).of(code)
    return figure.month, figure.year


def test_the_worked_example() -> None:
    assert [both(code) for code in ("B01", "B02", "B03", "B04")] == [(4, None), (1, 3), (1, 2), (4, None)]
    assert counted().of("B04").month_ids == (1, 2, 3, 5)
    assert counted().of("B01").month_ids == (1, 2, 4, 5)
    assert (counted().of("B02").month_ids, counted().of("B02").year_ids) == ((3,), (3, 5, 6))
    assert (counted().of("B03").month_ids, counted().of("B03").year_ids) == ((4,), (4, 6))
    checks = [check for check in cross_checks(counted()) if check.text.startswith("B")]
    assert len(checks) == 6
    assert all(check.holds for check in cross_checks(counted()))


def test_the_stock_divided() -> None:
    found = counted()
    for code, amount, ids in (
        ("B11", 1, (5,)),
        ("B12", 0, ()),
        ("B14", 1, (3,)),
        ("B16", 2, (1, 2)),
        ("B31", 2, (1, 3)),
        ("B32", 2, (2, 5)),
        ("B33", 1, (5,)),
        ("B34", 2, (1, 2)),
        ("B35", 0, ()),
        ("B36", 1, (3,)),
        ("B41", 1, (3,)),
        ("B43", 3, (1, 2, 5)),
        ("B54", 1, (3,)),
        ("B61", 1, (7,)),
        ("B90", 1, (9,)),
    ):
        figure = found.of(code)
        assert (figure.month, figure.month_ids, figure.year, figure.behind) == (amount, ids, None, "child"), code
    assert both("B74") == (1, 1)
    assert both("B73") == (0, 1)
    codes = [f.code for f in found.figures if f.code.startswith("B")]
    assert len(codes) == 4 + 17 + 2 + 4 + 4 + 6 + 1 + 13 + 1
    assert codes == sorted(set(codes))


def test_two_situations_count_twice_and_one_main_category_once() -> None:
    more = ChildCategory(child_id=0, category=Category.MIGRANT, since=date(2026, 1, 1))
    ended = ChildCategory(child_id=0, category=Category.DROPOUT, since=date(2026, 1, 1), until=date(2026, 10, 30))
    first = FACTS.persons[3]
    facts = replace(FACTS, persons={**FACTS.persons, 3: replace(first, categories=(*first.categories, more, ended))})
    assert [both(code, facts)[0] for code in ("B53", "B54", "B56", "B14", "B19")] == [1, 1, 0, 1, 0]


def test_a_child_filed_late_still_counts_somewhere() -> None:
    late = person(Category.POVERTY, date(2026, 11, 3), colour=Colour.YELLOW)
    facts = replace(FACTS, persons={**FACTS.persons, 3: late})
    assert [both(code, facts)[0] for code in ("B27", "B42")] == [1, 1]
    assert [
        both(code, replace(FACTS, persons={**FACTS.persons, 3: ChildPerson(Sex.MALE, BORN)}))[0]
        for code in ("B27", "B44")
    ] == [1, 1]


def test_came_and_left_in_one_month_is_in_both_and_not_in_the_stock() -> None:
    visit = (Membership(7, date(2026, 10, 2), date(2026, 10, 30)), ExitReason.MOVED)
    facts = replace(FACTS, stretches=(*FACTS.stretches, visit))
    assert [both(code, facts) for code in ("B02", "B03", "B04", "B78")] == [(2, 4), (2, 3), (4, None), (1, 1)]
    # Who came twice came twice, but is one child behind the figure.
    again = (Membership(7, date(2026, 10, 30), date(2026, 10, 31)), ExitReason.MOVED)
    facts = replace(facts, stretches=(*facts.stretches, again))
    assert both("B02", facts) == (3, 5)
    assert counted(facts).of("B02").month_ids == (3, 7)


def test_restricted_categories_are_folded_into_the_others() -> None:
    hidden = replace(FACTS.persons[5], categories=person(Category.HIV, date(2026, 1, 15)).categories)
    facts = replace(FACTS, persons={**FACTS.persons, 5: hidden})
    assert [both(code, facts)[0] for code in ("B22", "B23", "B27")] == [1, 0, 0]
    folded = replace(facts, restricted_hidden=True)
    assert [both(code, folded)[0] for code in ("B22", "B23", "B24", "B27")] == [None, None, None, 1]
    assert all(check.holds for check in cross_checks(counted(folded)))


def test_behind_a_figure_stand_only_those_one_may_see() -> None:
    facts = replace(FACTS, opened=frozenset({1}), known=None)
    found = counted(facts)
    assert (found.of("B16").month, found.of("B16").month_ids) == (2, (1,))
    assert (found.of("B43").month, found.of("B43").month_ids) == (3, (1,))
    assert found.of("B04").month_ids == (1, 2, 3, 5)
    assert (found.of("B74").month, found.of("B74").month_ids) == (1, ())
    nobody = counted(replace(FACTS, opened=frozenset(), known=frozenset()))
    assert {f.month_ids + f.year_ids for f in nobody.figures if f.behind == "child"} == {()}
    assert nobody.of("B04").month == 4


def test_a_torn_sum_is_seen() -> None:
    for facts in (
        replace(FACTS, persons={**FACTS.persons, 3: replace(FACTS.persons[3], sex=None)}),
        replace(FACTS, stretches=((Membership(4, date(2024, 5, 1), date(2026, 10, 20)), None), *FACTS.stretches[:3])),
        # Two stretches at once, as no store lets them in.
        replace(FACTS, stretches=((Membership(1, date(2026, 10, 3)), None), *FACTS.stretches)),
    ):
        assert not all(check.holds for check in cross_checks(counted(facts)))


def test_without_children_there_is_no_block() -> None:
    found = count("站", OCTOBER, 31, Facts((), (), ()))
    assert [block.code for block in found.blocks] == ["A", "M"]
    assert list(child_checks(found.figures)) == []


# --- any facts at all ----------------------------------------------------------------------------

days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@st.composite
def anybody(draw: st.DrawFn) -> ChildFacts:
    stretches: list[tuple[Membership, ExitReason | None]] = []
    persons = {}
    for number in range(draw(st.integers(0, 8))):
        day = draw(days)
        for length, gap in draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 60)), max_size=3)):
            end = day + timedelta(days=length)
            stretches.append((Membership(number, day, end), draw(st.sampled_from(ExitReason))))
            day = end + timedelta(days=max(gap, 1 if length == 0 else 0))
        if draw(st.booleans()):
            stretches.append((Membership(number, day), None))
        held = tuple(
            ChildCategory(child_id=0, category=c, since=draw(days), is_primary=draw(st.booleans()))
            for c in draw(st.sets(st.sampled_from([c for c in Category if c is not Category.GENERAL]), max_size=3))
        )
        levels = tuple(
            RiskLevel(child_id=0, colour=c, rated_at=datetime.combine(draw(days), datetime.min.time()))
            for c in draw(st.lists(st.sampled_from(Colour), max_size=2))
        )
        persons[number] = ChildPerson(draw(st.sampled_from(Sex.offered())), draw(days), held, levels)
    return ChildFacts(stretches=tuple(stretches), persons=persons, restricted_hidden=draw(st.booleans()))


@given(anybody(), st.integers(1, 12), st.integers(1, 31))
def test_the_equations_hold_for_any_children(facts: ChildFacts, month: int, cutoff: int) -> None:
    chosen = period(2026, month, cutoff)
    found = child_block(facts, chosen, year_to_date(chosen, cutoff)).figures
    assert all(check.holds for check in child_checks(found)), [c.text for c in child_checks(found) if not c.holds]
    for figure in found:
        if figure.cumulative:
            assert (figure.month or 0) <= (figure.year or 0)
        assert len(figure.month_ids) <= (figure.month or 0)


@settings(deadline=None)
@given(anybody(), st.integers(2, 12))
def test_a_month_begins_as_the_one_before_ended_and_months_add_up(facts: ChildFacts, month: int) -> None:
    months = []
    for number in range(1, month + 1):
        chosen = period(2026, number)
        months.append({f.code: f for f in child_block(facts, chosen, year_to_date(chosen)).figures})
    assert months[-1]["B01"].month == months[-2]["B04"].month
    for code in ("B02", "B03", "B71", "B83"):
        assert months[-1][code].year == sum(int(found[code].month or 0) for found in months)
