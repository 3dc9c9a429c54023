"""Attachments in the station file: who may add, see, take out and remove, and that nothing is lost or left."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from stationdesk import accounts
from stationdesk.backups import back_up, restore
from stationdesk.db.attachments import AttachmentStore
from stationdesk.db.child_merges import ChildMergeStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused, StorageTrouble
from stationdesk.fields import Level
from stationdesk.records.access import Role
from stationdesk.records.attachments import NewAttachment, Photo
from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.families import FATHER
from stationdesk.records.family_codes import GuardianKind, ParentState
from stationdesk.records.file_kinds import FileKind
from tests.children import as_seen_by, colleague, filed
from tests.pictures import PDF, jpeg, png, telling_jpeg
from tests.stations import HEAD, NOW, PASSWORD, at_desk, with_everyone
from tests.working import account_of

TODAY = NOW.date()
CANARY = b"%PDF-1.4\n" + b"QORGHASHUN-CANARY " * 4000 + b"\n%%EOF\n"
SECRET = NewAttachment(level=Level.L4)


@pytest.fixture
def child(desk: Desk) -> int:
    return filed(desk)


def consent(desk: Desk, child_id: int, **more: object) -> int:
    """The father and the child agree to a photo."""
    files = desk.child_files
    father = next(m for m in files.family(child_id) if m.relation == FATHER)
    if not father.is_guardian:
        grown = replace(father, name="吐尔洪江·某", state=ParentState.HEALTHY, is_guardian=True)
        files.save_family(replace(grown, guardian_kind=GuardianKind.FATHER))
    made = Consent(
        child_id=child_id, kind=ConsentKind.PHOTO_FILE, given_by=father.id, assent=True, signed_on=date(2026, 2, 1)
    )
    return files.save_consent(replace(made, **more))  # type: ignore[arg-type]


def contents(desk: Desk) -> int:
    with desk.opened.database.read() as session:
        return int(session.execute(text("SELECT count(*) FROM attachment_content")).scalar_one())


def test_a_file_is_kept_shown_renamed_and_removed(desk: Desk, child: int) -> None:
    store = desk.attachments
    said = NewAttachment(taken_on=date(2025, 6, 1), note="户口本首页")
    number = store.add(child, "C:\\某\\..\\户口本.jpeg", jpeg(), said)
    [row] = store.of_child(child)
    assert (row.id, row.name, row.kind, row.level) == (
        number,
        "户口本.jpeg",
        FileKind.JPEG,
        Level.L3,
    )
    assert (row.taken_on, row.note, row.added_by, row.added_on) == (said.taken_on, said.note, desk.actor.name, NOW)
    opened = store.open_content(number)
    assert (opened.data, opened.kind) == (jpeg(), FileKind.JPEG)
    assert store.take_out(number).outside_name == f"乙-2026-0001-附件-{number}.jpeg"
    known = store.load(number)
    store.change(replace(known, name="../首页", note=None, level=Level.L2, kind=FileKind.PDF, sha256="x", size=1))
    [row] = store.of_child(child)
    assert (row.name, row.note, row.level, row.kind) == ("首页.jpg", None, Level.L2, FileKind.JPEG)
    assert store.open_content(number).data == jpeg()
    with pytest.raises(Conflict):
        store.change(known)
    store.remove(number)
    assert store.of_child(child) == ()
    assert contents(desk) == 0
    for gone in (store.load, store.open_content, store.take_out, store.remove):
        with pytest.raises(Missing):
            gone(number)


@pytest.mark.parametrize("data", [b"MZ\x90\0\0", telling_jpeg(), jpeg()[:300], b"", b"<html>", jpeg(1700, 10)])
def test_what_may_not_come_in_does_not_come_in_by_the_store_either(desk: Desk, child: int, data: bytes) -> None:
    with pytest.raises(Refused):
        desk.attachments.add(child, "a.jpg", data)
    with pytest.raises(Refused):
        desk.attachments.set_photo(child, data)
    assert desk.attachments.of_child(child) == ()


def test_rules_of_day_level_and_doubles(desk: Desk, child: int) -> None:
    store = desk.attachments
    for said in (NewAttachment(taken_on=TODAY + timedelta(days=1)), NewAttachment(level=Level.L5)):
        with pytest.raises(Refused):
            store.add(child, "a.pdf", PDF, said)
    first = store.add(child, "协议.pdf", PDF, uuid="a" * 32)
    # Saved again after an answer that was lost.
    assert store.add(child, "协议.pdf", PDF, uuid="a" * 32) == first
    with pytest.raises(Refused) as refused:
        store.add(child, "b.pdf", PDF)
    assert "协议.pdf" in refused.value.say()
    with pytest.raises(Missing):
        store.add(child + 999, "b.pdf", PDF)
    other = filed(desk, "贺兰朵", order=2)
    assert store.add(other, "协议.pdf", PDF) != first
    assert contents(desk) == 2


ROLES = {
    # Who sees how many of the three (L2, L3, L4), and whether they may take them out.
    Role.HEAD: (3, True),
    Role.SUPERVISOR: (3, True),
    Role.SOCIAL_WORKER: (1, False),
    Role.COUNSELLOR: (-1, False),
    Role.CLERK: (1, False),
    Role.REVIEWER: (-2, False),
}


@pytest.mark.parametrize("role", list(ROLES), ids=lambda role: role.code)
def test_each_role_sees_what_its_level_opens_and_the_rest_is_not_there(desk: Desk, child: int, role: Role) -> None:
    levels = (Level.L2, Level.L3, Level.L4)
    numbers = [
        desk.attachments.add(
            child, f"{level.code}.pdf", PDF + level.code.encode() + b"%%EOF", NewAttachment(level=level)
        )
        for level in levels
    ]
    store = as_seen_by(desk, replace(colleague(desk, role), role=role), AttachmentStore)
    count, out = ROLES[role]
    if count < 0:
        with pytest.raises(Missing if count == -1 else Denied):
            store.of_child(child)
    else:
        assert {row.level for row in store.of_child(child)} == set(levels[:count])
    for place, number in enumerate(numbers):
        if place < count:
            assert store.open_content(number).name == f"{levels[place].code}.pdf"
        else:
            with pytest.raises(Missing if count > -2 else Denied):
                store.open_content(number)
        if out:
            assert store.take_out(number).data
            continue
        for change in (store.take_out, store.remove):
            with pytest.raises((Denied, Missing)):
                change(number)
    if not out:
        with pytest.raises((Denied, Missing)):
            store.add(child, "x.pdf", PDF)
    assert len(desk.attachments.of_child(child)) == 3


def test_ones_own_caseload_is_ones_own_work_and_an_emergency_only_opens(desk: Desk, child: int) -> None:
    worker = colleague(desk, Role.SOCIAL_WORKER)
    mine = filed(desk, "贺兰朵", order=2, worker_id=worker.staff_id)
    store = as_seen_by(desk, worker, AttachmentStore)
    number = store.add(mine, "a.pdf", PDF, SECRET)
    assert store.take_out(number).data == PDF
    theirs = desk.attachments.add(child, "b.pdf", PDF)
    hidden = desk.attachments.add(child, "c.pdf", CANARY, SECRET)
    with pytest.raises(Missing):
        store.open_content(theirs)
    worker.breaker.start()
    assert store.open_content(theirs).data == PDF
    assert [row.id for row in store.of_child(child)] == [theirs]
    with pytest.raises(Missing):
        store.open_content(hidden)
    for closed in (store.take_out, store.remove):
        with pytest.raises(Denied):
            closed(theirs)
    with pytest.raises(Denied):
        store.change(replace(store.load(theirs), note="x"))


def test_a_photo_takes_a_consent_that_holds_today(desk: Desk, child: int) -> None:
    store = desk.attachments
    assert store.photo(child) == Photo()
    with pytest.raises(Refused) as refused:
        store.set_photo(child, jpeg())
    assert "档案照片" in refused.value.say()
    given = consent(desk, child)
    assert store.photo(child) == Photo(agreed=True)
    with pytest.raises(Refused) as refused:
        store.set_photo(child, PDF)
    assert "不是照片" in refused.value.say()
    store.set_photo(child, jpeg())
    number = store.set_photo(child, png())
    assert store.photo(child) == Photo(agreed=True, held=True, data=png())
    # One photo is kept, and it is none of the attachments.
    assert contents(desk) == 1
    assert store.of_child(child) == ()
    with pytest.raises(Missing):
        store.open_content(number)
    [signed] = [c for c in desk.child_files.consents(child) if c.id == given]
    desk.child_files.save_consent(replace(signed, withdrawn_on=TODAY))
    assert store.photo(child) == Photo(held=True)
    with pytest.raises(Refused):
        store.set_photo(child, jpeg())
    store.remove_photo(child)
    assert store.photo(child) == Photo()
    assert contents(desk) == 0


def test_a_photo_is_seen_by_those_the_file_is_open_to(desk: Desk, child: int) -> None:
    consent(desk, child)
    desk.attachments.set_photo(child, jpeg())
    for role, seen in ((Role.SUPERVISOR, True), (Role.SOCIAL_WORKER, False), (Role.CLERK, False)):
        store = as_seen_by(desk, colleague(desk, role), AttachmentStore)
        assert bool(store.photo(child).data) is seen
        assert store.photo(child).held is seen
    for role in (Role.SOCIAL_WORKER, Role.CLERK):
        store = as_seen_by(desk, colleague(desk, role), AttachmentStore)
        with pytest.raises(Denied):
            store.remove_photo(child)
        with pytest.raises(Denied):
            store.set_photo(child, jpeg())
    with pytest.raises(Missing):
        as_seen_by(desk, colleague(desk, Role.COUNSELLOR), AttachmentStore).photo(child)


def test_all_is_in_the_audit_and_nothing_of_the_content(desk: Desk, child: int) -> None:
    store = desk.attachments
    consent(desk, child)
    number = store.add(child, "户口本.pdf", CANARY)
    store.open_content(number)
    store.change(replace(store.load(number), note="首页"))
    store.remove(number)
    store.set_photo(child, jpeg())
    with desk.opened.database.read() as session:
        lines = session.execute(text("SELECT action, object_id, fields FROM audit WHERE kind = 'attachment'")).all()
        whole = session.execute(text("SELECT group_concat(fields || result || kind) FROM audit")).scalar_one()
    assert [line.action for line in lines] == ["CREATE", "READ", "CHANGE", "DELETE", "CREATE"]
    assert {line.object_id for line in lines[:4]} == {number}
    assert lines[2].fields == "note"
    assert "户口本" not in whole
    assert "content" not in whole
    assert {"附件"} == {
        row.what for row in desk.audit.rows(desk.audit.find()) if row.object_id == number and "附" in row.what
    }


def test_a_content_that_is_not_itself_is_not_opened(desk: Desk, child: int) -> None:
    number = desk.attachments.add(child, "a.pdf", PDF)
    with desk.opened.database.write() as session:
        session.execute(text("UPDATE attachment_content SET data = :d"), {"d": CANARY})
    for opening in (desk.attachments.open_content, desk.attachments.take_out):
        with pytest.raises(StorageTrouble) as trouble:
            opening(number)
        assert "没有打开" in trouble.value.say()


def test_merged_files_have_all_attachments_and_one_photo(desk: Desk, child: int) -> None:
    other = filed(desk, "努尔爱力·吐尔洪", order=2)
    for number, picture in ((child, jpeg()), (other, png())):
        consent(desk, number)
        desk.attachments.set_photo(number, picture)
        desk.attachments.add(number, f"{number}.pdf", PDF + str(number).encode() + b"%%EOF")
    merges = as_seen_by(desk, desk.actor, ChildMergeStore)
    merge = merges.merge(child, other, "重复登记的")
    rows = desk.attachments.of_child(child)
    assert sorted(row.kind.code for row in rows) == ["PDF", "PDF", "PNG"]
    assert desk.attachments.photo(child).data == jpeg()
    assert sha256(desk.attachments.open_content(rows[1].id).data).digest() == sha256(png()).digest()
    merges.undo(merge)
    assert desk.attachments.photo(other).data == png()
    assert [len(desk.attachments.of_child(number)) for number in (child, other)] == [1, 1]
    desk.attachments.remove_photo(child)
    merges.merge(child, other, "重复登记的")
    assert desk.attachments.photo(child).data == png()


def test_new_keys_backups_and_restores_keep_every_byte(desk: Desk, child: int) -> None:
    with_everyone(desk)
    data = desk.data
    number = desk.attachments.add(child, "a.pdf", CANARY)
    accounts.remove(desk, account_of(desk, "counsellor"))
    assert desk.attachments.open_content(number).data == CANARY
    made = back_up(desk)
    desk.attachments.remove(number)
    desk.close()
    restore(data, made.path, HEAD, PASSWORD, any_folder=True)
    later = at_desk(data)
    assert later.attachments.open_content(number).data == CANARY
    later.close()
    for path in data.rglob("*"):
        if path.is_file():
            assert b"CANARY" not in path.read_bytes(), path.name
