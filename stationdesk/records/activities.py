"""Activities: the plan behind one or more sessions, who it is for and what it needs beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.bookings import Purpose
from stationdesk.records.calendar import new_uuid
from stationdesk.records.consents import ConsentKind


class ActivityForm(Code):
    """The five forms an activity takes (domain §2.12)."""

    SINGLE = "SINGLE", N_("单场活动")
    SERIES = "SERIES", N_("小组（多节）")
    EXHIBITION = "EXHIBITION", N_("巡展宣教")
    LECTURE = "LECTURE", N_("讲座")
    CAMP = "CAMP", N_("营会/假期托管")


class ActivityCategory(Code):
    """What an activity is reported under, in the order of rows H21 to H36 (domain §3.7)."""

    LAW = "LAW", N_("法治宣传（普法）")
    PROTECTION = "PROTECTION", N_("未成年人保护宣传")
    FAMILY_EDU = "FAMILY_EDU", N_("家庭教育指导")
    PSYCH = "PSYCH", N_("心理健康")
    SAFETY = "SAFETY", N_("安全教育")
    CULTURE = "CULTURE", N_("文化艺术（手工/音乐/舞蹈/国学）")
    SPORT = "SPORT", N_("体育运动（趣味运动会）")
    STUDY = "STUDY", N_("学业辅导")
    PRACTICE = "PRACTICE", N_("社会实践")
    FESTIVAL = "FESTIVAL", N_("节日主题")
    HOLIDAY_CARE = "HOLIDAY_CARE", N_("假期托管")
    PARENT_CHILD = "PARENT_CHILD", N_("亲子活动")
    UNITY = "UNITY", N_("民族团结")
    VOLUNTEER = "VOLUNTEER", N_("志愿服务")
    POLICY = "POLICY", N_("政策宣讲")
    OTHER = "OTHER", N_("其他")


class ContentDomain(Code):
    """What an activity is about; several may be true (domain §3.5)."""

    CULTURE_SPORT = "CULTURE_SPORT", N_("文体娱乐")
    PSYCH = "PSYCH", N_("心理疏导/心理健康")
    SAFETY = "SAFETY", N_("安全教育")
    STUDY = "STUDY", N_("学习帮扶")
    FAMILY_EDU = "FAMILY_EDU", N_("家庭教育（指导）")
    PROTECTION = "PROTECTION", N_("未成年人保护")
    LAW = "LAW", N_("法治教育")
    TRADITION = "TRADITION", N_("传统文化")
    PRACTICE = "PRACTICE", N_("社会实践")
    POLICY = "POLICY", N_("政策宣讲")
    NETWORK = "NETWORK", N_("网络素养")
    LIFE = "LIFE", N_("生命教育")
    HEALTH = "HEALTH", N_("健康卫生")


class FundingSource(Code):
    """Where the money comes from (domain §2.15)."""

    FISCAL = "FISCAL", N_("财政")
    WELFARE_LOTTERY = "WELFARE_LOTTERY", N_("福彩公益金")
    CHARITY = "CHARITY", N_("慈善")
    OTHER = "OTHER", N_("其他")


# From so many heads on, a safety plan is asked for (domain §2.12).
CROWD = 50

ActivityTitle = Annotated[str, Field(N_("活动名称"), max_length=80)]
FormOfActivity = Annotated[ActivityForm, Field(N_("活动形式"))]
CategoryOfActivity = Annotated[ActivityCategory, Field(N_("活动类别"))]
Domains = Annotated[tuple[ContentDomain, ...], Field(N_("内容领域"))]
Organiser = Annotated[str, Field(N_("主办单位"), max_length=80)]
LeaderRef = Annotated[int, Field(N_("负责人"))]
Target = Annotated[str, Field(N_("活动对象"), max_length=80)]
AgeFrom = Annotated[int, Field(N_("最小年龄"), minimum=0, maximum=17, unit=N_("岁"))]
AgeTo = Annotated[int, Field(N_("最大年龄"), minimum=0, maximum=17, unit=N_("岁"))]
Quota = Annotated[int, Field(N_("名额"), minimum=1, maximum=999, unit=N_("人"), hint=N_("报满后转为候补"))]
Expected = Annotated[int, Field(N_("预计人数"), minimum=1, maximum=9999, unit=N_("人"))]
OffSite = Annotated[bool, Field(N_("外出活动"))]
GuardianRequired = Annotated[bool, Field(N_("需家长陪同"))]
ConsentRequired = Annotated[bool, Field(N_("需同意书"))]
SafetyPlan = Annotated[str, Field(N_("安全预案"), max_length=2000, multiline=True)]
Budget = Annotated[Decimal, Field(N_("预算"), minimum=Decimal(0), maximum=Decimal(9999999), unit=N_("元"))]
Funding = Annotated[FundingSource, Field(N_("经费来源"))]
ContractRef = Annotated[int, Field(N_("所属项目"))]
IsFeature = Annotated[bool, Field(N_("特色活动"))]
ActivitySummary = Annotated[str, Field(N_("活动总结"), max_length=2000, multiline=True)]
EndedOn = Annotated[date, Field(N_("结项日期"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity (domain §2.12); its cost is the sum of its sessions' and is kept only there."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    title: ActivityTitle = ""
    form: FormOfActivity = ActivityForm.SINGLE
    category: CategoryOfActivity = ActivityCategory.OTHER
    domains: Domains = ()
    organiser: Organiser | None = None
    leader_id: LeaderRef | None = None
    target: Target = ""
    age_from: AgeFrom | None = None
    age_to: AgeTo | None = None
    quota: Quota | None = None
    expected_count: Expected = 20
    off_site: OffSite = False
    guardian_required: GuardianRequired = False
    consent_required: ConsentRequired = False
    safety_plan: SafetyPlan | None = None
    budget: Budget | None = None
    funding: Funding | None = None
    contract_id: ContractRef | None = None
    feature: IsFeature = False
    summary: ActivitySummary | None = None
    ended_on: EndedOn | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one activity."""
        if self.leader_id is None:
            yield Problem("leader_id", N_("请选择活动负责人。"))
        if self.age_from is not None and self.age_to is not None and self.age_to < self.age_from:
            yield Problem("age_to", N_("最大年龄小于最小年龄，请改正其中一个。"))
        risky = self.off_site or self.category is ActivityCategory.SPORT
        if (risky or self.expected_count >= CROWD) and not self.safety_plan:
            text = N_("外出活动、体育活动和预计{count}人以上的活动须有安全预案，请填写安全预案。")
            yield Problem("safety_plan", text, {"count": CROWD})
        if risky and not self.consent_required:
            yield Problem("consent_required", N_("外出活动和体育活动须有监护人同意书，请勾选“需同意书”。"))
        if self.ended_on is not None and not self.summary:
            yield Problem("summary", N_("结项前请填写活动总结。"))

    @property
    def consents(self) -> tuple[ConsentKind, ...]:
        """What has to be agreed to before a child takes part."""
        asked = ((self.consent_required, ConsentKind.ACTIVITY), (self.off_site, ConsentKind.OUTING))
        return tuple(kind for needed, kind in asked if needed)

    @property
    def purpose(self) -> Purpose:
        """What its rooms are booked for."""
        return Purpose.GROUP if self.form is ActivityForm.SERIES else Purpose.ACTIVITY


