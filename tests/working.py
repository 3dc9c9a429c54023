"""What the children do whose disk is watched."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Column, Integer, String, Table, text

from stationdesk import accounts
from stationdesk.accounts import add_account
from stationdesk.backups import back_up, restore
from stationdesk.db import backup, keyring
from stationdesk.db.models import Base
from stationdesk.db.opening import Found, look, read_keys
from stationdesk.db.restricted import Restricted, seal, unseal
from stationdesk.db.station_file import OpenStation
from stationdesk.desk import Desk, log_in
from stationdesk.errors import DeskError, Doubtful, StorageTrouble, WrongPassword
from stationdesk.records.access import Role
from stationdesk.records.station import Community
from tests.disk import Line
from tests.stations import CHEAP, HEAD, PASSWORD, at_desk, founded


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

NEW_PASSWORD = "另一句好记的长口令 2027"
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


# --- actions on a failing disk -------------------------------------------------------------------


class Passwords:
    """Change the head's own password: said to be changed, the new one opens; else the old one."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.old, self.round = desk, PASSWORD, 0

    def prepare(self) -> None:
        self.round += 1
        self.new = f"第{self.round}句好记的长口令 2026"

    def act(self) -> None:
        accounts.change_own(self.desk, self.old, self.new)

    def judge(self, said: str) -> str:
        opening = [word for word in (self.old, self.new) if _opens(self.desk, HEAD, word)]
        wanted = {"done": [self.new], "doubtful": opening[:1]}.get(said, [self.old])
        self.old = opening[0] if opening else self.old
        return "" if opening == wanted else f"{said}: {opening}"


class Newcomers:
    """Add an account: with its key, or neither."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.round = desk, 0

    def prepare(self) -> None:
        self.round += 1
        self.name = f"new{self.round}"

    def act(self) -> None:
        add_account(self.desk, self.desk.actor.staff_id, self.name, PASSWORD, Role.CLERK, cost=CHEAP)

    def judge(self, said: str) -> str:
        found = (self._listed(), _opens(self.desk, self.name, PASSWORD))
        if said == "doubtful" or found == ((said == "done"),) * 2:
            return ""
        return f"{said}: {found}"

    def _listed(self) -> bool:
        return self.name in {row.username for row in self.desk.accounts.rows(self.desk.accounts.find())}


class Leavers(Newcomers):
    """Take an account away: its key first."""

    def prepare(self) -> None:
        super().prepare()
        super().act()

    def act(self) -> None:
        with secrets_kept():
            accounts.remove(self.desk, account_of(self.desk, self.name))

    def judge(self, said: str) -> str:
        opened = self.desk.opened
        listed, holds = self._listed(), self.name in read_keys(opened.data).slots
        if (said == "done" and listed) or (holds and not listed):
            return f"{said}: {listed} {holds}"
        if keyring.open_slot(read_keys(opened.data), HEAD, PASSWORD) != opened.keys:
            return f"{said}: other keys than the program's"
        return "" if secrets_of(opened) == [SECRET] else f"{said}: secrets"


class Copies:
    """Make a backup: whole under its name, or none."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def prepare(self) -> None:
        self.before = set(self.desk.backups.iterdir()) if self.desk.backups.exists() else set()

    def act(self) -> None:
        back_up(self.desk)

    def judge(self, said: str) -> str:
        made = [path for path in backup.backups(self.desk.backups) if path not in self.before]
        for path in made:
            backup.verify(path, self.desk.opened.keys)
        return f"{said}: none" if said == "done" and not made else ""


def act_on_a_failing_disk(data: Path, line: Line) -> None:
    """Do what is asked for over and over, the disk failing in between, until told to stop: tell what
    the program said and what it left, and go on with the same open station."""
    desk = at_desk(data)
    doing = {kind.__name__: kind for kind in (Passwords, Newcomers, Leavers, Copies)}[line.ask("what")](desk)
    while True:
        doing.prepare()
        if line.ask("next") == "stop":
            break
        try:
            doing.act()
            said, sentence = "done", ""
        except DeskError as trouble:
            said, sentence = ("doubtful" if isinstance(trouble, Doubtful) else "not done"), trouble.say()
        line.ask("disk works again")
        fault = doing.judge(said)
        desk.station.save_community(Community(name=f"社区{Community().uuid[:8]}"))
        line.ask(f"{said}|{sentence}|{fault}")
    desk.close()


