"""Desk: what screens and commands may ask for, one object per login."""

import csv
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stationdesk.errors import DeskError, Missing, Problem, Refused, StorageTrouble, WrongPassword
from stationdesk.i18n import N_
from stationdesk.paths import resource
from stationdesk.records.access import Actor, Role
from stationdesk.records.calendar import BEIJING, Clock, DayKind, SpecialDay, beijing_now, clock_on
from stationdesk.records.passwords import password_problems
from stationdesk.records.people import tidy_name
from stationdesk.records.rooms import Room
from stationdesk.records.staff import Staff
from stationdesk.records.station import Community, Station

if TYPE_CHECKING:
    from stationdesk.db.backup import BackupInfo
    from stationdesk.db.engine import Database
    from stationdesk.db.home import HomeStore
    from stationdesk.db.rooms import RoomStore
    from stationdesk.db.series import SeriesStore
    from stationdesk.db.staff import StaffStore
    from stationdesk.db.station import StationStore
    from stationdesk.db.station_file import Found, OpenStation
    from stationdesk.db.summaries import SummaryStore


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
        return self.data / "backup"

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
    from stationdesk.db.station_file import look as look_at

    return look_at(data)


def log_in(data: Path, username: str, password: str, *, any_folder: bool = False) -> Desk:
    """Open the station as a person. Raises `AlreadyOpen`, `WrongPassword`, `StorageTrouble`."""
    from stationdesk.db.station_file import Found, open_station, refusal

    found = look(data)
    if found is Found.EMPTY:
        raise StorageTrouble(Problem("", N_("这个文件夹里没有工作站数据，请检查文件夹，或先启动程序新建工作站。")))
    if found is not Found.READY:
        raise refusal(found)
    opened = open_station(data, username, password, any_folder=any_folder)
    return _at_desk(opened)


def _at_desk(opened: "OpenStation") -> Desk:
    """The desk of the person whose key opened the file; closes it again when there is no account."""
    from sqlalchemy import select

    from stationdesk.db.models import AccountTable, StaffTable, StationTable

    try:
        with opened.database.read() as session:
            account = session.execute(
                select(AccountTable.username, AccountTable.staff_id, StaffTable.name, AccountTable.role)
                .join(StaffTable, StaffTable.id == AccountTable.staff_id)
                .where(AccountTable.username == opened.username, AccountTable.disabled.is_(False))
            ).first()
            station = session.execute(select(StationTable.name, StationTable.demo_today)).first()
        if account is None:
            raise WrongPassword
        if station is None:
            raise Missing
    except BaseException:
        opened.close()
        raise
    actor = Actor(username=account.username, staff_id=account.staff_id, name=account.name, role=account.role)
    clock = beijing_now if station.demo_today is None else clock_on(station.demo_today)
    return Desk(opened, actor, clock, station.name, station.demo_today is not None)


# --- a new station -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """A head's keys made in memory: the recovery key is shown before anything is written."""

    username: str
    recovery_key: str
    ring: Any
    keys: Any


@dataclass(frozen=True, kw_only=True)
class NewStation:
    """What a new station begins with; `head` is the person the account belongs to."""

    station: Station
    head: Staff
    rooms: tuple[Room, ...] = ()
    communities: tuple[Community, ...] = ()
    demo_today: date | None = None


def prepare(username: str, password: str, forbidden: Iterable[str] = ()) -> Prepared:
    """Check a new head's account and make its keys. Raises `Refused`."""
    from stationdesk.db import keyring

    problems = list(password_problems(password, (username, *forbidden)))
    if not username.strip():
        problems.append(Problem("username", N_("请填写用户名。")))
    elif len(username.strip()) > 40:
        problems.append(Problem("username", N_("用户名最多40个字，请缩短。")))
    Refused.over(problems)
    ring, keys, recovery = keyring.create(username, password)
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
    from stationdesk.db.station_file import create
    from stationdesk.db.stores import verify

    head = replace(new.head, name=tidy_name(new.head.name))
    for record in (new.station, head, *new.rooms, *new.communities):
        verify(record)
    names = [room.name for room in new.rooms]
    if len(set(names)) < len(names):
        raise Refused(Problem("rooms", N_("有两个场地的名称相同，请改掉其中一个。")))
    opened = create(
        data,
        prepared.ring,
        prepared.keys,
        prepared.username,
        lambda database: _fill(database, prepared.username, replace(new, head=head)),
        any_folder=any_folder,
    )
    return _at_desk(opened)


