"""Merging two files of one child: what speaks against it, and how it is remembered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from stationdesk.errors import Problem
from stationdesk.fields import Field, Level, describe
from stationdesk.i18n import N_
from stationdesk.records.children import Child, ChildStatus, FileNo, Precision, RecordLevel

MergedOn = Annotated[date, Field(N_("合并日期"), level=Level.L2)]
MergeReason = Annotated[str, Field(N_("合并理由"), max_length=200, private=True, level=Level.L3)]
Undoable = Annotated[bool, Field(N_("可以撤销"), level=Level.L2)]

SHORTEST_REASON, LONGEST_REASON = 4, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One merge that made a file what it is: the number it took over."""

    id: int
    dropped_no: FileNo
    merged_on: MergedOn
    reason: MergeReason
    undoable: Undoable


def merge_problems(kept: Child, dropped: Child, reason: str) -> Iterator[Problem]:
    """What speaks against making `dropped` a part of `kept`."""
    if kept.id == dropped.id:
        yield Problem("", N_("这是同一份档案，不用合并。"))
    if ChildStatus.MERGED in (kept.status, dropped.status):
        yield Problem("", N_("其中一份已经合并到别的档案，请重新选择。"))
    if dropped.record_level is RecordLevel.FULL and kept.record_level is RecordLevel.LIGHT:
        yield Problem("", N_("请保留一人一档的那一份，把活动登记的并进去。"))
    if kept.id_no and dropped.id_no and kept.id_no != dropped.id_no:
        yield Problem("id_no", N_("两份档案的证件号码不同，不是同一个孩子；确是登记错误的，请先改正号码。"))
    if len("".join(reason.split())) < SHORTEST_REASON:
        yield Problem("reason", N_("请写明合并的理由，至少{count}个字。"), {"count": SHORTEST_REASON})
    elif len(reason) > LONGEST_REASON:
        yield Problem("reason", N_("理由最多{count}个字，请缩短。"), {"count": LONGEST_REASON})


def taken_over(kept: Child, dropped: Child) -> dict[str, Any]:
    """What the kept file takes from the other where it says nothing itself; a number comes with its
    kind, and with the birth date where that was known less exactly."""
    found = {
        column.name: getattr(dropped, column.name)
        for column in describe(Child)
        if getattr(kept, column.name) in (None, "") and getattr(dropped, column.name) not in (None, "")
    }
    if kept.id_no:
        found.pop("no_id_reason", None)
    elif dropped.id_no:
        found |= {"id_kind": dropped.id_kind, "no_id_reason": None}
    if kept.birth_precision is not Precision.DAY and dropped.birth_precision is Precision.DAY:
        found |= {"birth_date": dropped.birth_date, "birth_precision": dropped.birth_precision}
    return found
