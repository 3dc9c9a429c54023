"""Making two files of one child into one, in one transaction, and taking it back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Date, or_, select
from sqlalchemy.orm import Session

from stationdesk.codes import Code
from stationdesk.db.activities_models import AttendanceTable
from stationdesk.db.child_stock import set_status
from stationdesk.db.child_words import words_for
from stationdesk.db.children_models import (
    AttachmentTable,
    ChildCategoryTable,
    ChildMergeTable,
    ChildTable,
    ConsentTable,
    DelegatedCareTable,
    EnrolmentTable,
    FamilyMemberTable,
)
from stationdesk.db.children_scope import child_row
from stationdesk.db.children_search import all_enrolments
from stationdesk.db.models import Base
from stationdesk.db.stores import Store, load_row, needs, record_of
from stationdesk.db.types import Coded
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.attendance import CAME, AttendanceState
from stationdesk.records.calendar import new_uuid
from stationdesk.records.categories import ChildCategory, together_problems
from stationdesk.records.children import Child, ChildStatus
from stationdesk.records.enrolments import Enrolment, ExitReason, overlap
from stationdesk.records.families import FATHER, MOTHER, FamilyMember
from stationdesk.records.family_codes import ParentState
from stationdesk.records.merges import Merge, merge_problems, taken_over

_LEFT_STOCK = N_("保留的这份已经减员，另一份还在册，合并后孩子就不在册了。请打开还在册的那一份，把这一份并进去。")

# What a line of a session may say of a child, the most first.
_SAYS = (
    *CAME,
    AttendanceState.ABSENT,
    AttendanceState.SIGNED_UP,
    AttendanceState.WAITING,
    AttendanceState.WITHDRAWN,
)

# One changed value: table, row, column, what it was before.
_Step = tuple[str, int, str, Any]


class ChildMergeStore(Store):
    """Merging; for those who see every file."""

    @needs(Right.MERGE_CHILDREN)
    def merge(self, kept_id: int, dropped_id: int, reason: str) -> int:
        """Move all that refers to one file to the other; both numbers lead to it from then on. Returns
        the merge's id. What cannot be in one file twice stays under the old number: a stretch in stock
        that overlaps (an open one ends as 重复建档, so that no month loses a child nobody saw leave),
        a category already held, a second father. Raises `Refused`, `Missing`."""
        today, stamp = self._clock().date(), self._stamp()
        with self._database.write() as session:
            kept, dropped = (child_row(session, self._actor, i) for i in (kept_id, dropped_id))
            ours, theirs = record_of(Child, kept), record_of(Child, dropped)
            Refused.over(merge_problems(ours, theirs, reason))
            work = _Work(session, kept_id, dropped_id)
            for column, value in taken_over(ours, theirs).items():
                work.set(kept, column, value)
            closed = work.stretches(today, self._actor.staff_id)
            work.parents()
            work.categories()
            work.photo()
            work.attendance()
            for table, column in _referring():
                work.move(table, column)
            dropped.merged_into_id, dropped.status = kept_id, ChildStatus.MERGED
            session.flush()
            self._refresh(session, kept)
            before = {"steps": work.steps, "closed": closed, "there": _there(session, kept_id, dropped_id)}
            row = ChildMergeTable(
                uuid=new_uuid(),
                kept_id=kept_id,
                dropped_id=dropped_id,
                merged_on=today,
                reason=reason.strip(),
                before=json.dumps(before, default=_written),
                undone=False,
                created_at=stamp[0],
                created_by=stamp[1],
                updated_at=stamp[0],
                updated_by=stamp[1],
            )
            session.add(row)
            session.flush()
            return row.id

    @needs(Right.MERGE_CHILDREN)
    def undo(self, merge_id: int) -> None:
        """Take a merge back, as long as nothing new refers to either file. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            row = load_row(session, ChildMergeTable, merge_id)
            if not _is_undoable(session, row):
                raise Refused(Problem("", N_("合并以后又有新的记录，不能撤销。请逐条核对后另建档案。")))
            before = json.loads(row.before)
            tables = {table.__tablename__: table for table in _all_tables()}
            for name, record_id, column, old in reversed(before["steps"]):
                setattr(session.get(tables[name], record_id), column, _read(tables[name], column, old))
            if before["closed"] is not None:
                stretch = session.get_one(EnrolmentTable, before["closed"])
                stretch.left_on = stretch.exit_reason = stretch.approved_by = None
            kept, dropped = (session.get_one(ChildTable, i) for i in (row.kept_id, row.dropped_id))
            dropped.merged_into_id = None
            row.undone = True
            session.flush()
            for child in (kept, dropped):
                self._refresh(session, child)

    @needs(Right.MERGE_CHILDREN)
    def merges(self, child_id: int) -> tuple[Merge, ...]:
        """The merges that made this file what it is, the latest first; raises `Missing`."""
        with self._database.read() as session:
            child_row(session, self._actor, child_id)
            query = (
                select(ChildMergeTable, ChildTable.file_no)
                .join(ChildTable, ChildTable.id == ChildMergeTable.dropped_id)
                .where(ChildMergeTable.kept_id == child_id, ChildMergeTable.undone.is_(False))
                .order_by(ChildMergeTable.id.desc())
            )
            return tuple(
                Merge(
                    id=row.id,
                    dropped_no=number or "",
                    merged_on=row.merged_on,
                    reason=row.reason,
                    undoable=_is_undoable(session, row),
                )
                for row, number in session.execute(query)
            )

    def _refresh(self, session: Session, row: Any) -> None:
        """Status and search words, which follow from what refers to a file."""
        set_status(session, row, self._stamp())
        row.words = words_for(session, record_of(Child, row))


