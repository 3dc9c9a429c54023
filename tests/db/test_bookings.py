"""Bookings: every rule in the same transaction as the insert, masks, undo, two writers."""

import multiprocessing
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, DeskError, Missing, Refused
from stationdesk.records.access import Actor, Role
from stationdesk.records.bookings import Booking, BookingQuery, BookingRow, BookingStatus
from stationdesk.records.rooms import Room, RoomClosure
from stationdesk.records.series import Scope, Series
from tests.stations import at_desk, with_everyone


def room(desk: Desk, name: str) -> Room:
    return next(r for r in desk.rooms.all_rooms(gone=True) if r.name == name)


def booking(desk: Desk, name: str, day: int, start: float, hours: float = 1, **more: object) -> Booking:
    begin = datetime(2026, 11, day) + timedelta(hours=start)
    values = {"title": "绘画小组", "responsible_id": desk.actor.staff_id} | more
    end = begin + timedelta(hours=hours)
    return Booking(room_id=room(desk, name).id or 0, start=begin, end=end, **values)  # type: ignore[arg-type]


def refused(desk: Desk, made: Booking) -> str:
    with pytest.raises(Refused) as found:
        desk.bookings.book(made)
    return found.value.say()


def test_touching_bookings_stand_and_overlapping_ones_are_named(desk: Desk) -> None:
    desk.bookings.book(booking(desk, "手工室", 25, 10))
    desk.bookings.book(booking(desk, "手工室", 25, 11))
    assert "手工室 2026-11-25 10:00-11:00 已有预约“绘画小组”" in refused(desk, booking(desk, "手工室", 25, 10.5, 0.5))


def test_the_gap_of_a_counselling_room(desk: Desk) -> None:
    desk.bookings.book(booking(desk, "心理辅导室", 25, 10))
    assert "前后须留空15分钟" in refused(desk, booking(desk, "心理辅导室", 25, 11))
    desk.bookings.book(booking(desk, "心理辅导室", 25, 11.25))


def test_every_rule_speaks_at_once(desk: Desk) -> None:
    said = refused(desk, booking(desk, "手工室", 25, 15, expected_count=99, responsible_id=999))
    assert "不在开放时间内" in said
    assert "超过手工室的容纳人数20人" in said
    assert "请选择现场负责人" in said


def test_rooms_out_of_use_and_far_ahead(desk: Desk) -> None:
    desk.rooms.save(replace(room(desk, "手工室"), active=False))
    assert "已停用" in refused(desk, booking(desk, "手工室", 25, 10))
    far = booking(desk, "会议室", 25, 10)
    far = replace(far, start=far.start.replace(year=2027, day=26), end=far.end.replace(year=2027, day=26))
    assert "提前一年" in refused(desk, far)


def test_closures_and_holidays_and_the_heads_override(desk: Desk) -> None:
    day = datetime(2026, 11, 25)
    desk.rooms.save_closure(RoomClosure(start=day.replace(hour=10), end=day.replace(hour=12), reason="消毒"))
    said = refused(desk, booking(desk, "手工室", 25, 11))
    assert "消毒" in said
    desk.bookings.book(booking(desk, "手工室", 25, 12))
    desk.bookings.book(booking(desk, "手工室", 25, 11, override_reason="上级临时检查"))
    assert "已有预约" in refused(desk, booking(desk, "手工室", 25, 11, override_reason="上级临时检查"))
    festival = replace(booking(desk, "手工室", 25, 10), start=datetime(2026, 10, 2, 10), end=datetime(2026, 10, 2, 11))
    assert "国庆节" in refused(desk, festival)


def test_only_the_head_overrides(desk: Desk) -> None:
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    worker = at_desk(data, names[Role.SOCIAL_WORKER])
    said = refused(worker, booking(worker, "手工室", 25, 10, expected_count=30, override_reason="人多"))
    assert "只有站长可以特批" in said
    assert "容纳人数" in said
    worker.close()


def test_a_reading_room_takes_several_up_to_its_capacity(desk: Desk) -> None:
    for _ in range(3):
        desk.bookings.book(booking(desk, "图书阅览室", 25, 10, 2, expected_count=8))
    assert "已有24人" in refused(desk, booking(desk, "图书阅览室", 25, 11, 2, expected_count=7))
    desk.bookings.book(booking(desk, "图书阅览室", 25, 11, 2, expected_count=6))
    assert "已有预约" in refused(desk, booking(desk, "图书阅览室", 25, 11, 2, expected_count=1))


def test_saving_again_after_a_doubtful_error_makes_no_second(desk: Desk) -> None:
    made = booking(desk, "手工室", 25, 10)
    assert desk.bookings.book(made) == desk.bookings.book(made)
    assert len(desk.bookings.find(BookingQuery())) == 1


