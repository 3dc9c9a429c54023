"""A station is set up whole or not at all, and opens for those who may."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from stationdesk import backups
from stationdesk import desk as desks
from stationdesk.accounts import add_account
from stationdesk.db.opening import Found
from stationdesk.desk import Desk, log_in, look, prepare, same_recovery_key, set_up
from stationdesk.errors import AlreadyOpen, Denied, Missing, Problem, Refused, StorageTrouble, WrongPassword
from stationdesk.records.access import Right, Role
from stationdesk.records.bookings import BookingQuery
from stationdesk.records.staff import Post, Staff, Tier
from tests.stations import (
    CHEAP,
    CUT_OFF,
    HEAD,
    NOW,
    PASSWORD,
    at_desk,
    found_and_be_cut_off,
    founded,
    new_station,
    prepared,
    with_everyone,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "数据 夹"
    founded(folder)
    return folder


@pytest.fixture
def head(data: Path) -> Iterator[Desk]:
    desk = at_desk(data)
    yield desk
    desk.close()


# --- setting up ----------------------------------------------------------------------------------


def test_a_new_station_opens_as_its_head(tmp_path: Path) -> None:
    assert look(tmp_path / "new") is Found.EMPTY
    desk = set_up(tmp_path / "new", prepared(), new_station(), any_folder=True)
    try:
        assert (desk.actor.username, desk.actor.role, desk.actor.name) == (HEAD, Role.HEAD, "赛乃姆·托合提")
        assert desk.station_name == "甲区乙街道未成年人保护工作站"
        assert not desk.demo
        assert not desk.read_only
    finally:
        desk.close()
    assert look(tmp_path / "new") is Found.READY


def test_what_was_told_is_there(head: Desk) -> None:
    assert {room.name for room in head.rooms.all_rooms()} == {room.name for room in new_station().rooms}
    assert head.station.profile().head_id == head.actor.staff_id
    assert head.staff.load(head.actor.staff_id).tier is Tier.STATION_HEAD
    assert head.station.years_with_holidays() == (2024, 2025, 2026)
    assert len(head.bookings.find(BookingQuery())) == 0


def test_a_station_is_never_put_over_another(data: Path) -> None:
    before = {file.name: file.read_bytes() for file in data.iterdir() if file.suffix != ".lock"}
    with pytest.raises(StorageTrouble):
        set_up(data, prepared(), new_station(), any_folder=True)
    assert {file.name: file.read_bytes() for file in data.iterdir() if file.suffix != ".lock"} == before


def test_what_breaks_a_rule_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    new = new_station()
    for wrong, field in (
        (replace(new, station=replace(new.station, division_code="12")), "division_code"),
        (replace(new, head=replace(new.head, posts=())), "posts"),
        (replace(new, rooms=(new.rooms[0], replace(new.rooms[1], name=new.rooms[0].name))), "rooms"),
        (replace(new, rooms=(replace(new.rooms[0], capacity=0),)), "capacity"),
    ):
        with pytest.raises(Refused) as caught:
            set_up(tmp_path / "new", prepared(), wrong, any_folder=True)
        assert [problem.field for problem in caught.value.problems] == [field]
    assert look(tmp_path / "new") is Found.EMPTY
    assert not (tmp_path / "new").exists()


def test_cut_off_at_any_moment_leaves_nothing_or_a_station_that_opens(memory: Path) -> None:
    ways = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    context.set_forkserver_preload(
        [
            "tests.test_desk",
            "alembic.config",
            "alembic.runtime.environment",
            "alembic.script",
            "sqlalchemy.dialects.sqlite",
        ]
    )
    seen, left = [], set[frozenset[str]]()
    # Each second moment: neighbours leave the same.
    for moment in count(step=2):
        data = memory / str(moment)
        attempt = context.Process(target=found_and_be_cut_off, args=(data, moment))
        attempt.start()
        attempt.join()
        assert attempt.exitcode in (0, CUT_OFF)
        seen.append(look(data))
        # What lies there is tried once for each way it can be left, not once for each moment.
        names = frozenset(path.name for path in data.glob("*"))
        if seen[-1] is Found.EMPTY and names not in left:
            founded(data)
            at_desk(data).close()
        elif seen[-1] is not Found.EMPTY:
            at_desk(data).close()
        left.add(names)
        if attempt.exitcode == 0:
            break
    assert set(seen) == {Found.EMPTY, Found.READY}
    assert len(seen) > 8


def test_a_disk_that_takes_no_note_keeps_nobody_from_reading(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    data = desk.data
    desk.close()

    def full(*_words: object) -> None:
        raise StorageTrouble(Problem("", "磁盘已满，没有保存。"))

    monkeypatch.setattr("stationdesk.db.accounts.note_login", full)
    later = at_desk(data)
    assert "磁盘已满，没有保存。" in later.opened.notes
    assert later.rooms.all_rooms()
    later.close()


# --- passwords and the recovery key --------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("zhan", "short", "password"),
        ("zhan", "123456789012", "password"),
        ("  ", PASSWORD, "username"),
        ("z" * 41, PASSWORD, "username"),
        ("zhanzhanzhan", "zhanzhanzhan", "password"),
    ],
)
def test_a_bad_account_is_refused(username: str, password: str, field: str) -> None:
    with pytest.raises(Refused) as caught:
        prepare(username, password, cost=CHEAP)
    assert field in {problem.field for problem in caught.value.problems}


def test_the_recovery_key_is_known_however_it_is_typed() -> None:
    ready = prepared()
    key = ready.recovery_key
    assert len(key.split("-")) == 7
    assert same_recovery_key(ready, key)
    assert same_recovery_key(ready, f"  {key.lower().replace('-', ' ')} ")
    assert not same_recovery_key(ready, prepared().recovery_key)
    assert not same_recovery_key(ready, key[:-1])
    assert not same_recovery_key(ready, "")


def test_keys_do_not_show_in_a_traceback() -> None:
    ready = prepared()
    assert ready.recovery_key not in repr(ready)
    assert ready.keys.core.hex() not in repr(ready)


# --- logging in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("username", "password"), [(HEAD, "wrong"), ("nobody", PASSWORD), ("", ""), ("*", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_the_same(data: Path, username: str, password: str) -> None:
    with pytest.raises(WrongPassword) as caught:
        log_in(data, username, password, any_folder=True)
    assert caught.value.say() == "用户名或口令错误。"
    at_desk(data).close()


def test_spaces_around_the_user_name_are_forgiven(data: Path) -> None:
    log_in(data, f" {HEAD} ", PASSWORD, any_folder=True).close()


def test_an_empty_folder_says_that_it_is_empty(tmp_path: Path) -> None:
    with pytest.raises(StorageTrouble) as caught:
        log_in(tmp_path, HEAD, PASSWORD)
    assert "没有工作站数据" in caught.value.say()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_will_not_do_says_why(data: Path) -> None:
    (data / "station.db").write_bytes(b"SQLite format 3\x00" + bytes(4080))
    with pytest.raises(StorageTrouble) as caught:
        at_desk(data)
    assert caught.value.say() == "发现未加密的数据库,拒绝打开。"


def test_two_desks_at_a_time_are_one_too_many(head: Desk) -> None:
    with pytest.raises(AlreadyOpen):
        at_desk(head.data)


def test_each_role_sits_down_with_its_rights(data: Path) -> None:
    desk = at_desk(data)
    names = with_everyone(desk)
    desk.close()
    for role, name in names.items():
        desk = at_desk(data, name)
        try:
            assert desk.actor.role is role
            assert desk.actor.may(Right.BOOK) is (role is not Role.REVIEWER)
        finally:
            desk.close()


def test_only_those_who_need_it_hold_the_second_key(data: Path) -> None:
    desk = at_desk(data)
    names = with_everyone(desk)
    desk.close()
    holders = set()
    for role, name in names.items():
        desk = at_desk(data, name)
        if desk.opened.keys.restricted is not None:
            holders.add(role)
        desk.close()
    assert holders == {Role.HEAD, Role.COUNSELLOR}


def test_an_account_switched_off_stays_out_and_is_told_so(data: Path) -> None:
    desk = at_desk(data)
    names = with_everyone(desk)
    with desk.opened.database.write() as session:
        session.execute(text("UPDATE account SET disabled = 1 WHERE username = :u"), {"u": names[Role.CLERK]})
    desk.close()
    with pytest.raises(Denied) as caught:
        at_desk(data, names[Role.CLERK])
    assert "已停用" in caught.value.say()
    at_desk(data).close()


def test_a_key_without_an_account_opens_nothing(data: Path) -> None:
    desk = at_desk(data)
    names = with_everyone(desk)
    with desk.opened.database.write() as session:
        session.execute(text("DELETE FROM account WHERE username = :u"), {"u": names[Role.CLERK]})
    desk.close()
    with pytest.raises(WrongPassword):
        at_desk(data, names[Role.CLERK])
    desk = at_desk(data)
    clerk = next(member for member in desk.staff.everyone() if Post.CLERK in member.posts)
    add_account(desk, clerk.id or 0, names[Role.CLERK], PASSWORD, Role.CLERK, cost=CHEAP)
    desk.close()
    at_desk(data, names[Role.CLERK]).close()


# --- accounts ------------------------------------------------------------------------------------


def newcomer(head: Desk) -> int:
    return head.staff.save(Staff(name="邵允之", tier=Tier.SOCIAL_FORCE, posts=(Post.CLERK,), employer="乙街道办事处"))


def test_a_name_in_use_is_refused_and_its_owner_keeps_the_password(head: Desk) -> None:
    with pytest.raises(Refused) as caught:
        add_account(head, newcomer(head), HEAD, "另外一个很长的口令 77", Role.CLERK, cost=CHEAP)
    assert "已经有了" in caught.value.say()
    head.close()
    at_desk(head.data).close()


def test_a_weak_password_is_refused_for_others_too(head: Desk) -> None:
    with pytest.raises(Refused):
        add_account(head, newcomer(head), "new", "short", Role.CLERK, cost=CHEAP)


def test_an_account_is_for_a_member_of_the_team(head: Desk) -> None:
    before = (head.data / "station.keys").read_bytes()
    with pytest.raises(Missing):
        add_account(head, 999, "ghost", PASSWORD, Role.CLERK, cost=CHEAP)
    assert (head.data / "station.keys").read_bytes() == before


def test_only_the_head_adds_accounts(data: Path) -> None:
    desk = at_desk(data)
    names = with_everyone(desk)
    desk.close()
    desk = at_desk(data, names[Role.SUPERVISOR])
    try:
        with pytest.raises(Denied):
            add_account(desk, desk.actor.staff_id, "more", PASSWORD, Role.HEAD, cost=CHEAP)
        assert "more" not in (data / "station.keys").read_text(encoding="utf-8")
    finally:
        desk.close()


# --- the clock, the watch, backups ---------------------------------------------------------------


def test_a_demonstration_station_stays_on_its_day(tmp_path: Path) -> None:
    founded(tmp_path / "demo", date(2026, 3, 1))
    desk = log_in(tmp_path / "demo", HEAD, PASSWORD, any_folder=True)
    try:
        assert desk.demo
        assert desk.clock().date() == date(2026, 3, 1)
    finally:
        desk.close()


def test_generated_bookings_never_enter_a_real_station(head: Desk) -> None:
    with pytest.raises(Denied):
        desks.fill_demonstration(head, ())


def test_whoever_watches_hears_which_tables_were_touched(head: Desk) -> None:
    heard: list[frozenset[str]] = []
    stop = head.watch(heard.append)
    head.staff.save(replace(head.staff.load(head.actor.staff_id), note="新的备注"))
    stop()
    newcomer(head)
    assert heard == [frozenset({"staff"})]


def test_a_backup_brings_the_station_back(head: Desk) -> None:
    info = backups.back_up(head)
    assert info.path.parent == head.backups
    newest = backups.newest_backup(head)
    assert newest is not None
    assert newest.path == info.path
    newcomer(head)
    head.close()
    kept = backups.restore(head.data, info.path, HEAD, PASSWORD, any_folder=True)
    assert kept is not None
    assert (kept / "station.db").is_file()
    desk = at_desk(head.data)
    assert [member.name for member in desk.staff.everyone()] == ["赛乃姆·托合提"]
    desk.close()


def test_a_backup_brings_a_lost_station_back(head: Desk, tmp_path: Path) -> None:
    info = backups.back_up(head, tmp_path / "stick")
    assert backups.check_backup(info.path).rows == info.rows
    assert backups.restore(tmp_path / "other", info.path, HEAD, PASSWORD, any_folder=True) is None
    at_desk(tmp_path / "other").close()


def test_restoring_asks_for_the_password_the_right_and_a_closed_station(head: Desk) -> None:
    names = with_everyone(head)
    info = backups.back_up(head)
    with pytest.raises(AlreadyOpen):
        backups.restore(head.data, info.path, HEAD, PASSWORD, any_folder=True)
    head.close()
    before = (head.data / "station.db").read_bytes()
    with pytest.raises(WrongPassword):
        backups.restore(head.data, info.path, HEAD, "wrong", any_folder=True)
    for role in (Role.CLERK, Role.COUNSELLOR):
        with pytest.raises(Denied):
            backups.restore(head.data, info.path, names[role], PASSWORD, any_folder=True)
    assert (head.data / "station.db").read_bytes() == before


def test_only_those_who_may_make_backups(data: Path) -> None:
    desk = at_desk(data)
    names = with_everyone(desk)
    desk.close()
    desk = at_desk(data, names[Role.CLERK])
    try:
        with pytest.raises(Denied):
            backups.back_up(desk)
    finally:
        desk.close()


def test_the_open_station_is_checked_page_by_page(head: Desk) -> None:
    rows, report = backups.check_station(head)
    assert report is not None
    assert report.sound
    assert rows > 100
    newcomer(head)
    assert backups.check_station(head)[0] > rows


def test_a_damaged_page_is_found(data: Path) -> None:
    file = data / "station.db"
    desk = at_desk(data)
    content = bytearray(file.read_bytes())
    content[-2000] ^= 0xFF
    file.write_bytes(bytes(content))
    try:
        with pytest.raises(StorageTrouble) as found:
            backups.check_station(desk)
        # Nobody asked for a backup here.
        assert "没有备份" not in found.value.say()
    finally:
        desk.close()


def test_the_clock_can_be_held_still(head: Desk) -> None:
    assert head.clock() == NOW
