"""What a child's file amounts to: its timeline, what its facts speak for, and what falls due by age."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivitySessionTable, ActivityTable, PhotoChildTable, SessionPhotoTable
from stationdesk.db.child_lists import (
    BENEFITS,
    CARE,
    CATEGORIES,
    CONSENTS,
    FAMILY,
    HEALTH,
    LEVELS,
    lines,
)
from stationdesk.db.child_prints import STRETCHES, ChildPrintStore, by_child
from stationdesk.db.children_models import ChildTable, EnrolmentTable, HouseholdTable
from stationdesk.db.children_scope import alive, child_row, is_open, reached
from stationdesk.db.children_search import all_enrolments
from stationdesk.db.stores import load, needs, record_of
from stationdesk.fields import Level
from stationdesk.records.access import Right, Role
from stationdesk.records.ages import age_proposals
from stationdesk.records.benefits import benefit_hints
from stationdesk.records.care import unsigned
from stationdesk.records.child_quality import WholeFile, gaps
from stationdesk.records.child_reviews import ChildDue, ChildHints, TimelineRow
from stationdesk.records.children import Child
from stationdesk.records.consents import ConsentKind, lapsed
from stationdesk.records.families import Household, ending_terms, unattended_hint


class ChildReviewStore(ChildPrintStore):
    """The file looked at as a whole."""

    @needs(Right.SEE_CHILDREN, reads="child")
    def timeline(self, child_id: int) -> tuple[TimelineRow, ...]:
        """All that the file has so far and the person may see, the latest first; raises `Missing`."""
        with self._database.read() as session:
            row = child_row(session, self._actor, child_id)
            return self._seen(session, row).timeline() if is_open(self._actor, row, Level.L3) else ()

    @needs(Right.SEE_CHILDREN)
    def hints(self, child_id: int) -> ChildHints:
        """What the facts of the file speak for: risk level, benefits, the parents' states, ages, each
        with its reason; nothing of it is decided. Raises `Missing`."""
        with self._database.read() as session:
            row = child_row(session, self._actor, child_id)
            return self._hints(session, row) if is_open(self._actor, row, Level.L3) else ChildHints()

    def _hints(self, session: Session, row: Any) -> ChildHints:
        today = self._clock().date()
        file = self._whole(session, row)
        benefits = self._visible(session, row, BENEFITS)
        categories = self._visible(session, row, CATEGORIES)
        ages = age_proposals(row.birth_date, categories, file.enrolments, benefits, today) if row.birth_date else ()
        ended = tuple(lapsed(lines(session, row.id, CONSENTS), row.birth_date, today))
        hints = ChildHints(
            risk=self._triggers(session, row),
            unattended=unattended_hint(file.family, today),
            ages=tuple(ages),
            terms=tuple((member.relation, left) for member, left in ending_terms(file.family, today)),
            unsigned=tuple(unsigned(lines(session, row.id, CARE), today)),
            lapsed=ended,
            pictured=_pictured(session, row.id) if ConsentKind.PHOTO_PUBLICITY in ended else (),
            assessments=self._to_assess(session, row),
            gaps=tuple(gaps(file, today)),
        )
        if self._actor.role is Role.COUNSELLOR:
            return hints
        poverty = file.household.poverty_kind if file.household else None
        return replace(hints, benefits=benefit_hints(categories, file.health, poverty, benefits, today))

    def _whole(self, session: Session, row: Any) -> WholeFile:
        """The file as its gaps are looked for: with all categories, for a gap where a restricted one
        is would tell of it; and with the conditions the person sees."""
        household = load(session, Household, HouseholdTable, row.household_id) if row.household_id else None
        return WholeFile(
            child=record_of(Child, row),
            family=lines(session, row.id, FAMILY),
            categories=lines(session, row.id, CATEGORIES),
            levels=lines(session, row.id, LEVELS),
            health=self._visible(session, row, HEALTH),
            enrolments=all_enrolments(session, row.id),
            household=household,
        )

    @needs(Right.SEE_CHILDREN)
    def due(self) -> tuple[ChildDue, ...]:
        """What birthdays ask for, of all children in stock whose files are open to the person, the
        most urgent first."""
        with self._database.read() as session:
            found = sorted(self._due(session), key=lambda due: (due.proposal.on, due.child_id))
        return tuple(found)

    def _due(self, session: Session) -> Iterator[ChildDue]:
        today = self._clock().date()
        # Nobody below fifteen has a birthday that changes anything.
        latest = date(today.year - 15, today.month, 1)
        query = (
            select(ChildTable)
            .join(EnrolmentTable, EnrolmentTable.child_id == ChildTable.id)
            .where(alive(), reached(self._actor, Level.L3), ChildTable.birth_date < latest)
            .where(EnrolmentTable.deleted_at.is_(None), EnrolmentTable.left_on.is_(None))
        )
        rows = session.scalars(query).all()
        ids = [row.id for row in rows]
        kept = {what: by_child(session, ids, what) for what in (CATEGORIES, BENEFITS, STRETCHES)}
        for row in rows:
            categories, benefits = (self._told(row, w, kept[w].get(row.id, ())) for w in (CATEGORIES, BENEFITS))
            stretches, birth = kept[STRETCHES].get(row.id, ()), row.birth_date or today
            for proposal in age_proposals(birth, categories, stretches, benefits, today):
                yield ChildDue(child_id=row.id, file_no=row.file_no or "", name=row.name, proposal=proposal)


def _pictured(session: Session, child_id: int) -> tuple[tuple[date, str, int], ...]:
    """The activities with photos of a child: day, title, how many."""
    held, link, photo = ActivitySessionTable, PhotoChildTable, SessionPhotoTable
    query = (
        select(held.start, ActivityTable.title, func.count(photo.id.distinct()))
        .join(ActivityTable, ActivityTable.id == held.activity_id)
        .join(photo, photo.session_id == held.id)
        .join(link, link.photo_id == photo.id)
        .where(link.child_id == child_id, link.deleted_at.is_(None), photo.deleted_at.is_(None))
        .group_by(held.id)
        .order_by(held.start, held.id)
    )
    return tuple((start.date(), title, count) for start, title, count in session.execute(query))
