"""Accounts: who a key that opened the file belongs to, and who else may log in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.engine import Database
from stationdesk.db.models import AccountTable, StaffTable, StationTable
from stationdesk.db.stores import Store, load_row, needs
from stationdesk.errors import Denied, Missing, Problem, Refused, WrongPassword
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Right, Role
from stationdesk.records.calendar import new_uuid


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose desk it is, and at which station; `demo_today` only in a demonstration station."""

    actor: Actor
    station_name: str
    demo_today: date | None


def seat(database: Database, username: str) -> Seat:
    """The person with that user name. Raises `WrongPassword` when a key has no account, `Denied`
    when the account is switched off, `Missing` when there is no station in the file."""
    query = (
        select(AccountTable.staff_id, StaffTable.name, AccountTable.role, AccountTable.disabled)
        .join(StaffTable, StaffTable.id == AccountTable.staff_id)
        .where(AccountTable.username == username, AccountTable.deleted_at.is_(None))
    )
    with database.read() as session:
        account = session.execute(query).first()
        station = session.execute(select(StationTable.name, StationTable.demo_today)).first()
    if account is None:
        raise WrongPassword
    if account.disabled:
        raise Denied(Problem("username", N_("这个账号已停用，不能登录。如需启用，请联系站长。")))
    if station is None:
        raise Missing
    actor = Actor(username=username, staff_id=account.staff_id, name=account.name, role=account.role)
    return Seat(actor, station.name, station.demo_today)


def head_of(database: Database) -> str:
    """The user name of the head who has been here longest; raises `Missing`."""
    query = (
        select(AccountTable.username)
        .where(AccountTable.role == Role.HEAD, AccountTable.disabled.is_(False), AccountTable.deleted_at.is_(None))
        .order_by(AccountTable.id)
    )
    with database.read() as session:
        found = session.scalar(query)
    if found is None:
        raise Missing
    return found


class AccountStore(Store):
    """The accounts of the station; the keys that go with them are the key file's."""

    @needs(Right.EDIT_STAFF)
    def add(self, staff_id: int, username: str, role: Role, write_keys: Callable[[], object]) -> None:
        """Let a member of the team log in; `write_keys` puts the key slot in the key file just
        before the commit, so that no account is without one. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            load_row(session, StaffTable, staff_id)
            if session.scalar(select(AccountTable.id).where(AccountTable.username == username)) is not None:
                raise Refused(Problem("username", N_("用户名“{name}”已经有了，请换一个。"), {"name": username}))
            add_account(session, staff_id, username, role, self._stamp())
            write_keys()


def add_account(session: Session, staff_id: int, username: str, role: Role, stamp: tuple[str, str]) -> None:
    """Insert one account; the caller has looked whether the name is free."""
    when, who = stamp
    session.add(
        AccountTable(
            uuid=new_uuid(),
            username=username,
            staff_id=staff_id,
            role=role,
            disabled=False,
            created_at=when,
            created_by=who,
            updated_at=when,
            updated_by=who,
        )
    )
    session.flush()
