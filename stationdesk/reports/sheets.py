"""Lists and documents as .xlsx and .csv; strings stay strings, so no cell is ever a formula."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from stationdesk.fields import Described, describe, to_text
from stationdesk.paths import replace_file
from stationdesk.reports.document import Document, Heading, HeadLine, RowKind, Table, Text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows_to_xlsx(cls: type, rows: Sequence[object], path: Path | BytesIO, *, private: bool = False) -> None:
    """Write dataclass records, a column a labelled field; private fields only if asked for."""
    columns = _columns(cls, private)
    book, sheet = _book()
    _head(sheet, 1, [column.label for column in columns])
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            _put(sheet.cell(number, place), getattr(row, column.name))
    _widths(sheet)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _save(book, path)


def rows_to_csv(cls: type, rows: Sequence[object], path: Path, *, private: bool = False) -> None:
    """The same as CSV in UTF-8 with a byte-order mark; a text that would read as a formula gets a
    `'` before it, as no CSV can say that a cell is text."""
    columns = _columns(cls, private)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([column.label for column in columns])
    for row in rows:
        writer.writerow([_guarded(to_text(getattr(row, column.name))) for column in columns])
    replace_file(path, out.getvalue().encode("utf-8-sig"))


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def document_to_xlsx(document: Document, path: Path | BytesIO) -> None:
    """Write a document's headings, texts and tables on one sheet; figures as numbers."""
    book, sheet = _book()
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if document.landscape else "portrait"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    number = 1
    if document.mark:
        _text(sheet.cell(number, 1), document.mark)
        number += 1
    for part in document.parts:
        if isinstance(part, Table):
            _head(sheet, number, [column.header for column in part.columns])
            sheet.print_title_rows = f"{number}:{number}"
            for row in part.rows:
                number += 1
                for place, text in enumerate(row.cells, start=1):
                    plain = row.kind is not RowKind.NORMAL or part.columns[place - 1].plain
                    _figure(sheet.cell(number, place), text, plain=plain)
            number += 2
        elif isinstance(part, (Text, Heading)):
            _text(sheet.cell(number, 1), part.text)
            number += 1
        elif isinstance(part, HeadLine):
            _text(sheet.cell(number, 1), "  ".join(t for t in (part.left, part.middle, part.right) if t))
            number += 1
    _widths(sheet)
    _save(book, path)


def _columns(cls: type, private: bool) -> list[Described]:
    return [column for column in describe(cls) if private or not column.field.private]


def _book() -> tuple[Any, Any]:
    # Slow to import, so only when a sheet is written.
    from openpyxl import Workbook

    book = Workbook()
    return book, book.active


def _head(sheet: Any, number: int, labels: Sequence[str]) -> None:
    from openpyxl.styles import Font

    for place, label in enumerate(labels, start=1):
        cell = sheet.cell(number, place)
        _text(cell, label)
        cell.font = Font(bold=True)


def _text(cell: Any, text: str) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"


def _put(cell: Any, value: object) -> None:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        cell.value = value
    elif isinstance(value, (date, datetime)):
        cell.value = value
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
    elif value is not None:
        _text(cell, to_text(value))


def _figure(cell: Any, text: str, *, plain: bool) -> None:
    """A number if the text is one as we print it, else the text."""
    bare = text.replace(",", "")
    if not plain and bare.replace(".", "", 1).isdigit() and (bare == "0" or not bare.startswith("0") or "." in bare):
        cell.value = Decimal(bare) if "." in bare else int(bare)
    else:
        _text(cell, text)


def _widths(sheet: Any) -> None:
    from openpyxl.utils import get_column_letter

    for place, cells in enumerate(sheet.iter_cols(), start=1):
        widest = max((_wide(str(cell.value)) for cell in cells if cell.value is not None), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(widest + 2, 8), 42)


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _save(book: Any, path: Path | BytesIO) -> None:
    out = BytesIO()
    book.save(out)
    if isinstance(path, BytesIO):
        path.write(out.getvalue())
    else:
        replace_file(path, out.getvalue())
