"""The forms of an activity: a new one with its first session, room and partners at once, or one that is there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.activities import Activity
from stationdesk.records.series import Repeat, Series
from stationdesk.records.sessions import SessionPlan, blank_session
from stationdesk.ui import look
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor, DateEditor, EditorMaker
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.session_forms import Choice, Choices, plan_form

# What is asked first of a new activity; the rest comes after its first session.
_FIRST = ("title", "form", "category", "leader_id", "target", "expected_count")
_LATER = ("summary", "ended_on")


def activity_editors(found: Choices) -> Mapping[str, EditorMaker]:
    """Choosers for what an activity refers to."""
    return {"leader_id": lambda box: ChoiceEditor(found.people, box)}


class PartnersEditor(QScrollArea):
    """A tick for each partner."""

    changed = Signal()

    def __init__(self, partners: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("合办单位"))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.ticks: dict[int, QCheckBox] = {}
        for number, name in partners:
            tick = QCheckBox(name)
            tick.toggled.connect(self.changed)
            column.addWidget(tick)
            self.ticks[number] = tick
        if not partners:
            none = QLabel(_("还没有登记协作单位，请到“协作单位”页登记。"))
            none.setObjectName("quiet")
            none.setWordWrap(True)
            column.addWidget(none)
        column.addStretch(1)
        self.setWidget(inside)

    def sizeHint(self) -> QSize:
        lines = min(max(len(self.ticks), 1), 5)
        return QSize(super().sizeHint().width(), (self.fontMetrics().lineSpacing() + look.UNIT) * lines)

    def value(self) -> tuple[int, ...]:
        """The ticked ones."""
        return tuple(number for number, tick in self.ticks.items() if tick.isChecked())

    def set_value(self, ids: Sequence[int]) -> None:
        """Tick these and no others."""
        for number, tick in self.ticks.items():
            tick.setChecked(number in ids)


class RepeatBox(QWidget):
    """Whether the sessions of a group go on, how often and until when."""

    changed = Signal()

    def __init__(self, start: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        form.setHorizontalSpacing(2 * look.UNIT)
        rules = [
            ((Repeat.WEEKLY, 1), _("每周一场")),
            ((Repeat.WEEKLY, 2), _("每两周一场")),
            ((Repeat.MONTHLY_DAY, 1), _("每月同一日一场")),
            ((Repeat.MONTHLY_WEEKDAY, 1), _("每月同一个星期几一场")),
        ]
        self.rule = ChoiceEditor(rules, self, _("只有一场"))
        self.rule.set_value(None)
        self.until = DateEditor(self, optional=False)
        self.until.set_value(start + timedelta(weeks=8))
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        for label, editor in ((_("重复"), self.rule), (_("截止日期（含当天）"), self.until)):
            editor.setAccessibleName(label)
            editor.changed.connect(self.changed)
            form.addRow(label, editor)
        form.addRow(self.problem)
        self.rule.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        layout = self.layout()
        if isinstance(layout, QFormLayout):
            layout.setRowVisible(self.until, self.rule.value() is not None)

    def series(self, first: date) -> Series | None:
        """The rule from the first session on; None for a single session."""
        rule, until = self.rule.value(), self.until.value()
        if rule is None or until is None:
            return None
        return Series(repeat=rule[0], interval=rule[1], first=first, until=until)

    def show_problems(self, problems: Sequence[Problem]) -> list[Problem]:
        """Show what is wrong with the rule; returns what belongs elsewhere."""
        own = [problem for problem in problems if problem.field in ("until", "first", "weekdays")]
        self.problem.setText("\n".join(problem.say() for problem in own))
        self.problem.setVisible(bool(own))
        return [problem for problem in problems if problem not in own]


def _section(column: QVBoxLayout, title: str, part: QWidget) -> None:
    label = QLabel(title)
    label.setObjectName("section")
    column.addWidget(label)
    column.addWidget(part)


class NewActivityDialog(FormDialog):
    """新活动: the activity, its first session with its room, whether it goes on, and its partners, in one step."""

    def __init__(
        self, desk: Desk, jobs: Jobs, found: Choices, plan: SessionPlan, activity: Activity, parent: QWidget
    ) -> None:
        self._desk = desk
        editors = activity_editors(found)
        self.form = RecordForm(activity, editors=editors, only=_FIRST, asked=("leader_id",))
        self.rest = RecordForm(activity, editors=editors, hide=(*_FIRST, *_LATER))
        self.session = plan_form(desk, found, plan)
        self.repeat = RepeatBox(plan.start.date())
        self.partners = PartnersEditor(found.partners)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.UNIT)
        _section(column, _("首场"), self.session)
        column.addWidget(self.repeat)
        _section(column, _("合办单位"), self.partners)
        _section(column, _("其他"), self.rest)
        drafts = None if desk.read_only else DraftPlace(desk, "activities/new")
        super().__init__(_("新活动"), self.form, jobs, _unused, parent, below=below, drafts=drafts)
        for part in (self.rest, self.session, self.repeat, self.partners):
            part.changed.connect(self._touch)

    def inputs(self) -> dict[str, QWidget]:
        """The editors of all parts."""
        found: dict[str, QWidget] = dict(super().inputs())
        for prefix, part in (("rest", self.rest), ("session", self.session)):
            found |= {f"{prefix}.{name}": editor for name, editor in part.editors.items()}
        return found | {"repeat": self.repeat, "partners": self.partners}

    def work_for(self, record: Any) -> Callable[[], Any]:
        """All parts at once; what is wrong is shown under its own field."""
        rest, rest_problems = self.rest.value()
        plan, problems = self.session.value()
        own = set(self.rest.open_names())
        # Between the two halves of the activity the rules are asked once they are one.
        single = [problem for problem in rest_problems if problem.field in own]
        activity = replace(record, **{name: getattr(rest, name) for name in own}) if not single else record
        between = () if single else tuple(activity.problems())
        Refused.over((*single, *between, *problems))
        series = self.repeat.series(plan.start.date())
        store, partners = self._desk.activities, self.partners.value()
        held = plan.on(blank_session(0, plan.start))
        held = replace(held, uuid=plan.uuid)
        return lambda: store.plan(activity, partners, held, series, plan.room_id, plan.override_reason)

    def _failed(self, error: DeskError) -> None:
        rest = self.session.show_problems(error.problems)
        rest = self.rest.show_problems(rest)
        rest = self.repeat.show_problems(rest)
        super()._failed(type(error)(*rest) if rest else _SHOWN)


# Said under the fields already.
_SHOWN = Refused(Problem("", N_("上面标红的内容还要改正。")))


class ActivityDialog(FormDialog):
    """An activity that is there, and its partners."""

    def __init__(
        self, desk: Desk, jobs: Jobs, found: Choices, activity: Activity, partners: Sequence[int], parent: QWidget
    ) -> None:
        self._desk = desk
        self.form = RecordForm(activity, editors=activity_editors(found), asked=("leader_id",))
        self.partners = PartnersEditor(found.partners)
        self.partners.set_value(partners)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        _section(column, _("合办单位"), self.partners)
        store, number = desk.activities, activity.id or 0
        super().__init__(
            _("修改活动"),
            self.form,
            jobs,
            _unused,
            parent,
            below=below,
            reload=lambda: store.load(number),
            drafts=None if desk.read_only else DraftPlace(desk, "activities/activity"),
        )
        self.partners.changed.connect(self._touch)

    def inputs(self) -> dict[str, QWidget]:
        """The editors, and the partners."""
        return super().inputs() | {"partners": self.partners}

    def work_for(self, record: Any) -> Callable[[], Any]:
        """The activity and its partners in one step."""
        store, partners = self._desk.activities, self.partners.value()
        return lambda: store.save(record, partners)


def _unused(_record: Any) -> None:
    """What is saved here is more than one record: `work_for` says how."""
