"""Shifts of volunteers: planned at sessions or on their own, confirmed, and added up."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    ActivityTable,
    CertificateTable,
    HourRulesTable,
    VolunteerShiftTable,
    VolunteerTable,
)
from stationdesk.db.gate import STARTS, counted, in_time, shift_problems, shifts_query, stints_between, worked
from stationdesk.db.stores import Store, load, load_row, needs, record_of, remove, save, verify
from stationdesk.errors import Conflict, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.sessions import NOT_HELD, ActivitySession, SessionStatus
from stationdesk.records.shifts import (
    HourRules,
    RankRow,
    ShiftRow,
    VolunteerShift,
    YearHours,
    hours_by_volunteer,
    own_day_problems,
    ranking,
    recognised_minutes,
)

# What lists of shifts are sorted by; all else by time.
_SORTS: dict[str, Any] = {"work": VolunteerShiftTable.work, "title": ActivityTable.title}


class ShiftStore(Store):
    """Who helped when."""

    @needs(Right.SEE_VOLUNTEERS)
    def find(
        self,
        *,
        volunteer_id: int | None = None,
        session_id: int | None = None,
        first: date | None = None,
        last: date | None = None,
        words: str = "",
        sort: str = "start",
        descending: bool = False,
    ) -> "array[int]":
        """Ids of shifts by time: of a volunteer, at a session (also one called off, which may be held yet),
        from `first` to `last` (both included); `words` find a day (2026-11) or an activity."""
        table = VolunteerShiftTable
        wanted = shifts_query(table.id, called_off=session_id is not None)
        wanted = wanted.outerjoin(ActivityTable, ActivityTable.id == ActivitySessionTable.activity_id)
        if words:
            wanted = wanted.where(
                func.date(STARTS).startswith(words, autoescape=True)
                | ActivityTable.title.contains(words, autoescape=True)
            )
        if volunteer_id is not None:
            wanted = wanted.where(table.volunteer_id == volunteer_id)
        if session_id is not None:
            wanted = wanted.where(table.session_id == session_id)
        begun = None if first is None else datetime.combine(first, time())
        over = None if last is None else datetime.combine(last + timedelta(days=1), time())
        wanted = wanted.where(*in_time(begun, over))
        with self._database.read() as session:
            order = [_SORTS[sort]] if sort in _SORTS else []
            keys = [key.desc() if descending else key for key in (*order, STARTS, table.id)]
            return array("q", session.scalars(wanted.order_by(*keys)))

    @needs(Right.SEE_VOLUNTEERS)
    def rows(self, ids: Sequence[int]) -> tuple[ShiftRow, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            found = {row.id: row for row in shift_rows(session, VolunteerShiftTable.id.in_(ids), called_off=True)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_VOLUNTEERS)
    def load(self, shift_id: int) -> VolunteerShift:
        """One shift; raises `Missing`."""
        with self._database.read() as session:
            return load(session, VolunteerShift, VolunteerShiftTable, shift_id)

    @needs(Right.EDIT_VOLUNTEERS)
    def save(self, shift: VolunteerShift) -> int:
        """Add or change one shift that does not count yet; returns the id. Raises `Refused`, `Conflict`,
        `Missing`."""
        verify(shift)
        with self._database.write() as session:
            if shift.id is not None:
                self._refuse_counted(session, load(session, VolunteerShift, VolunteerShiftTable, shift.id))
            shift = replace(shift, confirmed_by=None)
            held = self._refuse_counted(session, shift)
            if held is not None and shift.start is not None:
                Refused.over(own_day_problems(shift.start, held.start.date()))
            span = (shift.start or held.start, shift.end or held.end) if held else (shift.start, shift.end)
            if not shift.did_not_come and span[0] is not None and span[1] is not None:
                Refused.over(shift_problems(session, shift, (span[0], span[1])))
            return save(session, VolunteerShiftTable, shift, self._stamp())

    def _refuse_counted(self, session: Session, shift: VolunteerShift) -> ActivitySession | None:
        """Raise `Refused` for a shift that is settled; returns the session it belongs to."""
        if shift.session_id is None:
            if shift.confirmed_by is not None:
                raise Refused(Problem("confirmed_by", N_("这次服务已经确认，要改请先取消确认。")))
            return None
        held = load(session, ActivitySession, ActivitySessionTable, shift.session_id)
        if held.status is not SessionStatus.PLANNED:
            text = N_("这一场现在是“{status}”，要改志愿者请先重新打开这一场。")
            raise Refused(Problem("session_id", text, {"status": held.status.label}))
        return held

    def _is_called_off(self, session: Session, shift: VolunteerShift) -> bool:
        held = session.get(ActivitySessionTable, shift.session_id) if shift.session_id is not None else None
        return held is not None and held.status in NOT_HELD

    @needs(Right.EDIT_VOLUNTEERS)
    def remove(self, shift_id: int) -> None:
        """Take out a shift that does not count yet. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            shift = load(session, VolunteerShift, VolunteerShiftTable, shift_id)
            # Who may help no more would else keep a session that was put off from being held at all.
            if not self._is_called_off(session, shift):
                self._refuse_counted(session, shift)
            remove(session, VolunteerShiftTable, shift_id, self._stamp())

    @needs(Right.EDIT_VOLUNTEERS)
    def confirm(self, shift_ids: Sequence[int]) -> None:
        """Say that these took place; from now on they count. Those at sessions are confirmed by closing the
        session. All or none: raises `Refused`, `Missing`."""
        with self._database.write() as session:
            for shift_id in shift_ids:
                row = load_row(session, VolunteerShiftTable, shift_id)
                if row.session_id is not None:
                    raise Refused(Problem("session_id", N_("随场次的服务在结束那一场时一并确认。")))
                if row.end > self._clock():
                    raise Refused(Problem("end", N_("服务还没有结束，结束以后才能确认。")))
                row.confirmed_by = row.confirmed_by or self._actor.staff_id
                row.updated_at, row.updated_by = self._stamp()

    @needs(Right.EDIT_VOLUNTEERS)
    def unconfirm(self, shift_id: int) -> None:
        """Open a confirmed shift for correction. Raises `Refused` for one at a session, or that a valid
        certificate tells of; `Missing`."""
        with self._database.write() as session:
            row = load_row(session, VolunteerShiftTable, shift_id)
            if row.session_id is not None:
                raise Refused(Problem("session_id", N_("随场次的服务要重新打开那一场才能改。")))
            refuse_certified(session, shift_rows(session, VolunteerShiftTable.id == shift_id))
            row.confirmed_by = None
            row.updated_at, row.updated_by = self._stamp()

    @needs(Right.SEE_VOLUNTEERS)
    def hours(self, volunteer_id: int, year: int) -> YearHours:
        """What a volunteer's year adds up to, by the rules in force; raises `Missing`."""
        begun, over = datetime(year, 1, 1), datetime(year + 1, 1, 1)
        with self._database.read() as session:
            load_row(session, VolunteerTable, volunteer_id)
            which = (VolunteerShiftTable.volunteer_id == volunteer_id, begun <= STARTS, over > STARTS)
            found = [shift for shift in worked(session, *which) if shift.counts]
            minutes = sum(shift.minutes for shift in found)
            recognised = recognised_minutes(found, hour_rules(session))
            return YearHours(year=year, times=len(found), minutes=minutes, recognised=recognised)

    @needs(Right.SEE_VOLUNTEERS)
    def ranking(self, year: int) -> tuple[RankRow, ...]:
        """The volunteers whose hours of a year count, who has most first."""
        begun, over = datetime(year, 1, 1), datetime(year + 1, 1, 1)
        table = VolunteerTable
        people = select(table.id, table.name, table.organisation).where(table.deleted_at.is_(None))
        with self._database.read() as session:
            found = hours_by_volunteer(year, stints_between(session, begun, over), hour_rules(session))
            names = {row.id: (row.name, row.organisation) for row in session.execute(people.order_by(table.name_key))}
        return ranking(found, names)

    @needs(Right.SEE_VOLUNTEERS)
    def years(self) -> tuple[int, ...]:
        """The years there are hours to show of, from this one back to the first shift's."""
        this = self._clock().year
        with self._database.read() as session:
            first = session.scalar(shifts_query(STARTS).order_by(STARTS).limit(1))
        return tuple(range(max(this, first.year if first else this), (first.year if first else this) - 1, -1))

    @needs(Right.SEE_VOLUNTEERS)
    def rules(self) -> HourRules:
        """How hours are recognised."""
        with self._database.read() as session:
            return hour_rules(session)

    @needs(Right.EDIT_STATION)
    def save_rules(self, rules: HourRules) -> None:
        """Change how hours are recognised. Raises `Refused`, `Conflict`."""
        verify(rules)
        with self._database.write() as session:
            kept = session.scalar(select(HourRulesTable))
            if rules.id is None and kept is not None and kept.uuid != rules.uuid:
                raise Conflict
            save(session, HourRulesTable, rules, self._stamp())


