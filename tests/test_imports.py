"""A sheet of children, from the file to the station and back again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from stationdesk import imports
from stationdesk.backups import newest_backup
from stationdesk.codes import code_list
from stationdesk.desk import Desk
from stationdesk.errors import Refused, StorageTrouble
from stationdesk.fields import describe
from stationdesk.records.categories import Category, ImproperKind, OrphanKind
from stationdesk.records.child_intake import ChildIntake
from stationdesk.records.children import ChildQuery, Discovery, HouseholdReg, RecordLevel
from stationdesk.records.duplicates import OnDuplicate
from stationdesk.records.enrolments import EntryReason
from stationdesk.records.people import Sex
from stationdesk.reports.intake import read_sheet
from stationdesk.reports.sheets import rows_to_csv, rows_to_xlsx
from tests.children import community, intake, resident_no
from tests.stations import CUT_OFF, at_desk, founded
from tests.xls import xls

REASON = "区民政局要求报送全量名单"


def written(path: Path, rows: Sequence[ChildIntake]) -> Path:
    write = rows_to_csv if path.suffix == ".csv" else rows_to_xlsx
    write(ChildIntake, rows, path, private=True)
    return path


def everybody(desk: Desk) -> list[int]:
    return list(desk.children.find(ChildQuery(sort="file_no")))


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A station whose one community the lines name."""
    community(desk)
    return desk


# --- in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_sheet_comes_in_after_a_backup(ready: Desk, tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path / f"a{suffix}", [intake(number) for number in range(5)])
    rehearsed = imports.import_children(ready, path, dry_run=True)
    assert (rehearsed.new, rehearsed.problems, everybody(ready), newest_backup(ready)) == (5, (), [], None)
    report = imports.import_children(ready, path)
    assert report == rehearsed
    assert len(everybody(ready)) == 5
    assert newest_backup(ready) is not None


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_a_csv_of_another_program(ready: Desk, tmp_path: Path, encoding: str) -> None:
    text = "姓名,性别,出生日期\n古丽娜尔·买买提,女,2015/5/20\n贺兰朵,女,2016年3月4日\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert imports.import_children(ready, tmp_path / "a.csv").light == 2
    assert ready.children.load(everybody(ready)[1]).birth_date == date(2016, 3, 4)


def test_an_old_workbook(ready: Desk, tmp_path: Path) -> None:
    rows: list[list[str | float]] = [["姓名", "性别", "出生日期"], ["贺兰朵", "女", "20150520"], ["乙", "女", 2015.0]]
    (tmp_path / "a.xls").write_bytes(xls(rows))
    report = imports.import_children(ready, tmp_path / "a.xls", dry_run=True)
    assert [problem.say() for problem in report.problems] == ["第3行：出生日期不能是“2015”，请改正。"]
    (tmp_path / "a.xls").write_bytes(xls(rows[:2]))
    assert imports.import_children(ready, tmp_path / "a.xls").light == 1


def test_what_cannot_be_read_is_not_also_missing_and_all_is_by_row(ready: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "姓名,性别,出生日期,村（社区）,证件号码,档案级别\n"
        "甲,女,2015-02-30,没有的社区,,活动登记\n"
        "乙,女,2015-05-20,红柳社区,6.5E+17,活动登记\n"
        ",女,2015-05-20,红柳社区,,\n",
        encoding="utf-8",
    )
    with pytest.raises(Refused) as refused:
        imports.import_children(ready, path)
    assert refused.value.say().split("\n") == [
        "第2行：出生日期不能是“2015-02-30”，请改正。",
        "第2行：没有叫“没有的社区”的村（社区），请改成设置里的名称。",
        "第3行：证件号码被表格软件改成了数字（如6.5E+17），后几位已经丢失，请把单元格设为文本后重新填写。",
        "第4行：请填写姓名。",
    ]
    assert (everybody(ready), newest_backup(ready)) == ([], None)


def test_one_bad_row_at_the_end_of_many(ready: Desk, tmp_path: Path) -> None:
    rows = [intake(number) for number in range(200)]
    bad = replace(intake(200), id_no=(intake(200).id_no or "")[:-1])
    path = written(tmp_path / "a.xlsx", [*rows, bad])
    with pytest.raises(Refused) as refused:
        imports.import_children(ready, path)
    assert refused.value.say() == "第202行：身份证号应是18位，现在有17位，请检查。"
    assert everybody(ready) == []


def test_the_same_sheet_twice_makes_nothing_twice(ready: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [intake(number) for number in range(3)])
    imports.import_children(ready, path)
    with pytest.raises(Refused) as refused:
        imports.import_children(ready, path)
    assert len(refused.value.problems) == 3
    assert "可能已有档案乙-2026-0001（证件号码相同）" in refused.value.say()
    assert imports.import_children(ready, path, OnDuplicate.SKIP).skipped == 3
    decisions = {2: OnDuplicate.UPDATE, 3: OnDuplicate.SKIP, 4: OnDuplicate.SKIP}
    assert imports.import_children(ready, path, decisions).updated == 1
    assert len(everybody(ready)) == 3


