"""Where things lie: the program's own files, and each user's data, settings and cache."""

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
