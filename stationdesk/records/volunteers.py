"""Volunteers: who they are, what they can do, and when they may work with children."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.ages import ADULT, age_on
from stationdesk.records.calendar import new_uuid
from stationdesk.records.ids import IdNumber, IdType, agreement_problems, id_problems, is_resident
from stationdesk.records.masking import mask
from stationdesk.records.people import PERSONAL_PHONE, PersonalPhone, PersonName, Sex
from stationdesk.records.screening import ScreeningCheck, Training, has_record, screening_problem


class VolunteerWork(Code):
    """What volunteers do (domain §3.7)."""

    COMPANION = "COMPANION", N_("陪伴")
    TUTOR = "TUTOR", N_("学业辅导")
    EVENT = "EVENT", N_("活动协助")
    VISIT = "VISIT", N_("随访")
    PSYCH = "PSYCH", N_("心理支持")
    LAW = "LAW", N_("普法")
    TRANSLATE = "TRANSLATE", N_("语言协助")
    PUBLICITY = "PUBLICITY", N_("宣传")
    LOGISTICS = "LOGISTICS", N_("后勤")
    OTHER = "OTHER", N_("其他")


class Language(Code):
    """What somebody speaks."""

    MANDARIN = "MANDARIN", N_("国家通用语言")
    UYGHUR = "UYGHUR", N_("维吾尔语")
    KAZAKH = "KAZAKH", N_("哈萨克语")
    MONGOLIAN = "MONGOLIAN", N_("蒙古语")
    KYRGYZ = "KYRGYZ", N_("柯尔克孜语")
    SIGN = "SIGN", N_("手语")
    OTHER = "OTHER", N_("其他")


class VolunteerStatus(Code):
    """From asking to help to having left; BLOCKED follows from a check with a record."""

    APPLIED = "APPLIED", N_("已申请")
    ACTIVE = "ACTIVE", N_("在册")
    PAUSED = "PAUSED", N_("暂停")
    LEFT = "LEFT", N_("已退出")
    BLOCKED = "BLOCKED", N_("禁止服务")


# Below this age nobody volunteers, with or without consent: the civil code's limit of capacity.
YOUNGEST = 8

VolunteerSex = Annotated[Sex, Field(N_("性别"))]
VolunteerBirth = Annotated[date, Field(N_("出生日期"), private=True, level=Level.L3)]
VolunteerNo = Annotated[str, Field(N_("志愿者编号"), max_length=30, hint=N_("中国志愿服务网编号"))]
Organisation = Annotated[str, Field(N_("所属组织"), max_length=80)]
Skills = Annotated[tuple[VolunteerWork, ...], Field(N_("特长"))]
Languages = Annotated[tuple[Language, ...], Field(N_("语言"))]
GuardianConsent = Annotated[bool, Field(N_("监护人同意"), hint=N_("未满18周岁须有监护人书面同意"))]
ServiceScope = Annotated[str, Field(N_("服务范围"), max_length=200, multiline=True)]
InsuredUntil = Annotated[date, Field(N_("保险有效期至"))]
StatusOfVolunteer = Annotated[VolunteerStatus, Field(N_("状态"))]
JoinedOn = Annotated[date, Field(N_("注册日期"))]
VolunteerLeftOn = Annotated[date, Field(N_("退出日期"))]
VolunteerNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True, private=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """One volunteer (domain §2.13); one who left keeps the record."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    name: PersonName = ""
    sex: VolunteerSex | None = None
    id_kind: IdType | None = None
    id_no: IdNumber | None = None
    birth_date: VolunteerBirth | None = None
    phone: PersonalPhone | None = None
    volunteer_no: VolunteerNo | None = None
    organisation: Organisation | None = None
    skills: Skills = ()
    languages: Languages = ()
    guardian_consent: GuardianConsent = False
    service_scope: ServiceScope | None = None
    insured_until: InsuredUntil | None = None
    status: StatusOfVolunteer = VolunteerStatus.APPLIED
    joined_on: JoinedOn | None = None
    left_on: VolunteerLeftOn | None = None
    note: VolunteerNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one volunteer."""
        if self.sex not in Sex.offered():
            yield Problem("sex", N_("请选择性别。"))
        if self.birth_date is None:
            yield Problem("birth_date", N_("请填写出生日期。"))
        if not self.phone:
            yield Problem("phone", N_("请填写电话。"))
        if self.id_no and self.id_kind is None:
            yield Problem("id_kind", N_("填了证件号码，请选择证件类型。"))
        if self.id_no and is_resident(self.id_kind):
            yield from agreement_problems(self.id_no, self.sex, self.birth_date)
        if self.status is VolunteerStatus.ACTIVE and self.joined_on is None:
            yield Problem("joined_on", N_("在册志愿者请填写注册日期。"))
        if self.status is VolunteerStatus.LEFT and self.left_on is None:
            yield Problem("left_on", N_("已退出的志愿者请填写退出日期。"))
        if self.left_on is not None and self.status in (VolunteerStatus.ACTIVE, VolunteerStatus.APPLIED):
            yield Problem("left_on", N_("还在册的志愿者不应有退出日期，请去掉日期或改状态。"))
        if self.joined_on and self.left_on and self.left_on < self.joined_on:
            yield Problem("left_on", N_("退出日期早于注册日期，请改正其中一个。"))


def day_problems(volunteer: Volunteer, today: date) -> Iterator[Problem]:
    """Rules between a volunteer and the calendar: the number, the age, the guardian's consent."""
    yield from id_problems(volunteer.id_kind, volunteer.id_no, today)
    if volunteer.birth_date is None:
        return
    age = age_on(volunteer.birth_date, today)
    if age < YOUNGEST:
        yield Problem("birth_date", N_("志愿者应满{age}周岁，请核对出生日期。"), {"age": YOUNGEST})
    elif age < ADULT and not volunteer.guardian_consent:
        yield Problem("guardian_consent", N_("未满18周岁的志愿者须有监护人书面同意，请取得后勾选。"))


