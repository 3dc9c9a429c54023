"""A small real station for tests: an encrypted file with ready rooms and one person of each role."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from stationdesk.accounts import add_account
from stationdesk.backups import back_up
from stationdesk.db import founding, station_file
from stationdesk.db.keyring import Cost
from stationdesk.desk import Desk, Prepared, log_in, prepare, set_up
from stationdesk.records.access import Role
from stationdesk.records.founding import NewStation
from stationdesk.records.people import Sex
from stationdesk.records.rooms import ready_rooms
from stationdesk.records.staff import Post, Qualification, Staff, Tier
from stationdesk.records.station import Community, Station

# The cheapest the key file allows: tests open many stations.
CHEAP = Cost(memory=8192, passes=1)
HEAD, PASSWORD = "zhan", "一句好记的长口令 2026"
NOW = datetime(2026, 11, 24, 12, 0)


def now() -> datetime:
    """The clock of every test station."""
    return NOW


def station() -> Station:
    """A station that breaks no rule."""
    return Station(
        name="甲区乙街道未成年人保护工作站",
        division_code="650199002",
        city_name="乌鲁木齐市",
        district_name="甲区",
        township_name="乙街道",
        address="乙街道某路1号",
        phone="0991-0000001",
    )


def member(name: str, tier: Tier, post: Post) -> Staff:
    """One of the team, there since the beginning."""
    qualifications = (Qualification.PSY_2,) if post is Post.COUNSELLOR else ()
    return Staff(
        name=name,
        sex=Sex.FEMALE,
        tier=tier,
        posts=(post,),
        employer="乙街道办事处",
        qualifications=qualifications,
        entered_on=date(2023, 1, 1),
    )


def prepared() -> Prepared:
    """The head's keys."""
    return prepare(HEAD, PASSWORD, cost=CHEAP)


def new_station(demo_today: date | None = None) -> NewStation:
    """The first records: all ready rooms, no communities."""
    head = member("赛乃姆·托合提", Tier.STATION_HEAD, Post.HEAD)
    return NewStation(station=station(), head=head, rooms=ready_rooms(), demo_today=demo_today)


def founded(data: Path, demo_today: date | None = None) -> None:
    """A station file in `data`, closed."""
    set_up(data, prepared(), new_station(demo_today), any_folder=True).close()


def at_desk(data: Path, username: str = HEAD) -> Desk:
    """That person's desk at noon of the same day."""
    return log_in(data, username, PASSWORD, clock=now, any_folder=True)


_OTHERS = {
    Role.SUPERVISOR: member("周素琴", Tier.CHILD_SUPERVISOR, Post.SUPERVISOR),
    Role.SOCIAL_WORKER: member("冶文秀", Tier.SOCIAL_WORKER, Post.SOCIAL_WORKER),
    Role.COUNSELLOR: member("叶尔哈那提·哈布都拉提", Tier.SOCIAL_WORKER, Post.COUNSELLOR),
    Role.CLERK: member("马晓岚", Tier.SOCIAL_FORCE, Post.CLERK),
    Role.REVIEWER: member("陈砚秋", Tier.DISTRICT_OFFICER, Post.SUPERVISOR),
}


def with_everyone(head: Desk) -> dict[Role, str]:
    """Add one member and account of each other role; user names by role."""
    names = {Role.HEAD: head.actor.username}
    for role, person in _OTHERS.items():
        names[role] = role.code.lower()
        add_account(head, head.staff.save(person), names[role], PASSWORD, role, cost=CHEAP)
    return names


CUT_OFF = 137


def save_and_be_cut_off(data: Path) -> None:
    """In a process of its own: change a room, have the change on the disk, and end before the save
    does, as in a power cut. What is left is a database and the journal that undoes the half of it."""
    desk = at_desk(data)
    with desk.opened.database.write() as session:
        # Next to no cache: changed pages go into the file at once.
        session.execute(text("PRAGMA cache_size = 1"))
        session.execute(text("UPDATE room SET name = name || hex(zeroblob(2000))"))
        session.execute(text("UPDATE special_day SET name = name || hex(zeroblob(500))"))
        os._exit(CUT_OFF)


def save_until_killed(data: Path) -> None:
    """In a process of its own: save community after community, telling each once it is saved."""
    desk = at_desk(data)
    for number in count(len(desk.station.find_communities())):
        desk.station.save_community(Community(name=f"第{number}社区"))
        print(number, flush=True)


def back_up_until_killed(data: Path) -> None:
    """In a process of its own: make backup after backup, telling each once it is made."""
    desk = at_desk(data)
    for number in count(1):
        desk.station.save_community(Community(name=f"第{time.time_ns()}社区"))
        back_up(desk)
        print(number, flush=True)


def found_and_be_cut_off(data: Path, moment: int) -> None:
    """In a process of its own: found a station, and end without a word at the `moment`-th step that
    touches the disk, as a killed program does."""
    left = [moment]

    def cutting(call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                os._exit(CUT_OFF)
            return call(*args, **more)

        return guarded

    for name in ("fsync", "replace", "rename", "unlink"):
        setattr(os, name, cutting(getattr(os, name)))
    for place, name in ((Path, "touch"), (station_file, "upgrade"), (founding, "fill")):
        setattr(place, name, cutting(getattr(place, name)))
    founded(data)


def make_demo_and_be_cut_off(data: Path) -> None:
    """In a process of its own: make a demonstration station and end when its bookings are due."""
    from stationdesk import demonstration

    def cut_off(*_words: object) -> int:
        os._exit(CUT_OFF)

    demonstration.__dict__["fill_demonstration"] = cut_off
    demonstration.make(data)


def elsewhere(call: Callable[[Path], None], data: Path) -> subprocess.Popen[str]:
    """`call(data)`, a function of this module, started in a process of its own."""
    code = f"import sys, pathlib, tests.stations as s; s.{call.__name__}(pathlib.Path(sys.argv[1]))"
    return subprocess.Popen([sys.executable, "-c", code, str(data)], stdout=subprocess.PIPE, text=True)
