"""The child's own record: light and full, names, numbers, levels, who sees what."""

from dataclasses import fields, replace
from datetime import date

import pytest

from stationdesk.fields import Level, check, describe
from stationdesk.records.access import Actor, Right, Role, allows
from stationdesk.records.assessments import Assessment
from stationdesk.records.benefits import Benefit
from stationdesk.records.care import ChildNeed, DelegatedCare
from stationdesk.records.categories import ChildCategory, RiskLevel
from stationdesk.records.children import (
    Child,
    ChildRow,
    Discovery,
    Duplicate,
    HouseholdReg,
    LightChild,
    Likeness,
    Precision,
    RecordLevel,
    day_problems,
    duplicate_problems,
    file_number,
    is_own,
    is_seen,
    short_name,
    tidied,
)
from stationdesk.records.consents import Consent
from stationdesk.records.families import FamilyMember, Household
from stationdesk.records.health import HealthItem
from stationdesk.records.ids import IdKind, NoIdReason
from stationdesk.records.masking import project
from stationdesk.records.people import Sex
from stationdesk.records.schooling import Schooling

TODAY = date(2026, 11, 24)
FULL = Child(
    record_level=RecordLevel.FULL,
    name="努尔艾力·吐尔洪江",
    sex=Sex.MALE,
    birth_date=date(2014, 2, 28),
    id_kind=IdKind.RESIDENT_ID,
    id_no="650105201402280017",
    ethnicity="05",
    reg_type=HouseholdReg.URBAN,
    reg_address="乙街道某路1号",
    residence="乙街道某路2号",
    community_id=1,
    phone="13900000001",
    household_id=1,
    worker_id=2,
    discovered_via=Discovery.SWEEP,
)


def fields_of(child: Child | LightChild) -> list[str]:
    return [problem.field for problem in (*check(child), *child.problems())]


def test_a_light_registration_needs_little() -> None:
    light = LightChild(name="贺兰朵", sex=Sex.FEMALE, birth_date=date(2017, 1, 1), birth_precision=Precision.YEAR)
    assert fields_of(light) == []
    assert fields_of(replace(light, name="", sex=None, birth_date=None)) == ["name", "sex", "birth_date"]
    assert fields_of(replace(light, guardian_phone="13900000001")) == ["guardian_name"]
    assert fields_of(replace(light, guardian_name="贺某")) == ["guardian_relation"]
    assert fields_of(replace(light, guardian_name="贺某", guardian_relation="52")) == []


def test_a_full_file_needs_all_of_it() -> None:
    assert fields_of(FULL) == []
    bare = Child(name="某", sex=Sex.MALE, birth_date=date(2014, 2, 28))
    assert fields_of(bare) == []
    assert fields_of(replace(bare, record_level=RecordLevel.FULL)) == [
        "id_no",
        "ethnicity",
        "reg_type",
        "reg_address",
        "residence",
        "community_id",
        "household_id",
        "worker_id",
        "discovered_via",
    ]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"id_no": None}, ["id_no"]),
        ({"id_no": None, "no_id_reason": NoIdReason.FOUNDLING}, []),
        ({"id_kind": None}, ["id_kind"]),
        ({"no_id_reason": NoIdReason.PENDING}, ["no_id_reason"]),
        ({"sex": Sex.FEMALE}, ["sex"]),
        ({"birth_date": date(2014, 3, 1)}, ["birth_date"]),
        ({"birth_precision": Precision.MONTH}, ["birth_precision"]),
        ({"ethnicity": "99"}, ["ethnicity"]),
        ({"phone": "12345"}, ["phone"]),
        ({"name": "长" * 72}, []),
        ({"name": "长" * 73}, ["name"]),
    ],
)
def test_rules_of_one_file(changes: dict[str, object], found: list[str]) -> None:
    assert fields_of(replace(FULL, **changes)) == found  # type: ignore[arg-type]


def test_rules_of_the_day() -> None:
    assert list(day_problems(FULL, TODAY, TODAY)) == []
    wrong = replace(FULL, id_no="65010520140228001X", birth_date=date(2007, 1, 1))
    assert [p.field for p in day_problems(wrong, TODAY, TODAY)] == ["birth_date", "id_no"]
    old = LightChild(name="某", sex=Sex.MALE, birth_date=date(2026, 12, 1))
    assert [p.field for p in day_problems(old, TODAY, TODAY)] == ["birth_date"]


