"""Restricted fields: one key more than the file's, and each box in its own place only."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from stationdesk.db.restricted import seal, unseal
from stationdesk.desk import Desk
from stationdesk.errors import Denied, StorageTrouble
from tests.stations import at_desk, with_everyone
from tests.working import SECRET, keep_a_secret, secrets_of

UUID, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def sealed(desk: Desk) -> Desk:
    with_everyone(desk)
    keep_a_secret(desk, UUID)
    keep_a_secret(desk, OTHER)
    return desk


def boxes(desk: Desk) -> list[bytes]:
    with desk.opened.database.read() as session:
        return list(session.scalars(text("SELECT text FROM secret ORDER BY id")))


def test_the_file_alone_gives_nothing_away(sealed: Desk) -> None:
    first, second = boxes(sealed)
    # Two boxes of one text differ, and neither holds a part of it.
    assert first != second
    assert all(SECRET[:4].encode() not in box for box in (first, second))
    sealed.close()
    for name in ("supervisor", "clerk"):
        desk = at_desk(sealed.data, name)
        assert boxes(desk) == [first, second]
        with pytest.raises(Denied):
            secrets_of(desk.opened)
        with pytest.raises(Denied):
            seal(desk.opened.keys, "secret", UUID, "text", SECRET)
        # The first key is not the second one.
        with pytest.raises(StorageTrouble):
            unseal(replace(desk.opened.keys, restricted=desk.opened.keys.core), "secret", UUID, "text", first)
        desk.close()
    desk = at_desk(sealed.data, "counsellor")
    assert secrets_of(desk.opened) == [SECRET, SECRET]
    desk.close()


@pytest.mark.parametrize("place", [("secret", OTHER, "text"), ("secret", UUID, "note"), ("other", UUID, "text")])
def test_a_box_opens_in_its_own_place_only(sealed: Desk, place: tuple[str, str, str]) -> None:
    box = boxes(sealed)[0]
    assert unseal(sealed.opened.keys, "secret", UUID, "text", box) == SECRET
    with pytest.raises(StorageTrouble) as moved:
        unseal(sealed.opened.keys, *place, box)
    assert "打不开" in moved.value.say()


def test_boxes_swapped_in_the_file_do_not_open(sealed: Desk) -> None:
    with sealed.opened.database.write() as session:
        session.execute(text("UPDATE secret SET uuid = CASE uuid WHEN :a THEN :b ELSE :a END"), {"a": UUID, "b": OTHER})
    with pytest.raises(StorageTrouble):
        secrets_of(sealed.opened)


def test_every_flipped_byte_is_seen(sealed: Desk) -> None:
    box = boxes(sealed)[0]
    for place in range(len(box)):
        torn = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        with pytest.raises(StorageTrouble):
            unseal(sealed.opened.keys, "secret", UUID, "text", torn)
    for torn in (b"", box[:11], box[:20]):
        with pytest.raises(StorageTrouble):
            unseal(sealed.opened.keys, "secret", UUID, "text", torn)
