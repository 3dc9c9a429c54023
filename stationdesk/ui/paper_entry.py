"""按纸登记: numbers from the paper list of a session are ticked at once; the names are shown before."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Refused
from stationdesk.i18n import _
from stationdesk.records.activities import Activity
from stationdesk.records.attendance import TICKED, AttendanceRow, PaperEntry
from stationdesk.records.paper_numbers import Numbers, on_paper, read_numbers
from stationdesk.records.sessions import ActivitySession
from stationdesk.ui.dialogs import end_of
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.name_lines import NamesTable


class PaperDialog(QDialog):
    """The numbers, whom they mean, and the heads without a name; `saved` is sent with how many were ticked."""

    saved = Signal(int)

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        held: ActivitySession,
        activity: Activity,
        names: Sequence[AttendanceRow],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("按纸登记：{title}").format(title=activity.title))
        self.desk, self.jobs, self.session_id = desk, jobs, held.id or 0
        self.rows = on_paper(names)
        column = QVBoxLayout(self)
        column.addWidget(self._how())
        self.numbers = QLineEdit()
        self.numbers.setAccessibleName(_("到场的编号"))
        self.numbers.setPlaceholderText(_("如：1 3 5-9，12L"))
        column.addWidget(self.numbers)
        self.meant = QLabel()
        self.meant.setWordWrap(True)
        self.meant.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self.meant)
        self.table = NamesTable(self, numbered=True)
        self.table.show_lines(self.rows)
        column.addWidget(self.table, 1)
        self.guardian = QCheckBox(_("都有家长陪同"))
        self.guardian.setChecked(activity.guardian_required)
        column.addWidget(self.guardian)
        heads = PaperEntry(headcount_children=held.headcount_children, headcount_adults=held.headcount_adults)
        self.heads = RecordForm(heads)
        column.addWidget(self.heads)
        self.problem, self.go = end_of(self, column, _("登记到场"), self.save)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self.tell)
        self.numbers.textChanged.connect(lambda _text: self._timer.start())
        self.numbers.returnPressed.connect(self.heads.focus_first)
        room, metrics = self.screen().availableGeometry(), self.fontMetrics()
        self.resize(
            min(metrics.horizontalAdvance("国") * 56, room.width() - 80),
            min(metrics.lineSpacing() * 38, room.height() - 80),
        )
        self.numbers.setFocus()

    def _how(self) -> QLabel:
        text = _("照着纸上的编号填写，用空格隔开；连着的写5-9，迟到的在后面加L。保存前请核对下面的姓名。")
        if any(row.state in TICKED for row in self.rows):
            text += _("名单里已有点过名的孩子，编号以下面显示的为准。")
        said = QLabel(text)
        said.setWordWrap(True)
        return said

    def _read(self) -> Numbers:
        return read_numbers(self.numbers.text(), len(self.rows))

    def tell(self) -> None:
        """Say whom the numbers mean, or which of them cannot be meant."""
        try:
            found = self._read()
        except Refused as refused:
            self._say(refused.say(), wrong=True)
            return
        parts = [_("到场{count}人：{names}").format(count=len(found.present), names=self._names(found.present))]
        if found.late:
            parts.append(_("迟到{count}人：{names}").format(count=len(found.late), names=self._names(found.late)))
        self._say("\n".join(parts) if found.present or found.late else "")

    def _names(self, numbers: Sequence[int]) -> str:
        return "、".join(self.rows[number - 1].name for number in numbers)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.meant.setObjectName("problem" if wrong else "quiet")
        self.meant.style().polish(self.meant)
        self.meant.setText(text)

    def save(self) -> None:
        """Tick all of them; whatever speaks against it, what was typed stays."""
        heads, problems = self.heads.value()
        self.heads.show_problems(problems)
        try:
            found = self._read()
        except Refused as refused:
            self._say(refused.say(), wrong=True)
            self.numbers.setFocus()
            return
        if problems:
            return
        ids = [row.child_id for row in self.rows]
        entry: PaperEntry = replace(
            heads,
            present=tuple(ids[number - 1] for number in found.present),
            late=tuple(ids[number - 1] for number in found.late),
            guardian_present=self.guardian.isChecked(),
        )
        self.go.setEnabled(False)
        store, number = self.desk.attendance, self.session_id
        self.jobs.run(self, lambda: store.tick_paper(number, entry), self._saved, self._failed)

    def _saved(self, count: int) -> None:
        self.saved.emit(count)
        self.accept()

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        self.problem.setText(error.say())
