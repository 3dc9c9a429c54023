"""Days, hours and report periods: opening hours, holidays, the clock, the cut-off day."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated, Self
from uuid import uuid4

from stationdesk.codes import Code
from stationdesk.fields import Field
from stationdesk.i18n import N_, _

BEIJING = timezone(timedelta(hours=8))
Clock = Callable[[], datetime]
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


def beijing_now() -> datetime:
    """Now in Beijing, naive, to the minute."""
    return datetime.now(BEIJING).replace(tzinfo=None, second=0, microsecond=0)


def clock_on(day: date) -> Clock:
    """A clock that always shows `day`, at the real time of day (the demonstration station)."""
    return lambda: datetime.combine(day, beijing_now().time())


def short_day(day: date) -> str:
    """`11月23日`."""
    return _("{month}月{day}日").format(month=day.month, day=day.day)


def long_day(day: date) -> str:
    """`2026年11月3日`, as GB/T 9704-2012 writes dates: Arabic digits, no leading zeros."""
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def weekday_name(day: date) -> str:
    """`周一`."""
    return _(WEEKDAYS[day.weekday()])


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of one day: minutes since midnight, `start` < `end` <= 1440."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{minute_text(self.start)}-{minute_text(self.end)}"


def minute_text(minute: int) -> str:
    """Minutes since midnight as `9:30` with two-digit hour: `09:30`; 1440 is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minute_of(moment: datetime | time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Opening hours: seven tuples of `Span`, Monday first; an empty tuple is a closed weekday."""

    days: tuple[tuple[Span, ...], ...]

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of the weekday of `day`."""
        return self.days[day.weekday()]

    def to_json(self) -> str:
        """As stored."""
        return json.dumps([[[span.start, span.end] for span in spans] for spans in self.days])

    @classmethod
    def from_json(cls, text: str) -> Self:
        """As read back."""
        return cls(tuple(tuple(Span(*pair) for pair in spans) for spans in json.loads(text)))


# Urumqi keeps Beijing time but works about two hours later than inland.
DEFAULT_HOURS = WeekHours(((Span(600, 840), Span(960, 1200)),) * 7)


class DayKind(Code):
    """What the holiday table says of a day."""

    HOLIDAY = "HOLIDAY", N_("放假")
    WORKDAY = "WORKDAY", N_("调休上班")


SpecialDate = Annotated[date, Field(N_("日期"))]
SpecialKind = Annotated[DayKind, Field(N_("类型"))]
SpecialName = Annotated[str, Field(N_("名称"), max_length=20)]


def new_uuid() -> str:
    """A fresh identity for a record, made when its form opens."""
    return uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """One day of the State Council's holiday notice: a holiday, or a weekend day worked."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    day: SpecialDate
    kind: SpecialKind
    name: SpecialName


@dataclass(frozen=True, slots=True)
class Period:
    """A report period: the month it is named for, its first and last day (both included)."""

    year: int
    month: int
    first: date
    last: date

    @property
    def name(self) -> str:
        """`2026-10`."""
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def start(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.first, time())

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(self.last + timedelta(days=1), time())


def _cut_day(year: int, month: int, cutoff: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month, min(cutoff, 28)) + timedelta(days=max(0, cutoff - 28)))


def period(year: int, month: int, cutoff: int = 31) -> Period:
    """The report period of a month that ends on day `cutoff`, or on the month's last day if it
    has none such (cut-off 25: January runs from 26 December to 25 January; domain §5.2)."""
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    return Period(year, month, _cut_day(*before, cutoff) + timedelta(days=1), _cut_day(year, month, cutoff))


def period_of(day: date, cutoff: int = 31) -> Period:
    """The report period `day` falls in."""
    found = period(day.year, day.month, cutoff)
    if day > found.last:
        year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
        found = period(year, month, cutoff)
    return found


def year_to_date(month: Period, cutoff: int = 31) -> Period:
    """From the first day of the January period to the end of `month`."""
    return Period(month.year, month.month, period(month.year, 1, cutoff).first, month.last)


Holidays = Mapping[date, SpecialDay]
