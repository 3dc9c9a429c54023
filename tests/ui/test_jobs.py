"""Work runs on one thread beside the window, and its results come back to the window's."""

import threading
from functools import partial

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from stationdesk.errors import Refused
from stationdesk.ui.jobs import Jobs


def test_results_come_back_in_order_on_the_windows_thread(qtbot: QtBot, jobs: Jobs) -> None:
    owner = QObject()
    here, seen = threading.get_ident(), list[tuple[int, int, int]]()

    def work(number: int) -> tuple[int, int]:
        return number, threading.get_ident()

    for number in range(5):
        jobs.run(owner, partial(work, number), lambda found: seen.append((*found, threading.get_ident())))
    qtbot.waitUntil(lambda: len(seen) == 5)
    assert [number for number, _there, _back in seen] == [0, 1, 2, 3, 4]
    assert {there for _number, there, _back in seen} != {here}
    assert {back for _number, _there, back in seen} == {here}


def test_a_destroyed_owner_hears_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    owner, gate, seen = QObject(), threading.Event(), list[object]()
    jobs.run(owner, gate.wait, seen.append)
    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen == []


def test_errors_go_where_they_belong(qtbot: QtBot) -> None:
    jobs, owner = Jobs(), QObject()
    mine: list[object] = []

    def refuse() -> None:
        raise Refused

    def break_down() -> None:
        raise ZeroDivisionError

    jobs.run(owner, refuse, None, mine.append)
    with qtbot.waitSignals([jobs.failed, jobs.broke]):
        jobs.run(owner, refuse)
        jobs.run(owner, break_down)
    assert [type(error) for error in mine] == [Refused]
    jobs.stop()
    jobs.run(owner, refuse)
    assert jobs.idle
