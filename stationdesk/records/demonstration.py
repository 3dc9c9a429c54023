"""An invented station: people, rooms and years of bookings, the same again for the same seed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from stationdesk.paths import resource
from stationdesk.records.access import Role
from stationdesk.records.bookings import ApplicantKind, Booking, BookingStatus, Purpose
from stationdesk.records.people import Sex
from stationdesk.records.rooms import Equipment, Room, RoomClosure, RoomKind, ready_rooms
from stationdesk.records.schedule import DayRules, Held, capacity_problem, clash, closed_problem
from stationdesk.records.series import Repeat, Series, Weekday
from stationdesk.records.staff import Post, Qualification, Staff, Tier
from stationdesk.records.station import Community, OperationMode, Station

AHEAD = timedelta(days=56)
_SMALLEST = (RoomKind.COUNSELLING, RoomKind.READING, RoomKind.MUSIC_DANCE, RoomKind.SINOLOGY, RoomKind.ACTIVITY)
_MORE = (RoomKind.MEETING, RoomKind.CRAFT, RoomKind.STUDY, RoomKind.FAMILY, RoomKind.SANDPLAY, RoomKind.REST)
_KINDS = (*_SMALLEST, *_MORE, RoomKind.OUTDOOR)
# Bookings are denser at weekends and in the school holidays.
_WEEKDAY_LOAD = (1.0, 1.0, 1.0, 1.0, 1.0, 1.3, 1.1)
_MEAN_LOAD = 1.03


@dataclass(frozen=True, slots=True)
class Scale:
    """How large (domain §8): rooms, bookings a year, months back from the day it pretends to be; children
    in stock, once in stock, and registered for activities only; for how many of the months there are
    activities, how many sessions a year and how many times as large as small ones; volunteers ever, and
    their shifts a year."""

    rooms: int
    yearly: int
    months: int
    in_stock: int = 0
    left: int = 0
    light: int = 0
    active: int = 0
    sessions: int = 0
    crowd: float = 1.0
    volunteers: int = 0
    shifts: int = 0


SCALES: Mapping[str, Scale] = {
    "typical": Scale(5, 1_500, 24, 42, 24, 84, 12, 140, 1.2, 30, 300),
    "busy": Scale(6, 4_000, 24, 200, 400, 1_000, 12, 260, 3.5, 150, 1_500),
    "worst": Scale(12, 15_000, 120, 600, 2_400, 5_000, 120, 600, 13.5, 600, 8_000),
}


@dataclass(frozen=True, slots=True)
class User:
    """Someone who can log in to the demonstration station, with a password that is no secret."""

    name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True)
class Person:
    """One of the team; `key` is how the story refers to them, `user` whether they log in."""

    key: str
    staff: Staff
    user: User | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that the station is told before its bookings; the head comes first in `people`.

    `communities` carry the key of their child director, `closures` the kind of room they close.
    """

    scale: Scale
    seed: int
    first: date
    until: date
    station: Station
    people: tuple[Person, ...]
    rooms: tuple[Room, ...]
    communities: tuple[tuple[Community, str | None], ...]
    closures: tuple[tuple[RoomClosure, RoomKind | None], ...]

    @property
    def months(self) -> tuple[str, ...]:
        """The whole months it has bookings for, as `2026-10`, the oldest first."""
        count = self.scale.months
        last = self.until.year * 12 + self.until.month - 2
        return tuple(f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(last - count + 1, last + 1))


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(resource("demo", "station.json").read_text(encoding="utf-8"))
    return told


