"""备份: made now, listed last, and a station brought back from one."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.backups import OWN, SECOND, STICK, BackupState, back_up, check_backup, newest_backup, restore, state
from stationdesk.desk import Desk
from stationdesk.errors import DeskError, FolderTrouble
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.audit import is_record_kind, kind_label, result_text
from stationdesk.ui.dialogs import ask, end_of, tell
from stationdesk.ui.jobs import Jobs

FILES = "stationdesk (*.sdbak)"


class BackupSection(QWidget):
    """Make a backup now, here or on a stick, and see the last one."""

    said = Signal(str)
    wants_restore = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        column = QVBoxLayout(self)
        self.last = QLabel()
        self.last.setWordWrap(True)
        column.addWidget(self.last)
        said = QLabel(
            _(
                "备份是加密的，恢复时要用站长当时的口令。请至少每周另存一份到U盘，和电脑分开放。备份放在：{folder}"
            ).format(folder=desk.backups)
        )
        said.setWordWrap(True)
        said.setObjectName("quiet")
        column.addWidget(said)
        row = QHBoxLayout()
        self.now = QPushButton(_("立即备份"))
        self.now.setObjectName("main")
        self.now.clicked.connect(lambda: self.make(None))
        self.elsewhere = QPushButton(_("备份到U盘或其他位置…"))
        self.elsewhere.clicked.connect(self._choose)
        self.verify = QPushButton(_("检查备份文件…"))
        self.verify.clicked.connect(self._check)
        self.restore = QPushButton(_("从备份恢复…"))
        self.restore.clicked.connect(self._ask_restore)
        for button in (self.now, self.elsewhere, self.verify, self.restore):
            button.setEnabled(desk.actor.may(Right.BACKUP) and (not desk.read_only or button is self.verify))
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def reload(self) -> None:
        """Look up the last backup, and how the last attempts ended."""

        def work() -> str:
            found = newest_backup(self.desk)
            lines = [_("还没有备份。")]
            if found is not None:
                text = _("最近一次备份：{time}，编号{number}，{rows}条记录。")
                values = {"time": _minute(found.made_at), "number": found.number, "rows": found.rows}
                lines = [text.format(**values)]
            return "\n".join([*lines, *places_text(state(self.desk))])

        self.jobs.run(self, work, self.last.setText)

    def _ask_restore(self) -> None:
        text = _("恢复会用备份里的数据替换现在的数据。要先锁定，再选备份文件；现在的数据会先备份，再移到旁边保留。")
        if ask(self, _("从备份恢复"), text, {"yes": _("锁定并选择备份"), "": _("返回")}):
            self.wants_restore.emit()

    def make(self, folder: Path | None) -> None:
        """Make a backup in a folder, or the usual one."""
        self.now.setEnabled(False)
        self.jobs.run(self, lambda: back_up(self.desk, folder), lambda _info: self._made(), self._failed)

    def _made(self) -> None:
        self.now.setEnabled(True)
        self.said.emit(_("备份已完成并核对"))
        self.reload()

    def _failed(self, error: DeskError) -> None:
        self.now.setEnabled(True)
        tell(self, _("没有备份"), error.say())

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("备份到"))
        if chosen:
            self.make(Path(chosen))

    def _check(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("检查备份文件"), str(self.desk.backups), FILES)
        if chosen:
            self.jobs.run(self, lambda: describe_backup(Path(chosen)), lambda text: tell(self, _("备份完好"), text))


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def places_text(found: BackupState) -> list[str]:
    """A line for each place: when the last attempt was made and how it ended."""
    lines = [_("自动备份：每天第一次登录时、每隔4小时或每保存50次做一次。")]
    for place in (OWN, SECOND, STICK):
        if place in found.last:
            at, result = found.last[place]
            lines.append(
                _("{place}：{time} {result}").format(
                    place=kind_label(place), time=f"{at:%Y-%m-%d %H:%M}", result=result_text(result)
                )
            )
    return lines


def describe_backup(path: Path) -> str:
    """What a whole backup says of itself: of whom, from when, how much of what, the newest entry.
    Raises `StorageTrouble`."""
    found = check_backup(path)
    text = _("{station}\n备份时间：{time}\n编号：{number}\n记录：{rows}条")
    lines = [text.format(station=found.station, time=_minute(found.made_at), number=found.number, rows=found.rows)]
    shown = [f"{kind_label(name)} {count}" for name, count in found.counts.items() if count and is_record_kind(name)]
    lines.append(_("其中：{counts}").format(counts="，".join(shown)))
    if found.newest:
        lines.append(_("最新的一条操作在{time}").format(time=_minute(found.newest)))
    return "\n".join(lines)


class RestoreDialog(QDialog):
    """Bring a station back from a backup: choose, look, give the password of that time."""

    restored = Signal()

    def __init__(self, data: Path, jobs: Jobs, parent: QWidget, *, any_folder: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("从备份恢复"))
        self._data, self._jobs, self._any_folder = data, jobs, any_folder
        self._path: Path | None = None
        column = QVBoxLayout(self)
        said = QLabel(_("现有的数据文件不会删除，会移到“damaged-”开头的文件夹里保存。"))
        said.setWordWrap(True)
        column.addWidget(said)
        choose = QPushButton(_("选择备份文件…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        column.addWidget(choose)
        self.preview = QLabel()
        self.preview.setWordWrap(True)
        column.addWidget(self.preview)
        form = QFormLayout()
        self.username, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        form.addRow(_("站长用户名"), self.username)
        form.addRow(_("备份当时的口令"), self.password)
        self.username.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._begin)
        column.addLayout(form)
        self.problem, self.go = end_of(self, column, _("恢复"), self._begin)
        self.go.setEnabled(False)
        self.resize(self.fontMetrics().horizontalAdvance("x") * 70, self.sizeHint().height())

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("选择备份文件"), str(self._data / "backup"), FILES)
        if chosen:
            self.show_file(Path(chosen))

    def show_file(self, path: Path) -> None:
        """Check a file and show what it holds."""
        self.go.setEnabled(False)
        self._path = path

        def then(text: str) -> None:
            self.preview.setText(text)
            self.problem.clear()
            self.go.setEnabled(True)

        self._jobs.run(self, lambda: describe_backup(path), then, lambda error: self.problem.setText(error.say()))

    def _begin(self) -> None:
        path, username, password = self._path, self.username.text().strip(), self.password.text()
        if path is None or not self.go.isEnabled():
            return
        if username and password:
            self._restore(path, username, password)
        else:
            self.problem.setText(_("请填写用户名和口令。"))

    def _restore(self, path: Path, username: str, password: str, *, accept: bool = False) -> None:
        self.go.setEnabled(False)

        def failed(error: DeskError) -> None:
            self.go.setEnabled(True)
            self.problem.setText(error.say())
            if isinstance(error, FolderTrouble) and not accept and self._agrees(error):
                self._restore(path, username, password, accept=True)

        def then(_folder: Path | None) -> None:
            self.restored.emit()
            self.accept()

        def work() -> Path | None:
            found = self._any_folder
            return restore(self._data, path, username, password, any_folder=found, accept_folder=accept)

        self.problem.setText(_("正在恢复并检查，请稍候……"))
        self._jobs.run(self, work, then, failed)

    def _agrees(self, error: DeskError) -> bool:
        """Whether the head lets the data lie where they should not."""
        text = _("{problem}\n站长可以同意把数据留在这里，会记入操作记录。").format(problem=error.say())
        return bool(ask(self, _("数据位置"), text, {"yes": _("我是站长，仍要恢复"), "": _("返回")}))
