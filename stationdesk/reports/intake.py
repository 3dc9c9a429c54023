"""Sheets that come in: checked before they are read, each problem with its row."""

import csv
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from stationdesk.errors import Problem, Refused
from stationdesk.fields import Described, describe, from_text
from stationdesk.i18n import N_
from stationdesk.reports.sheets import FORMULA_STARTS

MOST_BYTES, MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO, MOST_ROWS = 20 << 20, 1000, 100 << 20, 100, 20_000


def rows_from_sheet(cls: type, path: Path) -> tuple[list[dict[str, object]], list[Problem]]:
    """The rows of a .xlsx, .xls, .ods or .csv file as values by field name, and what is wrong.

    The header row names the fields by label, in any order. Raises `Refused` for a file that is too
    large, no sheet, or without the header; a problem of a cell carries its row number in the file.
    """
    grid = _grid(path)
    if not grid:
        raise Refused(Problem("", N_("文件里没有内容，请检查后再导入。")))
    columns = _header(cls, grid[0])
    if len(grid) - 1 > MOST_ROWS:
        values = {"count": len(grid) - 1, "most": MOST_ROWS}
        raise Refused(Problem("", N_("文件有{count}行，一次最多导入{most}行，请分成几个文件。"), values))
    rows: list[dict[str, object]] = []
    problems: list[Problem] = []
    for number, cells in enumerate(grid[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row: dict[str, object] = {}
        for place, column in columns.items():
            try:
                row[column.name] = from_text(column, cells[place] if place < len(cells) else "")
            except Refused as refused:
                problems += [replace(problem, row=number) for problem in refused.problems]
        rows.append(row)
    return rows, problems


def _header(cls: type, cells: Sequence[str]) -> dict[int, Described]:
    labels = {column.label: column for column in describe(cls)}
    found = {
        place: labels[text.strip().rstrip("*＊")]
        for place, text in enumerate(cells)
        if text.strip().rstrip("*＊") in labels
    }
    missing = [column.label for column in describe(cls) if column.required and column not in found.values()]
    if missing:
        text = N_("第一行缺少列：{labels}。请使用程序给出的表头。")
        raise Refused(Problem("", text, {"labels": "、".join(missing)}))
    return found


def _grid(path: Path) -> list[list[str]]:
    if path.stat().st_size > MOST_BYTES:
        raise Refused(Problem("", N_("文件超过20兆，请分成几个较小的文件。")))
    if path.suffix.lower() == ".csv":
        return [[_unguarded(cell) for cell in row] for row in csv.reader(StringIO(decode(path.read_bytes())))]
    if zipfile.is_zipfile(path):
        _check_zip(path)
    # Slow to import, and most days never needed.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[_cell(value) for value in row] for row in sheet.to_python()]
    except (CalamineError, OSError, ValueError, IndexError) as unread:
        raise Refused(Problem("", N_("这个文件不是能读的表格（.xlsx、.xls、.csv），请检查后再导入。"))) from unread


def _unguarded(cell: str) -> str:
    """Without the `'` that our own CSV puts before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _check_zip(path: Path) -> None:
    """Refuse a workbook that would unpack to far more than it is."""
    with zipfile.ZipFile(path) as bundle:
        items = bundle.infolist()
    unpacked = sum(item.file_size for item in items)
    if len(items) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(path.stat().st_size, 1):
        raise Refused(Problem("", N_("这个表格文件展开后过大，可能有问题，没有读取。请另存为新文件后再导入。")))


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d %H:%M")).removesuffix(" 00:00")
    return str(value)


def decode(data: bytes) -> str:
    """Text in UTF-8 (with or without mark), UTF-16 with mark, or GB18030; raises `Refused`."""
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    known = next((name for mark, name in marked.items() if data.startswith(mark)), None)
    for encoding in [known] if known else ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Problem("", N_("文件的文字编码认不出来，请另存为 UTF-8 格式后再导入。")))
