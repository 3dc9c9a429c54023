"""Sessions: one occurrence of an activity, when and where, and how it went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.activities import Activity, ActivityForm, ActivityTitle, FormOfActivity
from stationdesk.records.bookings import Booking, EndsAt, OverrideReason, RoomRef, StartsAt
from stationdesk.records.calendar import new_uuid


class SessionStatus(Code):
    """PLANNED → DONE, or not held: called off, or put off until a new day is known."""

    PLANNED = "PLANNED", N_("计划中")
    DONE = "DONE", N_("已完成")
    CANCELLED = "CANCELLED", N_("已取消")
    POSTPONED = "POSTPONED", N_("已延期")


NOT_HELD = (SessionStatus.CANCELLED, SessionStatus.POSTPONED)

ActivityRef = Annotated[int, Field(N_("活动"))]
SequenceNo = Annotated[int, Field(N_("第几场"), minimum=1, maximum=999)]
BookingRef = Annotated[int, Field(N_("场地预约"))]
Place = Annotated[str, Field(N_("地点"), max_length=80, hint=N_("不用本站功能室时填写"))]
OnSiteRef = Annotated[int, Field(N_("现场负责人"))]
OtherStaff = Annotated[tuple[int, ...], Field(N_("其他工作人员"))]
Items = Annotated[str, Field(N_("环节"), max_length=1000, multiline=True, hint=N_("每行一个环节"))]
ChildHeads = Annotated[int, Field(N_("未登记的未成年人数"), minimum=0, maximum=9999, unit=N_("人"))]
AdultHeads = Annotated[int, Field(N_("未登记的成人数"), minimum=0, maximum=9999, unit=N_("人"))]
StatusOfSession = Annotated[SessionStatus, Field(N_("状态"))]
NotHeldReason = Annotated[str, Field(N_("取消或延期原因"), max_length=100)]
Cost = Annotated[Decimal, Field(N_("支出"), minimum=Decimal(0), maximum=Decimal(9999999), unit=N_("元"))]
Satisfaction = Annotated[int, Field(N_("满意度"), minimum=1, maximum=5, unit=N_("分"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySession:
    """One occurrence (domain §2.12). One with a room has a booking of the same time, which only the
    session moves; who came and who helped are kept apart, and every figure follows from them."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    activity_id: ActivityRef
    seq: SequenceNo = 1
    start: StartsAt
    end: EndsAt
    booking_id: BookingRef | None = None
    place: Place | None = None
    responsible_id: OnSiteRef | None = None
    staff_ids: OtherStaff = ()
    items: Items | None = None
    headcount_children: ChildHeads = 0
    headcount_adults: AdultHeads = 0
    status: StatusOfSession = SessionStatus.PLANNED
    reason: NotHeldReason | None = None
    cost: Cost | None = None
    satisfaction: Satisfaction | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one session."""
        if self.end <= self.start:
            yield Problem("end", N_("结束时间应晚于开始时间，请改正。"))
        elif self.end.date() != self.start.date():
            yield Problem("end", N_("一场活动不能跨过零点，请分成两场。"))
        if self.responsible_id is None:
            yield Problem("responsible_id", N_("请选择现场负责人。"))
        elif self.responsible_id in self.staff_ids:
            yield Problem("staff_ids", N_("现场负责人不用再勾选为其他工作人员，请去掉。"))
        if self.booking_id is None and not self.place and self.status not in NOT_HELD:
            yield Problem("place", N_("请选择功能室，或填写地点。"))
        if self.status in NOT_HELD and not self.reason:
            yield Problem("reason", N_("请写明取消或延期的原因。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """A session with its room, as one types it: the booking is made of it."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    start: StartsAt
    end: EndsAt
    room_id: RoomRef | None = None
    place: Place | None = None
    responsible_id: OnSiteRef | None = None
    staff_ids: OtherStaff = ()
    items: Items | None = None
    override_reason: OverrideReason | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields."""
        yield from replace(self.on(blank_session(0, self.start)), booking_id=self.room_id).problems()

    def on(self, held: ActivitySession) -> ActivitySession:
        """`held` as it is planned here."""
        names = ("start", "end", "place", "responsible_id", "staff_ids", "items")
        return replace(held, **{name: getattr(self, name) for name in names})


def plan_of(held: ActivitySession, room_id: int | None) -> SessionPlan:
    """A session as it is shown to be changed."""
    return SessionPlan(
        id=held.id,
        uuid=held.uuid,
        start=held.start,
        end=held.end,
        room_id=room_id,
        place=held.place,
        responsible_id=held.responsible_id,
        staff_ids=held.staff_ids,
        items=held.items,
    )


def blank_session(activity_id: int, start: datetime) -> ActivitySession:
    """A session of an hour that nothing is said of yet."""
    return ActivitySession(activity_id=activity_id, start=start, end=start + timedelta(hours=1))


def booking_for(activity: Activity, held: ActivitySession, room_id: int, override_reason: str | None = None) -> Booking:
    """The booking that holds the room for a session."""
    return Booking(
        room_id=room_id,
        start=held.start,
        end=held.end,
        purpose=activity.purpose,
        title=activity.title[:60],
        responsible_id=held.responsible_id,
        expected_count=activity.expected_count,
        override_reason=override_reason,
    )


def moved(booking: Booking, activity: Activity, held: ActivitySession, room_id: int) -> Booking:
    """`booking` as the session has it now: its time, its room, its people."""
    wanted = booking_for(activity, held, room_id, booking.override_reason)
    names = ("room_id", "start", "end", "purpose", "title", "responsible_id", "expected_count")
    return replace(booking, **{name: getattr(wanted, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is said when a session is over; the names were ticked before."""

    headcount_children: ChildHeads = 0
    headcount_adults: AdultHeads = 0
    cost: Cost | None = None
    satisfaction: Satisfaction | None = None
    items: Items | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who was there: registered children, their guardians, heads without a name."""

    children: int
    guardians: int
    headcount_children: int
    headcount_adults: int

    @property
    def total(self) -> int:
        """All heads, as the room's use counts them."""
        return self.children + self.guardians + self.headcount_children + self.headcount_adults


