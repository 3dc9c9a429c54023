"""Keys, passwords and backups on a disk that fails or loses its power: the old state, or the new."""

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from stationdesk import accounts
from stationdesk.backups import back_up, check_station, restore
from stationdesk.db import keyring
from stationdesk.db.backup import backups, verify
from stationdesk.db.drafts import DraftStore
from stationdesk.db.engine import connect
from stationdesk.db.opening import DATABASE, KEYS, Found, look, read_keys
from stationdesk.desk import Desk, log_in, set_up
from stationdesk.errors import StorageTrouble, WrongPassword
from stationdesk.records.access import Role
from stationdesk.records.drafts import Draft
from stationdesk.records.station import Community
from tests import working
from tests.disk import Call, Disk, Plan, Work
from tests.power import Replay
from tests.stations import CHEAP, HEAD, PASSWORD, at_desk, new_station, prepared, with_everyone
from tests.working import NEW_PASSWORD, SECRET, account_of, keep_a_secret, secrets_kept, secrets_of

DRAFT = Draft(uuid="d" * 32, place="bookings", title="预约", record_id=None, state={"title": ["半句话"]})


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A station with everyone, a restricted text and a draft; and its recovery key."""
    folder = tmp_path_factory.mktemp("peopled") / "station"
    ready = prepared()
    desk = set_up(folder, ready, new_station(), any_folder=True)
    with_everyone(desk)
    keep_a_secret(desk)
    desk.close()
    desk = at_desk(folder, "supervisor")
    desk.drafts.keep(DRAFT)
    desk.close()
    return folder, ready.recovery_key


@pytest.fixture
def data(peopled: tuple[Path, str], memory: Path) -> Path:
    folder = memory / "station"
    shutil.copytree(peopled[0], folder)
    return folder


def cuts(data: Path, place: Path, work: Work, *, marked: str) -> Iterator[tuple[Path, bool]]:
    """What is left of the station when the program is killed, or the power fails, at the calls of
    `work` that matter; and whether it had told `marked` by then."""
    before, disk, random = Replay(data), Disk(data), Random(3)
    assert disk.run(work) == 0
    told = started = False
    for number, call in enumerate(before.after(disk.calls)):
        started = started or call == Call("mark", "open")
        told = told or call == Call("mark", marked)
        # The folder's own syncs are where the names change for good.
        if started and (call.what in ("make", "rename", "mark") or call in (Call("sync", ""), Call("sync", "backup"))):
            if number % 2:
                yield before.killed(place / f"{number}-killed"), told
            else:
                yield before.cut(place / f"{number}-cut", random if number % 4 else None), told
    assert told


def keys_of(data: Path, username: str) -> keyring.Keys:
    return keyring.open_slot(read_keys(data), username, PASSWORD)


def open_state(left: Path, recovery: str) -> Desk:
    """The head's desk at what is left, after a look whether everything is readable."""
    desk = at_desk(left)
    assert secrets_of(desk.opened) == [SECRET]
    keys = keys_of(left, "supervisor")
    assert keys.core == desk.opened.keys.core
    drafts = DraftStore(desk.opened.database, replace(desk.actor, username="supervisor"), desk.clock, keys)
    assert [draft.state for draft in drafts.mine()] == [DRAFT.state]
    assert keyring.open_with_recovery(read_keys(left), recovery) == desk.opened.keys
    return desk


def test_taking_an_account_away_can_be_cut_off_anywhere(data: Path, peopled: tuple[Path, str], memory: Path) -> None:
    seen = set()
    for left, told in cuts(data, memory / "left", working.remove_the_counsellor, marked="removed"):
        desk = open_state(left, peopled[1])
        listed = "counsellor" in {row.username for row in desk.accounts.rows(desk.accounts.find(gone=True))}
        holds = "counsellor" in read_keys(left).slots
        seen.add((listed, holds))
        # Whoever is no longer listed has no key either, whatever was cut off.
        assert listed or not holds
        assert not (told and listed)
        if told:
            old = keyring.read(peopled[0] / KEYS)
            with pytest.raises(sqlcipher.Error):
                connect(left / DATABASE, keyring.open_slot(old, "counsellor", PASSWORD).core)
        desk.close()
        shutil.rmtree(left)
    assert seen == {(True, True), (True, False), (False, False)}


