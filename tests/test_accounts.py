"""Accounts: one-time passwords, changes, resets, who goes, who must stay, and how long one waits."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from stationdesk import accounts
from stationdesk import desk as desks
from stationdesk.db.keyring import Cost
from stationdesk.db.opening import KEYS, read_keys
from stationdesk.desk import Desk, log_in, prepare, seconds_to_wait, set_up
from stationdesk.errors import Denied, PasswordDue, Refused, TooSoon, WrongPassword
from stationdesk.records.access import Role
from stationdesk.records.accounts import AccountState, NewAccount, one_time_password
from stationdesk.records.audit import Action
from stationdesk.records.passwords import password_problems
from stationdesk.records.safety import Safety
from tests.stations import CHEAP, HEAD, NOW, PASSWORD, at_desk, new_station, prepared, with_everyone
from tests.working import account_of

OWN = "自己想的一句长口令 31"


def state_of(desk: Desk, username: str) -> AccountState:
    row = next(row for row in desk.accounts.rows(desk.accounts.find(gone=True)) if row.username == username)
    return row.state


@pytest.fixture
def everyone(desk: Desk) -> Desk:
    with_everyone(desk)
    return desk


# --- one-time passwords --------------------------------------------------------------------------


def test_a_one_time_password_opens_nothing_but_its_own_change(desk: Desk) -> None:
    data = desk.data
    once = accounts.add(desk, NewAccount(staff_id=desk.actor.staff_id, username="new", role=Role.CLERK))
    assert state_of(desk, "new") is AccountState.ONE_TIME
    desk.close()
    for _ in range(2):
        with pytest.raises(PasswordDue) as due:
            log_in(data, "new", once, any_folder=True)
        assert "一次性口令" in due.value.say()
    for bad in (once, "short"):
        with pytest.raises(Refused):
            accounts.change_due(data, "new", once, bad)
    with pytest.raises(WrongPassword):
        accounts.change_due(data, "new", PASSWORD, OWN)
    accounts.change_due(data, "new", once, OWN)
    log_in(data, "new", OWN, any_folder=True).close()
    with pytest.raises(WrongPassword):
        log_in(data, "new", once, any_folder=True)
    desk = at_desk(data)
    assert state_of(desk, "new") is AccountState.ACTIVE
    desk.close()


def test_one_time_passwords_are_strong_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(list(password_problems(word)) == [] for word in made)


def test_a_reset_ends_the_old_password_and_is_not_for_oneself(everyone: Desk) -> None:
    data = everyone.data
    once = accounts.reset(everyone, account_of(everyone, "counsellor"))
    with pytest.raises(Refused):
        accounts.reset(everyone, account_of(everyone, HEAD))
    everyone.close()
    with pytest.raises(WrongPassword):
        at_desk(data, "counsellor")
    accounts.change_due(data, "counsellor", once, OWN)
    desk = log_in(data, "counsellor", OWN, any_folder=True)
    # The role's second key comes with the new slot.
    assert desk.opened.keys.restricted is not None
    desk.close()


def test_one_changes_ones_own_with_the_old_one(everyone: Desk) -> None:
    data = everyone.data
    with pytest.raises(WrongPassword):
        accounts.change_own(everyone, "不是这个口令不是这个", OWN)
    with pytest.raises(Refused):
        accounts.change_own(everyone, PASSWORD, PASSWORD)
    with pytest.raises(Refused):
        accounts.change_own(everyone, PASSWORD, everyone.station_name)
    accounts.change_own(everyone, PASSWORD, OWN)
    everyone.close()
    log_in(data, HEAD, OWN, any_folder=True).close()
    with pytest.raises(WrongPassword):
        at_desk(data)
    at_desk(data, "clerk").close()


def test_a_new_slot_costs_what_the_others_cost(everyone: Desk) -> None:
    accounts.reset(everyone, account_of(everyone, "clerk"))
    assert {Cost(**slot["cost"]) for slot in read_keys(everyone.data).slots.values()} == {CHEAP}


# --- the strict rules ----------------------------------------------------------------------------


def test_the_strict_rules_ask_for_kinds_and_remember_five(desk: Desk) -> None:
    desk.safety.save_settings(Safety(strict_passwords=True))
    with pytest.raises(Refused) as plain:
        accounts.change_own(desk, PASSWORD, "只有汉字的一句很长的话")
    assert "至少" in plain.value.say()
    words = [PASSWORD, *(f"第{n}句 Hao ji de kou ling" for n in range(1, 7))]
    for old, new in pairwise(words):
        accounts.change_own(desk, old, new)
    for used in words[2:6]:
        with pytest.raises(Refused) as again:
            accounts.change_own(desk, words[6], used)
        assert "最近5次" in again.value.say()
    # The sixth last may come back.
    accounts.change_own(desk, words[6], words[1])


def test_an_old_password_is_spoken_of_under_the_strict_rules_only(desk: Desk) -> None:
    data = desk.data
    accounts.change_own(desk, PASSWORD, OWN)
    desk.safety.save_settings(Safety(strict_passwords=True))
    desk.close()
    for days, told in ((179, False), (181, True)):
        found = log_in(data, HEAD, OWN, clock=lambda days=days: NOW + timedelta(days=days), any_folder=True)  # type: ignore[misc]
        assert any("请尽快更换" in note for note in found.opened.notes) is told
        settings = found.safety.settings()
        assert settings.strict_passwords
        found.close()


# --- switched off, removed, the last head --------------------------------------------------------


def test_an_account_switched_off_stays_out_until_it_is_switched_on(everyone: Desk) -> None:
    data, number = everyone.data, account_of(everyone, "clerk")
    accounts.switch(everyone, number, disabled=True)
    assert state_of(everyone, "clerk") is AccountState.DISABLED
    everyone.close()
    with pytest.raises(Denied) as off:
        at_desk(data, "clerk")
    assert "已停用" in off.value.say()
    desk = at_desk(data)
    accounts.switch(desk, number, disabled=False)
    desk.close()
    at_desk(data, "clerk").close()


def test_the_last_head_stays(everyone: Desk) -> None:
    own = account_of(everyone, HEAD)
    before = (everyone.data / KEYS).read_bytes()
    calls: list[Callable[[], None]] = [
        lambda: everyone.accounts.remove(own),
        lambda: everyone.accounts.set_disabled(own, True),
        lambda: everyone.accounts.set_role(own, Role.CLERK, lambda: None),
    ]
    for call in calls:
        with pytest.raises(Refused) as last:
            call()
        assert "最后一个能登录的站长" in last.value.say()
    calls = [
        lambda: accounts.remove(everyone, own),
        lambda: accounts.switch(everyone, own, disabled=True),
        lambda: accounts.change_role(everyone, own, Role.CLERK),
    ]
    for call in calls:
        with pytest.raises(Refused):
            call()
    assert (everyone.data / KEYS).read_bytes() == before


def test_a_head_switched_off_does_not_count_as_one_who_stays(everyone: Desk) -> None:
    clerk = account_of(everyone, "clerk")
    accounts.change_role(everyone, clerk, Role.HEAD)
    accounts.switch(everyone, clerk, disabled=True)
    with pytest.raises(Refused):
        everyone.accounts.remove(account_of(everyone, HEAD))


@pytest.mark.parametrize("username", ["", "  ", "a b", "x" * 41, "ma:1"])
def test_a_user_name_that_cannot_be_typed_is_refused_for_everybody(desk: Desk, username: str) -> None:
    for make in (
        lambda: accounts.add(desk, NewAccount(staff_id=desk.actor.staff_id, username=username, role=Role.CLERK)),
        lambda: prepare(username, PASSWORD, cost=CHEAP),
    ):
        with pytest.raises(Refused) as refused:
            make()
        assert {problem.field for problem in refused.value.problems} == {"username"}
        assert "用户名" in refused.value.say()


def test_a_name_is_never_given_twice(everyone: Desk) -> None:
    accounts.remove(everyone, account_of(everyone, "clerk"))
    with pytest.raises(Refused) as taken:
        accounts.add(everyone, NewAccount(staff_id=everyone.actor.staff_id, username="clerk"))
    assert "曾经用过" in taken.value.say()
    assert "clerk" not in read_keys(everyone.data).slots


# --- the recovery key ----------------------------------------------------------------------------


def test_the_recovery_key_gives_the_head_a_new_password_again_and_again(tmp_path: Path) -> None:
    data, ready = tmp_path / "station", prepared()
    set_up(data, ready, new_station(), any_folder=True).close()
    with pytest.raises(Refused):
        accounts.recover(data, ready.recovery_key[:-1], OWN)
    with pytest.raises(WrongPassword):
        accounts.recover(data, prepared().recovery_key, OWN)
    with pytest.raises(Refused):
        accounts.recover(data, ready.recovery_key, "short")
    at_desk(data).close()
    for word in (OWN, f"{OWN} 又一次"):
        assert accounts.recover(data, ready.recovery_key, word) == HEAD
        desk = log_in(data, HEAD, word, any_folder=True)
        assert Action.RECOVERY in {row.action for row in desk.audit.rows(desk.audit.find())}
        assert desk.audit.verify().sound
        desk.close()
    with pytest.raises(WrongPassword):
        at_desk(data)


# --- waiting -------------------------------------------------------------------------------------


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The running program's clock, set by hand."""
    time = [5000.0]
    monkeypatch.setattr(desks, "monotonic", lambda: time[0])
    return time


