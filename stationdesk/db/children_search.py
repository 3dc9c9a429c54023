"""Finding children: as one types, by filters, by what another file has in common with this one."""

import re
from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from stationdesk.db.child_words import squeezed
from stationdesk.db.children_models import (
    ChildCategoryTable,
    ChildTable,
    EnrolmentTable,
    FamilyMemberTable,
    RiskLevelTable,
)
from stationdesk.db.children_scope import alive, child_row, is_open, reached, seen
from stationdesk.db.models import CommunityTable, StaffTable
from stationdesk.db.stores import Store, needs, record_of
from stationdesk.fields import Level
from stationdesk.records.access import Actor, Right
from stationdesk.records.ages import AgeBand, age_on, born_between
from stationdesk.records.categories import RESTRICTED, Category, ChildCategory, primary_on, shown_in_place
from stationdesk.records.children import (
    Child,
    ChildQuery,
    ChildRow,
    Duplicate,
    Likeness,
    Precision,
    is_own,
)
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import Household

_BANDS = {AgeBand.TO_5: (0, 5), AgeBand.TO_13: (6, 13), AgeBand.TO_15: (14, 15), AgeBand.FROM_16: (16, 99)}
_SORTS: dict[str, Any] = {
    "name": ChildTable.name_key,
    "file_no": ChildTable.file_no,
    "sex": ChildTable.sex,
    "community_name": CommunityTable.name_key,
    "worker_name": StaffTable.name_key,
    "record_level": ChildTable.record_level,
    "status": ChildTable.status,
}
_MOST_ALIKE = 20
# What a line needs of a file.
_SHOWN = (
    ChildTable.id,
    ChildTable.file_no,
    ChildTable.name,
    ChildTable.sex,
    ChildTable.birth_date,
    ChildTable.record_level,
    ChildTable.status,
    ChildTable.worker_id,
    ChildTable.counsellor_id,
)


class ChildFinder(Store):
    """Lists of children; nobody finds here what their role may not see."""

    def _is_mine(self, record: object) -> bool:
        if isinstance(record, Child):
            return is_own(record.worker_id, record.counsellor_id, self._actor)
        if isinstance(record, ChildRow):
            return record.own
        # Stretches and households are given out only of files found to be open.
        return isinstance(record, (Enrolment, Household))

    @needs(Right.SEE_CHILDREN, searches="child")
    def find(self, query: ChildQuery) -> "array[int]":
        """Ids of the children looked for, by pinyin of the name unless sorted otherwise."""
        wanted = _filtered(select(ChildTable.id).where(alive(), seen(self._actor)), query, self._actor, self._today())
        if query.sort == "community_name":
            wanted = wanted.outerjoin(CommunityTable, CommunityTable.id == ChildTable.community_id)
        elif query.sort == "worker_name":
            wanted = wanted.outerjoin(StaffTable, StaffTable.id == ChildTable.worker_id)
        key = _age(self._today()) if query.sort == "age" else _SORTS.get(query.sort, ChildTable.name_key)
        order = [key.desc() if query.descending else key, ChildTable.name_key, ChildTable.id]
        if query.words:
            wanted = wanted.where(_worded(query.words, self._actor))
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(*order)))

    @needs(Right.SEE_CHILDREN)
    def rows(self, ids: Sequence[int]) -> tuple[ChildRow, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            found = {row.id: row for row in self._rows(session, ChildTable.id.in_(ids))}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_CHILDREN)
    def siblings(self, child_id: int) -> tuple[ChildRow, ...]:
        """The other children of the same household, whom the person may know of."""
        with self._database.read() as session:
            row = child_row(session, self._actor, child_id)
            if row.household_id is None or not is_open(self._actor, row, Level.L3):
                return ()
            same = (ChildTable.household_id == row.household_id) & (ChildTable.id != child_id)
            return tuple(self._rows(session, same))

    def _rows(self, session: Session, which: ColumnElement[bool]) -> list[ChildRow]:
        table, today = ChildTable, self._today()
        query = (
            select(*_SHOWN, CommunityTable.name.label("community_name"), StaffTable.name.label("worker_name"))
            .outerjoin(CommunityTable, CommunityTable.id == table.community_id)
            .outerjoin(StaffTable, StaffTable.id == table.worker_id)
            .where(alive(), seen(self._actor), which)
            .order_by(table.name_key, table.id)
        )
        found = session.execute(query).all()
        ids = [row.id for row in found]
        categories = _categories(session, ids)
        levels = select(RiskLevelTable.child_id, RiskLevelTable.colour).where(RiskLevelTable.child_id.in_(ids))
        colours = {level.child_id: level.colour for level in session.execute(levels.order_by(RiskLevelTable.id))}
        rows = []
        for row in found:
            open_all = is_open(self._actor, row, Level.L4)
            shown = (primary_on if open_all else shown_in_place)(categories.get(row.id, ()), today)
            rows.append(
                ChildRow(
                    id=row.id,
                    file_no=row.file_no or "",
                    name=row.name,
                    sex=row.sex,
                    age=age_on(row.birth_date, today) if row.birth_date else None,
                    community_name=row.community_name,
                    category=shown,
                    colour=colours.get(row.id),
                    worker_name=row.worker_name,
                    record_level=row.record_level,
                    status=row.status,
                    own=is_own(row.worker_id, row.counsellor_id, self._actor),
                )
            )
        return rows

    @needs(Right.ENROL_CHILDREN)
    def duplicates(self, child: Child, guardian_phone: str = "") -> tuple[Duplicate, ...]:
        """Files that may be of the same child, while one is typed: same number, same name and birth
        date, or same name and guardian's phone. The child's own file is none."""
        with self._database.read() as session:
            return find_duplicates(session, child, guardian_phone, self._today())

    def _today(self) -> date:
        return self._clock().date()


