"""账号 through its own doors: somebody joins, changes, forgets the password, leaves."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from stationdesk.accounts import change_due
from stationdesk.desk import Desk, log_in
from stationdesk.errors import Denied, PasswordDue, WrongPassword
from stationdesk.records.access import Role
from stationdesk.ui.accounts import AccountsSection, OneTimeDialog, RoleDialog
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from tests.stations import HEAD, PASSWORD, at_desk, founded, with_everyone

OWN = "另一句只有自己知道的话 77"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crowded") / "station"
    founded(folder)
    desk = at_desk(folder)
    with_everyone(desk)
    desk.close()
    return folder


@pytest.fixture
def head(crowded: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(crowded, tmp_path / "station")
    desk = at_desk(tmp_path / "station")
    yield desk
    desk.close()


@pytest.fixture
def section(head: Desk, jobs: Jobs, qtbot: QtBot) -> AccountsSection:
    found = AccountsSection(head, jobs, None)  # type: ignore[arg-type]
    qtbot.addWidget(found)
    head.watch(lambda _tables: jobs.run(found, lambda: None, lambda _none: found.reload()))
    found.show()
    found.reload()
    qtbot.waitUntil(lambda: jobs.idle)
    return found


def choose(section: AccountsSection, username: str, jobs: Jobs, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: jobs.idle)
    lines = {section.pane.model.line_at(row).username: row for row in range(section.pane.model.rowCount())}
    section.pane.table.selectRow(lines[username])
    assert section.current() is not None


def one_time(section: AccountsSection, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: section.findChild(OneTimeDialog) is not None)
    dialog = section.findChild(OneTimeDialog)
    assert dialog is not None
    password = dialog.password.text()
    dialog.accept()
    assert dialog.password.text() == ""
    return password


def test_somebody_joins_with_a_one_time_password(
    section: AccountsSection, head: Desk, jobs: Jobs, qtbot: QtBot
) -> None:
    section.add.click()
    qtbot.waitUntil(lambda: any(d.isVisible() for d in section.findChildren(FormDialog)))
    dialog = section.findChildren(FormDialog)[0]
    dialog._form.editor("staff_id").setCurrentIndex(0)
    dialog._form.editor("username").setText("有 空格")
    dialog.save()
    assert "中间不能有空格" in dialog._form._problems["username"].text()
    dialog._form.editor("username").setText("kadir")
    dialog._form.editor("role").set_value(Role.SOCIAL_WORKER)
    dialog.save()
    password = one_time(section, qtbot)
    data = head.data
    qtbot.waitUntil(lambda: jobs.idle)
    head.close()
    with pytest.raises(PasswordDue):
        log_in(data, "kadir", password, any_folder=True)
    change_due(data, "kadir", password, OWN)
    desk = log_in(data, "kadir", OWN, any_folder=True)
    assert desk.actor.role is Role.SOCIAL_WORKER
    desk.close()


def test_nothing_is_offered_for_ones_own_account(section: AccountsSection, jobs: Jobs, qtbot: QtBot) -> None:
    choose(section, HEAD, jobs, qtbot)
    offered: list[QPushButton] = [section.role, section.reset, section.switch, section.delete]
    assert not any(button.isEnabled() for button in offered)
    choose(section, "clerk", jobs, qtbot)
    assert all(button.isEnabled() for button in offered)


def test_a_role_is_changed(section: AccountsSection, head: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    choose(section, "counsellor", jobs, qtbot)
    section.role.click()
    dialog = section.findChild(RoleDialog)
    assert dialog is not None
    dialog.role.set_value(Role.CLERK)
    with qtbot.waitSignal(section.said):
        dialog._choose()
    qtbot.waitUntil(lambda: jobs.idle)
    data = head.data
    head.close()
    desk = log_in(data, "counsellor", PASSWORD, any_folder=True)
    assert desk.actor.role is Role.CLERK
    assert desk.opened.keys.restricted is None
    desk.close()


def test_a_forgotten_password_is_replaced(
    section: AccountsSection, head: Desk, jobs: Jobs, qtbot: QtBot, answers: list[Any]
) -> None:
    choose(section, "clerk", jobs, qtbot)
    answers.append("yes")
    section.reset.click()
    password = one_time(section, qtbot)
    qtbot.waitUntil(lambda: jobs.idle)
    data = head.data
    head.close()
    with pytest.raises(WrongPassword):
        log_in(data, "clerk", PASSWORD, any_folder=True)
    change_due(data, "clerk", password, OWN)
    log_in(data, "clerk", OWN, any_folder=True).close()


def test_an_account_is_switched_off_and_on(
    section: AccountsSection, head: Desk, jobs: Jobs, qtbot: QtBot, answers: list[Any]
) -> None:
    section.gone.setChecked(True)
    answers += ["yes", "yes"]
    for text in ("停用", "启用"):
        choose(section, "clerk", jobs, qtbot)
        assert section.switch.text() == text
        with qtbot.waitSignal(section.said):
            section.switch.click()
        qtbot.waitUntil(lambda: jobs.idle)
        if text == "停用":
            # Told apart from a wrong password, and only to whoever has the right one.
            with pytest.raises(Denied, match="Denied"):
                _log_in_beside(head.data, "clerk")


def _log_in_beside(data: Path, username: str) -> None:
    beside = data.parent / "beside"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(data, beside)
    log_in(beside, username, PASSWORD, any_folder=True).close()


def test_somebody_leaves_and_no_old_file_opens_for_them(
    section: AccountsSection, head: Desk, jobs: Jobs, qtbot: QtBot, answers: list[Any]
) -> None:
    data = head.data
    old_keys = (data / "station.keys").read_bytes()
    choose(section, "supervisor", jobs, qtbot)
    answers.append("yes")
    with qtbot.waitSignal(section.said):
        section.delete.click()
    qtbot.waitUntil(lambda: jobs.idle)
    assert head.staff.find()
    head.close()
    with pytest.raises(WrongPassword):
        log_in(data, "supervisor", PASSWORD, any_folder=True)
    log_in(data, "clerk", PASSWORD, any_folder=True).close()
    (data / "station.keys").write_bytes(old_keys)
    with pytest.raises(Exception, match="StorageTrouble"):
        log_in(data, "supervisor", PASSWORD, any_folder=True)


def test_somebody_becomes_head(section: AccountsSection, head: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    choose(section, "supervisor", jobs, qtbot)
    section.role.click()
    dialog = section.findChild(RoleDialog)
    assert dialog is not None
    with qtbot.waitSignal(section.said):
        dialog.role.set_value(Role.HEAD)
        dialog._choose()
    qtbot.waitUntil(lambda: jobs.idle)
    assert head.accounts.rows(head.accounts.find("supervisor"))[0].role is Role.HEAD
