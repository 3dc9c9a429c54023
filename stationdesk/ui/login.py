"""The login page: the first thing seen, so it imports little."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from stationdesk.i18n import _
from stationdesk.ui import look


class LoginPage(QWidget):
    """User name and password; `entered` is sent with both. Shows nothing of the station."""

    entered = Signal(str, str)
    forgot = Signal()
    restore = Signal()
    help_name = "login"

    def __init__(self, last_user: str, demo_users: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card(last_user, demo_users))
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(2)
        (self.password if last_user else self.username).setFocus()

    def _card(self, last_user: str, demo_users: Sequence[tuple[str, str, str]]) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        card.setMinimumWidth(self.fontMetrics().horizontalAdvance("x") * 60)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(4 * look.UNIT,) * 4)
        column.setSpacing(2 * look.UNIT)
        title = QLabel(_("未保工作站") + (_("（演示）") if demo_users else ""))
        title.setObjectName("title")
        column.addWidget(title)
        form = QFormLayout()
        form.setSpacing(look.UNIT)
        self.username = QLineEdit(last_user)
        self.username.setAccessibleName(_("用户名"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(_("口令"))
        form.addRow(_("用户名"), self.username)
        form.addRow(_("口令"), self.password)
        column.addLayout(form)
        self._problem = QLabel()
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        column.addWidget(self._problem)
        self.button = QPushButton(_("登录"))
        self.button.setObjectName("main")
        column.addWidget(self.button)
        self.username.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.enter)
        self.button.clicked.connect(self.enter)
        self._waits = 0
        self._wait_timer = QTimer(self)
        self._wait_timer.setInterval(1000)
        self._wait_timer.timeout.connect(lambda: self.wait(self._waits - 1))
        if not demo_users:
            line = QHBoxLayout()
            line.addStretch(1)
            for text, told in ((_("从备份恢复…"), self.restore), (_("忘了口令…"), self.forgot)):
                other = QPushButton(text)
                other.setFlat(True)
                other.clicked.connect(told)
                line.addWidget(other)
            column.addLayout(line)
        else:
            column.addWidget(self._demo(demo_users))
        return card

    def _demo(self, users: Sequence[tuple[str, str, str]]) -> QWidget:
        """The passwords of the demonstration station are no secret: a click fills them in."""
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        said = QLabel(_("演示工作站的用户和口令（点一下即填入）："))
        said.setObjectName("quiet")
        column.addWidget(said)
        for name, role, password in users:
            button = QPushButton(f"{name}（{role}）  {password}")
            button.setFlat(True)
            button.clicked.connect(lambda _checked=False, n=name, p=password: self.fill(n, p))
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        return box

    def fill(self, username: str, password: str) -> None:
        """Write both fields."""
        self.username.setText(username)
        self.password.setText(password)
        self.password.setFocus()

    def wait(self, seconds: int) -> None:
        """After wrong passwords nothing can be tried for so long; the button counts down."""
        self._waits = max(seconds, 0)
        self.button.setEnabled(self._waits == 0)
        waiting = _("请等{seconds}秒").format(seconds=self._waits)
        self.button.setText(waiting if self._waits else _("登录"))
        if self._waits:
            self._wait_timer.start()
        else:
            self._wait_timer.stop()

    def enter(self) -> None:
        """Ask to be let in with what is typed."""
        if not self.button.isEnabled():
            return
        if not self.username.text().strip() or not self.password.text():
            self.show_problem(_("请填写用户名和口令。"))
            return
        self._problem.clear()
        self.button.setEnabled(False)
        self.entered.emit(self.username.text().strip(), self.password.text())

    def show_problem(self, text: str) -> None:
        """Say why it did not open, and let try again."""
        self.button.setEnabled(self._waits == 0)
        self._problem.setText(text)
        self.password.selectAll()
        self.password.setFocus()


class RefusalPage(QWidget):
    """Why the station is not opened, and what can be done: restore from a backup, look again."""

    restore = Signal()
    again = Signal()
    help_name = "login"

    def __init__(self, sentence: str, *, can_restore: bool) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(*(4 * look.UNIT,) * 4)
        column.setSpacing(2 * look.UNIT)
        title = QLabel(_("暂时不能打开"))
        title.setObjectName("title")
        column.addWidget(title)
        text = QLabel(sentence)
        text.setWordWrap(True)
        text.setMinimumWidth(self.fontMetrics().horizontalAdvance("x") * 70)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(text)
        row = QHBoxLayout()
        row.addStretch(1)
        look_again = QPushButton(_("重新检查"))
        look_again.clicked.connect(self.again)
        row.addWidget(look_again)
        if can_restore:
            button = QPushButton(_("从备份恢复…"))
            button.setObjectName("main")
            button.clicked.connect(self.restore)
            row.addWidget(button)
        column.addLayout(row)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(card)
        line.addStretch(1)
        outer.addLayout(line)
        outer.addStretch(2)
