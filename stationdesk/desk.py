"""Desk: what screens and commands may ask for, one object per login."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import gettempdir
from time import monotonic
from typing import TYPE_CHECKING

from stationdesk.errors import (
    AlreadyOpen,
    DeskError,
    FolderTrouble,
    PasswordDue,
    Problem,
    Refused,
    StorageTrouble,
    TooSoon,
    WrongPassword,
)
from stationdesk.fields import check
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.accounts import NewAccount
from stationdesk.records.calendar import Clock, beijing_now, clock_on
from stationdesk.records.passwords import password_problems
from stationdesk.records.safety import REMIND_DAYS
from stationdesk.records.waiting import Attempts
from stationdesk.stores import Stores

if TYPE_CHECKING:
    from stationdesk.db.keyring import Cost, KeyRing, Keys
    from stationdesk.db.lock import Lock
    from stationdesk.db.opening import Found
    from stationdesk.db.station_file import OpenStation
    from stationdesk.records.founding import NewStation


@dataclass(frozen=True)
class Desk(Stores):
    """One person at one open station; the stores are its attributes.

    `station_name` and `demo` are what the window's title and the marks on prints need at once.
    """

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

    def watch(self, touched: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `touched` with the table names of each commit; returns the way to stop it."""
        return self.opened.database.watch(touched)

    def close(self) -> None:
        """Note the leaving, then let go of the file, the keys and the lock."""
        database = self.opened.database
        if database.journal is not None:
            with suppress(DeskError):
                self.audit.note_leaving()
            database.journal = None
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


def hold_window(data: Path) -> "Lock | None":
    """The lock of the one window that shows `data`; None where none can be made. Raises `AlreadyOpen`.

    Another lock than the station's, which is held only while somebody sits at the desk.
    """
    from stationdesk.db.lock import Lock

    name = hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:16]
    try:
        return Lock(Path(gettempdir()) / f"stationdesk-{name}.lock")
    except OSError:
        return None


def warm_up() -> None:
    """Import what comes after the login, while the password is being typed."""
    import stationdesk.db.child_reviews
    import stationdesk.db.contracts
    import stationdesk.db.home
    import stationdesk.db.screening
    import stationdesk.db.series
    import stationdesk.db.station_file
    import stationdesk.db.summaries
    import stationdesk.db.work_groups  # noqa: F401


def why_refused(found: "Found") -> str:
    """The sentence for what `look` found and the program does not open."""
    from stationdesk.db.opening import refusal

    return refusal(found).say()


_attempts: dict[Path, Attempts] = {}


def seconds_to_wait(data: Path) -> int:
    """How long the next attempt to open the station in `data` has to wait after wrong passwords."""
    return _attempts.get(data.absolute(), Attempts()).seconds_left(monotonic())


@contextmanager
def guarded(data: Path) -> Iterator[int]:
    """Around an attempt to open: counts the wrong ones and makes the next wait. Gives the number of
    failures before this attempt. Raises `TooSoon`."""
    place = data.absolute()
    if left := seconds_to_wait(data):
        raise TooSoon(left)
    before = _attempts.get(place, Attempts())
    try:
        yield before.failures
    except WrongPassword:
        _attempts[place] = before.failed(monotonic())
        raise
    _attempts.pop(place, None)


def log_in(
    data: Path,
    username: str,
    password: str,
    *,
    clock: Clock | None = None,
    any_folder: bool = False,
    accept_folder: bool = False,
) -> Desk:
    """Open the station as a person; `clock` is for tests.

    Data that lie on a stick, a network disk or in a sync folder are opened only after a head has
    agreed to it with `accept_folder`, which is remembered. Raises `AlreadyOpen`, `TooSoon`,
    `WrongPassword`, `PasswordDue`, `Denied` (an account switched off), `FolderTrouble`,
    `StorageTrouble`.
    """
    from stationdesk.db.opening import Found, refusal
    from stationdesk.db.station_file import open_station

    found = look(data)
    if found is Found.EMPTY:
        raise StorageTrouble(Problem("", N_("这个文件夹里没有工作站数据，请检查文件夹，或先启动程序新建工作站。")))
    if found is not Found.READY:
        raise refusal(found)
    with guarded(data) as failures:
        opened = open_station(data, username, password)
        return _at_desk(opened, clock, failures, any_folder=any_folder, accept_folder=accept_folder)


def _at_desk(
    opened: "OpenStation",
    clock: Clock | None = None,
    failures: int = 0,
    *,
    any_folder: bool = True,
    accept_folder: bool = False,
) -> Desk:
    """The desk of the person whose key opened the file; closes it again when there is no account."""
    from stationdesk.db.accounts import note_login, seat
    from stationdesk.db.audit import Journal

    try:
        found = seat(opened.database, opened.username)
        if found.must_change:
            raise PasswordDue
        today = found.demo_today
        shown = clock or (beijing_now if today is None else clock_on(today))
        desk = Desk(opened, found.actor, shown, found.station_name, today is not None)
        opened.database.journal = Journal(opened.database, found.actor)
        if not any_folder and found.accepted_folder != str(opened.data.absolute()):
            _judge_folder(desk, accept=accept_folder)
        try:
            note_login(opened.database, opened.username, failures)
        except StorageTrouble as full:
            # A disk that takes no note is no reason to keep somebody from reading.
            opened.notes = (*opened.notes, full.say())
        _remind(desk, found.password_since)
    except BaseException:
        opened.close()
        raise
    return desk


def _judge_folder(desk: Desk, *, accept: bool) -> None:
    from stationdesk.db.folder import folder_problem

    problem = folder_problem(desk.data)
    if problem is not None:
        if not (accept and desk.actor.may(Right.SAFETY)):
            raise FolderTrouble(problem)
        desk.safety.accept_folder(str(desk.data.absolute()))


def _remind(desk: Desk, since: date | None) -> None:
    """Under the strict rules, say when the password is old."""
    if since is None or not desk.safety.settings().strict_passwords:
        return
    days = (desk.clock().date() - since).days
    if days >= REMIND_DAYS:
        desk.opened.notes = (*desk.opened.notes, _("您的口令已用{days}天，请尽快更换。").format(days=days))


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
    problems += check(NewAccount(username=username.strip()))
    Refused.over(problems)
    ring, keys, recovery = keyring.create(username, password, cost=cost or keyring.Cost())
    return Prepared(username.strip(), recovery, ring, keys)


def same_recovery_key(prepared: Prepared, typed: str) -> bool:
    """Whether `typed` is the recovery key, spaces, case and misread letters forgiven."""
    from stationdesk.db.keyring import tidy_recovery_key

    with suppress(Refused):
        return tidy_recovery_key(typed) == tidy_recovery_key(prepared.recovery_key)
    return False


def set_up(data: Path, prepared: Prepared, new: "NewStation", *, any_folder: bool = False) -> Desk:
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


def fill_demonstration(desk: Desk, records: "Iterable[object]") -> int:
    """Put generated records into a demonstration station, unchecked, each after those it points to; returns
    how many.

    Raises `Denied` in a real station.
    """
    from stationdesk.db.bulk import BulkStore

    return BulkStore(desk.opened.database, desk.actor, desk.clock).add(records)
