"""The gate: twelve months of a clear check, and a record that nothing takes back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.home import screening_due
from stationdesk.records.screening import (
    Body,
    CheckResult,
    ScreeningCheck,
    Training,
    check_due,
    future_problem,
    insurance_due,
    is_cleared,
    most_urgent,
    screening_problem,
)

CLEAR, HIT, PENDING = CheckResult.CLEAR, CheckResult.HIT, CheckResult.PENDING
DAY = date(2026, 11, 24)


def check(queried_on: date, result: CheckResult = CLEAR) -> ScreeningCheck:
    return ScreeningCheck(volunteer_id=1, queried_on=queried_on, result=result)


@pytest.mark.parametrize(
    ("queried_on", "day", "cleared"),
    [
        (date(2025, 11, 25), DAY, True),
        (date(2025, 11, 24), DAY, False),
        (DAY, DAY, True),
        (DAY + timedelta(days=1), DAY, False),
        (date(2024, 2, 29), date(2025, 2, 27), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
    ],
)
def test_a_clear_check_holds_twelve_months(queried_on: date, day: date, cleared: bool) -> None:
    assert is_cleared([check(queried_on)], day) is cleared


def test_no_check_and_a_pending_one_are_not_enough_but_an_older_clear_one_is() -> None:
    assert not is_cleared([], DAY)
    assert not is_cleared([check(DAY, PENDING)], DAY)
    assert is_cleared([check(date(2026, 1, 1)), check(DAY, PENDING)], DAY)


@given(st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from(CheckResult)), max_size=8))
def test_a_record_closes_the_door_for_good(found: list[tuple[date, CheckResult]]) -> None:
    checks = [check(day, result) for day, result in found]
    if any(result is HIT for _day, result in found):
        assert not is_cleared(checks, DAY)
    assert not is_cleared([*checks, check(date(2030, 1, 1), HIT)], DAY)


def test_the_sentence_says_why() -> None:
    assert screening_problem("x", "冶文秀", [check(DAY)], DAY) is None
    missing = screening_problem("x", "冶文秀", [], DAY)
    assert missing is not None
    assert (missing.field, "12个月" in missing.say(), "冶文秀" in missing.say()) == ("x", True, True)
    found = screening_problem("x", "冶文秀", [check(DAY, HIT)], DAY)
    assert found is not None
    assert "有记录" in found.say()


def test_a_check_and_a_training_are_of_one_person() -> None:
    for staff_id, volunteer_id, fine in ((1, None, True), (None, 1, True), (1, 1, False), (None, None, False)):
        one = ScreeningCheck(staff_id=staff_id, volunteer_id=volunteer_id, queried_on=DAY)
        two = Training(staff_id=staff_id, volunteer_id=volunteer_id, topic="急救", day=DAY)
        assert (not list(one.problems())) is fine
        assert (not list(two.problems())) is fine


def test_nothing_is_entered_before_it_took_place() -> None:
    assert future_problem("day", DAY, DAY) is None
    assert future_problem("day", DAY + timedelta(days=1), DAY) is not None


def test_what_is_due_says_what_to_do() -> None:
    named = {"name": "冶文秀", "body": Body.STAFF, "person_id": 1, "today": DAY}
    missing = check_due(checks=[check(DAY, PENDING)], **named)  # type: ignore[arg-type]
    assert missing is not None
    assert (missing.on, missing.overdue, "没有“无记录”的从业查询" in missing.say()) == (None, True, True)
    assert check_due(checks=[check(DAY)], **named) is None  # type: ignore[arg-type]
    # One with a record has nothing to renew.
    assert check_due(checks=[check(DAY, HIT)], **named) is None  # type: ignore[arg-type]
    until = [insurance_due("单思远", 2, DAY + timedelta(days=days), DAY) for days in (-1, 0, 30, 31)]
    assert [due is not None and due.overdue for due in until] == [True, False, False, False]
    assert [due is not None for due in until] == [True, True, True, False]
    assert most_urgent([until[1], None, missing, until[0]]) == (missing, until[0], until[1])


def test_the_home_page_names_a_few_and_counts_the_rest() -> None:
    due = [insurance_due(f"志愿者{number}", number, DAY, DAY) for number in range(11)]
    told = list(screening_due([one for one in due if one is not None], DAY))
    assert len(told) == 9
    assert {one.page for one in told} == {"volunteers"}
    assert (told[0].record_id, told[0].overdue) == (0, False)
    assert told[0].say() == f"志愿者0：保险将于{DAY.isoformat()}到期，请提前办理"
    assert "还有3项" in told[-1].say()
    team = check_due("冶文秀", Body.STAFF, 5, [], DAY)
    assert team is not None
    assert [(one.page, one.record_id, one.on) for one in screening_due([team], DAY)] == [("settings", 5, DAY)]
