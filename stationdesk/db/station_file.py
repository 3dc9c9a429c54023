"""The station file: what lies in the data folder, and how it is made and opened."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from stationdesk.db import engine, keyring
from stationdesk.db.engine import Database
from stationdesk.db.folder import folder_problem
from stationdesk.db.keyring import DamagedKeys, KeyRing, Keys
from stationdesk.db.lock import Lock, writable
from stationdesk.db.opening import (
    BACKUPS,
    DATABASE,
    JOURNAL,
    KEYS,
    LOCK,
    MARK,
    NEW_KEYS,
    SENTENCES,
    Found,
    look,
    read_keys,
    refusal,
)
from stationdesk.db.rotation import settle
from stationdesk.db.upgrade import SCHEMA, upgrade
from stationdesk.errors import Problem, StorageTrouble
from stationdesk.i18n import N_
from stationdesk.paths import rename, replace_file, sync_folder

UNREADABLE = N_("口令正确,但数据库文件已损坏或与密钥文件不配套。")
NEWER = N_("此数据由更新版本创建。请升级程序。数据未被改动。")
OLDER = N_("此数据由较早版本创建，要先升级，但数据文件夹是只读的。请检查文件夹的权限后再打开。数据未被改动。")
CUT_OFF = N_("上次保存时程序或电脑突然中断，要先复原，但数据文件夹是只读的。请检查文件夹的权限后再打开。数据未被改动。")
SAVING_OFF = N_("数据文件夹是只读的，只能查看，不能保存。")


@dataclass(slots=True)
class OpenStation:
    """An open station: the folder, the lock that keeps others out, the database, the keys."""

    data: Path
    lock: Lock | None
    database: Database
    keys: Keys
    ring: KeyRing
    username: str
    notes: tuple[str, ...] = ()

    @property
    def read_only(self) -> bool:
        """Whether saving is off."""
        return self.database.read_only

    def close(self) -> None:
        """Close the file, then let go of the lock."""
        self.database.dispose()
        if self.lock is not None:
            self.lock.release()


def open_station(data: Path, username: str, password: str) -> OpenStation:
    """Open the station in `data` with a person's password.

    Raises `AlreadyOpen`, `WrongPassword`, and `StorageTrouble` with the sentence of the opening
    table; whatever it raises, every file is as it was. A folder that takes no changes is opened
    for reading, which `notes` says.
    """
    return _open(data, username, lambda ring: keyring.open_slot(ring, username, password))


def open_with_recovery(data: Path, typed: str) -> OpenStation:
    """Open the station with the printed recovery key, as nobody in particular. Raises `Refused` on a
    key mistyped, `WrongPassword` on one of another station, and what `open_station` raises."""
    return _open(data, "", lambda ring: keyring.open_with_recovery(ring, typed))


def _open(data: Path, username: str, unlock: Callable[[KeyRing], Keys]) -> OpenStation:
    can_write = writable(data) if data.is_dir() else True
    lock = database = None
    try:
        lock = Lock(data / LOCK) if can_write and data.is_dir() else None
        if can_write:
            settle(data)
        found = look(data)
        if found is not Found.READY:
            raise refusal(found) if found in SENTENCES else StorageTrouble(Problem("", SENTENCES[Found.MISSING]))
        ring = read_keys(data)
        keys = unlock(ring)
        schema = _schema(data, keys, can_write=can_write)
        database = Database(data / DATABASE, keys.core, read_only=not can_write)
        if can_write:
            _settle(data, ring)
        if schema < SCHEMA:
            _bring_up(data, database, keys)
    except BaseException as failed:
        if database is not None:
            database.dispose()
        if lock is not None:
            lock.release()
        if isinstance(failed, OSError):
            raise StorageTrouble from failed
        raise
    notes = () if can_write else (SAVING_OFF,)
    return OpenStation(data, lock, database, keys, ring, username.strip(), notes)


def _schema(data: Path, keys: Keys, *, can_write: bool) -> int:
    """The schema of the file, not newer than the program's; asked before anything may change."""
    try:
        schema = _ask_schema(data, keys, can_write=can_write)
    except sqlcipher.Error as unread:
        # SQLCipher says "not a database" for a wrong key as for a damaged page.
        if engine.is_unreadable(unread):
            raise StorageTrouble(Problem("", UNREADABLE)) from unread
        engine.raise_trouble(unread)
    if schema > SCHEMA:
        raise StorageTrouble(Problem("", NEWER))
    if schema < SCHEMA and not can_write:
        raise StorageTrouble(Problem("", OLDER))
    return schema


