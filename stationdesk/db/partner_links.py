"""Which partners have a share in an activity or in work entered by hand."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import PartnerLinkTable, PartnerTable
from stationdesk.db.stores import load_row, remove, save
from stationdesk.records.partners import PartnerLink


def _of(activity_id: int | None, joint_work_id: int | None) -> ColumnElement[bool]:
    table = PartnerLinkTable
    named = table.activity_id == activity_id if activity_id is not None else table.joint_work_id == joint_work_id
    return named & table.deleted_at.is_(None)


def linked_to(session: Session, *, activity_id: int | None = None, joint_work_id: int | None = None) -> tuple[int, ...]:
    """The partners of one activity or one piece of work."""
    table = PartnerLinkTable
    return tuple(session.scalars(select(table.partner_id).where(_of(activity_id, joint_work_id)).order_by(table.id)))


def link_partners(
    session: Session,
    stamp: tuple[str, str],
    partner_ids: Iterable[int],
    *,
    activity_id: int | None = None,
    joint_work_id: int | None = None,
) -> None:
    """Make these the partners, and no others; raises `Missing`."""
    wanted = tuple(dict.fromkeys(partner_ids))
    table = PartnerLinkTable
    there = dict(
        session.execute(select(table.partner_id, table.id).where(_of(activity_id, joint_work_id))).tuples().all()
    )
    for partner_id, link_id in there.items():
        if partner_id not in wanted:
            remove(session, table, link_id, stamp)
    for partner_id in wanted:
        if partner_id not in there:
            load_row(session, PartnerTable, partner_id)
            link = PartnerLink(partner_id=partner_id, activity_id=activity_id, joint_work_id=joint_work_id)
            save(session, table, link, stamp)
