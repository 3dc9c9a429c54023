"""忘了口令: the head's new password, by the printed recovery key."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from stationdesk.accounts import recover
from stationdesk.errors import DeskError, TooSoon, WrongPassword
from stationdesk.i18n import _
from stationdesk.ui.dialogs import end_of
from stationdesk.ui.jobs import Jobs


class RecoveryDialog(QDialog):
    """Asks for the recovery key and a new password; `recovered` is sent with the user name."""

    recovered = Signal(str)

    def __init__(self, data: Path, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("忘了口令"))
        self._data, self._jobs = data, jobs
        column = QVBoxLayout(self)
        said = QLabel(_("站长凭建站时打印的恢复密钥重设口令；其他人请站长重设。恢复密钥以后继续有效。"))
        said.setWordWrap(True)
        column.addWidget(said)
        form = QFormLayout()
        self.key, self.password, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        for line, label in ((self.key, _("恢复密钥")), (self.password, _("新口令")), (self.again, _("再输一遍新口令"))):
            line.setAccessibleName(label)
            line.returnPressed.connect(self.focusNextChild)
            form.addRow(label, line)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.again.setEchoMode(QLineEdit.EchoMode.Password)
        column.addLayout(form)
        self.problem, self.go = end_of(self, column, _("重设口令"), self.reset)
        self.resize(self.fontMetrics().horizontalAdvance("国") * 40, self.sizeHint().height())

    def reset(self) -> None:
        """Check what was typed, then set the new password."""
        if self.password.text() != self.again.text():
            self.problem.setText(_("两次输入的口令不一样，请重新输入。"))
            return
        key, password = self.key.text(), self.password.text()
        self.go.setEnabled(False)
        self._jobs.run(self, lambda: recover(self._data, key, password), self._done, self._failed)

    def _done(self, username: str) -> None:
        self.recovered.emit(username)
        self.accept()

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        wrong = isinstance(error, WrongPassword) and not isinstance(error, TooSoon)
        self.problem.setText(_("这个恢复密钥打不开本站的数据，请核对是不是本站的。") if wrong else error.say())