def _ask_schema(data: Path, keys: Keys, *, can_write: bool) -> int:
    try:
        return _user_version(data / DATABASE, keys, read_only=True)
    except sqlcipher.Error as unread:
        if not engine.is_unfinished(unread) or not (data / JOURNAL).exists():
            raise
        if not can_write:
            raise StorageTrouble(Problem("", CUT_OFF)) from unread
    # A program killed while it saved leaves a journal that only a writer may play back. Tried on a
    # copy first: a file that is refused stays as it is, journal and all.
    with TemporaryDirectory() as scratch:
        for name in (DATABASE, JOURNAL):
            shutil.copyfile(data / name, Path(scratch) / name)
        return _user_version(Path(scratch) / DATABASE, keys, read_only=False)


def _user_version(path: Path, keys: Keys, *, read_only: bool) -> int:
    link: Any = engine.connect(path, keys.core, read_only=read_only)
    try:
        return int(link.execute("PRAGMA user_version").fetchone()[0])
    finally:
        link.close()


def _bring_up(data: Path, database: Database, keys: Keys) -> None:
    """Migrate to this program's schema, after a verified backup of the file as it is."""
    from stationdesk.db import backup

    with database.whole() as connection:
        name = str(connection.exec_driver_sql("SELECT name FROM station").scalar_one())
    backup.make(database, keys, data / KEYS, name, data / BACKUPS)
    upgrade(database)


def create(
    data: Path, ring: KeyRing, keys: Keys, username: str, fill: Callable[[Database], None], *, any_folder: bool = False
) -> OpenStation:
    """Make the station in `data`: a new file at this schema, filled by `fill`, and its keys.

    All is made under other names and moved into place at the end, the database last but the mark:
    a kill before that leaves an empty folder, one after it a station that opens. Raises
    `AlreadyOpen` and `StorageTrouble`; a folder that holds a station is never touched.
    """
    lock = None
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = Lock(data / LOCK)
        if not any_folder and (problem := folder_problem(data)):
            raise StorageTrouble(problem)
        if look(data) is not Found.EMPTY:
            raise StorageTrouble(Problem("", N_("这个文件夹里已有工作站数据，没有新建。请换一个文件夹。")))
        _make(data, ring, keys, fill)
        return OpenStation(data, lock, Database(data / DATABASE, keys.core), keys, ring, username.strip())
    except BaseException as failed:
        if lock is not None:
            lock.release()
        if isinstance(failed, OSError):
            raise StorageTrouble(Problem("", N_("新建数据文件失败，请检查磁盘空间和文件夹权限后重试。"))) from failed
        raise


def _make(data: Path, ring: KeyRing, keys: Keys, fill: Callable[[Database], None]) -> None:
    draft = data / "station.new"
    for left_over in (draft, data / NEW_KEYS, data / "station.new-journal"):
        left_over.unlink(missing_ok=True)
    database = engine.create(draft, keys.core)
    try:
        upgrade(database)
        fill(database)
    finally:
        database.dispose()
    # Two files cannot appear at once. The keys are whole under their first name before the
    # database appears, and opening reads them there too: every kill leaves nothing or a station.
    replace_file(data / NEW_KEYS, ring.to_bytes())
    rename(draft, data / DATABASE)
    (data / "station.new-journal").unlink(missing_ok=True)
    _settle(data, ring)


def _settle(data: Path, ring: KeyRing) -> None:
    """Put the key file in its place where it is missing or damaged, and leave the mark."""
    try:
        keyring.read(data / KEYS)
    except (DamagedKeys, OSError):
        keyring.write(data / KEYS, ring)
    (data / NEW_KEYS).unlink(missing_ok=True)
    (data / MARK).touch()
    sync_folder(data)
