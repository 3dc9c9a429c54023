"""What is missing in a file: each rule alone, and none where all is well."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.records.categories import Category, ChildCategory, Colour, RiskLevel
from stationdesk.records.child_quality import Gap, WholeFile, gaps
from stationdesk.records.children import Child
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FATHER, FamilyMember, Household
from stationdesk.records.family_codes import ParentState, PovertyKind
from stationdesk.records.health import DisabilityGrade, DisabilityType, HealthItem, HealthKind
from stationdesk.records.ids import IdKind
from stationdesk.records.people import Sex

TODAY = date(2026, 11, 24)
BEGAN = date(2026, 1, 1)
CHILD = Child(name="某", sex=Sex.MALE, birth_date=date(2014, 2, 28), community_id=1, worker_id=2)


def held(category: Category) -> tuple[ChildCategory, ...]:
    return (ChildCategory(child_id=1, category=category, since=BEGAN, is_primary=True),)


SOUND = WholeFile(
    child=CHILD,
    family=(FamilyMember(child_id=1, relation=FATHER, is_guardian=True, state=ParentState.AWAY_WORK),),
    categories=held(Category.SINGLE_PARENT),
    levels=(RiskLevel(child_id=1, colour=Colour.BLUE, rated_at=datetime(2026, 1, 1), reason="某"),),
    enrolments=(Enrolment(child_id=1, entered_on=BEGAN),),
    household=Household(address="某", poverty_kind=PovertyKind.DIBAO),
)
NUMBERED = replace(CHILD, id_kind=IdKind.RESIDENT_ID, id_no="650105201402280017")
PLAIN = HealthItem(child_id=1, kind=HealthKind.DISABILITY, disability=DisabilityType.LIMBS, grade=DisabilityGrade.FIRST)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, []),
        ({"child": replace(CHILD, community_id=None)}, [Gap.NO_COMMUNITY]),
        ({"child": replace(CHILD, worker_id=None)}, [Gap.NO_WORKER]),
        ({"family": ()}, [Gap.NO_GUARDIAN]),
        ({"levels": ()}, [Gap.NO_LEVEL]),
        ({"child": NUMBERED}, []),
        ({"child": replace(NUMBERED, sex=Sex.FEMALE)}, [Gap.ID_DIFFERS]),
        ({"child": replace(CHILD, birth_date=date(2010, 11, 24))}, []),
        (
            {"child": replace(CHILD, birth_date=date(2010, 11, 24)), "categories": held(Category.MIGRANT)},
            [Gap.OVER_16],
        ),
        ({"child": replace(CHILD, birth_date=date(2008, 11, 24))}, [Gap.OVER_18]),
        ({"child": replace(CHILD, birth_date=date(2008, 11, 25))}, []),
        ({"categories": held(Category.LEFT_BEHIND)}, []),
        (
            {
                "categories": held(Category.LEFT_BEHIND),
                "family": (FamilyMember(child_id=1, relation="62", name="某", is_guardian=True),),
            },
            [Gap.NOBODY_AWAY],
        ),
        ({"categories": held(Category.DISABLED)}, [Gap.NO_CERTIFICATE]),
        ({"categories": held(Category.DISABLED), "health": (PLAIN,)}, [Gap.NO_CERTIFICATE]),
        ({"categories": held(Category.DISABLED), "health": (replace(PLAIN, cert_no="1"),)}, []),
        ({"categories": held(Category.POVERTY)}, []),
        ({"categories": held(Category.POVERTY), "household": None}, [Gap.NO_POVERTY_KIND]),
        ({"categories": ()}, [Gap.NO_PRIMARY]),
        ({"categories": (replace(held(Category.STREET)[0], until=BEGAN),)}, [Gap.NO_PRIMARY]),
    ],
)
def test_each_rule_alone(changes: dict[str, object], wanted: list[Gap]) -> None:
    assert list(gaps(replace(SOUND, **changes), TODAY)) == wanted  # type: ignore[arg-type]


def test_a_file_not_in_stock_has_no_gaps() -> None:
    gone = replace(SOUND.enrolments[0], left_on=date(2026, 6, 1))
    assert list(gaps(replace(SOUND, family=(), enrolments=(gone,)), TODAY)) == []
    assert list(gaps(replace(SOUND, family=(), enrolments=()), TODAY)) == []