def _fill(database: "Database", username: str, new: NewStation) -> None:
    from stationdesk.db.models import (
        CommunityTable,
        RoomTable,
        SpecialDayTable,
        StaffTable,
        StationTable,
    )
    from stationdesk.db.pinyin import name_key
    from stationdesk.db.stores import save

    stamp = (beijing_now().replace(tzinfo=BEIJING).isoformat(timespec="seconds"), username)
    with database.write() as session:
        head_id = save(session, StaffTable, new.head, stamp, name_key=name_key(new.head.name))
        station = replace(new.station, head_id=head_id)
        save(session, StationTable, station, stamp, demo_today=new.demo_today)
        for room in new.rooms:
            save(session, RoomTable, room, stamp, name_key=name_key(room.name))
        for community in new.communities:
            save(session, CommunityTable, community, stamp, name_key=name_key(community.name))
        for day in seed_holidays():
            save(session, SpecialDayTable, day, stamp)
        _add_account_row(session, username, head_id, Role.HEAD, stamp)


def seed_holidays() -> tuple[SpecialDay, ...]:
    """The State Council's holiday notices the program comes with."""
    with resource("codes", "holidays.csv").open(encoding="utf-8", newline="") as lines:
        next(lines)
        rows = list(csv.reader(lines))
    return tuple(SpecialDay(day=date.fromisoformat(day), kind=DayKind.of(kind), name=name) for day, kind, name in rows)


def _add_account_row(session: Any, username: str, staff_id: int, role: Role, stamp: tuple[str, str]) -> None:
    from stationdesk.db.models import AccountTable
    from stationdesk.records.calendar import new_uuid

    values = {"created_at": stamp[0], "created_by": stamp[1], "updated_at": stamp[0], "updated_by": stamp[1]}
    session.add(
        AccountTable(uuid=new_uuid(), username=username, staff_id=staff_id, role=role, disabled=False, **values)
    )
    session.flush()


def add_account(desk: Desk, staff_id: int, username: str, password: str, role: Role) -> None:
    """Let one more member of the team log in. Raises `Denied` unless the head asks, `Refused`."""
    from stationdesk.db import keyring
    from stationdesk.db.station_file import KEYS
    from stationdesk.errors import Denied

    if desk.actor.role is not Role.HEAD:
        raise Denied
    Refused.over(password_problems(password, (username, desk.station_name)))
    opened = desk.opened
    restricted = role in (Role.HEAD, Role.COUNSELLOR)
    ring = keyring.add_person(opened.ring, opened.keys, username, password, restricted=restricted)
    stamp = (desk.clock().replace(tzinfo=BEIJING).isoformat(timespec="seconds"), desk.actor.username)
    with opened.database.write() as session:
        _add_account_row(session, username.strip(), staff_id, role, stamp)
        # Inside the transaction: no account without a key. A key without an account opens nothing.
        keyring.write(opened.data / KEYS, ring)
    opened.ring = ring


# --- backups -------------------------------------------------------------------------------------


def back_up(desk: Desk, folder: Path | None = None) -> "BackupInfo":
    """Make and reopen a backup in `folder`, or in the station's own. Raises `Denied`, `StorageTrouble`."""
    from stationdesk.db import backup
    from stationdesk.db.station_file import KEYS
    from stationdesk.errors import Denied
    from stationdesk.records.access import Right

    if not desk.actor.may(Right.BACKUP):
        raise Denied
    opened = desk.opened
    return backup.make(opened.database, opened.keys, opened.data / KEYS, desk.station_name, folder or desk.backups)


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
    Raises `AlreadyOpen`, `WrongPassword`, `Denied` unless it is the head's password, `StorageTrouble`.
    """
    from stationdesk.db import backup
    from stationdesk.db.folder import folder_problem
    from stationdesk.db.lock import Lock
    from stationdesk.db.station_file import LOCK

    keys = backup.open_keys(path, username, password)
    backup.verify(path, keys)
    if keys.restricted is None:
        from stationdesk.errors import Denied

        raise Denied
    if not any_folder and (problem := folder_problem(data)):
        raise StorageTrouble(problem)
    data.mkdir(parents=True, exist_ok=True)
    lock = Lock(data / LOCK)
    try:
        return backup.restore(data, path)
    finally:
        lock.release()
