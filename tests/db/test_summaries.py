"""The month as the file has it: cut-off days, closed rooms, switched-off rooms, what is due."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from stationdesk.desk import Desk
from stationdesk.errors import Refused
from stationdesk.records.bookings import Booking
from stationdesk.records.home import DueKind
from stationdesk.records.rooms import Room, RoomClosure


def done(desk: Desk, name: str, start: datetime, hours: float = 1) -> int:
    room = next(r for r in desk.rooms.all_rooms(gone=True) if r.name == name)
    made = Booking(
        room_id=room.id or 0,
        start=start,
        end=start + timedelta(hours=hours),
        title="课",
        responsible_id=desk.actor.staff_id,
        actual_count=3,
    )
    return desk.bookings.book(made)


def only(desk: Desk, *names: str) -> None:
    for room in desk.rooms.all_rooms():
        if room.name not in names:
            desk.rooms.save(replace(room, active=False))


def test_a_month_by_hand(desk: Desk) -> None:
    only(desk, "手工室")
    done(desk, "手工室", datetime(2026, 9, 30, 19))
    for day in (8, 9, 12):
        done(desk, "手工室", datetime(2026, 10, day, 10), 2)
    done(desk, "手工室", datetime(2026, 10, 31, 19))
    desk.rooms.save_closure(RoomClosure(start=datetime(2026, 10, 20), end=datetime(2026, 10, 22), reason="维修"))
    found = desk.summaries.figures(2026, 10)
    assert (found.of("M01").month, found.of("M01").year) == (4, 5)
    assert (found.of("M02").month, found.of("M02").year) == (Decimal("7.0"), Decimal("8.0"))
    # 31 days less seven of the holiday and two closed ones, eight hours each.
    assert found.of("M03").month == (Decimal(420 * 100) / (22 * 480)).quantize(Decimal("0.1"))


def test_the_cut_off_day_moves_the_period(desk: Desk) -> None:
    desk.station.save_profile(replace(desk.station.profile(), cutoff_day=25))
    done(desk, "手工室", datetime(2025, 12, 26, 10))
    done(desk, "手工室", datetime(2026, 9, 28, 10))
    done(desk, "手工室", datetime(2026, 10, 26, 10))
    october = desk.summaries.figures(2026, 10)
    assert (october.period.first, october.period.last) == (date(2026, 9, 26), date(2026, 10, 25))
    assert (october.of("M01").month, october.of("M01").year) == (1, 2)
    january = desk.summaries.figures(2026, 1)
    assert (january.of("M01").month, january.of("M01").year) == (1, 1)
    assert desk.summaries.months()[0] == "2026-01"


def test_only_finished_bookings_count_and_a_room_no_longer_used_still_shows(desk: Desk) -> None:
    number = done(desk, "手工室", datetime(2026, 11, 23, 10))
    room = next(r for r in desk.rooms.all_rooms() if r.name == "手工室")
    open_one = replace(
        desk.bookings.duplicate(number), start=datetime(2026, 11, 23, 16), end=datetime(2026, 11, 23, 17)
    )
    desk.bookings.book(open_one)
    desk.rooms.save(replace(room, active=False))
    found = desk.summaries.figures(2026, 11)
    assert found.of("M01").month == 1
    assert ("手工室", 1) in found.use


def test_empty_and_future_months(desk: Desk) -> None:
    found = desk.summaries.figures(2026, 11)
    assert (found.of("M01").month, found.of("M02").month, found.of("M03").month) == (0, Decimal("0.0"), Decimal("0.0"))
    assert desk.summaries.months() == ("2026-11",)
    assert desk.summaries.latest_complete() == "2026-10"
    with pytest.raises(Refused) as refused:
        desk.summaries.figures(2026, 12)
    assert "2026-12还没有开始" in refused.value.say()


def test_home_shows_what_is_due(desk: Desk) -> None:
    past = done(desk, "手工室", datetime(2026, 10, 9, 10))
    unclosed = replace(desk.bookings.duplicate(past), start=datetime(2026, 11, 23, 10), end=datetime(2026, 11, 23, 11))
    desk.bookings.book(unclosed)
    today = replace(desk.bookings.duplicate(past), start=datetime(2026, 11, 24, 16), end=datetime(2026, 11, 24, 17))
    desk.bookings.book(today)
    room = desk.rooms.all_rooms()[0]
    desk.rooms.save(replace(room, safety_check_due=date(2026, 11, 20)))
    view = desk.home.view()
    assert [row.start.hour for row in view.bookings] == [16]
    kinds = [due.kind for due in view.due]
    assert kinds == [DueKind.CHECK_OUT, DueKind.SAFETY]
    assert all(due.overdue for due in view.due)
    assert [month.times for month in view.months] == [0, 0, 0, 0, 1, 0]
    assert view.booked_this_month == 2


def test_a_new_station_has_an_empty_home(desk: Desk) -> None:
    view = desk.home.view()
    assert (view.bookings, view.coming, view.due) == ((), (), ())
    assert len(view.rooms) == 12


def test_rooms_with_the_same_start_are_all_listed(desk: Desk) -> None:
    desk.rooms.save(Room(name="第十三室"))
    assert len(desk.home.view().rooms) == 13
