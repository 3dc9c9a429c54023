"""Blocks H, I and J from the file: months and year, who was in stock on the day, whom one may know of."""

from datetime import date, datetime

from stationdesk.db.summaries import SummaryStore
from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.activities import ActivityCategory, ActivityForm
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.sessions import Closing
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.summaries import cross_checks
from stationdesk.records.volunteers import VolunteerStatus
from tests.activities import planned, ready_volunteer, volunteer
from tests.children import as_seen_by, colleague, filed, light


def held(desk: Desk, start: datetime, children: list[int], heads: int = 0, **more: object) -> int:
    number = planned(desk, start, "手工室", "彩泥手工课", **more)
    if children:
        desk.attendance.tick(number, children)
    desk.sessions.close_session(number, Closing(headcount_children=heads))
    return number


def test_two_months_and_the_year(desk: Desk) -> None:
    first = filed(desk, "努尔艾力·吐尔洪江", entered=date(2026, 10, 2))
    second = filed(desk, "贺兰朵", entered=date(2026, 11, 21))
    registered = desk.children.enrol(light("古丽米热·艾尼"))
    october = held(desk, datetime(2026, 10, 20, 10), [first, second], 3, category=ActivityCategory.LAW)
    november = held(desk, datetime(2026, 11, 20, 10), [first, second, registered], form=ActivityForm.LECTURE)
    planned(desk, datetime(2026, 11, 26, 10))
    found = desk.summaries.figures(2026, 11)
    rows = {code: (found.of(code).month, found.of(code).year) for code in ("H01", "H02", "H05", "H07", "H08", "H10")}
    assert rows == {"H01": (1, 2), "H02": (0, 1), "H05": (1, 1), "H07": (3, 8), "H08": (3, 8), "H10": (3, 3)}
    # Who came into stock the day after was not yet in it.
    assert (found.of("H11").month, found.of("H11").month_ids) == (1, (first,))
    assert found.of("H01").month_ids == (november,)
    assert found.of("H01").year_ids == (october, november)
    assert (found.of("H21", "场次").month, found.of("H21", "场次").year) == (0, 1)
    assert all(check.holds for check in cross_checks(found))
    assert desk.summaries.months()[0] == "2026-10"


def test_the_absent_are_not_counted(desk: Desk) -> None:
    first = filed(desk, "努尔艾力·吐尔洪江", entered=date(2026, 10, 2))
    second = filed(desk, "贺兰朵")
    number = planned(desk, datetime(2026, 11, 20, 10))
    desk.attendance.sign_up(number, [first, second])
    desk.attendance.tick(number, [first])
    desk.attendance.tick(number, [second], AttendanceState.ABSENT)
    desk.sessions.close_session(number, Closing())
    assert [desk.summaries.figures(2026, 11).of(code).month for code in ("H07", "H10")] == [1, 1]


def test_volunteers_and_their_hours(desk: Desk) -> None:
    helper = ready_volunteer(desk)
    desk.volunteers.save(volunteer("单思远", joined_on=date(2026, 11, 3)))
    desk.volunteers.save(volunteer("郭心怡", status=VolunteerStatus.APPLIED, joined_on=None))
    gone = volunteer("孜巴古丽", status=VolunteerStatus.LEFT, joined_on=date(2025, 2, 1), left_on=date(2026, 11, 2))
    desk.volunteers.save(gone)
    own = VolunteerShift(volunteer_id=helper, start=datetime(2026, 11, 2, 10), end=datetime(2026, 11, 2, 11, 30))
    desk.shifts.confirm([desk.shifts.save(own)])
    number = planned(desk, datetime(2026, 11, 20, 10))
    desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=number))
    desk.sessions.close_session(number, Closing(headcount_children=2))
    found = desk.summaries.figures(2026, 11)
    assert [str(found.of(code).month) for code in ("I01", "I02", "I03", "I04", "I05")] == ["2", "1", "1", "2", "2.5"]
    assert found.of("I02").year == 2


def test_a_counsellor_counts_all_and_opens_only_clients(desk: Desk) -> None:
    counsellor = colleague(desk, Role.COUNSELLOR, "叶尔哈那提·哈布都拉提")
    client = filed(desk, "贺兰朵", counsellor_id=counsellor.staff_id)
    held(desk, datetime(2026, 11, 20, 10), [client, filed(desk, "努尔艾力·吐尔洪江")])
    found = as_seen_by(desk, counsellor, SummaryStore).figures(2026, 11)
    assert (found.of("H10").month, found.of("H10").month_ids) == (2, (client,))
