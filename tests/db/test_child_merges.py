"""Two files made one, and two again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from stationdesk.db.child_merges import ChildMergeStore, _referring
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Refused
from stationdesk.records.access import Role
from stationdesk.records.care import ChildNeed, DelegatedCare, Need
from stationdesk.records.categories import Category, Colour
from stationdesk.records.child_reviews import Happening
from stationdesk.records.children import ChildQuery, ChildStatus, Precision
from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.enrolments import ExitReason
from stationdesk.records.families import FATHER, FamilyMember
from stationdesk.records.family_codes import CareRating, GuardianKind, ParentState
from stationdesk.records.ids import IdKind
from tests.children import BORN, ENTERED, as_seen_by, assessed, category, colleague, filed, light

WHY = "重复登记的"
BEGAN = date(2026, 2, 1)


def dump(desk: Desk) -> dict[str, object]:
    """All that is stored of children, without the stamps."""
    found: dict[str, object] = {}
    with desk.opened.database.read() as session:
        for table, _column in {(t.__tablename__, "") for t, _c in _referring()}:
            rows = session.execute(text(f"SELECT * FROM {table} ORDER BY id")).mappings()
            found[table] = [
                {k: v for k, v in row.items() if k not in ("version", "updated_at", "updated_by")} for row in rows
            ]
    return found


def two(desk: Desk) -> tuple[int, int]:
    """Two files of one child, both in stock, each with something of its own."""
    kept, dropped = filed(desk, "努尔艾力·吐尔洪江", order=1), filed(desk, "努尔爱力·吐尔洪", Category.DISABLED)
    files = desk.child_files
    files.save_category(category(Category.POVERTY, child_id=dropped))
    father = next(m for m in files.family(dropped) if m.relation == FATHER)
    files.save_family(
        replace(
            father, name="吐尔洪江·某", state=ParentState.HEALTHY, is_guardian=True, guardian_kind=GuardianKind.FATHER
        )
    )
    files.save_consent(
        Consent(child_id=dropped, kind=ConsentKind.PHOTO_FILE, given_by=father.id, assent=True, signed_on=BEGAN)
    )
    aunt = files.save_family(FamilyMember(child_id=dropped, relation="88", name="阿瓦古丽·贺"))
    files.save_care(DelegatedCare(child_id=dropped, carer_id=aunt, since=BEGAN, ability=CareRating.FAIR))
    files.save_need(ChildNeed(child_id=dropped, need=Need.LEGAL, since=BEGAN))
    files.save_assessment(assessed(desk, dropped, "RED", "GREEN", "GREEN"))
    return kept, dropped


def test_all_is_in_one_file_and_both_numbers_lead_to_it(desk: Desk) -> None:
    kept, dropped = two(desk)
    desk.child_merges.merge(kept, dropped, WHY)
    files = desk.child_files
    assert list(desk.children.find(ChildQuery())) == [kept]
    for words in ("乙-2026-0001", "乙-2026-0002", "努尔爱力", "努尔艾力"):
        assert list(desk.children.find(ChildQuery(words=words))) == [kept], words
    assert desk.children.load(dropped).status is ChildStatus.MERGED
    family = files.family(kept)
    assert [(m.relation, m.name) for m in family] == [
        ("51", "吐尔洪江·某"),
        ("52", None),
        ("88", "阿瓦古丽·贺"),
    ]
    assert [c.given_by for c in files.consents(kept)] == [family[0].id]
    assert [c.carer_id for c in files.delegated_care(kept)] == [family[2].id]
    assert [n.need for n in files.child_needs(kept)] == [Need.LEGAL]
    (risk,) = files.assessments(kept)
    assert [line.colour for line in files.risk_levels(kept) if line.assessment_uuid == risk.uuid] == [Colour.RED]
    # A category held already is not held twice, and one primary stays.
    assert sorted((c.category.code, c.is_primary) for c in files.categories(kept)) == [
        ("DISABLED", False),
        ("POVERTY", True),
    ]
    # The kept file goes on; the other leaves the stock as what it was.
    assert [e.left_on for e in desk.children.enrolments(kept)] == [None]
    [left] = desk.children.enrolments(dropped)
    assert (left.left_on, left.exit_reason) == (date(2026, 11, 24), ExitReason.DUPLICATE)
    assert Happening.MERGED in {row.kind for row in files.timeline(kept)}
    # Nothing more is written where nobody would look for it.
    doors: tuple[Callable[[], object], ...] = (
        lambda: desk.children.save(desk.children.load(dropped)),
        lambda: files.save_need(ChildNeed(child_id=dropped, need=Need.HOUSING, since=BEGAN)),
        lambda: desk.children.leave(dropped, date(2026, 11, 24), ExitReason.MOVED),
    )
    for door in doors:
        with pytest.raises(Refused) as refused:
            door()
        assert refused.value.say() == "这份档案已经合并到乙-2026-0001，请打开那一份再改。"
    # Saved once more, the file is still found under the old number.
    desk.children.save(replace(desk.children.load(kept), other_name="小努"))
    assert list(desk.children.find(ChildQuery(words="2026-0002"))) == [kept]


def test_a_merge_is_undone_to_the_last_value(desk: Desk) -> None:
    kept, dropped = two(desk)
    before = dump(desk)
    merge = desk.child_merges.merge(kept, dropped, WHY)
    assert dump(desk) != before
    [line] = desk.child_merges.merges(kept)
    assert (line.id, line.dropped_no, line.undoable) == (merge, "乙-2026-0002", True)
    desk.child_merges.undo(merge)
    assert dump(desk) == before
    assert desk.child_merges.merges(kept) == ()
    with pytest.raises(Refused):
        desk.child_merges.undo(merge)
    assert list(desk.children.find(ChildQuery(words="2026-0002"))) == [dropped]


def test_undone_no_more_once_something_else_refers_to_it(desk: Desk) -> None:
    kept, dropped = two(desk)
    merge = desk.child_merges.merge(kept, dropped, WHY)
    desk.child_files.save_need(ChildNeed(child_id=kept, need=Need.HOUSING, since=BEGAN))
    assert not desk.child_merges.merges(kept)[0].undoable
    after = dump(desk)
    with pytest.raises(Refused) as refused:
        desk.child_merges.undo(merge)
    assert "不能撤销" in refused.value.say()
    assert dump(desk) == after


def test_merges_are_undone_the_last_first(desk: Desk) -> None:
    kept, dropped = two(desk)
    third = desk.children.enrol(light("贺兰朵", guardian_name="贺某", guardian_relation="62"))
    first = desk.child_merges.merge(dropped, third, WHY)
    second = desk.child_merges.merge(kept, dropped, WHY)
    assert list(desk.children.find(ChildQuery(words="2026-0003"))) == [kept]
    with pytest.raises(Refused):
        desk.child_merges.undo(first)
    desk.child_merges.undo(second)
    desk.child_merges.undo(first)
    assert len(desk.children.find(ChildQuery())) == 3


def test_a_stretch_that_does_not_overlap_moves_along(desk: Desk) -> None:
    kept = filed(desk, "甲某", entered=date(2026, 9, 1))
    dropped = filed(desk, "甲某某", entered=ENTERED)
    desk.children.leave(dropped, date(2026, 8, 1), ExitReason.MOVED)
    merge = desk.child_merges.merge(kept, dropped, WHY)
    assert [e.entered_on for e in desk.children.enrolments(kept)] == [ENTERED, date(2026, 9, 1)]
    desk.child_merges.undo(merge)
    assert [e.left_on for e in desk.children.enrolments(dropped)] == [date(2026, 8, 1)]
    assert desk.children.load(dropped).status is ChildStatus.EXITED


def test_what_speaks_against_a_merge(desk: Desk) -> None:
    full, other = filed(desk, "甲某", order=1), filed(desk, "乙某", order=3)
    alone = desk.children.enrol(light("丙某"))
    for kept, dropped, reason, said in (
        (full, full, WHY, "同一份档案"),
        (full, other, WHY, "证件号码不同"),
        (alone, full, WHY, "请保留一人一档"),
        (full, alone, "嗯", "至少4个字"),
    ):
        with pytest.raises(Refused) as refused:
            desk.child_merges.merge(kept, dropped, reason)
        assert said in refused.value.say()
    desk.child_merges.merge(full, alone, WHY)
    with pytest.raises(Refused) as refused:
        desk.child_merges.merge(other, alone, WHY)
    assert "已经合并" in refused.value.say()


def test_who_merges_and_that_it_is_noted(desk: Desk) -> None:
    kept, dropped = two(desk)
    store = as_seen_by(desk, colleague(desk, Role.SOCIAL_WORKER), ChildMergeStore)
    with pytest.raises(Denied):
        store.merge(kept, dropped, WHY)
    desk.child_merges.merge(kept, dropped, WHY)
    with desk.opened.database.read() as session:
        lines = session.execute(text("SELECT action, kind, object_id, fields FROM audit")).all()
    assert ("CREATE", "child_merge") in {tuple(line[:2]) for line in lines}
    assert any(line.kind == "child" and line.object_id == dropped and "merged_into_id" in line.fields for line in lines)


def test_every_table_that_refers_to_a_child_is_known(desk: Desk) -> None:
    found = {(table.__tablename__, column) for table, column in _referring()}
    assert ("child", "merged_into_id") in found
    assert {name for name, _column in found} == {
        "child",
        "assessment",
        "family_member",
        "schooling",
        "health_item",
        "benefit",
        "child_category",
        "risk_level",
        "enrolment",
        "consent",
        "attendance",
        "delegated_care",
        "child_need",
        "attachment",
        "session_photo_child",
    }


def test_a_child_in_stock_stays_there(desk: Desk) -> None:
    left, there = filed(desk, "努尔艾力·吐尔洪江"), filed(desk, "努尔艾力·吐尔洪", entered=BEGAN)
    desk.children.leave(left, date(2026, 5, 1), ExitReason.MOVED)
    before = dump(desk)
    with pytest.raises(Refused) as refused:
        desk.child_merges.merge(left, there, WHY)
    assert "请打开还在册的那一份" in refused.value.say()
    assert dump(desk) == before
    desk.child_merges.merge(there, left, WHY)
    assert desk.children.load(there).status is ChildStatus.ACTIVE


def test_what_only_the_other_file_said_goes_along_and_comes_back(desk: Desk) -> None:
    kept = filed(desk, "努尔艾力·吐尔洪江", phone=None)
    desk.children.save(replace(desk.children.load(kept), birth_precision=Precision.YEAR, birth_date=date(2015, 1, 1)))
    dropped = filed(desk, "努尔艾力", order=1, phone="13900000001", summary="住在奶奶家。")
    before, number = dump(desk), desk.children.load(dropped).id_no
    merge = desk.child_merges.merge(kept, dropped, WHY)
    found = desk.children.load(kept)
    assert (found.id_no, found.id_kind, found.no_id_reason) == (number, IdKind.RESIDENT_ID, None)
    assert (found.birth_date, found.birth_precision) == (BORN, Precision.DAY)
    assert (found.phone, found.summary, found.name) == ("13900000001", "住在奶奶家。", "努尔艾力·吐尔洪江")
    desk.child_merges.undo(merge)
    assert dump(desk) == before
