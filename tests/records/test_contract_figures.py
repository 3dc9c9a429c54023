"""What contracts come to: promises counted by the engine of the summary, block K counted by hand, and
what is due."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from stationdesk.records.activities import ActivityCategory, ActivityForm
from stationdesk.records.activity_figures import ActivityFacts, HeldSession
from stationdesk.records.calendar import period, year_to_date
from stationdesk.records.contract_figures import (
    ContractFacts,
    ContractFile,
    contract_block,
    contract_checks,
    indicators,
    progress_of,
)
from stationdesk.records.contracts import CUSTOM, ContractStatus
from stationdesk.records.counting import Event, Figure
from stationdesk.records.home import contracts_due
from tests.contracts import END, by_hand, contract, payment, promise

OCTOBER = period(2026, 10)
YEAR = year_to_date(OCTOBER)


def held(number: int, day: date, children: set[int], heads: int = 0, adults: int = 0) -> HeldSession:
    return HeldSession(
        session_id=number,
        activity_id=1 + number % 2,
        day=day,
        form=ActivityForm.SERIES,
        category=ActivityCategory.LAW,
        children=frozenset(children),
        headcount_children=heads,
        headcount_adults=adults,
    )


# One before the contract, three in it, one after October, one after its end.
ACTIVITIES = ActivityFacts(
    sessions=(
        held(1, date(2026, 2, 28), {9}),
        held(2, date(2026, 3, 1), {1, 2}, 10),
        held(3, date(2026, 10, 3), {1, 3}, 5, 4),
        held(4, date(2026, 10, 31), {1}),
        held(5, date(2026, 11, 1), {4}),
        held(6, date(2027, 3, 1), {5}),
    ),
    shifts=(
        Event(1, date(2026, 10, 3), frozenset({1}), minutes=100),
        Event(2, date(2026, 11, 1), frozenset({2}), minutes=60),
    ),
)
PROMISES = (
    promise(1, "H03 节", 4, id=1),
    promise(1, "H07 人次", 100, id=2),
    promise(1, "H10 人", 0, id=3),
    promise(1, "I05 小时", 10, id=4, adjustment=2, adjustment_reason="外出培训未登记"),
    by_hand(1, id=5),
    promise(1, "H21 场次", 12, id=6, title="法治宣传进校园"),
)
PAYMENTS = (
    payment(1, 1, 95000, id=1, paid_on=date(2026, 4, 2), paid_amount=Decimal("95000.50")),
    payment(1, 2, 57000, id=2, paid_on=date(2026, 10, 8), paid_amount=Decimal("57000.05")),
    payment(1, 3, 38000, id=3, paid_on=date(2026, 11, 2), paid_amount=Decimal(30000)),
)
FACTS = ContractFacts(contract(id=1), PROMISES, PAYMENTS, ACTIVITIES)


def test_what_can_be_promised_comes_from_the_engine() -> None:
    found = dict(indicators())
    assert found["H03 节"] == "H03 小组节次（节）"
    assert (found["H21 人次"], found["I05 小时"]) == (
        "H21 活动类别：法治宣传（普法）（人次）",
        "I05 志愿服务时长（小时）",
    )
    assert list(found)[-1] == CUSTOM
    assert {key.split(" ")[0] for key in found} == {
        *(f"H{number:02d}" for number in range(1, 12)),
        "H03a",
        *(f"H{number}" for number in range(21, 37)),
        *("I03", "I04", "I05", CUSTOM),
    }


def test_promises_are_counted_in_the_time_of_the_contract() -> None:
    found = progress_of(FACTS, date(2026, 10, 31))
    assert [(p.title, p.unit, p.actual, p.share) for p in found] == [
        ("小组节次", "节", 3, Decimal("75.0")),
        ("参与人次", "人次", 24, Decimal("24.0")),
        ("登记儿童人数", "人", 3, None),
        ("志愿服务时长", "小时", Decimal("3.7"), Decimal("37.0")),
        ("服务案例汇编", "份", 3, Decimal("75.0")),
        ("法治宣传进校园", "场次", 3, Decimal("25.0")),
    ]
    assert [p.actual for p in progress_of(FACTS, date(2030, 1, 1))][:3] == [4, 25, 4]
    assert [p.actual for p in progress_of(FACTS, date(2026, 2, 28))][:3] == [0, 0, 0]
    stopped = replace(FACTS, contract=replace(FACTS.contract, terminated_on=date(2026, 10, 3)))
    assert progress_of(stopped, date(2026, 10, 31))[0].actual == 2
    less = replace(FACTS, deliverables=(promise(1, "H03 节", 4, adjustment=-9, adjustment_reason="重复"),))
    assert progress_of(less, date(2026, 10, 31))[0].actual == 0


def rows(*contracts: ContractFacts) -> list[Figure]:
    return list(contract_block(contracts, OCTOBER, YEAR).figures)


def test_block_k_counted_by_hand() -> None:
    over = contract("上年度项目", id=2, start=date(2025, 1, 1), end=date(2026, 9, 30), amount=Decimal(100000))
    last = payment(2, 1, 100000, id=9, paid_on=date(2026, 10, 9), paid_amount=Decimal(30000))
    other = contract("困境儿童关爱", id=3, amount=Decimal(10000))
    draft = contract("明年项目", id=4, status=ContractStatus.DRAFT)
    early = payment(4, id=8, paid_on=date(2026, 10, 9), paid_amount=Decimal(50000))
    kept = (ContractFacts(over, (promise(2),), (last,)), FACTS, ContractFacts(other))
    found = rows(*kept, ContractFacts(draft, (promise(4),), (early,)))
    first = {figure.code: (figure.month, figure.year, figure.month_ids) for figure in found[:4]}
    # 190,000 + 10,000; 57,000.05 + 30,000 in October, 95,000.50 before; 152,000.55 of 200,000.
    assert first == {
        "K01": (2, None, (1, 3)),
        "K02": (Decimal("20.00"), None, (1, 3)),
        "K03": (Decimal("8.70"), Decimal("18.20"), (9, 2)),
        "K04": (Decimal("76.0"), None, (1, 3)),
    }
    assert [(f.code, f.unit, f.month) for f in found[4:10]] == [
        ("K05", "节", 4),
        ("K05", "节", 3),
        ("K05", "%", Decimal("75.0")),
        ("K06", "人次", 100),
        ("K06", "人次", 24),
        ("K06", "%", Decimal("24.0")),
    ]
    assert found[-1].code == "K10"
    assert not any(f.cumulative for f in found[4:])
    done = {f.code: (f.behind, f.month_ids) for f in found[4:] if f.label == "{name}：完成"}
    # Behind a promise stand sessions and shifts, never children.
    sessions, shifts, itself = ("activity_session", (2, 3, 4)), ("volunteer_shift", (1,)), ("contract", (1,))
    assert list(done.values()) == [sessions, sessions, itself, shifts, itself, sessions]
    assert all((f.behind, f.month_ids) == itself for f in found[4:] if f.label != "{name}：完成")
    assert [check.holds for check in contract_checks(found)] == [True]


def test_paid_is_never_more_than_the_amount_and_no_contract_is_no_share() -> None:
    assert [(f.code, str(f.month)) for f in rows()] == [("K01", "0"), ("K02", "0.00"), ("K03", "0.00"), ("K04", "None")]
    assert [check.holds for check in contract_checks(rows())] == [True]
    spoilt = replace(FACTS, contract=replace(FACTS.contract, amount=Decimal(150000)))
    assert [check.holds for check in contract_checks(rows(spoilt))] == [False]
    assert list(contract_checks([])) == []


# --- what is due ---------------------------------------------------------------------------------

TODAY = date(2026, 11, 24)


def said(today: date = TODAY, *, payments: Any = (), promises: Any = (), **changes: Any) -> list[tuple[str, bool]]:
    facts = ContractFacts(contract(id=1, **changes), promises, payments, ACTIVITIES)
    file = ContractFile(
        contract=facts.contract,
        deliverables=promises,
        payments=payments,
        assessments=(),
        progress=progress_of(facts, today),
    )
    found = list(contracts_due([file], today))
    assert all(due.page == "partners" and due.record_id == {"contract": 1} for due in found)
    return [(due.say().removeprefix("未成年人保护社会工作服务："), due.overdue) for due in found]


@pytest.mark.parametrize(
    ("planned_on", "wanted"),
    [
        (date(2026, 12, 9), []),
        (date(2026, 12, 8), [("第1期付款95,000.00元，计划2026-12-08支付", False)]),
        (date(2026, 11, 23), [("第1期付款95,000.00元，计划2026-11-23支付", True)]),
    ],
)
def test_payments_due(planned_on: date, wanted: list[tuple[str, bool]]) -> None:
    planned = payment(1, planned_on=planned_on)
    assert said(payments=(planned,)) == wanted
    assert said(payments=(replace(planned, paid_on=TODAY, paid_amount=Decimal(1)),)) == []
    assert said(payments=(planned,), end=date(2026, 11, 1), status=ContractStatus.ENDED) == wanted
    assert said(payments=(planned,), status=ContractStatus.DRAFT) == []


@pytest.mark.parametrize(
    ("target", "due_on", "wanted"),
    [
        # 269 of 365 days are 73 percent; four of eight are 50.
        (8, None, [("指标“小组节次”完成4/8节，时间已过73%，落后于进度", False)]),
        (7, None, []),
        (5, date(2026, 12, 25), []),
        (5, date(2026, 12, 24), [("指标“小组节次”完成4/5节，应于2026-12-24前完成", False)]),
        (5, date(2026, 11, 1), [("指标“小组节次”完成4/5节，应于2026-11-01前完成", True)]),
        (4, date(2026, 11, 1), []),
    ],
)
def test_promises_due(target: int, due_on: date | None, wanted: list[tuple[str, bool]]) -> None:
    assert said(promises=(promise(1, "H03 节", target, due_on=due_on),)) == wanted


def test_many_promises_that_lag_are_one_line() -> None:
    lagging = tuple(promise(1, "H03 节", 100, id=n) for n in range(5))
    assert len(said(promises=lagging[1:])) == 4
    assert said(promises=lagging) == [("5项指标落后于进度或临近完成时限", False)]


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (date(2027, 1, 28), []),
        (date(2027, 1, 29), [("合同2027-02-28到期", False)]),
        (END, [("合同2027-02-28到期", False)]),
        (date(2027, 3, 1), [("合同2027-02-28已到期，请把状态改为“已结束”", True)]),
    ],
)
def test_contracts_that_end(today: date, wanted: list[tuple[str, bool]]) -> None:
    assert said(today) == wanted
