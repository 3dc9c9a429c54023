"""New data keys: for those who stay nothing changes, for whoever went nothing opens any more."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from stationdesk import accounts, paths
from stationdesk.backups import back_up, check_station, restore
from stationdesk.db import engine, keyring, rotation
from stationdesk.db.opening import DATABASE, KEYS, NEXT_KEYS, ROTATING, read_keys
from stationdesk.db.restricted import unseal
from stationdesk.db.station_file import open_with_recovery
from stationdesk.desk import Desk, set_up
from stationdesk.errors import Denied, Missing, StorageTrouble, WrongPassword
from stationdesk.records.access import Role
from stationdesk.records.drafts import Draft
from stationdesk.records.station import Community
from tests.stations import CHEAP, HEAD, PASSWORD, at_desk, new_station, prepared, with_everyone
from tests.working import SECRET, account_of, keep_a_secret, secrets_kept, secrets_of


@pytest.fixture
def recovery() -> list[str]:
    return []


@pytest.fixture
def head(tmp_path: Path, recovery: list[str]) -> Iterator[Desk]:
    """The head's desk at a station with everyone and a restricted text."""
    ready = prepared()
    recovery.append(ready.recovery_key)
    desk = set_up(tmp_path / "station", ready, new_station(), any_folder=True)
    with_everyone(desk)
    with secrets_kept():
        keep_a_secret(desk)
        yield desk
    desk.close()


def test_those_who_stay_go_on_and_whoever_went_opens_nothing(head: Desk, recovery: list[str]) -> None:
    data, before = head.data, head.opened.keys
    old_ring = (data / KEYS).read_bytes()
    accounts.remove(head, account_of(head, "counsellor"))
    assert head.opened.keys.core != before.core
    assert head.opened.keys.restricted != before.restricted
    assert secrets_of(head.opened) == [SECRET]
    head.station.save_community(Community(name="红柳社区"))
    report = check_station(head)[1]
    assert report is not None
    assert report.sound
    head.close()
    for name in (HEAD, "supervisor", "social_worker", "clerk", "reviewer"):
        at_desk(data, name).close()
    with pytest.raises(WrongPassword):
        at_desk(data, "counsellor")
    opened = open_with_recovery(data, recovery[0])
    assert secrets_of(opened) == [SECRET]
    opened.close()
    # The copy beside is of the new keys as well.
    (data / KEYS).unlink()
    at_desk(data).close()
    for path in (data / KEYS, data / f"{KEYS}.bak"):
        path.write_bytes(old_ring)
    with pytest.raises(sqlcipher.Error):
        engine.connect(data / DATABASE, before.core)
    for name in ("counsellor", HEAD):
        with pytest.raises(StorageTrouble) as foreign:
            at_desk(data, name)
        assert "与密钥文件不配套" in foreign.value.say()


def test_boxes_are_sealed_anew(head: Desk) -> None:
    before = head.opened.keys
    accounts.remove(head, account_of(head, "counsellor"))
    with head.opened.database.whole() as connection:
        uuid, box = connection.exec_driver_sql("SELECT uuid, text FROM secret").one()
    assert unseal(head.opened.keys, "secret", uuid, "text", box) == SECRET
    with pytest.raises(StorageTrouble):
        unseal(before, "secret", uuid, "text", box)


def test_a_lower_role_loses_the_second_key_and_gets_it_back_with_the_role(head: Desk) -> None:
    number = account_of(head, "counsellor")
    accounts.change_role(head, number, Role.CLERK)
    opened = keyring.open_slot(read_keys(head.data), "counsellor", PASSWORD)
    assert opened.core == head.opened.keys.core
    assert opened.restricted is None
    accounts.change_role(head, number, Role.COUNSELLOR)
    assert keyring.open_slot(read_keys(head.data), "counsellor", PASSWORD) == head.opened.keys
    data = head.data
    head.close()
    at_desk(data, "counsellor").close()


def test_drafts_of_those_who_stay_stay(head: Desk) -> None:
    draft = Draft(uuid="d" * 32, place="bookings", title="预约", record_id=None, state={"title": ["半句话"]})
    head.drafts.keep(draft)
    accounts.remove(head, account_of(head, "counsellor"))
    assert [kept.state for kept in head.drafts.mine()] == [draft.state]
    data = head.data
    head.close()
    desk = at_desk(data)
    assert [kept.state for kept in desk.drafts.mine()] == [draft.state]
    desk.close()


