"""Five thousand children from a sheet, with every rule and every likeness looked at."""

from collections.abc import Iterator

from tests.benchmarks.figures import Figure, several

_INTAKE = """
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from stationdesk import imports
from stationdesk.db import engine
from stationdesk.records.child_intake import ChildIntake, OnDuplicate
from stationdesk.reports.sheets import rows_to_xlsx
from tests.children import community, intake
from tests.stations import at_desk, founded

TABLES = ("household", "child", "family_member", "enrolment", "child_category", "risk_level")
with TemporaryDirectory() as name:
    folder = Path(name)
    founded(folder / "ours")
    desk = at_desk(folder / "ours")
    community(desk)
    path = folder / "a.xlsx"
    rows_to_xlsx(ChildIntake, [intake(n) for n in range(5000)], path, private=True)
    # The backup before an import costs what the station's whole file costs, and is not the import.
    imports.back_up_unasked = lambda desk: None
    begin = time.perf_counter()
    imports.import_children(desk, path)
    ours = time.perf_counter() - begin
    begin = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    read = time.perf_counter() - begin
    with desk.opened.database.whole() as link:
        rows = {table: link.execute(text(f"SELECT * FROM {table}")).all() for table in TABLES}
        schema = [sql for (sql,) in link.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))]
    key = engine.new_key()
    engine.create(folder / "bare.db", key).dispose()
    link = engine.connect(folder / "bare.db", key)
    for sql in schema:
        if "sqlite_" not in sql:
            link.execute(sql)
    link.execute("PRAGMA foreign_keys = 0")
    begin = time.perf_counter()
    link.execute("BEGIN IMMEDIATE")
    for table in TABLES:
        marks = ",".join("?" * len(rows[table][0]))
        link.executemany(f"INSERT INTO {table} VALUES ({marks})", [tuple(row) for row in rows[table]])
    link.execute("COMMIT")
    bare = time.perf_counter() - begin
    begin = time.perf_counter()
    imports.import_children(desk, path, OnDuplicate.SKIP)
    again = time.perf_counter() - begin
    print(ours, again, read + bare)
"""


def measure() -> Iterator[Figure]:
    """New children, and the same sheet a second time with every line a duplicate."""
    ours, again, bare = min(several(_INTAKE) for _ in range(3))
    yardstick = "reading the sheet and bare inserts"
    yield Figure("5,000 children imported", ours, "s", yardstick, bare, ratio=4.0)
    yield Figure("5,000 duplicates found and skipped", again, "s", yardstick, bare, ratio=4.0)
