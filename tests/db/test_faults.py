"""A disk that fails or loses its power at any moment: what was said to be saved is there."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from stationdesk.backups import check_station
from tests import working
from tests.disk import Disk, Plan
from tests.power import Replay
from tests.stations import at_desk


@pytest.fixture
def data(founded_once: Path, memory: Path) -> Path:
    folder = memory / "station"
    shutil.copytree(founded_once, folder)
    # The first login of all leaves its traces once.
    at_desk(folder).close()
    return folder


def uuids(data: Path) -> set[str]:
    """Which communities the program finds, after it has checked the whole file and the audit."""
    desk = at_desk(data)
    try:
        _rows, report = check_station(desk)
        assert report is not None
        assert report.sound
        return {desk.station.load_community(number).uuid for number in desk.station.find_communities()}
    finally:
        desk.close()


def test_no_power_cut_loses_what_was_told_to_be_saved(data: Path, memory: Path) -> None:
    before = Replay(data)
    disk = Disk(data)
    assert disk.run(working.save_several) == 0
    told: set[str] = set()
    random = Random(7)
    images = 0
    for number, call in enumerate(before.after(disk.calls)):
        if call.what == "mark":
            told.add(call.path)
        if call.what in ("sync", "truncate", "mark") or number % 9 == 0:
            # Nothing but what was synced, or any part of the rest as well.
            left = before.cut(memory / f"image{images}", random if images % 3 else None)
            assert told <= uuids(left), (number, call.what, call.path)
            shutil.rmtree(left)
            images += 1
    assert len(told) == 3
    assert images > 40


def failing(data: Path, error: int, *, once: bool, what: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """What the program said of saves during which the first, the second … call failed."""
    disk = Disk(data)
    answers: list[tuple[str, ...]] = []
    at = -1

    def hear(text: str) -> str:
        nonlocal at
        if text == "next":
            if answers and disk.plan.seen <= at:
                return "stop"
            at += 1
            disk.plan = Plan(at, error, once, what)
        elif text == "disk works again":
            seen = disk.plan.seen
            disk.plan = Plan()
            disk.plan.seen = seen
        else:
            answers.append(tuple(text.split("|")))
        return "go on"

    assert disk.run(working.save_on_a_failing_disk, hear) == 0
    assert len(answers) > 20
    yield from answers


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
def test_the_answer_is_true_whichever_call_fails(data: Path, error: int, once: bool) -> None:
    what = ("write", "make") if error == errno.ENOSPC else ()
    said = set()
    # Once: the program can look afterwards, and knows. For good: it may say that it does not know.
    for told, there, again, count in failing(data, error, once=once, what=what):
        said.add(told)
        if once or "不能确定" not in told:
            assert (told == "saved") == (there == "True"), told
        assert (again, count) == ("saved", "1")
    assert len(said) > 1
    assert uuids(data)
