"""Contracts: the list, what each promises, what is paid on it, how it was assessed, what is due."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivityTable
from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.contract_models import (
    ContractAssessmentTable,
    ContractTable,
    DeliverableTable,
    PaymentTable,
)
from stationdesk.db.contract_summaries import contract_facts
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, load, needs, record_of, remove, save, verify
from stationdesk.errors import Missing, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.contract_figures import ContractFacts, ContractFile, indicators, paid_share, progress_of
from stationdesk.records.contracts import (
    Contract,
    ContractAssessment,
    ContractQuery,
    ContractRow,
    ContractStatus,
    Deliverable,
    Payment,
    PaymentRow,
    adjustment_problems,
    amount_problems,
    payment_problems,
    promised_again,
    state_problems,
)
from stationdesk.records.home import Due, contracts_due
from stationdesk.records.people import tidy_name

_SORTS: dict[str, Any] = {
    "name": ContractTable.name_key,
    "status": ContractTable.status,
    "end": ContractTable.end,
    "start": ContractTable.start,
    "provider": ContractTable.provider,
    "amount": ContractTable.amount,
    "number": ContractTable.number,
}
# What is owed or promised of these can still be done.
_DUE = (ContractStatus.RUNNING, ContractStatus.ENDED)


class ContractStore(Store):
    """Purchased services."""

    @needs(Right.SEE_CONTRACTS, searches="contract")
    def find(self, query: ContractQuery) -> "array[int]":
        """Ids of the contracts looked for, the one that ends last first unless sorted otherwise; words find
        a name or a provider by any part of it, its pinyin or its initials, and a number."""
        table = ContractTable
        wanted = select(table.id).where(table.deleted_at.is_(None))
        if query.status is not None:
            wanted = wanted.where(table.status == query.status)
        if query.words:
            by_words = table.words.contains(squeezed(query.words), autoescape=True)
            wanted = wanted.where(by_words | table.number.contains(query.words, autoescape=True))
        key = _SORTS.get(query.sort, table.end)
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if query.descending else key, table.id)))

    @needs(Right.SEE_CONTRACTS)
    def rows(self, ids: Sequence[int]) -> tuple[ContractRow, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            kept = session.scalars(select(ContractTable).where(ContractTable.id.in_(ids))).all()
            paid = _summed(session, func.sum(PaymentTable.paid_amount), PaymentTable, ids)
            promised = _summed(session, func.count(), DeliverableTable, ids)
            found = {row.id: _row(row, paid.get(row.id) or Decimal("0.00"), promised.get(row.id, 0)) for row in kept}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_CONTRACTS)
    def load(self, contract_id: int) -> Contract:
        """One contract; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Contract, ContractTable, contract_id)

    @needs(Right.SEE_CONTRACTS, reads="contract")
    def file(self, contract_id: int) -> ContractFile:
        """All that is kept of one contract, and how far it is today; raises `Missing`."""
        today, table = self._clock().date(), ContractAssessmentTable
        kept = select(table).where(table.contract_id == contract_id, table.deleted_at.is_(None))
        with self._database.read() as session:
            for facts in contract_facts(session, today, ContractTable.id == contract_id):
                rows = session.scalars(kept.order_by(table.assessed_on, table.id))
                return _file(facts, today, tuple(record_of(ContractAssessment, row) for row in rows))
        raise Missing

    @needs(Right.SEE_ACTIVITIES)
    def choices(self) -> tuple[tuple[int, str], ...]:
        """Ids and names of all contracts, those in force first: what an activity may belong to. One that is
        over stays to be chosen, as events are entered afterwards."""
        table = ContractTable
        with self._database.read() as session:
            kept = session.scalars(select(table).where(table.deleted_at.is_(None)).order_by(table.end.desc()))
            found = [record_of(Contract, row) for row in kept]
        found.sort(key=lambda contract: contract.status is not ContractStatus.RUNNING)
        return tuple((contract.id or 0, _choice(contract)) for contract in found)

    @needs(Right.EDIT_CONTRACTS)
    def save(self, contract: Contract) -> int:
        """Add or change one contract; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        with self._database.write() as session:
            return self._save(session, contract)

    @needs(Right.EDIT_CONTRACTS)
    def renew(self, contract: Contract, old_id: int) -> int:
        """Add a contract with all that another one promises, nothing of it done; returns the id. Raises
        `Refused`, `Missing`."""
        with self._database.write() as session:
            contract_id = self._save(session, contract)
            table = DeliverableTable
            already = session.scalar(select(func.count()).where(table.contract_id == contract_id))
            for promise in () if already else _promises(session, old_id):
                save(session, table, promised_again(promise, contract_id), self._stamp())
            return contract_id

    def _save(self, session: Session, contract: Contract) -> int:
        contract = replace(contract, name=tidy_name(contract.name), number=contract.number.strip())
        verify(contract)
        table = ContractTable
        same = select(table.id).where(
            table.number == contract.number, table.uuid != contract.uuid, table.deleted_at.is_(None)
        )
        if session.scalar(same) is not None:
            raise Refused(Problem("number", N_("已有相同编号的合同，请核对合同编号。")))
        if contract.status is ContractStatus.ENDED and contract.end >= self._clock().date():
            text = N_("合同还没有到结束日期，状态不能是“已结束”；提前终止的请选“已终止”并填写终止日期。")
            raise Refused(Problem("status", text))
        if contract.id is not None:
            payments, promises = _payments(session, contract.id), _promises(session, contract.id)
            Refused.over(amount_problems(contract.amount, payments))
            Refused.over(state_problems(contract, payments, promises))
        words = search_words(contract.name, contract.provider)
        return save(session, table, contract, self._stamp(), name_key=name_key(contract.name), words=words)

    @needs(Right.EDIT_CONTRACTS)
    def remove(self, contract_id: int) -> None:
        """Take out a contract entered by mistake; raises `Missing`, and `Refused` when activities belong to
        it or something was paid on it."""
        with self._database.write() as session:
            table = ActivityTable
            held = select(func.count()).where(table.contract_id == contract_id, table.deleted_at.is_(None))
            if session.scalar(held) or any(one.paid_on for one in _payments(session, contract_id)):
                text = N_("这个项目已有活动或付款，不能删除；不再执行的请把状态改为“已结束”或“已终止”。")
                raise Refused(Problem("", text))
            remove(session, ContractTable, contract_id, self._stamp())

    # --- what belongs to one contract ------------------------------------------------------------

    @needs(Right.EDIT_CONTRACTS)
    def save_deliverable(self, deliverable: Deliverable) -> int:
        """Add or change one promise; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        verify(deliverable)
        if deliverable.indicator not in dict(indicators()):
            raise Refused(Problem("indicator", N_("请从列表里选择统计项目。")))
        with self._database.write() as session:
            contract = load(session, Contract, ContractTable, deliverable.contract_id)
            if deliverable.due_on is not None and not contract.start <= deliverable.due_on <= contract.end:
                text = N_("完成时限应在合同期间{first}至{last}之内，请改正。")
                values = {"first": contract.start.isoformat(), "last": contract.end.isoformat()}
                raise Refused(Problem("due_on", text, values))
            deliverable_id = save(session, DeliverableTable, deliverable, self._stamp())
            if (deliverable.adjustment or 0) < 0:
                # Counted with the promise in the file, which a refusal takes out again.
                today = self._clock().date()
                (facts,) = contract_facts(session, today, ContractTable.id == contract.id)
                done = {progress.deliverable_id: progress.counted for progress in progress_of(facts, today)}
                Refused.over(adjustment_problems(deliverable, done[deliverable_id]))
            return deliverable_id

    @needs(Right.EDIT_CONTRACTS)
    def remove_deliverable(self, deliverable_id: int) -> None:
        """Take out one promise; raises `Missing`."""
        with self._database.write() as session:
            remove(session, DeliverableTable, deliverable_id, self._stamp())

    @needs(Right.EDIT_CONTRACTS)
    def save_payment(self, payment: Payment) -> int:
        """Add or change one payment; returns the id. Raises `Refused` (also when more would be paid or
        planned than the contract is worth), `Conflict`, `Missing`."""
        verify(payment)
        if payment.paid_on is not None and payment.paid_on > self._clock().date():
            raise Refused(Problem("paid_on", N_("支付日期还没有到，请在支付以后登记。")))
        with self._database.write() as session:
            contract = load(session, Contract, ContractTable, payment.contract_id)
            others = [one for one in _payments(session, payment.contract_id) if one.uuid != payment.uuid]
            Refused.over(payment_problems(contract.amount, payment, others))
            if contract.status is ContractStatus.DRAFT and payment.paid_on is not None:
                raise Refused(Problem("paid_on", N_("项目还是“草拟”，不能登记支付；请先把状态改为“执行中”。")))
            return save(session, PaymentTable, payment, self._stamp())

    @needs(Right.EDIT_CONTRACTS)
    def remove_payment(self, payment_id: int) -> None:
        """Take out a payment entered by mistake; raises `Missing`."""
        with self._database.write() as session:
            remove(session, PaymentTable, payment_id, self._stamp())

    @needs(Right.SEE_CONTRACTS)
    def payment_rows(self, ids: Sequence[int]) -> tuple[PaymentRow, ...]:
        """The lines of these payments, in their order."""
        query = (
            select(PaymentTable, ContractTable.name)
            .join(ContractTable, ContractTable.id == PaymentTable.contract_id)
            .where(PaymentTable.id.in_(ids))
        )
        with self._database.read() as session:
            found = {row.id: _payment_row(row, name) for row, name in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.EDIT_CONTRACTS)
    def save_assessment(self, assessment: ContractAssessment) -> int:
        """Add or change one assessment; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        verify(assessment)
        if assessment.assessed_on > self._clock().date():
            raise Refused(Problem("assessed_on", N_("评估日期还没有到，请改正。")))
        with self._database.write() as session:
            load(session, Contract, ContractTable, assessment.contract_id)
            return save(session, ContractAssessmentTable, assessment, self._stamp())

    @needs(Right.EDIT_CONTRACTS)
    def remove_assessment(self, assessment_id: int) -> None:
        """Take out an assessment entered by mistake; raises `Missing`."""
        with self._database.write() as session:
            remove(session, ContractAssessmentTable, assessment_id, self._stamp())

    @needs(Right.SEE_CONTRACTS)
    def due(self) -> tuple[Due, ...]:
        """What contracts ask for today: payments, promises behind their time, those that end."""
        today = self._clock().date()
        with self._database.read() as session:
            found = contract_facts(session, today, ContractTable.status.in_(_DUE))
        return tuple(contracts_due((_file(facts, today) for facts in found), today))


def _payments(session: Session, contract_id: int) -> list[Payment]:
    table = PaymentTable
    kept = select(table).where(table.contract_id == contract_id, table.deleted_at.is_(None))
    return [record_of(Payment, row) for row in session.scalars(kept)]


def _promises(session: Session, contract_id: int) -> list[Deliverable]:
    table = DeliverableTable
    kept = select(table).where(table.contract_id == contract_id, table.deleted_at.is_(None))
    return [record_of(Deliverable, row) for row in session.scalars(kept.order_by(table.id))]


def _file(facts: ContractFacts, today: date, assessments: tuple[ContractAssessment, ...] = ()) -> ContractFile:
    return ContractFile(
        contract=facts.contract,
        deliverables=facts.deliverables,
        payments=facts.payments,
        assessments=assessments,
        progress=progress_of(facts, today),
    )


def _choice(contract: Contract) -> str:
    over = contract.status is not ContractStatus.RUNNING
    return f"{contract.name}（{contract.status.label}）" if over else contract.name


def _summed(session: Session, what: Any, table: Any, ids: Sequence[int]) -> dict[int, Any]:
    """`what` of the rows of each contract."""
    query = (
        select(table.contract_id, what)
        .where(table.contract_id.in_(ids), table.deleted_at.is_(None))
        .group_by(table.contract_id)
    )
    return dict(session.execute(query).tuples().all())


def _row(row: Any, paid: Decimal, promised: int) -> ContractRow:
    return ContractRow(
        id=row.id,
        name=row.name,
        status=row.status,
        end=row.end,
        provider=row.provider,
        amount=row.amount,
        paid=paid,
        paid_share=paid_share(paid, row.amount),
        deliverables=promised,
        start=row.start,
        number=row.number,
    )


def _payment_row(row: Any, contract: str) -> PaymentRow:
    return PaymentRow(
        id=row.id,
        contract_id=row.contract_id,
        contract=contract,
        seq=row.seq,
        condition=row.condition,
        planned_on=row.planned_on,
        planned_amount=row.planned_amount,
        paid_on=row.paid_on,
        paid_amount=row.paid_amount,
        voucher=row.voucher,
    )
