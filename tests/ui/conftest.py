"""A window to test in: jobs on a real thread, and the look of the program."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import stationdesk.ui
from stationdesk.ui import look
from stationdesk.ui.jobs import Jobs


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """The program's own style; put on once, and again where a test took it off."""
    look.add_fonts()
    look.add_more_fonts()
    if look.tokens() is not look.LIGHT or qapp.font().pixelSize() != 14 or not qapp.styleSheet():
        look.apply(qapp, "light", 14)


@pytest.fixture
def box(qtbot: QtBot) -> QWidget:
    """Something to put widgets into, which lives as long as the test."""
    found = QWidget()
    qtbot.addWidget(found)
    return found


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """A database thread; an error nobody takes fails the test."""
    found = Jobs()
    untaken: list[BaseException] = []
    found.failed.connect(untaken.append)
    found.broke.connect(untaken.append)
    yield found
    qtbot.waitUntil(lambda: found.idle)
    found.stop()
    assert untaken == []


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a person answers to the next questions, in order; an unexpected question fails."""
    waiting: list[Any] = []

    def answer(name: str) -> Callable[..., Any]:
        return lambda *_args, **_more: waiting.pop(0)

    for info in pkgutil.iter_modules(stationdesk.ui.__path__):
        module = importlib.import_module(f"stationdesk.ui.{info.name}")
        for name in ("ask", "ask_reason", "ask_number", "tell"):
            if name in vars(module):
                monkeypatch.setattr(module, name, answer(name))
    return waiting
