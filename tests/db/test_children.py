"""Children's files on a real encrypted file: registering, completing, saving, coming and leaving."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.db.children import ChildStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.categories import Category, Colour
from stationdesk.records.children import Child, ChildQuery, ChildStatus, Likeness, Precision, RecordLevel
from stationdesk.records.enrolments import Enrolment, EntryReason, ExitReason
from stationdesk.records.families import FATHER, Household
from stationdesk.records.family_codes import GuardianKind, ParentState
from stationdesk.records.people import Sex
from tests.children import BORN, ENTERED, as_seen_by, category, colleague, filed, light, resident_no, whole


def fields_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.field for problem in refused.value.problems]


def test_a_light_registration_takes_seconds_and_keeps_the_guardian(desk: Desk) -> None:
    typed = light(" 贺兰•朵 ", guardian_name="贺兰山月", guardian_relation="62", guardian_phone="13900000001")
    number = desk.children.enrol(typed)
    child = desk.children.load(number)
    assert (child.name, child.file_no, child.record_level) == ("贺兰·朵", "乙-2026-0001", RecordLevel.LIGHT)
    assert (child.status, child.uuid, child.sex) == (ChildStatus.LIGHT, typed.uuid, Sex.FEMALE)
    [guardian] = desk.child_files.family(number)
    assert (guardian.name, guardian.phone, guardian.guardian_kind) == (
        "贺兰山月",
        "13900000001",
        GuardianKind.GRANDPARENTS,
    )
    # Saved again after a lost answer, it is the same file.
    assert desk.children.enrol(typed) == number
    assert desk.children.enrolments(number) == ()


def test_a_full_file_comes_back_whole(desk: Desk) -> None:
    made = whole(desk, "努尔艾力·吐尔洪江", order=1, other_name="小努", phone="13900000002", summary="<b>&")
    entry = Enrolment(child_id=0, entered_on=ENTERED, entry_reason=EntryReason.APPLY)
    number = desk.children.complete(made, entry, category(), Household(address="乙街道某路2号", size=4))
    found = desk.children.load(number)
    assert found == replace(
        made,
        id=number,
        version=1,
        file_no="乙-2026-0001",
        record_level=RecordLevel.FULL,
        status=ChildStatus.ACTIVE,
        household_id=found.household_id,
        director_id=desk.actor.staff_id,
    )
    house = desk.children.household(number)
    assert house is not None
    assert house.size == 4
    assert [(m.relation, m.state) for m in desk.child_files.family(number)] == [
        ("51", ParentState.UNKNOWN),
        ("52", ParentState.UNKNOWN),
    ]
    assert [e.entry_reason for e in desk.children.enrolments(number)] == [EntryReason.APPLY]
    assert [(c.category, c.is_primary) for c in desk.child_files.categories(number)] == [(Category.POVERTY, True)]
    [level] = desk.child_files.risk_levels(number)
    assert (level.colour, level.reason) == (Colour.BLUE, "建档时按类别评定：属于“家庭贫困儿童”")
    # Saved again after a lost answer, it is the same file.
    assert desk.children.complete(made, entry, category(), Household(address="乙")) == number
    assert len(desk.child_files.risk_levels(number)) == 1


def test_a_light_file_becomes_full_and_keeps_its_number_and_guardian(desk: Desk) -> None:
    number = desk.children.enrol(
        light("贺兰朵", guardian_name="贺某", guardian_relation=FATHER, guardian_phone="13900000001")
    )
    typed = whole(desk, "贺兰朵", order=2)
    child = desk.children.load(number)
    full = replace(typed, id=number, version=child.version, uuid=child.uuid)
    household = Household(address="乙街道某路2号")
    entry = Enrolment(child_id=0, entered_on=ENTERED)
    assert desk.children.complete(full, entry, category(), household) == number
    found = desk.children.load(number)
    assert (found.file_no, found.record_level) == (child.file_no, RecordLevel.FULL)
    assert [(m.relation, m.name) for m in desk.child_files.family(number)] == [("51", "贺某"), ("52", None)]
    with pytest.raises(Refused) as refused:
        desk.children.complete(found, replace(entry, uuid="x" * 32), category(), household)
    assert fields_of(refused) == ["record_level"]


def test_bad_files_are_refused_whole(desk: Desk) -> None:
    entry = Enrolment(child_id=0, entered_on=ENTERED)
    home = Household(address="乙")
    good = whole(desk, "某", order=1)
    wrong_digit = resident_no()[:-1] + ("0" if resident_no()[-1] != "0" else "1")
    for made, when, kind, field in (
        (replace(good, id_no=wrong_digit), entry, category(), "id_no"),
        (replace(good, id_no="650199201502300010", birth_date=None), entry, category(), "birth_date"),
        (replace(good, birth_date=date(2007, 1, 1), id_no=None, id_kind=None), entry, category(), "id_no"),
        (replace(good, worker_id=None), entry, category(), "worker_id"),
        (good, replace(entry, entered_on=date(2026, 11, 25)), category(), "entered_on"),
        (good, entry, category(basis=None), "basis"),
        (good, entry, category(until=date(2025, 1, 1)), "until"),
    ):
        with pytest.raises(Refused) as refused:
            desk.children.complete(made, when, kind, home)
        assert field in fields_of(refused)
    with pytest.raises(Refused) as refused:
        desk.children.enrol(light(birth_date=date(2007, 11, 24)))
    assert "已满19周岁" in refused.value.say()
    with pytest.raises(Refused) as refused:
        desk.children.enrol(light(birth_date=date(2026, 11, 25)))
    assert "还没有到" in refused.value.say()
    assert len(desk.children.find(ChildQuery())) == 0


def test_numbers_run_on_and_none_comes_twice(desk: Desk) -> None:
    numbers = [desk.children.enrol(light(name)) for name in ("甲某", "乙某", "丙某")]
    assert [desk.children.load(n).file_no for n in numbers] == ["乙-2026-0001", "乙-2026-0002", "乙-2026-0003"]
    desk.station.save_profile(replace(desk.station.profile(), township_name="丁镇"))
    assert desk.children.load(desk.children.enrol(light("丁某"))).file_no == "丁-2026-0004"


def test_the_program_keeps_what_is_its_own(desk: Desk) -> None:
    number = filed(desk)
    child = desk.children.load(number)
    changed = replace(
        child, file_no="X", record_level=RecordLevel.LIGHT, status=ChildStatus.DECEASED, phone="0991-1234567"
    )
    desk.children.save(changed)
    found = desk.children.load(number)
    assert found == replace(child, phone="0991-1234567", version=found.version)
    with pytest.raises(Conflict):
        desk.children.save(changed)
    with pytest.raises(Missing):
        desk.children.save(replace(child, id=4242))
    with pytest.raises(Missing):
        desk.children.load(4242)


def test_the_same_number_blocks_and_the_same_name_asks(desk: Desk) -> None:
    filed(desk, "努尔艾力·吐尔洪江", order=1)
    with pytest.raises(Refused) as refused:
        filed(desk, "别的名字", order=1)
    assert "乙-2026-0001相同" in refused.value.say()
    again = light("努尔艾力 吐尔洪江", sex=Sex.MALE)
    with pytest.raises(Refused) as refused:
        desk.children.enrol(again)
    assert fields_of(refused) == ["name"]
    assert desk.children.enrol(again, confirmed=True) > 0


def test_duplicates_are_shown_while_one_types(desk: Desk) -> None:
    one = desk.children.enrol(
        light("贺兰朵", guardian_name="贺某", guardian_relation="52", guardian_phone="0991-1234567")
    )
    typed = Child(name="贺兰朵", birth_date=BORN)
    assert [(d.child_id, d.why) for d in desk.children.duplicates(typed)] == [(one, Likeness.NAME_AND_BIRTH)]
    other = replace(typed, birth_date=date(2016, 1, 1))
    assert desk.children.duplicates(other) == ()
    [found] = desk.children.duplicates(other, "09911234567")
    assert (found.why, found.age, found.file_no) == (Likeness.NAME_AND_PHONE, 11, "乙-2026-0001")
    # The file itself is no duplicate of itself.
    assert desk.children.duplicates(desk.children.load(one)) == ()


def test_a_year_is_as_near_as_some_dates_come(desk: Desk) -> None:
    desk.children.enrol(light("贺兰朵", birth_date=date(2015, 1, 1), birth_precision=Precision.YEAR))
    assert len(desk.children.duplicates(Child(name="贺兰朵", birth_date=BORN))) == 1
    assert desk.children.duplicates(Child(name="贺兰朵", birth_date=date(2016, 5, 20))) == ()


def test_brothers_and_sisters_share_the_household(desk: Desk) -> None:
    older = filed(desk, "努尔艾力·吐尔洪江")
    house = desk.children.load(older).household_id
    younger = filed(desk, "努尔曼·吐尔洪江", birth=date(2018, 1, 1), household_id=house)
    assert [row.id for row in desk.children.siblings(older)] == [younger]
    assert [row.id for row in desk.children.siblings(younger)] == [older]
    found = desk.children.household(older)
    assert found is not None
    desk.children.save_household(older, replace(found, size=6))
    shared = desk.children.household(younger)
    assert shared is not None
    assert shared.size == 6
    with pytest.raises(Missing):
        desk.children.save_household(older, Household(address="别家"))


# --- stock ---------------------------------------------------------------------------------------


def test_leaving_and_coming_again(desk: Desk) -> None:
    number = filed(desk)
    desk.children.leave(number, date(2026, 6, 30), ExitReason.MOVED)
    assert desk.children.load(number).status is ChildStatus.EXITED
    [gone] = desk.children.enrolments(number)
    assert (gone.left_on, gone.exit_reason, gone.approved_by) == (
        date(2026, 6, 30),
        ExitReason.MOVED,
        desk.actor.staff_id,
    )
    with pytest.raises(Refused):
        desk.children.leave(number, date(2026, 7, 1), ExitReason.MOVED)
    desk.children.save_enrolment(replace(gone, left_on=date(2026, 6, 29), approved_by=None))
    [gone] = desk.children.enrolments(number)
    assert gone.approved_by == desk.actor.staff_id
    desk.children.save_enrolment(replace(gone, left_on=date(2026, 6, 30)))
    with pytest.raises(Refused) as refused:
        desk.children.save_enrolment(Enrolment(child_id=number, entered_on=date(2026, 6, 29)))
    assert "重叠" in refused.value.say()
    again = Enrolment(child_id=number, entered_on=date(2026, 6, 30), entry_reason=EntryReason.REENTER)
    kept = desk.children.save_enrolment(again)
    assert desk.children.load(number).status is ChildStatus.ACTIVE
    with pytest.raises(Refused) as refused:
        desk.children.save_enrolment(Enrolment(child_id=number, entered_on=date(2026, 9, 1)))
    assert "已经在册" in refused.value.say()
    desk.children.remove_enrolment(kept)
    assert desk.children.load(number).status is ChildStatus.EXITED


@pytest.mark.parametrize(
    ("left_on", "reason", "field"),
    [
        (date(2026, 1, 14), ExitReason.MOVED, "left_on"),
        (date(2026, 11, 25), ExitReason.MOVED, "left_on"),
        (date(2026, 6, 1), ExitReason.OTHER, "exit_note"),
    ],
)
def test_a_wrong_exit_is_refused(desk: Desk, left_on: date, reason: ExitReason, field: str) -> None:
    number = filed(desk)
    with pytest.raises(Refused) as refused:
        desk.children.leave(number, left_on, reason)
    assert fields_of(refused) == [field]
    assert desk.children.load(number).status is ChildStatus.ACTIVE


def test_the_dead_and_the_light(desk: Desk) -> None:
    number = filed(desk)
    desk.children.leave(number, date(2026, 6, 30), ExitReason.DECEASED)
    assert desk.children.load(number).status is ChildStatus.DECEASED
    alone = desk.children.enrol(light())
    with pytest.raises(Refused) as refused:
        desk.children.save_enrolment(Enrolment(child_id=alone, entered_on=ENTERED))
    assert "先补全一人一档" in refused.value.say()


def test_only_who_may_approves_an_exit(desk: Desk) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    number = filed(desk, worker_id=worker.staff_id)
    store = as_seen_by(desk, worker, ChildStore)
    with pytest.raises(Denied):
        store.leave(number, date(2026, 6, 30), ExitReason.MOVED)
    [held] = store.enrolments(number)
    with pytest.raises(Denied):
        store.save_enrolment(replace(held, left_on=date(2026, 6, 30), exit_reason=ExitReason.MOVED))
    desk.children.leave(number, date(2026, 6, 30), ExitReason.MOVED)
    [gone] = store.enrolments(number)
    with pytest.raises(Denied):
        store.save_enrolment(replace(gone, left_on=None, exit_reason=None))
    assert store.save_enrolment(Enrolment(child_id=number, entered_on=date(2026, 8, 1))) > 0


def test_a_registration_is_corrected_after_the_eighteenth_birthday(desk: Desk) -> None:
    child_id = desk.children.enrol(light(birth_date=date(2008, 12, 1)))
    later = ChildStore(desk.opened.database, desk.actor, lambda: datetime(2026, 12, 2, 12))
    later.save(replace(later.load(child_id), phone="13900000001"))
    assert later.load(child_id).phone == "13900000001"
    with pytest.raises(Refused) as refused:
        later.save(replace(later.load(child_id), birth_date=date(2008, 11, 1)))
    assert "已满18周岁" in refused.value.say()
