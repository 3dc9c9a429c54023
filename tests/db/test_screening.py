"""Checks and trainings in the file: one gate, a record that stays, rights to enter them."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.db.screening import ScreeningStore
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.home import screening_due
from stationdesk.records.screening import Body, CheckResult, Expiring, ScreeningCheck, Training
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.volunteers import VolunteerQuery, VolunteerStatus
from tests.activities import TODAY, planned, ready_volunteer, screened, unscreened, volunteer
from tests.children import as_seen_by, colleague

HIT, CLEAR = CheckResult.HIT, CheckResult.CLEAR


def test_a_record_blocks_a_volunteer_for_good(desk: Desk) -> None:
    number = ready_volunteer(desk)
    hit = desk.screening.save_check(ScreeningCheck(volunteer_id=number, queried_on=TODAY, result=HIT))
    blocked = desk.volunteers.load(number)
    assert blocked.status is VolunteerStatus.BLOCKED
    with pytest.raises(Refused) as refused:
        desk.volunteers.save(replace(blocked, status=VolunteerStatus.ACTIVE))
    assert "只能是“禁止服务”" in refused.value.say()
    check = next(one for one in desk.screening.checks_of_volunteer(number) if one.id == hit)
    with pytest.raises(Refused) as refused:
        desk.screening.save_check(replace(check, result=CLEAR))
    assert "不能改成别的结果" in refused.value.say()
    desk.screening.save_check(replace(check, doc_no="文号2"))
    desk.screening.save_check(ScreeningCheck(volunteer_id=number, queried_on=TODAY, result=CLEAR))
    assert "有记录" in "".join(problem.say() for problem in desk.volunteers.why_not(number, TODAY))


def test_checks_are_of_somebody_and_not_of_tomorrow(desk: Desk) -> None:
    with pytest.raises(Missing):
        desk.screening.save_check(ScreeningCheck(volunteer_id=99, queried_on=TODAY))
    with pytest.raises(Refused):
        desk.screening.save_check(ScreeningCheck(queried_on=TODAY))
    with pytest.raises(Refused) as refused:
        desk.screening.save_check(ScreeningCheck(staff_id=desk.actor.staff_id, queried_on=date(2026, 11, 25)))
    assert "日期还没有到" in refused.value.say()
    screened(desk)
    check = desk.screening.checks_of_staff(desk.actor.staff_id)[0]
    with pytest.raises(Refused) as refused:
        desk.screening.save_check(replace(check, staff_id=unscreened(desk)))
    assert "不能改到别人名下" in refused.value.say()


def test_who_may_be_chosen_of_the_team(desk: Desk) -> None:
    other = unscreened(desk)
    assert desk.screening.choosable_staff(TODAY) == ()
    screened(desk)
    assert [member.id for member in desk.screening.choosable_staff(TODAY)] == [desk.actor.staff_id]
    assert desk.screening.choosable_staff(date(2027, 6, 1)) == ()
    assert "从业查询" in desk.screening.why_not(other, TODAY)[0].say()
    screened(desk, other)
    member = desk.staff.load(other)
    desk.staff.save(replace(member, left_on=date(2026, 11, 1)))
    assert "不在岗" in desk.screening.why_not(other, TODAY)[0].say()


def test_trainings(desk: Desk) -> None:
    number = desk.volunteers.save(volunteer())
    training = Training(volunteer_id=number, topic="急救", day=date(2026, 3, 1))
    kept = desk.screening.save_training(training)
    assert [one.topic for one in desk.screening.trainings(volunteer_id=number)] == ["急救"]
    assert desk.screening.trainings(staff_id=desk.actor.staff_id) == ()
    with pytest.raises(Refused):
        desk.screening.save_training(replace(training, uuid="0" * 32, day=date(2026, 12, 1)))
    desk.screening.remove_training(kept)
    assert desk.screening.trainings(volunteer_id=number) == ()


def test_only_head_and_supervisor_enter_checks(desk: Desk) -> None:
    worker = as_seen_by(desk, colleague(desk, Role.SOCIAL_WORKER), ScreeningStore)
    check = ScreeningCheck(staff_id=desk.actor.staff_id, queried_on=TODAY, result=CLEAR)
    with pytest.raises(Denied):
        worker.save_check(check)
    as_seen_by(desk, colleague(desk, Role.SUPERVISOR, "周素琴"), ScreeningStore).save_check(check)


def test_an_unscreened_volunteer_is_let_in_by_no_door(desk: Desk) -> None:
    number = desk.volunteers.save(volunteer())
    desk.screening.save_training(Training(volunteer_id=number, topic="急救", day=date(2026, 3, 1)))
    held = planned(desk, datetime(2026, 11, 25, 10))
    own = VolunteerShift(volunteer_id=number, start=datetime(2026, 11, 25, 10), end=datetime(2026, 11, 25, 11))
    for shift in (VolunteerShift(volunteer_id=number, session_id=held), own):
        with pytest.raises(Refused) as refused:
            desk.shifts.save(shift)
        assert "没有12个月内“无记录”的从业查询" in refused.value.say()
    assert desk.volunteers.find(VolunteerQuery(cleared_on=TODAY)).tolist() == []
    desk.screening.save_check(ScreeningCheck(volunteer_id=number, queried_on=date(2025, 12, 1), result=CLEAR))
    desk.shifts.save(VolunteerShift(volunteer_id=number, session_id=held))
    assert desk.volunteers.find(VolunteerQuery(cleared_on=TODAY)).tolist() == [number]
    # The session may not be put where its helper's check has run out.
    with pytest.raises(Refused) as refused:
        desk.sessions.move_session(held, datetime(2026, 12, 1, 10), datetime(2026, 12, 1, 11))
    assert "从业查询" in refused.value.say()


def test_what_runs_out_is_told_a_month_ahead(desk: Desk) -> None:
    fine = ready_volunteer(desk, insured_until=date(2026, 12, 25))
    soon = ready_volunteer(desk, "单思远", insured_until=date(2026, 12, 24))
    missing = desk.volunteers.save(volunteer("郭心怡"))
    desk.volunteers.save(volunteer("李存义", status=VolunteerStatus.PAUSED))
    ran_out = screened(desk, unscreened(desk), date(2025, 11, 24))
    screened(desk, queried_on=date(2025, 12, 24))
    gone = screened(desk, unscreened(desk, "马晓岚"), date(2025, 1, 1))
    desk.staff.save(replace(desk.staff.load(gone), left_on=date(2026, 11, 1)))
    told = [(due.body, due.person_id, due.kind, due.on, due.overdue) for due in desk.screening.due()]
    assert told == [
        (Body.VOLUNTEER, missing, Expiring.CHECK, None, True),
        (Body.STAFF, ran_out, Expiring.CHECK, date(2026, 11, 24), True),
        (Body.STAFF, desk.actor.staff_id, Expiring.CHECK, date(2026, 12, 24), False),
        (Body.VOLUNTEER, soon, Expiring.INSURANCE, date(2026, 12, 24), False),
    ]
    assert fine not in [due.person_id for due in desk.screening.due() if due.body is Body.VOLUNTEER]


def test_lines_of_trainings_and_the_monthly_rows(desk: Desk) -> None:
    helper = ready_volunteer(desk)
    screened(desk)
    unscreened(desk)
    own = desk.screening.save_training(Training(staff_id=desk.actor.staff_id, topic="法规", day=date(2026, 11, 3)))
    theirs = desk.screening.save_training(Training(volunteer_id=helper, topic="急救", day=date(2026, 11, 4)))
    rows = desk.screening.rows([theirs, own])
    assert [(row.id, row.topic) for row in rows] == [(theirs, "急救"), (own, "法规")]
    assert {row.name for row in rows} == {"帕提古丽·艾合买提", desk.actor.name}
    found = desk.summaries.figures(2026, 11)
    assert (found.of("A07").month, found.of("A07").month_ids) == (1, (own,))
    assert (str(found.of("A08").month), found.of("A08").month_ids) == ("66.7", (desk.actor.staff_id,))


def test_a_record_found_later_changes_no_month_that_is_over_and_whoever_is_planned_is_told(desk: Desk) -> None:
    number = ready_volunteer(desk)
    held = planned(desk, datetime(2026, 11, 30, 10))
    desk.shifts.save(VolunteerShift(volunteer_id=number, session_id=held))
    assert desk.screening.due() == ()
    desk.screening.save_check(ScreeningCheck(volunteer_id=number, queried_on=date(2026, 11, 20), result=HIT))
    desk.screening.save_check(ScreeningCheck(staff_id=desk.actor.staff_id, queried_on=TODAY, result=HIT))
    october, november = (desk.summaries.figures(2026, month) for month in (10, 11))
    assert (october.of("I01").month, str(october.of("A08").month)) == (1, "100.0")
    assert (november.of("I01").month, november.of("I02").year) == (0, 1)
    told = [(due.body, due.person_id, due.on, due.session_id) for due in desk.screening.due()]
    assert told == [
        (Body.STAFF, desk.actor.staff_id, date(2026, 11, 30), held),
        (Body.VOLUNTEER, number, date(2026, 11, 30), held),
    ]
    first = next(screening_due(desk.screening.due(), TODAY))
    assert (first.page, first.record_id) == ("activities", held)
    assert "请马上换人" in first.say()
    counsellor = as_seen_by(desk, colleague(desk, Role.COUNSELLOR), ScreeningStore)
    assert [due for due in counsellor.due() if due.planned] == []
    desk.sessions.cancel_session(held, "换人")
    assert [due for due in desk.screening.due() if due.planned] == []


def test_who_is_barred_does_not_come_back_without_a_number(desk: Desk) -> None:
    number = ready_volunteer(desk)
    desk.screening.save_check(ScreeningCheck(volunteer_id=number, queried_on=TODAY, result=HIT))
    with pytest.raises(Refused) as refused:
        desk.volunteers.save(volunteer())
    assert "禁止服务" in refused.value.say()
    assert desk.volunteers.save(volunteer(birth_date=date(2001, 3, 1)))