def test_five_wrong_passwords_and_then_one_waits(desk: Desk, ticking: list[float]) -> None:
    data = desk.data
    desk.close()
    for _ in range(4):
        wrong(data)
        assert seconds_to_wait(data) == 0
    for wait in (60, 120, 300, 900, 900):
        wrong(data)
        assert seconds_to_wait(data) == wait
        # Not even the right password, until the time is over.
        ticking[0] += wait - 1
        with pytest.raises(TooSoon) as soon:
            at_desk(data)
        assert soon.value.say() == "口令连续输错，请等0分1秒再试。"
        ticking[0] += 1
    desk = at_desk(data)
    row = next(row for row in desk.audit.rows(desk.audit.find()) if row.action is Action.LOGIN_FAILED)
    assert row.details == "9次"
    desk.close()
    wrong(data)
    assert seconds_to_wait(data) == 0


def test_a_guesser_at_an_open_desk_waits_too(desk: Desk, ticking: list[float]) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            accounts.change_own(desk, "不是这个口令", OWN)
    assert seconds_to_wait(desk.data) == 60
    with pytest.raises(TooSoon):
        accounts.change_own(desk, PASSWORD, OWN)
    ticking[0] += 60
    accounts.change_own(desk, PASSWORD, OWN)
    assert failures(desk) == ["5次"]


