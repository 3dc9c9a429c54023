"""The lists inside a file: saved, changed, removed, refused, and shown to whom."""

import inspect
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from stationdesk.db.child_reviews import ChildReviewStore
from stationdesk.db.children import ChildStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.ages import AgeStep
from stationdesk.records.benefits import Benefit, BenefitKind
from stationdesk.records.care import ChildNeed, DelegatedCare, Need
from stationdesk.records.categories import Category, Colour, RiskLevel
from stationdesk.records.child_quality import Gap
from stationdesk.records.child_reviews import Happening
from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.families import FATHER, MOTHER, FamilyMember
from stationdesk.records.family_codes import CareRating, GuardianKind, ParentState, PovertyKind
from stationdesk.records.health import DisabilityGrade, DisabilityType, HealthItem, HealthKind
from stationdesk.records.schooling import EduStage, Schooling
from tests.children import as_seen_by, category, colleague, filed, light, resident_no

TODAY = date(2026, 11, 24)
BEGAN = date(2026, 2, 1)


def grandmother(child_id: int, **more: object) -> FamilyMember:
    found = FamilyMember(
        child_id=child_id,
        relation="62",
        name="阿瓦古丽·贺",
        phone="13811112222",
        is_guardian=True,
        guardian_kind=GuardianKind.GRANDPARENTS,
        is_carer=True,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def fields_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.field for problem in refused.value.problems]


def test_each_list_takes_keeps_changes_and_gives_up_its_lines(desk: Desk) -> None:
    child, files = filed(desk), desk.child_files
    carer = files.save_family(grandmother(child))
    lists: tuple[tuple[Any, Any, Any, Any, dict[str, Any]], ...] = (
        (files.schooling, files.save_schooling, files.remove_schooling,
         Schooling(child_id=child, stage=EduStage.PRIMARY, school="某小学", since=BEGAN), {"grade_class": "三年级"}),
        (files.health, files.save_health, files.remove_health,
         HealthItem(child_id=child, kind=HealthKind.ALLERGY, text="花粉"), {"costly": True}),
        (files.benefits, files.save_benefit, files.remove_benefit,
         Benefit(child_id=child, kind=BenefitKind.DIBAO, since=BEGAN), {"note": "某"}),
        (files.consents, files.save_consent, files.remove_consent,
         Consent(child_id=child, kind=ConsentKind.PHOTO_FILE, given_by=carer, assent=True, signed_on=BEGAN),
         {"withdrawn_on": TODAY}),
        (files.delegated_care, files.save_care, files.remove_care,
         DelegatedCare(child_id=child, carer_id=carer, since=BEGAN, ability=CareRating.GOOD), {"school_told": True}),
        (files.child_needs, files.save_need, files.remove_need,
         ChildNeed(child_id=child, need=Need.EDUCATION, since=BEGAN), {"met_on": TODAY}),
    )  # fmt: skip
    for shown, keep, remove, made, change in lists:
        number = keep(made)
        [first] = shown(child)
        assert first == replace(made, id=number, version=1)
        assert keep(replace(first, **change)) == number
        with pytest.raises(Conflict):
            keep(replace(first, **change))
        [second] = shown(child)
        assert second == replace(first, version=2, **change)
        remove(number)
        assert shown(child) == ()
        with pytest.raises(Missing):
            remove(number)


def test_a_line_stays_with_its_child(desk: Desk) -> None:
    one, other = filed(desk, "甲某"), filed(desk, "乙某")
    number = desk.child_files.save_family(grandmother(one))
    with pytest.raises(Missing):
        desk.child_files.save_family(grandmother(other, id=number, version=1))
    with pytest.raises(Missing):
        desk.child_files.save_need(ChildNeed(child_id=4242, need=Need.LEGAL, since=BEGAN))


def test_parents_always_exist_and_others_may_go(desk: Desk) -> None:
    child, files = filed(desk, order=1), desk.child_files
    father, mother = files.family(child)
    assert (father.relation, mother.relation) == (FATHER, MOTHER)
    dead = replace(father, name="吐尔洪江•某", state=ParentState.DEAD)
    files.save_family(dead)
    assert files.family(child)[0].name == "吐尔洪江·某"
    for wrong, field in (
        (FamilyMember(child_id=child, relation=FATHER, state=ParentState.HEALTHY), "relation"),
        (replace(mother, relation="88", name="某"), "relation"),
        (replace(mother, birth_date=date(2016, 1, 1)), "birth_date"),
        (replace(mother, id_no=resident_no()), "id_no"),
        (replace(mother, state=ParentState.IN_CUSTODY, state_from=BEGAN, state_months=0), "state_months"),
    ):
        with pytest.raises(Refused) as refused:
            files.save_family(wrong)
        assert fields_of(refused) == [field]
    with pytest.raises(Refused):
        files.remove_family(mother.id or 0)
    carer = files.save_family(grandmother(child))
    care = files.save_care(DelegatedCare(child_id=child, carer_id=carer, since=BEGAN, ability=CareRating.FAIR))
    with pytest.raises(Refused):
        files.remove_family(carer)
    files.remove_care(care)
    files.remove_family(carer)
    assert len(files.family(child)) == 2


