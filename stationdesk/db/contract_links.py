"""Which contract an activity belongs to."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from stationdesk.db.contract_models import ContractTable
from stationdesk.db.stores import load, record_of
from stationdesk.errors import Problem
from stationdesk.i18n import N_
from stationdesk.records.contracts import Contract


def contract_problems(session: Session, contract_id: int | None, days: Sequence[date]) -> Iterator[Problem]:
    """What speaks against an activity with sessions on `days` belonging to a contract: none of them lies in
    its time, so that nothing of the activity would count for it. Raises `Missing`."""
    if contract_id is None:
        return
    contract = load(session, Contract, ContractTable, contract_id)
    if days and not any(contract.start <= day <= contract.last for day in days):
        text = N_("活动的场次都不在项目“{name}”的期间（{first}至{last}）内，不会计入它的指标，请另选所属项目或不填。")
        values = {"name": contract.name, "first": contract.start.isoformat(), "last": contract.last.isoformat()}
        yield Problem("contract_id", text, values)


def still_in(session: Session, contract_id: int | None, day: date) -> int | None:
    """The contract if it is in force on a day: what is held again later belongs to no old one."""
    row = None if contract_id is None else session.get(ContractTable, contract_id)
    if row is None or row.deleted_at is not None:
        return None
    contract = record_of(Contract, row)
    return contract.id if contract.start <= day <= contract.last else None
