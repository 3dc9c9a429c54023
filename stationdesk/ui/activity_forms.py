"""The forms of an activity: a new one with its first session, room and partners at once, or one that is there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Refused
from stationdesk.i18n import _
from stationdesk.records.activities import Activity
from stationdesk.records.sessions import SessionPlan, blank_session
from stationdesk.ui import look
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor, EditorMaker
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.session_forms import SHOWN, Choices, RepeatBox, plan_form
from stationdesk.ui.ticks import TickEditor

# What is asked first of a new activity; the rest comes after its first session.
_FIRST = ("title", "form", "category", "leader_id", "target", "expected_count")
_LATER = ("summary", "ended_on")


def activity_editors(found: Choices) -> Mapping[str, EditorMaker]:
    """Choosers for what an activity refers to."""
    return {
        "leader_id": lambda box: ChoiceEditor(found.people, box),
        "contract_id": lambda box: ChoiceEditor(found.contracts, box, _("（不属于项目）")),
    }


def _partners_editor(found: Choices, parent: QWidget) -> TickEditor:
    made = TickEditor(found.partners, parent, _("还没有登记协作单位，请到“协作单位”页登记。"))
    made.setAccessibleName(_("合办单位"))
    return made


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
        below = QWidget()
        self.partners = _partners_editor(found, below)
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
        # Its first session goes by the activity's uuid, which a draft brings back: saved once more after a
        # lost answer, no second one is there.
        held = replace(plan.on(blank_session(0, plan.start)), uuid=activity.uuid)
        return lambda: store.plan(activity, partners, held, series, plan.room_id, plan.override_reason)

    def _failed(self, error: DeskError) -> None:
        rest = self.session.show_problems(error.problems)
        rest = self.rest.show_problems(rest)
        rest = self.repeat.show_problems(rest)
        super()._failed(type(error)(*rest) if rest else SHOWN)


class ActivityDialog(FormDialog):
    """An activity that is there, and its partners."""

    def __init__(
        self, desk: Desk, jobs: Jobs, found: Choices, activity: Activity, partners: Sequence[int], parent: QWidget
    ) -> None:
        self._desk = desk
        self.form = RecordForm(activity, editors=activity_editors(found), asked=("leader_id",))
        below = QWidget()
        self.partners = _partners_editor(found, below)
        self.partners.set_value(partners)
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
