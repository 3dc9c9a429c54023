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
        bookings += found
        numbers += [number] * len(found)
    return Read(tuple(bookings), tuple(numbers), tuple(problems))


def _bookings(event: Any, rooms: Mapping[str, Room], responsible_id: int) -> Iterable[Booking]:
    for name, _text in getattr(event, "errors", ()):
        raise Refused(Problem("", N_("{name}这一行读不懂，请改正后再导入。"), {"name": name or "?"}))
    title = str(event.get("summary") or "").strip()
    if not title:
        raise Refused(Problem("title", N_("没有事由（SUMMARY），请补上后再导入。")))
    place = str(event.get("location") or "").strip()
    if place not in rooms:
        raise Refused(Problem("room_id", N_("没有名为“{room}”的场地，请改成程序里的场地名称。"), {"room": place[:40]}))
    start, end = _moments(event)
    for moment in _starts(event, start):
        yield Booking(
            room_id=rooms[place].id or 0,
            start=moment,
            end=moment + (end - start),
            title=title,
            responsible_id=responsible_id,
        )


def _moments(event: Any) -> tuple[datetime, datetime]:
    start = getattr(event.get("dtstart"), "dt", None)
    end = getattr(event.get("dtend"), "dt", None)
    if end is None and isinstance(start, datetime) and event.get("duration") is not None:
        end = start + event.get("duration").dt
    if isinstance(start, date) and not isinstance(start, datetime):
        raise Refused(Problem("start", N_("是全天事件，场地预约需要起止时间，请改正后再导入。")))
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise Refused(Problem("start", N_("起止时间缺少或读不懂，请改正后再导入。")))
    return _beijing(start), _beijing(end)


def _beijing(moment: datetime) -> datetime:
    """Naive Beijing time, to the minute; a time without a zone is taken as Beijing's already."""
    local = moment.astimezone(BEIJING).replace(tzinfo=None) if moment.tzinfo else moment
    return local.replace(second=0, microsecond=0)


def _starts(event: Any, start: datetime) -> list[datetime]:
    rule = event.get("rrule")
    if rule is None:
        return [start]
    text = rule.to_ical().decode()
    # The rule's UNTIL may carry a zone while our start is naive: compare in Beijing time.
    until = rule.get("until", [None])[0]
    if until is not None:
        text = ";".join(part for part in text.split(";") if not part.startswith("UNTIL"))
        until = _beijing(until) if isinstance(until, datetime) else datetime.combine(until, start.time())
    last = min(until or start + _AHEAD, start + _AHEAD)
    try:
        found = rrulestr(text, dtstart=start).between(start, last, inc=True)
    except (ValueError, TypeError) as unread:
        raise Refused(Problem("", N_("重复规则（RRULE）读不懂，请改正后再导入。"))) from unread
    left_out = {_beijing(stamp.dt) for item in _listed(event.get("exdate")) for stamp in item.dts}
    return [moment for moment in found if moment not in left_out]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
