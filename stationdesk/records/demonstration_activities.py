"""Invented activities for the demonstration: what is planned when, in which room and by whom."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from random import Random
from typing import Any

from stationdesk.paths import resource
from stationdesk.records.activities import (
    CROWD,
    Activity,
    ActivityCategory,
    ActivityForm,
    ContentDomain,
    FundingSource,
)
from stationdesk.records.bookings import Booking
from stationdesk.records.demonstration import Ground, Story, by_day, held_by
from stationdesk.records.demonstration_screening import Span, eligible
from stationdesk.records.rooms import Room, RoomKind
from stationdesk.records.schedule import Held, capacity_problem, clash, closed_problem
from stationdesk.records.sessions import ActivitySession, booking_for

_WEEK = timedelta(days=7)
# So far ahead something is planned.
PLANNED_AHEAD = timedelta(days=35)


@cache
def told_of_activities() -> Mapping[str, Any]:
    """What the activities, volunteers and partners are made of."""
    told: dict[str, Any] = json.loads(resource("demo", "activities.json").read_text(encoding="utf-8"))
    return told


@cache
def told_together() -> Mapping[str, Any]:
    """What the work groups, the contract, the certificates and the photos are made of."""
    told: dict[str, Any] = json.loads(resource("demo", "together.json").read_text(encoding="utf-8"))
    return told


def begun_on(tale: Story) -> date:
    """The first day of activities: the first of a month."""
    month = tale.until.year * 12 + tale.until.month - 1 - tale.scale.active
    return max(tale.first, date(month // 12, month % 12 + 1, 1))


@dataclass(frozen=True, slots=True)
class Slot:
    """A session as it was planned, with the booking of its room."""

    session: ActivitySession
    booking: Booking | None


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity as it was planned, with what it is made of, and how many times as large as a small one."""

    told: Mapping[str, Any]
    crowd: float
    activity: Activity
    slots: tuple[Slot, ...]


def programme(tale: Story, ground: Ground, ready: Mapping[int, Sequence[Span]]) -> tuple[Planned, ...]:
    """All activities from the first week to those planned ahead; `ready` says when each of the team may work
    with children. The bookings have ids from 1 on, for the file is new.

    None breaks a rule that the stores would hold against it.
    """
    if not tale.scale.sessions:
        return ()
    return tuple(_Planner(tale, ground, ready).activities())


