"""The staff: list, one member, saving; and who of them logs in."""

from array import array
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from stationdesk.db.models import StaffTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, all_records, load, needs, save, verify
from stationdesk.records.access import Right
from stationdesk.records.people import tidy_name
from stationdesk.records.staff import Staff, StaffRow

_COLUMNS = {
    "name": StaffTable.name_key,
    "tier": StaffTable.tier,
    "employer": StaffTable.employer,
    "full_time": StaffTable.full_time,
    "left_on": StaffTable.left_on,
}


class StaffStore(Store):
    """The team of the station."""

    @needs(Right.SEE_STAFF)
    def find(self, words: str = "", sort: str = "name", descending: bool = False, gone: bool = False) -> "array[int]":
        """Ids of members whose name or employer has `words`; those who left only with `gone`."""
        key = _COLUMNS.get(sort, StaffTable.name_key)
        wanted = select(StaffTable.id).where(StaffTable.deleted_at.is_(None))
        if words:
            wanted = wanted.where(
                StaffTable.name.contains(words, autoescape=True) | StaffTable.employer.contains(words, autoescape=True)
            )
        if not gone:
            today = self._clock().date()
            wanted = wanted.where(StaffTable.left_on.is_(None) | (StaffTable.left_on >= today))
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if descending else key, StaffTable.id)))

    @needs(Right.SEE_STAFF)
    def rows(self, ids: Sequence[int]) -> tuple[StaffRow, ...]:
        """The lines of these ids, in their order."""
        names = ("id", "name", "tier", "posts", "employer", "full_time", "phone", "left_on")
        query = select(*(getattr(StaffTable, name) for name in names)).where(StaffTable.id.in_(ids))
        with self._database.read() as session:
            found = {row.id: StaffRow(**row._mapping) for row in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_STAFF)
    def everyone(self) -> tuple[Staff, ...]:
        """All members, also those who left, by name."""
        with self._database.read() as session:
            return all_records(session, Staff, StaffTable, StaffTable.name_key, StaffTable.id)

    @needs(Right.SEE_STAFF)
    def load(self, staff_id: int) -> Staff:
        """One member; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Staff, StaffTable, staff_id)

    @needs(Right.EDIT_STAFF)
    def save(self, member: Staff) -> int:
        """Add or change one member; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        member = replace(member, name=tidy_name(member.name))
        verify(member)
        with self._database.write() as session:
            return save(session, StaffTable, member, self._stamp(), name_key=name_key(member.name))
