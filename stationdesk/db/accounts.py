"""Accounts: who a key that opened the file belongs to, and who else may log in."""

import json
import secrets
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from stationdesk.db.engine import Change, Database
from stationdesk.db.keyring import Cost, stretch
from stationdesk.db.models import AccountTable, CommunityTable, SafetyTable, StaffTable, StationTable
from stationdesk.db.stores import Store, load_row, needs
from stationdesk.errors import Denied, Missing, Problem, Refused, WrongPassword
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Right, Role
from stationdesk.records.accounts import AccountRow, AccountState
from stationdesk.records.audit import Action
from stationdesk.records.calendar import BEIJING, new_uuid

_REMEMBERED = 5
_TAKEN = N_("用户名“{name}”已经有了或曾经用过，请换一个。")
_LAST_HEAD = N_("这是最后一个能登录的站长账号，不能停用、删除或改岗位。请先给另一位站长开账号。")


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose desk it is, and at which station; `demo_today` only in a demonstration station."""

    actor: Actor
    station_name: str
    demo_today: date | None
    must_change: bool
    password_since: date | None
    accepted_folder: str | None


def seat(database: Database, username: str) -> Seat:
    """The person with that user name. Raises `WrongPassword` when a key has no account, `Denied`
    when the account is switched off, `Missing` when there is no station in the file."""
    table = AccountTable
    query = (
        select(table.staff_id, StaffTable.name, table.role, table.disabled, table.must_change, table.password_since)
        .join(StaffTable, StaffTable.id == table.staff_id)
        .where(table.username == username, table.deleted_at.is_(None))
    )
    with database.read() as session:
        account = session.execute(query).first()
        station = session.execute(select(StationTable.name, StationTable.demo_today)).first()
        accepted = session.scalar(select(SafetyTable.accepted_folder))
    if account is None:
        raise WrongPassword
    if account.disabled:
        raise Denied(Problem("username", N_("这个账号已停用，不能登录。如需启用，请联系站长。")))
    if station is None:
        raise Missing
    actor = Actor(username=username, staff_id=account.staff_id, name=account.name, role=account.role)
    return Seat(actor, station.name, station.demo_today, account.must_change, account.password_since, accepted)


def note_login(database: Database, username: str, failures: int) -> None:
    """Remember that somebody has sat down, and how often the password was wrong before."""
    if database.read_only:
        return
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    with database.write(quiet=True) as session:
        session.execute(update(AccountTable).where(AccountTable.username == username).values(last_login=now))
        notes = [Change(Action.LOGIN.code, "", None)]
        if failures:
            notes.insert(0, Change(Action.LOGIN_FAILED.code, "", None, result=str(failures)))
        session.info["notes"] = notes


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


def names_to_avoid(database: Database, staff_id: int | None) -> tuple[str, ...]:
    """Names that must not make up a password: the person's, the station's, the places'."""
    with database.read() as session:
        station = session.execute(select(StationTable.name, StationTable.township_name)).one()
        places = session.scalars(select(CommunityTable.name)).all()
        person = session.scalar(select(StaffTable.name).where(StaffTable.id == staff_id))
    return (*station, *places, *([person] if person else []))


