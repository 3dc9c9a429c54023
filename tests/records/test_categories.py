"""Categories with one primary, the history of levels, the triggers with their reasons."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.records.categories import (
    RESTRICTED,
    Category,
    ChildCategory,
    Circumstances,
    Colour,
    ImproperKind,
    OrphanKind,
    RiskLevel,
    colour_on,
    is_lowered,
    primary_on,
    risk_suggestions,
    shown_in_place,
    together_problems,
)

TODAY = date(2026, 11, 24)


def held(category: Category, *, primary: bool = False, **more: object) -> ChildCategory:
    found = ChildCategory(child_id=1, category=category, since=date(2026, 1, 1), is_primary=primary, basis="文号1")
    return replace(found, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("category", "field"),
    [
        (held(Category.POVERTY, basis=None), "basis"),
        (held(Category.ORPHAN), "orphan_kind"),
        (held(Category.IMPROPER_GUARDIANSHIP), "improper_kinds"),
        (held(Category.GENERAL), "category"),
        (held(Category.STREET, until=date(2025, 12, 31)), "until"),
    ],
)
def test_what_one_category_needs(category: ChildCategory, field: str) -> None:
    assert [p.field for p in category.problems()] == [field]


def test_sound_categories() -> None:
    assert list(held(Category.ORPHAN, orphan_kind=OrphanKind.DISPERSED).problems()) == []
    assert list(held(Category.LEFT_BEHIND, basis=None).problems()) == []


def test_two_open_primaries_and_the_same_category_twice_are_refused() -> None:
    poor = held(Category.POVERTY, primary=True)
    assert [p.field for p in together_problems(held(Category.DISABLED, primary=True), [poor])] == ["is_primary"]
    assert [p.field for p in together_problems(held(Category.POVERTY), [poor])] == ["category"]
    ended = replace(poor, until=date(2026, 3, 1))
    later = held(Category.DISABLED, primary=True, since=date(2026, 3, 2))
    assert list(together_problems(later, [ended])) == []
    assert list(together_problems(replace(poor, basis="文号2"), [poor])) == []


def test_the_primary_is_the_marked_one_else_the_first_by_order() -> None:
    both = [held(Category.SINGLE_PARENT), held(Category.POVERTY)]
    assert primary_on(both, TODAY) is Category.POVERTY
    assert primary_on([held(Category.SINGLE_PARENT, primary=True), both[1]], TODAY) is Category.SINGLE_PARENT
    assert primary_on([held(Category.POVERTY, until=date(2026, 11, 23))], TODAY) is None
    assert primary_on([], TODAY) is None


def test_a_restricted_category_leaves_no_tell_tale_blank() -> None:
    hidden = held(Category.VICTIM, primary=True)
    assert hidden.restricted
    assert shown_in_place([hidden], TODAY) is Category.OTHER
    assert shown_in_place([hidden, held(Category.POVERTY)], TODAY) is Category.POVERTY
    assert shown_in_place([], TODAY) is None
    assert set(RESTRICTED) == {Category.HIV, Category.VICTIM, Category.BEHAVIOUR}


def test_the_level_of_a_day_is_the_last_by_its_end() -> None:
    first = RiskLevel(id=1, child_id=1, colour=Colour.RED, rated_at=datetime(2026, 10, 1, 9), reason="甲")
    second = RiskLevel(id=2, child_id=1, colour=Colour.BLUE, rated_at=datetime(2026, 10, 5, 23, 59), reason="乙")
    same_minute = replace(second, id=3, colour=Colour.YELLOW)
    assert colour_on([second, first], date(2026, 10, 4)) is Colour.RED
    assert colour_on([second, first], date(2026, 10, 5)) is Colour.BLUE
    assert colour_on([same_minute, second], TODAY) is Colour.YELLOW
    assert colour_on([first], date(2026, 9, 30)) is None
    assert is_lowered(Colour.BLUE, Colour.RED)
    assert not is_lowered(Colour.RED, Colour.BLUE)
    assert not is_lowered(Colour.GREEN, None)


TRIGGERS: list[tuple[Circumstances, Colour, str]] = [
    (Circumstances(open_incident=True), Colour.RED, "危机事件"),
    (Circumstances(reportable=True), Colour.RED, "强制报告"),
    (Circumstances(has_carer=False), Colour.RED, "没有实际照护人"),
    (Circumstances(self_harm=True), Colour.RED, "自伤"),
    (Circumstances(improper=(ImproperKind.ALONE_U8,), age=7), Colour.RED, "未满8周岁"),
    (Circumstances(improper=(ImproperKind.ALONE_U16,), age=15), Colour.RED, "未满16周岁"),
    (Circumstances(improper=(ImproperKind.VIOLENCE,)), Colour.RED, "家庭暴力"),
    (Circumstances(improper=(ImproperKind.BEGGING,)), Colour.RED, "乞讨"),
    (Circumstances(categories=(Category.IMPROPER_GUARDIANSHIP,)), Colour.YELLOW, "监护不当"),
    (Circumstances(categories=(Category.DE_FACTO,), has_kin_carer=False), Colour.YELLOW, "成年亲属"),
    (Circumstances(dropped_out=True), Colour.YELLOW, "辍学"),
    (Circumstances(categories=(Category.DROPOUT,)), Colour.YELLOW, "辍学"),
    (Circumstances(violent_parent_back=True), Colour.YELLOW, "施暴"),
    (Circumstances(refused_visits=2), Colour.YELLOW, "拒绝走访"),
    (Circumstances(mental_orange=True), Colour.YELLOW, "橙色"),
    (Circumstances(categories=(Category.PARENT_CUSTODY,)), Colour.BLUE, "服刑"),
    (Circumstances(categories=(Category.SINGLE_PARENT,)), Colour.GREEN, "没有发现"),
    (Circumstances(refused_visits=1, improper=(ImproperKind.NEGLECT,)), Colour.GREEN, "没有发现"),
    (Circumstances(improper=(ImproperKind.ALONE_U8,), age=8), Colour.GREEN, "没有发现"),
    (Circumstances(), Colour.GREEN, "没有发现"),
]


@pytest.mark.parametrize(("found", "colour", "reason"), TRIGGERS)
def test_each_trigger_asks_for_its_level_and_says_why(found: Circumstances, colour: Colour, reason: str) -> None:
    first = risk_suggestions(found)[0]
    assert first.colour is colour
    assert reason in first.say()


def test_all_reasons_are_given_the_gravest_first() -> None:
    found = risk_suggestions(Circumstances(categories=(Category.POVERTY,), dropped_out=True, has_carer=False))
    assert [s.colour for s in found] == [Colour.RED, Colour.YELLOW, Colour.BLUE]