def test_given_up(ready: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [intake(1)])
    with pytest.raises(Refused) as refused:
        imports.import_children(ready, path, cancelled=lambda: True)
    assert refused.value.say() == "已取消，什么也没有导入。"
    assert everybody(ready) == []


def import_and_be_cut_off(data: Path, path: Path) -> None:
    """In a process of its own: import a sheet and end when its lines are written, before they count."""
    from sqlalchemy.orm import Session

    desk = at_desk(data)
    Session.commit = lambda _session: os._exit(CUT_OFF)  # type: ignore[assignment,method-assign]
    # The backup before it has its own transactions.
    imports.__dict__["back_up_unasked"] = lambda _desk: None
    imports.import_children(desk, path)


def test_killed_in_the_middle_nothing_is_saved(tmp_path: Path) -> None:
    data = tmp_path / "station"
    founded(data)
    desk = at_desk(data)
    community(desk)
    desk.close()
    path = written(tmp_path / "a.xlsx", [intake(number) for number in range(50)])
    code = "import sys, pathlib, tests.test_imports as t; t.import_and_be_cut_off(*map(pathlib.Path, sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, str(data), str(path)], check=False)
    assert done.returncode == CUT_OFF
    desk = at_desk(data)
    assert everybody(desk) == []
    assert imports.import_children(desk, path).new == 50
    desk.close()


# --- the sheet given back ------------------------------------------------------------------------


def test_the_sheet_given_back_has_the_faults_and_comes_in_when_mended(ready: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [intake(1), replace(intake(2), basis=None, discovered_via=None)])
    report = imports.import_children(ready, path, dry_run=True)
    target = tmp_path / "b.xlsx"
    imports.write_faults(path, report.problems, target)
    book = load_workbook(target)
    last = [row[-1].value for row in book.active.iter_rows()]
    assert last[:2] == ["错误信息", None]
    assert last[2] == "建一人一档时请选择发现途径。 “家庭贫困儿童”要写明依据（文件或证件号）。"
    header = [cell.value for cell in book.active[1]]
    book.active.cell(3, header.index("依据（文件、证件号）") + 1).value = "文号2"
    book.active.cell(3, header.index("发现途径") + 1).value = "走访排查"
    book.save(target)
    assert imports.import_children(ready, target).full == 2


