"""工作机制: the work groups left, the chosen one right."""

from datetime import date

from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.work_groups import USUAL_MONTHS, GroupKind, GroupRow, WorkGroup
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import PageSection, beside, place_of, with_draft
from stationdesk.ui.tables import ListPane
from stationdesk.ui.work_group_view import GroupFile, GroupFileView, read_group


class GroupsSection(PageSection):
    """Leading, expert and working group."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(desk, jobs, parent, Right.EDIT_GROUPS)
        self.setAccessibleName(_("工作机制"))
        self.gone = QCheckBox(_("含已撤销"))
        hint = _("还没有工作小组。点上面的“成立工作小组”，登记领导小组、专家小组和工作小组。")
        self.list = ListPane(
            GroupRow,
            lambda words, sort, down: desk.work_groups.find(words, sort, down, self.gone.isChecked()),
            desk.work_groups.rows,
            jobs,
            self,
            empty=hint if self.may else _("还没有工作小组。"),
            first=("kind", False),
            extras=[self.gone],
            name=_("工作小组"),
            desk=desk,
        )
        self.view = GroupFileView(desk, jobs, self, may=self.may)
        self.none = QLabel(_("点选左边的一个小组，这里显示成员、会议和议定事项。"))
        self.column.addWidget(beside(self.list, self.view, self.none), 1)
        self.gone.toggled.connect(lambda _on: self.list.reload())
        self.list.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._chosen())
        self.list.opened.connect(lambda _id: self.edit())
        self.view.changed.connect(self.said)
        self.view.edited.connect(self.edit)

    def _chosen(self) -> None:
        group_id = self.list.current_id()
        self.none.setVisible(group_id is None)
        if group_id is None:
            self.view.clear()
        else:
            self._show(group_id)

    def _show(self, group_id: int) -> None:
        self.jobs.run(self, lambda: read_group(self.desk, group_id), self._take, self.failed)

    def _take(self, file: GroupFile) -> None:
        self.none.hide()
        self.view.show_group(file)

    def reload(self) -> None:
        """Read the list again, and what is shown."""
        self.list.reload()
        if self.view.file is not None:
            self._show(self.view.file.view.group.id or 0)

    def arrive(self, record_id: int) -> None:
        """Show this group, also one that was dissolved."""
        self.list.choose(record_id)
        self.list.filter.clear()
        self.list.reload()
        self._show(record_id)

    def arrive_at_meeting(self, meeting_id: int) -> None:
        """Show the group that held a meeting."""
        self.jobs.run(self, lambda: self.desk.work_groups.group_of(meeting_id), self.arrive, self.failed)

    def empty(self) -> None:
        """Let go of what is shown."""
        self.view.clear()

    # --- forms -----------------------------------------------------------------------------------

    def new(self) -> None:
        """Found a group."""
        if self.may:
            kind = GroupKind.LEADING
            self._form(WorkGroup(kind=kind, founded_on=self._today(), meets_every=USUAL_MONTHS.get(kind)))

    def _today(self) -> date:
        return self.desk.clock().date()

    def edit(self) -> None:
        """Change the group that is shown."""
        if self.view.file is not None:
            self._form(self.view.file.view.group)

    def _form(self, group: WorkGroup, draft: Draft | None = None) -> None:
        form = RecordForm(group)
        if not self.may:
            form.set_read_only()
        if group.id is None:
            follow_kind(form)
        store, drafts = self.desk.work_groups, DraftPlace(self.desk, "partners/groups") if self.may else None
        reload = None if group.id is None else lambda: store.view(group.id or 0).group
        dialog = FormDialog(_("工作小组"), form, self.jobs, store.save, self, reload=reload, drafts=drafts)
        dialog.saved.connect(self._saved)
        with_draft(dialog, draft)

    def _saved(self, group_id: object) -> None:
        self.said.emit(_("工作小组已保存"))
        if isinstance(group_id, int):
            self.list.choose(group_id)

    def reopen(self, draft: Draft) -> None:
        """Show a group, or a line of one, that was typed and not saved."""
        place = place_of(draft)
        if place:
            self.view.reopen(draft)
            self.arrive(int(place[0]))
        elif draft.record_id is None:
            self._form(WorkGroup(uuid=draft.uuid, founded_on=self._today()), draft)
        else:
            store, number = self.desk.work_groups, draft.record_id
            self.jobs.run(self, lambda: store.view(number).group, lambda found: self._form(found, draft), self.failed)


def follow_kind(form: RecordForm) -> None:
    """A new group meets as often as groups of its kind usually do, until somebody says otherwise."""
    kind, every = form.editor("kind"), form.editor("meets_every")
    kind.changed.connect(lambda: every.set_value(USUAL_MONTHS.get(kind.value())))
