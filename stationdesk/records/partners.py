"""Partners: the departments and organisations the station works with, and what was done together."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid
from stationdesk.records.people import PersonalPhone, PersonName
from stationdesk.records.sessions import ActivityRef


class PartnerDept(Code):
    """The departments (domain §3.7); the first four are those of the source article and rows J02–J05."""

    WOMEN = "WOMEN", N_("妇联")
    DPF = "DPF", N_("残联")
    CYL = "CYL", N_("共青团")
    JUSTICE = "JUSTICE", N_("司法")
    POLICE = "POLICE", N_("公安（派出所）")
    PROCURATORATE = "PROCURATORATE", N_("检察院")
    COURT = "COURT", N_("法院")
    EDUCATION = "EDUCATION", N_("教育")
    SCHOOL = "SCHOOL", N_("学校（幼儿园）")
    HEALTH = "HEALTH", N_("卫生健康")
    HOSPITAL = "HOSPITAL", N_("医疗机构")
    HRSS = "HRSS", N_("人社")
    MEDICAL_INS = "MEDICAL_INS", N_("医保")
    FINANCE = "FINANCE", N_("财政")
    HOUSING = "HOUSING", N_("住建")
    CULTURE = "CULTURE", N_("文旅")
    MARKET = "MARKET", N_("市场监管")
    CYBER = "CYBER", N_("网信")
    EMERGENCY = "EMERGENCY", N_("应急消防")
    CWC = "CWC", N_("妇儿工委")
    GXW = "GXW", N_("关工委（五老）")
    UNION = "UNION", N_("工会")
    RED_CROSS = "RED_CROSS", N_("红十字会")
    CHARITY = "CHARITY", N_("慈善会")
    SW_ORG = "SW_ORG", N_("社工机构")
    ENTERPRISE = "ENTERPRISE", N_("爱心企业")
    VILLAGE = "VILLAGE", N_("村（居）委会")
    RESCUE = "RESCUE", N_("未成年人救助保护机构")
    WELFARE = "WELFARE", N_("儿童福利机构")
    OTHER = "OTHER", N_("其他")


class PartnerKind(Code):
    """What sort of body it is."""

    GOV = "GOV", N_("部门")
    MASS_ORG = "MASS_ORG", N_("群团")
    JUSTICE = "JUSTICE", N_("司法机关")
    SCHOOL = "SCHOOL", N_("学校")
    MEDICAL = "MEDICAL", N_("医疗")
    ENTERPRISE = "ENTERPRISE", N_("企业")
    NGO = "NGO", N_("社会组织")
    VILLAGE = "VILLAGE", N_("村居")


PartnerName = Annotated[str, Field(N_("单位名称"), max_length=80)]
Department = Annotated[PartnerDept, Field(N_("部门"))]
KindOfPartner = Annotated[PartnerKind, Field(N_("性质"))]
PartnerAddress = Annotated[str, Field(N_("地址"), max_length=120)]
PartnerPhone = Annotated[str, Field(N_("单位电话"), max_length=20)]
Cooperation = Annotated[str, Field(N_("合作内容"), max_length=800, multiline=True)]
AgreedFrom = Annotated[date, Field(N_("协议开始"))]
AgreedTo = Annotated[date, Field(N_("协议到期"))]
Since = Annotated[date, Field(N_("开始合作"))]
Until = Annotated[date, Field(N_("停止合作"), hint=N_("仍在合作的不填"))]
PartnerRef = Annotated[int, Field(N_("协作单位"))]
ContactPost = Annotated[str, Field(N_("职务"), max_length=40)]
IsLiaison = Annotated[bool, Field(N_("联络员"))]
JointDay = Annotated[date, Field(N_("日期"))]
Matter = Annotated[str, Field(N_("事项"), max_length=80)]
Outcome = Annotated[str, Field(N_("结果"), max_length=200, multiline=True)]
JointRef = Annotated[int, Field(N_("联合工作"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One body the station works with (domain §2.14); one it no longer works with keeps the record."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    name: PartnerName = ""
    dept: Department = PartnerDept.OTHER
    kind: KindOfPartner = PartnerKind.GOV
    address: PartnerAddress | None = None
    phone: PartnerPhone | None = None
    cooperation: Cooperation | None = None
    agreed_from: AgreedFrom | None = None
    agreed_to: AgreedTo | None = None
    since: Since | None = None
    until: Until | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one partner."""
        if self.since is None:
            yield Problem("since", N_("请填写开始合作的日期。"))
        if self.agreed_from and self.agreed_to and self.agreed_to < self.agreed_from:
            yield Problem("agreed_to", N_("协议到期早于协议开始，请改正其中一个。"))
        if self.since and self.until and self.until < self.since:
            yield Problem("until", N_("停止合作早于开始合作，请改正其中一个。"))


def day_problems(partner: Partner, day: date) -> Iterator[Problem]:
    """Nothing is done with a body that the station no longer works with on that day."""
    if partner.until is not None and partner.until <= day:
        text = N_("{name}从{until}起已停止合作，不能登记{day}的联合工作，请核对日期，或先改正停止合作的日期。")
        values = {"name": partner.name, "until": partner.until.isoformat(), "day": day.isoformat()}
        yield Problem("partner_ids", text, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerContact:
    """Whom to ask for there."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    partner_id: PartnerRef
    name: PersonName = ""
    post: ContactPost | None = None
    phone: PersonalPhone | None = None
    is_liaison: IsLiaison = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JointWork:
    """Something done together that no session tells of, entered by hand."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    day: JointDay
    matter: Matter = ""
    result: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLink:
    """A partner's share in an activity, and so in each of its sessions, or in work entered by hand."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    partner_id: PartnerRef
    activity_id: ActivityRef | None = None
    joint_work_id: JointRef | None = None


LiaisonName = Annotated[str, Field(N_("联络员"), private=True)]
TogetherThisYear = Annotated[int, Field(N_("今年联合工作"), unit=N_("次"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A line of the list of partners."""

    id: int
    name: PartnerName
    dept: Department
    liaison: LiaisonName | None
    phone: PartnerPhone | None
    together: TogetherThisYear
    agreed_to: AgreedTo | None
    kind: KindOfPartner
    until: Until | None


class JointSource(Code):
    """Where a piece of joint work is known from."""

    SESSION = "SESSION", N_("活动场次")
    BY_HAND = "BY_HAND", N_("手工登记")


@dataclass(frozen=True, slots=True, kw_only=True)
class JointItem:
    """One piece of joint work, derived from a closed session or entered by hand.

    `id` is the hand-made record's; a session's has its number with a minus, so that both can stand
    behind one figure.
    """

    id: int
    day: JointDay
    matter: Matter
    source: Annotated[JointSource, Field(N_("来源"))]
    result: Outcome | None
    partners: Annotated[str, Field(N_("协作单位"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointEntry(JointWork):
    """Work entered by hand with those it was done with, as it is written down."""

    partner_ids: Annotated[tuple[int, ...], Field(N_("协作单位"))] = ()

    @property
    def work(self) -> JointWork:
        """The work alone; with whom is kept beside it."""
        return JointWork(**{item.name: getattr(self, item.name) for item in fields(JointWork)})


# For so many days before and after its end an agreement is spoken of: then nobody is going to renew it.
AGREEMENT_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDue:
    """A partner whose agreement runs out on a day."""

    partner_id: int
    name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerQuery:
    """What the list is narrowed to; what is empty narrows nothing."""

    words: str = ""
    dept: PartnerDept | None = None
    gone: bool = False
    sort: str = "name"
    descending: bool = False
