"""The monthly summary: what is counted and how; pure arithmetic over selected facts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stationdesk.i18n import N_
from stationdesk.records.activity_figures import ActivityFacts, activity_blocks, activity_checks
from stationdesk.records.calendar import Period, year_to_date
from stationdesk.records.child_figures import ChildFacts, child_block, child_checks
from stationdesk.records.contract_figures import ContractFacts, contract_block, contract_checks
from stationdesk.records.counting import (
    Amount,
    Block,
    CrossCheck,
    Event,
    Figure,
    busy_minutes,
    hours,
    rate,
    times,
    within,
)
from stationdesk.records.screening_figures import ScreeningFacts, certificate_figure, screening_figures
from stationdesk.records.staff import Post, Staff, Tier
from stationdesk.records.work_groups import MeetingKind

__all__ = [
    "ActivityFacts",
    "Amount",
    "Block",
    "ChildFacts",
    "ContractFacts",
    "CrossCheck",
    "Facts",
    "Figure",
    "MonthlyFigures",
    "RoomFacts",
    "RoomUse",
    "count",
    "cross_checks",
    "hours",
]


# --- the facts of the blocks so far --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoomUse:
    """One finished booking."""

    booking_id: int
    room_id: int
    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """Its length."""
        return int((self.end - self.start).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room that is reported: its name, and its open minutes in the month and the year to date."""

    room_id: int
    name: str
    open_month: int
    open_year: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a summary is counted from: finished bookings of the year to date, rooms, staff, children
    (without them block B is left out), activities with volunteers and partners (without them H, I, J),
    checks with trainings and certificates (without them A07, A08 and I06), meetings of work groups, their
    kind as that of the event, and contracts (without them K)."""

    uses: tuple[RoomUse, ...]
    rooms: tuple[RoomFacts, ...]
    staff: tuple[Staff, ...]
    children: ChildFacts | None = None
    activities: ActivityFacts | None = None
    screening: ScreeningFacts | None = None
    meetings: tuple[Event, ...] = ()
    contracts: tuple[ContractFacts, ...] | None = None


@dataclass(frozen=True, slots=True)
class MonthlyFigures:
    """The summary of one month: what is printed, and nothing that is not."""

    station: str
    period: Period
    revision: int
    blocks: tuple[Block, ...]
    use: tuple[tuple[str, int], ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in their order."""
        return tuple(figure for block in self.blocks for figure in block.figures)

    def of(self, code: str, unit: str = "") -> Figure:
        """The figure with this code (and unit, where a code has several)."""
        return next(f for f in self.figures if f.code == code and unit in ("", f.unit))


def count(station: str, period: Period, cutoff: int, facts: Facts, revision: int = 1) -> MonthlyFigures:
    """The figures of a month from its facts; `cutoff` is the day a report period ends."""
    year = year_to_date(period, cutoff)
    blocks = (
        Block("A", N_("队伍与机制"), tuple(_mechanism(facts, period, year))),
        *(() if facts.children is None else (child_block(facts.children, period, year),)),
        *_activity_blocks(facts, period, year),
        *(() if facts.contracts is None else (contract_block(facts.contracts, period, year),)),
        Block("M", N_("场地"), tuple(_rooms(facts, period, year))),
    )
    names = {room.room_id: room.name for room in facts.rooms}
    month_uses = _used(facts.uses, period)
    use = tuple((name, sum(u.room_id == room_id for u in month_uses)) for room_id, name in names.items())
    return MonthlyFigures(station, period, revision, blocks, use)


def _mechanism(facts: Facts, period: Period, year: Period) -> Iterator[Figure]:
    yield from _team(facts.staff, period)
    if facts.screening is not None:
        yield from screening_figures(facts.screening, facts.staff, period, year)
    yield from _meetings(facts.meetings, period, year)


def _activity_blocks(facts: Facts, period: Period, year: Period) -> Iterator[Block]:
    screening = facts.screening
    for block in () if facts.activities is None else activity_blocks(facts.activities, period, year):
        last = () if screening is None or block.code != "I" else (certificate_figure(screening, period, year),)
        yield replace(block, figures=(*block.figures, *last))


_TEAM: tuple[tuple[str, str, Callable[[Staff], bool]], ...] = (
    ("A01", N_("工作人员总数"), lambda member: True),
    ("A02", N_("其中：专职"), lambda member: member.full_time),
    ("A03", N_("其中：儿童督导员"), lambda m: m.tier is Tier.CHILD_SUPERVISOR or Post.SUPERVISOR in m.posts),
    ("A04", N_("其中：儿童主任"), lambda m: m.tier is Tier.CHILD_DIRECTOR or Post.DIRECTOR in m.posts),
    ("A05", N_("其中：专业社工"), lambda m: m.tier is Tier.SOCIAL_WORKER or Post.SOCIAL_WORKER in m.posts),
    ("A06", N_("其中：心理咨询师"), lambda member: Post.COUNSELLOR in member.posts),
)


