"""购买服务: the contracts left, the chosen one right; a tab of the page of partners."""

from array import array
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.contracts import (
    Contract,
    ContractQuery,
    ContractRow,
    ContractStatus,
    next_year,
)
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.contract_prints import export_sheet, print_sheet
from stationdesk.ui.contract_view import PLACE, ContractView
from stationdesk.ui.dialogs import ask
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import PageSection, beside
from stationdesk.ui.tables import ListPane

_RENEWED = "renew"


class ContractsSection(PageSection):
    """All purchased services."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(desk, jobs, parent, Right.EDIT_CONTRACTS)
        self.setAccessibleName(_("购买服务"))
        self.status = ChoiceEditor([(one, one.label) for one in ContractStatus.offered()], self, _("所有状态"))
        self.status.setAccessibleName(_("状态"))
        self.status.setMinimumContentsLength(6)
        self.status.set_value(None)
        self.list = self._list()
        self.view = ContractView(desk, jobs, self)
        self._add_buttons()
        self.none = QLabel(_("点选左边的一个项目，这里显示它的指标、付款和评估。"))
        self.column.addWidget(beside(self.list, self.view, self.none), 1)
        self._wire()

    def _list(self) -> ListPane:
        self.add = QPushButton(look.icon("plus"), _("添加"))
        self.add.setAccessibleName(_("添加购买服务项目"))
        self.add.clicked.connect(lambda _on=False: self.new())
        empty = _("还没有购买服务项目。点“添加”登记合同，再登记指标和付款。") if self.may else _("这里还没有内容。")
        pane = ListPane(
            ContractRow,
            self._find,
            self.desk.contracts.rows,
            self.jobs,
            self,
            empty=empty,
            first=("end", True),
            extras=[self.status, *([self.add] if self.may else [])],
            name=_("购买服务"),
            desk=self.desk,
            private=True,
        )
        pane.filter.setPlaceholderText(_("项目、承接单位、拼音首字母、合同编号"))
        return pane

    def _add_buttons(self) -> None:
        self.buttons: dict[str, QPushButton] = {}
        offered: list[tuple[str, str, str, Callable[[], None], bool]] = [
            ("edit", _("修改"), "pencil", self.edit, self.may),
            ("print", _("指标完成表…"), "printer", self.print_sheet, True),
            ("export", _("导出 Excel…"), "download", self.export_sheet, True),
            ("renew", _("续签…"), "copy", self.renew, self.may),
            ("remove", _("删除"), "trash-2", self.remove, self.may),
        ]
        for key, text, picture, do, allowed in offered:
            if allowed:
                button = QPushButton(look.icon(picture), text)
                button.clicked.connect(lambda _on=False, do=do: do())
                self.view.buttons.addWidget(button)
                self.buttons[key] = button
        self.view.buttons.addStretch(1)

    def _wire(self) -> None:
        self.status.changed.connect(self.list.reload)
        self.list.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._chosen())
        self.list.opened.connect(lambda _id: self.edit())
        self.view.changed.connect(self.said)
        self.view.failed.connect(lambda error: self.said.emit(error.say()))

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        query = ContractQuery(words=words, status=self.status.value(), sort=sort, descending=descending)
        return self.desk.contracts.find(query)

    def _chosen(self) -> None:
        contract_id = self.list.current_id()
        self.none.setVisible(contract_id is None)
        if contract_id is None:
            self.view.clear()
        else:
            self.view.show_contract(contract_id)

    def _contract(self) -> Contract | None:
        return self.view.file.contract if self.view.file is not None else None

    def reload(self) -> None:
        """Read the list again, and the contract that is shown."""
        self.list.reload()
        contract = self._contract()
        if contract is not None and contract.id is not None:
            self.view.show_contract(contract.id)

    def arrive(self, contract_id: int) -> None:
        """Show one contract: somebody was sent here with it."""
        self.status.set_value(None)
        self.list.filter.clear()
        self.list.choose(contract_id)
        self.list.reload()
        self.none.hide()
        self.view.show_contract(contract_id)

    # --- forms -----------------------------------------------------------------------------------

    def new(self) -> None:
        """Register a contract."""
        today = self.desk.clock().date()
        blank = Contract(amount=Decimal(0), start=today, end=today.replace(month=12, day=31))
        if blank.end - blank.start < timedelta(days=180):
            blank = replace(blank, end=blank.end.replace(year=today.year + 1))
        self._edit(blank)

    def edit(self) -> None:
        """Open the contract that is shown."""
        contract = self._contract()
        if contract is not None:
            self._edit(contract)

    def renew(self) -> None:
        """The same contract for the next time, with all that it promises."""
        contract = self._contract()
        if contract is not None and contract.id is not None:
            self._renew(contract)

    def _renew(self, old: Contract, draft: Draft | None = None) -> None:
        store, old_id = self.desk.contracts, old.id or 0
        new = next_year(old) if draft is None else replace(next_year(old), uuid=draft.uuid)
        self._edit(new, draft, lambda contract: store.renew(contract, old_id), f"{_RENEWED}/{old_id}")

    def _edit(
        self,
        contract: Contract,
        draft: Draft | None = None,
        save: Callable[[Contract], Any] | None = None,
        part: str = "",
    ) -> None:
        form = RecordForm(contract)
        follow_status(form)
        if contract.id is None and not contract.amount:
            form.editor("amount").set_value(None)
        if not self.may:
            form.set_read_only()
        store = self.desk.contracts
        reload = None if contract.id is None else lambda: store.load(contract.id or 0)
        drafts = DraftPlace(self.desk, f"{PLACE}/{part}" if part else PLACE) if self.may else None
        title = _("购买服务项目")
        dialog = FormDialog(title, form, self.jobs, save or store.save, self, reload=reload, drafts=drafts)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, contract_id: Any) -> None:
        self.said.emit(_("已保存"))
        if isinstance(contract_id, int):
            self.list.choose(contract_id)

    def reopen(self, draft: Draft) -> None:
        """Show what was typed and not saved: a contract, its renewal, or a line of one."""
        *parts, last = draft.place.removeprefix(PLACE).strip("/").split("/")
        store = self.desk.contracts
        if parts == [_RENEWED]:
            self.jobs.run(self, lambda: store.load(int(last)), lambda old: self._renew(old, draft), self.failed)
        elif parts:
            self.arrive(int(parts[0]))
            self.view.reopen(draft)
        elif draft.record_id is None:
            today = self.desk.clock().date()
            self._edit(Contract(uuid=draft.uuid, amount=Decimal(0), start=today, end=today), draft)
        else:
            number = draft.record_id
            self.jobs.run(self, lambda: store.load(number), lambda found: self._edit(found, draft), self.failed)

    def remove(self) -> None:
        """Take out the contract that is shown, after asking."""
        contract = self._contract()
        if contract is None:
            return
        number = contract.id or 0
        choices = {"yes": _("删除"), "": _("返回")}
        text = _("确定删除“{name}”吗？录入有误时才删除；不再执行的请改状态。").format(name=contract.name)
        if ask(self, _("购买服务"), text, choices):
            self.jobs.run(self, lambda: self.desk.contracts.remove(number), self._removed, self.failed)

    def _removed(self, _none: Any) -> None:
        self.view.clear()
        self.none.show()
        self.said.emit(_("已删除"))

    # --- paper -----------------------------------------------------------------------------------

    def print_sheet(self) -> None:
        """Show the sheet of what is done (P18)."""
        contract = self._contract()
        if contract is not None and contract.id is not None:
            print_sheet(self.desk, self.jobs, self, contract.id)

    def export_sheet(self) -> None:
        """Save the same as a workbook."""
        contract = self._contract()
        if contract is not None and contract.id is not None:
            export_sheet(self.desk, self.jobs, self, contract.id)


def follow_status(form: RecordForm) -> None:
    """Ask for the day of termination only of what is terminated."""

    def dress() -> None:
        is_terminated = form.editor("status").value() is ContractStatus.TERMINATED
        if not is_terminated:
            form.editor("terminated_on").set_value(None)
        form.show_field("terminated_on", shown=is_terminated)

    form.editor("status").changed.connect(dress)
    dress()
