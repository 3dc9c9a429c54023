"""Where things stand in a time grid; numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from stationdesk.records.bookings import BookingRow
from stationdesk.records.calendar import Span, minute_of

SNAP = 15


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: the day and room it stands for, its heading, when it is open, what closes it.

    `notes` are closed stretches with their reason; `gap` the minutes a booking keeps free around it.
    """

    day: date
    room_id: int
    title: str
    spans: tuple[Span, ...]
    notes: tuple[tuple[Span, str], ...] = ()
    gap: int = 0
    today: bool = False

    def at(self, minute: int) -> datetime:
        """A moment of this column's day."""
        return datetime.combine(self.day, time()) + timedelta(minutes=minute)


@dataclass(frozen=True, slots=True)
class Lane:
    """A booking's place across its column: the `place`-th of `of` side by side."""

    row: BookingRow
    place: int
    of: int


def span_of(row: BookingRow) -> Span:
    """The minutes of the day a booking takes."""
    return Span(minute_of(row.start), minute_of(row.end) or 1440)


def lanes(rows: Sequence[BookingRow]) -> list[Lane]:
    """Overlapping bookings side by side, each group as wide as its most crowded moment."""
    found: list[Lane] = []
    group: list[tuple[BookingRow, int]] = []
    ends: list[datetime] = []
    reached = datetime.min
    for row in sorted(rows, key=lambda r: (r.start, r.end, r.id)):
        if row.start >= reached and group:
            found += [Lane(r, place, len(ends)) for r, place in group]
            group, ends = [], []
        place = next((i for i, end in enumerate(ends) if end <= row.start), len(ends))
        ends[place : place + 1] = [row.end]
        group.append((row, place))
        reached = max(reached, row.end)
    return found + [Lane(r, place, len(ends)) for r, place in group]


def visible_hours(columns: Sequence[GridColumn], rows: Sequence[BookingRow]) -> Span:
    """The hours a grid shows: 9 to 21, more where a room is open or booked earlier or later."""
    starts = [540, *(s.start for c in columns for s in c.spans), *(span_of(r).start for r in rows)]
    ends = [1260, *(s.end for c in columns for s in c.spans), *(span_of(r).end for r in rows)]
    return Span(min(starts) // 60 * 60, min(-(-max(ends) // 60) * 60, 1440))


def snap(minute: float) -> int:
    """The nearest quarter of an hour."""
    return round(minute / SNAP) * SNAP
