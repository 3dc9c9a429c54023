"""A line of a sheet: what it asks for, and what is wrong with it."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from stationdesk.fields import Level, describe
from stationdesk.records.categories import Category
from stationdesk.records.child_intake import (
    ChildEntry,
    ChildIntake,
    Directory,
    Twin,
    entry_of,
    entry_problems,
    export_reason_problem,
    intake_of,
    masked_intake,
)
from stationdesk.records.children import Child, LightChild, Likeness, Precision, RecordLevel
from stationdesk.records.ids import IdKind, check_digit
from stationdesk.records.people import Sex
from tests.children import BORN, intake, resident_no

TODAY = date(2026, 11, 24)
KNOWN = Directory(
    communities={"红柳社区": (7,), "同名社区": (8, 9)},
    staff={"赛乃姆·托合提": (1,), "冶文秀": (2,)},
    directors={7: 3},
)
LIGHT = ChildIntake(name="贺兰朵", sex=Sex.FEMALE, birth_date=BORN)


def entry(row: ChildIntake) -> ChildEntry:
    found, problems = entry_of(row, 5, KNOWN)
    assert problems == ()
    return found


def told(row: ChildIntake) -> dict[str, str]:
    """All that is wrong with a line, by field."""
    found, problems = entry_of(row, 5, KNOWN)
    every = (*problems, *entry_problems(found, TODAY))
    assert {problem.row for problem in every} <= {5}
    found_first = {problem.field: replace(problem, row=0).say() for problem in reversed(every)}
    return {name: found_first[name] for name in dict.fromkeys(problem.field for problem in every)}


def test_labels_are_told_apart() -> None:
    labels = [column.label for column in describe(ChildIntake)]
    assert len(labels) == len(set(labels))


def test_whatever_is_personal_can_be_empty() -> None:
    for column in describe(ChildIntake):
        assert column.optional or column.many or column.type is str, column.name


# What the program gives by itself, or what is given in the file alone.
_NOT_IN_SHEETS = {"file_no", "status", "household_id", "counsellor_id", "helper_id"}
_NAMED = {"community_id": "community", "worker_id": "worker", "director_id": "director"}


def test_each_field_of_a_child_is_in_the_sheet() -> None:
    there = {column.name for column in describe(ChildIntake)}
    for column in (*describe(Child), *describe(LightChild)):
        assert _NAMED.get(column.name, column.name) in there | _NOT_IN_SHEETS, column.name


def test_each_field_of_a_child_has_the_same_field_in_the_sheet() -> None:
    own = {column.name: column for column in describe(Child)}
    for column in describe(ChildIntake):
        if column.name in own and column.name not in ("ethnicity", "phone"):
            assert (column.field, column.type) == (own[column.name].field, own[column.name].type)


# --- light or full -------------------------------------------------------------------------------


def test_a_line_of_a_registration_is_light() -> None:
    guardian: dict[str, Any] = {"guardian_name": "艾山", "guardian_relation": "父亲", "guardian_phone": "１39 00000001"}
    found = entry(replace(LIGHT, community="红柳社区", **guardian))
    assert (found.child.record_level, found.household, found.entry) == (RecordLevel.LIGHT, None, None)
    assert (found.light.guardian_relation, found.light.guardian_phone) == ("51", "13900000001")
    assert (found.child.community_id, found.light.community_id) == (7, 7)
    assert found.child.uuid == found.light.uuid


def test_anything_more_asks_for_a_full_file() -> None:
    assert entry(replace(LIGHT, residence="某路1号")).child.record_level is RecordLevel.FULL
    assert entry(intake(1)).child.record_level is RecordLevel.FULL


def test_the_level_said_decides() -> None:
    row = replace(LIGHT, record_level=RecordLevel.LIGHT, residence="某路1号", phone="13900000001")
    assert told(row) == {}
    assert entry(row).child.residence == "某路1号"
    assert "entered_on" in told(replace(LIGHT, record_level=RecordLevel.FULL))


def test_a_registration_has_no_place_in_stock() -> None:
    row = replace(LIGHT, record_level=RecordLevel.LIGHT, category=Category.POVERTY)
    assert told(row) == {"category": "活动登记不用填类别；要建一人一档的，请把档案级别改成“一人一档”。"}


def test_a_full_line() -> None:
    found = entry(intake(1))
    assert list(entry_problems(found, TODAY)) == []
    assert (found.child.worker_id, found.child.director_id, found.child.ethnicity) == (1, 3, "05")
    assert found.child.id_kind is IdKind.RESIDENT_ID
    assert found.household is not None
    assert found.household.address == "乙街道某路2号"
    assert found.category is not None
    assert (found.category.since, found.category.is_primary) == (date(2026, 1, 15), True)
    assert "director_id" not in found.filled
    assert {"name", "worker_id", "ethnicity", "id_kind"} <= found.filled


def test_what_a_full_file_lacks_is_said_in_one_go() -> None:
    found = told(replace(LIGHT, record_level=RecordLevel.FULL))
    assert set(found) == {
        "entered_on", "ethnicity", "reg_type", "reg_address", "residence", "community", "worker",
        "discovered_via", "id_no",
    }  # fmt: skip


# --- names and codes -----------------------------------------------------------------------------


def test_names_nobody_has_and_names_two_have() -> None:
    row = replace(intake(1), worker="无此人", director="冶  文秀", community="同名社区", ethnicity="火星族")
    found = told(row)
    assert found["worker"] == "没有叫“无此人”的责任社工，请改成设置里的名称。"
    assert found["director"] == "没有叫“冶 文秀”的儿童主任，请改成设置里的名称。"
    assert found["community"].startswith("村（社区）“同名社区”有2个同名的")
    assert found["ethnicity"] == "民族不能是“火星族”，请从模板的下拉列表中选择。"


def test_a_code_does_for_its_label() -> None:
    assert entry(replace(intake(1), ethnicity="05")).child.ethnicity == "05"


# --- numbers -------------------------------------------------------------------------------------


def numbered(number: str, **more: object) -> ChildIntake:
    return replace(intake(1), id_no=number, sex=None, birth_date=None, **more)  # type: ignore[arg-type]


def test_full_width_digits_and_a_small_x_are_the_same_number() -> None:
    number = next(n for n in (resident_no(BORN, order) for order in range(1, 40)) if n.endswith("X"))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number[:-1]) + "x"
    found = entry(numbered(wide))
    assert (found.child.id_no, found.child.birth_date) == (number, BORN)
    assert list(entry_problems(found, TODAY)) == []


FEBRUARY = "65019920150230001" + check_digit("65019920150230001")
WRONG_CHECK = resident_no()[:-1] + ("0" if resident_no()[-1] != "0" else "1")
SPOILED = "证件号码被表格软件改成了数字（如6.5E+17），后几位已经丢失，请把单元格设为文本后重新填写。"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("6.501992015052e+17", SPOILED),
        ("6.5E+17", SPOILED),
        ("650199201505200018.0", SPOILED),
        ("650199150520001", "这是15位的旧身份证号，已经停用，请填写18位的号码。"),
        (WRONG_CHECK, "身份证号的最后一位校验不对，请逐位核对。"),
        (FEBRUARY, "身份证号里的出生日期20150230不存在，请检查第7至14位。"),
        (resident_no(date(2027, 1, 1)), "身份证号里的出生日期20270101还没有到，请检查第7至14位。"),
    ],
)
def test_numbers_that_are_none(number: str, text: str) -> None:
    assert told(numbered(number))["id_no"] == text


def test_births_to_come_and_of_those_who_are_of_age() -> None:
    future = replace(LIGHT, birth_date=date(2026, 11, 25))
    assert told(future) == {"birth_date": "出生日期2026-11-25还没有到，请改正。"}
    grown = replace(LIGHT, birth_date=date(2007, 11, 24))
    assert told(grown) == {"birth_date": "按出生日期已满19周岁，未保站只登记未满18周岁的孩子，请核对。"}


def test_a_number_and_what_stands_beside_it() -> None:
    row = replace(intake(1), id_no=resident_no(date(2013, 2, 2), 1), birth_date=date(2013, 2, 3), sex=Sex.FEMALE)
    assert set(told(row)) == {"birth_date", "sex"}


def test_a_year_alone() -> None:
    row = replace(LIGHT, birth_date=date(2015, 1, 1), birth_precision=Precision.YEAR)
    assert told(row) == {}
    assert entry(row).child.birth_precision is Precision.YEAR


def test_phones_are_folded_and_judged() -> None:
    row = replace(LIGHT, guardian_name="艾山", guardian_relation="父亲", guardian_phone="１３９ 0000 0001")
    assert entry(row).light.guardian_phone == "13900000001"
    assert set(told(replace(row, guardian_phone="1.39E+10"))) == {"guardian_phone"}
    assert set(told(replace(row, guardian_name=None))) == {"guardian_name"}


# --- out -----------------------------------------------------------------------------------------


def test_a_line_goes_out_as_it_came_in() -> None:
    row = replace(intake(1), record_level=RecordLevel.FULL, id_kind=IdKind.RESIDENT_ID)
    found = entry(row)
    names = {"community": row.community, "worker": row.worker, "director": None}
    back = intake_of(found.child, names, None, found.household, found.entry, found.category)
    known = {"guardian_name", "guardian_relation", "guardian_phone", "household_address", "birth_precision"}
    for item in fields(ChildIntake):
        if item.name not in known:
            assert getattr(back, item.name) == getattr(row, item.name), item.name


def test_masked_lines_show_nothing_that_tells_who() -> None:
    shown = masked_intake(intake(1))
    assert (shown.name, shown.sex) == (intake(1).name, Sex.MALE)
    assert shown.id_no is not None
    assert shown.id_no[6:14] == "********"
    assert (shown.guardian_name, shown.guardian_phone) == ("艾*****", "139****0001")
    for column in describe(ChildIntake):
        if column.field.level is Level.L3 and not column.field.mask:
            assert getattr(shown, column.name) in (None, "", ()), column.name


def test_reasons() -> None:
    assert export_reason_problem("上级 要求报送全量名单") is None
    for reason in ("太短", " " * 20, "长" * 201):
        assert export_reason_problem(reason) is not None


def test_where_the_other_is() -> None:
    twin = Twin(row=4, name="贺兰朵", why=Likeness.SAME_ID, file_no="乙-2026-0001", child_id=1)
    said = "第4行：可能已有档案乙-2026-0001（证件号码相同），请先选择跳过、更新已有档案或另建档案。"
    assert twin.undecided().say() == said
    assert replace(twin, file_no="", child_id=None, other_row=2).other == "表中第2行"
