"""A station brought back through the login page, by keys alone, also where the data should not lie."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.backups import back_up
from stationdesk.db import folder
from stationdesk.db.opening import DATABASE
from stationdesk.desk import Desk
from stationdesk.errors import Problem
from stationdesk.records.access import Role
from stationdesk.records.accounts import AccountRow, AccountState
from stationdesk.records.audit import Action
from stationdesk.ui.accounts import RoleDialog
from stationdesk.ui.backups import RestoreDialog
from stationdesk.ui.jobs import Jobs
from tests.stations import HEAD, PASSWORD, at_desk

SENTENCE = "数据文件夹在可移动磁盘上，容易丢失，拒绝使用。请改放到本机硬盘。"


@pytest.fixture
def dialog(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> RestoreDialog:
    """Over a station whose database is destroyed, with a backup chosen."""
    path = back_up(desk).path
    desk.close()
    (desk.data / DATABASE).write_bytes(b"\0" * 8192)
    found = RestoreDialog(desk.data, jobs, box)
    found.open()
    found.show_file(path)
    qtbot.waitUntil(lambda: jobs.idle)
    return found


def enter(dialog: RestoreDialog, username: str, password: str) -> None:
    dialog.username.setText(username)
    dialog.password.setText(password)
    QTest.keyClick(dialog.username, Qt.Key.Key_Return)
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)


def test_enter_restores_and_nothing_typed_is_no_attempt(
    dialog: RestoreDialog, desk: Desk, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stationdesk.ui.backups.QFileDialog", None)
    enter(dialog, "", "")
    assert dialog.problem.text() == "请填写用户名和口令。"
    with qtbot.waitSignal(dialog.restored):
        enter(dialog, HEAD, PASSWORD)
    at_desk(desk.data).close()


def test_a_head_may_restore_to_where_the_data_should_not_lie(
    dialog: RestoreDialog,
    desk: Desk,
    jobs: Jobs,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    answers: list[Any],
) -> None:
    monkeypatch.setattr(folder, "folder_problem", lambda _data: Problem("", SENTENCE))
    answers.append("")
    enter(dialog, HEAD, PASSWORD)
    qtbot.waitUntil(lambda: dialog.problem.text() == SENTENCE and jobs.idle)
    answers.append("yes")
    with qtbot.waitSignal(dialog.restored):
        enter(dialog, HEAD, PASSWORD)
    found = at_desk(desk.data)
    assert {Action.FOLDER, Action.RESTORE} <= {row.action for row in found.audit.rows(found.audit.find())}
    found.close()


def test_enter_saves_a_role(box: QWidget, qtbot: QtBot) -> None:
    line = AccountRow(
        id=1,
        username="a",
        name="古丽娜尔·买买提",
        role=Role.CLERK,
        state=AccountState.ACTIVE,
        last_login=None,
        password_since=None,
    )
    dialog = RoleDialog(line, box)
    dialog.open()
    chooser = dialog.role if isinstance(dialog.role, QComboBox) else dialog.role.findChild(QComboBox)
    with qtbot.waitSignal(dialog.chosen):
        QTest.keyClick(chooser, Qt.Key.Key_Return)
