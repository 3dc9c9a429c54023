"""What is missing or no longer true in a full file, looked for before a report (domain §4.11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stationdesk.codes import Code
from stationdesk.i18n import N_
from stationdesk.records.ages import ADULT, CARE_ENDS, age_on
from stationdesk.records.categories import Category, ChildCategory, RiskLevel
from stationdesk.records.children import Child
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FamilyMember, Household
from stationdesk.records.family_codes import ParentState
from stationdesk.records.health import HealthItem, HealthKind
from stationdesk.records.ids import agreement_problems, is_resident


class Gap(Code):
    """One thing to mend in a file."""

    NO_COMMUNITY = "NO_COMMUNITY", N_("没有村（社区）")
    NO_WORKER = "NO_WORKER", N_("没有责任社工")
    NO_GUARDIAN = "NO_GUARDIAN", N_("没有监护人")
    NO_LEVEL = "NO_LEVEL", N_("没有风险等级")
    ID_DIFFERS = "ID_DIFFERS", N_("性别或出生日期与证件号码不一致")
    OVER_16 = "OVER_16", N_("已满16周岁，留守或流动类别没有终止")
    OVER_18 = "OVER_18", N_("已满18周岁，还没有减员")
    NOBODY_AWAY = "NOBODY_AWAY", N_("留守儿童的父母没有登记外出")
    NO_CERTIFICATE = "NO_CERTIFICATE", N_("残疾儿童没有登记残疾情况或残疾人证")
    NO_POVERTY_KIND = "NO_POVERTY_KIND", N_("家庭贫困儿童没有登记家庭困难类型")
    NO_PRIMARY = "NO_PRIMARY", N_("没有主要类别")


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeFile:
    """All that the rules look at of one child in stock."""

    child: Child
    family: Sequence[FamilyMember] = ()
    categories: Sequence[ChildCategory] = ()
    levels: Sequence[RiskLevel] = ()
    health: Sequence[HealthItem] = ()
    enrolments: Sequence[Enrolment] = ()
    household: Household | None = None


def gaps(file: WholeFile, today: date) -> Iterator[Gap]:
    """The rules Q1 to Q6 and Q10, for a file in stock; one that is not has none."""
    if all(stretch.left_on is not None for stretch in file.enrolments):
        return
    held = [item.category for item in file.categories if item.is_open_on(today)]
    yield from _missing(file)
    yield from _outgrown(file.child, held, today)
    if Category.LEFT_BEHIND in held and not any(m.state is ParentState.AWAY_WORK for m in file.family):
        yield Gap.NOBODY_AWAY
    if Category.DISABLED in held and not any(i.kind is HealthKind.DISABILITY and i.cert_no for i in file.health):
        yield Gap.NO_CERTIFICATE
    if Category.POVERTY in held and (file.household is None or file.household.poverty_kind is None):
        yield Gap.NO_POVERTY_KIND
    if not any(item.is_primary and item.is_open_on(today) for item in file.categories):
        yield Gap.NO_PRIMARY


def _missing(file: WholeFile) -> Iterator[Gap]:
    if file.child.community_id is None:
        yield Gap.NO_COMMUNITY
    if file.child.worker_id is None:
        yield Gap.NO_WORKER
    if not any(member.is_guardian for member in file.family):
        yield Gap.NO_GUARDIAN
    if not file.levels:
        yield Gap.NO_LEVEL


def _outgrown(child: Child, held: Sequence[Category], today: date) -> Iterator[Gap]:
    if child.id_no and is_resident(child.id_kind) and any(agreement_problems(child.id_no, child.sex, child.birth_date)):
        yield Gap.ID_DIFFERS
    if child.birth_date is None:
        return
    age = age_on(child.birth_date, today)
    if age >= CARE_ENDS and (Category.LEFT_BEHIND in held or Category.MIGRANT in held):
        yield Gap.OVER_16
    if age >= ADULT:
        yield Gap.OVER_18
