"""One session on the screen: what and when on top, below it the names, the helpers, and what it amounts to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.fields import Described, describe, to_text
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.activities import Activity
from stationdesk.records.attendance import AttendanceRow, AttendanceState, in_groups
from stationdesk.records.calendar import weekday_name
from stationdesk.records.schedule import when_text
from stationdesk.records.sessions import NOT_HELD, ActivitySession, SessionOutcome, SessionRow, SessionStatus
from stationdesk.records.shifts import ShiftRow
from stationdesk.records.summaries import hours
from stationdesk.ui import look
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.name_lines import NamesTable
from stationdesk.ui.record_list import Kept, RecordList
from stationdesk.ui.session_photos import SessionPhotos


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """All that is shown of one session."""

    held: ActivitySession
    activity: Activity
    row: SessionRow
    names: tuple[AttendanceRow, ...]
    shifts: tuple[ShiftRow, ...]
    outcome: SessionOutcome
    partners: tuple[str, ...]
    staff: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it still takes names and helpers."""
        return self.held.status is SessionStatus.PLANNED


def read_session(desk: Desk, session_id: int) -> SessionSeen:
    """Read one session; on the database thread. Raises `Missing`."""
    held = desk.sessions.load(session_id)
    sees_helpers = desk.actor.may(Right.SEE_VOLUNTEERS)
    return SessionSeen(
        held=held,
        activity=desk.activities.load(held.activity_id),
        row=desk.sessions.rows([session_id])[0],
        names=desk.attendance.names(session_id),
        shifts=desk.shifts.rows(desk.shifts.find(session_id=session_id)) if sees_helpers else (),
        outcome=desk.sessions.outcome(session_id),
        partners=desk.activities.partner_names(held.activity_id),
        staff=tuple(row.name for row in desk.staff.rows(held.staff_ids)) if desk.actor.may(Right.SEE_STAFF) else (),
    )


class SessionView(QWidget):
    """`changed` is sent with what was done here, `chosen` with the id of a child to be opened, `shown` when a
    session has come, `failed` with why one cannot be shown. `buttons` stand over the tabs they belong to."""

    changed = Signal(str)
    chosen = Signal(int)
    shown = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, buttons: Mapping[str, Sequence[QWidget]]) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self.seen: SessionSeen | None = None
        self._wanted: int | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._head(buttons.get("head", ())))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(_("这一场的内容"))
        column.addWidget(self.tabs, 1)
        self.names = NamesTable(self)
        self.names.opened.connect(self._open_child)
        self.no_names = _quiet(_("还没有人报名。点“报名”登记孩子，或活动当天直接点名。"))
        self._tab(_("名单"), buttons.get("names", ()), self.no_names, self.names)
        self.helpers = RecordList(desk, jobs, self._helpers(), self, text=_shift_text, place="activities")
        self.helpers.changed.connect(self.changed)
        self._tab(_("志愿者"), buttons.get("helpers", ()), self.helpers)
        self.facts = QWidget()
        self._facts = QFormLayout(self.facts)
        self._facts.setHorizontalSpacing(2 * look.UNIT)
        self._facts.setVerticalSpacing(look.UNIT)
        # With much to tell it would make the window higher than a small screen.
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.facts)
        self._outcome = self._tab(_("情况"), buttons.get("facts", ()), area)
        self.photos = SessionPhotos(desk, jobs, self)
        self.photos.said.connect(self.changed)
        self.tabs.addTab(self.photos, _("照片"))
        self.hide()

    def _head(self, buttons: Sequence[QWidget]) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        self.title, self.sub, self.state = QLabel(), QLabel(), QLabel()
        self.title.setObjectName("section")
        for label in (self.title, self.sub, self.state):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return card

    def _tab(self, title: str, buttons: Sequence[QWidget], *parts: QWidget) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        tall = [part for part in parts if part is self.names or isinstance(part, QScrollArea)]
        for part in parts:
            column.addWidget(part, 1 if part in tall else 0)
        if not tall:
            column.addStretch(1)
        self.tabs.addTab(page, title)
        return page

    def _helpers(self) -> Kept:
        may = self.desk.actor.may(Right.EDIT_VOLUNTEERS)
        return Kept(
            key="shifts",
            title=_("志愿者"),
            cls=ShiftRow,
            remove=self.desk.shifts.remove if may else None,
            more=((_("未到/改为到了"), self._turn),) if may else (),
            empty=_("还没有安排志愿者。"),
        )

    def _turn(self, row: ShiftRow) -> None:
        """Say that a helper did not come, or did; on the database thread."""
        shift = self.desk.shifts.load(row.id)
        self.desk.shifts.save(replace(shift, did_not_come=not shift.did_not_come))

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def session_id(self) -> int | None:
        """The session that is shown, or will be in a moment."""
        return self._wanted

    def show_session(self, session_id: int) -> None:
        """Read a session and show it."""
        self._wanted = session_id
        self.jobs.run(self, lambda: read_session(self.desk, session_id), self._show, self._not_shown)

    def show_outcome(self) -> None:
        """Turn to what the session amounts to."""
        self.tabs.setCurrentWidget(self._outcome)

    def clear(self) -> None:
        """Show nothing."""
        self.seen, self._wanted = None, None
        self.photos.show_session(None, False)
        self.hide()
        self.shown.emit()

    def _not_shown(self, error: DeskError) -> None:
        self.clear()
        self.failed.emit(error)

    def _show(self, seen: SessionSeen) -> None:
        if seen.held.id != self._wanted:
            return
        chosen = self.names.current() if self.seen is not None and self.seen.held.id == seen.held.id else None
        self.seen = seen
        self._show_head(seen)
        self.names.show_lines(in_groups(seen.names))
        if chosen is not None:
            self.names.choose(chosen.child_id)
        self.names.setVisible(bool(seen.names))
        self.no_names.setVisible(not seen.names)
        # Of one that was put off they can be taken off: it is planned again with those who are left.
        writable = seen.held.status is not SessionStatus.DONE and not self.desk.read_only
        self.helpers.show_records(seen.shifts, writable=writable)
        self._show_facts(seen)
        # Pictures come in after the event too.
        self.photos.show_session(seen.held.id, seen.held.status not in NOT_HELD)
        here = sum(line.state is not AttendanceState.WITHDRAWN for line in seen.names)
        self.tabs.setTabText(0, _("名单（{count}）").format(count=here))
        self.tabs.setTabText(1, _("志愿者（{count}）").format(count=len(seen.shifts)))
        self.show()
        self.shown.emit()

    def _show_head(self, seen: SessionSeen) -> None:
        held, row = seen.held, seen.row
        seq = _("第{seq}场").format(seq=held.seq)
        self.title.setText(f"{seen.activity.title}  {seq}")
        when = f"{when_text(held.start, held.end)} {weekday_name(held.start.date())}"
        led = _("负责：{name}").format(name=row.responsible_name) if row.responsible_name else ""
        self.sub.setText("  ".join(part for part in (when, row.place_name or "", led) if part))
        heads = _("报名{count}人，候补{waiting}人，到场{present}人").format(
            count=row.signed_up, waiting=row.waiting, present=row.present
        )
        reason = _("原因：{reason}").format(reason=held.reason) if held.status in NOT_HELD and held.reason else ""
        self.state.setText("  ".join(part for part in (held.status.label, heads, reason) if part))

    def _show_facts(self, seen: SessionSeen) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for label, text in facts_of(seen):
            told = QLabel(text)
            told.setWordWrap(True)
            told.setTextFormat(Qt.TextFormat.PlainText)
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addRow(_quiet(label), told)

    def _open_child(self) -> None:
        line = self.names.current()
        if line is not None:
            self.chosen.emit(line.child_id)


