"""The rooms: what they are, when they are open, and when they are closed after all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.calendar import WeekHours, new_uuid


class RoomKind(Code):
    """Kinds of rooms (domain §3.6); the first four are those of the source article."""

    COUNSELLING = "COUNSELLING", N_("心理辅导室")
    READING = "READING", N_("图书阅览室(儿童阅读室)")
    MUSIC_DANCE = "MUSIC_DANCE", N_("音乐舞蹈室")
    SINOLOGY = "SINOLOGY", N_("国学教室")
    RECEPTION = "RECEPTION", N_("接待区")
    ACTIVITY = "ACTIVITY", N_("多功能活动室")
    CRAFT = "CRAFT", N_("手工室")
    STUDY = "STUDY", N_("四点半课堂/自习室")
    FAMILY = "FAMILY", N_("亲子游乐室")
    MEETING = "MEETING", N_("会议室/会商室")
    SANDPLAY = "SANDPLAY", N_("沙盘室")
    REST = "REST", N_("临时照料室")
    OUTDOOR = "OUTDOOR", N_("室外场地")
    OTHER = "OTHER", N_("其他")


class Privacy(Code):
    """Whether others see what a booking is about."""

    OPEN = "OPEN", N_("公开")
    MASKED = "MASKED", N_("保密(他人只见“已预约”)")


class Equipment(Code):
    """What stands in a room."""

    PROJECTOR = "PROJECTOR", N_("投影/电视")
    SOUND = "SOUND", N_("音响话筒")
    PIANO = "PIANO", N_("钢琴/电子琴")
    MIRRORS = "MIRRORS", N_("舞蹈镜把杆")
    BOOKS = "BOOKS", N_("图书")
    COMPUTERS = "COMPUTERS", N_("电脑")
    SANDPLAY = "SANDPLAY", N_("沙盘")
    TOYS = "TOYS", N_("玩具教具")
    CRAFT = "CRAFT", N_("手工材料")
    SPORTS = "SPORTS", N_("运动器材")
    FIRST_AID = "FIRST_AID", N_("急救箱")
    CAMERA = "CAMERA", N_("监控")


RoomName = Annotated[str, Field(N_("功能室名称"), max_length=40)]
Kind = Annotated[RoomKind, Field(N_("类型"))]
RoomArea = Annotated[Decimal, Field(N_("面积"), minimum=Decimal(1), maximum=Decimal(9999), unit="㎡")]
Capacity = Annotated[int, Field(N_("容纳人数"), minimum=1, maximum=999, unit="人", hint=N_("大人和孩子合计"))]
Location = Annotated[str, Field(N_("位置"), max_length=40)]
EquipmentList = Annotated[tuple[Equipment, ...], Field(N_("设备"))]
OwnHours = Annotated[WeekHours, Field(N_("单独的开放时间"), hint=N_("不填则用工作站的开放时间"))]
BufferBefore = Annotated[int, Field(N_("前留空"), minimum=0, maximum=60, unit="分钟")]
BufferAfter = Annotated[int, Field(N_("后留空"), minimum=0, maximum=60, unit="分钟")]
RoomPrivacy = Annotated[Privacy, Field(N_("保密"))]
NeedsApproval = Annotated[bool, Field(N_("预约须审批"))]
SideBySide = Annotated[
    int,
    Field(
        N_("同时预约上限"), minimum=1, maximum=50, unit="个", hint=N_("阅览室可同时接待几批，人数合计不超过容纳人数")
    ),
]
RoomActive = Annotated[bool, Field(N_("启用"))]
ManagerRef = Annotated[int, Field(N_("管理人"))]
SafetyCheckDue = Annotated[date, Field(N_("下次安全检查"))]
RoomNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room that can be booked (domain §2.4); one out of use is switched off, never deleted."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    name: RoomName = ""
    kind: Kind = RoomKind.OTHER
    capacity: Capacity = 10
    area: RoomArea | None = None
    location: Location | None = None
    equipment: EquipmentList = ()
    hours: OwnHours | None = None
    buffer_before: BufferBefore = 0
    buffer_after: BufferAfter = 0
    privacy: RoomPrivacy = Privacy.OPEN
    needs_approval: NeedsApproval = False
    side_by_side: SideBySide = 1
    manager_id: ManagerRef | None = None
    safety_check_due: SafetyCheckDue | None = None
    active: RoomActive = True
    note: RoomNote | None = None


def ready_rooms() -> tuple[Room, ...]:
    """The rooms the first-run wizard offers, with usual sizes and rules."""
    return (
        Room(name="心理辅导室", kind=RoomKind.COUNSELLING, capacity=4, buffer_after=15, privacy=Privacy.MASKED),
        Room(name="图书阅览室", kind=RoomKind.READING, capacity=30, side_by_side=4),
        Room(name="音乐舞蹈室", kind=RoomKind.MUSIC_DANCE, capacity=25),
        Room(name="国学教室", kind=RoomKind.SINOLOGY, capacity=30),
        Room(name="多功能活动室", kind=RoomKind.ACTIVITY, capacity=50),
        Room(name="手工室", kind=RoomKind.CRAFT, capacity=20),
        Room(name="四点半课堂", kind=RoomKind.STUDY, capacity=25),
        Room(name="亲子游乐室", kind=RoomKind.FAMILY, capacity=20),
        Room(name="会议室", kind=RoomKind.MEETING, capacity=16, needs_approval=True),
        Room(name="沙盘室", kind=RoomKind.SANDPLAY, capacity=4, buffer_after=15, privacy=Privacy.MASKED),
        Room(name="临时照料室", kind=RoomKind.REST, capacity=6),
        Room(name="室外场地", kind=RoomKind.OUTDOOR, capacity=100),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRow:
    """A line of the list of rooms."""

    id: int
    name: RoomName
    kind: Kind
    capacity: Capacity
    location: Location | None
    buffer_before: BufferBefore
    buffer_after: BufferAfter
    privacy: RoomPrivacy
    active: RoomActive


ClosedRoomRef = Annotated[int, Field(N_("功能室"), hint=N_("不选则全站关闭"))]
ClosedFrom = Annotated[datetime, Field(N_("关闭开始"))]
ClosedUntil = Annotated[datetime, Field(N_("关闭结束"))]
ClosedReason = Annotated[str, Field(N_("原因"), max_length=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomClosure:
    """A stretch of time, half-open, in which a room (or with no room, the station) is closed."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    room_id: ClosedRoomRef | None = None
    start: ClosedFrom
    end: ClosedUntil
    reason: ClosedReason = ""

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one closure."""
        if self.end <= self.start:
            yield Problem("end", N_("关闭的结束时间应晚于开始时间，请改正。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRow:
    """A line of the list of closures."""

    id: int
    room_name: Annotated[str, Field(N_("功能室"))] | None
    start: ClosedFrom
    end: ClosedUntil
    reason: ClosedReason