def test_an_old_version_is_a_conflict(desk: Desk) -> None:
    desk.bookings.book(booking(desk, "手工室", 25, 10))
    first = desk.bookings.load(1)
    desk.bookings.change(replace(first, title="改一"))
    with pytest.raises(Conflict):
        desk.bookings.change(replace(first, title="改二"))
    assert desk.bookings.load(1).title == "改一"


def test_states_go_only_where_they_may(desk: Desk) -> None:
    past = desk.bookings.book(booking(desk, "手工室", 23, 10))
    coming = desk.bookings.book(booking(desk, "手工室", 25, 10))
    with pytest.raises(Refused):
        desk.bookings.no_show(coming)
    with pytest.raises(Refused):
        desk.bookings.check_out(coming, 3)
    with pytest.raises(Refused):
        desk.bookings.cancel(coming, "  ")
    desk.bookings.check_in(past)
    desk.bookings.check_out(past, 0)
    assert desk.bookings.load(past).status is BookingStatus.DONE
    with pytest.raises(Refused):
        desk.bookings.cancel(past, "晚了")
    late = desk.bookings.book(booking(desk, "会议室", 20, 10, actual_count=7))
    assert desk.bookings.load(late).status is BookingStatus.DONE


def test_undo_gives_the_state_back_unless_the_time_was_taken(desk: Desk) -> None:
    number = desk.bookings.book(booking(desk, "手工室", 25, 10))
    undo = desk.bookings.cancel(number, "下雪")
    assert desk.bookings.load(number).cancel_reason == "下雪"
    desk.bookings.undo_cancel(undo)
    assert desk.bookings.load(number).status is BookingStatus.CONFIRMED
    undo = desk.bookings.cancel(number, "下雪")
    desk.bookings.book(booking(desk, "手工室", 25, 10))
    with pytest.raises(Refused):
        desk.bookings.undo_cancel(undo)


def test_approval(desk: Desk) -> None:
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    worker = at_desk(data, names[Role.SOCIAL_WORKER])
    number = worker.bookings.book(booking(worker, "会议室", 25, 10))
    assert worker.bookings.load(number).status is BookingStatus.PENDING
    with pytest.raises(Denied):
        worker.bookings.approve(number)
    worker.close()
    boss = at_desk(data, names[Role.SUPERVISOR])
    assert "已有预约" in refused(boss, booking(boss, "会议室", 25, 10))
    boss.bookings.approve(number)
    with pytest.raises(Refused):
        boss.bookings.reject(number, "已批准过")
    boss.close()


def test_moving_is_no_way_around_approval(desk: Desk) -> None:
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    worker = at_desk(data, names[Role.SOCIAL_WORKER])
    number = worker.bookings.book(booking(worker, "手工室", 25, 10))
    made = worker.bookings.load(number)
    worker.bookings.move(number, room(worker, "会议室").id or 0, made.start, made.end)
    assert worker.bookings.load(number).status is BookingStatus.PENDING
    weekly = Series(first=date(2026, 12, 2), until=date(2026, 12, 9))
    ids = worker.bookings.book_series(booking(worker, "手工室", 25, 10), weekly).ids
    first = worker.bookings.load(ids[0])
    worker.bookings.change_series(replace(first, room_id=room(worker, "会议室").id or 0), Scope.ALL)
    assert {worker.bookings.load(n).status for n in ids} == {BookingStatus.PENDING}
    worker.close()
    boss = at_desk(data, names[Role.SUPERVISOR])
    boss.bookings.approve(number)
    boss.bookings.change(replace(boss.bookings.load(number), title="改字"))
    assert boss.bookings.load(number).status is BookingStatus.CONFIRMED
    boss.close()


def test_masked_bookings_tell_nothing_by_any_door(desk: Desk) -> None:
    number = desk.bookings.book(booking(desk, "心理辅导室", 25, 10, title="张某辅导", applicant_name="张某"))
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    clerk = at_desk(data, names[Role.CLERK])
    row = clerk.bookings.rows([number])[0]
    assert (row.masked, row.title, row.purpose, row.responsible_name) == (True, "", None, None)
    assert row.expected_count is None
    assert row.start == datetime(2026, 11, 25, 10)
    assert "张某" not in refused(clerk, booking(clerk, "心理辅导室", 25, 10))
    for words in ("张某", "赛乃姆"):
        assert len(clerk.bookings.find(BookingQuery(words=words))) == 0
    assert len(clerk.bookings.find(BookingQuery(words="心理"))) == 1
    for door in (clerk.bookings.load, clerk.bookings.duplicate, clerk.bookings.check_in):
        with pytest.raises(Missing):
            door(number)
    with pytest.raises(Missing):
        clerk.bookings.load(987654)
    own = clerk.bookings.book(booking(clerk, "心理辅导室", 26, 10, title="我登记的"))
    assert clerk.bookings.rows([own])[0].title == "我登记的"
    clerk.close()


