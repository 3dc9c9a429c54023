"""What contracts come to: how far each promise is, and block K of the monthly summary.

A promise is counted by the engine of the summary itself, over the contract's own sessions only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import count

from stationdesk.i18n import N_, _
from stationdesk.records.activity_figures import ActivityFacts, activity_blocks
from stationdesk.records.calendar import Period
from stationdesk.records.contracts import (
    CUSTOM,
    Contract,
    ContractAssessment,
    ContractStatus,
    Deliverable,
    Payment,
    paid_in_all,
)
from stationdesk.records.counting import Block, CrossCheck, Figure, rate

_BODIES, _WAN = N_("个"), N_("万元")
# Of voluntary service only what can belong to a contract: who helped at its sessions.
_VOLUNTEERING = ("I03", "I04", "I05")
_SEPARATOR = " "
# The records that can be shown behind a promise.
_NAMED = ("activity_session", "volunteer_shift")


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """All that one contract is counted from; `activities` has the closed sessions of its own activities
    and the shifts at them, of whatever day."""

    contract: Contract
    deliverables: tuple[Deliverable, ...] = ()
    payments: tuple[Payment, ...] = ()
    activities: ActivityFacts = field(default_factory=ActivityFacts)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one promise is: counted by the engine (None: entered by hand), adjusted, its target; `unit`
    is a marked text, or what was typed. `behind` and `ids` are the sessions or shifts it was counted from."""

    deliverable_id: int
    title: str
    unit: str
    target: int
    counted: int | Decimal | None
    adjustment: int
    actual: int | Decimal
    due_on: date
    behind: str = ""
    ids: tuple[int, ...] = ()

    @property
    def share(self) -> Decimal | None:
        """How much of the target is done, in percent with one decimal; None without a target."""
        return rate(int(self.actual * 10), self.target * 10)

    @property
    def is_reached(self) -> bool:
        """Whether the target is done."""
        return self.actual >= self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFile:
    """All that is kept of one contract, and how far it is."""

    contract: Contract
    deliverables: tuple[Deliverable, ...]
    payments: tuple[Payment, ...]
    assessments: tuple[ContractAssessment, ...]
    progress: tuple[Progress, ...]

    @property
    def paid(self) -> Decimal:
        """What is paid, in yuan."""
        return paid_in_all(self.payments)

    @property
    def paid_share(self) -> Decimal | None:
        """What is paid of the amount, in percent."""
        return paid_share(self.paid, self.contract.amount)


def paid_share(paid: Decimal, amount: Decimal) -> Decimal | None:
    """The share that is paid, in percent with one decimal."""
    return rate(int(paid * 100), int(amount * 100))


def wan(yuan: Decimal) -> Decimal:
    """Yuan as 万元 with two decimals, half up."""
    return (yuan / 10000).quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- what can be promised ------------------------------------------------------------------------


def key_of(figure: Figure) -> str:
    """What a row is kept by: its code and its unit, as some codes have two."""
    return f"{figure.code}{_SEPARATOR}{figure.unit}"


def _rows(facts: ActivityFacts, stretch: Period) -> Iterator[Figure]:
    for block in activity_blocks(facts, stretch, stretch):
        for figure in block.figures:
            if figure.code.startswith("H") or figure.code in _VOLUNTEERING:
                yield figure


def _stretch(contract: Contract, until: date) -> Period:
    return Period(contract.start.year, contract.start.month, contract.start, min(contract.last, until))


def figure_name(figure: Figure) -> str:
    """A row's name by itself, in the language in use."""
    text = _(figure.label)
    return (text.format(**figure.values) if figure.values else text).removeprefix(_("其中："))


def indicators() -> tuple[tuple[str, str], ...]:
    """What can be promised, as key and name, in the order of the summary; last what is entered by hand."""
    nothing = Period(2000, 1, date(2000, 1, 1), date(2000, 1, 1))
    names = (
        (key_of(row), _("{code} {name}（{unit}）").format(code=row.code, name=figure_name(row), unit=_(row.unit)))
        for row in _rows(ActivityFacts(), nothing)
    )
    return (*names, (CUSTOM, _("自定（手工填写完成数）")))


# --- how far it is -------------------------------------------------------------------------------


def progress_of(facts: ContractFacts, until: date) -> tuple[Progress, ...]:
    """How far each promise of a contract is at the end of a day, counted from the contract's first."""
    figures = {key_of(row): row for row in _rows(facts.activities, _stretch(facts.contract, until))}
    return tuple(_progress(deliverable, figures, facts.contract) for deliverable in facts.deliverables)


