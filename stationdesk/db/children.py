"""Children's files: registering, completing, changing, coming into stock and leaving it."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.child_stock import ChildStockStore
from stationdesk.db.child_words import words_for
from stationdesk.db.children_models import (
    ChildCategoryTable,
    ChildTable,
    EnrolmentTable,
    FamilyMemberTable,
    HouseholdTable,
    RiskLevelTable,
)
from stationdesk.db.children_scope import child_row, is_open, living_row, writable_row
from stationdesk.db.children_search import all_enrolments, find_duplicates
from stationdesk.db.models import CommunityTable, StationTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import load, needs, record_of, save, verify
from stationdesk.errors import Conflict, Denied, Missing, Problem, Refused
from stationdesk.fields import Level, check
from stationdesk.i18n import N_
from stationdesk.records.access import Reach, Right, reach
from stationdesk.records.beginnings import beginning_problems, first_level, guardian_of, tidied_light
from stationdesk.records.categories import ChildCategory
from stationdesk.records.children import (
    Child,
    ChildStatus,
    LightChild,
    RecordLevel,
    day_problems,
    duplicate_problems,
    file_number,
    tidied,
)
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FamilyMember, Household, parents_for
from stationdesk.records.masking import hidden_fields


class ChildStore(ChildStockStore):
    """One file for each child."""

    @needs(Right.SEE_CHILDREN, reads="child")
    def load(self, child_id: int) -> Child:
        """One file as far as the person sees it; raises `Missing`."""
        with self._database.read() as session:
            return record_of(Child, child_row(session, self._actor, child_id))

    @needs(Right.SEE_CHILDREN, reads="child")
    def household(self, child_id: int) -> Household | None:
        """The household of a child whose file is open to the person; raises `Missing`."""
        with self._database.read() as session:
            row = child_row(session, self._actor, child_id)
            if row.household_id is None or not is_open(self._actor, row, Level.L3):
                return None
            return load(session, Household, HouseholdTable, row.household_id)

    @needs(Right.ENROL_CHILDREN)
    def enrol(self, light: LightChild, *, confirmed: bool = False) -> int:
        """Register a child that comes to activities; returns the id. `confirmed` says that a file
        with the same name is another child's. Raises `Refused`."""
        with self._database.write() as session:
            return self._enrol(session, light, confirmed=confirmed)

    def _enrol(self, session: Session, light: LightChild, *, confirmed: bool) -> int:
        light = tidied_light(light)
        today = self._today()
        Refused.over((*check(light), *light.problems(), *day_problems(light, today, today)))
        child = Child(
            uuid=light.uuid,
            name=light.name,
            sex=light.sex,
            birth_date=light.birth_date,
            birth_precision=light.birth_precision,
            community_id=light.community_id,
            worker_id=self._caseload(),
        )
        before = session.scalar(select(ChildTable.id).where(ChildTable.uuid == light.uuid))
        if before is not None:
            return before
        self._refuse_duplicates(session, child, light.guardian_phone or "", confirmed=confirmed)
        child_id = self._insert(session, child)
        guardian = guardian_of(light, child_id)
        if guardian is not None:
            save(session, FamilyMemberTable, guardian, self._stamp())
        return child_id

    @needs(Right.EDIT_CHILDREN)
    def complete(
        self,
        child: Child,
        entry: Enrolment,
        category: ChildCategory,
        household: Household | None = None,
        *,
        confirmed: bool = False,
    ) -> int:
        """Make a full file of a light one, or a new one, and take the child into stock; returns the id.

        Without `household` the child joins the one it names (a brother's or sister's). The ids of the
        child in `entry` and `category` are set here. Raises `Refused`, `Conflict`, `Missing`, `Denied`.
        """
        with self._database.write() as session:
            return self._complete(session, child, entry, category, household, confirmed=confirmed)

    def _complete(
        self,
        session: Session,
        child: Child,
        entry: Enrolment,
        category: ChildCategory,
        household: Household | None,
        *,
        confirmed: bool,
    ) -> int:
        old = self._light(session, child)
        if old is not None and old.record_level is RecordLevel.FULL:
            # Saved by an attempt whose answer was lost.
            return int(old.id)
        if old is not None:
            child = self._filled(record_of(Child, old), child)
        child = tidied(
            replace(
                child,
                file_no=old.file_no if old is not None else None,
                record_level=RecordLevel.FULL,
                status=ChildStatus.ACTIVE,
                worker_id=self._caseload() or child.worker_id,
                director_id=child.director_id or _director(session, child.community_id),
            )
        )
        if household is not None:
            verify(household)
            child = replace(child, household_id=save(session, HouseholdTable, household, self._stamp()))
        elif child.household_id is not None:
            self._refuse_foreign_household(session, child.household_id)
        self._judge(session, child, entry.entered_on, confirmed=confirmed)
        child_id = self._insert(session, child)
        self._begin_file(session, child_id, entry, category)
        return child_id

    def _light(self, session: Session, child: Child) -> Any:
        """The row of the light file that is completed; None for a new one."""
        if child.id is None:
            return session.scalar(select(ChildTable).where(ChildTable.uuid == child.uuid))
        row = living_row(session, self._actor, child.id)
        if row.version != child.version:
            raise Conflict
        if row.record_level is RecordLevel.FULL:
            raise Refused(Problem("record_level", N_("这个孩子已经有一人一档，请直接修改。")))
        if self._caseload() is not None and row.worker_id not in (None, self._actor.staff_id):
            raise Denied
        return row

    def _filled(self, old: Child, typed: Child) -> Child:
        """`typed`, and what it leaves empty of what the person did not see of the light file."""
        hidden = hidden_fields(Child, self._actor, own=self._is_mine(old))
        empty = {c.name: getattr(old, c.name) for c in hidden if getattr(typed, c.name) in (None, "")}
        return replace(typed, uuid=old.uuid, **empty)

    def _begin_file(self, session: Session, child_id: int, entry: Enrolment, category: ChildCategory) -> None:
        """Both parents, the first stretch in stock, the first category and the level it asks for."""
        stamp, now = self._stamp(), self._clock()
        entry = replace(entry, child_id=child_id)
        category = replace(category, child_id=child_id, is_primary=True)
        Refused.over(beginning_problems(entry, category, all_enrolments(session, child_id), now.date()))
        for parent in _missing_parents(session, child_id):
            save(session, FamilyMemberTable, parent, stamp)
        save(session, EnrolmentTable, entry, stamp)
        save(session, ChildCategoryTable, category, stamp)
        level = first_level(entry, category, now, self._actor.staff_id)
        save(session, RiskLevelTable, level, stamp)

    @needs(Right.ENROL_CHILDREN)
    def save(self, child: Child, *, confirmed: bool = False) -> int:
        """Change a file; what the person does not see of it stays as it is. Number, level and status
        are the program's, worker and counsellor are given by who may. Raises `Refused`, `Conflict`,
        `Missing`, `Denied`."""
        with self._database.write() as session:
            return self._save(session, child, confirmed=confirmed)

    def _save(self, session: Session, child: Child, *, confirmed: bool) -> int:
        row = living_row(session, self._actor, child.id or 0)
        full = row.record_level is RecordLevel.FULL
        if full and not self._actor.may(Right.EDIT_CHILDREN):
            raise Denied
        if full or self._actor.in_emergency:
            writable_row(session, self._actor, row.id)
        if row.version != child.version:
            raise Conflict
        old = record_of(Child, row)
        child = self._completed(old, child)
        child = tidied(
            replace(child, uuid=old.uuid, file_no=old.file_no, record_level=old.record_level, status=old.status)
        )
        given = ((old.worker_id, child.worker_id), (old.counsellor_id, child.counsellor_id))
        if any(before != after for before, after in given) and not self._actor.may(Right.APPROVE_CHILDREN):
            raise Denied
        if child.household_id is not None and child.household_id != old.household_id:
            self._refuse_foreign_household(session, child.household_id)
        # A file is judged by the day the child came, be it long ago.
        registered = date.fromisoformat(row.created_at[:10])
        first = min((e.entered_on for e in all_enrolments(session, row.id)), default=registered)
        self._judge(session, child, first, confirmed=confirmed or _same_person(old, child))
        return self._insert(session, child)

    @needs(Right.EDIT_CHILDREN)
    def save_household(self, child_id: int, household: Household) -> int:
        """Change the household of a child; brothers and sisters have the same. Returns its id.
        Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        verify(household)
        with self._database.write() as session:
            row = writable_row(session, self._actor, child_id)
            if household.id != row.household_id:
                raise Missing
            return save(session, HouseholdTable, household, self._stamp())

    # --- shared ----------------------------------------------------------------------------------

    def _caseload(self) -> int | None:
        """Whoever sees only their own files files a child as their own; the others say whose it is."""
        return self._actor.staff_id if reach(self._actor.role, Level.L3) is Reach.OWN else None

    def _judge(self, session: Session, child: Child, entered_on: date | None, *, confirmed: bool) -> None:
        today = self._today()
        verify(child)
        Refused.over(day_problems(child, entered_on or today, today))
        self._refuse_duplicates(session, child, "", confirmed=confirmed)

    def _refuse_duplicates(self, session: Session, child: Child, phone: str, *, confirmed: bool) -> None:
        found = find_duplicates(session, child, phone, self._today(), by_name=not confirmed)
        Refused.over(duplicate_problems(found, confirmed=confirmed))

    def _refuse_foreign_household(self, session: Session, household_id: int) -> None:
        """Nobody joins a household whose children are not open to them: it would open the household."""
        members = session.scalars(select(ChildTable).where(ChildTable.household_id == household_id)).all()
        if not any(is_open(self._actor, row, Level.L3) for row in members):
            raise Refused(Problem("household_id", N_("没有找到这个家庭，请从兄弟姐妹的档案里选择，或新建家庭。")))

    def _insert(self, session: Session, child: Child) -> int:
        number = child.file_no or _next_number(session, self._today().year)
        more = {"name_key": name_key(child.name)}
        more["words"] = words_for(session, replace(child, file_no=number))
        return save(session, ChildTable, replace(child, file_no=number), self._stamp(), **more)


def last_number(session: Session, year: int) -> int:
    """The last file number of the year; those of deleted and merged files count, none comes twice."""
    found = session.scalars(select(ChildTable.file_no).where(ChildTable.file_no.like(f"%-{year:04d}-%")))
    return max((int(number.rpartition("-")[2]) for number in found if number), default=0)


def township_of(session: Session) -> str:
    """The township whose short name stands in file numbers."""
    return session.scalar(select(StationTable.township_name)) or ""


def _next_number(session: Session, year: int) -> str:
    return file_number(township_of(session), year, last_number(session, year) + 1)


def _director(session: Session, community_id: int | None) -> int | None:
    query = select(CommunityTable.director_id).where(CommunityTable.id == community_id)
    return session.scalar(query) if community_id is not None else None


def _missing_parents(session: Session, child_id: int) -> list[FamilyMember]:
    table = FamilyMemberTable
    there = set(session.scalars(select(table.relation).where(table.child_id == child_id, table.deleted_at.is_(None))))
    return [parent for parent in parents_for(child_id) if parent.relation not in there]


def _same_person(old: Child, new: Child) -> bool:
    """Whether nothing was changed by which a child is told from another: it was asked once."""
    return (old.name, old.birth_date, old.id_no) == (new.name, new.birth_date, new.id_no)
