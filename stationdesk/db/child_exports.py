"""Children as lines of a sheet: masked unless the right and a reason are given, and always noted."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from stationdesk.db.children_models import (
    ChildCategoryTable,
    ChildTable,
    EnrolmentTable,
    FamilyMemberTable,
    HouseholdTable,
)
from stationdesk.db.children_scope import alive, own, seen
from stationdesk.db.children_search import ChildFinder
from stationdesk.db.models import CommunityTable, StaffTable
from stationdesk.db.stores import needs, record_of
from stationdesk.errors import Refused
from stationdesk.records.access import Right, Role
from stationdesk.records.audit import Action
from stationdesk.records.categories import ChildCategory, primary_on
from stationdesk.records.child_intake import ChildIntake, export_reason_problem, intake_of, masked_intake
from stationdesk.records.children import Child
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FamilyMember, Household

_BATCH = 500


class ChildExportStore(ChildFinder):
    """The way out for many children, in the columns of the template."""

    def _is_mine(self, record: object) -> bool:
        # What leaves here is masked for everybody, or asked for by whoever sees it whole.
        return isinstance(record, ChildIntake) or super()._is_mine(record)

    @needs(Right.EXPORT_CHILDREN)
    def masked(self, ids: Sequence[int]) -> tuple[ChildIntake, ...]:
        """The lines of these ids, personal fields masked; a social worker's are their own children."""
        return tuple(masked_intake(row) for row in self._out(ids))

    @needs(Right.EXPORT_WHOLE)
    def whole(self, ids: Sequence[int], reason: str) -> tuple[ChildIntake, ...]:
        """The lines of these ids as they are kept, for a reason that goes into the audit. Raises
        `Refused` on one that is too short."""
        Refused.over(problem for problem in [export_reason_problem(reason)] if problem)
        return self._out(ids, reason.strip())

    def _out(self, ids: Sequence[int], why: str = "") -> tuple[ChildIntake, ...]:
        """The lines, and the note that they went out: in this order nothing leaves unnoted."""
        with self._database.read() as session:
            found: dict[int, ChildIntake] = {}
            for start in range(0, len(ids), _BATCH):
                found.update(self._lines(session, ids[start : start + _BATCH]))
        self._database.note(Action.EXPORT, "child", result=f"{len(found)} {why}".strip())
        return tuple(found[i] for i in ids if i in found)

    def _lines(self, session: Session, ids: Sequence[int]) -> Iterator[tuple[int, ChildIntake]]:
        worker, director = aliased(StaffTable), aliased(StaffTable)
        table = ChildTable
        query = (
            select(table, CommunityTable.name, worker.name, director.name, HouseholdTable)
            .outerjoin(CommunityTable, CommunityTable.id == table.community_id)
            .outerjoin(worker, worker.id == table.worker_id)
            .outerjoin(director, director.id == table.director_id)
            .outerjoin(HouseholdTable, HouseholdTable.id == table.household_id)
            .where(alive(), seen(self._actor), table.id.in_(ids))
        )
        if self._actor.role is Role.SOCIAL_WORKER:
            query = query.where(own(self._actor))
        guardians = _of(session, ids, FamilyMember, FamilyMemberTable, FamilyMemberTable.is_guardian)
        stretches = _of(session, ids, Enrolment, EnrolmentTable)
        categories = _of(session, ids, ChildCategory, ChildCategoryTable)
        for row, community, worker_name, director_name, household in session.execute(query):
            yield (
                row.id,
                intake_of(
                    record_of(Child, row),
                    {"community": community, "worker": worker_name, "director": director_name},
                    next(iter(guardians.get(row.id, ())), None),
                    record_of(Household, household) if household is not None else None,
                    max(stretches.get(row.id, ()), key=lambda stretch: stretch.entered_on, default=None),
                    _primary(categories.get(row.id, ()), self._today()),
                ),
            )


def _of(session: Session, ids: Sequence[int], record: type, table: Any, *which: Any) -> dict[int, list[Any]]:
    """The kept lines of these children, by child."""
    kept = select(table).where(table.child_id.in_(ids), table.deleted_at.is_(None), *which).order_by(table.id)
    found: dict[int, list[Any]] = {}
    for row in session.scalars(kept):
        found.setdefault(row.child_id, []).append(record_of(record, row))
    return found


def _primary(categories: Sequence[ChildCategory], today: date) -> ChildCategory | None:
    """The category a child counts under; of one that has left, the last it had."""
    wanted = primary_on(categories, today)
    held = [item for item in categories if item.category is wanted and item.is_open_on(today)]
    return next(iter(held), categories[-1] if categories else None)
