"""Drafts: for the one who typed them, and nobody else who opens the file."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from stationdesk import accounts
from stationdesk.db import keyring
from stationdesk.db.drafts import DraftStore
from stationdesk.desk import Desk
from stationdesk.records.drafts import Draft
from tests.stations import PASSWORD, at_desk, with_everyone
from tests.working import account_of

DRAFT = Draft(uuid="d" * 32, place="bookings", title="预约", record_id=7, state={"title": ["半句话"]})


@pytest.fixture
def sit(desk: Desk) -> Iterator[Callable[[str], Desk]]:
    """A way from one person's desk to another's at the same station."""
    with_everyone(desk)
    open_now = [desk]

    def down(username: str) -> Desk:
        open_now.pop().close()
        open_now.append(at_desk(desk.data, username))
        return open_now[0]

    yield down
    open_now[0].close()


def kept(desk: Desk) -> list[Draft]:
    return [replace(draft, saved_at="") for draft in desk.drafts.mine()]


def test_kept_replaced_and_dropped(desk: Desk) -> None:
    desk.drafts.keep(DRAFT)
    later = replace(DRAFT, state={"title": ["一整句话"]})
    desk.drafts.keep(later)
    desk.drafts.keep(replace(DRAFT, uuid="e" * 32))
    assert sorted(draft.uuid for draft in kept(desk)) == ["d" * 32, "e" * 32]
    assert later in kept(desk)
    assert desk.drafts.mine()[0].saved_at
    desk.drafts.drop(["d" * 32])
    assert [draft.uuid for draft in kept(desk)] == ["e" * 32]


def test_a_draft_is_no_work_that_a_backup_follows(desk: Desk) -> None:
    before = desk.opened.database.saves
    desk.drafts.keep(DRAFT)
    assert desk.opened.database.saves == before


def test_another_person_finds_and_opens_nothing(sit: Callable[[str], Desk]) -> None:
    sit("supervisor").drafts.keep(DRAFT)
    desk = sit("zhan")
    assert kept(desk) == []
    with desk.opened.database.read() as session:
        owner, box = session.execute(text("SELECT username, sealed FROM draft")).one()
    assert (owner, DRAFT.title.encode() in box) == ("supervisor", False)
    # Not even with the name changed in the file: the box is sealed to the other's own pair.
    assert keyring.open_own(desk.opened.keys, box, "stationdesk draft") is None
    pretending = DraftStore(
        desk.opened.database, replace(desk.actor, username="supervisor"), desk.clock, desk.opened.keys
    )
    pretending.drop(["e" * 32])
    with desk.opened.database.write() as session:
        session.execute(text("UPDATE draft SET username = 'zhan', uuid = :u"), {"u": "f" * 32})
    assert kept(desk) == []


def test_one_may_not_drop_anothers(sit: Callable[[str], Desk]) -> None:
    sit("supervisor").drafts.keep(DRAFT)
    sit("clerk").drafts.drop([DRAFT.uuid])
    assert kept(sit("supervisor")) == [DRAFT]


def test_a_changed_password_keeps_them_and_a_reset_one_drops_them(sit: Callable[[str], Desk]) -> None:
    desk = sit("supervisor")
    desk.drafts.keep(DRAFT)
    accounts.change_own(desk, PASSWORD, "换过的一句很长很长的口令")
    assert kept(desk) == [DRAFT]
    head = sit("zhan")
    once = accounts.reset(head, account_of(head, "supervisor"))
    data = head.data
    head.close()
    accounts.change_due(data, "supervisor", once, PASSWORD)
    desk = sit("supervisor")
    assert kept(desk) == []
    with desk.opened.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM draft")) == 0
