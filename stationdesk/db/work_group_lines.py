"""What is read of work groups: who their members are, who was at a meeting, how tasks stand."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import PartnerContactTable, PartnerTable
from stationdesk.db.models import StaffTable
from stationdesk.db.stores import record_of
from stationdesk.db.work_group_models import (
    GroupAttendanceTable,
    GroupMeetingTable,
    GroupMemberTable,
    GroupTaskTable,
    WorkGroupTable,
)
from stationdesk.fields import to_text
from stationdesk.records.access import Actor
from stationdesk.records.calendar import Period
from stationdesk.records.counting import Event
from stationdesk.records.work_groups import (
    GroupMeeting,
    GroupMember,
    GroupRow,
    GroupTask,
    MeetingKind,
    MeetingMinutes,
    MemberLine,
    Position,
    TaskLine,
    TaskState,
    WorkGroup,
    shown_meeting,
    shown_task,
)

_POSITIONS = list(Position)
_STATES = (TaskState.OVERDUE, TaskState.OPEN, TaskState.DONE)


def _read(cls: type[Any], row: object) -> dict[str, Any]:
    """The fields of a record as a table row holds them, to make a line with more fields of it."""
    return {item.name: getattr(row, item.name) for item in fields(cls)}


def groups(session: Session) -> tuple[WorkGroup, ...]:
    """All groups, also the dissolved ones; there are never many."""
    table = WorkGroupTable
    kept = select(table).where(table.deleted_at.is_(None)).order_by(table.id)
    return tuple(record_of(WorkGroup, row) for row in session.scalars(kept))


def members(session: Session, group_ids: Sequence[int]) -> tuple[MemberLine, ...]:
    """The memberships of these groups with names, the head first, those who left last."""
    table, staff, contact = GroupMemberTable, StaffTable, PartnerContactTable
    query = (
        select(table, staff, contact, PartnerTable.name)
        .outerjoin(staff, staff.id == table.staff_id)
        .outerjoin(contact, contact.id == table.contact_id)
        .outerjoin(PartnerTable, PartnerTable.id == contact.partner_id)
        .where(table.group_id.in_(group_ids), table.deleted_at.is_(None))
        .order_by(table.id)
    )
    found = []
    for row, person, outside, partner in session.execute(query):
        own = _read(GroupMember, row)
        if person is not None:
            found.append(MemberLine(**own, name=person.name, unit=person.employer, post=to_text(person.posts)))
        else:
            found.append(MemberLine(**own, name=outside.name, unit=partner, post=outside.post or ""))
    return tuple(sorted(found, key=lambda line: (line.until is not None, _POSITIONS.index(line.position))))


def meetings(session: Session, group_id: int, actor: Actor) -> tuple[MeetingMinutes, ...]:
    """The meetings of one group as `actor` may read them, the latest first."""
    table, came = GroupMeetingTable, attendees(session, group_id)
    kept = select(table).where(table.group_id == group_id, table.deleted_at.is_(None))
    return tuple(
        shown_meeting(MeetingMinutes(**_read(GroupMeeting, row), attendees=tuple(came[row.id])), actor)
        for row in session.scalars(kept.order_by(table.day.desc(), table.id.desc()))
    )


def attendees(session: Session, group_id: int) -> dict[int, list[int]]:
    """Who was there, by meeting of one group."""
    table = GroupAttendanceTable
    query = (
        select(table.meeting_id, table.member_id)
        .join(GroupMeetingTable, GroupMeetingTable.id == table.meeting_id)
        .where(GroupMeetingTable.group_id == group_id, table.deleted_at.is_(None))
        .order_by(table.id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for meeting_id, member_id in session.execute(query):
        found[meeting_id].append(member_id)
    return found


def tasks(session: Session, group_ids: Sequence[int], actor: Actor, today: date) -> tuple[tuple[int, TaskLine], ...]:
    """What the meetings of these groups decided, each with its group, as `actor` may read it; what is overdue
    first, what is done last."""
    table, meeting, member = GroupTaskTable, GroupMeetingTable, GroupMemberTable
    query = (
        select(table, meeting.group_id, meeting.kind, member.staff_id)
        .join(meeting, meeting.id == table.meeting_id)
        .join(member, member.id == table.member_id)
        .where(meeting.group_id.in_(group_ids), table.deleted_at.is_(None), meeting.deleted_at.is_(None))
        .order_by(table.due_on, table.id)
    )
    found = []
    for row, group_id, kind, staff_id in session.execute(query):
        restricted = kind is MeetingKind.CASE_CONFERENCE
        state = record_of(GroupTask, row).state_on(today)
        line = TaskLine(**_read(GroupTask, row), state=state, restricted=restricted)
        own = staff_id == actor.staff_id
        found.append((group_id, shown_task(line, actor, restricted=restricted, own=own)))
    return tuple(sorted(found, key=lambda pair: _STATES.index(pair[1].state)))


def group_rows(session: Session, actor: Actor, today: date) -> Iterator[GroupRow]:
    """The lines of all groups; meetings are those of the calendar year."""
    known, days = groups(session), meeting_days(session)
    ids = [group.id or 0 for group in known]
    there, waiting = members(session, ids), tasks(session, ids, actor, today)
    for group in known:
        held = days[group.id or 0]
        yield GroupRow(
            id=group.id or 0,
            name=group.name,
            kind=group.kind,
            members=sum(line.group_id == group.id and line.belongs_on(today) for line in there),
            meetings=sum(day.year == today.year for day in held),
            last_meeting=held[-1] if held else None,
            open_tasks=sum(of == group.id and task.state is not TaskState.DONE for of, task in waiting),
            dissolved_on=group.dissolved_on,
        )


def meeting_days(session: Session) -> dict[int, list[date]]:
    """The days of all meetings by group, in their order."""
    table = GroupMeetingTable
    query = select(table.group_id, table.day).where(table.deleted_at.is_(None)).order_by(table.day)
    found: dict[int, list[date]] = defaultdict(list)
    for group_id, day in session.execute(query):
        found[group_id].append(day)
    return found


def meeting_events(session: Session, year: Period) -> tuple[Event, ...]:
    """The meetings of a time as rows A09 and A10 count them: `kind` is that of the meeting."""
    table = GroupMeetingTable
    query = select(table.id, table.day, table.kind).where(
        table.deleted_at.is_(None), table.day.between(year.first, year.last)
    )
    ordered = query.order_by(table.day, table.id)
    return tuple(Event(number, day, kind=kind.code) for number, day, kind in session.execute(ordered))


def first_meeting_on(session: Session) -> date | None:
    """The day of the first meeting."""
    table = GroupMeetingTable
    return session.scalar(select(func.min(table.day)).where(table.deleted_at.is_(None)))
