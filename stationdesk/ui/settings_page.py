"""设置: the station, its people and accounts, rooms, closures, holidays, safety, backups, the program itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.paths import resource
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.accounts import AccountsSection
from stationdesk.ui.audit import AuditSection
from stationdesk.ui.backups import BackupSection
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page import Page
from stationdesk.ui.preferences import PreferencesSection
from stationdesk.ui.safety import SafetySection
from stationdesk.ui.sections import (
    closures_section,
    communities_section,
    holidays_section,
    rooms_section,
)
from stationdesk.ui.staff_records import staff_section
from stationdesk.ui.station import StationSection


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page: its key, marked title, maker, and the right it is for."""

    key: str
    title: str
    make: Callable[[Desk, Jobs, QWidget], Any]
    needs: Right | None = None


SECTIONS = (
    Section("station", N_("工作站信息"), StationSection, Right.SEE_STAFF),
    Section("staff", N_("人员"), staff_section, Right.SEE_STAFF),
    Section("accounts", N_("账号"), AccountsSection, Right.ACCOUNTS),
    Section("communities", N_("村（社区）"), communities_section, Right.SEE_STAFF),
    Section("rooms", N_("场地"), rooms_section, Right.SEE_STAFF),
    Section("closures", N_("闭馆"), closures_section),
    Section("holidays", N_("节假日"), holidays_section),
    Section("safety", N_("安全"), SafetySection),
    Section("audit", N_("操作记录"), AuditSection, Right.AUDIT),
    Section("backup", N_("备份"), BackupSection, Right.BACKUP),
    Section("preferences", N_("程序"), PreferencesSection),
)


class SettingsPage(Page):
    """A list of sections, each made when it is first opened."""

    name = "settings"
    title = N_("设置")
    picture = "settings"
    watches = frozenset({"station", "staff", "community", "room", "room_closure", "special_day", "account", "safety"})

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self._offered = [section for section in SECTIONS if section.needs is None or desk.actor.may(section.needs)]
        self.head()
        row = QHBoxLayout()
        row.setSpacing(look.UNIT)
        self.sections = QListWidget()
        self.sections.setAccessibleName(_("设置项目"))
        self.sections.addItems([_(section.title) for section in self._offered])
        width = max(self.fontMetrics().horizontalAdvance(_(section.title)) for section in self._offered)
        self.sections.setFixedWidth(width + 6 * look.UNIT)
        self.sections.setObjectName("plain")
        row.addWidget(self.sections)
        self.stack = QStackedWidget()
        row.addWidget(self.stack, 1)
        self.body.addLayout(row, 1)
        self._made: dict[str, Any] = {}
        self.sections.currentRowChanged.connect(self._open)
        self.sections.setCurrentRow(0)

    def _open(self, row: int) -> None:
        key = self._offered[row].key
        if key not in self._made:
            section = self._offered[row].make(self.desk, self.jobs, self)
            section.said.connect(self.said)
            if isinstance(section, BackupSection):
                section.wants_restore.connect(self.wants_restore)
            self._made[key] = section
            self.stack.addWidget(section)
        self.stack.setCurrentWidget(self._made[key])
        self._made[key].reload()

    @property
    def help_page(self) -> str:
        """Some sections have a page of their own."""
        key = self._offered[self.sections.currentRow()].key
        return key if resource("help", f"{key}.md").exists() else self.name

    def open_section(self, key: str) -> Any:
        """Go to a section by its key; None when this person has it not."""
        for row, section in enumerate(self._offered):
            if section.key == key:
                self.sections.setCurrentRow(row)
                return self._made[key]
        return None

    def reopen(self, draft: Draft, part: str) -> None:
        """Show a form that was typed and not saved."""
        section = self.open_section(part.partition("/")[0])
        if section is not None:
            section.reopen(draft)

    def reload(self) -> None:
        """Read the open section again."""
        self._made[self._offered[self.sections.currentRow()].key].reload()

    def let_go(self) -> None:
        """The desk is left: the profile is typed on the page itself."""
        if (station := self._made.get("station")) is not None:
            station.let_go()

    def arrive(self, argument: Any) -> None:
        """Somebody was sent to a section, or to a member of the team."""
        if isinstance(argument, str):
            self.open_section(argument)
        if isinstance(argument, int) and (section := self.open_section("staff")) is not None:
            section.open_record(argument)