class AccountStore(Store):
    """The accounts of the station; the keys that go with them are the key file's."""

    @needs(Right.ACCOUNTS)
    def find(
        self, words: str = "", sort: str = "username", descending: bool = False, gone: bool = False
    ) -> "array[int]":
        """Ids of accounts whose user or person's name has `words`; switched-off ones only with `gone`."""
        table = AccountTable
        key: Any = {"name": StaffTable.name_key, "role": table.role, "last_login": table.last_login}.get(
            sort, table.username
        )
        wanted = select(table.id).join(StaffTable, StaffTable.id == table.staff_id).where(table.deleted_at.is_(None))
        if words:
            wanted = wanted.where(
                table.username.contains(words, autoescape=True) | StaffTable.name.contains(words, autoescape=True)
            )
        if not gone:
            wanted = wanted.where(table.disabled.is_(False))
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if descending else key, table.id)))

    @needs(Right.ACCOUNTS)
    def rows(self, ids: Sequence[int]) -> tuple[AccountRow, ...]:
        """The lines of these ids, in their order."""
        query = (
            select(AccountTable, StaffTable.name)
            .join(StaffTable, StaffTable.id == AccountTable.staff_id)
            .where(AccountTable.id.in_(ids))
        )
        with self._database.read() as session:
            found = {account.id: _line(account, name) for account, name in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.ACCOUNTS)
    def add(
        self, staff_id: int, username: str, role: Role, write_keys: Callable[[], object], *, must_change: bool = False
    ) -> None:
        """Let a member of the team log in; `write_keys` puts the key slot in the key file just
        before the commit, so that no account is without one. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            load_row(session, StaffTable, staff_id)
            old = session.scalar(select(AccountTable).where(AccountTable.username == username))
            if old is not None:
                raise Refused(
                    Problem("username", N_("用户名“{name}”已经有了或曾经用过，请换一个。"), {"name": username})
                )
            today = self._clock().date()
            row = add_account(session, staff_id, username, role, self._stamp(), must_change, today)
            _tell(session, Action.ACCOUNT, row.id, role.code)
            write_keys()

    @needs(Right.ACCOUNTS)
    def set_role(self, account_id: int, role: Role, write_keys: Callable[[], object]) -> None:
        """Give an account another role. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            row = load_row(session, AccountTable, account_id)
            if role is not Role.HEAD:
                _refuse_last_head(session, row)
            _tell(session, Action.ACCOUNT, row.id, f"{row.role.code}→{role.code}")
            row.role = role
            self._touch(row)
            session.flush()
            write_keys()

    @needs(Right.ACCOUNTS)
    def set_disabled(self, account_id: int, disabled: bool) -> None:
        """Switch an account off or on. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            row = load_row(session, AccountTable, account_id)
            if disabled:
                _refuse_last_head(session, row)
            row.disabled = disabled
            self._touch(row)

    @needs(Right.ACCOUNTS)
    def set_one_time(self, account_id: int, write_keys: Callable[[], object]) -> None:
        """Note that the account has a one-time password from now on, then write its key slot."""
        with self._database.write() as session:
            row = load_row(session, AccountTable, account_id)
            row.must_change, row.password_since = True, self._clock().date()
            _tell(session, Action.PASSWORD, row.id, "")
            self._touch(row)
            session.flush()
            write_keys()

    @needs(Right.ACCOUNTS)
    def remove(self, account_id: int) -> None:
        """Take an account away. Its name is never given again: old records go on naming its owner.
        Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            row = load_row(session, AccountTable, account_id)
            _refuse_last_head(session, row)
            row.deleted_at = self._stamp()[0]
            self._touch(row)

    @needs(Right.ACCOUNTS)
    def who(self, account_id: int) -> tuple[str, Role, int]:
        """User name, role and staff id of an account; raises `Missing`."""
        with self._database.read() as session:
            row = load_row(session, AccountTable, account_id)
            return row.username, row.role, row.staff_id

    @needs(Right.OWN)
    def is_used_before(self, password: str) -> bool:
        """Whether the password is one of the person's last five; takes about a tenth of a second each."""
        with self._database.read() as session:
            kept = session.scalar(select(AccountTable.old_passwords).where(self._mine()))
        return any(
            secrets.compare_digest(
                stretch(password, bytes.fromhex(old["salt"]), Cost(**old["cost"])).hex(), old["hash"]
            )
            for old in json.loads(kept or "[]")
        )

    @needs(Right.OWN)
    def own_password_changed(self, password: str, cost: Cost, write_keys: Callable[[], object]) -> None:
        """Note the change of the person's own password, then write the key slot."""
        salt = secrets.token_bytes(16)
        entry = {
            "salt": salt.hex(),
            "hash": stretch(password, salt, cost).hex(),
            "cost": {"memory": cost.memory, "passes": cost.passes, "lanes": cost.lanes},
        }
        with self._database.write() as session:
            row = session.scalars(select(AccountTable).where(self._mine())).one()
            kept = [*json.loads(row.old_passwords or "[]"), entry][-_REMEMBERED:]
            row.old_passwords = json.dumps(kept)
            row.must_change, row.password_since = False, self._clock().date()
            _tell(session, Action.PASSWORD, row.id, "")
            self._touch(row)
            session.flush()
            write_keys()

    def _mine(self) -> Any:
        return (AccountTable.username == self._actor.username) & AccountTable.deleted_at.is_(None)

    def _touch(self, row: AccountTable) -> None:
        row.updated_at, row.updated_by = self._stamp()


def _tell(session: Session, action: Action, account_id: int, result: str) -> None:
    session.info.setdefault("notes", []).append(Change(action.code, "account", account_id, result=result))


def _refuse_last_head(session: Session, row: AccountTable) -> None:
    others = select(func.count()).where(
        AccountTable.role == Role.HEAD,
        AccountTable.disabled.is_(False),
        AccountTable.deleted_at.is_(None),
        AccountTable.id != row.id,
    )
    if row.role is Role.HEAD and not session.scalar(others):
        raise Refused(Problem("", _LAST_HEAD))


def _line(account: AccountTable, name: str) -> AccountRow:
    state = AccountState.ONE_TIME if account.must_change else AccountState.ACTIVE
    return AccountRow(
        id=account.id,
        username=account.username,
        name=name,
        role=account.role,
        state=AccountState.DISABLED if account.disabled else state,
        last_login=_local(account.last_login),
        password_since=account.password_since,
    )


def _local(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at).astimezone(BEIJING).replace(tzinfo=None) if at else None


def add_account(
    session: Session,
    staff_id: int,
    username: str,
    role: Role,
    stamp: tuple[str, str],
    must_change: bool = False,
    today: date | None = None,
) -> AccountTable:
    """Insert one account; the caller has looked whether the name is free."""
    when, who = stamp
    row = AccountTable(
        uuid=new_uuid(),
        username=username,
        staff_id=staff_id,
        role=role,
        disabled=False,
        must_change=must_change,
        password_since=today,
        old_passwords="",
        created_at=when,
        created_by=who,
        updated_at=when,
        updated_by=who,
    )
    session.add(row)
    session.flush()
    return row
