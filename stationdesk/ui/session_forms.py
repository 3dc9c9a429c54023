"""The forms of a session: when and where it is, how it ended, and an activity copied to another day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.attendance import CAME, AttendanceState
from stationdesk.records.partners import PartnerQuery
from stationdesk.records.series import Repeat, Series
from stationdesk.records.sessions import ActivitySession, Closing, SessionPlan, plan_of
from stationdesk.records.staff import Staff
from stationdesk.ui import look
from stationdesk.ui.booking_form import EndEditor, keep_length
from stationdesk.ui.dialogs import end_of
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor, DateEditor, DateTimeEditor, EditorMaker
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.session_view import SessionSeen
from stationdesk.ui.ticks import TickEditor

Choice = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What activities and sessions are made of: the rooms in use, the team of today, the partners, the
    purchased services."""

    rooms: tuple[Choice, ...]
    people: tuple[Choice, ...]
    partners: tuple[Choice, ...]
    contracts: tuple[Choice, ...]

    def person(self, desk: Desk) -> int | None:
        """Who is put down at first: the person at the desk."""
        mine = desk.actor.staff_id
        return mine if any(number == mine for number, _name in self.people) else None


def read_choices(desk: Desk, *, people: tuple[int | None, ...] = (), partners: tuple[int, ...] = ()) -> Choices:
    """Read the choices; on the database thread. Who and what is named stays to be chosen, also when gone."""
    today = desk.clock().date()
    team = [member for member in desk.staff.everyone() if member.serves_on(today) or member.id in people]
    cleared = {member.id for member in desk.screening.choosable_staff(today)}
    ids = [*desk.partners.find(PartnerQuery()), *partners]
    return Choices(
        rooms=tuple((room.id or 0, room.name) for room in desk.rooms.all_rooms()),
        people=tuple((member.id or 0, _person(member, cleared=member.id in cleared)) for member in team),
        partners=tuple((row.id, row.name) for row in desk.partners.rows(list(dict.fromkeys(ids)))),
        contracts=desk.contracts.choices(),
    )


def _person(member: Staff, *, cleared: bool) -> str:
    """Who somebody is; that nobody may choose them for work with children is seen before they are chosen."""
    told = (member.posts[0].label,) if cleared else (member.posts[0].label, _("没有有效的查询"))
    return f"{member.name}（{'，'.join(told)}）"


def next_start(now: datetime) -> datetime:
    """When a new session begins unless another time is typed: tomorrow at ten."""
    return datetime.combine(now.date() + timedelta(days=1), time(10))


def plan_form(desk: Desk, found: Choices, plan: SessionPlan) -> RecordForm:
    """The form of a session with its room."""
    made: dict[str, DateTimeEditor] = {}

    def start_editor(box: QWidget) -> QWidget:
        made["start"] = DateTimeEditor(box)
        return made["start"]

    editors: Mapping[str, EditorMaker] = {
        "start": start_editor,
        "end": lambda box: EndEditor(box, made["start"]),
        "room_id": lambda box: ChoiceEditor(found.rooms, box, _("（不用本站功能室）")),
        "responsible_id": lambda box: ChoiceEditor(found.people, box),
        "staff_ids": lambda box: TickEditor(found.people, box, _("没有其他在岗人员。")),
    }
    hidden = () if desk.actor.may(Right.OVERRIDE) else ("override_reason",)
    form = RecordForm(plan, editors=editors, hide=hidden, asked=("responsible_id",))
    keep_length(made["start"], form.editor("end"))
    return form


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


