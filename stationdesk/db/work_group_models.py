"""The tables of work groups; each is compared with its record by a test."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.db.models import Base, Kept
from stationdesk.db.types import Coded, CodedMany
from stationdesk.records import work_groups


class WorkGroupTable(Kept, Base):
    """`records.work_groups.WorkGroup`."""

    __tablename__ = "work_group"

    kind: Mapped[work_groups.GroupKind] = mapped_column(Coded(work_groups.GroupKind))
    name: Mapped[work_groups.GroupName]
    doc_no: Mapped[work_groups.FoundingDocument | None]
    founded_on: Mapped[date]
    duties: Mapped[work_groups.Duties | None]
    meets_every: Mapped[work_groups.MeetsEvery | None]
    dissolved_on: Mapped[date | None]


class GroupMemberTable(Kept, Base):
    """`records.work_groups.GroupMember`."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("work_group.id", ondelete="RESTRICT"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("partner_contact.id", ondelete="RESTRICT"))
    position: Mapped[work_groups.Position] = mapped_column(Coded(work_groups.Position))
    expertise: Mapped[tuple[work_groups.Expertise, ...]] = mapped_column(CodedMany(work_groups.Expertise))
    since: Mapped[date]
    until: Mapped[date | None]

    __table_args__ = (CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name="one_person"),)


class GroupMeetingTable(Kept, Base):
    """`records.work_groups.GroupMeeting`."""

    __tablename__ = "group_meeting"

    group_id: Mapped[int] = mapped_column(ForeignKey("work_group.id", ondelete="RESTRICT"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[work_groups.MeetingKind] = mapped_column(Coded(work_groups.MeetingKind))
    place: Mapped[work_groups.MeetingPlace | None]
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("group_member.id", ondelete="RESTRICT"))
    topics: Mapped[work_groups.Topics]
    decisions: Mapped[work_groups.Decisions]


class GroupAttendanceTable(Kept, Base):
    """`records.work_groups.GroupAttendance`."""

    __tablename__ = "group_attendance"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id", ondelete="RESTRICT"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("group_member.id", ondelete="RESTRICT"), index=True)


class GroupTaskTable(Kept, Base):
    """`records.work_groups.GroupTask`."""

    __tablename__ = "group_task"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id", ondelete="RESTRICT"), index=True)
    what: Mapped[work_groups.TaskText]
    member_id: Mapped[int] = mapped_column(ForeignKey("group_member.id", ondelete="RESTRICT"), index=True)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    result: Mapped[work_groups.TaskResult | None]
