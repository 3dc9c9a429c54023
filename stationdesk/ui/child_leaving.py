"""减员: a child leaves the stock, with the day and the reason."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.children import Child
from stationdesk.records.enrolments import ExitReason
from stationdesk.ui.dialogs import end_of
from stationdesk.ui.editors import CodeEditor, DateEditor
from stationdesk.ui.jobs import Jobs


class LeaveDialog(QDialog):
    """Asks for day, reason and a note; `left` is sent when it is saved."""

    left = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, child: Child, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("减员"))
        self._desk, self._jobs, self._child_id = desk, jobs, child.id or 0
        column = QVBoxLayout(self)
        said = QLabel(
            _("{name}（{number}）将从在册中减去，档案仍然保留。").format(name=child.name, number=child.file_no)
        )
        said.setWordWrap(True)
        column.addWidget(said)
        form = QFormLayout()
        self.day = DateEditor(self, optional=False)
        self.day.set_value(desk.clock().date())
        self.reason = CodeEditor(ExitReason, self, optional=False)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        for label, editor in ((_("减员日期"), self.day), (_("减员原因"), self.reason), (_("减员说明"), self.note)):
            editor.setAccessibleName(label)
            form.addRow(label, editor)
        column.addLayout(form)
        self.problem, self.go = end_of(self, column, _("减员"), self.save)
        self.resize(self.fontMetrics().horizontalAdvance("国") * 30, self.sizeHint().height())

    def save(self) -> None:
        """Check what was typed, then save it."""
        day, reason, note = self.day.value(), self.reason.value(), self.note.toPlainText().strip()
        if day is None or reason is None:
            self.problem.setText(_("请填写减员日期，并选择减员原因。"))
            return
        self.go.setEnabled(False)
        store, child_id = self._desk.children, self._child_id
        self._jobs.run(self, lambda: store.leave(child_id, day, reason, note), self._done, self._failed)

    def _done(self, _id: Any) -> None:
        self.accept()
        self.left.emit()

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        self.problem.setText(error.say())
