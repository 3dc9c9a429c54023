"""Desk: what screens and commands may ask for, one object per login."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from stationdesk.errors import EVENT, AlreadyOpen, Denied, DeskError, Problem, Refused, StorageTrouble
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Right, Role
from stationdesk.records.calendar import Clock, beijing_now, clock_on
from stationdesk.records.founding import NewStation
from stationdesk.records.passwords import password_problems

if TYPE_CHECKING:
    from stationdesk.db.accounts import AccountStore
    from stationdesk.db.backup import BackupInfo
    from stationdesk.db.home import HomeStore
    from stationdesk.db.keyring import Cost, KeyRing, Keys
    from stationdesk.db.opening import Found
    from stationdesk.db.rooms import RoomStore
    from stationdesk.db.series import SeriesStore
    from stationdesk.db.staff import StaffStore
    from stationdesk.db.station import StationStore
    from stationdesk.db.station_file import OpenStation
    from stationdesk.db.summaries import SummaryStore
    from stationdesk.records.bookings import Booking
    from stationdesk.records.series import Series


@dataclass(frozen=True)
class Desk:
    """One person at one open station; the stores are its attributes.

    `station_name` and `demo` are what the window's title and the marks on prints need at once.
    The stores are imported when first asked for: that keeps the first window fast.
    """

    opened: "OpenStation"
    actor: Actor
    clock: Clock
    station_name: str
    demo: bool

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.opened.data

    @property
    def read_only(self) -> bool:
        """Whether the data folder does not take changes."""
        return self.opened.read_only

    @property
    def backups(self) -> Path:
        """The folder backups go to unless another is named."""
        from stationdesk.db.opening import BACKUPS

        return self.data / BACKUPS

    @cached_property
    def station(self) -> "StationStore":
        """Profile, communities, holidays."""
        from stationdesk.db.station import StationStore

        return StationStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def staff(self) -> "StaffStore":
        """The team."""
        from stationdesk.db.staff import StaffStore

        return StaffStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def accounts(self) -> "AccountStore":
        """Who may log in."""
        from stationdesk.db.accounts import AccountStore

        return AccountStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def rooms(self) -> "RoomStore":
        """Rooms and closures."""
        from stationdesk.db.rooms import RoomStore

        return RoomStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def bookings(self) -> "SeriesStore":
        """Bookings, single and in series."""
        from stationdesk.db.series import SeriesStore

        return SeriesStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def home(self) -> "HomeStore":
        """What the home page shows."""
        from stationdesk.db.home import HomeStore

        return HomeStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def summaries(self) -> "SummaryStore":
        """The monthly figures."""
        from stationdesk.db.summaries import SummaryStore

        return SummaryStore(self.opened.database, self.actor, self.clock)

    def watch(self, touched: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `touched` with the table names of each commit; returns the way to stop it."""
        return self.opened.database.watch(touched)

    def close(self) -> None:
        """Let go of the file, the keys and the lock."""
        self.opened.close()


# --- looking and logging in ----------------------------------------------------------------------


def look(data: Path) -> "Found":
    """What lies in the data folder; nothing is opened or changed."""
    from stationdesk.db.opening import look as look_at

    return look_at(data)


def is_open_elsewhere(data: Path) -> bool:
    """Whether another program holds the station in `data`: asked by taking the lock for a moment."""
    from stationdesk.db.lock import Lock
    from stationdesk.db.opening import LOCK

    if not (data / LOCK).exists():
        return False
    try:
        Lock(data / LOCK).release()
    except AlreadyOpen:
        return True
    except OSError:
        # A folder that takes no lock is opened for reading, by any number.
        return False
    return False


def warm_up() -> None:
    """Import what comes after the login, while the password is being typed."""
    import stationdesk.db.home
    import stationdesk.db.series
    import stationdesk.db.station_file
    import stationdesk.db.summaries  # noqa: F401


def why_refused(found: "Found") -> str:
    """The sentence for what `look` found and the program does not open."""
    from stationdesk.db.opening import refusal

    return refusal(found).say()


