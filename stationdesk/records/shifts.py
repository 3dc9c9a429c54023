"""Shifts of volunteers: when they helped, which hours count, and how a year's are added up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid
from stationdesk.records.people import PersonName
from stationdesk.records.schedule import when_text
from stationdesk.records.screening import VolunteerRef
from stationdesk.records.volunteers import Organisation, VolunteerWork

LONGEST_SHIFT = timedelta(hours=12)

ShiftStart = Annotated[datetime, Field(N_("开始"), hint=N_("随场次服务的可不填，按场次的时间计"))]
ShiftEnd = Annotated[datetime, Field(N_("结束"))]
SessionOfShift = Annotated[int, Field(N_("所属场次"))]
WorkOfShift = Annotated[VolunteerWork, Field(N_("服务内容"))]
ShiftPlace = Annotated[str, Field(N_("服务地点"), max_length=80)]
ConfirmedBy = Annotated[int, Field(N_("确认人"))]
DidNotCome = Annotated[bool, Field(N_("未到"))]
Evaluation = Annotated[int, Field(N_("评价"), minimum=1, maximum=5, unit=N_("分"))]
ShiftNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True)]
DailyCap = Annotated[int, Field(N_("每天最多计"), minimum=1, maximum=12, unit=N_("小时"))]
RoundTo = Annotated[
    int, Field(N_("时长取整"), minimum=1, maximum=60, unit=N_("分钟"), hint=N_("每天的时长向下取到它的整数倍"))
]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerShift:
    """One stretch of help (domain §2.13), travel not counted. One at a session has the session's time
    unless it says another, and counts once the session is closed; any other once it is confirmed."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    volunteer_id: VolunteerRef
    session_id: SessionOfShift | None = None
    start: ShiftStart | None = None
    end: ShiftEnd | None = None
    work: WorkOfShift = VolunteerWork.EVENT
    place: ShiftPlace | None = None
    confirmed_by: ConfirmedBy | None = None
    did_not_come: DidNotCome = False
    evaluation: Evaluation | None = None
    note: ShiftNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one shift."""
        if (self.start is None) is not (self.end is None):
            yield Problem("end", N_("开始和结束时间请都填写，或都不填。"))
        if self.session_id is None and self.start is None:
            yield Problem("start", N_("请填写服务的开始和结束时间。"))


def later(shift: VolunteerShift, by: timedelta) -> VolunteerShift:
    """A shift so much later; one without a time of its own goes with its session."""
    if shift.start is None or shift.end is None:
        return shift
    return replace(shift, start=shift.start + by, end=shift.end + by)


@dataclass(frozen=True, slots=True)
class Worked:
    """A shift as it takes place: whose, from when to when, whether it counts."""

    shift_id: int
    volunteer_id: int
    start: datetime
    end: datetime
    counts: bool = True

    @property
    def minutes(self) -> int:
        """Its length."""
        return int((self.end - self.start).total_seconds() // 60)


def span_problems(start: datetime, end: datetime) -> Iterator[Problem]:
    """A shift lasts from one minute to twelve hours."""
    if end <= start:
        yield Problem("end", N_("结束时间应晚于开始时间，请改正。"))
    elif end - start > LONGEST_SHIFT:
        yield Problem("end", N_("一次志愿服务最长12小时，请缩短或分成几次。"))


def own_day_problems(start: datetime, day: date) -> Iterator[Problem]:
    """A shift at a session, held on `day`, begins on the same day."""
    if start.date() != day:
        text = N_("随场次的服务应在那一场的当天（{day}），请改时间；别的日子的服务请另外登记。")
        yield Problem("start", text, {"day": day.isoformat()})


def overlap_problems(name: str, shift: Worked, others: Iterable[Worked]) -> Iterator[Problem]:
    """Nobody helps in two places at once."""
    for other in others:
        if shift.start < other.end and other.start < shift.end:
            text = N_("{name}在{when}已有志愿服务，时间重叠，请改时间或换一位。")
            yield Problem("start", text, {"name": name, "when": when_text(other.start, other.end)})


@dataclass(frozen=True, slots=True, kw_only=True)
class HourRules:
    """How hours are recognised; one record a station (some issuers cap and round, domain §2.13)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    daily_cap: DailyCap = 8
    round_to: RoundTo = 30


def recognised_minutes(worked: Iterable[Worked], rules: HourRules) -> int:
    """The minutes that count: each day's together, capped, then rounded down."""
    days: dict[date, int] = defaultdict(int)
    for shift in worked:
        if shift.counts:
            days[shift.start.date()] += shift.minutes
    return sum(_recognised(minutes, rules) for minutes in days.values())


def _recognised(minutes: int, rules: HourRules) -> int:
    """What is recognised of a day's minutes."""
    capped = min(minutes, rules.daily_cap * 60)
    return capped - capped % rules.round_to


