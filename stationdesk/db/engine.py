"""The database: an encrypted file, its pragmas read back, one transaction at a time."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import quote

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Dialect, Engine, TextClause, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import NullPool, QueuePool
from sqlalchemy.util import LRUCache

from stationdesk.errors import Conflict, Doubtful, Problem, Refused, StorageTrouble
from stationdesk.i18n import N_
from stationdesk.log import logger

if TYPE_CHECKING:
    from stationdesk.db.audit import Journal
    from stationdesk.records.audit import Action

APPLICATION_ID = 0x53444B31  # "SDK1"
_BUSY_MS = 5000

# Set at every open and read back; a build that ignores one of them may lose the last commit.
_PRAGMAS: dict[str, str] = {
    "journal_mode": "truncate",
    "synchronous": "3",
    "secure_delete": "1",
    "foreign_keys": "1",
    "recursive_triggers": "1",
    "trusted_schema": "0",
    "temp_store": "2",
}
_SPELLED = {"journal_mode": "TRUNCATE", "synchronous": "EXTRA", "temp_store": "MEMORY"}

_LOCKED = N_("另一个程序正在写数据文件，没有保存。请稍等片刻再保存一次。")
_FULL = N_("磁盘已满，没有保存。请清理磁盘空间后再保存，已填的内容还在。")
_READ_ONLY = N_("数据文件夹是只读的，不能保存。请检查文件夹的权限。")
_TROUBLE = N_("读写数据文件时出错，没有保存。请检查磁盘后重试，已填的内容还在。")
_DAMAGED = N_("数据文件已损坏，请停止录入并从备份恢复。")
_DUPLICATE = N_("有一项内容与已有记录重复，没有保存。请检查名称、编号等是否重复。")

# Primary result codes of SQLite (https://sqlite.org/rescode.html).
_SENTENCES = {
    3: _TROUBLE,
    5: _LOCKED,
    6: _LOCKED,
    8: _READ_ONLY,
    10: _TROUBLE,
    11: _DAMAGED,
    13: _FULL,
    14: _TROUBLE,
    26: _DAMAGED,
}
_READ_ONLY_CODE = 8
_IO_ERROR = 10
_UNREADABLE = {11, 26}


class Change(NamedTuple):
    """One line for the audit: action and kind by their codes, names of fields, how it ended."""

    action: str
    kind: str
    object_id: int | None
    fields: str = ""
    result: str = ""


_URL = "sqlite+pysqlite://"
# What was put into SQL once stays so for every file that is opened: unlocking does not begin anew.
_COMPILED = LRUCache[Any, Any](2000)


@cache
def _dialect() -> Dialect:
    """The dialect of all databases, having met SQLCipher once."""
    first = create_engine(_URL, module=sqlcipher, poolclass=NullPool)
    first.connect().close()
    return first.dialect


class Database:
    """An open station file. `read` and `write` are the only ways to a session.

    `journal` writes the audit of whoever has logged in; `saves` counts the transactions that
    changed records since it was last set to nothing.
    """

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        self.path = path
        self._key = key
        self.read_only = read_only
        self.journal: Journal | None = None
        self.saves = 0
        self._watchers: list[Callable[[frozenset[str]], None]] = []
        speaks = _dialect()
        pool = QueuePool(lambda: connect(path, self._key, read_only=read_only), pool_size=4, dialect=speaks)
        self._engine = Engine(
            pool,
            speaks,
            make_url(_URL),
            hide_parameters=True,
            execution_options={"compiled_cache": _COMPILED},
        )
        event.listen(self._engine, "begin", _begin)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        event.listen(self._sessions, "after_flush", _collect_changes)
        event.listen(self._engine, "before_cursor_execute", _collect_tables)

    def __repr__(self) -> str:
        return "Database()"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the file; what it changes is thrown away."""
        with self._reported(), self._sessions() as session:
            session.connection(execution_options={"begin_with": "BEGIN"})
            yield session

    @contextmanager
    def write(self, *, quiet: bool = False) -> Iterator[Session]:
        """A session whose changes are saved together at the end, or not at all; `quiet` ones (drafts,
        notes) are no work that a backup would have to follow.

        Raises `StorageTrouble`, `Conflict` (the record was changed by another) or `Refused` (a
        constraint). Watchers hear the names of the touched tables after the commit.
        """
        if self.read_only:
            raise StorageTrouble(Problem("", _READ_ONLY))
        touched: set[str] = set()
        with self._reported(), self._sessions() as session:
            session.connection(execution_options={"begin_with": "BEGIN IMMEDIATE", "touched": touched})
            yield session
            self._commit(session)
        if touched:
            self.saves += not quiet
            for tell in tuple(self._watchers):
                tell(frozenset(touched))

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """One connection outside any session, for migrations, checks and copies."""
        with self._reported(), self._engine.connect().execution_options(begin_with="") as connection:
            yield connection

    def watch(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `callback` with the touched table names after each commit; returns the way out."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

    def note(self, action: "Action", kind: str = "", object_id: int | None = None, result: str = "") -> None:
        """Put one line into the audit about something that changed nothing."""
        if self.journal is not None:
            self.journal.note(action, kind, object_id, result)

    def holds(self, table: str, uuid: str, version: int = 1) -> bool:
        """Whether a record is there, in that version or a later one."""
        with self.read() as session:
            return session.execute(_asked(table, uuid, version)).first() is not None

    def _commit(self, session: Session) -> None:
        """Commit; after an error look whether it was saved all the same.

        A disk can fail after the point from which the transaction counts. One written record or
        line of the audit that is there, seen by a fresh connection, proves the whole transaction;
        where neither was written, or the disk answers no more, the user is told that it is not known.
        """
        session.flush()
        changed = session.info.get("changes", {})
        row = next((row for row in changed if hasattr(row, "uuid")), None)
        if self.journal is not None:
            notes = session.info.get("notes", ())
            lines = [_change(row, names) for row, names in changed.items()]
            # What is told in words is not told a second time by the bare fact.
            told = {(note.kind, note.object_id) for note in notes}
            self.journal.keep(session, (*(line for line in lines if (line.kind, line.object_id) not in told), *notes))
        proof = _proof(row, session.info.get("end"))
        try:
            session.commit()
        except (DBAPIError, sqlcipher.Error) as error:
            session.invalidate()
            self._engine.dispose()
            if not self._was_saved(proof, error):
                raise
            logger.warning("a commit reported an error, its records are there")

    def _was_saved(self, proof: TextClause | None, error: Exception) -> bool:
        if proof is None:
            if _code(error) == _IO_ERROR:
                raise Doubtful from error
            return False
        try:
            with self.read() as session:
                return session.execute(proof).first() is not None
        except (StorageTrouble, DBAPIError) as silent:
            raise Doubtful from silent

    def schema(self) -> int:
        """The schema number the file was last migrated to."""
        with self.read() as session:
            return int(session.execute(text("PRAGMA user_version")).scalar_one())

    def rekeyed(self, key: bytes) -> None:
        """The file lies under another key from now on."""
        self._engine.dispose()
        self._key = key

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except StaleDataError as stale:
            raise Conflict from stale
        except IntegrityError as broken:
            # The driver gives no extended code; the text names table and column, never a value.
            said = (Problem("", _DUPLICATE),) if str(broken.orig).startswith("UNIQUE") else ()
            raise Refused(*said) from broken
        except (DBAPIError, sqlcipher.Error) as error:
            raise_trouble(error)


def _code(error: Exception) -> int:
    """The primary result code of SQLite behind an error, 0 without one."""
    return int(getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlite_errorcode", 0)) & 0xFF


def is_unreadable(error: Exception) -> bool:
    """Whether the file makes no sense: a page is damaged, or the key is another file's."""
    return _code(error) in _UNREADABLE


def is_unfinished(error: Exception) -> bool:
    """Whether a reader was refused because a save was cut off, which only a writer rolls back."""
    return _code(error) == _READ_ONLY_CODE


def raise_trouble(error: Exception) -> NoReturn:
    """Raise the `StorageTrouble` that says what the disk or the file has; any other error as it is."""
    code = _code(error)
    if code not in _SENTENCES:
        # Not the disk's fault but ours: it must be seen as what it is.
        raise error
    raise StorageTrouble(Problem("", _SENTENCES[code])) from error


def connect(path: Path, key: bytes, *, read_only: bool = False, create: bool = False) -> Any:
    """A raw connection with every pragma set and read back.

    Raises `StorageTrouble` when this SQLite will not do; the driver's own error when the key does
    not open the file. `create` makes the file; otherwise a missing one stays missing.
    """
    mode = "ro" if read_only else "rwc" if create else "rw"
    name = quote(str(path.resolve()).replace("\\", "/"), safe="/:")
    uri = f"file:{'' if name.startswith('/') else '/'}{name}?mode={mode}"
    link = sqlcipher.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
    try:
        link.execute("PRAGMA cipher_log_level = NONE")
        link.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        link.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for name, wanted in _PRAGMAS.items():
            if read_only and name == "journal_mode":
                continue
            link.execute(f"PRAGMA {name} = {_SPELLED.get(name, wanted)}")
            found = str(link.execute(f"PRAGMA {name}").fetchone()[0]).lower()
            if found != wanted:
                raise StorageTrouble(Problem("", N_("本机的数据库组件不符合要求，拒绝打开。请重新安装程序。")))
    except BaseException:
        link.close()
        raise
    return link


def copy(source: Connection, target: Path, key: bytes) -> None:
    """Copy an open database into a new file, in one step: stepwise copies start over whenever
    somebody writes, and never end."""
    link = connect(target, key, create=True)
    try:
        source.connection.dbapi_connection.backup(link)  # type: ignore[union-attr]
    finally:
        link.close()


def create(path: Path, key: bytes) -> Database:
    """A new, empty, encrypted file; an existing one is never touched (`FileExistsError`)."""
    path.touch(exist_ok=False)
    link = connect(path, key, create=True)
    link.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    link.close()
    return Database(path, key)


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(32)


# Every save adds to these; nobody has to be told.
_UNWATCHED = {"audit", "chain"}
# What every save changes beside what the person changed.
_BOOKKEEPING = {"version", "created_at", "created_by", "updated_at", "updated_by"}


def _collect_changes(session: Session, _flushed: object) -> None:
    """Keep hold of what the session wrote, for the audit and to ask for after a doubtful commit:
    by record the names of its changed fields, None for a new one."""
    changes: dict[Any, set[str] | None] = session.info.setdefault("changes", {})
    for row in session.new:
        changes[row] = None
    for row in session.dirty:
        names = {attr.key for attr in inspect(row).attrs if attr.history.has_changes()} - _BOOKKEEPING
        known = changes.get(row, set())
        if names and known is not None:
            changes[row] = known | names


def _change(row: Any, names: set[str] | None) -> Change:
    action = "CREATE" if names is None else "DELETE" if "deleted_at" in names and row.deleted_at else "CHANGE"
    return Change(action, row.__tablename__, row.id, ",".join(sorted(names or ())))


def _asked(table: str, uuid: str, version: int) -> TextClause:
    query = text(f'SELECT 1 FROM "{table}" WHERE uuid = :u AND version >= :v')  # noqa: S608 - a table of ours
    return query.bindparams(u=uuid, v=version)


def _proof(row: Any, end: tuple[int, str] | None) -> TextClause | None:
    """What finds something that only this transaction can have written."""
    if row is not None:
        return _asked(row.__tablename__, row.uuid, row.version)
    return text("SELECT 1 FROM audit WHERE seq = :s AND mac = :m").bindparams(s=end[0], m=end[1]) if end else None


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get("begin_with", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)


def _collect_tables(conn: Connection, _cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
    """Note which table a statement changes, for whoever watches; nobody has to declare it."""
    touched = conn.get_execution_options().get("touched")
    compiled = getattr(context, "compiled", None)
    if touched is not None and compiled is not None and (context.isinsert or context.isupdate or context.isdelete):
        touched.update({compiled.statement.table.name} - _UNWATCHED)