def log_in(data: Path, username: str, password: str, *, clock: Clock | None = None, any_folder: bool = False) -> Desk:
    """Open the station as a person; `clock` is for tests.

    Raises `AlreadyOpen`, `WrongPassword`, `Denied` (an account switched off), `StorageTrouble`.
    """
    from stationdesk.db.opening import Found, refusal
    from stationdesk.db.station_file import open_station

    found = look(data)
    if found is Found.EMPTY:
        raise StorageTrouble(Problem("", N_("这个文件夹里没有工作站数据，请检查文件夹，或先启动程序新建工作站。")))
    if found is not Found.READY:
        raise refusal(found)
    return _at_desk(open_station(data, username, password, any_folder=any_folder), clock)


def _at_desk(opened: "OpenStation", clock: Clock | None = None) -> Desk:
    """The desk of the person whose key opened the file; closes it again when there is no account."""
    from stationdesk.db.accounts import seat

    try:
        found = seat(opened.database, opened.username)
    except BaseException:
        opened.close()
        raise
    today = found.demo_today
    shown = clock or (beijing_now if today is None else clock_on(today))
    return Desk(opened, found.actor, shown, found.station_name, today is not None)


# --- a new station -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """A head's keys made in memory: the recovery key is shown before anything is written."""

    username: str
    recovery_key: str = field(repr=False)
    ring: "KeyRing" = field(repr=False)
    keys: "Keys" = field(repr=False)


def prepare(username: str, password: str, forbidden: Iterable[str] = (), *, cost: "Cost | None" = None) -> Prepared:
    """Check a new head's account and make its keys; `forbidden` are names that must not make up the
    password. A `cost` below the usual is for tests and demonstrations. Raises `Refused`."""
    from stationdesk.db import keyring

    problems = list(password_problems(password, (username, *forbidden)))
    if not username.strip():
        problems.append(Problem("username", N_("请填写用户名。")))
    elif len(username.strip()) > 40:
        problems.append(Problem("username", N_("用户名最多40个字，请缩短。")))
    Refused.over(problems)
    ring, keys, recovery = keyring.create(username, password, cost=cost or keyring.Cost())
    return Prepared(username.strip(), recovery, ring, keys)


def same_recovery_key(prepared: Prepared, typed: str) -> bool:
    """Whether `typed` is the recovery key, spaces, case and misread letters forgiven."""
    from stationdesk.db.keyring import tidy_recovery_key

    with suppress(Refused):
        return tidy_recovery_key(typed) == tidy_recovery_key(prepared.recovery_key)
    return False


def set_up(data: Path, prepared: Prepared, new: NewStation, *, any_folder: bool = False) -> Desk:
    """Make the station and sit down at it as its head. Raises `Refused`, `StorageTrouble`.

    Everything is written at once: a kill at any moment leaves nothing, or a station that opens.
    """
    from stationdesk.db.founding import checked, fill
    from stationdesk.db.station_file import create

    ready, username = checked(new), prepared.username
    return _at_desk(
        create(
            data,
            prepared.ring,
            prepared.keys,
            username,
            lambda database: fill(database, username, ready),
            any_folder=any_folder,
        )
    )


def recover(data: Path, typed: str, password: str, *, cost: "Cost | None" = None, any_folder: bool = False) -> str:
    """Give the head a new password with the printed recovery key, which goes on working.

    Returns the head's user name. Raises `Refused` (key or password), `WrongPassword`,
    `AlreadyOpen`, `StorageTrouble`.
    """
    from stationdesk.db import keyring
    from stationdesk.db.accounts import head_of
    from stationdesk.db.opening import KEYS
    from stationdesk.db.station_file import open_with_recovery

    Refused.over(password_problems(password))
    opened = open_with_recovery(data, typed, any_folder=any_folder)
    try:
        if opened.read_only:
            raise StorageTrouble(Problem("", N_("数据文件夹是只读的，不能重设口令。请检查文件夹的权限。")))
        username = head_of(opened.database)
        ring = keyring.reset_password(opened.ring, opened.keys, username, password, cost=cost or keyring.Cost())
        keyring.write(data / KEYS, ring)
    except OSError as failed:
        raise StorageTrouble from failed
    finally:
        opened.close()
    return username


