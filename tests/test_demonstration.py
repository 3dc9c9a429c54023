"""The demonstration station on disk: it opens for all its users and is never put over another."""

import json
import multiprocessing
import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from stationdesk import demonstration, paths
from stationdesk.db.child_words import squeezed
from stationdesk.db.opening import Found
from stationdesk.demonstration import Demo, at_desk, make, open_demo, read
from stationdesk.desk import Desk, log_in, look
from stationdesk.errors import Refused
from stationdesk.records.access import Role
from stationdesk.records.activities import ActivityQuery
from stationdesk.records.attachments import kept_kind
from stationdesk.records.attendance import child_problems
from stationdesk.records.bookings import BookingQuery, BookingRow, BookingStatus
from stationdesk.records.calendar import Span, minute_of
from stationdesk.records.certificates import CertificateOrder, CertificateQuery, sequence_of
from stationdesk.records.child_figures import child_checks
from stationdesk.records.children import ChildQuery, RecordLevel
from stationdesk.records.contracts import ContractQuery
from stationdesk.records.families import FATHER, MOTHER
from stationdesk.records.file_kinds import FileKind
from stationdesk.records.partners import PartnerQuery
from stationdesk.records.session_photos import Seen
from stationdesk.records.sessions import NOT_HELD, Closing, SessionQuery, SessionStatus
from stationdesk.records.shifts import ShiftRow
from stationdesk.records.staff import Tier
from stationdesk.records.summaries import cross_checks
from stationdesk.records.volunteers import VolunteerQuery, VolunteerStatus
from stationdesk.records.work_groups import GroupKind, MeetingKind, TaskState
from tests.children import light
from tests.stations import CUT_OFF, founded, make_demo_and_be_cut_off

UNTIL = date(2026, 11, 24)
ALWAYS = (datetime(2000, 1, 1), datetime(2100, 1, 1))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make(tmp_path_factory.mktemp("h") / "演示 站", until=UNTIL)


def rows_of(demo: Demo) -> tuple[BookingRow, ...]:
    with at_desk(demo) as desk:
        return desk.bookings.between(*ALWAYS)


def unnoted(desk: Desk) -> None:
    """Keep no audit: a thousand notes would take longer than all else."""
    desk.opened.database.journal = None


def test_it_is_marked_and_stays_on_its_day(demo: Demo) -> None:
    with at_desk(demo) as desk:
        assert desk.demo
        assert desk.clock().date() == UNTIL
        assert desk.actor.role is Role.HEAD
    assert look(demo.data) is Found.READY


def test_each_user_logs_in_with_the_printed_password(demo: Demo) -> None:
    assert {user.role for user in demo.users} == set(Role)
    for user in demo.users:
        desk = log_in(demo.data, user.name, user.password, any_folder=True)
        assert desk.actor.role is user.role
        desk.close()


def test_the_team_the_communities_and_the_profile_are_there(demo: Demo) -> None:
    with at_desk(demo) as desk:
        team = {member.id: member for member in desk.staff.everyone()}
        profile = desk.station.profile()
        communities = desk.station.community_rows(desk.station.find_communities())
        assert {member.tier for member in team.values()} == set(Tier)
        assert team[profile.head_id or 0].tier is Tier.STATION_HEAD
        assert team[profile.supervisor_id or 0].tier is Tier.CHILD_SUPERVISOR
        assert profile.law_deputy_id in team
        assert sum(row.director_name is not None for row in communities) == 7


def test_bookings_closures_and_series_are_there(demo: Demo) -> None:
    with at_desk(demo) as desk:
        ids = desk.bookings.find(BookingQuery(statuses=(BookingStatus.DONE,)))
        rows = desk.bookings.between(*ALWAYS)
        assert len(ids) > 2000
        assert desk.rooms.closures(*ALWAYS)
        recurring = next(row for row in rows if row.series_id)
        assert desk.bookings.series_of(recurring.id) is not None
        assert any(row.start.date() == UNTIL for row in rows)


