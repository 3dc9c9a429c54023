"""The invented station keeps every rule the real one is held to, and is the same for the same seed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import pytest

from stationdesk.fields import check
from stationdesk.records.access import Role
from stationdesk.records.bookings import Booking, BookingStatus
from stationdesk.records.calendar import DEFAULT_HOURS, DayKind, minute_of
from stationdesk.records.demonstration import AHEAD, SCALES, Ground, Scale, Story, bookings, recurring, story
from stationdesk.records.founding import seed_holidays
from stationdesk.records.passwords import password_problems
from stationdesk.records.rooms import Privacy, Room, RoomClosure
from stationdesk.records.schedule import rules_for
from stationdesk.records.staff import Staff, Tier

UNTIL = date(2026, 11, 24)
# Twelve rooms, as crowded as the worst case, for a tenth of its time.
CROWDED = Scale(12, 15_000, 6)
HOLIDAYS = {day.day for day in seed_holidays() if day.kind is DayKind.HOLIDAY}


class Made:
    """A story with the ids its records would get, and all its bookings."""

    def __init__(self, scale: Scale, seed: int, until: date) -> None:
        self.tale: Story = story(scale, seed, until)
        self.rooms: Sequence[Room] = [replace(room, id=n) for n, room in enumerate(self.tale.rooms, start=1)]
        self.team: Sequence[Staff] = [replace(p.staff, id=n) for n, p in enumerate(self.tale.people, start=1)]
        ids = {room.kind: room.id for room in self.rooms}
        self.closures: Sequence[RoomClosure] = [
            replace(closure, room_id=ids[kind] if kind else None)
            for closure, kind in self.tale.closures
            if kind is None or kind in ids
        ]
        special = {day.day: day for day in seed_holidays()}
        rules = {room.id or 0: rules_for(room, DEFAULT_HOURS, special, self.closures) for room in self.rooms}
        self.series = recurring(self.tale, self.rooms)
        self.ground = Ground(rooms=self.rooms, team=self.team, rules=rules, series=self.series)
        self.bookings = tuple(bookings(self.tale, self.ground))


@cache
def made(name: str, seed: int = 1) -> Made:
    return Made(SCALES.get(name, CROWDED), seed, UNTIL)


BOTH = pytest.mark.parametrize("name", ["typical", "crowded"])


# --- the rules -----------------------------------------------------------------------------------


@BOTH
def test_each_record_keeps_its_own_rules(name: str) -> None:
    found = made(name)
    assert check(found.tale.station) == ()
    for record in (*found.rooms, *found.team, *(community for community, _key in found.tale.communities)):
        assert check(record) == ()
    for member in found.team:
        assert list(member.problems()) == []
    for closure in found.closures:
        assert [*check(closure), *closure.problems()] == []
    for item in found.series:
        assert [*check(item.series), *item.series.problems()] == []
    for booking in found.bookings:
        assert [*check(booking), *booking.problems()] == []


@BOTH
def test_no_two_bookings_hold_a_room_against_its_rules(name: str) -> None:
    """Counted minute by minute, with nothing of the program's own conflict check."""
    found = made(name)
    rooms = {room.id: room for room in found.rooms}
    days: dict[tuple[int, date], list[Booking]] = defaultdict(list)
    for booking in found.bookings:
        days[booking.room_id, booking.start.date()].append(booking)
    for (room_id, _day), items in days.items():
        room = rooms[room_id]
        if room.side_by_side == 1:
            gap = timedelta(minutes=max(room.buffer_before, room.buffer_after))
            for one, other in pairwise(sorted(items, key=lambda booking: booking.start)):
                assert one.end + gap <= other.start
        else:
            for minute in range(0, 1440, 5):
                there = [b for b in items if minute_of(b.start) <= minute < minute_of(b.end)]
                assert len(there) <= room.side_by_side
                assert sum(b.expected_count for b in there) <= room.capacity
                assert sum(b.actual_count or b.expected_count for b in there) <= room.capacity


@BOTH
def test_bookings_keep_to_opening_hours_closures_and_holidays(name: str) -> None:
    found = made(name)
    for booking in found.bookings:
        start, end = minute_of(booking.start), minute_of(booking.end)
        assert (start >= 600 and end <= 840) or (start >= 960 and end <= 1200)
        assert booking.start.date() not in HOLIDAYS
        for closure in found.closures:
            if closure.room_id in (None, booking.room_id):
                assert booking.end <= closure.start or closure.end <= booking.start


@BOTH
def test_nobody_is_more_than_the_room_takes_and_the_person_responsible_is_there(name: str) -> None:
    found = made(name)
    rooms, team = {room.id: room for room in found.rooms}, {member.id: member for member in found.team}
    for booking in found.bookings:
        assert booking.expected_count <= rooms[booking.room_id].capacity
        assert team[booking.responsible_id].serves_on(booking.start.date())


