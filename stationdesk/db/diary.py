"""The diary of one room: what holds it and when it is open, as a booking is checked against it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivitySessionTable
from stationdesk.db.models import BookingTable, RoomClosureTable, RoomTable, SpecialDayTable, StaffTable, StationTable
from stationdesk.db.stores import load, record_of
from stationdesk.errors import Label, Problem, Refused
from stationdesk.fields import Level
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Reach, Right
from stationdesk.records.bookings import HOLDING, LONGEST, Booking, BookingRow
from stationdesk.records.calendar import SpecialDay, WeekHours
from stationdesk.records.rooms import Privacy, Room, RoomClosure
from stationdesk.records.schedule import (
    DayRules,
    Held,
    Verdict,
    capacity_problem,
    clash,
    closed_problem,
    rules_for,
)
from stationdesk.records.series import LONGEST_AHEAD

T = TypeVar("T")

# The longest booking and the widest gap: what starts earlier cannot reach into a window.
_REACH = LONGEST + timedelta(hours=1)


def may_see(actor: Actor, privacy: Privacy, responsible_id: int | None, created_by: str) -> bool:
    """Whether `actor` sees more of a booking than that there is one (a reviewer never): all
    of an open room; of a masked one the holders of the right, the person responsible and the one who
    entered it."""
    if actor.sees(Level.L2) is Reach.NONE:
        return False
    return (
        privacy is Privacy.OPEN
        or actor.may(Right.SEE_MASKED)
        or responsible_id == actor.staff_id
        or created_by == actor.username
    )


def visible(actor: Actor) -> Any:
    """The same as a condition of a query over booking and room."""
    if actor.sees(Level.L2) is Reach.NONE:
        return false()
    if actor.may(Right.SEE_MASKED):
        return true()
    return or_(
        RoomTable.privacy == Privacy.OPEN,
        BookingTable.responsible_id == actor.staff_id,
        BookingTable.created_by == actor.username,
    )


def _row_query() -> Any:
    table = BookingTable
    return (
        select(
            table.id,
            table.series_id,
            table.room_id,
            RoomTable.name.label("room_name"),
            table.start,
            table.end,
            table.purpose,
            table.title,
            StaffTable.name.label("responsible_name"),
            table.expected_count,
            table.actual_count,
            table.status,
            RoomTable.privacy,
            table.responsible_id,
            table.created_by,
            ActivitySessionTable.id.label("session_id"),
        )
        .join(RoomTable, RoomTable.id == table.room_id)
        .outerjoin(StaffTable, StaffTable.id == table.responsible_id)
        .outerjoin(ActivitySessionTable, ActivitySessionTable.booking_id == table.id)
        .where(table.deleted_at.is_(None))
    )


def _masked(row: Row[Any], actor: Actor) -> BookingRow:
    plain = may_see(actor, row.privacy, row.responsible_id, row.created_by)
    return BookingRow(
        id=row.id,
        series_id=row.series_id,
        room_id=row.room_id,
        masked=not plain,
        room_name=row.room_name,
        start=row.start,
        end=row.end,
        purpose=row.purpose if plain else None,
        title=row.title if plain else "",
        responsible_name=row.responsible_name if plain else None,
        expected_count=row.expected_count if plain else None,
        actual_count=row.actual_count if plain else None,
        status=row.status,
        session_id=row.session_id if plain else None,
    )


def masked_rows(session: Session, actor: Actor, *where: Any) -> tuple[BookingRow, ...]:
    """The bookings that meet `where`, by time and room, each with no more than `actor` may see."""
    query = _row_query().where(*where).order_by(BookingTable.start, BookingTable.room_id, BookingTable.id)
    return tuple(_masked(row, actor) for row in session.execute(query))


@dataclass(frozen=True, slots=True)
class Diary:
    """One room over some days: the room, when it is open, and what holds it, by day."""

    room: Room
    rules: DayRules
    held: dict[date, list[Held]]

    def around(self, day: date) -> Sequence[Held]:
        """What holds the room on `day` and its neighbours: a gap may reach over midnight."""
        one = timedelta(days=1)
        return [*self.held.get(day - one, ()), *self.held.get(day, ()), *self.held.get(day + one, ())]

    def hold(self, booking: Booking) -> None:
        """Let `booking` hold the room against what is judged after it, before it is saved."""
        if booking.status in HOLDING:
            heads = booking.expected_count if booking.actual_count is None else booking.actual_count
            held = Held(booking.start, booking.end, heads, booking.title, booking.id or 0)
            self.held.setdefault(booking.start.date(), []).append(held)

    def judge(self, booking: Booking, *, override: bool) -> tuple[Verdict, list[Problem]]:
        """What speaks against `booking`; with `override` its reason lifts all but a conflict."""
        found: list[tuple[Verdict, Problem]] = []
        lifted = override and bool(booking.override_reason)
        collision = clash(self.room, booking, self.around(booking.start.date()))
        if collision is not None and not (lifted and collision.field == "expected_count"):
            found.append((Verdict.CONFLICT, collision))
        closed = closed_problem(booking, self.rules)
        if closed is not None and not lifted:
            found.append(closed)
        crowded = capacity_problem(self.room, booking)
        if crowded is not None and not lifted:
            found.append((Verdict.CONFLICT, crowded))
        return (found[0][0] if found else Verdict.OK), [problem for _, problem in found]


def station_hours(session: Session) -> WeekHours:
    """The station's own opening hours."""
    return session.execute(select(StationTable.hours)).scalar_one()