def test_children_are_found_and_their_files_open(demo: Demo) -> None:
    with at_desk(demo) as desk:
        ids = desk.children.find(ChildQuery())
        rows = desk.children.rows(ids)
        assert len(ids) == len(rows) > 100
        in_stock = desk.children.rows(desk.children.find(ChildQuery(in_stock=True)))
        assert 30 < len(in_stock) < 60
        assert all(row.category and row.colour and row.community_name and row.worker_name for row in in_stock)
        for row in in_stock:
            assert desk.children.household(row.id) is not None
            assert {FATHER, MOTHER} <= {member.relation for member in desk.child_files.family(row.id)}
            assert desk.child_files.schooling(row.id)
            days = [line.day for line in desk.child_files.timeline(row.id)]
            assert days == sorted(days, reverse=True)
            assert max(days) <= UNTIL
            assert desk.child_files.hints(row.id).risk
        assert desk.child_files.due()
        assert desk.child_files.assessments_due()
        assert any(desk.child_files.assessments(row.id) for row in in_stock)


def test_children_are_found_as_those_the_program_files(demo: Demo) -> None:
    """Saved again as they are, they keep the words and keys by which they are found."""
    with at_desk(demo) as desk:
        query = text("SELECT id, name_key, words, status FROM child ORDER BY id")
        with desk.opened.database.read() as session:
            before = session.execute(query).all()
        for child_id in desk.children.find(ChildQuery()):
            assert desk.children.save(desk.children.load(child_id)) == child_id
        with desk.opened.database.read() as session:
            assert session.execute(query).all() == before
        assert desk.children.enrol(light()) == before[-1].id + 1


def test_the_stores_would_let_every_line_of_a_file_in(demo: Demo) -> None:
    with at_desk(demo) as desk:
        unnoted(desk)
        files = desk.child_files
        for child_id in desk.children.find(ChildQuery(record_level=RecordLevel.FULL)):
            for stay in desk.children.enrolments(child_id):
                assert desk.children.save_enrolment(stay) == stay.id
            for member in files.family(child_id):
                assert files.save_family(member) == member.id
            for category in files.categories(child_id):
                assert files.save_category(category) == category.id
            for consent in files.consents(child_id):
                assert files.save_consent(consent) == consent.id
            for item in files.health(child_id):
                assert files.save_health(item) == item.id
            for care in files.delegated_care(child_id):
                assert files.save_care(care) == care.id
            for found in files.assessments(child_id):
                assert files.save_assessment(found) == found.id


def test_whose_children_they_are(demo: Demo) -> None:
    """The social worker and the counsellor have some of their own, and not all."""
    counts = {}
    for user in demo.users:
        if user.role in (Role.SOCIAL_WORKER, Role.COUNSELLOR):
            desk = log_in(demo.data, user.name, user.password, any_folder=True)
            rows = desk.children.rows(desk.children.find(ChildQuery(in_stock=True)))
            counts[user.role] = (sum(row.own for row in rows), len(rows))
            desk.close()
    own, seen = counts[Role.SOCIAL_WORKER]
    assert 5 < own < seen
    clients, seen = counts[Role.COUNSELLOR]
    assert 0 < clients == seen


def test_the_month_counts_the_children(demo: Demo) -> None:
    with at_desk(demo) as desk:
        year, month = demo.months[-1].split("-")
        found = desk.summaries.figures(int(year), int(month))
        amounts = {figure.code: int(figure.month or 0) for figure in found.figures if figure.code[0] == "B"}
        assert min(amounts[code] for code in ("B01", "B02", "B03", "B04", "B31", "B32", "B61")) > 0
        assert sum(amounts[f"B{code}"] > 0 for code in range(11, 28)) >= 6
        assert all(amounts[f"B{code}"] > 0 for code in range(33, 37))
        assert sum(amounts[f"B{code}"] > 0 for code in range(41, 45)) >= 3
        assert all(check.holds for check in child_checks(found.figures))


def test_every_month_it_names_can_be_reported(demo: Demo) -> None:
    with at_desk(demo) as desk:
        assert set(demo.months) <= set(desk.summaries.months())
        for month in (demo.months[0], demo.months[-1]):
            year, number = month.split("-")
            figures = desk.summaries.figures(int(year), int(number))
            assert float(figures.of("M01").month or 0) > 50


def test_every_equation_holds_in_every_month(demo: Demo) -> None:
    with at_desk(demo) as desk:
        totals: Counter[str] = Counter()
        for month in desk.summaries.months():
            year, number = month.split("-")
            found = desk.summaries.figures(int(year), int(number))
            assert [check.text for check in cross_checks(found) if not check.holds] == []
            for figure in found.figures:
                totals[figure.code] += int(figure.month or 0) if figure.cumulative else 0
        held = desk.sessions.find(SessionQuery(statuses=(SessionStatus.DONE,)))
        assert totals["H01"] == len(held)
        assert all(totals[code] > 0 for code in ("H02", "H03", "H04", "H05", "H06", "I04", "J02", "J04", "J05", "K03"))


