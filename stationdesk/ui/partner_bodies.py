"""协作单位: the list of partners left, the chosen one right."""

from array import array
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.partners import Partner, PartnerDept, PartnerQuery, PartnerRow
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import PageSection, beside, place_of, with_draft
from stationdesk.ui.partner_view import PartnerFile, PartnerView, read_partner
from stationdesk.ui.tables import ListPane


class BodiesSection(PageSection):
    """The departments and organisations."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(desk, jobs, parent, Right.EDIT_PARTNERS)
        self.setAccessibleName(_("协作单位"))
        self.dept = ChoiceEditor([(dept, dept.label) for dept in PartnerDept.offered()], self, _("所有部门"))
        self.dept.setAccessibleName(_("部门"))
        self.dept.set_value(None)
        self.gone = QCheckBox(_("含已停止合作"))
        hint = _("还没有协作单位。按 Ctrl+N 登记第一个，如妇联、司法所、派出所、学校。")
        self.list = ListPane(
            PartnerRow,
            self._find,
            desk.partners.rows,
            jobs,
            self,
            empty=hint if self.may else _("还没有协作单位。"),
            extras=[self.dept, self.gone],
            name=_("协作单位"),
            # What a person may not see is masked in the lines themselves.
            private=True,
            desk=desk,
        )
        self.list.filter.setPlaceholderText(_("单位名称、拼音首字母"))
        self.view = PartnerView(desk, jobs, self, may=self.may)
        self.none = QLabel(_("点选左边的一个单位，这里显示联系人和一起做过的工作。"))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.column.addWidget(beside(left, self.view, self.none), 1)
        self.dept.changed.connect(self.list.reload)
        self.gone.toggled.connect(lambda _on: self.list.reload())
        self.list.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._chosen())
        self.list.opened.connect(lambda _id: self.edit())
        self.view.changed.connect(self.said)
        self.view.edited.connect(self.edit)

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        query = PartnerQuery(dept=self.dept.value(), gone=self.gone.isChecked())
        return self.desk.partners.find(replace(query, words=words, sort=sort, descending=descending))

    def _chosen(self) -> None:
        partner_id = self.list.current_id()
        self.none.setVisible(partner_id is None)
        if partner_id is None:
            self.view.clear()
        else:
            self._show(partner_id)

    def _show(self, partner_id: int) -> None:
        self.jobs.run(self, lambda: read_partner(self.desk, partner_id), self._take, self.failed)

    def _take(self, file: PartnerFile) -> None:
        self.none.hide()
        self.view.show_partner(file)

    def reload(self) -> None:
        """Read the list again, and what is shown."""
        self.list.reload()
        if self.view.file is not None:
            self._show(self.view.file.partner.id or 0)

    def arrive(self, record_id: int) -> None:
        """Show this partner, also one that is not worked with any more."""
        self.list.choose(record_id)
        self.dept.blockSignals(True)
        self.dept.set_value(None)
        self.dept.blockSignals(False)
        self.list.filter.clear()
        self.list.reload()
        self._show(record_id)

    def empty(self) -> None:
        """Let go of what is shown."""
        self.view.clear()

    # --- forms -----------------------------------------------------------------------------------

    def new(self) -> None:
        """Add a partner."""
        if self.may:
            self._form(Partner(since=self.desk.clock().date()))

    def edit(self) -> None:
        """Change the partner that is shown."""
        if self.view.file is not None:
            self._form(self.view.file.partner)

    def _form(self, partner: Partner, draft: Draft | None = None) -> None:
        form = RecordForm(partner, asked=("since",))
        if not self.may:
            form.set_read_only()
        store, drafts = self.desk.partners, DraftPlace(self.desk, "partners/bodies") if self.may else None
        reload = None if partner.id is None else lambda: store.load(partner.id or 0)
        dialog = FormDialog(_("协作单位"), form, self.jobs, store.save, self, reload=reload, drafts=drafts)
        dialog.saved.connect(self._saved)
        with_draft(dialog, draft)

    def _saved(self, partner_id: object) -> None:
        self.said.emit(_("协作单位已保存"))
        if isinstance(partner_id, int):
            self.list.choose(partner_id)

    def reopen(self, draft: Draft) -> None:
        """Show a partner, or a contact, that was typed and not saved."""
        place = place_of(draft)
        if place:
            self.view.reopen(draft)
            self.arrive(int(place[0]))
        elif draft.record_id is None:
            self._form(Partner(uuid=draft.uuid), draft)
        else:
            store, number = self.desk.partners, draft.record_id
            self.jobs.run(self, lambda: store.load(number), lambda found: self._form(found, draft), self.failed)