def test_a_target_that_takes_nothing(ready: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.xlsx", [intake(1)])

    def held(_path: Path, _data: bytes) -> None:
        raise PermissionError

    monkeypatch.setattr("stationdesk.reports.sheets.replace_file", held)
    for write in (
        lambda: imports.write_faults(path, (), tmp_path / "b.xlsx"),
        lambda: imports.write_child_template(ready, tmp_path / "b.xlsx"),
        lambda: imports.export_children(ready, [], tmp_path / "b.xlsx"),
        lambda: imports.export_children(ready, [], tmp_path / "b.csv"),
    ):
        with pytest.raises(StorageTrouble) as trouble:
            write()
        assert "写不进去" in trouble.value.say()


def test_the_template_names_the_stations_own(ready: Desk, tmp_path: Path) -> None:
    imports.write_child_template(ready, tmp_path / "a.xlsx")
    codes = {cell.value for row in load_workbook(tmp_path / "a.xlsx")["代码"].iter_rows() for cell in row}
    assert {"红柳社区", "赛乃姆·托合提"} <= codes


# --- out -----------------------------------------------------------------------------------------


def test_out_masked_by_default(ready: Desk, tmp_path: Path) -> None:
    imports.import_children(ready, written(tmp_path / "a.xlsx", [intake(1)]))
    assert imports.export_children(ready, everybody(ready), tmp_path / "b.csv") == 1
    data = (tmp_path / "b.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert (intake(1).id_no or "") not in data.decode()
    assert "乙街道某路" not in data.decode()
    with pytest.raises(Refused):
        imports.export_children(ready, everybody(ready), tmp_path / "c.csv", whole=True, reason="短")
    assert not (tmp_path / "c.csv").exists()
    with pytest.raises(Refused):
        imports.export_children(ready, everybody(ready), tmp_path / "c.pdf")


@pytest.mark.parametrize("decision", [None, OnDuplicate.UPDATE])
def test_what_went_out_masked_does_not_come_in(ready: Desk, tmp_path: Path, decision: OnDuplicate | None) -> None:
    row = replace(intake(1), guardian_phone=None)
    if decision is not None:
        imports.import_children(ready, written(tmp_path / "a.xlsx", [row]))
    masked = written(tmp_path / "b.xlsx", [replace(row, guardian_name="艾****")])
    with pytest.raises(Refused) as refused:
        imports.import_children(ready, masked, decision)
    assert "第2行：监护人姓名是遮盖过的（带*号），请换成完整的内容，或清空这一格。" in refused.value.say()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(ready: Desk, tmp_path: Path, start: str) -> None:
    address = f"{start}cmd|1号"
    row = replace(intake(1), residence=address, reg_address=f"路{address}")
    imports.import_children(ready, written(tmp_path / "a.xlsx", [row]))
    ids = everybody(ready)
    imports.export_children(ready, ids, tmp_path / "b.xlsx", whole=True, reason=REASON)
    imports.export_children(ready, ids, tmp_path / "b.csv", whole=True, reason=REASON)
    kinds = {cell.data_type for line in load_workbook(tmp_path / "b.xlsx").active.iter_rows() for cell in line}
    assert "f" not in kinds
    text = (tmp_path / "b.csv").read_text(encoding="utf-8-sig")
    assert f",{start}" not in text
    for name in ("b.xlsx", "b.csv"):
        assert read_sheet(ChildIntake, tmp_path / name).rows[0].values["residence"] == address.strip()


WORDS = (
    st.text(st.sampled_from("路街号甲乙丙丁0123=+-@'，。·艾力"), min_size=1, max_size=12).map(str.strip).filter(bool)
)
NAMES = st.text(st.sampled_from("阿依古丽买提艾力努尔贺兰朵冶文秀𪚥"), min_size=2, max_size=8)


@st.composite
def lines(draw: Any, number: int) -> ChildIntake:
    """A full line that breaks no rule, or a registration."""
    born = date(2012, 1, 1) + timedelta(days=draw(st.integers(0, 4000)))
    sex = draw(st.sampled_from(Sex.offered()))
    shared = replace(
        ChildIntake(),
        record_level=RecordLevel.LIGHT,
        name=draw(NAMES) + f"{number}",
        sex=sex,
        birth_date=born,
        community=draw(st.sampled_from(["红柳社区", None])),
        other_name=draw(st.none() | NAMES),
        phone=draw(st.none() | st.just(f"0991-{1000000 + number}")),
        summary=draw(st.none() | st.just("第一行\n第二行")),
    )
    if draw(st.booleans()):
        shared = replace(
            shared,
            guardian_name=draw(NAMES),
            guardian_relation=draw(st.sampled_from(["父亲", "祖母", "母亲"])),
            guardian_phone=draw(st.none() | st.just(f"1380000{number:04d}")),
        )
    if draw(st.booleans()):
        return shared
    category = draw(st.sampled_from([Category.POVERTY, Category.ORPHAN, Category.IMPROPER_GUARDIANSHIP, Category.HIV]))
    return replace(
        shared,
        record_level=RecordLevel.FULL,
        community="红柳社区",
        id_no=resident_no(born, 2 * number + (1 if sex is Sex.MALE else 2)),
        ethnicity=draw(st.sampled_from(sorted(code_list("ethnicity").labels.values()))),
        reg_type=draw(st.sampled_from(list(HouseholdReg))),
        reg_address=draw(WORDS),
        residence=draw(WORDS),
        household_address=draw(WORDS),
        household_size=draw(st.none() | st.integers(1, 30)),
        worker="赛乃姆·托合提",
        discovered_via=draw(st.sampled_from(list(Discovery))),
        entered_on=date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 300))),
        entry_reason=draw(st.sampled_from(list(EntryReason))),
        category=category,
        basis=draw(WORDS),
        orphan_kind=draw(st.sampled_from(list(OrphanKind))) if category is Category.ORPHAN else None,
        improper_kinds=(ImproperKind.NEGLECT, ImproperKind.ALONE_U8)
        if category is Category.IMPROPER_GUARDIANSHIP
        else (),
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.tuples(*(lines(number) for number in range(1, 5))), st.sampled_from([".xlsx", ".csv"]))
def test_what_goes_out_whole_comes_in_again(
    founded_once: Path, tmp_path_factory: pytest.TempPathFactory, rows: tuple[ChildIntake, ...], suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("round")
    stations = []
    for name in ("one", "two"):
        shutil.copytree(founded_once, folder / name)
        stations.append(at_desk(folder / name))
        community(stations[-1])
    try:
        imports.import_children(stations[0], written(folder / f"a{suffix}", rows), OnDuplicate.NEW)
        out = []
        for number, station in enumerate(stations):
            ids, target = everybody(station), folder / f"{number}{suffix}"
            imports.export_children(station, ids, target, whole=True, reason=REASON)
            out.append(station.child_exports.whole(everybody(station), REASON))
            if number == 0:
                imports.import_children(stations[1], folder / f"0{suffix}", OnDuplicate.NEW)
    finally:
        for station in stations:
            station.close()
    assert out[0] == out[1]
    assert [row.name for row in out[0]] == [row.name for row in rows]
    for given_row, row in zip(rows, out[0], strict=True):
        for column in describe(ChildIntake):
            value = getattr(given_row, column.name)
            if value is not None:
                assert getattr(row, column.name) == value, column.name
