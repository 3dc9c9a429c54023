"""Assessments: their own rules, what is proposed, who may deviate from it, the level and the day that follow."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from stationdesk.fields import check
from stationdesk.records.assessment_forms import AssessedLevel, AssessmentKind
from stationdesk.records.assessments import (
    Assessment,
    Proposed,
    approval_problem,
    is_latest,
    level_line,
    next_due,
    propose,
    reason_problems,
    reassessments,
)
from stationdesk.records.categories import Category, Circumstances, Colour, ImproperKind, RiskLevel, risk_suggestions
from stationdesk.records.family_codes import CareRating
from tests.children import answers

GUARDIANSHIP, RISK, NEED, AFTER = AssessmentKind
RED, YELLOW, BLUE, GREEN = (AssessedLevel.of(colour.code) for colour in Colour)
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0)


def risk(*codes: str, **more: object) -> Assessment:
    found = Assessment(
        child_id=1,
        assessed_on=TODAY,
        assessor_id=7,
        items=answers(RISK, *codes),
        level=YELLOW,
        conclusion="照护人更换",
        next_due=TODAY + timedelta(days=90),
    )
    return replace(found, **more)  # type: ignore[arg-type]


def guardianship(*codes: str, **more: object) -> Assessment:
    return risk(
        *("GREEN",),
        **{
            "kind": GUARDIANSHIP,
            "items": answers(GUARDIANSHIP, *codes),
            "score": Decimal(65),
            "level": AssessedLevel.INSUFFICIENT,
            "rating": CareRating.FAIR,
        }
        | more,
    )


# --- one assessment ------------------------------------------------------------------------------


@pytest.mark.parametrize("found", [risk("YELLOW"), guardianship("FAIR"), guardianship("FAIR", rating=None)])
def test_sound_assessments(found: Assessment) -> None:
    assert [*check(found), *found.problems()] == []


@pytest.mark.parametrize(
    ("found", "field"),
    [
        (risk("YELLOW", items=answers(GUARDIANSHIP, "GOOD")), "items"),
        (risk("YELLOW", items=replace(answers(RISK, "YELLOW"), given=(("BODY", "RED"),))), "items"),
        (risk("YELLOW", level=AssessedLevel.NORMAL), "level"),
        (risk("YELLOW", level=None), "level"),
        (risk("YELLOW", rating=CareRating.GOOD), "rating"),
        (risk("YELLOW", score=Decimal(5)), "score"),
        (risk("YELLOW", next_due=None), "next_due"),
        (risk("YELLOW", next_due=TODAY), "next_due"),
        (guardianship("FAIR", next_due=None), "next_due"),
        (risk("YELLOW", conclusion=""), "conclusion"),
        (guardianship("FAIR", score=Decimal("100.01")), "score"),
    ],
)
def test_what_one_assessment_needs(found: Assessment, field: str) -> None:
    assert [problem.field for problem in (*check(found), *found.problems())] == [field]


def test_needs_and_effects_need_no_next_day() -> None:
    need = risk("X", kind=NEED, items=answers(NEED, "SOME"), level=AssessedLevel.NEED_SOME, next_due=None)
    assert [*check(need), *need.problems()] == []
    assert (need.colour, risk("YELLOW").colour) == (None, Colour.YELLOW)


# --- what is proposed ----------------------------------------------------------------------------

ALONE = risk_suggestions(Circumstances(age=7, improper=(ImproperKind.ALONE_U8,)))
POOR = risk_suggestions(Circumstances(categories=(Category.POVERTY,)))


def test_a_red_trigger_forces_red_and_says_why() -> None:
    found = propose(answers(RISK, "GREEN", "BLUE", "GREEN"), (*POOR, *ALONE))
    assert found.level is RED
    assert [trigger.say() for trigger in found.because] == ["未满8周岁无人看护"]


def test_every_trigger_asks_for_at_least_its_colour() -> None:
    assert propose(answers(RISK, "GREEN"), POOR).level is BLUE
    graver = propose(answers(RISK, "YELLOW", "GREEN"), POOR)
    assert (graver.level, graver.because) == (YELLOW, ())
    assert propose(answers(RISK, "GREEN"), risk_suggestions(Circumstances())).level is GREEN


def test_triggers_are_for_risk_only() -> None:
    found = propose(answers(GUARDIANSHIP, "GOOD"), ALONE)
    assert found == Proposed(score=Decimal("100.00"), level=AssessedLevel.NORMAL, rating=CareRating.GOOD)
    assert propose(answers(AFTER, "MUCH")).rating is None


@pytest.mark.parametrize(
    ("found", "proposed", "field"),
    [
        (risk("GREEN", level=GREEN), Proposed(level=GREEN), None),
        (risk("GREEN", level=RED), Proposed(level=GREEN), None),
        (risk("GREEN", level=GREEN), Proposed(level=BLUE), "reason"),
        (risk("GREEN", level=GREEN, reason="已有人照看"), Proposed(level=BLUE), None),
        (guardianship("FAIR"), propose(answers(GUARDIANSHIP, "FAIR")), None),
        (guardianship("FAIR", score=Decimal(70)), propose(answers(GUARDIANSHIP, "FAIR")), "reason"),
        (guardianship("FAIR", level=AssessedLevel.ABSENT), propose(answers(GUARDIANSHIP, "FAIR")), "reason"),
        (guardianship("FAIR", level=AssessedLevel.ABSENT), Proposed(), None),
    ],
)
def test_what_differs_from_the_proposal_takes_a_reason(
    found: Assessment, proposed: Proposed, field: str | None
) -> None:
    assert [problem.field for problem in reason_problems(found, proposed)] == ([field] if field else [])
    assert all(problem.say() for problem in reason_problems(found, proposed))


def test_a_milder_colour_than_proposed_or_present_takes_approval() -> None:
    assert approval_problem(risk("BLUE", level=BLUE), Proposed(level=YELLOW), None) is not None
    assert approval_problem(risk("BLUE", level=BLUE), Proposed(level=BLUE), Colour.RED) is not None
    assert approval_problem(risk("BLUE", level=RED), Proposed(level=BLUE), Colour.BLUE) is None
    assert approval_problem(risk("BLUE", level=BLUE), Proposed(level=BLUE), Colour.BLUE) is None
    other = guardianship("FAIR", level=AssessedLevel.NORMAL)
    assert approval_problem(other, propose(other.items), Colour.RED) is None


# --- what follows --------------------------------------------------------------------------------


def test_the_line_of_the_level_says_by_whom_and_why_and_is_added_once() -> None:
    found = risk("YELLOW")
    line = level_line(found, (), NOW, 9)
    assert line is not None
    assert (line.colour, line.rated_at, line.rated_by, line.reason) == (Colour.YELLOW, NOW, 9, "照护人更换")
    assert line.assessment_uuid == found.uuid
    assert level_line(found, (line,), NOW, 9) is None
    changed = level_line(replace(found, level=RED, reason="理由"), (line,), NOW, 9)
    assert changed is not None
    assert (changed.colour, changed.reason) == (Colour.RED, "理由")
    assert level_line(guardianship("FAIR"), (), NOW, 9) is None


def test_a_long_conclusion_is_shortened_to_what_a_line_holds() -> None:
    line = level_line(risk("YELLOW", conclusion="长" * 500), (), NOW, 9)
    assert line is not None
    assert (len(line.reason), line.reason[-1]) == (200, "…")
    assert not check(line)


def test_only_the_latest_of_its_kind_changes_the_level() -> None:
    old = risk("RED", assessed_on=TODAY - timedelta(days=40))
    assert is_latest(risk("RED"), [old, risk("RED")])
    assert not is_latest(old, [old, risk("RED")])
    assert is_latest(old, [old, guardianship("FAIR")])


@pytest.mark.parametrize(
    ("level", "days"), [(RED, 30), (YELLOW, 90), (BLUE, 180), (GREEN, 365), (AssessedLevel.NEED_SOME, None)]
)
def test_when_to_look_again(level: AssessedLevel, days: int | None) -> None:
    assert next_due(TODAY, level) == (TODAY + timedelta(days=days) if days else None)


def rated(colour: Colour, day: date, uuid: str | None = None) -> RiskLevel:
    at = datetime.combine(day, datetime.min.time())
    return RiskLevel(child_id=1, colour=colour, rated_at=at, reason="某", assessment_uuid=uuid)


def due(assessments: list[Assessment], levels: list[RiskLevel], today: date) -> list[tuple[str, date, bool]]:
    return [(one.kind.code, one.on, one.overdue) for one in reassessments(assessments, levels, today)]


def test_it_is_told_a_week_before_and_from_then_on() -> None:
    found = risk("YELLOW", next_due=date(2026, 12, 24))
    for today, wanted in ((date(2026, 12, 16), []), (date(2026, 12, 17), [False]), (date(2026, 12, 25), [True])):
        assert [late for _kind, _on, late in due([found], [], today)] == wanted
    said = next(reassessments([found], [], date(2026, 12, 25))).say()
    assert said == "“风险等级”复评已过期，应于2026-12-24前完成"


def test_the_last_assessment_of_each_kind_counts() -> None:
    old = risk("RED", assessed_on=date(2026, 1, 1), next_due=date(2026, 1, 31))
    new = risk("YELLOW", next_due=date(2027, 2, 22))
    family = guardianship("FAIR", next_due=date(2026, 11, 1))
    assert due([old, new, family], [], TODAY) == [("GUARDIANSHIP", date(2026, 11, 1), True)]


def test_a_level_rated_without_an_assessment_has_its_own_day() -> None:
    assert due([], [rated(Colour.RED, date(2026, 10, 30))], TODAY) == [("RISK", date(2026, 11, 29), False)]
    assert due([], [rated(Colour.GREEN, date(2026, 10, 30))], TODAY) == []
    found = risk("GREEN", assessed_on=date(2026, 1, 1), next_due=date(2027, 1, 1))
    mine = rated(Colour.GREEN, date(2026, 1, 1), found.uuid)
    assert due([found], [mine], TODAY) == []
    # Raised since: the sooner of the two days.
    raised = rated(Colour.RED, date(2026, 10, 20))
    assert due([found], [mine, raised], TODAY) == [("RISK", date(2026, 11, 19), True)]
    assert due([], [mine], date(2027, 1, 2)) == [("RISK", date(2027, 1, 1), True)]
