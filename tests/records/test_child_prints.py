"""What goes on paper: every reference has a name, names are put where they belong."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.fields import describe
from stationdesk.records.care import DelegatedCare
from stationdesk.records.categories import RESTRICTED, Category
from stationdesk.records.child_prints import (
    MEMBER_FIELDS,
    OWN_FIELDS,
    ROSTER_COLUMNS,
    STAFF_FIELDS,
    ChildFile,
    RosterKind,
    RosterRow,
    form_names,
    purpose_problem,
)
from stationdesk.records.children import Child
from stationdesk.records.families import FATHER, MOTHER, FamilyMember
from stationdesk.records.family_codes import CareRating, ParentState
from stationdesk.reports.child_file import _SHOWN
from stationdesk.reports.records import COMMUNITY, LISTED

PRINTED = [shown.cls for shown in (one for many in _SHOWN.values() for one in many)]
DAY = date(2026, 2, 1)


@pytest.mark.parametrize("cls", PRINTED, ids=lambda cls: cls.__name__)
def test_no_field_prints_as_a_bare_id_or_code(cls: type) -> None:
    """A new reference must be told whose name it stands for; a new number says its unit."""
    for column in describe(cls):
        if column.type is int and not column.field.unit:
            assert column.name in STAFF_FIELDS | MEMBER_FIELDS | OWN_FIELDS | {COMMUNITY}, column.name
        if column.type is str and column.field.max_length == 2:
            assert column.name in LISTED, column.name


def test_rosters() -> None:
    assert {column.name for column in describe(RosterRow)} >= set(ROSTER_COLUMNS)
    assert RosterKind.STOCK.categories == ()
    assert RosterKind.LEFT_BEHIND.categories == (Category.LEFT_BEHIND,)
    # A roster that hangs on a wall or goes to the district never says who is of a restricted category.
    assert not set(RESTRICTED) & {category for kind in RosterKind for category in kind.categories}


def test_who_signs_what() -> None:
    father = FamilyMember(child_id=1, id=1, relation=FATHER, name="吐尔洪江·某", state=ParentState.AWAY_WORK)
    mother = FamilyMember(child_id=1, id=2, relation=MOTHER, state=ParentState.UNKNOWN)
    carer = FamilyMember(child_id=1, id=3, relation="62", name="阿瓦古丽·贺", is_guardian=True)
    care = DelegatedCare(child_id=1, carer_id=3, since=DAY, ability=CareRating.GOOD)
    file = ChildFile(child=Child(name="贺兰朵", file_no="乙-2026-0001"), opened=DAY, family=(father, mother, carer))
    names = form_names(replace(file, care=(care,)))
    assert (names.guardian, names.giver, names.carer) == ("阿瓦古丽·贺", "吐尔洪江·某", "阿瓦古丽·贺")
    dead = replace(file, family=(replace(father, state=ParentState.DEAD), mother, carer), care=(care,))
    assert form_names(dead).giver == ""
    masked = replace(file, family=(replace(carer, name="阿*****"),))
    assert (form_names(masked).guardian, form_names(masked).carer) == ("", "")


def test_a_purpose_is_a_few_words() -> None:
    assert purpose_problem("移交法院") is None
    assert purpose_problem(" 看 一 下 ") is not None
    assert purpose_problem("很" * 61) is not None