def _opens(desk: Desk, username: str, password: str) -> bool:
    try:
        return keyring.open_slot(read_keys(desk.data), username, password).core == desk.opened.keys.core
    except WrongPassword:
        return False


def restore_the_first(data: Path, line: Line) -> None:
    """Bring the oldest backup back over the live station."""
    line.ask("open")
    restore(data, backup.backups(data / "backup")[-1], HEAD, PASSWORD, any_folder=True)
    line.ask("restored")


def back_up_twice(data: Path, line: Line) -> None:
    """Make two backups."""
    desk = at_desk(data)
    line.ask("open")
    back_up(desk)
    line.ask("first")
    back_up(desk)
    line.ask("second")
    desk.close()


def change_the_password(data: Path, line: Line) -> None:
    """Change the head's own password."""
    desk = at_desk(data)
    line.ask("open")
    accounts.change_own(desk, PASSWORD, NEW_PASSWORD)
    line.ask("changed")
    desk.close()


# --- the same without an open station ------------------------------------------------------------


class Openings:
    """Log in and leave."""

    def act(self, data: Path) -> None:
        at_desk(data).close()

    def judge(self, data: Path, _said: str) -> str:
        at_desk(data).close()
        return ""


class Restores:
    """Bring the oldest backup back: done, or the station is as it was, or asks for it again."""

    def act(self, data: Path) -> None:
        restore(data, backup.backups(data / "backup")[-1], HEAD, PASSWORD, any_folder=True)

    def judge(self, data: Path, said: str) -> str:
        if look(data) is Found.MISSING:
            if said == "done":
                return "done: missing"
            self.act(data)
        at_desk(data).close()
        return ""


class Recoveries:
    """Give the head a new password with a recovery key, then the old one back."""

    def act(self, data: Path) -> None:
        accounts.recover(data, (data / "recovery").read_text(encoding="ascii"), NEW_PASSWORD)

    def judge(self, data: Path, said: str) -> str:
        found = []
        for word in (PASSWORD, NEW_PASSWORD):
            with suppress(WrongPassword):
                log_in(data, HEAD, word, any_folder=True).close()
                found.append(word)
        if found == [NEW_PASSWORD]:
            accounts.recover(data, (data / "recovery").read_text(encoding="ascii"), PASSWORD)
        wanted = {"done": [NEW_PASSWORD], "doubtful": found[:1]}.get(said, [PASSWORD])
        return "" if found == wanted else f"{said}: {found}"


class Foundings:
    """Make a new station: whole, or none."""

    def act(self, data: Path) -> None:
        founded(data / "new")

    def judge(self, data: Path, said: str) -> str:
        found = look(data / "new")
        if found is Found.EMPTY and said != "done":
            founded(data / "new")
        at_desk(data / "new").close()
        shutil.rmtree(data / "new")
        return "" if found in (Found.EMPTY, Found.READY) else f"{said}: {found}"


def act_alone_on_a_failing_disk(data: Path, line: Line) -> None:
    """As `act_on_a_failing_disk`, where the station is opened for each action anew."""
    kinds = (Openings, Restores, Recoveries, Foundings)
    doing: Openings | Restores | Recoveries | Foundings = {kind.__name__: kind for kind in kinds}[line.ask("what")]()
    while line.ask("next") != "stop":
        try:
            doing.act(data)
            said, sentence = "done", ""
        except DeskError as trouble:
            said, sentence = ("doubtful" if isinstance(trouble, Doubtful) else "not done"), trouble.say()
        line.ask("disk works again")
        line.ask(f"{said}|{sentence}|{doing.judge(data, said)}")