def hour_rules(session: Session) -> HourRules:
    """How hours are recognised: as the station has said, or as usual."""
    row = session.scalar(select(HourRulesTable))
    return HourRules() if row is None else record_of(HourRules, row)


def refuse_certified(session: Session, shifts: Iterable[ShiftRow]) -> None:
    """What is certified is not changed behind the back of the certificate: raise `Refused` for the first of
    these that a valid one tells of."""
    table = CertificateTable
    for shift in shifts:
        day = shift.start.date()
        told = select(table.number, table.lines).where(
            table.volunteer_id == shift.volunteer_id, table.first <= day, table.last >= day, table.void_on.is_(None)
        )
        for number, lines in session.execute(told.order_by(table.number)):
            # One entered afterwards is not in it.
            if shift.counts and any((line.day, line.minutes) == (day, shift.minutes) for line in lines):
                text = N_("{name}的这次服务已经写进证明{number}，要改请先作废那份证明。")
                raise Refused(Problem("", text, {"name": shift.volunteer_name, "number": number}))


def shift_rows(session: Session, *which: Any, called_off: bool = False) -> tuple[ShiftRow, ...]:
    """The shifts that meet `which`, by time; with `called_off` also those of sessions that are not held."""
    table = VolunteerShiftTable
    columns = (table.id, table.volunteer_id, VolunteerTable.name, table.session_id, ActivityTable.title)
    spans = (table.start, ActivitySessionTable.start, table.end, ActivitySessionTable.end)
    query = (
        shifts_query(*columns, *spans, table.work, table.did_not_come, counted(), called_off=called_off)
        .join(VolunteerTable, VolunteerTable.id == table.volunteer_id)
        .outerjoin(ActivityTable, ActivityTable.id == ActivitySessionTable.activity_id)
        .where(*which)
        .order_by(STARTS, table.id)
    )
    return tuple(_row(row) for row in session.execute(query))


def _row(row: Any) -> ShiftRow:
    number, volunteer, name, session_id, title, start, begun, end, over, work, missing, counts = row
    start, end = start or begun, end or over
    return ShiftRow(
        id=number,
        volunteer_id=volunteer,
        volunteer_name=name,
        session_id=session_id,
        title=title,
        start=start,
        end=end,
        minutes=int((end - start).total_seconds() // 60),
        work=work,
        did_not_come=missing,
        counts=bool(counts),
    )
