"""What the children do whose disk is watched."""

from pathlib import Path

from stationdesk.desk import Desk
from stationdesk.errors import StorageTrouble
from stationdesk.records.station import Community
from tests.disk import Line
from tests.stations import at_desk


def save_several(data: Path, line: Line) -> None:
    """Save three communities, telling each once it is saved."""
    desk = at_desk(data)
    for number in range(3):
        place = Community(name=f"第{number}社区")
        desk.station.save_community(place)
        line.ask(place.uuid)
    desk.close()


def save_on_a_failing_disk(data: Path, line: Line) -> None:
    """Save community after community, the disk failing in between, until told to stop: tell what the
    program said, whether the record was there, and how many there are once it was saved again."""
    desk = at_desk(data)
    number = 0
    while line.ask("next") != "stop":
        place = Community(name=f"第{number}社区")
        told = _said(desk, place)
        line.ask("disk works again")
        there = desk.opened.database.holds("community", place.uuid)
        again = _said(desk, place)
        line.ask(f"{told}|{there}|{again}|{_named(desk, place)}")
        number += 1
    desk.close()


def _said(desk: Desk, place: Community) -> str:
    try:
        desk.station.save_community(place)
    except StorageTrouble as trouble:
        return trouble.say()
    return "saved"


def _named(desk: Desk, place: Community) -> int:
    return sum(row.name == place.name for row in desk.station.community_rows(desk.station.find_communities()))
