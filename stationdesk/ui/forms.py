"""A form over one record, built from its described fields."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stationdesk.errors import Conflict, DeskError, Problem, Refused
from stationdesk.fields import Described, check, describe
from stationdesk.i18n import N_, _
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask
from stationdesk.ui.drafts import DraftKeeper, DraftPlace
from stationdesk.ui.editors import EditorMaker, editor_for, read_value
from stationdesk.ui.jobs import Jobs

_NO_EDITORS: Mapping[str, EditorMaker] = {}


def described_of(record: Any) -> tuple[Described, ...]:
    """The labelled fields of a record."""
    kind: type = type(record)
    return describe(kind)


class RecordForm(QWidget):
    """Label, editor and problem line for each labelled field of a record.

    `editors` brings editors of one's own by field name, `hide` leaves fields out, `only` keeps
    some, `locked` ones are shown (masked, as the person may see them) and left as they are. `asked` ones
    are marked like those that are always required. The form edits a copy: `value` gives the record with
    what was typed.
    """

    changed = Signal()

    def __init__(
        self,
        record: Any,
        parent: QWidget | None = None,
        *,
        editors: Mapping[str, EditorMaker] = _NO_EDITORS,
        hide: Collection[str] = (),
        only: Collection[str] = (),
        locked: Collection[str] = (),
        asked: Collection[str] = (),
    ) -> None:
        super().__init__(parent)
        self._record = record
        self._locked = frozenset(locked)
        self.read_only = False
        self._editors: dict[str, QWidget] = {}
        self._problems: dict[str, QLabel] = {}
        layout = QFormLayout(self)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        layout.setHorizontalSpacing(2 * look.UNIT)
        layout.setVerticalSpacing(look.UNIT // 2)
        for column in described_of(record):
            if column.name in hide or (only and column.name not in only):
                continue
            editor = editors[column.name](self) if column.name in editors else editor_for(column, self)
            editor.setAccessibleName(column.label)
            editor.set_value(getattr(record, column.name))  # type: ignore[attr-defined]
            editor.setEnabled(column.name not in self._locked)
            editor.changed.connect(self.changed)  # type: ignore[attr-defined]
            editor.installEventFilter(self)
            self._editors[column.name] = editor
            marked = column.required or column.name in asked
            label = QLabel(f"{column.label}{' *' if marked else ''}")
            label.setBuddy(editor)
            layout.addRow(label, self._with_problem(column.name, editor, _(column.field.unit), _(column.field.hint)))

    def _with_problem(self, name: str, editor: QWidget, unit: str, hint: str) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, look.UNIT // 2)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.addWidget(editor, 1)
        if unit:
            line.addWidget(QLabel(unit))
        column.addLayout(line)
        if hint and not isinstance(editor, QLineEdit):
            quiet = QLabel(hint)
            quiet.setObjectName("quiet")
            quiet.setWordWrap(True)
            column.addWidget(quiet)
        problem = QLabel()
        problem.setObjectName("problem")
        problem.setWordWrap(True)
        problem.hide()
        column.addWidget(problem)
        self._problems[name] = problem
        return box

    @property
    def record(self) -> Any:
        """The record as it was given."""
        return self._record

    @property
    def editors(self) -> dict[str, QWidget]:
        """All editors, by field name."""
        return dict(self._editors)

    def editor(self, name: str) -> Any:
        """The editor of one field."""
        return self._editors[name]

    def value(self) -> tuple[Any, list[Problem]]:
        """The record as typed and what is wrong with it; with problems the record is not whole."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name in self.open_names():
            found, refused = read_value(self._editors[name])
            if refused is not None:
                problems += refused.problems
            else:
                values[name] = found
        blank = {d.name: d for d in described_of(self._record) if d.required}
        for name in [name for name, found in values.items() if found is None and name in blank]:
            # A required date or choice left empty: the record cannot even be made with it.
            problems.append(Problem(name, N_("请填写{label}。"), {"label": blank[name].label}))
            del values[name]
        record = replace(self._record, **values)
        typed = {p.field for p in problems}
        own = getattr(record, "problems", None)
        more = [*check(record), *(own() if own is not None and not problems else ())]
        shown = (*self.open_names(), "")
        return record, problems + [p for p in more if p.field in shown and p.field not in typed]

    def open_names(self) -> list[str]:
        """The fields that can be typed in."""
        return [name for name in self._editors if name not in self._locked]

    def set_record(self, record: Any) -> None:
        """Show another state of the record."""
        self._record = record
        for name, editor in self._editors.items():
            editor.set_value(getattr(record, name))  # type: ignore[attr-defined]
        self.show_problems(())

    def show_problems(self, problems: Iterable[Problem]) -> list[Problem]:
        """Show each problem under its field; returns those that belong to none. The first problem's
        field takes the focus."""
        sentences: dict[str, list[str]] = {}
        rest: list[Problem] = []
        for problem in problems:
            if problem.field in self._problems:
                sentences.setdefault(problem.field, []).append(problem.say())
            else:
                rest.append(problem)
        for name, label in self._problems.items():
            label.setObjectName("problem")
            label.style().polish(label)
            label.setText("\n".join(sentences.get(name, ())))
            label.setVisible(name in sentences)
        first = next((name for name in self._editors if name in sentences), None)
        if first is not None:
            self._editors[first].setFocus(Qt.FocusReason.OtherFocusReason)
        return rest

    def say_under(self, name: str, text: str, *, wrong: bool = False) -> None:
        """Say something under a field while it is typed; "" takes it away."""
        label = self._problems[name]
        label.setObjectName("problem" if wrong else "quiet")
        label.style().polish(label)
        label.setText(text)
        label.setVisible(bool(text))

    def show_field(self, name: str, *, shown: bool) -> None:
        """Show a field with its label, or take it from sight; its value stays."""
        layout, box = self.layout(), self._editors[name].parentWidget()
        if isinstance(layout, QFormLayout) and box is not None:
            layout.setRowVisible(box, shown)

    def set_read_only(self) -> None:
        """Show, but let nothing be changed."""
        self.read_only = True
        for editor in self._editors.values():
            editor.setEnabled(False)

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        if self._editors:
            next(iter(self._editors.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter moves on to the next field."""
        simple = isinstance(watched, (QLineEdit, QComboBox, QAbstractSpinBox))
        if simple and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.focusNextChild()
                return True
        return super().eventFilter(watched, event)


class FormDialog(QDialog):
    """A form with 保存 and 取消, saved by `save` on the database thread; the same to add and to edit.

    `reload` gives the stored state after a conflict. `saved` is sent with what `save` returned. With
    `drafts` what is typed survives a crash and a lock.
    """

    saved = Signal(object)

    def __init__(
        self,
        title: str,
        form: RecordForm,
        jobs: Jobs,
        save: Callable[[Any], Any],
        parent: QWidget,
        *,
        reload: Callable[[], Any] | None = None,
        below: QWidget | None = None,
        drafts: DraftPlace | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._form, self._jobs, self._save, self._reload = form, jobs, save, reload
        self._dirty = False
        self._busy = False
        self._keeper: DraftKeeper | None = None
        form.changed.connect(self._touch)
        layout = QVBoxLayout(self)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(form)
        if below is not None:
            column.addWidget(below)
        column.addStretch(1)
        area.setWidget(inside)
        self._area = area
        layout.addWidget(area, 1)
        self._whole = QLabel()
        self._whole.setObjectName("problem")
        self._whole.setWordWrap(True)
        self._whole.hide()
        layout.addWidget(self._whole)
        layout.addLayout(self._buttons())
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        metrics = self.fontMetrics()
        room = self.screen().availableGeometry()
        wanted = inside.sizeHint().height() + metrics.lineSpacing() * 5
        self.resize(min(metrics.horizontalAdvance("x") * 90, room.width() - 80), min(wanted, room.height() - 100))
        form.focus_first()
        if drafts is not None:
            self._keeper = DraftKeeper(drafts, title, form.record, self.inputs(), jobs, self)

    def inputs(self) -> dict[str, QWidget]:
        """What is typed in, by name."""
        return self._form.editors

    def bring_into_sight(self, part: QWidget) -> None:
        """Something has come up in the form that must be seen: grow, or scroll to it."""
        room = self.screen().availableGeometry().height() - 100
        self.resize(self.width(), min(self.height() + part.sizeHint().height(), max(room, self.height())))
        QTimer.singleShot(0, part, lambda: self._area.ensureWidgetVisible(part))

    def retype(self, draft: Draft) -> None:
        """Show what was typed and not saved."""
        if self._keeper is not None:
            self._keeper.retype(draft)
            self._dirty = True

    def let_go(self) -> None:
        """Close without a question: the desk is left, what was typed is kept as a draft."""
        if self._keeper is not None:
            self._keeper.keep_if_waiting()
        self._dirty = False
        self.close()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton(_("取消"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.close)
        self._button = QPushButton(_("保存"))
        self._button.setObjectName("main")
        self._button.setAutoDefault(False)
        self._button.setToolTip("Ctrl+S")
        self._button.clicked.connect(self.save)
        row.addWidget(cancel)
        row.addWidget(self._button)
        return row

    def _touch(self) -> None:
        self._dirty = True
        if self._keeper is not None:
            self._keeper.changed()

    def save(self) -> None:
        """Check and save; whatever goes wrong, all that was typed stays."""
        if self._busy:
            return
        record, problems = self._form.value()
        self._say(self._form.show_problems(problems))
        if problems:
            return
        try:
            work = self.work_for(record)
        except Refused as refused:
            self._failed(refused)
            return
        self._busy = True
        self._button.setEnabled(False)
        self._jobs.run(self, work, self._saved, self._failed)

    def work_for(self, record: Any) -> Callable[[], Any]:
        """What saving `record` means; called on the window's thread, so it may read widgets."""
        return lambda: self._save(record)

    def _saved(self, result: Any) -> None:
        self._dirty = False
        self._forget_draft()
        self.saved.emit(result)
        self.close()

    def _forget_draft(self) -> None:
        if self._keeper is not None:
            self._keeper.forget()

    def _failed(self, error: DeskError) -> None:
        self._busy = False
        self._button.setEnabled(True)
        if isinstance(error, Conflict) and self._reload is not None:
            choices = {"reload": _("重新载入"), "keep": _("先不载入")}
            if ask(self, _("保存"), error.say(), choices) == "reload":
                self._jobs.run(self, self._reload, self._form.set_record)
            return
        self._say(self._form.show_problems(error.problems))

    def _say(self, problems: Iterable[Problem]) -> None:
        text = "\n".join(problem.say() for problem in problems)
        self._whole.setText(text)
        self._whole.setVisible(bool(text))

    def showEvent(self, event: QShowEvent) -> None:
        """What can only be read has nothing to save."""
        self._button.setVisible(not self._form.read_only)
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, asking first when something was typed."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing a changed form asks."""
        if self._dirty:
            choices = {"save": _("保存"), "drop": _("不保存"), "stay": _("继续编辑")}
            answer = ask(self, self.windowTitle(), _("填写的内容还没有保存。"), choices)
            if answer != "drop":
                event.ignore()
                if answer == "save":
                    self.save()
                return
            self._forget_draft()
        event.accept()