def copied(activity: Activity, leader_id: int | None = None) -> Activity:
    """A new activity like this one, not yet held: nothing of how it went; led by `leader_id` where one is
    given."""
    fresh: dict[str, object] = {"id": None, "uuid": new_uuid(), "version": 0}
    led = leader_id or activity.leader_id
    return replace(activity, summary=None, ended_on=None, leader_id=led, **fresh)  # type: ignore[arg-type]


LeaderName = Annotated[str, Field(N_("负责人"), private=True)]
SessionCount = Annotated[int, Field(N_("场次"))]
DoneCount = Annotated[int, Field(N_("已完成场次"))]
FirstSession = Annotated[date, Field(N_("首场日期"))]
LastSession = Annotated[date, Field(N_("末场日期"))]
TotalCost = Annotated[Decimal, Field(N_("支出"), unit=N_("元"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """A line of the list of activities; dates, counts and cost follow from the sessions."""

    id: int
    title: ActivityTitle
    form: FormOfActivity
    category: CategoryOfActivity
    leader_name: LeaderName | None
    first_day: FirstSession | None
    last_day: LastSession | None
    sessions: SessionCount
    done: DoneCount
    cost: TotalCost
    feature: IsFeature
    ended_on: EndedOn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityQuery:
    """What the list is narrowed to; what is empty narrows nothing."""

    words: str = ""
    form: ActivityForm | None = None
    category: ActivityCategory | None = None
    leader_id: int | None = None
    partner_id: int | None = None
    ended: bool | None = None
    sort: str = "first_day"
    descending: bool = True