def test_sessions_lie_in_the_opening_hours_and_their_rooms_go_with_them(demo: Demo) -> None:
    with at_desk(demo) as desk:
        hours = desk.station.profile().hours
        bookings = {row.id: row for row in desk.bookings.between(*ALWAYS)}
        for session_id in desk.sessions.find(SessionQuery()):
            held = desk.sessions.load(session_id)
            wanted = Span(minute_of(held.start), minute_of(held.end))
            assert any(span.start <= wanted.start and wanted.end <= span.end for span in hours.on(held.start.date()))
            outcome = desk.sessions.outcome(session_id)
            if held.booking_id is not None and held.status not in NOT_HELD:
                booking = bookings[held.booking_id]
                assert (booking.start, booking.end) == (held.start, held.end)
                if held.status is SessionStatus.DONE:
                    assert booking.status is BookingStatus.DONE
                    assert booking.actual_count == outcome.presence.total


def test_children_on_the_lists_may_take_part(demo: Demo) -> None:
    with at_desk(demo) as desk:
        unnoted(desk)
        consents = {number: desk.child_files.consents(number) for number in desk.children.find(ChildQuery())}
        births = {number: desk.children.load(number) for number in consents}
        for session_id in desk.sessions.find(SessionQuery()):
            held = desk.sessions.load(session_id)
            activity, day = desk.activities.load(held.activity_id), held.start.date()
            for line in desk.attendance.names(session_id):
                child = births[line.child_id]
                assert not list(child_problems(activity, child.name, child.birth_date, consents[line.child_id], day))


def test_people_pass_the_gate(demo: Demo) -> None:
    with at_desk(demo) as desk:
        for session_id in desk.sessions.find(SessionQuery()):
            held = desk.sessions.load(session_id)
            for number in (held.responsible_id or 0, *held.staff_ids):
                assert not desk.screening.why_not(number, held.start.date())
        there = desk.volunteers.find(VolunteerQuery(status=VolunteerStatus.ACTIVE))
        # All at once they are judged as each alone.
        for day in (UNTIL, UNTIL - timedelta(days=200)):
            alone = [i for i in desk.volunteers.find(VolunteerQuery()) if not desk.volunteers.why_not(i, day)]
            assert list(desk.volunteers.find(VolunteerQuery(cleared_on=day))) == alone
            assert 5 < len(alone) < 28
        shifts: dict[int, list[ShiftRow]] = defaultdict(list)
        for row in desk.shifts.rows(desk.shifts.find()):
            shifts[row.volunteer_id].append(row)
        for number, mine in shifts.items():
            for one, other in pairwise(sorted(mine, key=lambda row: row.start)):
                assert one.end <= other.start
            if number in there:
                assert not any(desk.volunteers.why_not(number, row.start.date()) for row in mine)


def test_activities_volunteers_and_partners_are_saved_again_as_they_are(demo: Demo) -> None:
    """They keep the words and keys by which they are found."""
    with at_desk(demo) as desk:
        unnoted(desk)
        query = "SELECT id, name_key, words FROM {table} ORDER BY id"
        queries = [text(query.format(table=table)) for table in ("activity", "volunteer", "partner", "contract")]
        with desk.opened.database.read() as session:
            before = [session.execute(each).all() for each in queries]
        for activity_id in desk.activities.find(ActivityQuery()):
            assert desk.activities.save(desk.activities.load(activity_id)) == activity_id
        for volunteer_id in desk.volunteers.find(VolunteerQuery()):
            assert desk.volunteers.save(desk.volunteers.load(volunteer_id)) == volunteer_id
        for partner_id in desk.partners.find(PartnerQuery(gone=True)):
            assert desk.partners.save(desk.partners.load(partner_id)) == partner_id
            for contact in desk.partners.contacts(partner_id):
                assert desk.partners.save_contact(contact) == contact.id
        for contract_id in desk.contracts.find(ContractQuery()):
            assert desk.contracts.save(desk.contracts.load(contract_id)) == contract_id
        with desk.opened.database.read() as session:
            assert [session.execute(each).all() for each in queries] == before


