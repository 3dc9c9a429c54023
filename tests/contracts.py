"""Contracts for tests: one that breaks no rule, what it promises, what is paid on it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from stationdesk.records.contracts import CUSTOM, Contract, Deliverable, Payment

START, END = date(2026, 3, 1), date(2027, 2, 28)


def contract(name: str = "未成年人保护社会工作服务", **more: object) -> Contract:
    """A contract in force, worth 190,000 yuan."""
    found = Contract(
        number="购2026-01",
        name=name,
        provider="甲区暖阳社会工作服务中心",
        purchaser="乙街道办事处",
        amount=Decimal(190000),
        start=START,
        end=END,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def promise(contract_id: int, indicator: str = "H01 场次", target: int = 40, **more: object) -> Deliverable:
    """Something promised, counted by a row of the summary."""
    return replace(Deliverable(contract_id=contract_id, indicator=indicator, target=target), **more)  # type: ignore[arg-type]


def by_hand(contract_id: int, actual: int = 3, **more: object) -> Deliverable:
    """Something promised whose actual is entered by hand."""
    found = Deliverable(
        contract_id=contract_id, indicator=CUSTOM, title="服务案例汇编", unit="份", target=4, actual=actual
    )
    return replace(found, **more)  # type: ignore[arg-type]


def payment(contract_id: int, seq: int = 1, planned: int = 95000, **more: object) -> Payment:
    """An instalment planned for the 1 April 2026, not paid yet."""
    found = Payment(contract_id=contract_id, seq=seq, planned_on=date(2026, 4, 1), planned_amount=Decimal(planned))
    return replace(found, **more)  # type: ignore[arg-type]
