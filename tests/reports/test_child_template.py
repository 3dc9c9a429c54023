"""The template: its own header is understood, its drop-downs reach, its example breaks no rule."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from stationdesk.errors import Refused
from stationdesk.fields import describe
from stationdesk.records.categories import Category
from stationdesk.records.child_intake import ASKED, ChildIntake, Directory, entry_of, entry_problems
from stationdesk.reports.child_template import child_template
from stationdesk.reports.intake import read_sheet
from tests.stations import NOW


@pytest.fixture
def book(tmp_path: Path) -> Any:
    child_template(["红柳社区"], ["冶文秀", "周素琴"], tmp_path / "a.xlsx")
    return load_workbook(tmp_path / "a.xlsx")


def test_the_sheets(book: Any) -> None:
    assert book.sheetnames == ["儿童名单", "填写说明", "示例", "代码"]
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "visible", "hidden"]


def test_the_header_has_every_field_and_stars_what_is_asked(book: Any) -> None:
    header = [cell.value for cell in book["儿童名单"][1]]
    assert [text.lstrip("*") for text in header] == [column.label for column in describe(ChildIntake)]
    assert [text for text in header if text.startswith("*")] == ["*姓名", "*性别", "*出生日期"]


def test_numbers_are_typed_as_text_and_days_as_days(book: Any) -> None:
    sheet = book["儿童名单"]
    formats = {cell.value.lstrip("*"): sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
    assert {formats[name] for name in ("证件号码", "本人电话", "监护人电话")} == {"@"}
    assert formats["出生日期"] == formats["纳入日期"] == "yyyy-mm-dd"


def test_drop_downs_show_what_the_form_offers(book: Any) -> None:
    sheet, codes = book["儿童名单"], book["代码"]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        cells = rule.formula1.replace("'代码'!", "").replace("$", "")
        name = next(c.value for c in sheet[1] if str(rule.sqref).startswith(f"{c.column_letter}2:"))
        offered[name.lstrip("*")] = [row[0].value for row in codes[cells]]
    assert offered["性别"] == ["男", "女"]
    assert offered["村（社区）"] == ["红柳社区"]
    assert offered["责任社工"] == offered["儿童主任"] == ["冶文秀", "周素琴"]
    assert offered["类别"] == [category.label for category in Category]
    assert len(offered["民族"]) > 50
    assert "监护人与儿童关系" in offered
    assert "监护不当情形" not in offered


def test_a_station_without_communities_has_a_template_too() -> None:
    out = BytesIO()
    child_template([], [], out)
    rules = load_workbook(out)["儿童名单"].data_validations.dataValidation
    assert len(rules) > 8


def test_the_empty_template_is_a_good_sheet_without_rows(book: Any, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_sheet(ChildIntake, tmp_path / "a.xlsx", asked=ASKED)
    assert refused.value.say() == "表头下面没有内容，请填写后再导入。"


def test_the_example_breaks_no_rule(book: Any, tmp_path: Path) -> None:
    for name in ("儿童名单", "填写说明", "代码"):
        del book[name]
    book.save(tmp_path / "b.xlsx")
    found = read_sheet(ChildIntake, tmp_path / "b.xlsx", asked=ASKED)
    assert found.problems == []
    row = ChildIntake(**found.rows[0].values)  # type: ignore[arg-type]
    known = Directory({"某某社区": (1,)}, {"某某": (2,)})
    entry, problems = entry_of(row, 2, known)
    assert problems == ()
    assert list(entry_problems(entry, NOW.date())) == []


def test_every_column_is_explained(book: Any) -> None:
    told = {row[0].value: row[2].value for row in book["填写说明"].iter_rows() if row[2].value}
    for column in describe(ChildIntake):
        assert told[column.label]
    assert told["监护不当情形"].startswith("可以填几个，用“、”隔开：虐待、")
