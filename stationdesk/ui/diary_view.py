"""What a view of the diary shows: read in one go, and turned into columns of the grid."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from stationdesk.desk import Desk
from stationdesk.records.bookings import BookingRow, DayLoad
from stationdesk.records.calendar import Span, SpecialDay, WeekHours
from stationdesk.records.rooms import Room, RoomClosure
from stationdesk.records.schedule import DayRules, gap, rules_for
from stationdesk.ui.geometry import GridColumn


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view shows: the bookings and all that shades the grid."""

    rooms: tuple[Room, ...]
    hours: WeekHours
    rows: tuple[BookingRow, ...]
    closures: tuple[RoomClosure, ...]
    special: dict[date, SpecialDay]
    loads: tuple[DayLoad, ...]
    now: datetime


def see(desk: Desk, first: date, days: int, *, month: bool) -> Seen:
    """Read `days` from `first` on; on the database thread."""
    start = datetime.combine(first, time())
    end = start + timedelta(days=days)
    return Seen(
        desk.rooms.all_rooms(),
        desk.station.profile().hours,
        () if month else desk.bookings.between(start, end),
        desk.rooms.closures(start, end),
        {day.day: day for day in desk.station.special_days(first, first + timedelta(days=days))},
        desk.bookings.month_loads(first, first + timedelta(days=days)) if month else (),
        desk.clock(),
    )


def grid_column(room: Room, day: date, title: str, seen: Seen) -> GridColumn:
    """One column of the grid."""
    rules: DayRules = rules_for(room, seen.hours, seen.special, seen.closures)
    notes: list[tuple[Span, str]] = []
    special = seen.special.get(day)
    if special is not None and not rules.spans(day) and seen.hours.on(day):
        notes.append((Span(0, 1440), special.name))
    midnight = datetime.combine(day, time())
    for closure in rules.closures:
        start = max(0, int((closure.start - midnight).total_seconds() // 60))
        end = min(1440, int((closure.end - midnight).total_seconds() // 60))
        if start < end:
            notes.append((Span(start, end), closure.reason))
    minutes = int(gap(room).total_seconds() // 60) if room.side_by_side == 1 else 0
    today = day == seen.now.date()
    return GridColumn(day, room.id or 0, title, rules.open_spans(day), tuple(notes), minutes, today)
