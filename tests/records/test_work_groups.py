"""The rules of groups, memberships, meetings and tasks; by when a group is to meet."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.fields import check
from stationdesk.records.access import Actor, Role
from stationdesk.records.home import groups_due, partners_due
from stationdesk.records.partners import PartnerDue
from stationdesk.records.work_groups import (
    Expertise,
    GroupDue,
    GroupKind,
    GroupMeeting,
    GroupMember,
    GroupTask,
    MeetingKind,
    TaskDue,
    TaskState,
    WorkGroup,
    group_problems,
    meeting_due,
    meeting_problems,
    member_problems,
    shown_meeting,
    shown_task,
    stretch_of,
    task_problems,
)

TODAY = date(2026, 11, 24)
GROUP = WorkGroup(id=1, name="领导小组", founded_on=date(2026, 1, 10), meets_every=3)
MEMBER = GroupMember(id=1, group_id=1, staff_id=7, since=date(2026, 1, 10))
MEETING = GroupMeeting(id=1, group_id=1, day=date(2026, 11, 20), topics="议题", decisions="决定")
TASK = GroupTask(meeting_id=1, what="巡查", member_id=1, due_on=date(2026, 12, 1))
EXPERTS = replace(GROUP, kind=GroupKind.EXPERT)


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (GROUP, []),
        (replace(GROUP, name=""), ["name"]),
        (replace(GROUP, meets_every=13), ["meets_every"]),
        (replace(GROUP, dissolved_on=date(2026, 1, 9)), ["dissolved_on"]),
        (MEMBER, []),
        (replace(MEMBER, staff_id=None), ["staff_id"]),
        (replace(MEMBER, contact_id=3), ["staff_id"]),
        (replace(MEMBER, until=date(2026, 1, 9)), ["until"]),
        (TASK, []),
        (replace(TASK, done_on=date(2026, 11, 21)), ["result"]),
        (replace(TASK, result="查了3家"), ["done_on"]),
    ],
)
def test_rules_of_one_record(record: WorkGroup | GroupMember | GroupTask, fields: list[str]) -> None:
    assert [problem.field for problem in (*check(record), *record.problems())] == fields


@pytest.mark.parametrize(
    ("changes", "group", "fields"),
    [
        ({}, GROUP, []),
        ({}, EXPERTS, ["expertise"]),
        ({"expertise": (Expertise.LAW,)}, EXPERTS, []),
        ({"since": date(2026, 1, 9)}, GROUP, ["since"]),
        ({"since": date(2026, 3, 1)}, replace(GROUP, dissolved_on=date(2026, 2, 1)), ["since"]),
    ],
)
def test_rules_of_a_membership(changes: dict[str, object], group: WorkGroup, fields: list[str]) -> None:
    assert [p.field for p in member_problems(replace(MEMBER, **changes), group, [])] == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("since", "until", "person", "fields"),
    [
        (date(2026, 5, 2), None, (7, None), []),
        (date(2026, 5, 1), None, (7, None), ["since"]),
        (date(2026, 1, 10), None, (7, None), ["since"]),
        (date(2026, 1, 10), date(2026, 2, 28), (7, None), []),
        (date(2026, 1, 10), date(2026, 3, 1), (7, None), ["since"]),
        (date(2026, 4, 1), None, (8, None), []),
        (date(2026, 4, 1), None, (None, 7), []),
    ],
)
def test_nobody_is_in_a_group_twice_at_a_time(
    since: date, until: date | None, person: tuple[int | None, int | None], fields: list[str]
) -> None:
    there = replace(MEMBER, since=date(2026, 3, 1), until=date(2026, 5, 1))
    fresh = replace(MEMBER, id=None, since=since, until=until, staff_id=person[0], contact_id=person[1])
    assert [problem.field for problem in member_problems(fresh, GROUP, [there])] == fields
    assert list(member_problems(there, GROUP, [there])) == []


@pytest.mark.parametrize(
    ("changes", "attendees", "fields"),
    [
        ({}, [1], []),
        ({"day": date(2026, 11, 25)}, [1], ["day"]),
        ({"day": date(2026, 1, 9)}, [1], ["day", "attendees"]),
        ({}, [], ["attendees"]),
        ({}, [1, 2], ["attendees"]),
        ({"chair_id": 1}, [1], []),
        ({"chair_id": 1}, [3], ["chair_id"]),
    ],
)
def test_rules_of_a_meeting(changes: dict[str, object], attendees: list[int], fields: list[str]) -> None:
    members = [MEMBER, replace(MEMBER, id=2, until=date(2026, 11, 19)), replace(MEMBER, id=3)]
    meeting = replace(MEETING, **changes)  # type: ignore[arg-type]
    assert [p.field for p in meeting_problems(meeting, attendees, GROUP, members, TODAY)] == fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"due_on": date(2026, 11, 19)}, ["due_on"]),
        ({"done_on": date(2026, 11, 19)}, ["done_on"]),
        ({"done_on": date(2026, 11, 25)}, ["done_on"]),
        ({"done_on": TODAY}, []),
    ],
)
def test_rules_of_a_task(changes: dict[str, object], fields: list[str]) -> None:
    assert [p.field for p in task_problems(replace(TASK, **changes), MEETING, TODAY)] == fields  # type: ignore[arg-type]


def test_a_group_is_not_changed_away_from_its_members_and_meetings() -> None:
    days = [date(2026, 3, 1), date(2026, 9, 1)]
    assert list(group_problems(GROUP, [MEMBER], days)) == []
    late = replace(GROUP, founded_on=date(2026, 2, 1), dissolved_on=date(2026, 8, 31), kind=GroupKind.EXPERT)
    assert [p.field for p in group_problems(late, [MEMBER], days)] == ["founded_on", "dissolved_on", "kind"]


def test_how_a_task_stands() -> None:
    states = [replace(TASK, due_on=day).state_on(TODAY) for day in (date(2026, 11, 23), TODAY)]
    assert states == [TaskState.OVERDUE, TaskState.OPEN]
    assert replace(TASK, due_on=date(2026, 11, 1), done_on=TODAY).state_on(TODAY) is TaskState.DONE


@pytest.mark.parametrize(
    ("today", "months", "first", "last"),
    [
        (date(2026, 11, 24), 3, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 2, 28), 1, date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 7, 1), 12, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 1), 5, date(2026, 11, 1), date(2026, 12, 31)),
    ],
)
def test_stretches_of_months(today: date, months: int, first: date, last: date) -> None:
    # A stretch that does not fit ends with the year.
    assert stretch_of(today, months) == (first, last)


@pytest.mark.parametrize(
    ("today", "last_meeting", "changes", "due"),
    [
        (date(2026, 11, 30), None, {}, None),
        (date(2026, 12, 1), None, {}, date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 9, 30), {}, date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 10, 1), {}, None),
        (date(2026, 12, 1), None, {"meets_every": None}, None),
        (date(2026, 12, 1), None, {"dissolved_on": date(2026, 11, 30)}, None),
        (date(2026, 11, 1), None, {"meets_every": 1}, date(2026, 11, 30)),
    ],
)
def test_by_when_a_group_is_to_meet(
    today: date, last_meeting: date | None, changes: dict[str, object], due: date | None
) -> None:
    assert meeting_due(replace(GROUP, **changes), last_meeting, today) == due  # type: ignore[arg-type]


def test_what_is_due_is_said() -> None:
    wanted = [GroupDue(group_id=4, name="领导小组", on=date(2026, 12, 31))]
    tasks = [
        TaskDue(group_id=4, what="巡查网吧", who="周素琴", on=date(2026, 11, 23)),
        TaskDue(group_id=5, what="", who="周素琴", on=TODAY),
    ]
    found = list(groups_due(wanted, tasks, TODAY))
    assert [due.say() for due in found] == [
        "领导小组应于2026-12-31前开会，本期还没有开",
        "议定事项“巡查网吧”应于2026-11-23前办结（周素琴）",
        "个案会商的一项议定事项应于2026-11-24前办结",
    ]
    assert [due.overdue for due in found] == [False, True, False]
    assert [due.record_id for due in found] == [{"group": 4}, {"group": 4}, {"group": 5}]
    agreements = [PartnerDue(partner_id=2, name="甲区妇联", on=day) for day in (date(2026, 11, 23), TODAY)]
    assert [(due.say(), due.overdue) for due in partners_due(agreements, TODAY)] == [
        ("与甲区妇联的合作协议已于2026-11-23到期", True),
        ("与甲区妇联的合作协议2026-11-24到期", False),
    ]


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.HEAD, True),
        (Role.SUPERVISOR, True),
        (Role.SOCIAL_WORKER, False),
        (Role.COUNSELLOR, False),
        (Role.CLERK, False),
    ],
)
def test_a_case_conference_is_read_by_those_who_see_what_is_restricted(role: Role, reads: bool) -> None:
    actor = Actor(username="u", staff_id=7, name="某", role=role)
    talk = replace(MEETING, kind=MeetingKind.CASE_CONFERENCE)
    assert bool(shown_meeting(talk, actor).topics) is bool(shown_meeting(talk, actor).decisions) is reads
    assert shown_meeting(MEETING, actor) == MEETING
    assert bool(shown_task(TASK, actor, restricted=True, own=False).what) is reads
    assert shown_task(TASK, actor, restricted=False, own=False) == TASK
    # Whom a task was given to has to know it, if what is restricted is ever theirs.
    assert bool(shown_task(TASK, actor, restricted=True, own=True).what) is (role is not Role.CLERK)
