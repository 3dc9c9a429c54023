"""Series of bookings: the rule, and the days it gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.bookings import Booking
from stationdesk.records.calendar import new_uuid
from stationdesk.records.schedule import Verdict


class Repeat(Code):
    """How a series goes on."""

    DAILY = "DAILY", N_("每天")
    WEEKLY = "WEEKLY", N_("每周")
    MONTHLY_DAY = "MONTHLY_DAY", N_("每月同一日")
    MONTHLY_WEEKDAY = "MONTHLY_WEEKDAY", N_("每月第几个星期几")
    YEARLY = "YEARLY", N_("每年")


class Weekday(Code):
    """Monday is 0, as `date.weekday`."""

    MONDAY = "0", N_("周一")
    TUESDAY = "1", N_("周二")
    WEDNESDAY = "2", N_("周三")
    THURSDAY = "3", N_("周四")
    FRIDAY = "4", N_("周五")
    SATURDAY = "5", N_("周六")
    SUNDAY = "6", N_("周日")


class Scope(Code):
    """Which bookings of a series a change means."""

    ONE = "ONE", N_("仅本次")
    FOLLOWING = "FOLLOWING", N_("本次及以后")
    ALL = "ALL", N_("全部")


RepeatRule = Annotated[Repeat, Field(N_("重复"))]
Interval = Annotated[int, Field(N_("间隔"), minimum=1, maximum=52, hint=N_("1表示每次，2表示隔一次"))]
Weekdays = Annotated[tuple[Weekday, ...], Field(N_("星期"))]
FirstDay = Annotated[date, Field(N_("开始日期"))]
UntilDay = Annotated[date, Field(N_("截止日期"), hint=N_("含当天"))]

LONGEST_AHEAD = timedelta(days=366)
MOST_DATES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A rule that gives days from `first` to `until`, both included.

    WEEKLY uses `weekdays` (none: the weekday of `first`) and weeks from Monday; MONTHLY_DAY the day
    of month of `first`; MONTHLY_WEEKDAY its n-th weekday (a fifth one means the fifth, and months
    without it are skipped); YEARLY its month and day. Months or years without that day are skipped.
    """

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    repeat: RepeatRule = Repeat.WEEKLY
    interval: Interval = 1
    weekdays: Weekdays = ()
    first: FirstDay
    until: UntilDay

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one series."""
        if self.until < self.first:
            yield Problem("until", N_("截止日期早于开始日期，请改正其中一个。"))
        elif self.until - self.first > LONGEST_AHEAD:
            yield Problem("until", N_("周期预约最长一年，请把截止日期提前。"))

    def days(self) -> Iterator[date]:
        """The days of the series in order; of a rule that has no problems."""
        for day in _candidates(self):
            if day > self.until:
                return
            if day >= self.first:
                yield day


def _candidates(series: Series) -> Iterator[date]:
    """The days the rule gives, without end or order trouble; some may lie before `first`."""
    makers = {
        Repeat.DAILY: _daily,
        Repeat.WEEKLY: _weekly,
        Repeat.MONTHLY_DAY: _monthly_day,
        Repeat.MONTHLY_WEEKDAY: _monthly_weekday,
        Repeat.YEARLY: _yearly,
    }
    return makers[series.repeat](series)


def _daily(series: Series) -> Iterator[date]:
    day = series.first
    while day <= series.until:
        yield day
        day += timedelta(days=series.interval)


def _weekly(series: Series) -> Iterator[date]:
    chosen = sorted({int(day.code) for day in series.weekdays}) or [series.first.weekday()]
    monday = series.first - timedelta(days=series.first.weekday())
    while monday <= series.until:
        yield from (monday + timedelta(days=day) for day in chosen)
        monday += timedelta(weeks=series.interval)


def _months(series: Series) -> Iterator[tuple[int, int]]:
    month = series.first.year * 12 + series.first.month - 1
    last = series.until.year * 12 + series.until.month - 1
    while month <= last:
        yield month // 12, month % 12 + 1
        month += series.interval


def _monthly_day(series: Series) -> Iterator[date]:
    for year, month in _months(series):
        if series.first.day <= _month_length(year, month):
            yield date(year, month, series.first.day)


def _monthly_weekday(series: Series) -> Iterator[date]:
    nth = (series.first.day - 1) // 7
    for year, month in _months(series):
        offset = (series.first.weekday() - date(year, month, 1).weekday()) % 7
        day = 1 + offset + 7 * nth
        if day <= _month_length(year, month):
            yield date(year, month, day)


def _yearly(series: Series) -> Iterator[date]:
    for year in range(series.first.year, series.until.year + 1, series.interval):
        if series.first.day <= _month_length(year, series.first.month):
            yield date(year, series.first.month, series.first.day)


def _month_length(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One date of a series before it is booked: what the program says of it, and against what."""

    day: date
    verdict: Verdict
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """What a booked series became: the ids, and the dates left out."""

    ids: tuple[int, ...]
    skipped: tuple[date, ...]


def on_day(booking: Booking, day: date) -> Booking:
    """`booking` at the same times of `day`."""
    return replace(
        booking,
        start=datetime.combine(day, booking.start.time()),
        end=datetime.combine(day, booking.end.time()),
    )
