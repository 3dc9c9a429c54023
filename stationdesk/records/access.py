"""Who may do what and see what: roles, rights, levels, and the person at the desk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Level
from stationdesk.i18n import N_


class Role(Code):
    """What a person may do in the program (domain §3.1 APP_ROLE)."""

    HEAD = "HEAD", N_("站长")
    SUPERVISOR = "SUPERVISOR", N_("儿童督导员")
    SOCIAL_WORKER = "SOCIAL_WORKER", N_("社工")
    COUNSELLOR = "COUNSELLOR", N_("心理咨询师")
    CLERK = "CLERK", N_("内勤")
    REVIEWER = "REVIEWER", N_("检查(只读)")


class Right(Code):
    """One thing a store method may ask for."""

    SEE_STATION = "SEE_STATION", N_("查看工作站信息")
    EDIT_STATION = "EDIT_STATION", N_("修改工作站设置")
    SEE_STAFF = "SEE_STAFF", N_("查看人员名单")
    EDIT_STAFF = "EDIT_STAFF", N_("维护人员名单")
    SEE_BOOKINGS = "SEE_BOOKINGS", N_("查看场地预约")
    SEE_MASKED = "SEE_MASKED", N_("查看保密场地的预约内容")
    BOOK = "BOOK", N_("登记场地预约")
    APPROVE_BOOKING = "APPROVE_BOOKING", N_("审批场地预约")
    OVERRIDE = "OVERRIDE", N_("超员或闭馆日特批")
    REPORT = "REPORT", N_("查看和打印月报")
    BACKUP = "BACKUP", N_("备份与恢复")
    ACCOUNTS = "ACCOUNTS", N_("管理账号")
    SAFETY = "SAFETY", N_("修改安全设置")
    AUDIT = "AUDIT", N_("查看操作记录")
    EMERGENCY = "EMERGENCY", N_("紧急查看")
    OWN = "OWN", N_("保存自己的草稿和口令")
    SEE_CHILDREN = "SEE_CHILDREN", N_("查看儿童档案")
    ENROL_CHILDREN = "ENROL_CHILDREN", N_("登记儿童")
    EDIT_CHILDREN = "EDIT_CHILDREN", N_("建立和修改儿童档案")
    APPROVE_CHILDREN = "APPROVE_CHILDREN", N_("审批减员和分配责任社工")
    MERGE_CHILDREN = "MERGE_CHILDREN", N_("合并儿童档案")
    PRINT_CHILDREN = "PRINT_CHILDREN", N_("打印遮盖后的儿童档案")
    PRINT_WHOLE = "PRINT_WHOLE", N_("打印完整的儿童档案")
    PRINT_RESTRICTED = "PRINT_RESTRICTED", N_("打印档案里的限制内容")
    IMPORT_CHILDREN = "IMPORT_CHILDREN", N_("用表格导入儿童")
    EXPORT_CHILDREN = "EXPORT_CHILDREN", N_("导出儿童名单（遮盖后）")
    EXPORT_WHOLE = "EXPORT_WHOLE", N_("导出完整的儿童名单")
    SEE_ACTIVITIES = "SEE_ACTIVITIES", N_("查看活动")
    EDIT_ACTIVITIES = "EDIT_ACTIVITIES", N_("安排活动和点名")
    SEE_VOLUNTEERS = "SEE_VOLUNTEERS", N_("查看志愿者")
    EDIT_VOLUNTEERS = "EDIT_VOLUNTEERS", N_("维护志愿者")
    SCREEN = "SCREEN", N_("登记从业查询")
    CERTIFY = "CERTIFY", N_("出具志愿服务证明")
    SEE_PARTNERS = "SEE_PARTNERS", N_("查看协作单位")
    EDIT_PARTNERS = "EDIT_PARTNERS", N_("维护协作单位")
    SEE_GROUPS = "SEE_GROUPS", N_("查看工作机制")
    EDIT_GROUPS = "EDIT_GROUPS", N_("维护工作机制")
    SEE_CONTRACTS = "SEE_CONTRACTS", N_("查看购买服务")
    EDIT_CONTRACTS = "EDIT_CONTRACTS", N_("维护购买服务")


_WORKER = {Right.SEE_STATION, Right.SEE_STAFF, Right.SEE_BOOKINGS, Right.BOOK, Right.REPORT, Right.OWN}
_FILES = {Right.SEE_CHILDREN, Right.ENROL_CHILDREN, Right.EDIT_CHILDREN, Right.EXPORT_CHILDREN}
_SHEETS = {Right.IMPORT_CHILDREN, Right.EXPORT_CHILDREN}
_ACTIVE = {Right.SEE_ACTIVITIES, Right.SEE_VOLUNTEERS, Right.SEE_PARTNERS, Right.SEE_GROUPS}
_ARRANGING = {Right.EDIT_ACTIVITIES, Right.EDIT_PARTNERS}
_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.HEAD: frozenset(Right) - {Right.EMERGENCY},
    Role.SUPERVISOR: frozenset(
        _WORKER
        | _FILES
        | _SHEETS
        | {Right.SEE_MASKED, Right.APPROVE_BOOKING, Right.APPROVE_CHILDREN, Right.MERGE_CHILDREN, Right.EXPORT_WHOLE}
        | {Right.PRINT_CHILDREN, Right.PRINT_WHOLE}
        | _ACTIVE
        | _ARRANGING
        | {Right.EDIT_VOLUNTEERS, Right.SCREEN, Right.CERTIFY}
        | {Right.EDIT_GROUPS, Right.SEE_CONTRACTS, Right.EDIT_CONTRACTS}
    ),
    Role.SOCIAL_WORKER: frozenset(
        _WORKER
        | _FILES
        | _ACTIVE
        | _ARRANGING
        | {Right.EDIT_VOLUNTEERS, Right.EMERGENCY, Right.PRINT_CHILDREN, Right.SEE_CONTRACTS}
    ),
    Role.COUNSELLOR: frozenset(_WORKER | _ACTIVE | {Right.SEE_CHILDREN}),
    Role.CLERK: frozenset(
        _WORKER | _SHEETS | _ACTIVE | _ARRANGING | {Right.SEE_CHILDREN, Right.ENROL_CHILDREN, Right.PRINT_CHILDREN}
    ),
    Role.REVIEWER: frozenset({Right.SEE_STATION, Right.SEE_BOOKINGS, Right.REPORT, Right.OWN}),
}
# What emergency access adds while it lasts.
_IN_EMERGENCY = frozenset({Right.SEE_MASKED})


def allows(role: Role, right: Right) -> bool:
    """Whether `role` has `right`."""
    return right in _RIGHTS[role]


# --- what is seen --------------------------------------------------------------------------------


class Reach(Code):
    """How far a role sees into one level."""

    ALL = "ALL", N_("全部")
    OWN = "OWN", N_("自己负责的")
    MASKED = "MASKED", N_("遮盖后")
    REASON = "REASON", N_("说明理由后")
    NONE = "NONE", N_("看不到")


_REACH: dict[Role, tuple[Reach, Reach, Reach, Reach]] = {
    # L2, L3, L4, L5
    Role.HEAD: (Reach.ALL, Reach.ALL, Reach.ALL, Reach.REASON),
    Role.SUPERVISOR: (Reach.ALL, Reach.ALL, Reach.ALL, Reach.NONE),
    Role.SOCIAL_WORKER: (Reach.ALL, Reach.OWN, Reach.OWN, Reach.NONE),
    Role.COUNSELLOR: (Reach.OWN, Reach.OWN, Reach.OWN, Reach.OWN),
    Role.CLERK: (Reach.ALL, Reach.MASKED, Reach.NONE, Reach.NONE),
    Role.REVIEWER: (Reach.NONE, Reach.NONE, Reach.NONE, Reach.NONE),
}
_ORDER = (Level.L2, Level.L3, Level.L4, Level.L5)


def reach(role: Role, level: Level) -> Reach:
    """How far `role` sees into `level`; L1 is everybody's."""
    return Reach.ALL if level is Level.L1 else _REACH[role][_ORDER.index(level)]


