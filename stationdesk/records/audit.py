"""The record of who did what: never with a value of a record, always with who, when and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, describe
from stationdesk.i18n import N_, _
from stationdesk.records.access import Role


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


# What an action was done to: table names with their record's class, and the few things that are no
# table. The class is loaded when its fields are first named: the first window needs none of them.
_KINDS: dict[str, tuple[str, str | None]] = {
    "station": (N_("工作站信息"), "station:Station"),
    "staff": (N_("人员"), "staff:Staff"),
    "community": (N_("村（社区）"), "station:Community"),
    "special_day": (N_("节假日"), "calendar:SpecialDay"),
    "room": (N_("场地"), "rooms:Room"),
    "room_closure": (N_("闭馆"), "rooms:RoomClosure"),
    "series": (N_("系列预约"), "series:Series"),
    "booking": (N_("场地预约"), "bookings:Booking"),
    "child": (N_("儿童档案"), "children:Child"),
    "household": (N_("家庭"), "families:Household"),
    "family_member": (N_("家庭成员"), "families:FamilyMember"),
    "schooling": (N_("就学"), "schooling:Schooling"),
    "health_item": (N_("健康"), "health:HealthItem"),
    "benefit": (N_("政策"), "benefits:Benefit"),
    "child_category": (N_("类别"), "categories:ChildCategory"),
    "risk_level": (N_("风险等级"), "categories:RiskLevel"),
    "assessment": (N_("评估"), "assessments:Assessment"),
    "enrolment": (N_("在册记录"), "enrolments:Enrolment"),
    "consent": (N_("知情同意"), "consents:Consent"),
    "delegated_care": (N_("委托照护"), "care:DelegatedCare"),
    "child_need": (N_("需求"), "care:ChildNeed"),
    "attachment": (N_("附件"), "attachments:Attachment"),
    "child_merge": (N_("档案合并"), None),
    "activity": (N_("活动"), "activities:Activity"),
    "activity_session": (N_("活动场次"), "sessions:ActivitySession"),
    "attendance": (N_("报名和到场"), "attendance:Attendance"),
    "volunteer": (N_("志愿者"), "volunteers:Volunteer"),
    "screening_check": (N_("从业查询"), "screening:ScreeningCheck"),
    "training": (N_("培训"), "screening:Training"),
    "volunteer_shift": (N_("志愿服务"), "shifts:VolunteerShift"),
    "hour_rules": (N_("志愿时长规则"), "shifts:HourRules"),
    "certificate": (N_("志愿服务证明"), "certificates:Certificate"),
    "partner": (N_("协作单位"), "partners:Partner"),
    "partner_contact": (N_("协作单位联系人"), "partners:PartnerContact"),
    "partner_link": (N_("协作关系"), "partners:PartnerLink"),
    "joint_work": (N_("联合工作"), "partners:JointWork"),
    "work_group": (N_("工作小组"), "work_groups:WorkGroup"),
    "group_member": (N_("小组成员"), "work_groups:GroupMember"),
    "group_meeting": (N_("小组会议"), "work_groups:GroupMeeting"),
    "group_attendance": (N_("会议参加人"), "work_groups:GroupAttendance"),
    "group_task": (N_("议定事项"), "work_groups:GroupTask"),
    "contract": (N_("购买服务"), "contracts:Contract"),
    "deliverable": (N_("合同指标"), "contracts:Deliverable"),
    "payment": (N_("合同付款"), "contracts:Payment"),
    "contract_assessment": (N_("合同评估"), "contracts:ContractAssessment"),
    "session_photo": (N_("活动照片"), "session_photos:SessionPhoto"),
    "session_photo_child": (N_("照片里的孩子"), "session_photos:PhotoChild"),
    "account": (N_("账号"), None),
    "safety": (N_("安全设置"), "safety:Safety"),
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

Number = Annotated[int, Field(N_("序号"))]
AuditTime = Annotated[datetime, Field(N_("时间"))]
Who = Annotated[str, Field(N_("操作人"), max_length=40, private=True)]
What = Annotated[str, Field(N_("内容"), max_length=9)]
ObjectId = Annotated[int, Field(N_("编号"))]
Details = Annotated[str, Field(N_("涉及项目或结果"), max_length=40)]
Done = Annotated[Action, Field(N_("操作"))]
InRole = Annotated[Role, Field(N_("岗位"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One line of the list, by its number in the chain; what somebody has made unreadable is None."""

    id: Number
    at: AuditTime | None
    who: Who
    role: InRole | None
    action: Done | None
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
# What a bare number counts.
_COUNTED = {
    Action.LOGIN_FAILED: N_("{count}次"),
    Action.VERIFY: N_("{count}处问题"),
    Action.RESTORE: N_("备份到第{count}条"),
}


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
    place = _KINDS.get(kind, ("", None))[1]
    if place is None:
        return {}
    module, name = place.split(":")
    cls: type = getattr(import_module(f"stationdesk.records.{module}"), name)
    return {column.name: column.field.label for column in describe(cls)}


def fields_text(kind: str, names: str) -> str:
    """Stored field names as their labels."""
    labels = _labels(kind)
    return "、".join(_(labels[name]) if name in labels else name for name in names.split(",") if name)


def result_text(result: str, action: Action | None = None) -> str:
    """How an action ended, in words: roles by their names, OK with the number of records, a bare
    number with what it counts."""
    if action in _COUNTED and result.isdigit():
        return _(_COUNTED[action]).format(count=result)
    if result.startswith("OK"):
        count = result[2:].strip()
        return _("成功，{count}条").format(count=count) if count else _("成功")
    return "→".join(_ROLES[part].label if part in _ROLES else _(part) for part in result.split("→") if part)


def head_code(seq: int, mac: str) -> str:
    """The end of the chain as it is printed: sequence number and eight hex digits."""
    return f"{seq:06d}-{mac[:8].upper()}"