def test_rules_against_the_other_lines(desk: Desk) -> None:
    child, files = filed(desk, order=1), desk.child_files
    wrong = HealthItem(
        child_id=child,
        kind=HealthKind.DISABILITY,
        disability=DisabilityType.LIMBS,
        grade=DisabilityGrade.FIRST,
        cert_no=resident_no(order=3) + "41",
    )
    with pytest.raises(Refused) as refused:
        files.save_health(wrong)
    assert fields_of(refused) == ["cert_no"]
    files.save_health(replace(wrong, cert_no=f" {resident_no()}41 "))
    with pytest.raises(Refused) as refused:
        files.save_consent(Consent(child_id=child, kind=ConsentKind.OUTING, signed_on=BEGAN, assent=True))
    assert fields_of(refused) == ["given_by"]
    with pytest.raises(Refused) as refused:
        files.save_care(DelegatedCare(child_id=child, carer_id=4242, since=BEGAN, ability=CareRating.FAIR))
    assert fields_of(refused) == ["carer_id"]


def open_primaries(desk: Desk, child: int) -> list[Category]:
    held = desk.child_files.categories(child)
    return [c.category for c in held if c.is_primary and c.until is None]


def test_one_primary_category(desk: Desk) -> None:
    child, files = filed(desk), desk.child_files
    with pytest.raises(Refused) as refused:
        files.save_category(category(Category.DISABLED, child_id=child, is_primary=True))
    assert fields_of(refused) == ["is_primary"]
    with pytest.raises(Refused) as refused:
        files.save_category(category(Category.POVERTY, child_id=child))
    assert fields_of(refused) == ["category"]
    with pytest.raises(Refused) as refused:
        files.save_category(category(Category.STREET, date(2026, 11, 25), child_id=child))
    assert fields_of(refused) == ["since"]
    with pytest.raises(Refused) as refused:
        files.save_category(category(Category.STREET, child_id=child, until=date(2026, 11, 25)))
    assert fields_of(refused) == ["until"]
    second = files.save_category(category(Category.DISABLED, child_id=child))
    files.make_primary(second)
    assert {c.category: c.is_primary for c in files.categories(child)} == {
        Category.POVERTY: False,
        Category.DISABLED: True,
    }
    kept = next(c for c in files.categories(child) if c.id == second)
    files.save_category(replace(kept, until=date(2026, 10, 1)))
    with pytest.raises(Refused):
        files.make_primary(second)
    # The primary one has ended: the weightiest of the others takes its place.
    third = files.save_category(category(Category.SINGLE_PARENT, child_id=child))
    files.save_category(category(Category.MIGRANT, child_id=child))
    assert open_primaries(desk, child) == [Category.POVERTY]
    files.remove_category(next(c.id or 0 for c in files.categories(child) if c.category is Category.POVERTY))
    assert open_primaries(desk, child) == [Category.MIGRANT]
    files.remove_category(third)
    assert open_primaries(desk, child) == [Category.MIGRANT]
    assert len(files.categories(child)) == 2


def test_the_level_is_added_to_and_lowered_only_by_who_may(desk: Desk) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    child = filed(desk, worker_id=worker.staff_id)
    store = as_seen_by(desk, worker, ChildReviewStore)
    level = RiskLevel(child_id=child, colour=Colour.RED, rated_at=datetime(2020, 1, 1), reason="独自在家")
    store.rate(level)
    with pytest.raises(Denied) as denied:
        store.rate(replace(level, uuid="a" * 32, colour=Colour.GREEN))
    assert "降低风险等级" in denied.value.say()
    with pytest.raises(Refused):
        store.rate(replace(level, uuid="b" * 32, reason=""))
    desk.child_files.rate(replace(level, uuid="c" * 32, colour=Colour.GREEN, reason="已有人照看"))
    history = store.risk_levels(child)
    assert [line.colour for line in history] == [Colour.BLUE, Colour.RED, Colour.GREEN]
    assert {line.rated_at for line in history} == {datetime(2026, 11, 24, 12, 0)}
    assert history[1].rated_by == worker.staff_id
    assert not hasattr(store, "save_level")


