"""What is read for the prints of sessions: numbers, masks, heads, and a calendar that names nobody."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from stationdesk.db.session_prints import SessionPrintStore
from stationdesk.desk import Desk
from stationdesk.errors import Missing
from stationdesk.records.access import Role
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.sessions import Closing
from stationdesk.records.shifts import VolunteerShift
from tests.activities import activity, held_with, partner, planned, ready_volunteer, screened, session, unscreened
from tests.children import as_seen_by, colleague, filed, light
from tests.session_photos import TODAY, agrees, photo

LONG = "古丽娜尔·买买提吐尔逊"
PHONE = "13812345678"


@pytest.fixture
def children(desk: Desk) -> list[int]:
    """In the order of their names: two that live here, and one that only comes to activities."""
    visitor = light("贺兰朵", guardian_name="吐尔洪江·某", guardian_relation="51", guardian_phone=PHONE)
    return [filed(desk, "阿依达娜·努尔兰"), filed(desk, LONG), desk.children.enrol(visitor)]


def test_the_sheet_has_the_numbers_of_the_screen_and_whom_nobody_may_read(desk: Desk, children: list[int]) -> None:
    number = planned(desk, TODAY, quota=2)
    leaver = filed(desk, "巴哈尔·艾山")
    desk.attendance.sign_up(number, [leaver, children[2], children[0], children[1]])
    desk.attendance.withdraw(number, leaver)
    desk.attendance.tick(number, [children[2]], AttendanceState.LATE, guardian_present=True)
    desk.shifts.save(VolunteerShift(volunteer_id=ready_volunteer(desk), session_id=number))
    sick = VolunteerShift(volunteer_id=ready_volunteer(desk, "陈砚秋"), session_id=number, did_not_come=True)
    desk.shifts.save(sick)
    sheet = desk.session_prints.sign_in(number)
    assert [(line.number, line.name, line.state) for line in sheet.lines] == [
        (1, "阿依达娜·努尔兰", AttendanceState.SIGNED_UP),
        (2, LONG, AttendanceState.WAITING),
        (3, "贺兰朵", AttendanceState.LATE),
    ]
    last = sheet.lines[2]
    assert (last.guardian_name, last.guardian_phone, last.guardian_present) == ("吐*****", "138****5678", True)
    assert (sheet.lines[0].guardian_phone, sheet.lines[0].age, sheet.left_out) == (None, 11, 0)
    assert [helper.volunteer_name for helper in sheet.volunteers] == ["帕提古丽·艾合买提"]
    on_screen = [row.name for row in desk.attendance.names(number) if row.state is not AttendanceState.WITHDRAWN]
    assert on_screen == [line.name for line in sheet.lines]


def test_a_guardian_is_there_only_for_those_the_file_is_open_to(desk: Desk, children: list[int]) -> None:
    counsellor = colleague(desk, Role.COUNSELLOR)
    number = planned(desk, TODAY)
    desk.attendance.sign_up(number, children)
    for role, phone, names in (
        (Role.SUPERVISOR, "138****5678", 3),
        (Role.CLERK, "138****5678", 3),
        (Role.SOCIAL_WORKER, None, 3),
        (Role.COUNSELLOR, None, 0),
    ):
        actor = counsellor if role is Role.COUNSELLOR else replace(desk.actor, role=role, staff_id=0)
        sheet = as_seen_by(desk, actor, SessionPrintStore).sign_in(number)
        assert (len(sheet.lines), sheet.left_out) == (names, 3 - names), role
        assert {line.guardian_phone for line in sheet.lines if line.name == "贺兰朵"} <= {phone}, role
    # The number is that of the whole list, for whoever copies the sheet sees all of it.
    desk.children.save(replace(desk.children.load(children[1]), counsellor_id=counsellor.staff_id))
    [line] = as_seen_by(desk, counsellor, SessionPrintStore).sign_in(number).lines
    assert (line.name, line.number) == (LONG, 2)
    with pytest.raises(Missing):
        desk.session_prints.sign_in(4242)


def test_the_record_tells_in_numbers_how_it_went(desk: Desk, children: list[int]) -> None:
    number = planned(desk, TODAY, title="趣味手工")
    held = desk.sessions.load(number)
    held_with(desk, held.activity_id, [partner(desk)])
    desk.shifts.save(VolunteerShift(volunteer_id=ready_volunteer(desk), session_id=number))
    desk.attendance.sign_up(number, children)
    desk.attendance.tick(number, children[:2], guardian_present=True)
    agrees(desk, children[0])
    shown = photo(desk, number, children[0])
    photo(desk, number, children[1], width=61)
    closing = Closing(headcount_children=3, headcount_adults=2, cost=Decimal("80.5"), satisfaction=4)
    helper = screened(desk, unscreened(desk))
    desk.sessions.save(replace(desk.sessions.load(number), staff_ids=(helper,)), desk.sessions.room_of(number))
    desk.sessions.close_session(number, closing)
    record = desk.session_prints.record(number)
    assert record.staff == ("冶文秀",)
    assert (record.activity.title, record.leader, record.partners) == ("趣味手工", desk.actor.name, ("甲区妇联",))
    came = record.presence
    assert (came.children, came.guardians, came.headcount_children, came.total) == (2, 2, 3, 9)
    assert (record.volunteers, record.volunteer_minutes, record.held.cost) == (1, 60, Decimal("80.5"))
    assert [one.data for one in record.photos] == [desk.session_photos.picture(shown)]


def test_the_calendar_holds_what_is_planned_and_was_held_in_its_month(desk: Desk) -> None:
    held = planned(desk, TODAY, title="已办", age_from=6, age_to=12)
    desk.sessions.close_session(held, Closing(headcount_children=3))
    course = desk.activities.save(activity(desk, "小组", target="辖区儿童"))
    days = (
        datetime(2026, 11, 1, 10),
        datetime(2026, 11, 30, 16),
        datetime(2026, 12, 1, 10),
        datetime(2026, 11, 28, 16),
    )
    for start in days:
        desk.sessions.save(session(desk, course, start, place="红柳社区广场"))
    off, put_off = (planned(desk, datetime(2026, 11, 29, hour), title="不办") for hour in (10, 16))
    desk.sessions.cancel_session(off, "停电")
    desk.sessions.postpone_session(put_off, "改期")
    found = desk.session_prints.calendar(2026, 11)
    assert [(one.title, one.start.date(), one.done) for one in found] == [
        ("小组", date(2026, 11, 1), False),
        ("已办", date(2026, 11, 24), True),
        ("小组", date(2026, 11, 28), False),
        ("小组", date(2026, 11, 30), False),
    ]
    assert (found[1].place_name, found[1].age_from, found[1].age_to) == ("手工室", 6, 12)
    assert (found[0].place_name, found[0].target) == ("红柳社区广场", "辖区儿童")
    assert found[0].end - found[0].start == timedelta(hours=1)
    assert desk.session_prints.calendar(2026, 10) == ()
