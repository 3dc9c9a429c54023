"""报名: children found by name and put together, then signed up for one session or for all later ones."""

from array import array
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.attendance import AttendanceState, Candidate, SignUp
from stationdesk.records.sessions import ActivitySession, SessionQuery, SessionRow, SessionStatus
from stationdesk.ui import look
from stationdesk.ui.dialogs import end_of
from stationdesk.ui.finding_list import FindingList, Found
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane


def said_of(found: Sequence[SignUp]) -> str:
    """What became of the wishes."""
    waiting = sum(one.state is AttendanceState.WAITING for one in found)
    if waiting:
        return _("已报名{count}人次，其中名额已满、候补{waiting}人次").format(count=len(found), waiting=waiting)
    return _("已报名{count}人次").format(count=len(found))


def candidate_text(one: Candidate) -> str:
    """A child that could take part, on one line."""
    age = "" if one.age is None else _("{age}岁").format(age=one.age)
    sex = "" if one.sex is None else one.sex.label
    often = _("常客") if one.regular else ""
    state = "" if one.state is None else _("（{state}）").format(state=one.state.label)
    parts = (f"{one.name}{state}", sex, age, one.community_name or "", often)
    return "  ".join(part for part in parts if part)


class SignUpDialog(QDialog):
    """Children are found on the left and put together on the right; `signed` is sent with what became of it."""

    signed = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, held: ActivitySession, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("报名：{title}").format(title=title))
        self.desk, self.jobs, self.session_id = desk, jobs, held.id or 0
        self._texts: dict[int, str] = {}
        column = QVBoxLayout(self)
        said = QLabel(_("找到孩子后按回车，放进右边的名单；没有打字时列出常客。名额满了自动候补。"))
        said.setWordWrap(True)
        column.addWidget(said)
        row = QHBoxLayout()
        row.setSpacing(2 * look.UNIT)
        hint = _("姓名、拼音首字母、档案编号")
        self.finder = FindingList(jobs, self._find, self, name=_("找孩子"), hint=hint)
        self.finder.opened.connect(self.take)
        row.addWidget(self.finder, 1)
        self.chosen = QListWidget()
        self.chosen.setAccessibleName(_("要报名的孩子"))
        self.chosen.setWordWrap(True)
        QShortcut(QKeySequence("Delete"), self.chosen, self._drop, context=Qt.ShortcutContext.WidgetShortcut)
        row.addWidget(self.chosen, 1)
        column.addLayout(row, 1)
        self.siblings = QCheckBox(_("兄弟姐妹一起"))
        self.all_sessions = QCheckBox(_("本场和以后各场都报名"))
        for tick in (self.siblings, self.all_sessions):
            column.addWidget(tick)
        self.problem, self.go = end_of(self, column, _("报名"), self.save)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("国") * 56, metrics.lineSpacing() * 26)
        self.finder.setFocus()

    def _find(self, words: str) -> Found:
        found = self.desk.attendance.candidates(self.session_id, words)
        # Of the regulars only those are proposed who are not on the list yet.
        return [(one.child_id, candidate_text(one)) for one in found if words or one.state is None]

    def take(self, child_id: int) -> None:
        """Put a child on the right, with brothers and sisters if that is ticked."""
        item = self.finder.list.currentItem()
        if item is not None and child_id == self.finder.value():
            self._add(child_id, item.text())
        self.finder.filter.clear()
        self.finder.setFocus()
        if self.siblings.isChecked():
            store = self.desk.children
            self.jobs.run(self, lambda: store.siblings(child_id), self._add_siblings)

    def _add_siblings(self, rows: Sequence[object]) -> None:
        for row in rows:
            self._add(getattr(row, "id", 0), getattr(row, "name", ""))

    def _add(self, child_id: int, text: str) -> None:
        if child_id not in self.ids():
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, child_id)
            self.chosen.addItem(item)
            self.problem.clear()

    def _drop(self) -> None:
        self.chosen.takeItem(self.chosen.currentRow())

    def ids(self) -> list[int]:
        """The children put together so far."""
        return [self.chosen.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.chosen.count())]

    def save(self) -> None:
        """Sign them up; whatever speaks against it, they stay put together."""
        ids, every = self.ids(), self.all_sessions.isChecked()
        if not ids:
            self.problem.setText(_("请先找到孩子并按回车放进右边的名单。"))
            return
        self.go.setEnabled(False)
        store, number = self.desk.attendance, self.session_id
        self.jobs.run(self, lambda: store.sign_up(number, ids, all_sessions=every), self._signed, self._failed)

    def _signed(self, found: tuple[SignUp, ...]) -> None:
        self.signed.emit(found)
        self.accept()

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        self.problem.setText(error.say())


class ComingSessionsDialog(QDialog):
    """Children chosen elsewhere are signed up for one of the coming sessions."""

    signed = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, child_ids: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("报名参加活动"))
        self.desk, self.jobs, self._child_ids = desk, jobs, tuple(child_ids)
        column = QVBoxLayout(self)
        said = QLabel(_("为选中的{count}个孩子选一场活动。").format(count=len(child_ids)))
        said.setWordWrap(True)
        column.addWidget(said)
        self.list = ListPane(
            SessionRow,
            self._find,
            desk.sessions.rows,
            jobs,
            self,
            empty=_("没有安排好的场次，请先到“活动”页新建。"),
            first=("start", False),
            name=_("可以报名的场次"),
            output=False,
        )
        self.list.opened.connect(lambda _id: self.save())
        column.addWidget(self.list, 1)
        self.all_sessions = QCheckBox(_("本场和以后各场都报名"))
        column.addWidget(self.all_sessions)
        self.problem, self.go = end_of(self, column, _("报名"), self.save)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("国") * 56, metrics.lineSpacing() * 24)
        self.list.reload()

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        coming = SessionQuery(
            words=words,
            start=self.desk.clock(),
            statuses=(SessionStatus.PLANNED,),
            sort=sort,
            descending=descending,
        )
        return self.desk.sessions.find(coming)

    def save(self) -> None:
        """Sign them up for the chosen session."""
        number, ids, every = self.list.current_id(), self._child_ids, self.all_sessions.isChecked()
        if number is None:
            self.problem.setText(_("请先选一场活动。"))
            return
        self.go.setEnabled(False)
        store = self.desk.attendance
        self.jobs.run(self, lambda: store.sign_up(number, ids, all_sessions=every), self._signed, self._failed)

    def _signed(self, found: tuple[SignUp, ...]) -> None:
        self.signed.emit(found)
        self.accept()

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        self.problem.setText(error.say())