# --- who sees and writes what --------------------------------------------------------------------


def test_lists_open_with_the_file(desk: Desk) -> None:
    worker, clerk, counsellor = (colleague(desk, role) for role in (Role.SOCIAL_WORKER, Role.CLERK, Role.COUNSELLOR))
    mine = filed(desk, "己某", worker_id=worker.staff_id, counsellor_id=counsellor.staff_id)
    other = filed(desk, "他某")
    for child in (mine, other):
        desk.child_files.save_family(grandmother(child))
        desk.child_files.save_benefit(Benefit(child_id=child, kind=BenefitKind.DIBAO, since=BEGAN))
    store = as_seen_by(desk, worker, ChildReviewStore)
    assert len(store.family(mine)) == 3
    assert (store.family(other), store.categories(other), store.timeline(other)) == ((), (), ())
    assert store.hints(other).risk == ()
    with pytest.raises(Denied):
        store.save_family(grandmother(other))
    masked = as_seen_by(desk, clerk, ChildReviewStore)
    shown = masked.family(mine)[-1]
    assert (shown.name, shown.phone, shown.guardian_kind) == ("阿*****", "138****2222", None)
    assert (masked.benefits(mine), masked.categories(mine), masked.timeline(mine)) == ((), (), ())
    with pytest.raises(Denied):
        masked.save_family(grandmother(mine))
    client = as_seen_by(desk, counsellor, ChildReviewStore)
    assert len(client.family(mine)) == 3
    assert client.benefits(mine) == ()
    assert all(row.kind is not Happening.BENEFIT for row in client.timeline(mine))
    assert client.hints(mine).benefits == ()
    with pytest.raises(Missing):
        client.family(other)


def test_restricted_lines_are_not_there_for_those_who_may_not_see_them(desk: Desk) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    child = filed(desk, "他某")
    files = desk.child_files
    files.save_category(category(Category.VICTIM, child_id=child))
    files.save_health(HealthItem(child_id=child, kind=HealthKind.MENTAL, text="某", diagnosed_on=BEGAN))
    files.save_health(HealthItem(child_id=child, kind=HealthKind.ALLERGY, text="花粉"))
    files.save_benefit(Benefit(child_id=child, kind=BenefitKind.HIV_LIVING, since=BEGAN))
    store = as_seen_by(desk, worker, ChildReviewStore)
    worker.breaker.start()
    assert [c.category for c in store.categories(child)] == [Category.POVERTY]
    assert [h.kind for h in store.health(child)] == [HealthKind.ALLERGY]
    assert store.benefits(child) == ()
    said = "".join(row.say() for row in store.timeline(child))
    assert "受侵害" not in said
    assert "心理" not in said
    assert len(files.categories(child)) == 2
    assert len(files.health(child)) == 2
    assert "受侵害" in "".join(row.say() for row in files.timeline(child))
    assert store.hints(child).gaps == files.hints(child).gaps
    alone = filed(desk, "独某", Category.HIV)
    assert store.categories(alone) == ()
    assert Gap.NO_PRIMARY not in store.hints(alone).gaps
    assert "艾滋病" not in "".join(hint.say() for hint in store.hints(alone).benefits)
    # Emergency access is for reading.
    with pytest.raises(Denied):
        store.save_family(grandmother(child))


def test_no_list_and_no_door_opens_on_a_child_one_may_not_know_of(desk: Desk) -> None:
    other = filed(desk, "他某")
    counsellor = colleague(desk, Role.COUNSELLOR)
    doors = 0
    for kind in (ChildStore, ChildReviewStore):
        store = as_seen_by(desk, counsellor, kind)
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            asked = list(inspect.signature(method).parameters)
            if not name.startswith("_") and asked == ["self", "child_id"]:
                with pytest.raises(Missing):
                    getattr(store, name)(other)
                doors += 1
    assert doors == 18


# --- the file as a whole -------------------------------------------------------------------------


def test_the_timeline_has_what_the_file_has(desk: Desk) -> None:
    child, files = filed(desk), desk.child_files
    files.save_schooling(
        Schooling(
            child_id=child,
            stage=EduStage.DROPOUT,
            since=BEGAN,
            dropout_on=date(2026, 9, 1),
            dropout_reason="随父母",
        )
    )
    carer = files.save_family(grandmother(child))
    files.save_consent(
        Consent(child_id=child, kind=ConsentKind.PHOTO_FILE, given_by=carer, assent=True, signed_on=date(2026, 9, 2))
    )
    rows = files.timeline(child)
    assert [row.day for row in rows] == sorted((row.day for row in rows), reverse=True)
    kinds = {row.kind for row in rows}
    assert kinds == {
        Happening.FILE,
        Happening.ENTERED,
        Happening.CATEGORY,
        Happening.RISK,
        Happening.SCHOOL,
        Happening.CONSENT,
    }
    assert [row.say() for row in rows if row.kind is Happening.SCHOOL] == ["辍学", "辍学（义务教育阶段） "]
    assert "建立档案乙-2026-0001" in [row.say() for row in rows]


