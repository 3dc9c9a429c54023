"""Work groups for tests: a group, a member and a meeting that break no rule."""

from dataclasses import replace
from datetime import date

from stationdesk.desk import Desk
from stationdesk.records.partners import PartnerContact, PartnerQuery
from stationdesk.records.work_groups import GroupKind, GroupMember, GroupTask, MeetingMinutes, WorkGroup
from tests.activities import partner

FOUNDED = date(2026, 1, 10)


def group(desk: Desk, name: str = "未成年人保护工作领导小组", **more: object) -> int:
    """The id of a group founded in January; a leading group that meets once a quarter."""
    found = WorkGroup(name=name, founded_on=FOUNDED, doc_no="乙街发〔2026〕1号", meets_every=3)
    return desk.work_groups.save(replace(found, **more))  # type: ignore[arg-type]


def expert_group(desk: Desk) -> int:
    """The id of a group of experts, whom nobody reminds of meeting."""
    return group(desk, "专家小组", kind=GroupKind.EXPERT, meets_every=None)


def contact(desk: Desk, name: str = "古丽娜尔·买买提吐尔逊", post: str = "副主席") -> int:
    """The id of a contact at the women's federation."""
    number = next(iter(desk.partners.find(PartnerQuery(words="甲区妇联"))), None) or partner(desk)
    return desk.partners.save_contact(PartnerContact(partner_id=number, name=name, post=post, phone="13900000009"))


def member(desk: Desk, group_id: int, staff_id: int | None = None, **more: object) -> int:
    """The id of a membership since the beginning: of that member of the team, else of the person at the desk."""
    found = GroupMember(group_id=group_id, since=FOUNDED)
    if "contact_id" not in more:
        found = replace(found, staff_id=staff_id or desk.actor.staff_id)
    return desk.work_groups.save_member(replace(found, **more))  # type: ignore[arg-type]


def meeting(desk: Desk, group_id: int, day: date, *attendees: int, **more: object) -> int:
    """The id of a meeting that took place."""
    found = MeetingMinutes(
        group_id=group_id, day=day, topics="暑期安全", decisions="分片巡查", attendees=attendees, place="乙街道会议室"
    )
    return desk.work_groups.save_meeting(replace(found, **more))  # type: ignore[arg-type]


def task(desk: Desk, meeting_id: int, member_id: int, due_on: date, **more: object) -> int:
    """The id of something to be done after a meeting."""
    found = GroupTask(meeting_id=meeting_id, what="巡查网吧", member_id=member_id, due_on=due_on)
    return desk.work_groups.save_task(replace(found, **more))  # type: ignore[arg-type]
