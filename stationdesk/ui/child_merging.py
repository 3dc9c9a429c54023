"""合并档案: two files of one child become one; what was merged can be taken back."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.children import Child, ChildQuery
from stationdesk.records.merges import Merge
from stationdesk.ui.dialogs import ask
from stationdesk.ui.jobs import Jobs


class MergeDialog(QDialog):
    """Asks for the other file's number and the reason; lists the merges so far. `said` tells what was done."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, child: Child, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("合并档案"))
        self._desk, self._jobs, self._child = desk, jobs, child
        column = QVBoxLayout(self)
        text = _("保留{number}（{name}），把另一份档案并进来。两个编号都能找到这份档案，原来的内容都转到这里。")
        said = QLabel(text.format(number=child.file_no, name=child.name))
        said.setWordWrap(True)
        column.addWidget(said)
        form = QFormLayout()
        self.other, self.reason = QLineEdit(), QLineEdit()
        for label, line in ((_("并进来的档案编号"), self.other), (_("合并理由"), self.reason)):
            line.setAccessibleName(label)
            form.addRow(label, line)
        column.addLayout(form)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        column.addWidget(self.problem)
        self.before = QListWidget()
        self.before.setAccessibleName(_("以前的合并"))
        column.addWidget(QLabel(_("以前的合并（没有新记录引用以前可以撤销）：")))
        column.addWidget(self.before)
        row = QHBoxLayout()
        self.back = QPushButton(_("撤销选中的合并"))
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.undo)
        row.addWidget(self.back)
        row.addStretch(1)
        close = QPushButton(_("关闭"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        self.go = QPushButton(_("合并"))
        self.go.setObjectName("main")
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self.merge)
        row.addWidget(close)
        row.addWidget(self.go)
        column.addLayout(row)
        self.resize(self.fontMetrics().horizontalAdvance("国") * 36, self.sizeHint().height())
        self._read()

    def _read(self) -> None:
        store, child_id = self._desk.child_merges, self._child.id or 0
        self._jobs.run(self, lambda: store.merges(child_id), self._show)

    def _show(self, merges: tuple[Merge, ...]) -> None:
        self.before.clear()
        for merge in merges:
            item = QListWidgetItem(f"{merge.merged_on.isoformat()}  {merge.dropped_no}  {merge.reason}")
            item.setData(Qt.ItemDataRole.UserRole, merge)
            self.before.addItem(item)
        self.back.setEnabled(any(merge.undoable for merge in merges))

    def merge(self) -> None:
        """Find the other file, ask once more, then merge."""
        number = self.other.text().strip()
        self._jobs.run(self, lambda: self._find(number), self._ask, self._failed)

    def _find(self, number: str) -> Any:
        store = self._desk.children
        found = [row for row in store.rows(store.find(ChildQuery(words=number))) if row.file_no == number]
        if not number or not found:
            text = N_("没有找到档案编号{number}，请核对后重新填写。") if number else N_("请填写并进来的档案编号。")
            raise Refused(Problem("other", text, {"number": number}))
        return found[0]

    def _ask(self, row: Any) -> None:
        text = _("把{number}（{name}）并进{kept}（{kept_name}）？")
        values = {"number": row.file_no, "name": row.name, "kept": self._child.file_no, "kept_name": self._child.name}
        if not ask(self, _("合并档案"), text.format(**values), {"yes": _("合并"), "": _("返回")}):
            return
        store, kept, dropped, reason = self._desk.child_merges, self._child.id or 0, row.id, self.reason.text()
        self._jobs.run(
            self, lambda: store.merge(kept, dropped, reason), lambda _id: self._done(_("档案已合并")), self._failed
        )

    def undo(self) -> None:
        """Take the chosen merge back."""
        item = self.before.currentItem()
        merge = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(merge, Merge):
            store = self._desk.child_merges
            self._jobs.run(self, lambda: store.undo(merge.id), lambda _none: self._done(_("合并已撤销")), self._failed)

    def _done(self, text: str) -> None:
        self.said.emit(text)
        self.accept()

    def _failed(self, error: DeskError) -> None:
        self.problem.setText(error.say())
