"""The sheet of a purchased service: facts, promises, payments and the same numbers in a workbook."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from stationdesk.records.contract_figures import ContractFacts, ContractFile, progress_of
from stationdesk.records.contracts import AssessmentGrade, ContractAssessment
from stationdesk.reports.contract_sheet import contract_sheet
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.sheets import document_to_xlsx
from tests.child_prints import text_of
from tests.contracts import by_hand, contract, payment, promise
from tests.records.test_contract_figures import ACTIVITIES
from tests.stations import station

TODAY = date(2026, 10, 31)
LONG = "面向困境儿童和留守儿童家庭的家庭教育指导与亲子沟通小组（每节不少于八人）"


def whole() -> ContractFile:
    promises = (
        promise(1, "H03 节", 4, id=1, title=LONG, adjustment=-1, adjustment_reason="一节与别的项目合办"),
        promise(1, "H07 人次", 0, id=2, due_on=date(2026, 12, 31)),
        by_hand(1, id=3),
    )
    paid = payment(1, id=1, paid_on=date(2026, 4, 2), paid_amount=Decimal("95000.50"), voucher="000123")
    facts = ContractFacts(contract(id=1, lead="古丽娜尔·买买提吐尔逊"), promises, (paid,), ACTIVITIES)
    judged = ContractAssessment(contract_id=1, assessed_on=date(2026, 9, 1), score=91, grade=AssessmentGrade.EXCELLENT)
    return ContractFile(
        contract=facts.contract,
        deliverables=promises,
        payments=(paid, payment(1, 2, id=2, condition="末期评估合格后")),
        assessments=(judged,),
        progress=progress_of(facts, TODAY),
    )


def test_the_sheet_says_all_it_must() -> None:
    text = text_of(contract_sheet(whole(), station(), TODAY, "000123-ABCDEF01", mark="演示"))
    for wanted in (
        "购买服务指标完成表（截至2026年10月31日）填报单位（盖章）：甲区乙街道未成年人保护工作站",
        "承接单位甲区暖阳社会工作服务中心",
        "合同期间2026年3月1日至2027年2月28日",
        "合同金额19.00万元经费来源财政已支付9.50万元支付进度50.0%项目负责人古丽娜尔·买买提吐尔逊",
        "节43-1250.0%2027-02-28一节与别",
        "2参与人次人次02424—2026-12-31",
        "3服务案例汇编份43375.0%2027-02-28人工填写",
        "12026-04-0195,000.002026-04-0295,000.50000123",
        "末期评估合格后",
        "中期2026-09-0191优秀",
        "单位负责人（签章）：",
        "（公章）",
        "操作记录000123-ABCDEF01",
        "演示",
    ):
        assert wanted in text, wanted
    assert to_pdf(contract_sheet(whole(), station(), TODAY)).pages == 1


def test_an_empty_contract_prints_too() -> None:
    bare = replace(whole(), deliverables=(), payments=(), assessments=(), progress=())
    text = text_of(contract_sheet(bare, station(), TODAY))
    assert "还没有登记指标。" in text
    assert "还没有登记付款。" in text
    assert "评估情况" not in text


def test_the_same_in_a_workbook(tmp_path: Path) -> None:
    document_to_xlsx(contract_sheet(whole(), station(), TODAY), tmp_path / "a.xlsx")
    rows = [[cell.value for cell in row if cell.value is not None] for row in load_workbook(tmp_path / "a.xlsx").active]
    assert [3, "服务案例汇编", "份", 4, 3, 3, "75.0%", "2027-02-28", "人工填写"] in [
        [value for value in row if value != ""] for row in rows
    ]
    assert any("000123" in row and 95000.5 in row for row in rows)
