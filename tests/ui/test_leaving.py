"""Coming in by a side door and leaving the desk: what stays closed, what is kept, what is gone."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from stationdesk import accounts
from stationdesk import app as module
from stationdesk.app import App
from stationdesk.db import folder
from stationdesk.db.keyring import Keys
from stationdesk.db.station_file import OpenStation
from stationdesk.desk import _attempts, log_in
from stationdesk.errors import Problem
from stationdesk.records.access import Role
from stationdesk.records.accounts import NewAccount
from stationdesk.records.staff import Post, Tier
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.login import LoginPage
from stationdesk.ui.main_window import MainWindow
from stationdesk.ui.passwords import PasswordDialog
from tests.stations import HEAD, PASSWORD, at_desk, member, now

CANARY = "苏比努尔·热合曼江"
NEW = "另一句只有自己知道的话 77"


@pytest.fixture
def data(founded_once: Path, tmp_path: Path) -> Iterator[Path]:
    target = tmp_path / "station"
    shutil.copytree(founded_once, target)
    yield target
    _attempts.clear()


@pytest.fixture
def app(data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    def in_a_test_folder(place: Path, name: str, word: str, **more: Any) -> Any:
        return log_in(place, name, word, clock=now, **more)

    monkeypatch.setattr(module, "log_in", in_a_test_folder)
    found = App(data)
    found.start()
    yield found
    qtbot.waitUntil(lambda: found.jobs.idle)
    found.leave()
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()


def login_page(app: App) -> LoginPage:
    assert isinstance(app.window, LoginPage)
    return app.window


def type_in(app: App, username: str = HEAD, password: str = PASSWORD) -> LoginPage:
    page = login_page(app)
    page.username.setText(username)
    page.password.setText(password)
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    return page


def main_window(app: App, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(lambda: isinstance(app.window, MainWindow) and app.jobs.idle, timeout=10_000)
    assert isinstance(app.window, MainWindow)
    return app.window


def test_a_one_time_password_leads_to_ones_own_and_in(app: App, data: Path, qtbot: QtBot) -> None:
    desk = at_desk(data)
    person = desk.staff.save(member("马晓岚", Tier.SOCIAL_FORCE, Post.CLERK))
    one_time = accounts.add(desk, NewAccount(staff_id=person, username="ma", role=Role.CLERK))
    desk.close()
    page = type_in(app, "ma", one_time)
    qtbot.waitUntil(lambda: page.findChild(PasswordDialog) is not None)
    dialog = page.findChild(PasswordDialog)
    assert dialog is not None
    dialog.new.setText(NEW)
    dialog.again.setText(NEW)
    dialog.save()
    window = main_window(app, qtbot)
    assert window.desk.actor.username == "ma"


def test_five_wrong_passwords_make_the_button_count_down(app: App, qtbot: QtBot) -> None:
    page = login_page(app)
    for number in range(5):
        type_in(app, password=f"不是这个口令第{number}次")
        qtbot.waitUntil(lambda: app.jobs.idle)
    assert not page.button.isEnabled()
    assert page.button.text().startswith("请等")
    page.wait(1)
    page.wait(0)
    assert page.button.isEnabled()
    # The button is not the guard: the desk itself refuses.
    type_in(app)
    qtbot.waitUntil(lambda: "口令连续输错" in page._problem.text())


def test_enter_held_down_is_one_attempt(app: App, data: Path, qtbot: QtBot) -> None:
    page = type_in(app, password="不是这个口令")
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: app.jobs.idle)
    assert _attempts[data.absolute()].failures == 1


def test_a_head_may_leave_the_data_where_they_should_not_lie(
    app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answers: list[Any]
) -> None:
    sentence = "数据文件夹在可移动磁盘上，容易丢失，拒绝使用。请改放到本机硬盘。"
    monkeypatch.setattr(folder, "folder_problem", lambda _data: Problem("", sentence))
    answers.append("")
    page = type_in(app)
    qtbot.waitUntil(lambda: page._problem.text() == sentence)
    answers.append("yes")
    type_in(app)
    main_window(app, qtbot)
    assert answers == []
    app.lock()
    qtbot.waitUntil(lambda: app.jobs.idle)
    # Agreed to once, it is not asked again.
    type_in(app)
    main_window(app, qtbot)


def new_room(window: MainWindow, qtbot: QtBot) -> Any:
    window.go("settings", "rooms")
    window.page.open_section("rooms").new()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: any(form.isVisible() for form in window.findChildren(FormDialog)))
    return next(form for form in window.findChildren(FormDialog) if form.isVisible())


def test_locking_over_an_open_form_keeps_it_and_gives_it_back(app: App, qtbot: QtBot) -> None:
    type_in(app)
    window = main_window(app, qtbot)
    form = new_room(window, qtbot)
    form._form.editor("name").setText(CANARY)
    window.sitting.left.emit()
    qtbot.waitUntil(lambda: isinstance(app.window, LoginPage) and app.jobs.idle)
    visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert visible == [app.window]
    type_in(app)
    window = main_window(app, qtbot)
    qtbot.waitUntil(lambda: "1份表单" in window.banners.text("drafts"))
    window.reopen(window.desk.drafts.mine()[0])
    qtbot.waitUntil(lambda: any(form.isVisible() for form in window.findChildren(FormDialog)))
    again: Any = next(form for form in window.findChildren(FormDialog) if form.isVisible())
    assert again._form.editor("name").text() == CANARY


def texts_of_all_widgets() -> str:
    found = []
    for widget in QApplication.allWidgets():
        found.append(widget.windowTitle())
        if isinstance(widget, (QLabel, QLineEdit)):
            found.append(widget.text())
        if isinstance(widget, QPlainTextEdit):
            found.append(widget.toPlainText())
    return "\n".join(found)


def test_after_locking_nothing_of_the_station_is_left(app: App, qtbot: QtBot) -> None:
    type_in(app)
    window = main_window(app, qtbot)
    for name in ("bookings", "summary", "settings", "home"):
        window.go(name)
        qtbot.waitUntil(lambda: app.jobs.idle)
    new_room(window, qtbot)._form.editor("name").setText(CANARY)
    assert "甲区乙街道" in texts_of_all_widgets()
    QApplication.clipboard().setText("某某的电话")
    del window
    app.lock()
    qtbot.waitUntil(lambda: isinstance(app.window, LoginPage) and app.jobs.idle)
    QApplication.sendPostedEvents(None, 52)  # deferred deletes, which come with the next round anyway
    qtbot.wait(50)
    gc.collect()
    assert "甲区" not in texts_of_all_widgets()
    assert CANARY not in texts_of_all_widgets()
    assert QApplication.clipboard().text() == ""
    kept = [thing for thing in gc.get_objects() if isinstance(thing, (OpenStation, Keys)) and _is_of(thing, app.data)]
    assert kept == []


def _is_of(thing: OpenStation | Keys, data: Path) -> bool:
    return isinstance(thing, Keys) or thing.data == data


def test_what_another_program_copied_is_left_alone(app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(app)
    main_window(app, qtbot)
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    QApplication.clipboard().setText("别处复制的")
    app.lock()
    assert QApplication.clipboard().text() == "别处复制的"


def test_closing_the_program_keeps_what_is_half_typed(app: App, data: Path, qtbot: QtBot) -> None:
    type_in(app)
    window = main_window(app, qtbot)
    new_room(window, qtbot)._form.editor("name").setText("陶艺室")
    app.leave()
    desk = at_desk(data)
    assert [draft.state["name"] for draft in desk.drafts.mine()] == [["陶艺室"]]
    desk.close()
    assert isinstance(app.window, QWidget)


def test_an_error_nobody_expected_shows_a_code_and_nothing_of_the_records(
    app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stationdesk.ui.dialogs import TroubleDialog

    def broken(*_words: Any, **_more: Any) -> Any:
        raise KeyError(CANARY)

    monkeypatch.setattr(module, "log_in", broken)
    page = type_in(app)
    qtbot.waitUntil(lambda: page.findChild(TroubleDialog) is not None)
    dialog = page.findChild(TroubleDialog)
    assert dialog is not None
    assert "KeyError" in dialog._report.toPlainText()
    assert CANARY not in dialog._report.toPlainText()
    assert page.button.isEnabled()
