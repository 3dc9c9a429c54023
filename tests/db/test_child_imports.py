"""Many children at once: the same rules, the same likenesses, the same records as one by one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stationdesk.db.child_imports import ChildImportStore
from stationdesk.db.child_likeness import Likenesses
from stationdesk.db.children_search import find_duplicates
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Refused
from stationdesk.records.access import Role
from stationdesk.records.audit import Action
from stationdesk.records.categories import Category
from stationdesk.records.child_intake import ChildEntry, ChildIntake, entry_of
from stationdesk.records.children import ChildQuery, ChildStatus, Likeness, Precision, RecordLevel
from stationdesk.records.duplicates import OnDuplicate
from stationdesk.records.families import FATHER
from stationdesk.records.people import Sex
from stationdesk.records.station import Community
from tests.children import BORN, as_seen_by, colleague, community, intake, light, resident_no

NEW, SKIP, UPDATE = OnDuplicate.NEW, OnDuplicate.SKIP, OnDuplicate.UPDATE
LIGHT = ChildIntake(name="贺兰朵", sex=Sex.FEMALE, birth_date=BORN)


def entries(desk: Desk, *rows: ChildIntake) -> list[ChildEntry]:
    community(desk)
    known = desk.child_imports.directory()
    found = [entry_of(row, number, known) for number, row in enumerate(rows, start=2)]
    assert [problem for _entry, problems in found for problem in problems] == []
    return [entry for entry, _problems in found]


def everybody(desk: Desk) -> list[int]:
    return list(desk.children.find(ChildQuery(sort="file_no")))


def refusal(desk: Desk, rows: Iterable[ChildIntake], decisions: dict[int, OnDuplicate] | None = None) -> list[str]:
    before = everybody(desk)
    with pytest.raises(Refused) as refused:
        desk.child_imports.take_in(entries(desk, *rows), decisions or {})
    assert everybody(desk) == before
    return refused.value.say().split("\n")


# --- the same as by hand -------------------------------------------------------------------------

_OWN = {"id", "uuid", "child_id", "household_id", "file_no"}


def bare(record: Any) -> Any:
    """A record without what tells two equal files apart."""
    if record is None or isinstance(record, tuple):
        return record and tuple(bare(line) for line in record)
    return {name: getattr(record, name) for name in record.__slots__ if name not in _OWN}


def file_of(desk: Desk, child_id: int) -> list[Any]:
    child = desk.children.load(child_id)
    files = desk.child_files
    return [
        bare(child),
        bare(desk.children.household(child_id)),
        bare(desk.children.enrolments(child_id)),
        bare(files.categories(child_id)),
        bare(files.risk_levels(child_id)),
        sorted(map(str, bare(files.family(child_id)))),
    ]


def test_a_full_line_makes_the_file_a_form_would_make(desk: Desk) -> None:
    row = replace(intake(1), guardian_name=None, guardian_relation=None, guardian_phone=None)
    entry = entries(desk, row)[0]
    desk.child_imports.take_in([entry], {})
    again = entries(desk, replace(intake(2), name="别的孩子"))[0]
    assert again.entry is not None
    assert again.category is not None
    by_hand = desk.children.complete(again.child, again.entry, again.category, again.household)
    first = file_of(desk, everybody(desk)[0])
    second = file_of(desk, by_hand)
    for one, two in zip(first[1:], second[1:], strict=True):
        assert one == two
    differing = {name for name in first[0] if first[0][name] != second[0][name]}
    assert differing == {"name", "sex", "birth_date", "id_no"}


def test_a_light_line_makes_the_registration_a_form_would_make(desk: Desk) -> None:
    guardian: dict[str, Any] = {"guardian_name": "艾山", "guardian_relation": "51", "guardian_phone": "13900000001"}
    by_hand = desk.children.enrol(light("别的孩子", **guardian))
    desk.child_imports.take_in(entries(desk, replace(LIGHT, **guardian)), {})
    one, two = (file_of(desk, child_id) for child_id in everybody(desk))
    assert by_hand == everybody(desk)[0]
    assert one[1:] == two[1:]
    assert {name for name in one[0] if one[0][name] != two[0][name]} == {"name"}


def test_numbers_run_on_and_children_are_found(desk: Desk) -> None:
    desk.children.enrol(light("头一个"))
    report = desk.child_imports.take_in(entries(desk, LIGHT, intake(1)), {})
    assert (report.new, report.light, report.full) == (2, 1, 1)
    rows = desk.children.rows(everybody(desk))
    assert [row.file_no for row in rows] == ["乙-2026-0001", "乙-2026-0002", "乙-2026-0003"]
    assert [row.status for row in rows[1:]] == [ChildStatus.LIGHT, ChildStatus.ACTIVE]
    assert list(desk.children.find(ChildQuery(words="hld"))) == [rows[1].id]
    family = desk.child_files.family(rows[2].id)
    assert [(m.relation, m.name, m.is_guardian) for m in family] == [(FATHER, "艾山·托合提", True), ("52", None, False)]
    assert desk.children.enrol(light("后一个")) == rows[2].id + 1


def test_it_is_told_once_and_watched(desk: Desk) -> None:
    touched: list[frozenset[str]] = []
    desk.watch(touched.append)
    desk.child_imports.take_in(entries(desk, LIGHT, intake(1)), {})
    line = desk.audit.rows(desk.audit.find())[0]
    assert (line.action, line.details) == (Action.IMPORT, "2")
    assert {"child", "family_member", "enrolment"} <= touched[-1]
    assert desk.audit.verify().sound


# --- all or nothing ------------------------------------------------------------------------------


def test_one_bad_line_at_the_end_of_many(desk: Desk) -> None:
    rows = [intake(number) for number in range(300)]
    assert refusal(desk, [*rows, replace(intake(300), basis=None)]) == [
        "第302行：“家庭贫困儿童”要写明依据（文件或证件号）。"
    ]


def test_a_rehearsal_keeps_nothing(desk: Desk) -> None:
    report = desk.child_imports.take_in(entries(desk, LIGHT, replace(LIGHT, name="乙", sex=None)), {}, dry_run=True)
    assert [problem.say() for problem in report.problems] == ["第3行：请选择性别。"]
    assert (report.new, everybody(desk)) == (2, [])
    assert Action.IMPORT not in {row.action for row in desk.audit.rows(desk.audit.find())}


def test_given_up_in_between(desk: Desk) -> None:
    asked = iter([False, False, True])
    found = entries(desk, *(intake(number) for number in range(70)))
    with pytest.raises(Refused) as refused:
        desk.child_imports.take_in(found, {}, cancelled=lambda: next(asked))
    assert refused.value.say() == "已取消，什么也没有导入。"
    assert everybody(desk) == []


def test_progress_goes_to_the_end(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    found = entries(desk, *(intake(number) for number in range(70)))
    desk.child_imports.take_in(found, {}, dry_run=True, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 70), (50, 70), (70, 70)]


# --- likenesses ----------------------------------------------------------------------------------


@pytest.fixture
def settled(desk: Desk) -> Desk:
    """Files that many lines are like."""
    rows = (
        intake(1),
        replace(LIGHT, other_name="小朵", record_level=RecordLevel.LIGHT),
        replace(LIGHT, name="努尔·艾力", birth_date=date(2016, 1, 1), birth_precision=Precision.YEAR),
        replace(LIGHT, name="阿里木", guardian_name="艾山", guardian_relation="父亲", guardian_phone="0991-1234567"),
        replace(LIGHT, name="被删的", birth_date=date(2014, 3, 3)),
    )
    desk.child_imports.take_in(entries(desk, *rows), {})
    return desk


LIKE = [
    intake(1),
    replace(intake(2), id_no=intake(1).id_no, birth_date=None, sex=None),
    replace(intake(1), id_no=None, no_id_reason=None, birth_date=date(2011, 1, 1)),
    LIGHT,
    replace(LIGHT, name="贺 兰 朵"),
    replace(LIGHT, name="小朵"),
    replace(LIGHT, name="hld"),
    replace(LIGHT, birth_date=date(2015, 1, 1)),
    replace(LIGHT, birth_date=date(2015, 1, 1), birth_precision=Precision.YEAR),
    replace(LIGHT, name="努尔艾力", birth_date=date(2016, 7, 7)),
    replace(LIGHT, name="努尔艾力", birth_date=date(2017, 7, 7)),
    replace(LIGHT, name="阿里木", birth_date=date(2010, 1, 2), guardian_name="艾", guardian_relation="父亲"),
    replace(
        LIGHT,
        name="阿里木",
        birth_date=date(2010, 1, 2),
        guardian_name="艾",
        guardian_relation="父亲",
        guardian_phone="09911234567",
    ),
    replace(LIGHT, name="没有人"),
]


@pytest.mark.parametrize("place", range(len(LIKE)))
def test_in_memory_is_found_what_the_form_finds(settled: Desk, place: int) -> None:
    entry = entries(settled, LIKE[place])[0]
    with settled.opened.database.read() as session:
        ours = [(twin.child_id, twin.why) for twin in Likenesses(session, [entry]).of(entry)]
        phone = entry.light.guardian_phone or ""
        found = find_duplicates(session, entry.child, phone, settled.clock().date())
    assert sorted(ours, key=str) == sorted(((twin.child_id, twin.why) for twin in found), key=str)


def test_the_likenesses_tried_are_of_every_kind(settled: Desk) -> None:
    with settled.opened.database.read() as session:
        every = entries(settled, *LIKE)
        found = [twin.why for entry in every for twin in Likenesses(session, every).of(entry)]
    assert set(found) == set(Likeness)


def test_what_is_not_decided_is_refused_and_in_a_rehearsal_listed(settled: Desk) -> None:
    assert refusal(settled, [LIGHT, replace(LIGHT, name="新的")]) == [
        "第2行：可能已有档案乙-2026-0002（姓名和出生日期相同），请先选择跳过、更新已有档案或另建档案。"
    ]
    report = settled.child_imports.take_in(entries(settled, LIGHT), {}, dry_run=True)
    assert [(twin.row, twin.file_no, twin.why) for twin in report.twins] == [
        (2, "乙-2026-0002", Likeness.NAME_AND_BIRTH)
    ]
    assert report.problems == ()


def test_skipped(settled: Desk) -> None:
    before = everybody(settled)
    rows = entries(settled, LIGHT, replace(LIGHT, name="新的"))
    report = settled.child_imports.take_in(rows, {2: SKIP, 3: SKIP})
    assert (report.skipped, report.new) == (1, 1)
    assert len(everybody(settled)) == len(before) + 1


def test_another_child_of_the_same_name(settled: Desk) -> None:
    report = settled.child_imports.take_in(entries(settled, LIGHT), {2: NEW})
    assert report.new == 1


def test_the_same_number_is_never_another_child(settled: Desk) -> None:
    assert refusal(settled, [intake(1)], {2: NEW}) == [
        "第2行：证件号码与档案乙-2026-0001相同，不能另建档案，请选择跳过或更新。"
    ]


def test_two_lines_of_one_sheet(desk: Desk) -> None:
    rows = [intake(1), intake(2), intake(1), replace(LIGHT), replace(LIGHT)]
    report = desk.child_imports.take_in(entries(desk, *rows), {}, dry_run=True)
    assert [(twin.row, twin.other_row, twin.why) for twin in report.twins] == [
        (4, 2, Likeness.SAME_ID),
        (6, 5, Likeness.NAME_AND_BIRTH),
    ]
    assert refusal(desk, rows, {4: NEW, 6: NEW}) == ["第4行：证件号码与表中第2行相同，不能另建档案，请选择跳过或更新。"]
    assert refusal(desk, rows, {4: UPDATE, 6: NEW}) == [
        "第4行：与第2行是同一张表里的两行，不能更新，请选择跳过或另建档案。"
    ]
    assert desk.child_imports.take_in(entries(desk, *rows), {4: SKIP, 6: NEW}).new == 4


# --- updating ------------------------------------------------------------------------------------


def test_an_update_changes_what_the_line_says_and_nothing_else(settled: Desk) -> None:
    child_id = everybody(settled)[0]
    before = settled.children.load(child_id)
    row = replace(intake(1), residence="新路9号", ethnicity=None, summary=None, guardian_phone="13911111111")
    report = settled.child_imports.take_in(entries(settled, row), {2: UPDATE})
    assert (report.updated, report.new) == (1, 0)
    after = settled.children.load(child_id)
    assert after == replace(before, residence="新路9号", version=after.version)
    father = settled.child_files.family(child_id)[0]
    assert (father.name, father.phone) == ("艾山·托合提", "13911111111")
    assert {row.details for row in settled.audit.rows(settled.audit.find())[:9]} >= {"1", "现居住地"}


def test_a_registration_becomes_a_full_file(settled: Desk) -> None:
    child_id = everybody(settled)[1]
    row = replace(intake(7), name="贺兰朵", id_no=None, sex=Sex.FEMALE, birth_date=BORN)
    refused = refusal(settled, [row], {2: UPDATE})
    assert refused == ["第2行：请填写证件号码；没有证件的请选择无证件原因。"]
    number = replace(row, id_no=resident_no(BORN, 2))
    settled.child_imports.take_in(entries(settled, number), {2: UPDATE})
    child = settled.children.load(child_id)
    assert (child.record_level, child.status, child.id_no) == (RecordLevel.FULL, ChildStatus.ACTIVE, number.id_no)
    assert len(settled.children.enrolments(child_id)) == 1
    assert [(m.relation, m.name) for m in settled.child_files.family(child_id)] == [
        (FATHER, "艾山·托合提"),
        ("52", None),
    ]


def test_an_update_takes_the_household_along(settled: Desk) -> None:
    row = replace(intake(1), household_address="新路9号", household_size=7)
    report = settled.child_imports.take_in(entries(settled, row), {2: UPDATE})
    home = settled.children.household(everybody(settled)[0])
    assert home is not None
    assert (home.address, home.size, report.full, report.light) == ("新路9号", 7, 1, 0)


def test_what_an_update_does_to_a_registration_is_what_it_says(settled: Desk) -> None:
    for asks in (replace(LIGHT, record_level=RecordLevel.FULL), replace(LIGHT, category=Category.POVERTY)):
        assert refusal(settled, [asks], {2: UPDATE}) == ["第2行：建一人一档时请填写纳入日期、纳入原因和类别。"]
    report = settled.child_imports.take_in(entries(settled, replace(LIGHT, phone="13911111111")), {2: UPDATE})
    assert (report.updated, report.full, report.light) == (1, 0, 1)
    assert settled.children.load(everybody(settled)[1]).phone == "13911111111"


def test_a_second_father_is_refused(settled: Desk) -> None:
    row = replace(intake(1), guardian_name="别的父亲")
    assert refusal(settled, [row], {2: UPDATE}) == ["第2行：已经有一条父亲，请修改原来那条。"]


def test_another_guardian_is_added(settled: Desk) -> None:
    row = replace(intake(1), guardian_name="奶奶名", guardian_relation="祖母")
    settled.child_imports.take_in(entries(settled, row), {2: UPDATE})
    assert [m.name for m in settled.child_files.family(everybody(settled)[0])] == ["艾山·托合提", None, "奶奶名"]


def test_of_several_nobody_knows_which_is_meant(settled: Desk) -> None:
    settled.child_imports.take_in(entries(settled, LIGHT), {2: NEW})
    assert "不能确定更新哪一份" in refusal(settled, [LIGHT], {2: UPDATE})[0]


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.COUNSELLOR, Role.REVIEWER])
def test_who_may_not_import(desk: Desk, role: Role) -> None:
    store = as_seen_by(desk, colleague(desk, role), ChildImportStore)
    with pytest.raises(Denied):
        store.take_in([], {})
    with pytest.raises(Denied):
        store.directory()


def test_a_clerk_imports_registrations_and_changes_no_file(settled: Desk) -> None:
    clerk = as_seen_by(settled, colleague(settled, Role.CLERK, "马晓岚"), ChildImportStore)
    assert clerk.take_in(entries(settled, replace(LIGHT, name="新的")), {}).light == 1
    report = clerk.take_in(entries(settled, intake(5), LIGHT), {3: UPDATE}, dry_run=True)
    assert [problem.say() for problem in report.problems] == [
        "第2行：您的岗位只能导入活动登记；这一行要建一人一档，请交给社工、儿童督导员或站长。",
        "第3行：您的岗位不能用表格更新已有档案，请选择跳过或另建档案。",
    ]


def test_names_of_those_who_left_go_last(desk: Desk) -> None:
    head = desk.staff.load(desk.actor.staff_id)
    other = colleague(desk, Role.CLERK, head.name)
    assert len(desk.child_imports.directory().staff[head.name]) == 2
    gone = desk.staff.load(other.staff_id)
    desk.staff.save(replace(gone, left_on=date(2026, 1, 1)))
    assert desk.child_imports.directory().staff[head.name] == (head.id,)
    desk.station.save_community(Community(name="红柳社区", director_id=head.id))
    known = desk.child_imports.directory()
    assert known.directors[known.communities["红柳社区"][0]] == head.id
