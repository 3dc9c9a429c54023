"""The facts of a monthly summary, selected from the station file."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activity_summaries import activity_facts, first_session_on
from stationdesk.db.child_summaries import child_facts, first_file_on
from stationdesk.db.contract_summaries import contract_facts
from stationdesk.db.diary import closures_between, special_days
from stationdesk.db.models import BookingTable, RoomTable, StaffTable, StationTable
from stationdesk.db.screening_summaries import screening_facts
from stationdesk.db.stores import Store, all_records, needs, record_of
from stationdesk.db.work_group_lines import first_meeting_on, meeting_events
from stationdesk.errors import Missing, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Right
from stationdesk.records.bookings import BookingStatus
from stationdesk.records.calendar import Period, SpecialDay, period, period_of, year_to_date
from stationdesk.records.rooms import Room, RoomClosure
from stationdesk.records.schedule import rules_for
from stationdesk.records.staff import Staff
from stationdesk.records.station import Station
from stationdesk.records.summaries import Facts, MonthlyFigures, RoomFacts, RoomUse, count


class SummaryStore(Store):
    """What is counted month by month."""

    @needs(Right.REPORT)
    def months(self) -> tuple[str, ...]:
        """The report months from the first finished booking, closed session, registered child or
        meeting to the current one, as `2026-10`."""
        with self._database.read() as session:
            cutoff = _station(session).cutoff_day
            first = session.scalar(
                select(func.min(BookingTable.start)).where(
                    BookingTable.status == BookingStatus.DONE, BookingTable.deleted_at.is_(None)
                )
            )
            others = (first_file_on(session), first_session_on(session), first_meeting_on(session))
        today = self._clock().date()
        current = period_of(today, cutoff)
        begun = [day for day in (first.date() if first else None, *others) if day is not None]
        found = period_of(min(*begun, today), cutoff) if begun else current
        names = []
        while (found.year, found.month) <= (current.year, current.month):
            names.append(found.name)
            following = (found.year, found.month + 1) if found.month < 12 else (found.year + 1, 1)
            found = period(*following, cutoff)
        return tuple(names)

    @needs(Right.REPORT)
    def latest_complete(self) -> str:
        """The last report month that has ended, as `2026-10`: the one that is due to be handed in."""
        with self._database.read() as session:
            cutoff = _station(session).cutoff_day
        current = period_of(self._clock().date(), cutoff)
        before = (current.year, current.month - 1) if current.month > 1 else (current.year - 1, 12)
        return period(*before, cutoff).name

    @needs(Right.REPORT)
    def figures(self, year: int, month: int) -> MonthlyFigures:
        """The summary of a report month. Raises `Refused` for one that has not begun."""
        with self._database.read() as session:
            station = _station(session)
            chosen = period(year, month, station.cutoff_day)
            if chosen.first > self._clock().date():
                values = {"month": chosen.name}
                raise Refused(Problem("month", N_("{month}还没有开始，没有可以汇总的数据，请选较早的月份。"), values))
            facts = _facts(session, self._actor, station, chosen)
        return count(station.name, chosen, station.cutoff_day, facts)


def _station(session: Session) -> Station:
    row = session.scalar(select(StationTable))
    if row is None:
        raise Missing
    return record_of(Station, row)


def _facts(session: Session, actor: Actor, station: Station, chosen: Period) -> Facts:
    to_date = year_to_date(chosen, station.cutoff_day)
    uses = _uses(session, to_date)
    rooms = all_records(session, Room, RoomTable, RoomTable.kind, RoomTable.name_key)
    special = special_days(session, to_date.first, to_date.last)
    closures = closures_between(session, to_date.start, to_date.end)
    used = {use.room_id for use in uses}
    facts = [
        _room_facts(room, station, special, closures, chosen, to_date)
        for room in rooms
        if room.active or room.id in used
    ]
    staff = all_records(session, Staff, StaffTable, StaffTable.name_key, StaffTable.id)
    children, activities = child_facts(session, actor, chosen), activity_facts(session, actor, to_date)
    return Facts(
        uses=tuple(uses),
        rooms=tuple(facts),
        staff=staff,
        children=children,
        activities=activities,
        screening=screening_facts(session, to_date),
        meetings=meeting_events(session, to_date),
        contracts=contract_facts(session, chosen.last),
    )


def _uses(session: Session, to_date: Period) -> list[RoomUse]:
    table = BookingTable
    query = (
        select(table.id, table.room_id, table.start, table.end)
        .where(table.start >= to_date.start, table.start < to_date.end)
        .where(table.status == BookingStatus.DONE, table.deleted_at.is_(None))
        .order_by(table.start, table.id)
    )
    return [RoomUse(*row) for row in session.execute(query)]


def _room_facts(
    room: Room,
    station: Station,
    special: Mapping[date, SpecialDay],
    closures: Sequence[RoomClosure],
    chosen: Period,
    to_date: Period,
) -> RoomFacts:
    """Open minutes count only for rooms in use now: the file does not keep when one was switched off."""
    rules = rules_for(room, station.hours, special, closures)
    if not room.active:
        return RoomFacts(room.id or 0, room.name, 0, 0)
    return RoomFacts(
        room.id or 0,
        room.name,
        rules.open_minutes(chosen.first, chosen.last),
        rules.open_minutes(to_date.first, to_date.last),
    )
