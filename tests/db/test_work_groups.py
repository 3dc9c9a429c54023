"""Work groups in the file: members with their units, meetings and who may read them, tasks, what is due."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.db.partners import PartnerStore
from stationdesk.db.summaries import SummaryStore
from stationdesk.db.work_groups import WorkGroupStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.partners import PartnerDept, PartnerQuery
from stationdesk.records.summaries import cross_checks
from stationdesk.records.work_groups import Expertise, MeetingKind, Position, TaskState
from tests.activities import partner
from tests.children import as_seen_by, colleague
from tests.work_groups import contact, expert_group, group, meeting, member, task

TODAY = date(2026, 11, 24)


def test_groups_in_the_order_of_their_kinds(desk: Desk) -> None:
    store, experts, leading = desk.work_groups, expert_group(desk), group(desk)
    assert store.find().tolist() == [leading, experts]
    assert store.find("zjxz").tolist() == [experts]
    with pytest.raises(Refused) as refused:
        group(desk)
    assert "已有同名的小组" in refused.value.say()
    kept = store.view(experts).group
    store.save(replace(kept, dissolved_on=date(2026, 11, 23)))
    assert (store.find().tolist(), store.find(gone=True).tolist()) == ([leading], [leading, experts])
    with pytest.raises(Conflict):
        store.save(kept)


def test_members_of_the_team_and_of_partners(desk: Desk) -> None:
    store, leading = desk.work_groups, group(desk)
    other = desk.staff.everyone()[0]
    outside = contact(desk)
    helper = member(desk, leading, contact_id=outside, position=Position.LIAISON)
    head = member(desk, leading, position=Position.HEAD)
    lines = store.view(leading).members
    assert [(line.name, line.unit, line.post) for line in lines] == [
        (other.name, "乙街道办事处", "站长"),
        ("古丽娜尔·买买提吐尔逊", "甲区妇联", "副主席"),
    ]
    assert [(choice.id, choice.partner) for choice in store.contacts()] == [(outside, "甲区妇联")]
    with pytest.raises(Refused) as refused:
        member(desk, leading, since=date(2026, 5, 1))
    assert "自2026-01-10起已经是成员" in refused.value.say()
    with pytest.raises(Missing):
        member(desk, leading, contact_id=99)
    store.save_member(replace(lines[0], until=date(2026, 4, 30)))
    member(desk, leading, since=date(2026, 5, 1))
    assert store.rows([leading])[0].members == 2
    store.remove_member(helper)
    assert [line.id for line in store.view(leading).members if line.until] == [head]
    assert helper not in [line.id for line in store.view(leading).members]


def test_experts_say_what_they_are_asked_for(desk: Desk) -> None:
    experts = expert_group(desk)
    with pytest.raises(Refused):
        member(desk, experts)
    assert member(desk, experts, expertise=(Expertise.LAW,))


def test_meetings_with_their_attendees(desk: Desk) -> None:
    store, leading = desk.work_groups, group(desk)
    head, helper = member(desk, leading), member(desk, leading, contact_id=contact(desk))
    number = meeting(desk, leading, date(2026, 11, 20), head, helper, chair_id=head)
    early = meeting(desk, leading, date(2026, 2, 1), head)
    found = store.view(leading).meetings
    assert [(held.id, held.attendees) for held in found] == [(number, (head, helper)), (early, (head,))]
    with pytest.raises(Refused) as refused:
        meeting(desk, leading, date(2026, 11, 25), head)
    assert "会议还没有开" in refused.value.say()
    store.save_meeting(replace(found[0], attendees=(helper,), chair_id=None))
    assert store.view(leading).meetings[0].attendees == (helper,)
    assert store.group_of(number) == leading
    assert [(row.group, row.came, row.day.month) for row in store.meeting_rows([early, number])] == [
        ("未成年人保护工作领导小组", 1, 2),
        ("未成年人保护工作领导小组", 1, 11),
    ]
    row = store.rows([leading])[0]
    assert (row.meetings, row.last_meeting, row.open_tasks) == (2, date(2026, 11, 20), 0)
    with pytest.raises(Refused):
        store.remove_member(helper)
    line = next(line for line in store.view(leading).members if line.id == helper)
    with pytest.raises(Refused) as refused:
        store.save_member(replace(line, contact_id=contact(desk, "郭心怡", "干事")))
    assert "不能换成别人" in refused.value.say()
    store.remove_meeting(number)
    store.remove_member(helper)
    assert [held.id for held in store.view(leading).meetings] == [early]
    with pytest.raises(Refused):
        store.save(replace(store.view(leading).group, founded_on=date(2026, 3, 1)))


def test_tasks_open_overdue_and_done(desk: Desk) -> None:
    store, leading = desk.work_groups, group(desk)
    head = member(desk, leading)
    number = meeting(desk, leading, date(2026, 11, 1), head)
    late = task(desk, number, head, date(2026, 11, 23))
    soon = task(desk, number, head, date(2026, 12, 1))
    task(desk, number, head, date(2026, 12, 2))
    assert [line.state for line in store.view(leading).tasks] == [TaskState.OVERDUE, TaskState.OPEN, TaskState.OPEN]
    assert [(due.on.day, due.overdue) for due in store.due()] == [(23, True), (1, False)]
    with pytest.raises(Refused):
        store.remove_meeting(number)
    line = next(line for line in store.view(leading).tasks if line.id == late)
    store.save_task(replace(line, done_on=TODAY, result="查了三家，都挂了牌"))
    assert [(line.id, line.state) for line in store.view(leading).tasks][-1] == (late, TaskState.DONE)
    assert store.rows([leading])[0].open_tasks == 2
    store.remove_task(soon)
    assert store.due() == ()
    other = member(desk, group(desk, "工作小组"))
    with pytest.raises(Refused) as refused:
        task(desk, number, other, date(2026, 12, 2))
    assert "不是这个小组的成员" in refused.value.say()


def test_the_quarters_meeting_is_asked_for_in_its_last_month(desk: Desk) -> None:
    leading = group(desk)
    expert_group(desk)
    december = WorkGroupStore(desk.opened.database, desk.actor, lambda: datetime(2026, 12, 1, 9))
    assert desk.work_groups.due() == ()
    assert [due.say() for due in december.due()] == ["未成年人保护工作领导小组应于2026-12-31前开会，本期还没有开"]
    meeting(desk, leading, date(2026, 10, 8), member(desk, leading))
    assert december.due() == ()


def test_case_conferences_are_restricted(desk: Desk) -> None:
    leading, worker = group(desk), colleague(desk, Role.SOCIAL_WORKER)
    own = member(desk, leading, worker.staff_id)
    number = meeting(desk, leading, date(2026, 11, 20), own, kind=MeetingKind.CASE_CONFERENCE)
    task(desk, number, own, date(2026, 11, 25))
    clerk = colleague(desk, Role.CLERK, "马晓岚")
    shown = {actor.role: as_seen_by(desk, actor, WorkGroupStore) for actor in (desk.actor, worker, clerk)}
    views = {role: store.view(leading) for role, store in shown.items()}
    assert {role: view.meetings[0].topics for role, view in views.items()} == {
        Role.HEAD: "暑期安全",
        Role.SOCIAL_WORKER: "",
        Role.CLERK: "",
    }
    assert {role: view.tasks[0].what for role, view in views.items()} == {
        Role.HEAD: "巡查网吧",
        Role.SOCIAL_WORKER: "巡查网吧",
        Role.CLERK: "",
    }
    # Whom it does not concern is not reminded; whom it was given to is.
    assert shown[Role.CLERK].due() == ()
    assert len(shown[Role.SOCIAL_WORKER].due()) == len(shown[Role.HEAD].due()) == 1
    assert views[Role.CLERK].meetings[0].attendees == (own,)
    with pytest.raises(Denied):
        shown[Role.SOCIAL_WORKER].save_meeting(views[Role.HEAD].meetings[0])
    done = replace(views[Role.SOCIAL_WORKER].tasks[0], what="别的事", done_on=TODAY, result="都办了")
    with pytest.raises(Denied):
        shown[Role.CLERK].report_task(done)
    shown[Role.SOCIAL_WORKER].report_task(done)
    kept = shown[Role.HEAD].view(leading).tasks[0]
    assert (kept.what, kept.state, kept.result) == ("巡查网吧", TaskState.DONE, "都办了")


def test_meetings_and_conferences_in_the_summary(desk: Desk) -> None:
    """Counted by hand: three ordinary meetings in the year, two of them in November; two conferences, one
    of them in November; the one of the year before in neither."""
    leading = group(desk, founded_on=date(2025, 1, 1))
    head = member(desk, leading, since=date(2025, 1, 1))
    meeting(desk, leading, date(2025, 12, 31), head)
    march = meeting(desk, leading, date(2026, 3, 2), head)
    first, last = (meeting(desk, leading, day, head) for day in (date(2026, 11, 1), date(2026, 11, 24)))
    talks = [
        meeting(desk, leading, day, head, kind=MeetingKind.CASE_CONFERENCE)
        for day in (date(2026, 10, 31), date(2026, 11, 3))
    ]
    found = desk.summaries.figures(2026, 11)
    a09, a10 = found.of("A09"), found.of("A10")
    assert (a09.month, a09.year, a09.month_ids, a09.year_ids) == (2, 3, (first, last), (march, first, last))
    assert (a10.month, a10.year, a10.month_ids, a10.year_ids) == (1, 2, (talks[1],), tuple(talks))
    assert a09.behind == a10.behind == "group_meeting"
    assert all(check.holds for check in cross_checks(found))
    assert desk.summaries.months()[0] == "2025-12"
    reviewer = as_seen_by(desk, colleague(desk, Role.REVIEWER, "陈砚秋"), SummaryStore)
    assert reviewer.figures(2026, 11).of("A09").month == 2


def test_for_the_wall_only_who_is_there_today(desk: Desk) -> None:
    leading = group(desk)
    group(desk, "旧的工作小组", dissolved_on=date(2026, 6, 1))
    member(desk, leading, until=date(2026, 11, 23))
    member(desk, leading, contact_id=contact(desk))
    sheets = desk.work_groups.sheets()
    assert [(sheet.group.id, [line.name for line in sheet.members]) for sheet in sheets] == [
        (leading, ["古丽娜尔·买买提吐尔逊"])
    ]


def test_agreements_that_run_out(desk: Desk) -> None:
    ends = {"甲区妇联": date(2026, 12, 24), "甲区残联": date(2026, 12, 25), "甲区司法局": date(2026, 11, 1)}
    for name, day in ends.items():
        kept = desk.partners.load(partner(desk, name))
        desk.partners.save(replace(kept, agreed_to=day))
    gone = desk.partners.load(partner(desk, "甲区法院", PartnerDept.COURT))
    desk.partners.save(replace(gone, agreed_to=date(2026, 12, 1), until=TODAY))
    found = as_seen_by(desk, colleague(desk, Role.CLERK), PartnerStore).due()
    assert [(due.values["partner"], due.overdue) for due in found] == [("甲区司法局", True), ("甲区妇联", False)]
    [women] = desk.partners.find(PartnerQuery(words="甲区妇联"))
    assert found[1].record_id == women


def test_a_member_was_one_at_each_meeting_and_before_the_end(desk: Desk) -> None:
    store, leading = desk.work_groups, group(desk)
    head = member(desk, leading)
    meeting(desk, leading, date(2026, 3, 2), head)
    line = store.view(leading).members[0]
    with pytest.raises(Refused) as refused:
        store.save_member(replace(line, until=date(2026, 3, 1)))
    assert "参加过2026-03-02的会议" in refused.value.say()
    store.save_member(replace(line, until=date(2026, 3, 2)))
    member(desk, leading, since=date(2026, 5, 1))
    with pytest.raises(Refused) as refused:
        store.save(replace(store.view(leading).group, dissolved_on=date(2026, 4, 1)))
    assert "2026-05-01才加入" in refused.value.say()
