"""Children from and to sheets on the command line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stationdesk.records.access import Role
from stationdesk.records.child_intake import ChildIntake
from stationdesk.reports.sheets import rows_to_xlsx
from tests.children import community, intake
from tests.commands import Run, words_for
from tests.stations import PASSWORD, at_desk


@pytest.fixture
def sheet(real: Path, tmp_path: Path) -> Path:
    """A sheet of three children, the last without a basis, for a station with their community."""
    head = at_desk(real)
    community(head)
    head.close()
    rows = [intake(1), intake(2), replace(intake(3), basis=None)]
    rows_to_xlsx(ChildIntake, rows, tmp_path / "a.xlsx", private=True)
    return tmp_path / "a.xlsx"


def mended(sheet: Path) -> Path:
    rows_to_xlsx(ChildIntake, [intake(number) for number in (1, 2, 3)], sheet, private=True)
    return sheet


def test_a_template_is_written(run: Run, real: Path, tmp_path: Path) -> None:
    code, out, _err = run("template", "children", tmp_path / "t.xlsx", *words_for(real), typed=PASSWORD)
    assert (code, out) == (0, "")
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")


def test_children_with_a_problem_are_refused_line_by_line(run: Run, real: Path, sheet: Path, tmp_path: Path) -> None:
    faults = tmp_path / "faults.xlsx"
    for more in ((), ("--dry-run",)):
        words = ("import", "children", sheet, *more, "--errors", faults, *words_for(real))
        code, out, err = run(*words, typed=PASSWORD)
        assert (code, out, err) == (4, "", "第4行：“家庭贫困儿童”要写明依据（文件或证件号）。\n")
        assert faults.exists()
        faults.unlink()
    (tmp_path / "bad.csv").write_text("姓名,颜色\n甲,红", encoding="utf-8")
    code, _out, err = run(
        "import", "children", tmp_path / "bad.csv", "--errors", faults, *words_for(real), typed=PASSWORD
    )
    assert (code, err.count("\n")) == (4, 3)
    assert not faults.exists()


def test_children_come_in_and_the_second_time_are_decided(run: Run, real: Path, sheet: Path) -> None:
    words = ("import", "children", mended(sheet))
    code, out, err = run(*words, "--dry-run", *words_for(real), typed=PASSWORD)
    assert (code, out) == (0, "")
    assert "可以导入：\n新建3个，更新0个，跳过0个（一人一档3个，活动登记0个）。" in err
    assert "已导入：\n新建3个" in run(*words, *words_for(real), typed=PASSWORD)[2]
    for more in ((), ("--dry-run",)):
        code, out, err = run(*words, *more, *words_for(real), typed=PASSWORD)
        assert (code, out, len(err.splitlines())) == (4, "", 3)
        assert "可能已有档案乙-2026-0001（证件号码相同）" in err
    assert "跳过3个" in run(*words, "--on-duplicate", "skip", *words_for(real), typed=PASSWORD)[2]
    assert "更新3个" in run(*words, "--on-duplicate", "update", *words_for(real), typed=PASSWORD)[2]
    assert run(*words, "--on-duplicate", "new", *words_for(real), typed=PASSWORD)[0] == 4


def test_children_go_out_masked_or_for_a_reason(run: Run, real: Path, sheet: Path, tmp_path: Path) -> None:
    run("import", "children", mended(sheet), *words_for(real), typed=PASSWORD)
    number = intake(1).id_no or ""
    words = ("export", "children", tmp_path / "b.csv")
    code, out, err = run(*words, *words_for(real), typed=PASSWORD)
    assert (code, out, err) == (0, "", "已导出3个儿童。\n")
    assert number not in (tmp_path / "b.csv").read_text(encoding="utf-8-sig")
    assert run(*words, "--whole", *words_for(real), typed=PASSWORD)[0] == 4
    reason = ("--whole", "--reason", "区民政局要求报送全量名单")
    assert run(*words, *reason, *words_for(real), typed=PASSWORD)[0] == 0
    assert number in (tmp_path / "b.csv").read_text(encoding="utf-8-sig")
    assert run("export", "children", tmp_path / "b.pdf", *words_for(real), typed=PASSWORD)[0] == 4
    assert run("export", "children", tmp_path / "none" / "b.csv", *words_for(real), typed=PASSWORD)[0] == 6


def test_a_sheet_that_is_not_there_is_six_and_one_without_the_right_five(
    run: Run, person: Callable[..., dict[str, Any]], real: Path, tmp_path: Path
) -> None:
    assert run("import", "children", tmp_path / "none.xlsx", *words_for(real), typed=PASSWORD)[0] == 6
    who = person(Role.SOCIAL_WORKER)
    code, _out, _err = run("import", "children", tmp_path / "none.xlsx", *who["words"], typed=who["typed"])
    assert code == 5
