"""志愿者: the list with its filters left, the chosen volunteer right."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from stationdesk.codes import Code
from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.volunteers import (
    Language,
    VolunteerQuery,
    VolunteerRow,
    VolunteerStatus,
    VolunteerWork,
    behind_mask,
)
from stationdesk.ui import look
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import beside
from stationdesk.ui.tables import ListPane
from stationdesk.ui.volunteer_actions import VolunteerActions
from stationdesk.ui.volunteer_view import VolunteerView

_TABLES = "volunteer screening_check training volunteer_shift activity_session certificate hour_rules"


class VolunteersPage(VolunteerActions):
    """All volunteers."""

    name = "volunteers"
    title = N_("志愿者")
    picture = "heart-handshake"
    watches = frozenset(_TABLES.split())

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self.head()
        self.list = ListPane(
            VolunteerRow,
            self._find,
            self._rows,
            jobs,
            self,
            empty=_("还没有志愿者。按 Ctrl+N 登记第一位，再登记从业查询和培训，就可以安排服务。"),
            name=_("志愿者"),
            # Telephones are behind their mask in the lines themselves.
            private=True,
            desk=desk,
        )
        self.list.filter.setPlaceholderText(_("姓名、拼音首字母"))
        self.choosers = {
            "status": self._chooser(VolunteerStatus, _("所有状态")),
            "skill": self._chooser(VolunteerWork, _("所有特长")),
            "language": self._chooser(Language, _("所有语言")),
        }
        self.cleared = QCheckBox(_("今天可安排"))
        self.cleared.toggled.connect(lambda _on: self.list.reload())
        self.view = VolunteerView(desk, jobs, self)
        self.none = QLabel(_("点选左边的一位志愿者，这里显示他的情况。"))
        self.body.addWidget(beside(self._left(), self.view, self.none), 1)
        self._wire()

    def _chooser(self, kind: type[Code], none: str) -> ChoiceEditor:
        chooser = ChoiceEditor([(member, member.label) for member in kind.offered()], self, none)
        chooser.setAccessibleName(none)
        chooser.setMinimumContentsLength(6)
        chooser.set_value(None)
        chooser.changed.connect(lambda: self.list.reload())
        return chooser

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        grid = QGridLayout()
        grid.setSpacing(look.UNIT // 2)
        for place, chooser in enumerate((*self.choosers.values(), self.cleared)):
            grid.addWidget(chooser, 0, place)
        column.addLayout(grid)
        column.addWidget(self.list, 1)
        return left

    def _wire(self) -> None:
        self.list.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._chosen())
        self.list.opened.connect(lambda _id: self.edit())
        names = ("edit", "add_shift", "issue", "change_rules")
        self.list.add_context([self.actions_by_name[name] for name in names if name in self.actions_by_name])
        self.view.changed.connect(self.said)
        self.view.failed.connect(lambda error: self.said.emit(error.say()))

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        chosen = {name: chooser.value() for name, chooser in self.choosers.items()}
        day = self.desk.clock().date() if self.cleared.isChecked() else None
        query = replace(VolunteerQuery(), **chosen, words=words, cleared_on=day, sort=sort, descending=descending)
        return self.desk.volunteers.find(query)

    def _rows(self, ids: Sequence[int]) -> list[VolunteerRow]:
        return [behind_mask(row) for row in self.desk.volunteers.rows(ids)]

    def _chosen(self) -> None:
        volunteer_id = self.list.current_id()
        self.none.setVisible(volunteer_id is None)
        if volunteer_id is None:
            self.view.clear()
        else:
            self.view.show_volunteer(volunteer_id)

    def current_volunteer(self) -> int | None:
        """The id of the volunteer who is shown."""
        volunteer = self.volunteer()
        return volunteer.id if volunteer is not None else None

    # --- the page's own life ---------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again, and the volunteer who is shown."""
        self.list.reload()
        shown = self.current_volunteer()
        if shown is not None:
            self.view.show_volunteer(shown)

    def arrive(self, argument: Any) -> None:
        """Somebody was sent here with a volunteer, or with what is kept of one by the name of its kind."""
        if isinstance(argument, int):
            self.list.choose(argument)
            for chooser in self.choosers.values():
                chooser.blockSignals(True)
                chooser.set_value(None)
                chooser.blockSignals(False)
            self.cleared.setChecked(False)
            self.list.filter.clear()
            self.list.reload()
            self.none.hide()
            self.view.show_volunteer(argument)
        elif isinstance(argument, dict):
            self.jobs.run(self, lambda: _whose(self.desk, argument), self._turn_to)

    def _turn_to(self, where: tuple[str, int]) -> None:
        page, number = where
        if page == self.name:
            self.arrive(number)
        else:
            self.went.emit(page, number)

    def empty(self) -> None:
        """Let go of the volunteer."""
        self.view.clear()


def _whose(desk: Desk, what: Mapping[str, int]) -> tuple[str, int]:
    """The page and the person a shift, a certificate or a training belongs to; on the database thread."""
    if "shift" in what:
        return VolunteersPage.name, desk.shifts.load(what["shift"]).volunteer_id
    if "certificate" in what:
        return VolunteersPage.name, desk.certificates.volunteer_of(what["certificate"])
    training = desk.screening.training(what["training"])
    if training.staff_id is not None:
        return "settings", training.staff_id
    return VolunteersPage.name, training.volunteer_id or 0
