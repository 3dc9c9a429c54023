"""The invented activities, volunteers and partners keep every rule that the stores hold the real ones to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from stationdesk.errors import Problem
from stationdesk.fields import check
from stationdesk.records.activities import Activity, ActivityCategory, ActivityForm
from stationdesk.records.ages import age_on
from stationdesk.records.attendance import CAME, PLACED, Attendance, AttendanceState, child_problems
from stationdesk.records.bookings import HOLDING, Booking, BookingStatus
from stationdesk.records.calendar import minute_of
from stationdesk.records.certificates import Certificate
from stationdesk.records.consents import Consent, ConsentKind, consent_problems
from stationdesk.records.contracts import Payment
from stationdesk.records.demonstration import SCALES, Scale, bookings, held_by
from stationdesk.records.demonstration_activities import begun_on
from stationdesk.records.demonstration_attendance import Held
from stationdesk.records.demonstration_children import Around, ChildFile, child_files
from stationdesk.records.demonstration_programme import Programme
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.partners import JointWork, Partner, PartnerDept, PartnerLink
from stationdesk.records.schedule import clash
from stationdesk.records.screening import ScreeningCheck, Training, is_cleared
from stationdesk.records.sessions import NOT_HELD, SessionStatus
from stationdesk.records.shifts import VolunteerShift, span_problems
from stationdesk.records.volunteers import Language, Volunteer, VolunteerStatus, choice_problems, day_problems
from stationdesk.records.work_groups import GroupMeeting, GroupTask, task_problems
from tests.records import test_demonstration as base

R = TypeVar("R")
UNTIL = base.UNTIL
# The worst case's rooms and crowds, for some months of it.
CROWDED = Scale(12, 15_000, 3, 60, 100, 500, 3, 600, 5.0, 60, 2_400)


class Made(base.Made):
    """A story with the ids its records would get, and all its activities."""

    def __init__(self, scale: Scale, seed: int = 1, until: date = UNTIL) -> None:
        super().__init__(replace(scale, yearly=1), seed, until)
        keys = {person.key: n for n, person in enumerate(self.tale.people, start=1)}
        communities = [
            replace(community, id=n, director_id=keys.get(director or ""))
            for n, (community, director) in enumerate(self.tale.communities, start=1)
        ]
        self.tale = replace(self.tale, scale=scale)
        self.files: Sequence[ChildFile] = tuple(child_files(self.tale, Around(team=self.team, communities=communities)))
        self.programme = Programme(self.tale, self.ground, self.files)
        self.records: Sequence[Any] = tuple(self.programme.records())
        self.held: Sequence[Held] = [one for course in self.programme.courses for one in course.held]
        self.activities = {course.activity.id: course.activity for course in self.programme.courses}
        self.consents: dict[int, list[Consent]] = defaultdict(list)
        for record in (*(record for file in self.files for record in file.records), *self.records):
            if isinstance(record, Consent):
                self.consents[record.child_id].append(record)

    def of(self, kind: type[R]) -> list[R]:
        return [record for record in self.records if isinstance(record, kind)]

    def activity(self, held: Held) -> Activity:
        return self.activities[held.session.activity_id]

    def families(self) -> dict[int, int]:
        return {f.child.id or 0: -(f.child.household_id or -(f.child.id or 0)) for f in self.files}


def screenings(found: Made) -> Sequence[ScreeningCheck | Training]:
    return [*found.of(ScreeningCheck), *found.of(Training)]


@cache
def made(name: str) -> Made:
    return Made(SCALES.get(name, CROWDED))


BOTH = pytest.mark.parametrize("name", ["typical", "crowded"])


# --- the rules -----------------------------------------------------------------------------------


@BOTH
def test_each_record_keeps_its_own_rules(name: str) -> None:
    for record in made(name).records:
        problems: Iterable[Problem] = getattr(record, "problems", tuple)()
        assert [*check(record), *problems] == [], record
        if isinstance(record, Volunteer):
            assert list(day_problems(record, UNTIL)) == []


@BOTH
def test_no_identity_is_used_twice_and_every_reference_is_met(name: str) -> None:
    found = made(name)
    uuids = [record.uuid for record in found.records]
    assert len(set(uuids)) == len(uuids)
    kinds: tuple[type[Any], ...] = (Activity, Partner, Volunteer, JointWork)
    ids = {kind: {record.id for record in found.of(kind)} for kind in kinds}
    sessions = {one.session.id for one in found.held}
    rooms = {booking.id for booking in found.programme.bookings}
    assert len(rooms) == len(found.programme.bookings)
    for one in found.held:
        assert one.session.activity_id in ids[Activity]
        assert one.session.booking_id is None or one.session.booking_id in rooms
    for shift in found.of(VolunteerShift):
        assert shift.volunteer_id in ids[Volunteer]
        assert shift.session_id is None or shift.session_id in sessions
    for link in found.of(PartnerLink):
        assert link.partner_id in ids[Partner]
        assert link.activity_id is None or link.activity_id in ids[Activity]
        assert link.joint_work_id is None or link.joint_work_id in ids[JointWork]
    for record in screenings(found):
        assert record.volunteer_id is None or record.volunteer_id in ids[Volunteer]


@BOTH
def test_no_session_lies_outside_the_opening_hours_or_on_a_holiday(name: str) -> None:
    found = made(name)
    for one in found.held:
        start, end = minute_of(one.session.start), minute_of(one.session.end)
        assert (start >= 600 and end <= 840) or (start >= 960 and end <= 1200)
        assert one.session.start.date() not in base.HOLIDAYS
        for closure in found.closures:
            if closure.room_id is None or (one.booking and closure.room_id == one.booking.room_id):
                assert one.session.end <= closure.start or closure.end <= one.session.start


@BOTH
def test_their_bookings_clash_with_none(name: str) -> None:
    """Neither with each other, nor with those made after them."""
    found = made(name)
    rooms = {room.id: room for room in found.rooms}
    days: dict[tuple[int, date], list[Booking]] = defaultdict(list)
    taken = [booking for booking in found.programme.bookings if booking.status in HOLDING]
    others = bookings(found.tale, replace(found.ground, taken=found.programme.bookings))
    for booking in (*taken, *others):
        days[booking.room_id, booking.start.date()].append(booking)
    for booking in taken:
        room = rooms[booking.room_id]
        there = [held_by(b) for b in days[booking.room_id, booking.start.date()] if b.uuid != booking.uuid]
        assert clash(room, booking, there) is None
        assert booking.expected_count <= room.capacity


@BOTH
def test_every_child_on_a_list_may_take_part(name: str) -> None:
    found = made(name)
    files = {file.child.id: file for file in found.files}
    for one in found.held:
        day, activity = one.session.start.date(), found.activity(one)
        for line in one.names:
            file = files[line.child_id]
            left = [r.left_on for r in file.records if isinstance(r, Enrolment)][-1:]
            consents = found.consents[line.child_id]
            assert list(child_problems(activity, file.child.name, file.child.birth_date, consents, day)) == []
            assert file.opened <= line.signed_at <= max(one.session.start, file.opened)
            assert line.signed_at.date() < UNTIL
            assert not left or left[0] is None or day < left[0]
            if line.state in CAME and activity.guardian_required:
                assert line.guardian_present


@BOTH
def test_nobody_is_twice_on_a_list_or_at_two_places_on_a_day(name: str) -> None:
    found = made(name)
    seen = Counter((line.child_id, one.session.start.date()) for one in found.held for line in one.names)
    assert max(seen.values()) == 1


@BOTH
def test_no_more_have_a_place_than_there_are(name: str) -> None:
    found = made(name)
    for one in found.held:
        quota = found.activity(one).quota
        placed = sum(line.state in PLACED for line in one.names)
        assert quota is None or placed <= quota
        if any(line.state is AttendanceState.WAITING for line in one.names):
            assert placed == quota


@BOTH
def test_a_room_was_used_by_as_many_as_were_there(name: str) -> None:
    found, families = made(name), made(name).families()
    for one in found.held:
        came = [line for line in one.names if line.state in CAME]
        guardians = {families[line.child_id] for line in came if line.guardian_present}
        heads = len(came) + len(guardians) + one.session.headcount_children + one.session.headcount_adults
        assert (heads > 0) is (one.session.status is SessionStatus.DONE)
        assert heads <= found.activity(one).expected_count
        if one.booking is not None:
            assert (one.booking.start, one.booking.end) == (one.session.start, one.session.end)
            assert one.booking.responsible_id == one.session.responsible_id
            wanted = {SessionStatus.DONE: BookingStatus.DONE, SessionStatus.PLANNED: BookingStatus.CONFIRMED}
            assert one.booking.status is wanted.get(one.session.status, BookingStatus.CANCELLED)
            assert one.booking.actual_count == (heads or None)


@BOTH
def test_what_was_agreed_to_was_agreed_to_by_those_who_may(name: str) -> None:
    found = made(name)
    files = {file.child.id: file for file in found.files}
    for consent in found.of(Consent):
        file = files[consent.child_id]
        giver = next((member for member in file.family if member.id == consent.given_by), None)
        assert list(consent_problems(consent, file.child.birth_date, giver, UNTIL)) == []
        assert consent.signed_on >= file.opened.date()


@BOTH
def test_whoever_runs_a_session_was_there_and_screened(name: str) -> None:
    found = made(name)
    team = {member.id: member for member in found.team}
    checks: dict[int | None, list[ScreeningCheck]] = defaultdict(list)
    for item in found.of(ScreeningCheck):
        checks[item.staff_id].append(item)
    for one in found.held:
        day = one.session.start.date()
        leader = found.activity(one).leader_id
        assert one.session.responsible_id not in one.session.staff_ids
        first = [leader] if one.session.seq == 1 else []
        for person in (one.session.responsible_id, *one.session.staff_ids, *first):
            assert team[person].serves_on(day)
            assert is_cleared(checks[person], day)


@BOTH
def test_every_helper_might_be_chosen_and_is_in_one_place(name: str) -> None:
    found = made(name)
    volunteers = {record.id: record for record in found.of(Volunteer)}
    of: dict[type, dict[int | None, list[Any]]] = {ScreeningCheck: defaultdict(list), Training: defaultdict(list)}
    for record in screenings(found):
        of[type(record)][record.volunteer_id].append(record)
    sessions = {one.session.id: one.session for one in found.held}
    spans: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for shift in found.of(VolunteerShift):
        start, end = shift.start, shift.end
        if shift.session_id is not None:
            held = sessions[shift.session_id]
            assert held.status not in NOT_HELD
            start, end = start or held.start, end or held.end
        assert start is not None
        assert end is not None
        assert list(span_problems(start, end)) == []
        # Whoever paused or left by now was on the list then.
        person = volunteers[shift.volunteer_id]
        assert person.status is not VolunteerStatus.APPLIED
        assert person.left_on is None or start.date() <= person.left_on
        then = replace(person, status=VolunteerStatus.ACTIVE, left_on=None)
        which = (of[ScreeningCheck][person.id], of[Training][person.id])
        assert list(choice_problems("", then, *which, start.date())) == []
        spans[shift.volunteer_id].append((start, end))
    for mine in spans.values():
        for (_begun, over), (start, _end) in pairwise(sorted(mine)):
            assert over <= start


# --- what it is like -----------------------------------------------------------------------------


@BOTH
def test_there_are_about_as_many_as_the_scale_says(name: str) -> None:
    found = made(name)
    scale, days = found.tale.scale, (UNTIL - begun_on(found.tale)).days
    past = [one for one in found.held if one.session.start.date() < UNTIL]
    shifts = found.of(VolunteerShift)
    assert len(past) == pytest.approx(scale.sessions * days / 365.25, rel=0.15)
    assert len(shifts) == pytest.approx(scale.shifts * days / 365.25, rel=0.25)
    assert len(found.of(Volunteer)) == scale.volunteers
    assert begun_on(found.tale) == (date(2025, 11, 1) if name == "typical" else date(2026, 8, 1))


def test_it_has_something_of_everything() -> None:
    found = made("typical")
    past = {one.session.status for one in found.held if one.session.start.date() < UNTIL}
    ahead = {one.session.status for one in found.held if one.session.start.date() > UNTIL}
    assert past == set(SessionStatus)
    assert ahead == {SessionStatus.PLANNED}
    assert {activity.form for activity in found.activities.values()} == set(ActivityForm)
    assert len({activity.category for activity in found.activities.values()}) >= 10
    assert {line.state for one in found.held for line in one.names} == set(AttendanceState)
    assert any("两人三足" in (one.session.items or "") for one in found.held)
    camps = [one for one in found.held if found.activity(one).category is ActivityCategory.HOLIDAY_CARE]
    assert {one.session.start.month for one in camps} <= {1, 7, 8}
    shown = [one for one in found.held if found.activity(one).form is ActivityForm.EXHIBITION]
    assert all(not one.names for one in shown)
    assert any(one.session.headcount_children > 10 for one in shown)
    assert {consent.kind for consent in found.of(Consent)} == {ConsentKind.ACTIVITY, ConsentKind.OUTING}


def test_there_is_something_today() -> None:
    today = [one for one in made("typical").held if one.session.start.date() == UNTIL]
    assert today
    assert all(one.session.status is SessionStatus.PLANNED and one.names for one in today)


def test_the_home_page_has_something_to_ask() -> None:
    found = made("typical")
    open_ones = [
        one for one in found.held if one.session.status is SessionStatus.PLANNED and one.session.start.date() < UNTIL
    ]
    assert 1 <= len(open_ones) <= 2
    assert all(one.names for one in open_ones)
    assert any(line.state is AttendanceState.WAITING for one in found.held for line in one.names)
    alone = [shift for shift in found.of(VolunteerShift) if shift.session_id is None]
    assert {shift.confirmed_by is None for shift in alone} == {True, False}


def test_a_few_children_come_often_and_brothers_and_sisters_together() -> None:
    found, families = made("typical"), made("typical").families()
    lately = Counter(
        line.child_id
        for one in found.held
        if one.session.start.date() > UNTIL - timedelta(days=90)
        for line in one.names
        if line.state in CAME
    )
    assert 2 <= sum(times >= 6 for times in lately.values()) <= 12
    together = [Counter(families[line.child_id] for line in one.names) for one in found.held if one.names]
    assert sum(max(families_there.values()) > 1 for families_there in together) > 10


def test_checks_of_the_team_run_out_and_are_missing() -> None:
    found = made("typical")
    due: dict[int, date] = {}
    for item in found.of(ScreeningCheck):
        if item.staff_id:
            due[item.staff_id] = max(due.get(item.staff_id, item.next_due), item.next_due)
    serving = {member.id or 0 for member in found.team if member.left_on is None}
    assert len(serving - set(due)) == 1
    assert [number for number in serving & set(due) if due[number] <= UNTIL + timedelta(days=30)]
    assert all(due[number] > UNTIL for number in serving & set(due))


def test_volunteers_are_of_many_kinds() -> None:
    found = made("typical")
    people = found.of(Volunteer)
    checks = Counter(item.volunteer_id for item in found.of(ScreeningCheck))
    trained = {item.volunteer_id for item in found.of(Training)}
    assert {person.status for person in people} == set(VolunteerStatus) - {VolunteerStatus.BLOCKED}
    minors = [person for person in people if age_on(person.birth_date or UNTIL, UNTIL) < 18]
    assert len(minors) == 1
    assert minors[0].guardian_consent
    assert sum(Language.UYGHUR in person.languages for person in people) >= 5
    active = [person for person in people if person.status is VolunteerStatus.ACTIVE]
    assert [person for person in active if person.id not in trained]
    due = {person.id: [c for c in found.of(ScreeningCheck) if c.volunteer_id == person.id] for person in active}
    assert [number for number, mine in due.items() if not is_cleared(mine, UNTIL)]
    assert all(checks[person.id] for person in active)


def test_the_partners_are_of_the_departments_that_are_reported() -> None:
    found = made("typical")
    partners = {partner.id: partner for partner in found.of(Partner)}
    assert {PartnerDept.WOMEN, PartnerDept.DPF, PartnerDept.CYL, PartnerDept.JUSTICE} <= {
        partner.dept for partner in partners.values()
    }
    links = found.of(PartnerLink)
    assert len({link.activity_id for link in links if link.activity_id}) > 30
    work = {item.id: item.day for item in found.of(JointWork)}
    assert work
    assert max(work.values()) < UNTIL
    assert {link.joint_work_id for link in links if link.joint_work_id} == set(work)


def test_few_sessions_have_helpers_of_the_team() -> None:
    found = made("typical")
    helped = [one for one in found.held if one.session.staff_ids]
    assert 0.05 < len(helped) / len(found.held) < 0.25


@BOTH
def test_the_contract_and_the_groups_keep_the_rules_over_several_records(name: str) -> None:
    found = made(name)
    own = [activity for activity in found.activities.values() if activity.contract_id == found.programme.contract.id]
    assert own
    assert sum(payment.planned_amount for payment in found.of(Payment)) == found.programme.contract.amount
    meetings = {meeting.id: meeting for meeting in found.of(GroupMeeting)}
    for task in found.of(GroupTask):
        assert list(task_problems(task, meetings[task.meeting_id], UNTIL)) == []


# --- the same again ------------------------------------------------------------------------------


def test_the_same_seed_tells_the_same_activities() -> None:
    found, again = made("typical"), Made(SCALES["typical"])
    assert found.records == again.records
    assert found.programme.photos == again.programme.photos
    assert found.records != Made(SCALES["typical"], 2).records


@pytest.mark.parametrize("until", [date(2024, 2, 29), date(2026, 1, 1), date(2030, 7, 31)])
def test_any_day_will_do_for_today(until: date) -> None:
    found = Made(SCALES["typical"], 3, until)
    assert found.held
    assert any(one.session.start.date() > until for one in found.held)
    for line in found.of(Attendance):
        assert line.signed_at.date() < until
    papers = found.of(Certificate)
    assert papers
    assert all(paper.last < paper.issued_on <= (paper.void_on or until) <= until for paper in papers)
    meetings = {meeting.id: meeting for meeting in found.of(GroupMeeting)}
    assert all(not list(task_problems(task, meetings[task.meeting_id], until)) for task in found.of(GroupTask))
    assert all((payment.paid_on or until) <= until for payment in found.of(Payment))