def closing_problems(held: ActivitySession, presence: Presence, now: datetime) -> Iterator[Problem]:
    """What keeps a session from being closed (domain §2.12: somebody must have been there)."""
    if held.status is not SessionStatus.PLANNED:
        text = N_("这一场现在是“{status}”，不能结束。")
        yield Problem("status", text, {"status": held.status.label})
    elif held.start > now:
        yield Problem("start", N_("这一场还没有开始，开始以后才能结束并登记人数。"))
    if presence.total == 0:
        yield Problem("headcount_children", N_("没有到场的人，请先点名，或填写未登记的人数。"))


def copy_of(held: ActivitySession, activity_id: int, start: datetime, leader_id: int | None = None) -> ActivitySession:
    """A session of the same length, place and people at another time, nothing of how it went; `leader_id`
    is in charge where one is given."""
    led = leader_id or held.responsible_id
    return ActivitySession(
        activity_id=activity_id,
        seq=held.seq,
        start=start,
        end=start + (held.end - held.start),
        place=held.place,
        responsible_id=led,
        staff_ids=tuple(number for number in held.staff_ids if number != led),
        items=held.items,
    )


PlaceName = Annotated[str, Field(N_("地点"))]
SignedUpCount = Annotated[int, Field(N_("报名人数"))]
WaitingCount = Annotated[int, Field(N_("候补人数"))]
PresentCount = Annotated[int, Field(N_("到场儿童"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A line of the list of sessions; counts are of all children, also of those one may not know of."""

    id: int
    activity_id: int
    start: StartsAt
    title: ActivityTitle
    status: StatusOfSession
    place_name: PlaceName | None
    signed_up: SignedUpCount
    waiting: WaitingCount
    present: PresentCount
    responsible_name: Annotated[str, Field(N_("现场负责人"), private=True)] | None
    form: FormOfActivity
    seq: SequenceNo
    end: EndsAt


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """What the list is narrowed to: half-open [start, end), over by a moment, an activity, its form, states,
    words."""

    words: str = ""
    start: datetime | None = None
    end: datetime | None = None
    over_by: datetime | None = None
    activity_id: int | None = None
    form: ActivityForm | None = None
    statuses: tuple[SessionStatus, ...] = ()
    sort: str = "start"
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOutcome:
    """What one closed session amounts to; each figure is derived, none is kept."""

    session_id: int
    presence: Presence
    volunteers: int
    volunteer_minutes: int
    room_minutes: int
    partner_ids: Sequence[int]
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSession:
    """The next session a child is signed up for."""

    session_id: int
    title: ActivityTitle
    start: StartsAt
    end: EndsAt
    place_name: PlaceName | None
