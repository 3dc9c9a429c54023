"""Partners: the list, whom to ask for, and what was done together."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    ActivityTable,
    JointWorkTable,
    PartnerContactTable,
    PartnerLinkTable,
    PartnerTable,
)
from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.partner_links import link_partners, linked_to
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, load, needs, record_of, remove, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.home import Due, partners_due
from stationdesk.records.partners import (
    AGREEMENT_DAYS,
    JointItem,
    JointSource,
    JointWork,
    Partner,
    PartnerContact,
    PartnerDue,
    PartnerQuery,
    PartnerRow,
    day_problems,
)
from stationdesk.records.people import tidy_name
from stationdesk.records.sessions import SessionStatus

_SORTS: dict[str, Any] = {
    "name": PartnerTable.name_key,
    "dept": PartnerTable.dept,
    "kind": PartnerTable.kind,
    "agreed_to": PartnerTable.agreed_to,
    "until": PartnerTable.until,
}


class PartnerStore(Store):
    """The departments and organisations; joint work follows from sessions, the rest is entered by hand."""

    def _is_mine(self, record: object) -> bool:
        # A colleague elsewhere is reached by whoever works with them.
        return isinstance(record, PartnerContact) and self._actor.may(Right.EDIT_PARTNERS)

    @needs(Right.SEE_PARTNERS, searches="partner")
    def find(self, query: PartnerQuery) -> "array[int]":
        """Ids of the partners looked for; words find a name by any part of it, its pinyin, its initials."""
        table = PartnerTable
        wanted = select(table.id).where(table.deleted_at.is_(None))
        if query.dept is not None:
            wanted = wanted.where(table.dept == query.dept)
        if not query.gone:
            wanted = wanted.where(table.until.is_(None) | (table.until > self._clock().date()))
        if query.words:
            wanted = wanted.where(table.words.contains(squeezed(query.words), autoescape=True))
        key = _SORTS.get(query.sort, table.name_key)
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if query.descending else key, table.id)))

    @needs(Right.SEE_PARTNERS)
    def rows(self, ids: Sequence[int]) -> tuple[PartnerRow, ...]:
        """The lines of these ids, in their order; joint work is that of the calendar year."""
        today = self._clock().date()
        with self._database.read() as session:
            items = joint_items(session, date(today.year, 1, 1), today)
            contacts = select(PartnerContactTable.partner_id, PartnerContactTable.name).where(
                PartnerContactTable.partner_id.in_(ids),
                PartnerContactTable.is_liaison,
                PartnerContactTable.deleted_at.is_(None),
            )
            liaisons = dict(session.execute(contacts.order_by(PartnerContactTable.id.desc())).tuples().all())
            kept = session.scalars(select(PartnerTable).where(PartnerTable.id.in_(ids)))
            found = {
                row.id: PartnerRow(
                    id=row.id,
                    name=row.name,
                    dept=row.dept,
                    kind=row.kind,
                    phone=row.phone,
                    liaison=liaisons.get(row.id),
                    agreed_to=row.agreed_to,
                    together=sum(row.id in partners for _id, _day, partners in items),
                    until=row.until,
                )
                for row in kept
            }
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_PARTNERS)
    def load(self, partner_id: int) -> Partner:
        """One partner; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Partner, PartnerTable, partner_id)

    @needs(Right.EDIT_PARTNERS)
    def save(self, partner: Partner) -> int:
        """Add or change one partner; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        partner = replace(partner, name=tidy_name(partner.name))
        verify(partner)
        with self._database.write() as session:
            table = PartnerTable
            same = select(table.id).where(
                table.name == partner.name, table.uuid != partner.uuid, table.deleted_at.is_(None)
            )
            if session.scalar(same) is not None:
                raise Refused(Problem("name", N_("已有同名的协作单位（也可能是停止合作的），请打开那一份再改。")))
            keys = {"name_key": name_key(partner.name), "words": search_words(partner.name)}
            return save(session, table, partner, self._stamp(), **keys)

    @needs(Right.SEE_PARTNERS, reads="partner")
    def contacts(self, partner_id: int) -> tuple[PartnerContact, ...]:
        """Whom to ask for there, the liaison first."""
        table = PartnerContactTable
        kept = select(table).where(table.partner_id == partner_id, table.deleted_at.is_(None))
        with self._database.read() as session:
            order = (table.is_liaison.desc(), table.id)
            return tuple(record_of(PartnerContact, row) for row in session.scalars(kept.order_by(*order)))

    @needs(Right.EDIT_PARTNERS)
    def save_contact(self, contact: PartnerContact) -> int:
        """Add or change one contact; returns the id. Raises `Refused`, `Conflict`, `Missing`."""
        contact = replace(contact, name=tidy_name(contact.name))
        with self._database.write() as session:
            load(session, Partner, PartnerTable, contact.partner_id)
            if contact.id is not None:
                old = load(session, PartnerContact, PartnerContactTable, contact.id)
                contact = replace(self._completed(old, contact), partner_id=old.partner_id)
            verify(contact)
            return save(session, PartnerContactTable, contact, self._stamp())

    @needs(Right.EDIT_PARTNERS)
    def remove_contact(self, contact_id: int) -> None:
        """Take one contact out; raises `Missing`."""
        with self._database.write() as session:
            remove(session, PartnerContactTable, contact_id, self._stamp())

    @needs(Right.SEE_PARTNERS)
    def find_joint(self, first: date, last: date, partner_id: int | None = None) -> "array[int]":
        """Ids of the joint work from `first` to `last` (both included), as `JointItem` numbers it."""
        with self._database.read() as session:
            items = joint_items(session, first, last)
        return array("q", (i for i, _day, partners in items if partner_id is None or partner_id in partners))

    @needs(Right.SEE_PARTNERS)
    def joint_rows(self, ids: Sequence[int]) -> tuple[JointItem, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            found = {item.id: item for item in (*_by_hand(session, ids), *_of_sessions(session, ids))}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_PARTNERS)
    def load_joint(self, joint_work_id: int) -> tuple[JointWork, tuple[int, ...]]:
        """One piece of work entered by hand, and with whom; raises `Missing`."""
        with self._database.read() as session:
            work = load(session, JointWork, JointWorkTable, joint_work_id)
            return work, linked_to(session, joint_work_id=joint_work_id)

    @needs(Right.EDIT_PARTNERS)
    def save_joint(self, work: JointWork, partner_ids: Sequence[int]) -> int:
        """Add or change one piece of work entered by hand; returns the id. Raises `Refused`, `Conflict`,
        `Missing`."""
        verify(work)
        if work.day > self._clock().date():
            raise Refused(Problem("day", N_("日期还没有到，请改正。")))
        if not partner_ids:
            raise Refused(Problem("partner_ids", N_("请至少选择一个协作单位。")))
        with self._database.write() as session:
            kept = select(PartnerTable).where(PartnerTable.id.in_(partner_ids))
            partners = [record_of(Partner, row) for row in session.scalars(kept.order_by(PartnerTable.id))]
            Refused.over(problem for one in partners for problem in day_problems(one, work.day))
            work_id = save(session, JointWorkTable, work, self._stamp())
            link_partners(session, self._stamp(), partner_ids, joint_work_id=work_id)
            return work_id

    @needs(Right.EDIT_PARTNERS)
    def remove_joint(self, joint_work_id: int) -> None:
        """Take out work entered by mistake; raises `Missing`."""
        with self._database.write() as session:
            remove(session, JointWorkTable, joint_work_id, self._stamp())

    @needs(Right.SEE_PARTNERS)
    def due(self) -> tuple[Due, ...]:
        """Agreements with those still worked with that run out within 30 days, or did so within 30 days; for
        those who look after the partners."""
        if not self._actor.may(Right.EDIT_PARTNERS):
            return ()
        table, today, window = PartnerTable, self._clock().date(), timedelta(days=AGREEMENT_DAYS)
        query = (
            select(table.id, table.name, table.agreed_to)
            .where(table.deleted_at.is_(None), table.until.is_(None) | (table.until > today))
            .where(table.agreed_to.between(today - window, today + window))
            .order_by(table.agreed_to, table.name_key, table.id)
        )
        with self._database.read() as session:
            found = [PartnerDue(partner_id=i, name=name, on=on) for i, name, on in session.execute(query) if on]
        return tuple(partners_due(found, today))


_Item = tuple[int, date, frozenset[int]]


def joint_items(session: Session, first: date, last: date) -> list[_Item]:
    """Number, day and partners of all joint work in a time, by day: closed sessions of activities held with
    somebody, and what was entered by hand."""
    links, held, work = PartnerLinkTable, ActivitySessionTable, JointWorkTable
    sessions = (
        select(-held.id, held.start, links.partner_id)
        .join(links, links.activity_id == held.activity_id)
        .where(held.status == SessionStatus.DONE, held.deleted_at.is_(None), links.deleted_at.is_(None))
        .where(held.start >= datetime.combine(first, time()), held.start <= datetime.combine(last, time.max))
    )
    by_hand = (
        select(work.id, work.day, links.partner_id)
        .join(links, links.joint_work_id == work.id)
        .where(work.deleted_at.is_(None), links.deleted_at.is_(None), work.day.between(first, last))
    )
    found: dict[int, tuple[date, set[int]]] = {}
    for number, at, partner_id in (*session.execute(sessions), *session.execute(by_hand)):
        day = at.date() if isinstance(at, datetime) else at
        found.setdefault(number, (day, set()))[1].add(partner_id)
    items = [(number, day, frozenset(partners)) for number, (day, partners) in found.items()]
    return sorted(items, key=lambda item: (item[1], item[0]))


def _by_hand(session: Session, ids: Sequence[int]) -> Iterable[JointItem]:
    table = JointWorkTable
    names = _names(session, PartnerLinkTable.joint_work_id, [i for i in ids if i > 0])
    for row in session.scalars(select(table).where(table.id.in_(names))):
        yield JointItem(
            id=row.id,
            day=row.day,
            matter=row.matter,
            partners="、".join(names[row.id]),
            result=row.result,
            source=JointSource.BY_HAND,
        )


def _of_sessions(session: Session, ids: Sequence[int]) -> Iterable[JointItem]:
    held = ActivitySessionTable
    query = (
        select(held.id, held.start, held.activity_id, ActivityTable.title)
        .join(ActivityTable, ActivityTable.id == held.activity_id)
        .where(held.id.in_([-i for i in ids if i < 0]))
    )
    found = session.execute(query).all()
    names = _names(session, PartnerLinkTable.activity_id, {row.activity_id for row in found})
    for number, start, activity_id, title in found:
        yield JointItem(
            id=-number,
            day=start.date(),
            matter=title,
            partners="、".join(names[activity_id]),
            result=None,
            source=JointSource.SESSION,
        )


def _names(session: Session, of: Any, ids: Collection[int]) -> dict[int, list[str]]:
    """The names of the partners by what they had a share in, by pinyin."""
    query = (
        select(of, PartnerTable.name)
        .join(PartnerTable, PartnerTable.id == PartnerLinkTable.partner_id)
        .where(of.in_(ids), PartnerLinkTable.deleted_at.is_(None))
        .order_by(PartnerTable.name_key, PartnerTable.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for number, name in session.execute(query):
        found[number].append(name)
    return found
