"""The Qt binding in the lock must not eat Python's None.

PySide6 6.12.0 does on Python 3.11: each call that returns nothing takes a reference of None away, and
after some thousand calls the interpreter aborts ("deallocating None"). Python 3.12 does not count
references of None, so only the oldest Python shows it.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

CALLS = 400


@pytest.mark.parametrize("name", ["update", "hide", "adjustSize"])
def test_a_call_that_returns_nothing_costs_no_reference_of_none(name: str, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    call: Callable[[], None] = getattr(widget, name)
    call()
    before = sys.getrefcount(None)
    for _number in range(CALLS):
        call()
    assert abs(sys.getrefcount(None) - before) < CALLS // 4
