"""The numbers copied from a paper list of names: which lines are meant, and who came late."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.attendance import AttendanceRow, AttendanceState

_PART = re.compile(r"(\d{1,4})(?:[-—–~～至到](\d{1,4}))?(L|迟|迟到)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Line numbers (from 1) of those who came in time, and of those who came late."""

    present: tuple[int, ...]
    late: tuple[int, ...]


def on_paper(rows: Iterable[AttendanceRow]) -> tuple[AttendanceRow, ...]:
    """The names of the paper list in its order: all who did not withdraw, as `names()` gives them."""
    return tuple(row for row in rows if row.state is not AttendanceState.WITHDRAWN)


def read_numbers(text: str, count: int) -> Numbers:
    """What `1 3 5-9，12L` means on a list of `count` names: numbers and ranges, an L or 迟 behind one for
    who came late. Raises `Refused` with a sentence for each part that cannot be meant."""
    late: dict[int, bool] = {}
    problems: list[Problem] = []
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"\s*([-—–~至到])\s*(?=\d)", r"\1", plain)
    for part in re.split(r"[\s,、;。.]+", plain):
        if part:
            problems += _take(part, count, late)
    Refused.over(problems)
    marked = sorted(late.items())
    return Numbers(
        tuple(number for number, was_late in marked if not was_late),
        tuple(number for number, was_late in marked if was_late),
    )


def _take(part: str, count: int, late: dict[int, bool]) -> Iterator[Problem]:
    found = _PART.fullmatch(part)
    if found is None:
        text = N_("看不懂“{part}”。请写编号或一段编号，用空格隔开，如1 3 5-9；迟到的在后面加L，如12L。")
        yield Problem("numbers", text, {"part": part[:20]})
        return
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        text = N_("“{part}”前面的编号比后面的大，请改成从小到大。")
        yield Problem("numbers", text, {"part": part})
        return
    wrong = first if first < 1 else last
    if first < 1 or last > count:
        text = N_("名单上的编号是1到{count}，没有{number}号，请核对纸上的编号。")
        yield Problem("numbers", text, {"count": count, "number": wrong})
        return
    for number in range(first, last + 1):
        is_late = bool(found[3])
        if late.setdefault(number, is_late) is not is_late:
            text = N_("{number}号写了两次，一次迟到、一次没有，请只留一次。")
            yield Problem("numbers", text, {"number": number})
