"""The lists inside a child's file, as far as a person may see them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.children_models import (
    AssessmentTable,
    BenefitTable,
    ChildCategoryTable,
    ChildNeedTable,
    ConsentTable,
    DelegatedCareTable,
    FamilyMemberTable,
    HealthItemTable,
    RiskLevelTable,
    SchoolingTable,
)
from stationdesk.db.children_scope import child_row, is_open
from stationdesk.db.stores import Store, needs, record_of
from stationdesk.fields import Level
from stationdesk.records.access import Reach, Right, Role
from stationdesk.records.assessments import Assessment
from stationdesk.records.benefits import Benefit
from stationdesk.records.care import ChildNeed, DelegatedCare
from stationdesk.records.categories import ChildCategory, RiskLevel
from stationdesk.records.consents import Consent
from stationdesk.records.families import FamilyMember
from stationdesk.records.health import HealthItem
from stationdesk.records.schooling import Schooling

R = TypeVar("R")

# Each list: its record, its table, its order.
FAMILY = (FamilyMember, FamilyMemberTable, FamilyMemberTable.relation)
SCHOOLING = (Schooling, SchoolingTable, SchoolingTable.since)
HEALTH = (HealthItem, HealthItemTable, HealthItemTable.id)
BENEFITS = (Benefit, BenefitTable, BenefitTable.since)
CATEGORIES = (ChildCategory, ChildCategoryTable, ChildCategoryTable.since)
LEVELS = (RiskLevel, RiskLevelTable, RiskLevelTable.id)
ASSESSMENTS = (Assessment, AssessmentTable, AssessmentTable.assessed_on)
CONSENTS = (Consent, ConsentTable, ConsentTable.signed_on)
CARE = (DelegatedCare, DelegatedCareTable, DelegatedCareTable.since)
NEEDS = (ChildNeed, ChildNeedTable, ChildNeedTable.since)


class ChildListStore(Store):
    """The lists inside a file. They are shown to those the file is open to; restricted lines only to
    those who may see them, and to the others as if they were not there."""

    def _is_mine(self, record: object) -> bool:
        # A list is given out only after the file was found to be open, or masked.
        return True

    @needs(Right.SEE_CHILDREN, reads="child")
    def family(self, child_id: int) -> tuple[FamilyMember, ...]:
        """The members of the family; who sees numbers masked sees these masked too."""
        return self._list(child_id, FAMILY, masked=True)

    @needs(Right.SEE_CHILDREN, reads="child")
    def schooling(self, child_id: int) -> tuple[Schooling, ...]:
        """Where the child learnt, the latest last."""
        return self._list(child_id, SCHOOLING)

    @needs(Right.SEE_CHILDREN, reads="child")
    def health(self, child_id: int) -> tuple[HealthItem, ...]:
        """Conditions and disabilities."""
        return self._list(child_id, HEALTH)

    @needs(Right.SEE_CHILDREN, reads="child")
    def benefits(self, child_id: int) -> tuple[Benefit, ...]:
        """What the child has or asks for; a counsellor has no need to know."""
        return self._list(child_id, BENEFITS)

    @needs(Right.SEE_CHILDREN, reads="child")
    def categories(self, child_id: int) -> tuple[ChildCategory, ...]:
        """Open and ended categories."""
        return self._list(child_id, CATEGORIES)

    @needs(Right.SEE_CHILDREN, reads="child")
    def risk_levels(self, child_id: int) -> tuple[RiskLevel, ...]:
        """The history of the level, the present one last."""
        return self._list(child_id, LEVELS)

    @needs(Right.SEE_CHILDREN, reads="child")
    def assessments(self, child_id: int) -> tuple[Assessment, ...]:
        """What was assessed, the latest last."""
        return self._list(child_id, ASSESSMENTS)

    @needs(Right.SEE_CHILDREN, reads="child")
    def consents(self, child_id: int) -> tuple[Consent, ...]:
        """Who agreed to what."""
        return self._list(child_id, CONSENTS)

    @needs(Right.SEE_CHILDREN, reads="child")
    def delegated_care(self, child_id: int) -> tuple[DelegatedCare, ...]:
        """Who was put in the parents' place."""
        return self._list(child_id, CARE)

    @needs(Right.SEE_CHILDREN, reads="child")
    def child_needs(self, child_id: int) -> tuple[ChildNeed, ...]:
        """What the child needs."""
        return self._list(child_id, NEEDS)

    def _list(self, child_id: int, what: tuple[type[R], Any, Any], *, masked: bool = False) -> tuple[R, ...]:
        with self._database.read() as session:
            return self._visible(session, child_row(session, self._actor, child_id), what, masked=masked)

    def _visible(
        self, session: Session, row: Any, what: tuple[type[R], Any, Any], *, masked: bool = False
    ) -> tuple[R, ...]:
        """The lines of one list that the person may see."""
        if not is_open(self._actor, row, Level.L3) and not (masked and self._actor.sees(Level.L3) is Reach.MASKED):
            return ()
        return self._told(row, what, lines(session, row.id, what))

    def _told(self, row: Any, what: tuple[type[R], Any, Any], kept: Iterable[R]) -> tuple[R, ...]:
        """Of the lines of one list those that may be told to a person the file is open to."""
        if what is BENEFITS and self._actor.role is Role.COUNSELLOR:
            return ()
        whole = is_open(self._actor, row, Level.L4)
        return tuple(line for line in kept if whole or not getattr(line, "restricted", False))


def lines(session: Session, child_id: int, what: tuple[type[R], Any, Any]) -> tuple[R, ...]:
    """The kept lines of one list, whoever may see them."""
    record, table, order = what
    kept = select(table).where(table.child_id == child_id, table.deleted_at.is_(None)).order_by(order, table.id)
    return tuple(record_of(record, row) for row in session.scalars(kept))