def test_the_stores_would_let_every_line_of_a_group_in(demo: Demo) -> None:
    with at_desk(demo) as desk:
        unnoted(desk)
        groups = [desk.work_groups.view(number) for number in desk.work_groups.find()]
        assert {found.group.kind for found in groups} == set(GroupKind)
        assert {meeting.kind for found in groups for meeting in found.meetings} >= {
            MeetingKind.REGULAR,
            MeetingKind.CASE_CONFERENCE,
        }
        assert {task.state for found in groups for task in found.tasks} == set(TaskState)
        for found in groups:
            assert desk.work_groups.save(found.group) == found.group.id
            assert len({member.person for member in found.members}) == len(found.members)
            for member in found.members:
                assert desk.work_groups.save_member(member) == member.id
            for meeting in found.meetings:
                assert desk.work_groups.save_meeting(meeting) == meeting.id
            for task in found.tasks:
                assert desk.work_groups.save_task(task) == task.id


def test_a_contract_is_on_its_way_and_paid_within_its_amount(demo: Demo) -> None:
    with at_desk(demo) as desk:
        unnoted(desk)
        [contract_id] = desk.contracts.find(ContractQuery())
        found = desk.contracts.file(contract_id)
        assert [(item.due_on, 40 <= (item.share or 0) <= 95) for item in found.progress] == [
            (found.contract.end, True)
        ] * 5
        assert [payment.paid_on is None for payment in found.payments] == [False, False, True]
        for payment in found.payments:
            assert desk.contracts.save_payment(payment) == payment.id
        for deliverable in found.deliverables:
            assert desk.contracts.save_deliverable(deliverable) == deliverable.id
        for assessment in found.assessments:
            assert desk.contracts.save_assessment(assessment) == assessment.id
        assert desk.contracts.due()
        year, month = demo.months[-1].split("-")
        assert desk.summaries.figures(int(year), int(month)).of("K01").month == 1


def test_certificates_say_what_the_store_would_issue(demo: Demo, tmp_path: Path) -> None:
    copied = replace(demo, data=tmp_path / "copy")
    shutil.copytree(demo.data, copied.data)
    with at_desk(copied) as desk:
        ids = desk.certificates.find(CertificateQuery(descending=False))
        issued = [desk.certificates.load(number) for number in ids]
        assert [paper.void_on is None for paper in issued] == [False, True, True, True]
        query = text("SELECT number, name_key, words FROM certificate ORDER BY id")
        for paper in issued:
            names = ("volunteer_id", "first", "last", "handler", "responsible", "contact", "note")
            order = CertificateOrder(**{name: getattr(paper, name) for name in names})
            again = desk.certificates.load(desk.certificates.issue(order))
            same = {name: getattr(paper, name) for name in ("id", "uuid", "version", "number", "issued_on", "printed")}
            assert replace(again, **same, void_on=paper.void_on, void_reason=paper.void_reason) == paper
            assert sequence_of(again.number) == len(ids) + 1 + issued.index(paper)
        with desk.opened.database.read() as session:
            lines = session.execute(query).all()
        for old, new in zip(lines, lines[len(ids) :], strict=False):
            assert (old.name_key, old.words.replace(squeezed(old.number), squeezed(new.number))) == (
                new.name_key,
                new.words,
            )


def test_photos_are_held_back_until_all_in_them_agree(demo: Demo) -> None:
    with at_desk(demo) as desk:
        unnoted(desk)
        closed = desk.sessions.find(SessionQuery(statuses=(SessionStatus.DONE,)))
        rows = [row for number in closed for row in desk.session_photos.of_session(number)]
        assert Counter(row.seen for row in rows) == {Seen.NOBODY: 3, Seen.NAMED: 2, Seen.UNSAID: 1}
        assert {row.publicity_ok for row in rows if row.names} == {True, False}
        for row in rows:
            data = desk.session_photos.picture(row.id)
            assert kept_kind(data, "") is FileKind.PNG
            assert desk.session_photos.open_content(row.id).data == data
            desk.session_photos.change(desk.session_photos.load(row.id))


def test_what_is_still_open_can_be_closed_and_moved(demo: Demo, tmp_path: Path) -> None:
    copied = replace(demo, data=tmp_path / "copy")
    shutil.copytree(demo.data, copied.data)
    with at_desk(copied) as desk:
        midnight = datetime.combine(UNTIL, time())
        forgotten = desk.sessions.find(SessionQuery(end=midnight, statuses=(SessionStatus.PLANNED,)))
        for session_id in forgotten:
            activity = desk.activities.load(desk.sessions.load(session_id).activity_id)
            there = [line.child_id for line in desk.attendance.names(session_id)]
            desk.attendance.tick(session_id, there, guardian_present=activity.guardian_required)
            assert desk.sessions.close_session(session_id, Closing()).presence.children == len(there)
        ahead = desk.sessions.find(SessionQuery(start=midnight + timedelta(days=1), statuses=(SessionStatus.PLANNED,)))
        for session_id in ahead:
            held = desk.sessions.load(session_id)
            assert desk.sessions.move_session(session_id, held.start, held.end) == session_id
        assert forgotten
        assert ahead


