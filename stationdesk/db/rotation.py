"""New data keys for the whole station: made beside, checked, and put in place in one step.

The new database is written under another name and the new keys under a third. Renaming the
database over the old one is the moment from which the new keys count: found before it, both new
files are thrown away; found after it, the keys are put in their place.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from stationdesk.db import engine, keyring
from stationdesk.db.engine import Database
from stationdesk.db.keyring import DamagedKeys, KeyRing, Keys
from stationdesk.db.models import Base
from stationdesk.db.opening import DATABASE, KEYS, NEXT_KEYS, ROTATING
from stationdesk.db.restricted import Restricted, seal, unseal
from stationdesk.errors import Problem, StorageTrouble
from stationdesk.i18n import N_
from stationdesk.paths import rename, replace_file, sync_folder

_NO_ROOM = N_("磁盘空间不够，没有更换密钥，数据没有变。请清理磁盘后再试。")
_FAILED = N_("更换密钥没有完成，数据没有变，原来的口令仍然有效。请检查磁盘后再试。")


def rotate(data: Path, database: Database, old: Keys, ring: KeyRing, new: Keys) -> None:
    """Put the station in `data` under `new` keys, which `ring` seals to those who stay.

    The database is closed on the way and has to be opened anew. Raises `StorageTrouble`; then, as
    after a kill at any moment, the station opens with the old keys or with the new.
    """
    target = data / ROTATING
    try:
        if shutil.disk_usage(data).free < 2 * database.path.stat().st_size:
            raise StorageTrouble(Problem("", _NO_ROOM))
        settle(data)
        _copy(database, old, new, target)
        database.dispose()
        replace_file(data / NEXT_KEYS, ring.to_bytes())
        _put_in_place(target, data / DATABASE)
    except (OSError, sqlcipher.Error) as failed:
        _undo(data)
        raise StorageTrouble(Problem("", _FAILED)) from failed
    except StorageTrouble:
        _undo(data)
        raise
    # From here on the new keys count; what fails now, the next opening finishes.
    with suppress(OSError):
        sync_folder(data)
        settle(data)


def settle(data: Path) -> None:
    """Finish a change of keys that was cut off, or undo it: asked at every opening."""
    rotating, waiting = data / ROTATING, data / NEXT_KEYS
    if rotating.exists():
        waiting.unlink(missing_ok=True)
        # The new keys must be gone for certain before what tells that they do not count yet.
        sync_folder(data)
        rotating.unlink()
        (data / f"{ROTATING}-journal").unlink(missing_ok=True)
    elif waiting.exists():
        try:
            ring = keyring.read(waiting)
        except DamagedKeys:
            # Never whole, so never followed by the database either.
            waiting.unlink()
            return
        keyring.write_both(data / KEYS, ring)
        waiting.unlink()
        sync_folder(data)


def _undo(data: Path) -> None:
    """Throw away what was made; what the disk does not let go of, the next opening does."""
    with suppress(OSError):
        settle(data)


def _put_in_place(source: Path, target: Path) -> None:
    try:
        rename(source, target)
    except OSError:
        # Renamed and then not synced is renamed: the new keys count.
        if source.exists():
            raise


def _copy(database: Database, old: Keys, new: Keys, target: Path) -> None:
    target.touch()
    with database.whole() as source:
        # Each page is read with the old key and written with the new one.
        engine.copy(source, target, new.core)
    copy = engine.connect(target, new.core)
    try:
        # Nobody but us knows this file, and a half-made one is thrown away: it needs no journal.
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        if old.restricted is not None and new.restricted is not None:
            _seal_anew(copy, old, new)
    finally:
        copy.close()
    _check(target, new)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _seal_anew(link: Any, old: Keys, new: Keys) -> None:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Restricted):
                where = (table.name, column.name)
                rows = link.execute(f'SELECT id, uuid, "{column.name}" FROM "{table.name}"').fetchall()  # noqa: S608
                link.executemany(
                    f'UPDATE "{table.name}" SET "{column.name}" = ? WHERE id = ?',  # noqa: S608 - our own names
                    [
                        (seal(new, where[0], uuid, where[1], unseal(old, where[0], uuid, where[1], box)), number)
                        for number, uuid, box in rows
                        if box is not None
                    ],
                )


def _check(path: Path, keys: Keys) -> None:
    link = engine.connect(path, keys.core, read_only=True)
    try:
        if link.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
            raise OSError(path.name)
        if link.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise OSError(path.name)
    finally:
        link.close()
