"""Small questions and messages, with our own words on the buttons."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk import __version__
from stationdesk.i18n import _
from stationdesk.log import report_code, report_text


def ask(parent: QWidget, title: str, text: str, choices: Mapping[str, str]) -> str:
    """Ask; `choices` are answers to button texts, the last one is also Esc."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    buttons: dict[Any, str] = {}
    for answer, label in choices.items():
        button = box.addButton(label, QMessageBox.ButtonRole.AcceptRole)
        buttons[button] = answer
        box.setEscapeButton(button)
    box.exec()
    return buttons.get(box.clickedButton(), list(choices)[-1])


def tell(parent: QWidget, title: str, text: str) -> None:
    """Say something that must be read."""
    ask(parent, title, text, {"ok": _("知道了")})


def dialog_button(text: str, do: Callable[[], object], *, main: bool = False) -> QPushButton:
    """A button of a dialog; Enter presses none but the main one."""
    button = QPushButton(text)
    button.setAutoDefault(main)
    if main:
        button.setObjectName("main")
    button.clicked.connect(lambda _on=False: do())
    return button


def end_of(dialog: QDialog, column: QVBoxLayout, go: str, do: Callable[[], object]) -> tuple[QLabel, QPushButton]:
    """The end of a dialog that asks for something: the line for what is wrong, then the way out and the
    way on. Returns that line and the button of the way on; Enter in a field presses neither."""
    problem = QLabel()
    problem.setObjectName("problem")
    problem.setWordWrap(True)
    column.addWidget(problem)
    cancel, onward = QPushButton(_("取消")), QPushButton(go)
    cancel.clicked.connect(dialog.reject)
    onward.setObjectName("main")
    onward.clicked.connect(lambda _on=False: do())
    row = QHBoxLayout()
    row.addStretch(1)
    for button in (cancel, onward):
        button.setAutoDefault(False)
        row.addWidget(button)
    column.addLayout(row)
    return problem, onward


def ask_reason(parent: QWidget, title: str, label: str) -> str | None:
    """Ask for a reason; None when the person thought better of it."""
    text, given = QInputDialog.getText(parent, title, label)
    return text.strip() if given else None


def ask_number(parent: QWidget, title: str, label: str, value: int, low: int, high: int) -> int | None:
    """Ask for a whole number; None when the person thought better of it."""
    number, given = QInputDialog.getInt(parent, title, label, value, low, high)
    return number if given else None


class TroubleDialog(QDialog):
    """An unexpected error: a code, and a report that can be copied and holds nothing of the records."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("出了意外"))
        layout = QVBoxLayout(self)
        text = _("程序遇到没有料到的问题（编号{code}），刚才这一步可能没有完成，其他内容不受影响。")
        said = QLabel(text.format(code=report_code(error)))
        said.setWordWrap(True)
        layout.addWidget(said)
        layout.addWidget(QLabel(_("可以把下面的内容复制给技术支持，其中没有档案内容：")))
        self._report = QPlainTextEdit(report_text(error, __version__))
        self._report.setReadOnly(True)
        layout.addWidget(self._report)
        buttons = QDialogButtonBox(self)
        copy = QPushButton(_("复制"))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self._report.toPlainText()))
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(_("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        layout.addWidget(buttons)
        self.resize(self.fontMetrics().horizontalAdvance("x") * 80, self.fontMetrics().lineSpacing() * 20)
