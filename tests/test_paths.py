"""Files are replaced whole or not at all, and each kind of file has its own folder."""

import importlib.util
from pathlib import Path

import pytest

from stationdesk import paths


def test_resources_are_found() -> None:
    assert paths.resource("codes", "holidays.csv").is_file()


@pytest.fixture
def places() -> dict[str, Path]:
    """The true folders: every test has others in their place."""
    spec = importlib.util.spec_from_file_location("true_paths", str(paths.__file__))
    assert spec is not None
    assert spec.loader is not None
    true = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(true)
    names = ("settings_file", "log_folder", "cache_folder", "default_data", "demo_data")
    return {name: getattr(true, name)() for name in names}


def test_the_demonstration_never_lies_in_the_real_stations_folder(places: dict[str, Path]) -> None:
    real, demo = places["default_data"], places["demo_data"]
    assert real != demo
    assert real not in demo.parents
    assert demo not in real.parents


def test_each_kind_of_file_has_its_place(places: dict[str, Path]) -> None:
    assert len(set(places.values())) == len(places)
    assert all(place.is_absolute() and "stationdesk" in str(place) for place in places.values())


def test_a_file_is_replaced_and_nothing_is_left_beside(tmp_path: Path) -> None:
    file = tmp_path / "设置 1.json"
    paths.replace_file(file, b"old")
    paths.replace_file(file, b"new" * 100_000)
    assert file.read_bytes() == b"new" * 100_000
    assert list(tmp_path.iterdir()) == [file]


def test_a_crash_before_the_rename_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    paths.replace_file(file, b"old")

    def crash(source: Path, target: Path) -> None:
        raise OSError("cut off")

    monkeypatch.setattr(paths, "rename", crash)
    with pytest.raises(OSError, match="cut off"):
        paths.replace_file(file, b"new")
    assert file.read_bytes() == b"old"


def test_a_file_held_by_another_program_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "a.partial", tmp_path / "a"
    source.write_bytes(b"x")
    held = iter([True, True, False])
    waits: list[float] = []
    replace = Path.replace

    def busy(self: Path, other: Path) -> Path:
        if next(held):
            raise PermissionError
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr("stationdesk.paths.time.sleep", waits.append)
    paths.rename(source, target)
    assert target.read_bytes() == b"x"
    assert len(waits) == 2


def test_a_file_held_for_good_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(self: Path, other: Path) -> Path:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr("stationdesk.paths.time.sleep", lambda _seconds: None)
    with pytest.raises(PermissionError):
        paths.rename(tmp_path / "a", tmp_path / "b")


def test_what_is_on_the_disk_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _self: b"other")
    with pytest.raises(OSError, match="was not written"):
        paths.replace_file(tmp_path / "a", b"data")
