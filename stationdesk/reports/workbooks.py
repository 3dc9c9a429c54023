"""Workbooks and CSV that come in: judged by their bytes before anything reads them (security §7)."""

import csv
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO, StringIO
from pathlib import Path, PurePosixPath
from struct import unpack_from
from time import monotonic
from typing import Any

from stationdesk.errors import Problem, Refused, StorageTrouble
from stationdesk.i18n import N_
from stationdesk.reports.sheets import FORMULA_STARTS

MOST_BYTES, MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO, MOST_ROWS = 20 << 20, 1000, 100 << 20, 100, 20_000
MOST_SECONDS, MOST_COLUMNS = 60, 256
# A prolog, a workbook's list of sheets and a small part are never larger than this.
_SMALL = 1 << 20
_PROLOG = 1 << 16

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMES = {".xlsx": "Excel（.xlsx）", ".xls": "Excel 97-2003（.xls）", ".csv": "CSV"}

_UNREADABLE = N_("这个文件不是能读的表格（.xlsx、.xls、.csv），或者已经损坏，请检查后再导入。")
_KIND_TEXT = N_("只能导入 .xlsx、.xls 和 .csv 表格，请另存为其中一种后再导入。")
_RENAMED_TEXT = N_("文件名写的是{said}，内容却是{found}，请用表格软件打开后另存为 .xlsx 再导入。")
_OTHER_TEXT = N_("文件名写的是{said}，内容却不是，请用表格软件打开后另存为 .xlsx 再导入。")
_LOCKED_TEXT = N_("这个表格设了打开密码，请去掉密码后再导入。")
_MACRO_TEXT = N_("这个表格带有宏，为了安全没有读取，请另存为不带宏的 .xlsx 后再导入。")
_BOMB_TEXT = N_("这个表格文件展开后过大，可能有问题，没有读取。请另存为新文件后再导入。")
_ENTITY_TEXT = N_("这个表格文件里有不安全的内容，没有读取。请用表格软件另存为新文件后再导入。")
_ROWS_TEXT = N_("文件有{count}行，一次最多导入{most}行，请分成几个文件。")
_COLUMNS_TEXT = N_("表格的列太多（最多{most}列），请删去多余的列后再导入。")
_SLOW_TEXT = N_("读取超过{most}秒，已经停止，请分成几个较小的文件。")
_MERGED_TEXT = N_("{cells}是合并单元格，请取消合并并逐行填写。")
_FORMULA_TEXT = N_("{cell}是没有算出结果的公式，请改成数值或文字。")
_ERROR_TEXT = N_("{cell}是公式错误值，请改成数值或文字。")


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of the first visible sheet as text, from its first row and column on, and what is
    wrong with single rows."""

    rows: list[list[str]]
    problems: tuple[Problem, ...] = ()


class Deadline:
    """The time a file may take."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self._until = monotonic() + seconds

    def check(self) -> None:
        """Raise `Refused` when it is over."""
        if monotonic() > self._until:
            raise Refused(Problem("", _SLOW_TEXT, {"most": MOST_SECONDS}))


def read_grid(path: Path, deadline: Deadline | None = None) -> Grid:
    """The cells of a .xlsx, .xls or .csv file. Raises `Refused` for what is too large, unsafe or no
    sheet, `StorageTrouble` for a file that cannot be opened."""
    deadline = deadline or Deadline()
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(Problem("", N_("文件超过20兆，请分成几个较小的文件。")))
        data = path.read_bytes()
    except OSError as unread:
        text = N_("文件“{name}”读不出来，请检查文件是否还在，或关闭正在打开它的程序。")
        raise StorageTrouble(Problem("", text, {"name": path.name})) from unread
    read = _reader_for(path.suffix.lower(), data)
    grid = read(data)
    deadline.check()
    rows = grid.rows
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    _refuse_many(len(rows))
    return Grid(rows, tuple(problem for problem in grid.problems if problem.row <= len(rows)))


def _reader_for(suffix: str, data: bytes) -> Callable[[bytes], Grid]:
    """The reader of what the bytes are; a name that says something else is refused."""
    if suffix == ".xlsm":
        raise Refused(Problem("", _MACRO_TEXT))
    if suffix not in _NAMES:
        raise Refused(Problem("", _KIND_TEXT))
    if not data.strip():
        raise Refused(Problem("", N_("文件里没有内容，请检查后再导入。")))
    found = ".xlsx" if data.startswith(_ZIP) else ".xls" if data.startswith(_OLE) else ""
    if found == ".xls" and "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused(Problem("", _LOCKED_TEXT))
    if found != (suffix if suffix != ".csv" else ""):
        values = {"said": _NAMES[suffix], "found": _NAMES.get(found, "")}
        raise Refused(Problem("", _RENAMED_TEXT if found else _OTHER_TEXT, values))
    return {".xlsx": _read_xlsx, ".xls": _read_xls, ".csv": _read_csv}[suffix]


