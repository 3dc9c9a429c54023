"""Activities: finding, planning, copying with all their sessions, and who they are held with."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    ActivityTable,
    PartnerLinkTable,
    PartnerTable,
)
from stationdesk.db.attendance import promote
from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.contract_links import contract_problems, still_in
from stationdesk.db.gate import staff_problems
from stationdesk.db.models import StaffTable
from stationdesk.db.partner_links import link_partners, linked_to
from stationdesk.db.pinyin import name_key
from stationdesk.db.session_work import SessionWork
from stationdesk.db.stores import load, needs, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.activities import Activity, ActivityQuery, ActivityRow, copied
from stationdesk.records.people import tidy_name
from stationdesk.records.series import Series
from stationdesk.records.sessions import NOT_HELD, ActivitySession, SessionStatus

_SORTS: dict[str, Any] = {
    "title": ActivityTable.name_key,
    "form": ActivityTable.form,
    "category": ActivityTable.category,
    "leader_name": StaffTable.name_key,
    "feature": ActivityTable.feature,
    "ended_on": ActivityTable.ended_on,
}


class ActivityStore(SessionWork):
    """One activity, and the partners it is held with."""

    @needs(Right.SEE_ACTIVITIES, searches="activity")
    def find(self, query: ActivityQuery) -> "array[int]":
        """Ids of the activities looked for, the latest first unless sorted otherwise; words find a title by
        any part of it, its pinyin or its initials."""
        table, sessions = ActivityTable, _sessions_of()
        wanted = (
            select(table.id)
            .outerjoin(sessions, sessions.c.activity_id == table.id)
            .outerjoin(StaffTable, StaffTable.id == table.leader_id)
            .where(table.deleted_at.is_(None))
        )
        for column, value in ((table.form, query.form), (table.category, query.category)):
            if value is not None:
                wanted = wanted.where(column == value)
        if query.leader_id is not None:
            wanted = wanted.where(table.leader_id == query.leader_id)
        if query.partner_id is not None:
            links = PartnerLinkTable
            shared = select(links.activity_id).where(links.partner_id == query.partner_id, links.deleted_at.is_(None))
            wanted = wanted.where(table.id.in_(shared))
        if query.ended is not None:
            wanted = wanted.where(table.ended_on.is_not(None) if query.ended else table.ended_on.is_(None))
        if query.words:
            wanted = wanted.where(table.words.contains(squeezed(query.words), autoescape=True))
        key = _SORTS.get(query.sort, getattr(sessions.c, query.sort, sessions.c.first_day))
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if query.descending else key, table.id)))

    @needs(Right.SEE_ACTIVITIES)
    def rows(self, ids: Sequence[int]) -> tuple[ActivityRow, ...]:
        """The lines of these ids, in their order."""
        table, sessions = ActivityTable, _sessions_of(ids)
        columns = (table.id, table.title, table.form, table.category, table.feature, table.ended_on)
        query = (
            select(*columns, StaffTable.name.label("leader_name"), sessions)
            .outerjoin(sessions, sessions.c.activity_id == table.id)
            .outerjoin(StaffTable, StaffTable.id == table.leader_id)
            .where(table.id.in_(ids))
        )
        with self._database.read() as session:
            found = {row.id: _row(row) for row in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_ACTIVITIES)
    def load(self, activity_id: int) -> Activity:
        """One activity; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Activity, ActivityTable, activity_id)

    @needs(Right.EDIT_ACTIVITIES)
    def save(self, activity: Activity, partner_ids: Sequence[int] | None = None) -> int:
        """Add or change one activity, and if they are given whom it is held with; returns the id. With a
        larger quota those who wait move up. Raises `Refused`, `Conflict`, `Missing`."""
        with self._database.write() as session:
            activity_id = self._save(session, activity)
            if partner_ids is not None:
                link_partners(session, self._stamp(), partner_ids, activity_id=activity_id)
            return activity_id

    @needs(Right.EDIT_ACTIVITIES)
    def plan(
        self,
        activity: Activity,
        partner_ids: Sequence[int],
        held: ActivitySession,
        series: Series | None = None,
        room_id: int | None = None,
        override_reason: str | None = None,
    ) -> tuple[int, ...]:
        """A new activity, whom it is held with, and its first session (with `series` one on each of its
        days) in its room, in one step; returns the ids of the sessions. All or nothing: raises `Refused`."""
        with self._database.write() as session:
            activity_id = self._save(session, activity)
            link_partners(session, self._stamp(), partner_ids, activity_id=activity_id)
            held = replace(held, activity_id=activity_id)
            if series is not None:
                return self._place_series(session, held, series, room_id, override_reason)
            return (self._place(session, held, room_id, override_reason),)

    def _save(self, session: Session, activity: Activity) -> int:
        activity = replace(activity, title=tidy_name(activity.title))
        verify(activity)
        old = None if activity.id is None else load(session, Activity, ActivityTable, activity.id)
        if old is None or old.leader_id != activity.leader_id:
            Refused.over(staff_problems(session, "leader_id", activity.leader_id, self._clock().date()))
        held = () if old is None else self._sessions(session, old.id or 0)
        if old is None or old.contract_id != activity.contract_id:
            days = [one.start.date() for one in held if one.status not in NOT_HELD]
            Refused.over(contract_problems(session, activity.contract_id, days))
        if activity.ended_on is not None and any(one.status is SessionStatus.PLANNED for one in held):
            raise Refused(Problem("ended_on", N_("还有没结束的场次，请先结束或取消它们，再结项。")))
        keys = {"name_key": name_key(activity.title), "words": search_words(activity.title)}
        activity_id = save(session, ActivityTable, activity, self._stamp(), **keys)
        renamed = old is not None and (old.title, old.form) != (activity.title, activity.form)
        for one in held:
            if renamed:
                self._rename_booking(session, activity, one)
            if one.status is SessionStatus.PLANNED:
                promote(session, one.id or 0, activity.quota, self._stamp())
        return activity_id

    @needs(Right.EDIT_ACTIVITIES)
    def copy(self, activity_id: int, first: date, leader_id: int | None = None) -> int:
        """The same activity once more with all its sessions, the first on `first`, each in its room; returns
        the new id. `leader_id` leads and runs all of it, else those who did; they are judged anew.
        All or nothing: raises `Refused`, `Missing`."""
        with self._database.write() as session:
            old = load(session, Activity, ActivityTable, activity_id)
            again = replace(copied(old, leader_id), contract_id=still_in(session, old.contract_id, first))
            new_id = self._save(session, again)
            link_partners(session, self._stamp(), linked_to(session, activity_id=activity_id), activity_id=new_id)
            self._copy_sessions(session, activity_id, new_id, first, leader_id)
            return new_id

    @needs(Right.SEE_ACTIVITIES)
    def partners(self, activity_id: int) -> tuple[int, ...]:
        """The ids of those it is held with."""
        with self._database.read() as session:
            return linked_to(session, activity_id=activity_id)

    @needs(Right.SEE_ACTIVITIES)
    def partner_names(self, activity_id: int) -> tuple[str, ...]:
        """The names of those it is held with."""
        links = PartnerLinkTable
        query = (
            select(PartnerTable.name)
            .join(links, links.partner_id == PartnerTable.id)
            .where(links.activity_id == activity_id, links.deleted_at.is_(None))
            .order_by(PartnerTable.name_key, PartnerTable.id)
        )
        with self._database.read() as session:
            return tuple(session.scalars(query))


def _sessions_of(ids: Sequence[int] | None = None) -> Any:
    """What follows from the sessions of each activity, of all or of these."""
    table = ActivitySessionTable
    is_done = table.status == SessionStatus.DONE
    which = () if ids is None else (table.activity_id.in_(ids),)
    return (
        select(
            table.activity_id,
            func.min(table.start).label("first_day"),
            func.max(table.start).label("last_day"),
            func.count().label("sessions"),
            func.count().filter(is_done).label("done"),
            func.sum(table.cost).filter(is_done).label("cost"),
        )
        .where(table.deleted_at.is_(None), table.status.not_in(NOT_HELD), *which)
        .group_by(table.activity_id)
        .subquery()
    )


def _row(row: Any) -> ActivityRow:
    return ActivityRow(
        id=row.id,
        title=row.title,
        form=row.form,
        category=row.category,
        leader_name=row.leader_name,
        first_day=row.first_day and row.first_day.date(),
        last_day=row.last_day and row.last_day.date(),
        sessions=row.sessions or 0,
        done=row.done or 0,
        cost=row.cost or Decimal(0),
        feature=row.feature,
        ended_on=row.ended_on,
    )
