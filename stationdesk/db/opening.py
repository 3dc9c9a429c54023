"""A look into the data folder, before anything is opened; imports little, for the window waits."""

from contextlib import suppress
from enum import Enum
from pathlib import Path

from stationdesk.db import keyring
from stationdesk.db.keyring import DamagedKeys, KeyRing
from stationdesk.errors import Problem, StorageTrouble
from stationdesk.i18n import N_

DATABASE, KEYS, LOCK, MARK = "station.db", "station.keys", "station.lock", "init.mark"
NEW_KEYS = "keys.new"
JOURNAL = DATABASE + "-journal"
# What a change of keys (`db.rotation`) makes beside the station.
ROTATING, NEXT_KEYS = "station.rotating", "keys.next"
BACKUPS = "backup"
_PAGE = 4096


class Found(Enum):
    """What a look into the data folder finds; all but EMPTY and READY refuse to open."""

    EMPTY = "empty"
    READY = "ready"
    MISSING = "missing"
    INCOMPLETE = "incomplete"
    PLAIN = "plain"
    NO_KEYS = "no keys"


# Each as `security.md` §2 words it.
SENTENCES = {
    Found.MISSING: N_("数据文件不见了。为避免覆盖原有数据，不会新建空库。请把数据文件放回原处，或从备份恢复。"),
    Found.INCOMPLETE: N_("数据文件不完整,已原样保留。请从备份恢复。"),
    Found.PLAIN: N_("发现未加密的数据库,拒绝打开。"),
    Found.NO_KEYS: N_("密钥文件不见了或已损坏，也没有找到可用的副本，数据暂时打不开。数据未被改动，请从备份恢复。"),
}


def look(data: Path) -> Found:
    """What lies in `data`; nothing is opened or changed. Raises `StorageTrouble` when it cannot be read."""
    try:
        return _look(data)
    except OSError as unread:
        raise StorageTrouble from unread


def _look(data: Path) -> Found:
    database = data / DATABASE
    if not database.exists():
        # A journal without its database would be played into the next file of that name.
        traces = (KEYS, KEYS + ".bak", MARK, JOURNAL, NEXT_KEYS)
        return Found.MISSING if any((data / name).exists() for name in traces) else Found.EMPTY
    size = database.stat().st_size
    with database.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"SQLite format 3"):
        return Found.PLAIN
    if size < _PAGE or size % _PAGE:
        return Found.INCOMPLETE
    try:
        read_keys(data)
    except (DamagedKeys, OSError):
        return Found.NO_KEYS
    return Found.READY


def read_keys(data: Path) -> KeyRing:
    """The key ring, its copy beside it, or the one in the newest backup, whichever is good.

    Raises `DamagedKeys` or `OSError` when there is none.
    """
    # A change of keys cut off after the database was replaced: the new ring is the right one.
    first = () if (data / ROTATING).exists() else (NEXT_KEYS,)
    for name in (*first, KEYS, KEYS + ".bak", NEW_KEYS):
        with suppress(DamagedKeys, OSError):
            return keyring.read(data / name)
    from stationdesk.db.backup import newest_key_file

    return keyring.from_bytes(newest_key_file(data / BACKUPS))


def refusal(found: Found) -> StorageTrouble:
    """The error that says why a folder in this state is not opened."""
    return StorageTrouble(Problem("", SENTENCES[found]))
