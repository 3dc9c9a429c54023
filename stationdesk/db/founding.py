"""The first records of a new station file, in one transaction."""

from dataclasses import replace
from datetime import date

from stationdesk.db.accounts import add_account
from stationdesk.db.audit import Journal
from stationdesk.db.engine import Database
from stationdesk.db.models import CommunityTable, RoomTable, SpecialDayTable, StaffTable, StationTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import save, verify
from stationdesk.records.access import Role
from stationdesk.records.calendar import BEIJING, beijing_now
from stationdesk.records.founding import NewStation, seed_holidays
from stationdesk.records.people import tidy_name


def checked(new: NewStation) -> NewStation:
    """`new` with its names tidied; raises `Refused` with what is wrong in its records."""
    tidied = replace(
        new,
        head=replace(new.head, name=tidy_name(new.head.name)),
        rooms=tuple(replace(room, name=tidy_name(room.name)) for room in new.rooms),
        communities=tuple(replace(place, name=tidy_name(place.name)) for place in new.communities),
    )
    for record in (tidied.station, tidied.head, *tidied.rooms, *tidied.communities, tidied):
        verify(record)
    return tidied


def fill(database: Database, username: str, new: NewStation) -> None:
    """Write a checked station with its holidays, and the head's account, into an empty file."""
    stamp = (beijing_now().replace(tzinfo=BEIJING).isoformat(timespec="seconds"), username)
    database.journal = Journal(database, None)
    with database.write() as session:
        head_id = save(session, StaffTable, new.head, stamp, name_key=name_key(new.head.name))
        save(session, StationTable, replace(new.station, head_id=head_id), stamp, demo_today=new.demo_today)
        for room in new.rooms:
            save(session, RoomTable, room, stamp, name_key=name_key(room.name))
        for community in new.communities:
            save(session, CommunityTable, community, stamp, name_key=name_key(community.name))
        for day in seed_holidays():
            save(session, SpecialDayTable, day, stamp)
        add_account(session, head_id, username, Role.HEAD, stamp, today=date.fromisoformat(stamp[0][:10]))
