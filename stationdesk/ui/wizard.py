"""The first run: six steps to a station with a room booked; nothing is written before the fifth ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk, Prepared, prepare, same_recovery_key, set_up
from stationdesk.errors import DeskError, Problem
from stationdesk.i18n import N_, _
from stationdesk.records.bookings import Booking
from stationdesk.records.founding import NewStation
from stationdesk.records.passwords import password_problems
from stationdesk.records.rooms import Room, ready_rooms
from stationdesk.records.staff import Post, Staff, Tier
from stationdesk.records.station import Station
from stationdesk.ui import look
from stationdesk.ui.booking_form import booking_form, choices
from stationdesk.ui.editors import calm
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.hours import HoursEditor
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.printing import PrintDialog

_STATION_FIELDS = (
    "city_name",
    "district_name",
    "township_name",
    "name",
    "division_code",
    "address",
    "phone",
    "established_on",
)
_TITLES = (
    N_("工作站信息"),
    N_("开放时间"),
    N_("站长账号"),
    N_("恢复密钥"),
    N_("选择场地"),
    N_("第一次预约"),
)


class Wizard(QWidget):
    """Leads through the first run; `finished` is sent with the open desk."""

    help_name = "wizard"
    finished = Signal(object)
    wants_demo = Signal()
    wants_restore = Signal()

    def __init__(self, data: Path, jobs: Jobs) -> None:
        super().__init__()
        self._data, self._jobs = data, jobs
        self._prepared: Prepared | None = None
        self._desk: Desk | None = None
        self._form: RecordForm | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(3 * look.UNIT,) * 4)
        self._title = QLabel()
        self._title.setObjectName("title")
        outer.addWidget(self._title)
        self.steps = QStackedWidget()
        outer.addWidget(self.steps, 1)
        for step in (
            self._station_step(),
            self._hours_step(),
            self._account_step(),
            self._recovery_step(),
            self._rooms_step(),
            self._booking_step(),
        ):
            self.steps.addWidget(_scrolled(step))
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        outer.addWidget(self.problem)
        outer.addLayout(self._foot())
        self._go(0)

    # --- steps -----------------------------------------------------------------------------------

    def _station_step(self) -> QWidget:
        box, column = _box(_("先登记工作站的基本情况，以后可以在“设置”里补充。"))
        row = QHBoxLayout()
        for text, signal in ((_("先看看演示工作站"), self.wants_demo), (_("从备份恢复…"), self.wants_restore)):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.station = RecordForm(Station(), only=_STATION_FIELDS)
        for name in ("district_name", "township_name"):
            self.station.editor(name).changed.connect(self._suggest_name)
        self._suggested = ""
        column.addWidget(self.station)
        column.addStretch(1)
        return box

    def _suggest_name(self) -> None:
        """Compose the full name until somebody writes another."""
        name = self.station.editor("name")
        if (name.value() or "") == self._suggested:
            district, township = (self.station.editor(n).value() or "" for n in ("district_name", "township_name"))
            self._suggested = f"{district}{township}未成年人保护工作站" if township else ""
            name.set_value(self._suggested)

    def _hours_step(self) -> QWidget:
        box, column = _box(_("每天什么时候开放？已按乌鲁木齐一带的习惯填好，可以改。"))
        self.hours = HoursEditor(box)
        self.hours.set_value(Station().hours)
        column.addWidget(self.hours)
        column.addStretch(1)
        return box

    def _account_step(self) -> QWidget:
        box, column = _box(_("站长用这个账号登录。口令没有人能替您找回，请记牢。"))
        self.head = RecordForm(Staff(), only=("name", "sex", "phone"))
        column.addWidget(self.head)
        form = QFormLayout()
        form.setSpacing(look.UNIT)
        self.username, self.password, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        self.username.setPlaceholderText(_("登录时输入的名字，如 zhanzhang"))
        for line, label in (
            (self.username, _("用户名 *")),
            (self.password, _("口令 *")),
            (self.again, _("再输一遍口令 *")),
        ):
            line.setAccessibleName(label)
            line.returnPressed.connect(self.focusNextChild)
            form.addRow(label, line)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.again.setEchoMode(QLineEdit.EchoMode.Password)
        self.strength = QLabel(_("至少12个字，一句话最好记。"))
        self.strength.setObjectName("quiet")
        self.strength.setWordWrap(True)
        self.password.textChanged.connect(self._judge_password)
        form.addRow("", self.strength)
        column.addLayout(form)
        column.addStretch(1)
        return box

    def _judge_password(self, text: str) -> None:
        found = next(password_problems(text, self._forbidden()), None)
        self.strength.setText(found.say() if found else _("这个口令可以。"))

    def _forbidden(self) -> tuple[str, ...]:
        station, head = self.station.value()[0], self.head.value()[0]
        return (self.username.text(), head.name, station.name, station.township_name, station.district_name)

    def _recovery_step(self) -> QWidget:
        box, column = _box(
            _("口令忘了，只有它能打开数据。请打印或抄写下来，装进信封锁好，不要存在这台电脑上。抄完后在下面输入一遍。")
        )
        self.recovery = QLabel()
        self.recovery.setObjectName("figure")
        self.recovery.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.recovery.setWordWrap(True)
        column.addWidget(self.recovery)
        row = QHBoxLayout()
        button = QPushButton(look.icon("printer"), _("打印恢复密钥…"))
        button.clicked.connect(self._print_recovery)
        row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(_("输入恢复密钥（大小写、空格和横线都不要紧）"))
        self.typed.setAccessibleName(_("恢复密钥"))
        self.typed.returnPressed.connect(self.next)
        column.addWidget(self.typed)
        column.addStretch(1)
        return box

    def _print_recovery(self) -> None:
        prepared, station = self._prepared, self.station.value()[0]
        if prepared is None:
            return

        def work() -> bytes:
            from stationdesk.reports.pdf import to_pdf
            from stationdesk.reports.recovery_sheet import recovery_sheet

            return to_pdf(recovery_sheet(station.name, prepared.username, prepared.recovery_key)).data

        self._jobs.run(self, work, lambda data: PrintDialog(data, _("恢复密钥.pdf"), (), self).open())

    def _rooms_step(self) -> QWidget:
        box, column = _box(_("勾选现有的场地，名称和容纳人数可以改。更多规则以后在“设置→场地”里定。"))
        grid = QGridLayout()
        grid.setSpacing(look.UNIT)
        self.rooms: list[tuple[QCheckBox, QLineEdit, QSpinBox, Room]] = []
        for place, room in enumerate(ready_rooms()):
            tick, name, capacity = QCheckBox(), QLineEdit(room.name), QSpinBox()
            tick.setChecked(place < 4)
            tick.setAccessibleName(_("选用{room}").format(room=room.name))
            name.setAccessibleName(_("名称"))
            capacity.setRange(1, 999)
            capacity.setValue(room.capacity)
            capacity.setSuffix(_("人"))
            capacity.setAccessibleName(_("容纳人数"))
            calm(capacity)
            for column_place, widget in enumerate((tick, name, capacity)):
                grid.addWidget(widget, place, column_place)
            self.rooms.append((tick, name, capacity, room))
        column.addLayout(grid)
        column.addStretch(1)
        return box

    def _booking_step(self) -> QWidget:
        box, self._booking_column = _box(_("工作站已经建好。现在就约一次场地试试，也可以跳过。"))
        return box

    def _show_booking(self) -> None:
        desk = self._desk
        if desk is None:
            return

        def show(found: Any) -> None:
            if not found.rooms:
                self.finished.emit(desk)
                return
            start = datetime.combine(desk.clock().date() + timedelta(days=1), time(10))
            booking = Booking(
                room_id=found.rooms[0].id or 0,
                start=start,
                end=start + timedelta(hours=1),
                responsible_id=desk.actor.staff_id,
            )
            self._form = booking_form(desk, found, booking)
            self._booking_column.addWidget(self._form)
            self._booking_column.addStretch(1)
            self._form.editor("title").setFocus()

        self._jobs.run(self, lambda: choices(desk), show)

    # --- moving on -------------------------------------------------------------------------------

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.back_button = QPushButton(_("上一步"))
        self.back_button.clicked.connect(self.back)
        self.skip_button = QPushButton(_("跳过"))
        self.skip_button.clicked.connect(lambda: self.finished.emit(self._desk))
        self.next_button = QPushButton(_("下一步"))
        self.next_button.setObjectName("main")
        self.next_button.setAutoDefault(True)
        self.next_button.clicked.connect(self.next)
        row.addWidget(self.back_button)
        row.addStretch(1)
        row.addWidget(self.skip_button)
        row.addWidget(self.next_button)
        return row

    def _go(self, step: int) -> None:
        self.steps.setCurrentIndex(step)
        self._title.setText(
            _("第{step}步，共{steps}步：{title}").format(step=step + 1, steps=len(_TITLES), title=_(_TITLES[step]))
        )
        self.problem.clear()
        first: tuple[QWidget | None, ...] = (
            self.station.editor("name"),
            self.hours.lines[0],
            self.head.editor("name"),
            self.typed,
            self.rooms[0][0],
            None,
        )
        if (place := first[step]) is not None:
            place.setFocus(Qt.FocusReason.OtherFocusReason)
        self.back_button.setVisible(0 < step < 5)
        self.skip_button.setVisible(step == 5)
        self.next_button.setEnabled(True)
        self.next_button.setText({4: _("建立工作站"), 5: _("预约并开始使用")}.get(step, _("下一步")))

    def back(self) -> None:
        """One step back; what was typed stays."""
        self._go(self.steps.currentIndex() - 1)

    def next(self) -> None:
        """Check this step, then go on."""
        checks: tuple[Callable[[], None], ...] = (
            self._leave_station,
            self._leave_hours,
            self._leave_account,
            self._leave_recovery,
            self._leave_rooms,
            self._leave_booking,
        )
        self.problem.clear()
        try:
            checks[self.steps.currentIndex()]()
        except DeskError as error:
            self._failed(error)

    def _failed(self, error: DeskError) -> None:
        self.next_button.setEnabled(True)
        self.problem.setText(error.say())

    def _leave_station(self) -> None:
        _station, problems = self.station.value()
        if self.station.show_problems(problems) or problems:
            return
        self._go(1)

    def _leave_hours(self) -> None:
        self.hours.value()
        self._go(2)

    def _leave_account(self) -> None:
        _head, problems = self.head.value()
        problems = [p for p in problems if p.field in ("name", "sex", "phone")]
        self.head.show_problems(problems)
        if problems:
            return
        if self.password.text() != self.again.text():
            self.problem.setText(_("两次输入的口令不一样，请重新输入。"))
            return
        username, password, forbidden = self.username.text(), self.password.text(), self._forbidden()
        self.next_button.setEnabled(False)
        self._jobs.run(self, lambda: prepare(username, password, forbidden), self._show_recovery, self._failed)

    def _show_recovery(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self.recovery.setText(prepared.recovery_key)
        self.typed.clear()
        self._go(3)
        self.typed.setFocus()

    def _leave_recovery(self) -> None:
        if self._prepared is None or not same_recovery_key(self._prepared, self.typed.text()):
            self.problem.setText(_("输入的恢复密钥不对，请对照上面检查（7组，每组5个字符）。"))
            return
        self._go(4)

    def _chosen_rooms(self) -> tuple[Room, ...]:
        return tuple(
            replace(room, name=name.text().strip(), capacity=capacity.value())
            for tick, name, capacity, room in self.rooms
            if tick.isChecked()
        )

    def _leave_rooms(self) -> None:
        rooms = self._chosen_rooms()
        if not rooms:
            self.problem.setText(_("请至少勾选一个场地。"))
            return
        prepared = self._prepared
        if prepared is None:
            self._go(2)
            return
        station = replace(self.station.value()[0], hours=self.hours.value())
        head = replace(
            self.head.value()[0],
            tier=Tier.STATION_HEAD,
            posts=(Post.HEAD,),
            employer=station.township_name,
            entered_on=station.established_on,
        )
        new = NewStation(station=station, head=head, rooms=rooms)
        self.next_button.setEnabled(False)
        self._jobs.run(self, lambda: set_up(self._data, prepared, new), self._built, self._failed)

    def _built(self, desk: Desk) -> None:
        self._desk = desk
        # The key has been written down; the program forgets it.
        self._prepared = None
        self.recovery.clear()
        self.password.clear()
        self.again.clear()
        self._go(5)
        self._show_booking()

    def _leave_booking(self) -> None:
        desk, form = self._desk, self._form
        if desk is None or form is None:
            return
        booking, problems = form.value()
        self._say(form.show_problems(problems))
        if problems:
            return
        self.next_button.setEnabled(False)

        def failed(error: DeskError) -> None:
            self.next_button.setEnabled(True)
            self._say(form.show_problems(error.problems))

        self._jobs.run(self, lambda: desk.bookings.book(booking), lambda _id: self.finished.emit(desk), failed)

    def _say(self, problems: list[Problem]) -> None:
        self.problem.setText("\n".join(problem.say() for problem in problems))

    def abandon(self) -> None:
        """The window closes: let go of a station that was just made."""
        if self._desk is not None:
            self._desk.close()


def _box(text: str) -> tuple[QWidget, QVBoxLayout]:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setSpacing(look.UNIT)
    said = QLabel(text)
    said.setWordWrap(True)
    said.setObjectName("quiet")
    column.addWidget(said)
    return box, column


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    # Lines longer than this are hard to read across, whatever the screen.
    inside.setMaximumWidth(inside.fontMetrics().horizontalAdvance("国") * 56)
    area.setWidget(inside)
    return area
