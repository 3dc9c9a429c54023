"""Bookings of rooms: the record, its states, and the rules of one booking."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.access import Actor
from stationdesk.records.calendar import new_uuid
from stationdesk.records.people import PersonalPhone


class Purpose(Code):
    """What a room is booked for (domain §3.6)."""

    COUNSEL = "COUNSEL", N_("心理辅导")
    ACTIVITY = "ACTIVITY", N_("活动")
    GROUP = "GROUP", N_("小组")
    CLASS = "CLASS", N_("课程")
    READING = "READING", N_("阅览")
    MEETING = "MEETING", N_("会议会商")
    INTERVIEW = "INTERVIEW", N_("面谈/询问")
    TRAINING = "TRAINING", N_("培训")
    RECEPTION = "RECEPTION", N_("接待参观")
    PARTNER = "PARTNER", N_("协作单位使用")
    MAINTENANCE = "MAINTENANCE", N_("维护")
    OTHER = "OTHER", N_("其他")


# What children come for, so that who is responsible should be screened (domain §2.4).
WITH_CHILDREN = (
    Purpose.COUNSEL,
    Purpose.ACTIVITY,
    Purpose.GROUP,
    Purpose.CLASS,
    Purpose.READING,
    Purpose.INTERVIEW,
)


class BookingStatus(Code):
    """DRAFT → PENDING → CONFIRMED → IN_USE → DONE, or one of the three ends (domain §2.4)."""

    DRAFT = "DRAFT", N_("草稿")
    PENDING = "PENDING", N_("待审批")
    CONFIRMED = "CONFIRMED", N_("已确认")
    IN_USE = "IN_USE", N_("使用中")
    DONE = "DONE", N_("已完成")
    CANCELLED = "CANCELLED", N_("已取消")
    NO_SHOW = "NO_SHOW", N_("未到场")
    REJECTED = "REJECTED", N_("已驳回")


class ApplicantKind(Code):
    """Who asks for the room."""

    STAFF = "STAFF", N_("工作人员")
    PARTNER = "PARTNER", N_("协作单位")
    GUARDIAN = "GUARDIAN", N_("监护人")
    RESIDENT = "RESIDENT", N_("居民")


# The states that hold the room against others; a finished booking did use it.
HOLDING = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.IN_USE, BookingStatus.DONE)
OPEN = (BookingStatus.DRAFT, BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.IN_USE)

LONGEST = timedelta(hours=8)
STEP = 5

RoomRef = Annotated[int, Field(N_("功能室"))]
StartsAt = Annotated[datetime, Field(N_("开始"))]
EndsAt = Annotated[datetime, Field(N_("结束"))]
BookedFor = Annotated[Purpose, Field(N_("用途"))]
Title = Annotated[str, Field(N_("事由"), max_length=60, private=True)]
AskedBy = Annotated[ApplicantKind, Field(N_("申请方"))]
ApplicantName = Annotated[str, Field(N_("申请人"), max_length=72, private=True)]
ResponsibleRef = Annotated[int, Field(N_("现场负责人"))]
ExpectedCount = Annotated[int, Field(N_("预计人数"), minimum=1, maximum=9999, unit="人")]
ActualCount = Annotated[int, Field(N_("实到人数"), minimum=0, maximum=9999, unit="人")]
Status = Annotated[BookingStatus, Field(N_("状态"))]
CancelReason = Annotated[str, Field(N_("取消原因"), max_length=100)]
OverrideReason = Annotated[str, Field(N_("特批理由"), max_length=100, hint=N_("超员或闭馆日由站长特批时填写"))]
BookingNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True, private=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One use of one room, half-open [start, end), naive Beijing time (domain §2.4)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    series_id: int | None = None
    room_id: RoomRef
    start: StartsAt
    end: EndsAt
    purpose: BookedFor = Purpose.ACTIVITY
    title: Title = ""
    applicant_kind: AskedBy = ApplicantKind.STAFF
    applicant_name: ApplicantName | None = None
    applicant_phone: PersonalPhone | None = None
    responsible_id: ResponsibleRef | None = None
    expected_count: ExpectedCount = 1
    actual_count: ActualCount | None = None
    status: Status = BookingStatus.CONFIRMED
    cancel_reason: CancelReason | None = None
    override_reason: OverrideReason | None = None
    note: BookingNote | None = None
    detached: bool = False

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one booking."""
        if self.end <= self.start:
            yield Problem("end", N_("结束时间应晚于开始时间，请改正。"))
        elif self.end.date() != self.start.date():
            yield Problem("end", N_("一次预约不能跨过零点，请分成两天预约。"))
        elif self.end - self.start > LONGEST:
            yield Problem("end", N_("一次预约最长8小时，请缩短或分成几次。"))
        if self.start.minute % STEP or self.end.minute % STEP:
            yield Problem("start", N_("时间请取5分钟的整数倍。"))
        if self.responsible_id is None:
            yield Problem("responsible_id", N_("请选择现场负责人。"))
        if self.status in (BookingStatus.CANCELLED, BookingStatus.REJECTED) and not self.cancel_reason:
            yield Problem("cancel_reason", N_("请写明取消或驳回的原因。"))
        if self.status is BookingStatus.DONE and self.actual_count is None:
            yield Problem("actual_count", N_("请填写实到人数后再完成。"))


def is_own(booking: Booking, actor: Actor) -> bool:
    """Whether a booking is the actor's own work: they are there with the people it is for."""
    return booking.responsible_id == actor.staff_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRow:
    """A booking as a list or calendar shows it; `masked` ones carry no title, person or count.
    `session_id` is the session of an activity whose room it is."""

    id: int
    series_id: int | None
    room_id: int
    masked: bool
    room_name: Annotated[str, Field(N_("功能室"))]
    start: StartsAt
    end: EndsAt
    purpose: BookedFor | None
    title: Title
    responsible_name: Annotated[str, Field(N_("现场负责人"), private=True)] | None
    expected_count: ExpectedCount | None
    actual_count: ActualCount | None
    status: Status
    session_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingQuery:
    """What to look for: half-open [start, end), rooms (none = all), states (none = all), words."""

    start: datetime | None = None
    end: datetime | None = None
    room_ids: tuple[int, ...] = ()
    statuses: tuple[BookingStatus, ...] = ()
    words: str = ""
    sort: str = "start"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How a room is taken on one day: bookings that hold it, and their minutes."""

    day: date
    room_id: int
    count: int
    minutes: int