ShiftMinutes = Annotated[int, Field(N_("时长"), unit=N_("分钟"))]
Counts = Annotated[bool, Field(N_("已计入"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """A line of a list of shifts, with the time it takes place at."""

    id: int
    volunteer_id: int
    volunteer_name: Annotated[str, Field(N_("志愿者"), private=True)]
    session_id: int | None
    title: Annotated[str, Field(N_("活动"))] | None
    start: ShiftStart
    end: ShiftEnd
    minutes: ShiftMinutes
    work: WorkOfShift
    did_not_come: DidNotCome
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class YearHours:
    """A volunteer's year: how often, how long, and how much of it is recognised."""

    year: int
    times: int
    minutes: int
    recognised: int


# --- a volunteer's own list ----------------------------------------------------------------------


class ShiftState(Code):
    """Whether a shift counts."""

    COUNTED = "COUNTED", N_("已计入")
    WAITING = "WAITING", N_("待确认")
    ABSENT = "ABSENT", N_("未到")


ActivityOfShift = Annotated[str, Field(N_("活动"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnShift:
    """A line of one volunteer's list of shifts."""

    id: int
    start: Annotated[datetime, Field(N_("开始"))]
    minutes: ShiftMinutes
    state: Annotated[ShiftState, Field(N_("状态"))]
    work: WorkOfShift
    title: ActivityOfShift | None
    end: ShiftEnd


def own_shift(row: ShiftRow) -> OwnShift:
    """A shift as it stands in its volunteer's list."""
    state = ShiftState.ABSENT if row.did_not_come else ShiftState.COUNTED if row.counts else ShiftState.WAITING
    names = ("id", "start", "end", "minutes", "work", "title")
    return OwnShift(**{name: getattr(row, name) for name in names}, state=state)


# --- everybody's year ----------------------------------------------------------------------------


def hours_of(minutes: int) -> Decimal:
    """Minutes as hours, two decimals at most and never rounded up: nobody is certified more than was
    recognised."""
    found = (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_DOWN).normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found


RecognisedHours = Annotated[Decimal, Field(N_("认定时长"), places=2, unit=N_("小时"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRow:
    """A line of a year's ranking; `id` is the volunteer's. Those with the same hours share a place."""

    id: int
    place: Annotated[int, Field(N_("名次"))]
    name: PersonName
    organisation: Organisation | None
    times: Annotated[int, Field(N_("服务次数"), unit=N_("次"))]
    minutes: Annotated[int, Field(N_("服务分钟"), unit=N_("分钟"))]
    recognised: RecognisedHours


# Whose shift that counts, on which day (ISO), how many minutes long.
Stint = tuple[int, str, int]


def hours_by_volunteer(year: int, stints: Iterable[Stint], rules: HourRules) -> dict[int, YearHours]:
    """What a year of shifts that count adds up to, for each volunteer who has any."""
    times: dict[int, int] = defaultdict(int)
    days: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for number, day, minutes in stints:
        times[number] += 1
        days[number][day] += minutes
    return {
        number: YearHours(
            year=year,
            times=times[number],
            minutes=sum(own.values()),
            recognised=sum(_recognised(minutes, rules) for minutes in own.values()),
        )
        for number, own in days.items()
    }


def ranking(found: Mapping[int, YearHours], names: Mapping[int, tuple[str, str | None]]) -> tuple[RankRow, ...]:
    """Who helped most, by the recognised time; `names` are name and organisation by volunteer, in the
    order in which equals are listed."""
    order = {number: place for place, number in enumerate(names)}
    ranked = sorted((n for n in found if n in names), key=lambda n: (-found[n].recognised, order[n]))
    rows: list[RankRow] = []
    for place, number in enumerate(ranked, start=1):
        year, (name, organisation) = found[number], names[number]
        shared = rows and found[rows[-1].id].recognised == year.recognised
        rows.append(
            RankRow(
                id=number,
                place=rows[-1].place if shared else place,
                name=name,
                organisation=organisation,
                times=year.times,
                minutes=year.minutes,
                recognised=hours_of(year.recognised),
            )
        )
    return tuple(rows)


def ranked(rows: Iterable[RankRow], words: str, sort: str, *, descending: bool) -> list[RankRow]:
    """The lines whose name or organisation has `words`, in another order; names stay as they came."""
    found = [row for row in rows if words in row.name or words in (row.organisation or "")]
    if sort in ("name", "organisation"):
        return sorted(found, key=lambda row: str(getattr(row, sort) or ""), reverse=descending)
    if sort in ("times", "minutes", "recognised"):
        return sorted(found, key=lambda row: float(getattr(row, sort)), reverse=descending)
    return found[::-1] if descending else found
