"""Invented work groups for the demonstration: who belongs to them, a year of meetings, what was decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import begun_on, told_together
from stationdesk.records.demonstration_partners import Ally
from stationdesk.records.demonstration_screening import uuid_of
from stationdesk.records.partners import PartnerContact, PartnerDept
from stationdesk.records.staff import Staff
from stationdesk.records.work_groups import (
    Expertise,
    GroupAttendance,
    GroupKind,
    GroupMeeting,
    GroupMember,
    GroupTask,
    MeetingKind,
    Position,
    WorkGroup,
    stretch_of,
)

# So far back meetings go, however old the station is.
_PAST = timedelta(days=400)
# A case was talked over so many days ago; a task of the last meeting is late by so many, another soon due.
_CONFERENCE, _LATE, _AHEAD = timedelta(days=33), timedelta(days=6), timedelta(days=5)


def work_groups(tale: Story, team: Sequence[Staff], partners: Sequence[Ally]) -> Iterator[object]:
    """The groups with their members, meetings and tasks, each record after those it points to; none where
    there are no partners."""
    if partners:
        maker = _Maker(tale, team, partners)
        for number, told in enumerate(told_together()["groups"], start=1):
            yield from maker.group(number, told)


@dataclass(frozen=True, slots=True)
class _Group:
    """A group as its meetings need it."""

    id: int
    told: Mapping[str, Any]
    members: Sequence[GroupMember]


class _Maker:
    """Makes one group after the other."""

    def __init__(self, tale: Story, team: Sequence[Staff], partners: Sequence[Ally]) -> None:
        self._tale = tale
        self._chance = Random(f"{tale.seed} groups")
        self._since = max(begun_on(tale), tale.until - _PAST)
        keys = {person.staff.uuid: person.key for person in tale.people}
        self._team = {keys.get(member.uuid, ""): member for member in team}
        self._contacts: dict[PartnerDept, Sequence[PartnerContact]] = {
            ally.partner.dept: ally.contacts for ally in partners if ally.partner.until is None
        }
        self._member_ids, self._meeting_ids = count(1), count(1)

    def group(self, number: int, told: Mapping[str, Any]) -> Iterator[object]:
        """One group and all that is its own."""
        founded = self._since - timedelta(days=20)
        yield WorkGroup(
            id=number,
            uuid=uuid_of(self._chance),
            kind=GroupKind.of(told["kind"]),
            name=told["name"],
            doc_no=f"演示街发〔{founded.year}〕{told['doc']}号",
            founded_on=founded,
            duties=told["duties"],
            meets_every=told["meets_every"],
        )
        members = tuple(self._members(number, told["members"], founded))
        yield from members
        yield from self._meetings(_Group(number, told, members))

    def _members(self, group_id: int, told: Sequence[Mapping[str, Any]], founded: date) -> Iterator[GroupMember]:
        """Whoever left the team before the group was founded was never in it."""
        for item in told:
            staff = self._team[item["staff"]] if "staff" in item else None
            contacts = self._contacts[PartnerDept.of(item["dept"])] if "dept" in item else ()
            since = max(founded, staff.entered_on or founded) if staff else founded
            until = staff.left_on if staff else None
            if until is not None and until < since:
                continue
            yield GroupMember(
                id=next(self._member_ids),
                uuid=uuid_of(self._chance),
                group_id=group_id,
                staff_id=staff.id if staff else None,
                contact_id=contacts[item.get("which", 0)].id if contacts else None,
                position=Position.of(item["position"]),
                expertise=tuple(Expertise.of(code) for code in item.get("expertise", ())),
                since=since,
                until=until,
            )

    # --- meetings --------------------------------------------------------------------------------

    def _meetings(self, group: _Group) -> Iterator[object]:
        """A regular one in every so many quarters before the running one, then one over a case."""
        days = self._days()[:: -group.told["quarters"]][::-1]
        matters = group.told["matters"]
        # The last matter is the latest one's: it has what is not done yet.
        for number, day in enumerate(days, start=len(matters) - len(days)):
            yield from self._meeting(group, day, matters[number % len(matters)], is_last=day == days[-1])
        if "conference" in group.told:
            yield from self._meeting(group, self._workday(self._tale.until - _CONFERENCE), group.told["conference"])

    def _days(self) -> Sequence[date]:
        """A day in the middle of each quarter that is over, the oldest first."""
        days: list[date] = []
        first, _last = stretch_of(self._tale.until, 3)
        while True:
            first, _last = stretch_of(first - timedelta(days=1), 3)
            day = self._workday(first + timedelta(days=self._chance.randrange(33, 56)))
            if day <= self._since:
                return days[::-1]
            days.append(day)

    def _workday(self, day: date) -> date:
        return day + timedelta(days=2) if day.weekday() >= 5 else day

    def _meeting(
        self, group: _Group, day: date, matter: Mapping[str, Any], *, is_last: bool = False
    ) -> Iterator[object]:
        """One meeting, who was there, and what they were given to do."""
        chance, number = self._chance, next(self._meeting_ids)
        there = [member for member in group.members if member.belongs_on(day)]
        missing = chance.sample(there[1:], chance.randrange(0, 3))
        came = [member for member in there if member not in missing]
        yield GroupMeeting(
            id=number,
            uuid=uuid_of(chance),
            group_id=group.id,
            day=day,
            kind=MeetingKind.REGULAR if "tasks" in matter else MeetingKind.CASE_CONFERENCE,
            place=group.told["place"],
            chair_id=came[0].id,
            topics=matter["topics"],
            decisions=matter["decisions"],
        )
        for member in came:
            yield GroupAttendance(uuid=uuid_of(chance), meeting_id=number, member_id=member.id or 0)
        for what, result in matter.get("tasks", ()):
            done_on = day + timedelta(days=chance.randrange(8, 27))
            due_on = day + timedelta(days=30)
            yield self._task(number, what, came, due_on, done_on=done_on, result=result)
        if is_last and "overdue" in matter:
            yield self._task(number, matter["overdue"], came, self._tale.until - _LATE)
        if "open" in matter and (is_last or "tasks" not in matter):
            yield self._task(number, matter["open"], came, self._tale.until + _AHEAD)

    def _task(self, meeting_id: int, what: str, came: Sequence[GroupMember], due_on: date, **end: Any) -> GroupTask:
        return GroupTask(
            uuid=uuid_of(self._chance),
            meeting_id=meeting_id,
            what=what,
            member_id=self._chance.choice(came).id or 0,
            due_on=due_on,
            **end,
        )