class _Planner:
    """Draws one activity after the other; keeps what the rooms already hold."""

    def __init__(self, tale: Story, ground: Ground, ready: Mapping[int, Sequence[Span]]) -> None:
        self._tale = tale
        self._ground = ground
        self._ready = ready
        self._chance = Random(f"{tale.seed} activities")
        self._ids = count(1), count(1), count(1)
        self._numbers: dict[int, int] = defaultdict(int)
        self._feted = False
        self._busy: dict[tuple[int | None, date], list[tuple[datetime, datetime]]] = defaultdict(list)
        self._rooms: dict[RoomKind, Room] = {room.kind: room for room in ground.rooms}
        self._held: dict[tuple[int, date], list[Held]] = defaultdict(list)
        for day, items in by_day(ground.series).items():
            for item in items:
                start = datetime.combine(day, time.fromisoformat(item.told["start"]))
                end = start + timedelta(minutes=item.told["minutes"])
                held = Held(start, end, item.told["heads"][1], item.told["title"])
                self._held[item.room_id, day].append(held)

    def activities(self) -> Iterator[Planned]:
        """Week after week, as many as the scale asks for, fewer in the weeks ahead; something today, and a fete
        as soon as there can be one."""
        first, last = begun_on(self._tale), self._tale.until + PLANNED_AHEAD
        week, owed = first - timedelta(days=first.weekday()), 0.0
        while week <= last:
            ahead = max(0, (week - self._tale.until).days // 7)
            owed += self._tale.scale.sessions / 52.18 * max(0.3, 1 - 0.2 * ahead)
            for planned in self._wished(week):
                owed -= len(planned.slots)
                yield planned
            while owed >= 1:
                drawn = self._activity(week, self._drawn(week))
                owed -= 1 if drawn is None else len(drawn.slots)
                if drawn is not None:
                    yield drawn
            week += _WEEK

    def _wished(self, week: date) -> Iterator[Planned]:
        """What the story's today asks for in a week."""
        until = self._tale.until
        on_day = self._activity(week, _with("today"), until) if week <= until < week + _WEEK else None
        if on_day is not None:
            yield on_day
        if week > until and not self._feted:
            fete = self._activity(week, _with("fete"))
            if fete is not None:
                self._feted = True
                yield fete

    def _activity(self, week: date, told: Mapping[str, Any], day: date | None = None) -> Planned | None:
        """One more activity that begins in a week, or on a day of it; None where no day of it will do."""
        chance, tale = self._chance, self._tale
        community = chance.choice(tale.communities)[0].name
        which = self._numbers[id(told)] % len(told["titles"])
        self._numbers[id(told)] += 1
        title = told["titles"][which].format(community=community, number=self._numbers[id(told)])
        days = self._days(told, week) if day is None else [day]
        if not days:
            return None
        crowd = self._crowd(told)
        activity = self._told(told, title, datetime.combine(days[0], time()), crowd)
        places = told_of_activities()["halls"] if told["places"] == ["halls"] else told["places"]
        place = places[which] if "by_place" in told else chance.choice(places)
        minutes = chance.choice(told["minutes"])
        slots: list[Slot] = []
        for one in days:
            slot = self._slot(told, activity, one, minutes, place.format(community=community), len(slots) + 1)
            if slot is not None:
                slots.append(slot)
        if not slots:
            return None
        activity = replace(activity, id=next(self._ids[0]), leader_id=slots[0].session.responsible_id)
        named = tuple(Slot(replace(slot.session, activity_id=activity.id or 0), slot.booking) for slot in slots)
        return Planned(told, crowd, activity, named)

    def _drawn(self, week: date) -> Mapping[str, Any]:
        # What goes on for two weeks is over before the holidays are.
        months = {week.month, (week + timedelta(days=13)).month}
        fitting = [told for told in told_of_activities()["templates"] if months <= set(told.get("months", months))]
        drawn: Mapping[str, Any] = self._chance.choices(fitting, [told["weight"] for told in fitting])[0]
        return drawn

    def _days(self, told: Mapping[str, Any], week: date) -> Sequence[date]:
        """The days of its sessions: days in a row, or the same day of the following weeks."""
        sessions = self._chance.randint(*told.get("sessions", (1, 1)))
        if "daily" in told:
            days = [week + timedelta(days=n) for n in range(14) if (week + timedelta(days=n)).weekday() < 5]
        else:
            first = week + timedelta(days=self._chance.choice(told["weekdays"]))
            days = [first + n * _WEEK for n in range(sessions)]
        last = self._tale.until + PLANNED_AHEAD
        return [day for day in days[:sessions] if begun_on(self._tale) <= day <= last]

    def _told(self, told: Mapping[str, Any], title: str, start: datetime, crowd: float) -> Activity:
        """The activity without its id, for `crowd` times as many as a small one."""
        chance = self._chance
        size = max(1, int(chance.randint(*told["size"]) * crowd))
        expected = _heads(told, size, crowd)
        ages = told.get("ages", (None, None))
        plan = told.get("off_site") or told["category"] == "SPORT" or expected >= CROWD
        low, high = told["cost"]
        return Activity(
            uuid=self._uuid(),
            title=title,
            form=ActivityForm.of(told["form"]),
            category=ActivityCategory.of(told["category"]),
            domains=tuple(ContentDomain.of(code) for code in told["domains"]),
            organiser=told.get("organiser"),
            leader_id=self._responsible(told, start, start),
            target=told["target"],
            age_from=ages[0],
            age_to=ages[1],
            quota=None if "unnamed" in told else size,
            expected_count=expected,
            off_site=told.get("off_site", False),
            guardian_required=told.get("guardian", False),
            consent_required=told.get("consent", False),
            safety_plan=told_of_activities()["safety"] if plan else None,
            budget=Decimal(chance.randrange(low, high + 1, 10)) * chance.choice((1, 2)) if high else None,
            funding=FundingSource.of(told["funding"]) if "funding" in told else None,
            feature=told.get("feature", False),
        )

    def _crowd(self, told: Mapping[str, Any]) -> float:
        """As the scale says, but half of the activities are kept to the size of a room."""
        crowd = self._tale.scale.crowd
        largest = max((self._rooms[kind].capacity for kind in self._kinds(told)), default=0)
        if largest and self._chance.random() < 0.5:
            return min(crowd, largest / _heads(told, told["size"][1], 1.0))
        return crowd

    def _kinds(self, told: Mapping[str, Any]) -> Sequence[RoomKind]:
        wanted = (RoomKind.of(code) for code in told["rooms"])
        return [kind for kind in wanted if kind in self._rooms]

    # --- sessions --------------------------------------------------------------------------------

    def _slot(
        self, told: Mapping[str, Any], activity: Activity, day: date, minutes: int, place: str, seq: int
    ) -> Slot | None:
        """A session on `day` where a room is free, else elsewhere; None when the station is closed."""
        chance = self._chance
        for text in chance.sample(told["starts"], len(told["starts"])):
            start = datetime.combine(day, time.fromisoformat(text))
            end = start + timedelta(minutes=minutes)
            session = ActivitySession(
                id=next(self._ids[1]),
                uuid=self._uuid(),
                activity_id=0,
                seq=seq,
                start=start,
                end=end,
                responsible_id=self._responsible(told, start, end, activity.leader_id),
                items="\n".join(told["items"][(seq - 1) % len(told["items"])]),
            )
            slot = self._placed(told, activity, session, place)
            if slot is not None:
                self._busy[session.responsible_id, day].append((start, end))
                return slot
        return None

    def _placed(self, told: Mapping[str, Any], activity: Activity, session: ActivitySession, place: str) -> Slot | None:
        for kind in self._kinds(told):
            booking = self._booking(activity, session, self._rooms[kind])
            if booking is not None:
                return Slot(replace(session, booking_id=booking.id), booking)
        return Slot(replace(session, place=place), None) if self._open(activity, session) else None

    def _booking(self, activity: Activity, session: ActivitySession, room: Room) -> Booking | None:
        """The booking of a room, unless a rule is against it."""
        booking, key = booking_for(activity, session, room.id or 0), (room.id or 0, session.start.date())
        if (
            clash(room, booking, self._held[key])
            or closed_problem(booking, self._ground.rules[booking.room_id])
            or capacity_problem(room, booking)
        ):
            return None
        self._held[key].append(held_by(booking))
        return replace(booking, id=next(self._ids[2]), uuid=self._uuid())

    def _open(self, activity: Activity, session: ActivitySession) -> bool:
        """Whether the station is open then: nobody works elsewhere while it is closed."""
        room_id = self._rooms[RoomKind.ACTIVITY].id or 0
        return closed_problem(booking_for(activity, session, room_id), self._ground.rules[room_id]) is None

    def _responsible(
        self, told: Mapping[str, Any], start: datetime, end: datetime, wish: int | None = None
    ) -> int | None:
        """One of those with a fitting post who may work with children that day, by preference `wish`, and one
        who runs nothing else then."""
        day = start.date()
        there = [m for m in self._ground.team if m.serves_on(day) and eligible(self._ready.get(m.id or 0, ()), day)]
        free = [m for m in there if all(end <= begun or over <= start for begun, over in self._busy[m.id, day])]
        if any(member.id == wish for member in free):
            return wish
        fitting = [m for m in free if any(post.code in told["posts"] for post in m.posts)]
        return self._chance.choice(fitting or free or there).id

    def _uuid(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"


def _with(mark: str) -> Mapping[str, Any]:
    """What has a mark among the kinds of activities."""
    found: Mapping[str, Any] = next(told for told in told_of_activities()["templates"] if mark in told)
    return found


def _heads(told: Mapping[str, Any], size: int, crowd: float) -> int:
    """All heads there may be with `size` children: a third of them, or where guardians are asked for all, are
    accompanied."""
    children = 0 if "unnamed" in told else size * 2 if told.get("guardian") else size + size // 3
    return max(1, children + sum(int(told["heads"][who][1] * crowd) for who in ("children", "adults")))
