"""A user's settings survive a round trip, and damage costs no more than the settings."""

import json
from pathlib import Path

import pytest

from stationdesk import settings
from stationdesk.settings import Settings


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.json"
    wanted = Settings(theme="dark", text_size=16, language="en", last_user="zhan", widths={"rooms": [120, 80]})
    settings.save(file, wanted)
    assert settings.load(file) == wanted


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path / "none.json") == Settings()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "null", '{"theme": "pink"}', '{"text_size": 400}', '{"widths": 3}', '{"theme": ["dark"]}'],
)
def test_damage_gives_the_defaults(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text, encoding="utf-8")
    assert settings.load(file) == Settings()


def test_a_setting_of_a_newer_program_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"theme": "dark", "sound": "loud"}), encoding="utf-8")
    assert settings.load(file) == Settings(theme="dark")


def test_bytes_that_are_no_text_give_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b"\xff\xfe\x00")
    assert settings.load(file) == Settings()


def test_a_folder_that_takes_no_files_is_no_error(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.touch()
    settings.save(blocker / "settings.json", Settings(theme="dark"))
    assert blocker.is_file()