def special_days(session: Session, first: date, last: date) -> dict[date, SpecialDay]:
    """The special days from `first` to `last` by day."""
    days = select(SpecialDayTable).where(SpecialDayTable.deleted_at.is_(None), SpecialDayTable.day.between(first, last))
    return {row.day: record_of(SpecialDay, row) for row in session.scalars(days)}


def closures_between(session: Session, start: datetime, end: datetime) -> tuple[RoomClosure, ...]:
    """The closures that overlap [start, end)."""
    table = RoomClosureTable
    kept = select(table).where(table.deleted_at.is_(None), table.start < end, table.end > start).order_by(table.start)
    return tuple(record_of(RoomClosure, row) for row in session.scalars(kept))


_BOOKED = BookingTable.__table__.c
# Made once: putting the statement together would cost more than asking it.
_HELD = (
    select(
        _BOOKED.id,
        _BOOKED.start,
        _BOOKED.end,
        func.coalesce(_BOOKED.actual_count, _BOOKED.expected_count),
        _BOOKED.title,
        _BOOKED.responsible_id,
        _BOOKED.created_by,
    )
    .where(
        _BOOKED.room_id == bindparam("room"),
        _BOOKED.start > bindparam("after"),
        _BOOKED.start < bindparam("before"),
        _BOOKED.status.in_(HOLDING),
        _BOOKED.deleted_at.is_(None),
    )
    .order_by(_BOOKED.start)
)


def held_between(
    session: Session, actor: Actor, room: Room, start: datetime, end: datetime, ignore: Collection[int] = ()
) -> dict[date, list[Held]]:
    """What holds a room in [start, end) and an hour around, by day; `ignore` are booking ids."""
    held: dict[date, list[Held]] = defaultdict(list)
    window = {"room": room.id, "after": start - _REACH, "before": end + timedelta(hours=1)}
    for number, begin, until, heads, title, responsible, creator in session.connection().execute(_HELD, window):
        if number not in ignore:
            seen = may_see(actor, room.privacy, responsible, creator)
            held[begin.date()].append(Held(begin, until, heads, title if seen else "", number))
    return held


def diary(
    session: Session, actor: Actor, room_id: int, start: datetime, end: datetime, ignore: Collection[int] = ()
) -> Diary:
    """The diary of a room for bookings in [start, end); raises `Missing`."""
    room, rules = _once(session, (room_id, start, end), lambda: _room_and_rules(session, room_id, start, end))
    return Diary(room, rules, held_between(session, actor, room, start, end, ignore))


def _room_and_rules(session: Session, room_id: int, start: datetime, end: datetime) -> tuple[Room, DayRules]:
    room = load(session, Room, RoomTable, room_id)
    special = special_days(session, start.date(), end.date())
    return room, rules_for(room, station_hours(session), special, closures_between(session, start, end))


def _once(session: Session, key: object, ask: Callable[[], T]) -> T:
    """The answer of `ask`, kept for the rest of the transaction: thousands of imported bookings ask
    the same of the same room and day, and no transaction that books changes rooms or closures."""
    kept = session.info.setdefault("diary", {})
    if key not in kept:
        kept[key] = ask()
    found: T = kept[key]
    return found


def refuse_unless_free(
    session: Session, actor: Actor, booking: Booking, today: date, ignore: Collection[int] = ()
) -> Room:
    """Raise `Refused` with all that speaks against a single booking; returns its room."""
    day = booking.start.date()
    book = diary(session, actor, booking.room_id, _midnight(day), _midnight(day + timedelta(days=1)), ignore)
    problems = list(person_and_room_problems(session, book.room, booking, today))
    if booking.override_reason and not actor.may(Right.OVERRIDE):
        text = N_("只有站长可以特批，请清空{label}，或请站长登记。")
        problems.append(Problem("override_reason", text, {"label": Label(N_("特批理由"))}))
    problems += book.judge(booking, override=actor.may(Right.OVERRIDE))[1]
    Refused.over(problems)
    return book.room


def person_and_room_problems(session: Session, room: Room, booking: Booking, today: date) -> Sequence[Problem]:
    """What is wrong apart from the time: a room out of use, a person not there, too far ahead."""
    problems = []
    if not room.active:
        problems.append(Problem("room_id", N_("{room}已停用，不能预约，请换一个场地。"), {"room": room.name}))
    if booking.start.date() > today + LONGEST_AHEAD:
        problems.append(Problem("start", N_("最多提前一年预约，请改近一些的日期。")))
    person = session.get(StaffTable, booking.responsible_id) if booking.responsible_id else None
    day = booking.start.date()
    if person is None or person.deleted_at is not None:
        problems.append(Problem("responsible_id", N_("请选择现场负责人。")))
    elif (person.left_on and day > person.left_on) or (person.entered_on and day < person.entered_on):
        text = N_("{name}在{day}不在岗，请换一位现场负责人。")
        problems.append(Problem("responsible_id", text, {"name": person.name, "day": day.isoformat()}))
    return problems


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
