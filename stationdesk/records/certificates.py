"""Certificates of voluntary service: what they say is frozen when they are issued (Decree 67 of 2020)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid
from stationdesk.records.ids import IdNumber, IdType
from stationdesk.records.people import PersonName
from stationdesk.records.screening import VolunteerRef
from stationdesk.records.shifts import DailyCap, RecognisedHours, RoundTo, ShiftRow, hours_of
from stationdesk.records.volunteers import Organisation, Volunteer, VolunteerNo, VolunteerSex, VolunteerWork

# So many days are named in a sentence; of the others the number.
_NAMED = 5
_PREFIX = "志证"


class CertificateState(Code):
    """Whether a certificate holds."""

    VALID = "VALID", N_("有效")
    VOID = "VOID", N_("作废")


CertificateNo = Annotated[str, Field(N_("证明编号"), max_length=12)]
ServedFrom = Annotated[date, Field(N_("服务期间起"))]
ServedTo = Annotated[date, Field(N_("服务期间止"))]
RecognisedMinutes = Annotated[int, Field(N_("认定分钟"), minimum=0)]
IssuedOn = Annotated[date, Field(N_("出具日期"))]
Issuer = Annotated[str, Field(N_("出具单位"), max_length=80)]
Handler = Annotated[str, Field(N_("经办人"), max_length=72)]
Responsible = Annotated[str, Field(N_("负责人"), max_length=72)]
Contact = Annotated[str, Field(N_("联系方式"), max_length=40, hint=N_("单位电话，供核实证明"))]
CertificateNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True)]
TimesPrinted = Annotated[int, Field(N_("打印次数"), minimum=0, unit=N_("次"))]
VoidReason = Annotated[str, Field(N_("作废原因"), max_length=200)]
VoidOn = Annotated[date, Field(N_("作废日期"))]


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One shift as it stood when the certificate was issued."""

    day: date
    work: VolunteerWork
    minutes: int
    title: str = ""


Lines = Annotated[tuple[CertificateLine, ...], Field(N_("服务明细"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate (domain §2.13): what it says of volunteer, service and issuer is a copy, so that a
    reprint says the same whatever has changed since."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    number: CertificateNo
    volunteer_id: VolunteerRef
    name: PersonName
    sex: VolunteerSex | None
    id_kind: IdType | None
    id_no: IdNumber | None
    volunteer_no: VolunteerNo | None
    organisation: Organisation | None
    first: ServedFrom
    last: ServedTo
    lines: Lines
    minutes: RecognisedMinutes
    daily_cap: DailyCap
    round_to: RoundTo
    issued_on: IssuedOn
    issuer: Issuer
    handler: Handler
    responsible: Responsible
    contact: Contact
    note: CertificateNote | None = None
    printed: TimesPrinted = 0
    void_on: VoidOn | None = None
    void_reason: VoidReason | None = None

    @property
    def hours(self) -> Decimal:
        """The recognised time."""
        return hours_of(self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateOrder:
    """What is asked for: whose service, from when to when, and who answers for it."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    volunteer_id: VolunteerRef
    first: ServedFrom
    last: ServedTo
    handler: Handler = ""
    responsible: Responsible = ""
    contact: Contact = ""
    note: CertificateNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one order."""
        if self.last < self.first:
            yield Problem("last", N_("服务期间的结束日期早于开始日期，请改正其中一个。"))


def certificate_problem(
    order: CertificateOrder, volunteer: Volunteer, shifts: Sequence[ShiftRow], today: date
) -> Problem | None:
    """What keeps a certificate from being issued, one thing at a time; `shifts` are those of the period.

    One who is barred by now, or has left, still gets it: it tells of service that was done, and the law
    wants it told truthfully and free of charge (Regulation on Voluntary Service Art. 19); whether somebody
    may work with children from now on is decided at the gate, never by a certificate of the past.
    """
    if order.last > today:
        return Problem("last", N_("服务期间还没有结束，结束日期请不要晚于今天。"))
    if not volunteer.id_no:
        return Problem("", N_("{name}的档案里没有证件号码，证明上必须写明，请先补录。"), {"name": volunteer.name})
    waiting = sorted({row.start.date() for row in shifts if not row.counts and not row.did_not_come})
    if waiting:
        days = "、".join(day.isoformat() for day in waiting[:_NAMED])
        if len(waiting) > _NAMED:
            text = N_("期间内{days}等{count}天的服务还没有确认，请先确认或删除，再出具证明。")
            return Problem("", text, {"days": days, "count": len(waiting)})
        return Problem("", N_("期间内{days}的服务还没有确认，请先确认或删除，再出具证明。"), {"days": days})
    if not any(row.counts for row in shifts):
        return Problem("", N_("{name}在这段时间没有已计入的服务，不能出具证明。"), {"name": volunteer.name})
    return None


def lines_of(shifts: Sequence[ShiftRow]) -> tuple[CertificateLine, ...]:
    """The shifts that count, as a certificate tells them."""
    return tuple(
        CertificateLine(row.start.date(), row.work, row.minutes, row.title or "") for row in shifts if row.counts
    )


def certificate_number(year: int, seq: int) -> str:
    """`志证2026-0001`: on paper and in the register alike, in every language."""
    return f"{year_prefix(year)}{seq:04d}"


def year_prefix(year: int) -> str:
    """What the numbers of a year begin with."""
    return f"{_PREFIX}{year}-"


def sequence_of(number: str) -> int:
    """The running number in a certificate's number."""
    return int(number.rpartition("-")[2])


def void_problem(reason: str) -> Problem | None:
    """What is wrong with the reason why a certificate holds no more."""
    if not reason.strip():
        return Problem("void_reason", N_("请写明作废原因。"))
    if len(reason.strip()) > 200:
        return Problem("void_reason", N_("作废原因最多200个字，请缩短。"))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """A line of the register of certificates."""

    id: int
    number: CertificateNo
    name: PersonName
    hours: RecognisedHours
    state: Annotated[CertificateState, Field(N_("状态"))]
    printed: TimesPrinted
    issued_on: IssuedOn
    first: ServedFrom
    last: ServedTo
    void_reason: VoidReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateQuery:
    """What the register is narrowed to."""

    words: str = ""
    volunteer_id: int | None = None
    sort: str = "number"
    descending: bool = True