def test_without_room_nothing_changes_and_nobody_is_gone(head: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before, files = head.opened.keys, (head.data / KEYS).read_bytes()
    usage = shutil.disk_usage(head.data)
    size = (head.data / DATABASE).stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=size))
    monkeypatch.setattr(accounts, "back_up_unasked", lambda _desk: None)
    with pytest.raises(StorageTrouble) as full:
        accounts.remove(head, account_of(head, "counsellor"))
    assert "空间不够" in full.value.say()
    monkeypatch.undo()
    assert (head.opened.keys, (head.data / KEYS).read_bytes()) == (before, files)
    assert not (head.data / ROTATING).exists()
    head.station.save_community(Community(name="红柳社区"))
    data = head.data
    head.close()
    at_desk(data, "counsellor").close()


def test_renamed_but_not_synced_is_renamed(head: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own = paths.rename

    def failing(source: Path, target: Path) -> None:
        own(source, target)
        raise OSError(5, "I/O error")

    before = head.opened.keys
    monkeypatch.setattr(rotation, "rename", failing)
    accounts.remove(head, account_of(head, "counsellor"))
    assert head.opened.keys != before
    assert secrets_of(head.opened) == [SECRET]


@pytest.fixture
def half_settled(head: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose change of keys did not come to its last step: the new ring waits beside."""
    own: Any = keyring.write_both

    def failing(*_words: object) -> None:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(keyring, "write_both", failing)
    accounts.remove(head, account_of(head, "counsellor"))
    monkeypatch.setattr(keyring, "write_both", own)
    return head


def test_a_ring_left_waiting_does_not_undo_what_came_after_it(half_settled: Desk) -> None:
    data = half_settled.data
    accounts.add_account(half_settled, half_settled.actor.staff_id, "late", PASSWORD, Role.CLERK, cost=CHEAP)
    assert not (data / NEXT_KEYS).exists()
    half_settled.close()
    at_desk(data, "late").close()


def test_a_ring_left_waiting_is_put_in_place_at_the_next_opening(head: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "settle", lambda _data: None)
    accounts.change_role(head, account_of(head, "counsellor"), Role.COUNSELLOR)
    backup_of_ring = (head.data / KEYS).read_bytes()
    ring, new = keyring.rotated(head.opened.ring)
    rotation.rotate(head.data, head.opened.database, head.opened.keys, ring, new)
    monkeypatch.undo()
    data = head.data
    head.opened.database.journal = None
    head.opened.close()
    assert (data / NEXT_KEYS).exists()
    assert (data / KEYS).read_bytes() == backup_of_ring
    desk = at_desk(data)
    assert (desk.opened.keys.core, secrets_of(desk.opened)) == (new.core, [SECRET])
    assert not (data / NEXT_KEYS).exists()
    desk.close()


def test_a_restore_leaves_no_waiting_ring_behind(head: Desk) -> None:
    data, made = head.data, back_up(head)
    head.close()
    # A change of keys cut off after the database was replaced, and then the database torn.
    ring = keyring.rotated(read_keys(data))[0]
    (data / NEXT_KEYS).write_bytes(ring.to_bytes())
    (data / DATABASE).write_bytes(b"torn")
    kept = restore(data, made.path, HEAD, PASSWORD, any_folder=True)
    at_desk(data).close()
    at_desk(data, "counsellor").close()
    assert kept is not None
    assert (kept / NEXT_KEYS).read_bytes() == ring.to_bytes()


def test_a_copy_left_over_is_thrown_away_and_the_old_keys_go_on(head: Desk) -> None:
    data = head.data
    head.close()
    ring = keyring.rotated(read_keys(data))[0]
    (data / NEXT_KEYS).write_bytes(ring.to_bytes())
    shutil.copy(data / DATABASE, data / ROTATING)
    at_desk(data).close()
    assert not (data / NEXT_KEYS).exists()
    assert not (data / ROTATING).exists()


def test_only_a_head_takes_keys_away(head: Desk) -> None:
    data, number = head.data, account_of(head, "counsellor")
    before = (data / KEYS).read_bytes()
    with pytest.raises(Missing):
        accounts.remove(head, 999)
    head.close()
    desk = at_desk(data, "supervisor")
    with pytest.raises(Denied):
        accounts.remove(desk, number)
    with pytest.raises(Denied):
        accounts.change_role(desk, number, Role.CLERK)
    desk.close()
    assert (data / KEYS).read_bytes() == before
