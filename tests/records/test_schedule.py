"""Open or closed, free or taken: the rules against a minute-by-minute model."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.bookings import Booking
from stationdesk.records.calendar import DEFAULT_HOURS, DayKind, Span, SpecialDay, WeekHours
from stationdesk.records.rooms import Room, RoomClosure
from stationdesk.records.schedule import (
    DayRules,
    Held,
    Verdict,
    capacity_problem,
    clash,
    closed_problem,
    free_slots,
    rules_for,
)

DAY = date(2026, 11, 25)
ROOM = Room(id=1, name="甲", capacity=10)


def at(minute: int) -> datetime:
    return datetime(2026, 11, 25) + timedelta(minutes=minute)


def booking(start: int, end: int, heads: int = 1) -> Booking:
    return Booking(room_id=1, start=at(start), end=at(end), title="课", expected_count=heads)


stretches = st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda t: (t[0] * 5, t[0] * 5 + t[1] * 5))


@given(stretches, st.integers(-14, 14), st.integers(1, 24), st.integers(0, 60), st.integers(0, 60))
def test_one_at_a_time_with_unequal_gaps(
    one: tuple[int, int], apart: int, length: int, before: int, after: int
) -> None:
    # The second begins around the end of the first, where the gap decides.
    start = max(one[1] + apart * 5, 0)
    two = (start, start + length * 5)
    room = replace(ROOM, buffer_before=before, buffer_after=after)
    earlier, later = sorted((one, two))
    wanted = later[0] < earlier[1] + max(before, after)
    for new, old in ((one, two), (two, one)):
        found = clash(room, booking(*new), [Held(at(old[0]), at(old[1]), 1, "旧")])
        assert (found is not None) == wanted


@given(st.lists(st.tuples(stretches, st.integers(1, 6)), max_size=6), stretches, st.integers(1, 6), st.integers(2, 4))
def test_side_by_side_against_every_minute(
    held: list[tuple[tuple[int, int], int]], new: tuple[int, int], heads: int, most: int
) -> None:
    room = replace(ROOM, side_by_side=most)
    found = clash(room, booking(*new, heads), [Held(at(s), at(e), n, "旧") for (s, e), n in held])
    crowded = False
    for minute in range(new[0], new[1], 5):
        present = [n for (s, e), n in held if s <= minute < e]
        crowded |= len(present) >= most or (bool(present) and sum(present) + heads > room.capacity)
    assert (found is not None) == crowded


def test_too_many_bookings_are_said_before_too_many_heads() -> None:
    room = replace(ROOM, side_by_side=2)
    first, second, third = (Held(at(600), at(660), 10, "满"), *[Held(at(m), at(720), 1, "半") for m in (660, 665)])
    for new in (booking(600, 720), booking(600, 690), booking(605, 720)):
        found = clash(room, new, [first, second, third])
        assert found is not None
        assert found.field == "start"


def test_touching_bookings_do_not_clash() -> None:
    assert clash(ROOM, booking(660, 720), [Held(at(600), at(660), 1, "前"), Held(at(720), at(780), 1, "后")]) is None


def test_a_clash_says_with_what_and_when() -> None:
    found = clash(ROOM, booking(600, 660), [Held(at(630), at(690), 1, "绘画小组")])
    assert found is not None
    assert found.say() == "甲 2026-11-25 10:30-11:30 已有预约“绘画小组”，请换一个时间或场地。"
    masked = clash(ROOM, booking(600, 660), [Held(at(630), at(690), 1, "")])
    assert masked is not None
    assert "“已预约”" in masked.say()


def rules(*closures: RoomClosure, special: SpecialDay | None = None, hours: WeekHours = DEFAULT_HOURS) -> DayRules:
    return rules_for(ROOM, hours, {special.day: special} if special else {}, closures)


def verdict(found: tuple[Verdict, object] | None) -> Verdict:
    return Verdict.OK if found is None else found[0]


def test_closures_block_only_the_hours_they_overlap() -> None:
    closed = rules(RoomClosure(start=at(600), end=at(690), reason="消毒"))
    assert verdict(closed_problem(booking(660, 720), closed)) is Verdict.CLOSED
    assert verdict(closed_problem(booking(690, 720), closed)) is Verdict.OK
    other = rules(RoomClosure(room_id=2, start=at(0), end=at(1440), reason="别的房间"))
    assert verdict(closed_problem(booking(660, 720), other)) is Verdict.OK
    assert closed.open_spans(DAY) == (Span(690, 840), Span(960, 1200))


def test_hours_holidays_and_make_up_days() -> None:
    assert verdict(closed_problem(booking(840, 900), rules())) is Verdict.CLOSED
    assert verdict(closed_problem(booking(780, 1000), rules())) is Verdict.CLOSED
    holiday = SpecialDay(day=DAY, kind=DayKind.HOLIDAY, name="演练放假")
    found = closed_problem(booking(600, 660), rules(special=holiday))
    assert verdict(found) is Verdict.HOLIDAY
    never = WeekHours(((Span(540, 600),), (), (), (), (), (), ()))
    assert rules(hours=never).spans(DAY) == ()
    worked = SpecialDay(day=DAY, kind=DayKind.WORKDAY, name="调休")
    assert rules(special=worked, hours=never).spans(DAY) == (Span(540, 600),)


@given(st.lists(stretches, max_size=4))
def test_open_minutes_are_what_closures_leave(closed: list[tuple[int, int]]) -> None:
    found = rules(*(RoomClosure(start=at(s), end=at(e), reason="关") for s, e in closed))
    minutes = [m for span in DEFAULT_HOURS.on(DAY) for m in range(span.start, span.end)]
    left = [m for m in minutes if not any(s <= m < e for s, e in closed)]
    assert found.open_minutes(DAY, DAY) == len(left)


def test_capacity() -> None:
    assert capacity_problem(ROOM, booking(600, 660, 10)) is None
    found = capacity_problem(ROOM, booking(600, 660, 11))
    assert found is not None
    assert "预计11人，超过甲的容纳人数10人" in found.say()


def test_the_next_free_slot_keeps_the_gap() -> None:
    room = replace(ROOM, buffer_after=10)
    held = [Held(at(600), at(660), 1, "课")]
    found = next(free_slots(room, rules(), held, at(0), 60, 2))
    assert found == at(675)
    assert next(free_slots(room, rules(), held, at(1201), 60, 1), None) is None
