"""Categories of a child with their dates, the history of the risk level, and what suggests a level."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.calendar import new_uuid
from stationdesk.records.enrolments import ChildRef


class Category(Code):
    """Why a child is in stock; the order is the priority for the primary one (domain §3.4)."""

    ORPHAN = "ORPHAN", N_("孤儿")
    DE_FACTO = "DE_FACTO", N_("事实无人抚养儿童")
    IMPROPER_GUARDIANSHIP = "IMPROPER_GUARDIANSHIP", N_("监护缺失或监护不当儿童")
    DISABLED = "DISABLED", N_("残疾儿童")
    SERIOUS_ILLNESS = "SERIOUS_ILLNESS", N_("重病（罕见病）儿童")
    POVERTY = "POVERTY", N_("家庭贫困儿童")
    STREET = "STREET", N_("流浪儿童")
    LEFT_BEHIND = "LEFT_BEHIND", N_("留守儿童")
    MIGRANT = "MIGRANT", N_("流动儿童")
    PARENT_CUSTODY = "PARENT_CUSTODY", N_("服刑、强制戒毒人员子女")
    SINGLE_PARENT = "SINGLE_PARENT", N_("单亲（离异、丧偶）家庭儿童")
    HIV = "HIV", N_("受艾滋病影响儿童")
    VICTIM = "VICTIM", N_("受侵害未成年人")
    BEHAVIOUR = "BEHAVIOUR", N_("有不良行为未成年人")
    DROPOUT = "DROPOUT", N_("失学辍学儿童")
    UNREGISTERED = "UNREGISTERED", N_("无户籍儿童")
    OTHER = "OTHER", N_("其他需要关爱的儿童")
    GENERAL = "GENERAL", N_("普通儿童")


RESTRICTED = (Category.HIV, Category.VICTIM, Category.BEHAVIOUR)
REPORTED = tuple(category for category in Category if category is not Category.GENERAL)
_NEED_BASIS = (Category.ORPHAN, Category.DE_FACTO, Category.DISABLED, Category.POVERTY)


class ImproperKind(Code):
    """What is wrong with the guardianship (domain §3.4)."""

    ABUSE = "ABUSE", N_("虐待")
    VIOLENCE = "VIOLENCE", N_("家庭暴力")
    NEGLECT = "NEGLECT", N_("忽视/怠于履行")
    ABANDON = "ABANDON", N_("遗弃")
    ALONE_U8 = "ALONE_U8", N_("未满8周岁无人看护")
    ALONE_U16 = "ALONE_U16", N_("未满16周岁脱离监护单独居住")
    BEGGING = "BEGGING", N_("利用乞讨")
    LABOUR = "LABOUR", N_("非法使用童工")
    INSTIGATE = "INSTIGATE", N_("教唆违法")
    MARRIAGE = "MARRIAGE", N_("迫使婚姻订婚")
    NO_SCHOOL = "NO_SCHOOL", N_("不送入学")
    OTHER = "OTHER", N_("其他")


class OrphanKind(Code):
    """Where an orphan lives."""

    DISPERSED = "DISPERSED", N_("社会散居")
    INSTITUTION = "INSTITUTION", N_("集中养育")


CategoryField = Annotated[Category, Field(N_("类别"), private=True, level=Level.L3)]
Since = Annotated[date, Field(N_("起始日期"), level=Level.L3)]
Until = Annotated[date, Field(N_("终止日期"), level=Level.L3)]
Basis = Annotated[str, Field(N_("依据（文件、证件号）"), max_length=120, private=True, level=Level.L3)]
IsPrimary = Annotated[bool, Field(N_("主要类别"), level=Level.L3)]
KindOfOrphan = Annotated[OrphanKind, Field(N_("孤儿安置方式"), private=True, level=Level.L3)]
ImproperKinds = Annotated[tuple[ImproperKind, ...], Field(N_("监护不当情形"), private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildCategory:
    """One category of a child from a day on, up to and with `until` (domain §2.5)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    category: CategoryField
    since: Since
    until: Until | None = None
    basis: Basis | None = None
    is_primary: IsPrimary = False
    orphan_kind: KindOfOrphan | None = None
    improper_kinds: ImproperKinds = ()

    @property
    def restricted(self) -> bool:
        """Whether even its being there is for few to know."""
        return self.category in RESTRICTED

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one category."""
        if self.until is not None and self.until < self.since:
            yield Problem("until", N_("终止日期早于起始日期，请改正其中一个。"))
        if self.category in _NEED_BASIS and not self.basis:
            values = {"category": self.category.label}
            yield Problem("basis", N_("“{category}”要写明依据（文件或证件号）。"), values)
        if self.category is Category.ORPHAN and self.orphan_kind is None:
            yield Problem("orphan_kind", N_("请选择孤儿安置方式。"))
        if self.category is Category.IMPROPER_GUARDIANSHIP and not self.improper_kinds:
            yield Problem("improper_kinds", N_("请至少选择一种监护不当情形。"))
        if self.category is Category.GENERAL:
            yield Problem("category", N_("“普通儿童”只用于活动登记，请选择其他类别。"))

    def is_open_on(self, day: date) -> bool:
        """Whether the category holds on `day`."""
        return self.since <= day and (self.until is None or self.until >= day)


def together_problems(category: ChildCategory, others: Iterable[ChildCategory]) -> Iterator[Problem]:
    """Rules among the categories of one child: one of a kind at a time, one open primary."""
    for other in others:
        if other.uuid == category.uuid:
            continue
        if other.category is category.category and _meet(category, other):
            values = {"category": category.category.label, "since": other.since.isoformat()}
            yield Problem("category", N_("{since}起已有“{category}”，请先终止原来那条。"), values)
        if _is_open_primary(other) and _is_open_primary(category):
            values = {"category": other.category.label}
            yield Problem("is_primary", N_("主要类别只能有一个，现在是“{category}”，请先取消原来那个。"), values)


def _is_open_primary(category: ChildCategory) -> bool:
    return category.is_primary and category.until is None


def _meet(one: ChildCategory, other: ChildCategory) -> bool:
    return (one.until is None or one.until >= other.since) and (other.until is None or other.until >= one.since)


def primary_on(categories: Iterable[ChildCategory], day: date) -> Category | None:
    """The category a child counts under on `day`: the one marked primary, else the first by order."""
    held = [item for item in categories if item.is_open_on(day)]
    marked = [item.category for item in held if item.is_primary]
    order = list(Category)
    return min(marked or [item.category for item in held], key=order.index, default=None)


def shown_in_place(categories: Iterable[ChildCategory], day: date) -> Category | None:
    """The primary category for those who may not know of restricted ones: an ordinary one, or 其他,
    never a blank that would tell."""
    held = [item for item in categories if item.is_open_on(day)]
    found = primary_on((item for item in held if not item.restricted), day)
    return found if found is not None or not held else Category.OTHER


# --- risk levels ---------------------------------------------------------------------------------


class Colour(Code):
    """The four levels, the gravest first (domain §2.6)."""

    RED = "RED", N_("红（高风险）")
    YELLOW = "YELLOW", N_("黄（中风险）")
    BLUE = "BLUE", N_("蓝（低风险）")
    GREEN = "GREEN", N_("绿（健康成长）")


RiskColour = Annotated[Colour, Field(N_("风险等级"), private=True, level=Level.L3)]
RatedAt = Annotated[datetime, Field(N_("评定时间"), level=Level.L3)]
RatedBy = Annotated[int, Field(N_("评定人"), level=Level.L3)]
RatedBecause = Annotated[str, Field(N_("评定理由"), max_length=200, multiline=True, private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLevel:
    """One line of the history of a child's level; lines are added, never changed. `assessment_uuid`
    is the assessment that found it, if one did."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    colour: RiskColour
    rated_at: RatedAt
    rated_by: RatedBy | None = None
    reason: RatedBecause = ""
    assessment_uuid: str | None = None


