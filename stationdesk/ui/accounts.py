"""账号: who may log in, in which role; people join, change and leave."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk import accounts
from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Role
from stationdesk.records.accounts import AccountRow, AccountState, NewAccount
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask, tell
from stationdesk.ui.editors import ChoiceEditor, CodeEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane

_SAID = N_(
    "每人用自己的账号登录。新账号给一个一次性口令，本人第一次登录时必须改掉。人员离开时请删除账号，数据会换一把新钥匙。"
)


class AccountsSection(QWidget):
    """The list of accounts and what a head does with them."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        notice = QLabel(_(_SAID))
        notice.setWordWrap(True)
        notice.setObjectName("notice")
        column.addWidget(notice)
        self.pane: ListPane
        self.gone = QCheckBox(_("含已停用"))
        self.gone.toggled.connect(lambda _on: self.pane.reload())
        self.add = self._button(_("添加"), "plus", self.new)
        self.role = self._button(_("改岗位权限…"), "users", self.change_role)
        self.reset = self._button(_("重设口令…"), "key-round", self.reset_password)
        self.switch = self._button(_("停用"), "ban", self.switch_off)
        self.delete = self._button(_("删除…"), "trash-2", self.remove)
        self.pane = ListPane(
            AccountRow,
            lambda words, sort, down: desk.accounts.find(words, sort, down, self.gone.isChecked()),
            desk.accounts.rows,
            jobs,
            self,
            empty=_("还没有账号。"),
            extras=[self.gone],
            desk=desk,
            name=_("账号"),
        )
        column.addWidget(self.pane, 1)
        row = QHBoxLayout()
        for button in (self.add, self.role, self.reset, self.switch, self.delete):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.pane.opened.connect(lambda _id: self.change_role())
        self.pane.table.selectionModel().currentChanged.connect(lambda *_which: self._fit())
        self.pane.model.loaded.connect(lambda _count: self._fit())
        self._fit()

    def _button(self, text: str, picture: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(look.icon(picture), text)
        button.clicked.connect(lambda _on=False: do())
        return button

    def reload(self) -> None:
        """Read the list again."""
        self.pane.reload()

    def current(self) -> AccountRow | None:
        """The chosen account."""
        index = self.pane.table.currentIndex()
        line = self.pane.model.line_at(index.row()) if index.isValid() else None
        return line if isinstance(line, AccountRow) else None

    def _fit(self) -> None:
        """Offer what can be done with the chosen account: nothing with one's own."""
        line = self.current()
        other = line is not None and line.username != self.desk.actor.username and not self.desk.read_only
        for button in (self.role, self.reset, self.switch, self.delete):
            button.setEnabled(other)
        self.add.setEnabled(not self.desk.read_only)
        off = line is not None and line.state is AccountState.DISABLED
        self.switch.setText(_("启用") if off else _("停用"))

    # --- joining ---------------------------------------------------------------------------------

    def new(self) -> None:
        """Let a member of the team log in."""

        def show(people: list[tuple[Any, str]]) -> None:
            if not people:
                tell(self, _("账号"), _("请先到“人员”登记这个人，再给他开账号。"))
                return
            form = RecordForm(NewAccount(), editors={"staff_id": lambda box: ChoiceEditor(people, box)})
            dialog = FormDialog(_("新账号"), form, self.jobs, lambda new: (new, accounts.add(self.desk, new)), self)
            dialog.saved.connect(lambda found: self._hand_over(found[0].username.strip(), found[1]))
            dialog.open()

        self.jobs.run(self, self._people, show)

    def _people(self) -> list[tuple[Any, str]]:
        today = self.desk.clock().date()
        return [
            (m.id, f"{m.name}（{'、'.join(post.label for post in m.posts)}）")
            for m in self.desk.staff.everyone()
            if m.serves_on(today)
        ]

    def _hand_over(self, username: str, password: str) -> None:
        self.said.emit(_("账号已保存"))
        OneTimeDialog(username, password, self).open()

    # --- changing --------------------------------------------------------------------------------

    def _with_current(self, question: str, yes: str, work: Callable[[int], Any], then: Callable[[Any], None]) -> None:
        line = self.current()
        if line is None:
            return
        text = question.format(name=line.name, username=line.username)
        if ask(self, _("账号"), text, {"yes": yes, "": _("返回")}):
            account_id = line.id
            self.jobs.run(self, lambda: work(account_id), then, self._failed)

    def _failed(self, error: DeskError) -> None:
        tell(self, _("没有完成"), error.say())

    def change_role(self) -> None:
        """Ask for the new role of the chosen account."""
        line = self.current()
        if line is None or not self.role.isEnabled():
            return
        dialog = RoleDialog(line, self)
        dialog.chosen.connect(lambda role: self._set_role(line.id, role))
        dialog.open()

    def _set_role(self, account_id: int, role: Role) -> None:
        work = lambda: accounts.change_role(self.desk, account_id, role)  # noqa: E731 - read where it is used
        self.jobs.run(self, work, lambda _none: self.said.emit(_("岗位权限已修改")), self._failed)

    def reset_password(self) -> None:
        """Give a one-time password to somebody who forgot theirs."""
        line = self.current()
        name = line.username if line is not None else ""
        self._with_current(
            _("给{name}（{username}）一个新的一次性口令？原来的口令马上失效，本人没保存的草稿会丢失。"),
            _("重设口令"),
            lambda account_id: accounts.reset(self.desk, account_id),
            lambda password: self._hand_over(name, password),
        )

    def switch_off(self) -> None:
        """Switch the chosen account off, or on again."""
        line = self.current()
        off = line is not None and line.state is not AccountState.DISABLED
        self._with_current(
            _("停用{name}（{username}）的账号？停用后不能登录，可以再启用。")
            if off
            else _("启用{name}（{username}）的账号？"),
            _("停用") if off else _("启用"),
            lambda account_id: accounts.switch(self.desk, account_id, disabled=off),
            lambda _none: self.said.emit(_("账号已停用") if off else _("账号已启用")),
        )

    def remove(self) -> None:
        """Take the chosen account away for good."""
        self._with_current(
            _(
                "删除{name}（{username}）的账号？他的口令和以前的密钥文件都不能再打开数据；他登记过的记录保留。数据大时要等几秒。"
            ),
            _("删除账号"),
            lambda account_id: accounts.remove(self.desk, account_id),
            lambda _none: self.said.emit(_("账号已删除，密钥已更换")),
        )


class RoleDialog(QDialog):
    """Another role for an account."""

    chosen = Signal(object)

    def __init__(self, line: AccountRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("改岗位权限"))
        column = QVBoxLayout(self)
        column.addWidget(QLabel(f"{line.name}（{line.username}）"))
        self.role = CodeEditor(Role, self, optional=False)
        self.role.setAccessibleName(_("岗位权限"))
        self.role.set_value(line.role)
        form = QFormLayout()
        form.addRow(_("岗位权限"), self.role)
        column.addLayout(form)
        said = QLabel(_("从站长或心理咨询师改成其他岗位时，会更换数据密钥，数据大时要等几秒。"))
        said.setWordWrap(True)
        said.setObjectName("quiet")
        column.addWidget(said)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton(_("取消"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        go = QPushButton(_("保存"))
        go.setDefault(True)
        go.setObjectName("main")
        go.clicked.connect(self._choose)
        row.addWidget(cancel)
        row.addWidget(go)
        column.addLayout(row)

    def _choose(self) -> None:
        self.accept()
        self.chosen.emit(self.role.value())


class OneTimeDialog(QDialog):
    """The one-time password, shown once: to be read out or written down, never sent by phone."""

    def __init__(self, username: str, password: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("一次性口令"))
        column = QVBoxLayout(self)
        said = QLabel(_("请当面告诉本人，不要用微信或短信发送。关闭后不再显示；本人第一次登录时必须改掉。"))
        said.setWordWrap(True)
        column.addWidget(said)
        form = QFormLayout()
        for label, text in ((_("用户名"), username), (_("一次性口令"), password)):
            line = QLineEdit(text)
            line.setReadOnly(True)
            line.setAccessibleName(label)
            form.addRow(label, line)
        self.password = line
        column.addLayout(form)
        close = QPushButton(_("我已经告诉本人"))
        close.setObjectName("main")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        self.resize(self.fontMetrics().horizontalAdvance("国") * 30, self.sizeHint().height())

    def done(self, result: int) -> None:
        """The password does not stay behind."""
        self.password.clear()
        super().done(result)
