"""A second start finds the first, and only the one of the same data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from stationdesk.desk import hold_window
from stationdesk.errors import AlreadyOpen
from stationdesk.ui.single import Doorbell

_SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from stationdesk.ui.single import bring_forward
app = QCoreApplication([])
sys.exit(0 if bring_forward(Path(sys.argv[1])) else 1)
"""


def second_start(data: Path, qtbot: QtBot) -> int:
    process = subprocess.Popen([sys.executable, "-c", _SECOND, str(data)], env={**os.environ, "PYTHONPATH": "."})
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    return process.wait()


def test_the_first_window_is_rung_for(tmp_path: Path, qtbot: QtBot) -> None:
    rings: list[bool] = []
    owner = QObject()
    bell = Doorbell(tmp_path, lambda: rings.append(True), owner)
    assert second_start(tmp_path, qtbot) == 0
    assert rings == [True]
    assert second_start(tmp_path / "another", qtbot) == 1
    bell.close()
    assert second_start(tmp_path, qtbot) == 1


def test_one_window_holds_its_data(tmp_path: Path) -> None:
    first = hold_window(tmp_path / "a")
    assert first is not None
    with pytest.raises(AlreadyOpen):
        hold_window(tmp_path / "a")
    other = hold_window(tmp_path / "b")
    assert other is not None
    other.release()
    first.release()
    again = hold_window(tmp_path / "a")
    assert again is not None
    again.release()
