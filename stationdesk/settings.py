"""This user's own settings: how the program looks; nothing personal and nothing of the station."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from stationdesk.paths import replace_file

THEMES = ("system", "light", "dark")
TEXT_SIZES = (13, 14, 16)


@dataclass(frozen=True, slots=True)
class Settings:
    """Theme, text size in px, language, last user name, the widths of each list's columns, and sets of
    filters by name (codes and ids, nothing of a child)."""

    theme: str = "system"
    text_size: int = 14
    language: str = "zh_CN"
    last_user: str = ""
    widths: Mapping[str, list[int]] = field(default_factory=dict)
    filters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def load(path: Path) -> Settings:
    """The settings in the file; a missing or damaged one gives the defaults."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        found = json.loads(path.read_text(encoding="utf-8"))
        known = {item.name for item in fields(Settings)}
        settings = Settings(**{name: value for name, value in found.items() if name in known})
        if settings.theme in THEMES and settings.text_size in TEXT_SIZES and isinstance(settings.widths, dict):
            return settings
    return Settings()


def save(path: Path, settings: Settings) -> None:
    """Write the settings; a folder that takes no files is no reason to stop working."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, json.dumps(asdict(settings), ensure_ascii=False, indent=1).encode())
