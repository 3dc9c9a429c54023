"""Half-typed forms: kept every three seconds, given back to the same person at the next login."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.drafts import Draft
from stationdesk.ui.dialogs import dialog_button
from stationdesk.ui.jobs import Jobs

KEEP_MS = 3000
_INPUTS = (QLineEdit, QPlainTextEdit, QCheckBox, QComboBox, QDateTimeEdit)
_MOMENT = "yyyy-MM-ddTHH:mm"


def _inputs(editor: QWidget) -> list[QWidget]:
    """The plain inputs an editor is made of, in the order they were made."""
    if isinstance(editor, _INPUTS):
        return [editor]
    found = []
    for child in editor.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        found += _inputs(child)
    return found


def typed(editor: QWidget) -> list[str]:
    """What the inputs of an editor show, readable or not."""
    return [_shown(part) for part in _inputs(editor)]


def _shown(part: QWidget) -> str:
    if isinstance(part, QLineEdit):
        return part.text()
    if isinstance(part, QPlainTextEdit):
        return part.toPlainText()
    if isinstance(part, QCheckBox):
        return "1" if part.isChecked() else ""
    if isinstance(part, QComboBox):
        return part.currentText()
    return part.dateTime().toString(_MOMENT) if isinstance(part, QDateTimeEdit) else ""


def retype(editor: QWidget, texts: Sequence[str]) -> None:
    """Show again what `typed` gave; an editor that is made of other parts by now stays as it is."""
    parts = _inputs(editor)
    if len(parts) == len(texts):
        for part, text in zip(parts, texts, strict=True):
            _show(part, text)


def _show(part: QWidget, text: str) -> None:
    if isinstance(part, QLineEdit):
        part.setText(text)
    elif isinstance(part, QPlainTextEdit):
        part.setPlainText(text)
    elif isinstance(part, QCheckBox):
        part.setChecked(bool(text))
    elif isinstance(part, QComboBox):
        part.setCurrentIndex(part.findText(text))
    elif isinstance(part, QDateTimeEdit):
        part.setDateTime(part.dateTime().fromString(text, _MOMENT))


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Whose drafts of a form are kept, and the place (`page/part`) that can open the form again."""

    desk: Desk
    place: str


class DraftKeeper(QObject):
    """Keeps what is typed in some editors as a draft of `record`, three seconds after a change."""

    def __init__(
        self, where: DraftPlace, title: str, record: Any, editors: Mapping[str, QWidget], jobs: Jobs, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._where, self._title, self._uuid, self._jobs = where, title, record.uuid, jobs
        # A registration is new whatever it is: it has a uuid and no id yet.
        self._id: int | None = getattr(record, "id", None)
        self._editors = dict(editors)
        self._before = {name: typed(editor) for name, editor in editors.items()}
        self._kept = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.keep)

    def changed(self) -> None:
        """Something was typed; while typing goes on, it is kept all the same."""
        if not self._timer.isActive():
            self._timer.start()

    def state(self) -> dict[str, list[str]]:
        """What is to be kept: of a new record all, once something was typed; of an old one what differs
        from how it was opened, so that a draft never undoes what somebody else changed meanwhile."""
        found = {name: typed(editor) for name, editor in self._editors.items()}
        changed = {name: texts for name, texts in found.items() if texts != self._before[name]}
        return found if changed and self._id is None else changed

    def keep(self) -> None:
        """Keep it now."""
        self._timer.stop()
        state = self.state()
        if not state:
            return
        draft = Draft(
            uuid=self._uuid,
            place=self._where.place,
            title=self._title,
            record_id=self._id,
            state=state,
        )
        self._kept = True
        self._jobs.run(self, lambda: self._where.desk.drafts.keep(draft), failed=_leave_it)

    def keep_if_waiting(self) -> None:
        """Keep what has been typed since the last time: the desk is about to be left."""
        if self._timer.isActive():
            self.keep()

    def forget(self) -> None:
        """It was saved, or is not wanted."""
        self._timer.stop()
        if self._kept:
            self._kept = False
            self._jobs.run(self, lambda: self._where.desk.drafts.drop([self._uuid]), failed=_leave_it)

    def retype(self, draft: Draft) -> None:
        """Show what a draft held."""
        for name, texts in draft.state.items():
            if name in self._editors:
                retype(self._editors[name], texts)
        self._kept = True


def _leave_it(_error: DeskError) -> None:
    """A disk that takes no draft takes no save either, and then the form says so."""


class DraftsDialog(QDialog):
    """The drafts of the person at the desk: to be opened, or thrown away. `chosen` names the one."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, drafts: Sequence[Draft], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("没有保存的内容"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._jobs = desk, jobs
        column = QVBoxLayout(self)
        said = QLabel(_("这些表单上次没有保存。打开后请核对再保存；丢弃后不能找回。"))
        said.setWordWrap(True)
        column.addWidget(said)
        self.list = QListWidget()
        self.list.setAccessibleName(_("没有保存的内容"))
        for draft in drafts:
            item = QListWidgetItem(f"{draft.title}  {draft.saved_at[:16].replace('T', ' ')}")
            item.setData(Qt.ItemDataRole.UserRole, draft)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _item: self._open())
        column.addWidget(self.list)
        row = QHBoxLayout()
        row.addStretch(1)
        for text, do, main in (
            (_("以后再说"), self.close, False),
            (_("丢弃"), self._drop, False),
            (_("打开"), self._open, True),
        ):
            row.addWidget(dialog_button(text, do, main=main))
        column.addLayout(row)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("x") * 70, metrics.lineSpacing() * 14)

    def _current(self) -> Draft | None:
        item = self.list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, Draft) else None

    def _open(self) -> None:
        draft = self._current()
        if draft is not None:
            self.close()
            self.chosen.emit(draft)

    def _drop(self) -> None:
        draft = self._current()
        if draft is not None:
            self._jobs.run(self, lambda: self._desk.drafts.drop([draft.uuid]))
            self.list.takeItem(self.list.currentRow())
        if not self.list.count():
            self.close()
