"""One purchased service on the screen: its facts, how far it is, and the lists that belong to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.fields import Described
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.contract_figures import ContractFile, indicators, is_behind, passed_share
from stationdesk.records.contracts import CUSTOM, ContractAssessment, Deliverable, Payment
from stationdesk.records.drafts import Draft
from stationdesk.reports.contract_sheet import percent
from stationdesk.ui import look
from stationdesk.ui.child_words import Names
from stationdesk.ui.editors import ChoiceEditor, EditorMaker
from stationdesk.ui.facts import Facts
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.record_list import Kept, RecordList

# Where the forms of contracts are found again.
PLACE = "partners/contracts"


@dataclass(frozen=True, slots=True)
class ContractWords(Names):
    """How values of contracts are shown: money with its unit, rows of the summary by their names."""

    rows: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: Described, value: Any) -> str:
        """A value as it is shown; the contract itself stands above."""
        if column.name == "contract_id":
            return ""
        if isinstance(value, Decimal):
            return f"{value:,.2f}{_(column.field.unit)}"
        if column.name == "indicator":
            return self.rows.get(value, str(value))
        return Names.text(self, column, value)


class ProgressBoard(QWidget):
    """What is paid and how far each promise is, a bar a line with the same in words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * look.UNIT)
        self._grid.setVerticalSpacing(look.UNIT // 2)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        self._grid.setColumnStretch(2, 3)
        self.bars: dict[str, QProgressBar] = {}
        self.texts: list[str] = []

    def show_file(self, file: ContractFile, desk: Desk) -> None:
        """Show how far a contract is today."""
        while taken := self._grid.takeAt(0):
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.bars, self.texts = {}, []
        contract, today = file.contract, desk.clock().date()
        said = _("{paid}/{amount}元").format(paid=f"{file.paid:,.2f}", amount=f"{contract.amount:,.2f}")
        self._add(_("支付进度"), file.paid_share, said, late="")
        for progress in file.progress:
            said = f"{progress.actual:,}/{progress.target:,} {_(progress.unit)}"
            late = ""
            if is_behind(contract, progress, today):
                late = _("时间已过{passed}%，落后于进度").format(passed=passed_share(contract, progress, today))
            self._add(progress.title, progress.share, said, late=late)

    def _add(self, title: str, share: Decimal | None, said: str, *, late: str) -> None:
        row = self._grid.rowCount()
        name, bar, words = QLabel(title, self), QProgressBar(self), QLabel(self)
        text = f"{said}  {percent(share)}"
        words.setText(f"{text}\n{late}" if late else text)
        for label in (name, words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        if late:
            words.setObjectName("problem")
        bar.setRange(0, 100)
        bar.setValue(min(int(share or 0), 100))
        bar.setTextVisible(False)
        bar.setMaximumHeight(self.fontMetrics().height())
        bar.setAccessibleName(title)
        bar.setAccessibleDescription(words.text())
        for column, widget in enumerate((name, bar, words)):
            self._grid.addWidget(widget, row, column)
        self.bars[title] = bar
        self.texts.append(words.text())


class ContractView(QWidget):
    """One contract. `changed` is sent with what was done, `failed` with why it cannot be shown."""

    changed = Signal(str)
    failed = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self.file: ContractFile | None = None
        self.lists: dict[str, RecordList] = {}
        self.words = ContractWords(rows=dict(indicators()))
        self._waiting: Draft | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.title = QLabel()
        self.title.setObjectName("section")
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self.title)
        self.buttons = QHBoxLayout()
        column.addLayout(self.buttons)
        inside = QWidget()
        self._inside = QVBoxLayout(inside)
        self._inside.setContentsMargins(0, 0, look.UNIT, 0)
        self._inside.setSpacing(2 * look.UNIT)
        self.board, self.facts = ProgressBoard(self), Facts(self)
        for heading, widget in ((_("完成进度"), self.board), (_("合同信息"), self.facts)):
            label = QLabel(heading)
            label.setObjectName("section")
            self._inside.addWidget(label)
            self._inside.addWidget(widget)
        self._box: QWidget | None = None
        self._inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        column.addWidget(area, 1)
        self.hide()

    def show_contract(self, contract_id: int) -> None:
        """Read a contract and show it."""
        self.jobs.run(self, lambda: self.desk.contracts.file(contract_id), self._show, self._not_shown)

    def _not_shown(self, error: DeskError) -> None:
        self.clear()
        self.failed.emit(error)

    def clear(self) -> None:
        """Show nothing."""
        self.file = None
        self.hide()

    def _show(self, file: ContractFile) -> None:
        other = self.file is None or self.file.contract.id != file.contract.id
        self.file = file
        contract = file.contract
        self.title.setText(f"{contract.name}  {contract.status.label}")
        self.facts.show_record(contract, self.words, hide=("name", "status"))
        self.board.show_file(file, self.desk)
        if other:
            self._make_lists(contract.id or 0)
        writable = may_write(self.desk)
        for key, records in (
            ("deliverables", file.deliverables),
            ("payments", file.payments),
            ("assessments", file.assessments),
        ):
            self.lists[key].show_records(records, writable=writable)
        self.show()
        if self._waiting is not None:
            draft, self._waiting = self._waiting, None
            self.reopen(draft)

    def _make_lists(self, contract_id: int) -> None:
        if self._box is not None:
            self._box.hide()
            self._box.deleteLater()
        self._box, self.lists = QWidget(), {}
        column = QVBoxLayout(self._box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * look.UNIT)
        for what in lists_of(self.desk, contract_id, lambda: self.file):
            place = f"{PLACE}/{contract_id}"
            made = RecordList(self.desk, self.jobs, what, self, text=self.words.text, place=place)
            made.changed.connect(self.changed)
            self.lists[what.key] = made
            column.addWidget(made)
        # Below the progress, above what is written once and seldom read.
        self._inside.insertWidget(2, self._box)

    def reopen(self, draft: Draft) -> None:
        """Show a line of a list that was typed and not saved, as soon as the contract is there."""
        number, key = draft.place.split("/")[-2:]
        if self.file is None or str(self.file.contract.id) != number:
            self._waiting = draft
        else:
            self.lists[key].reopen(draft)


def may_write(desk: Desk) -> bool:
    """Whether the person may change contracts; the store decides, this shows the buttons."""
    return desk.actor.may(Right.EDIT_CONTRACTS) and not desk.read_only


# --- the lists -----------------------------------------------------------------------------------


def lists_of(desk: Desk, contract_id: int, known: Callable[[], ContractFile | None]) -> tuple[Kept, ...]:
    """The lists of one contract, each with its way in; `known` gives the contract as it is shown now."""
    store, today = desk.contracts, desk.clock().date()

    def next_payment() -> Payment:
        file = known()
        payments = file.payments if file is not None else ()
        rest = (file.contract.amount if file is not None else Decimal(0)) - sum(
            (payment.planned_amount for payment in payments), Decimal(0)
        )
        seq = max((payment.seq for payment in payments), default=0) + 1
        return Payment(contract_id=contract_id, seq=seq, planned_on=today, planned_amount=max(rest, Decimal(0)))

    return (
        Kept(
            key="deliverables",
            title=_("指标"),
            cls=Deliverable,
            blank=lambda: Deliverable(contract_id=contract_id),
            save=store.save_deliverable,
            remove=store.remove_deliverable,
            editors=_indicator,
            prepare=follow_indicator,
            hide=("contract_id",),
            empty=_("还没有指标。点“添加”登记合同里约定的指标，完成数自动统计。"),
        ),
        Kept(
            key="payments",
            title=_("付款"),
            cls=Payment,
            blank=next_payment,
            save=store.save_payment,
            remove=store.remove_payment,
            hide=("contract_id",),
            empty=_("还没有付款计划。点“添加”登记各期付款，到期前两周提醒。"),
        ),
        Kept(
            key="assessments",
            title=_("评估"),
            cls=ContractAssessment,
            blank=lambda: ContractAssessment(contract_id=contract_id, assessed_on=today),
            save=store.save_assessment,
            remove=store.remove_assessment,
            hide=("contract_id",),
            empty=_("还没有评估。中期、末期评估后在这里登记得分。"),
        ),
    )


def _indicator() -> Mapping[str, EditorMaker]:
    return {"indicator": lambda box: ChoiceEditor(indicators(), box)}


def follow_indicator(form: RecordForm) -> None:
    """Ask for unit and actual only where nothing counts them."""

    def dress() -> None:
        by_hand = form.editor("indicator").value() == CUSTOM
        for name in ("unit", "actual"):
            form.show_field(name, shown=by_hand)

    form.editor("indicator").changed.connect(dress)
    dress()
