"""Five thousand children from a sheet, beside reading it and inserting the ready rows by the same statements."""

from collections.abc import Iterator

from tests.benchmarks.figures import Figure, several

_INTAKE = """
import gc, time
from pathlib import Path
from tempfile import TemporaryDirectory
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select
from stationdesk import imports
from stationdesk.db.child_imports import _TABLES
from stationdesk.db.child_words import search_words
from stationdesk.db.pinyin import name_key
from stationdesk.records.child_intake import ChildIntake
from stationdesk.records.duplicates import OnDuplicate
from stationdesk.reports.sheets import rows_to_xlsx
from tests.children import community, intake
from tests.stations import at_desk, founded

TABLES = [table.__table__ for table in _TABLES]
# As in the window, where nothing is collected on the database thread.
gc.disable()
with TemporaryDirectory() as name:
    folder = Path(name)
    founded(folder / "ours")
    desk = at_desk(folder / "ours")
    community(desk)
    path = folder / "a.xlsx"
    rows_to_xlsx(ChildIntake, [intake(n) for n in range(5000)], path, private=True)
    # The backup before an import costs what the station's whole file costs, and is not the import.
    imports.back_up_unasked = lambda desk: None
    # The libraries of both sides are loaded once a day, not once a sheet.
    rows_to_xlsx(ChildIntake, [intake(1)], folder / "one.xlsx", private=True)
    imports.import_children(desk, folder / "one.xlsx", dry_run=True)
    name_key("一")
    search_words("一")
    begin = time.perf_counter()
    imports.import_children(desk, path)
    ours = time.perf_counter() - begin
    begin = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    read = time.perf_counter() - begin
    with desk.opened.database.read() as session:
        rows = {table: [dict(row) for row in session.execute(select(table)).mappings()] for table in TABLES}
    founded(folder / "bare")
    other = at_desk(folder / "bare")
    community(other)
    begin = time.perf_counter()
    with other.opened.database.write() as session:
        for table in TABLES:
            session.execute(insert(table), rows[table])
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
