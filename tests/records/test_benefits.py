"""Health, schooling, care and benefits: their rules, and what is due and not had."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.records.benefits import Benefit, BenefitKind, BenefitState, benefit_hints
from stationdesk.records.care import ChildNeed, DelegatedCare, Need, carer_problems, unsigned
from stationdesk.records.categories import Category, ChildCategory
from stationdesk.records.families import FATHER, FamilyMember
from stationdesk.records.family_codes import CareRating, PovertyKind
from stationdesk.records.health import (
    DisabilityGrade,
    DisabilityType,
    HealthItem,
    HealthKind,
    Illness,
    certificate_problems,
)
from stationdesk.records.schooling import EduStage, Schooling, is_out_of_school

TODAY = date(2026, 11, 24)
BEGAN = date(2026, 1, 1)
ID = "650105201402280017"


def disabled(kind: DisabilityType, grade: DisabilityGrade, **more: object) -> HealthItem:
    found = HealthItem(child_id=1, kind=HealthKind.DISABILITY, disability=kind, grade=grade)
    return replace(found, **more)  # type: ignore[arg-type]


LIMBS_1 = disabled(DisabilityType.LIMBS, DisabilityGrade.FIRST)


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (HealthItem(child_id=1, kind=HealthKind.DISABILITY, grade=DisabilityGrade.NONE), "disability"),
        (HealthItem(child_id=1, kind=HealthKind.DISABILITY, disability=DisabilityType.SIGHT), "grade"),
        (replace(LIMBS_1, autism=True), "autism"),
        (HealthItem(child_id=1, kind=HealthKind.SERIOUS_ILLNESS), "illness"),
        (HealthItem(child_id=1, kind=HealthKind.ALLERGY), "text"),
        (replace(LIMBS_1, diagnosed_on=TODAY, over_on=BEGAN), "over_on"),
    ],
)
def test_what_one_condition_needs(item: HealthItem, field: str) -> None:
    assert [p.field for p in item.problems()] == [field]
    assert list(LIMBS_1.problems()) == []


@pytest.mark.parametrize(
    ("number", "fields"),
    [
        (ID + "41", []),
        (ID + "41B1", []),
        (ID + "4", ["cert_no"]),
        (ID + "85", ["cert_no"]),
        ("650105201402280025" + "41", ["cert_no"]),
        (ID + "31", ["disability"]),
        (ID + "42", ["grade"]),
    ],
)
def test_a_certificate_agrees_with_child_type_and_grade(number: str, fields: list[str]) -> None:
    assert [p.field for p in certificate_problems(replace(LIMBS_1, cert_no=number), ID)] == fields


def test_diagnoses_of_the_mind_and_hiv_are_restricted() -> None:
    assert HealthItem(child_id=1, kind=HealthKind.MENTAL, text="某").restricted
    assert HealthItem(child_id=1, kind=HealthKind.SERIOUS_ILLNESS, illness=Illness.HIV).restricted
    assert disabled(DisabilityType.MENTAL, DisabilityGrade.SECOND).restricted
    assert disabled(DisabilityType.MULTIPLE, DisabilityGrade.SECOND, autism=True).restricted
    assert not LIMBS_1.restricted
    assert Benefit(child_id=1, kind=BenefitKind.HIV_LIVING, since=BEGAN).restricted


def hints(*, category: Category | None = None, poverty: PovertyKind | None = None, **more: object) -> list[str]:
    held = [ChildCategory(child_id=1, category=category, since=BEGAN)] if category else []
    health: tuple[HealthItem, ...] = more.get("health", ())  # type: ignore[assignment]
    had: tuple[Benefit, ...] = more.get("had", ())  # type: ignore[assignment]
    return [hint.kind.code for hint in benefit_hints(held, health, poverty, had, TODAY)]


def test_what_is_due_by_category_poverty_and_health() -> None:
    assert hints(category=Category.ORPHAN) == ["ORPHAN_LIVING", "INSURANCE"]
    assert hints(category=Category.DE_FACTO) == ["DEFACTO_LIVING", "INSURANCE"]
    assert hints(category=Category.HIV) == ["HIV_LIVING"]
    assert hints(poverty=PovertyKind.DIBAO) == ["DIBAO"]
    assert hints(poverty=PovertyKind.DIBAO_EDGE) == ["EDGE"]
    assert hints(poverty=PovertyKind.OTHER) == []
    assert hints(health=(LIMBS_1,)) == ["DISABLED_CARE", "REHAB"]
    third = disabled(DisabilityType.LIMBS, DisabilityGrade.THIRD)
    assert hints(health=(third,)) == ["REHAB"]
    assert hints(health=(replace(third, disability=DisabilityType.INTELLECT),)) == ["DISABLED_CARE", "REHAB"]
    assert hints(health=(third,), poverty=PovertyKind.TEKUN) == ["TEKUN", "DISABLED_LIVING", "REHAB"]
    ill = HealthItem(child_id=1, kind=HealthKind.SERIOUS_ILLNESS, illness=Illness.LEUKAEMIA)
    assert hints(health=(ill,)) == ["MEDICAL"]
    assert hints(health=(replace(ill, over_on=TODAY),)) == []


def test_what_is_had_or_asked_for_is_no_hint_and_each_hint_has_its_reason() -> None:
    asked = Benefit(child_id=1, kind=BenefitKind.DISABLED_CARE, state=BenefitState.APPLYING, since=BEGAN)
    assert hints(health=(LIMBS_1,), had=(asked,)) == ["REHAB"]
    stopped = replace(asked, state=BenefitState.STOPPED, until=TODAY)
    assert hints(health=(LIMBS_1,), had=(stopped,)) == ["DISABLED_CARE", "REHAB"]
    [care, _rehab] = benefit_hints((), (LIMBS_1,), None, (), TODAY)
    assert care.say() == "肢体残疾一级，没有重度残疾人护理补贴"


@pytest.mark.parametrize(
    ("benefit", "field"),
    [
        (Benefit(child_id=1, kind=BenefitKind.DIBAO, since=TODAY, until=BEGAN), "until"),
        (Benefit(child_id=1, kind=BenefitKind.DIBAO, since=BEGAN, state=BenefitState.STOPPED), "until"),
        (Benefit(child_id=1, kind=BenefitKind.OTHER, since=BEGAN), "note"),
    ],
)
def test_what_one_benefit_needs(benefit: Benefit, field: str) -> None:
    assert [p.field for p in benefit.problems()] == [field]


def schooling(stage: EduStage, **more: object) -> Schooling:
    return replace(Schooling(child_id=1, stage=stage, since=BEGAN), **more)  # type: ignore[arg-type]


def test_schooling() -> None:
    assert [p.field for p in schooling(EduStage.PRIMARY).problems()] == ["school"]
    assert [p.field for p in schooling(EduStage.DROPOUT).problems()] == ["dropout_on", "dropout_reason"]
    assert [p.field for p in schooling(EduStage.NOT_ENROLLED, until=date(2025, 1, 1)).problems()] == ["until"]
    out = schooling(EduStage.DROPOUT, since=date(2026, 9, 1))
    assert is_out_of_school((schooling(EduStage.JUNIOR), out), TODAY) is out
    assert is_out_of_school((out, schooling(EduStage.JUNIOR, since=date(2026, 10, 1))), TODAY) is None
    assert is_out_of_school((schooling(EduStage.DROPOUT, since=date(2026, 11, 25)),), TODAY) is None


CARE = DelegatedCare(child_id=1, carer_id=5, since=BEGAN, ability=CareRating.FAIR)


def test_delegated_care() -> None:
    aunt = FamilyMember(id=5, child_id=1, relation="88", name="某")
    assert list(carer_problems(CARE, aunt)) == []
    assert [p.field for p in carer_problems(CARE, replace(aunt, child_id=2))] == ["carer_id"]
    assert [p.field for p in carer_problems(CARE, replace(aunt, relation=FATHER))] == ["carer_id"]
    assert [p.field for p in carer_problems(CARE, None)] == ["carer_id"]
    assert [p.field for p in replace(CARE, signed_on=TODAY).problems()] == ["checked"]
    assert [p.field for p in replace(CARE, valid_to=date(2025, 1, 1)).problems()] == ["valid_to"]
    signed, over = replace(CARE, id=1, signed_on=BEGAN, checked=True), replace(CARE, id=2, valid_to=date(2026, 1, 30))
    to_come = replace(CARE, id=3, since=date(2026, 2, 1))
    assert list(unsigned([signed, over, replace(CARE, id=4), to_come], date(2026, 1, 31))) == [(4, 30)]


def test_a_need_is_not_met_before_it_was() -> None:
    need = ChildNeed(child_id=1, need=Need.PSYCH, since=TODAY, met_on=BEGAN)
    assert [p.field for p in need.problems()] == ["met_on"]
    assert list(replace(need, met_on=TODAY).problems()) == []
