"""The encrypted file: pragmas, transactions, watchers, and errors told apart."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text

from stationdesk.db import engine
from stationdesk.db.engine import Database
from stationdesk.desk import Desk
from stationdesk.errors import Refused, StorageTrouble
from stationdesk.records.station import Community


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = engine.create(tmp_path / "一 个.db", engine.new_key())
    with found.whole() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
    yield found
    found.dispose()


def put(database: Database, name: str) -> None:
    with database.write() as session:
        session.execute(text("INSERT INTO thing (name) VALUES (:n)"), {"n": name})


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(text("SELECT name FROM thing ORDER BY id")))


def test_pragmas_are_as_decided(database: Database) -> None:
    with database.read() as session:
        for name, wanted in engine._PRAGMAS.items():
            assert str(session.execute(text(f"PRAGMA {name}")).scalar_one()).lower() == wanted


def test_all_or_nothing(database: Database) -> None:
    put(database, "甲")
    with pytest.raises(ZeroDivisionError):
        _break_off(database)
    assert names(database) == ["甲"]
    with database.read() as session:
        session.execute(text("DELETE FROM thing"))
    assert names(database) == ["甲"]


def _break_off(database: Database) -> None:
    with database.write() as session:
        session.execute(text("INSERT INTO thing (name) VALUES ('乙')"))
        raise ZeroDivisionError


def test_nothing_readable_lies_on_the_disk(database: Database) -> None:
    put(database, "CANARY-7781")
    assert b"CANARY-7781" not in database.path.read_bytes()
    assert not database.path.read_bytes().startswith(b"SQLite format 3")


def test_another_key_does_not_open(database: Database) -> None:
    with pytest.raises(sqlcipher.Error):
        engine.connect(database.path, engine.new_key())


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlcipher.Error):
        engine.connect(tmp_path / "no.db", engine.new_key())
    assert not (tmp_path / "no.db").exists()
    (tmp_path / "there.db").write_bytes(b"")
    with pytest.raises(FileExistsError):
        engine.create(tmp_path / "there.db", engine.new_key())


def test_errors_are_told_apart(database: Database) -> None:
    put(database, "甲")
    with pytest.raises(Refused, match="Refused"):
        put(database, "甲")
    reader = Database(database.path, b"", read_only=True)
    with pytest.raises(StorageTrouble) as trouble:
        put(reader, "乙")
    assert "只读" in trouble.value.say()


def test_only_a_duplicate_is_called_one(database: Database) -> None:
    with database.whole() as connection:
        connection.exec_driver_sql("CREATE TABLE other (thing_id INTEGER REFERENCES thing)")
    with pytest.raises(Refused) as refused, database.write() as session:
        session.execute(text("INSERT INTO other VALUES (7)"))
    assert "重复" not in refused.value.say()
    put(database, "甲")
    with pytest.raises(Refused) as refused:
        put(database, "甲")
    assert "重复" in refused.value.say()


def failing_commit(database: Database, monkeypatch: pytest.MonkeyPatch, *, saved: bool) -> None:
    """Let the disk report an error at the next commit, after the point of no return or before."""
    own = type(database._engine.dialect).do_commit

    def do_commit(dialect: Any, link: Any) -> None:
        monkeypatch.undo()
        if saved:
            own(dialect, link)
        error = sqlcipher.OperationalError("disk I/O error")
        error.sqlite_errorcode = 10
        raise error

    monkeypatch.setattr(type(database._engine.dialect), "do_commit", do_commit)


def test_an_error_after_the_commit_counted_is_no_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[frozenset[str]] = []
    desk.watch(heard.append)
    failing_commit(desk.opened.database, monkeypatch, saved=True)
    place = desk.station.load_community(desk.station.save_community(Community(name="红柳社区")))
    assert heard == [frozenset({"community"})]
    failing_commit(desk.opened.database, monkeypatch, saved=True)
    desk.station.save_community(replace(place, name="白杨社区"))
    assert [row.name for row in desk.station.community_rows(desk.station.find_communities())] == ["白杨社区"]


def test_an_error_before_the_commit_counted_says_not_saved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = desk.station.load_community(desk.station.save_community(Community(name="红柳社区")))
    for record in (Community(name="白杨社区"), replace(place, name="沙枣社区")):
        failing_commit(desk.opened.database, monkeypatch, saved=False)
        with pytest.raises(StorageTrouble) as trouble:
            desk.station.save_community(record)
        assert "没有保存" in trouble.value.say()
    assert [row.name for row in desk.station.community_rows(desk.station.find_communities())] == ["红柳社区"]


@pytest.mark.parametrize("saved", [True, False])
def test_what_cannot_be_looked_up_is_called_doubtful(
    database: Database, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    failing_commit(database, monkeypatch, saved=saved)
    with pytest.raises(StorageTrouble) as trouble:
        put(database, "甲")
    assert "不能确定" in trouble.value.say()
    assert names(database) == (["甲"] if saved else [])


def test_a_writer_elsewhere_is_named(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.whole() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        monkeypatch.setattr(engine, "_BUSY_MS", 50)
        database._engine.pool.dispose()
        with pytest.raises(StorageTrouble) as trouble:
            put(database, "乙")
        connection.exec_driver_sql("ROLLBACK")
    assert "另一个程序正在写" in trouble.value.say()


def test_watchers_hear_the_tables_after_the_commit(desk: Desk) -> None:
    heard: list[frozenset[str]] = []
    stop = desk.watch(heard.append)
    desk.station.save_community(Community(name="红柳社区"))
    assert heard == [frozenset({"community"})]
    stop()
    desk.station.save_community(Community(name="白杨社区"))
    assert len(heard) == 1


def test_a_record_is_looked_up_by_its_uuid(desk: Desk) -> None:
    community = Community(name="红柳社区")
    assert not desk.opened.database.holds("community", community.uuid)
    desk.station.save_community(community)
    assert desk.opened.database.holds("community", community.uuid)


def test_a_full_disk_saves_nothing_and_says_so(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)], check=False)
    if mounted.returncode != 0:
        # Without the right to mount, the same error comes from a page limit.
        _fill_up(engine.create(small / "a.db", engine.new_key()), pages=12)
        return
    try:
        _fill_up(engine.create(small / "a.db", engine.new_key()), pages=0)
    finally:
        subprocess.run(["umount", str(small)], check=True)
        shutil.rmtree(small)


def _fill_up(database: Database, pages: int) -> None:
    with database.whole() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
    limit = f"PRAGMA max_page_count = {pages}" if pages else "SELECT 1"
    saved: list[int] = []

    def fill() -> None:
        for number in range(100):
            with database.write() as session:
                session.execute(text(limit))
                session.execute(text("INSERT INTO thing (name) VALUES (:n)"), {"n": f"{number}" * 20_000})
            saved.append(number)

    with pytest.raises(StorageTrouble) as trouble:
        fill()
    assert "磁盘已满" in trouble.value.say()
    assert len(names(database)) == len(saved)
    database.dispose()


def test_reading_and_then_writing_waits_its_turn(database: Database) -> None:
    with database.write() as session:
        session.execute(text("INSERT INTO thing (id, name) VALUES (1, '0')"))
    failed: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(25):
                with database.write() as session:
                    seen = int(session.scalar(text("SELECT name FROM thing WHERE id = 1")) or 0)
                    session.execute(text("UPDATE thing SET name = :n WHERE id = 1"), {"n": str(seen + 1)})
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert names(database) == ["100"]
