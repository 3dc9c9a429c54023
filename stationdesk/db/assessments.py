"""Assessments of a child: saved beside what the rules propose, with the level of risk that follows."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from stationdesk.db.child_files import ChildFileStore, refuse
from stationdesk.db.child_lists import ASSESSMENTS, CATEGORIES, FAMILY, LEVELS, SCHOOLING, lines
from stationdesk.db.children_models import AssessmentTable, ChildTable, EnrolmentTable, RiskLevelTable
from stationdesk.db.children_scope import alive, reached, writable_row
from stationdesk.db.stores import load_row, needs, record_of, save
from stationdesk.errors import Denied, Problem
from stationdesk.fields import Level
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.ages import age_on
from stationdesk.records.assessments import (
    Assessment,
    AssessmentDue,
    Proposed,
    Reassessment,
    approval_problem,
    is_latest,
    level_line,
    propose,
    reason_problems,
    reassessments,
)
from stationdesk.records.categories import Circumstances, Suggestion, colour_on, risk_suggestions
from stationdesk.records.children import RecordLevel
from stationdesk.records.families import has_carer, has_kin_carer
from stationdesk.records.schooling import is_out_of_school


class AssessmentStore(ChildFileStore):
    """Assessing, and what falls due by it."""

    @needs(Right.EDIT_CHILDREN)
    def save_assessment(self, assessment: Assessment) -> int:
        """Add or change one assessment. The latest of risk adds a line to the history of the level. A
        level milder than proposed or than the present one takes a reason and the right to approve; who
        has it has thereby reviewed it. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        with self._database.write() as session:
            row = self._writable(session, assessment, AssessmentTable)
            kept = lines(session, row.id, ASSESSMENTS)
            old = next((other for other in kept if other.uuid == assessment.uuid), None)
            # What was answered before is not judged anew by what is known today.
            judged = old is None or _answered(old) != _answered(assessment)
            proposed = propose(assessment.items, self._triggers(session, row)) if judged else Proposed()
            refuse(assessment, reason_problems(assessment, proposed), _not_to_come(assessment, self._today()))
            history = lines(session, row.id, LEVELS)
            line = None
            if is_latest(assessment, kept):
                line = level_line(assessment, history, self._clock(), self._actor.staff_id)
            before = colour_on(history, self._today()) if line is not None else None
            problem = approval_problem(assessment, proposed, before)
            approves = self._actor.may(Right.APPROVE_CHILDREN)
            if problem is not None and not approves:
                raise Denied(problem)
            # Who may not approve cannot change under somebody else's review.
            reviewed = old.reviewed_by if old is not None and (approves or not judged) else None
            assessment = replace(assessment, reviewed_by=self._actor.staff_id if problem else reviewed)
            if line is not None:
                save(session, RiskLevelTable, line, self._stamp())
            return save(session, AssessmentTable, assessment, self._stamp())

    @needs(Right.APPROVE_CHILDREN)
    def review_assessment(self, assessment_id: int) -> None:
        """Put one's name under an assessment; raises `Missing`, `Denied`."""
        with self._database.write() as session:
            row = load_row(session, AssessmentTable, assessment_id)
            writable_row(session, self._actor, row.child_id)
            reviewed = replace(record_of(Assessment, row), reviewed_by=self._actor.staff_id)
            save(session, AssessmentTable, reviewed, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def remove_assessment(self, assessment_id: int) -> None:
        """Take out an assessment entered by mistake; the history of the level keeps its line. Raises
        `Missing`, `Denied`."""
        self._remove(assessment_id, AssessmentTable)

    @needs(Right.SEE_CHILDREN)
    def assessments_due(self) -> tuple[AssessmentDue, ...]:
        """Which children in stock whose files are open to the person are to be assessed again, the most
        urgent first."""
        with self._database.read() as session:
            found = sorted(self._all_due(session), key=lambda one: (one.due.on, one.child_id))
        return tuple(found)

    def _all_due(self, session: Session) -> Iterator[AssessmentDue]:
        today = self._today()
        query = (
            select(ChildTable.id, ChildTable.name)
            .join(EnrolmentTable, EnrolmentTable.child_id == ChildTable.id)
            .where(alive(), reached(self._actor, Level.L3))
            .where(EnrolmentTable.deleted_at.is_(None), EnrolmentTable.left_on.is_(None))
        )
        assessed, rated = _of_all(session, ASSESSMENTS), _of_all(session, LEVELS, _last_rated())
        for child_id, name in session.execute(query):
            for due in reassessments(assessed.get(child_id, []), rated.get(child_id, []), today):
                yield AssessmentDue(child_id=child_id, name=name, due=due)

    def _to_assess(self, session: Session, row: Any) -> tuple[Reassessment, ...]:
        """What of one child in stock is to be assessed again, as far as the person sees it."""
        open_now = select(EnrolmentTable.id).where(
            EnrolmentTable.child_id == row.id, EnrolmentTable.deleted_at.is_(None), EnrolmentTable.left_on.is_(None)
        )
        if session.scalar(open_now) is None:
            return ()
        assessed = self._visible(session, row, ASSESSMENTS)
        return tuple(reassessments(assessed, self._visible(session, row, LEVELS), self._today()))

    def _triggers(self, session: Session, row: Any) -> tuple[Suggestion, ...]:
        """What the facts ask of the level of risk, as far as the person sees the categories. A light
        registration asks nothing of the family: what is not known there is no danger."""
        if row.record_level is not RecordLevel.FULL:
            return ()
        today = self._today()
        held = [item for item in self._visible(session, row, CATEGORIES) if item.is_open_on(today)]
        family = lines(session, row.id, FAMILY)
        found = Circumstances(
            categories=[item.category for item in held],
            improper=[kind for item in held for kind in item.improper_kinds],
            age=age_on(row.birth_date, today) if row.birth_date else None,
            has_carer=has_carer(family),
            has_kin_carer=has_kin_carer(family, today),
            dropped_out=is_out_of_school(lines(session, row.id, SCHOOLING), today) is not None,
        )
        return risk_suggestions(found)


def _answered(assessment: Assessment) -> tuple[object, ...]:
    return assessment.items, assessment.score, assessment.level


def _not_to_come(assessment: Assessment, today: date) -> Iterator[Problem]:
    if assessment.assessed_on > today:
        yield Problem("assessed_on", N_("评估日期还没有到，请改正。"))


def _last_rated() -> ColumnElement[bool]:
    """Of the history of a level only how it ends."""
    later = aliased(RiskLevelTable)
    found = select(later.id).where(later.child_id == RiskLevelTable.child_id, later.rated_at > RiskLevelTable.rated_at)
    return ~found.exists()


def _of_all(session: Session, what: Any, *narrowed: ColumnElement[bool]) -> dict[int, list[Any]]:
    """The kept lines of one list of all children in stock, by child."""
    record, table, order = what
    stock = select(EnrolmentTable.child_id).where(EnrolmentTable.deleted_at.is_(None), EnrolmentTable.left_on.is_(None))
    columns = [getattr(table, item.name) for item in fields(record)]
    kept = select(*columns).where(table.child_id.in_(stock), table.deleted_at.is_(None), *narrowed)
    found: dict[int, list[Any]] = {}
    for row in session.execute(kept.order_by(order, table.id)).mappings():
        found.setdefault(row["child_id"], []).append(record(**row))
    return found
