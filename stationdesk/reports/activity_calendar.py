"""The calendar of activities for children and families: one month on the wall, nobody's name on it."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from stationdesk.i18n import N_, _
from stationdesk.records.calendar import WEEKDAYS
from stationdesk.records.session_prints import CalendarEntry, by_day, weeks_of
from stationdesk.records.station import Station
from stationdesk.reports.activity_record import ages_text
from stationdesk.reports.document import Align, Column, Document, Heading, Part, Row, Space, Table, Text

FORM = N_("活动日历")
# The largest of these with which the month should fit on its page; what is longer goes on the next.
_SIZES = (13.0, 12.0, 11.0, 10.0)
# What the weeks have of the page's height, and a day of its width, in points.
_ALL_WEEKS, _DAY = 380.0, 95.0
_LEADING, _PADDING = 1.3, 6.0
# So many letters of a line of target and ages are sure to fit on one.
_SHORT = 7


def activity_calendar(
    entries: Sequence[CalendarEntry], year: int, month: int, station: Station, *, mark: str = ""
) -> Document:
    """The month with Monday first; a day with many sessions makes its week higher, none is left out."""
    days, weeks = by_day(entries), weeks_of(year, month)
    rows = tuple(Row(tuple(_cell(day, days) for day in week)) for week in weeks)
    size = next((size for size in _SIZES if _fits(rows, size)), _SIZES[-1])
    columns = tuple(Column(_(name), 1) for name in WEEKDAYS)
    title = _("{year}年{month}月活动日历").format(year=year, month=month)
    parts: list[Part] = [
        Heading(title, 0),
        Text(_where(station), 12, Align.CENTER),
        Space(2),
        Table(columns, rows, size, _least_height(rows, size), titled=True),
    ]
    if not entries:
        parts.append(Text(_("这个月还没有安排活动，欢迎来站里问一问。"), 12, Align.CENTER))
    foot = _("活动如有变动，以工作站通知为准。")
    return Document(title=_(FORM), parts=tuple(parts), landscape=True, mark=mark, foot=foot)


def _height(row: Row, size: float) -> float:
    """About how high a week becomes with type of that size: hanzi are as wide as high, the rest half."""
    room = _DAY / size
    texts = ((line for line in cell.split("\n")) for cell in row.cells)
    lines = max(sum(max(1, ceil(_width(line) / room)) for line in cell) for cell in texts)
    return lines * size * _LEADING + _PADDING


def _width(line: str) -> float:
    return sum(1.0 if char > "\u2e80" else 0.6 for char in line)


def _fits(rows: Sequence[Row], size: float) -> bool:
    return sum(_height(row, size) for row in rows) <= _ALL_WEEKS


def _least_height(rows: Sequence[Row], size: float) -> float:
    """The height of a week with little in it: the month fills its page and no more, if it can."""
    heights = sorted((_height(row, size) for row in rows), reverse=True)
    room = _ALL_WEEKS
    for place, height in enumerate(heights):
        share = room / (len(heights) - place)
        if height <= share:
            return share
        room -= height
    return 0.0


def _where(station: Station) -> str:
    phone = _("电话：{phone}").format(phone=station.phone) if station.phone else ""
    return "　".join(text for text in (station.name, station.address, phone) if text)


def _cell(day: date | None, days: dict[date, list[CalendarEntry]]) -> str:
    if day is None:
        return ""
    return "\n".join((str(day.day), *(_entry(entry) for entry in days.get(day, ()))))


def _entry(entry: CalendarEntry) -> str:
    """One session in lines: when, what, where, for whom."""
    when = f"{entry.start:%H:%M}—{entry.end:%H:%M}"
    over = _("（已结束）") if entry.done else ""
    ages = ages_text(entry.age_from, entry.age_to)
    between = " " if len(entry.target) + len(ages) <= _SHORT else "\n"
    whom = between.join(text for text in (entry.target, ages) if text)
    lines = (when + over, entry.title, entry.place_name, whom)
    return "\n".join(line for line in lines if line)
