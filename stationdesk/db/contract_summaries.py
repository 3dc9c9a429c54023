"""The facts of block K and of what contracts promise, selected from contracts and their own sessions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivityTable, VolunteerShiftTable
from stationdesk.db.activity_summaries import held_sessions
from stationdesk.db.contract_models import ContractTable, DeliverableTable, PaymentTable
from stationdesk.db.gate import worked
from stationdesk.db.stores import record_of
from stationdesk.records.activity_figures import ActivityFacts, HeldSession
from stationdesk.records.calendar import Period
from stationdesk.records.contract_figures import ContractFacts
from stationdesk.records.contracts import Contract, Deliverable, Payment
from stationdesk.records.counting import Event

R = TypeVar("R", Deliverable, Payment)


def contract_facts(session: Session, until: date, *which: Any) -> tuple[ContractFacts, ...]:
    """What the contracts that meet `which` (all, if nothing is said) come to by the end of a day, in the
    order of their beginning."""
    table = ContractTable
    query = select(table).where(table.deleted_at.is_(None), *which).order_by(table.start, table.id)
    contracts = [record_of(Contract, row) for row in session.scalars(query)]
    deliverables = _by_contract(session, Deliverable, DeliverableTable, DeliverableTable.id)
    payments = _by_contract(session, Payment, PaymentTable, PaymentTable.seq, PaymentTable.id)
    # Nobody counts what nothing is promised of.
    counted = [contract for contract in contracts if deliverables.get(contract.id or 0)]
    activities = _activities(session, counted, until)
    return tuple(
        ContractFacts(
            contract,
            tuple(deliverables.get(contract.id or 0, ())),
            tuple(payments.get(contract.id or 0, ())),
            activities.get(contract.id or 0, ActivityFacts()),
        )
        for contract in contracts
    )


def _by_contract(session: Session, cls: type[R], table: Any, *order: Any) -> dict[int, list[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for row in session.scalars(select(table).where(table.deleted_at.is_(None)).order_by(*order)):
        record = record_of(cls, row)
        found[record.contract_id].append(record)
    return found


def _activities(session: Session, contracts: Sequence[Contract], until: date) -> dict[int, ActivityFacts]:
    """The closed sessions of each contract's activities and the shifts at them; which of them lie in its
    time is the engine's to say."""
    begun = [contract for contract in contracts if contract.start <= until]
    if not begun:
        return {}
    first, last = min(one.start for one in begun), min(until, max(one.last for one in begun))
    table = ActivityTable
    ids = [contract.id for contract in begun]
    query = select(table.id, table.contract_id).where(table.contract_id.in_(ids), table.deleted_at.is_(None))
    owners: dict[int, int] = {number: owner for number, owner in session.execute(query) if owner is not None}
    sessions: dict[int, list[HeldSession]] = defaultdict(list)
    for held in held_sessions(session, Period(first.year, first.month, first, last)):
        if held.activity_id in owners:
            sessions[owners[held.activity_id]].append(held)
    return {
        owner: ActivityFacts(sessions=tuple(own), shifts=tuple(_shifts(session, own)))
        for owner, own in sessions.items()
    }


def _shifts(session: Session, sessions: Sequence[HeldSession]) -> Iterable[Event]:
    at = VolunteerShiftTable.session_id.in_([held.session_id for held in sessions])
    # What was done at a closed session counts: nobody has to confirm it.
    for shift in worked(session, at):
        yield Event(shift.shift_id, shift.start.date(), frozenset({shift.volunteer_id}), minutes=shift.minutes)
