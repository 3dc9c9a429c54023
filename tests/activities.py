"""Activities for tests: somebody who may work with children, an activity and a session that break no rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from stationdesk.desk import Desk
from stationdesk.records.activities import Activity, ActivityCategory
from stationdesk.records.partners import Partner, PartnerDept
from stationdesk.records.people import Sex
from stationdesk.records.screening import CheckResult, ScreeningCheck, Training
from stationdesk.records.sessions import ActivitySession
from stationdesk.records.staff import Post, Staff
from stationdesk.records.volunteers import Volunteer, VolunteerStatus

TODAY = date(2026, 11, 24)
CHECKED = date(2026, 6, 1)


def screened(desk: Desk, staff_id: int | None = None, queried_on: date = CHECKED) -> int:
    """A member of the team (else the person at the desk) with a clear check."""
    number = staff_id or desk.actor.staff_id
    desk.screening.save_check(ScreeningCheck(staff_id=number, queried_on=queried_on, result=CheckResult.CLEAR))
    return number


def unscreened(desk: Desk, name: str = "冶文秀") -> int:
    """A member of the team nobody has asked about."""
    return desk.staff.save(Staff(name=name, sex=Sex.FEMALE, employer="站", posts=(Post.SOCIAL_WORKER,)))


def activity(desk: Desk, title: str = "彩泥手工课", **more: object) -> Activity:
    """An activity that breaks no rule."""
    found = Activity(
        title=title,
        category=ActivityCategory.CULTURE,
        leader_id=desk.actor.staff_id,
        target="辖区儿童",
        expected_count=12,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def room_id(desk: Desk, name: str = "手工室") -> int:
    """The id of a room."""
    return next(room.id or 0 for room in desk.rooms.all_rooms(gone=True) if room.name == name)


def session(desk: Desk, activity_id: int, start: datetime, hours: float = 1, **more: object) -> ActivitySession:
    """A session of that length."""
    found = ActivitySession(
        activity_id=activity_id,
        start=start,
        end=start + timedelta(hours=hours),
        responsible_id=desk.actor.staff_id,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def planned(desk: Desk, start: datetime, room: str | None = "手工室", title: str = "彩泥手工课", **more: object) -> int:
    """The id of a session of a new activity, led by the person at the desk, who is screened."""
    screened(desk)
    activity_id = desk.activities.save(activity(desk, title, **more))
    held = session(desk, activity_id, start, place=None if room else "红柳社区广场")
    return desk.sessions.save(held, room_id(desk, room) if room else None)


def volunteer(name: str = "帕提古丽·艾合买提", **more: object) -> Volunteer:
    """A volunteer on the list, of age."""
    found = Volunteer(
        name=name,
        sex=Sex.FEMALE,
        birth_date=date(2000, 3, 1),
        phone="13900000008",
        status=VolunteerStatus.ACTIVE,
        joined_on=date(2026, 1, 10),
    )
    return replace(found, **more)  # type: ignore[arg-type]


def ready_volunteer(desk: Desk, name: str = "帕提古丽·艾合买提", **more: object) -> int:
    """The id of a volunteer who was checked and trained."""
    number = desk.volunteers.save(volunteer(name, **more))
    desk.screening.save_check(ScreeningCheck(volunteer_id=number, queried_on=CHECKED, result=CheckResult.CLEAR))
    desk.screening.save_training(Training(volunteer_id=number, topic="儿童保护", day=date(2026, 2, 1)))
    return number


def partner(desk: Desk, name: str = "甲区妇联", dept: PartnerDept = PartnerDept.WOMEN) -> int:
    """The id of a partner since the beginning of the year."""
    return desk.partners.save(Partner(name=name, dept=dept, since=date(2026, 1, 1)))


def held_with(desk: Desk, activity_id: int, partner_ids: Sequence[int]) -> None:
    """Say with whom an activity is held, and with nobody else."""
    desk.activities.save(desk.activities.load(activity_id), partner_ids)
