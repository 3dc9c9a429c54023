"""Coming into stock and leaving it: the stretches every stock figure is counted from."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stationdesk.db.children_models import EnrolmentTable
from stationdesk.db.children_scope import child_row, is_open, writable_row
from stationdesk.db.children_search import ChildFinder, all_enrolments
from stationdesk.db.stores import load_row, needs, remove, save
from stationdesk.errors import Denied, Missing, Problem, Refused
from stationdesk.fields import Level, check
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.ages import birth_problems
from stationdesk.records.children import ChildStatus, RecordLevel
from stationdesk.records.enrolments import Enrolment, ExitReason, future_problems, overlap_problems


class ChildStockStore(ChildFinder):
    """Stretches in stock."""

    @needs(Right.SEE_CHILDREN)
    def enrolments(self, child_id: int) -> tuple[Enrolment, ...]:
        """The stretches in stock of a child whose file is open to the person; raises `Missing`."""
        with self._database.read() as session:
            row = child_row(session, self._actor, child_id)
            return all_enrolments(session, child_id) if is_open(self._actor, row, Level.L3) else ()

    @needs(Right.EDIT_CHILDREN)
    def save_enrolment(self, enrolment: Enrolment) -> int:
        """Take a child into stock again, or correct a stretch; one with an exit takes the right to
        approve it. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        with self._database.write() as session:
            row = writable_row(session, self._actor, enrolment.child_id)
            if row.record_level is RecordLevel.LIGHT:
                raise Refused(Problem("entered_on", N_("活动登记的孩子不在册，请先补全一人一档。")))
            old = _stretch(session, enrolment)
            touched = enrolment.left_on is not None or (old is not None and old.left_on is not None)
            if touched and not self._actor.may(Right.APPROVE_CHILDREN):
                raise Denied
            if enrolment.left_on is not None:
                same = old is not None and (old.left_on, old.exit_reason) == (enrolment.left_on, enrolment.exit_reason)
                enrolment = replace(enrolment, approved_by=old.approved_by if same else self._actor.staff_id)
            return self._keep(session, row, enrolment)

    @needs(Right.APPROVE_CHILDREN)
    def leave(self, child_id: int, left_on: date, reason: ExitReason, note: str = "") -> int:
        """End the open stretch of a child, approved by who does it. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            row = writable_row(session, self._actor, child_id)
            held = next((e for e in all_enrolments(session, child_id) if e.left_on is None), None)
            if held is None:
                raise Refused(Problem("left_on", N_("这个孩子不在册，不用再办理减员。")))
            ended = replace(held, left_on=left_on, exit_reason=reason, exit_note=note or None)
            return self._keep(session, row, replace(ended, approved_by=self._actor.staff_id))

    @needs(Right.APPROVE_CHILDREN)
    def remove_enrolment(self, enrolment_id: int) -> None:
        """Take out a stretch that was entered by mistake; raises `Missing`."""
        with self._database.write() as session:
            kept = load_row(session, EnrolmentTable, enrolment_id)
            row = writable_row(session, self._actor, kept.child_id)
            remove(session, EnrolmentTable, enrolment_id, self._stamp())
            session.flush()
            set_status(session, row, self._stamp())

    def _keep(self, session: Session, row: Any, enrolment: Enrolment) -> int:
        today = self._today()
        Refused.over(
            (
                *check(enrolment),
                *enrolment.problems(),
                *future_problems(enrolment, today),
                *overlap_problems(enrolment, all_enrolments(session, row.id)),
                *birth_problems(row.birth_date, enrolment.entered_on, today),
            )
        )
        kept = save(session, EnrolmentTable, enrolment, self._stamp())
        set_status(session, row, self._stamp())
        return kept


def set_status(session: Session, row: Any, stamp: tuple[str, str]) -> None:
    """The status that follows from the stretches; they alone say who is in stock."""
    stretches = all_enrolments(session, row.id)
    if row.record_level is RecordLevel.LIGHT:
        row.status = ChildStatus.LIGHT
    elif any(e.left_on is None for e in stretches):
        row.status = ChildStatus.ACTIVE
    elif any(e.exit_reason is ExitReason.DECEASED for e in stretches):
        row.status = ChildStatus.DECEASED
    else:
        row.status = ChildStatus.EXITED
    if session.is_modified(row):
        row.updated_at, row.updated_by = stamp


def _stretch(session: Session, enrolment: Enrolment) -> Any:
    """The stored row of a stretch that is changed; it stays with its child."""
    if enrolment.id is None:
        return None
    row = load_row(session, EnrolmentTable, enrolment.id)
    if row.child_id != enrolment.child_id:
        raise Missing
    return row
