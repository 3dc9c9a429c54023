"""Sheets that come in, read by the vocabulary: the header first, then each cell, each problem with its row."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stationdesk.errors import Label, Problem, Refused
from stationdesk.fields import Described, describe, from_text
from stationdesk.i18n import N_, _
from stationdesk.reports.sheets import FAULTS
from stationdesk.reports.workbooks import Deadline, read_grid

_STARS = "*＊"
_STEP = 200

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One filled row: its number in the file, the values by field name, its cells as they stand."""

    number: int
    values: dict[str, object]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: the header's texts, the filled rows, and the problems by row."""

    header: tuple[str, ...]
    rows: list[SheetRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def rows_from_sheet(cls: type, path: Path) -> tuple[list[dict[str, object]], list[Problem]]:
    """The rows of a sheet as values by field name, and what is wrong; raises as `read_sheet` does."""
    sheet = read_sheet(cls, path)
    return [row.values for row in sheet.rows], sheet.problems


def read_sheet(
    cls: type,
    path: Path,
    *,
    asked: Sequence[str] = (),
    progress: Progress = lambda _done, _all: None,
) -> Sheet:
    """The rows of a .xlsx, .xls or .csv file.

    The first row names the fields by label, in any order; the required ones and those `asked` for
    must be there, each once, and no other. Raises `Refused` for a file that is no sheet or too
    large, and for a header that is wrong; a problem of a cell carries its row number in the file.
    """
    deadline = Deadline()
    grid = read_grid(path, deadline)
    if not grid.rows:
        raise Refused(Problem("", N_("文件里没有内容，请检查后再导入。")))
    columns = _header(cls, grid.rows, asked)
    sheet = Sheet(tuple(grid.rows[0]), problems=list(grid.problems))
    for number, cells in enumerate(grid.rows[1:], start=2):
        if number % _STEP == 0:
            deadline.check()
            progress(number - 1, len(grid.rows) - 1)
        if any(cell.strip() for cell in cells):
            sheet.rows.append(SheetRow(number, _values(columns, cells, number, sheet.problems), tuple(cells)))
    if not sheet.rows:
        raise Refused(Problem("", N_("表头下面没有内容，请填写后再导入。")))
    sheet.problems.sort(key=lambda problem: problem.row)
    return sheet


def _values(
    columns: dict[int, Described], cells: Sequence[str], number: int, problems: list[Problem]
) -> dict[str, object]:
    row: dict[str, object] = {}
    for place, column in columns.items():
        try:
            row[column.name] = from_text(column, cells[place] if place < len(cells) else "")
        except Refused as refused:
            problems += [replace(problem, row=number) for problem in refused.problems]
    return row


def _named(text: str) -> str:
    return text.strip().strip(_STARS).strip()


def _labels(cls: type) -> dict[str, Described]:
    """Fields by label, in Chinese and in the language in use: a sheet outlives a change of language."""
    return {label: column for column in describe(cls) for label in (column.label, column.field.label)}


def _header(cls: type, rows: Sequence[Sequence[str]], asked: Sequence[str]) -> dict[int, Described]:
    labels = _labels(cls)
    texts = [_named(text) for text in rows[0]]
    if not any(text in labels for text in texts):
        raise Refused(_no_header(labels, rows))
    found = {place: labels[text] for place, text in enumerate(texts) if text in labels}
    Refused.over(replace(problem, row=1) for problem in _header_problems(cls, texts, found, asked))
    return found


def _header_problems(
    cls: type, texts: Sequence[str], found: dict[int, Described], asked: Sequence[str]
) -> Iterator[Problem]:
    there = Counter(column.name for column in found.values())
    for column in describe(cls):
        label = Label(column.field.label)
        if there[column.name] > 1:
            values: dict[str, object] = {"label": label, "count": there[column.name]}
            yield Problem(column.name, N_("表头里“{label}”出现了{count}次，请只留一列。"), values)
        elif not there[column.name] and (column.required or column.name in asked):
            yield Problem(column.name, N_("表头里缺少“{label}”这一列，请使用程序给出的模板。"), {"label": label})
    for place, text in enumerate(texts):
        if text and place not in found and text not in (FAULTS, _(FAULTS)):
            yield Problem("", N_("表头里的“{text}”不认识，请改成模板里的名称，或删去这一列。"), {"text": text[:40]})


def _no_header(labels: dict[str, Described], rows: Sequence[Sequence[str]]) -> Problem:
    for number, cells in enumerate(rows[1:6], start=2):
        if sum(_named(cell) in labels for cell in cells) > 1:
            return Problem("", N_("表头应在第1行，现在在第{found}行，请删去上面的标题行。"), {"found": number})
    return Problem("", N_("第1行没有表头，请使用程序给出的模板。"))