def test_an_account_half_taken_away_is_taken_away_again(data: Path, peopled: tuple[Path, str], memory: Path) -> None:
    for left, _told in cuts(data, memory / "left", working.remove_the_counsellor, marked="removed"):
        desk = at_desk(left)
        rows = {row.username: row.id for row in desk.accounts.rows(desk.accounts.find(gone=True))}
        if "counsellor" in rows and "counsellor" not in read_keys(left).slots:
            with secrets_kept():
                accounts.remove(desk, rows["counsellor"])
            desk.close()
            desk = open_state(left, peopled[1])
            assert "counsellor" not in {row.username for row in desk.accounts.rows(desk.accounts.find(gone=True))}
            desk.close()
            return
        desk.close()
    raise AssertionError("never half done")


def test_the_second_key_can_be_taken_away_again_after_a_cut(
    data: Path, peopled: tuple[Path, str], memory: Path
) -> None:
    for left, told in cuts(data, memory / "left", working.lower_the_counsellor, marked="lowered"):
        desk = open_state(left, peopled[1])
        role = desk.accounts.who(account_of(desk, "counsellor"))[1]
        second = keys_of(left, "counsellor").restricted
        # With the lower role nobody keeps the second key.
        assert role is Role.COUNSELLOR or second is None
        assert not told or role is Role.CLERK
        desk.close()
        shutil.rmtree(left)


def answers(data: Path, doing: str, plan: Plan, step: int) -> list[tuple[str, ...]]:
    """What was said and left each time, the `step`-th, twice that … call of the action failing."""
    disk = Disk(data)
    found: list[tuple[str, ...]] = []
    at = -step
    seen = 0

    def hear(text: str) -> str:
        nonlocal at, seen
        if text == "what":
            return doing
        if text == "next":
            if found and seen <= at:
                return "stop"
            at += step
            disk.plan = replace(plan, at=at)
        elif text == "disk works again":
            seen, disk.plan = disk.plan.seen, Plan()
        else:
            found.append(tuple(text.split("|")))
        return "go on"

    alone = not hasattr(getattr(working, doing), "prepare")
    work = working.act_alone_on_a_failing_disk if alone else working.act_on_a_failing_disk
    assert disk.run(work, hear) == 0
    return found


@pytest.mark.parametrize(("doing", "step"), [("Passwords", 3), ("Newcomers", 4), ("Leavers", 37), ("Copies", 13)])
@pytest.mark.parametrize(
    "plan",
    [Plan(once=True), Plan(), Plan(error=errno.ENOSPC, what=("write", "make"))],
    ids=["once", "for good", "disk full"],
)
def test_what_is_said_is_what_is_left(data: Path, doing: str, step: int, plan: Plan) -> None:
    told = answers(data, doing, plan, step)
    assert [fault for _said, _sentence, fault in told if fault] == []
    assert {"done", "not done"} <= {said for said, *_more in told}, told[-3:]
    assert not plan.once or "doubtful" not in {said for said, *_more in told}
    at_desk(data, "supervisor").close()


def communities(data: Path) -> set[str]:
    desk = at_desk(data)
    try:
        return {row.name for row in desk.station.community_rows(desk.station.find_communities())}
    finally:
        desk.close()


@pytest.fixture
def backed_up(data: Path) -> Path:
    """A station with a backup and a record saved after it."""
    desk = at_desk(data)
    desk.station.save_community(Community(name="早先的社区"))
    back_up(desk)
    desk.station.save_community(Community(name="后来的社区"))
    desk.close()
    return data


def test_a_restore_cut_off_leaves_the_old_the_restored_or_a_folder_that_asks(backed_up: Path, memory: Path) -> None:
    old, seen = {"早先的社区", "后来的社区"}, set()
    for left, told in cuts(backed_up, memory / "left", working.restore_the_first, marked="restored"):
        found = look(left)
        seen.add(found)
        assert found in (Found.READY, Found.MISSING)
        if found is Found.MISSING:
            assert not told
            assert list(left.glob("damaged-*/station.db"))
            restore(left, backups(left / "backup")[-1], HEAD, PASSWORD, any_folder=True)
        names = communities(left)
        assert names in (old, {"早先的社区"})
        assert not (told or found is Found.MISSING) or names != old
        shutil.rmtree(left)
    assert seen == {Found.READY, Found.MISSING}


