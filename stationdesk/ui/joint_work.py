"""联合工作: all that was done with partners in a year, what follows from activities and what was entered by hand."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from stationdesk.desk import Desk
from stationdesk.fields import to_text
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.partners import JointEntry, JointItem, JointWork, PartnerQuery
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask, tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import PageSection, with_draft
from stationdesk.ui.tables import ListPane
from stationdesk.ui.ticks import TickEditor

_YEARS = 6
_Choices = list[tuple[int, str]]


class JointSection(PageSection):
    """The joint work of a year; what follows from an activity is changed there."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(desk, jobs, parent, Right.EDIT_PARTNERS)
        self.setAccessibleName(_("联合工作"))
        said = QLabel(
            _("选了协作单位的活动，场次办完后自动列在这里，只能看，按回车打开那个活动；其他联合工作请手工登记。")
        )
        said.setObjectName("quiet")
        said.setWordWrap(True)
        self.column.addWidget(said)
        this_year = desk.clock().date().year
        self.year = ChoiceEditor((), self)
        self.year.setMinimumContentsLength(6)
        self.year.setAccessibleName(_("年份"))
        self._offer(range(this_year - _YEARS + 1, this_year + 1))
        self.year.set_value(this_year)
        self.add = QPushButton(look.icon("plus"), _("登记"))
        self.add.clicked.connect(self.new)
        self.delete = QPushButton(look.icon("trash-2"), _("删除"))
        self.delete.clicked.connect(self.remove)
        self.list = ListPane(
            JointItem,
            self._find,
            desk.partners.joint_rows,
            jobs,
            self,
            empty=_("这一年还没有联合工作。活动里选了协作单位、活动办完，这里就有；其他的请手工登记。"),
            first=("day", True),
            extras=[self.year, *([self.add, self.delete] if self.may else [])],
            name=_("联合工作"),
            desk=desk,
        )
        self.list.opened.connect(self.open_item)
        self.column.addWidget(self.list, 1)
        self.year.changed.connect(self.list.reload)

    def _offer(self, years: Iterable[int]) -> None:
        """Offer these years beside those there are, the latest first."""
        known = {*years, *(year for year, _text in self.year.choices)}
        self.year.set_choices([(year, _("{year}年").format(year=year)) for year in sorted(known, reverse=True)])

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        year = self.year.value()
        store = self.desk.partners
        ids = store.find_joint(date(year, 1, 1), date(year, 12, 31))
        # A year has few enough to be read whole.
        rows: Sequence[JointItem] = store.joint_rows(ids)
        found = [row for row in rows if words in f"{row.day} {row.matter} {row.partners} {row.result or ''}"]
        found.sort(key=lambda row: to_text(getattr(row, sort)), reverse=descending)
        return array("q", (row.id for row in found))

    def reload(self) -> None:
        """Read the list again."""
        self.list.reload()

    def arrive(self, record_id: int) -> None:
        """Choose one piece of work, in the year it was done in."""

        def take(rows: Sequence[JointItem]) -> None:
            for row in rows:
                self._offer([row.day.year])
                self.year.set_value(row.day.year)
            self.list.choose(record_id)
            self.list.filter.clear()
            self.list.reload()

        self.jobs.run(self, lambda: self.desk.partners.joint_rows([record_id]), take)

    def open_item(self, item_id: int) -> None:
        """Open the activity it follows from, or what was entered."""
        if item_id < 0:
            self.went.emit("activities", -item_id)
        else:
            self._load(item_id)

    def edit(self) -> None:
        """Open the chosen line."""
        chosen = self.list.current_id()
        if chosen is not None:
            self.open_item(chosen)

    # --- forms -----------------------------------------------------------------------------------

    def new(self) -> None:
        """Enter work that no activity tells of."""
        if self.may:
            blank = JointEntry(day=self.desk.clock().date())
            self.jobs.run(self, lambda: self._choices(()), lambda choices: self._form(blank, choices))

    def _choices(self, chosen: Sequence[int]) -> _Choices:
        """The partners worked with, and those chosen already; on the database thread."""
        store = self.desk.partners
        ids = list(store.find(PartnerQuery()))
        rows = store.rows([*ids, *(number for number in chosen if number not in ids)])
        return [(row.id, row.name) for row in rows]

    def _load(self, work_id: int, draft: Draft | None = None) -> None:
        def work() -> tuple[JointEntry, _Choices]:
            entry = self._entry(work_id)
            return entry, self._choices(entry.partner_ids)

        self.jobs.run(self, work, lambda found: self._form(*found, draft), self.failed)

    def _entry(self, work_id: int) -> JointEntry:
        work, partners = self.desk.partners.load_joint(work_id)
        return JointEntry(**{item.name: getattr(work, item.name) for item in fields(JointWork)}, partner_ids=partners)

    def _form(self, entry: JointEntry, choices: _Choices, draft: Draft | None = None) -> None:
        none = _("还没有协作单位，请先在“协作单位”里登记。")
        editors: Any = {"partner_ids": lambda box: TickEditor(choices, box, none)}
        form = RecordForm(entry, editors=editors, asked=("partner_ids",))
        if not self.may:
            form.set_read_only()
        store = self.desk.partners

        def save(typed: JointEntry) -> int:
            return store.save_joint(typed.work, typed.partner_ids)

        reload = None if entry.id is None else lambda: self._entry(entry.id or 0)
        drafts = DraftPlace(self.desk, "partners/joint") if self.may else None
        dialog = FormDialog(_("联合工作"), form, self.jobs, save, self, reload=reload, drafts=drafts)
        dialog.saved.connect(self._saved)
        with_draft(dialog, draft)

    def _saved(self, work_id: object) -> None:
        self.said.emit(_("联合工作已保存"))
        if isinstance(work_id, int):
            self.arrive(work_id)

    def remove(self) -> None:
        """Remove the chosen line, after asking; what follows from an activity is not removed here."""
        chosen = self.list.current_id()
        if chosen is None:
            return
        if chosen < 0:
            text = _("这一条来自活动场次，不能在这里删除。如果没有和协作单位一起办，请在活动里改协作单位。")
            tell(self, _("联合工作"), text)
            return
        choices = {"yes": _("删除"), "": _("返回")}
        if ask(self, _("联合工作"), _("确定删除选中的这一条吗？录入有误时才删除。"), choices):
            remove = self.desk.partners.remove_joint
            self.jobs.run(self, lambda: remove(chosen), lambda _none: self.said.emit(_("已删除")), self.failed)

    def reopen(self, draft: Draft) -> None:
        """Show work that was typed and not saved."""
        if draft.record_id is not None:
            self._load(draft.record_id, draft)
        else:
            blank = JointEntry(uuid=draft.uuid, day=self.desk.clock().date())
            self.jobs.run(self, lambda: self._choices(()), lambda choices: self._form(blank, choices, draft))
