"""Accounts and their keys: who may open the station, with which password, and who no longer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.backups import back_up_unasked
from stationdesk.desk import Desk, guarded
from stationdesk.errors import Denied, DeskError, Doubtful, Problem, Refused, StorageTrouble
from stationdesk.fields import check
from stationdesk.i18n import N_
from stationdesk.records.access import Right, Role
from stationdesk.records.accounts import NewAccount, one_time_password
from stationdesk.records.audit import Action
from stationdesk.records.passwords import password_problems

if TYPE_CHECKING:
    from stationdesk.db.keyring import Cost, KeyRing
    from stationdesk.db.station_file import OpenStation

_SECOND_KEY = (Role.HEAD, Role.COUNSELLOR)
_USED = N_("新口令不能与最近5次用过的相同，请换一个。")
_SAME = N_("新口令与旧口令相同，请换一个。")


def add(desk: Desk, new: NewAccount) -> str:
    """Let a member of the team log in; returns the one-time password to hand over. Raises `Denied`,
    `Refused`, `StorageTrouble`."""
    if not new.staff_id:
        raise Refused(Problem("staff_id", N_("请选择人员。")))
    Refused.over(check(replace(new, username=new.username.strip())))
    password = one_time_password()
    add_account(desk, new.staff_id, new.username, password, new.role, must_change=True)
    return password


def add_account(
    desk: Desk,
    staff_id: int,
    username: str,
    password: str,
    role: Role,
    *,
    must_change: bool = False,
    cost: "Cost | None" = None,
) -> None:
    """The same with a password of one's choice. Raises `Denied` unless the head asks, `Refused`."""
    from stationdesk.db import keyring

    Refused.over(password_problems(password, (username, desk.station_name)))
    opened, name = desk.opened, username.strip()
    if not desk.actor.may(Right.ACCOUNTS):
        raise Denied
    # A slot without an account is left from an attempt that was cut off; it opens nothing.
    ring = keyring.drop_person(opened.ring, opened.keys, name)
    usual = cost or keyring.usual_cost(opened.ring)
    ring = keyring.add_person(ring, opened.keys, name, password, restricted=role in _SECOND_KEY, cost=usual)
    with _new_ring(opened, ring) as write:
        desk.accounts.add(staff_id, name, role, write, must_change=must_change)


@contextmanager
def _new_ring(opened: "OpenStation", ring: "KeyRing") -> Iterator[Callable[[], None]]:
    """Around a transaction: what puts `ring` into the key file at its end. Where the transaction
    fails after that, the file is as before again: a password that was not saved must not count.

    Raises `StorageTrouble`, and `Doubtful` where the disk does not take the old ring back either.
    """
    from stationdesk.db import keyring
    from stationdesk.db.keyring import DamagedKeys
    from stationdesk.db.opening import KEYS
    from stationdesk.db.rotation import settle

    path, begun = opened.data / KEYS, False

    def write() -> None:
        nonlocal begun
        begun = True
        try:
            # A change of keys whose last step failed would put its own ring over this one.
            settle(opened.data)
            keyring.write(path, ring)
        except OSError as failed:
            raise StorageTrouble from failed

    try:
        yield write
    except DeskError as failed:
        try:
            if isinstance(failed, Doubtful):
                raise
            if begun:
                keyring.write_both(path, opened.ring)
        except (Doubtful, OSError):
            # Whatever ring the file has by now, the next change has to go on from it.
            with suppress(DamagedKeys, OSError):
                opened.ring = keyring.read(path)
            raise Doubtful from failed
        raise
    opened.ring = ring


def reset(desk: Desk, account_id: int) -> str:
    """Give somebody who forgot the password a one-time one, which is returned. What was sealed to the
    old key pair, half-typed forms, is lost. Raises `Denied`, `Refused`, `StorageTrouble`."""
    from stationdesk.db import keyring

    username, role, _staff = desk.accounts.who(account_id)
    if username == desk.actor.username:
        raise Refused(Problem("", N_("自己的口令请用“修改我的口令”。")))
    opened, password = desk.opened, one_time_password()
    ring = keyring.reset_password(
        opened.ring,
        opened.keys,
        username,
        password,
        restricted=role in _SECOND_KEY,
        cost=keyring.usual_cost(opened.ring),
    )
    with _new_ring(opened, ring) as write:
        desk.accounts.set_one_time(account_id, write)
    return password


def change_role(desk: Desk, account_id: int, role: Role) -> None:
    """Give an account another role. Who loses the second data key might have kept it: then the keys
    are changed. Raises `Denied`, `Refused`, `StorageTrouble`."""
    from stationdesk.db import keyring

    username, old, _staff = desk.accounts.who(account_id)
    if username == desk.actor.username:
        raise Refused(Problem("role", N_("不能改自己的岗位权限，请另一位站长来改。")))
    if old in _SECOND_KEY and role not in _SECOND_KEY:
        # First the keys: cut off before the role is changed, the list shows what is to be done again.
        _rotate(desk, blinded=username)
    opened, ring = desk.opened, desk.opened.ring
    if role in _SECOND_KEY and username in ring.slots:
        ring = keyring.with_restricted(ring, opened.keys, username)
    with _new_ring(opened, ring) as write:
        desk.accounts.set_role(account_id, role, write)


