"""Who may do what: roles, rights, and the person at the desk."""

from dataclasses import dataclass

from stationdesk.codes import Code
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
    EDIT_STAFF = "EDIT_STAFF", N_("维护人员名单")
    SEE_BOOKINGS = "SEE_BOOKINGS", N_("查看场地预约")
    SEE_MASKED = "SEE_MASKED", N_("查看保密场地的预约内容")
    BOOK = "BOOK", N_("登记场地预约")
    APPROVE_BOOKING = "APPROVE_BOOKING", N_("审批场地预约")
    OVERRIDE = "OVERRIDE", N_("超员或闭馆日特批")
    REPORT = "REPORT", N_("查看和打印月报")
    BACKUP = "BACKUP", N_("备份与恢复")


_WORKER = {Right.SEE_STATION, Right.SEE_BOOKINGS, Right.BOOK, Right.REPORT}
_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.HEAD: frozenset(Right),
    Role.SUPERVISOR: frozenset(_WORKER | {Right.SEE_MASKED, Right.APPROVE_BOOKING}),
    Role.SOCIAL_WORKER: frozenset(_WORKER),
    Role.COUNSELLOR: frozenset(_WORKER),
    Role.CLERK: frozenset(_WORKER),
    Role.REVIEWER: frozenset({Right.SEE_STATION, Right.SEE_BOOKINGS, Right.REPORT}),
}


def allows(role: Role, right: Right) -> bool:
    """Whether `role` has `right`."""
    return right in _RIGHTS[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person logged in: account name, the staff record, the role."""

    username: str
    staff_id: int
    name: str
    role: Role

    def may(self, right: Right) -> bool:
        """Whether this person has `right`."""
        return allows(self.role, right)
