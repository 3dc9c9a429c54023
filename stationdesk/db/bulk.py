"""Many records at once, unchecked: only for the demonstration station, whose maker keeps the rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from stationdesk.db.child_lists import (
    ASSESSMENTS,
    BENEFITS,
    CARE,
    CATEGORIES,
    CONSENTS,
    HEALTH,
    LEVELS,
    NEEDS,
    SCHOOLING,
)
from stationdesk.db.child_words import search_words
from stationdesk.db.children_models import ChildTable, EnrolmentTable, FamilyMemberTable, HouseholdTable
from stationdesk.db.models import BookingTable, SeriesTable, StationTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, needs
from stationdesk.errors import Denied
from stationdesk.records.access import Right
from stationdesk.records.bookings import Booking
from stationdesk.records.calendar import BEIJING
from stationdesk.records.demonstration_children import ChildFile
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.series import Series

_BATCH = 2000
_LISTS = (ASSESSMENTS, BENEFITS, CARE, CATEGORIES, CONSENTS, HEALTH, LEVELS, NEEDS, SCHOOLING)
_TABLES: dict[type, Any] = {Enrolment: EnrolmentTable} | {record: table for record, table, _order in _LISTS}


class BulkStore(Store):
    """The way in for generated records."""

    @needs(Right.EDIT_STATION)
    def add(self, series: Iterable[Series], bookings: Iterable[Booking], files: Iterable[ChildFile] = ()) -> int:
        """Insert all in one transaction; returns how many bookings. Series, and what other records of
        a file point to, keep the ids they have.

        Raises `Denied` in a real station: there, every booking is checked.
        """
        stamp = self._stamp()
        with self._database.write() as session:
            if session.scalar(select(StationTable.demo_today)) is None:
                raise Denied
            # The keys of 150,000 rows in random order: with the usual 2 MB every page would be
            # encrypted anew many times over.
            session.execute(text("PRAGMA cache_size = -131072"))
            _insert(session, SeriesTable, series, stamp, keep_ids=True)
            count = _insert(session, BookingTable, bookings, stamp)
            for some in _batches(files):
                _insert_files(session, some, stamp)
            session.execute(text("PRAGMA optimize"))
        return count


def _insert(
    session: Session, table: Any, records: Iterable[Any], stamp: tuple[str, str], *, keep_ids: bool = False
) -> int:
    count = 0
    for batch in _batches(records):
        session.execute(insert(table.__table__), _rows(batch, stamp, keep_ids=keep_ids))
        count += len(batch)
    return count


def _insert_files(session: Session, files: list[ChildFile], stamp: tuple[str, str]) -> None:
    """Table after table, each after those it points to."""
    _insert(session, HouseholdTable, (file.household for file in files if file.household), stamp, keep_ids=True)
    children: Any = ChildTable.__table__
    rows = _rows([file.child for file in files], stamp, keep_ids=True)
    session.execute(insert(children), [row | _found_by(file) for row, file in zip(rows, files, strict=True)])
    _insert(session, FamilyMemberTable, (member for file in files for member in file.family), stamp, keep_ids=True)
    lists: dict[type, list[object]] = defaultdict(list)
    for file in files:
        for record in file.records:
            lists[type(record)].append(record)
    for kind, records in lists.items():
        _insert(session, _TABLES[kind], records, stamp)


def _found_by(file: ChildFile) -> dict[str, str]:
    """What a child is sorted and found by, as `ChildStore` makes it, and when its file was opened."""
    child = file.child
    numbers = (child.file_no,) if child.file_no else ()
    return {
        "name_key": name_key(child.name),
        "words": search_words(child.name, child.other_name, numbers=numbers),
        "created_at": file.opened.replace(tzinfo=BEIJING).isoformat(timespec="seconds"),
    }


def _rows(records: list[Any], stamp: tuple[str, str], *, keep_ids: bool) -> list[dict[str, Any]]:
    """The rows of records of one kind."""
    when, who = stamp
    common = {"version": 1, "created_at": when, "created_by": who, "updated_at": when, "updated_by": who}
    left_out = {"version"} if keep_ids else {"version", "id"}
    names = [item.name for item in fields(records[0]) if item.name not in left_out]
    return [{name: getattr(record, name) for name in names} | common for record in records]


def _batches(records: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(records)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
