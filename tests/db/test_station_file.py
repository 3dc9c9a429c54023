"""The opening table, row by row, each file as it was."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stationdesk.backups import back_up, check_station, newest_backup
from stationdesk.db import engine, folder, upgrade
from stationdesk.db.lock import Lock
from stationdesk.db.opening import SENTENCES
from stationdesk.db.station_file import UNREADABLE
from stationdesk.desk import Desk, log_in, look
from stationdesk.errors import AlreadyOpen, DeskError, StorageTrouble, WrongPassword
from stationdesk.records.station import Community
from tests.stations import (
    CUT_OFF,
    HEAD,
    PASSWORD,
    at_desk,
    elsewhere,
    founded,
    save_and_be_cut_off,
    save_until_killed,
)


@pytest.fixture
def data(founded_once: Path, tmp_path: Path) -> Path:
    found = tmp_path / "数据 夹"
    shutil.copytree(founded_once, found)
    return found


def snapshot(data: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in data.rglob("*") if p.is_file() and p.name != "station.lock"}


def refusal(data: Path, password: str = PASSWORD) -> str:
    before = snapshot(data)
    with pytest.raises(DeskError) as refused:
        log_in(data, HEAD, password, any_folder=True)
    assert snapshot(data) == before
    return refused.value.say()


def test_nothing_there_is_a_first_run(tmp_path: Path) -> None:
    assert look(tmp_path / "none").name == "EMPTY"
    (tmp_path / "none").mkdir()
    assert look(tmp_path / "none").name == "EMPTY"


@pytest.mark.parametrize("left", [("station.keys",), ("init.mark",), ("station.keys.bak",)])
def test_a_lost_database_is_never_made_anew(data: Path, left: tuple[str, ...]) -> None:
    for path in list(data.iterdir()):
        if path.name not in left:
            path.unlink()
    assert look(data).name == "MISSING"
    assert "数据文件不见了" in refusal(data)
    assert "不会新建空库" in refusal(data)


@pytest.mark.parametrize("size", [0, 1, 4095, 4097, 6000])
def test_a_torn_file(data: Path, size: int) -> None:
    whole = (data / "station.db").read_bytes()
    (data / "station.db").write_bytes(whole[:size])
    assert refusal(data) == "数据文件不完整,已原样保留。请从备份恢复。"


def test_a_plain_database(data: Path) -> None:
    (data / "station.db").write_bytes(b"SQLite format 3\0" + bytes(8176))
    assert refusal(data) == "发现未加密的数据库,拒绝打开。"


@pytest.mark.parametrize("damage", ["gone", "torn"])
def test_keys_come_from_the_copy_beside(data: Path, damage: str) -> None:
    if damage == "gone":
        (data / "station.keys").unlink()
    else:
        (data / "station.keys").write_bytes(b"{}")
    at_desk(data).close()
    assert (data / "station.keys").read_bytes() == (data / "station.keys.bak").read_bytes()


def test_keys_come_from_the_newest_backup(data: Path) -> None:
    desk = at_desk(data)
    back_up(desk)
    desk.close()
    for name in ("station.keys", "station.keys.bak"):
        (data / name).write_bytes(b"\0" * 50)
    at_desk(data).close()


def test_without_any_good_keys_it_says_so(data: Path) -> None:
    for name in ("station.keys", "station.keys.bak"):
        (data / name).unlink()
    assert "密钥文件不见了或已损坏" in refusal(data)


def test_wrong_password_and_damage_are_two_sentences(data: Path) -> None:
    assert refusal(data, "不是这个口令") == "用户名或口令错误。"
    whole = bytearray((data / "station.db").read_bytes())
    whole[100] ^= 1
    (data / "station.db").write_bytes(whole)
    assert refusal(data) == "口令正确,但数据库文件已损坏或与密钥文件不配套。"
    assert refusal(data, "不是这个口令") == "用户名或口令错误。"


def test_a_database_of_another_station(data: Path, tmp_path: Path) -> None:
    founded(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "station.db", data / "station.db")
    assert "与密钥文件不配套" in refusal(data)


def test_a_newer_schema_is_left_alone(data: Path) -> None:
    desk = at_desk(data)
    with desk.opened.database.whole() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {upgrade.SCHEMA + 1}")
    desk.close()
    assert refusal(data) == "此数据由更新版本创建。请升级程序。数据未被改动。"


@pytest.fixture
def cut_off(data: Path) -> Path:
    """A station whose last save was cut off half way."""
    with elsewhere(save_and_be_cut_off, data) as attempt:
        assert attempt.wait() == CUT_OFF
    assert (data / "station.db-journal").stat().st_size > 4096
    return data


def test_a_save_cut_off_is_undone_at_the_next_opening(cut_off: Path) -> None:
    desk = at_desk(cut_off)
    assert all(len(room.name) < 20 for room in desk.rooms.all_rooms())
    assert check_station(desk)[0] > 0
    desk.close()


def test_a_refusal_keeps_the_journal_of_a_save_cut_off(cut_off: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(cut_off, "不是这个口令") == "用户名或口令错误。"
    monkeypatch.setattr("stationdesk.db.station_file.SCHEMA", 0)
    assert refusal(cut_off) == "此数据由更新版本创建。请升级程序。数据未被改动。"
    monkeypatch.undo()
    monkeypatch.setattr("stationdesk.db.station_file.writable", lambda _folder: False)
    assert "突然中断" in refusal(cut_off)
    monkeypatch.undo()
    at_desk(cut_off).close()


def test_a_journal_that_lost_its_database_is_a_trace(cut_off: Path, tmp_path: Path) -> None:
    (tmp_path / "only").mkdir()
    shutil.copy(cut_off / "station.db-journal", tmp_path / "only")
    assert look(tmp_path / "only").name == "MISSING"


def test_killed_while_saving_loses_nothing_that_was_told(data: Path) -> None:
    told = 0
    for wanted in (3, 8, 17):
        with elsewhere(save_until_killed, data) as saver:
            assert saver.stdout is not None
            for _ in range(wanted):
                assert saver.stdout.readline()
            saver.kill()
            told += wanted + len(saver.stdout.readlines())
        desk = at_desk(data)
        # The one in the making when the kill came may be there, too.
        assert len(desk.station.find_communities()) >= told
        told = len(desk.station.find_communities())
        assert check_station(desk)[0] > 0
        desk.close()


def test_open_twice(data: Path) -> None:
    desk = at_desk(data)
    with pytest.raises(AlreadyOpen) as busy:
        log_in(data, HEAD, PASSWORD, any_folder=True)
    assert busy.value.say() == "程序已在本机打开。"
    desk.close()
    at_desk(data).close()


def test_a_killed_program_lets_go_of_the_lock(data: Path) -> None:
    import sys

    code = (
        "import sys, time; from pathlib import Path; from stationdesk.db.lock import Lock;"
        "held = Lock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(data / "station.lock")], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyOpen):
        Lock(data / "station.lock")
    child.kill()
    child.wait()
    child.stdout.close()
    Lock(data / "station.lock").release()


def test_a_read_only_folder_opens_for_reading(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, whom no right stops: what is asked is asked by making a file.
    monkeypatch.setattr("stationdesk.db.station_file.writable", lambda _folder: False)
    before = snapshot(data)
    desk = at_desk(data)
    assert desk.read_only
    assert "只能查看" in desk.opened.notes[0]
    assert desk.station.profile().name
    with pytest.raises(StorageTrouble) as refused:
        desk.station.save_community(Community(name="红柳社区"))
    assert "只读" in refused.value.say()
    desk.close()
    assert snapshot(data) == before


MOUNTS = "/dev/sda1 / ext4 rw 0 0\n//pc/share /mnt/share\\040one cifs rw 0 0\nhost:/x /mnt/nfs nfs4 rw 0 0\n"


def test_folders_that_lose_data_are_refused(data: Path) -> None:
    for path in ("/mnt/share one/data", "/mnt/nfs/a/b"):
        found = folder.mount_problem(Path(path), MOUNTS)
        assert found is not None
        assert "网络位置" in found.say()
    assert folder.mount_problem(Path("/home/x/data"), MOUNTS) is None
    for name in ("OneDrive", "坚果云", "OneDrive - 街道办", "WPS云盘"):
        found = folder.folder_problem(data / name / "station")
        assert found is not None
        assert name in found.say()


def test_created_is_what_migrated_would_be(desk: Desk) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    import stationdesk.db.children_models  # noqa: F401
    from stationdesk.db.models import Base

    with desk.opened.database.whole() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_before_an_upgrade_a_backup_is_made(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrade, "SCHEMA", upgrade.SCHEMA + 1)
    monkeypatch.setattr("stationdesk.db.station_file.SCHEMA", upgrade.SCHEMA)
    monkeypatch.setattr(upgrade, "_run", lambda _connection: None)
    desk = at_desk(data)
    assert desk.opened.database.schema() == upgrade.SCHEMA
    kept = newest_backup(desk)
    assert kept is not None
    assert (kept.schema, kept.station) == (upgrade.SCHEMA - 1, desk.station_name)
    desk.close()
    at_desk(data).close()
    assert len(list((data / "backup").iterdir())) == 1


def test_an_older_file_that_may_not_be_changed_says_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stationdesk.db.station_file.SCHEMA", upgrade.SCHEMA + 1)
    monkeypatch.setattr("stationdesk.db.station_file.writable", lambda _folder: False)
    assert "要先升级" in refusal(data)


def test_a_failed_upgrade_leaves_the_file_as_it_was(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(data)

    def breaking(connection: object) -> None:
        connection.exec_driver_sql("DELETE FROM room")  # type: ignore[attr-defined]

    monkeypatch.setattr(upgrade, "SCHEMA", upgrade.SCHEMA + 1)
    monkeypatch.setattr("stationdesk.db.station_file.SCHEMA", upgrade.SCHEMA)
    monkeypatch.setattr(upgrade, "_run", breaking)
    with pytest.raises(StorageTrouble) as refused:
        log_in(data, HEAD, PASSWORD, any_folder=True)
    assert "全部撤销" in refused.value.say()
    assert snapshot(data)["station.db"] == before["station.db"]


def test_trouble_with_the_disk_while_opening_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    (data / "station.keys").unlink()
    monkeypatch.setattr("stationdesk.db.keyring.replace_file", failing)
    assert "磁盘" in refusal(data)
    monkeypatch.undo()
    at_desk(data).close()


def test_wrong_password_is_an_error_of_its_own(data: Path) -> None:
    with pytest.raises(WrongPassword):
        log_in(data, "nobody", PASSWORD, any_folder=True)


# --- damage of every kind ------------------------------------------------------------------------


def opens_whole(data: Path) -> bool:
    """Whether the station opens, and a check of all of it finds it sound; what is refused stays as it
    is, and no damage is a wrong password."""
    before, said = snapshot(data), ""
    try:
        desk = at_desk(data)
    except StorageTrouble as trouble:
        said = trouble.say()
    if said:
        assert said in SAID_OF_DAMAGE
        assert snapshot(data) == before
        return False
    try:
        report = check_station(desk)[1]
    except StorageTrouble:
        return False
    finally:
        desk.close()
    return report is not None and report.sound


SAID_OF_DAMAGE = {UNREADABLE, engine._DAMAGED, *SENTENCES.values()}


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x40]) + content[place + 1 :]


def test_every_flipped_page_of_the_database_is_seen(data: Path, tmp_path: Path) -> None:
    whole = (data / "station.db").read_bytes()
    for place in range(11, len(whole), 7 * 997):
        copy = shutil.copytree(data, tmp_path / str(place))
        (copy / "station.db").write_bytes(flipped(whole, place))
        assert not opens_whole(copy), place
        shutil.rmtree(copy)


@pytest.mark.parametrize("change", [lambda b: b + bytes(4096), lambda b: b[:-4096], lambda b: b[4096:]])
def test_a_database_longer_or_shorter_by_whole_pages_is_seen(data: Path, change: Callable[[bytes], bytes]) -> None:
    (data / "station.db").write_bytes(change((data / "station.db").read_bytes()))
    assert not opens_whole(data)


@pytest.mark.parametrize("both", [True, False])
def test_a_flipped_or_cut_key_file_opens_by_its_copy_or_not_at_all(data: Path, tmp_path: Path, both: bool) -> None:
    whole = (data / "station.keys").read_bytes()
    torn = [flipped(whole, place) for place in range(5, len(whole), 997)]
    for number, content in enumerate([*torn, b"", whole[:-1], whole[:100], whole + whole, bytes(len(whole))]):
        copy = shutil.copytree(data, tmp_path / str(number))
        (copy / "station.keys").write_bytes(content)
        if both:
            (copy / "station.keys.bak").write_bytes(content)
        assert opens_whole(copy) is not both
        assert both or (copy / "station.keys").read_bytes() == whole
        shutil.rmtree(copy)


def test_the_key_file_of_another_station(data: Path, tmp_path: Path) -> None:
    founded(tmp_path / "other")
    for name in ("station.keys", "station.keys.bak"):
        shutil.copy(tmp_path / "other" / "station.keys", data / name)
    assert refusal(data) == UNREADABLE


_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"


@pytest.mark.parametrize("content", [b"", b"x", bytes(512), _MAGIC + bytes(5000), _MAGIC + bytes([1] * 5000)])
def test_a_journal_that_is_none_changes_nothing(data: Path, content: bytes) -> None:
    (data / "station.db-journal").write_bytes(content)
    assert opens_whole(data)


def test_the_journal_of_another_station_is_not_played_into_this_one(cut_off: Path, tmp_path: Path) -> None:
    founded(tmp_path / "other")
    shutil.copy(cut_off / "station.db-journal", tmp_path / "other")
    assert refusal(tmp_path / "other") == UNREADABLE
    (tmp_path / "other" / "station.db-journal").unlink()
    assert opens_whole(tmp_path / "other")


def test_a_damaged_journal_is_never_taken_for_a_whole_file(cut_off: Path, tmp_path: Path) -> None:
    whole = (cut_off / "station.db-journal").read_bytes()
    assert opens_whole(shutil.copytree(cut_off, tmp_path / "sound"))
    torn = [flipped(whole, place) for place in range(600, len(whole), 5 * 997)]
    for number, content in enumerate([*torn, whole[: len(whole) // 2]]):
        copy = shutil.copytree(cut_off, tmp_path / str(number))
        (copy / "station.db-journal").write_bytes(content)
        if opens_whole(copy):
            desk = at_desk(copy)
            assert all(len(room.name) < 20 for room in desk.rooms.all_rooms()), number
            desk.close()
        shutil.rmtree(copy)


def test_folders_in_place_of_files_are_trouble_that_is_told(data: Path, tmp_path: Path) -> None:
    (data / "station.lock").unlink()
    (data / "station.lock").mkdir()
    with pytest.raises(StorageTrouble):
        at_desk(data)
    (data / "station.lock").rmdir()
    at_desk(data).close()
    (data / "station.db").rename(data / "away.db")
    (data / "station.db").mkdir()
    with pytest.raises(StorageTrouble):
        at_desk(data)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageTrouble) as refused:
        founded(tmp_path / "file" / "station")
    assert "新建数据文件失败" in refused.value.say()
