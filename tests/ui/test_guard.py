"""The desk is locked when nobody sits at it: by two clocks, and by what the system tells."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.ui.guard import Guard


class Clocks:
    """Two clocks that are set by hand."""

    steady = 1000.0
    wall = 50_000.0

    def pass_by(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def guard(clocks: Clocks, box: QWidget) -> Iterator[Guard]:
    found = Guard(5, box, steady=lambda: clocks.steady, wall=lambda: clocks.wall)
    yield found
    found.stop()


def left(guard: Guard) -> list[bool]:
    found: list[bool] = []
    guard.left.connect(lambda: found.append(True))
    return found


def idle(guard: Guard, clocks: Clocks, seconds: int) -> None:
    for _tick in range(seconds // 5):
        clocks.pass_by(5)
        guard.tick()


def test_five_minutes_without_a_key_lock(guard: Guard, clocks: Clocks) -> None:
    told = left(guard)
    idle(guard, clocks, 295)
    assert not told
    idle(guard, clocks, 5)
    assert told == [True]


def test_a_key_and_a_mouse_begin_the_time_anew(guard: Guard, clocks: Clocks, qtbot: QtBot, box: QWidget) -> None:
    told = left(guard)
    line = QLineEdit(box)
    box.show()
    idle(guard, clocks, 250)
    QTest.keyClick(line, Qt.Key.Key_A)
    idle(guard, clocks, 250)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    idle(guard, clocks, 250)
    assert not told


@pytest.mark.parametrize("seconds", [90, -90, 5 * 365 * 86400, -5 * 365 * 86400])
def test_a_clock_that_jumps_locks(guard: Guard, clocks: Clocks, seconds: float) -> None:
    told = left(guard)
    clocks.pass_by(5)
    clocks.wall += seconds
    guard.tick()
    assert told == [True]


def test_a_pc_that_slept_locks(guard: Guard, clocks: Clocks) -> None:
    told = left(guard)
    # Some systems' steady clock goes on in sleep, then both have run on together.
    clocks.pass_by(3600)
    guard.tick()
    assert told == [True]


def test_what_the_system_tells_locks_at_once(guard: Guard) -> None:
    told = left(guard)
    guard.slept(False)
    assert not told
    guard.slept(True)
    assert told == [True]


def test_ctrl_l_locks_also_while_a_dialog_lies_over_the_window(guard: Guard, qtbot: QtBot, box: QWidget) -> None:
    told = left(guard)
    over = QDialog(box)
    line = QLineEdit(over)
    over.open()
    QTest.keyClick(line, Qt.Key.Key_L)
    assert not told
    QTest.keyClick(line, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: told == [True])
