"""Rosters: the chosen columns, masked unless asked otherwise, the same in a sheet."""

from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from stationdesk.desk import Desk
from stationdesk.records.child_prints import RosterKind, RosterRow
from stationdesk.records.masking import Disclosure
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.roster import roster, roster_columns
from stationdesk.reports.sheets import document_to_xlsx
from tests.child_prints import CARER_PHONE, NAME, imprint, text_of, whole_file
from tests.children import resident_no


def rows(desk: Desk, how: Disclosure = Disclosure.MASKED) -> tuple[RosterRow, ...]:
    return desk.child_files.roster([whole_file(desk)], how)


def test_masked_by_default(desk: Desk) -> None:
    document = roster(rows(desk), RosterKind.STOCK, imprint())
    text = text_of(document)
    for wanted in ("在册儿童花名册", "共1人", NAME, "138****2222", "内部资料注意保密", "家庭贫困儿童", "本表已遮盖"):
        assert wanted in text, wanted
    assert resident_no() not in text
    assert document.landscape


def test_the_chosen_columns_in_their_own_order(desk: Desk) -> None:
    document = roster(
        rows(desk, Disclosure.WHOLE), RosterKind.LEFT_BEHIND, imprint(), Disclosure.WHOLE, ["guardian_relation", "name"]
    )
    text = text_of(document)
    assert f"序号姓名监护人与儿童关系1{NAME}祖母" in text
    assert "留守儿童花名册" in text
    assert "遮盖" not in text


def test_in_a_sheet_numbers_of_persons_stay_texts(desk: Desk, tmp_path: Path) -> None:
    every = [column.name for column in roster_columns()]
    found = rows(desk, Disclosure.WHOLE)
    document_to_xlsx(roster(found, RosterKind.STOCK, imprint(), Disclosure.WHOLE, every), tmp_path / "花名册.xlsx")
    sheet = load_workbook(tmp_path / "花名册.xlsx").active
    values = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {resident_no(), CARER_PHONE, 11} <= values


def test_long_and_empty_rosters(desk: Desk) -> None:
    [row] = rows(desk)
    many = [replace(row, id=n) for n in range(120)]
    rendered = to_pdf(roster(many, RosterKind.STOCK, imprint()))
    assert rendered.pages > 3
    assert "没有符合条件的儿童。" in text_of(roster([], RosterKind.MIGRANT, imprint()))
