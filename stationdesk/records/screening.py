"""Screening: the check of criminal records, without which nobody is chosen for work with children."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_, _
from stationdesk.records.ages import birthday
from stationdesk.records.calendar import new_uuid
from stationdesk.records.people import PersonName


class Authority(Code):
    """Who was asked."""

    POLICE = "POLICE", N_("公安机关")
    PROCURATORATE = "PROCURATORATE", N_("检察院")


class CheckResult(Code):
    """What the answer was."""

    CLEAR = "CLEAR", N_("无记录")
    HIT = "HIT", N_("有记录")
    PENDING = "PENDING", N_("待反馈")


class TrainingLevel(Code):
    """Who held a training."""

    STATION = "STATION", N_("站级")
    DISTRICT = "DISTRICT", N_("区县级")
    CITY = "CITY", N_("市级")
    PROVINCE = "PROVINCE", N_("省级")


StaffRef = Annotated[int, Field(N_("工作人员"))]
VolunteerRef = Annotated[int, Field(N_("志愿者"))]
QueriedOn = Annotated[date, Field(N_("查询日期"))]
AskedAuthority = Annotated[Authority, Field(N_("查询机关"))]
ResultOfCheck = Annotated[CheckResult, Field(N_("查询结果"), private=True)]
DocumentNo = Annotated[str, Field(N_("文书编号"), max_length=60)]
TrainingTopic = Annotated[str, Field(N_("培训主题"), max_length=80)]
TrainedOn = Annotated[date, Field(N_("培训日期"))]
TrainingHours = Annotated[Decimal, Field(N_("学时"), minimum=Decimal("0.5"), maximum=Decimal(999), places=1)]
TrainingOrganiser = Annotated[str, Field(N_("举办单位"), max_length=80)]
LevelOfTraining = Annotated[TrainingLevel, Field(N_("级别"))]
TrainingCertificate = Annotated[str, Field(N_("证书编号"), max_length=60)]

_ONE_PERSON = N_("请选择一名工作人员或一名志愿者。")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningCheck:
    """One query about one person (UMP Law Art. 62; volunteers by analogy): sexual assault, abuse,
    trafficking, violent injury."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    staff_id: StaffRef | None = None
    volunteer_id: VolunteerRef | None = None
    queried_on: QueriedOn
    authority: AskedAuthority = Authority.POLICE
    result: ResultOfCheck = CheckResult.PENDING
    doc_no: DocumentNo | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one check."""
        if (self.staff_id is None) is (self.volunteer_id is None):
            yield Problem("volunteer_id", _ONE_PERSON)

    @property
    def next_due(self) -> date:
        """The first day it holds no longer: twelve months on, counted as birthdays are."""
        return birthday(self.queried_on, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training one person took part in (domain §2.2)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    staff_id: StaffRef | None = None
    volunteer_id: VolunteerRef | None = None
    topic: TrainingTopic = ""
    day: TrainedOn
    hours: TrainingHours = Decimal(1)
    organiser: TrainingOrganiser | None = None
    level: LevelOfTraining = TrainingLevel.STATION
    certificate_no: TrainingCertificate | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one training."""
        if (self.staff_id is None) is (self.volunteer_id is None):
            yield Problem("volunteer_id", _ONE_PERSON)


def future_problem(name: str, day: date, today: date) -> Problem | None:
    """A check or training that has not taken place yet."""
    return Problem(name, N_("日期还没有到，请改正。")) if day > today else None


def has_record(checks: Iterable[ScreeningCheck]) -> bool:
    """Whether any check found a record, which nothing takes back."""
    return any(check.result is CheckResult.HIT for check in checks)


def is_cleared(checks: Iterable[ScreeningCheck], day: date) -> bool:
    """Whether a person may be chosen for work with children on `day`: a clear check not yet twelve
    months old, and never any with a record, which nothing takes back."""
    known = [check for check in checks if check.queried_on <= day or check.result is CheckResult.HIT]
    if has_record(known):
        return False
    return any(check.result is CheckResult.CLEAR and day < check.next_due for check in known)


