"""The first records are tidied, checked and written together."""

from dataclasses import replace
from pathlib import Path

import pytest

from stationdesk.db.founding import checked
from stationdesk.desk import set_up
from stationdesk.errors import Refused
from stationdesk.records.rooms import Room
from stationdesk.records.station import Community
from tests.stations import at_desk, new_station, prepared


def test_names_are_tidied() -> None:
    new = new_station()
    wanted = replace(
        new,
        head=replace(new.head, name=" 赛乃姆•托合提 "),
        rooms=(Room(name=" 手工室  "),),
        communities=(Community(name="  某某   社区 "),),
    )
    found = checked(wanted)
    assert (found.head.name, found.rooms[0].name, found.communities[0].name) == ("赛乃姆·托合提", "手工室", "某某 社区")


def test_rooms_that_differ_only_in_spaces_are_the_same() -> None:
    rooms = (Room(name="手工室"), Room(name="手工室 "))
    with pytest.raises(Refused) as caught:
        checked(replace(new_station(), rooms=rooms))
    assert [problem.field for problem in caught.value.problems] == ["rooms"]


def test_all_is_written_with_keys_for_sorting(tmp_path: Path) -> None:
    new = replace(new_station(), communities=(Community(name="杏荫社区"), Community(name="白桦湾社区")))
    set_up(tmp_path / "d", prepared(), new, any_folder=True).close()
    desk = at_desk(tmp_path / "d")
    try:
        rows = desk.station.community_rows(desk.station.find_communities())
        assert [row.name for row in rows] == ["白桦湾社区", "杏荫社区"]
        assert len(desk.rooms.all_rooms()) == 12
        assert desk.station.profile().uuid == new.station.uuid
    finally:
        desk.close()
