"""What all tests share: no screen, no real folders, a station to work at."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from stationdesk import demonstration, paths
from stationdesk.demonstration import Demo
from stationdesk.desk import Desk
from stationdesk.log import logger
from stationdesk.records.access import Role
from tests.commands import UNTIL, Run
from tests.stations import at_desk, founded

# They watch the calls of a child process, which only Linux lets them.
collect_ignore_glob = [] if sys.platform == "linux" else ["*test_faults.py"]


_HOMES = count()


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, log and data of the person who runs the tests are never touched."""
    # Made only by who writes there: a folder for each of thousands of tests takes its time.
    home = tmp_path_factory.getbasetemp() / f"home-{next(_HOMES)}"
    for name, value in {
        "settings_file": home / "settings.json",
        "log_folder": home / "log",
        "default_data": home / "data",
        "demo_data": home / "demo",
    }.items():
        monkeypatch.setattr(paths, name, lambda value=value: value)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is such a place: disks are failed and cut off there by the hundred."""
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new station, made once."""
    folder = tmp_path_factory.mktemp("founded") / "station"
    founded(folder)
    return folder


@pytest.fixture
def desk(founded_once: Path, tmp_path: Path) -> Iterator[Desk]:
    """The head's desk at a station of its own, noon of 24 November 2026."""
    folder = tmp_path / "station"
    shutil.copytree(founded_once, folder)
    found = at_desk(folder)
    yield found
    found.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Runs commands whose own folders are the test's."""
    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "settings.json")
    monkeypatch.setattr(paths, "log_folder", lambda: tmp_path / "log")
    monkeypatch.setattr(paths, "default_data", lambda: tmp_path / "usual")
    monkeypatch.setattr(paths, "demo_data", lambda: tmp_path / "usual demo")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    yield Run(capsys, monkeypatch)
    # The log file of a test must not stay open after it.
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = True


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return demonstration.make(tmp_path_factory.mktemp("cli") / "demo", until=date.fromisoformat(UNTIL))


@pytest.fixture
def person(demo: Demo) -> Callable[..., dict[str, Any]]:
    """The words and the password that sit somebody down at the demonstration station."""

    def sits(role: Role = Role.HEAD) -> dict[str, Any]:
        user = next(user for user in demo.users if user.role is role)
        return {"words": ("--data", demo.data, "--user", user.name, "--password-stdin"), "typed": f"{user.password}\n"}

    return sits


@pytest.fixture
def real(tmp_path: Path) -> Path:
    founded(tmp_path / "real")
    return tmp_path / "real"
