"""The whole window: login, pages, lock, refusals, finder, help."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from stationdesk import app as module
from stationdesk import desk as desks
from stationdesk import paths, settings
from stationdesk.app import App
from stationdesk.db import keyring
from stationdesk.desk import is_open_elsewhere, log_in, set_up
from stationdesk.errors import Problem, StorageTrouble, WrongPassword
from stationdesk.records.waiting import Attempts
from stationdesk.ui.finder import Finder
from stationdesk.ui.help import HelpWindow
from stationdesk.ui.login import LoginPage, RefusalPage
from stationdesk.ui.main_window import MainWindow
from stationdesk.ui.recovery import RecoveryDialog
from stationdesk.ui.wizard import Wizard
from tests.stations import HEAD, PASSWORD, new_station, now, prepared


@pytest.fixture
def data(founded_once: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "station"
    shutil.copytree(founded_once, folder)
    return folder


@pytest.fixture
def app(data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setattr(
        module, "log_in", lambda folder, name, word, **_more: log_in(folder, name, word, clock=now, any_folder=True)
    )
    found = App(data)
    found.start()
    yield found
    qtbot.waitUntil(lambda: found.jobs.idle)
    found.leave()
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()


def enter(app: App, qtbot: QtBot, password: str = PASSWORD) -> MainWindow:
    page = app.window
    assert isinstance(page, LoginPage)
    page.username.setText(HEAD)
    page.password.setText(password)
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(app.window, MainWindow))
    qtbot.waitUntil(lambda: app.jobs.idle)
    window = app.window
    assert isinstance(window, MainWindow)
    return window


def test_wrong_password_then_right(app: App, qtbot: QtBot) -> None:
    page = app.window
    assert isinstance(page, LoginPage)
    page.username.setText(HEAD)
    page.password.setText("不是这个口令")
    page.button.click()
    qtbot.waitUntil(lambda: page._problem.text() == "用户名或口令错误。")
    assert page.password.text() == "不是这个口令"
    enter(app, qtbot)
    assert app.settings.last_user == HEAD


def test_every_page_opens_by_key_and_has_help(app: App, qtbot: QtBot) -> None:
    window = enter(app, qtbot)
    for number, entry in enumerate(module.entries(), start=1):
        for item in window.actions():
            if item.shortcut().toString() == f"Ctrl+{number}":
                item.trigger()
        qtbot.waitUntil(lambda: app.jobs.idle)
        assert window.page.name == entry.name
    for row in range(window.page.sections.count()):  # type: ignore[attr-defined]
        window.page.sections.setCurrentRow(row)  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: app.jobs.idle)
    window.help()
    shown = window.findChild(HelpWindow)
    assert shown is not None
    assert "设置" in shown._browser.toPlainText()


def test_finder_goes_to_pages_and_bookings(app: App, qtbot: QtBot) -> None:
    window = enter(app, qtbot)
    window.search()
    finder = window.findChild(Finder)
    assert finder is not None
    finder.line.setText("月报")
    qtbot.waitUntil(lambda: finder.results.count() == 1)
    QTest.keyClick(finder, Qt.Key.Key_Return)
    assert window.page.name == "summary"
    qtbot.waitUntil(lambda: app.jobs.idle)


def test_lock_closes_the_desk_and_shows_nothing_of_the_station(app: App, qtbot: QtBot) -> None:
    window = enter(app, qtbot)
    QApplication.clipboard().setText("某某的电话")
    HelpWindow("home", window).show()
    window.locked.emit()
    qtbot.waitUntil(lambda: isinstance(app.window, LoginPage) and app.jobs.idle)
    assert app.window is not None
    assert app.window.windowTitle() == "未保工作站"
    assert QApplication.clipboard().text() == ""
    visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert visible == [app.window]
    enter(app, qtbot)


def test_text_size_grows_and_stays(app: App, qtbot: QtBot) -> None:
    window = enter(app, qtbot)
    window.resized_text.emit(1)
    assert settings.load(paths.settings_file()).text_size == 16
    window.resized_text.emit(1)
    assert settings.load(paths.settings_file()).text_size == 16


def test_a_missing_database_is_refused_with_its_sentence(data: Path, qtbot: QtBot) -> None:
    (data / "station.db").unlink()
    app = App(data)
    app.start()
    assert isinstance(app.window, RefusalPage)
    assert sorted(path.name for path in data.iterdir() if path.suffix == ".db") == []
    app.leave()
    app.window.close()


def test_a_folder_that_cannot_be_read_is_told_each_time_one_looks(
    data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(_data: Path) -> None:
        raise StorageTrouble(Problem("", "读不出来。"))

    monkeypatch.setattr(module, "look_at", unread)
    app = App(data)
    for _ in range(2):
        app.start()
        page = app.window
        assert isinstance(page, RefusalPage)
        assert "读不出来。" in [label.text() for label in page.findChildren(QLabel)]
    monkeypatch.undo()
    assert isinstance(app.window, RefusalPage)
    app.window.again.emit()
    assert isinstance(app.window, LoginPage)
    app.leave()
    app.window.close()


def test_the_recovery_key_gives_a_new_password(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = prepared()
    set_up(tmp_path / "station", keys, new_station(), any_folder=True).close()
    app = App(tmp_path / "station")
    app.start()
    page = app.window
    assert isinstance(page, LoginPage)
    page.forgot.emit()
    dialog = page.findChild(RecoveryDialog)
    assert dialog is not None
    for key, password, said in (
        ("AAAAA", "一句新的很长很长很长的口令", "恢复密钥不对"),
        (keyring.new_recovery_key(), "一句新的很长很长很长的口令", "打不开本站的数据"),
        (keys.recovery_key, "短", "至少12个字"),
    ):
        dialog.key.setText(key)
        dialog.password.setText(password)
        dialog.again.setText(password)
        dialog.problem.clear()
        dialog.reset()
        qtbot.waitUntil(lambda said=said: said in dialog.problem.text())  # type: ignore[misc]
    # What forgets its password has tried some: the wait is told, and no doubt is cast on the key.
    monkeypatch.setitem(desks._attempts, (tmp_path / "station").absolute(), Attempts(5, monotonic()))
    page.wait(60)
    dialog.key.setText(keys.recovery_key.lower())
    dialog.password.setText("一句新的很长很长很长的口令")
    dialog.again.setText("一句新的很长很长很长的口令")
    dialog.reset()
    qtbot.waitUntil(lambda: "请等" in dialog.problem.text())
    desks._attempts.clear()
    dialog.key.setText(keys.recovery_key.lower())
    dialog.password.setText("一句新的很长很长很长的口令")
    dialog.again.setText("一句新的很长很长很长的口令")
    with qtbot.waitSignal(dialog.recovered):
        dialog.reset()
    assert page.username.text() == HEAD
    assert page.button.isEnabled()
    log_in(tmp_path / "station", HEAD, "一句新的很长很长很长的口令", any_folder=True).close()
    with pytest.raises(WrongPassword):
        log_in(tmp_path / "station", HEAD, PASSWORD, any_folder=True)
    app.leave()
    page.close()


def test_a_second_start_says_so_and_ends(
    data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "BUSY_MS", 20)
    desk = log_in(data, HEAD, PASSWORD, any_folder=True)
    assert module.run(data) == 3
    assert "程序已在本机打开。" in capfd.readouterr().err
    desk.close()
    assert not is_open_elsewhere(data)


def test_an_empty_folder_starts_the_wizard(tmp_path: Path, qtbot: QtBot) -> None:
    app = App(tmp_path / "nothing")
    app.start()
    assert isinstance(app.window, Wizard)
    app.leave()
    app.window.close()
    assert not (tmp_path / "nothing").exists()
