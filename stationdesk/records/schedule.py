"""When a room can be had: open spans, closures, conflicts, load, free slots; all pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.i18n import N_, _
from stationdesk.records.bookings import Booking
from stationdesk.records.calendar import DayKind, Span, SpecialDay, WeekHours, minute_of
from stationdesk.records.rooms import Room, RoomClosure

MASKED_TITLE = N_("已预约")


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch of a room that a booking holds, and the heads in it."""

    start: datetime
    end: datetime
    heads: int
    title: str
    booking_id: int = 0


class Verdict(Code):
    """What the preview says of one day of a series."""

    OK = "OK", N_("好")
    CONFLICT = "CONFLICT", N_("冲突")
    CLOSED = "CLOSED", N_("闭馆")
    HOLIDAY = "HOLIDAY", N_("节假日")


@dataclass(frozen=True, slots=True)
class DayRules:
    """What decides whether a room is open: its hours, the special days, the closures."""

    hours: WeekHours
    special: Mapping[date, SpecialDay]
    closures: Sequence[RoomClosure]

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open spans of `day` before closures: none on a holiday; a make-up day on a weekday
        that is otherwise closed keeps Monday's hours."""
        special = self.special.get(day)
        if special is not None and special.kind is DayKind.HOLIDAY:
            return ()
        spans = self.hours.on(day)
        if special is not None and special.kind is DayKind.WORKDAY and not spans:
            return self.hours.days[0]
        return spans

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """The open spans of `day` with the closures cut out."""
        spans = list(self.spans(day))
        midnight = datetime.combine(day, time())
        for closure in self.closures:
            start = max(0, int((closure.start - midnight).total_seconds() // 60))
            end = min(1440, int((closure.end - midnight).total_seconds() // 60))
            if start < end:
                spans = [piece for span in spans for piece in _cut(span, start, end)]
        return tuple(spans)

    def open_minutes(self, first: date, last: date) -> int:
        """The open minutes from `first` to `last`, both included."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(span.end - span.start for day in days for span in self.open_spans(day))


def _cut(span: Span, start: int, end: int) -> Iterator[Span]:
    if end <= span.start or start >= span.end:
        yield span
        return
    if span.start < start:
        yield Span(span.start, start)
    if end < span.end:
        yield Span(end, span.end)


def rules_for(
    room: Room, station_hours: WeekHours, special: Mapping[date, SpecialDay], closures: Sequence[RoomClosure]
) -> DayRules:
    """The rules of one room: its own hours else the station's, its own closures and the station's."""
    own = tuple(c for c in closures if c.room_id is None or c.room_id == room.id)
    return DayRules(room.hours or station_hours, special, own)


def when_text(start: datetime, end: datetime) -> str:
    """`2026-11-25 10:00-11:00`."""
    return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}"


def closed_problem(booking: Booking, rules: DayRules) -> tuple[Verdict, Problem] | None:
    """Why the room is not open for `booking`, or None. The head may override each of these."""
    day = booking.start.date()
    special = rules.special.get(day)
    if special is not None and special.kind is DayKind.HOLIDAY:
        text = N_("{day}是节假日（{name}），工作站不开放，请换一天；确需使用请站长写明特批理由。")
        return Verdict.HOLIDAY, Problem("start", text, {"day": day.isoformat(), "name": special.name})
    for closure in rules.closures:
        if closure.start < booking.end and booking.start < closure.end:
            text = N_("这段时间闭馆（{reason}，{start}到{end}），请换一个时间；确需使用请站长写明特批理由。")
            span = {"start": f"{closure.start:%Y-%m-%d %H:%M}", "end": f"{closure.end:%Y-%m-%d %H:%M}"}
            return Verdict.CLOSED, Problem("start", text, {"reason": closure.reason, **span})
    wanted = Span(minute_of(booking.start), minute_of(booking.end) or 1440)
    spans = rules.spans(day)
    if any(span.start <= wanted.start and wanted.end <= span.end for span in _joined(spans)):
        return None
    if not spans:
        text = N_("{day}不开放，请换一天；确需使用请站长写明特批理由。")
        return Verdict.CLOSED, Problem("start", text, {"day": day.isoformat()})
    text = N_("{time}不在开放时间内（当天开放{spans}），请换一个时间；确需使用请站长写明特批理由。")
    values = {"time": str(wanted), "spans": "、".join(str(span) for span in spans)}
    return Verdict.CLOSED, Problem("start", text, values)


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Spans that touch, as one."""
    current: Span | None = None
    for span in sorted(spans):
        if current is not None and span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
        else:
            if current is not None:
                yield current
            current = span
    if current is not None:
        yield current


def gap(room: Room) -> timedelta:
    """The least time between the end of one booking and the start of the next (domain §2.4)."""
    return timedelta(minutes=max(room.buffer_after, room.buffer_before))


def clash(room: Room, booking: Booking, held: Sequence[Held]) -> Problem | None:
    """The first thing `booking` collides with in a room, or None.

    One at a time: half-open intervals with the room's gap between them. Several side by side: at no
    moment more bookings than the room takes, nor more heads than its capacity.
    """
    if room.side_by_side == 1:
        for other in held:
            if booking.start < other.end + gap(room) and other.start < booking.end + gap(room):
                return _clash_problem(room, other)
        return None
    inside = [other for other in held if other.start < booking.end and booking.start < other.end]
    moments = sorted({booking.start, *(other.start for other in inside if other.start > booking.start)})
    presents = [(moment, [other for other in inside if other.start <= moment < other.end]) for moment in moments]
    # Too many bookings first, at all moments: the head may lift too many heads, and only that.
    for _moment, present in presents:
        if len(present) >= room.side_by_side:
            return _clash_problem(room, present[0])
    for moment, present in presents:
        heads = sum(other.heads for other in present) + booking.expected_count
        if present and heads > room.capacity:
            text = N_(
                "{room} {time} 已有{others}人，加上本次{heads}人，超过容纳人数{capacity}人，请换时间或请站长特批。"
            )
            values = {
                "room": room.name,
                "time": f"{moment:%Y-%m-%d %H:%M}",
                "others": heads - booking.expected_count,
                "heads": booking.expected_count,
                "capacity": room.capacity,
            }
            return Problem("expected_count", text, values)
    return None


def _clash_problem(room: Room, other: Held) -> Problem:
    values = {"room": room.name, "when": when_text(other.start, other.end), "title": other.title or _(MASKED_TITLE)}
    if gap(room):
        text = N_("{room} {when} 已有预约“{title}”（前后须留空{gap}分钟），请换一个时间或场地。")
        return Problem("start", text, values | {"gap": int(gap(room).total_seconds() // 60)})
    return Problem("start", N_("{room} {when} 已有预约“{title}”，请换一个时间或场地。"), values)


def capacity_problem(room: Room, booking: Booking) -> Problem | None:
    """Too many heads for the room; the head may override."""
    heads = booking.expected_count
    if heads <= room.capacity:
        return None
    text = N_("预计{heads}人，超过{room}的容纳人数{capacity}人，请换大一些的场地；确需使用请站长写明特批理由。")
    return Problem("expected_count", text, {"heads": heads, "room": room.name, "capacity": room.capacity})


def free_slots(
    room: Room, rules: DayRules, held: Sequence[Held], after: datetime, minutes: int, days: int
) -> Iterator[datetime]:
    """The starts, in quarters of an hour, at which `minutes` are free for one more head."""
    length = timedelta(minutes=minutes)
    for offset in range(days):
        day = after.date() + timedelta(days=offset)
        for span in _joined(rules.open_spans(day)):
            start = datetime.combine(day, time()) + timedelta(minutes=-(-span.start // 15) * 15)
            last = datetime.combine(day, time()) + timedelta(minutes=span.end) - length
            while start <= last:
                if (
                    start >= after
                    and clash(room, Booking(room_id=room.id or 0, start=start, end=start + length), held) is None
                ):
                    yield start
                start += timedelta(minutes=15)
