"""协作单位: partners, what is done with them, and the station's working mechanism."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.contracts import PaymentRow
from stationdesk.records.drafts import Draft
from stationdesk.ui.actions import action
from stationdesk.ui.contracts import ContractsSection
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.joint_work import JointSection
from stationdesk.ui.page import Page
from stationdesk.ui.page_sections import PageSection
from stationdesk.ui.partner_bodies import BodiesSection
from stationdesk.ui.wall_prints import print_board, print_groups
from stationdesk.ui.work_groups import GroupsSection

_TABLES = (
    "partner partner_contact partner_link joint_work activity activity_session"
    " work_group group_member group_meeting group_attendance group_task staff"
    " contract deliverable payment contract_assessment attendance volunteer_shift"
)


# On which tab a record is shown, by the name of its kind.
_TABS = {"partner": "bodies", "joint": "joint", "group": "groups", "contract": "contracts"}


class PartnersPage(Page):
    """The sections, each on a tab of its own; a draft's place is `partners/<section>/…`."""

    name = "partners"
    title = N_("协作单位")
    picture = "handshake"
    watches = frozenset(_TABLES.split())

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self.head()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.body.addWidget(self.tabs, 1)
        self.sections: dict[str, PageSection] = {}
        self.bodies = BodiesSection(desk, jobs, self)
        self.joint = JointSection(desk, jobs, self)
        self._add("bodies", _("协作单位"), self.bodies)
        self._add("joint", _("联合工作"), self.joint)
        self.bodies.view.chosen.connect(self._open_joint)
        if desk.actor.may(Right.SEE_GROUPS):
            self.groups = GroupsSection(desk, jobs, self)
            self._add("groups", _("工作机制"), self.groups)
        if desk.actor.may(Right.SEE_CONTRACTS):
            self._add("contracts", _("购买服务"), ContractsSection(desk, jobs, self))

    @property
    def help_page(self) -> str:
        """Purchased services have a help page of their own."""
        return "contracts" if self.tabs.currentWidget() is self.sections.get("contracts") else self.name

    def _add(self, key: str, title: str, section: PageSection) -> None:
        self.sections[key] = section
        section.said.connect(self.said)
        section.went.connect(self.went)
        self.tabs.addTab(section, title)

    def _turn_to(self, key: str) -> PageSection:
        section = self.sections[key]
        self.tabs.setCurrentWidget(section)
        return section

    def _open_joint(self, item_id: int) -> None:
        """Work entered by hand is opened where it was entered, what follows from an activity there."""
        if item_id > 0:
            self._turn_to("joint")
            self.joint.arrive(item_id)
        self.joint.open_item(item_id)

    # --- actions ---------------------------------------------------------------------------------

    @action(N_("添加协作单位"), "Ctrl+N", "plus", Right.EDIT_PARTNERS)
    def new_partner(self) -> None:
        """A partner more."""
        self._turn_to("bodies").new()

    @action(N_("登记联合工作"), "Ctrl+J", "handshake", Right.EDIT_PARTNERS)
    def new_joint(self) -> None:
        """Joint work that no activity tells of."""
        self._turn_to("joint").new()

    @action(N_("成立工作小组"), "Ctrl+G", "users", Right.EDIT_GROUPS)
    def new_group(self) -> None:
        """A group more."""
        self._turn_to("groups").new()

    @action(N_("添加购买服务"), "", "plus", Right.EDIT_CONTRACTS, toolbar=False)
    def new_contract(self) -> None:
        """A contract more."""
        self._turn_to("contracts").new()

    @action(N_("修改"), "Ctrl+E", "pencil", toolbar=False)
    def edit(self) -> None:
        """Open what is chosen on this tab."""
        section = self.tabs.currentWidget()
        if isinstance(section, PageSection):
            section.edit()

    @action(N_("打印工作小组名单…"), "Ctrl+P", "printer", Right.SEE_GROUPS)
    def print_groups(self) -> None:
        """The groups and their members, for the wall."""
        print_groups(self.desk, self.jobs, self)

    @action(N_("打印工作人员公示牌…"), "", "printer", Right.SEE_STAFF)
    def print_board(self) -> None:
        """Who works here, for the wall."""
        print_board(self.desk, self.jobs, self)

    # --- the page's own life ---------------------------------------------------------------------

    def reload(self) -> None:
        """Read every section again."""
        for section in self.sections.values():
            section.reload()

    def arrive(self, argument: Any) -> None:
        """Somebody was sent here with a partner, or with what else to show by the name of its kind."""
        if isinstance(argument, int):
            argument = {"partner": argument}
        if "meeting" in argument:
            self._turn_to("groups")
            self.groups.arrive_at_meeting(argument["meeting"])
            return
        if "payment" in argument:
            store, number = self.desk.contracts, argument["payment"]
            self.jobs.run(self, lambda: store.payment_rows([number]), self._show_payments)
            return
        for kind, key in _TABS.items():
            if kind in argument and key in self.sections:
                self._turn_to(key).arrive(argument[kind])

    def _show_payments(self, rows: Sequence[PaymentRow]) -> None:
        for row in rows:
            self._turn_to("contracts").arrive(row.contract_id)

    def reopen(self, draft: Draft, part: str) -> None:
        """Show a form that was typed and not saved, on the tab it belongs to."""
        self._turn_to(part.partition("/")[0]).reopen(draft)

    def empty(self) -> None:
        """Let go of what is shown."""
        for section in self.sections.values():
            section.empty()
