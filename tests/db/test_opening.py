"""A look into the data folder tells each state of security's table, and touches nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from stationdesk.backups import back_up
from stationdesk.db.opening import SENTENCES, Found, look, read_keys, refusal
from tests.stations import at_desk, founded


@pytest.fixture
def data(tmp_path: Path) -> Path:
    founded(tmp_path / "d")
    return tmp_path / "d"


def content(data: Path) -> dict[str, bytes]:
    return {str(file.relative_to(data)): file.read_bytes() for file in data.rglob("*") if file.is_file()}


def test_nothing_at_all_is_a_first_run(tmp_path: Path) -> None:
    assert look(tmp_path) is Found.EMPTY
    assert look(tmp_path / "not there") is Found.EMPTY
    assert list(tmp_path.iterdir()) == []


def test_a_station_is_ready(data: Path) -> None:
    assert look(data) is Found.READY


@pytest.mark.parametrize("kept", ["station.keys", "station.keys.bak", "init.mark"])
def test_any_trace_of_a_station_without_its_file_is_no_first_run(data: Path, kept: str) -> None:
    for file in data.iterdir():
        if file.name != kept:
            file.unlink()
    assert look(data) is Found.MISSING


@pytest.mark.parametrize("size", [0, 1, 4095, 4097, 10_000])
def test_a_file_of_no_whole_pages_is_incomplete(data: Path, size: int) -> None:
    (data / "station.db").write_bytes(bytes(size))
    assert look(data) is Found.INCOMPLETE


def test_a_plain_database_is_seen_before_its_size(data: Path) -> None:
    (data / "station.db").write_bytes(b"SQLite format 3\x00tail")
    assert look(data) is Found.PLAIN


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xff", None])
def test_a_bad_key_file_is_made_good_by_the_copy_beside_it(data: Path, damage: bytes | None) -> None:
    keys = data / "station.keys"
    ring = read_keys(data)
    keys.unlink() if damage is None else keys.write_bytes(damage)
    assert look(data) is Found.READY
    assert read_keys(data).station == ring.station


def test_without_a_copy_the_newest_backup_gives_the_keys(data: Path) -> None:
    desk = at_desk(data)
    back_up(desk)
    desk.close()
    for name in ("station.keys", "station.keys.bak"):
        (data / name).unlink()
    assert look(data) is Found.READY
    at_desk(data).close()


def test_without_any_copy_it_says_so(data: Path) -> None:
    for name in ("station.keys", "station.keys.bak"):
        (data / name).write_bytes(b"{}")
    assert look(data) is Found.NO_KEYS


def test_looking_changes_nothing(data: Path) -> None:
    (data / "station.keys").write_bytes(b"{}")
    before = content(data)
    look(data)
    assert content(data) == before


@pytest.mark.parametrize("found", SENTENCES)
def test_each_refusal_is_a_whole_sentence(found: Found) -> None:
    assert refusal(found).say() == SENTENCES[found]
    assert SENTENCES[found].endswith("。")


def test_only_two_states_open() -> None:
    assert set(Found) - set(SENTENCES) == {Found.EMPTY, Found.READY}


def test_a_look_does_not_wait_for_the_database_library() -> None:
    # The first window stands before SQLAlchemy is loaded.
    code = "import sys; from stationdesk.desk import look; from pathlib import Path; look(Path('.'));"
    code += "assert not {'sqlalchemy', 'alembic', 'sqlcipher3', 'pypinyin'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