def facts_of(seen: SessionSeen) -> list[tuple[str, str]]:
    """What a session amounts to, label by label; what nothing is known of is left out."""
    outcome, presence, held = seen.outcome, seen.outcome.presence, seen.held
    people = _(
        "儿童{children}人，家长{guardians}人，未登记的未成年人{heads}人、成人{adults}人，合计{total}人次"
    ).format(
        children=presence.children,
        guardians=presence.guardians,
        heads=presence.headcount_children,
        adults=presence.headcount_adults,
        total=presence.total,
    )
    helped = _("{count}人，{hours}小时").format(count=outcome.volunteers, hours=hours(outcome.volunteer_minutes))
    facts = [(_("人次"), people), (_("志愿服务"), helped)]
    facts += [(_("场地使用"), _("{minutes}分钟").format(minutes=outcome.room_minutes))]
    facts += [(_("其他工作人员"), "、".join(seen.staff)), (_("合办单位"), "、".join(seen.partners))]
    facts += [(_("支出"), _("{cost}元").format(cost=outcome.cost))]
    shown = describe(ActivitySession)
    facts += [(column.label, _value(column, held)) for column in shown if column.name in ("items", "satisfaction")]
    kind: type = type(seen.activity)
    told = [column for column in describe(kind) if column.name not in ("title", "leader_id")]
    facts += [(column.label, _value(column, seen.activity)) for column in told if _is_told(column, seen.activity)]
    return [(label, text) for label, text in facts if text]


def _is_told(column: Described, record: object) -> bool:
    value = getattr(record, column.name)
    # A reference has no text of its own here.
    return value not in (None, False, ()) and not column.name.endswith("_id")


def _value(column: Described, record: object) -> str:
    text = to_text(getattr(record, column.name))
    return f"{text}{_(column.field.unit)}" if text and column.field.unit else text


def _shift_text(column: Described, value: object) -> str:
    if column.name in ("title", "session_id"):
        return ""
    return "" if value is False else to_text(value)


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("quiet")
    label.setWordWrap(True)
    return label
