"""The small parts that dialogs share."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from stationdesk.ui.dialogs import dialog_button


def test_enter_presses_the_main_button_only(qtbot: QtBot) -> None:
    pressed: list[str] = []
    dialog = QDialog()
    qtbot.addWidget(dialog)
    column, line = QVBoxLayout(dialog), QLineEdit()
    column.addWidget(line)
    column.addWidget(dialog_button("其他", lambda: pressed.append("other")))
    column.addWidget(dialog_button("导入", lambda: pressed.append("main"), main=True))
    dialog.show()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert pressed == ["main"]


def test_without_a_main_button_enter_presses_none(qtbot: QtBot) -> None:
    pressed: list[str] = []
    dialog = QDialog()
    qtbot.addWidget(dialog)
    column, line = QVBoxLayout(dialog), QLineEdit()
    column.addWidget(line)
    column.addWidget(dialog_button("删除", lambda: pressed.append("other")))
    dialog.show()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert pressed == []
