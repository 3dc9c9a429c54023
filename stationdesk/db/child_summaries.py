"""The facts of block B, selected from the children's files."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.db.children_models import (
    BenefitTable,
    ChildCategoryTable,
    ChildMergeTable,
    ChildTable,
    EnrolmentTable,
    RiskLevelTable,
)
from stationdesk.db.children_scope import visible_ids
from stationdesk.db.stores import record_of
from stationdesk.fields import Level
from stationdesk.records.access import Actor, Reach
from stationdesk.records.ages import ADULT, birthday
from stationdesk.records.benefits import BenefitState
from stationdesk.records.calendar import Period
from stationdesk.records.categories import ChildCategory, RiskLevel
from stationdesk.records.child_figures import ChildFacts, ChildPerson
from stationdesk.records.counting import Membership, stock


def child_facts(session: Session, actor: Actor, chosen: Period) -> ChildFacts:
    """What block B of a period is counted from, with no child behind a figure whom `actor` may not see."""
    table = EnrolmentTable
    query = select(table.child_id, table.entered_on, table.left_on, table.exit_reason).where(
        table.deleted_at.is_(None), table.entered_on <= chosen.last
    )
    stretches = tuple(
        (Membership(child_id, entered, left), reason) for child_id, entered, left, reason in session.execute(query)
    )
    return ChildFacts(
        stretches=stretches,
        persons=_persons(session, stock((m for m, _reason in stretches), chosen.last)),
        light=_light(session, chosen.last),
        over_age=_over_age(session),
        restricted_hidden=actor.sees(Level.L4) is not Reach.ALL,
        known=visible_ids(session, actor, Level.L2),
        opened=visible_ids(session, actor, Level.L3),
    )


def first_file_on(session: Session) -> date | None:
    """The day the first child was registered, or came into stock before the program was there."""
    registered = session.scalar(select(func.min(ChildTable.created_at)))
    table = EnrolmentTable
    entered = session.scalar(select(func.min(table.entered_on)).where(table.deleted_at.is_(None)))
    days = [date.fromisoformat(registered[:10])] if registered else []
    return min(days + ([entered] if entered else []), default=None)


def _persons(session: Session, ids: Iterable[int]) -> dict[int, ChildPerson]:
    """A stretch that stayed with a merged file counts as what the file it went into says by now: that
    is where its categories and levels went."""
    table = ChildTable
    query = select(table.id, table.sex, table.birth_date, table.merged_into_id).where(table.id.in_(list(ids)))
    found = session.execute(query).all()
    files = [number for row in found for number in (row.id, row.merged_into_id) if number is not None]
    categories = _by_child(session, ChildCategory, ChildCategoryTable, files)
    levels = _by_child(session, RiskLevel, RiskLevelTable, files)
    return {
        row.id: ChildPerson(
            row.sex,
            row.birth_date,
            (*categories[row.id], *categories[row.merged_into_id]),
            (*levels[row.id], *levels[row.merged_into_id]),
        )
        for row in found
    }


def _by_child(session: Session, record: Any, table: Any, ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    # Plain rows: thousands of objects that nobody changes would take twice as long.
    query = select(table.__table__).where(table.child_id.in_(ids), table.deleted_at.is_(None)).order_by(table.id)
    for row in session.execute(query):
        found[row.child_id].append(record_of(record, cast(Any, row)))
    return found


def _light(session: Session, last: date) -> tuple[Membership, ...]:
    """From the day of registration until the child came into stock or its file was merged."""
    first = dict(
        session.execute(
            select(EnrolmentTable.child_id, func.min(EnrolmentTable.entered_on))
            .where(EnrolmentTable.deleted_at.is_(None))
            .group_by(EnrolmentTable.child_id)
        )
        .tuples()
        .all()
    )
    merged = dict(
        session.execute(
            select(ChildMergeTable.dropped_id, ChildMergeTable.merged_on).where(ChildMergeTable.undone.is_(False))
        )
        .tuples()
        .all()
    )
    found = []
    for number, created in session.execute(
        select(ChildTable.id, ChildTable.created_at).where(ChildTable.deleted_at.is_(None))
    ):
        begun = date.fromisoformat(created[:10])
        ends = [day for day in (first.get(number), merged.get(number)) if day is not None]
        if begun <= last and not (ends and min(ends) <= begun):
            found.append(Membership(number, begun, min(ends, default=None)))
    return tuple(found)


def _over_age(session: Session) -> tuple[Membership, ...]:
    """Living subsidies that go on after the eighteenth birthday, from that day on."""
    table = BenefitTable
    query = (
        select(table.child_id, table.since, table.until, ChildTable.birth_date)
        .join(ChildTable, ChildTable.id == table.child_id)
        .where(table.deleted_at.is_(None), table.state == BenefitState.OVERAGE_CONT)
    )
    return tuple(
        Membership(child_id, max(since, birthday(birth, ADULT)), until)
        for child_id, since, until, birth in session.execute(query)
        if birth is not None
    )
