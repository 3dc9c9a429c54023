"""Who may be on the list of volunteers, and who of it may be chosen."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.records.ids import IdKind
from stationdesk.records.people import Sex
from stationdesk.records.screening import CheckResult, ScreeningCheck, Training
from stationdesk.records.volunteers import Volunteer, VolunteerStatus, choice_problems, day_problems
from tests.activities import volunteer
from tests.children import resident_no

TODAY = date(2026, 11, 24)
CHECKS = (ScreeningCheck(volunteer_id=1, queried_on=date(2026, 6, 1), result=CheckResult.CLEAR),)
TRAININGS = (Training(volunteer_id=1, topic="儿童保护", day=date(2026, 2, 1)),)
SOUND = volunteer()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"sex": None}, ["sex"]),
        ({"birth_date": None}, ["birth_date"]),
        ({"phone": None}, ["phone"]),
        ({"joined_on": None}, ["joined_on"]),
        ({"status": VolunteerStatus.LEFT}, ["left_on"]),
        ({"left_on": date(2026, 5, 1)}, ["left_on"]),
        ({"status": VolunteerStatus.LEFT, "left_on": date(2025, 5, 1)}, ["left_on"]),
        ({"id_no": resident_no(date(2000, 3, 1), 2)}, ["id_kind"]),
        ({"id_kind": IdKind.RESIDENT_ID, "id_no": resident_no(date(2000, 3, 1), 2)}, []),
        ({"id_kind": IdKind.RESIDENT_ID, "id_no": resident_no(date(2001, 3, 1), 2)}, ["birth_date"]),
        ({"id_kind": IdKind.RESIDENT_ID, "id_no": resident_no(date(2000, 3, 1), 3)}, ["sex"]),
    ],
)
def test_rules_of_one_volunteer(changes: dict[str, object], fields: list[str]) -> None:
    assert [p.field for p in replace(SOUND, **changes).problems()] == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("birth", "consent", "fields"),
    [
        (date(2008, 11, 24), False, []),
        (date(2008, 11, 25), False, ["guardian_consent"]),
        (date(2008, 11, 25), True, []),
        (date(2018, 11, 24), True, []),
        (date(2018, 11, 25), True, ["birth_date"]),
    ],
)
def test_under_eighteen_a_guardian_agrees(birth: date, consent: bool, fields: list[str]) -> None:
    found = day_problems(replace(SOUND, birth_date=birth, guardian_consent=consent), TODAY)
    assert [problem.field for problem in found] == fields


def said(chosen: Volunteer, checks: tuple[ScreeningCheck, ...] = CHECKS, *trained: Training) -> str:
    return "".join(p.say() for p in choice_problems("volunteer_id", chosen, checks, trained or TRAININGS, TODAY))


def test_who_may_be_chosen() -> None:
    assert said(SOUND) == ""
    for status in (VolunteerStatus.APPLIED, VolunteerStatus.PAUSED, VolunteerStatus.LEFT, VolunteerStatus.BLOCKED):
        assert "不是在册志愿者" in said(replace(SOUND, status=status))
    assert "不是在册志愿者" in said(replace(SOUND, joined_on=date(2026, 11, 25)))
    assert "从业查询" in said(SOUND, ())
    assert "还没有参加过培训" in said(SOUND, CHECKS, replace(TRAININGS[0], day=date(2026, 11, 25)))
    assert "监护人书面同意" in said(replace(SOUND, birth_date=date(2010, 1, 1)))
    assert said(replace(SOUND, birth_date=date(2010, 1, 1), guardian_consent=True)) == ""
    assert "保险" in said(replace(SOUND, insured_until=date(2026, 11, 23)))
    assert said(replace(SOUND, insured_until=TODAY, sex=Sex.MALE)) == ""


def test_after_a_record_there_is_nothing_else_to_say() -> None:
    hit = (*CHECKS, ScreeningCheck(volunteer_id=1, queried_on=TODAY, result=CheckResult.HIT))
    found = list(choice_problems("volunteer_id", replace(SOUND, status=VolunteerStatus.BLOCKED), hit, (), TODAY))
    assert ["有记录" in problem.say() for problem in found] == [True]
