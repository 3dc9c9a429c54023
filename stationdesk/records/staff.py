"""The staff: the six tiers of the team, their posts and qualifications."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid
from stationdesk.records.people import PersonName, Phone, Sex


class Tier(Code):
    """The six tiers of the team, from the district down (domain §3.1)."""

    DISTRICT_OFFICER = "T1_DISTRICT_OFFICER", N_("区(县)未保专干")
    STATION_HEAD = "T2_STATION_HEAD", N_("乡镇(街道)未保站站长")
    CHILD_SUPERVISOR = "T3_CHILD_SUPERVISOR", N_("乡镇(街道)儿童督导员")
    CHILD_DIRECTOR = "T4_CHILD_DIRECTOR", N_("村(居)儿童主任")
    SOCIAL_WORKER = "T5_SOCIAL_WORKER", N_("专业社工")
    SOCIAL_FORCE = "T6_SOCIAL_FORCE", N_("社会力量")


class Post(Code):
    """What a person does at the station (domain §3.1 STAFF_ROLE)."""

    HEAD = "HEAD", N_("站长")
    LAW_DEPUTY = "LAW_DEPUTY", N_("法治副站长")
    SUPERVISOR = "SUPERVISOR", N_("儿童督导员")
    DIRECTOR = "DIRECTOR", N_("儿童主任")
    SOCIAL_WORKER = "SOCIAL_WORKER", N_("社工")
    COUNSELLOR = "COUNSELLOR", N_("心理咨询师")
    FAMILY_EDU = "FAMILY_EDU", N_("家庭教育指导师")
    LAWYER = "LAWYER", N_("律师/法律顾问")
    TEACHER = "TEACHER", N_("授课老师")
    CLERK = "CLERK", N_("内勤")
    SECURITY = "SECURITY", N_("安保保洁")


class Qualification(Code):
    """Professional credentials (domain §3.1)."""

    SW_ASSIST = "SW_ASSIST", N_("助理社会工作师")
    SW_MID = "SW_MID", N_("社会工作师")
    SW_SENIOR = "SW_SENIOR", N_("高级社会工作师")
    PSY_2 = "PSY_2", N_("二级心理咨询师(原国家职业资格)")
    PSY_3 = "PSY_3", N_("三级心理咨询师(原)")
    PSY_TRAINED = "PSY_TRAINED", N_("心理咨询基础培训合格")
    PSYCHIATRY = "PSYCHIATRY", N_("精神科执业")
    TEACHER = "TEACHER", N_("教师资格")
    LAW = "LAW", N_("法律职业资格")
    FAMILY_EDU = "FAMILY_EDU", N_("家庭教育指导")
    FIRST_AID = "FIRST_AID", N_("急救证")
    OTHER = "OTHER", N_("其他")


_PSYCHOLOGY = {Qualification.PSY_2, Qualification.PSY_3, Qualification.PSY_TRAINED, Qualification.PSYCHIATRY}

StaffSex = Annotated[Sex, Field(N_("性别"))]
TeamTier = Annotated[Tier, Field(N_("队伍层级"))]
Posts = Annotated[tuple[Post, ...], Field(N_("岗位"))]
Employer = Annotated[str, Field(N_("所属单位"), max_length=80)]
Qualifications = Annotated[tuple[Qualification, ...], Field(N_("职业资格"))]
CertificateNo = Annotated[str, Field(N_("证书编号"), max_length=60)]
FullTime = Annotated[bool, Field(N_("专职"))]
EnteredOn = Annotated[date, Field(N_("到岗日期"))]
LeftOn = Annotated[date, Field(N_("离岗日期"))]
StaffNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One member of the team (domain §2.2); someone who left keeps the record with `left_on`."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    name: PersonName = ""
    sex: StaffSex | None = None
    phone: Phone | None = None
    tier: TeamTier = Tier.SOCIAL_WORKER
    posts: Posts = ()
    employer: Employer = ""
    qualifications: Qualifications = ()
    certificate_no: CertificateNo | None = None
    full_time: FullTime = True
    entered_on: EnteredOn | None = None
    left_on: LeftOn | None = None
    note: StaffNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one member."""
        if not self.posts:
            yield Problem("posts", N_("请至少选择一个岗位。"))
        if Post.COUNSELLOR in self.posts and not _PSYCHOLOGY & set(self.qualifications):
            yield Problem("qualifications", N_("心理咨询师至少要有一项心理类资格，请勾选后再保存。"))
        if self.entered_on and self.left_on and self.left_on < self.entered_on:
            yield Problem("left_on", N_("离岗日期早于到岗日期，请改正其中一个。"))

    def serves_on(self, day: date) -> bool:
        """Whether this person is on the team on `day`; a missing date sets no bound."""
        return not (self.entered_on and day < self.entered_on) and not (self.left_on and day > self.left_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """A line of the list of staff."""

    id: int
    name: PersonName
    tier: TeamTier
    posts: Posts
    employer: Employer
    full_time: FullTime
    phone: Phone | None
    left_on: LeftOn | None