def story(scale: Scale, seed: int, until: date) -> Story:
    """The invented station as it is on `until`, with a past of `scale.months` months."""
    chance = Random(f"{seed} people")
    month = until.year * 12 + until.month - 1 - scale.months
    first = date(month // 12, month % 12 + 1, 1)
    return Story(
        scale=scale,
        seed=seed,
        first=first,
        until=until,
        station=_station(chance, first),
        people=tuple(_person(chance, entry, first, until) for entry in _told()["staff"]),
        rooms=_rooms(chance, scale, until),
        communities=_communities(chance),
        closures=tuple(_closures(chance, first, until)),
    )


def _uuid(chance: Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def _station(chance: Random, first: date) -> Station:
    told = dict(_told()["station"])
    mode = OperationMode.of(told.pop("mode"))
    return Station(uuid=_uuid(chance), mode=mode, established_on=date(first.year - 1, 5, 30), **told)


def _person(chance: Random, entry: Mapping[str, Any], first: date, until: date) -> Person:
    span = (until - first).days
    staff = Staff(
        uuid=_uuid(chance),
        name=entry["name"],
        sex=Sex.of(entry["sex"]),
        phone=f"1990000{chance.randrange(10000):04d}",
        tier=Tier.of(entry["tier"]),
        posts=tuple(Post.of(code) for code in entry["posts"]),
        employer=entry["employer"],
        qualifications=tuple(Qualification.of(code) for code in entry["qualifications"]),
        certificate_no=entry.get("certificate_no"),
        full_time=entry["full_time"],
        entered_on=first + timedelta(days=round(span * entry["joined"])) if "joined" in entry else first,
        left_on=first + timedelta(days=round(span * entry["left"])) if "left" in entry else None,
    )
    # Latin letters, so that they can be typed without an input method.
    password = "-".join((*chance.sample(_told()["words"], 2), str(chance.randrange(100, 1000))))
    user = User(entry["user"], Role.of(entry["role"]), password) if "user" in entry else None
    return Person(entry["key"], staff, user)


def _rooms(chance: Random, scale: Scale, until: date) -> tuple[Room, ...]:
    ready = {room.kind: room for room in ready_rooms()}
    more = _told()["rooms"]
    return tuple(
        replace(
            ready[kind],
            uuid=_uuid(chance),
            area=Decimal(more[kind.code]["area"]),
            location=more[kind.code]["location"],
            equipment=tuple(Equipment.of(code) for code in more[kind.code]["equipment"]),
            needs_approval=kind in (RoomKind.ACTIVITY, RoomKind.MEETING),
            safety_check_due=until + timedelta(days=chance.randrange(5, 180)),
        )
        for kind in _KINDS[: scale.rooms]
    )


def _communities(chance: Random) -> tuple[tuple[Community, str | None], ...]:
    return tuple(
        (
            Community(
                uuid=_uuid(chance), name=told["name"], code=f"650199001{number:03d}", minors_count=told["minors"]
            ),
            told["director"],
        )
        for number, told in enumerate(_told()["communities"], start=1)
    )


def _closures(chance: Random, first: date, until: date) -> Iterator[tuple[RoomClosure, RoomKind | None]]:
    """The same few every year, and one next week, so that the week view has something to shade."""
    for year in range(first.year, until.year + 1):
        for told in _told()["closures"]:
            day = date(year, told["month"], told["day"])
            kind = RoomKind.of(told["room"]) if told["room"] else None
            if first <= day <= until + AHEAD:
                start, end = (datetime.combine(day, time.fromisoformat(told[name])) for name in ("start", "end"))
                yield RoomClosure(uuid=_uuid(chance), start=start, end=end, reason=told["reason"]), kind
    soon = datetime.combine(until + timedelta(days=7 - until.weekday() + 2), time(10))
    closure = RoomClosure(uuid=_uuid(chance), start=soon, end=soon + timedelta(hours=10), reason="墙面粉刷")
    yield closure, RoomKind.SINOLOGY


# --- series --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recurring:
    """A series with its id, and what each of its bookings is about."""

    series: Series
    room_id: int
    told: Mapping[str, Any]


def recurring(tale: Story, rooms: Sequence[Room]) -> tuple[Recurring, ...]:
    """The series of every school term; ids count from 1, for the file is new."""
    chance = Random(f"{tale.seed} series")
    by_kind = {room.kind: room for room in rooms}
    made: list[Recurring] = []
    for start, end in _terms(tale.first, tale.until + AHEAD):
        for told in _told()["series"]:
            room = by_kind.get(RoomKind.of(told["room"]))
            first = _first_day(told, start)
            if room is not None and first <= end:
                series = Series(
                    id=len(made) + 1,
                    uuid=_uuid(chance),
                    repeat=Repeat.of(told["repeat"]),
                    interval=told.get("interval", 1),
                    weekdays=tuple(Weekday.of(code) for code in told["weekdays"]),
                    first=first,
                    until=end,
                )
                made.append(Recurring(series, room.id or 0, told))
    return tuple(made)


def _terms(first: date, last: date) -> Iterator[tuple[date, date]]:
    for year in range(first.year - 1, last.year + 1):
        for start, end in ((date(year, 3, 1), date(year, 7, 4)), (date(year, 9, 1), date(year + 1, 1, 12))):
            if start <= last and end >= first:
                yield max(start, first), min(end, last)


def _first_day(told: Mapping[str, Any], start: date) -> date:
    """From `start` on, the first day a monthly rule can begin with; `start` for the others."""
    day = start
    while "from_day" in told and (
        not told["from_day"] <= day.day < told["from_day"] + 7 or day.weekday() != told.get("weekday", day.weekday())
    ):
        day += timedelta(days=1)
    return day


# --- bookings ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the bookings stand on: the saved rooms and team, each room's rules by its id; `taken` are those
    made before, for activities."""

    rooms: Sequence[Room]
    team: Sequence[Staff]
    rules: Mapping[int, DayRules]
    series: Sequence[Recurring]
    taken: Sequence[Booking] = ()


def bookings(tale: Story, ground: Ground) -> Iterator[Booking]:
    """Every booking but those taken, day by day: first what recurs, then single ones up to the day's load.

    None breaks a rule that `BookingStore.book` would hold against it.
    """
    maker = _Maker(tale, ground)
    due = by_day(ground.series)
    owed = 0.0
    day = tale.first
    while day <= tale.until + AHEAD:
        owed = min(owed + _load(tale, day), 2.5 * _load(tale, day) + 1)
        made = list(maker.day(day, due.get(day, ()), owed))
        owed -= len(made) + maker.taken_on(day)
        yield from made
        day += timedelta(days=1)


def by_day(series: Iterable[Recurring]) -> Mapping[date, Sequence[Recurring]]:
    """What recurs on each day."""
    days: dict[date, list[Recurring]] = defaultdict(list)
    for item in series:
        for day in item.series.days():
            days[day].append(item)
    return days


def _load(tale: Story, day: date) -> float:
    """How many bookings a day has on average; the weeks ahead are ever emptier."""
    load = tale.scale.yearly / 365.25 * _WEEKDAY_LOAD[day.weekday()] / _MEAN_LOAD
    load *= 1.15 if (day.month, day.day) >= (7, 10) and day.month <= 8 else 1.0
    weeks = (day - tale.until).days / 7
    return load if weeks <= 0 else load * max(0.05, 0.9 - 0.2 * weeks)


def held_by(booking: Booking) -> Held:
    """The stretch of a room that a booking holds."""
    return Held(booking.start, booking.end, booking.expected_count, booking.title)


class _Maker:
    """Draws one booking after the other; keeps what the day's rooms already hold."""

    def __init__(self, tale: Story, ground: Ground) -> None:
        self._tale = tale
        self._ground = ground
        self._chance = Random(f"{tale.seed} bookings")
        self._rooms = {room.id or 0: room for room in ground.rooms}
        self._weights = [_told()["rooms"][room.kind.code]["weight"] for room in ground.rooms]
        self._held: dict[int, list[Held]] = {}
        self._taken: dict[date, list[Booking]] = defaultdict(list)
        for booking in ground.taken:
            self._taken[booking.start.date()].append(booking)

    def taken_on(self, day: date) -> int:
        """How many bookings were there before."""
        return len(self._taken.get(day, ()))

    def day(self, day: date, due: Iterable[Recurring], load: float) -> Iterator[Booking]:
        """The bookings of one day, those of series whether the load asks for them or not."""
        self._held = defaultdict(list)
        for booking in self._taken.get(day, ()):
            self._held[booking.room_id].append(held_by(booking))
        made = self.taken_on(day)
        for item in due:
            start = datetime.combine(day, time.fromisoformat(item.told["start"]))
            booking = self._booking(self._rooms[item.room_id], start, item.told["minutes"], item.told)
            if self._take(booking):
                made += 1
                yield self._finished(replace(booking, series_id=item.series.id))
        for _ in range(int(4 * load)):
            if made + 1 > load:
                return
            single = self._single(day)
            if single is not None and self._take(single):
                made += 1
                yield self._finished(single)

    def _single(self, day: date) -> Booking | None:
        chance = self._chance
        room = chance.choices(self._ground.rooms, self._weights)[0]
        told = chance.choice(_told()["uses"][room.kind.code])
        minutes = chance.choice(told["minutes"])
        spans = self._ground.rules[room.id or 0].open_spans(day)
        starts = [s for span in spans for s in range(-(-span.start // 15) * 15, span.end - minutes + 1, 15)]
        if not starts:
            return None
        start = datetime.combine(day, time()) + timedelta(minutes=chance.choice(starts))
        return self._booking(room, start, minutes, told)

    def _booking(self, room: Room, start: datetime, minutes: int, told: Mapping[str, Any]) -> Booking:
        chance = self._chance
        title = told["title"] if "title" in told else chance.choice(told["titles"])
        low, high = told["heads"]
        return Booking(
            uuid=_uuid(chance),
            room_id=room.id or 0,
            start=start,
            end=start + timedelta(minutes=minutes),
            purpose=Purpose.of(told["purpose"]),
            title=f"{title}{chance.randrange(1, 60):02d}号" if told.get("numbered") else title,
            responsible_id=self._responsible(start.date(), told["posts"]),
            expected_count=chance.randint(low, min(high, room.capacity)),
        )

    def _responsible(self, day: date, posts: Sequence[str]) -> int | None:
        serving = [member for member in self._ground.team if member.serves_on(day)]
        fitting = [member for member in serving if any(post.code in posts for post in member.posts)]
        return self._chance.choice(fitting or serving).id

    def _take(self, booking: Booking) -> bool:
        """Hold the room for `booking` unless a rule is against it."""
        room, held = self._rooms[booking.room_id], self._held[booking.room_id]
        if (
            clash(room, booking, held)
            or closed_problem(booking, self._ground.rules[booking.room_id])
            or capacity_problem(room, booking)
        ):
            return False
        held.append(held_by(booking))
        return True

    def _finished(self, booking: Booking) -> Booking:
        """`booking` with who asked for it and what became of it by the story's today."""
        chance = self._chance
        asked = self._asked(booking)
        note = chance.choice(_told()["notes"]) if chance.random() < 0.05 else None
        booking = replace(booking, note=note, **asked)
        day, fate = booking.start.date(), chance.random()
        approval = self._rooms[booking.room_id].needs_approval
        if fate < 0.05 and day != self._tale.until:
            reason = chance.choice(_told()["cancel_reasons"])
            return replace(booking, status=BookingStatus.CANCELLED, cancel_reason=reason)
        if day < self._tale.until:
            return self._past(booking, fate)
        waiting = approval and day > self._tale.until and fate < 0.6
        return replace(booking, status=BookingStatus.PENDING if waiting else BookingStatus.CONFIRMED)

    def _past(self, booking: Booking, fate: float) -> Booking:
        chance = self._chance
        if fate < 0.08:
            return replace(booking, status=BookingStatus.NO_SHOW)
        if fate < 0.10 and self._rooms[booking.room_id].needs_approval:
            reason = chance.choice(_told()["reject_reasons"])
            return replace(booking, status=BookingStatus.REJECTED, cancel_reason=reason)
        if fate < 0.35 and booking.start.date() == self._tale.until - timedelta(days=1):
            return booking
        # Never more than were expected: side by side, the heads of a reading room must still add up.
        fewer = chance.randint(0, max(0, booking.expected_count // 4))
        return replace(booking, status=BookingStatus.DONE, actual_count=booking.expected_count - fewer)

    def _asked(self, booking: Booking) -> dict[str, Any]:
        chance = self._chance
        if booking.purpose is Purpose.PARTNER:
            kind = ApplicantKind.PARTNER
        elif chance.random() < 0.75:
            return {}
        else:
            kind = chance.choice((ApplicantKind.GUARDIAN, ApplicantKind.RESIDENT, ApplicantKind.PARTNER))
        name = chance.choice(_told()["applicants"][kind.code])
        return {
            "applicant_kind": kind,
            "applicant_name": name,
            "applicant_phone": f"1990000{chance.randrange(10000):04d}",
        }
