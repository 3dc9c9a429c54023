"""操作记录: who did what, narrowed and read; and whether anybody has touched the record itself."""

from array import array
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.backups import anchors
from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.audit import Action, AuditQuery, AuditRow, ChainReport
from stationdesk.ui import look
from stationdesk.ui.dialogs import tell
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane

_SAID = N_("这里记着谁在什么时候做了什么，不记内容。记录只能增加，不能修改或删除；“核对”能查出有没有被动过。")


class AuditSection(QWidget):
    """The list with its filters, and the check of the chain."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self._query = AuditQuery()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        notice = QLabel(_(_SAID))
        notice.setWordWrap(True)
        notice.setObjectName("notice")
        column.addWidget(notice)
        self.person = ChoiceEditor([], self, _("所有人"))
        self.person.setAccessibleName(_("操作人"))
        self.action = ChoiceEditor([(a, a.label) for a in Action], self, _("所有操作"))
        self.action.setAccessibleName(_("操作"))
        for chooser in (self.person, self.action):
            chooser.set_value(None)
            chooser.changed.connect(self._narrow)
        self.check = QPushButton(look.icon("check"), _("核对"))
        self.check.clicked.connect(self.verify)
        self.pane = ListPane(
            AuditRow,
            self._find,
            desk.audit.rows,
            jobs,
            self,
            empty=_("还没有操作记录。"),
            first=("at", True),
            extras=[self.person, self.action],
            desk=desk,
            name=_("操作记录"),
            private=True,
        )
        self.pane.filter.setPlaceholderText(_("输入操作、内容、序号、编号或日期（如2026-11）筛选"))
        column.addWidget(self.pane, 1)
        row = QHBoxLayout()
        self.result = QLabel()
        self.result.setWordWrap(True)
        row.addWidget(self.result, 1)
        row.addWidget(self.check)
        column.addLayout(row)

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        return self.desk.audit.find(replace(self._query, words=words), sort, descending)

    def _narrow(self) -> None:
        self._query = AuditQuery(username=self.person.value() or "", action=self.action.value())
        self.pane.reload()

    def reload(self) -> None:
        """Read the list again, and who occurs in it."""
        self.jobs.run(self, self.desk.audit.people, self._offer)
        self.pane.reload()

    def _offer(self, people: tuple[tuple[str, str], ...]) -> None:
        chosen = self.person.value()
        self.person.set_choices(list(people))
        self.person.blockSignals(True)
        self.person.set_value(chosen)
        self.person.blockSignals(False)

    def verify(self) -> None:
        """Check the chain against itself and against the backups."""
        self.check.setEnabled(False)
        self.result.setText(_("正在核对……"))

        def work() -> ChainReport:
            return self.desk.audit.verify(anchors(self.desk))

        self.jobs.run(self, work, self._tell, lambda error: self._end(error.say()))

    def _end(self, text: str) -> None:
        self.check.setEnabled(True)
        self.result.setText(text)

    def _tell(self, found: ChainReport) -> None:
        if found.sound:
            text = _("核对通过：共{rows}条，没有被改动，末条{head}（与打印月报页脚的编号对照）。")
            self._end(text.format(rows=found.rows, head=found.head))
        else:
            self._end(_("核对没有通过，共{count}处问题。").format(count=len(found.faults)))
            lines = "\n".join(fault.say() for fault in found.faults)
            after = _("请不要再录入，保留现有文件和备份，并向上级报告。")
            tell(self, _("核对没有通过"), f"{lines}\n{after}")
        self.pane.reload()
