"""What the children do whose disk is watched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Column, Integer, String, Table, text

from stationdesk import accounts
from stationdesk.db.models import Base
from stationdesk.db.restricted import Restricted, seal, unseal
from stationdesk.db.station_file import OpenStation
from stationdesk.desk import Desk
from stationdesk.errors import StorageTrouble
from stationdesk.records.access import Role
from stationdesk.records.station import Community
from tests.disk import Line
from tests.stations import at_desk


def save_several(data: Path, line: Line) -> None:
    """Save three communities, telling each once it is saved."""
    desk = at_desk(data)
    for number in range(3):
        place = Community(name=f"第{number}社区")
        desk.station.save_community(place)
        line.ask(place.uuid)
    desk.close()


def save_on_a_failing_disk(data: Path, line: Line) -> None:
    """Save community after community, the disk failing in between, until told to stop: tell what the
    program said, whether the record was there, and how many there are once it was saved again."""
    desk = at_desk(data)
    number = 0
    while line.ask("next") != "stop":
        place = Community(name=f"第{number}社区")
        told = _said(desk, place)
        line.ask("disk works again")
        there = desk.opened.database.holds("community", place.uuid)
        again = _said(desk, place)
        line.ask(f"{told}|{there}|{again}|{_named(desk, place)}")
        number += 1
    desk.close()


def _said(desk: Desk, place: Community) -> str:
    try:
        desk.station.save_community(place)
    except StorageTrouble as trouble:
        return trouble.say()
    return "saved"


def _named(desk: Desk, place: Community) -> int:
    return sum(row.name == place.name for row in desk.station.community_rows(desk.station.find_communities()))


# --- changes of keys -----------------------------------------------------------------------------

SECRET = "只有站长和咨询师能看的一段话"


@contextmanager
def secrets_kept() -> Iterator[Table]:
    """A table with a restricted column, for as long as no feature has one."""
    table = Table(
        "secret",
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("uuid", String(32), nullable=False),
        Column("text", Restricted),
    )
    try:
        yield table
    finally:
        Base.metadata.remove(table)


def keep_a_secret(desk: Desk, uuid: str = "a" * 32) -> None:
    """Put a sealed text into the station."""
    box = seal(desk.opened.keys, "secret", uuid, "text", SECRET)
    with desk.opened.database.write() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY, uuid TEXT, text BLOB)"))
        session.execute(text("INSERT INTO secret (uuid, text) VALUES (:u, :b)"), {"u": uuid, "b": box})


def secrets_of(opened: OpenStation) -> list[str]:
    """The texts the keys of that opening read."""
    with opened.database.read() as session:
        rows = session.execute(text("SELECT uuid, text FROM secret ORDER BY id")).all()
    return [unseal(opened.keys, "secret", uuid, "text", box) for uuid, box in rows]


def account_of(desk: Desk, username: str) -> int:
    """The id of an account that is in the list."""
    return next(row.id for row in desk.accounts.rows(desk.accounts.find(gone=True)) if row.username == username)


def remove_the_counsellor(data: Path, line: Line) -> None:
    """Take an account away: a backup, new keys, and telling so."""
    with secrets_kept():
        desk = at_desk(data)
        line.ask("open")
        accounts.remove(desk, account_of(desk, "counsellor"))
        line.ask("removed")
        desk.close()


def lower_the_counsellor(data: Path, line: Line) -> None:
    """Give the counsellor a role without the second key."""
    with secrets_kept():
        desk = at_desk(data)
        line.ask("open")
        accounts.change_role(desk, account_of(desk, "counsellor"), Role.CLERK)
        line.ask("lowered")
        desk.close()
