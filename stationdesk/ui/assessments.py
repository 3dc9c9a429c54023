"""The form of an assessment: a choice for each row, and what the choices speak for while they are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from stationdesk.codes import Code
from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.assessment_forms import Answers, AssessmentKind, Item, levels_of, unanswered
from stationdesk.records.assessments import Assessment, next_due, propose
from stationdesk.records.categories import Suggestion
from stationdesk.ui import look
from stationdesk.ui.editors import ChoiceEditor, EditorMaker, read_value
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.record_list import Kept


@dataclass(frozen=True, slots=True)
class Known:
    """What the file on the screen tells the form: the triggers of risk, and who may have assessed."""

    triggers: tuple[Suggestion, ...]
    people: tuple[tuple[int, str], ...]


class AnswersEditor(QWidget):
    """The rows of a form with a choice each; the digits choose, Enter moves on. `said` is told below
    them: what they speak for so far."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        self.said = QLabel(self)
        self.said.setObjectName("notice")
        self.said.setWordWrap(True)
        self.said.hide()
        column.addWidget(self.said)
        self._grid.setHorizontalSpacing(2 * look.UNIT)
        self._grid.setVerticalSpacing(look.UNIT // 2)
        self._grid.setColumnStretch(1, 1)
        self._shown: Answers | None = None
        self.rows: dict[str, ChoiceEditor] = {}

    def value(self) -> Answers | None:
        """The answers chosen so far."""
        if self._shown is None:
            return None
        given = ((code, row.value()) for code, row in self.rows.items())
        return Answers(self._shown.template, self._shown.version, tuple((c, v) for c, v in given if v is not None))

    def set_value(self, value: Answers | None) -> None:
        """Show a form with its answers."""
        before = (self._shown.template, self._shown.version) if self._shown is not None else None
        self._shown = value
        if value is None or before != (value.template, value.version):
            self._build()
        given = dict(value.given) if value is not None else {}
        for code, row in self.rows.items():
            row.set_value(given.get(code))

    def say(self, text: str) -> None:
        """Tell something below the rows."""
        self.said.setText(text)
        self.setAccessibleDescription(text)
        self.said.show()

    def _build(self) -> None:
        while taken := self._grid.takeAt(0):
            if (widget := taken.widget()) is not None:
                # Gone at once: a draft counts what is there.
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self.rows = {}
        if self._shown is None:
            return
        form, group = self._shown.form, ""
        choices = [(c.code, f"{number} {c.label.say()}") for number, c in enumerate(form.choices, start=1)]
        for item in form.items:
            if item.group is not None and item.group.say() != group:
                group = item.group.say()
                title = QLabel(group)
                title.setObjectName("quiet")
                self._grid.addWidget(title, self._grid.rowCount(), 0, 1, 2)
            self._add(item, choices)
        self.setFocusProxy(next(iter(self.rows.values())))

    def _add(self, item: Item, choices: list[tuple[str, str]]) -> None:
        row = ChoiceEditor(choices, self, _("（未选）"))
        row.set_value(None)
        row.setAccessibleName(item.label.say())
        row.changed.connect(self.changed)
        label = QLabel(item.label.say(), self)
        label.setBuddy(row)
        place = self._grid.rowCount()
        self._grid.addWidget(label, place, 0)
        self._grid.addWidget(row, place, 1)
        if item.hint is not None:
            hint = QLabel(item.hint.say(), self)
            hint.setObjectName("quiet")
            hint.setWordWrap(True)
            self._grid.addWidget(hint, place + 1, 1)
            row.setAccessibleDescription(item.hint.say())
        self.rows[item.code] = row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter moves on to the next row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
            return
        super().keyPressEvent(event)


class _Following(QObject):
    """Lets score, level, rating and next day of a form follow what the answers speak for, until one of
    them is entered otherwise."""

    def __init__(self, form: RecordForm, triggers: tuple[Suggestion, ...]) -> None:
        super().__init__(form)
        self._form, self._triggers = form, triggers
        record: Assessment = form.record
        self._dress(record.kind)
        self._last = self._wanted(record.items, record.assessed_on)
        form.editor("kind").changed.connect(self._change_kind)
        for name in ("items", "assessed_on", "level"):
            form.editor(name).changed.connect(self._follow)
        if record.id is not None:
            # The rows are those of its kind: another kind is another assessment.
            form.editor("kind").setEnabled(False)
            self._say()
        else:
            self._follow()

    def _change_kind(self) -> None:
        kind = self._form.editor("kind").value()
        if kind is not None:
            self._dress(kind)
            self._form.editor("items").set_value(unanswered(kind))
            for name in ("score", "level", "rating", "next_due"):
                self._form.editor(name).set_value(None)
            self._last = {}
            self._follow()

    def _dress(self, kind: AssessmentKind) -> None:
        """Offer the levels of a kind, and show the fields it has."""
        self._form.editor("level").set_choices([(level, level.label) for level in levels_of(kind)])
        self._form.show_field("score", shown=unanswered(kind).form.is_scored)
        self._form.show_field("rating", shown=kind is AssessmentKind.GUARDIANSHIP)

    def _wanted(self, answers: Answers, assessed_on: date | None) -> dict[str, Any]:
        found = propose(answers, self._triggers)
        values = {"score": found.score, "level": found.level, "rating": found.rating}
        chosen = self._form.editor("level").value()
        return values | {"next_due": next_due(assessed_on, chosen) if assessed_on is not None else None}

    def _follow(self) -> None:
        answers = self._form.editor("items").value()
        if answers is None:
            return
        # The next day follows the level, so the level is set before it is asked for.
        for name in ("score", "level", "rating", "next_due"):
            wanted = self._wanted(answers, self._form.editor("assessed_on").value())[name]
            editor = self._form.editor(name)
            shown = _shown(editor)
            follows = shown is None or shown == self._last.get(name)
            self._last[name] = wanted
            if follows and shown != wanted:
                editor.set_value(wanted)
        self._say()

    def _say(self) -> None:
        editor = self._form.editor("items")
        answers = editor.value()
        if answers is None:
            return
        found = propose(answers, self._triggers)
        if found.level is None:
            text = _("按数字键选择，回车到下一项；还有{count}项没有选。").format(count=len(answers.missing()))
            editor.say(text)
            return
        text = _("建议等级：{level}").format(level=found.level.label)
        if found.score is not None:
            text = _("得分{score}，建议等级：{level}").format(score=found.score, level=found.level.label)
        if found.because:
            text += _("，因为{reasons}").format(reasons="、".join(trigger.say() for trigger in found.because))
        editor.say(text)


def _shown(editor: Any) -> Any:
    """What an editor holds; something half typed is nobody's proposal."""
    found, refused = read_value(editor)
    return editor if refused is not None else found


def assessments_of(desk: Desk, child_id: int, known: Callable[[], Known]) -> Kept:
    """The list of assessments of one child, with its form."""
    store, today = desk.child_files, desk.clock().date()

    def blank() -> Assessment:
        return Assessment(child_id=child_id, assessed_on=today, assessor_id=desk.actor.staff_id)

    def editors() -> Mapping[str, EditorMaker]:
        people = list(known().people)
        return {
            "assessor_id": lambda box: ChoiceEditor(people, box),
            "items": AnswersEditor,
            "level": lambda box: ChoiceEditor(_all_levels(), box),
        }

    def review(assessment: Assessment) -> None:
        store.review_assessment(assessment.id or 0)

    approves = desk.actor.may(Right.APPROVE_CHILDREN)
    return Kept(
        key="assessments",
        title=_("评估"),
        cls=Assessment,
        blank=blank,
        save=store.save_assessment,
        remove=store.remove_assessment,
        editors=editors,
        prepare=lambda form: _Following(form, known().triggers),
        hide=("reviewed_by",),
        more=((_("审核"), review),) if approves else (),
        empty=_("还没有评估。评估风险等级后，等级自动记入上面的历史。"),
    )


def _all_levels() -> list[tuple[Code, str]]:
    return [(level, level.label) for kind in AssessmentKind for level in levels_of(kind)]
