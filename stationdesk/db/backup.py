"""Backups: one file that holds the database, the keys and a manifest; good only once reopened."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import IO, Any

import sqlcipher3.dbapi2 as sqlcipher
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stationdesk.db import engine, keyring
from stationdesk.db.keyring import DamagedKeys, Keys
from stationdesk.db.opening import JOURNAL, NEXT_KEYS, ROTATING
from stationdesk.errors import Problem, StorageTrouble
from stationdesk.i18n import N_
from stationdesk.paths import rename, sync_folder
from stationdesk.records.calendar import BEIJING

SUFFIX = ".sdbak"
_DATABASE, _KEYS, _MANIFEST = "station.db", "station.keys", "manifest.json"
_LARGEST = 8 << 30
_PIECE = 1 << 20
_SCRATCH = "SD-making-"

_NOT_WHOLE = N_("备份文件{name}不完整或已损坏，不能使用。请换一个备份文件。")
_NO_ROOM = N_("备份位置的空间不够，没有备份。请清理磁盘或换一个位置。")
NOT_RESTORED = N_("恢复没有完成，原来的文件没有删除。请检查磁盘空间和文件夹权限后，再恢复一次。")
_FAILED = N_("备份没有成功，原有数据未受影响。请检查备份位置后重试。")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupInfo:
    """What a backup file says of itself: number, time (Beijing, with offset), rows per table, when
    its newest entry was made."""

    path: Path
    number: int
    made_at: str
    station: str
    schema: int
    counts: dict[str, int]
    newest: str = ""
    audit_seq: int = 0

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.counts.values())


def make(
    database: engine.Database, keys: Keys, key_file: Path, station: str, folder: Path, spare: Path | None = None
) -> BackupInfo:
    """Write the next backup of an open station into `folder`, reopen it there, thin the old ones but
    `spare`, which is about to be restored.

    Raises `StorageTrouble`; a failed attempt leaves no file behind.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        if shutil.disk_usage(folder).free < 3 * database.path.stat().st_size:
            raise StorageTrouble(Problem("", _NO_ROOM))
        number = max((number_of(path) for path in folder.glob(f"SD-*{SUFFIX}")), default=0) + 1
        now = datetime.now(BEIJING)
        target = folder / f"SD-{number:06d}-{now:%Y%m%dT%H%M%S}{SUFFIX}"
        partial = target.with_name(target.name + ".partial")
        try:
            _write(database, keys, key_file, partial, number, now, station)
            made = verify(partial, keys)
            rename(partial, target)
            sync_folder(folder)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, sqlcipher.Error) as failed:
        raise StorageTrouble(Problem("", _FAILED)) from failed
    thin(folder, now, spare, str(manifest_of(target).get("origin", "")))
    return replace(made, path=target)


def _clear(folder: Path) -> None:
    """Remove what a backup left that was cut off."""
    for scratch in folder.glob(f"{_SCRATCH}*"):
        shutil.rmtree(scratch, ignore_errors=True)
    for partial in folder.glob(f"SD-*{SUFFIX}.partial"):
        partial.unlink(missing_ok=True)


def _write(
    database: engine.Database, keys: Keys, key_file: Path, partial: Path, number: int, now: datetime, station: str
) -> None:
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=partial.parent) as scratch:
        copy = Path(scratch) / _DATABASE
        with database.whole() as source:
            engine.copy(source, copy, keys.core)
        found = examine(copy, keys)
        ring = key_file.read_bytes()
        manifest: dict[str, Any] = {
            "number": number,
            "made_at": now.isoformat(timespec="seconds"),
            "station": station,
            "schema": found.schema,
            "counts": found.counts,
            "audit_seq": found.audit_seq,
            "audit_mac": found.audit_mac,
            "newest": found.newest,
            "origin": found.origin,
            "sha256": {_DATABASE: _copied(copy), _KEYS: hashlib.sha256(ring).hexdigest()},
        }
        manifest["mac"] = _mac(manifest, keys)
        with partial.open("wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
                bundle.write(copy, _DATABASE)
                bundle.writestr(_KEYS, ring)
                bundle.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, sort_keys=True))
            # On the disk, not only in memory: a stick is pulled out right after "done".
            out.flush()
            os.fsync(out.fileno())


def _copied(source: Path | IO[bytes], target: Path | None = None) -> str:
    """The sum of what can be as large as the station's photos, read piece by piece and, with `target`,
    written there."""
    sum_ = hashlib.sha256()
    with ExitStack() as open_:
        stream = open_.enter_context(source.open("rb")) if isinstance(source, Path) else source
        out = None if target is None else open_.enter_context(target.open("wb"))
        while piece := stream.read(_PIECE):
            sum_.update(piece)
            if out is not None:
                out.write(piece)
    return sum_.hexdigest()


