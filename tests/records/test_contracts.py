"""The rules of a contract, its promises and its payments."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from stationdesk.fields import check
from stationdesk.records.calendar import period
from stationdesk.records.contracts import (
    ContractStatus,
    amount_problems,
    next_year,
    paid_in_all,
    payment_problems,
    promised_again,
)
from tests.contracts import END, START, by_hand, contract, payment, promise

DRAFT, TERMINATED = ContractStatus.DRAFT, ContractStatus.TERMINATED
PAID: dict[str, Any] = {"paid_on": date(2026, 4, 2), "paid_amount": Decimal(95000)}


def fields(record: Any) -> list[str]:
    return [problem.field for problem in (*check(record), *record.problems())]


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        (contract(), []),
        (contract(number="", provider=""), ["number", "provider"]),
        (contract(amount=Decimal(0)), ["amount"]),
        (contract(end=date(2026, 2, 28)), ["end"]),
        (contract(end=START), []),
        (contract(status=TERMINATED), ["terminated_on"]),
        (contract(terminated_on=date(2026, 6, 1)), ["terminated_on"]),
        (contract(status=TERMINATED, terminated_on=date(2027, 3, 1)), ["terminated_on"]),
        (contract(status=TERMINATED, terminated_on=END), []),
        (promise(1), []),
        (promise(1, ""), ["indicator"]),
        (promise(1, target=-1), ["target"]),
        (promise(1, adjustment=-3), ["adjustment_reason"]),
        (promise(1, adjustment=-3, adjustment_reason="两场与别的项目合办"), []),
        (by_hand(1), []),
        (by_hand(1, title=None, unit=None), ["title", "unit"]),
        (payment(1), []),
        (payment(1, paid_amount=Decimal(1)), ["paid_on"]),
        (payment(1, paid_on=date(2026, 4, 2)), ["paid_amount"]),
        (payment(1, **PAID), []),
        (payment(1, 0), ["seq"]),
    ],
)
def test_rules_of_one_record(record: Any, wrong: list[str]) -> None:
    assert fields(record) == wrong


@pytest.mark.parametrize(
    ("paid", "planned", "wrong"),
    [
        (95000, 95000, {}),
        ("95000.01", 95000, {"paid_amount": "95,000.00"}),
        (None, 95001, {"planned_amount": "95,000.00"}),
    ],
)
def test_no_more_is_paid_or_planned_than_the_contract_is_worth(paid: Any, planned: int, wrong: dict[str, str]) -> None:
    second = payment(1, 2, planned, paid_amount=None if paid is None else Decimal(paid))
    found = list(payment_problems(Decimal(190000), second, [payment(1, **PAID)]))
    assert {problem.field: problem.values["rest"] for problem in found} == wrong


def test_a_contract_is_worth_what_is_planned_and_paid() -> None:
    kept = [payment(1, **PAID), payment(1, 2)]
    assert [problem.values for problem in amount_problems(Decimal(189999), kept)] == [{"least": "190,000.00"}]
    assert list(amount_problems(Decimal(190000), kept)) == []
    assert (paid_in_all(kept), paid_in_all(kept, date(2026, 4, 1))) == (Decimal(95000), Decimal(0))


@pytest.mark.parametrize(
    ("changes", "month", "active"),
    [
        ({}, (2026, 2), False),
        ({}, (2026, 3), True),
        ({}, (2027, 2), True),
        ({}, (2027, 3), False),
        ({"status": DRAFT}, (2026, 3), False),
        ({"status": TERMINATED, "terminated_on": date(2026, 5, 31)}, (2026, 5), True),
        ({"status": TERMINATED, "terminated_on": date(2026, 5, 31)}, (2026, 6), False),
    ],
)
def test_in_force(changes: dict[str, Any], month: tuple[int, int], active: bool) -> None:
    assert contract(**changes).is_active_in(period(*month)) is active


def test_the_same_for_the_next_year() -> None:
    found = next_year(replace(contract(id=7), status=TERMINATED, terminated_on=END))
    assert (found.id, found.number, found.status, found.terminated_on) == (None, "", DRAFT, None)
    assert (found.start, found.end) == (date(2027, 3, 1), date(2028, 2, 29))
    leap = next_year(contract(start=date(2027, 3, 1), end=date(2028, 2, 29)))
    assert leap.end == date(2029, 2, 28)
    assert next_year(contract(start=date(2027, 2, 28), end=date(2028, 2, 28))).end == date(2029, 2, 28)
    half = next_year(contract(start=date(2026, 1, 1), end=date(2026, 6, 30)))
    assert (half.start, half.end) == (date(2026, 7, 1), date(2026, 12, 28))
    again = promised_again(by_hand(7, adjustment=1, adjustment_reason="补记"), 8)
    assert (again.contract_id, again.title, again.target) == (8, "服务案例汇编", 4)
    assert (again.actual, again.adjustment) == (None, None)