@BOTH
def test_no_identity_is_used_twice(name: str) -> None:
    found = made(name)
    people = [person.staff.uuid for person in found.tale.people]
    places = [community.uuid for community, _key in found.tale.communities]
    things = [*(room.uuid for room in found.rooms), *(closure.uuid for closure in found.closures)]
    series = [item.series.uuid for item in found.series]
    uuids = [*people, *places, *things, *series, *(booking.uuid for booking in found.bookings)]
    assert len(set(uuids)) == len(uuids)


# --- what it is like -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "yearly", "rooms"), [("typical", 1_500, 5), ("busy", 4_000, 6), ("crowded", 15_000, 12)]
)
def test_a_year_has_about_as_many_bookings_as_the_scale_says(name: str, yearly: int, rooms: int) -> None:
    found = made(name)
    days = (UNTIL - found.tale.first).days
    past = sum(booking.start.date() < UNTIL for booking in found.bookings)
    assert past == pytest.approx(yearly * days / 365.25, rel=0.12)
    assert len(found.rooms) == rooms


def test_the_past_is_done_and_the_future_is_not() -> None:
    states = Counter((b.start.date() < UNTIL, b.status) for b in made("typical").bookings)
    past = {status for done, status in states if done}
    future = {status for done, status in states if not done}
    assert {BookingStatus.DONE, BookingStatus.NO_SHOW, BookingStatus.CANCELLED} <= past
    assert future == {BookingStatus.CONFIRMED, BookingStatus.PENDING, BookingStatus.CANCELLED}
    assert states[True, BookingStatus.DONE] > 0.8 * sum(n for (done, _status), n in states.items() if done)


def test_only_yesterday_may_still_wait_to_be_registered() -> None:
    for booking in made("crowded").bookings:
        if booking.end < datetime.combine(UNTIL, time()) and booking.status is BookingStatus.CONFIRMED:
            assert booking.start.date() == UNTIL - timedelta(days=1)


def test_no_day_lies_outside_the_story() -> None:
    found = made("typical")
    days = {booking.start.date() for booking in found.bookings}
    assert found.tale.first <= min(days)
    assert UNTIL + timedelta(days=28) < max(days) <= UNTIL + AHEAD
    assert found.tale.first == date(2024, 11, 1)


def test_the_months_are_whole_and_as_many_as_the_scale_says() -> None:
    months = made("typical").tale.months
    assert (months[0], months[-1], len(months)) == ("2024-11", "2026-10", 24)
    assert len(story(SCALES["worst"], 1, UNTIL).months) == 120
    assert story(SCALES["typical"], 1, date(2026, 1, 31)).months[-1] == "2025-12"


def test_much_of_it_recurs() -> None:
    found = made("typical")
    ids = {item.series.id for item in found.series}
    members = Counter(booking.series_id for booking in found.bookings)
    assert set(members) == ids | {None}
    assert sum(n for series_id, n in members.items() if series_id) > 0.15 * len(found.bookings)


def test_the_team_is_of_many_kinds() -> None:
    found = made("typical")
    names = [member.name for member in found.team]
    assert {member.tier for member in found.team} == set(Tier)
    assert any(len(name) >= 20 for name in names)
    assert sum("·" in name for name in names) >= 4
    assert any(ord(char) > 0xFFFF for name in names for char in name)
    assert len(found.tale.communities) == 8
    assert any(member.left_on for member in found.team)


def test_every_role_can_log_in_with_a_password_that_would_do_in_earnest() -> None:
    users = [person.user for person in made("typical").tale.people if person.user]
    assert {user.role for user in users} == set(Role)
    for user in users:
        assert list(password_problems(user.password, (user.name, made("typical").tale.station.name))) == []
    assert made("typical").tale.people[0].user == users[0]
    assert users[0].role is Role.HEAD


def test_a_counselling_room_never_says_who_comes() -> None:
    found = made("typical")
    masked = {room.id for room in found.rooms if room.privacy is Privacy.MASKED}
    titles = {booking.title for booking in found.bookings if booking.room_id in masked}
    assert titles
    assert all(title.endswith("号") or title == "固定辅导时段" for title in titles)


# --- the same again ------------------------------------------------------------------------------


def test_the_same_seed_tells_the_same_story() -> None:
    one, other = made("typical"), Made(SCALES["typical"], 1, UNTIL)
    assert one.tale == other.tale
    assert one.bookings == other.bookings


def test_another_seed_tells_another() -> None:
    assert made("typical").bookings != made("typical", 2).bookings
    assert {p.user.password for p in made("typical").tale.people if p.user}.isdisjoint(
        {p.user.password for p in made("typical", 2).tale.people if p.user}
    )


@pytest.mark.parametrize("until", [date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2030, 6, 30)])
def test_any_day_will_do_for_today(until: date) -> None:
    found = Made(Scale(5, 1_500, 2), 3, until)
    assert found.bookings
    for booking in found.bookings:
        assert [*check(booking), *booking.problems()] == []