def failures(desk: Desk) -> list[str]:
    return [row.details for row in desk.audit.rows(desk.audit.find()) if row.action is Action.LOGIN_FAILED]


def test_wrong_passwords_are_told_whichever_door_opened_at_last(tmp_path: Path) -> None:
    data, ready = tmp_path / "station", prepared()
    desk = set_up(data, ready, new_station(), any_folder=True)
    once = accounts.add(desk, NewAccount(staff_id=desk.actor.staff_id, username="new", role=Role.CLERK))
    desk.close()
    wrong(data)
    accounts.change_due(data, "new", once, OWN)
    wrong(data)
    wrong(data)
    accounts.recover(data, ready.recovery_key, OWN)
    desk = log_in(data, HEAD, OWN, any_folder=True)
    assert failures(desk) == ["2次", "1次"]
    desk.close()


def wrong(data: Path) -> None:
    with pytest.raises(WrongPassword):
        log_in(data, HEAD, "不是这个口令", any_folder=True)


def test_other_doors_count_and_wait_too(desk: Desk, ticking: list[float]) -> None:
    data = desk.data
    desk.close()
    for _ in range(5):
        with pytest.raises(WrongPassword):
            accounts.change_due(data, HEAD, "不是这个口令", OWN)
    with pytest.raises(TooSoon):
        accounts.recover(data, prepared().recovery_key, OWN)
    with pytest.raises(TooSoon):
        at_desk(data)
