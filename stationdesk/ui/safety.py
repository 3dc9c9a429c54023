"""安全: when the desk locks, what a password must be, where second backups go; who looked in an emergency."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.fields import describe, to_text
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right, reason_problem
from stationdesk.records.drafts import Draft
from stationdesk.records.emergencies import Emergency
from stationdesk.records.safety import Safety
from stationdesk.ui import look
from stationdesk.ui.dialogs import end_of
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.passwords import own_password

_LIMITS = N_(
    "程序挡不住的：没锁定的电脑、中了病毒的电脑、旧备份配旧口令、别的程序复制走的文件。本程序不满足密评（国密）要求。"
)


class FolderEditor(QWidget):
    """A folder, typed or chosen; empty for none."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.line = QLineEdit()
        self.line.textChanged.connect(self.changed)
        row.addWidget(self.line, 1)
        choose = QPushButton(_("选择…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        row.addWidget(choose)
        self.setFocusProxy(self.line)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("第二备份位置"), self.line.text())
        if chosen:
            self.line.setText(chosen)

    def value(self) -> str | None:
        """The path, None when there is none."""
        return self.line.text().strip() or None

    def set_value(self, value: str | None) -> None:
        """Show the path."""
        self.line.setText(value or "")


class SafetySection(QWidget):
    """The settings in force, with the way to change them and one's own password."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        column = QVBoxLayout(self)
        self._form = QFormLayout()
        self._form.setSpacing(look.UNIT)
        column.addLayout(self._form)
        self.edit = QPushButton(look.icon("pencil"), _("修改安全设置…"), self)
        self.edit.clicked.connect(self._open)
        self.edit.setVisible(desk.actor.may(Right.SAFETY) and not desk.read_only)
        self.password = QPushButton(look.icon("key-round"), _("修改我的口令…"))
        self.password.clicked.connect(lambda: own_password(desk, jobs, self).open())
        self.password.setEnabled(not desk.read_only)
        row = QHBoxLayout()
        row.addWidget(self.edit)
        row.addWidget(self.password)
        row.addStretch(1)
        column.addLayout(row)
        limits = QLabel(_(_LIMITS))
        limits.setWordWrap(True)
        limits.setObjectName("quiet")
        column.addWidget(limits)
        column.addStretch(1)

    def reload(self) -> None:
        """Read the settings again."""
        self.jobs.run(self, self.desk.safety.settings, self._show)

    def _show(self, safety: Safety) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        for column in describe(Safety):
            text = to_text(getattr(safety, column.name)) or _("（未定）")
            label = QLabel(f"{text}{_(column.field.unit) if column.field.unit else ''}")
            label.setWordWrap(True)
            self._form.addRow(column.label, label)

    def _open(self, draft: Draft | None = None) -> None:
        self.jobs.run(self, self.desk.safety.settings, lambda safety: self._edit(safety, draft))

    def reopen(self, draft: Draft) -> None:
        """Show again what was typed and not saved."""
        self._open(draft)

    def _edit(self, safety: Safety, draft: Draft | None) -> None:
        store = self.desk.safety
        form = RecordForm(safety, editors={"second_folder": FolderEditor})
        drafts = DraftPlace(self.desk, "settings/safety")
        dialog = FormDialog(_("安全"), form, self.jobs, store.save_settings, self, reload=store.settings, drafts=drafts)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(lambda _none: self.said.emit(_("安全设置已保存")))
        dialog.open()


class EmergencyDialog(QDialog):
    """Asks for the reason before anything is opened; `begun` is sent when it is."""

    begun = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("紧急查看"))
        self._desk, self._jobs = desk, jobs
        column = QVBoxLayout(self)
        said = QLabel(
            _(
                "孩子有危险、负责的同事又不在时，可以查看平时看不到的内容30分钟。理由和时间会记下来，站长下次登录时会看到。"
            )
        )
        said.setWordWrap(True)
        column.addWidget(said)
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setAccessibleName(_("紧急查看的理由"))
        self.reason.setPlaceholderText(_("发生了什么，要看谁的什么内容（至少10个字）"))
        column.addWidget(self.reason)
        self.problem, self.go = end_of(self, column, _("开始紧急查看"), self.begin)
        self.resize(self.fontMetrics().horizontalAdvance("国") * 34, self.fontMetrics().lineSpacing() * 14)

    def begin(self) -> None:
        """Check the reason, then open."""
        reason = self.reason.toPlainText().strip()
        problem = reason_problem(reason)
        if problem is not None:
            self.problem.setText(problem.say())
            return
        self.go.setEnabled(False)
        self._jobs.run(self, lambda: self._desk.safety.begin_emergency(reason), self._done, self._failed)

    def _done(self, _none: Any) -> None:
        self.accept()
        self.begun.emit()

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        self.problem.setText(error.say())


class EmergenciesDialog(QDialog):
    """What a head is shown: who looked, when, why; however many they are. Accepted when it was read."""

    def __init__(self, found: tuple[Emergency, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("紧急查看"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.addWidget(QLabel(_("您上次登录以后，有人用过紧急查看：")))
        lines = [f"{item.at[:16].replace('T', ' ')}  {item.name}：{item.reason}" for item in found]
        self.text = QPlainTextEdit("\n\n".join(lines))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("紧急查看"))
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.addStretch(1)
        for label, do, main in ((_("以后再看"), self.reject, False), (_("已看过"), self.accept, True)):
            button = QPushButton(label)
            button.setAutoDefault(main)
            if main:
                button.setObjectName("main")
            button.clicked.connect(do)
            row.addWidget(button)
        column.addLayout(row)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("国") * 40, metrics.lineSpacing() * 20)
