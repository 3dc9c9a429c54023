"""The demonstration station: written through the desk, marked as such, its passwords beside it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from stationdesk import paths
from stationdesk.accounts import add_account
from stationdesk.desk import Desk, fill_demonstration, log_in, prepare, set_up
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Role
from stationdesk.records.calendar import beijing_now
from stationdesk.records.demonstration import SCALES, Ground, Story, User, bookings, recurring, story
from stationdesk.records.rooms import RoomKind
from stationdesk.records.schedule import rules_for
from stationdesk.records.station import Community

if TYPE_CHECKING:
    from stationdesk.db.keyring import Cost

SEED = 20240918
_USERS = "demo.json"


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration station on disk: who can log in, and the whole months to report on."""

    data: Path
    scale: str
    seed: int
    until: date
    users: tuple[User, ...]
    months: tuple[str, ...]

    @property
    def head(self) -> User:
        """The one who may do everything."""
        return next(user for user in self.users if user.role is Role.HEAD)


def read(data: Path) -> Demo | None:
    """What is known of the demonstration station in `data`; None for a real one, or none at all.

    The passwords lie beside the file in plain text: there is nothing of anyone's in it.
    """
    try:
        told = json.loads((data / _USERS).read_text(encoding="utf-8"))
        users = tuple(User(item["name"], Role.of(item["role"]), item["password"]) for item in told["users"])
        until = date.fromisoformat(told["until"])
        return Demo(data, str(told["scale"]), int(told["seed"]), until, users, tuple(told["months"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def open_demo(
    data: Path | None = None, *, scale: str | None = None, seed: int | None = None, until: date | None = None
) -> Demo:
    """The demonstration station in `data`, else in its usual folder; made if it is not there.

    One that is there is used as it is, also when its day is long past. Raises `Refused` when it is
    another than asked for, or when the folder holds something else.
    """
    folder = data or paths.demo_data()
    there = read(folder)
    if there is None:
        return make(folder, scale or "typical", SEED if seed is None else seed, until)
    asked = (scale or there.scale, there.seed if seed is None else seed, until or there.until)
    if asked != (there.scale, there.seed, there.until):
        text = N_("文件夹{folder}里已有另一个演示工作站（{scale}，{until}），没有改动。请换一个文件夹，或先把它删除。")
        values = {"folder": str(folder), "scale": there.scale, "until": there.until.isoformat()}
        raise Refused(Problem("", text, values))
    return there


@contextmanager
def at_desk(demo: Demo) -> Iterator[Desk]:
    """Sit down at the demonstration station as its head. Raises `AlreadyOpen`, `StorageTrouble`."""
    desk = log_in(demo.data, demo.head.name, demo.head.password, any_folder=True)
    try:
        yield desk
    finally:
        desk.close()


def make(data: Path, scale: str = "typical", seed: int = SEED, until: date | None = None) -> Demo:
    """Make a demonstration station in `data`, a folder that is empty or not there.

    All is made in a folder beside it, which takes the name `data` at the end: what is cut off
    leaves no half station. Raises `Refused` when the folder holds anything, `StorageTrouble`.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        text = N_("文件夹{folder}不是空的，没有建立演示工作站，原有内容未改动。请换一个文件夹。")
        raise Refused(Problem("", text, {"folder": str(data)}))
    tale = story(SCALES[scale], seed, until or beijing_now().date())
    data.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    try:
        _write(tale, workshop)
        if data.exists():
            data.rmdir()
        workshop.rename(data)
    finally:
        rmtree(workshop, ignore_errors=True)
    made = read(data)
    if made is None:
        raise Refused
    return made


def _write(tale: Story, folder: Path) -> None:
    # Loaded where a station is made: the first window asks only whether this is one.
    from stationdesk.db.keyring import Cost
    from stationdesk.records.founding import NewStation

    # These passwords are printed on the screen; making each guess costly would only cost time.
    cost = Cost(memory=8192, passes=1)
    head = tale.people[0]
    user = head.user
    if user is None:
        raise Refused
    prepared = prepare(user.name, user.password, cost=cost)
    new = NewStation(
        station=tale.station,
        head=head.staff,
        rooms=tale.rooms,
        demo_today=tale.until,
    )
    desk = set_up(folder, prepared, new, any_folder=True)
    try:
        ids = _people(desk, tale, cost)
        _profile(desk, tale, ids)
        fill_demonstration(desk, _records(desk, tale))
    finally:
        desk.close()
    users = [
        {"name": person.user.name, "role": person.user.role.code, "password": person.user.password}
        for person in tale.people
        if person.user is not None
    ]
    scale = next(name for name, found in SCALES.items() if found == tale.scale)
    told = {"scale": scale, "seed": tale.seed, "until": tale.until.isoformat(), "users": users, "months": tale.months}
    paths.replace_file(folder / _USERS, json.dumps(told, ensure_ascii=False, indent=1).encode())


def _people(desk: Desk, tale: Story, cost: "Cost") -> Mapping[str, int]:
    """Save the team but the head, who is there, and their accounts; ids by key."""
    ids = {tale.people[0].key: desk.actor.staff_id}
    for person in tale.people[1:]:
        ids[person.key] = desk.staff.save(person.staff)
        if person.user is not None:
            add_account(desk, ids[person.key], person.user.name, person.user.password, person.user.role, cost=cost)
    return ids


def _profile(desk: Desk, tale: Story, ids: Mapping[str, int]) -> None:
    """Say who leads, who directs which community, and when rooms are closed."""
    station = desk.station.profile()
    desk.station.save_profile(replace(station, supervisor_id=ids["supervisor"], law_deputy_id=ids["deputy"]))
    for community, director in tale.communities:
        desk.station.save_community(replace(community, director_id=ids[director] if director else None))
    rooms: dict[RoomKind, int | None] = {room.kind: room.id for room in desk.rooms.all_rooms()}
    for closure, kind in tale.closures:
        if kind is None or kind in rooms:
            desk.rooms.save_closure(replace(closure, room_id=rooms[kind] if kind else None))


def _records(desk: Desk, tale: Story) -> Iterator[object]:
    """All that is generated, each record after those it points to."""
    from stationdesk.records.demonstration_children import Around, child_files
    from stationdesk.records.demonstration_programme import Programme

    ground = _ground(desk, tale)
    files = tuple(child_files(tale, Around(team=ground.team, communities=_communities(desk))))
    done = Programme(tale, ground, files)
    yield from (item.series for item in ground.series)
    yield from files
    yield from done.records()
    yield from done.photos
    yield from bookings(tale, replace(ground, taken=done.bookings))


def _communities(desk: Desk) -> tuple[Community, ...]:
    return tuple(desk.station.load_community(number) for number in desk.station.find_communities())


def _ground(desk: Desk, tale: Story) -> Ground:
    """What the bookings must fit, as it was saved."""
    last = tale.until + timedelta(days=366)
    rooms = desk.rooms.all_rooms()
    hours = desk.station.profile().hours
    special = {day.day: day for day in desk.station.special_days(tale.first, last)}
    closures = desk.rooms.closures(datetime.combine(tale.first, time()), datetime.combine(last, time()))
    rules = {room.id or 0: rules_for(room, hours, special, closures) for room in rooms}
    return Ground(rooms=rooms, team=desk.staff.everyone(), rules=rules, series=recurring(tale, rooms))
