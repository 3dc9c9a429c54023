"""Where things lie: the program's own files, each user's data; and how a file is replaced."""

import os
import time
from pathlib import Path

import platformdirs

_APP = "stationdesk"


def resource(*parts: str) -> Path:
    """A file or folder under `resources/`, in a checkout as in an installed package."""
    package = Path(__file__).resolve().parent
    beside = package.parent / "resources"
    root = beside if beside.is_dir() else package / "resources"
    return root.joinpath(*parts)


def default_data() -> Path:
    """The folder of the real station's files on this PC."""
    return Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "station"


def demo_data() -> Path:
    """The folder of the demonstration station: never the one of the real station."""
    return Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "demo"


def settings_file() -> Path:
    """This user's own settings (look, widths): nothing personal in it."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False)) / "settings.json"


def log_folder() -> Path:
    """The folder of the program's log files."""
    return Path(platformdirs.user_log_dir(_APP, appauthor=False))


def cache_folder() -> Path:
    """A folder whose content may be deleted at any time (the unpacked rare-character font)."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def replace_file(path: Path, data: bytes) -> None:
    """Write `path` so that a crash leaves the old content or the new, never a part.

    Waits a moment when another program (antivirus, WPS) holds the file; raises `OSError`.
    """
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    if partial.read_bytes() != data:
        raise OSError(f"{path.name} was not written as it should be")
    rename(partial, path)


def rename(source: Path, target: Path) -> None:
    """Move `source` over `target` in the same folder, for good: the folder is synced too."""
    for attempt in range(20):
        try:
            source.replace(target)
            break
        except PermissionError:
            if attempt == 19:
                raise
            time.sleep(0.1)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; Windows has no such call and does it by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