def choice_problems(
    place: str, volunteer: Volunteer, checks: Sequence[ScreeningCheck], trainings: Sequence[Training], day: date
) -> Iterator[Problem]:
    """What keeps a volunteer from being chosen for `day`: not on the list, not screened, not trained,
    under age without consent, insurance run out. After a record there is nothing else to be said."""
    values = {"name": volunteer.name}
    unscreened = screening_problem(place, volunteer.name, checks, day)
    if unscreened is not None and has_record(checks):
        yield unscreened
        return
    begun = volunteer.joined_on is not None and volunteer.joined_on <= day
    if volunteer.status is not VolunteerStatus.ACTIVE or not begun:
        yield Problem(place, N_("{name}当天不是在册志愿者，不能排班，请先办理注册或换一位。"), values)
    if unscreened is not None:
        yield unscreened
    if not any(training.day <= day for training in trainings):
        yield Problem(place, N_("{name}还没有参加过培训，第一次服务前请先培训并登记。"), values)
    young = volunteer.birth_date is not None and age_on(volunteer.birth_date, day) < ADULT
    if young and not volunteer.guardian_consent:
        yield Problem(place, N_("{name}未满18周岁，没有监护人书面同意，不能排班。"), values)
    if volunteer.insured_until is not None and volunteer.insured_until < day:
        yield Problem(place, N_("{name}的保险在当天之前到期，请先续保。"), values)


CheckDue = Annotated[date, Field(N_("查询有效期至"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRow:
    """A line of the list of volunteers; `check_due` is empty for one without a clear check."""

    id: int
    name: PersonName
    status: StatusOfVolunteer
    check_due: CheckDue | None
    phone: PersonalPhone | None
    organisation: Organisation | None
    skills: Skills
    languages: Languages
    sex: VolunteerSex | None
    insured_until: InsuredUntil | None


def behind_mask(row: VolunteerRow) -> VolunteerRow:
    """The line as it is listed and taken out: a telephone is shown whole only to who asks for it."""
    head, tail = PERSONAL_PHONE.mask or (0, 0)
    return replace(row, phone=mask(row.phone, head, tail)) if row.phone else row


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerQuery:
    """What the list is narrowed to; `cleared_on` leaves only those who may be chosen for that day."""

    words: str = ""
    status: VolunteerStatus | None = None
    skill: VolunteerWork | None = None
    language: Language | None = None
    cleared_on: date | None = None
    sort: str = "name"
    descending: bool = False
