"""What all tests share: no screen, no real folders, a station to work at."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from stationdesk import paths
from stationdesk.desk import Desk
from tests.stations import at_desk, founded

# They watch the calls of a child process, which only Linux lets them.
collect_ignore_glob = [] if sys.platform == "linux" else ["*test_faults.py"]


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, log and data of the person who runs the tests are never touched."""
    home = tmp_path_factory.mktemp("home")
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