def _team(staff: Sequence[Staff], period: Period) -> Iterator[Figure]:
    """A01–A06: who serves on the last day of the period; someone with two posts counts in both."""
    serving = [member for member in staff if member.serves_on(period.last)]
    for code, label, belongs in _TEAM:
        ids = tuple(member.id or 0 for member in serving if belongs(member))
        yield Figure(code, label, N_("人"), len(ids), None, cumulative=False, behind="staff", month_ids=ids)


def _meetings(meetings: Sequence[Event], period: Period, year: Period) -> Iterator[Figure]:
    """A09 and A10: meetings of the groups, and case conferences, which are no meetings of A09."""
    talks = [event for event in meetings if event.kind == MeetingKind.CASE_CONFERENCE.code]
    others = [event for event in meetings if event.kind != MeetingKind.CASE_CONFERENCE.code]
    for code, label, events in (("A09", N_("领导/专家/工作小组会议"), others), ("A10", N_("个案会商"), talks)):
        month, to_date = within(events, period), within(events, year)
        ids = (tuple(event.record_id for event in of) for of in (month, to_date))
        yield Figure(code, label, N_("次"), times(month), times(to_date), True, {}, "group_meeting", *ids)


def _used(uses: Iterable[RoomUse], period: Period) -> tuple[RoomUse, ...]:
    start, end = period.start, period.end
    return tuple(use for use in uses if start <= use.start < end)


def _rooms(facts: Facts, period: Period, year: Period) -> Iterator[Figure]:
    """M01–M03 and, room by room, the same times and hours (M11, M12 …)."""
    month, to_date = _used(facts.uses, period), _used(facts.uses, year)
    yield _times("M01", N_("使用场次"), month, to_date)
    yield _hours("M02", N_("使用时长"), month, to_date)
    open_month = sum(room.open_month for room in facts.rooms)
    open_year = sum(room.open_year for room in facts.rooms)
    yield Figure(
        "M03",
        N_("使用率"),
        "%",
        rate(_busy(month), open_month),
        rate(_busy(to_date), open_year),
        behind="bookings",
        month_ids=tuple(use.booking_id for use in month),
        year_ids=tuple(use.booking_id for use in to_date),
    )
    for number, room in enumerate(facts.rooms, start=11):
        own_month = tuple(use for use in month if use.room_id == room.room_id)
        own_year = tuple(use for use in to_date if use.room_id == room.room_id)
        values = {"room": room.name}
        yield _times(f"M{number}", N_("其中：{room}"), own_month, own_year, values)
        yield _hours(f"M{number}", N_("其中：{room}"), own_month, own_year, values)


def _busy(uses: Iterable[RoomUse]) -> int:
    by_room: dict[int, list[tuple[datetime, datetime]]] = {}
    for use in uses:
        by_room.setdefault(use.room_id, []).append((use.start, use.end))
    return sum(busy_minutes(stretches) for stretches in by_room.values())


def _times(
    code: str,
    label: str,
    month: Sequence[RoomUse],
    year: Sequence[RoomUse],
    values: Mapping[str, object] | None = None,
) -> Figure:
    ids = tuple(use.booking_id for use in month), tuple(use.booking_id for use in year)
    return Figure(code, label, N_("次"), len(month), len(year), True, values or {}, "bookings", *ids)


def _hours(
    code: str,
    label: str,
    month: Sequence[RoomUse],
    year: Sequence[RoomUse],
    values: Mapping[str, object] | None = None,
) -> Figure:
    amounts = hours(sum(use.minutes for use in month)), hours(sum(use.minutes for use in year))
    ids = tuple(use.booking_id for use in month), tuple(use.booking_id for use in year)
    return Figure(code, label, N_("小时"), *amounts, True, values or {}, "bookings", *ids)


# --- cross-checks --------------------------------------------------------------------------------


def cross_checks(figures: MonthlyFigures) -> tuple[CrossCheck, ...]:
    """The equations of domain §5.5 that the present blocks allow."""
    flows = [f for f in figures.figures if f.cumulative and f.unit != "%"]
    total = figures.of("A01").month or 0
    parts = [figures.of(code).month or 0 for code in ("A02", "A03", "A04", "A05", "A06")]
    own = [f for f in figures.figures if f.code.startswith("M") and f.code > "M10" and f.unit == "次"]
    checks = [
        CrossCheck(N_("A02至A06各不大于A01"), all(part <= total for part in parts)),
        CrossCheck(N_("M01＝各场地使用场次之和（本月、本年累计）"), _sums(figures.of("M01"), own)),
        *child_checks(figures.figures),
        *activity_checks(figures.figures),
        *contract_checks(figures.figures),
        CrossCheck(N_("各项本月数不大于本年累计数"), all((f.month or 0) <= (f.year or 0) for f in flows)),
    ]
    if figures.period.month == 1:
        checks.append(CrossCheck(N_("1月的本月数等于本年累计数"), all(f.month == f.year for f in flows)))
    return tuple(checks)


def _sums(whole: Figure, parts: Sequence[Figure]) -> bool:
    return whole.month == sum(p.month or 0 for p in parts) and whole.year == sum(p.year or 0 for p in parts)
