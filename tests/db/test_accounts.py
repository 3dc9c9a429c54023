"""Accounts belong to members of the team, and each name to one of them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from stationdesk.db.accounts import seat
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing, Refused, WrongPassword
from stationdesk.records.access import Role
from tests.stations import HEAD, at_desk, founded


@pytest.fixture
def head(tmp_path: Path) -> Iterator[Desk]:
    founded(tmp_path / "d", date(2026, 3, 1))
    desk = at_desk(tmp_path / "d")
    yield desk
    desk.close()


def change(desk: Desk, statement: str) -> None:
    with desk.opened.database.write() as session:
        session.execute(text(statement))


def test_a_seat_names_person_role_station_and_day(head: Desk) -> None:
    found = seat(head.opened.database, HEAD)
    assert found.actor == head.actor
    assert (found.station_name, found.demo_today) == (head.station_name, date(2026, 3, 1))


def test_a_name_without_an_account_has_no_seat(head: Desk) -> None:
    with pytest.raises(WrongPassword):
        seat(head.opened.database, "nobody")


def test_a_deleted_account_is_as_none(head: Desk) -> None:
    change(head, "UPDATE account SET deleted_at = '2026-01-01'")
    with pytest.raises(WrongPassword):
        seat(head.opened.database, HEAD)


def test_an_account_switched_off_is_told_apart(head: Desk) -> None:
    change(head, "UPDATE account SET disabled = 1")
    with pytest.raises(Denied) as caught:
        seat(head.opened.database, HEAD)
    assert "站长" in caught.value.say()


def test_a_file_without_a_station_has_no_seat(head: Desk) -> None:
    change(head, "DELETE FROM station")
    with pytest.raises(Missing):
        seat(head.opened.database, HEAD)


def test_the_key_is_written_before_the_account_is_and_not_without_it(head: Desk) -> None:
    wrote: list[str] = []
    head.accounts.add(head.actor.staff_id, "second", Role.CLERK, lambda: wrote.append("second"))
    with pytest.raises(Refused):
        head.accounts.add(head.actor.staff_id, "second", Role.CLERK, lambda: wrote.append("again"))
    with pytest.raises(Missing):
        head.accounts.add(999, "third", Role.CLERK, lambda: wrote.append("third"))
    assert wrote == ["second"]
    assert seat(head.opened.database, "second").actor.role is Role.CLERK


def test_a_key_that_cannot_be_written_leaves_no_account(head: Desk) -> None:
    def full() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        head.accounts.add(head.actor.staff_id, "second", Role.CLERK, full)
    with pytest.raises(WrongPassword):
        seat(head.opened.database, "second")
