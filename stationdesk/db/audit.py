"""The audit: a keyed chain of what was done, written in the same transaction as the change."""

import hmac
import secrets
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from stationdesk.codes import Code
from stationdesk.db.engine import Change, Database
from stationdesk.db.models import AccountTable, AuditTable, ChainTable, StaffTable
from stationdesk.db.stores import Store, needs
from stationdesk.errors import Problem
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Right, Role
from stationdesk.records.audit import (
    Action,
    Anchor,
    AuditQuery,
    AuditRow,
    ChainReport,
    fields_text,
    head_code,
    kind_label,
    kinds,
    result_text,
)
from stationdesk.records.calendar import BEIJING

C = TypeVar("C", bound=Code)

_MOST_FAULTS = 20
# A page reads a file list by list; within so many seconds that is one reading.
_ONE_READING = 60.0
_ALL = AuditQuery()
_CHAINED = ("seq", "at", "actor", "role", "action", "kind", "object_id", "fields", "result")
_GAP = N_("第{first}条到第{last}条断号，被删除了。")
_CHANGED = N_("第{seq}条被改动过。")
_SHORT = N_("尾部比编号{backup}的备份少{count}条，被删除了。")
_OTHER = N_("第{seq}条与编号{backup}的备份里的不一样，被替换过。")
_NO_KEY = N_("核对用的密钥不见了，无法核对。")


