"""The audit: every kind of tampering is named, and the table itself refuses the simple ones."""

import hmac
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from stationdesk.backups import anchors, back_up, check_station, restore
from stationdesk.db import audit, engine
from stationdesk.db.audit import _CHAINED, Journal, _mac, check_chain, end_of_chain
from stationdesk.db.engine import Change, Database
from stationdesk.db.upgrade import upgrade
from stationdesk.desk import Desk
from stationdesk.errors import Refused
from stationdesk.records.audit import Action, Anchor, AuditQuery
from stationdesk.records.station import Community
from tests.children import filed
from tests.stations import HEAD, PASSWORD, at_desk


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk with some lines in its audit."""
    for number in range(5):
        desk.station.save_community(Community(name=f"第{number}社区"))
    return desk


_REST = "role, action, kind, object_id, fields, result, mac FROM audit"


def tamper(desk: Desk, *statements: str) -> None:
    """What somebody with the key and a tool of their own does: the triggers first."""
    with desk.opened.database.whole() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for statement in (*(f'DROP TRIGGER "{name}"' for name in names), *statements):
            connection.exec_driver_sql(statement)


def faults(desk: Desk, *known: Anchor) -> list[str]:
    return [fault.say() for fault in check_chain(desk.opened.database, known).faults]


def test_sound_as_written(busy: Desk) -> None:
    report = busy.audit.verify(anchors(busy))
    assert report.sound
    assert report.rows >= 6
    assert report.head == f"{end_of_chain(busy.opened.database)[0] - 1:06d}-{report.head[7:]}"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        f"INSERT OR REPLACE INTO audit SELECT seq, at, 'x', {_REST} WHERE seq = 3",
        "UPDATE chain SET key = x'00'",
        "DELETE FROM chain",
        "INSERT OR REPLACE INTO chain VALUES (1, x'00')",
    ],
)
def test_the_table_refuses(busy: Desk, statement: str) -> None:
    with pytest.raises(Refused), busy.opened.database.whole() as connection:
        connection.exec_driver_sql(statement)
    assert faults(busy) == []


@pytest.mark.parametrize("column", [name for name in _CHAINED if name not in ("seq", "object_id")])
def test_a_changed_line_is_named(busy: Desk, column: str) -> None:
    tamper(busy, f"UPDATE audit SET {column} = {column} || 'x' WHERE seq = 3")
    assert faults(busy) == ["第3条被改动过。"]


def test_what_tampering_made_unreadable_is_named_and_still_listed(busy: Desk) -> None:
    tamper(
        busy,
        "UPDATE audit SET at = 'x', action = 'x', role = 'x', mac = '改' WHERE seq = 3",
        "UPDATE audit SET mac = x'00' WHERE seq = 5",
    )
    assert faults(busy)[0] == "第3条被改动过。"
    line = busy.audit.rows([3])[0]
    assert (line.id, line.at, line.action, line.role) == (3, None, None, None)
    tamper(busy, "UPDATE audit SET at = 'x', action = 'RESTORE', result = '1' WHERE seq = 3")
    assert "第3条被改动过。" in [fault.say() for fault in busy.audit.verify(anchors(busy)).faults]


def test_a_line_is_found_by_its_number_in_the_chain(busy: Desk) -> None:
    assert 3 in busy.audit.find(AuditQuery(words="3"))


def test_other_tamperings_are_named(busy: Desk) -> None:
    tamper(busy, "UPDATE audit SET object_id = 99 WHERE seq = 4")
    assert faults(busy) == ["第4条被改动过。"]
    tamper(busy, "DELETE FROM audit WHERE seq IN (2, 3)")
    assert faults(busy)[0] == "第2条到第3条断号，被删除了。"


def test_a_line_put_in_the_middle_is_named(busy: Desk) -> None:
    tamper(
        busy,
        "UPDATE audit SET seq = -seq - 1 WHERE seq >= 3",
        "UPDATE audit SET seq = -seq WHERE seq < 0",
        f"INSERT INTO audit SELECT 3, at, 'x', {_REST} WHERE seq = 2",
    )
    assert faults(busy)[0] == "第3条被改动过。"


def test_a_line_put_before_the_first_is_seen(busy: Desk) -> None:
    tamper(busy, f"INSERT INTO audit SELECT 0, at, 'x', {_REST} WHERE seq = 1")
    assert faults(busy)


def test_a_tail_cut_off_is_seen_by_what_a_backup_remembers(busy: Desk) -> None:
    back_up(busy)
    known = anchors(busy)
    busy.station.save_community(Community(name="红柳社区"))
    assert faults(busy, *known) == []
    tamper(busy, f"DELETE FROM audit WHERE seq > {known[0].seq - 2}")
    assert faults(busy) == []
    assert faults(busy, *known) == ["尾部比编号1的备份少2条，被删除了。"]
    tamper(busy, "DELETE FROM audit")
    assert faults(busy, *known) == [f"尾部比编号1的备份少{known[0].seq}条，被删除了。"]


def rewritten(desk: Desk, key: bytes) -> None:
    """The whole chain anew under another key, one line changed."""
    with desk.opened.database.whole() as connection:
        columns = ", ".join(_CHAINED)
        lines: list[Any] = list(connection.exec_driver_sql(f"SELECT {columns} FROM audit ORDER BY seq"))
        before = ""
        for line in lines:
            values = [*line[:2], "x" if line[0] == 3 else line[2], *line[3:]]
            before = _mac(key, before, values)
            connection.exec_driver_sql(
                "UPDATE audit SET actor = ?, mac = ? WHERE seq = ?", (values[2], before, line[0])
            )


def test_a_chain_rewritten_under_another_key_is_seen(busy: Desk) -> None:
    back_up(busy)
    known, forged = anchors(busy), secrets.token_bytes(32)
    tamper(busy)
    rewritten(busy, forged)
    assert faults(busy)[0] == "第1条被改动过。"
    # With the key put into the file as well the chain is sound in itself: the backup knows better.
    with busy.opened.database.whole() as connection:
        connection.exec_driver_sql("UPDATE chain SET key = ?", (forged,))
    assert faults(busy) == []
    assert faults(busy, *known) == [f"第{known[0].seq}条与编号1的备份里的不一样，被替换过。"]


def test_a_lost_key_is_said(busy: Desk) -> None:
    tamper(busy, "DELETE FROM chain")
    assert faults(busy) == ["核对用的密钥不见了，无法核对。"]


def test_values_that_run_into_each_other_have_other_macs() -> None:
    key = secrets.token_bytes(32)
    assert _mac(key, "", ["ab", "c"]) != _mac(key, "", ["a", "bc"])
    assert hmac.compare_digest(_mac(key, "", ["ab"]), _mac(key, "", ["ab"]))


def test_sound_after_an_older_backup_came_back(busy: Desk) -> None:
    data, first = busy.data, back_up(busy)
    busy.station.save_community(Community(name="红柳社区"))
    back_up(busy)
    busy.close()
    restore(data, first.path, HEAD, PASSWORD, any_folder=True)
    desk = at_desk(data)
    report = check_station(desk)[1]
    assert report is not None
    assert [fault.say() for fault in report.faults] == []
    assert Action.RESTORE in {row.action for row in desk.audit.rows(desk.audit.find())}
    # What is cut off after that is seen again.
    known = [Anchor(9, "2099-01-01T00:00:00+08:00", *end_of_chain(desk.opened.database))]
    tamper(desk, f"DELETE FROM audit WHERE seq > {known[0].seq - 1}")
    assert desk.audit.verify(known).faults
    desk.close()


@pytest.fixture
def blank(tmp_path: Any) -> Iterator[Database]:
    """A migrated file without a line yet."""
    database = engine.create(tmp_path / "a.db", engine.new_key())
    upgrade(database)
    yield database
    database.dispose()


def test_the_first_line_thrown_away_takes_its_key_along(blank: Database) -> None:
    journal = Journal(blank, None)
    with pytest.raises(ZeroDivisionError):
        broken_off(blank, journal)
    journal.note(Action.LOGIN)
    journal.note(Action.LEAVE)
    report = check_chain(blank)
    assert (report.rows, report.faults) == (2, ())


def broken_off(database: Database, journal: Journal) -> None:
    with database.write() as session:
        journal.keep(session, [Change("CREATE", "room", 1)])
        raise ZeroDivisionError


def test_a_change_is_in_the_audit_or_not_saved(busy: Desk) -> None:
    before = end_of_chain(busy.opened.database)[0]
    number = busy.station.save_community(Community(name="红柳社区", grid_note="内容不进记录"))
    row = busy.audit.rows([before + 1])[0]
    assert (row.action, row.object_id, row.who) == (Action.CREATE, number, busy.actor.name)
    with busy.opened.database.read() as session:
        kept = "".join(str(value) for line in session.execute(text("SELECT * FROM audit")) for value in line)
    assert "红柳" not in kept
    assert "内容不进记录" not in kept


def test_a_file_on_the_screen_is_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page asks list by list; after a minute, or after another file, it is a reading again."""
    one, other = (filed(desk, name) for name in ("甲某", "乙某"))
    clock = [1000.0]
    monkeypatch.setattr(audit, "monotonic", lambda: clock[0])

    def noted() -> list[int]:
        with desk.opened.database.read() as session:
            query = text("SELECT object_id FROM audit WHERE action = 'READ' ORDER BY seq")
            return list(session.execute(query).scalars())

    desk.children.load(one)
    desk.child_files.family(one)
    desk.child_files.timeline(one)
    assert noted() == [one]
    desk.child_files.file(other)
    desk.children.load(one)
    assert noted() == [one, other, one]
    clock[0] += 59
    desk.child_files.consents(one)
    assert noted() == [one, other, one]
    clock[0] += 1
    desk.child_files.consents(one)
    assert noted() == [one, other, one, one]
    assert desk.audit.verify(anchors(desk)).sound
