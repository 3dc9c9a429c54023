"""Activities in the file: found by pinyin, ended when all is over, copied whole, led by the screened."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.activities import ActivityCategory, ActivityForm, ActivityQuery
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.audit import Action
from stationdesk.records.bookings import Purpose
from stationdesk.records.partners import PartnerDept
from stationdesk.records.rooms import RoomClosure
from stationdesk.records.series import Series
from stationdesk.records.sessions import Closing, SessionQuery, SessionStatus
from tests.activities import activity, held_with, partner, planned, room_id, screened, session, unscreened
from tests.children import as_seen_by, colleague, filed

FIRST = datetime(2026, 11, 23, 10)


def test_finding_and_lines(desk: Desk) -> None:
    screened(desk)
    law = desk.activities.save(activity(desk, "法治  宣传", form=ActivityForm.LECTURE, category=ActivityCategory.LAW))
    number = planned(desk, FIRST)
    clay = desk.sessions.load(number).activity_id
    desk.sessions.close_session(number, Closing(headcount_children=3, cost=Decimal("20.50")))
    find = desk.activities.find
    assert find(ActivityQuery(sort="title", descending=False)).tolist() == [clay, law]
    assert find(ActivityQuery(words="fzxc")).tolist() == [law]
    assert find(ActivityQuery(words="caini")).tolist() == [clay]
    assert find(ActivityQuery(category=ActivityCategory.LAW)).tolist() == [law]
    assert find(ActivityQuery(form=ActivityForm.SINGLE)).tolist() == [clay]
    assert find(ActivityQuery(leader_id=999)).tolist() == []
    assert find(ActivityQuery())[0] == clay
    assert find(ActivityQuery(leader_id=desk.actor.staff_id, sort="leader_name")).tolist() == [law, clay]
    again = desk.sessions.save(session(desk, clay, FIRST + timedelta(hours=6)), room_id(desk))
    desk.sessions.close_session(again, Closing(headcount_children=3, cost=Decimal("0.55")))
    desk.sessions.save(session(desk, clay, FIRST + timedelta(days=7)), room_id(desk))
    row = desk.activities.rows([clay])[0]
    assert (row.sessions, row.done, row.cost, row.first_day) == (3, 2, Decimal("21.05"), date(2026, 11, 23))
    assert row.last_day == date(2026, 11, 30)
    assert desk.activities.load(law).title == "法治 宣传"


def test_an_activity_is_led_by_somebody_who_was_checked(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.activities.save(activity(desk))
    assert "12个月内“无记录”的从业查询" in refused.value.say()
    screened(desk)
    number = desk.activities.save(activity(desk))
    with pytest.raises(Refused):
        desk.activities.save(replace(desk.activities.load(number), leader_id=unscreened(desk)))
    with pytest.raises(Refused) as refused:
        desk.activities.save(replace(desk.activities.load(number), leader_id=999))
    assert "请从人员名单里选择" in refused.value.say()


def test_an_activity_ends_when_its_sessions_are_over(desk: Desk) -> None:
    number = planned(desk, FIRST)
    held = desk.sessions.load(number)
    ended = replace(desk.activities.load(held.activity_id), summary="做了彩泥", ended_on=date(2026, 11, 24))
    with pytest.raises(Refused) as refused:
        desk.activities.save(ended)
    assert "还有没结束的场次" in refused.value.say()
    desk.sessions.close_session(number, Closing(headcount_children=3))
    desk.activities.save(ended)
    assert desk.activities.find(ActivityQuery(ended=True)).tolist() == [held.activity_id]
    for call in (
        lambda: desk.sessions.reopen(number),
        lambda: desk.sessions.save(session(desk, held.activity_id, datetime(2026, 11, 25, 10)), room_id(desk)),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert "已经结项" in refused.value.say()


def test_a_copy_takes_all_sessions_their_rooms_and_partners(desk: Desk) -> None:
    number = planned(desk, FIRST, form=ActivityForm.SERIES)
    old = desk.sessions.load(number).activity_id
    desk.sessions.save(session(desk, old, FIRST + timedelta(days=2)), room_id(desk, "国学教室"))
    gone = desk.sessions.save(session(desk, old, FIRST + timedelta(days=3)), room_id(desk))
    desk.sessions.cancel_session(gone, "大风")
    held_with(desk, old, [partner(desk)])
    desk.sessions.close_session(number, Closing(headcount_children=3))
    new = desk.activities.copy(old, date(2026, 12, 7))
    rows = desk.sessions.rows(desk.sessions.find(SessionQuery(activity_id=new)))
    assert [(row.start, row.place_name, row.seq, row.status) for row in rows] == [
        (datetime(2026, 12, 7, 10), "手工室", 1, SessionStatus.PLANNED),
        (datetime(2026, 12, 9, 10), "国学教室", 2, SessionStatus.PLANNED),
    ]
    assert desk.activities.partner_names(new) == ("甲区妇联",)
    assert len(desk.bookings.between(datetime(2026, 12, 7), datetime(2026, 12, 10))) == 2


def test_a_copy_is_whole_or_not_at_all(desk: Desk) -> None:
    number = planned(desk, FIRST)
    old = desk.sessions.load(number).activity_id
    desk.sessions.save(session(desk, old, FIRST + timedelta(days=2)), room_id(desk))
    desk.rooms.save_closure(RoomClosure(start=datetime(2026, 12, 9), end=datetime(2026, 12, 10), reason="搬家"))
    with pytest.raises(Refused) as refused:
        desk.activities.copy(old, date(2026, 12, 7))
    assert refused.value.say().startswith("2026-12-09 10:00这一场：")
    assert desk.activities.find(ActivityQuery()).tolist() == [old]
    assert desk.bookings.between(datetime(2026, 12, 7), datetime(2026, 12, 10)) == ()


def test_a_copy_does_not_let_an_unscreened_person_in(desk: Desk) -> None:
    head = screened(desk)
    runner = screened(desk, unscreened(desk), date(2025, 12, 1))
    old = desk.activities.save(activity(desk))
    desk.sessions.save(session(desk, old, FIRST, responsible_id=runner), room_id(desk))
    with pytest.raises(Refused) as refused:
        desk.activities.copy(old, date(2026, 12, 7))
    assert "冶文秀在2026-12-07没有" in refused.value.say()
    assert desk.activities.copy(old, date(2026, 11, 30))
    # Somebody else can lead and run it this time.
    new = desk.activities.copy(old, date(2026, 12, 7), head)
    again = desk.sessions.find(SessionQuery(activity_id=new))[0]
    assert (desk.activities.load(new).leader_id, desk.sessions.load(again).responsible_id) == (head, head)
    assert head != runner


def test_with_a_larger_quota_those_who_wait_move_up(desk: Desk) -> None:
    number = planned(desk, datetime(2026, 11, 25, 10), quota=1)
    children = [filed(desk, name) for name in ("努尔艾力·吐尔洪江", "贺兰朵")]
    assert [one.state.code for one in desk.attendance.sign_up(number, children)] == ["SIGNED_UP", "WAITING"]
    desk.activities.save(replace(desk.activities.load(desk.sessions.load(number).activity_id), quota=2))
    assert {row.state for row in desk.attendance.names(number)} == {AttendanceState.SIGNED_UP}


def test_partners_of_an_activity(desk: Desk) -> None:
    screened(desk)
    number = desk.activities.save(activity(desk))
    women, justice = partner(desk), partner(desk, "甲区司法局", PartnerDept.JUSTICE)
    held_with(desk, number, [women, justice, women])
    assert desk.activities.partners(number) == (women, justice)
    held_with(desk, number, [justice])
    assert desk.activities.partners(number) == (justice,)
    assert desk.activities.find(ActivityQuery(partner_id=justice)).tolist() == [number]
    assert desk.activities.find(ActivityQuery(partner_id=women)).tolist() == []
    with pytest.raises(Missing):
        held_with(desk, number, [999])


def test_a_counsellor_looks_and_does_not_arrange(desk: Desk) -> None:
    screened(desk)
    number = desk.activities.save(activity(desk))
    store = as_seen_by(desk, colleague(desk, Role.COUNSELLOR), type(desk.activities))
    assert store.load(number).title == "彩泥手工课"
    with pytest.raises(Denied):
        store.save(activity(desk))
    changes = [row for row in desk.audit.rows(desk.audit.find()) if row.action is Action.CREATE]
    assert "活动" in {row.what for row in changes}


def test_an_activity_is_planned_whole_in_one_step(desk: Desk) -> None:
    screened(desk)
    women, law = partner(desk), partner(desk, "甲区司法局", PartnerDept.JUSTICE)
    new = activity(desk, "心理小组", form=ActivityForm.SERIES)
    held = session(desk, 0, datetime(2026, 11, 25, 10))
    series = Series(interval=2, first=date(2026, 11, 25), until=date(2026, 12, 23))
    ids = desk.activities.plan(new, [women, law], held, series, room_id(desk))
    assert [row.start.day for row in desk.sessions.rows(ids)] == [25, 9, 23]
    activity_id = desk.sessions.load(ids[0]).activity_id
    assert desk.activities.partners(activity_id) == (women, law)
    # Saved once more after an answer that was lost, nothing is there twice.
    assert desk.activities.plan(new, [women, law], held, series, room_id(desk)) == ids
    desk.activities.save(desk.activities.load(activity_id), [law])
    assert desk.activities.partners(activity_id) == (law,)
    # What its first session meets is told, and nothing is kept.
    night = session(desk, 0, datetime(2026, 11, 25, 21))
    with pytest.raises(Refused) as refused:
        desk.activities.plan(activity(desk, "晚会"), [], night, None, room_id(desk))
    assert "不在开放时间内" in refused.value.say()
    assert refused.value.problems[0].field == "start"
    assert desk.activities.find(ActivityQuery(words="晚会")).tolist() == []
    desk.activities.plan(activity(desk, "晚会"), [], night, None, room_id(desk), "元旦晚会")
    assert len(desk.activities.find(ActivityQuery(words="晚会"))) == 1


def test_a_new_name_is_on_the_door_too_and_a_copy_stays_in_the_calendar(desk: Desk) -> None:
    held = planned(desk, datetime(2026, 11, 25, 10))
    found = desk.sessions.load(held)
    old = desk.activities.load(found.activity_id)
    desk.activities.save(replace(old, title="泥塑\u202e小组\u200b", form=ActivityForm.SERIES))
    booked = desk.bookings.load(found.booking_id or 0)
    assert (booked.title, booked.purpose) == ("泥塑小组", Purpose.GROUP)
    desk.sessions.save(session(desk, found.activity_id, datetime(2026, 12, 2, 10), place="红柳社区广场"))
    with pytest.raises(Refused) as refused:
        desk.activities.copy(found.activity_id, date.max)
    assert refused.value.say() == "新的首场日期太远，请改近一些的日期。"