class _Work:
    """One merge under way: what it has changed, to be put back by an undo."""

    def __init__(self, session: Session, kept_id: int, dropped_id: int) -> None:
        self._session = session
        self._kept, self._dropped = kept_id, dropped_id
        self._stays: set[tuple[str, int]] = set()
        self.steps: list[_Step] = []

    def set(self, row: Any, column: str, value: Any) -> None:
        """Change one value and remember the old one."""
        old = getattr(row, column)
        self.steps.append((row.__tablename__, row.id, column, old.code if isinstance(old, Code) else old))
        setattr(row, column, value)

    def stay(self, row: Any) -> None:
        """Leave a row with the old number."""
        self._stays.add((row.__tablename__, row.id))

    def move(self, table: Any, column: str) -> None:
        """Point every row of a table that refers to the dropped file to the kept one."""
        for row in self._rows(table, column, self._dropped):
            if (row.__tablename__, row.id) not in self._stays:
                self.set(row, column, self._kept)

    def stretches(self, today: date, approved_by: int) -> int | None:
        """Leave overlapping stretches with the old number; the id of the open one that was ended. It may
        end only while the kept file's goes on: a child in stock stays there."""
        closed = None
        held = all_enrolments(self._session, self._kept)
        lasts = any(other.left_on is None for other in held)
        for row in self._rows(EnrolmentTable, "child_id", self._dropped):
            if any(overlap(record_of(Enrolment, row), other) for other in held):
                self.stay(row)
                if row.left_on is None:
                    if not lasts:
                        raise Refused(Problem("", _LEFT_STOCK))
                    row.left_on, row.exit_reason = max(today, row.entered_on), ExitReason.DUPLICATE
                    row.approved_by, closed = approved_by, row.id
        return closed

    def parents(self) -> None:
        """A file has one father and one mother: of two the known one, else the kept file's; who gave
        a consent or looks after the child stays the same person."""
        for relation in (FATHER, MOTHER):
            ours, theirs = (self._parent(child, relation) for child in (self._kept, self._dropped))
            if ours is None or theirs is None:
                continue
            self.stay(ours)
            self.stay(theirs)
            if _is_blank(ours) and not _is_blank(theirs):
                self.set(ours, "child_id", self._dropped)
                self.set(theirs, "child_id", self._kept)
                ours, theirs = theirs, ours
            for table, column in ((ConsentTable, "given_by"), (DelegatedCareTable, "carer_id")):
                for row in self._rows(table, column, theirs.id):
                    self.set(row, column, ours.id)

    def categories(self) -> None:
        """A category held already stays behind; of two primaries the kept file's stays one."""
        table = ChildCategoryTable
        held = [record_of(ChildCategory, row) for row in self._rows(table, "child_id", self._kept)]
        for row in self._rows(table, "child_id", self._dropped):
            moved = record_of(ChildCategory, row)
            if any(together_problems(replace(moved, is_primary=False), held)):
                self.stay(row)
            elif any(together_problems(moved, held)):
                self.set(row, "is_primary", False)

    def photo(self) -> None:
        """A file has one photo: the kept file's stays one, the other becomes an attachment."""
        ours, theirs = (
            [row for row in self._rows(AttachmentTable, "child_id", child) if row.is_photo]
            for child in (self._kept, self._dropped)
        )
        if ours:
            for row in theirs:
                self.set(row, "is_photo", False)

    def attendance(self) -> None:
        """A child is at a session once: of two lines the one that says more stays (it came, was missed, has a
        place, waits), the other one goes with the old number."""
        ours = {row.session_id: row for row in self._rows(AttendanceTable, "child_id", self._kept)}
        for row in self._rows(AttendanceTable, "child_id", self._dropped):
            twin = ours.get(row.session_id)
            if twin is None:
                continue
            self.stay(row)
            if _SAYS.index(row.state) < _SAYS.index(twin.state) and not {row.state, twin.state} <= {*CAME}:
                for column in ("state", "guardian_present", "picked_up_by"):
                    self.set(twin, column, getattr(row, column))
            if row.state is not AttendanceState.WITHDRAWN:
                self.set(row, "state", AttendanceState.WITHDRAWN)

    def _parent(self, child_id: int, relation: str) -> Any:
        rows = self._rows(FamilyMemberTable, "child_id", child_id)
        return next((row for row in rows if row.relation == relation), None)

    def _rows(self, table: Any, column: str, value: int) -> list[Any]:
        query = select(table).where(getattr(table, column) == value, table.deleted_at.is_(None))
        return list(self._session.scalars(query.order_by(table.id)))


