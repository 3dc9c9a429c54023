"""Generated records get in whole, only in a demonstration station, and read like any other."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from stationdesk.desk import Desk, fill_demonstration
from stationdesk.errors import Denied, Refused
from stationdesk.records.bookings import Booking, BookingQuery, BookingStatus, Purpose
from stationdesk.records.series import Repeat, Series, Weekday
from tests.stations import at_desk, founded


@pytest.fixture
def head(tmp_path: Path) -> Iterator[Desk]:
    founded(tmp_path / "d", date(2026, 11, 24))
    desk = at_desk(tmp_path / "d")
    yield desk
    desk.close()


def series() -> Series:
    return Series(
        id=7, repeat=Repeat.WEEKLY, weekdays=(Weekday.MONDAY,), first=date(2026, 1, 5), until=date(2026, 12, 28)
    )


def bookings(desk: Desk, count: int) -> Iterator[Booking]:
    room = desk.rooms.all_rooms()[0]
    for number in range(count):
        start = datetime(2020, 1, 6, 10) + timedelta(days=number)
        yield Booking(
            room_id=room.id or 0,
            start=start,
            end=start + timedelta(hours=1),
            purpose=Purpose.GROUP,
            title=f"第{number}次",
            responsible_id=desk.actor.staff_id,
            expected_count=3,
            actual_count=2,
            status=BookingStatus.DONE,
            series_id=7 if number % 2 else None,
        )


@pytest.mark.parametrize("count", [0, 1, 2000, 4001])
def test_any_number_gets_in(head: Desk, count: int) -> None:
    assert fill_demonstration(head, [series(), *bookings(head, count)]) == count + 1
    assert len(head.bookings.find(BookingQuery())) == count


def test_what_gets_in_reads_as_it_was(head: Desk) -> None:
    wanted = tuple(bookings(head, 3))
    fill_demonstration(head, [series(), *wanted])
    ids = head.bookings.find(BookingQuery())
    for booking, booking_id in zip(wanted, ids, strict=True):
        found = head.bookings.load(booking_id)
        for name in ("uuid", "room_id", "start", "end", "purpose", "title", "status", "actual_count", "series_id"):
            assert getattr(found, name) == getattr(booking, name)
        assert found.version == 1
    assert head.bookings.series_of(ids[1]) == Series(
        **{name: getattr(series(), name) for name in ("id", "repeat", "weekdays", "first", "until")},
        uuid=getattr(head.bookings.series_of(ids[1]), "uuid", ""),
        version=1,
    )


def test_all_or_nothing(head: Desk) -> None:
    (booking,) = bookings(head, 1)
    with pytest.raises(Refused):
        fill_demonstration(head, [series(), *bookings(head, 2500), booking, booking])
    assert len(head.bookings.find(BookingQuery())) == 0


def test_a_real_station_takes_none(tmp_path: Path) -> None:
    founded(tmp_path / "real")
    desk = at_desk(tmp_path / "real")
    try:
        with pytest.raises(Denied):
            fill_demonstration(desk, bookings(desk, 1))
        assert len(desk.bookings.find(BookingQuery())) == 0
    finally:
        desk.close()


def test_watchers_hear_of_it(head: Desk) -> None:
    heard: list[frozenset[str]] = []
    head.watch(heard.append)
    fill_demonstration(head, [series(), *bookings(head, 1)])
    assert heard == [frozenset({"series", "booking"})]
