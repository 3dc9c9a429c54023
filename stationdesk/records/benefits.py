"""Benefits a child has, and those the facts in its file speak for (应享未享)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.calendar import new_uuid
from stationdesk.records.categories import Category, ChildCategory
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.family_codes import PovertyKind
from stationdesk.records.health import DisabilityGrade, DisabilityType, HealthItem, HealthKind


class BenefitKind(Code):
    """What the state and others give (domain §3.4)."""

    ORPHAN_LIVING = "ORPHAN_LIVING", N_("孤儿基本生活费")
    DEFACTO_LIVING = "DEFACTO_LIVING", N_("事实无人抚养儿童基本生活补贴")
    HIV_LIVING = "HIV_LIVING", N_("艾滋病病毒感染儿童基本生活费")
    DIBAO = "DIBAO", N_("最低生活保障")
    TEKUN = "TEKUN", N_("特困供养")
    EDGE = "EDGE", N_("低保边缘家庭救助")
    TEMP = "TEMP", N_("临时救助")
    DISABLED_LIVING = "DISABLED_LIVING", N_("困难残疾人生活补贴")
    DISABLED_CARE = "DISABLED_CARE", N_("重度残疾人护理补贴")
    REHAB = "REHAB", N_("残疾儿童康复救助")
    INSURANCE = "INSURANCE", N_("资助参保")
    MEDICAL = "MEDICAL", N_("医疗救助")
    TOMORROW = "TOMORROW", N_("明天计划")
    STUDY_ORPHAN = "STUDY_ORPHAN", N_("孤儿助学（福彩圆梦）")
    STUDENT_AID = "STUDENT_AID", N_("学生资助")
    HOUSING = "HOUSING", N_("住房救助")
    LEGAL_AID = "LEGAL_AID", N_("法律援助")
    CHARITY = "CHARITY", N_("慈善帮扶")
    COMMERCIAL_INS = "COMMERCIAL_INS", N_("公益保险")
    OTHER = "OTHER", N_("其他")


class BenefitState(Code):
    """How far it has come."""

    ENJOYING = "ENJOYING", N_("已享受")
    ELIGIBLE_NOT_YET = "ELIGIBLE_NOT_YET", N_("符合未享受")
    APPLYING = "APPLYING", N_("申请中")
    STOPPED = "STOPPED", N_("已停发")
    OVERAGE_CONT = "OVERAGE_CONT", N_("超龄续发")


KindOfBenefit = Annotated[BenefitKind, Field(N_("政策"), private=True, level=Level.L3)]
StateOfBenefit = Annotated[BenefitState, Field(N_("享受情况"), private=True, level=Level.L3)]
AmountPerMonth = Annotated[
    Decimal,
    Field(N_("每月金额"), minimum=Decimal(0), maximum=Decimal(999999), unit=N_("元"), private=True, level=Level.L3),
]
BenefitFrom = Annotated[date, Field(N_("起始月份"), level=Level.L3)]
BenefitTo = Annotated[date, Field(N_("终止日期"), level=Level.L3)]
BenefitNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True, private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One benefit of a child; cards and accounts are not kept (domain §2.5)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    kind: KindOfBenefit
    state: StateOfBenefit = BenefitState.ENJOYING
    amount: AmountPerMonth | None = None
    since: BenefitFrom
    until: BenefitTo | None = None
    note: BenefitNote | None = None

    @property
    def restricted(self) -> bool:
        """Whether the benefit tells what only few may know."""
        return self.kind is BenefitKind.HIV_LIVING

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one benefit."""
        if self.until is not None and self.until < self.since:
            yield Problem("until", N_("终止日期早于起始月份，请改正其中一个。"))
        if self.state is BenefitState.STOPPED and self.until is None:
            yield Problem("until", N_("已停发的请填写终止日期。"))
        if self.kind is BenefitKind.OTHER and not self.note:
            yield Problem("note", N_("政策选“其他”时，请在备注里写明。"))

    def is_open_on(self, day: date) -> bool:
        """Whether it is paid, asked for or due on `day`."""
        return (
            self.state is not BenefitState.STOPPED and self.since <= day and (self.until is None or self.until >= day)
        )


