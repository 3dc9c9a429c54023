"""工作站信息: the profile, shown as a form on the page."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.staff import Staff
from stationdesk.records.station import Station
from stationdesk.ui.drafts import DraftKeeper, DraftPlace
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.hours import HoursEditor
from stationdesk.ui.jobs import Jobs

SMALL_AREA = 30


class StationSection(QWidget):
    """The station's own data."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self.form: RecordForm | None = None
        self.may = desk.actor.may(Right.EDIT_STATION) and not desk.read_only
        self._dirty = False
        self._keeper: DraftKeeper | None = None
        self._waiting: Draft | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        column.addWidget(self.area, 1)
        row = QHBoxLayout()
        self.note = QLabel("" if self.may else _("您可以查看；要修改请联系站长。"))
        self.note.setWordWrap(True)
        self.note.setObjectName("quiet")
        row.addWidget(self.note, 1)
        self.save_button = QPushButton(_("保存"), self)
        self.save_button.setObjectName("main")
        self.save_button.setVisible(self.may)
        self.save_button.clicked.connect(self.save)
        row.addWidget(self.save_button)
        column.addLayout(row)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)

    def reload(self) -> None:
        """Read the profile again, unless something typed would be lost."""
        if not self._dirty:
            store = self.desk.staff
            self.jobs.run(self, lambda: (self.desk.station.profile(), store.everyone()), lambda f: self._show(*f))

    def _show(self, station: Station, staff: tuple[Staff, ...]) -> None:
        if self._dirty and self._waiting is None:
            # Something was typed while this was read.
            return
        today = self.desk.clock().date()
        people = [(member.id, member.name) for member in staff if member.serves_on(today)]
        none = _("（未定）")
        self.form = RecordForm(
            station,
            editors={
                "hours": HoursEditor,
                "head_id": lambda box: ChoiceEditor(people, box, none),
                "supervisor_id": lambda box: ChoiceEditor(people, box, none),
                "law_deputy_id": lambda box: ChoiceEditor(people, box, none),
            },
        )
        self.area.setWidget(self.form)
        if not self.may:
            self.form.set_read_only()
        self.form.changed.connect(self._touch)
        if self.may:
            place = DraftPlace(self.desk, "settings/station")
            editors = self.form.editors
            self._keeper = DraftKeeper(place, _("工作站信息"), station, editors, self.jobs, self.form)
        self._dirty = False
        if self._waiting is not None and self._keeper is not None:
            draft, self._waiting = self._waiting, None
            self._keeper.retype(draft)
        self._say_area(station)

    def _say_area(self, station: Station) -> None:
        if station.area is not None and station.area < SMALL_AREA and self.may:
            self.note.setText(_("场地面积小于30㎡，低于一些地方对未保站的最低要求，请核对。"))

    def reopen(self, draft: Draft) -> None:
        """Show again what was typed and not saved."""
        self._waiting, self._dirty = draft, False
        self.reload()

    def let_go(self) -> None:
        """The desk is left: what was typed is kept as a draft."""
        if self._keeper is not None:
            self._keeper.keep_if_waiting()

    def _touch(self) -> None:
        self._dirty = True
        if self._keeper is not None:
            self._keeper.changed()

    def save(self) -> None:
        """Save the profile; what is wrong is said under its field."""
        if self.form is None or not self.may:
            return
        station, problems = self.form.value()
        rest = self.form.show_problems(problems)
        self.note.setText("\n".join(problem.say() for problem in rest))
        if not problems:
            self.jobs.run(self, lambda: self.desk.station.save_profile(station), self._saved, self._failed)

    def _saved(self, _none: Any) -> None:
        self._dirty = False
        if self._keeper is not None:
            self._keeper.forget()
        self.note.clear()
        self.said.emit(_("工作站信息已保存"))
        self.reload()

    def _failed(self, error: DeskError) -> None:
        rest = self.form.show_problems(error.problems) if self.form is not None else list(error.problems)
        self.note.setText("\n".join(problem.say() for problem in rest))
