"""The worst case's 8,000 children: first rows, finding as one types, opening a file, the month with block B."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from typing import Any

from sqlalchemy import text

from stationdesk import demonstration
from stationdesk.desk import Desk
from stationdesk.records.audit import Action
from stationdesk.records.categories import Category, Colour
from stationdesk.records.children import Child, ChildQuery
from tests.benchmarks.figures import Figure, median, worst_case

_ORDERED = "SELECT id FROM child WHERE deleted_at IS NULL ORDER BY name_key, id"
_ROWS = "SELECT * FROM child WHERE deleted_at IS NULL ORDER BY name_key, id LIMIT 200"
_SCAN = "SELECT id FROM child WHERE words LIKE :some"
_LISTS = (
    "family_member",
    "schooling",
    "health_item",
    "benefit",
    "child_category",
    "risk_level",
    "enrolment",
    "consent",
    "delegated_care",
    "child_need",
)
_TIMES = 9


def measure() -> Iterator[Figure]:
    """Each beside the bare queries it cannot do without, on the same open file."""
    demo = demonstration.read(worst_case())
    if demo is None:
        return
    with demonstration.at_desk(demo) as desk:
        bare = partial(_bare, desk)
        ordered, rows = bare(_ORDERED), bare(_ROWS)
        yield _figure(
            "first ids and 200 rows of 8,000 children", partial(_first, desk), "bare rows", ordered + rows, 120
        )
        line = _took(lambda: desk.opened.database.note(Action.SEARCH, "child"))
        scan = bare(_SCAN, some="%阿依%") + line
        for what, words in _typed(desk):
            find = partial(desk.children.find, ChildQuery(words=words))
            yield _figure(f"found as typed, {what}", find, "bare scan and a line of the audit", scan, 50)
        for what, query in _filters():
            yield _figure(f"found by {what}", partial(desk.children.find, query), "bare ids", ordered, 50)
        fullest = _fullest(desk)
        # Twice the lists: they are shown, and looked at as a whole. By turns, for a file that is read
        # again at once is not noted again.
        lists = (f"SELECT * FROM {table} WHERE child_id = :child" for table in _LISTS)
        whole = 2 * sum(bare(query, child=fullest[0]) for query in lists) + line
        turns = cycle(fullest)
        opening = "bare rows and a line of the audit"
        yield _figure("opening a file", lambda: _open(desk, next(turns)), opening, whole, 100)
        year, month = (int(part) for part in demo.months[-1].split("-"))
        stretches = bare("SELECT * FROM enrolment")
        block = partial(desk.summaries.figures, year, month)
        yield _figure("month with block B", block, "bare stretches in stock", stretches, 3000)


def _figure(name: str, work: Callable[[], object], yardstick: str, bare: float, limit: float) -> Figure:
    return Figure(name, _took(work), "ms", yardstick, bare, limit=float(limit))


def _took(work: Callable[[], object]) -> float:
    """The median of several times, in ms, the first not counted: it fills the page cache."""
    work()
    taken = []
    for _ in range(_TIMES):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return median(taken)


def _bare(desk: Desk, query: str, **values: object) -> float:
    with desk.opened.database.read() as session:
        return _took(lambda: session.execute(text(query), values).all())


def _first(desk: Desk) -> object:
    return desk.children.rows(desk.children.find(ChildQuery())[:200])


def _typed(desk: Desk) -> Iterator[tuple[str, str]]:
    """What people type, taken from a file in stock with a dotted name."""
    child, phone, guardian = _known(desk)
    syllables = _readings(desk, child)
    yield "part of a name", child.name.partition("·")[0][:2]
    yield "one character", child.name[0]
    yield "pinyin initials", syllables[1][:4]
    yield "full pinyin", syllables[0]
    yield "file number", child.file_no or ""
    yield "end of an ID number", (child.id_no or "")[-5:]
    yield "end of a phone", phone[-6:]
    yield "a guardian", guardian
    yield "nothing there is", "没有这个人"


def _known(desk: Desk) -> tuple[Child, str, str]:
    for child_id in desk.children.find(ChildQuery(in_stock=True)):
        child = desk.children.load(child_id)
        for member in desk.child_files.family(child_id):
            if "·" in child.name and child.id_no and member.is_guardian and member.phone and member.name:
                return child, member.phone, member.name
    raise LookupError


def _readings(desk: Desk, child: Child) -> Sequence[str]:
    """Full pinyin and initials by which a child is found."""
    with desk.opened.database.read() as session:
        found = session.execute(text("SELECT words FROM child WHERE id = :id"), {"id": child.id}).scalar_one()
    return [word for word in str(found).split("|") if word.isascii() and word.isalpha()]


def _filters() -> Iterator[tuple[str, ChildQuery]]:
    yield "category", ChildQuery(category=Category.POVERTY)
    yield "colour", ChildQuery(colour=Colour.RED)
    yield "being in stock", ChildQuery(in_stock=True)
    yield "nothing, sorted by age", ChildQuery(sort="age")


def _fullest(desk: Desk) -> list[int]:
    """The two children with the longest histories."""
    query = "SELECT child_id FROM risk_level GROUP BY child_id ORDER BY count(*) DESC LIMIT 2"
    with desk.opened.database.read() as session:
        return [int(found) for found in session.execute(text(query)).scalars()]


def _open(desk: Desk, child_id: int) -> None:
    """All that a file's page shows."""
    files: Any = desk.child_files
    desk.children.load(child_id)
    desk.children.household(child_id)
    desk.children.siblings(child_id)
    desk.children.enrolments(child_id)
    for name in ("family", "schooling", "health", "benefits", "categories", "risk_levels", "consents"):
        getattr(files, name)(child_id)
    for name in ("delegated_care", "child_needs", "timeline", "hints"):
        getattr(files, name)(child_id)
