"""Sessions and their rooms: booked in one step, moved, called off, closed, corrected, all of it at once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from stationdesk.db.sessions import SessionStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Refused
from stationdesk.records.access import Role
from stationdesk.records.attendance import AttendanceState, PaperEntry
from stationdesk.records.bookings import Booking, BookingStatus
from stationdesk.records.rooms import RoomClosure
from stationdesk.records.screening import CheckResult, ScreeningCheck
from stationdesk.records.series import Repeat, Series
from stationdesk.records.sessions import Closing, SessionQuery, SessionStatus
from stationdesk.records.shifts import VolunteerShift
from tests.activities import (
    activity,
    held_with,
    partner,
    planned,
    ready_volunteer,
    room_id,
    screened,
    session,
    unscreened,
)
from tests.children import as_seen_by, colleague, filed

FUTURE = datetime(2026, 11, 25, 10)
PAST = datetime(2026, 11, 23, 10)


def booking_of(desk: Desk, session_id: int) -> Booking:
    number = desk.sessions.load(session_id).booking_id
    assert number is not None
    return desk.bookings.load(number)


def refusal(desk: Desk, call: object, *args: object) -> str:
    with pytest.raises(Refused) as found:
        call(*args)  # type: ignore[operator]
    return found.value.say()


def test_a_session_and_its_room_in_one_step(desk: Desk) -> None:
    number = planned(desk, FUTURE)
    booked = booking_of(desk, number)
    assert (booked.start, booked.end, booked.title) == (FUTURE, FUTURE + timedelta(hours=1), "彩泥手工课")
    assert (booked.status, booked.expected_count) == (BookingStatus.CONFIRMED, 12)
    row = desk.sessions.rows(desk.sessions.find(SessionQuery()))[0]
    assert (row.place_name, row.seq, row.status, row.title) == ("手工室", 1, SessionStatus.PLANNED, "彩泥手工课")
    assert desk.sessions.room_of(number) == room_id(desk)


def test_a_session_is_judged_like_any_booking(desk: Desk) -> None:
    screened(desk)
    number = desk.activities.save(activity(desk))
    at = room_id(desk)
    night = session(desk, number, datetime(2026, 11, 25, 21))
    assert "不在开放时间内" in refusal(desk, desk.sessions.save, night, at)
    assert desk.sessions.find(SessionQuery()).tolist() == []
    desk.rooms.save_closure(RoomClosure(start=datetime(2026, 11, 26), end=datetime(2026, 11, 27), reason="搬家"))
    assert "闭馆" in refusal(desk, desk.sessions.save, session(desk, number, datetime(2026, 11, 26, 10)), at)
    desk.sessions.save(session(desk, number, FUTURE), at)
    assert "已有预约" in refusal(desk, desk.sessions.save, session(desk, number, FUTURE), at)
    desk.activities.save(replace(desk.activities.load(number), expected_count=21))
    crowded = session(desk, number, datetime(2026, 11, 27, 10))
    assert "超过手工室的容纳人数20人" in refusal(desk, desk.sessions.save, crowded, at)
    assert desk.sessions.save(crowded, at, "家长一起来")
    assert booking_of(desk, desk.sessions.find(SessionQuery(sort="start"))[1]).override_reason == "家长一起来"


def test_saving_again_after_a_lost_answer_makes_no_second(desk: Desk) -> None:
    screened(desk)
    held = session(desk, desk.activities.save(activity(desk)), FUTURE)
    first = desk.sessions.save(held, room_id(desk))
    assert desk.sessions.save(held, room_id(desk)) == first
    assert len(desk.bookings.between(FUTURE, FUTURE + timedelta(hours=1))) == 1


def test_moving_takes_booking_and_helpers_along(desk: Desk) -> None:
    number = planned(desk, FUTURE)
    helper = ready_volunteer(desk)
    shift = desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=number))
    desk.sessions.move_session(
        number, datetime(2026, 11, 26, 16), datetime(2026, 11, 26, 17), room_id(desk, "国学教室")
    )
    booked = booking_of(desk, number)
    assert (booked.room_id, booked.start) == (room_id(desk, "国学教室"), datetime(2026, 11, 26, 16))
    assert desk.shifts.rows([shift])[0].start == datetime(2026, 11, 26, 16)
    assert "不在开放时间内" in refusal(
        desk, desk.sessions.move_session, number, datetime(2026, 11, 26, 3), datetime(2026, 11, 26, 4)
    )
    assert desk.sessions.load(number).start == booked.start
    own = VolunteerShift(volunteer_id=helper, start=datetime(2026, 11, 27, 9), end=datetime(2026, 11, 27, 12))
    desk.shifts.save(own)
    assert "时间重叠" in refusal(
        desk, desk.sessions.move_session, number, datetime(2026, 11, 27, 11), datetime(2026, 11, 27, 12)
    )
    assert booking_of(desk, number) == booked


def test_a_session_leaves_its_room_and_gets_another(desk: Desk) -> None:
    number = planned(desk, FUTURE)
    old = booking_of(desk, number)
    desk.sessions.save(replace(desk.sessions.load(number), place="红柳社区广场"))
    assert desk.sessions.load(number).booking_id is None
    assert desk.bookings.load(old.id or 0).status is BookingStatus.CANCELLED
    desk.sessions.save(desk.sessions.load(number), room_id(desk))
    assert booking_of(desk, number).id != old.id
    with pytest.raises(Conflict):
        desk.sessions.save(replace(desk.sessions.load(number), version=1), room_id(desk))


def test_cancelling_and_putting_off(desk: Desk) -> None:
    number = planned(desk, FUTURE)
    assert "原因" in refusal(desk, desk.sessions.cancel_session, number, " ")
    assert booking_of(desk, number).status is BookingStatus.CONFIRMED
    desk.sessions.postpone_session(number, "大风")
    booked = booking_of(desk, number)
    assert (booked.status, booked.cancel_reason) == (BookingStatus.CANCELLED, "大风")
    assert (desk.sessions.load(number).status, desk.sessions.load(number).reason) == (SessionStatus.POSTPONED, "大风")
    desk.sessions.move_session(number, datetime(2026, 11, 28, 10), datetime(2026, 11, 28, 11))
    again = booking_of(desk, number)
    assert (again.status, again.room_id) == (BookingStatus.CONFIRMED, booked.room_id)
    assert desk.sessions.load(number).status is SessionStatus.PLANNED
    desk.sessions.cancel_session(number, "老师生病")
    assert booking_of(desk, number).status is BookingStatus.CANCELLED
    assert "已取消" in refusal(desk, desk.sessions.close_session, number, Closing(headcount_children=3))
    assert "已取消" in refusal(
        desk, desk.sessions.move_session, number, datetime(2026, 11, 28, 10), datetime(2026, 11, 28, 11)
    )


def test_the_booking_of_a_session_is_changed_with_the_session_only(desk: Desk) -> None:
    number = planned(desk, PAST)
    booked = booking_of(desk, number)
    later = booked.start + timedelta(hours=3)
    for call, args in (
        (desk.bookings.move, (booked.id, booked.room_id, later, later + timedelta(hours=1))),
        (desk.bookings.cancel, (booked.id, "不用了")),
        (desk.bookings.check_out, (booked.id, 5)),
        (desk.bookings.no_show, (booked.id,)),
        (desk.bookings.change, (replace(booked, start=later, end=later + timedelta(hours=1)),)),
    ):
        assert "这是活动“彩泥手工课”第1场的场地" in refusal(desk, call, *args)
    desk.bookings.check_in(booked.id or 0)
    desk.bookings.change(replace(desk.bookings.load(booked.id or 0), note="带投影"))
    assert booking_of(desk, number).note == "带投影"


def test_one_event_entered_once_and_corrected_once(desk: Desk) -> None:
    number = planned(desk, PAST, quota=10)
    held = desk.sessions.load(number)
    held_with(desk, held.activity_id, [partner(desk)])
    helper = ready_volunteer(desk)
    desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=number))
    children = [filed(desk, name) for name in ("努尔艾力·吐尔洪江", "贺兰朵", "古丽米热·艾尼")]
    desk.attendance.sign_up(number, children)
    desk.attendance.tick(number, children[:2], guardian_present=True)
    found = desk.sessions.close_session(
        number, Closing(headcount_children=5, headcount_adults=1, cost=Decimal("88.50"))
    )
    assert (found.presence.children, found.presence.guardians, found.presence.total) == (2, 2, 10)
    assert (found.volunteers, found.volunteer_minutes, found.room_minutes) == (1, 60, 60)
    assert (len(found.partner_ids), found.cost) == (1, Decimal("88.50"))
    booked = booking_of(desk, number)
    assert (booked.status, booked.actual_count) == (BookingStatus.DONE, 10)
    assert desk.shifts.hours(helper, 2026).minutes == 60
    assert len(desk.partners.find_joint(PAST.date(), PAST.date())) == 1
    figures = desk.summaries.figures(2026, 11)
    month = {code: figures.of(code).month for code in ("H01", "H07", "H10", "I03", "J02", "J07", "M01")}
    assert month == {"H01": 1, "H07": 10, "H10": 2, "I03": 1, "J02": 1, "J07": 1, "M01": 1}

    assert "已经结束" in refusal(desk, desk.attendance.tick, number, children[2:])
    desk.sessions.reopen(number)
    open_again = desk.summaries.figures(2026, 11)
    assert [open_again.of(code).month for code in month] == [0] * 7
    assert desk.shifts.hours(helper, 2026).times == 0
    desk.attendance.tick(number, children[2:])
    desk.sessions.move_session(number, PAST, PAST + timedelta(hours=2))
    again = desk.sessions.close_session(number, Closing(headcount_children=4))
    assert (again.presence.children, again.presence.total, again.volunteer_minutes, again.room_minutes) == (
        3,
        9,
        120,
        120,
    )
    assert booking_of(desk, number).actual_count == 9
    assert desk.shifts.hours(helper, 2026).minutes == 120
    assert desk.summaries.figures(2026, 11).of("H07").month == 9
    assert desk.activities.rows([held.activity_id])[0].cost == Decimal(0)


def test_closing_needs_somebody_and_its_hour(desk: Desk) -> None:
    number = planned(desk, PAST)
    assert "没有到场的人" in refusal(desk, desk.sessions.close_session, number, Closing())
    assert booking_of(desk, number).status is BookingStatus.CONFIRMED
    later = desk.sessions.save(session(desk, desk.sessions.load(number).activity_id, FUTURE), room_id(desk))
    assert "还没有开始" in refusal(desk, desk.sessions.close_session, later, Closing(headcount_children=3))
    desk.sessions.close_session(number, Closing(headcount_children=3))
    assert "要改请先重新打开" in refusal(desk, desk.sessions.save, desk.sessions.load(number), room_id(desk))
    assert "不能取消" in refusal(desk, desk.sessions.cancel_session, number, "算错了")
    assert "不用重新打开" in refusal(desk, desk.sessions.reopen, later)


def test_an_unscreened_person_runs_no_session(desk: Desk) -> None:
    screened(desk)
    number = desk.activities.save(activity(desk))
    stranger = unscreened(desk)
    held = session(desk, number, FUTURE, responsible_id=stranger)
    assert "从业查询" in refusal(desk, desk.sessions.save, held, room_id(desk))
    assert "从业查询" in refusal(desk, desk.sessions.save, replace(held, place="广场"))
    weekly = Series(repeat=Repeat.WEEKLY, first=date(2026, 11, 25), until=date(2026, 12, 9))
    assert refusal(desk, desk.sessions.save_series, held, weekly, room_id(desk)).count("从业查询") == 3
    helped = replace(held, responsible_id=desk.actor.staff_id, staff_ids=(stranger,))
    assert "从业查询" in refusal(desk, desk.sessions.save, helped, room_id(desk))
    screened(desk, stranger, date(2025, 12, 1))
    assert desk.sessions.load(desk.sessions.save(replace(helped, uuid="c" * 32, place="广场"))).staff_ids == (stranger,)
    saved = desk.sessions.save(held, room_id(desk))
    # Twelve months after the check it holds no longer.
    assert "从业查询" in refusal(
        desk, desk.sessions.move_session, saved, datetime(2026, 12, 1, 10), datetime(2026, 12, 1, 11)
    )
    desk.sessions.move_session(saved, datetime(2026, 11, 30, 10), datetime(2026, 11, 30, 11))


def test_a_group_is_planned_on_all_its_days_or_none(desk: Desk) -> None:
    screened(desk)
    number = desk.activities.save(activity(desk))
    held = session(desk, number, FUTURE)
    weekly = Series(repeat=Repeat.WEEKLY, first=date(2026, 11, 25), until=date(2026, 12, 9))
    desk.rooms.save_closure(RoomClosure(start=datetime(2026, 12, 2), end=datetime(2026, 12, 3), reason="搬家"))
    said = refusal(desk, desk.sessions.save_series, held, weekly, room_id(desk))
    assert said.startswith("2026-12-02 10:00这一场：")
    assert desk.sessions.find(SessionQuery()).tolist() == []
    ids = desk.sessions.save_series(held, replace(weekly, interval=2), room_id(desk))
    assert [row.seq for row in desk.sessions.rows(ids)] == [1, 2]
    never = Series(repeat=Repeat.MONTHLY_WEEKDAY, first=date(2026, 11, 30), until=date(2026, 11, 29))
    assert "截止日期早于开始日期" in refusal(desk, desk.sessions.save_series, held, never, room_id(desk))


def test_finding_sessions(desk: Desk) -> None:
    first = planned(desk, FUTURE)
    other = planned(desk, datetime(2026, 11, 26, 10), None, title="法治讲座")
    assert desk.sessions.find(SessionQuery(words="fzjz")).tolist() == [other]
    assert desk.sessions.find(SessionQuery(words="手工")).tolist() == [first]
    assert desk.sessions.find(SessionQuery(start=datetime(2026, 11, 26))).tolist() == [other]
    assert desk.sessions.find(SessionQuery(end=datetime(2026, 11, 26))).tolist() == [first]
    assert desk.sessions.find(SessionQuery(descending=True)).tolist() == [other, first]
    assert desk.sessions.find(SessionQuery(statuses=(SessionStatus.DONE,))).tolist() == []
    assert [row.place_name for row in desk.sessions.rows([other, first])] == ["红柳社区广场", "手工室"]


def test_to_a_session_put_off_nobody_has_come_yet(desk: Desk) -> None:
    first, second, third = (filed(desk, name) for name in ("努尔艾力·吐尔洪江", "贺兰朵", "古丽米热·艾尼"))
    number = planned(desk, datetime(2026, 11, 24, 10), quota=2)
    desk.attendance.sign_up(number, [first, second, third])
    desk.attendance.tick(number, [first], AttendanceState.ABSENT)
    desk.attendance.tick(number, [third], guardian_present=True)
    desk.attendance.tick_paper(number, PaperEntry(present=[second], headcount_children=30))
    desk.sessions.postpone_session(number, "下雨")
    desk.sessions.move_session(number, FUTURE, FUTURE + timedelta(hours=1))
    found = {row.child_id: (row.state, row.guardian_present) for row in desk.attendance.names(number)}
    signed_up, waiting = (AttendanceState.SIGNED_UP, False), (AttendanceState.WAITING, False)
    assert found == {first: waiting, second: signed_up, third: signed_up}
    assert desk.sessions.outcome(number).presence.total == 0


def test_a_draft_saved_once_more_opens_no_closed_session(desk: Desk) -> None:
    screened(desk)
    held = session(desk, desk.activities.save(activity(desk)), PAST, place="红柳社区广场")
    number = desk.sessions.save(held)
    desk.sessions.close_session(number, Closing(headcount_children=9))
    assert "现在是“已完成”，没有再保存一次" in refusal(desk, desk.sessions.save, held)
    assert desk.sessions.outcome(number).presence.total == 9


def test_what_the_head_let_pass_comes_back_with_the_session(desk: Desk) -> None:
    screened(desk)
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK, "马晓岚"), SessionStore)
    crowd = desk.activities.save(activity(desk, expected_count=21))
    number = desk.sessions.save(session(desk, crowd, FUTURE), room_id(desk), "家长一起来")
    desk.sessions.cancel_session(number, "误点")
    desk.sessions.save(desk.sessions.load(number), desk.sessions.room_of(number))
    assert booking_of(desk, number).override_reason == "家长一起来"
    clerk.save(replace(clerk.load(number), items="拔河"), room_id(desk))
    clerk.move_session(number, FUTURE, FUTURE + timedelta(hours=1), room_id(desk, "多功能活动室"))
    assert booking_of(desk, number).override_reason is None


def test_who_arranges_activities_ends_one_in_a_masked_room(desk: Desk) -> None:
    screened(desk)
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK, "马晓岚"), SessionStore)
    number = desk.activities.save(activity(desk, expected_count=2))
    held = desk.sessions.save(session(desk, number, PAST), room_id(desk, "心理辅导室"))
    clerk.close_session(held, Closing(headcount_children=2))
    clerk.reopen(held)
    clerk.cancel_session(held, "记错了")
    assert booking_of(desk, held).status is BookingStatus.CANCELLED


def test_helpers_with_their_own_time_move_along_and_the_unfit_do_not_hold_a_session_back(desk: Desk) -> None:
    number = planned(desk, FUTURE)
    helper, gone = ready_volunteer(desk), ready_volunteer(desk, "单思远")
    half = {"start": FUTURE, "end": FUTURE + timedelta(minutes=30)}
    own = desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=number, **half))  # type: ignore[arg-type]
    theirs = desk.shifts.save(VolunteerShift(volunteer_id=gone, session_id=number))
    desk.sessions.postpone_session(number, "下雨")
    hit = ScreeningCheck(volunteer_id=gone, queried_on=date(2026, 11, 24), result=CheckResult.HIT)
    desk.screening.save_check(hit)
    later = (FUTURE + timedelta(days=2), FUTURE + timedelta(days=2, hours=1))
    assert "单思远的从业查询有记录" in refusal(desk, desk.sessions.move_session, number, *later)
    assert desk.shifts.find(session_id=number).tolist() == [own, theirs]
    desk.shifts.remove(theirs)
    desk.sessions.move_session(number, *later)
    [row] = desk.shifts.rows([own])
    assert (row.start, row.minutes) == (later[0], 30)