def _written(value: Any) -> str:
    """An old value as JSON keeps it: a code by its letters, a day by its text."""
    return value.code if isinstance(value, Code) else str(value.isoformat())


def _read(table: Any, column: str, old: Any) -> Any:
    """The other way round, by the type of the column."""
    kind = table.__table__.columns[column].type
    if isinstance(old, str) and isinstance(kind, Coded):
        return kind.kind.of(old)
    return date.fromisoformat(old) if isinstance(old, str) and isinstance(kind, Date) else old


def _is_blank(row: Any) -> bool:
    """Whether nothing is known of a parent but that there must be one."""
    member = record_of(FamilyMember, row)
    return member.name is None and member.state is ParentState.UNKNOWN


def _all_tables() -> list[Any]:
    return [mapper.class_ for mapper in Base.registry.mappers]


def _referring() -> Iterator[tuple[Any, str]]:
    """Every table and column that refers to a child, also those other features bring along."""
    for table in _all_tables():
        if table is not ChildMergeTable:
            for column in table.__table__.columns:
                if any(key.target_fullname == "child.id" for key in column.foreign_keys):
                    yield table, column.name


def _there(session: Session, *child_ids: int) -> dict[str, list[int]]:
    """The rows that refer to the files, by table."""
    found: dict[str, list[int]] = {}
    for table, column in _referring():
        ids = session.scalars(select(table.id).where(getattr(table, column).in_(child_ids)))
        found.setdefault(table.__tablename__, []).extend(ids)
    return found


def _is_undoable(session: Session, row: Any) -> bool:
    """Whether nothing was added to either file, by a later merge neither, since this merge."""
    both = (row.kept_id, row.dropped_id)
    later = select(ChildMergeTable.id).where(
        ChildMergeTable.id > row.id,
        ChildMergeTable.undone.is_(False),
        or_(ChildMergeTable.kept_id.in_(both), ChildMergeTable.dropped_id.in_(both)),
    )
    if row.undone or session.scalar(later) is not None:
        return False
    before = json.loads(row.before)["there"]
    return all(set(ids) <= set(before.get(name, ())) for name, ids in _there(session, *both).items())
