"""Backups: good only once reopened; damaged ones are named; a station comes back from one."""

import os
import shutil
import stat
import time
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from stationdesk import paths
from stationdesk.backups import back_up, check_backup, check_station, restore
from stationdesk.db import backup
from stationdesk.db.opening import Found, look
from stationdesk.desk import Desk
from stationdesk.errors import DeskError, StorageTrouble, WrongPassword
from stationdesk.records.station import Community
from tests.stations import (
    CUT_OFF,
    HEAD,
    PASSWORD,
    at_desk,
    back_up_until_killed,
    elsewhere,
    founded,
    save_and_be_cut_off,
)


def test_made_numbered_and_verified(desk: Desk, tmp_path: Path) -> None:
    first, second = back_up(desk), back_up(desk, tmp_path / "U 盘")
    assert first.path.name.startswith("SD-000001-")
    assert second.path.parent == tmp_path / "U 盘"
    assert back_up(desk).number == 2
    assert first.station == desk.station_name
    assert first.counts["room"] == 12
    assert not list(desk.backups.glob("*.partial"))
    assert check_backup(first.path).rows == first.rows


def test_damage_anywhere_is_seen(desk: Desk, tmp_path: Path) -> None:
    whole = back_up(desk).path.read_bytes()
    torn = tmp_path / "SD-000009-x.sdbak"
    for data in (
        b"",
        b"PK",
        whole[: len(whole) // 2],
        whole[:20000] + bytes([whole[20000] ^ 1]) + whole[20001:],
        whole[:-1000] + bytes(1000),
    ):
        torn.write_bytes(data)
        with pytest.raises(StorageTrouble) as refused:
            check_backup(torn)
        assert "不完整或已损坏" in refused.value.say()
        assert torn.name in refused.value.say()
    torn.unlink()
    with pytest.raises(StorageTrouble):
        check_backup(torn)


def test_a_station_comes_back_as_it_was(desk: Desk) -> None:
    data = desk.data
    desk.station.save_community(Community(name="早先的社区"))
    made = back_up(desk)
    desk.station.save_community(Community(name="后来的社区"))
    desk.close()
    (data / "station.db").write_bytes(b"torn")
    (data / "station.db-journal").write_bytes(b"half a transaction")
    kept = restore(data, made.path, HEAD, PASSWORD, any_folder=True)
    assert kept is not None
    assert (kept / "station.db").read_bytes() == b"torn"
    assert (kept / "station.db-journal").read_bytes() == b"half a transaction"
    journal = data / "station.db-journal"
    assert not journal.exists() or journal.stat().st_size == 0
    found = at_desk(data)
    rows = found.station.community_rows(found.station.find_communities())
    assert [row.name for row in rows] == ["早先的社区"]
    found.close()


def test_into_an_empty_folder_and_with_the_wrong_password(desk: Desk, tmp_path: Path) -> None:
    made = back_up(desk)
    with pytest.raises(WrongPassword):
        restore(tmp_path / "new", made.path, HEAD, "不是这个口令", any_folder=True)
    assert not (tmp_path / "new" / "station.db").exists()
    assert restore(tmp_path / "new", made.path, HEAD, PASSWORD, any_folder=True) is None
    at_desk(tmp_path / "new").close()


def test_anothers_backup_is_refused_with_ones_own_keys(desk: Desk, tmp_path: Path) -> None:
    founded(tmp_path / "other")
    other = at_desk(tmp_path / "other")
    made = back_up(other)
    other.close()
    with pytest.raises(StorageTrouble) as refused:
        backup.verify(made.path, desk.opened.keys)
    assert "不是本工作站的" in refused.value.say()


def test_a_station_that_still_opens_is_backed_up_before_another_state_comes_back(desk: Desk) -> None:
    data, made = desk.data, back_up(desk)
    desk.close()
    with elsewhere(save_and_be_cut_off, data) as attempt:
        assert attempt.wait() == CUT_OFF
    assert restore(data, made.path, HEAD, PASSWORD, any_folder=True) is not None
    assert len(list((data / "backup").iterdir())) == 2
    found = at_desk(data)
    report = check_station(found)[1]
    assert report is not None
    assert report.sound
    found.close()


def test_two_restores_in_one_second_keep_both_sets(desk: Desk) -> None:
    data, made = desk.data, back_up(desk)
    desk.close()
    kept = {restore(data, made.path, HEAD, PASSWORD, any_folder=True) for _ in range(3)}
    assert len(kept) == 3
    assert all(folder is not None and (folder / "station.db").exists() for folder in kept)


def test_a_restore_cut_off_anywhere_can_be_done_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    data, made = desk.data, back_up(desk)
    desk.close()
    for moment in count():
        left = [moment]

        def failing(source: Path, target: Path, left: list[int] = left) -> None:
            if left[0] == 0:
                raise OSError(5, "I/O error")
            left[0] -= 1
            source.replace(target)

        monkeypatch.setattr(backup, "rename", failing)
        told = ""
        try:
            backup.restore(data, made.path)
        except StorageTrouble as trouble:
            told = trouble.say()
        monkeypatch.undo()
        assert not told or "恢复没有完成" in told
        assert look(data) in (Found.READY, Found.MISSING)
        if look(data) is Found.READY:
            at_desk(data).close()
        else:
            assert list(data.glob("damaged-*/station.db"))
        restore(data, made.path, HEAD, PASSWORD, any_folder=True)
        if not told:
            break
    assert moment > 3


def test_what_a_killed_backup_left_is_cleared_away(desk: Desk) -> None:
    (desk.backups / "SD-making-abc").mkdir(parents=True)
    (desk.backups / "SD-making-abc" / "station.db").write_bytes(b"half")
    (desk.backups / "SD-000001-20261124T120000.sdbak.partial").write_bytes(b"half")
    made = back_up(desk)
    assert list(desk.backups.iterdir()) == [made.path]


def test_a_program_killed_while_it_backs_up_leaves_whole_backups_only(desk: Desk) -> None:
    data, keys = desk.data, desk.opened.keys
    desk.close()
    newest = 0
    for wanted, wait in ((1, 0.0), (2, 0.04), (1, 0.09)):
        with elsewhere(back_up_until_killed, data) as maker:
            assert maker.stdout is not None
            for _ in range(wanted):
                assert maker.stdout.readline()
            # Somewhere in the middle of the next one.
            time.sleep(wait)
            maker.kill()
            told = wanted + len(maker.stdout.readlines())
        files = backup.backups(data / "backup")
        for path in files:
            backup.verify(path, keys)
        assert backup.number_of(files[0]) >= newest + told
        found = at_desk(data)
        made = back_up(found)
        found.close()
        left = set((data / "backup").iterdir())
        assert made.path in left
        assert left <= {*files, made.path}
        newest = made.number


def test_a_backup_is_on_the_disk_before_it_has_its_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, rename = os.fsync, paths.rename

    def synced(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        steps.append(f"{kind} {os.fstat(handle).st_size}")
        fsync(handle)

    def renamed(source: Path, target: Path) -> None:
        steps.append(f"rename {source.stat().st_size}")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(backup, "rename", renamed)
    size = back_up(desk).path.stat().st_size
    assert steps[:2] == [f"file {size}", f"rename {size}"]


def test_restore_while_the_program_is_open_is_refused(desk: Desk) -> None:
    made = back_up(desk)
    with pytest.raises(DeskError) as busy:
        restore(desk.data, made.path, HEAD, PASSWORD, any_folder=True)
    assert busy.value.say() == "程序已在本机打开。"


def test_a_failed_backup_leaves_nothing(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=10))
    with pytest.raises(StorageTrouble) as full:
        back_up(desk)
    assert "空间不够" in full.value.say()
    monkeypatch.undo()
    monkeypatch.setattr(backup, "rename", lambda *_paths: (_ for _ in ()).throw(OSError("stick pulled")))
    with pytest.raises(StorageTrouble) as failed:
        back_up(desk)
    assert "备份没有成功" in failed.value.say()
    assert list(desk.backups.iterdir()) == []


def test_thinning_keeps_the_newest_ten_and_the_old_marks(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 12)
    for number in range(1, 401):
        made = now - timedelta(hours=18 * (400 - number))
        (tmp_path / f"SD-{number:06d}-{made:%Y%m%dT%H%M%S}.sdbak").touch()
    backup.thin(tmp_path, now)
    left = [int(path.name[3:9]) for path in backup.backups(tmp_path)]
    assert left[:10] == list(range(400, 390, -1))
    assert 25 <= len(left) <= 45
    (tmp_path / "SD-000500-19990101T000000.sdbak").touch()
    backup.thin(tmp_path, now)
    assert (tmp_path / "SD-000500-19990101T000000.sdbak").exists()