def test_names_are_folded_and_the_number_fills_in_what_it_says() -> None:
    typed = replace(FULL, name=" 努尔艾力•吐尔洪江 ", other_name="小 ．努", id_no="６５０１０５ 20140228 0017")
    found = tidied(replace(typed, sex=None, birth_date=None))
    assert (found.name, found.other_name, found.id_no) == ("努尔艾力·吐尔洪江", "小 ·努", "650105201402280017")
    assert (found.sex, found.birth_date) == (Sex.MALE, date(2014, 2, 28))
    assert tidied(replace(typed, sex=Sex.FEMALE)).sex is Sex.FEMALE
    abroad = tidied(replace(typed, id_kind=IdKind.PASSPORT, id_no="e12345678", sex=None))
    assert (abroad.id_no, abroad.sex) == ("E12345678", None)


def test_file_numbers() -> None:
    assert [short_name(n) for n in ("乙街道", "丙镇", "丁乡", "戊街道办事处", "镇")] == ["乙", "丙", "丁", "戊", "镇"]
    assert file_number("乙街道", 2026, 7) == "乙-2026-0007"
    assert len(file_number("很长很长很长很长的名字街道", 2026, 12345)) <= 20


def test_the_same_number_blocks_and_the_same_name_asks() -> None:
    same = Duplicate(
        child_id=1, file_no="乙-2026-0001", name="某", age=9, community_name=None, why=Likeness.NAME_AND_BIRTH
    )
    assert [p.field for p in duplicate_problems([same], confirmed=False)] == ["name"]
    assert list(duplicate_problems([same], confirmed=True)) == []
    blocked = replace(same, why=Likeness.SAME_ID)
    [problem] = duplicate_problems([blocked], confirmed=True)
    assert problem.say() == "证件号码与档案乙-2026-0001相同，请打开那份档案，不要重复建档。"


# --- levels --------------------------------------------------------------------------------------


def actor(role: Role, staff_id: int = 2) -> Actor:
    return Actor(username="u", staff_id=staff_id, name="某", role=role)


@pytest.mark.parametrize(
    "record",
    [
        Child,
        LightChild,
        ChildRow,
        Household,
        FamilyMember,
        Schooling,
        HealthItem,
        Benefit,
        ChildCategory,
        RiskLevel,
        Assessment,
        Consent,
        DelegatedCare,
        ChildNeed,
    ],
)
def test_every_element_of_a_child_has_its_level(record: type) -> None:
    for column in describe(record):
        assert column.field.level is not Level.L1, column.name
        if column.type is str and column.field.multiline:
            assert column.field.private, column.name


def test_what_is_internal_is_that_and_no_more() -> None:
    internal = {column.name for column in describe(Child) if column.field.level is Level.L2}
    assert internal == {
        "file_no",
        "record_level",
        "status",
        "name",
        "other_name",
        "sex",
        "birth_precision",
        "community_id",
        "worker_id",
        "director_id",
    }


def test_a_clerk_sees_numbers_masked_and_no_birth_date_that_would_complete_them() -> None:
    shown = project(FULL, actor(Role.CLERK))
    assert (shown.id_no, shown.phone) == ("650105********0017", "139****0001")
    assert (shown.birth_date, shown.residence, shown.ethnicity) == (None, None, None)
    assert (shown.name, shown.sex, shown.community_id) == (FULL.name, FULL.sex, FULL.community_id)


def test_a_social_worker_sees_all_of_their_own_and_the_outside_of_others() -> None:
    worker = actor(Role.SOCIAL_WORKER)
    assert is_own(FULL.worker_id, FULL.counsellor_id, worker)
    assert project(FULL, worker, own=True) == FULL
    shown = project(FULL, worker)
    assert (shown.name, shown.id_no, shown.phone, shown.birth_date) == (FULL.name, None, None, None)


def test_who_is_seen_at_all() -> None:
    client = (None, 2)
    assert [is_seen(*client, actor(role)) for role in Role] == [True, True, True, True, True, False]
    assert not is_seen(7, 8, actor(Role.COUNSELLOR))
    assert is_seen(7, 8, actor(Role.SOCIAL_WORKER))


def test_who_may_do_what_with_children() -> None:
    rights = {
        role.code: "".join(right.code[0] for right in Right if right.code.endswith("_CHILDREN") and allows(role, right))
        for role in Role
    }
    # See, enrol, edit, approve, merge; print, import, export.
    assert rights == {
        "HEAD": "SEEAMPIE",
        "SUPERVISOR": "SEEAMPIE",
        "SOCIAL_WORKER": "SEEPE",
        "COUNSELLOR": "S",
        "CLERK": "SEPIE",
        "REVIEWER": "",
    }


def test_no_field_of_a_child_is_without_a_label() -> None:
    known = {column.name for column in describe(Child)}
    assert {item.name for item in fields(Child)} - known == {"id", "uuid", "version"}