class Journal:
    """Writes the chain for one login; `actor` None is the program itself."""

    def __init__(self, database: Database, actor: Actor | None) -> None:
        self._database = database
        self._who = (actor.username, actor.role.code) if actor else ("", "")
        self._last_read: tuple[str, int | None, float] = ("", None, 0.0)

    def keep(self, session: Session, changes: Iterable[Change]) -> None:
        """Add the changes of a transaction to the chain, inside that transaction."""
        rows = [self._row(*change) for change in changes]
        if rows:
            self._append(session, rows)

    def note(self, action: Action, kind: str = "", object_id: int | None = None, result: str = "") -> None:
        """Add one line about something that changed nothing; a file that takes no changes is left.

        Reading the record that was read last is one reading with it for a minute: what is on the
        screen came in a dozen calls, and each line waits for the disk.
        """
        if self._database.read_only or (action is Action.READ and self._is_reading(kind, object_id)):
            return
        with self._database.write(quiet=True) as session:
            self._append(session, [self._row(action.code, kind, object_id, "", result)])
        if action is Action.READ:
            self._last_read = (kind, object_id, monotonic())

    def _is_reading(self, kind: str, object_id: int | None) -> bool:
        last_kind, last_id, at = self._last_read
        return (kind, object_id) == (last_kind, last_id) and monotonic() - at < _ONE_READING

    def _row(self, action: str, kind: str, object_id: int | None, fields: str, result: str) -> dict[str, Any]:
        who, role = self._who
        at = datetime.now(BEIJING).isoformat(timespec="seconds")
        return {"at": at, "actor": who, "role": role, "action": action, "kind": kind} | {
            "object_id": object_id,
            "fields": fields,
            "result": result,
        }

    def _append(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        key = _chain_key(session)
        seq, mac = _end(session)
        for row in rows:
            seq += 1
            row["seq"] = seq
            mac = row["mac"] = _mac(key, mac, [row[name] for name in _CHAINED])
        session.execute(insert(AuditTable), rows)
        session.info["end"] = (seq, mac)


def _end(session: Session) -> tuple[int, str]:
    found = session.execute(select(AuditTable.seq, AuditTable.mac).order_by(AuditTable.seq.desc()).limit(1)).first()
    return (found.seq, found.mac) if found else (0, "")


def _chain_key(session: Session) -> bytes:
    """The chain's own random key, made with its first line: it outlives a change of the data keys."""
    found = session.scalar(select(ChainTable.key))
    if found is None:
        found = secrets.token_bytes(32)
        session.execute(insert(ChainTable), {"id": 1, "key": found})
    return found


def _mac(key: bytes, before: str, values: Sequence[object]) -> str:
    text = "\x1f".join([before, *("" if value is None else str(value) for value in values)])
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def end_of_chain(database: Database) -> tuple[int, str]:
    """Number and MAC of the last line; (0, "") when there is none."""
    with database.read() as session:
        return _end(session)


def check_chain(database: Database, anchors: Sequence[Anchor] = ()) -> ChainReport:
    """Compute the whole chain anew and compare it with itself and with what `anchors` remember."""
    columns = ", ".join(_CHAINED)
    with database.whole() as connection:
        link: Any = connection.connection.dbapi_connection
        key = link.execute("SELECT CAST(key AS BLOB) FROM chain").fetchone()
        rows = link.execute(f"SELECT {columns}, mac FROM audit ORDER BY seq")  # noqa: S608 - our own names
        faults, count, seq, mac = _walk(key[0] if key else b"", rows)
        if key is None and count:
            faults = [Problem("", _NO_KEY)]
        known = {anchor.seq for anchor in anchors}
        macs = {number: link.execute("SELECT mac FROM audit WHERE seq = ?", (number,)).fetchone() for number in known}
    faults += _against(anchors, seq, {number: found[0] for number, found in macs.items() if found})
    return ChainReport(count, head_code(seq, mac), tuple(faults[:_MOST_FAULTS]))


def _walk(key: bytes, rows: Iterable[Sequence[Any]]) -> tuple[list[Problem], int, int, str]:
    faults: list[Problem] = []
    count, seq, mac = 0, 0, ""
    for row in rows:
        *values, found = row
        if values[0] != seq + 1:
            faults.append(Problem("", _GAP, {"first": seq + 1, "last": values[0] - 1}))
        elif _mac(key, mac, values) != found:
            faults.append(Problem("", _CHANGED, {"seq": values[0]}))
        count, seq, mac = count + 1, values[0], str(found)
    return faults, count, seq, mac


def _against(anchors: Sequence[Anchor], last: int, macs: Mapping[int, str]) -> list[Problem]:
    """A tail cut off is seen only by what was remembered elsewhere; the longest memory says it."""
    faults = []
    longest = max(anchors, key=lambda anchor: anchor.seq, default=None)
    if longest is not None and longest.seq > last:
        faults.append(Problem("", _SHORT, {"backup": longest.backup, "count": longest.seq - last}))
    return faults + [
        Problem("", _OTHER, {"seq": anchor.seq, "backup": anchor.backup})
        for anchor in anchors
        if anchor.seq in macs and macs[anchor.seq] != anchor.mac
    ]


class AuditStore(Store):
    """Reading what was done."""

    @needs(Right.AUDIT)
    def find(self, query: AuditQuery = _ALL, sort: str = "at", descending: bool = True) -> "array[int]":
        """Numbers of the lines that fit, in their order or from the last."""
        wanted = _narrowed(select(AuditTable.seq), query)
        key = {"who": AuditTable.actor, "action": AuditTable.action, "what": AuditTable.kind}.get(sort)
        order = [AuditTable.seq] if key is None else [key, AuditTable.seq]
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(*(c.desc() if descending else c for c in order))))

    @needs(Right.AUDIT)
    def rows(self, ids: Sequence[int]) -> tuple[AuditRow, ...]:
        """The lines with these numbers, in the order of `ids`."""
        with self._database.read() as session:
            names = _names(session)
            found = {row.seq: row for row in session.scalars(select(AuditTable).where(AuditTable.seq.in_(ids)))}
        return tuple(_line(found[seq], names) for seq in ids if seq in found)

    @needs(Right.AUDIT)
    def people(self) -> tuple[tuple[str, str], ...]:
        """User names that occur, each with the person's name."""
        with self._database.read() as session:
            names = _names(session)
            found = session.scalars(select(AuditTable.actor).distinct().order_by(AuditTable.actor)).all()
        return tuple((username, names.get(username, username)) for username in found if username)

    @needs(Right.AUDIT)
    def verify(self, anchors: Sequence[Anchor] = ()) -> ChainReport:
        """Check the whole chain, and note that it was checked."""
        found = check_chain(self._database, _since_restore(self._database, anchors))
        self._database.note(Action.VERIFY, "audit", result="OK" if found.sound else f"{len(found.faults)}")
        return found

    @needs(Right.REPORT)
    def head(self) -> str:
        """The end of the chain as it stands at the foot of a printed summary."""
        return head_code(*end_of_chain(self._database))

    @needs(Right.SEE_STATION)
    def last_backups(self) -> dict[str, tuple[datetime, str]]:
        """By place (OWN, SECOND, STICK) when the last attempt was made (Beijing time) and how it
        ended: OK, or a text; of two the last one that went well is told as `PLACE+`."""
        found: dict[str, tuple[datetime, str]] = {}
        query = select(AuditTable.kind, AuditTable.at, AuditTable.result).where(AuditTable.action == Action.BACKUP.code)
        with self._database.read() as session:
            for place in ("OWN", "SECOND", "STICK"):
                latest = query.where(AuditTable.kind == place).order_by(AuditTable.seq.desc()).limit(1)
                for name, wanted in ((place, latest), (f"{place}+", latest.where(AuditTable.result.like("OK%")))):
                    row = session.execute(wanted).first()
                    if row is not None and (at := _local(row.at)) is not None:
                        found[name] = (at, row.result)
        return found

    @needs(Right.OWN)
    def note_output(self, action: Action, kind: str, count: int) -> None:
        """Note that something was printed or taken out: what kind, how many records."""
        self._database.note(action, kind, result=str(count))

    @needs(Right.OWN)
    def note_look(self, kind: str, object_id: int | None, field: str) -> None:
        """Note that one masked field of a record was looked at whole."""
        if self._database.read_only:
            return
        with self._database.write(quiet=True) as session:
            session.info["notes"] = [Change(Action.READ.code, kind, object_id, field)]

    @needs(Right.OWN)
    def note_leaving(self) -> None:
        """Note that the person leaves the desk."""
        self._database.note(Action.LEAVE)


