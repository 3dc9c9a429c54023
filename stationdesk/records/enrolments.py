"""Enrolments: the stretches in which a child is in stock; every stock figure comes from these alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid


class EntryReason(Code):
    """Why a child came into stock (domain §3.4)."""

    SWEEP = "SWEEP", N_("排查发现")
    APPLY = "APPLY", N_("家庭申请")
    REFERRED = "REFERRED", N_("部门转介")
    REPORT = "REPORT", N_("强制报告")
    TRANSFER_IN = "TRANSFER_IN", N_("迁入")
    REENTER = "REENTER", N_("再次纳入")
    ACTIVITY = "ACTIVITY", N_("活动转入")


class ExitReason(Code):
    """Why a child left the stock (domain §3.4), in the order of rows B71 to B83."""

    AGED_OUT = "AGED_OUT", N_("年满18周岁")
    AGED_OUT_16 = "AGED_OUT_16", N_("年满16周岁（留守/流动类别终止）")
    PARENT_BACK = "PARENT_BACK", N_("父母返乡（恢复共同生活）")
    GUARDIAN_RESTORED = "GUARDIAN_RESTORED", N_("监护恢复正常")
    OUT_OF_POVERTY = "OUT_OF_POVERTY", N_("家庭脱困/不再符合条件")
    ADOPTED = "ADOPTED", N_("被收养")
    INSTITUTION = "INSTITUTION", N_("进入机构养育")
    MOVED = "MOVED", N_("户籍或居住地迁出")
    DECEASED = "DECEASED", N_("死亡")
    LOST = "LOST", N_("失联（查找满6个月）")
    REFUSED = "REFUSED", N_("拒绝服务（仍保留告知记录）")
    DUPLICATE = "DUPLICATE", N_("重复建档")
    OTHER = "OTHER", N_("其他")


ChildRef = Annotated[int, Field(N_("儿童"), level=Level.L2)]
EnteredOn = Annotated[date, Field(N_("纳入日期"), level=Level.L2)]
EnteredBecause = Annotated[EntryReason, Field(N_("纳入原因"), level=Level.L3)]
LeftOn = Annotated[date, Field(N_("减员日期"), level=Level.L2)]
LeftBecause = Annotated[ExitReason, Field(N_("减员原因"), level=Level.L3)]
ExitNote = Annotated[str, Field(N_("减员说明"), max_length=200, multiline=True, private=True, level=Level.L3)]
ApprovedBy = Annotated[int, Field(N_("批准人"), level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """One stretch in stock; the day it ended no longer belongs to it (domain §2.5)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    entered_on: EnteredOn
    entry_reason: EnteredBecause = EntryReason.SWEEP
    left_on: LeftOn | None = None
    exit_reason: LeftBecause | None = None
    exit_note: ExitNote | None = None
    approved_by: ApprovedBy | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one stretch."""
        if self.left_on is not None:
            if self.left_on < self.entered_on:
                yield Problem("left_on", N_("减员日期早于纳入日期，请改正其中一个。"))
            if self.exit_reason is None:
                yield Problem("exit_reason", N_("请选择减员原因。"))
        elif self.exit_reason is not None:
            yield Problem("left_on", N_("选了减员原因，请填写减员日期。"))
        if self.exit_reason is ExitReason.OTHER and not self.exit_note:
            yield Problem("exit_note", N_("减员原因选“其他”时，请写明情况。"))


def overlap_problems(enrolment: Enrolment, others: Iterable[Enrolment]) -> Iterator[Problem]:
    """The stretches of a child may touch but never overlap."""
    for other in others:
        if other.uuid != enrolment.uuid and overlap(enrolment, other):
            values = {"first": other.entered_on.isoformat(), "last": other.left_on.isoformat() if other.left_on else ""}
            if other.left_on is None:
                text = N_("{first}起已经在册，没有减员，不能再次纳入。")
            else:
                text = N_("与{first}至{last}的在册记录重叠，请改正日期。")
            yield Problem("entered_on", text, values)


def overlap(one: Enrolment, other: Enrolment) -> bool:
    """Whether two stretches share a day; one that began and ended on a day has that day."""
    if one.entered_on == other.entered_on:
        return True
    first, second = sorted((one, other), key=lambda e: e.entered_on)
    return first.left_on is None or first.left_on > second.entered_on


def future_problems(enrolment: Enrolment, today: date) -> Iterator[Problem]:
    """Nobody comes or leaves on a day that has not come."""
    for name in ("entered_on", "left_on"):
        day = getattr(enrolment, name)
        if day is not None and day > today:
            yield Problem(name, N_("日期{day}还没有到，请改正。"), {"day": day.isoformat()})
