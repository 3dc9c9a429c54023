"""Volunteers from a sheet: the sound lines come in, the others are named, and the gate lets nobody in by it."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from stationdesk.desk import Desk
from stationdesk.errors import Refused
from stationdesk.imports import import_volunteers, write_faults, write_volunteer_template
from stationdesk.records.people import Sex
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.volunteer_intake import VolunteerIntake
from stationdesk.records.volunteers import VolunteerQuery, VolunteerWork
from stationdesk.reports.intake import read_sheet
from stationdesk.reports.sheets import rows_to_xlsx
from tests.activities import TODAY, planned, ready_volunteer, volunteer

LINE = VolunteerIntake(
    name="单思远",
    sex=Sex.MALE,
    birth_date=date(1999, 1, 1),
    phone="13900000001",
    skills=(VolunteerWork.TUTOR, VolunteerWork.LAW),
    joined_on=date(2026, 1, 1),
)


def sheet(path: Path, *lines: VolunteerIntake) -> Path:
    rows_to_xlsx(VolunteerIntake, lines, path, private=True)
    return path


def everybody(desk: Desk) -> list[str]:
    return [row.name for row in desk.volunteers.rows(desk.volunteers.find(VolunteerQuery()))]


def test_sound_lines_come_in_and_the_others_are_given_back(desk: Desk, tmp_path: Path) -> None:
    desk.volunteers.save(volunteer("郭心怡", birth_date=date(1998, 2, 2)))
    path = sheet(
        tmp_path / "a.xlsx",
        LINE,
        replace(LINE, name="李存义", phone=None),
        replace(LINE, name="郭心怡", birth_date=date(1998, 2, 2)),
        LINE,
        replace(LINE, name="古丽娜尔·买买提吐尔逊"),
    )
    rehearsed = import_volunteers(desk, path, dry_run=True)
    assert everybody(desk) == ["郭心怡"]
    found = import_volunteers(desk, path)
    assert found == rehearsed
    assert [problem.say() for problem in found.problems] == [
        "第3行：请填写电话。",
        "第4行：姓名和出生日期与已登记的志愿者郭心怡相同，没有导入；确实是另一个人的，请在程序里登记。",
        "第5行：姓名和出生日期与表中第2行相同，没有导入；确实是另一个人的，请在程序里登记。",
    ]
    assert sorted(everybody(desk)) == sorted(["郭心怡", "单思远", "古丽娜尔·买买提吐尔逊"])
    new = desk.volunteers.load(desk.volunteers.find(VolunteerQuery(words="ssy"))[0])
    assert new.skills == LINE.skills
    write_faults(path, found.problems, tmp_path / "b.xlsx", VolunteerIntake, only=True)
    back = read_sheet(VolunteerIntake, tmp_path / "b.xlsx")
    assert [row.values["name"] for row in back.rows] == ["李存义", "郭心怡", "单思远"]
    assert (tmp_path / "b.xlsx").exists()
    # What came in is known by now.
    assert import_volunteers(desk, path, dry_run=True).new == 0


def test_who_comes_from_a_sheet_is_not_let_in_by_the_gate(desk: Desk, tmp_path: Path) -> None:
    import_volunteers(desk, sheet(tmp_path / "a.xlsx", LINE))
    number = desk.volunteers.find(VolunteerQuery(words="ssy"))[0]
    held = planned(desk, datetime(2026, 11, 25, 10))
    with pytest.raises(Refused) as refused:
        desk.shifts.save(VolunteerShift(volunteer_id=number, session_id=held))
    assert "没有12个月内“无记录”的从业查询" in refused.value.say()
    assert "还没有参加过培训" in refused.value.say()
    ready = ready_volunteer(desk)
    assert desk.volunteers.find(VolunteerQuery(cleared_on=TODAY)).tolist() == [ready]


def test_the_template_is_read_back_and_a_cancelled_import_keeps_nothing(desk: Desk, tmp_path: Path) -> None:
    write_volunteer_template(tmp_path / "t.xlsx")
    with pytest.raises(Refused) as refused:
        import_volunteers(desk, tmp_path / "t.xlsx")
    assert "表头下面没有内容" in refused.value.say()
    with pytest.raises(Refused):
        import_volunteers(desk, sheet(tmp_path / "a.xlsx", LINE), cancelled=lambda: True)
    assert everybody(desk) == []
