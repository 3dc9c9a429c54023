"""Lists and documents as .xlsx and .csv; strings stay strings, so no cell is ever a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from stationdesk.codes import Code
from stationdesk.fields import Described, describe, to_text
from stationdesk.i18n import N_, _
from stationdesk.paths import replace_file
from stationdesk.reports.document import Document, Heading, HeadLine, RowKind, Table, Text

# The column our own list of faults adds: a corrected sheet comes back with it.
FAULTS = N_("错误信息")
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
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


# --- sheets to fill in ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A sheet to be filled in: its name, the fields it stars, lists to choose from that no code
    class has, sentences on how to fill it in, and a filled line."""

    title: str
    asked: Sequence[str]
    notes: Sequence[str]
    example: object
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def template_to_xlsx(template: Template, path: Path | BytesIO) -> None:
    """Write an empty sheet of the example's class, how to fill it in, the example, and hidden the
    lists that its drop-downs show."""
    from openpyxl.utils import get_column_letter

    kind: type = type(template.example)
    columns = describe(kind)
    book, sheet = _book()
    sheet.title = template.title
    _head(sheet, 1, [_starred(column, template) for column in columns])
    _widths(sheet)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        if column.type is date:
            dimension.number_format = "yyyy-mm-dd"
        elif column.type is not int:
            # What is typed into a text cell stays as it was typed: an ID number is no number.
            dimension.number_format = "@"
    _explain(book.create_sheet(_("填写说明")), columns, template)
    example = book.create_sheet(_("示例"))
    _head(example, 1, [_starred(column, template) for column in columns])
    for place, column in enumerate(columns, start=1):
        _put(example.cell(2, place), getattr(template.example, column.name))
    _widths(example)
    _offer(book, sheet, columns, template)
    _save(book, path)


def _starred(column: Described, template: Template) -> str:
    return f"*{column.label}" if column.required or column.name in template.asked else column.label


def _choices(column: Described, template: Template) -> Sequence[str]:
    if issubclass(column.type, Code):
        return [member.label for member in column.type.offered()]
    if column.type is bool:
        return [to_text(True), to_text(False)]
    return template.choices.get(column.name, ())


def _explain(sheet: Any, columns: Sequence[Described], template: Template) -> None:
    for number, note in enumerate(template.notes, start=1):
        _text(sheet.cell(number, 1), note)
    first = len(template.notes) + 2
    _head(sheet, first, [_("列"), _("必填"), _("怎么填")])
    for number, column in enumerate(columns, start=first + 1):
        _text(sheet.cell(number, 1), column.label)
        _text(sheet.cell(number, 2), to_text(_starred(column, template).startswith("*")))
        _text(sheet.cell(number, 3), _how(column, template))
    for letter, width in (("A", 22), ("B", 8), ("C", 90)):
        sheet.column_dimensions[letter].width = width


def _how(column: Described, template: Template) -> str:
    listed = _choices(column, template)
    if listed and column.many:
        return _("可以填几个，用“、”隔开：{choices}").format(choices="、".join(listed))
    if listed:
        return _("从下拉列表中选择")
    if column.type is date:
        return _("日期，如2015-05-20")
    if column.type is not str:
        return _("数字")
    limit = column.field.max_length
    return _("文字，最多{limit}个字").format(limit=limit) if limit else _("文字")


def _offer(book: Any, sheet: Any, columns: Sequence[Described], template: Template) -> None:
    """Drop-downs: a list longer than 255 characters must stand in cells, and so they all do."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    codes = book.create_sheet(_("代码"))
    codes.sheet_state = "hidden"
    place = 0
    for number, column in enumerate(columns, start=1):
        listed = _choices(column, template)
        if not listed or column.many:
            continue
        place += 1
        for row, text in enumerate((column.label, *listed), start=1):
            _text(codes.cell(row, place), text)
        letter, own = get_column_letter(place), get_column_letter(number)
        offered = DataValidation("list", f"'{codes.title}'!${letter}$2:${letter}${len(listed) + 1}", allow_blank=True)
        offered.error = _("请从下拉列表中选择。")
        offered.showErrorMessage = True
        offered.add(f"{own}2:{own}{_LAST_OFFERED}")
        sheet.add_data_validation(offered)


_LAST_OFFERED = 20_001


def faults_to_xlsx(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], faults: Mapping[int, str], path: Path | BytesIO
) -> None:
    """Write a sheet as it came in, each line in its own row, and in a last column what is wrong."""
    from openpyxl.styles import Font

    book, sheet = _book()
    kept = [place for place, text in enumerate(header) if text.strip() not in (FAULTS, _(FAULTS))]
    _head(sheet, 1, [*(header[place] for place in kept), _(FAULTS)])
    for number, cells in rows:
        for place, old in enumerate(kept, start=1):
            if old < len(cells) and cells[old]:
                _put(sheet.cell(number, place), cells[old])
        if number in faults:
            fault = sheet.cell(number, len(kept) + 1)
            _text(fault, faults[number])
            fault.font = Font(color="C00000")
    _widths(sheet)
    sheet.freeze_panes = "A2"
    _save(book, path)


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
        # A number that was written as text stays one when somebody types over it.
        cell.number_format = "@"


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
