"""A station with 8,000 children: the first rows, finding as one types, one file, the month with block B."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import insert

from stationdesk.db.child_words import search_words
from stationdesk.db.children_models import (
    ChildCategoryTable,
    ChildTable,
    EnrolmentTable,
    FamilyMemberTable,
    HouseholdTable,
    RiskLevelTable,
)
from stationdesk.db.pinyin import name_key
from stationdesk.desk import Desk
from stationdesk.records.calendar import new_uuid
from stationdesk.records.categories import Category, Colour
from stationdesk.records.children import ChildQuery, ChildStatus, Precision, RecordLevel
from stationdesk.records.enrolments import EntryReason, ExitReason
from stationdesk.records.family_codes import GuardianKind
from stationdesk.records.ids import IdKind, check_digit
from stationdesk.records.people import Sex
from tests.benchmarks.figures import Figure, median
from tests.stations import at_desk, founded

LIGHT, FULL, ACTIVE = 5000, 3000, 600
_HAN = "赵钱孙冯陈褚卫蒋沈韩贺兰单曾岚朵砚舟棠越宁禾微曦"
_UYGHUR = ("努尔", "艾力", "阿瓦", "古丽", "吐尔", "洪江", "买买", "提江", "热依", "汗古", "迪丽", "拜尔")
_STAMP = {
    "version": 1,
    "created_at": "2026-01-01T12:00:00+08:00",
    "created_by": "zhan",
    "updated_at": "2026-01-01T12:00:00+08:00",
    "updated_by": "zhan",
}


def measure() -> Iterator[Figure]:
    """Each beside the same thing with a bare loop over as many numbers."""
    desk = filled(Path(mkdtemp(prefix="stationdesk-")) / "children")
    begin = time.perf_counter()
    list(range(LIGHT + FULL))
    bare = (time.perf_counter() - begin) * 1000
    children = desk.children

    def first() -> None:
        children.rows(children.find(ChildQuery())[:200])

    yield _figure("first ids and 200 rows of 8,000 children", first, bare, 120.0)
    for words in ("努尔", "nealt", "zh", "0017", "1390001", "古丽", "乙-2026-0042"):
        yield _figure(f"found as typed: {words}", partial(children.find, ChildQuery(words=words)), bare, 50.0)
    for name, query in (
        ("category", ChildQuery(category=Category.POVERTY)),
        ("colour", ChildQuery(colour=Colour.RED)),
        ("in stock", ChildQuery(in_stock=True)),
        ("by age", ChildQuery(sort="age")),
    ):
        yield _figure(f"found by filter: {name}", partial(children.find, query), bare, 50.0)
    yield _figure("one file", partial(children.load, 1), bare, 50.0)
    yield _figure("the month", partial(desk.summaries.figures, 2026, 10), bare, 3000.0)
    desk.close()


def _figure(name: str, call: Callable[[], Any], bare: float, limit: float) -> Figure:
    taken = []
    for _time in range(7):
        begin = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begin) * 1000)
    return Figure(name, median(taken), "ms", "8,000 numbers", bare, limit=limit)


def filled(data: Path) -> Desk:
    """A station with light and full children of invented names."""
    founded(data)
    desk = at_desk(data)
    chance = random.Random(1)
    tables: dict[Any, list[dict[str, Any]]] = {HouseholdTable: [], ChildTable: []}
    for number in range(1, LIGHT + FULL + 1):
        _add(tables, number, chance, desk.actor.staff_id)
    with desk.opened.database.write() as session:
        for table, rows in tables.items():
            session.execute(insert(table.__table__), rows)
    return desk


def _add(tables: dict[Any, list[dict[str, Any]]], number: int, chance: random.Random, staff_id: int) -> None:
    full = number <= FULL
    name, other = _name(chance), _name(chance)
    birth = date(2009, 1, 1) + timedelta(days=chance.randrange(5000))
    file_no = f"乙-2026-{number:04d}"
    id_no = f"650199{birth:%Y%m%d}{chance.randrange(1000):03d}"
    status = (ChildStatus.ACTIVE if number <= ACTIVE else ChildStatus.EXITED) if full else ChildStatus.LIGHT
    if full:
        _row(tables, HouseholdTable, number, address=f"乙街道某路{number}号", income_sources=())
    _row(
        tables,
        ChildTable,
        number,
        file_no=file_no,
        record_level=RecordLevel.FULL if full else RecordLevel.LIGHT,
        status=status,
        name=name,
        name_key=name_key(name),
        words=search_words(name, numbers=(file_no,)),
        other_name=None,
        sex=chance.choice(Sex.offered()),
        birth_date=birth,
        birth_precision=Precision.DAY,
        id_kind=IdKind.RESIDENT_ID if full else None,
        id_no=id_no + check_digit(id_no) if full else None,
        residence=f"乙街道某路{number}号" if full else None,
        phone=f"139{chance.randrange(10**8):08d}" if full else None,
        household_id=number if full else None,
        worker_id=staff_id if full else None,
        summary="情况简述" * 40 if full else None,
    )
    for relation in ("51", "52", "62") if full else ("52",):
        guardian = relation == "52"
        kind = GuardianKind.MOTHER if guardian else None
        member = {"name": other, "phone": f"138{chance.randrange(10**8):08d}", "is_guardian": guardian}
        rest = {"is_carer": guardian, "lives_with_child": True, "guardian_kind": kind}
        _row(tables, FamilyMemberTable, None, child_id=number, relation=relation, **member, **rest)
    if full:
        entered = date(2022, 1, 1) + timedelta(days=chance.randrange(1500))
        left = None if number <= ACTIVE else entered + timedelta(days=chance.randrange(30, 200))
        exit_reason = None if left is None else ExitReason.MOVED
        stretch = {"entered_on": entered, "entry_reason": EntryReason.SWEEP, "left_on": left}
        _row(tables, EnrolmentTable, None, child_id=number, exit_reason=exit_reason, **stretch)
        held = {"category": chance.choice(list(Category)[:17]), "is_primary": True, "improper_kinds": ()}
        _row(tables, ChildCategoryTable, None, child_id=number, since=entered, **held)
        for times in range(3):
            at = datetime.combine(entered, datetime.min.time()) + timedelta(days=30 * times)
            colour = chance.choice(list(Colour))
            _row(tables, RiskLevelTable, None, child_id=number, colour=colour, rated_at=at, reason="某")


def _row(tables: dict[Any, list[dict[str, Any]]], table: Any, number: int | None, **values: Any) -> None:
    own = {"id": number} if number is not None else {}
    tables.setdefault(table, []).append({"uuid": new_uuid(), **own, **_STAMP, **values})


def _name(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return "".join(chance.choice(_HAN) for _sign in range(chance.choice((2, 3))))
    return "".join(chance.sample(_UYGHUR, 2)) + "·" + "".join(chance.sample(_UYGHUR, 2))