class SessionDialog(FormDialog):
    """A session of an activity that is there: added (one, or one on every day of a rule), changed, moved to
    another time or room."""

    def __init__(
        self, desk: Desk, jobs: Jobs, found: Choices, held: ActivitySession, room_id: int | None, parent: QWidget
    ) -> None:
        self._desk, self._held = desk, held
        self.form = plan_form(desk, found, plan_of(held, room_id))
        self.repeat = RepeatBox(held.start.date()) if held.id is None else None
        super().__init__(
            _("加一场") if held.id is None else _("修改这一场"),
            self.form,
            jobs,
            self._store,
            parent,
            reload=None if held.id is None else self._again,
            below=self.repeat,
            drafts=None if desk.read_only else DraftPlace(desk, f"activities/session/{held.activity_id}"),
        )
        if self.repeat is not None:
            self.repeat.changed.connect(self._touch)

    def inputs(self) -> dict[str, QWidget]:
        """The editors, and those of the rule."""
        return super().inputs() | ({} if self.repeat is None else {"repeat": self.repeat})

    def _again(self) -> SessionPlan:
        """The session as it was saved by somebody else; on the database thread."""
        self._held = self._desk.sessions.load(self._held.id or 0)
        return plan_of(self._held, self._desk.sessions.room_of(self._held.id or 0))

    def work_for(self, record: Any) -> Callable[[], Any]:
        """One session, or all days of the rule."""
        series = None if self.repeat is None else self.repeat.series(record.start.date())
        if series is None:
            return super().work_for(record)
        store, held = self._desk.sessions, record.on(self._held)
        return lambda: store.save_series(held, series, record.room_id, record.override_reason)[0]

    def _store(self, plan: SessionPlan) -> int:
        return self._desk.sessions.save(plan.on(self._held), plan.room_id, plan.override_reason)

    def _failed(self, error: DeskError) -> None:
        rest = error.problems if self.repeat is None else self.repeat.show_problems(error.problems)
        super()._failed(type(error)(*rest) if rest else SHOWN)


# Said under the fields already.
SHOWN = Refused(Problem("", N_("上面标红的内容还要改正。")))


class ClosingDialog(FormDialog):
    """结束这一场: heads without a name, cost, satisfaction; who signed up and was not ticked was absent."""

    def __init__(self, desk: Desk, jobs: Jobs, seen: SessionSeen, parent: QWidget) -> None:
        self._desk, held = desk, seen.held
        closing = Closing(
            headcount_children=held.headcount_children,
            headcount_adults=held.headcount_adults,
            cost=held.cost,
            satisfaction=held.satisfaction,
            items=held.items,
        )
        self.form = RecordForm(closing)
        said = QLabel(_closing_text(seen))
        said.setObjectName("notice")
        said.setWordWrap(True)
        store, number = desk.sessions, held.id or 0
        super().__init__(
            _("结束这一场"),
            self.form,
            jobs,
            lambda typed: store.close_session(number, typed),
            parent,
            below=said,
        )


def _closing_text(seen: SessionSeen) -> str:
    came = sum(line.state in CAME for line in seen.names)
    missing = sum(line.state is AttendanceState.SIGNED_UP for line in seen.names)
    helpers = sum(not shift.did_not_come for shift in seen.shifts)
    text = _("已点名{came}人，报了名没有点到的{missing}人会记为缺席；{helpers}位志愿者的时长和场地的使用同时计入。")
    return text.format(came=came, missing=missing, helpers=helpers)


class CopyDialog(QDialog):
    """复制活动: the same once more with all sessions from another day on; `copied` is sent with the new id."""

    copied = Signal(int)

    def __init__(self, desk: Desk, jobs: Jobs, activity_id: int, title: str, found: Choices, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._jobs, self._activity_id = desk, jobs, activity_id
        self.setWindowTitle(_("复制活动"))
        column = QVBoxLayout(self)
        said = QLabel(_("把“{title}”连同所有场次再办一次：各场的间隔、时间和场地不变。").format(title=title))
        said.setWordWrap(True)
        column.addWidget(said)
        form = QFormLayout()
        self.day = DateEditor(self, optional=False)
        self.day.setAccessibleName(_("新的首场日期"))
        self.day.set_value(desk.clock().date() + timedelta(days=7))
        form.addRow(_("新的首场日期"), self.day)
        self.leader = ChoiceEditor(found.people, self, _("（和原来一样）"))
        self.leader.setAccessibleName(_("负责人"))
        self.leader.set_value(None)
        form.addRow(_("负责人"), self.leader)
        column.addLayout(form)
        self.problem, self.go = end_of(self, column, _("复制"), self.save)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        self.resize(self.fontMetrics().horizontalAdvance("国") * 36, self.sizeHint().height())

    def save(self) -> None:
        """Copy all or nothing."""
        day = self.day.value()
        if not isinstance(day, date):
            self.problem.setText(_("请填写新的首场日期。"))
            return
        self.go.setEnabled(False)
        store, number, leader = self._desk.activities, self._activity_id, self.leader.value()
        self._jobs.run(self, lambda: store.copy(number, day, leader), self._done, self._failed)

    def _done(self, activity_id: Any) -> None:
        self.copied.emit(activity_id)
        self.accept()

    def _failed(self, error: DeskError) -> None:
        self.go.setEnabled(True)
        self.problem.setText(error.say())
