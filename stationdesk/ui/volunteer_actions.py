"""What is done with volunteers: registered, changed, their hours ranked, certificates issued; the page shows them."""

from typing import Any

from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.volunteers import Volunteer
from stationdesk.ui.actions import action
from stationdesk.ui.certificates import RegisterDialog
from stationdesk.ui.dialogs import tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.id_number import follow_number
from stationdesk.ui.importing import import_volunteers_dialog
from stationdesk.ui.page import Page
from stationdesk.ui.tables import ListPane
from stationdesk.ui.volunteer_hours import RankingDialog, edit_rules
from stationdesk.ui.volunteer_view import VolunteerView

_ASKED = ("sex", "birth_date", "phone")


class VolunteerActions(Page):
    """The actions of the page of volunteers, on its list and the volunteer it shows."""

    list: ListPane
    view: VolunteerView

    def volunteer(self) -> Volunteer | None:
        """The volunteer who is shown."""
        return self.view.file.volunteer if self.view.file is not None else None

    @action(N_("登记志愿者"), "Ctrl+N", "plus", Right.EDIT_VOLUNTEERS)
    def new(self) -> None:
        """A new volunteer."""
        self._edit(Volunteer())

    @action(N_("修改"), "Ctrl+E", "pencil", Right.EDIT_VOLUNTEERS)
    def edit(self) -> None:
        """Change the volunteer who is shown."""
        volunteer = self.volunteer()
        if volunteer is not None and not self.desk.read_only and self.desk.actor.may(Right.EDIT_VOLUNTEERS):
            self._edit(volunteer)

    def _edit(self, volunteer: Volunteer, draft: Draft | None = None) -> None:
        store, volunteer_id = self.desk.volunteers, volunteer.id
        form = RecordForm(volunteer, asked=_ASKED)
        follow_number(form, lambda: self.desk.clock().date())
        reload = None if volunteer_id is None else lambda: store.load(volunteer_id)
        drafts = DraftPlace(self.desk, "volunteers/volunteer")
        dialog = FormDialog(_("志愿者"), form, self.jobs, store.save, self, reload=reload, drafts=drafts)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, volunteer_id: Any) -> None:
        self.said.emit(_("志愿者已保存"))
        if isinstance(volunteer_id, int):
            self.list.choose(volunteer_id)

    @action(N_("登记服务"), "Ctrl+Shift+N", "clock", Right.EDIT_VOLUNTEERS)
    def add_shift(self) -> None:
        """Service of the volunteer who is shown that is no session's."""
        if self._is_chosen(_("登记服务")) and self.view.shifts is not None:
            self.view.tabs.setCurrentIndex(1)
            self.view.shifts.add()

    @action(N_("出具证明…"), "Ctrl+P", "file-text", Right.CERTIFY)
    def issue(self) -> None:
        """A certificate for the volunteer who is shown."""
        if self._is_chosen(_("出具证明…")) and self.view.certificates is not None and not self.desk.read_only:
            self.view.tabs.setCurrentIndex(3)
            self.view.certificates.issue()

    def _is_chosen(self, title: str) -> bool:
        if self.volunteer() is None:
            tell(self, title, _("请先在左边选中一位志愿者。"))
        return self.volunteer() is not None

    @action(N_("年度排行…"), "", "list")
    def rank(self) -> None:
        """Who helped most in a year."""
        RankingDialog(self.desk, self.jobs, self).open()

    @action(N_("证明登记簿…"), "", "briefcase", Right.CERTIFY)
    def register(self) -> None:
        """All certificates."""
        dialog = RegisterDialog(self.desk, self.jobs, self)
        dialog.pane.said.connect(self.said)
        dialog.open()

    @action(N_("导入…"), "", "upload", Right.EDIT_VOLUNTEERS)
    def take_in(self) -> None:
        """Volunteers from a sheet."""
        import_volunteers_dialog(self.desk, self.jobs, self)

    @action(N_("时长规则…"), "", "settings", Right.EDIT_STATION, toolbar=False)
    def change_rules(self) -> None:
        """How hours are recognised."""
        edit_rules(self.desk, self.jobs, self)

    # --- drafts ----------------------------------------------------------------------------------

    def reopen(self, draft: Draft, part: str) -> None:
        """Show what was typed and not saved: a volunteer, the rules, or something of a volunteer's."""
        if part == "rules":
            edit_rules(self.desk, self.jobs, self, draft)
        elif part == "volunteer" and draft.record_id is None:
            self._edit(Volunteer(uuid=draft.uuid), draft)
        elif part == "volunteer":
            store, volunteer_id = self.desk.volunteers, draft.record_id or 0
            self.jobs.run(self, lambda: store.load(volunteer_id), lambda found: self._edit(found, draft), self._gone)
        else:
            number, _slash, _key = part.partition("/")
            self.arrive(int(number))
            self.view.reopen(draft)

    def _gone(self, error: DeskError) -> None:
        tell(self, _("没有保存的内容"), error.say())
