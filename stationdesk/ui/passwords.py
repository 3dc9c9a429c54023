"""A new password of one's own: when one wants it, and when a one-time one has to be changed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from stationdesk.accounts import change_due, change_own
from stationdesk.desk import Desk
from stationdesk.errors import DeskError, TooSoon, WrongPassword
from stationdesk.i18n import N_, _
from stationdesk.ui.dialogs import end_of
from stationdesk.ui.jobs import Jobs

_RULES = N_("口令至少12个字，汉字、字母、数字、空格都可以，一句话最好记。不要写在纸上贴在电脑旁。")


class PasswordDialog(QDialog):
    """Old password, new one twice. `change` does it on the database thread; `changed` is sent after."""

    changed = Signal(str)

    def __init__(self, said: str, old: str, change: Callable[[str, str], None], jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("修改口令"))
        self._change, self._jobs = change, jobs
        column = QVBoxLayout(self)
        for text in filter(None, (said, _(_RULES))):
            line_of_text = QLabel(text)
            line_of_text.setWordWrap(True)
            column.addWidget(line_of_text)
        form = QFormLayout()
        self.old, self.new, self.again = QLineEdit(old), QLineEdit(), QLineEdit()
        named = ((self.old, _("现在的口令")), (self.new, _("新口令")), (self.again, _("再输一遍新口令")))
        for line, label in named:
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setAccessibleName(label)
            form.addRow(label, line)
        self.old.returnPressed.connect(self.new.setFocus)
        self.new.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.save)
        column.addLayout(form)
        self.problem, self.go = end_of(self, column, _("修改口令"), self.save)
        self.resize(self.fontMetrics().horizontalAdvance("国") * 36, self.sizeHint().height())
        (self.new if old else self.old).setFocus()

    def save(self) -> None:
        """Check what was typed, then change it."""
        if not self.go.isEnabled():
            return
        old, new = self.old.text(), self.new.text()
        if not old or not new:
            self.problem.setText(_("请填写现在的口令和新口令。"))
        elif new != self.again.text():
            self.problem.setText(_("两次输入的口令不一样，请重新输入。"))
        else:
            self.go.setEnabled(False)
            self._jobs.run(self, lambda: self._change(old, new), lambda _none: self._done(new), self._failed)

    def _done(self, new: str) -> None:
        self.accept()
        self.changed.emit(new)

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        wrong = isinstance(error, WrongPassword) and not isinstance(error, TooSoon)
        self.problem.setText(_("现在的口令不对，请重新输入。") if wrong else error.say())

    def done(self, result: int) -> None:
        """However it ends, no password stays in the fields."""
        super().done(result)
        for line in (self.old, self.new, self.again):
            line.clear()


def own_password(desk: Desk, jobs: Jobs, parent: QWidget) -> PasswordDialog:
    """The dialog of whoever is at the desk."""
    return PasswordDialog("", "", lambda old, new: change_own(desk, old, new), jobs, parent)


def due_password(data: Path, username: str, old: str, jobs: Jobs, parent: QWidget) -> PasswordDialog:
    """The dialog that a one-time password leads to."""
    said = _("您用的是一次性口令。请改成只有自己知道的口令，改好后就能登录。")
    return PasswordDialog(said, old, lambda typed, new: change_due(data, username, typed, new), jobs, parent)