def colour_on(history: Iterable[RiskLevel], day: date) -> Colour | None:
    """The level at the end of `day`."""
    by_then = [level for level in history if level.rated_at.date() <= day]
    last = max(by_then, key=lambda level: (level.rated_at, level.id or 0), default=None)
    return last.colour if last else None


def is_lowered(new: Colour, before: Colour | None) -> bool:
    """Whether `new` is milder than `before`: that takes a reason and the head's or supervisor's right."""
    order = list(Colour)
    return before is not None and order.index(new) > order.index(before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the risk triggers look at; what a feature does not know yet stays as it is here."""

    categories: Sequence[Category] = ()
    improper: Sequence[ImproperKind] = ()
    age: int | None = None
    has_carer: bool = True
    has_kin_carer: bool = True
    dropped_out: bool = False
    open_incident: bool = False
    reportable: bool = False
    self_harm: bool = False
    violent_parent_back: bool = False
    refused_visits: int = 0
    mental_orange: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A level a trigger asks for at least, and the marked text of why."""

    colour: Colour
    text: str
    values: dict[str, object] = field(default_factory=dict)

    def say(self) -> str:
        """Why, in the language in use."""
        return _(self.text).format(**self.values)


_DANGEROUS = (
    ImproperKind.ABUSE,
    ImproperKind.VIOLENCE,
    ImproperKind.ABANDON,
    ImproperKind.BEGGING,
    ImproperKind.INSTIGATE,
)


def risk_suggestions(found: Circumstances) -> tuple[Suggestion, ...]:
    """All triggers that hold, the gravest first; the last is green when nothing speaks against it
    (domain §4.2, from UMP Law Art. 21, 92 and the nine reportable situations)."""
    every = (*_red(found), *_yellow(found), *_blue(found))
    return every or (Suggestion(Colour.GREEN, N_("没有发现风险情形")),)


def _red(found: Circumstances) -> Iterator[Suggestion]:
    if found.open_incident:
        yield Suggestion(Colour.RED, N_("有未办结的危机事件"))
    if found.reportable:
        yield Suggestion(Colour.RED, N_("有应强制报告的情形"))
    if not found.has_carer:
        yield Suggestion(Colour.RED, N_("没有实际照护人"))
    if ImproperKind.ALONE_U8 in found.improper and (found.age is None or found.age < 8):
        yield Suggestion(Colour.RED, N_("未满8周岁无人看护"))
    if ImproperKind.ALONE_U16 in found.improper and (found.age is None or found.age < 16):
        yield Suggestion(Colour.RED, N_("未满16周岁脱离监护单独居住"))
    if found.self_harm:
        yield Suggestion(Colour.RED, N_("有自伤或自杀迹象"))
    for kind in _DANGEROUS:
        if kind in found.improper:
            yield Suggestion(Colour.RED, N_("监护人存在“{kind}”"), {"kind": kind.label})


def _yellow(found: Circumstances) -> Iterator[Suggestion]:
    if Category.IMPROPER_GUARDIANSHIP in found.categories:
        yield Suggestion(Colour.YELLOW, N_("监护缺失或监护不当"))
    if Category.DE_FACTO in found.categories and not found.has_kin_carer:
        yield Suggestion(Colour.YELLOW, N_("事实无人抚养且没有成年亲属照护"))
    if found.dropped_out or Category.DROPOUT in found.categories:
        yield Suggestion(Colour.YELLOW, N_("失学辍学"))
    if found.violent_parent_back:
        yield Suggestion(Colour.YELLOW, N_("施暴的父母返家不满30天"))
    if found.refused_visits >= 2:
        yield Suggestion(Colour.YELLOW, N_("两次拒绝走访"))
    if found.mental_orange:
        yield Suggestion(Colour.YELLOW, N_("心理健康筛查为橙色及以上"))


def _blue(found: Circumstances) -> Iterator[Suggestion]:
    first_ten = list(Category)[:10]
    for category in found.categories:
        if category in first_ten:
            yield Suggestion(Colour.BLUE, N_("属于“{category}”"), {"category": category.label})