def test_a_backup_with_its_name_is_whole_whenever_it_was_cut_off(data: Path, memory: Path) -> None:
    seen = set()
    for left, _told in cuts(data, memory / "left", working.back_up_twice, marked="second"):
        whole = backups(left / "backup")
        desk = at_desk(left)
        for path in whole:
            verify(path, desk.opened.keys)
        seen.add(len(whole))
        if len(whole) < 2:
            made = back_up(desk)
            assert made.number == len(whole) + 1
            assert set((left / "backup").iterdir()) == {*whole, made.path}
        desk.close()
        shutil.rmtree(left)
    assert seen == {0, 1, 2}


def test_a_change_of_password_cut_off_leaves_one_that_opens(data: Path, memory: Path) -> None:
    seen = set()
    for left, told in cuts(data, memory / "left", working.change_the_password, marked="changed"):
        opening = []
        for word in (PASSWORD, NEW_PASSWORD):
            with suppress(WrongPassword):
                log_in(left, HEAD, word, any_folder=True).close()
                opening.append(word)
        assert len(opening) == 1
        assert not told or opening == [NEW_PASSWORD]
        seen.update(opening)
        shutil.rmtree(left)
    assert seen == {PASSWORD, NEW_PASSWORD}


@pytest.mark.parametrize(("doing", "step"), [("Openings", 2), ("Restores", 29), ("Recoveries", 7), ("Foundings", 83)])
@pytest.mark.parametrize("plan", [Plan(once=True), Plan()], ids=["once", "for good"])
def test_what_is_opened_anew_each_time_is_never_half_done(
    backed_up: Path, peopled: tuple[Path, str], doing: str, step: int, plan: Plan
) -> None:
    (backed_up / "recovery").write_text(peopled[1], encoding="ascii")
    told = answers(backed_up, doing, plan, step)
    assert [fault for _said, _sentence, fault in told if fault] == []
    assert {"done", "not done"} <= {said for said, *_more in told}, told[-3:]


# --- a disk that is really full ------------------------------------------------------------------


@pytest.fixture
def full(memory: Path) -> Iterator[Path]:
    """A disk of three megabytes; without the right to mount one, files that cannot grow."""
    small = memory / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)], check=False)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield small
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    if mounted.returncode == 0:
        subprocess.run(["umount", "-l", str(small)], check=True)


def fill(disk: Path) -> None:
    """Leave not one free block."""
    if os.path.ismount(disk):
        with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def test_a_full_disk_takes_nothing_and_loses_nothing(peopled: tuple[Path, str], full: Path) -> None:
    data = full / "station"
    shutil.copytree(peopled[0], data)
    desk = at_desk(data)
    keys = (data / KEYS).read_bytes()
    counsellor = account_of(desk, "counsellor")
    fill(full)
    acts: list[Callable[[], object]] = [
        # Longer than what the file has room for.
        lambda: [desk.station.save_community(Community(name=f"第{n}社区", grid_note="长" * 200)) for n in range(60)],
        lambda: back_up(desk),
        lambda: accounts.change_own(desk, PASSWORD, NEW_PASSWORD),
        lambda: accounts.add_account(desk, 1, "late", PASSWORD, Role.CLERK, cost=CHEAP),
        lambda: accounts.reset(desk, counsellor),
        lambda: accounts.remove(desk, counsellor),
        lambda: accounts.change_role(desk, counsellor, Role.CLERK),
    ]
    for act in acts:
        with pytest.raises(StorageTrouble) as refused:
            act()
        assert refused.value.say()
        assert (data / KEYS).read_bytes() == keys
    saved = len(desk.station.find_communities())
    if (full / "filler").exists():
        (full / "filler").unlink()
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.getrlimit(resource.RLIMIT_FSIZE)[1],) * 2)
    desk.station.save_community(Community(name="红柳社区"))
    desk.close()
    desk = open_state(data, peopled[1])
    assert len(desk.station.find_communities()) == saved + 1
    report = check_station(desk)[1]
    assert report is not None
    assert report.sound
    desk.close()
    at_desk(data, "counsellor").close()