def test_it_holds_what_the_program_itself_would_let_in(demo: Demo) -> None:
    """A finished booking taken out can be booked again: no rule of the store is against it."""
    with at_desk(demo) as desk:
        coming = [row for row in desk.bookings.between(*ALWAYS) if row.start.date() > UNTIL]
        for row in coming[:20]:
            booking = desk.bookings.load(row.id)
            assert desk.bookings.change(replace(booking, note="核对")) == row.id


def test_the_same_seed_makes_the_same_station(demo: Demo, tmp_path: Path) -> None:
    again = make(tmp_path / "again", until=UNTIL)
    assert again.users == demo.users
    with at_desk(again) as desk:
        found = {row.id: row for row in desk.bookings.between(*ALWAYS)}
    for row in rows_of(demo):
        # The store test above may have given a few of them a note, which a row does not show.
        assert found[row.id] == row


def test_only_a_demonstration_station_is_read_as_one(demo: Demo, tmp_path: Path) -> None:
    assert read(demo.data) == demo
    assert read(tmp_path) is None
    founded(tmp_path / "real")
    assert read(tmp_path / "real") is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"users": 3}', '{"users": [{"name": "a"}]}'])
def test_a_damaged_list_of_passwords_is_no_demonstration(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.json").write_text(text, encoding="utf-8")
    assert read(tmp_path) is None


def test_one_that_is_there_is_used_again(demo: Demo) -> None:
    before = (demo.data / "station.db").stat().st_mtime_ns
    assert open_demo(demo.data) == demo
    assert open_demo(demo.data, scale="typical", seed=demonstration.SEED, until=UNTIL) == demo
    assert (demo.data / "station.db").stat().st_mtime_ns == before


@pytest.mark.parametrize("asked", [{"scale": "busy"}, {"seed": 5}, {"until": date(2026, 1, 1)}])
def test_another_one_is_not_put_in_its_place(demo: Demo, asked: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        open_demo(demo.data, **asked)
    assert "已有另一个演示工作站" in caught.value.say()
    assert read(demo.data) == demo


def test_a_real_station_is_never_touched(tmp_path: Path) -> None:
    founded(tmp_path / "real")
    before = {file.name: file.read_bytes() for file in (tmp_path / "real").iterdir()}
    with pytest.raises(Refused) as caught:
        open_demo(tmp_path / "real")
    assert "不是空的" in caught.value.say()
    assert {file.name: file.read_bytes() for file in (tmp_path / "real").iterdir()} == before


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused):
        make(tmp_path / "demo", until=UNTIL)
    assert (tmp_path / "demo").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_is_taken(tmp_path: Path, demo: Demo) -> None:
    (tmp_path / "demo").mkdir()
    made = make(tmp_path / "demo", until=date(2025, 1, 15))
    assert made.until == date(2025, 1, 15)
    assert [file.name for file in tmp_path.iterdir()] == ["demo"]
    assert made.months[-1] == "2024-12"


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(demonstration, "fill_demonstration", full)
    with pytest.raises(OSError, match="disk full"):
        make(tmp_path / "demo", until=UNTIL)
    assert list(tmp_path.iterdir()) == []


def test_cut_off_in_the_middle_it_is_not_there(tmp_path: Path) -> None:
    ways = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    attempt = context.Process(target=make_demo_and_be_cut_off, args=(tmp_path / "demo",))
    attempt.start()
    attempt.join()
    assert attempt.exitcode == CUT_OFF
    assert read(tmp_path / "demo") is None
    assert not (tmp_path / "demo").exists()
    assert make(tmp_path / "demo", until=UNTIL).users


def test_its_usual_folder_is_not_the_real_stations(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "demo_data", lambda: tmp_path / "there")
    shutil.copytree(demo.data, tmp_path / "there")
    assert open_demo().data == tmp_path / "there"


def test_what_lies_beside_the_file_is_what_was_printed(demo: Demo) -> None:
    told = json.loads((demo.data / "demo.json").read_text(encoding="utf-8"))
    assert [user["name"] for user in told["users"]] == [user.name for user in demo.users]
    assert told["months"] == list(demo.months)
