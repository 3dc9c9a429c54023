"""Purchased services: contracts, what they promise, what is paid on them, how they are assessed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.activities import ContractRef, Funding, FundingSource
from stationdesk.records.calendar import Period, new_uuid


class ContractStatus(Code):
    """A draft is counted nowhere; a terminated one until the day it was terminated."""

    DRAFT = "DRAFT", N_("草拟")
    RUNNING = "RUNNING", N_("执行中")
    ENDED = "ENDED", N_("已结束")
    TERMINATED = "TERMINATED", N_("已终止")


class AssessmentPoint(Code):
    """When a contract is assessed."""

    MID = "MID", N_("中期")
    FINAL = "FINAL", N_("末期")


class AssessmentGrade(Code):
    """How it did."""

    EXCELLENT = "EXCELLENT", N_("优秀")
    GOOD = "GOOD", N_("良好")
    PASS = "PASS", N_("合格")
    FAIL = "FAIL", N_("不合格")


# What stands for an indicator whose actual is entered by hand; all others are rows of the summary.
CUSTOM = "CUSTOM"

_MOST = Decimal(99999999)
_LEAST = Decimal("0.01")
ContractNo = Annotated[str, Field(N_("合同编号"), max_length=40)]
ContractName = Annotated[str, Field(N_("项目名称"), max_length=80)]
Provider = Annotated[str, Field(N_("承接单位"), max_length=80)]
Purchaser = Annotated[str, Field(N_("购买单位"), max_length=80)]
ContractAmount = Annotated[Decimal, Field(N_("合同金额"), minimum=_LEAST, maximum=_MOST, unit=N_("元"))]
ContractStart = Annotated[date, Field(N_("开始日期"))]
ContractEnd = Annotated[date, Field(N_("结束日期"))]
ContractLead = Annotated[str, Field(N_("项目负责人"), max_length=72, private=True)]
StatusOfContract = Annotated[ContractStatus, Field(N_("状态"))]
TerminatedOn = Annotated[date, Field(N_("终止日期"), hint=N_("提前终止的填写，以后的场次不再计入"))]
ContractNote = Annotated[str, Field(N_("备注"), max_length=800, multiline=True)]

IndicatorKey = Annotated[str, Field(N_("统计项目"), max_length=40)]
DeliverableTitle = Annotated[str, Field(N_("指标名称"), max_length=60, hint=N_("合同里的说法；不填的用统计项目的名称"))]
DeliverableUnit = Annotated[str, Field(N_("计量单位"), max_length=10)]
DeliverableTarget = Annotated[int, Field(N_("目标"), minimum=0, maximum=9999999)]
HandActual = Annotated[int, Field(N_("完成数"), minimum=0, maximum=9999999)]
Adjustment = Annotated[
    int,
    Field(N_("调整数"), minimum=-9999999, maximum=9999999, hint=N_("加在统计数上，少算的填正数，多算的填负数")),
]
AdjustmentReason = Annotated[str, Field(N_("调整原因"), max_length=200, multiline=True)]
DeliverableDue = Annotated[date, Field(N_("完成时限"), hint=N_("不填的以合同结束日期为限"))]

PaymentSeq = Annotated[int, Field(N_("期次"), minimum=1, maximum=99)]
PaymentCondition = Annotated[str, Field(N_("付款条件"), max_length=120)]
PlannedOn = Annotated[date, Field(N_("计划付款日期"))]
PlannedAmount = Annotated[Decimal, Field(N_("计划金额"), minimum=_LEAST, maximum=_MOST, unit=N_("元"))]
PaidOn = Annotated[date, Field(N_("支付日期"))]
PaidAmount = Annotated[Decimal, Field(N_("支付金额"), minimum=_LEAST, maximum=_MOST, unit=N_("元"))]
Voucher = Annotated[str, Field(N_("凭证号"), max_length=40)]

PointOfAssessment = Annotated[AssessmentPoint, Field(N_("评估阶段"))]
AssessedOn = Annotated[date, Field(N_("评估日期"))]
AssessmentScore = Annotated[int, Field(N_("得分"), minimum=0, maximum=100, unit=N_("分"))]
GradeOfAssessment = Annotated[AssessmentGrade, Field(N_("等次"))]
AssessmentRemark = Annotated[str, Field(N_("评估意见"), max_length=800, multiline=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One purchased service (domain §2.15)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    number: ContractNo = ""
    name: ContractName = ""
    provider: Provider = ""
    purchaser: Purchaser = ""
    amount: ContractAmount
    funding: Funding = FundingSource.FISCAL
    start: ContractStart
    end: ContractEnd
    lead: ContractLead | None = None
    status: StatusOfContract = ContractStatus.RUNNING
    terminated_on: TerminatedOn | None = None
    note: ContractNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one contract."""
        if self.end < self.start:
            yield Problem("end", N_("结束日期早于开始日期，请改正其中一个。"))
        is_terminated = self.status is ContractStatus.TERMINATED
        if is_terminated and self.terminated_on is None:
            yield Problem("terminated_on", N_("状态是“已终止”的，请填写终止日期。"))
        elif not is_terminated and self.terminated_on is not None:
            yield Problem("terminated_on", N_("填了终止日期的，状态请选“已终止”；没有终止的请清空这一项。"))
        elif self.terminated_on is not None and not self.start <= self.terminated_on <= self.end:
            yield Problem("terminated_on", N_("终止日期应在合同开始和结束日期之间，请改正。"))

    @property
    def last(self) -> date:
        """The last day it is in force."""
        return self.end if self.terminated_on is None else self.terminated_on

    def is_active_in(self, period: Period) -> bool:
        """Whether it is in force on any day of a period."""
        in_force = self.start <= period.last and self.last >= period.first
        return in_force and self.status is not ContractStatus.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """What a contract promises: a row of the monthly summary, counted over the contract's own sessions,
    or something else whose actual is entered by hand."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    contract_id: ContractRef
    indicator: IndicatorKey = ""
    title: DeliverableTitle | None = None
    unit: DeliverableUnit | None = None
    target: DeliverableTarget = 0
    actual: HandActual | None = None
    due_on: DeliverableDue | None = None
    adjustment: Adjustment | None = None
    adjustment_reason: AdjustmentReason | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one deliverable."""
        if self.indicator == CUSTOM:
            if not self.title:
                yield Problem("title", N_("自定指标请填写指标名称。"))
            if not self.unit:
                yield Problem("unit", N_("自定指标请填写计量单位，如“份”“户”。"))
        if self.adjustment and not self.adjustment_reason:
            yield Problem("adjustment_reason", N_("填了调整数，请写明调整原因。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One instalment: what is planned, and what was paid of it and when."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    contract_id: ContractRef
    seq: PaymentSeq = 1
    condition: PaymentCondition | None = None
    planned_on: PlannedOn
    planned_amount: PlannedAmount
    paid_on: PaidOn | None = None
    paid_amount: PaidAmount | None = None
    voucher: Voucher | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one payment."""
        if self.paid_amount is not None and self.paid_on is None:
            yield Problem("paid_on", N_("填了支付金额，请填写支付日期。"))
        elif self.paid_on is not None and self.paid_amount is None:
            yield Problem("paid_amount", N_("填了支付日期，请填写支付金额。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAssessment:
    """How a contract was judged, half-way or at its end."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    contract_id: ContractRef
    point: PointOfAssessment = AssessmentPoint.MID
    assessed_on: AssessedOn
    score: AssessmentScore = 0
    grade: GradeOfAssessment | None = None
    remark: AssessmentRemark | None = None


def paid_in_all(payments: Iterable[Payment], until: date = date.max) -> Decimal:
    """What was paid by a day, in yuan."""
    return sum((p.paid_amount or Decimal(0) for p in payments if p.paid_on and p.paid_on <= until), Decimal(0))


def payment_problems(amount: Decimal, payment: Payment, others: Sequence[Payment]) -> Iterator[Problem]:
    """No more is paid or planned than the contract is worth; `others` are its other payments."""
    paid = amount - paid_in_all(others)
    planned = amount - sum((other.planned_amount for other in others), Decimal(0))
    if payment.paid_amount is not None and payment.paid_amount > paid:
        text = N_("支付金额超过合同余额：合同金额{amount}元，扣除其他各期已支付的，还可支付{rest}元，请改正。")
        yield Problem("paid_amount", text, {"amount": f"{amount:,.2f}", "rest": f"{paid:,.2f}"})
    if payment.planned_amount > planned:
        text = N_("各期计划金额合计超过合同金额{amount}元，这一期最多还可计划{rest}元，请改正。")
        yield Problem("planned_amount", text, {"amount": f"{amount:,.2f}", "rest": f"{planned:,.2f}"})


def amount_problems(amount: Decimal, payments: Sequence[Payment]) -> Iterator[Problem]:
    """A contract is worth no less than what is paid and planned on it already."""
    planned = sum((payment.planned_amount for payment in payments), Decimal(0))
    least = max(paid_in_all(payments), planned)
    if amount < least:
        text = N_("合同金额不能小于各期已支付或计划的合计{least}元，请先改付款，或改正合同金额。")
        yield Problem("amount", text, {"least": f"{least:,.2f}"})


def state_problems(
    contract: Contract, payments: Sequence[Payment], promises: Sequence[Deliverable]
) -> Iterator[Problem]:
    """What a change of its state or time would make wrong in what was paid on it and promised."""
    if contract.status is ContractStatus.DRAFT and any(payment.paid_on for payment in payments):
        yield Problem("status", N_("这个项目已有付款，状态不能是“草拟”，否则付款不会计入月报。"))
    for promise in promises:
        if promise.due_on is not None and not contract.start <= promise.due_on <= contract.end:
            text = N_("有指标的完成时限是{day}，不在合同期间之内，请先改那个指标，或改正合同日期。")
            yield Problem("end", text, {"day": promise.due_on.isoformat()})
            return


def adjustment_problems(deliverable: Deliverable, counted: int | Decimal | None) -> Iterator[Problem]:
    """Nothing is done less than not at all; `counted` is what the engine says, None what is typed."""
    done = (deliverable.actual or 0) if counted is None else counted
    if done + (deliverable.adjustment or 0) < 0:
        text = N_("现在完成{done}，加上调整数以后小于0，请改正调整数。")
        yield Problem("adjustment", text, {"done": done})


def next_year(contract: Contract) -> Contract:
    """A draft of the same contract for the time right after it; its number is still to be given."""
    days = contract.end - contract.start
    start = contract.end + timedelta(days=1)
    fresh: dict[str, object] = {"id": None, "uuid": new_uuid(), "version": 0, "number": "", "terminated_on": None}
    try:
        # Up to the day before the one after it begins: a year to the end of February ends on its last day.
        end = start.replace(year=start.year + 1) - timedelta(days=1) if days.days > 360 else start + days
    except ValueError:
        # From 29 February on.
        end = date(start.year + 1, 2, 28)
    return replace(contract, start=start, end=end, status=ContractStatus.DRAFT, **fresh)  # type: ignore[arg-type]


def promised_again(deliverable: Deliverable, contract_id: int) -> Deliverable:
    """The same promise in another contract: nothing of how far it came."""
    return Deliverable(
        contract_id=contract_id,
        indicator=deliverable.indicator,
        title=deliverable.title,
        unit=deliverable.unit,
        target=deliverable.target,
    )


PaidSoFar = Annotated[Decimal, Field(N_("已支付"), unit=N_("元"))]
PaidShare = Annotated[Decimal, Field(N_("支付进度（%）"))]
DeliverableCount = Annotated[int, Field(N_("指标数"))]
OfContract = Annotated[str, Field(N_("所属项目"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRow:
    """A line of the list of contracts."""

    id: int
    name: ContractName
    status: StatusOfContract
    end: ContractEnd
    provider: Provider
    amount: ContractAmount
    paid: PaidSoFar
    paid_share: PaidShare | None
    deliverables: DeliverableCount
    start: ContractStart
    number: ContractNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractQuery:
    """What the list is narrowed to; what is empty narrows nothing."""

    words: str = ""
    status: ContractStatus | None = None
    sort: str = "end"
    descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A line of a list of payments of several contracts."""

    id: int
    contract_id: int
    contract: OfContract
    seq: PaymentSeq
    condition: PaymentCondition | None
    planned_on: PlannedOn
    planned_amount: PlannedAmount
    paid_on: PaidOn | None
    paid_amount: PaidAmount | None
    voucher: Voucher | None