def test_hints_come_from_the_facts_and_decide_nothing(desk: Desk) -> None:
    child, files = filed(desk), desk.child_files
    # A new file knows nothing of the family yet: a gap, no danger.
    assert "没有实际照护人" not in [s.say() for s in files.hints(child).risk]
    files.save_family(replace(files.family(child)[0], state=ParentState.DEAD))
    assert "没有实际照护人" in [s.say() for s in files.hints(child).risk]
    assert files.hints(child).gaps == (Gap.NO_GUARDIAN, Gap.NO_POVERTY_KIND)
    files.save_family(grandmother(child))
    father, mother, _grandmother = files.family(child)
    files.save_family(replace(father, state=ParentState.DEAD))
    files.save_family(replace(mother, state=ParentState.IN_CUSTODY, state_from=date(2026, 1, 1), state_months=12))
    house = desk.children.household(child)
    assert house is not None
    desk.children.save_household(child, replace(house, poverty_kind=PovertyKind.DIBAO))
    found = files.hints(child)
    assert [s.colour for s in found.risk] == [Colour.BLUE]
    assert found.unattended is not None
    assert not found.unattended.orphan
    assert [hint.kind for hint in found.benefits] == [BenefitKind.DIBAO]
    assert found.terms == ((MOTHER, 38),)
    assert found.gaps == ()
    assert found.unattended.say() == "父亲死亡、母亲服刑在押，可能符合事实无人抚养儿童条件，请核实后协助申请。"
    carer = files.family(child)[2].id or 0
    care = files.save_care(
        DelegatedCare(child_id=child, carer_id=carer, since=date(2026, 11, 4), ability=CareRating.FAIR)
    )
    files.save_consent(
        Consent(
            child_id=child, kind=ConsentKind.OUTING, given_by=carer, assent=True, signed_on=BEGAN, withdrawn_on=TODAY
        )
    )
    assert (files.hints(child).unsigned, files.hints(child).lapsed) == (((care, 20),), (ConsentKind.OUTING,))
    assert [c.category for c in files.categories(child)] == [Category.POVERTY]


def test_a_light_registration_is_no_danger_for_what_it_does_not_ask(desk: Desk) -> None:
    number = desk.children.enrol(light("贺兰朵"))
    assert desk.child_files.hints(number).risk == ()
    assert desk.child_files.hints(filed(desk, "陈一诺")).risk != ()


def test_what_falls_due_by_age(desk: Desk) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    old = filed(desk, "老某", birth=date(2008, 12, 4), worker_id=worker.staff_id)
    filed(desk, "中某", Category.LEFT_BEHIND, birth=date(2010, 11, 24))
    filed(desk, "小某", birth=date(2015, 1, 1))
    assert [(due.name, due.proposal.step) for due in desk.child_files.due()] == [
        ("中某", AgeStep.SIXTEEN),
        ("老某", AgeStep.EIGHTEEN_SOON),
    ]
    assert [due.child_id for due in as_seen_by(desk, worker, ChildReviewStore).due()] == [old]


def test_what_falls_due_is_read_at_once_however_many_they_are(desk: Desk) -> None:
    asked: list[str] = []
    event.listen(
        desk.opened.database._engine, "before_cursor_execute", lambda _c, _cursor, words, *_more: asked.append(words)
    )
    counts = []
    for name in ("甲某", "乙某"):
        filed(desk, name, birth=date(2008, 12, 4))
        asked.clear()
        desk.child_files.due()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_primary_category_that_ended_keeps_its_past_and_can_be_opened_again(desk: Desk) -> None:
    child_id, files = filed(desk), desk.child_files
    [first] = files.categories(child_id)
    second, third = (
        files.save_category(category(kind, child_id=child_id)) for kind in (Category.DISABLED, Category.DROPOUT)
    )
    files.save_category(replace(first, until=date(2026, 6, 30)))
    files.make_primary(third)
    assert {c.id: c.is_primary for c in files.categories(child_id)} == {first.id: True, second: False, third: True}
    ended = next(c for c in files.categories(child_id) if c.id == first.id)
    files.save_category(replace(ended, until=None))
    assert {c.id: c.is_primary for c in files.categories(child_id)} == {first.id: False, second: False, third: True}
