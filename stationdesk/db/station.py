"""The station: its profile, its communities, the holiday table."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from stationdesk.db.models import CommunityTable, SpecialDayTable, StaffTable, StationTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, all_records, load, needs, record_of, remove, save, verify
from stationdesk.errors import Missing, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.calendar import SpecialDay
from stationdesk.records.people import tidy_name
from stationdesk.records.station import Community, CommunityRow, Station


class StationStore(Store):
    """Profile, communities and holidays."""

    @needs(Right.SEE_STATION)
    def profile(self) -> Station:
        """The station's own record."""
        with self._database.read() as session:
            row = session.scalar(select(StationTable))
            if row is None:
                raise Missing
            return record_of(Station, row)

    @needs(Right.EDIT_STATION)
    def save_profile(self, station: Station) -> None:
        """Change the profile. Raises `Refused`, `Conflict`."""
        verify(station)
        with self._database.write() as session:
            save(session, StationTable, station, self._stamp())

    @needs(Right.SEE_STATION)
    def find_communities(
        self, words: str = "", sort: str = "name", descending: bool = False, gone: bool = False
    ) -> "array[int]":
        """Ids of communities whose name or code has `words`; switched-off ones only with `gone`."""
        key = {"minors_count": CommunityTable.minors_count, "code": CommunityTable.code}.get(
            sort, CommunityTable.name_key
        )
        wanted = select(CommunityTable.id).where(CommunityTable.deleted_at.is_(None))
        if words:
            wanted = wanted.where(
                CommunityTable.name.contains(words, autoescape=True)
                | CommunityTable.code.contains(words, autoescape=True)
            )
        if not gone:
            wanted = wanted.where(CommunityTable.active)
        with self._database.read() as session:
            order = (key.desc() if descending else key, CommunityTable.id)
            return array("q", session.scalars(wanted.order_by(*order)))

    @needs(Right.SEE_STATION)
    def community_rows(self, ids: Sequence[int]) -> tuple[CommunityRow, ...]:
        """The lines of these ids, in their order."""
        table = CommunityTable
        query = (
            select(
                table.id,
                table.name,
                table.code,
                StaffTable.name.label("director_name"),
                table.minors_count,
                table.active,
            )
            .outerjoin(StaffTable, StaffTable.id == table.director_id)
            .where(table.id.in_(ids))
        )
        with self._database.read() as session:
            found = {row.id: CommunityRow(**row._mapping) for row in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_STATION)
    def load_community(self, community_id: int) -> Community:
        """One community; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Community, CommunityTable, community_id)

    @needs(Right.EDIT_STATION)
    def save_community(self, community: Community) -> int:
        """Add or change one community; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        community = replace(community, name=tidy_name(community.name))
        verify(community)
        with self._database.write() as session:
            other = session.scalar(
                select(CommunityTable.id).where(
                    CommunityTable.name == community.name,
                    CommunityTable.deleted_at.is_(None),
                    CommunityTable.uuid != community.uuid,
                )
            )
            if other is not None:
                raise Refused(Problem("name", N_("已有同名的村（社区），请换一个名称或修改原来那条。")))
            return save(session, CommunityTable, community, self._stamp(), name_key=name_key(community.name))

    @needs(Right.SEE_STATION)
    def special_days(self, first: date, last: date) -> tuple[SpecialDay, ...]:
        """The holidays and make-up days from `first` to `last`, both included."""
        days = select(SpecialDayTable).where(
            SpecialDayTable.deleted_at.is_(None), SpecialDayTable.day.between(first, last)
        )
        with self._database.read() as session:
            return tuple(record_of(SpecialDay, row) for row in session.scalars(days.order_by(SpecialDayTable.day)))

    @needs(Right.SEE_STATION)
    def years_with_holidays(self) -> tuple[int, ...]:
        """The years the holiday table knows; the others are told to the user as missing."""
        with self._database.read() as session:
            days = all_records(session, SpecialDay, SpecialDayTable, SpecialDayTable.day)
        return tuple(sorted({day.day.year for day in days}))

    @needs(Right.EDIT_STATION)
    def save_special_day(self, day: SpecialDay) -> int:
        """Add or change one special day; a second entry for a day is refused. Returns the id."""
        verify(day)
        with self._database.write() as session:
            same = session.scalar(select(SpecialDayTable).where(SpecialDayTable.day == day.day))
            if same is not None and same.uuid != day.uuid:
                if same.deleted_at is None:
                    raise Refused(Problem("day", N_("{day}已在节假日表中，请修改原来那条。"), {"day": day.day}))
                # The day was taken out before: the kept row is used again, for a day stands once.
                same.deleted_at = None
                day = replace(day, id=same.id, uuid=same.uuid, version=same.version)
            return save(session, SpecialDayTable, day, self._stamp())

    @needs(Right.EDIT_STATION)
    def remove_special_day(self, day_id: int) -> None:
        """Take one special day out of the table; raises `Missing`."""
        with self._database.write() as session:
            remove(session, SpecialDayTable, day_id, self._stamp())