def switch(desk: Desk, account_id: int, *, disabled: bool) -> None:
    """Switch an account off or on; its key slot stays. Raises `Denied`, `Refused`."""
    if desk.accounts.who(account_id)[0] == desk.actor.username:
        raise Refused(Problem("", N_("不能停用或删除自己的账号。")))
    desk.accounts.set_disabled(account_id, disabled)


def remove(desk: Desk, account_id: int) -> None:
    """Take an account away and change the data keys, so that neither the old password nor an old key
    file opens the station any more. Raises `Denied`, `Refused`, `StorageTrouble`."""
    username = desk.accounts.who(account_id)[0]
    if username == desk.actor.username:
        raise Refused(Problem("", N_("不能停用或删除自己的账号。")))
    # First the keys: cut off before the account is gone, the list shows what is to be done again.
    _rotate(desk, without=username)
    desk.accounts.remove(account_id)


def _rotate(desk: Desk, *, without: str = "", blinded: str = "") -> None:
    from stationdesk.db import keyring
    from stationdesk.db.keyring import Keys
    from stationdesk.db.rotation import rotate

    opened = desk.opened
    back_up_unasked(desk)
    ring, new = keyring.rotated(opened.ring, without, blinded)
    rotate(opened.data, opened.database, opened.keys, ring, new)
    opened.database.rekeyed(new.core)
    opened.ring = ring
    # The drafts are sealed to the person's own pair, which stays.
    opened.keys = Keys(new.core, new.restricted if opened.keys.restricted else None, opened.keys.own)
    opened.database.note(Action.KEYS)


def change_own(desk: Desk, old: str, new: str) -> None:
    """Change the password of the person at the desk. Raises `WrongPassword`, `TooSoon`, `Refused`."""
    from stationdesk.db import keyring
    from stationdesk.db.accounts import names_to_avoid

    opened = desk.opened
    strict = desk.safety.settings().strict_passwords
    names = (desk.actor.username, *names_to_avoid(opened.database, desk.actor.staff_id))
    problems = list(password_problems(new, names, strict=strict))
    if old == new:
        problems.append(Problem("password", _SAME))
    Refused.over(problems)
    cost = keyring.usual_cost(opened.ring)
    with guarded(opened.data) as failures:
        ring = keyring.change_password(opened.ring, desk.actor.username, old, new, cost=cost)
    _note_failures(opened, failures)
    if strict and desk.accounts.is_used_before(new):
        raise Refused(Problem("password", _USED))
    with _new_ring(opened, ring) as write:
        desk.accounts.own_password_changed(new, cost, write)


def change_due(data: Path, username: str, old: str, new: str) -> None:
    """Change a one-time password, which opens nothing else. Raises what logging in raises, `Refused`."""
    from stationdesk.db.accounts import seat
    from stationdesk.db.audit import Journal
    from stationdesk.db.station_file import open_station
    from stationdesk.records.calendar import beijing_now

    with guarded(data) as failures:
        opened = open_station(data, username, old)
    try:
        found = seat(opened.database, opened.username)
        opened.database.journal = Journal(opened.database, found.actor)
        _note_failures(opened, failures)
        change_own(Desk(opened, found.actor, beijing_now, found.station_name, False), old, new)
    finally:
        opened.close()


def _note_failures(opened: "OpenStation", failures: int) -> None:
    """Put into the audit how often the password was wrong before it was right."""
    if failures:
        opened.database.note(Action.LOGIN_FAILED, result=str(failures))


def recover(data: Path, typed: str, password: str) -> str:
    """Give the head a new password with the printed recovery key, which goes on working.

    Returns the head's user name. Raises `Refused` (key or password), `WrongPassword`, `TooSoon`,
    `AlreadyOpen`, `StorageTrouble`.
    """
    from stationdesk.db import keyring
    from stationdesk.db.accounts import head_of, names_to_avoid, seat
    from stationdesk.db.audit import Journal
    from stationdesk.db.station_file import open_with_recovery

    Refused.over(password_problems(password))
    with guarded(data) as failures:
        opened = open_with_recovery(data, typed)
    try:
        if opened.read_only:
            raise StorageTrouble(Problem("", N_("数据文件夹是只读的，不能重设口令。请检查文件夹的权限。")))
        username = head_of(opened.database)
        actor = seat(opened.database, username).actor
        Refused.over(password_problems(password, (username, *names_to_avoid(opened.database, actor.staff_id))))
        cost = keyring.usual_cost(opened.ring)
        ring = keyring.reset_password(opened.ring, opened.keys, username, password, restricted=True, cost=cost)
        opened.database.journal = Journal(opened.database, actor)
        _note_failures(opened, failures)
        with _new_ring(opened, ring) as write:
            opened.database.note(Action.RECOVERY, "account")
            write()
    finally:
        opened.close()
    return username
