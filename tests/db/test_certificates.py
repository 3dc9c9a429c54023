"""Certificates in the file: numbered once, frozen, counted when printed, void but never gone."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from stationdesk.db.certificates import CertificateStore
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.audit import Action
from stationdesk.records.calendar import new_uuid
from stationdesk.records.certificates import CertificateOrder, CertificateQuery, CertificateState
from stationdesk.records.ids import IdKind
from stationdesk.records.screening import CheckResult, ScreeningCheck
from stationdesk.records.sessions import Closing
from stationdesk.records.shifts import VolunteerShift
from tests.activities import TODAY, planned, ready_volunteer
from tests.children import as_seen_by, colleague, resident_no

NUMBER = resident_no(date(2000, 3, 1), 2)
START = datetime(2026, 11, 2, 10)


def served(desk: Desk, volunteer_id: int, start: datetime = START, minutes: int = 100, *, confirm: bool = True) -> int:
    shift = VolunteerShift(volunteer_id=volunteer_id, start=start, end=start + timedelta(minutes=minutes))
    number = desk.shifts.save(shift)
    if confirm:
        desk.shifts.confirm([number])
    return number


@pytest.fixture
def helper(desk: Desk) -> int:
    return ready_volunteer(desk, id_kind=IdKind.RESIDENT_ID, id_no=NUMBER, organisation="青年志愿者协会")


def ordered(desk: Desk, volunteer_id: int, **more: object) -> CertificateOrder:
    return replace(desk.certificates.blank(volunteer_id), **more)  # type: ignore[arg-type]


def refusal(desk: Desk, order: CertificateOrder) -> str:
    with pytest.raises(Refused) as found:
        desk.certificates.issue(order)
    return found.value.say()


def test_a_certificate_is_frozen_when_it_is_issued(desk: Desk, helper: int) -> None:
    served(desk, helper)
    held = planned(desk, datetime(2026, 11, 20, 10))
    desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=held))
    desk.sessions.close_session(held, Closing(headcount_children=2))
    served(desk, helper, datetime(2026, 10, 2, 10))
    number = desk.certificates.issue(ordered(desk, helper, first=date(2026, 11, 1)))
    found = desk.certificates.load(number)
    assert [(line.day.day, line.minutes, line.title) for line in found.lines] == [(2, 100, ""), (20, 60, "彩泥手工课")]
    assert (found.minutes, str(found.hours), found.number) == (150, "2.5", "志证2026-0001")
    assert (found.id_no, found.responsible, found.contact) == (NUMBER, "赛乃姆·托合提", "0991-0000001")
    desk.volunteers.save(replace(desk.volunteers.load(helper), name="帕提古丽·改名", organisation=None))
    desk.shifts.save_rules(replace(desk.shifts.rules(), round_to=60))
    assert replace(desk.certificates.load(number), version=found.version) == found


def test_numbers_are_never_used_again(desk: Desk, helper: int) -> None:
    served(desk, helper)
    order = ordered(desk, helper)
    first = desk.certificates.issue(order)
    assert desk.certificates.issue(order) == first
    desk.certificates.declare_void(first, "写错期间")
    second = desk.certificates.issue(replace(order, uuid=new_uuid()))
    rows = desk.certificates.rows(desk.certificates.find())
    assert [row.number for row in rows] == ["志证2026-0002", "志证2026-0001"]
    assert [(row.state, row.void_reason) for row in rows] == [
        (CertificateState.VALID, None),
        (CertificateState.VOID, "写错期间"),
    ]
    for words in ("0002", "2026-0002"):
        assert desk.certificates.find(CertificateQuery(words=words)).tolist() == [second]
    assert len(desk.certificates.find(CertificateQuery(words="ptgl"))) == 2
    assert desk.certificates.find(CertificateQuery(volunteer_id=helper + 1)).tolist() == []
    assert desk.summaries.figures(2026, 11).of("I06").month_ids == (second,)


def test_what_is_refused(desk: Desk, helper: int) -> None:
    assert "没有已计入的服务" in refusal(desk, ordered(desk, helper))
    served(desk, helper)
    served(desk, helper, datetime(2026, 11, 3, 10), confirm=False)
    assert "2026-11-03的服务还没有确认" in refusal(desk, ordered(desk, helper))
    assert desk.certificates.issue(ordered(desk, helper, last=date(2026, 11, 2)))
    assert "早于开始日期" in refusal(desk, ordered(desk, helper, first=TODAY, last=date(2026, 11, 1)))
    assert "请不要晚于今天" in refusal(desk, ordered(desk, helper, last=date(2026, 11, 25)))
    assert "请填写经办人" in refusal(desk, ordered(desk, helper, handler=""))
    nameless = ready_volunteer(desk, "单思远")
    served(desk, nameless)
    assert "没有证件号码" in refusal(desk, ordered(desk, nameless))
    with pytest.raises(Missing):
        desk.certificates.issue(ordered(desk, 99))


def test_who_is_barred_still_gets_past_service_certified(desk: Desk, helper: int) -> None:
    served(desk, helper)
    desk.screening.save_check(ScreeningCheck(volunteer_id=helper, queried_on=TODAY, result=CheckResult.HIT))
    assert desk.certificates.issue(ordered(desk, helper))


def test_every_print_is_counted_and_noted(desk: Desk, helper: int) -> None:
    served(desk, helper)
    number = desk.certificates.issue(ordered(desk, helper))
    assert desk.certificates.to_print(number).printed == 0
    desk.certificates.note_print(number)
    desk.certificates.note_print(number, Action.EXPORT)
    assert desk.certificates.to_print(number).printed == 2
    noted = [row for row in desk.audit.rows(desk.audit.find()) if row.what == "志愿服务证明"]
    assert {Action.PRINT, Action.EXPORT} <= {row.action for row in noted}
    desk.certificates.declare_void(number, "写错期间")
    for forbidden in (desk.certificates.to_print, desk.certificates.note_print):
        with pytest.raises(Refused) as refused:
            forbidden(number)
        assert "已经作废" in refused.value.say()
    with pytest.raises(Refused):
        desk.certificates.declare_void(number, "再作废")


def test_only_who_may_certify(desk: Desk, helper: int) -> None:
    served(desk, helper)
    order = ordered(desk, helper)
    worker = as_seen_by(desk, colleague(desk, Role.SOCIAL_WORKER), CertificateStore)
    for forbidden in (lambda: worker.issue(order), lambda: worker.to_print(1), lambda: worker.declare_void(1, "错")):
        with pytest.raises(Denied):
            forbidden()
    number = as_seen_by(desk, colleague(desk, Role.SUPERVISOR, "周素琴"), CertificateStore).issue(order)
    assert [row.number for row in worker.rows(worker.find())] == [desk.certificates.load(number).number]


def test_what_is_certified_is_not_changed_behind_its_back(desk: Desk, helper: int) -> None:
    shift = served(desk, helper)
    later = served(desk, helper, datetime(2026, 11, 5, 10))
    number = desk.certificates.issue(ordered(desk, helper, last=date(2026, 11, 2)))
    desk.shifts.unconfirm(later)
    with pytest.raises(Refused) as refused:
        desk.shifts.unconfirm(shift)
    assert "已经写进证明志证2026-0001" in refused.value.say()
    desk.certificates.declare_void(number, "时长写错")
    desk.shifts.unconfirm(shift)


def test_a_session_that_is_certified_is_not_opened_again(desk: Desk, helper: int) -> None:
    held = planned(desk, datetime(2026, 11, 20, 10))
    desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=held))
    desk.sessions.close_session(held, Closing(headcount_children=2))
    number = desk.certificates.issue(ordered(desk, helper))
    with pytest.raises(Refused) as refused:
        desk.sessions.reopen(held)
    assert "已经写进证明志证2026-0001" in refused.value.say()
    # What was entered afterwards is not in the certificate.
    desk.shifts.unconfirm(served(desk, helper))
    worker = as_seen_by(desk, colleague(desk, Role.CLERK), CertificateStore)
    assert worker.volunteer_of(number) == helper
    desk.certificates.declare_void(number, "到场人数写错")
    desk.sessions.reopen(held)