def add_account(
    desk: Desk, staff_id: int, username: str, password: str, role: Role, *, cost: "Cost | None" = None
) -> None:
    """Let one more member of the team log in. Raises `Denied` unless the head asks, `Refused`."""
    from stationdesk.db import keyring
    from stationdesk.db.opening import KEYS

    Refused.over(password_problems(password, (username, desk.station_name)))
    opened, name = desk.opened, username.strip()
    # A slot without an account is left from an attempt that was cut off; it opens nothing.
    ring = keyring.drop_person(opened.ring, opened.keys, name)
    restricted = role in (Role.HEAD, Role.COUNSELLOR)
    ring = keyring.add_person(ring, opened.keys, name, password, restricted=restricted, cost=cost or keyring.Cost())
    desk.accounts.add(staff_id, name, role, lambda: keyring.write(opened.data / KEYS, ring))
    opened.ring = ring


def fill_demonstration(desk: Desk, series: "Iterable[Series]", bookings: "Iterable[Booking]") -> int:
    """Put generated bookings into a demonstration station, unchecked; returns how many.

    Raises `Denied` in a real station.
    """
    from stationdesk.db.bulk import BulkStore

    return BulkStore(desk.opened.database, desk.actor, desk.clock).add(series, bookings)


# --- bookings from elsewhere ---------------------------------------------------------------------


def import_calendar(desk: Desk, data: bytes, *, dry_run: bool = False) -> int:
    """Book all events of an .ics file, or none; returns how many bookings they make.

    Rooms are known by name, the person at the desk is responsible. Raises `Refused` with the number
    of its event in each problem; a `dry_run` checks the same and books nothing.
    """
    from stationdesk.reports.calendars import read

    found = read(data, desk.rooms.all_rooms(), desk.actor.staff_id)
    problems = list(found.problems)
    try:
        desk.bookings.import_bookings(found.bookings, dry_run=dry_run or bool(problems))
    except Refused as refused:
        problems += [replace(problem, row=found.numbers[problem.row - 1], place=EVENT) for problem in refused.problems]
    Refused.over(sorted(problems, key=lambda problem: problem.row))
    return len(found.bookings)


# --- backups -------------------------------------------------------------------------------------


def back_up(desk: Desk, folder: Path | None = None) -> "BackupInfo":
    """Make and reopen a backup in `folder`, or in the station's own. Raises `Denied`, `StorageTrouble`."""
    from stationdesk.db import backup
    from stationdesk.db.opening import KEYS

    if not desk.actor.may(Right.BACKUP):
        raise Denied
    opened = desk.opened
    return backup.make(opened.database, opened.keys, opened.data / KEYS, desk.station_name, folder or desk.backups)


def check_station(desk: Desk) -> int:
    """Check the whole open file, page by page; returns its rows. Raises `StorageTrouble`."""
    from stationdesk.db.backup import examine

    return sum(examine(desk.opened.database.path, desk.opened.keys)[0].values())


def newest_backup(desk: Desk) -> "BackupInfo | None":
    """The newest backup in the station's own folder that is whole, or None."""
    from stationdesk.db import backup

    for path in backup.backups(desk.backups):
        with suppress(DeskError):
            return backup.verify(path)
    return None


def check_backup(path: Path) -> "BackupInfo":
    """What a backup file says of itself, its sums checked. Raises `StorageTrouble`."""
    from stationdesk.db import backup

    return backup.verify(path)


def restore(data: Path, path: Path, username: str, password: str, *, any_folder: bool = False) -> Path | None:
    """Put a backup in place of the live files, with a password of the time it was made.

    The live files are moved to a folder `damaged-…`, which is returned (None: there were none).
    Raises `AlreadyOpen`, `WrongPassword`, `Denied` without the right, `StorageTrouble`.
    """
    from stationdesk.db import backup
    from stationdesk.db.folder import folder_problem
    from stationdesk.db.lock import Lock
    from stationdesk.db.opening import LOCK

    backup.verify(path, backup.open_keys(path, username, password))
    if not any_folder and (problem := folder_problem(data)):
        raise StorageTrouble(problem)
    with TemporaryDirectory() as trial:
        # Opened beside first: what will not open, or is not this person's to restore, stays out.
        backup.restore(Path(trial), path)
        desk = log_in(Path(trial), username, password, any_folder=True)
        desk.close()
    if not desk.actor.may(Right.BACKUP):
        raise Denied
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = Lock(data / LOCK)
    except OSError as failed:
        raise StorageTrouble from failed
    try:
        return backup.restore(data, path)
    finally:
        lock.release()
