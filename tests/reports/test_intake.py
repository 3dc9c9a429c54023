"""The header of a sheet and its rows: what is missing, doubled or unknown, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import pytest
from openpyxl import load_workbook

from stationdesk.errors import Refused
from stationdesk.fields import Field
from stationdesk.i18n import use_language
from stationdesk.reports.intake import read_sheet, rows_from_sheet
from stationdesk.reports.sheets import faults_to_xlsx


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    name: Annotated[str, Field("玩具名称")] = ""
    pieces: Annotated[int, Field("件数")] | None = None
    made: Annotated[date, Field("生产日期")] | None = None


def sheet(path: Path, *rows: Sequence[str]) -> Path:
    path = path / "a.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return path


def refusal(path: Path, *asked: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_sheet(Toy, path, asked=asked)
    return refused.value.say().split("\n")


def test_columns_come_in_any_order_starred_or_not(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["件数", " *玩具名称 ", "错误信息"], ["3", "积木", "已改"])
    assert rows_from_sheet(Toy, path) == ([{"pieces": 3, "name": "积木"}], [])


def test_a_sheet_outlives_a_change_of_language(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["玩具名称"], ["积木"])
    use_language("en")
    try:
        assert rows_from_sheet(Toy, path)[0] == [{"name": "积木"}]
    finally:
        use_language("zh_CN")


def test_every_fault_of_the_header_is_named(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["件数", "件数", "颜色", ""], ["1", "2", "红", ""])
    assert refusal(path, "made") == [
        "第1行：表头里缺少“玩具名称”这一列，请使用程序给出的模板。",
        "第1行：表头里“件数”出现了2次，请只留一列。",
        "第1行：表头里缺少“生产日期”这一列，请使用程序给出的模板。",
        "第1行：表头里的“颜色”不认识，请改成模板里的名称，或删去这一列。",
    ]


def test_a_title_above_the_header(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["玩具名单"], [], ["玩具名称", "件数"], ["积木", "1"])
    assert refusal(path) == ["表头应在第1行，现在在第3行，请删去上面的标题行。"]


@pytest.mark.parametrize("rows", [[["积木", "3"]], [["甲", "乙"], ["丙", "丁"]]])
def test_no_header_at_all(tmp_path: Path, rows: list[list[str]]) -> None:
    assert refusal(sheet(tmp_path, *rows)) == ["第1行没有表头，请使用程序给出的模板。"]


def test_nothing_under_the_header(tmp_path: Path) -> None:
    assert refusal(sheet(tmp_path, ["玩具名称", "件数"], ["", " "])) == ["表头下面没有内容，请填写后再导入。"]
    (tmp_path / "a.csv").write_text("\n\n ,\n", encoding="utf-8")
    assert refusal(tmp_path / "a.csv") == ["文件里没有内容，请检查后再导入。"]


def test_swapped_headers_are_found_by_what_stands_under_them(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["件数", "玩具名称"], ["积木", "3"], ["球", "4"])
    problems = read_sheet(Toy, path).problems
    assert [problem.say() for problem in problems] == [
        "第2行：件数不能是“积木”，请改正。",
        "第3行：件数不能是“球”，请改正。",
    ]


def test_problems_have_the_row_of_the_file_and_empty_rows_count(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["玩具名称", "件数", "生产日期"], ["积木", "３", "2015-02-30"], [], ["球", "x", ""])
    found = read_sheet(Toy, path)
    assert [(row.number, row.values.get("pieces")) for row in found.rows] == [(2, 3), (4, None)]
    assert [problem.row for problem in found.problems] == [2, 4]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = sheet(tmp_path, ["玩具名称"], *(["积木"] for _ in range(500)))
    read_sheet(Toy, path, progress=lambda done, total: told.append((done, total)))
    assert told == [(199, 500), (399, 500)]


def test_the_sheet_given_back_says_what_is_wrong_and_comes_in_again(tmp_path: Path) -> None:
    header, rows = ("玩具名称", "件数", "错误信息"), [(2, ("=1+1", "0018", "旧的")), (4, ("球", "x", ""))]
    target = tmp_path / "b.xlsx"
    faults_to_xlsx(header, rows, {4: "件数不对。"}, target)
    cells = load_workbook(target).active
    assert [[cell.value for cell in row] for row in cells.iter_rows()] == [
        ["玩具名称", "件数", "错误信息"],
        ["=1+1", "0018", None],
        [None, None, None],
        ["球", "x", "件数不对。"],
    ]
    assert {cell.data_type for row in cells.iter_rows() for cell in row if cell.value} == {"s"}
    assert cells["B2"].number_format == "@"
    found = read_sheet(Toy, target)
    assert [row.number for row in found.rows] == [2, 4]
