"""The list of volunteers: found by pinyin, personal data as far as a role reaches, no one twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from stationdesk.db.volunteers import VolunteerStore
from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Refused
from stationdesk.records.access import Role
from stationdesk.records.ids import IdKind
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.volunteers import Language, VolunteerQuery, VolunteerStatus, VolunteerWork
from tests.activities import CHECKED, ready_volunteer, volunteer
from tests.children import as_seen_by, colleague, resident_no

NUMBER = resident_no(date(2000, 3, 1), 2)


def test_finding_and_lines(desk: Desk) -> None:
    first = ready_volunteer(desk, skills=(VolunteerWork.TUTOR, VolunteerWork.LAW), languages=(Language.UYGHUR,))
    second = desk.volunteers.save(volunteer("单思远", status=VolunteerStatus.APPLIED, joined_on=None))
    find = desk.volunteers.find
    assert find(VolunteerQuery()).tolist() == [first, second]
    assert find(VolunteerQuery(words="ssy")).tolist() == [second]
    assert find(VolunteerQuery(words="dansiyuan")).tolist() == [second]
    assert find(VolunteerQuery(words="艾合")).tolist() == [first]
    assert find(VolunteerQuery(status=VolunteerStatus.APPLIED)).tolist() == [second]
    assert find(VolunteerQuery(skill=VolunteerWork.LAW)).tolist() == [first]
    assert find(VolunteerQuery(skill=VolunteerWork.EVENT)).tolist() == []
    assert find(VolunteerQuery(language=Language.UYGHUR)).tolist() == [first]
    rows = desk.volunteers.rows([second, first])
    assert [row.check_due for row in rows] == [None, CHECKED.replace(year=2027)]


def test_under_eighteen_without_consent_is_refused(desk: Desk) -> None:
    young = volunteer(birth_date=date(2010, 1, 1))
    with pytest.raises(Refused) as refused:
        desk.volunteers.save(young)
    assert "未满18周岁的志愿者须有监护人书面同意" in refused.value.say()
    assert desk.volunteers.find(VolunteerQuery()).tolist() == []
    assert desk.volunteers.save(replace(young, guardian_consent=True))


def test_the_same_document_is_one_person(desk: Desk) -> None:
    desk.volunteers.save(volunteer(id_kind=IdKind.RESIDENT_ID, id_no=NUMBER))
    with pytest.raises(Refused) as refused:
        desk.volunteers.save(volunteer("单思远", id_kind=IdKind.RESIDENT_ID, id_no=NUMBER))
    assert "证件号码与志愿者帕提古丽·艾合买提相同" in refused.value.say()


SHOWN = {
    Role.SUPERVISOR: ("13900000008", NUMBER),
    Role.SOCIAL_WORKER: ("13900000008", NUMBER),
    Role.COUNSELLOR: (None, None),
    Role.CLERK: ("139****0008", f"{NUMBER[:6]}{'*' * 8}{NUMBER[-4:]}"),
}


@pytest.mark.parametrize("role", list(SHOWN), ids=lambda role: role.code)
def test_personal_data_as_far_as_the_role_reaches(desk: Desk, role: Role) -> None:
    number = desk.volunteers.save(volunteer(id_kind=IdKind.RESIDENT_ID, id_no=NUMBER))
    store = as_seen_by(desk, colleague(desk, role), VolunteerStore)
    shown = store.load(number)
    assert (shown.phone, shown.id_no) == SHOWN[role]
    assert store.rows([number])[0].phone == SHOWN[role][0]
    if role in (Role.COUNSELLOR, Role.CLERK):
        with pytest.raises(Denied):
            store.save(shown)
    else:
        store.save(replace(shown, note="会维吾尔语"))
    assert desk.volunteers.load(number).phone == "13900000008"


def test_an_old_version_is_a_conflict(desk: Desk) -> None:
    number = desk.volunteers.save(volunteer())
    old = desk.volunteers.load(number)
    desk.volunteers.save(replace(old, note="一"))
    with pytest.raises(Conflict):
        desk.volunteers.save(replace(old, note="二"))


def test_who_is_still_planned_does_not_leave(desk: Desk) -> None:
    number, start = ready_volunteer(desk), datetime(2026, 11, 25, 10)
    shift = desk.shifts.save(VolunteerShift(volunteer_id=number, start=start, end=start + timedelta(hours=1)))
    paused = replace(desk.volunteers.load(number), status=VolunteerStatus.PAUSED)
    with pytest.raises(Refused) as refused:
        desk.volunteers.save(paused)
    assert "在2026-11-25 10:00-11:00还排了服务" in refused.value.say()
    desk.shifts.remove(shift)
    desk.volunteers.save(paused)
