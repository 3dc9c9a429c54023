"""What is printed of children, read in one go: a whole file, the lines of a roster."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.assessments import AssessmentStore
from stationdesk.db.attendance import taken_part
from stationdesk.db.child_lists import (
    ASSESSMENTS,
    BENEFITS,
    CARE,
    CATEGORIES,
    CONSENTS,
    FAMILY,
    HEALTH,
    LEVELS,
    NEEDS,
    SCHOOLING,
)
from stationdesk.db.children_models import ChildMergeTable, ChildTable, EnrolmentTable, HouseholdTable
from stationdesk.db.children_scope import alive, child_row, is_open, seen
from stationdesk.db.children_search import all_enrolments
from stationdesk.db.models import CommunityTable, StaffTable
from stationdesk.db.stores import load, needs, record_of
from stationdesk.errors import Denied, Refused
from stationdesk.fields import Level
from stationdesk.records.access import Reach, Right, Role, reach
from stationdesk.records.ages import age_on
from stationdesk.records.audit import Action
from stationdesk.records.categories import colour_on, primary_on, shown_in_place
from stationdesk.records.child_prints import STAFF_FIELDS, ChildFile, RosterRow, printed, purpose_problem
from stationdesk.records.children import Child, is_own
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import Household
from stationdesk.records.masking import Disclosure, for_paper, project

_List = tuple[type[Any], Any, Any]
STRETCHES: _List = (Enrolment, EnrolmentTable, EnrolmentTable.entered_on)
# As many ids as go into one query.
_AT_ONCE = 500


class ChildPrintStore(AssessmentStore):
    """Files and rosters for paper: each print names the right it takes, and shows no more than the
    person sees on the screen."""

    @needs(Right.SEE_CHILDREN, reads="child")
    def file(self, child_id: int) -> ChildFile:
        """All there is of one child, as the person sees it on the screen, in one reading. Raises
        `Missing`."""
        with self._database.read() as session:
            return self._seen(session, child_row(session, self._actor, child_id))

    @needs(Right.PRINT_CHILDREN, reads="child")
    def whole(self, child_id: int, how: Disclosure = Disclosure.MASKED) -> ChildFile:
        """All that is printed of one child, in one reading. Raises `Missing`, and `Denied` without the
        right to `how` or of a file that is not one's own to print: emergency access is for looking."""
        self._refuse(how)
        with self._database.read() as session:
            row = child_row(session, self._actor, child_id)
            usual = reach(self._actor.role, Level.L3)
            if usual is Reach.OWN and not is_own(row.worker_id, row.counsellor_id, self._actor):
                raise Denied
            return printed(self._seen(session, row), how, self._today())

    @needs(Right.PRINT_WHOLE)
    def justify(self, how: Disclosure, count: int, why: str) -> None:
        """Put into the audit what so many files or lines are printed unmasked for, before they are.
        Raises `Refused` without a purpose, `Denied` without the right to `how`."""
        self._refuse(how)
        Refused.over(problem for problem in [purpose_problem(why)] if problem)
        self._database.note(Action.PRINT, "child", result=f"{how.label}→{count}→{why.strip()}")

    def _seen(self, session: Session, row: Any) -> ChildFile:
        """The file, masked for the person: what is nested is masked where it is put together."""
        found, mine = self._file(session, row), is_own(row.worker_id, row.counsellor_id, self._actor)
        family = tuple(project(member, self._actor, own=mine) for member in found.family)
        return replace(found, child=project(found.child, self._actor, own=mine), family=family)

    def _file(self, session: Session, row: Any) -> ChildFile:
        """What of the file the person may see, names for the ids in it."""
        opened = is_open(self._actor, row, Level.L3)
        household = None
        if row.household_id is not None and opened:
            household = load(session, Household, HouseholdTable, row.household_id)
        benefits = () if self._actor.role is Role.COUNSELLOR else self._visible(session, row, BENEFITS)
        found = ChildFile(
            child=record_of(Child, row),
            opened=date.fromisoformat(row.created_at[:10]),
            age=age_on(row.birth_date, self._today()) if row.birth_date else None,
            community=session.scalar(select(CommunityTable.name).where(CommunityTable.id == row.community_id)) or "",
            household=household,
            family=self._visible(session, row, FAMILY, masked=True),
            care=self._visible(session, row, CARE),
            schooling=self._visible(session, row, SCHOOLING),
            health=self._visible(session, row, HEALTH),
            categories=self._visible(session, row, CATEGORIES),
            levels=self._visible(session, row, LEVELS),
            assessments=self._visible(session, row, ASSESSMENTS),
            benefits=benefits,
            enrolments=all_enrolments(session, row.id) if opened else (),
            consents=self._visible(session, row, CONSENTS),
            needs=self._visible(session, row, NEEDS),
            merged=tuple(merges(session, row.id)) if opened else (),
            activities=taken_part(session, row.id),
        )
        return replace(found, staff=_staff(session, found))

    @needs(Right.SEE_CHILDREN, reads="child")
    def for_forms(self, child_id: int) -> ChildFile:
        """What fills the names into the forms of one child, as the person sees it; raises `Missing`."""
        with self._database.read() as session:
            row = child_row(session, self._actor, child_id)
            mine = is_open(self._actor, row, Level.L3)
            family = self._visible(session, row, FAMILY, masked=True)
            return ChildFile(
                child=project(record_of(Child, row), self._actor, own=mine),
                opened=date.fromisoformat(row.created_at[:10]),
                age=age_on(row.birth_date, self._today()) if row.birth_date else None,
                family=tuple(project(member, self._actor, own=mine) for member in family),
                care=self._visible(session, row, CARE),
            )

    @needs(Right.PRINT_CHILDREN)
    def roster(self, ids: Sequence[int], how: Disclosure = Disclosure.MASKED) -> tuple[RosterRow, ...]:
        """The lines of a roster, in the order of `ids`; of a child whose file is not open to the person
        only what everybody may know. Raises `Denied` without the right to `how`."""
        self._refuse(how)
        with self._database.read() as session:
            parts = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
            found = {row.id: row for part in parts for row in self._rows(session, part, how)}
        return tuple(found[i] for i in ids if i in found)

    def _rows(self, session: Session, ids: Sequence[int], how: Disclosure) -> Iterator[RosterRow]:
        query = (
            select(ChildTable, CommunityTable.name, StaffTable.name)
            .outerjoin(CommunityTable, CommunityTable.id == ChildTable.community_id)
            .outerjoin(StaffTable, StaffTable.id == ChildTable.worker_id)
            .where(alive(), seen(self._actor), ChildTable.id.in_(ids))
        )
        lists = {what: by_child(session, ids, what) for what in (FAMILY, SCHOOLING, CATEGORIES, LEVELS, STRETCHES)}
        for row, community, worker in session.execute(query):
            mine = is_own(row.worker_id, row.counsellor_id, self._actor)
            kept = {what: found.get(row.id, []) for what, found in lists.items()}
            line = replace(self._roster_row(row, kept, how), community_name=community, worker_name=worker)
            yield for_paper(project(line, self._actor, own=mine), how)

    def _roster_row(self, row: Any, kept: Mapping[_List, Sequence[Any]], how: Disclosure) -> RosterRow:
        today = self._today()
        shown = primary_on if self._tells_all(row, how) else shown_in_place
        guardian = next((member for member in kept[FAMILY] if member.is_guardian), None)
        stretches = kept[STRETCHES]
        school = next((stretch for stretch in reversed(kept[SCHOOLING]) if stretch.since <= today), None)
        return RosterRow(
            id=row.id,
            file_no=row.file_no or "",
            name=row.name,
            sex=row.sex,
            age=age_on(row.birth_date, today) if row.birth_date else None,
            birth_date=row.birth_date,
            id_no=row.id_no,
            community_name=None,
            residence=row.residence,
            phone=row.phone,
            school=school.school if school else None,
            grade_class=school.grade_class if school else None,
            guardian_name=guardian.name if guardian else None,
            guardian_relation=guardian.relation if guardian else None,
            guardian_phone=guardian.phone if guardian else None,
            category=shown(kept[CATEGORIES], today),
            colour=colour_on(kept[LEVELS], today),
            worker_name=None,
            entered_on=stretches[-1].entered_on if stretches else None,
            status=row.status,
        )

    def _tells_all(self, row: Any, how: Disclosure) -> bool:
        return how is Disclosure.RESTRICTED and is_open(self._actor, row, Level.L4)

    def _refuse(self, how: Disclosure) -> None:
        if not self._actor.may(how.right):
            raise Denied


