"""Contracts in the file: found, paid, promised, counted from their own sessions, and never lost."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from stationdesk.db.contracts import ContractStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.contracts import (
    ContractAssessment,
    ContractQuery,
    ContractStatus,
    next_year,
)
from stationdesk.records.sessions import Closing
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.summaries import cross_checks
from tests.activities import activity, planned, ready_volunteer, screened, session
from tests.children import as_seen_by, colleague, filed
from tests.contracts import by_hand, contract, payment, promise

TODAY = date(2026, 11, 24)
PAID: dict[str, Any] = {"paid_on": date(2026, 11, 3), "paid_amount": Decimal("95000.55")}


@pytest.fixture
def number(desk: Desk) -> int:
    return desk.contracts.save(contract())


def refused(call: Any, *args: Any) -> str:
    with pytest.raises(Refused) as found:
        call(*args)
    return found.value.say()


def closed(desk: Desk, start: datetime, contract_id: int | None, children: list[int], heads: int = 0) -> int:
    held = planned(desk, start, contract_id=contract_id)
    if children:
        desk.attendance.tick(held, children)
    desk.sessions.close_session(held, Closing(headcount_children=heads))
    return held


def test_finding_and_lines(desk: Desk, number: int) -> None:
    old = contract("上年度项目", number="购2025-01", start=date(2025, 1, 1), end=date(2025, 12, 31))
    over = desk.contracts.save(replace(old, status=ContractStatus.ENDED))
    assert desk.contracts.find(ContractQuery()).tolist() == [number, over]
    for words in ("暖阳", "nysh", "2026-01", "保护社会"):
        assert number in desk.contracts.find(ContractQuery(words=words)), words
    assert desk.contracts.find(ContractQuery(words="2025")).tolist() == [over]
    assert desk.contracts.find(ContractQuery(status=ContractStatus.ENDED)).tolist() == [over]
    desk.contracts.save_payment(payment(number, **PAID))
    desk.contracts.save_deliverable(promise(number))
    row, other = desk.contracts.rows([number, over])
    assert (row.paid, row.paid_share, row.deliverables) == (Decimal("95000.55"), Decimal("50.0"), 1)
    assert (other.paid, other.paid_share, other.deliverables) == (Decimal(0), Decimal("0.0"), 0)
    assert desk.contracts.choices() == ((number, "未成年人保护社会工作服务"), (over, "上年度项目（已结束）"))


def test_rules_against_other_records(desk: Desk, number: int) -> None:
    store = desk.contracts
    assert "已有相同编号的合同" in refused(store.save, contract(number=" 购2026-01 "))
    assert "状态不能是“已结束”" in refused(store.save, replace(store.load(number), status=ContractStatus.ENDED))
    store.save_payment(payment(number, **PAID))
    kept = store.save_payment(payment(number, 2, 94000))
    assert "还可支付94,999.45元" in refused(
        store.save_payment, payment(number, 3, 1000, paid_on=TODAY, paid_amount=Decimal(95000))
    )
    assert "最多还可计划1,000.00元" in refused(store.save_payment, payment(number, 3, 1001))
    assert "支付日期还没有到" in refused(
        store.save_payment, payment(number, 3, 1000, paid_on=date(2026, 11, 25), paid_amount=Decimal(1))
    )
    assert "189,000.00" in refused(store.save, replace(store.load(number), amount=Decimal(188000)))
    # Changing one's own instalment is not paying it twice.
    (second,) = (one for one in store.file(number).payments if one.id == kept)
    store.save_payment(replace(second, planned_amount=Decimal(95000), paid_on=TODAY, paid_amount=Decimal("94999.45")))
    assert store.file(number).paid_share == Decimal("100.0")
    with pytest.raises(Conflict):
        store.save_payment(second)
    assert "请从列表里选择" in refused(store.save_deliverable, promise(number, "B04 人"))
    assert "2026-03-01至2027-02-28" in refused(store.save_deliverable, promise(number, due_on=date(2026, 2, 1)))
    assert "评估日期还没有到" in refused(
        store.save_assessment, ContractAssessment(contract_id=number, assessed_on=date(2026, 11, 25))
    )
    with pytest.raises(Missing):
        store.save_payment(payment(99))
    with pytest.raises(Missing):
        store.save_deliverable(promise(99))


def test_one_event_entered_once_counts_for_its_contract(desk: Desk, number: int) -> None:
    first, second = filed(desk, "努尔艾力·吐尔洪江"), filed(desk, "贺兰朵")
    desk.contracts.save(replace(desk.contracts.load(number), start=date(2026, 10, 1)))
    helper = ready_volunteer(desk)
    for key, target in (("H01 场次", 4), ("H07 人次", 20), ("H10 人", 5), ("I05 小时", 2)):
        desk.contracts.save_deliverable(promise(number, key, target))
    desk.contracts.save_deliverable(by_hand(number))
    closed(desk, datetime(2026, 10, 20, 10), number, [first, second], 3)
    closed(desk, datetime(2026, 11, 19, 10), number, [first])
    # Neither of another project, nor before the contract, nor still to come.
    closed(desk, datetime(2026, 11, 18, 10), None, [first, second])
    closed(desk, datetime(2026, 9, 30, 10), number, [second])
    planned(desk, datetime(2026, 11, 27, 10), contract_id=number)
    held = planned(desk, datetime(2026, 11, 20, 10), contract_id=number)
    desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=held))
    desk.sessions.close_session(held, Closing(headcount_children=2))
    own = VolunteerShift(volunteer_id=helper, start=datetime(2026, 11, 2, 10), end=datetime(2026, 11, 2, 11))
    desk.shifts.confirm([desk.shifts.save(own)])
    found = desk.contracts.file(number)
    assert [(one.actual, one.share) for one in found.progress] == [
        (3, Decimal("75.0")),
        (8, Decimal("40.0")),
        (2, Decimal("40.0")),
        (Decimal("1.0"), Decimal("50.0")),
        (3, Decimal("75.0")),
    ]
    desk.contracts.save_payment(payment(number, **PAID))
    october, november = desk.summaries.figures(2026, 10), desk.summaries.figures(2026, 11)
    assert [str(november.of(code).month) for code in ("K01", "K02", "K03", "K04")] == ["1", "19.00", "9.50", "50.0"]
    assert [str(october.of(code).month) for code in ("K01", "K03", "K04")] == ["1", "0.00", "0.0"]
    actuals = [[f.month for f in figures.figures if f.label == "{name}：完成"] for figures in (october, november)]
    assert actuals == [[1, 5, 2, Decimal("0.0"), 3], [3, 8, 2, Decimal("1.0"), 3]]
    assert [row.contract for row in desk.contracts.payment_rows(november.of("K03").month_ids)] == [found.contract.name]
    assert desk.summaries.figures(2026, 9).of("K01").month == 0
    assert all(check.holds for check in cross_checks(november))


def test_an_activity_belongs_to_a_contract_whose_time_it_shares(desk: Desk, number: int) -> None:
    screened(desk, queried_on=TODAY)
    with pytest.raises(Missing):
        desk.activities.save(activity(desk, contract_id=99))
    late = desk.activities.save(activity(desk))
    desk.sessions.save(session(desk, late, datetime(2027, 3, 10, 10), place="红柳社区广场"))
    kept = desk.activities.load(late)
    assert "（2026-03-01至2027-02-28）" in refused(desk.activities.save, replace(kept, contract_id=number))
    desk.sessions.save(session(desk, late, datetime(2026, 11, 26, 10), place="红柳社区广场"))
    desk.activities.save(replace(kept, contract_id=number))
    # Held again within its time it still belongs to it, later to none.
    for first, owner in ((date(2026, 12, 1), number), (date(2027, 4, 1), None)):
        assert desk.activities.load(desk.activities.copy(late, first)).contract_id == owner


def test_a_new_contract_promises_the_same(desk: Desk, number: int) -> None:
    desk.contracts.save_deliverable(promise(number, adjustment=2, adjustment_reason="补记"))
    desk.contracts.save_deliverable(by_hand(number))
    new = replace(next_year(desk.contracts.load(number)), number="购2027-01")
    again = desk.contracts.renew(new, number)
    assert desk.contracts.renew(new, number) == again
    found = desk.contracts.file(again)
    assert [(one.indicator, one.target, one.actual, one.adjustment) for one in found.deliverables] == [
        ("H01 场次", 40, None, None),
        ("CUSTOM", 4, None, None),
    ]
    assert found.contract.status is ContractStatus.DRAFT


def test_removing(desk: Desk, number: int) -> None:
    store = desk.contracts
    promised, paid = store.save_deliverable(promise(number)), store.save_payment(payment(number, **PAID))
    judged = store.save_assessment(ContractAssessment(contract_id=number, assessed_on=TODAY, score=88))
    assert "不能删除" in refused(store.remove, number)
    store.remove_payment(paid)
    store.remove_deliverable(promised)
    store.remove_assessment(judged)
    found = store.file(number)
    assert (found.payments, found.deliverables, found.assessments) == ((), (), ())
    screened(desk)
    held = desk.activities.save(activity(desk, contract_id=number))
    assert "已有活动" in refused(store.remove, number)
    desk.activities.save(replace(desk.activities.load(held), contract_id=None))
    store.remove(number)
    with pytest.raises(Missing):
        store.file(number)


def test_what_is_due(desk: Desk, number: int) -> None:
    desk.contracts.save_payment(payment(number, planned_on=date(2026, 12, 1)))
    desk.contracts.save_deliverable(promise(number))
    said = [due.say() for due in desk.contracts.due()]
    assert [text.partition("：")[2][:6] for text in said] == ["第1期付款9", "指标“集体活"]


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.SOCIAL_WORKER, True), (Role.COUNSELLOR, False), (Role.CLERK, False), (Role.REVIEWER, False)],
)
def test_who_may_do_what(desk: Desk, number: int, role: Role, sees: bool) -> None:
    store = as_seen_by(desk, colleague(desk, role, "冶文秀"), ContractStore)
    with pytest.raises(Denied):
        store.save(contract(number="购2026-02"))
    if sees:
        assert store.file(number).contract.name == "未成年人保护社会工作服务"
    else:
        with pytest.raises(Denied):
            store.file(number)


def test_a_draft_is_not_paid_and_what_is_paid_is_no_draft(desk: Desk) -> None:
    number = desk.contracts.save(contract(status=ContractStatus.DRAFT))
    assert "项目还是“草拟”" in refused(desk.contracts.save_payment, payment(number, **PAID))
    desk.contracts.save_payment(payment(number))
    desk.contracts.save(replace(desk.contracts.load(number), status=ContractStatus.RUNNING))
    desk.contracts.save_payment(payment(number, seq=2, **PAID))
    draft = replace(desk.contracts.load(number), status=ContractStatus.DRAFT)
    assert "已有付款" in refused(desk.contracts.save, draft)


def test_nothing_is_done_less_than_not_at_all(desk: Desk, number: int) -> None:
    closed(desk, datetime(2026, 11, 20, 10), number, [], heads=3)
    less: dict[str, Any] = {"adjustment": -2, "adjustment_reason": "重复统计"}
    assert "现在完成1" in refused(desk.contracts.save_deliverable, promise(number, **less))
    assert "现在完成1" in refused(desk.contracts.save_deliverable, by_hand(number, 1, **less))
    assert desk.contracts.file(number).deliverables == ()
    desk.contracts.save_deliverable(promise(number, due_on=date(2026, 12, 31), **less | {"adjustment": -1}))
    shorter = replace(desk.contracts.load(number), end=date(2026, 12, 30))
    assert "完成时限是2026-12-31" in refused(desk.contracts.save, shorter)
