"""Which children a person may know of, and whose file is open to them: asked here by every query."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from stationdesk.db.children_models import ChildTable
from stationdesk.errors import Denied, Missing, Problem, Refused
from stationdesk.fields import Level
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Reach, reach
from stationdesk.records.children import ChildStatus, is_own, is_seen


def own(actor: Actor) -> ColumnElement[bool]:
    """The actor's own: of their caseload, or their clients; false, never unknown, for the others."""
    staff_id = actor.staff_id
    mine = (column.is_not_distinct_from(staff_id) for column in (ChildTable.worker_id, ChildTable.counsellor_id))
    return or_(*mine)


def seen(actor: Actor) -> ColumnElement[bool]:
    """The children `actor` may know of at all."""
    return reached(actor, Level.L2)


def reached(actor: Actor, level: Level) -> ColumnElement[bool]:
    """The children of whom `actor` sees `level` whole; who sees it masked can neither search nor
    filter by it, for that would unmask it."""
    found = actor.sees(level)
    if found is Reach.ALL:
        return true()
    return own(actor) if found is Reach.OWN else false()


def alive() -> ColumnElement[bool]:
    """Neither deleted nor merged into another file; asked of the status, for an index on who is merged
    into whom would be of no use here and yet be taken."""
    return ChildTable.deleted_at.is_(None) & (ChildTable.status != ChildStatus.MERGED)


def child_row(session: Session, actor: Actor, child_id: int) -> Any:
    """One child's row; one that may not be seen is as `Missing` as one that is not there."""
    row = session.get(ChildTable, child_id)
    if row is None or row.deleted_at is not None or not is_seen(row.worker_id, row.counsellor_id, actor):
        raise Missing
    return row


def living_row(session: Session, actor: Actor, child_id: int) -> Any:
    """One child's row, unless its file went into another, which is told."""
    row = child_row(session, actor, child_id)
    if row.status is ChildStatus.MERGED:
        kept = session.get_one(ChildTable, row.merged_into_id)
        text = N_("这份档案已经合并到{file_no}，请打开那一份再改。")
        raise Refused(Problem("", text, {"file_no": kept.file_no}))
    return row


def is_open(actor: Actor, row: Any, level: Level) -> bool:
    """Whether `actor` sees `level` of this child whole."""
    found = actor.sees(level)
    return found is Reach.ALL or (found is Reach.OWN and is_own(row.worker_id, row.counsellor_id, actor))


def writable_row(session: Session, actor: Actor, child_id: int) -> Any:
    """One child's row, to write in its file; emergency access opens it for reading only, and what is
    written in a merged file would be seen by nobody."""
    row = living_row(session, actor, child_id)
    usual = reach(actor.role, Level.L3)
    mine = usual is Reach.OWN and is_own(row.worker_id, row.counsellor_id, actor)
    if usual is not Reach.ALL and not mine:
        raise Denied
    return row


def visible_ids(session: Session, actor: Actor, level: Level) -> frozenset[int] | None:
    """The ids of the children of whom `actor` sees `level` whole; None for all of them."""
    if actor.sees(level) is Reach.ALL:
        return None
    return frozenset(session.scalars(select(ChildTable.id).where(reached(actor, level))))