# --- filters -------------------------------------------------------------------------------------


def _filtered(wanted: Select[Any], query: ChildQuery, actor: Actor, today: date) -> Select[Any]:
    table = ChildTable
    if query.category is not None:
        level = Level.L4 if query.category in RESTRICTED else Level.L3
        wanted = wanted.where(reached(actor, level), _has_category(query.category, actor, today))
    if query.colour is not None:
        last = select(func.max(RiskLevelTable.id)).group_by(RiskLevelTable.child_id)
        now = select(RiskLevelTable.child_id).where(RiskLevelTable.id.in_(last), RiskLevelTable.colour == query.colour)
        wanted = wanted.where(reached(actor, Level.L3), table.id.in_(now))
    if query.community_id is not None:
        wanted = wanted.where(table.community_id == query.community_id)
    if query.worker_id is not None:
        wanted = wanted.where(table.worker_id == query.worker_id)
    if query.band is not None:
        wanted = wanted.where(table.birth_date.between(*born_between(*_BANDS[query.band], today)))
    if query.record_level is not None:
        wanted = wanted.where(table.record_level == query.record_level)
    if query.in_stock is not None:
        stock = select(EnrolmentTable.child_id).where(in_stock_on(today))
        ever = select(EnrolmentTable.child_id).where(EnrolmentTable.deleted_at.is_(None))
        in_stock = table.id.in_(stock)
        wanted = wanted.where(in_stock if query.in_stock else table.id.in_(ever) & ~in_stock)
    return wanted


def in_stock_on(day: date) -> ColumnElement[bool]:
    """Whether a stretch lasts at the end of `day`."""
    table = EnrolmentTable
    return and_(
        table.deleted_at.is_(None),
        table.entered_on <= day,
        or_(table.left_on.is_(None), table.left_on > day),
    )


def _has_category(category: Category, actor: Actor, today: date) -> ColumnElement[bool]:
    """Open on `today`; where restricted ones are hidden, 其他 stands for them as it does in the rows."""
    table = ChildCategoryTable
    held = and_(
        table.child_id == ChildTable.id,
        table.deleted_at.is_(None),
        table.since <= today,
        or_(table.until.is_(None), table.until >= today),
    )
    found: ColumnElement[bool] = exists().where(held, table.category == category)
    if category is Category.OTHER:
        plain = exists().where(held, table.category.not_in(RESTRICTED))
        hidden = exists().where(held, table.category.in_(RESTRICTED))
        found = or_(found, and_(~reached(actor, Level.L4), hidden, ~plain))
    return found


def _age(today: date) -> Any:
    """Full years as SQL sees them, so that an order by age tells no more than the ages shown."""
    day = int(today.strftime("%Y%m%d"))
    return (day - cast(func.strftime("%Y%m%d", ChildTable.birth_date), Integer)) // 10000


