"""Children for tests: invented names, files that break no rule, and stores as another person has them."""

from dataclasses import replace
from datetime import date
from typing import TypeVar

from stationdesk.db.stores import Store
from stationdesk.desk import Desk
from stationdesk.records.access import Actor, Role
from stationdesk.records.assessment_forms import Answers, AssessedLevel, AssessmentKind, current
from stationdesk.records.assessments import Assessment, next_due
from stationdesk.records.categories import Category, ChildCategory, Colour, ImproperKind, OrphanKind
from stationdesk.records.child_intake import ChildIntake
from stationdesk.records.children import Child, Discovery, HouseholdReg, LightChild
from stationdesk.records.enrolments import Enrolment, EntryReason
from stationdesk.records.families import Household
from stationdesk.records.ids import IdKind, NoIdReason, check_digit
from stationdesk.records.people import Sex
from stationdesk.records.staff import Post, Staff
from stationdesk.records.station import Community
from tests.stations import now

S = TypeVar("S", bound=Store)

BORN = date(2015, 5, 20)
ENTERED = date(2026, 1, 15)


def resident_no(birth: date = BORN, order: int = 1, region: str = "650199") -> str:
    """A sound number of nobody; an odd order is a boy's."""
    first = f"{region}{birth:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def light(name: str = "贺兰朵", **more: object) -> LightChild:
    """A registration that breaks no rule."""
    found = LightChild(name=name, sex=Sex.FEMALE, birth_date=BORN)
    return replace(found, **more)  # type: ignore[arg-type]


def community(desk: Desk, name: str = "红柳社区") -> int:
    """The id of a community of that name."""
    for number in desk.station.find_communities(name):
        return number
    return desk.station.save_community(Community(name=name, director_id=desk.actor.staff_id))


def whole(desk: Desk, name: str, birth: date = BORN, order: int = 0, **more: object) -> Child:
    """A child with all that a full file asks for; without an order it has no ID number."""
    found = Child(
        name=name,
        sex=Sex.MALE if order % 2 else Sex.FEMALE,
        birth_date=birth,
        id_kind=IdKind.RESIDENT_ID if order else None,
        id_no=resident_no(birth, order) if order else None,
        no_id_reason=None if order else NoIdReason.PENDING,
        ethnicity="01",
        reg_type=HouseholdReg.URBAN,
        reg_address="乙街道某路1号",
        residence="乙街道某路2号",
        community_id=community(desk),
        worker_id=desk.actor.staff_id,
        discovered_via=Discovery.SWEEP,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def category(kind: Category = Category.POVERTY, since: date = ENTERED, **more: object) -> ChildCategory:
    """A category that breaks no rule."""
    found = ChildCategory(
        child_id=0,
        category=kind,
        since=since,
        basis="文号1",
        orphan_kind=OrphanKind.DISPERSED if kind is Category.ORPHAN else None,
        improper_kinds=(ImproperKind.NEGLECT,) if kind is Category.IMPROPER_GUARDIANSHIP else (),
    )
    return replace(found, **more)  # type: ignore[arg-type]


def answers(kind: AssessmentKind, *codes: str) -> Answers:
    """A form answered with these, the last again for all rows that are left."""
    form = current(kind)
    given = [*codes, *codes[-1:] * len(form.items)]
    return Answers(
        form.id, form.version, tuple((item.code, code) for item, code in zip(form.items, given, strict=False))
    )


def assessed(desk: Desk, child_id: int, *codes: str, level: AssessedLevel | None = None, **more: object) -> Assessment:
    """An assessment of risk that breaks no rule: three dimensions, and the gravest unless another is given."""
    order = [colour.code for colour in Colour]
    found = level or AssessedLevel.of(min(codes, key=order.index))
    today = desk.clock().date()
    assessment = Assessment(
        child_id=child_id,
        assessed_on=today,
        assessor_id=desk.actor.staff_id,
        items=answers(AssessmentKind.RISK, *codes),
        level=found,
        conclusion="三个维度都看过",
        next_due=next_due(today, found),
    )
    return replace(assessment, **more)  # type: ignore[arg-type]


def filed(
    desk: Desk,
    name: str = "努尔艾力·吐尔洪江",
    kind: Category = Category.POVERTY,
    entered: date = ENTERED,
    birth: date = BORN,
    order: int = 0,
    **more: object,
) -> int:
    """The id of a full file, in stock since `entered`."""
    child = whole(desk, name, birth, order, **more)
    entry = Enrolment(child_id=0, entered_on=entered)
    household = None if child.household_id else Household(address="乙街道某路2号")
    return desk.children.complete(child, entry, category(kind, entered), household, confirmed=True)


def colleague(desk: Desk, role: Role, name: str = "冶文秀") -> Actor:
    """Somebody of that role, with a staff record of their own."""
    staff_id = desk.staff.save(Staff(name=name, sex=Sex.FEMALE, employer="站", posts=(Post.CLERK,)))
    return Actor(username=role.code.lower(), staff_id=staff_id, name=name, role=role)


def as_seen_by(desk: Desk, actor: Actor, kind: type[S]) -> S:
    """A store of the desk's station, as `actor` has it."""
    return kind(desk.opened.database, actor, now)


def intake(number: int, **more: object) -> ChildIntake:
    """Line `number` of a sheet: a full file that breaks no rule, no two alike."""
    born = date(2012 + number % 5, 1 + number % 12, 1 + number % 28)
    found = ChildIntake(
        name=f"阿依古丽·{_SIGNS[number % 50]}{_SIGNS[number // 50 % 50]}{number // 2500 or ''}",
        sex=Sex.MALE if number % 2 else Sex.FEMALE,
        birth_date=born,
        community="红柳社区",
        guardian_name="艾山·托合提",
        guardian_relation="父亲",
        guardian_phone=f"139{number:08d}",
        id_no=resident_no(born, number % 1000, region=f"6501{number // 1000:02d}"),
        ethnicity="维吾尔族",
        reg_type=HouseholdReg.URBAN,
        reg_address="乙街道某路1号",
        residence="乙街道某路2号",
        worker="赛乃姆·托合提",
        discovered_via=Discovery.SWEEP,
        entered_on=ENTERED,
        entry_reason=EntryReason.SWEEP,
        category=Category.POVERTY,
        basis="文号1",
    )
    return replace(found, **more)  # type: ignore[arg-type]


_SIGNS = "山川草木云霞松柏兰竹梅菊江河湖海星辰月光风雨雪霜春夏秋冬东南西北金银玉石红绿青蓝白紫晨曦朝阳宁安康乐"
