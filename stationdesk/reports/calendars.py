"""Bookings as .ics and back: the only module that knows icalendar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from stationdesk.errors import EVENT, Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.bookings import Booking, BookingRow, BookingStatus
from stationdesk.records.calendar import BEIJING
from stationdesk.records.rooms import Room
from stationdesk.records.schedule import MASKED_TITLE

MOST_BYTES, MOST_EVENTS = 20 << 20, 5000
_ZONE = "Asia/Shanghai"
_AHEAD = timedelta(days=366)
_OFTEN = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


def write(rows: Iterable[BookingRow], station: str) -> bytes:
    """The bookings as an iCalendar file in Beijing time; masked ones say only 已预约."""
    calendar = Calendar()
    calendar.add("prodid", "-//stationdesk//CN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", station)
    zone = Timezone()
    zone.add("tzid", _ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1991, 9, 15))
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    calendar.add_component(zone)
    for row in rows:
        calendar.add_component(_event(row))
    return bytes(calendar.to_ical())


def _event(row: BookingRow) -> Event:
    zone = ZoneInfo(_ZONE)
    event = Event()
    event.add("uid", f"booking-{row.id}@stationdesk")
    event.add("dtstamp", row.start.replace(tzinfo=UTC))
    event.add("dtstart", row.start.replace(tzinfo=zone))
    event.add("dtend", row.end.replace(tzinfo=zone))
    event.add("summary", _(MASKED_TITLE) if row.masked else row.title)
    event.add("location", row.room_name)
    event.add("status", "TENTATIVE" if row.status is BookingStatus.PENDING else "CONFIRMED")
    event.add("x-stationdesk-status", row.status.code)
    return event


@dataclass(frozen=True, slots=True)
class Read:
    """What an .ics file gave: bookings in its order, and the number of the event each came from."""

    bookings: tuple[Booking, ...]
    numbers: tuple[int, ...]
    problems: tuple[Problem, ...]


def read(data: bytes, rooms: Sequence[Room], responsible_id: int) -> Read:
    """The events of an .ics file as bookings; a problem carries the 1-based number of its event.

    LOCATION names the room; other time zones are turned into Beijing time, a repeating event into
    its dates of one year. Raises `Refused` for what is no calendar at all or is too large.
    """
    if len(data) > MOST_BYTES:
        raise Refused(Problem("", N_("日历文件超过20兆，请分成几个较小的文件。")))
    try:
        calendar: Any = Calendar.from_ical(data)
        events = [part for part in calendar.walk() if part.name == "VEVENT"]
    except Exception as broken:
        raise Refused(Problem("", N_("这个文件不是能读的日历文件（.ics），请检查后再导入。"))) from broken
    if not events:
        raise Refused(Problem("", N_("日历文件里没有事件，请检查后再导入。")))
    if len(events) > MOST_EVENTS:
        values = {"count": len(events), "most": MOST_EVENTS}
        raise Refused(Problem("", N_("日历文件有{count}个事件，一次最多导入{most}个，请分成几个文件。"), values))
    known = {room.name: room for room in rooms}
    bookings: list[Booking] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    for number, event in enumerate(events, start=1):
        try:
            found = list(_bookings(event, known, responsible_id))
        except Refused as refused:
            problems += [Problem(p.field, p.text, p.values, number, EVENT) for p in refused.problems]
            continue
        except OverflowError:
            problems.append(Problem("start", N_("日期太早或太晚，请改正后再导入。"), {}, number, EVENT))
            continue
        if len(bookings) + len(found) > MOST_EVENTS:
            raise Refused(Problem("", N_("日历文件展开后超过{most}次预约，请分成几个文件。"), {"most": MOST_EVENTS}))
        bookings += found
        numbers += [number] * len(found)
    return Read(tuple(bookings), tuple(numbers), tuple(problems))


def _bookings(event: Any, rooms: Mapping[str, Room], responsible_id: int) -> Iterable[Booking]:
    for name, _text in getattr(event, "errors", ()):
        raise Refused(Problem("", N_("{name}这一行读不懂，请改正后再导入。"), {"name": name or "?"}))
    if str(event.get("status") or "").upper() == "CANCELLED":
        return
    for name in ("recurrence-id", "rdate"):
        if event.get(name) is not None:
            raise Refused(
                Problem("", N_("含有程序不能导入的一项（{name}），请改成单独的事件。"), {"name": name.upper()})
            )
    title = str(event.get("summary") or "").strip()
    if not title:
        raise Refused(Problem("title", N_("没有事由（SUMMARY），请补上后再导入。")))
    place = str(event.get("location") or "").strip()
    if place not in rooms:
        raise Refused(Problem("room_id", N_("没有名为“{room}”的场地，请改成程序里的场地名称。"), {"room": place[:40]}))
    start, end = _moments(event)
    length = _beijing(end) - _beijing(start)
    for moment in _starts(event, start):
        yield Booking(
            room_id=rooms[place].id or 0,
            start=moment,
            end=moment + length,
            title=title,
            responsible_id=responsible_id,
        )


def _moments(event: Any) -> tuple[datetime, datetime]:
    """Start and end as written, in the zone of the event."""
    start = getattr(event.get("dtstart"), "dt", None)
    end = getattr(event.get("dtend"), "dt", None)
    length = getattr(event.get("duration"), "dt", None)
    if end is None and isinstance(start, datetime) and isinstance(length, timedelta):
        end = start + length
    if isinstance(start, date) and not isinstance(start, datetime):
        raise Refused(Problem("start", N_("是全天事件，场地预约需要起止时间，请改正后再导入。")))
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise Refused(Problem("start", N_("起止时间缺少或读不懂，请改正后再导入。")))
    return start, end


def _beijing(moment: datetime) -> datetime:
    """Naive Beijing time, to the minute; a time without a zone is taken as Beijing's already."""
    local = moment.astimezone(BEIJING).replace(tzinfo=None) if moment.tzinfo else moment
    return local.replace(second=0, microsecond=0)


def _starts(event: Any, start: datetime) -> list[datetime]:
    """The starts in Beijing time. A rule means the wall clock and the weekdays of its own zone."""
    rule = event.get("rrule")
    if rule is None:
        return [_beijing(start)]
    unread = Refused(Problem("", N_("重复规则（RRULE）读不懂，请改正后再导入。")))
    # Of a rule within the day, or one that never moves on, the dates could not be counted.
    if isinstance(rule, list) or min(rule.get("interval", [1])) < 1 or any(name in rule for name in _WITHIN_A_DAY):
        raise unread
    if str(rule.get("freq", [""])[0]) not in _OFTEN:
        raise unread
    wall = start.replace(tzinfo=None)
    text = ";".join(part for part in rule.to_ical().decode().split(";") if not part.startswith("UNTIL"))
    until = rule.get("until", [None])[0]
    last = wall + _AHEAD if until is None else min(_wall(until, start), wall + _AHEAD)
    try:
        found = rrulestr(text, dtstart=wall).between(wall, last, inc=True)
    except (ValueError, TypeError) as wrong:
        raise unread from wrong
    left_out = {_wall(stamp.dt, start) for item in _listed(event.get("exdate")) for stamp in item.dts}
    return [_beijing(moment.replace(tzinfo=start.tzinfo)) for moment in found if moment not in left_out]


def _wall(moment: date, start: datetime) -> datetime:
    """`moment` on the wall clock of the zone of `start`; a bare day means the time of `start`."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, start.time())
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(start.tzinfo or BEIJING).replace(tzinfo=None)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
