"""The house rules that can be read off the code: imports, sizes, names, doors with rights."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import stationdesk.db
import stationdesk.ui
from stationdesk.db.stores import Store
from stationdesk.records.access import Right
from stationdesk.ui.actions import Declared, declared
from stationdesk.ui.page import Page

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(p for p in (ROOT / "stationdesk").rglob("*.py") if "versions" not in p.parts)
# Screens with a step or a view after the other, which share their widgets.
LONG_CLASSES = {"BookingsPage", "Canvas", "Wizard"}
BANNED = {"utils", "helpers", "common", "misc", "util", "helper"}


def test_import_rules() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes_and_habits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 500
    assert path.stem not in BANNED
    assert ast.get_docstring(tree), "every module says what it is"
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 50, node.name
        elif isinstance(node, ast.ClassDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < (360 if node.name in LONG_CLASSES else 250), node.name
        elif isinstance(node, ast.ImportFrom):
            assert all(name.name != "*" for name in node.names)
        elif isinstance(node, ast.Call) and path.name != "cli.py":
            assert not (isinstance(node.func, ast.Name) and node.func.id == "print")


def screens() -> dict[str, set[str]]:
    """Which modules of `ui` hold pages, and what they import of `ui`."""
    found = {}
    for path in (ROOT / "stationdesk" / "ui").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            node.module.rpartition(".")[2]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stationdesk.ui.")
        }
        found[path.stem] = imported
    return found


PAGES = {"home", "bookings", "summary", "settings_page"}


def test_screens_do_not_import_each_other() -> None:
    for name, imported in screens().items():
        assert not (imported & PAGES) - {name}, name


def stores() -> Iterator[type[Store]]:
    for info in pkgutil.iter_modules(stationdesk.db.__path__):
        if info.name == "migrations":
            continue
        module = importlib.import_module(f"stationdesk.db.{info.name}")
        for _name, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, Store) and cls is not Store and cls.__module__ == module.__name__:
                yield cls


def test_every_door_names_its_right() -> None:
    found = 0
    for cls in stores():
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if not name.startswith("_"):
                assert isinstance(getattr(method, "right", None), Right), f"{cls.__name__}.{name}"
                found += 1
    assert found > 40


def pages() -> Iterator[type[Page]]:
    for info in pkgutil.iter_modules(stationdesk.ui.__path__):
        module = importlib.import_module(f"stationdesk.ui.{info.name}")
        for _name, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, Page) and cls.name and cls.__module__ == module.__name__:
                yield cls


WINDOW_KEYS = {"Ctrl+K", "F1", "Ctrl+L", "Ctrl+=", "Ctrl++", "Ctrl+-", *(f"Ctrl+{n}" for n in range(1, 10))}


def test_actions_have_texts_and_keys_of_their_own() -> None:
    seen = 0
    for page in pages():
        found: list[Declared] = [what for _name, what in declared(page)]
        keys = [what.shortcut for what in found if what.shortcut]
        assert len(keys) == len(set(keys)), page.__name__
        assert not set(keys) & WINDOW_KEYS, page.__name__
        assert all(what.text for what in found)
        seen += len(found)
    assert seen > 15


def test_every_page_has_its_help() -> None:
    for page in pages():
        text = (ROOT / "resources" / "help" / f"{page.name}.md").read_text(encoding="utf-8")
        assert len(text) > 300, page.name


def test_icons_named_are_there() -> None:
    for page in pages():
        wanted = [page.picture, *(what.icon for _name, what in declared(page) if what.icon)]
        for name in wanted:
            assert (ROOT / "resources" / "icons" / f"{name}.svg").exists(), name