def _refuse_many(rows: int) -> None:
    if rows - 1 > MOST_ROWS:
        raise Refused(Problem("", _ROWS_TEXT, {"count": rows - 1, "most": MOST_ROWS}))


# --- CSV -----------------------------------------------------------------------------------------


def _read_csv(data: bytes) -> Grid:
    text = decode(data)
    first = text.partition("\n")[0]
    separator = max(",\t;", key=first.count) if any(sign in first for sign in ",\t;") else ","
    rows: list[list[str]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            rows.append([_unguarded(cell) for cell in row])
            if len(row) > MOST_COLUMNS:
                raise Refused(Problem("", _COLUMNS_TEXT, {"most": MOST_COLUMNS}))
            if any(row):
                _refuse_many(len(rows))
    except csv.Error as unread:
        raise Refused(Problem("", _UNREADABLE)) from unread
    return Grid(rows)


def _unguarded(cell: str) -> str:
    """Without the `'` that our own CSV puts before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def decode(data: bytes) -> str:
    """Text in UTF-8 or UTF-16 (with or without mark), or GB18030; raises `Refused`."""
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    known = next((name for mark, name in marked.items() if data.startswith(mark)), None)
    if known is None and b"\x00" in data:
        # Only UTF-16 has such bytes: the high halves of commas and line ends.
        known = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    for encoding in [known] if known else ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Problem("", N_("文件的文字编码认不出来，请另存为 UTF-8 格式后再导入。")))


# --- .xls ----------------------------------------------------------------------------------------


def _read_xls(data: bytes) -> Grid:
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refused(Problem("", _MACRO_TEXT))
    if _is_locked(data):
        raise Refused(Problem("", _LOCKED_TEXT))
    return _parsed(data)


# The first record of a BIFF8 workbook, and what follows it before the list of sheets if it is locked.
_BOF, _FILEPASS, _BOUNDSHEET = b"\x09\x08\x10\x00\x00\x06\x05\x00", 0x2F, 0x85


def _is_locked(data: bytes) -> bool:
    """Whether an old workbook has a password: calamine says no more than that it cannot read it."""
    place = data.find(_BOF)
    while 0 <= place <= len(data) - 4:
        kind, size = unpack_from("<HH", data, place)
        if kind in (_FILEPASS, _BOUNDSHEET):
            return bool(kind == _FILEPASS)
        place += 4 + size
    return False


def _parsed(data: bytes, name: str | None = None, problems: tuple[Problem, ...] = ()) -> Grid:
    """What calamine reads of one sheet; without a name the first visible one."""
    # Slow to import, and most days never needed.
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        shown = (
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        )
        sheet = book.get_sheet_by_name(name or next(shown))
        if sheet.total_width > MOST_COLUMNS:
            raise Refused(Problem("", _COLUMNS_TEXT, {"most": MOST_COLUMNS}))
        _refuse_many(sheet.total_height)
        merged = tuple(_merged(sheet.merged_cell_ranges or ()))
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, StopIteration) as unread:
        raise Refused(Problem("", _UNREADABLE)) from unread
    except BaseException as broken:
        # What its Rust did not expect in a damaged file comes as no Exception, of a class nobody can name.
        if type(broken).__name__ != "PanicException":
            raise
        raise Refused(Problem("", _UNREADABLE)) from broken
    return Grid([[_cell(value) for value in row] for row in cells], (*problems, *merged))


def _merged(ranges: Any) -> Iterator[Problem]:
    for (top, left), (bottom, right) in ranges:
        cells = f"{_column(left)}{top + 1}:{_column(right)}{bottom + 1}"
        yield Problem("", _MERGED_TEXT, {"cells": cells}, row=top + 1)


def _column(number: int) -> str:
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
    return str(value)


# --- .xlsx ---------------------------------------------------------------------------------------


def _read_xlsx(data: bytes) -> Grid:
    try:
        parts = _parts(data)
        name, place = _first_sheet(parts)
        problems = tuple(_judged(parts[place]))
    except Refused:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, KeyError, ValueError) as unread:
        raise Refused(Problem("", _UNREADABLE)) from unread
    # What is read is what was judged, not what the archive may have said in a second voice.
    checked = BytesIO()
    with zipfile.ZipFile(checked, "w") as bundle:
        for part, content in parts.items():
            bundle.writestr(part, content)
    return _parsed(checked.getvalue(), name, problems)


def _parts(data: bytes) -> dict[str, bytes]:
    """The XML of a workbook, each part within its limits and without a document type."""
    with zipfile.ZipFile(BytesIO(data)) as bundle:
        items = bundle.infolist()
        names = [item.filename.lower() for item in items]
        unpacked = sum(item.file_size for item in items)
        spread = any(i.file_size > max(_SMALL, MOST_RATIO * i.compress_size) for i in items)
        if len(items) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(data) or spread:
            raise Refused(Problem("", _BOMB_TEXT))
        if any(item.flag_bits & 1 for item in items):
            raise Refused(Problem("", _LOCKED_TEXT))
        if any("vbaproject" in name or "/macrosheets/" in name for name in names):
            raise Refused(Problem("", _MACRO_TEXT))
        known = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if len(set(names)) < len(names) or any(item.compress_type not in known for item in items):
            raise Refused(Problem("", _UNREADABLE))
        parts = {i.filename: bundle.read(i) for i in items if i.filename.endswith((".xml", ".rels"))}
    for content in parts.values():
        _refuse_entities(content)
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise Refused(Problem("", _MACRO_TEXT))
    return parts


class _RootError(Exception):
    """The prolog is over: a document type cannot come any more."""


def _refuse_entities(content: bytes) -> None:
    """Refuse XML that declares a document type; it can stand only before the first element, so the
    rest need not be read twice."""
    from xml.sax import SAXException
    from xml.sax.handler import ContentHandler

    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import DefusedExpatParser

    class Prolog(ContentHandler):
        def startElement(self, name: str, attrs: Any) -> None:
            raise _RootError

    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(Prolog())
    try:
        parser.feed(content[:_PROLOG])
    except _RootError:
        return
    except DefusedXmlException as unsafe:
        raise Refused(Problem("", _ENTITY_TEXT)) from unsafe
    except SAXException as unread:
        raise Refused(Problem("", _UNREADABLE)) from unread
    raise Refused(Problem("", _UNREADABLE))


def _first_sheet(parts: dict[str, bytes]) -> tuple[str, str]:
    """Name and part of the first visible sheet."""
    from defusedxml.ElementTree import fromstring

    book, links = parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]
    if max(len(book), len(links)) > _SMALL:
        raise Refused(Problem("", _BOMB_TEXT))
    targets = {
        link.get("Id"): link.get("Target", "")
        for link in fromstring(links)
        if link.get("Type", "").endswith("/worksheet")
    }
    found = [item for item in fromstring(book).iter() if item.tag.endswith("}sheet")]
    names = [item.get("name", "") for item in found]
    if len(set(names)) < len(names):
        raise Refused(Problem("", _UNREADABLE))
    for item in found:
        target = targets.get(next((v for k, v in item.attrib.items() if k.endswith("}id")), ""))
        if target and item.get("state", "visible") == "visible":
            place = PurePosixPath("xl") / target
            return item.get("name", ""), str(place).lstrip("/")
    raise KeyError("worksheet")


_REF = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]+)(\d+)[\"']")
_CELL = re.compile(rb"<c\s[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_FILLED = re.compile(rb"<v>[^<]|<is[\s>]")


def _judged(sheet: bytes) -> Iterator[Problem]:
    """Problems of single rows of a sheet's XML. Its size is looked at first: one cell far out makes
    every reader set up all those before it."""
    if b"<sheetData" not in sheet:
        raise Refused(Problem("", _UNREADABLE))
    last = 0
    for chunk in sheet.split(b"<row")[1:]:
        if not _FILLED.search(chunk) and b"<f" not in chunk:
            continue
        refs = _REF.findall(chunk)
        if any(len(column) > 2 for column, _row in refs):
            raise Refused(Problem("", _COLUMNS_TEXT, {"most": MOST_COLUMNS}))
        last = max((int(row[:9]) for _column, row in refs), default=last + 1)
        if b"<f" in chunk or b't="e"' in chunk:
            yield from _computed(chunk)
    _refuse_many(last)


def _computed(chunk: bytes) -> Iterator[Problem]:
    """Formulas count as what they last came to; those that came to nothing are named."""
    for cell in _CELL.findall(chunk):
        found = _REF.search(cell)
        if found is None:
            continue
        place = {"cell": (found[1] + found[2]).decode()}
        if b't="e"' in cell:
            yield Problem("", _ERROR_TEXT, place, row=int(found[2]))
        elif b"<f" in cell and b't="str"' not in cell and not _FILLED.search(cell):
            yield Problem("", _FORMULA_TEXT, place, row=int(found[2]))
