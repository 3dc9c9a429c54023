"""Backups: made when asked and unasked, checked, remembered, and a station brought back from one."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from stationdesk.desk import Desk, guarded, log_in
from stationdesk.errors import Denied, DeskError, FolderTrouble, Problem, StorageTrouble
from stationdesk.records.access import Right
from stationdesk.records.audit import Action, Anchor, ChainReport
from stationdesk.records.calendar import BEIJING
from stationdesk.records.safety import backup_is_due, stick_days

if TYPE_CHECKING:
    from stationdesk.db.backup import BackupInfo

OWN, SECOND, STICK = "OWN", "SECOND", "STICK"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """How the station stands with its backups: by place the last attempt (time, OK or a sentence),
    the last success of the station's own, days since a copy left the PC."""

    last: dict[str, tuple[datetime, str]]
    made: datetime | None
    stick_days: int


def back_up(desk: Desk, folder: Path | None = None) -> "BackupInfo":
    """Make and reopen a backup in `folder`, or in the station's own. Raises `Denied`, `StorageTrouble`."""
    if not desk.actor.may(Right.BACKUP):
        raise Denied
    own = folder is None or folder.absolute() == desk.backups.absolute()
    return _make(desk, folder or desk.backups, OWN if own else STICK)


def _make(desk: Desk, folder: Path, place: str, spare: Path | None = None) -> "BackupInfo":
    """Make one and note how it ended, whichever way."""
    from stationdesk.db import backup
    from stationdesk.db.opening import KEYS

    opened = desk.opened
    try:
        made = backup.make(opened.database, opened.keys, opened.data / KEYS, desk.station_name, folder, spare)
    except StorageTrouble as failed:
        with suppress(StorageTrouble):
            opened.database.note(Action.BACKUP, place, result=failed.problems[0].text)
        raise
    opened.database.note(Action.BACKUP, place, made.number, f"OK {made.rows}")
    if place == OWN:
        opened.database.saves = 0
    return made


def back_up_unasked(desk: Desk, spare: Path | None = None) -> "BackupInfo":
    """A backup that no right is asked for: before an import, a change of keys, a restore (of `spare`,
    which is not thinned out for it). Raises `StorageTrouble`."""
    return _make(desk, desk.backups, OWN, spare)


def back_up_if_due(desk: Desk) -> bool:
    """Make the automatic backup when it is time, and a second one in the second place; whether one
    was made. What fails in the second place is noted, not raised. Raises `StorageTrouble`."""
    if desk.read_only or not backup_is_due(_last_made(desk), datetime.now(BEIJING).replace(tzinfo=None), _saves(desk)):
        return False
    back_up_unasked(desk)
    second = desk.safety.settings().second_folder
    if second:
        with suppress(StorageTrouble):
            _make(desk, Path(second), SECOND)
    return True


def _saves(desk: Desk) -> int:
    return desk.opened.database.saves


def _last_made(desk: Desk) -> datetime | None:
    from stationdesk.db import backup

    own = backup.origin(desk.opened.database)
    return next((made for path in backup.backups(desk.backups, own) if (made := backup.made_at(path))), None)


def state(desk: Desk) -> BackupState:
    """What the home page and the settings say of the backups."""
    last = desk.audit.last_backups()
    stick = last.get(f"{STICK}+")
    now = datetime.now(BEIJING).replace(tzinfo=None)
    days = stick_days(stick[0] if stick else None, desk.safety.founded_at(), now)
    return BackupState(last=last, made=_last_made(desk), stick_days=days)


def check_station(desk: Desk) -> tuple[int, ChainReport | None]:
    """Check the whole open file page by page, and for those who may see it the audit against itself
    and all backups; returns the rows of the file and what was found. Raises `StorageTrouble`."""
    from stationdesk.db.backup import examine

    # The file first: noting that it was checked writes into it.
    rows = sum(examine(desk.opened.database.path, desk.opened.keys).counts.values())
    return rows, desk.audit.verify(anchors(desk)) if desk.actor.may(Right.AUDIT) else None


def anchors(desk: Desk) -> tuple[Anchor, ...]:
    """The ends of the audit that the station's backups remember, in the own and in the second place."""
    from stationdesk.db import backup

    second = desk.safety.settings().second_folder
    folders = [desk.backups, *([Path(second)] if second else [])]
    own = backup.origin(desk.opened.database)
    files = [path for folder in folders for path in backup.backups(folder, own)]
    return tuple(anchor for path in files for anchor in _anchor(backup.manifest_of(path)))


def _anchor(said: dict[str, Any]) -> Iterator[Anchor]:
    with suppress(ValueError, KeyError, TypeError):
        if int(said["audit_seq"]):
            made_at = datetime.fromisoformat(said["made_at"]).isoformat()
            yield Anchor(int(said["number"]), made_at, int(said["audit_seq"]), str(said["audit_mac"]))


def newest_backup(desk: Desk) -> "BackupInfo | None":
    """The newest backup in the station's own folder that is whole, or None."""
    from stationdesk.db import backup

    for path in backup.backups(desk.backups, backup.origin(desk.opened.database)):
        with suppress(DeskError):
            return backup.verify(path)
    return None


def check_backup(path: Path) -> "BackupInfo":
    """What a backup file says of itself, its sums checked. Raises `StorageTrouble`."""
    from stationdesk.db import backup

    return backup.verify(path)


def restore(
    data: Path, path: Path, username: str, password: str, *, any_folder: bool = False, accept_folder: bool = False
) -> Path | None:
    """Put a backup in place of the live files, with a password of the time it was made.

    Where the live station still opens with that password, it is backed up first. The live files are
    moved to a folder `damaged-…`, which is returned (None: there were none). With `accept_folder` the
    head agrees to a folder on a stick, a network disk or in a sync folder, which is remembered. Raises
    `AlreadyOpen`, `TooSoon`, `WrongPassword`, `Denied` without the right, `FolderTrouble`, `StorageTrouble`.
    """
    from stationdesk.db import backup
    from stationdesk.db.folder import folder_problem
    from stationdesk.db.lock import Lock
    from stationdesk.db.opening import LOCK

    with guarded(data):
        info = backup.verify(path, backup.open_keys(path, username, password))
    with TemporaryDirectory() as trial:
        # Opened beside first: what will not open, or is not this person's to restore, stays out.
        backup.restore(Path(trial), path)
        desk = log_in(Path(trial), username, password, any_folder=True)
        desk.close()
    if not desk.actor.may(Right.BACKUP):
        raise Denied
    if not (any_folder or accept_folder) and (problem := folder_problem(data)):
        raise FolderTrouble(problem)
    try:
        data.mkdir(parents=True, exist_ok=True)
        Lock(data / LOCK).release()
        _back_up_live(data, username, password, path)
        lock = Lock(data / LOCK)
    except OSError as failed:
        raise StorageTrouble(Problem("", backup.NOT_RESTORED)) from failed
    try:
        kept = backup.restore(data, path)
    finally:
        lock.release()
    with suppress(DeskError):
        desk = log_in(data, username, password, any_folder=any_folder, accept_folder=accept_folder)
        try:
            desk.opened.database.note(Action.RESTORE, OWN, info.number, str(info.audit_seq))
        finally:
            # A disk that takes no note must not leave the station locked.
            desk.close()
    return kept


def _back_up_live(data: Path, username: str, password: str, spare: Path) -> None:
    """What is there now may be needed again; a station that does not open is only moved aside."""
    with suppress(DeskError, OSError):
        desk = log_in(data, username, password, any_folder=True)
        try:
            back_up_unasked(desk, spare)
        finally:
            desk.close()