def _worded(words: str, actor: Actor) -> ColumnElement[bool]:
    """What is typed, against names and file numbers of all who are seen, and against numbers, phones
    and guardians of those whose file is open."""
    plain = squeezed(words)
    found = [ChildTable.words.contains(plain, autoescape=True)]
    if "-" in words:
        found.append(ChildTable.words.contains(words.strip().lower(), autoescape=True))
    inside: list[ColumnElement[bool]] = []
    if re.fullmatch(r"[0-9]{3,17}[0-9x]", plain):
        inside.append(ChildTable.id_no.endswith(plain.upper(), autoescape=True))
        inside.append(_squeezed_column(ChildTable.phone).contains(plain, autoescape=True))
        inside.append(_guarded(_squeezed_column(FamilyMemberTable.phone).contains(plain, autoescape=True)))
    elif len(plain) > 1 or not plain.isascii():
        name = _squeezed_column(FamilyMemberTable.name)
        inside.append(_guarded(name.contains(plain, autoescape=True)))
    return or_(*found, and_(reached(actor, Level.L3), or_(*inside))) if inside else or_(*found)


def _guarded(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The children with such a guardian."""
    table = FamilyMemberTable
    return ChildTable.id.in_(select(table.child_id).where(table.deleted_at.is_(None), table.is_guardian, which))


def _squeezed_column(column: Any) -> Any:
    """A name or a telephone number as `squeezed` makes what is typed."""
    plain = column
    for sign in "· -":
        plain = func.replace(plain, sign, "")
    return func.lower(plain)


def _categories(session: Session, ids: Sequence[int]) -> dict[int, list[ChildCategory]]:
    table = ChildCategoryTable
    found: dict[int, list[ChildCategory]] = {}
    for row in session.scalars(select(table).where(table.child_id.in_(ids), table.deleted_at.is_(None))):
        found.setdefault(row.child_id, []).append(record_of(ChildCategory, row))
    return found


# --- duplicates ----------------------------------------------------------------------------------


def find_duplicates(
    session: Session, child: Child, guardian_phone: str, today: date, *, by_name: bool = True
) -> tuple[Duplicate, ...]:
    """The living files that are like `child`, the surest likeness of each; over all children, for the
    station has one file a child, whoever made it. `by_name` False looks at the number alone."""
    ways: list[tuple[Likeness, ColumnElement[bool]]] = []
    table = ChildTable
    name = squeezed(child.name) if by_name else ""
    if child.id_no:
        ways.append((Likeness.SAME_ID, table.id_no == child.id_no))
    if name and child.birth_date is not None:
        ways.append((Likeness.NAME_AND_BIRTH, _named(name) & _born(child.birth_date, child.birth_precision)))
    if name and guardian_phone:
        ways.append((Likeness.NAME_AND_PHONE, _named(name) & table.id.in_(_by_phone(guardian_phone))))
    found: dict[int, Duplicate] = {}
    for why, which in ways:
        query = (
            select(table.id, table.file_no, table.name, table.birth_date, CommunityTable.name.label("community_name"))
            .outerjoin(CommunityTable, CommunityTable.id == table.community_id)
            .where(alive(), table.uuid != child.uuid, which)
            .order_by(table.id)
            .limit(_MOST_ALIKE)
        )
        for row in session.execute(query):
            alike = Duplicate(
                child_id=row.id,
                file_no=row.file_no,
                name=row.name,
                age=age_on(row.birth_date, today) if row.birth_date else None,
                community_name=row.community_name,
                why=why,
            )
            found.setdefault(row.id, alike)
    return tuple(found.values())


def _named(plain: str) -> ColumnElement[bool]:
    """A name or another name that is the same once blanks and dots are gone."""
    return ChildTable.words.contains(f"|{plain}|", autoescape=True)


def _born(birth: date, precision: Precision) -> ColumnElement[bool]:
    """The same day; where one of the two is known less exactly, the same year."""
    same_year: ColumnElement[bool] = ChildTable.birth_date.between(date(birth.year, 1, 1), date(birth.year, 12, 31))
    if precision is Precision.DAY:
        same_year &= ChildTable.birth_precision != Precision.DAY
    return or_(ChildTable.birth_date == birth, same_year)


def _by_phone(phone: str) -> Any:
    plain = phone.replace("-", "")
    column = func.replace(FamilyMemberTable.phone, "-", "", type_=String())
    return select(FamilyMemberTable.child_id).where(FamilyMemberTable.deleted_at.is_(None), column == plain)


def all_enrolments(session: Session, child_id: int) -> tuple[Enrolment, ...]:
    """The stretches of one child, in their order."""
    table = EnrolmentTable
    kept = select(table).where(table.child_id == child_id, table.deleted_at.is_(None))
    return tuple(record_of(Enrolment, row) for row in session.scalars(kept.order_by(table.entered_on, table.id)))