def _progress(deliverable: Deliverable, figures: Mapping[str, Figure], contract: Contract) -> Progress:
    row = figures.get(deliverable.indicator)
    counted = None if row is None else row.month or 0
    by_hand, adjustment = deliverable.actual or 0, deliverable.adjustment or 0
    # Children are not named here: who may know of which is not the contract's to say.
    named = row if row is not None and row.behind in _NAMED else None
    return Progress(
        deliverable_id=deliverable.id or 0,
        title=deliverable.title or ("" if row is None else figure_name(row)),
        unit=(deliverable.unit or "") if row is None else row.unit,
        target=deliverable.target,
        counted=counted,
        adjustment=adjustment,
        actual=max((by_hand if counted is None else counted) + adjustment, 0),
        due_on=deliverable.due_on or contract.last,
        behind="" if named is None else named.behind,
        ids=() if named is None else named.month_ids,
    )


# From so many points on a promise lags behind its time.
_LAG = 20


def passed_share(contract: Contract, progress: Progress, today: date) -> int:
    """How much of the time a promise has is over, in whole percent."""
    whole = max((progress.due_on - contract.start).days + 1, 1)
    return min(max((today - contract.start).days + 1, 0) * 100 // whole, 100)


def is_behind(contract: Contract, progress: Progress, today: date) -> bool:
    """Whether a promise is not reached and lags behind its time by more than twenty points."""
    if progress.is_reached or today < contract.start:
        return False
    return passed_share(contract, progress, today) - (progress.share or 0) > _LAG


# --- block K -------------------------------------------------------------------------------------


def contract_block(contracts: Sequence[ContractFacts], period: Period, year: Period) -> Block:
    """K: the contracts in force in the period, what was paid on any, and how far their promises are since
    each contract's start."""
    return Block("K", N_("购买服务"), tuple(_figures(contracts, period, year)))


def _figures(contracts: Sequence[ContractFacts], period: Period, year: Period) -> Iterator[Figure]:
    active = [facts for facts in contracts if facts.contract.is_active_in(period)]
    ids = tuple(facts.contract.id or 0 for facts in active)
    amount = sum((facts.contract.amount for facts in active), Decimal(0))
    paid = sum((paid_in_all(facts.payments, period.last) for facts in active), Decimal(0))
    yield _state("K01", N_("执行中项目"), _BODIES, len(active), ids)
    yield _state("K02", N_("合同金额"), _WAN, wan(amount), ids)
    both = _paid_in(contracts, period), _paid_in(contracts, year)
    sums = [wan(sum((payment.paid_amount or Decimal(0) for payment in of), Decimal(0))) for of in both]
    behind = [tuple(payment.id or 0 for payment in of) for of in both]
    yield Figure("K03", N_("本期支付"), _WAN, sums[0], sums[1], True, {}, "payment", behind[0], behind[1])
    yield _state("K04", N_("支付进度"), "%", paid_share(paid, amount), ids)
    numbers = count(5)
    for facts in active:
        own = (facts.contract.id or 0,)
        for found in progress_of(facts, period.last):
            code, values = f"K{next(numbers):02d}", {"name": found.title}
            yield _state(code, N_("{name}：目标"), found.unit, found.target, own, values)
            done = _state(code, N_("{name}：完成"), found.unit, found.actual, own, values)
            yield replace(done, behind=found.behind, month_ids=found.ids) if found.behind else done
            yield _state(code, N_("{name}：完成率"), "%", found.share, own, values)


def _paid_in(contracts: Sequence[ContractFacts], period: Period) -> list[Payment]:
    """What was paid in a time; the last instalment is often paid after a contract's end."""
    return [
        payment
        for facts in contracts
        if facts.contract.status is not ContractStatus.DRAFT
        for payment in facts.payments
        if payment.paid_on and period.first <= payment.paid_on <= period.last
    ]


def _state(
    code: str,
    label: str,
    unit: str,
    amount: int | Decimal | None,
    ids: tuple[int, ...],
    values: Mapping[str, object] | None = None,
) -> Figure:
    return Figure(code, label, unit, amount, None, False, values or {}, "contract", ids)


def contract_checks(figures: Sequence[Figure]) -> Iterator[CrossCheck]:
    """The equation of domain §5.5 over K; none when the block is not there."""
    found = {figure.code: figure for figure in figures if figure.code.startswith("K")}
    if found:
        share = found["K04"].month
        yield CrossCheck(N_("K03、K04：已支付不大于合同金额"), share is None or share <= 100)
