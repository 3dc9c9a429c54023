"""Rooms and their closures."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select

from stationdesk.db.diary import masked_rows
from stationdesk.db.models import BookingTable, RoomClosureTable, RoomTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, all_records, load, needs, record_of, remove, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.bookings import OPEN, BookingRow
from stationdesk.records.people import tidy_name
from stationdesk.records.rooms import ClosureRow, Room, RoomClosure, RoomRow


class RoomStore(Store):
    """The rooms of the station."""

    @needs(Right.SEE_BOOKINGS)
    def find(self, words: str = "", sort: str = "name", descending: bool = False, gone: bool = False) -> "array[int]":
        """Ids of rooms whose name or location has `words`; switched-off ones only with `gone`."""
        table = RoomTable
        key = {"kind": table.kind, "capacity": table.capacity, "location": table.location}.get(sort, table.name_key)
        wanted = select(table.id).where(table.deleted_at.is_(None))
        if words:
            wanted = wanted.where(
                or_(table.name.contains(words, autoescape=True), table.location.contains(words, autoescape=True))
            )
        if not gone:
            wanted = wanted.where(table.active)
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if descending else key, table.id)))

    @needs(Right.SEE_BOOKINGS)
    def rows(self, ids: Sequence[int]) -> tuple[RoomRow, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            kept = session.scalars(select(RoomTable).where(RoomTable.id.in_(ids)))
            found = {row.id: record_of(RoomRow, row) for row in kept}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_BOOKINGS)
    def all_rooms(self, gone: bool = False) -> tuple[Room, ...]:
        """All rooms in use, by name; with `gone` those switched off too."""
        with self._database.read() as session:
            rooms = all_records(session, Room, RoomTable, RoomTable.name_key, RoomTable.id)
        return tuple(room for room in rooms if room.active or gone)

    @needs(Right.SEE_BOOKINGS)
    def load(self, room_id: int) -> Room:
        """One room; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Room, RoomTable, room_id)

    @needs(Right.EDIT_STATION)
    def save(self, room: Room) -> int:
        """Add or change one room; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        room = replace(room, name=tidy_name(room.name))
        verify(room)
        with self._database.write() as session:
            same = select(RoomTable.id).where(RoomTable.name == room.name, RoomTable.uuid != room.uuid)
            if session.scalar(same) is not None:
                raise Refused(Problem("name", N_("已有同名的功能室（也可能是停用的），请换一个名称。")))
            return save(session, RoomTable, room, self._stamp(), name_key=name_key(room.name))

    @needs(Right.SEE_BOOKINGS)
    def closures(self, first: datetime, last: datetime) -> tuple[RoomClosure, ...]:
        """The closures that overlap [first, last)."""
        table = RoomClosureTable
        with self._database.read() as session:
            kept = select(table).where(table.deleted_at.is_(None), table.start < last, table.end > first)
            return tuple(record_of(RoomClosure, row) for row in session.scalars(kept.order_by(table.start, table.id)))

    @needs(Right.SEE_BOOKINGS)
    def find_closures(self, words: str = "", sort: str = "start", descending: bool = True) -> "array[int]":
        """Ids of closures whose reason has `words`, the latest first."""
        table = RoomClosureTable
        key = {"end": table.end, "reason": table.reason}.get(sort, table.start)
        wanted = select(table.id).where(table.deleted_at.is_(None), table.reason.contains(words, autoescape=True))
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if descending else key, table.id)))

    @needs(Right.SEE_BOOKINGS)
    def closure_rows(self, ids: Sequence[int]) -> tuple[ClosureRow, ...]:
        """The lines of these ids, in their order."""
        table = RoomClosureTable
        query = (
            select(table.id, RoomTable.name.label("room_name"), table.start, table.end, table.reason)
            .outerjoin(RoomTable, RoomTable.id == table.room_id)
            .where(table.id.in_(ids))
        )
        with self._database.read() as session:
            found = {row.id: ClosureRow(**row._mapping) for row in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_BOOKINGS)
    def load_closure(self, closure_id: int) -> RoomClosure:
        """One closure; raises `Missing`."""
        with self._database.read() as session:
            return load(session, RoomClosure, RoomClosureTable, closure_id)

    @needs(Right.EDIT_STATION)
    def save_closure(self, closure: RoomClosure) -> tuple[int, tuple[BookingRow, ...]]:
        """Add or change one closure; returns its id and the open bookings it falls on, which stay
        as they are until somebody moves them. Raises `Refused`, `Conflict`, `Missing`."""
        verify(closure)
        with self._database.write() as session:
            closure_id = save(session, RoomClosureTable, closure, self._stamp())
            hit = [BookingTable.start < closure.end, BookingTable.end > closure.start, BookingTable.status.in_(OPEN)]
            if closure.room_id is not None:
                hit.append(BookingTable.room_id == closure.room_id)
            return closure_id, masked_rows(session, self._actor, *hit)

    @needs(Right.EDIT_STATION)
    def remove_closure(self, closure_id: int) -> None:
        """Open again what was closed; raises `Missing`."""
        with self._database.write() as session:
            remove(session, RoomClosureTable, closure_id, self._stamp())