def _since_restore(database: Database, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Only what is still to be remembered: after a restore the chain goes on from where the restored
    backup ended, and older backups that remember more remember what is gone for good reason."""
    query = select(AuditTable.at, AuditTable.result).where(AuditTable.action == Action.RESTORE.code)
    with database.read() as session:
        found = [(_local(at), end) for at, end in session.execute(query)]
    restores = [(at, int(end)) for at, end in found if at is not None and end.isdigit()]
    return [
        anchor
        for anchor in anchors
        if (made := _local(anchor.made_at)) is None or not any(anchor.seq > end and made <= at for at, end in restores)
    ]


def _narrowed(wanted: "Select[tuple[int]]", query: AuditQuery) -> "Select[tuple[int]]":
    if query.words:
        said = [kind for kind in kinds() if query.words in kind_label(kind)]
        done = [action.code for action in Action if query.words in action.label]
        wanted = wanted.where(
            AuditTable.actor.contains(query.words, autoescape=True)
            | AuditTable.at.startswith(query.words, autoescape=True)
            | AuditTable.kind.in_(said)
            | AuditTable.action.in_(done)
            | (func.cast(AuditTable.object_id, AuditTable.actor.type) == query.words)
            | (func.cast(AuditTable.seq, AuditTable.actor.type) == query.words)
        )
    if query.username:
        wanted = wanted.where(AuditTable.actor == query.username)
    if query.action is not None:
        wanted = wanted.where(AuditTable.action == query.action.code)
    return wanted


def _names(session: Session) -> dict[str, str]:
    query = select(AccountTable.username, StaffTable.name).join(StaffTable, StaffTable.id == AccountTable.staff_id)
    return {row.username: row.name for row in session.execute(query)}


def _local(at: str) -> datetime | None:
    """A stored time as the clock in the office shows it, None when somebody has made it unreadable."""
    with suppress(ValueError):
        return datetime.fromisoformat(at).astimezone(BEIJING).replace(tzinfo=None)
    return None


def _code(codes: type[C], stored: str) -> C | None:
    with suppress(ValueError):
        return codes.of(stored)
    return None


def _line(row: AuditTable, names: Mapping[str, str]) -> AuditRow:
    action = _code(Action, row.action)
    parts = (fields_text(row.kind, row.fields), result_text(row.result, action))
    return AuditRow(
        id=row.seq,
        at=_local(row.at),
        who=names.get(row.actor, row.actor),
        role=_code(Role, row.role),
        action=action,
        what=kind_label(row.kind),
        object_id=row.object_id,
        details="；".join(part for part in parts if part),
    )
