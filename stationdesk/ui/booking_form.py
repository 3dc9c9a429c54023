"""The form of a booking, with its series and the preview of every date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import Problem, Refused
from stationdesk.fields import check
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.bookings import WITH_CHILDREN, Booking, is_own
from stationdesk.records.calendar import WEEKDAYS
from stationdesk.records.masking import hidden_fields
from stationdesk.records.rooms import Room
from stationdesk.records.schedule import Verdict
from stationdesk.records.series import PreviewLine, Scope, Series, Weekday
from stationdesk.records.staff import Staff
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor, DateTimeEditor, TimeEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs


@dataclass(frozen=True, slots=True)
class Choices:
    """What a booking can be made of: the rooms in use and the team of today."""

    rooms: tuple[Room, ...]
    staff: tuple[Staff, ...]


def choices(desk: Desk, booking: Booking | None = None) -> Choices:
    """Read the choices; on the database thread. An old booking keeps its own room and person, also
    when they are gone, and may be given to whoever served on its day."""
    today = desk.clock().date()
    day, own_room, own_person = today, None, None
    if booking is not None:
        day, own_room, own_person = booking.start.date(), booking.room_id, booking.responsible_id
    rooms = desk.rooms.all_rooms(gone=True)
    staff = desk.staff.everyone()
    return Choices(
        tuple(room for room in rooms if room.active or room.id == own_room),
        tuple(m for m in staff if m.serves_on(today) or m.serves_on(day) or m.id == own_person),
    )


class EndEditor(TimeEditor):
    """The end's time of day; its day is the start's."""

    def __init__(self, parent: QWidget, start: DateTimeEditor) -> None:
        super().__init__(parent)
        self._start = start

    def value(self) -> datetime | None:  # type: ignore[override]
        """The moment."""
        clock, start = super().value(), self._start.value()
        return None if clock is None or start is None else datetime.combine(start.date(), clock)

    def set_value(self, value: datetime | time | None) -> None:
        """Show the time of day."""
        super().set_value(value.time() if isinstance(value, datetime) else value)


def booking_form(desk: Desk, found: Choices, booking: Booking) -> RecordForm:
    """The form of a booking, with pickers for room and person."""
    rooms = [(room.id, room.name) for room in found.rooms]
    people = [(member.id, f"{member.name}（{member.posts[0].label}）") for member in found.staff]
    hidden = {"status", "cancel_reason"}
    if booking.end > desk.clock() and booking.actual_count is None:
        hidden.add("actual_count")
    if not desk.actor.may(Right.OVERRIDE):
        hidden.add("override_reason")
    made: dict[str, DateTimeEditor] = {}

    def start_editor(parent: QWidget) -> QWidget:
        made["start"] = DateTimeEditor(parent)
        return made["start"]

    form = RecordForm(
        booking,
        editors={
            "room_id": lambda parent: ChoiceEditor(rooms, parent),
            "responsible_id": lambda parent: ChoiceEditor(people, parent),
            "start": start_editor,
            "end": lambda parent: EndEditor(parent, made["start"]),
        },
        hide=hidden,
        locked=() if booking.id is None else _masked(desk, booking),
    )
    keep_length(made["start"], form.editor("end"))
    return form


def _masked(desk: Desk, booking: Booking) -> list[str]:
    own = is_own(booking, desk.actor)
    return [column.name for column in hidden_fields(Booking, desk.actor, own=own)]


def keep_length(start: DateTimeEditor, end: EndEditor) -> None:
    """Moving the start takes the end along, as everyone expects."""
    last = {"start": start.value()}

    def follow() -> None:
        old, new, until = last["start"], start.value(), end.value()
        last["start"] = new
        if old is not None and new is not None and until is not None:
            length = datetime.combine(old.date(), until.time()) - old
            if length > timedelta(0) and (new + length).date() == new.date():
                end.set_value(new + length)

    start.changed.connect(follow)


class SeriesBox(QWidget):
    """重复预约: the rule, and what each of its dates meets."""

    def __init__(self, desk: Desk, jobs: Jobs, form: RecordForm, booking: Booking) -> None:
        super().__init__()
        self._desk, self._jobs, self._form = desk, jobs, form
        self._asked: object = None
        layout = QVBoxLayout(self)
        self.repeat = QCheckBox(_("重复预约"))
        layout.addWidget(self.repeat)
        self.inside = QWidget()
        self.inside.hide()
        layout.addWidget(self.inside)
        column = QVBoxLayout(self.inside)
        column.setContentsMargins(0, 0, 0, 0)
        day = booking.start.date()
        weekday = (Weekday.of(str(day.weekday())),)
        self._series = Series(first=day, until=day + timedelta(weeks=12), weekdays=weekday)
        self.rule = RecordForm(self._series, hide={"first"})
        column.addWidget(self.rule)
        self.skip = QCheckBox(_("跳过冲突日期（冲突、闭馆、节假日都不约）"))
        column.addWidget(self.skip)
        self.said = QLabel()
        self.said.setObjectName("quiet")
        self.said.setWordWrap(True)
        column.addWidget(self.said)
        self.table = self._table()
        column.addWidget(self.table)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self._ask)
        self.repeat.toggled.connect(self.inside.setVisible)
        self.repeat.toggled.connect(lambda _on: self._timer.start())
        for source in (form, self.rule):
            source.changed.connect(self._timer.start)

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setHorizontalHeaderLabels((_("日期"), _("结果"), _("说明")))
        table.setAccessibleName(_("每个日期的结果"))
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setMinimumHeight(table.fontMetrics().lineSpacing() * 10)
        return table

    def inputs(self) -> dict[str, QWidget]:
        """What is typed in, by name."""
        rule = {f"series.{name}": editor for name, editor in self.rule.editors.items()}
        return {"series": self.repeat, **rule, "series.skip": self.skip}

    def series(self, start: date) -> Series:
        """The rule as typed; raises `Refused`."""
        series, problems = self.rule.value()
        series = replace(series, first=start)
        problems = [*problems, *check(series), *series.problems()]
        self.rule.show_problems(problems)
        Refused.over(problems)
        found: Series = series
        return found

    def _ask(self) -> None:
        if not self.repeat.isChecked():
            return
        booking, problems = self._form.value()
        if problems:
            self._show_refusal(_("请先填好上面的预约内容，再看每个日期的结果。"))
            return
        try:
            series = self.series(booking.start.date())
        except Refused as refused:
            self._show_refusal(refused.say())
            return
        asked = self._asked = object()
        self._jobs.run(
            self,
            lambda: self._desk.bookings.preview(booking, series),
            lambda lines: self._show(asked, lines),
            lambda error: self._show_refusal(error.say()),
        )

    def _show_refusal(self, text: str) -> None:
        self.table.setRowCount(0)
        self.said.setText(text)

    def _show(self, asked: object, lines: tuple[PreviewLine, ...]) -> None:
        if asked is not self._asked:
            return
        good = sum(line.verdict is Verdict.OK for line in lines)
        said = _("共{count}个日期，可约{good}个。").format(count=len(lines), good=good)
        self.said.setText(said)
        self.table.setRowCount(len(lines))
        t = look.tokens()
        for row, line in enumerate(lines):
            day = f"{line.day.isoformat()} {_(WEEKDAYS[line.day.weekday()])}"
            reason = line.problem.say() if line.problem else ""
            for column, text in enumerate((day, line.verdict.label, reason)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == 1:
                    item.setForeground(QColor(t.good if line.verdict is Verdict.OK else t.wrong))
                self.table.setItem(row, column, item)


class BookingDialog(FormDialog):
    """Adds or changes a booking; a new one may repeat, one of a series asks what the change means."""

    def __init__(self, desk: Desk, jobs: Jobs, found: Choices, booking: Booking, parent: QWidget) -> None:
        self._desk, self._booking = desk, booking
        form = booking_form(desk, found, booking)
        self.box = SeriesBox(desk, jobs, form, booking) if booking.id is None else None
        title = _("新建预约") if booking.id is None else _("预约")
        super().__init__(
            title,
            form,
            jobs,
            desk.bookings.book if booking.id is None else desk.bookings.change,
            parent,
            reload=None if booking.id is None else lambda: desk.bookings.load(booking.id or 0),
            below=self.box,
            drafts=None if desk.read_only else DraftPlace(desk, "bookings"),
        )
        self.form = form
        if booking.end > desk.clock() and desk.actor.may(Right.SEE_STAFF):
            for name in ("responsible_id", "purpose"):
                form.editor(name).changed.connect(self._look_at_person)
            self._look_at_person()

    def _look_at_person(self) -> None:
        """Say of who is responsible for children that nobody has asked the police lately. A booking only
        says so, a session of an activity refuses: rooms are booked from the first minute on."""
        person, purpose = self.form.editor("responsible_id").value(), self.form.editor("purpose").value()
        day = self._booking.start.date()
        if person is None or purpose not in WITH_CHILDREN:
            self.form.say_under("responsible_id", "")
            return
        self._jobs.run(self, lambda: self._desk.screening.why_not(person, day), self._say_of_person)

    def _say_of_person(self, problems: Sequence[Problem]) -> None:
        self.form.say_under("responsible_id", "\n".join(problem.say() for problem in problems))

    def inputs(self) -> dict[str, QWidget]:
        """The booking's own editors, and those of its series."""
        return super().inputs() | (self.box.inputs() if self.box is not None else {})

    def work_for(self, record: Any) -> Callable[[], Any]:
        """A new one alone or as a series; one of a series in the scope that is asked for."""
        store = self._desk.bookings
        if self.box is not None and self.box.repeat.isChecked():
            # What clashes is found when it is booked: the preview may be of an earlier time or rule.
            series, skip = self.box.series(record.start.date()), self.box.skip.isChecked()
            return lambda: store.book_series(record, series, skip_clashes=skip)
        if record.id is not None and record.series_id is not None and not record.detached:
            scope = ask_scope(self, _("这是一组周期预约中的一次，要修改哪些？"))
            if scope is None:
                raise Refused(Problem("", N_("还没有保存。")))
            return lambda: store.change_series(record, scope)
        return super().work_for(record)


def ask_scope(parent: QWidget, text: str) -> Scope | None:
    """Ask what a change of a series means; None when the person thought better of it."""
    answers = {scope.code: scope.label for scope in Scope}
    answer = ask(parent, _("周期预约"), text, {**answers, "": _("返回")})
    return Scope.of(answer) if answer else None


def first_person(desk: Desk, staff: Sequence[Staff]) -> int | None:
    """Who is put down as responsible at first: the person at the desk."""
    return next((m.id for m in staff if m.id == desk.actor.staff_id), staff[0].id if staff else None)
