"""设置: the station, its people, rooms, closures, holidays, backups, and the program itself."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.ui import look
from stationdesk.ui.backups import BackupSection
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page import Page
from stationdesk.ui.preferences import PreferencesSection
from stationdesk.ui.sections import (
    closures_section,
    communities_section,
    holidays_section,
    rooms_section,
    staff_section,
)
from stationdesk.ui.station import StationSection


class SettingsPage(Page):
    """A list of sections, each made when it is first opened."""

    name = "settings"
    title = N_("设置")
    picture = "settings"
    watches = frozenset({"station", "staff", "community", "room", "room_closure", "special_day", "account"})

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self._makers: list[tuple[str, Any]] = [
            (_("工作站信息"), StationSection),
            (_("人员"), staff_section),
            (_("村（社区）"), communities_section),
            (_("场地"), rooms_section),
            (_("闭馆"), closures_section),
            (_("节假日"), holidays_section),
            (_("备份"), BackupSection),
            (_("程序"), PreferencesSection),
        ]
        self.head()
        row = QHBoxLayout()
        row.setSpacing(look.UNIT)
        self.sections = QListWidget()
        self.sections.setAccessibleName(_("设置项目"))
        self.sections.addItems([title for title, _maker in self._makers])
        width = max(self.fontMetrics().horizontalAdvance(title) for title, _maker in self._makers)
        self.sections.setFixedWidth(width + 6 * look.UNIT)
        self.sections.setObjectName("plain")
        row.addWidget(self.sections)
        self.stack = QStackedWidget()
        row.addWidget(self.stack, 1)
        self.body.addLayout(row, 1)
        self._made: dict[int, Any] = {}
        self.sections.currentRowChanged.connect(self._open)
        self.sections.setCurrentRow(0)

    def _open(self, row: int) -> None:
        if row not in self._made:
            section = self._makers[row][1](self.desk, self.jobs, self)
            section.said.connect(self.said)
            self._made[row] = section
            self.stack.addWidget(section)
        self.stack.setCurrentWidget(self._made[row])
        self._made[row].reload()

    def reload(self) -> None:
        """Read the open section again."""
        if (section := self._made.get(self.sections.currentRow())) is not None:
            section.reload()

    def arrive(self, argument: Any) -> None:
        """Somebody was sent to the rooms, or to a member of the team."""
        if argument == "rooms":
            self.sections.setCurrentRow(3)
        if isinstance(argument, int):
            self.sections.setCurrentRow(1)
            self._made[1].open_record(argument)
