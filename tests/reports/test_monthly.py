"""The official form: head, figures, checks, sign-off; and the same as numbers."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from stationdesk.errors import Refused
from stationdesk.records.calendar import long_day, period
from stationdesk.records.summaries import Facts, Figure, RoomFacts, RoomUse, count
from stationdesk.reports.monthly import monthly_document, monthly_json, parse_month, shown
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.sheets import document_to_xlsx
from tests.stations import station

USES = tuple(RoomUse(n, 1 + n % 2, datetime(2026, 10, 1 + n, 10), datetime(2026, 10, 1 + n, 11, 30)) for n in range(6))
FACTS = Facts(USES, (RoomFacts(1, "古丽娜尔·买买提纪念阅览室", 9000, 90000), RoomFacts(2, "乙", 0, 0)), ())
FIGURES = count(station().name, period(2026, 10), 31, FACTS)


def text(mark: str = "") -> str:
    data = to_pdf(monthly_document(FIGURES, station(), "000123-ABCDEF01", mark=mark)).data
    pdf = pypdfium2.PdfDocument(data)
    found = "".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return "".join(found.split())


def test_the_form_says_all_it_must() -> None:
    found = text()
    for wanted in (
        "乙街道未成年人保护工作站月报表",
        "（2026年10月）",
        "填报单位（盖章）：甲区乙街道未成年人保护工作站",
        "报告期：2026年10月1日至2026年10月31日",
        "表号：未保月报01表",
        "序号指标名称计量单位代码本月本年累计备注",
        "A队伍与机制",
        "M场地",
        "使用场次次M0166",
        "使用时长小时M029.09.0",
        "其中：古丽娜尔·买买提纪念阅览室",
        "勾稽关系",
        "相符",
        "单位负责人（签章）：",
        "联系电话：0991-0000001",
        "（公章）",
        "第1页共",
    ):
        assert wanted in found, wanted
    assert "演示" not in found
    assert "演示" in text("演示")


def test_json_has_one_entry_a_unit() -> None:
    told = monthly_json(FIGURES)
    rows = told["rows"]
    assert isinstance(rows, list)
    m11 = [row for row in rows if row["code"] == "M11"]
    assert [(row["unit"], row["month"], row["year"]) for row in m11] == [("次", 3, 3), ("小时", 4.5, 4.5)]
    assert [row["year"] for row in rows if row["code"] == "A01"] == [None]
    assert told["revision"] == 1


def test_figures_as_printed() -> None:
    def printed(amount: int | Decimal | None, unit: str) -> str:
        return shown(amount, Figure("X", "某", unit, amount, None))

    assert [printed(0, "次"), printed(1234, "次"), printed(None, "%")] == ["0", "1,234", "—"]
    assert [printed(Decimal("0.0"), "小时"), printed(Decimal("33.3"), "%")] == ["0.0", "33.3%"]
    assert long_day(date(2026, 11, 3)) == "2026年11月3日"


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "202610", "", "二〇二六年十月", "20２６-10", "2026-10; rm"])
def test_months_are_read_strictly(text: str) -> None:
    assert parse_month("2026-10") == (2026, 10)
    with pytest.raises(Refused):
        parse_month(text)


def test_the_sheet_has_numbers_and_no_formulas(tmp_path: Path) -> None:
    document_to_xlsx(monthly_document(FIGURES, station(), "000123-ABCDEF01"), tmp_path / "月报.xlsx")
    book = load_workbook(tmp_path / "月报.xlsx")
    rows = {row[3].value: row for row in book.active.iter_rows() if len(row) > 4 and row[3].value}
    assert (rows["M01"][4].value, rows["M01"][5].value) == (6, 6)
    assert rows["A01"][5].value == "—"
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
