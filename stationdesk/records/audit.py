"""The record of who did what: never with a value of a record, always with who, when and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, describe
from stationdesk.i18n import N_, _
from stationdesk.records.access import Role
from stationdesk.records.activities import Activity
from stationdesk.records.attachments import Attachment
from stationdesk.records.attendance import Attendance
from stationdesk.records.benefits import Benefit
from stationdesk.records.bookings import Booking
from stationdesk.records.calendar import SpecialDay
from stationdesk.records.care import ChildNeed, DelegatedCare
from stationdesk.records.categories import ChildCategory, RiskLevel
from stationdesk.records.children import Child
from stationdesk.records.consents import Consent
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FamilyMember, Household
from stationdesk.records.health import HealthItem
from stationdesk.records.partners import JointWork, Partner, PartnerContact, PartnerLink
from stationdesk.records.rooms import Room, RoomClosure
from stationdesk.records.safety import Safety
from stationdesk.records.schooling import Schooling
from stationdesk.records.screening import ScreeningCheck, Training
from stationdesk.records.series import Series
from stationdesk.records.sessions import ActivitySession
from stationdesk.records.shifts import HourRules, VolunteerShift
from stationdesk.records.staff import Staff
from stationdesk.records.station import Community, Station
from stationdesk.records.volunteers import Volunteer


class Action(Code):
    """What was done."""

    LOGIN = "LOGIN", N_("登录")
    LOGIN_FAILED = "LOGIN_FAILED", N_("口令错误")
    LEAVE = "LEAVE", N_("退出")
    CREATE = "CREATE", N_("新增")
    CHANGE = "CHANGE", N_("修改")
    DELETE = "DELETE", N_("删除")
    READ = "READ", N_("查看")
    SEARCH = "SEARCH", N_("查找")
    PRINT = "PRINT", N_("打印")
    EXPORT = "EXPORT", N_("导出")
    IMPORT = "IMPORT", N_("导入")
    DENIED = "DENIED", N_("被拒绝")
    BACKUP = "BACKUP", N_("备份")
    RESTORE = "RESTORE", N_("恢复")
    VERIFY = "VERIFY", N_("核对")
    ACCOUNT = "ACCOUNT", N_("账号变动")
    PASSWORD = "PASSWORD", N_("修改口令")
    RECOVERY = "RECOVERY", N_("用恢复密钥")
    KEYS = "KEYS", N_("更换密钥")
    EMERGENCY = "EMERGENCY", N_("紧急查看")
    FOLDER = "FOLDER", N_("同意数据位置")


# What an action was done to: table names, and the few things that are no table.
_KINDS: dict[str, tuple[str, type | None]] = {
    "station": (N_("工作站信息"), Station),
    "staff": (N_("人员"), Staff),
    "community": (N_("村（社区）"), Community),
    "special_day": (N_("节假日"), SpecialDay),
    "room": (N_("场地"), Room),
    "room_closure": (N_("闭馆"), RoomClosure),
    "series": (N_("系列预约"), Series),
    "booking": (N_("场地预约"), Booking),
    "child": (N_("儿童档案"), Child),
    "household": (N_("家庭"), Household),
    "family_member": (N_("家庭成员"), FamilyMember),
    "schooling": (N_("就学"), Schooling),
    "health_item": (N_("健康"), HealthItem),
    "benefit": (N_("政策"), Benefit),
    "child_category": (N_("类别"), ChildCategory),
    "risk_level": (N_("风险等级"), RiskLevel),
    "enrolment": (N_("在册记录"), Enrolment),
    "consent": (N_("知情同意"), Consent),
    "delegated_care": (N_("委托照护"), DelegatedCare),
    "child_need": (N_("需求"), ChildNeed),
    "attachment": (N_("附件"), Attachment),
    "child_merge": (N_("档案合并"), None),
    "activity": (N_("活动"), Activity),
    "activity_session": (N_("活动场次"), ActivitySession),
    "attendance": (N_("报名和到场"), Attendance),
    "volunteer": (N_("志愿者"), Volunteer),
    "screening_check": (N_("从业查询"), ScreeningCheck),
    "training": (N_("培训"), Training),
    "volunteer_shift": (N_("志愿服务"), VolunteerShift),
    "hour_rules": (N_("志愿时长规则"), HourRules),
    "partner": (N_("协作单位"), Partner),
    "partner_contact": (N_("协作单位联系人"), PartnerContact),
    "partner_link": (N_("协作关系"), PartnerLink),
    "joint_work": (N_("联合工作"), JointWork),
    "account": (N_("账号"), None),
    "safety": (N_("安全设置"), Safety),
    "emergency": (N_("紧急查看"), None),
    "audit": (N_("操作记录"), None),
    "summary": (N_("月报"), None),
    "list": (N_("列表"), None),
    "sheet": (N_("打印单"), None),
    "calendar": (N_("日历文件"), None),
    "OWN": (N_("本机备份"), None),
    "SECOND": (N_("第二位置"), None),
    "STICK": (N_("U盘或其他位置"), None),
}

AuditTime = Annotated[datetime, Field(N_("时间"))]
Who = Annotated[str, Field(N_("操作人"), max_length=40, private=True)]
What = Annotated[str, Field(N_("内容"), max_length=9)]
ObjectId = Annotated[int, Field(N_("编号"))]
Details = Annotated[str, Field(N_("涉及项目或结果"), max_length=40)]
Done = Annotated[Action, Field(N_("操作"))]
InRole = Annotated[Role, Field(N_("岗位"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One line of the list; `id` is the sequence number."""

    id: int
    at: AuditTime
    who: Who
    role: InRole | None
    action: Done
    what: What
    object_id: ObjectId | None
    details: Details


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What the list is narrowed to; empty shows all."""

    words: str = ""
    username: str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain as a backup's manifest remembers it: its number, when it was made (ISO,
    with offset), the last line's sequence number and MAC."""

    backup: int
    made_at: str
    seq: int
    mac: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The outcome of checking the chain: how many rows, its head, what is wrong."""

    rows: int
    head: str
    faults: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


_ROLES = {role.code: role for role in Role}


def kind_label(kind: str) -> str:
    """What an action was done to, in the language in use."""
    known = _KINDS.get(kind)
    return _(known[0]) if known else kind


def is_record_kind(kind: str) -> bool:
    """Whether a kind is one of records, to be counted and shown: no table of the program's own."""
    return _KINDS.get(kind, ("", None))[1] is not None


def kinds() -> tuple[str, ...]:
    """All kinds that have a label."""
    return tuple(_KINDS)


@cache
def _labels(kind: str) -> dict[str, str]:
    cls = _KINDS.get(kind, ("", None))[1]
    return {column.name: column.field.label for column in describe(cls)} if cls else {}


def fields_text(kind: str, names: str) -> str:
    """Stored field names as their labels."""
    labels = _labels(kind)
    return "、".join(_(labels[name]) if name in labels else name for name in names.split(",") if name)


def result_text(result: str) -> str:
    """How an action ended, in words: roles by their names, OK with the number of records."""
    if result.startswith("OK"):
        count = result[2:].strip()
        return _("成功，{count}条").format(count=count) if count else _("成功")
    return "→".join(_ROLES[part].label if part in _ROLES else _(part) for part in result.split("→") if part)


def head_code(seq: int, mac: str) -> str:
    """The end of the chain as it is printed: sequence number and eight hex digits."""
    return f"{seq:06d}-{mac[:8].upper()}"