def cleared_until(checks: Sequence[ScreeningCheck]) -> date | None:
    """The first day on which a person's check holds no longer; None without a clear one, or with a record."""
    if has_record(checks):
        return None
    return max((check.next_due for check in checks if check.result is CheckResult.CLEAR), default=None)


def screening_problem(place: str, name: str, checks: Sequence[ScreeningCheck], day: date) -> Problem | None:
    """Why a person may not be chosen for work with children on `day`: the one sentence of every door."""
    if is_cleared(checks, day):
        return None
    values = {"name": name, "day": day.isoformat()}
    if has_record(checks):
        return Problem(place, N_("{name}的从业查询有记录，不能安排接触未成年人的工作，请换一位。"), values)
    text = N_("{name}在{day}没有12个月内“无记录”的从业查询，不能安排接触未成年人的工作，请先查询或换一位。")
    return Problem(place, text, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """A line of a list of trainings: who was trained in what."""

    id: int
    name: PersonName
    day: TrainedOn
    topic: TrainingTopic
    hours: TrainingHours
    organiser: TrainingOrganiser | None
    level: LevelOfTraining


# --- what runs out -------------------------------------------------------------------------------

# So long before it runs out, somebody is told (R17, R27).
AHEAD = timedelta(days=30)


class Body(Code):
    """On which list a person stands."""

    STAFF = "STAFF", N_("工作人员")
    VOLUNTEER = "VOLUNTEER", N_("志愿者")


class Expiring(Code):
    """What runs out."""

    CHECK = "CHECK", N_("从业查询")
    INSURANCE = "INSURANCE", N_("保险")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningDue:
    """A check or an insurance that is missing (`on` is None then), run out, or about to; or (`planned`)
    somebody with a record who is still to work with children on that day, at that session if at one."""

    name: PersonName
    body: Body
    person_id: int
    kind: Expiring
    on: date | None
    overdue: bool
    planned: bool = False
    session_id: int | None = None

    def say(self) -> str:
        """The sentence in the language in use."""
        if self.planned and self.on is not None:
            return _("从业查询有记录，但{day}还排了班，请马上换人").format(day=self.on.isoformat())
        if self.on is None:
            return _("没有“无记录”的从业查询，不能安排接触未成年人的工作")
        text = N_("{kind}已于{day}到期，请尽快办理") if self.overdue else N_("{kind}将于{day}到期，请提前办理")
        return _(text).format(kind=self.kind.label, day=self.on.isoformat())


def check_due(
    name: str, body: Body, person_id: int, checks: Sequence[ScreeningCheck], today: date
) -> ScreeningDue | None:
    """Whether a person's check is missing, run out or about to; one with a record is nothing to renew."""
    if has_record(checks):
        return None
    on = cleared_until(checks)
    if on is not None and on - AHEAD > today:
        return None
    overdue = on is None or on <= today
    return ScreeningDue(name=name, body=body, person_id=person_id, kind=Expiring.CHECK, on=on, overdue=overdue)


def insurance_due(name: str, person_id: int, until: date | None, today: date) -> ScreeningDue | None:
    """Whether a volunteer's insurance has run out or is about to; it holds on its last day."""
    if until is None or until - AHEAD > today:
        return None
    body, kind = Body.VOLUNTEER, Expiring.INSURANCE
    return ScreeningDue(name=name, body=body, person_id=person_id, kind=kind, on=until, overdue=until < today)


def most_urgent(found: Iterable[ScreeningDue | None]) -> tuple[ScreeningDue, ...]:
    """What is due, who must not be there first, then who has nothing, then by the day."""
    there = [due for due in found if due is not None]
    return tuple(sorted(there, key=lambda due: (not due.planned, due.on or date.min, due.body.code, due.person_id)))