# --- emergency access ----------------------------------------------------------------------------

EMERGENCY_MINUTES = 30
SHORTEST_REASON, LONGEST_REASON = 10, 200


def reason_problem(reason: str) -> Problem | None:
    """What is wrong with a reason for emergency access."""
    if len("".join(reason.split())) < SHORTEST_REASON:
        text = N_("请写明紧急查看的理由，至少{count}个字。")
        return Problem("reason", text, {"count": SHORTEST_REASON})
    if len(reason) > LONGEST_REASON:
        return Problem("reason", N_("理由最多{count}个字，请缩短。"), {"count": LONGEST_REASON})
    return None


class Breaker:
    """Emergency access of one login: on for half an hour by a clock that nobody can set."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def start(self) -> None:
        """Begin, or begin anew."""
        self._until = self._clock() + EMERGENCY_MINUTES * 60

    def stop(self) -> None:
        """End before the time."""
        self._until = 0.0

    @property
    def minutes_left(self) -> int:
        """Minutes until it ends, the begun one counted; 0 when it is not on."""
        return max(0, -int(-(self._until - self._clock()) // 60)) if self._until else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person logged in: account name, the staff record, the role, the emergency switch."""

    username: str
    staff_id: int
    name: str
    role: Role
    breaker: Breaker = field(default_factory=Breaker, compare=False, repr=False)

    @property
    def in_emergency(self) -> bool:
        """Whether emergency access is on."""
        return self.breaker.minutes_left > 0

    def may(self, right: Right) -> bool:
        """Whether this person has `right` now."""
        return allows(self.role, right) or (right in _IN_EMERGENCY and self.in_emergency)

    def sees(self, level: Level) -> Reach:
        """How far this person sees into `level` now: an emergency opens L3 to whoever may ask."""
        usual = reach(self.role, level)
        return Reach.ALL if usual is Reach.OWN and level is Level.L3 and self.in_emergency else usual
