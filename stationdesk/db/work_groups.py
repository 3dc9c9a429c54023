"""Work groups: founding them, who belongs to them, their meetings, and what is to be done after these."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import PartnerContactTable, PartnerTable
from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.models import StaffTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, load, load_row, needs, record_of, remove, save, verify
from stationdesk.db.work_group_lines import group_rows, groups, meeting_days, meetings, members, tasks
from stationdesk.db.work_group_models import (
    GroupAttendanceTable,
    GroupMeetingTable,
    GroupMemberTable,
    GroupTaskTable,
    WorkGroupTable,
)
from stationdesk.errors import Denied, Problem, Refused
from stationdesk.fields import Level
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.home import Due, groups_due
from stationdesk.records.masking import is_open
from stationdesk.records.work_groups import (
    TASK_DAYS,
    ContactChoice,
    GroupAttendance,
    GroupDue,
    GroupKind,
    GroupMeeting,
    GroupMember,
    GroupRow,
    GroupSheet,
    GroupTask,
    GroupView,
    MeetingKind,
    MeetingMinutes,
    MeetingRow,
    TaskDue,
    TaskState,
    WorkGroup,
    group_problems,
    meeting_due,
    meeting_problems,
    member_problems,
    seat_problems,
    task_problems,
)

_KINDS = list(GroupKind)


class WorkGroupStore(Store):
    """The groups of the station's working mechanism."""

    @needs(Right.SEE_GROUPS, searches="work_group")
    def find(self, words: str = "", sort: str = "kind", descending: bool = False, gone: bool = False) -> "array[int]":
        """Ids of the groups whose name has `words` or their pinyin; dissolved ones only with `gone`."""
        today = self._clock().date()
        with self._database.read() as session:
            found = [
                row
                for row in group_rows(session, self._actor, today)
                if (gone or row.dissolved_on is None or row.dissolved_on >= today)
                and squeezed(words) in search_words(row.name)
            ]
        found.sort(key=lambda row: (_KINDS.index(row.kind), name_key(row.name)))
        found.sort(key=lambda row: _order(getattr(row, sort, row.kind)), reverse=descending)
        return array("q", (row.id for row in found))

    @needs(Right.SEE_GROUPS)
    def rows(self, ids: Sequence[int]) -> tuple[GroupRow, ...]:
        """The lines of these ids, in their order; meetings are those of the calendar year."""
        today = self._clock().date()
        with self._database.read() as session:
            found = {row.id: row for row in group_rows(session, self._actor, today)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_GROUPS, reads="work_group")
    def view(self, group_id: int) -> GroupView:
        """All of one group; raises `Missing`."""
        today = self._clock().date()
        with self._database.read() as session:
            return GroupView(
                group=load(session, WorkGroup, WorkGroupTable, group_id),
                members=members(session, [group_id]),
                meetings=meetings(session, group_id, self._actor),
                tasks=tuple(task for _group, task in tasks(session, [group_id], self._actor, today)),
            )

    @needs(Right.SEE_GROUPS)
    def group_of(self, meeting_id: int) -> int:
        """The group that held a meeting; raises `Missing`."""
        with self._database.read() as session:
            return load(session, GroupMeeting, GroupMeetingTable, meeting_id).group_id

    @needs(Right.SEE_GROUPS)
    def contacts(self) -> tuple[ContactChoice, ...]:
        """The contacts of the partners worked with, by partner: any of them can be a member."""
        table, today = PartnerContactTable, self._clock().date()
        query = (
            select(table.id, table.name, PartnerTable.name)
            .join(PartnerTable, PartnerTable.id == table.partner_id)
            .where(table.deleted_at.is_(None), PartnerTable.deleted_at.is_(None))
            .where(PartnerTable.until.is_(None) | (PartnerTable.until > today))
            .order_by(PartnerTable.name_key, table.id)
        )
        with self._database.read() as session:
            return tuple(ContactChoice(id=i, name=name, partner=partner) for i, name, partner in session.execute(query))

    # --- what is changed -------------------------------------------------------------------------

    @needs(Right.EDIT_GROUPS)
    def save(self, group: WorkGroup) -> int:
        """Found or change one group; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        verify(group)
        with self._database.write() as session:
            table = WorkGroupTable
            same = select(table.id).where(table.name == group.name, table.uuid != group.uuid, _kept(table))
            if session.scalar(same) is not None:
                raise Refused(Problem("name", N_("已有同名的小组（也可能是已撤销的），请打开那一个再改。")))
            if group.id is not None:
                days = meeting_days(session)[group.id]
                Refused.over(group_problems(group, members(session, [group.id]), days))
            return save(session, table, group, self._stamp())

    @needs(Right.EDIT_GROUPS)
    def save_member(self, member: GroupMember) -> int:
        """Add or change one membership; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        record = record_of(GroupMember, member)
        verify(record)
        with self._database.write() as session:
            group = load(session, WorkGroup, WorkGroupTable, record.group_id)
            if record.staff_id is not None:
                load_row(session, StaffTable, record.staff_id)
            if record.contact_id is not None:
                load_row(session, PartnerContactTable, record.contact_id)
            if record.id is not None:
                old = load(session, GroupMember, GroupMemberTable, record.id)
                if old.person != record.person and _is_used(session, record.id):
                    text = N_("这位成员参加过会议或者有要办的事，不能换成别人；请填他的退出日期，再添加新的成员。")
                    raise Refused(Problem("staff_id", text))
                Refused.over(seat_problems(record, _seats(session, record.id)))
            others = [line for line in members(session, [record.group_id]) if line.uuid != record.uuid]
            Refused.over(member_problems(record, group, others))
            return save(session, GroupMemberTable, record, self._stamp())

    @needs(Right.EDIT_GROUPS)
    def remove_member(self, member_id: int) -> None:
        """Take out a membership entered by mistake; one that ended has a last day instead. Raises `Refused`,
        `Missing`."""
        with self._database.write() as session:
            if _is_used(session, member_id):
                text = N_("这位成员参加过会议或者有要办的事，不能删除；已经退出的，请填退出日期。")
                raise Refused(Problem("", text))
            remove(session, GroupMemberTable, member_id, self._stamp())

    @needs(Right.EDIT_GROUPS)
    def save_meeting(self, minutes: MeetingMinutes) -> int:
        """Write down or change one meeting with those who were there; returns the id. Raises `Refused`,
        `Conflict`, `Missing`, `Denied`."""
        verify(minutes)
        with self._database.write() as session:
            if minutes.id is not None:
                self._may_read(load(session, GroupMeeting, GroupMeetingTable, minutes.id))
            self._may_read(minutes)
            group = load(session, WorkGroup, WorkGroupTable, minutes.group_id)
            there = members(session, [minutes.group_id])
            today = self._clock().date()
            Refused.over(meeting_problems(minutes, minutes.attendees, group, there, today))
            meeting_id = save(session, GroupMeetingTable, record_of(GroupMeeting, minutes), self._stamp())
            self._seat(session, meeting_id, minutes.attendees)
            return meeting_id

    def _may_read(self, meeting: GroupMeeting) -> None:
        """What somebody was not shown must not be saved over by them."""
        if meeting.kind is MeetingKind.CASE_CONFERENCE and not is_open(Level.L4, self._actor):
            raise Refused(Problem("kind", N_("个案会商的内容只有站长和儿童督导员能登记和修改。")))

    def _seat(self, session: Session, meeting_id: int, wanted: Sequence[int]) -> None:
        """Make these the attendees, and no others."""
        table = GroupAttendanceTable
        query = select(table.member_id, table.id).where(table.meeting_id == meeting_id, _kept(table))
        there = dict(session.execute(query).tuples().all())
        for member_id, seat in there.items():
            if member_id not in wanted:
                remove(session, table, seat, self._stamp())
        for member_id in dict.fromkeys(wanted):
            if member_id not in there:
                save(session, table, GroupAttendance(meeting_id=meeting_id, member_id=member_id), self._stamp())

    @needs(Right.EDIT_GROUPS)
    def remove_meeting(self, meeting_id: int) -> None:
        """Take out a meeting entered by mistake; raises `Refused` while it has tasks, `Missing`."""
        with self._database.write() as session:
            given = select(GroupTaskTable.id).where(GroupTaskTable.meeting_id == meeting_id, _kept(GroupTaskTable))
            if session.scalar(given) is not None:
                raise Refused(Problem("", N_("这次会议还有要办的事，请先删除那些事，再删除会议。")))
            self._seat(session, meeting_id, ())
            remove(session, GroupMeetingTable, meeting_id, self._stamp())

    @needs(Right.EDIT_GROUPS)
    def save_task(self, task: GroupTask) -> int:
        """Add or change one task of a meeting; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        record = record_of(GroupTask, task)
        verify(record)
        with self._database.write() as session:
            meeting = load(session, GroupMeeting, GroupMeetingTable, record.meeting_id)
            self._may_read(meeting)
            member = load(session, GroupMember, GroupMemberTable, record.member_id)
            if member.group_id != meeting.group_id:
                raise Refused(Problem("member_id", N_("责任人不是这个小组的成员，请换一位。")))
            Refused.over(task_problems(record, meeting, self._clock().date()))
            return save(session, GroupTaskTable, record, self._stamp())

    @needs(Right.SEE_GROUPS)
    def report_task(self, task: GroupTask) -> int:
        """Say that one's own task is done and what came of it; nothing else of it is taken. Raises `Refused`,
        `Conflict`, `Missing`, `Denied` for somebody else's task."""
        with self._database.write() as session:
            old = load(session, GroupTask, GroupTaskTable, task.id or 0)
            if load(session, GroupMember, GroupMemberTable, old.member_id).staff_id != self._actor.staff_id:
                raise Denied
            record = replace(old, version=task.version, done_on=task.done_on, result=task.result)
            verify(record)
            meeting = load(session, GroupMeeting, GroupMeetingTable, record.meeting_id)
            Refused.over(task_problems(record, meeting, self._clock().date()))
            return save(session, GroupTaskTable, record, self._stamp())

    @needs(Right.EDIT_GROUPS)
    def remove_task(self, task_id: int) -> None:
        """Take out a task entered by mistake; raises `Missing`."""
        with self._database.write() as session:
            remove(session, GroupTaskTable, task_id, self._stamp())

    # --- what others ask -------------------------------------------------------------------------

    @needs(Right.SEE_GROUPS)
    def due(self) -> tuple[Due, ...]:
        """Groups that have to meet (R22) and tasks that are due within a week or overdue, for those who look
        after the groups; for everybody else their own tasks."""
        today, all_of_it = self._clock().date(), self._actor.may(Right.EDIT_GROUPS)
        with self._database.read() as session:
            known, days = groups(session), meeting_days(session)
            ids = [group.id or 0 for group in known]
            people = {line.id: line for line in members(session, ids)}
            waiting = tasks(session, ids, self._actor, today)
        wanted = [
            GroupDue(group_id=group.id or 0, name=group.name, on=on)
            for group in known
            if all_of_it and (on := meeting_due(group, max(days[group.id or 0], default=None), today)) is not None
        ]
        pressing = [
            TaskDue(group_id=of, what=task.what, who=people[task.member_id].name, on=task.due_on)
            for of, task in waiting
            if (all_of_it or people[task.member_id].staff_id == self._actor.staff_id)
            and task.state is not TaskState.DONE
            and task.due_on <= today + timedelta(days=TASK_DAYS)
        ]
        return tuple(groups_due(wanted, pressing, today))

    @needs(Right.SEE_GROUPS)
    def meeting_rows(self, ids: Sequence[int]) -> tuple[MeetingRow, ...]:
        """The lines of these meetings, in their order."""
        table, seat = GroupMeetingTable, GroupAttendanceTable
        came = select(func.count()).where(seat.meeting_id == table.id, _kept(seat)).scalar_subquery()
        query = (
            select(table.id, table.day, WorkGroupTable.name, table.kind, table.place, came)
            .join(WorkGroupTable, WorkGroupTable.id == table.group_id)
            .where(table.id.in_(ids))
        )
        with self._database.read() as session:
            found = {
                i: MeetingRow(id=i, day=day, group=group, kind=kind, place=place, came=count)
                for i, day, group, kind, place, count in session.execute(query)
            }
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_GROUPS)
    def sheets(self) -> tuple[GroupSheet, ...]:
        """The groups there are today with today's members, for the wall."""
        today = self._clock().date()
        with self._database.read() as session:
            there = sorted(
                (group for group in groups(session) if group.is_there_on(today)),
                key=lambda group: (_KINDS.index(group.kind), group.founded_on, group.id),
            )
            lines = members(session, [group.id or 0 for group in there])
        return tuple(
            GroupSheet(
                group=group,
                members=tuple(line for line in lines if line.group_id == group.id and line.belongs_on(today)),
            )
            for group in there
        )


def _is_used(session: Session, member_id: int) -> bool:
    """Whether a membership stands in a meeting or in a task."""
    return any(
        session.scalar(select(table.id).where(table.member_id == member_id, _kept(table)).limit(1)) is not None
        for table in (GroupAttendanceTable, GroupTaskTable)
    )


def _seats(session: Session, member_id: int) -> list[date]:
    """The days of the meetings a member was at."""
    seat, table = GroupAttendanceTable, GroupMeetingTable
    query = select(table.day).join(seat, seat.meeting_id == table.id)
    return list(session.scalars(query.where(seat.member_id == member_id, _kept(seat), _kept(table))))


def _kept(table: Any) -> Any:
    return table.deleted_at.is_(None)


def _order(value: Any) -> tuple[bool, Any]:
    """What a list of groups is sorted by: names by pinyin, codes in their own order, nothing last."""
    if isinstance(value, GroupKind):
        return False, _KINDS.index(value)
    if isinstance(value, str):
        return False, name_key(value)
    return value is None, value if value is not None else date.min