# --- 应享未享 ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BenefitHint:
    """A benefit the file's facts speak for and that nobody has entered, with the reason."""

    kind: BenefitKind
    text: str
    values: dict[str, object] = field(default_factory=dict)

    def say(self) -> str:
        """The reason, in the language in use."""
        return _(self.text).format(**self.values)


_POOR = {
    PovertyKind.DIBAO: BenefitKind.DIBAO,
    PovertyKind.TEKUN: BenefitKind.TEKUN,
    PovertyKind.DIBAO_EDGE: BenefitKind.EDGE,
}
_GRADED = (DisabilityGrade.FIRST, DisabilityGrade.SECOND)
_MINDS = (DisabilityType.INTELLECT, DisabilityType.MENTAL)


def benefit_hints(
    categories: Sequence[ChildCategory],
    health: Sequence[HealthItem],
    poverty: PovertyKind | None,
    benefits: Sequence[Benefit],
    today: date,
) -> tuple[BenefitHint, ...]:
    """What the child may be entitled to and does not have: hints to tell the family, no decisions."""
    had = {benefit.kind for benefit in benefits if benefit.is_open_on(today)}
    found: dict[BenefitKind, BenefitHint] = {}
    for hint in (
        *_by_category([c.category for c in categories if c.is_open_on(today)]),
        *_by_poverty(poverty),
        *_by_health([item for item in health if item.is_open_on(today)], poverty),
    ):
        if hint.kind not in had:
            found.setdefault(hint.kind, hint)
    return tuple(found.values())


def _by_category(categories: Sequence[Category]) -> Iterator[BenefitHint]:
    if Category.ORPHAN in categories:
        yield BenefitHint(BenefitKind.ORPHAN_LIVING, N_("类别是孤儿，没有孤儿基本生活费"))
    elif Category.DE_FACTO in categories:
        yield BenefitHint(BenefitKind.DEFACTO_LIVING, N_("类别是事实无人抚养儿童，没有基本生活补贴"))
    if Category.HIV in categories:
        yield BenefitHint(BenefitKind.HIV_LIVING, N_("类别是受艾滋病影响儿童，没有基本生活费"))
    if Category.ORPHAN in categories or Category.DE_FACTO in categories:
        yield BenefitHint(BenefitKind.INSURANCE, N_("孤儿、事实无人抚养儿童可由政府资助参保"))


def _by_poverty(poverty: PovertyKind | None) -> Iterator[BenefitHint]:
    kind = _POOR.get(poverty) if poverty else None
    if kind is not None and poverty is not None:
        values: dict[str, object] = {"poverty": poverty.label, "kind": kind.label}
        yield BenefitHint(kind, N_("家庭困难类型是“{poverty}”，没有登记{kind}"), values)


def _by_health(items: Sequence[HealthItem], poverty: PovertyKind | None) -> Iterator[BenefitHint]:
    for item in items:
        if item.kind is HealthKind.DISABILITY and item.disability and item.grade:
            values: dict[str, object] = {"type": item.disability.label, "grade": item.grade.label}
            if item.grade in _GRADED or (item.grade is DisabilityGrade.THIRD and item.disability in _MINDS):
                yield BenefitHint(BenefitKind.DISABLED_CARE, N_("{type}残疾{grade}，没有重度残疾人护理补贴"), values)
            if poverty in _POOR:
                text = N_("{type}残疾{grade}且家庭困难，没有困难残疾人生活补贴")
                yield BenefitHint(BenefitKind.DISABLED_LIVING, text, values)
            yield BenefitHint(BenefitKind.REHAB, N_("{type}残疾{grade}，没有残疾儿童康复救助"), values)
        elif item.kind is HealthKind.SERIOUS_ILLNESS or item.costly:
            yield BenefitHint(BenefitKind.MEDICAL, N_("有重病或年自付费用超2万元，没有医疗救助"))
