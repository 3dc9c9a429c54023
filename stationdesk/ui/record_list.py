"""The small lists inside a file: a few lines of one kind of record, with their own form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.fields import Described, describe
from stationdesk.i18n import _
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask, tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import EditorMaker
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One kind of record inside a file: what it is called, how it is made, saved and removed.

    `hide` names fields the form leaves out, `asked` those it marks as required beside those that always
    are; `shown` are the columns of the list where not all short fields are wanted; `prepare` links editors
    of a form with each other; `more` are further buttons: a text and what it does with the chosen record.
    Without `save` the list is only read; `added_only` says that what is saved is never changed.
    """

    key: str
    title: str
    cls: type
    blank: Callable[[], Any] | None = None
    save: Callable[[Any], Any] | None = None
    remove: Callable[[int], Any] | None = None
    editors: Callable[[], Mapping[str, EditorMaker]] = field(default=dict)
    prepare: Callable[[RecordForm], object] = lambda _form: None
    added_only: bool = False
    hide: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    more: tuple[tuple[str, Callable[[Any], Any]], ...] = ()
    empty: str = ""


class _Table(QTableWidget):
    """A table whose Enter opens the chosen line."""

    opened = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        super().keyPressEvent(event)


class RecordList(QWidget):
    """A titled list with its buttons. `changed` is sent when something was saved or removed."""

    changed = Signal(str)

    def __init__(
        self, desk: Desk, jobs: Jobs, what: Kept, parent: QWidget, *, text: Callable[[Described, Any], str], place: str
    ) -> None:
        super().__init__(parent)
        self.desk, self.jobs, self.what, self._text, self._place = desk, jobs, what, text, place
        self._records: Sequence[Any] = ()
        self._columns: list[Described] = []
        self._writable = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        title = QLabel(what.title)
        title.setObjectName("section")
        row.addWidget(title)
        row.addStretch(1)
        self.buttons = self._buttons(row)
        column.addLayout(row)
        self.table = _Table()
        self.table.setAccessibleName(what.title)
        self._dress()
        column.addWidget(self.table)
        self.none = QLabel(what.empty or _("还没有记录。"))
        self.none.setObjectName("quiet")
        self.none.setWordWrap(True)
        column.addWidget(self.none)

    def _buttons(self, row: QHBoxLayout) -> list[QPushButton]:
        made: list[tuple[str, str, Callable[[], None]]] = []
        if self.what.save is not None and self.what.blank is not None:
            made.append((_("添加"), "plus", self.add))
        for text, do in self.what.more:
            made.append((text, "", lambda do=do: self._do(do)))  # type: ignore[misc]
        if self.what.remove is not None:
            made.append((_("删除"), "trash-2", self.remove))
        buttons = []
        for text, picture, act in made:
            button = QPushButton(look.icon(picture), text) if picture else QPushButton(text)
            button.clicked.connect(lambda _on=False, act=act: act())
            button.setAccessibleName(f"{self.what.title} {text}")
            row.addWidget(button)
            buttons.append(button)
        return buttons

    def _dress(self) -> None:
        table = self.table
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + look.UNIT)
        table.doubleClicked.connect(lambda _index: self.open_current())
        table.opened.connect(self.open_current)

    def show_records(self, records: Sequence[Any], *, writable: bool) -> None:
        """Show these; columns in which nothing stands are left out."""
        self._records, self._writable = records, writable
        wanted = {c.name: c for c in describe(self.what.cls) if self._is_told(c)}
        self._columns = [wanted[name] for name in self.what.shown or wanted if name in wanted]
        self.table.setColumnCount(len(self._columns))
        self.table.setHorizontalHeaderLabels([c.label for c in self._columns])
        self.table.setRowCount(len(records))
        metrics = self.fontMetrics()
        for place, column in enumerate(self._columns):
            texts = [self._text(column, getattr(record, column.name)) for record in records]
            for row, text in enumerate(texts):
                item = QTableWidgetItem(" ".join(text.split()))
                item.setToolTip(text)
                self.table.setItem(row, place, item)
            widest = max(metrics.horizontalAdvance(text) for text in (column.label, *texts))
            self.table.setColumnWidth(place, min(widest, metrics.horizontalAdvance("国") * 16) + 3 * look.UNIT)
        lines = self.table.verticalHeader().defaultSectionSize() * min(len(records), 8)
        frame = self.table.horizontalHeader().sizeHint().height() + self.table.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(lines + frame + look.UNIT)
        self.table.setVisible(bool(records))
        self.none.setVisible(not records)
        for button in self.buttons:
            button.setVisible(writable)

    def _is_told(self, column: Described) -> bool:
        if column.name == "child_id" or (column.field.multiline and column.name not in self.what.shown):
            return False
        if column.type is bool and not column.many:
            return any(getattr(record, column.name) for record in self._records)
        return any(self._text(column, getattr(record, column.name)) for record in self._records)

    def current(self) -> Any:
        """The chosen record, None when none is."""
        row = self.table.currentRow()
        return self._records[row] if 0 <= row < len(self._records) else None

    # --- forms -----------------------------------------------------------------------------------

    def add(self) -> None:
        """Add a record."""
        if self.what.blank is not None and self._writable:
            self._edit(self.what.blank())

    def open_current(self) -> None:
        """Open the chosen record."""
        if self.current() is not None:
            self._edit(self.current())

    def reopen(self, draft: Draft) -> None:
        """Show a record that was typed and not saved."""
        if draft.record_id is None and self.what.blank is not None:
            self._edit(replace(self.what.blank(), uuid=draft.uuid), draft)
        else:
            record = next((r for r in self._records if r.id == draft.record_id), None)
            if record is not None:
                self._edit(record, draft)

    def _edit(self, record: Any, draft: Draft | None = None) -> None:
        form = RecordForm(
            record, editors=self.what.editors(), hide=("child_id", *self.what.hide), asked=self.what.asked
        )
        save = self.what.save
        if save is None or not self._writable or (self.what.added_only and record.id is not None):
            form.set_read_only()
        self.what.prepare(form)
        drafts = DraftPlace(self.desk, f"{self._place}/{self.what.key}") if self._writable else None
        dialog = FormDialog(self.what.title, form, self.jobs, save or _nothing, self, drafts=drafts)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(lambda _result: self.changed.emit(_("已保存")))
        dialog.open()

    def _do(self, act: Callable[[Any], Any]) -> None:
        record = self.current()
        if record is not None:
            self.jobs.run(self, lambda: act(record), lambda _none: self.changed.emit(_("已保存")), self._failed)

    def remove(self) -> None:
        """Remove the chosen record, after asking."""
        record, remove = self.current(), self.what.remove
        if record is None or remove is None:
            return
        choices = {"yes": _("删除"), "": _("返回")}
        if ask(self, self.what.title, _("确定删除选中的这一条吗？录入有误时才删除，情况变了请填终止日期。"), choices):
            self.jobs.run(self, lambda: remove(record.id), lambda _none: self.changed.emit(_("已删除")), self._failed)

    def _failed(self, error: DeskError) -> None:
        tell(self, self.what.title, error.say())


def _nothing(_record: Any) -> None:
    """What is only read is not saved."""
