"""Writing in a child's file: each list has its own way in, and its own rules against the others."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.child_lists import CATEGORIES, FAMILY, LEVELS, ChildListStore, lines
from stationdesk.db.children_models import (
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
from stationdesk.db.children_scope import writable_row
from stationdesk.db.stores import load_row, needs, record_of, remove, save
from stationdesk.errors import Denied, Missing, Problem, Refused
from stationdesk.fields import check
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.benefits import Benefit
from stationdesk.records.care import ChildNeed, DelegatedCare, carer_problems
from stationdesk.records.categories import Category, ChildCategory, RiskLevel, colour_on, is_lowered, together_problems
from stationdesk.records.consents import Consent, consent_problems
from stationdesk.records.families import FamilyMember, family_problems, member_problems
from stationdesk.records.health import HealthItem, certificate_problems
from stationdesk.records.ids import tidy_id
from stationdesk.records.people import tidy_name
from stationdesk.records.schooling import Schooling

_REFERRED = N_("知情同意或委托照护里还用到这个人，不能删除。")

_REFERRING: tuple[tuple[Any, Any], ...] = (
    (ConsentTable, ConsentTable.given_by),
    (DelegatedCareTable, DelegatedCareTable.carer_id),
)


class ChildFileStore(ChildListStore):
    """The lists inside a file, to write in: by those the file is open to as their own work."""

    @needs(Right.EDIT_CHILDREN)
    def save_family(self, member: FamilyMember) -> int:
        """Add or change one member. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        name = tidy_name(member.name) if member.name else None
        member = replace(member, name=name, id_no=tidy_id(member.id_no) if member.id_no else None)
        with self._database.write() as session:
            row = self._writable(session, member, FamilyMemberTable)
            others = lines(session, row.id, FAMILY)
            refuse(
                member,
                family_problems(member, others),
                member_problems(member, row.birth_date, row.id_no, self._today()),
            )
            _refuse_losing_parent(member, others)
            return save(session, FamilyMemberTable, member, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def remove_family(self, member_id: int) -> None:
        """Take one member out; father and mother always stay. Raises `Refused`, `Missing`, `Denied`."""
        with self._database.write() as session:
            row = load_row(session, FamilyMemberTable, member_id)
            writable_row(session, self._actor, row.child_id)
            if record_of(FamilyMember, row).is_parent:
                raise Refused(Problem("", N_("父亲和母亲总要留在档案里，不清楚的请把状况改为“不详”。")))
            for table, column in _REFERRING:
                used = select(table.id).where(column == member_id, table.deleted_at.is_(None))
                if session.scalar(used) is not None:
                    raise Refused(Problem("", _REFERRED))
            remove(session, FamilyMemberTable, member_id, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def save_schooling(self, schooling: Schooling) -> int:
        """Add or change one stretch. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        return self._save(schooling, SchoolingTable)

    @needs(Right.EDIT_CHILDREN)
    def remove_schooling(self, schooling_id: int) -> None:
        """Take one stretch out; raises `Missing`, `Denied`."""
        self._remove(schooling_id, SchoolingTable)

    @needs(Right.EDIT_CHILDREN)
    def save_health(self, item: HealthItem) -> int:
        """Add or change one condition. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        item = replace(item, cert_no=tidy_id(item.cert_no) if item.cert_no else None)
        with self._database.write() as session:
            row = self._writable(session, item, HealthItemTable)
            refuse(item, certificate_problems(item, row.id_no))
            return save(session, HealthItemTable, item, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def remove_health(self, item_id: int) -> None:
        """Take one condition out; raises `Missing`, `Denied`."""
        self._remove(item_id, HealthItemTable)

    @needs(Right.EDIT_CHILDREN)
    def save_benefit(self, benefit: Benefit) -> int:
        """Add or change one benefit. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        return self._save(benefit, BenefitTable)

    @needs(Right.EDIT_CHILDREN)
    def remove_benefit(self, benefit_id: int) -> None:
        """Take one benefit out; raises `Missing`, `Denied`."""
        self._remove(benefit_id, BenefitTable)

    @needs(Right.EDIT_CHILDREN)
    def save_category(self, category: ChildCategory) -> int:
        """Add or change one category; where none is primary, the weightiest open one becomes it. Raises
        `Refused`, `Conflict`, `Missing`, `Denied`."""
        with self._database.write() as session:
            row = self._writable(session, category, ChildCategoryTable)
            others = lines(session, row.id, CATEGORIES)
            category = _reopened(category, others)
            refuse(category, together_problems(category, others), _not_to_come(category, self._today()))
            kept = save(session, ChildCategoryTable, category, self._stamp())
            _keep_a_primary(session, row.id)
            return kept

    @needs(Right.EDIT_CHILDREN)
    def make_primary(self, category_id: int) -> None:
        """Make an open category the primary one in place of the other. Raises `Refused`, `Missing`,
        `Denied`."""
        with self._database.write() as session:
            kept = load_row(session, ChildCategoryTable, category_id)
            self._writable(session, record_of(ChildCategory, kept), ChildCategoryTable)
            if not record_of(ChildCategory, kept).is_open_on(self._today()):
                raise Refused(Problem("is_primary", N_("已经终止的类别不能作为主要类别。")))
            table = ChildCategoryTable
            # Those that ended stay what they were: earlier months are counted by them.
            others = select(table).where(
                table.child_id == kept.child_id, table.deleted_at.is_(None), table.until.is_(None), table.is_primary
            )
            for other in session.scalars(others):
                other.is_primary = other.id == category_id
            kept.is_primary = True

    @needs(Right.EDIT_CHILDREN)
    def remove_category(self, category_id: int) -> None:
        """Take out a category entered by mistake; raises `Missing`, `Denied`."""
        with self._database.write() as session:
            kept = load_row(session, ChildCategoryTable, category_id)
            row = writable_row(session, self._actor, kept.child_id)
            remove(session, ChildCategoryTable, category_id, self._stamp())
            session.flush()
            _keep_a_primary(session, row.id)

    @needs(Right.EDIT_CHILDREN)
    def rate(self, level: RiskLevel) -> int:
        """Add a line to the history of the level, now and by this person. A milder level takes the
        right to approve. Raises `Refused`, `Missing`, `Denied`."""
        level = replace(level, id=None, version=0, rated_at=self._clock(), rated_by=self._actor.staff_id)
        level = replace(level, assessment_uuid=None)
        with self._database.write() as session:
            row = writable_row(session, self._actor, level.child_id)
            before = colour_on(lines(session, row.id, LEVELS), self._today())
            refuse(level)
            if is_lowered(level.colour, before) and not self._actor.may(Right.APPROVE_CHILDREN):
                text = N_("降低风险等级须由站长或儿童督导员评定，请报请审批。")
                raise Denied(Problem("colour", text))
            return save(session, RiskLevelTable, level, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def save_consent(self, consent: Consent) -> int:
        """Add or change one consent. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        with self._database.write() as session:
            row = self._writable(session, consent, ConsentTable)
            giver = _member(session, consent.given_by)
            refuse(consent, consent_problems(consent, row.birth_date, giver, self._today()))
            return save(session, ConsentTable, consent, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def remove_consent(self, consent_id: int) -> None:
        """Take out a consent entered by mistake; raises `Missing`, `Denied`."""
        self._remove(consent_id, ConsentTable)

    @needs(Right.EDIT_CHILDREN)
    def save_care(self, care: DelegatedCare) -> int:
        """Add or change one delegation. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        with self._database.write() as session:
            self._writable(session, care, DelegatedCareTable)
            refuse(care, carer_problems(care, _member(session, care.carer_id)))
            return save(session, DelegatedCareTable, care, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def remove_care(self, care_id: int) -> None:
        """Take one delegation out; raises `Missing`, `Denied`."""
        self._remove(care_id, DelegatedCareTable)

    @needs(Right.EDIT_CHILDREN)
    def save_need(self, need: ChildNeed) -> int:
        """Add or change one need. Raises `Refused`, `Conflict`, `Missing`, `Denied`."""
        return self._save(need, ChildNeedTable)

    @needs(Right.EDIT_CHILDREN)
    def remove_need(self, need_id: int) -> None:
        """Take one need out; raises `Missing`, `Denied`."""
        self._remove(need_id, ChildNeedTable)

    # --- shared ----------------------------------------------------------------------------------

    def _today(self) -> date:
        return self._clock().date()

    def _save(self, record: Any, table: Any) -> int:
        with self._database.write() as session:
            self._writable(session, record, table)
            refuse(record)
            return save(session, table, record, self._stamp())

    def _remove(self, record_id: int, table: Any) -> None:
        with self._database.write() as session:
            kept = load_row(session, table, record_id)
            writable_row(session, self._actor, kept.child_id)
            remove(session, table, record_id, self._stamp())

    def _writable(self, session: Session, record: Any, table: Any) -> Any:
        """The row of the child a line belongs to; a stored line stays with its child."""
        row = writable_row(session, self._actor, record.child_id)
        if record.id is not None and load_row(session, table, record.id).child_id != record.child_id:
            raise Missing
        return row


def _member(session: Session, member_id: int | None) -> FamilyMember | None:
    row = session.get(FamilyMemberTable, member_id) if member_id is not None else None
    return record_of(FamilyMember, row) if row is not None and row.deleted_at is None else None


def refuse(record: Any, *more: Iterable[Problem]) -> None:
    """Raise `Refused` with all that is wrong with a line, alone and beside the others."""
    own = getattr(record, "problems", None)
    Refused.over((*check(record), *(own() if own else ()), *(problem for found in more for problem in found)))


def _refuse_losing_parent(member: FamilyMember, others: Iterable[FamilyMember]) -> None:
    """The father and the mother of a file stay what they are."""
    old = next((o for o in others if o.id == member.id), None)
    if old is not None and old.is_parent and old.relation != member.relation:
        raise Refused(Problem("relation", N_("父亲和母亲的记录不能改成其他关系，请另外添加成员。")))


def _not_to_come(category: ChildCategory, today: date) -> Iterable[Problem]:
    if category.since > today:
        yield Problem("since", N_("起始日期还没有到，请改正。"))
    if category.until is not None and category.until > today:
        yield Problem("until", N_("终止日期还没有到，请到时再填。"))


def _reopened(category: ChildCategory, others: Iterable[ChildCategory]) -> ChildCategory:
    """One that was primary until it ended does not come back as such beside its successor."""
    again = category.until is None and any(o.id == category.id and o.until is not None for o in others)
    followed = any(o.id != category.id and o.is_primary and o.until is None for o in others)
    return replace(category, is_primary=False) if again and followed else category


def _keep_a_primary(session: Session, child_id: int) -> None:
    """Of the open categories one is always the primary: when that ended or went, the weightiest."""
    table = ChildCategoryTable
    query = select(table).where(table.child_id == child_id, table.deleted_at.is_(None), table.until.is_(None))
    held = sorted(session.scalars(query), key=lambda row: list(Category).index(row.category))
    if held and not any(row.is_primary for row in held):
        held[0].is_primary = True
