"""What is done with the names and helpers of a session: signed up, ticked, copied from paper, withdrawn."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject

from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.attendance import AttendanceRow, session_problems
from stationdesk.ui.actions import action
from stationdesk.ui.attendance import TickDialog
from stationdesk.ui.dialogs import ask, ask_reason, tell
from stationdesk.ui.helper_dialog import HelperDialog
from stationdesk.ui.page import Page
from stationdesk.ui.paper_entry import PaperDialog
from stationdesk.ui.session_view import SessionSeen, SessionView
from stationdesk.ui.sign_up import SignUpDialog, said_of


class SessionActions(Page):
    """The actions on the names and helpers of the session that is shown."""

    view: SessionView
    ticking: QObject | None = None

    def seen(self) -> SessionSeen | None:
        """The session that is shown."""
        return self.view.seen

    def named(self) -> AttendanceRow | None:
        """The name that is chosen."""
        line = self.view.names.current()
        return line if isinstance(line, AttendanceRow) else None

    def to_tick(self) -> SessionSeen | None:
        """The session that is shown, if children can be ticked for it; else it is said why not."""
        seen = self.seen()
        problems = () if seen is None else tuple(session_problems(seen.held, self.desk.clock(), ticking=True))
        if problems:
            tell(self, _("点名"), "\n".join(problem.say() for problem in problems))
            return None
        return seen

    def refused(self, error: DeskError) -> None:
        """Say why something cannot be done."""
        tell(self, _("没有完成"), error.say())

    @action(N_("报名"), "Ctrl+B", "user", Right.EDIT_ACTIVITIES, toolbar=False)
    def sign_up(self) -> None:
        """Sign children up for the session."""
        seen = self.seen()
        if seen is not None and seen.open:
            dialog = SignUpDialog(self.desk, self.jobs, seen.held, seen.activity.title, self)
            dialog.signed.connect(lambda found: self.said.emit(said_of(found)))
            dialog.open()

    @action(N_("点名"), "Ctrl+T", "check", Right.EDIT_ACTIVITIES)
    def tick(self) -> None:
        """The tick list; what lies behind it is read again when it is closed, not at each tick."""
        seen = self.to_tick()
        if seen is None or self.ticking is not None:
            return
        dialog = TickDialog(self.desk, self.jobs, seen.held, seen.activity, seen.names, self)
        self.ticking = dialog
        dialog.finished.connect(lambda _code: self._ticked())
        dialog.open()

    def _ticked(self) -> None:
        self.ticking = None
        self.touched(self.watches)
        self.said.emit(_("点名已保存"))

    @action(N_("按纸登记"), "Ctrl+J", "list", Right.EDIT_ACTIVITIES, toolbar=False)
    def paper(self) -> None:
        """The numbers of the paper list."""
        seen = self.to_tick()
        if seen is not None:
            dialog = PaperDialog(self.desk, self.jobs, seen.held, seen.activity, seen.names, self)
            dialog.saved.connect(lambda count: self.said.emit(_("已登记{count}人").format(count=count)))
            dialog.open()

    @action(N_("退出名单"), "", "log-out", Right.EDIT_ACTIVITIES, toolbar=False)
    def withdraw(self) -> None:
        """Take the chosen child off the list; who waits moves up."""
        seen, line = self.seen(), self.named()
        if seen is None or line is None:
            return
        question = _("{name}不参加这一场了吗？有人候补时按顺序递补。").format(name=line.name)
        if not ask(self, _("退出名单"), question, {"yes": _("退出名单"), "": _("返回")}):
            return
        store, number = self.desk.attendance, seen.held.id or 0

        def work() -> tuple[Sequence[int], Sequence[AttendanceRow]]:
            return store.withdraw(number, line.child_id), store.names(number)

        def say(found: Any) -> None:
            moved, rows = found
            up = "、".join(row.name for row in rows if row.child_id in moved)
            text = _("{name}已退出").format(name=line.name)
            # Somebody may move up of whom the person may not know.
            hidden = len(moved) - sum(row.child_id in moved for row in rows)
            more = up or _("{count}人").format(count=hidden) if moved else ""
            self.said.emit(_("{text}，{names}递补").format(text=text, names=more) if moved else text)

        self.jobs.run(self, work, say, self.refused)

    @action(N_("接走人…"), "", "handshake", Right.EDIT_ACTIVITIES, toolbar=False)
    def pick_up(self) -> None:
        """Note who took the chosen child home."""
        seen, line = self.seen(), self.named()
        if seen is None or line is None:
            return
        by = ask_reason(self, _("接走人"), _("谁接走{name}？").format(name=line.name))
        if by is not None:
            store, number = self.desk.attendance, seen.held.id or 0
            self.jobs.run(
                self,
                lambda: store.pick_up(number, line.child_id, by),
                lambda _none: self.said.emit(_("已登记接走人")),
                self.refused,
            )

    @action(N_("添加志愿者"), "Ctrl+H", "plus", Right.EDIT_VOLUNTEERS, toolbar=False)
    def add_helper(self) -> None:
        """One more volunteer for the session."""
        seen = self.seen()
        if seen is not None and seen.open:
            dialog = HelperDialog(self.desk, self.jobs, seen.held, self)
            dialog.saved.connect(lambda _id: self.said.emit(_("志愿者已安排")))
            dialog.open()