def merges(session: Session, child_id: int) -> list[tuple[date, str]]:
    """The files that were put into this one: when, and their numbers."""
    query = (
        select(ChildMergeTable.merged_on, ChildTable.file_no)
        .join(ChildTable, ChildTable.id == ChildMergeTable.dropped_id)
        .where(ChildMergeTable.kept_id == child_id, ChildMergeTable.undone.is_(False))
    )
    return [(day, number or "") for day, number in session.execute(query)]


def by_child(session: Session, ids: Sequence[int], what: _List) -> dict[int, list[Any]]:
    """The kept lines of one list of many children, in one query."""
    record, table, order = what
    kept = select(table).where(table.child_id.in_(ids), table.deleted_at.is_(None)).order_by(order, table.id)
    found: dict[int, list[Any]] = {}
    for row in session.scalars(kept):
        found.setdefault(row.child_id, []).append(record_of(record, row))
    return found


def _staff(session: Session, file: ChildFile) -> dict[int, str]:
    """The names of the staff a file speaks of."""
    records = (file.child, *file.levels, *file.assessments, *file.enrolments)
    ids = {getattr(record, name, None) for record in records for name in STAFF_FIELDS} - {None}
    return dict(session.execute(select(StaffTable.id, StaffTable.name).where(StaffTable.id.in_(ids))).tuples().all())