def test_a_reviewer_looks_but_does_not_book(desk: Desk) -> None:
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    reviewer = at_desk(data, names[Role.REVIEWER])
    assert len(reviewer.bookings.between(datetime(2026, 1, 1), datetime(2027, 1, 1))) == 0
    with pytest.raises(Denied):
        reviewer.bookings.book(booking(reviewer, "手工室", 25, 10))
    reviewer.close()


def test_queries_sort_and_filter(desk: Desk) -> None:
    for day, title in ((25, "乙"), (24, "甲"), (26, "%甲_")):
        desk.bookings.book(booking(desk, "手工室", day, 18, title=title))
    store = desk.bookings
    assert [r.title for r in store.rows(store.find(BookingQuery()))] == ["甲", "乙", "%甲_"]
    assert [r.title for r in store.rows(store.find(BookingQuery(descending=True)))] == ["%甲_", "乙", "甲"]
    assert [r.title for r in store.rows(store.find(BookingQuery(words="%")))] == ["%甲_"]
    for sort in ("room_name", "end", "purpose", "responsible_name", "status", "无此列"):
        assert len(store.find(BookingQuery(sort=sort))) == 3
    one = BookingQuery(start=datetime(2026, 11, 25), end=datetime(2026, 11, 26), statuses=(BookingStatus.CONFIRMED,))
    assert [r.title for r in store.rows(store.find(one))] == ["乙"]


def test_moving_and_next_free(desk: Desk) -> None:
    number = desk.bookings.book(booking(desk, "手工室", 25, 10))
    desk.bookings.move(number, room(desk, "会议室").id or 0, datetime(2026, 11, 26, 16), datetime(2026, 11, 26, 17))
    moved = desk.bookings.load(number)
    assert (moved.room_id, moved.start.day) == (room(desk, "会议室").id, 26)
    desk.bookings.cancel(number, "停")
    with pytest.raises(Refused):
        desk.bookings.move(number, moved.room_id, moved.start, moved.end)
    assert desk.bookings.next_free(moved.room_id, 241, datetime(2026, 11, 25)) is None
    slot = desk.bookings.next_free(moved.room_id, 240, datetime(2026, 11, 25, 10, 1))
    assert slot == (datetime(2026, 11, 25, 16), datetime(2026, 11, 25, 20))
    assert desk.bookings.month_loads(date(2026, 11, 1), date(2026, 11, 30)) == ()


def _race(data: Path, results: "multiprocessing.Queue[int]") -> None:
    """A second program on the same file with the same settings: only the lock is left out."""
    from stationdesk.db import keyring
    from stationdesk.db.engine import Database
    from stationdesk.db.series import SeriesStore
    from tests.stations import HEAD, PASSWORD, now

    keys = keyring.open_slot(keyring.read(data / "station.keys"), HEAD, PASSWORD)
    actor = Actor(username=HEAD, staff_id=1, name="甲", role=Role.HEAD)
    store = SeriesStore(Database(data / "station.db", keys.core), actor, now)
    results.put(_book_fifty(store))


def _book_fifty(store: object) -> int:
    won = 0
    for number in range(50):
        start = datetime(2026, 11, 25, 10) + timedelta(days=number)
        made = Booking(room_id=3, start=start, end=start + timedelta(hours=1), title="争", responsible_id=1)
        try:
            store.book(made)  # type: ignore[attr-defined]
        except DeskError:
            continue
        won += 1
    return won


def test_two_threads_never_book_one_slot_twice(desk: Desk) -> None:
    won: list[int] = []
    threads = [threading.Thread(target=lambda: won.append(_book_fifty(desk.bookings))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(won) == len(desk.bookings.find(BookingQuery())) == len({r.start for r in all_rows(desk)}) == 50


def all_rows(desk: Desk) -> tuple[BookingRow, ...]:
    return desk.bookings.rows(desk.bookings.find(BookingQuery()))


def test_two_processes_never_book_one_slot_twice(desk: Desk) -> None:
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[int] = context.Queue()
    others = [context.Process(target=_race, args=(desk.data, results)) for _ in range(2)]
    for other in others:
        other.start()
    won = sum(results.get(timeout=60) for _ in others)
    for other in others:
        other.join()
    found = all_rows(desk)
    assert won == len(found) == len({row.start for row in found}) == 50
