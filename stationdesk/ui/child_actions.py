"""What is done with children: registered, filed, changed, taken out of stock, merged, printed; the page shows them."""

from dataclasses import replace
from typing import Any

from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.children import Child, LightChild, RecordLevel
from stationdesk.records.drafts import Draft
from stationdesk.records.families import Household
from stationdesk.ui.actions import action
from stationdesk.ui.child_dialogs import ChildDialog, FullDialog, LightDialog, beginning
from stationdesk.ui.child_filters import ChildFilters
from stationdesk.ui.child_leaving import LeaveDialog
from stationdesk.ui.child_merging import MergeDialog
from stationdesk.ui.child_prints import print_child, print_forms, print_many, print_roster
from stationdesk.ui.child_view import ChildView
from stationdesk.ui.child_words import Names, read_names
from stationdesk.ui.dialogs import tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.importing import export_children, import_children_dialog
from stationdesk.ui.page import Page
from stationdesk.ui.sign_up import ComingSessionsDialog, said_of
from stationdesk.ui.tables import ListPane


class ChildActions(Page):
    """The actions of the page of children, on its list, its filters and the file it shows."""

    list: ListPane
    filters: ChildFilters
    view: ChildView
    names: Names

    def child(self) -> Child | None:
        """The child whose file is shown."""
        return self.view.file.child if self.view.file is not None else None

    # --- registering and changing ----------------------------------------------------------------

    @action(N_("登记"), "Ctrl+N", "plus", Right.ENROL_CHILDREN)
    def new(self) -> None:
        """活动登记."""
        self._light(LightChild())

    def _light(self, light: LightChild, draft: Draft | None = None) -> None:
        dialog = LightDialog(self.desk, self.jobs, self.names, light, self)
        self._open(dialog, draft, _("已登记"))

    @action(N_("建一人一档"), "Ctrl+Shift+N", "file-text", Right.EDIT_CHILDREN)
    def new_full(self) -> None:
        """A full file from the beginning."""
        self._full(Child(worker_id=self.desk.actor.staff_id))

    def _full(self, child: Child, draft: Draft | None = None) -> None:
        parts = beginning(self.desk.clock().date())
        dialog = FullDialog(self.desk, self.jobs, self.names, child, self, parts=parts)
        self._open(dialog, draft, _("一人一档已建立"))

    def _open(self, dialog: FormDialog, draft: Draft | None, said: str) -> None:
        if draft is not None:
            dialog.retype(draft)

        def saved(child_id: Any) -> None:
            self.said.emit(said)
            if isinstance(child_id, int):
                self.list.choose(child_id)

        dialog.saved.connect(saved)
        dialog.open()

    @action(N_("修改"), "Ctrl+E", "pencil", Right.ENROL_CHILDREN)
    def edit(self) -> None:
        """Change the file that is shown."""
        child = self.child()
        if child is not None and not self.desk.read_only and self.desk.actor.may(Right.ENROL_CHILDREN):
            self._edit(child)

    def _edit(self, child: Child, draft: Draft | None = None) -> None:
        self._open(ChildDialog(self.desk, self.jobs, self.names, child, self), draft, _("档案已保存"))

    @action(N_("补全为一人一档"), "", "file-text", Right.EDIT_CHILDREN, toolbar=False)
    def complete(self) -> None:
        """Make a full file of the light one that is shown."""
        child = self.child()
        if child is None:
            return
        if child.record_level is RecordLevel.FULL:
            tell(self, _("补全为一人一档"), _("这个孩子已经有一人一档，请直接修改。"))
        else:
            self._full(child)

    @action(N_("修改家庭"), "", "house", Right.EDIT_CHILDREN, toolbar=False)
    def household(self) -> None:
        """Change the household of the child that is shown."""
        file = self.view.file
        if file is None or file.child.id is None:
            return
        if file.household is None:
            tell(self, _("家庭"), _("这个孩子还没有登记家庭，补全一人一档时一起登记。"))
            return
        child_id = file.child.id
        self._household(child_id, file.household)

    def _household(self, child_id: int, household: Household) -> None:
        store = self.desk.children
        form = RecordForm(household)
        dialog = FormDialog(
            _("家庭"),
            form,
            self.jobs,
            lambda typed: store.save_household(child_id, typed),
            self,
            drafts=DraftPlace(self.desk, f"children/{child_id}/household"),
        )
        dialog.saved.connect(lambda _id: self.said.emit(_("家庭已保存")))
        dialog.open()

    @action(N_("减员…"), "", "log-out", Right.APPROVE_CHILDREN, toolbar=False)
    def leave(self) -> None:
        """Take the child that is shown out of stock."""
        child = self.child()
        if child is not None and child.id is not None:
            dialog = LeaveDialog(self.desk, self.jobs, child, self)
            dialog.left.connect(lambda: self.said.emit(_("已办理减员")))
            dialog.open()

    @action(N_("合并档案…"), "", "repeat", Right.MERGE_CHILDREN, toolbar=False)
    def merge(self) -> None:
        """Take another file of the same child into the one that is shown."""
        child = self.child()
        if child is not None:
            dialog = MergeDialog(self.desk, self.jobs, child, self)
            dialog.said.connect(self.said)
            dialog.open()

    @action(N_("报名参加活动…"), "Ctrl+B", "party-popper", Right.EDIT_ACTIVITIES, toolbar=False)
    def sign_up(self) -> None:
        """Sign the chosen children up for one of the coming sessions."""
        ids = self.list.chosen_ids()
        if ids:
            dialog = ComingSessionsDialog(self.desk, self.jobs, ids, self)
            dialog.signed.connect(lambda found: self.said.emit(said_of(found)))
            dialog.open()

    # --- in and out ------------------------------------------------------------------------------

    @action(N_("导入…"), "", "upload", Right.IMPORT_CHILDREN)
    def take_in(self) -> None:
        """Children from a sheet."""
        import_children_dialog(self.desk, self.jobs, self)

    @action(N_("导出…"), "", "download", Right.EXPORT_CHILDREN)
    def give_out(self) -> None:
        """The list as a sheet that can be taken in again."""
        export_children(self.desk, self.jobs, self, replace(self.filters.query(), words=self.list.words))

    @action(N_("打印档案…"), "Ctrl+P", "printer", Right.PRINT_CHILDREN)
    def print_file(self) -> None:
        """The chosen file, or all that are chosen."""
        ids = self.list.chosen_ids()
        child = self.child()
        if len(ids) > 1:
            print_many(self.desk, self.jobs, self, ids)
        elif child is not None and child.id is not None:
            print_child(self.desk, self.jobs, self, child.id)

    @action(N_("打印花名册…"), "", "list", Right.PRINT_CHILDREN, toolbar=False)
    def print_list(self) -> None:
        """The roster of those in the list."""
        print_roster(self.desk, self.jobs, self, replace(self.filters.query(), words=self.list.words))

    @action(N_("打印同意书、确认书…"), "", "handshake", Right.PRINT_CHILDREN, toolbar=False)
    def print_consents(self) -> None:
        """Consent forms and the agreement of delegated care."""
        child = self.child()
        if child is not None and child.id is not None:
            print_forms(self.desk, self.jobs, self, child.id)

    def take_names(self, names: Names) -> None:
        """What people and places are called by now."""
        self.names = names

    # --- drafts ----------------------------------------------------------------------------------

    def reopen(self, draft: Draft, part: str) -> None:
        """Show what was typed and not saved: a registration, a file, or a line of a file."""

        def with_names(names: Names) -> None:
            self.take_names(names)
            self._reopen(draft, part)

        self.jobs.run(self, lambda: read_names(self.desk), with_names)

    def _reopen(self, draft: Draft, part: str) -> None:
        if part == "light":
            self._light(LightChild(uuid=draft.uuid), draft)
        elif part == "full" and draft.record_id is None:
            self._full(Child(uuid=draft.uuid), draft)
        elif part in ("full", "child") and draft.record_id is not None:
            open_it = self._full if part == "full" else self._edit
            store, child_id = self.desk.children, draft.record_id
            self.jobs.run(self, lambda: store.load(child_id), lambda child: open_it(child, draft), self._gone)
        else:
            number, _slash, _key = part.partition("/")
            self.arrive(int(number))
            self.view.reopen(draft)

    def _gone(self, error: DeskError) -> None:
        tell(self, _("没有保存的内容"), error.say())
