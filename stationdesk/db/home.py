"""What the home page shows, read in one transaction."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivitySessionTable, ActivityTable
from stationdesk.db.diary import closures_between, masked_rows, special_days
from stationdesk.db.models import BookingTable, RoomTable, SpecialDayTable, StationTable
from stationdesk.db.stores import Store, all_records, needs, record_of
from stationdesk.records.access import Right
from stationdesk.records.bookings import HOLDING, BookingRow, BookingStatus
from stationdesk.records.calendar import Period, period, period_of
from stationdesk.records.home import (
    HomeView,
    MonthUse,
    bookings_due,
    holidays_due,
    report_due,
    safety_due,
    sessions_due,
)
from stationdesk.records.rooms import Room
from stationdesk.records.schedule import DayRules
from stationdesk.records.sessions import NextSession, SessionStatus
from stationdesk.records.station import Station

_DUE_MOST = 50
_MONTHS = 6


class HomeStore(Store):
    """The day at a glance."""

    @needs(Right.SEE_BOOKINGS)
    def view(self) -> HomeView:
        """Today's bookings, what is due, the coming days, six months of room use."""
        now = self._clock()
        today = now.date()
        midnight = datetime.combine(today, time())
        table = BookingTable
        with self._database.read() as session:
            station = record_of(Station, session.scalars(select(StationTable)).one())
            rooms = tuple(r for r in all_records(session, Room, RoomTable, RoomTable.name_key) if r.active)
            shown = table.status.in_((*HOLDING, BookingStatus.NO_SHOW))
            day = masked_rows(
                session, self._actor, shown, table.start >= midnight, table.start < midnight + timedelta(1)
            )
            coming = self._coming(session, midnight)
            months = _months(today, station.cutoff_day)
            rules = DayRules(
                station.hours,
                special_days(session, today, today),
                closures_between(session, midnight, midnight + timedelta(1)),
            )
            unclosed, coming_session = self._sessions(session, now)
            due = (
                *report_due(period_of_last(today, station.cutoff_day), station.report_due_day, today),
                *bookings_due(self._waiting(session, now), now),
                *sessions_due(unclosed),
                *holidays_due(_years(session), today),
                *safety_due(rooms, today),
            )
            return HomeView(
                today=today,
                now=now,
                spans=rules.spans(today),
                rooms=rooms,
                bookings=day,
                coming=coming,
                due=due,
                months=tuple(_use(session, month) for month in months),
                booked_this_month=_booked(session, months[-1]),
                next_session=coming_session,
                held_this_month=_held(session, months[-1]),
            )

    def _sessions(self, session: Session, now: datetime) -> tuple[tuple[NextSession, ...], NextSession | None]:
        """The past sessions nobody has closed, the latest first, at most 50, and the next one."""
        if not self._actor.may(Right.SEE_ACTIVITIES):
            return (), None
        table = ActivitySessionTable
        past = planned_sessions(table.end <= now).order_by(table.start.desc()).limit(_DUE_MOST)
        coming = planned_sessions(table.start > now).order_by(table.start, table.id).limit(1)
        found = tuple(NextSession(**row._mapping) for row in session.execute(past))
        row = session.execute(coming).first()
        return found, None if row is None else NextSession(**row._mapping)

    def _coming(self, session: Session, midnight: datetime) -> tuple[BookingRow, ...]:
        table = BookingTable
        window = (table.start >= midnight + timedelta(days=1), table.start < midnight + timedelta(days=8))
        return masked_rows(session, self._actor, table.status.in_(HOLDING), *window)[:12]

    def _waiting(self, session: Session, now: datetime) -> tuple[BookingRow, ...]:
        """Unclosed past bookings and those that wait for approval, the latest first, at most 50."""
        table = BookingTable
        open_past = table.status.in_((BookingStatus.CONFIRMED, BookingStatus.IN_USE)) & (table.end <= now)
        waiting = (table.status == BookingStatus.PENDING) & (table.end > now)
        ids = session.scalars(
            select(table.id)
            .where(table.deleted_at.is_(None), open_past | waiting)
            .order_by(table.start.desc())
            .limit(_DUE_MOST)
        ).all()
        return masked_rows(session, self._actor, table.id.in_(ids))


def period_of_last(today: date, cutoff: int) -> Period:
    """The report period before the one `today` lies in."""
    current = period_of(today, cutoff)
    before = (current.year, current.month - 1) if current.month > 1 else (current.year - 1, 12)
    return period(*before, cutoff)


def _months(today: date, cutoff: int) -> list[Period]:
    current = period_of(today, cutoff)
    found = []
    for back in range(_MONTHS - 1, -1, -1):
        month = current.year * 12 + current.month - 1 - back
        found.append(period(month // 12, month % 12 + 1, cutoff))
    return found


def _use(session: Session, month: Period) -> MonthUse:
    table = BookingTable
    minutes = func.sum((func.julianday(table.end) - func.julianday(table.start)) * 1440)
    query = select(func.count(), minutes).where(
        table.start >= month.start,
        table.start < month.end,
        table.status == BookingStatus.DONE,
        table.deleted_at.is_(None),
    )
    count, total = session.execute(query).one()
    return MonthUse(period=month, times=count, minutes=round(total or 0))


def _booked(session: Session, month: Period) -> int:
    table = BookingTable
    query = select(func.count()).where(
        table.start >= month.start, table.start < month.end, table.status.in_(HOLDING), table.deleted_at.is_(None)
    )
    return int(session.scalar(query) or 0)


def planned_sessions(*which: Any) -> Any:
    """`NextSession` of the planned sessions that meet `which`."""
    table = ActivitySessionTable
    place = func.coalesce(RoomTable.name, table.place).label("place_name")
    return (
        select(table.id.label("session_id"), ActivityTable.title, table.start, table.end, place)
        .join(ActivityTable, ActivityTable.id == table.activity_id)
        .outerjoin(BookingTable, BookingTable.id == table.booking_id)
        .outerjoin(RoomTable, RoomTable.id == BookingTable.room_id)
        .where(table.status == SessionStatus.PLANNED, table.deleted_at.is_(None), *which)
    )


def _held(session: Session, month: Period) -> int:
    """The closed sessions of a report period."""
    table = ActivitySessionTable
    query = select(func.count()).where(
        table.start >= month.start,
        table.start < month.end,
        table.status == SessionStatus.DONE,
        table.deleted_at.is_(None),
    )
    return int(session.scalar(query) or 0)


def _years(session: Session) -> list[int]:
    days = select(SpecialDayTable.day).where(SpecialDayTable.deleted_at.is_(None))
    return sorted({day.year for day in session.scalars(days)})
