"""Photos of sessions in the station file: kept, shown to whom, held back, carried along by a merge."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from stationdesk.db import session_photos
from stationdesk.db.session_photos import SessionPhotoStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused, StorageTrouble
from stationdesk.records.access import Role
from stationdesk.records.session_photos import PhotoNote, Seen
from tests.activities import planned
from tests.children import as_seen_by, colleague, filed
from tests.pictures import PDF, jpeg, telling_jpeg
from tests.session_photos import TODAY, agrees, photo, with_names

LONG = "古丽娜尔·买买提吐尔逊"


@pytest.fixture
def child(desk: Desk) -> int:
    return filed(desk, LONG)


def reasons(desk: Desk, session_id: int) -> list[str]:
    return [row.private.say() if row.private else "" for row in desk.session_photos.of_session(session_id)]


def test_a_photo_is_kept_spoken_of_and_removed(desk: Desk, child: int) -> None:
    store, session_id = desk.session_photos, with_names(desk, child)
    number = store.add(session_id, jpeg(), caption=" 合影 ", uuid="a" * 32)
    assert store.add(session_id, jpeg(), uuid="a" * 32) == number
    [row] = store.of_session(session_id)
    assert (row.id, row.caption, row.seen, row.names, row.publicity_ok) == (number, "合影", Seen.UNSAID, (), False)
    assert store.picture(number) == store.open_content(number).data == jpeg()
    assert [(one.child_id, one.name) for one in store.names(number)] == [(child, LONG)]
    known = store.load(number)
    assert known == PhotoNote(id=number, version=1, caption="合影")
    store.change(replace(known, caption="结束", seen=Seen.NAMED, children=(child,)))
    [row] = store.of_session(session_id)
    assert (row.caption, row.names) == ("结束", (LONG,))
    with pytest.raises(Conflict):
        store.change(known)
    # Who left the list since stays one of those that can be ticked.
    desk.attendance.withdraw(session_id, child)
    assert [one.child_id for one in store.names(number)] == [child]
    store.change(replace(store.load(number), seen=Seen.NOBODY, children=()))
    assert store.of_session(session_id)[0].names == ()
    assert store.names(number) == ()
    store.remove(number)
    assert store.of_session(session_id) == ()
    with desk.opened.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM session_photo_content")).scalar_one() == 0


def test_what_is_no_photo_or_there_already_does_not_come_in(
    desk: Desk, child: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, session_id = desk.session_photos, with_names(desk, child)
    for data in (PDF, telling_jpeg(), jpeg(1700, 10)):
        with pytest.raises(Refused):
            store.add(session_id, data)
    store.add(session_id, jpeg())
    with pytest.raises(Refused) as found:
        store.add(session_id, jpeg())
    assert "同样的照片" in found.value.say()
    with pytest.raises(Missing):
        store.add(4242, jpeg())
    monkeypatch.setattr(session_photos, "MOST_PHOTOS", 1)
    with pytest.raises(Refused) as found:
        store.add(session_id, jpeg(61))
    assert "最多保存1张" in found.value.say()
    off = planned(desk, TODAY.replace(hour=16))
    desk.sessions.cancel_session(off, "停电")
    with pytest.raises(Refused) as found:
        store.add(off, jpeg())
    assert "没有举行（已取消）" in found.value.say()


def test_only_children_of_the_session_are_in_its_photos(desk: Desk, child: int) -> None:
    session_id, stranger = with_names(desk, child), filed(desk, "贺兰朵")
    number = desk.session_photos.add(session_id, jpeg())
    note = replace(desk.session_photos.load(number), seen=Seen.NAMED, children=(child, stranger))
    with pytest.raises(Refused) as found:
        desk.session_photos.change(note)
    assert "只能勾选这一场名单里的孩子" in found.value.say()
    assert desk.session_photos.load(number).children == ()


def test_only_what_all_in_it_agree_to_leaves_the_station_and_a_withdrawal_takes_it_out(desk: Desk, child: int) -> None:
    store, other = desk.session_photos, filed(desk, "贺兰朵")
    session_id = with_names(desk, child, other)
    given = agrees(desk, child)
    agreed, both = photo(desk, session_id, child), photo(desk, session_id, child, other, width=61)
    nobody, others = photo(desk, session_id, width=62), photo(desk, session_id, child, seen=Seen.OTHERS, width=63)
    store.add(session_id, jpeg(64))
    told = reasons(desk, session_id)
    assert [bool(reason) for reason in told] == [False, True, False, True, True]
    assert told[1].startswith("贺兰朵没有有效的")
    assert [one.caption for one in store.for_publicity(session_id)] == ["照片60", "照片62"]
    taken = store.take_out(agreed)
    assert (taken.outside_name, taken.data) == (f"活动照片-{agreed}.jpg", jpeg(60))
    for number in (both, others):
        with pytest.raises(Refused):
            store.take_out(number)
    [signed] = [one for one in desk.child_files.consents(child) if one.id == given]
    assert desk.child_files.hints(child).pictured == ()
    desk.child_files.save_consent(replace(signed, withdrawn_on=desk.clock().date()))
    assert desk.child_files.hints(child).pictured == ((TODAY.date(), "彩泥手工课", 3),)
    assert [one.caption for one in store.for_publicity(session_id)] == ["照片62"]
    with pytest.raises(Refused) as found:
        store.take_out(agreed)
    assert LONG in found.value.say()
    assert store.take_out(nobody).data == jpeg(62)


def test_who_may_not_know_of_a_child_finds_no_photo_of_it(desk: Desk, child: int) -> None:
    counsellor = colleague(desk, Role.COUNSELLOR)
    client = filed(desk, "贺兰朵", counsellor_id=counsellor.staff_id)
    session_id = with_names(desk, child, client)
    mine, theirs = photo(desk, session_id, client), photo(desk, session_id, client, child, width=61)
    nobody = photo(desk, session_id, width=62)
    others = photo(desk, session_id, client, seen=Seen.OTHERS, width=63)
    unsaid = desk.session_photos.add(session_id, jpeg(64))
    seen = as_seen_by(desk, counsellor, SessionPhotoStore)
    assert [(row.id, row.names) for row in seen.of_session(session_id)] == [(mine, ("贺兰朵",)), (nobody, ())]
    for number in (theirs, others, unsaid):
        for call in (seen.load, seen.picture, seen.open_content, seen.names):
            with pytest.raises(Missing):
                call(number)
    with pytest.raises(Denied):
        seen.remove(mine)
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK, "马晓岚"), SessionPhotoStore)
    assert len(clerk.of_session(session_id)) == 5
    with pytest.raises(Denied):
        as_seen_by(desk, colleague(desk, Role.REVIEWER, "陈砚秋"), SessionPhotoStore).of_session(session_id)


def test_another_content_than_was_kept_is_not_shown(desk: Desk, child: int) -> None:
    session_id = with_names(desk, child)
    number = photo(desk, session_id)
    with desk.opened.database.write() as session:
        session.execute(text("UPDATE session_photo_content SET data = :d"), {"d": jpeg(61)})
    for call in (desk.session_photos.picture, desk.session_photos.open_content, desk.session_photos.take_out):
        with pytest.raises(StorageTrouble):
            call(number)
    with pytest.raises(StorageTrouble):
        desk.session_photos.for_publicity(session_id)


def test_a_merge_takes_along_who_is_in_a_photo_and_its_undoing_brings_it_back(desk: Desk, child: int) -> None:
    store, twin = desk.session_photos, filed(desk, "古丽娜尔·买买提")
    session_id = with_names(desk, child, twin)
    agrees(desk, child)
    one, both = photo(desk, session_id, twin), photo(desk, session_id, child, twin, width=61)
    assert all(reasons(desk, session_id))
    merge = desk.child_merges.merge(child, twin, "重复登记的")
    assert [row.names for row in store.of_session(session_id)] == [(LONG,), (LONG,)]
    assert [store.load(number).children for number in (one, both)] == [(child,), (child,)]
    assert not any(reasons(desk, session_id))
    desk.child_merges.undo(merge)
    assert [set(store.load(number).children) for number in (one, both)] == [{twin}, {child, twin}]
    assert all(reasons(desk, session_id))
    desk.child_merges.merge(child, twin, "重复登记的")
    store.change(replace(store.load(both), seen=Seen.NOBODY, children=()))
    assert store.load(both).children == ()