@dataclass(frozen=True, slots=True)
class Examined:
    """What a sound database file holds: rows by table, schema, of which station it is, the end of its
    audit and its time."""

    counts: dict[str, int]
    schema: int
    origin: str
    audit_seq: int
    audit_mac: str
    newest: str


def examine(path: Path, keys: Keys) -> Examined:
    """What a database file holds, after the three checks; raises `StorageTrouble`."""
    link = engine.connect(path, keys.core, read_only=True)
    try:
        sound = (
            link.execute("PRAGMA cipher_integrity_check").fetchone() is None
            and link.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            and link.execute("PRAGMA foreign_key_check").fetchone() is None
        )
        if not sound:
            raise StorageTrouble(
                Problem("", N_("数据库检查没有通过，文件可能已损坏。请停止录入，保留现有备份，并联系技术支持。"))
            )
        tables = [row[0] for row in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        counts = {name: link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608 - a table of ours
        audit = "audit" in tables and link.execute("SELECT seq, mac, at FROM audit ORDER BY seq DESC").fetchone()
        schema = int(link.execute("PRAGMA user_version").fetchone()[0])
        return Examined(counts, schema, _origin(link) if "chain" in tables else "", *(audit or (0, "", "")))
    finally:
        link.close()


def origin(database: engine.Database) -> str:
    """Of which station a file is, whatever its name and its keys are by now; tells nothing else."""
    with database.whole() as connection:
        return _origin(connection.connection.dbapi_connection)


def _origin(link: Any) -> str:
    found = link.execute("SELECT CAST(key AS BLOB) FROM chain").fetchone()
    return hashlib.sha256(b"stationdesk origin" + found[0]).hexdigest() if found else ""


def manifest_of(path: Path) -> dict[str, Any]:
    """What a backup file says of itself, unchecked; empty where it says nothing that can be read."""
    with suppress(OSError, ValueError, KeyError, zipfile.BadZipFile), zipfile.ZipFile(path) as bundle:
        found = json.loads(bundle.read(_MANIFEST))
        return found if isinstance(found, dict) else {}
    return {}


def _mac(manifest: dict[str, Any], keys: Keys) -> str:
    tag = hmac.HMAC(HKDF(hashes.SHA256(), 32, None, b"stationdesk backup").derive(keys.core), hashes.SHA256())
    body = {name: value for name, value in manifest.items() if name != "mac"}
    tag.update(json.dumps(body, ensure_ascii=False, sort_keys=True).encode())
    return tag.finalize().hex()


def verify(path: Path, keys: Keys | None = None) -> BackupInfo:
    """What the backup holds, its sums checked; with `keys` its origin and its database as well.

    Raises `StorageTrouble` when it is not whole or, with keys, not of this station.
    """
    broken = StorageTrouble(Problem("", _NOT_WHOLE, {"name": path.name}))
    try:
        with tempfile.TemporaryDirectory() as scratch, _opened(path) as bundle:
            manifest = json.loads(bundle.read(_MANIFEST))
            copy = None if keys is None else Path(scratch) / _DATABASE
            with bundle.open(_DATABASE) as database, bundle.open(_KEYS) as ring:
                sums = {_DATABASE: _copied(database, copy), _KEYS: _copied(ring)}
            if sums != manifest["sha256"]:
                raise broken
            if keys is not None and copy is not None:
                _verify_inside(path, manifest, copy, keys, broken)
        info = BackupInfo(
            path=path,
            number=int(manifest["number"]),
            made_at=str(manifest["made_at"]),
            station=str(manifest["station"]),
            schema=int(manifest["schema"]),
            counts={str(name): int(count) for name, count in manifest["counts"].items()},
            newest=str(manifest.get("newest", "")),
            audit_seq=int(manifest.get("audit_seq", 0)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, sqlcipher.Error) as damaged:
        raise broken from damaged
    return info


def _verify_inside(path: Path, manifest: dict[str, Any], copy: Path, keys: Keys, broken: StorageTrouble) -> None:
    if _mac(manifest, keys) != manifest["mac"]:
        raise StorageTrouble(
            Problem("", N_("备份文件{name}不是本工作站的，或被改动过。请换一个。"), {"name": path.name})
        )
    if examine(copy, keys).counts != manifest["counts"]:
        raise broken


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The bundle with its three parts; raises `ValueError` for one that holds anything else."""
    with zipfile.ZipFile(path) as bundle:
        if sorted(bundle.namelist()) != sorted((_DATABASE, _KEYS, _MANIFEST)):
            raise ValueError(path.name)
        sizes = {item.filename: item.file_size for item in bundle.infolist()}
        if sum(sizes.values()) > _LARGEST or sizes[_KEYS] + sizes[_MANIFEST] > _PIECE:
            raise ValueError(path.name)
        yield bundle


def _ring(path: Path) -> bytes:
    """The key file in a backup."""
    with _opened(path) as bundle:
        return bundle.read(_KEYS)


def open_keys(path: Path, username: str, password: str) -> Keys:
    """The data keys in a backup, by a person's password at that time; raises `WrongPassword`."""
    verify(path)
    try:
        return keyring.open_slot(keyring.from_bytes(_ring(path)), username, password)
    except DamagedKeys as damaged:
        raise StorageTrouble(Problem("", _NOT_WHOLE, {"name": path.name})) from damaged


def restore(data: Path, path: Path) -> Path | None:
    """Put the files of a verified backup in place of the live ones, which move to `damaged-…/`.

    The caller holds the lock and has verified the backup with its keys. Returns the folder the old
    files went to, or None when there were none. Raises `StorageTrouble`; cut off anywhere, it leaves
    the old station, the restored one, or a folder that asks for a restore.
    """
    try:
        with _opened(path) as bundle:
            for name in (_DATABASE, _KEYS):
                # Whole on the disk before anything live is moved.
                _put_down(bundle, name, data / f"{name}.restored")
        sync_folder(data)
        kept = _set_aside(data)
        for name in (_KEYS, _DATABASE):
            rename(data / f"{name}.restored", data / name)
    except OSError as failed:
        raise StorageTrouble(Problem("", NOT_RESTORED)) from failed
    return kept


def _put_down(bundle: zipfile.ZipFile, name: str, target: Path) -> None:
    """One part of a backup as a file of its own, on the disk and read back; raises `OSError`."""
    with bundle.open(name) as stored:
        wanted = _copied(stored, target)
    with target.open("rb+") as written:
        os.fsync(written.fileno())
    if _copied(target) != wanted:
        raise OSError(f"{target.name} was not written as it should be")


def _set_aside(data: Path) -> Path | None:
    """Move the live files to a new `damaged-…/`, the database first and its journal with it: a
    journal left behind would be played into the restored file at its first opening, and the ring
    of a change of keys that was cut off would be put over the restored one."""
    names = (_DATABASE, JOURNAL, NEXT_KEYS, ROTATING, _KEYS, f"{_KEYS}.bak")
    live = [data / name for name in names if (data / name).exists()]
    if not live:
        return None
    stem = f"damaged-{datetime.now(BEIJING):%Y%m%dT%H%M%S}"
    kept = next(
        place for number in count(1) if not (place := data / (stem if number == 1 else f"{stem}-{number}")).exists()
    )
    kept.mkdir()
    for file in live:
        rename(file, kept / file.name)
    sync_folder(data)
    return kept


def backups(folder: Path, own: str = "") -> tuple[Path, ...]:
    """The backup files in `folder`, the highest number first; with `own` without those that say they
    are another station's: one folder, one stick may serve several."""
    found = sorted(folder.glob(f"SD-*{SUFFIX}"), key=number_of, reverse=True) if folder.is_dir() else ()
    return tuple(path for path in found if not own or manifest_of(path).get("origin", own) == own)


def newest_key_file(folder: Path) -> bytes:
    """The key file in the newest backup that is whole; raises `FileNotFoundError`."""
    for path in backups(folder):
        with suppress(StorageTrouble, DamagedKeys):
            verify(path)
            data = _ring(path)
            keyring.from_bytes(data)
            return data
    raise FileNotFoundError(folder)


def thin(folder: Path, now: datetime, spare: Path | None = None, own: str = "") -> None:
    """Keep the last 10, one a day for 14 days, one a week for 8 weeks, one a month for 12 months, and
    `spare`, and all that is another station's than `own`.

    Age is told by the time in the name, order by the running number, so a wrong clock can cost a
    day's copy but never the newest ten.
    """
    kept: set[Path] = set()
    files = backups(folder, own)
    kept.update(files[:10])
    kept.update(path for path in files if spare is not None and path.resolve() == spare.resolve())
    seen: set[tuple[str, object]] = set()
    for path in files:
        made = made_at(path)
        if made is None:
            kept.add(path)
            continue
        age = now.replace(tzinfo=None) - made
        for limit, slot in (
            (timedelta(days=14), ("day", made.date())),
            (timedelta(weeks=8), ("week", made.isocalendar()[:2])),
            (timedelta(days=366), ("month", (made.year, made.month))),
        ):
            if age <= limit and slot not in seen:
                seen.add(slot)
                kept.add(path)
    for path in files:
        if path not in kept:
            # One that another program holds goes the next time.
            with suppress(OSError):
                path.unlink()


def number_of(path: Path) -> int:
    """The running number in a backup's name, 0 without one."""
    part = path.name.split("-")[1] if path.name.count("-") >= 2 else ""
    return int(part) if part.isdigit() else 0


def made_at(path: Path) -> datetime | None:
    """The time in a backup's name (Beijing), None without one."""
    try:
        return datetime.strptime(path.stem.split("-")[2], "%Y%m%dT%H%M%S")
    except (IndexError, ValueError):
        return None
