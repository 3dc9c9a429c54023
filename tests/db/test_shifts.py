"""Shifts in the file: length, overlap, confirming, and the hours of a year."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Refused
from stationdesk.records.sessions import Closing
from stationdesk.records.shifts import VolunteerShift
from tests.activities import planned, ready_volunteer

START = datetime(2026, 11, 23, 8)


@pytest.fixture
def helper(desk: Desk) -> int:
    return ready_volunteer(desk)


def shift(volunteer_id: int, hours: float, start: datetime = START) -> VolunteerShift:
    return VolunteerShift(volunteer_id=volunteer_id, start=start, end=start + timedelta(hours=hours))


def refusal(desk: Desk, made: VolunteerShift) -> str:
    with pytest.raises(Refused) as found:
        desk.shifts.save(made)
    return found.value.say()


def test_thirteen_hours_are_too_long(desk: Desk, helper: int) -> None:
    assert "最长12小时" in refusal(desk, shift(helper, 13))
    assert "晚于开始" in refusal(desk, shift(helper, 0))
    assert desk.shifts.save(shift(helper, 12))


def test_nobody_is_in_two_places(desk: Desk, helper: int) -> None:
    desk.shifts.save(shift(helper, 2))
    assert "在2026-11-23 08:00-10:00已有志愿服务" in refusal(desk, shift(helper, 1, START + timedelta(hours=1)))
    desk.shifts.save(shift(helper, 1, START + timedelta(hours=2)))
    held = planned(desk, START + timedelta(hours=2, minutes=30))
    assert "时间重叠" in refusal(desk, VolunteerShift(volunteer_id=helper, session_id=held))
    other = ready_volunteer(desk, "单思远")
    desk.shifts.save(VolunteerShift(volunteer_id=other, session_id=held))
    desk.sessions.cancel_session(held, "停电")
    # What is not held keeps nobody from helping elsewhere.
    desk.shifts.save(shift(other, 1, START + timedelta(hours=2, minutes=30)))


def test_only_what_is_confirmed_counts(desk: Desk, helper: int) -> None:
    done = desk.shifts.save(shift(helper, 1.6))
    desk.shifts.save(shift(helper, 1, START + timedelta(hours=4)))
    later = desk.shifts.save(shift(helper, 1, datetime(2026, 11, 25, 10)))
    assert desk.shifts.hours(helper, 2026).times == 0
    desk.shifts.confirm([done])
    found = desk.shifts.hours(helper, 2026)
    assert (found.times, found.minutes, found.recognised) == (1, 96, 90)
    assert desk.shifts.hours(helper, 2025).times == 0
    with pytest.raises(Refused) as refused:
        desk.shifts.confirm([later])
    assert "还没有结束" in refused.value.say()
    assert "已经确认" in refusal(desk, desk.shifts.load(done))
    with pytest.raises(Refused):
        desk.shifts.remove(done)
    desk.shifts.unconfirm(done)
    desk.shifts.save(replace(desk.shifts.load(done), end=START + timedelta(hours=1)))
    desk.shifts.remove(done)
    assert len(desk.shifts.find(volunteer_id=helper)) == 2


def test_saving_does_not_confirm(desk: Desk, helper: int) -> None:
    number = desk.shifts.save(shift(helper, 1))
    desk.shifts.save(replace(desk.shifts.load(number), evaluation=5))
    sneaky = replace(shift(helper, 1, START + timedelta(hours=2)), session_id=None)
    assert desk.shifts.load(desk.shifts.save(sneaky)).confirmed_by is None


def test_who_did_not_come_has_no_hours(desk: Desk, helper: int) -> None:
    held = planned(desk, datetime(2026, 11, 23, 10))
    number = desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=held))
    with pytest.raises(Refused) as refused:
        desk.shifts.confirm([number])
    assert "在结束那一场时一并确认" in refused.value.say()
    with pytest.raises(Refused) as refused:
        desk.shifts.unconfirm(number)
    assert "重新打开那一场" in refused.value.say()
    desk.shifts.save(replace(desk.shifts.load(number), did_not_come=True))
    found = desk.sessions.close_session(held, Closing(headcount_children=3))
    assert (found.volunteers, found.volunteer_minutes) == (0, 0)
    assert "请先重新打开这一场" in refusal(desk, replace(desk.shifts.load(number), did_not_come=False))
    row = desk.shifts.rows(desk.shifts.find(session_id=held))[0]
    assert (row.did_not_come, row.counts, row.title, row.minutes) == (True, False, "彩泥手工课", 60)


def test_a_shift_may_be_shorter_than_its_session(desk: Desk, helper: int) -> None:
    start = datetime(2026, 11, 23, 10)
    held = planned(desk, start)
    late = start + timedelta(minutes=20)
    desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=held, start=late, end=start + timedelta(hours=1)))
    assert desk.sessions.close_session(held, Closing(headcount_children=3)).volunteer_minutes == 40


def test_rules_of_recognising_hours(desk: Desk, helper: int) -> None:
    desk.shifts.confirm([desk.shifts.save(shift(helper, 10))])
    assert desk.shifts.hours(helper, 2026).recognised == 480
    desk.shifts.save_rules(replace(desk.shifts.rules(), daily_cap=9, round_to=60))
    assert desk.shifts.hours(helper, 2026).recognised == 540
    desk.shifts.save_rules(replace(desk.shifts.rules(), daily_cap=12))
    assert (desk.shifts.hours(helper, 2026).recognised, desk.shifts.rules().round_to) == (600, 60)
    with pytest.raises(Refused):
        desk.shifts.save_rules(replace(desk.shifts.rules(), daily_cap=13))


def test_finding_by_time(desk: Desk, helper: int) -> None:
    first = desk.shifts.save(shift(helper, 1))
    second = desk.shifts.save(shift(helper, 1, START + timedelta(days=1)))
    assert desk.shifts.find(first=date(2026, 11, 24)).tolist() == [second]
    assert desk.shifts.find(last=date(2026, 11, 23)).tolist() == [first]
    assert [row.id for row in desk.shifts.rows([second, first])] == [second, first]


def test_everybodys_year_is_ranked(desk: Desk, helper: int) -> None:
    other = ready_volunteer(desk, "单思远", organisation="青年志愿者协会")
    held = planned(desk, datetime(2026, 11, 23, 16))
    for person in (helper, other):
        desk.shifts.save(VolunteerShift(volunteer_id=person, session_id=held))
    desk.sessions.close_session(held, Closing(headcount_children=3))
    desk.shifts.confirm([desk.shifts.save(shift(other, 1.6))])
    desk.shifts.save(shift(helper, 3))
    late = datetime(2026, 11, 22, 10)
    moved = planned(desk, late)
    own_time = VolunteerShift(volunteer_id=helper, session_id=moved, start=late, end=late + timedelta(minutes=20))
    desk.shifts.save(own_time)
    desk.sessions.close_session(moved, Closing(headcount_children=3))
    found = desk.shifts.ranking(2026)
    assert [(row.place, row.id, row.times, row.minutes, str(row.recognised)) for row in found] == [
        (1, other, 2, 156, "2.5"),
        (2, helper, 2, 80, "1"),
    ]
    for row in found:
        own = desk.shifts.hours(row.id, 2026)
        assert (own.times, own.minutes, own.recognised) == (row.times, row.minutes, int(row.recognised * 60))
    assert desk.shifts.ranking(2025) == ()
    assert desk.shifts.years() == (2026,)


def test_finding_a_volunteers_shifts(desk: Desk, helper: int) -> None:
    first = desk.shifts.save(shift(helper, 1))
    held = planned(desk, datetime(2026, 11, 25, 10))
    second = desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=held))
    find = desk.shifts.find
    assert find(volunteer_id=helper, descending=True).tolist() == [second, first]
    assert find(volunteer_id=helper, words="2026-11-23").tolist() == [first]
    assert find(volunteer_id=helper, words="彩泥").tolist() == [second]
    assert find(volunteer_id=helper, sort="title").tolist() == [first, second]


def test_the_rules_are_one_record(desk: Desk) -> None:
    fresh = desk.shifts.rules()
    desk.shifts.save_rules(fresh)
    with pytest.raises(Conflict):
        desk.shifts.save_rules(replace(fresh, uuid="0" * 32))


def test_a_shift_with_a_time_of_its_own_goes_along_with_its_session(desk: Desk, helper: int) -> None:
    day, early = datetime(2026, 11, 25, 10), timedelta(minutes=30)
    held = planned(desk, day)
    number = desk.shifts.save(replace(shift(helper, 2, day - early), session_id=held))
    assert "当天（2026-11-25）" in refusal(desk, replace(shift(helper, 1), session_id=held))
    start = day + timedelta(days=1)
    desk.sessions.move_session(held, start, start + timedelta(hours=1))
    (row,) = desk.shifts.rows([number])
    assert (row.start, row.minutes) == (start - early, 120)
