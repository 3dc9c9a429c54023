"""A line of a sheet: what it asks for, and what is wrong with it, by row."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.records.ids import IdKind
from stationdesk.records.people import Sex
from stationdesk.records.volunteer_intake import Likeness, VolunteerEntry, VolunteerIntake, entry_of
from stationdesk.records.volunteers import VolunteerStatus
from tests.activities import TODAY, volunteer
from tests.children import resident_no

NUMBER = resident_no(date(2000, 3, 1), 2)
LINE = VolunteerIntake(name="单思远", sex=Sex.MALE, birth_date=date(1999, 1, 1), phone="139 0000 0001")


def test_a_line_becomes_a_volunteer() -> None:
    entry, problems = entry_of(replace(LINE, id_no=NUMBER.lower(), sex=None, birth_date=None), 5, TODAY)
    found = entry.volunteer
    assert problems == ()
    assert (entry.row, found.id_kind, found.id_no) == (5, IdKind.RESIDENT_ID, NUMBER)
    assert (found.sex, found.birth_date, found.phone) == (Sex.FEMALE, date(2000, 3, 1), "13900000001")
    assert found.status is VolunteerStatus.APPLIED
    assert entry_of(replace(LINE, joined_on=TODAY), 2, TODAY)[0].volunteer.status is VolunteerStatus.ACTIVE


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "第7行：请填写姓名。"),
        ({"phone": None}, "第7行：请填写电话。"),
        ({"phone": "12345"}, "11位手机号"),
        ({"sex": None}, "请选择性别"),
        ({"birth_date": date(2010, 1, 1)}, "监护人书面同意"),
        ({"birth_date": date(2010, 1, 1), "guardian_consent": True}, ""),
        ({"id_no": NUMBER}, "出生日期"),
        ({"id_no": f"{NUMBER[:6]}********{NUMBER[-4:]}"}, "遮盖过"),
    ],
)
def test_what_is_wrong_is_said_with_the_row(changes: dict[str, object], said: str) -> None:
    _entry, problems = entry_of(replace(LINE, **changes), 7, TODAY)  # type: ignore[arg-type]
    assert {problem.row for problem in problems} <= {7}
    assert said in "".join(problem.say() for problem in problems)
    assert bool(problems) is bool(said)


def test_nobody_comes_in_twice() -> None:
    known = Likeness()
    known.add("单思远", NUMBER, date(2000, 3, 1), "表中第2行")
    same = VolunteerEntry(row=3, volunteer=volunteer("郭心怡", id_no=NUMBER))
    alike = VolunteerEntry(row=4, volunteer=volunteer("单思远"))
    other = VolunteerEntry(row=5, volunteer=volunteer("单思远", birth_date=date(2001, 3, 1)))
    assert [bool(known.problem(entry)) for entry in (same, alike, other)] == [True, True, False]
    problem = known.problem(same)
    assert problem is not None
    assert problem.say() == "第3行：证件号码与表中第2行相同，没有导入；要改内容请打开那一份。"
