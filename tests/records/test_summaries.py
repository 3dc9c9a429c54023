"""The counting rules, on the worked example of October 2026 and on any facts at all."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.calendar import period, year_to_date
from stationdesk.records.counting import (
    Event,
    Membership,
    busy_minutes,
    entries,
    exits,
    hours,
    person_times,
    persons,
    rate,
    stock,
    times,
    within,
)
from stationdesk.records.staff import Post, Staff, Tier
from stationdesk.records.summaries import Block, Facts, Figure, RoomFacts, RoomUse, count, cross_checks

OCTOBER = period(2026, 10)
YEAR = year_to_date(OCTOBER)

# Children 1-6 and their stretches in stock.
STOCK = (
    Membership(1, date(2025, 3, 1)),
    Membership(2, date(2025, 3, 1)),
    Membership(3, date(2026, 10, 9)),
    Membership(4, date(2024, 5, 1), date(2026, 10, 20)),
    Membership(5, date(2026, 1, 15)),
    Membership(6, date(2026, 2, 1), date(2026, 6, 30)),
)


def event(number: int, month: int, day: int, who: set[int], more: int = 0) -> Event:
    return Event(number, date(2026, month, day), frozenset(who), more)


VISITS = (
    event(1, 5, 8, {6, 4}),
    event(2, 9, 8, {1, 2, 4, 5}),
    event(3, 10, 5, {1, 2}),
    event(4, 10, 12, {3}),
    event(5, 10, 19, {1, 2}),
)
COUNSEL = (event(6, 3, 3, {6}), event(7, 10, 8, {5}), event(8, 10, 15, {5}), event(9, 10, 22, {1}))
RELIEF = (event(10, 10, 10, {1, 2, 4, 5}),)
SESSIONS = (
    event(11, 10, 17, {1, 2, 5}, 27),
    event(12, 10, 18, {1, 3}, 4),
    event(13, 10, 25, {1, 3, 5}, 5),
    event(14, 10, 28, set(), 120),
)


def three(events: tuple[Event, ...], *, year: bool = False) -> tuple[int, int, int]:
    found = within(events, YEAR if year else OCTOBER)
    return times(found), person_times(found), persons(found)


def test_worked_example_of_services() -> None:
    assert three(VISITS) == (3, 5, 3)
    assert three(VISITS, year=True) == (5, 11, 6)
    assert three(RELIEF) == (1, 4, 4)
    assert three(COUNSEL) == (3, 3, 2)
    assert three(COUNSEL, year=True) == (4, 4, 3)
    assert three(VISITS + COUNSEL + RELIEF) == (7, 12, 5)
    assert three(VISITS + COUNSEL + RELIEF, year=True) == (10, 19, 6)


def test_worked_example_of_stock() -> None:
    assert len(stock(STOCK, date(2026, 9, 30))) == 4
    assert (entries(STOCK, OCTOBER), exits(STOCK, OCTOBER)) == (1, 1)
    assert stock(STOCK, OCTOBER.last) == {1, 2, 3, 5}
    assert (entries(STOCK, YEAR), exits(STOCK, YEAR)) == (3, 2)


def test_worked_example_of_sessions() -> None:
    assert three(SESSIONS) == (4, 164, 4)
    assert sum(len(e.persons) for e in SESSIONS) == 8
    everything = VISITS + COUNSEL + RELIEF
    assert three(everything)[1] + three(SESSIONS)[1] == 176
    assert three(everything + SESSIONS)[2] == 5


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
events = st.lists(
    st.builds(Event, st.integers(), days, st.frozensets(st.integers(1, 9)), st.integers(0, 50)), max_size=30
).map(tuple)


@given(events, st.integers(1, 31))
def test_months_add_up_except_persons(found: tuple[Event, ...], cutoff: int) -> None:
    months = [within(found, period(2026, m, cutoff)) for m in range(1, 13)]
    whole = within(found, year_to_date(period(2026, 12, cutoff), cutoff))
    assert sum(times(m) for m in months) == times(whole)
    assert sum(person_times(m) for m in months) == person_times(whole)
    assert max([persons(m) for m in months]) <= persons(whole) <= sum(persons(m) for m in months)


def ended(found: tuple[date, int | None]) -> tuple[date, date | None]:
    first, length = found
    return first, None if length is None else first + timedelta(days=length)


memberships = st.lists(
    st.tuples(days, st.none() | st.integers(0, 200)).map(ended),
    max_size=20,
).map(lambda found: tuple(Membership(n, a, b) for n, (a, b) in enumerate(found)))


@given(memberships, st.integers(1, 31), st.integers(2, 12))
def test_stock_identity(found: tuple[Membership, ...], cutoff: int, month: int) -> None:
    now = period(2026, month, cutoff)
    before = len(stock(found, now.first - timedelta(days=1)))
    assert len(stock(found, now.last)) == before + entries(found, now) - exits(found, now)


def test_rounding() -> None:
    assert [hours(m) for m in (0, 3, 90, 100)] == [Decimal("0.0"), Decimal("0.1"), Decimal("1.5"), Decimal("1.7")]
    assert rate(1, 3) == Decimal("33.3")
    assert rate(1, 2000) == Decimal("0.1")
    assert rate(5, 0) is None


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 40)), max_size=8))
def test_busy_minutes_count_each_minute_once(found: list[tuple[int, int]]) -> None:
    base = datetime(2026, 10, 1)
    stretches = [(base + timedelta(minutes=s), base + timedelta(minutes=s + n)) for s, n in found]
    assert busy_minutes(stretches) == len({m for s, n in found for m in range(s, s + n)})


def use(number: int, room: int, start: datetime, minutes: int) -> RoomUse:
    return RoomUse(number, room, start, start + timedelta(minutes=minutes))


FACTS = Facts(
    uses=(
        use(1, 1, datetime(2026, 2, 3, 10), 60),
        use(2, 1, datetime(2026, 10, 1, 10), 90),
        use(3, 2, datetime(2026, 10, 31, 18), 60),
        use(4, 2, datetime(2026, 10, 31, 18), 60),
    ),
    rooms=(RoomFacts(1, "甲", 1000, 5000), RoomFacts(2, "乙", 500, 2500)),
    staff=(),
)


def member(number: int, tier: Tier, *posts: Post, **more: date | bool) -> Staff:
    return Staff(id=number, name="某", tier=tier, posts=posts, employer="站", **more)  # type: ignore[arg-type]


def test_rooms_and_team() -> None:
    staff = (
        member(1, Tier.STATION_HEAD, Post.HEAD),
        member(2, Tier.SOCIAL_WORKER, Post.SOCIAL_WORKER, Post.COUNSELLOR, full_time=False),
        member(3, Tier.CHILD_DIRECTOR, Post.DIRECTOR, left_on=date(2026, 10, 30)),
        member(4, Tier.CHILD_DIRECTOR, Post.DIRECTOR, left_on=date(2026, 10, 31)),
        member(5, Tier.CHILD_SUPERVISOR, Post.SUPERVISOR, entered_on=date(2026, 11, 1)),
    )
    found = count("站", OCTOBER, 31, replace(FACTS, staff=staff))
    assert [found.of(c).month for c in ("A01", "A02", "A03", "A04", "A05", "A06")] == [3, 2, 0, 1, 1, 1]
    assert (found.of("M01").month, found.of("M01").year) == (3, 4)
    assert (found.of("M02").month, found.of("M02").year) == (Decimal("3.5"), Decimal("4.5"))
    # The two uses of the second room were at the same time: 90 + 60 of 1500 open minutes.
    assert (found.of("M03").month, found.of("M03").year) == (Decimal("10.0"), Decimal("2.8"))
    assert (found.of("M12", "次").month, found.of("M12", "小时").month) == (2, Decimal("2.0"))
    assert found.of("M01").month_ids == (2, 3, 4)
    assert all(check.holds for check in cross_checks(found))


def test_january_holds_its_own_equation_and_a_wrong_sum_is_seen() -> None:
    january = count("站", period(2026, 1), 31, Facts((use(9, 1, datetime(2026, 1, 5, 10), 60),), FACTS.rooms, ()))
    assert any("1月" in check.text and check.holds for check in cross_checks(january))
    torn = count("站", OCTOBER, 31, Facts(FACTS.uses, FACTS.rooms[:1], ()))
    assert not all(check.holds for check in cross_checks(torn))


def test_a_later_block_does_not_join_the_sum_of_the_rooms() -> None:
    found = count("站", OCTOBER, 31, FACTS)
    later = Block("N", "求助投诉", (Figure("N01", "受理", "次", 5, 5),))
    assert all(check.holds for check in cross_checks(replace(found, blocks=(*found.blocks, later))))
