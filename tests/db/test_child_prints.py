"""What is read for paper: as much as the role may print, never more than it sees, and noted."""

from datetime import date

import pytest

from stationdesk.db.child_prints import ChildPrintStore
from stationdesk.db.child_reviews import ChildReviewStore
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.audit import Action
from stationdesk.records.categories import Category
from stationdesk.records.child_prints import ChildFile
from stationdesk.records.health import HealthKind
from stationdesk.records.masking import Disclosure
from tests.child_prints import CARER_PHONE, NAME, PHONE, STREET, whole_file
from tests.children import as_seen_by, colleague, filed, resident_no

MASKED, WHOLE, RESTRICTED = Disclosure
LISTS = (
    *("family", "care", "schooling", "health", "categories", "levels", "benefits"),
    *("enrolments", "consents", "needs"),
)


def test_one_reading_brings_all_that_the_screens_show(desk: Desk) -> None:
    child, files = whole_file(desk), desk.child_files
    found = files.whole(child, RESTRICTED)
    assert found.child == desk.children.load(child)
    assert found.household == desk.children.household(child)
    for name, shown in {
        "family": files.family(child),
        "care": files.delegated_care(child),
        "schooling": files.schooling(child),
        "health": files.health(child),
        "categories": files.categories(child),
        "levels": files.risk_levels(child),
        "benefits": files.benefits(child),
        "consents": files.consents(child),
        "needs": files.child_needs(child),
    }.items():
        assert getattr(found, name) == shown, name
    assert all(getattr(found, name) for name in LISTS)
    assert [row.say() for row in found.timeline()] == [row.say() for row in files.timeline(child)]
    assert found.staff[desk.actor.staff_id] == desk.actor.name
    assert (found.community, found.age) == ("红柳社区", 11)


def test_masked_is_the_default_and_hides_what_finds_somebody(desk: Desk) -> None:
    found = desk.child_files.whole(whole_file(desk))
    child = found.child
    assert (child.name, child.id_no, child.phone) == (
        NAME,
        f"{resident_no()[:6]}********{resident_no()[-4:]}",
        "139****0001",
    )
    assert (child.birth_date, child.reg_address, child.residence, child.summary) == (None, None, None, None)
    assert child.reg_type is not None
    assert found.household is not None
    assert found.household.address == ""
    assert [member.name for member in found.family if member.name] == ["吐**********", "阿*****"]
    assert found.schooling[0].school is None
    assert found.consents[0].witnesses is None
    said = repr(found) + "".join(row.say() for row in found.timeline())
    for secret in (PHONE, CARER_PHONE, STREET, resident_no(), "第三小学", "阿瓦古丽", "陈砚秋"):
        assert secret not in said, secret


def test_restricted_lines_only_for_the_head_and_when_asked_for(desk: Desk) -> None:
    child = whole_file(desk)
    for how in (MASKED, WHOLE):
        found = desk.child_files.whole(child, how)
        assert {c.category for c in found.categories} == {Category.POVERTY, Category.LEFT_BEHIND}
        assert [item.kind for item in found.health] == [HealthKind.DISABILITY]
        assert "受侵害" not in "".join(row.say() for row in found.timeline())
    assert Category.VICTIM in {c.category for c in desk.child_files.whole(child, RESTRICTED).categories}
    supervisor = as_seen_by(desk, colleague(desk, Role.SUPERVISOR), ChildReviewStore)
    assert supervisor.whole(child, WHOLE).child.phone == PHONE
    with pytest.raises(Denied):
        supervisor.whole(child, RESTRICTED)


def test_on_the_cover_a_hidden_category_leaves_no_gap(desk: Desk) -> None:
    child = filed(desk, kind=Category.HIV)
    assert desk.child_files.whole(child, WHOLE).category is Category.OTHER
    assert desk.child_files.whole(child, RESTRICTED).category is Category.HIV
    [row] = desk.child_files.roster([child], WHOLE)
    assert row.category is Category.OTHER
    [row] = desk.child_files.roster([child], RESTRICTED)
    assert row.category is Category.HIV


def test_each_role_prints_its_part(desk: Desk) -> None:
    worker, clerk, counsellor = (colleague(desk, role) for role in (Role.SOCIAL_WORKER, Role.CLERK, Role.COUNSELLOR))
    mine = whole_file(desk, worker_id=worker.staff_id, counsellor_id=counsellor.staff_id)
    other = filed(desk, "他某")
    own = as_seen_by(desk, worker, ChildReviewStore)
    assert len(own.whole(mine).family) == 3
    assert own.whole(mine).child.phone == "139****0001"
    with pytest.raises(Denied):
        own.whole(mine, WHOLE)
    with pytest.raises(Denied):
        own.whole(other)
    worker.breaker.start()
    with pytest.raises(Denied):
        own.whole(other)
    masked = as_seen_by(desk, clerk, ChildReviewStore).whole(mine)
    assert (masked.child.phone, masked.child.reg_type, len(masked.family)) == ("139****0001", None, 3)
    assert (masked.household, masked.categories, masked.timeline()[0].values) == (None, (), {"file_no": masked.file_no})
    with pytest.raises(Denied):
        as_seen_by(desk, counsellor, ChildReviewStore).whole(mine)
    with pytest.raises(Missing):
        desk.child_files.whole(4242)


def test_a_roster_shows_of_each_child_what_the_role_sees(desk: Desk) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    mine = whole_file(desk, worker_id=worker.staff_id)
    other = whole_file(desk, "他某", birth=date(2014, 3, 2))
    rows = desk.child_files.roster([other, mine], WHOLE)
    assert [row.id for row in rows] == [other, mine]
    assert (rows[1].guardian_phone, rows[1].school, rows[1].id_no) == (CARER_PHONE, "乙街道第三小学", resident_no())
    hidden, shown = as_seen_by(desk, worker, ChildPrintStore).roster([other, mine])
    assert (shown.guardian_name, shown.guardian_phone, shown.birth_date) == ("阿*****", "138****2222", None)
    assert shown.category is Category.POVERTY
    assert (hidden.name, hidden.id_no, hidden.guardian_name, hidden.category) == ("他某", None, None, None)
    assert desk.child_files.roster([]) == ()


def test_prints_are_noted_with_their_purpose(desk: Desk) -> None:
    child = whole_file(desk)
    desk.child_files.whole(child)
    with pytest.raises(Refused):
        desk.child_files.justify(WHOLE, 1, " 看 ")
    with pytest.raises(Refused):
        desk.child_files.justify(WHOLE, 1, "很" * 61)
    desk.child_files.justify(WHOLE, 3, "移交法院")
    last, *before = desk.audit.rows(desk.audit.find())
    assert (last.action, last.details) == (Action.PRINT, "完整→3→移交法院")
    assert (Action.READ, child) in [(line.action, line.object_id) for line in before]
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK), ChildReviewStore)
    with pytest.raises(Denied):
        clerk.justify(WHOLE, 1, "移交法院")


def test_names_for_forms_are_as_on_the_screen(desk: Desk) -> None:
    child = whole_file(desk)
    found: ChildFile = desk.child_files.for_forms(child)
    assert (found.child.name, found.family[-1].name, len(found.care)) == (NAME, "阿瓦古丽·贺", 1)
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK), ChildReviewStore).for_forms(child)
    assert (clerk.family[-1].name, clerk.care) == ("阿*****", ())
