"""Backups as time goes by: when one is due, when the clock is wrong, and which are kept."""

import gc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import stationdesk.backups as backups_module
import stationdesk.db.accounts
import stationdesk.db.audit
import stationdesk.db.backup
from stationdesk.backups import anchors, back_up, back_up_if_due, check_station, newest_backup, restore, state
from stationdesk.db import backup
from stationdesk.db.engine import Database
from stationdesk.desk import Desk, is_open_elsewhere, log_in, set_up
from stationdesk.errors import StorageTrouble
from stationdesk.records.safety import BACKUP_SAVES, Safety, backup_is_due, stick_days
from stationdesk.records.station import Community
from tests.stations import HEAD, PASSWORD, at_desk, new_station, prepared

FIVE_YEARS = timedelta(days=5 * 365)
_TELLERS = (backups_module, stationdesk.db.accounts, stationdesk.db.audit, stationdesk.db.backup)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """A way to set the PC's clock wrong by so much."""

    def wrong(by: timedelta) -> None:
        class Wrong(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + by  # type: ignore[arg-type]

        for module in _TELLERS:
            monkeypatch.setattr(module, "datetime", Wrong)

    return wrong


def sit_down(data: Path, by: timedelta) -> Desk:
    return log_in(data, HEAD, PASSWORD, clock=lambda: datetime.now() + by, any_folder=True)


@pytest.mark.parametrize("by", [FIVE_YEARS, -FIVE_YEARS], ids=["forward", "back"])
def test_a_wrong_clock_stops_nothing(desk: Desk, set_clock: Callable[[timedelta], None], by: timedelta) -> None:
    data = desk.data
    assert back_up_if_due(desk)
    assert not back_up_if_due(desk)
    desk.close()
    set_clock(by)
    desk = sit_down(data, by)
    desk.station.save_community(Community(name="红柳社区"))
    # Yesterday's, or one from the future: either way it is time.
    assert back_up_if_due(desk)
    assert not back_up_if_due(desk)
    assert [path.name[:9] for path in backup.backups(desk.backups)] == ["SD-000002", "SD-000001"]
    assert state(desk).stick_days >= 0
    report = check_station(desk)[1]
    assert report is not None
    assert report.sound
    desk.close()
    # And when it is set right again.
    set_clock(timedelta())
    desk = sit_down(data, timedelta())
    assert back_up_if_due(desk)
    assert backup.backups(desk.backups)[0].name.startswith("SD-000003")
    report = check_station(desk)[1]
    assert report is not None
    assert report.sound
    desk.close()


@pytest.mark.parametrize("by", [FIVE_YEARS, -FIVE_YEARS], ids=["forward", "back"])
def test_a_wrong_clock_never_costs_the_newest_ten(tmp_path: Path, by: timedelta) -> None:
    now = datetime(2026, 11, 24, 12)
    for number in range(1, 31):
        made = now - timedelta(hours=4 * (30 - number))
        (tmp_path / f"SD-{number:06d}-{made:%Y%m%dT%H%M%S}.sdbak").touch()
    backup.thin(tmp_path, now + by)
    left = [backup.number_of(path) for path in backup.backups(tmp_path)]
    assert left[:10] == list(range(30, 20, -1))
    # Made under the wrong clock: still the newest by its number.
    (tmp_path / f"SD-000031-{now + by:%Y%m%dT%H%M%S}.sdbak").touch()
    backup.thin(tmp_path, now)
    assert backup.number_of(backup.backups(tmp_path)[0]) == 31


def test_what_cannot_be_thinned_out_does_not_spoil_the_backup(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2020, 1, 1)
    desk.backups.mkdir()
    for number in range(1, 15):
        (desk.backups / f"SD-{number:06d}-{now:%Y%m%dT%H%M%S}.sdbak").touch()
    own = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == backup.SUFFIX:
            raise PermissionError(13, "held by another program")
        own(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    assert back_up(desk).number == 15


def test_when_a_backup_is_due() -> None:
    last = datetime(2026, 11, 24, 9, 0)
    assert backup_is_due(None, last, 0)
    assert not backup_is_due(last, last + timedelta(hours=3, minutes=59), BACKUP_SAVES - 1)
    assert backup_is_due(last, last + timedelta(hours=4), 0)
    assert backup_is_due(last, last, BACKUP_SAVES)
    assert backup_is_due(last, datetime(2026, 11, 25, 0, 1), 0)
    assert backup_is_due(last, last - timedelta(minutes=1), 0)
    assert stick_days(None, last, last - FIVE_YEARS) == 0
    assert stick_days(last, last - FIVE_YEARS, last + timedelta(days=8)) == 8


def test_saves_are_counted_and_the_second_place_gets_its_copy(desk: Desk, tmp_path: Path) -> None:
    desk.safety.save_settings(Safety(second_folder=str(tmp_path / "second")))
    back_up(desk)
    for number in range(3):
        desk.station.save_community(Community(name=f"第{number}社区"))
    assert desk.opened.database.saves == 3
    desk.opened.database.saves = BACKUP_SAVES
    assert back_up_if_due(desk)
    assert desk.opened.database.saves == 0
    assert len(backup.backups(tmp_path / "second")) == 1
    assert len(anchors(desk)) == 3


def test_a_second_place_that_is_gone_is_noted_and_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    desk.safety.save_settings(Safety(second_folder=str(tmp_path / "file" / "second")))
    assert back_up_if_due(desk)
    assert state(desk).last["OWN"][1].startswith("OK")
    assert "备份没有成功" in state(desk).last["SECOND"][1]


def test_another_stations_backups_in_the_same_folder_stay_and_cast_no_doubt(desk: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    other = set_up(tmp_path / "other", prepared(), new_station(), any_folder=True)
    theirs = [back_up(other, stick).path, back_up(other, desk.backups).path]
    other.close()
    made = [back_up(desk, stick).path for _ in range(12)]
    assert (newest_backup(desk), state(desk).made) == (None, None)
    kept = backup.backups(stick)
    assert theirs[0] in kept
    assert len(set(made) & set(kept)) == 10
    back_up(desk)
    assert len(anchors(desk)) == 1
    assert desk.audit.verify(anchors(desk)).sound


def test_a_failed_backup_says_so_in_the_state(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "rename", lambda *_paths: (_ for _ in ()).throw(OSError("stick pulled")))
    with pytest.raises(StorageTrouble):
        back_up(desk)
    assert "备份没有成功" in state(desk).last["OWN"][1]
    assert state(desk).made is None


def test_a_restore_under_a_clock_set_forward_is_sound(desk: Desk, set_clock: Callable[[timedelta], None]) -> None:
    data, first = desk.data, back_up(desk)
    desk.station.save_community(Community(name="红柳社区"))
    back_up(desk)
    desk.close()
    set_clock(FIVE_YEARS)
    restore(data, first.path, HEAD, PASSWORD, any_folder=True)
    set_clock(timedelta())
    desk = at_desk(data)
    report = check_station(desk)[1]
    assert report is not None
    assert report.sound
    desk.close()


def test_the_backup_being_restored_is_not_thinned_out_for_the_one_made_before(desk: Desk) -> None:
    data, first = desk.data, back_up(desk)
    desk.station.save_community(Community(name="红柳社区"))
    for _ in range(9):
        back_up(desk)
    desk.close()
    restore(data, first.path, HEAD, PASSWORD, any_folder=True)
    assert first.path.exists()
    desk = at_desk(data)
    assert len(desk.station.find_communities()) == 0
    assert len(backup.backups(desk.backups)) == 11
    # The next one thins it out.
    back_up(desk)
    assert not first.path.exists()
    desk.close()


def test_a_restore_to_a_folder_that_takes_nothing_says_so(desk: Desk, tmp_path: Path) -> None:
    made = back_up(desk)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageTrouble) as failed:
        restore(tmp_path / "file" / "station", made.path, HEAD, PASSWORD, any_folder=True)
    assert "恢复没有完成" in failed.value.say()


def test_a_restore_that_cannot_be_noted_leaves_the_station_unlocked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, data = back_up(desk), desk.data
    desk.close()

    def full(*_words: object, **_more: object) -> None:
        raise StorageTrouble

    monkeypatch.setattr(Database, "note", full)
    # In the window nothing is collected but by sweeps: what is not closed stays locked.
    gc.disable()
    try:
        restore(data, made.path, HEAD, PASSWORD, any_folder=True)
        assert not is_open_elsewhere(data)
    finally:
        gc.enable()
