"""Assessments in the station file: the level that follows, who may lower it, who sees and what falls due."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from stationdesk.db.child_reviews import ChildReviewStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.assessment_forms import AssessedLevel, AssessmentKind
from stationdesk.records.assessments import Assessment
from stationdesk.records.categories import Category, Colour, ImproperKind
from stationdesk.records.child_reviews import Happening
from stationdesk.records.enrolments import ExitReason
from tests.child_prints import grandmother
from tests.children import answers, as_seen_by, assessed, category, colleague, filed, light

TODAY = date(2026, 11, 24)
GUARDIANSHIP = AssessmentKind.GUARDIANSHIP
YELLOW, BLUE, GREEN = AssessedLevel.YELLOW, AssessedLevel.BLUE, AssessedLevel.GREEN


@pytest.fixture
def child(desk: Desk) -> int:
    """A file in which nothing is red: its category makes it blue."""
    found = filed(desk, "贺兰朵")
    desk.child_files.save_family(grandmother(found))
    return found


def colours(desk: Desk, child_id: int) -> list[Colour]:
    return [line.colour for line in desk.child_files.risk_levels(child_id)]


def family_of(desk: Desk, child_id: int, **more: object) -> Assessment:
    found = assessed(
        desk,
        child_id,
        "GREEN",
        kind=GUARDIANSHIP,
        items=answers(GUARDIANSHIP, "FAIR"),
        score=Decimal("65.00"),
        level=AssessedLevel.INSUFFICIENT,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def test_it_comes_back_as_it_was_saved_and_stands_in_file_and_timeline(desk: Desk, child: int) -> None:
    risk, family = assessed(desk, child, "YELLOW", "BLUE", "GREEN"), family_of(desk, child, other_assessors="陈砚秋")
    for wanted in (risk, family):
        number = desk.child_files.save_assessment(wanted)
        kept = next(one for one in desk.child_files.assessments(child) if one.id == number)
        assert kept == replace(wanted, id=number, version=1)
    assert len(desk.child_files.file(child).assessments) == 2
    told = [row.say() for row in desk.child_files.timeline(child) if row.kind is Happening.ASSESSED]
    assert told == ["家庭监护能力：监护不足", "风险等级：黄（中风险）"]
    desk.child_files.remove_assessment(number)
    assert [one.kind for one in desk.child_files.assessments(child)] == [AssessmentKind.RISK]


def test_risk_adds_its_line_once_and_guardianship_none(desk: Desk, child: int) -> None:
    files = desk.child_files
    found = assessed(desk, child, "YELLOW", "BLUE", "GREEN")
    number = files.save_assessment(found)
    # Saved again because the answer was lost, and again with another conclusion.
    assert files.save_assessment(found) == number
    kept = files.assessments(child)[0]
    files.save_assessment(replace(kept, conclusion="照护人更换了"))
    files.save_assessment(family_of(desk, child))
    assert colours(desk, child) == [Colour.BLUE, Colour.YELLOW]
    line = files.risk_levels(child)[-1]
    assert (line.assessment_uuid, line.reason, line.rated_by) == (found.uuid, "三个维度都看过", desk.actor.staff_id)
    with pytest.raises(Conflict):
        files.save_assessment(replace(kept, conclusion="旧的"))
    files.save_assessment(replace(files.assessments(child)[0], level=AssessedLevel.RED))
    assert colours(desk, child) == [Colour.BLUE, Colour.YELLOW, Colour.RED]
    files.remove_assessment(number)
    assert colours(desk, child) == [Colour.BLUE, Colour.YELLOW, Colour.RED]


def test_what_is_refused_leaves_no_line(desk: Desk, child: int) -> None:
    for wrong in (
        assessed(desk, child, "RED", conclusion=""),
        assessed(desk, child, "RED", assessed_on=TODAY + timedelta(days=1)),
        assessed(desk, child, "RED", next_due=TODAY),
        family_of(desk, child, score=Decimal(70)),
    ):
        with pytest.raises(Refused):
            desk.child_files.save_assessment(wrong)
    with pytest.raises(Missing):
        desk.child_files.save_assessment(assessed(desk, 4242, "RED"))
    assert (colours(desk, child), desk.child_files.assessments(child)) == ([Colour.BLUE], ())


def test_one_written_up_afterwards_changes_no_level(desk: Desk, child: int) -> None:
    desk.child_files.save_assessment(assessed(desk, child, "YELLOW"))
    desk.child_files.save_assessment(assessed(desk, child, "RED", assessed_on=date(2026, 5, 1)))
    assert colours(desk, child) == [Colour.BLUE, Colour.YELLOW]
    assert [one.colour for one in desk.child_files.assessments(child)] == [Colour.RED, Colour.YELLOW]


def test_a_red_trigger_is_lowered_only_with_reason_and_approval(desk: Desk) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    child = filed(desk, worker_id=worker.staff_id)
    desk.child_files.save_family(grandmother(child))
    bad = category(Category.IMPROPER_GUARDIANSHIP, child_id=child, improper_kinds=(ImproperKind.VIOLENCE,), since=TODAY)
    desk.child_files.save_category(bad)
    store = as_seen_by(desk, worker, ChildReviewStore)
    mild = assessed(desk, child, "BLUE", assessor_id=worker.staff_id)
    with pytest.raises(Refused) as refused:
        store.save_assessment(mild)
    assert "红（高风险）" in refused.value.say()
    with pytest.raises(Denied) as denied:
        store.save_assessment(replace(mild, reason="施暴人已搬离"))
    assert "等级低于建议" in denied.value.say()
    assert colours(desk, child) == [Colour.BLUE]
    desk.child_files.save_assessment(replace(mild, reason="施暴人已搬离"))
    (kept,) = store.assessments(child)
    assert kept.reviewed_by == desk.actor.staff_id
    assert (colours(desk, child)[-1], store.risk_levels(child)[-1].reason) == (Colour.BLUE, "施暴人已搬离")
    # A conclusion may be worded anew under the review; another finding takes it away.
    store.save_assessment(replace(kept, conclusion="照护人尽责"))
    (kept,) = store.assessments(child)
    assert kept.reviewed_by == desk.actor.staff_id
    store.save_assessment(replace(kept, level=AssessedLevel.RED))
    assert store.assessments(child)[0].reviewed_by is None


def test_a_milder_colour_than_the_present_one_takes_approval(desk: Desk, child: int) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    own = filed(desk, "陈一诺", worker_id=worker.staff_id)
    desk.child_files.save_family(grandmother(own))
    store = as_seen_by(desk, worker, ChildReviewStore)
    store.save_assessment(assessed(desk, own, "RED"))
    milder = assessed(desk, own, "YELLOW")
    with pytest.raises(Denied) as denied:
        store.save_assessment(milder)
    assert "降低风险等级" in denied.value.say()
    assert len(store.assessments(own)) == 1
    desk.child_files.save_assessment(milder)
    assert colours(desk, own) == [Colour.BLUE, Colour.RED, Colour.YELLOW]


def test_reviewing_is_for_those_who_approve(desk: Desk, child: int) -> None:
    number = desk.child_files.save_assessment(assessed(desk, child, "BLUE"))
    store = as_seen_by(desk, colleague(desk, Role.SOCIAL_WORKER), ChildReviewStore)
    with pytest.raises(Denied):
        store.review_assessment(number)
    desk.child_files.review_assessment(number)
    assert desk.child_files.assessments(child)[0].reviewed_by == desk.actor.staff_id


def test_a_light_registration_is_judged_by_its_answers_alone(desk: Desk) -> None:
    number = desk.children.enrol(light("陈一诺"))
    desk.child_files.save_assessment(assessed(desk, number, "GREEN"))
    assert colours(desk, number) == [Colour.GREEN]


def test_who_sees_and_writes_them(desk: Desk, child: int) -> None:
    desk.child_files.save_assessment(assessed(desk, child, "BLUE"))
    worker, clerk = colleague(desk, Role.SOCIAL_WORKER), colleague(desk, Role.CLERK)
    for actor in (worker, clerk):
        store = as_seen_by(desk, actor, ChildReviewStore)
        assert store.assessments(child) == ()
        assert store.file(child).assessments == ()
        assert store.assessments_due() == ()
        with pytest.raises(Denied):
            store.save_assessment(assessed(desk, child, "RED"))
        with pytest.raises(Denied):
            store.remove_assessment(desk.child_files.assessments(child)[0].id or 0)
    worker.breaker.start()
    store = as_seen_by(desk, worker, ChildReviewStore)
    assert len(store.assessments(child)) == 1
    with pytest.raises(Denied):
        store.save_assessment(assessed(desk, child, "RED"))
    client = colleague(desk, Role.COUNSELLOR)
    own = filed(desk, "他某", counsellor_id=client.staff_id)
    desk.child_files.save_assessment(assessed(desk, own, "RED"))
    assert len(as_seen_by(desk, client, ChildReviewStore).assessments(own)) == 1


def test_what_falls_due_is_hinted_and_listed_for_those_in_stock(desk: Desk, child: int) -> None:
    files = desk.child_files
    assert (files.assessments_due(), files.hints(child).assessments) == ((), ())
    past, soon = date(2026, 11, 1), TODAY + timedelta(days=7)
    files.save_assessment(assessed(desk, child, "BLUE", assessed_on=date(2026, 5, 1), next_due=past))
    files.save_assessment(family_of(desk, child, next_due=soon))
    found = [(one.name, one.due.kind, one.due.on, one.due.overdue) for one in files.assessments_due()]
    assert found == [
        ("贺兰朵", AssessmentKind.RISK, past, True),
        ("贺兰朵", GUARDIANSHIP, soon, False),
    ]
    assert [one.on for one in files.hints(child).assessments] == [past, soon]
    files.save_assessment(assessed(desk, child, "BLUE"))
    assert [one.due.kind for one in files.assessments_due()] == [GUARDIANSHIP]
    desk.children.leave(child, TODAY, ExitReason.MOVED)
    assert (files.assessments_due(), files.hints(child).assessments) == ((), ())
