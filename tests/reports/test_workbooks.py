"""Files nobody should have to open: each bad one is refused by its own sentence, before it is read."""

import struct
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import pytest
from openpyxl import Workbook

from stationdesk.errors import Refused, StorageTrouble
from stationdesk.fields import Field
from stationdesk.reports import workbooks
from stationdesk.reports.sheets import rows_to_csv
from stationdesk.reports.workbooks import Deadline, read_grid
from tests.xls import xls


@dataclass(frozen=True)
class Line:
    text: Annotated[str, Field("内容")]


HEAD = ["姓名", "证件号码"]


def book(*rows: list[Any]) -> Workbook:
    found = Workbook()
    for row in rows:
        found.active.append(row)
    return found


def saved(found: Workbook, path: Path) -> Path:
    found.save(path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def packed(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in content.items():
            bundle.writestr(name, data)
    return path


def changed(tmp_path: Path, old: bytes, new: bytes, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook of two rows with other bytes in one of its parts."""
    content = parts(saved(book(HEAD, ["阿里木", "1"]), tmp_path / "whole.xlsx"))
    assert old in content[part]
    content[part] = content[part].replace(old, new)
    return packed(tmp_path / "a.xlsx", content)


def said(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_grid(path)
    return refused.value.say()


# --- what is read --------------------------------------------------------------------------------


def test_a_workbook_is_read_as_text_from_its_first_row_on(tmp_path: Path) -> None:
    found = book([], ["a", 4, 4.5, date(2015, 5, 20), datetime(2015, 5, 20, 8, 30), time(8, 30), True])
    grid = read_grid(saved(found, tmp_path / "a.xlsx"))
    assert grid.rows[1] == ["a", "4", "4.5", "2015-05-20", "2015-05-20 08:30", "08:30", "True"]
    assert not any(grid.rows[0])


def test_the_first_visible_sheet_is_read(tmp_path: Path) -> None:
    found = book(["hidden"])
    found.active.sheet_state = "hidden"
    found.create_sheet("名单").append(["shown"])
    assert read_grid(saved(found, tmp_path / "a.xlsx")).rows == [["shown"]]


def test_trailing_empty_rows_are_no_rows(tmp_path: Path) -> None:
    found = book(HEAD, ["阿里木", "1"])
    found.active.cell(1_048_576, 1).number_format = "@"
    found.active.cell(90, 2).value = "  "
    assert len(read_grid(saved(found, tmp_path / "a.xlsx")).rows) == 2


def test_a_number_that_lost_its_digits_keeps_its_shape(tmp_path: Path) -> None:
    found = book(HEAD, ["阿里木", 650199201505200018], ["古丽", 139000000010])
    read = [row[1] for row in read_grid(saved(found, tmp_path / "a.xlsx")).rows[1:]]
    assert read == ["6.501992015052e+17", "139000000010"]


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(xls([["姓名", "证件号码"], ["阿里木", 6.5e17]]))
    assert read_grid(tmp_path / "a.xls").rows == [["姓名", "证件号码"], ["阿里木", "6.5e+17"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_of_every_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [["姓名", "现居住地"], ["古丽娜尔·买买提", "某路1号"]]
    (tmp_path / "a.csv").write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    assert read_grid(tmp_path / "a.csv").rows == rows


def test_csv_with_line_ends_and_guards_inside(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('姓名,备注\n\'=1+1,"两\n行"\n\n,\n', encoding="utf-8")
    assert read_grid(tmp_path / "a.csv").rows == [["姓名", "备注"], ["=1+1", "两\n行"]]


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "''a", "a=1", "'\t1"])
def test_a_guard_is_taken_off_as_it_was_put_on(tmp_path: Path, text: str) -> None:
    rows_to_csv(Line, [Line(text)], tmp_path / "a.csv")
    assert read_grid(tmp_path / "a.csv").rows[1] == [text]


# --- limits --------------------------------------------------------------------------------------


def test_a_file_over_twenty_megabytes(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as out:
        out.truncate((20 << 20) + 1)
    assert said(tmp_path / "a.csv") == "文件超过20兆，请分成几个较小的文件。"


def test_a_bomb_is_refused_unread(tmp_path: Path) -> None:
    content = parts(saved(book(HEAD), tmp_path / "whole.xlsx"))
    content["xl/sharedStrings.xml"] = b"<sst>" + b" " * (30 << 20) + b"</sst>"
    path = packed(tmp_path / "a.xlsx", content)
    assert path.stat().st_size < 100_000
    assert "展开后过大" in said(path)


def test_a_bomb_among_large_pictures_is_seen_all_the_same(tmp_path: Path) -> None:
    content = parts(saved(book(HEAD), tmp_path / "whole.xlsx"))
    path = packed(tmp_path / "a.xlsx", content | {"xl/sharedStrings.xml": b"<sst>" + b" " * (30 << 20) + b"</sst>"})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as bundle:
        bundle.writestr("xl/media/a.png", bytes(1 << 20))
    assert "展开后过大" in said(path)


def test_more_than_a_thousand_entries(tmp_path: Path) -> None:
    content = parts(saved(book(HEAD), tmp_path / "whole.xlsx"))
    assert "展开后过大" in said(packed(tmp_path / "a.xlsx", content | {f"x{n}.xml": b"<a/>" for n in range(1000)}))


def test_an_archive_that_understates_its_sizes(tmp_path: Path) -> None:
    path = changed(tmp_path, b"</sheetData>", b"</sheetData>" + b" " * (1 << 20))
    data = path.read_bytes()
    size = len(parts(path)["xl/worksheets/sheet1.xml"])
    path.write_bytes(data.replace(struct.pack("<I", size), struct.pack("<I", 900)))
    assert "不是能读的表格" in said(path)


def test_twenty_thousand_and_one_rows(tmp_path: Path) -> None:
    lines = ["姓名", *("阿里木" for _ in range(20_000))]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    assert len(read_grid(tmp_path / "a.csv").rows) == 20_001
    (tmp_path / "a.csv").write_text("\n".join([*lines, "古丽"]), encoding="utf-8")
    assert said(tmp_path / "a.csv") == "文件有20001行，一次最多导入20000行，请分成几个文件。"


@pytest.mark.parametrize("place", ["A20002", "A1048576"])
def test_a_cell_far_down_is_refused_before_all_above_it_are_set_up(tmp_path: Path, place: str) -> None:
    found = book(HEAD)
    found.active[place] = "x"
    assert "一次最多导入20000行" in said(saved(found, tmp_path / "a.xlsx"))


def test_a_cell_far_right(tmp_path: Path) -> None:
    for place in ("XFD2", "IX2"):
        found = book(HEAD)
        found.active[place] = "x"
        assert "表格的列太多" in said(saved(found, tmp_path / "a.xlsx"))
    (tmp_path / "a.csv").write_text("," * 300, encoding="utf-8")
    assert "表格的列太多" in said(tmp_path / "a.csv")


def test_the_time_is_limited(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("姓名\n阿里木", encoding="utf-8")
    with pytest.raises(Refused) as slow:
        read_grid(tmp_path / "a.csv", Deadline(-1))
    assert slow.value.say() == "读取超过60秒，已经停止，请分成几个较小的文件。"


# --- what is not what it says ---------------------------------------------------------------------


def test_kinds_that_are_not_read(tmp_path: Path) -> None:
    for name in ("a.ods", "a.txt", "a"):
        (tmp_path / name).write_bytes(b"x")
        assert said(tmp_path / name) == "只能导入 .xlsx、.xls 和 .csv 表格，请另存为其中一种后再导入。"


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    assert said(tmp_path / name) == "文件里没有内容，请检查后再导入。"


@pytest.mark.parametrize("suffix", [".xls", ".csv"])
def test_a_renamed_workbook(tmp_path: Path, suffix: str) -> None:
    path = saved(book(HEAD), tmp_path / "a.xlsx").rename(tmp_path / f"a{suffix}")
    assert "内容却是Excel（.xlsx）" in said(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_renamed_old_workbook(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(xls([["姓名"]]))
    assert "内容却是Excel 97-2003（.xls）" in said(tmp_path / f"a{suffix}")


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_a_page_of_the_web_that_calls_itself_a_workbook(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_text("<html><table><tr><td>姓名</td></tr></table></html>", encoding="utf-8")
    assert "内容却不是" in said(tmp_path / f"a{suffix}")


def test_macros(tmp_path: Path) -> None:
    content = parts(saved(book(HEAD), tmp_path / "whole.xlsx"))
    assert "带有宏" in said(packed(tmp_path / "a.xlsx", content | {"xl/vbaProject.bin": b"x"}))
    types = content["[Content_Types].xml"].replace(b"sheet.main", b"sheet.macroEnabled.main")
    assert "带有宏" in said(packed(tmp_path / "b.xlsx", content | {"[Content_Types].xml": types}))
    saved(book(HEAD), tmp_path / "c.xlsx").rename(tmp_path / "c.xlsm")
    assert "带有宏" in said(tmp_path / "c.xlsm")
    (tmp_path / "d.xls").write_bytes(xls([["姓名"]], beside="_VBA_PROJECT_CUR"))
    assert "带有宏" in said(tmp_path / "d.xls")


def test_passwords(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xls([["姓名"]], beside="EncryptedPackage"))
    assert said(tmp_path / "a.xlsx") == "这个表格设了打开密码，请去掉密码后再导入。"
    (tmp_path / "a.xls").write_bytes(xls([["姓名"]], locked=True))
    assert said(tmp_path / "a.xls") == "这个表格设了打开密码，请去掉密码后再导入。"
    path = saved(book(HEAD), tmp_path / "b.xlsx")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert said(path) == "这个表格设了打开密码，请去掉密码后再导入。"


@pytest.mark.parametrize(
    "prolog",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b"<!DOCTYPE x>",
    ],
)
def test_document_types(tmp_path: Path, prolog: bytes) -> None:
    assert "不安全的内容" in said(changed(tmp_path, b"<worksheet", prolog + b"<worksheet"))


def test_a_prolog_without_end(tmp_path: Path) -> None:
    assert "不是能读的表格" in said(
        changed(tmp_path, b"<worksheet", b"<!--" + bytes(range(65, 91)) * 4000 + b"--><worksheet")
    )


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (b"<worksheet", b"<<worksheet", "xl/worksheets/sheet1.xml"),
        (b"sheetData", b"x:sheetData", "xl/worksheets/sheet1.xml"),
        (b"worksheets/sheet1.xml", b"worksheets/none.xml", "xl/_rels/workbook.xml.rels"),
        (b"<sheet ", b"<leaf ", "xl/workbook.xml"),
        (b'r="B2"', b'r="??"', "xl/worksheets/sheet1.xml"),
    ],
)
def test_a_damaged_workbook(tmp_path: Path, old: bytes, new: bytes, part: str) -> None:
    assert "不是能读的表格" in said(changed(tmp_path, old, new, part))


def test_a_cut_off_file(tmp_path: Path) -> None:
    path = saved(book(HEAD), tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:2000])
    assert "不是能读的表格" in said(path)
    (tmp_path / "a.xls").write_bytes(xls([["姓名"]])[:1500])
    assert "不是能读的表格" in said(tmp_path / "a.xls")


def test_two_parts_of_one_name(tmp_path: Path) -> None:
    content = parts(saved(book(HEAD), tmp_path / "whole.xlsx"))
    assert "不是能读的表格" in said(packed(tmp_path / "a.xlsx", content | {"XL/workbook.xml": b"<a/>"}))


def test_bytes_of_no_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\x20\xff\xff")
    assert "文字编码认不出来" in said(tmp_path / "a.csv")


def test_a_cell_of_a_csv_that_never_ends(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('姓名\n"' + "x" * 200_000, encoding="utf-8")
    assert "不是能读的表格" in said(tmp_path / "a.csv")


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StorageTrouble) as gone:
        read_grid(tmp_path / "none.xlsx")
    assert "none.xlsx" in gone.value.say()
    saved(book(HEAD), tmp_path / "a.xlsx")

    def held(_path: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", held)
    with pytest.raises(StorageTrouble) as busy:
        read_grid(tmp_path / "a.xlsx")
    assert "关闭正在打开它的程序" in busy.value.say()


# --- problems of single rows -----------------------------------------------------------------------


def problems(found: Workbook, path: Path) -> list[str]:
    return [problem.say() for problem in read_grid(saved(found, path)).problems]


def test_merged_cells_are_named_by_row(tmp_path: Path) -> None:
    found = book(HEAD, ["阿里木", "1"], ["古丽", "2"])
    found.active.merge_cells("A2:B3")
    assert problems(found, tmp_path / "a.xlsx") == ["第2行：A2:B3是合并单元格，请取消合并并逐行填写。"]


def test_formulas_count_as_what_they_came_to(tmp_path: Path) -> None:
    path = changed(tmp_path, b'<c r="B2" t="inlineStr"><is><t>1</t></is></c>', b'<c r="B2"><f>1+1</f><v>2</v></c>')
    assert read_grid(path) == workbooks.Grid([["姓名", "证件号码"], ["阿里木", "2"]])
    shared = b'<c r="A3" s="0"/><c r="B3"><f t="shared" si="0"/><v>5</v></c>'
    path = changed(tmp_path, b'<c r="B2" t="inlineStr"><is><t>1</t></is></c>', shared.replace(b"3", b"2"))
    assert read_grid(path).problems == ()
    empty = b'<c r="B2" t="str"><f>""</f><v></v></c>'
    path = changed(tmp_path, b'<c r="B2" t="inlineStr"><is><t>1</t></is></c>', empty)
    assert read_grid(path).problems == ()


def test_formulas_that_came_to_nothing_and_errors_are_named_by_row(tmp_path: Path) -> None:
    found = book(HEAD, ["阿里木", "=1+1"], ["古丽", "#N/A"])
    found.active["B3"].data_type = "e"
    assert problems(found, tmp_path / "a.xlsx") == [
        "第2行：B2是没有算出结果的公式，请改成数值或文字。",
        "第3行：B3是公式错误值，请改成数值或文字。",
    ]


def test_what_is_judged_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures and the rest of the archive never reach the parser."""
    seen: list[list[str]] = []
    real = workbooks._parsed

    def parsed(data: bytes, *more: Any) -> workbooks.Grid:
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            seen.append(bundle.namelist())
        return real(data, *more)

    monkeypatch.setattr(workbooks, "_parsed", parsed)
    content = parts(saved(book(HEAD), tmp_path / "whole.xlsx"))
    read_grid(packed(tmp_path / "a.xlsx", content | {"xl/media/a.png": b"x"}))
    assert "xl/media/a.png" not in seen[0]
