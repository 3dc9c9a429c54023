"""Families: parents who always exist, their states and terms, who may be who, 事实无人抚养."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.fields import check
from stationdesk.records.families import (
    FATHER,
    MOTHER,
    FamilyMember,
    Household,
    ending_terms,
    family_problems,
    has_carer,
    has_kin_carer,
    member_problems,
    months_later,
    parents_for,
    unattended_hint,
)
from stationdesk.records.family_codes import GuardianKind, Health, ParentState
from stationdesk.records.ids import check_digit
from stationdesk.records.people import Sex

TODAY = date(2026, 11, 24)
BORN = date(2014, 2, 28)
S = ParentState


def parent(relation: str, state: ParentState | None, **more: object) -> FamilyMember:
    return FamilyMember(child_id=1, relation=relation, state=state, **more)  # type: ignore[arg-type]


def numbered(first: str) -> str:
    return first + check_digit(first)


def fields_of(member: FamilyMember) -> list[str]:
    return [problem.field for problem in member.problems()]


def test_a_file_begins_with_both_parents_and_they_may_be_unknown() -> None:
    father, mother = parents_for(1)
    assert (father.relation, mother.relation) == (FATHER, MOTHER)
    assert father.state is mother.state is S.UNKNOWN
    for member in (father, mother):
        assert [*check(member), *member.problems()] == []


@pytest.mark.parametrize(
    ("member", "field"),
    [
        (parent(FATHER, None), "state"),
        (parent(FATHER, S.HEALTHY, sex=Sex.FEMALE), "sex"),
        (parent(MOTHER, S.IN_CUSTODY), "state_from"),
        (parent(MOTHER, S.LOST_CONTACT, state_from=date(2026, 1, 1)), "reported_on"),
        (parent(FATHER, S.DEAD, is_carer=True), "state"),
        (parent(FATHER, S.HEALTHY, health=Health.DISABILITY), "disability"),
        (FamilyMember(child_id=1, relation="61"), "name"),
        (FamilyMember(child_id=1, relation="60", name="某"), "relation"),
        (FamilyMember(child_id=1, relation="61", name="某", is_guardian=True), "guardian_kind"),
    ],
)
def test_what_one_member_needs(member: FamilyMember, field: str) -> None:
    assert fields_of(member) == [field]


def test_a_term_cannot_end_before_it_starts() -> None:
    wrong = parent(FATHER, S.IN_CUSTODY, state_from=date(2026, 1, 1), state_months=-3)
    assert [problem.field for problem in check(wrong)] == ["state_months"]
    right = replace(wrong, state_months=13)
    assert right.state_until == date(2027, 2, 1)


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 600))
def test_months_later_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    found = months_later(day, months)
    assert found.year * 12 + found.month == day.year * 12 + day.month + months
    assert found.day == day.day or (found.day < day.day and months_later(found, 0).replace(day=28) <= found)
    assert months_later(date(2025, 8, 31), 6) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("member", "field"),
    [
        (parent(FATHER, S.HEALTHY, birth_date=date(2015, 1, 1)), "birth_date"),
        (parent(FATHER, S.HEALTHY, birth_date=BORN), "birth_date"),
        (parent(MOTHER, S.HEALTHY, birth_date=date(2030, 1, 1)), "birth_date"),
        (parent(MOTHER, S.IN_CUSTODY, state_from=date(2026, 11, 25)), "state_from"),
        (parent(FATHER, S.HEALTHY, id_no="650105201402280017"), "id_no"),
        (parent(FATHER, S.HEALTHY, id_no=numbered("65010519880101001")[:17] + "A"), "id_no"),
        (parent(FATHER, S.HEALTHY, id_no=numbered("65010519880101001"), birth_date=date(1988, 1, 2)), "birth_date"),
        (parent(FATHER, S.HEALTHY, id_no=numbered("65010520150101001")), "birth_date"),
    ],
)
def test_a_member_against_the_child_and_today(member: FamilyMember, field: str) -> None:
    found = [problem.field for problem in member_problems(member, BORN, "650105201402280017", TODAY)]
    assert found == [field]


@pytest.mark.parametrize(("relation", "label"), [("57", "继父或养父"), ("64", "外祖母"), ("66", "曾祖父")])
def test_an_elder_is_older_than_the_child(relation: str, label: str) -> None:
    elder = FamilyMember(child_id=1, relation=relation, name="某", birth_date=BORN)
    assert [p.say() for p in member_problems(elder, BORN, None, TODAY)] == [
        f"{label}不可能比孩子小，请核对两人的出生日期。"
    ]


def test_nobody_was_reported_tomorrow() -> None:
    mother = FamilyMember(child_id=1, relation=MOTHER, reported_on=TODAY + timedelta(days=1))
    assert [p.field for p in member_problems(mother, BORN, None, TODAY)] == ["reported_on"]


def test_a_younger_sister_is_no_mistake() -> None:
    sister = FamilyMember(child_id=1, relation="77", name="某", birth_date=date(2018, 1, 1))
    assert list(member_problems(sister, BORN, None, TODAY)) == []


def test_one_father_only() -> None:
    father = parent(FATHER, S.HEALTHY)
    assert [p.say() for p in family_problems(parent(FATHER, S.DEAD), [father])] == ["已经有一条父亲，请修改原来那条。"]
    assert list(family_problems(replace(father, state=S.DEAD), [father])) == []


def test_who_looks_after_the_child() -> None:
    grandmother = FamilyMember(child_id=1, relation="62", name="某", is_carer=True)
    brother = replace(grandmother, relation="71", birth_date=date(2010, 1, 1))
    neighbour = replace(grandmother, relation="Z3")
    assert has_carer([neighbour])
    assert not has_carer([replace(grandmother, is_carer=False)])
    # Both parents unknown is all a new file has: a gap, no danger.
    assert has_carer([parent(FATHER, S.UNKNOWN), parent(MOTHER, S.UNKNOWN)])
    assert not has_carer([parent(FATHER, S.DEAD), parent(MOTHER, S.UNKNOWN)])
    assert [has_kin_carer([m], TODAY) for m in (grandmother, brother, neighbour)] == [True, False, False]
    assert not has_carer([parent(FATHER, S.DEAD, is_carer=True)])


# --- 事实无人抚养: one row of the table a case ----------------------------------------------------

JAILED = {"state_from": date(2026, 10, 1), "state_months": 24}
LOST = {"reported_on": date(2026, 5, 24)}


def hint(father: FamilyMember, mother: FamilyMember) -> str:
    found = unattended_hint((father, mother), TODAY)
    return "" if found is None else "ORPHAN" if found.orphan else "DE_FACTO"


@pytest.mark.parametrize(
    ("father", "mother", "wanted"),
    [
        (parent(FATHER, S.DEAD), parent(MOTHER, S.DECLARED_MISSING), "ORPHAN"),
        (parent(FATHER, S.DEAD), parent(MOTHER, S.SEVERE_DISABLED), "DE_FACTO"),
        (parent(FATHER, S.REVOKED), parent(MOTHER, S.DEPORTED), "DE_FACTO"),
        (parent(FATHER, S.IN_CUSTODY, **JAILED), parent(MOTHER, S.DEAD), "DE_FACTO"),
        (parent(FATHER, S.IN_CUSTODY, **JAILED), parent(MOTHER, S.HEALTHY), ""),
        (parent(FATHER, S.HEALTHY), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.REMARRIED), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.IN_CUSTODY, **(JAILED | {"state_months": 5})), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.IN_CUSTODY, **(JAILED | {"state_months": 1})), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.IN_CUSTODY, state_from=date(2024, 1, 1), state_months=12), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.DRUG_REHAB, state_from=date(2026, 5, 25)), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.DRUG_REHAB, state_from=date(2026, 5, 24)), parent(MOTHER, S.DEAD), "DE_FACTO"),
        (parent(FATHER, S.LOST_CONTACT, **LOST), parent(MOTHER, S.DEAD), "DE_FACTO"),
        (parent(FATHER, S.LOST_CONTACT, reported_on=date(2026, 5, 25)), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.LOST_CONTACT, state_from=date(2020, 1, 1)), parent(MOTHER, S.DEAD), ""),
        (parent(FATHER, S.UNKNOWN), parent(MOTHER, S.UNKNOWN), ""),
    ],
)
def test_de_facto_unattended(father: FamilyMember, mother: FamilyMember, wanted: str) -> None:
    assert hint(father, mother) == wanted
    # Which of the two it is makes no difference.
    assert hint(replace(mother, relation=FATHER), replace(father, relation=MOTHER)) == wanted


def test_without_both_parents_nothing_is_suggested() -> None:
    assert unattended_hint((parent(FATHER, S.DEAD),), TODAY) is None


def test_terms_that_end_are_told_sixty_days_before() -> None:
    soon = parent(FATHER, S.IN_CUSTODY, state_from=date(2025, 1, 23), state_months=24)
    later = replace(soon, state_from=date(2025, 1, 24))
    assert [left for _member, left in ending_terms([soon, later], TODAY)] == [60]
    assert list(ending_terms([replace(soon, state=S.HEALTHY)], TODAY)) == []


def test_a_household() -> None:
    assert [p.field for p in Household(address="某路1号", size=3, children=4).problems()] == ["children"]
    assert list(Household(address="某路1号", size=3, children=2).problems()) == []
    guardian = FamilyMember(
        child_id=1, relation="62", name="某", is_guardian=True, guardian_kind=GuardianKind.GRANDPARENTS
    )
    assert fields_of(guardian) == []
