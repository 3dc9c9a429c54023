"""Checks of criminal records and trainings, of the team and of volunteers."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ScreeningCheckTable, TrainingTable, VolunteerTable
from stationdesk.db.gate import checks_of, latest_checks_by, staff_problems, still_planned
from stationdesk.db.models import StaffTable
from stationdesk.db.stores import Store, all_records, load, load_row, needs, record_of, remove, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.screening import (
    Body,
    CheckResult,
    ScreeningCheck,
    ScreeningDue,
    Training,
    TrainingRow,
    check_due,
    future_problem,
    has_record,
    insurance_due,
    most_urgent,
)
from stationdesk.records.staff import Staff
from stationdesk.records.volunteers import VolunteerStatus

_VOLUNTEER = ScreeningCheckTable.volunteer_id


class ScreeningStore(Store):
    """Who was checked and trained; a record found once is never taken back here."""

    @needs(Right.SEE_VOLUNTEERS, reads="volunteer")
    def checks_of_volunteer(self, volunteer_id: int) -> tuple[ScreeningCheck, ...]:
        """The checks of a volunteer, the latest last."""
        with self._database.read() as session:
            return checks_of(session, _VOLUNTEER, volunteer_id)

    @needs(Right.SCREEN, reads="staff")
    def checks_of_staff(self, staff_id: int) -> tuple[ScreeningCheck, ...]:
        """The checks of a member of the team, the latest last."""
        with self._database.read() as session:
            return checks_of(session, ScreeningCheckTable.staff_id, staff_id)

    @needs(Right.SCREEN)
    def save_check(self, check: ScreeningCheck) -> int:
        """Add or change one check; one with a record blocks its volunteer. Raises `Refused`, `Conflict`,
        `Missing`."""
        verify(check)
        with self._database.write() as session:
            self._refuse_future("queried_on", check.queried_on)
            self._refuse_taking_back(session, check)
            _load_person(session, check)
            check_id = save(session, ScreeningCheckTable, check, self._stamp())
            if check.result is CheckResult.HIT and check.volunteer_id is not None:
                row = load_row(session, VolunteerTable, check.volunteer_id)
                row.status = VolunteerStatus.BLOCKED
                row.updated_at, row.updated_by = self._stamp()
            return check_id

    def _refuse_taking_back(self, session: Session, check: ScreeningCheck) -> None:
        old = None if check.id is None else load(session, ScreeningCheck, ScreeningCheckTable, check.id)
        if old is None:
            return
        if old.result is CheckResult.HIT and check.result is not CheckResult.HIT:
            raise Refused(Problem("result", N_("“有记录”的查询结果不能改成别的结果；如有误，请联系查询机关出具更正。")))
        if (old.staff_id, old.volunteer_id) != (check.staff_id, check.volunteer_id):
            raise Refused(Problem("volunteer_id", N_("查询记录不能改到别人名下，请另外登记一条。")))

    def _refuse_future(self, place: str, day: date) -> None:
        found = future_problem(place, day, self._clock().date())
        if found is not None:
            raise Refused(found)

    @needs(Right.SEE_VOLUNTEERS)
    def trainings(self, *, staff_id: int | None = None, volunteer_id: int | None = None) -> tuple[Training, ...]:
        """The trainings of one person, the latest last."""
        table = TrainingTable
        kept = select(table).where(table.deleted_at.is_(None))
        kept = kept.where(table.staff_id == staff_id if staff_id is not None else table.volunteer_id == volunteer_id)
        with self._database.read() as session:
            return tuple(record_of(Training, row) for row in session.scalars(kept.order_by(table.day, table.id)))

    @needs(Right.SEE_VOLUNTEERS)
    def training(self, training_id: int) -> Training:
        """One training; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Training, TrainingTable, training_id)

    @needs(Right.SEE_VOLUNTEERS)
    def rows(self, ids: Sequence[int]) -> tuple[TrainingRow, ...]:
        """The lines of these trainings, in their order."""
        table = TrainingTable
        name = func.coalesce(StaffTable.name, VolunteerTable.name).label("name")
        query = (
            select(table.id, name, table.day, table.topic, table.hours, table.organiser, table.level)
            .outerjoin(StaffTable, StaffTable.id == table.staff_id)
            .outerjoin(VolunteerTable, VolunteerTable.id == table.volunteer_id)
            .where(table.id.in_(ids))
        )
        with self._database.read() as session:
            found = {row.id: TrainingRow(**row._mapping) for row in session.execute(query)}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_VOLUNTEERS)
    def due(self) -> tuple[ScreeningDue, ...]:
        """Which checks of those who serve or help, and which insurances, are missing, run out or about to;
        and, for those who plan, who has a record and is planned all the same."""
        today, people = self._clock().date(), VolunteerTable
        with self._database.read() as session:
            team = latest_checks_by(session, ScreeningCheckTable.staff_id)
            theirs = latest_checks_by(session, _VOLUNTEER)
            serving = [m for m in all_records(session, Staff, StaffTable, StaffTable.id) if m.serves_on(today)]
            active = select(people.id, people.name, people.insured_until).where(
                people.status == VolunteerStatus.ACTIVE, people.deleted_at.is_(None)
            )
            helping = session.execute(active).tuples().all()
            planning = self._actor.may(Right.EDIT_ACTIVITIES)
            barred = (
                list(still_planned(session, _with_record(team), _with_record(theirs), self._clock()))
                if planning
                else []
            )
        found = [check_due(m.name, Body.STAFF, m.id or 0, team.get(m.id or 0, ()), today) for m in serving]
        found += [check_due(name, Body.VOLUNTEER, i, theirs.get(i, ()), today) for i, name, _until in helping]
        found += barred
        return most_urgent((*found, *(insurance_due(name, i, until, today) for i, name, until in helping)))

    @needs(Right.EDIT_VOLUNTEERS)
    def save_training(self, training: Training) -> int:
        """Add or change one training. Raises `Refused`, `Conflict`, `Missing`."""
        verify(training)
        with self._database.write() as session:
            self._refuse_future("day", training.day)
            _load_person(session, training)
            return save(session, TrainingTable, training, self._stamp())

    @needs(Right.EDIT_VOLUNTEERS)
    def remove_training(self, training_id: int) -> None:
        """Take out a training entered by mistake; raises `Missing`."""
        with self._database.write() as session:
            remove(session, TrainingTable, training_id, self._stamp())

    @needs(Right.SEE_STAFF)
    def choosable_staff(self, day: date) -> tuple[Staff, ...]:
        """The members of the team who may be chosen for work with children on `day`, by name."""
        table = StaffTable
        with self._database.read() as session:
            kept = session.scalars(select(table).where(table.deleted_at.is_(None)).order_by(table.name_key, table.id))
            return tuple(record_of(Staff, row) for row in kept if not staff_problems(session, "", row.id, day))

    @needs(Right.SEE_STAFF)
    def why_not(self, staff_id: int, day: date) -> Sequence[Problem]:
        """What keeps a member of the team from being chosen for `day`."""
        with self._database.read() as session:
            return staff_problems(session, "staff_id", staff_id, day)


def _with_record(checks: Mapping[int, Sequence[ScreeningCheck]]) -> frozenset[int]:
    return frozenset(person for person, found in checks.items() if has_record(found))


def _load_person(session: Session, record: ScreeningCheck | Training) -> None:
    """Raise `Missing` for somebody who is not there."""
    if record.staff_id is not None:
        load_row(session, StaffTable, record.staff_id)
    else:
        load_row(session, VolunteerTable, record.volunteer_id or 0)
