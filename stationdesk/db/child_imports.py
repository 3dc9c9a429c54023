"""Children from a sheet: all lines in one transaction or none, by the rules the forms keep."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from stationdesk.db.child_likeness import Likenesses
from stationdesk.db.child_lists import FAMILY, lines
from stationdesk.db.child_words import search_words
from stationdesk.db.children import ChildStore, last_number, township_of
from stationdesk.db.children_models import (
    ChildCategoryTable,
    ChildTable,
    EnrolmentTable,
    FamilyMemberTable,
    HouseholdTable,
    RiskLevelTable,
)
from stationdesk.db.children_scope import child_row
from stationdesk.db.engine import Change
from stationdesk.db.models import CommunityTable, StaffTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import all_records, load, needs, record_of, save, verify
from stationdesk.errors import Conflict, Denied, Missing, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.audit import Action
from stationdesk.records.beginnings import first_level, guardian_of
from stationdesk.records.child_intake import (
    NO_BEGINNING,
    ChildEntry,
    Directory,
    ImportReport,
    Twin,
    entry_problems,
)
from stationdesk.records.children import Child, ChildStatus, Likeness, RecordLevel, file_number
from stationdesk.records.duplicates import OnDuplicate
from stationdesk.records.families import FamilyMember, Household, family_problems, parents_for
from stationdesk.records.people import tidy_name
from stationdesk.records.staff import Staff

_STEP = 50
_FILES_ONLY = N_("您的岗位只能导入活动登记；这一行要建一人一档，请交给社工、儿童督导员或站长。")
_NO_UPDATE = N_("您的岗位不能用表格更新已有档案，请选择跳过或另建档案。")
_SAME_NUMBER = N_("证件号码与{other}相同，不能另建档案，请选择跳过或更新。")
_NOT_ONE = N_("像这个孩子的档案不止一份，不能确定更新哪一份，请选择跳过，再到档案里修改。")
_NO_FILE = N_("与第{other}行是同一张表里的两行，不能更新，请选择跳过或另建档案。")


class _RehearsedError(Exception):
    """Nothing is to be kept of a rehearsal."""


@dataclass(slots=True)
class _Taken:
    """What has come of the lines so far."""

    fresh: list[ChildEntry] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    updated: int = 0
    skipped: int = 0
    light: int = 0
    full: int = 0

    def count(self, level: RecordLevel) -> None:
        """Count a line that is new or updates a file, by what the file is then."""
        self.full += level is RecordLevel.FULL
        self.light += level is RecordLevel.LIGHT

    def report(self) -> ImportReport:
        """The counts, and all that is wrong by row."""
        return ImportReport(
            new=len(self.fresh),
            updated=self.updated,
            skipped=self.skipped,
            light=self.light,
            full=self.full,
            twins=tuple(self.twins),
            problems=tuple(sorted(self.problems, key=lambda problem: problem.row)),
        )


class ChildImportStore(ChildStore):
    """The way in for many children."""

    @needs(Right.IMPORT_CHILDREN)
    def directory(self) -> Directory:
        """The communities and members of the team by name; who serves goes before who has left."""
        today = self._today()
        with self._database.read() as session:
            table = CommunityTable
            places = session.execute(
                select(table.id, table.name, table.director_id).where(table.deleted_at.is_(None))
            ).all()
            staff = all_records(session, Staff, StaffTable, StaffTable.id)
        known = {member.name for member in staff if member.serves_on(today)}
        asked = [member for member in staff if member.serves_on(today) or member.name not in known]
        return Directory(
            communities=_by_name((place.name, place.id) for place in places),
            staff=_by_name((member.name, member.id or 0) for member in asked),
            directors={place.id: place.director_id for place in places},
        )

    @needs(Right.IMPORT_CHILDREN)
    def take_in(
        self,
        entries: Sequence[ChildEntry],
        decisions: Mapping[int, OnDuplicate],
        *,
        dry_run: bool = False,
        progress: Callable[[int, int], object] = lambda _done, _all: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ImportReport:
        """Keep all lines, or none; `decisions` say by row what is done with a child that may be there
        already. A `dry_run` finds all that is wrong and keeps nothing; otherwise raises `Refused`
        with the row of each problem. `cancelled` is asked between the lines."""
        report = ImportReport()
        try:
            with self._database.write() as session:
                # The keys of many new rows in random order: with the usual cache each page would be
                # encrypted anew many times over.
                session.execute(text("PRAGMA cache_size = -65536"))
                taken = _Taken()
                self._sort_out(session, taken, entries, decisions, (dry_run, progress, cancelled))
                report = taken.report()
                if dry_run:
                    raise _RehearsedError
                Refused.over(report.problems)
                self._insert_all(session, taken.fresh)
                if cancelled():
                    raise Refused(_cancelled())
                count = str(report.new + report.updated)
                session.info.setdefault("notes", []).append(Change(Action.IMPORT.code, "child", None, result=count))
        except _RehearsedError:
            pass
        return report

    def _sort_out(
        self,
        session: Session,
        taken: _Taken,
        entries: Sequence[ChildEntry],
        decisions: Mapping[int, OnDuplicate],
        ways: tuple[bool, Callable[[int, int], object], Callable[[], bool]],
    ) -> None:
        """Look at each line: what is wrong with it, whom it is like, and what is to be done with it."""
        dry_run, progress, cancelled = ways
        likenesses, today = Likenesses(session, entries), self._today()
        for done, entry in enumerate(entries):
            if done % _STEP == 0:
                progress(done, len(entries))
                if cancelled():
                    raise Refused(_cancelled())
            twins, decision = likenesses.of(entry), decisions.get(entry.row)
            taken.twins += twins
            if twins and decision is OnDuplicate.SKIP:
                taken.skipped += 1
                continue
            if twins and decision is OnDuplicate.UPDATE:
                self._update(session, taken, entry, twins)
                continue
            taken.count(entry.child.record_level)
            if twins:
                taken.problems += _judged(twins, decision, dry_run=dry_run)
            if not twins or decision is OnDuplicate.NEW:
                # Of one that is undecided nobody knows yet what it would have to say.
                taken.problems += entry_problems(entry, today)
                taken.problems += self._refused_files(entry)
            taken.fresh.append(entry)
            likenesses.add(entry)
        progress(len(entries), len(entries))

    def _refused_files(self, entry: ChildEntry) -> Iterator[Problem]:
        """Who may not make a full file by hand does not make one by a sheet."""
        if entry.child.record_level is RecordLevel.FULL and not self._actor.may(Right.EDIT_CHILDREN):
            yield Problem("record_level", _FILES_ONLY, row=entry.row)

    # --- files that are there --------------------------------------------------------------------

    def _update(self, session: Session, taken: _Taken, entry: ChildEntry, twins: tuple[Twin, ...]) -> None:
        """Bring the one file that is meant up to what the line says; an empty cell changes nothing."""
        surest = [twin for twin in twins if twin.why is twins[0].why]
        try:
            taken.updated += 1
            if not self._actor.may(Right.EDIT_CHILDREN):
                raise Refused(Problem("", _NO_UPDATE))
            if len(surest) > 1:
                raise Refused(Problem("", _NOT_ONE))
            if surest[0].child_id is None:
                raise Refused(Problem("", _NO_FILE, {"other": surest[0].other_row}))
            taken.count(self._bring_up(session, entry, surest[0].child_id))
        except (Refused, Denied, Conflict, Missing) as refused:
            taken.problems += (replace(problem, row=entry.row) for problem in refused.problems)

    def _bring_up(self, session: Session, entry: ChildEntry, child_id: int) -> RecordLevel:
        """Change the child, the household and the guardian, and complete a registration where the line
        asks for that; categories and stretches of a full file are changed in the file alone. Returns
        what the file is then."""
        old = record_of(Child, child_row(session, self._actor, child_id))
        said = {name: getattr(entry.child, name) for name in entry.filled}
        if "birth_date" in said:
            said["birth_precision"] = entry.child.birth_precision
        if "id_no" in said:
            said["no_id_reason"] = None
        child = replace(old, **said)
        completes = entry.child.record_level is RecordLevel.FULL and old.record_level is RecordLevel.LIGHT
        level = old.record_level
        if completes and entry.entry is not None and entry.category is not None:
            self._complete(session, child, entry.entry, entry.category, entry.household, confirmed=True)
            level = RecordLevel.FULL
        elif completes and entry.begins:
            raise Refused(NO_BEGINNING)
        else:
            self._save(session, child, confirmed=True)
            self._bring_up_home(session, old.household_id, entry)
        member = guardian_of(entry.light, child_id)
        if member is not None:
            self._bring_up_guardian(session, member)
        return level

    def _bring_up_home(self, session: Session, household_id: int | None, entry: ChildEntry) -> None:
        if household_id is not None and entry.home:
            home = replace(load(session, Household, HouseholdTable, household_id), **entry.home)
            verify(home)
            save(session, HouseholdTable, home, self._stamp())

    def _bring_up_guardian(self, session: Session, member: FamilyMember) -> None:
        """The guardian of a line: the member of that name, the parent nobody has named yet, or a new one."""
        family = lines(session, member.child_id, FAMILY)
        same = next((other for other in family if other.name == member.name), None)
        unnamed = next((o for o in family if o.is_parent and o.relation == member.relation and not o.name), None)
        if same is not None:
            member = replace(same, phone=member.phone or same.phone)
            if member == same:
                return
        elif unnamed is not None:
            kind = member.guardian_kind
            member = replace(
                unnamed, name=member.name, phone=member.phone or unnamed.phone, is_guardian=True, guardian_kind=kind
            )
        verify(member)
        Refused.over(family_problems(member, family))
        save(session, FamilyMemberTable, member, self._stamp())

    # --- new files -------------------------------------------------------------------------------

    def _insert_all(self, session: Session, entries: Sequence[ChildEntry]) -> None:
        """New files in bulk; the transaction holds the file, so nobody else takes their numbers."""
        number, year, township = last_number(session, self._today().year), self._today().year, township_of(session)
        child_id, household_id = _last_id(session, ChildTable), _last_id(session, HouseholdTable)
        when, who = self._stamp()
        common = {"version": 1, "created_at": when, "created_by": who, "updated_at": when, "updated_by": who}
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in _TABLES}
        for entry in entries:
            child_id += 1
            number += 1
            changes: dict[str, Any] = {
                "file_no": file_number(township, year, number),
                "worker_id": self._caseload() or entry.child.worker_id,
                "status": ChildStatus.LIGHT,
            }
            if entry.household is not None and entry.entry is not None and entry.category is not None:
                household_id += 1
                changes |= {"household_id": household_id, "status": ChildStatus.ACTIVE}
                begun = replace(entry.entry, child_id=child_id), replace(entry.category, child_id=child_id)
                level = first_level(*begun, self._clock(), self._actor.staff_id)
                rows[HouseholdTable].append(_row(entry.household, common, id=household_id))
                for table, record in zip((EnrolmentTable, ChildCategoryTable), begun, strict=True):
                    rows[table].append(_row(record, common))
                rows[RiskLevelTable].append(_row(level, common))
            child = replace(entry.child, **changes)
            words = search_words(child.name, child.other_name, numbers=(child.file_no or "",))
            rows[ChildTable].append(_row(child, common, id=child_id, name_key=name_key(child.name), words=words))
            rows[FamilyMemberTable] += [_row(member, common) for member in _family(entry, child_id)]
        for table in _TABLES:
            if rows[table]:
                session.execute(insert(table.__table__), rows[table])


# In the order in which the one refers to the other.
_TABLES: tuple[Any, ...] = (
    HouseholdTable,
    ChildTable,
    FamilyMemberTable,
    EnrolmentTable,
    ChildCategoryTable,
    RiskLevelTable,
)


def _family(entry: ChildEntry, child_id: int) -> Iterator[FamilyMember]:
    """The guardian named, and for a full file both parents."""
    guardian = guardian_of(entry.light, child_id)
    if guardian is not None:
        yield guardian
    if entry.child.record_level is RecordLevel.FULL:
        named = guardian.relation if guardian is not None else ""
        yield from (parent for parent in parents_for(child_id) if parent.relation != named)


def _row(record: Any, common: Mapping[str, Any], **more: object) -> dict[str, Any]:
    kind: type = type(record)
    return {**{name: getattr(record, name) for name in _columns(kind)}, **common, **more}


@cache
def _columns(cls: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(cls) if item.name not in ("id", "version"))


def _last_id(session: Session, table: Any) -> int:
    return int(session.scalar(select(func.max(table.id))) or 0)


def _by_name(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for name, number in pairs:
        folded = tidy_name(name)
        found[folded] = (*found.get(folded, ()), number)
    return found


def _cancelled() -> Problem:
    return Problem("", N_("已取消，什么也没有导入。"))


def _judged(twins: Sequence[Twin], decision: OnDuplicate | None, *, dry_run: bool) -> Iterator[Problem]:
    """Whether a line that is like others may become a file of its own."""
    surest = twins[0]
    if decision is None:
        if not dry_run:
            yield surest.undecided()
    elif surest.why is Likeness.SAME_ID:
        yield Problem("id_no", _SAME_NUMBER, {"other": surest.other}, row=surest.row)
