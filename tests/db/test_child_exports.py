"""Children going out: masked for everybody, whole for few and for a reason, always noted."""

from dataclasses import replace

import pytest

from stationdesk.db.child_exports import ChildExportStore
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Refused
from stationdesk.records.access import Role
from stationdesk.records.audit import Action
from stationdesk.records.categories import Category
from stationdesk.records.child_intake import ChildIntake, masked_intake
from stationdesk.records.children import ChildQuery, RecordLevel
from stationdesk.records.ids import IdKind
from tests.children import as_seen_by, colleague, intake, light
from tests.db.test_child_imports import entries, everybody

REASON = "区民政局要求报送全量名单"


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.child_imports.take_in(entries(desk, *(intake(number) for number in range(3))), {})
    return desk


def as_kept(row: ChildIntake) -> ChildIntake:
    """A line as it comes out again: what the program fills in is filled in."""
    head = "赛乃姆·托合提"
    return replace(
        row,
        record_level=RecordLevel.FULL,
        id_kind=IdKind.RESIDENT_ID,
        director=head,
        household_address=row.residence,
        birth_precision=row.birth_precision,
    )


def test_whole_lines_are_as_they_came_in_and_noted_with_the_reason(filled: Desk) -> None:
    rows = filled.child_exports.whole(everybody(filled), REASON)
    assert [replace(row, birth_precision=None) for row in rows] == [as_kept(intake(number)) for number in range(3)]
    line = filled.audit.rows(filled.audit.find())[0]
    assert (line.action, line.details) == (Action.EXPORT, f"3 {REASON}")


def test_masked_lines_for_the_head_too(filled: Desk) -> None:
    rows = filled.child_exports.masked(everybody(filled))
    assert [replace(row, birth_precision=None) for row in rows] == [
        masked_intake(as_kept(intake(number))) for number in range(3)
    ]
    line = filled.audit.rows(filled.audit.find())[0]
    assert (line.action, line.details) == (Action.EXPORT, "3")


def test_without_a_reason_nothing_goes_out(filled: Desk) -> None:
    with pytest.raises(Refused):
        filled.child_exports.whole(everybody(filled), "太短")
    assert Action.EXPORT not in {row.action for row in filled.audit.rows(filled.audit.find())}


def test_a_light_file_and_one_that_left(filled: Desk) -> None:
    filled.children.enrol(light(guardian_name="艾山", guardian_relation="51"))
    rows = filled.child_exports.whole(everybody(filled), REASON)
    assert (rows[3].record_level, rows[3].guardian_relation, rows[3].category) == (RecordLevel.LIGHT, "父亲", None)
    assert rows[0].category is Category.POVERTY


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.CLERK])
def test_who_takes_out_masked_lines_only(filled: Desk, role: Role) -> None:
    store = as_seen_by(filled, colleague(filled, role), ChildExportStore)
    with pytest.raises(Denied):
        store.whole(everybody(filled), REASON)
    rows = store.masked(everybody(filled))
    if role is Role.CLERK:
        assert rows == filled.child_exports.masked(everybody(filled))
    else:
        assert rows == ()


def test_a_social_worker_takes_out_the_own_children(filled: Desk) -> None:
    worker = colleague(filled, Role.SOCIAL_WORKER)
    first = everybody(filled)[0]
    child = filled.children.load(first)
    filled.children.save(replace(child, worker_id=worker.staff_id))
    rows = as_seen_by(filled, worker, ChildExportStore).masked(everybody(filled))
    assert [(row.name, row.worker) for row in rows] == [(child.name, worker.name)]
    assert rows[0].id_no is not None
    assert "********" in rows[0].id_no
    assert rows[0].guardian_phone == "139****0000"


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.REVIEWER])
def test_who_takes_out_none(filled: Desk, role: Role) -> None:
    with pytest.raises(Denied):
        as_seen_by(filled, colleague(filled, role), ChildExportStore).masked([])


def test_the_order_is_kept(filled: Desk) -> None:
    ids = filled.children.find(ChildQuery(sort="file_no", descending=True))
    assert [row.id_no for row in filled.child_exports.whole(ids, REASON)] == [intake(n).id_no for n in (2, 1, 0)]
