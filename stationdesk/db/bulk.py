"""Many records at once, unchecked: only for the demonstration station, whose maker keeps the rules."""

from collections.abc import Iterable
from dataclasses import fields
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from stationdesk.db.models import BookingTable, SeriesTable, StationTable
from stationdesk.db.stores import Store, needs
from stationdesk.errors import Denied
from stationdesk.records.access import Right
from stationdesk.records.bookings import Booking
from stationdesk.records.series import Series

_BATCH = 2000


class BulkStore(Store):
    """The way in for generated records."""

    @needs(Right.EDIT_STATION)
    def add(self, series: Iterable[Series], bookings: Iterable[Booking]) -> int:
        """Insert all in one transaction; returns how many bookings. Series keep the ids they have.

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
            session.execute(text("PRAGMA optimize"))
        return count


def _insert(
    session: Session, table: Any, records: Iterable[Any], stamp: tuple[str, str], *, keep_ids: bool = False
) -> int:
    when, who = stamp
    common = {"version": 1, "created_at": when, "created_by": who, "updated_at": when, "updated_by": who}
    count = 0
    waiting = iter(records)
    while batch := list(islice(waiting, _BATCH)):
        left_out = {"version"} if keep_ids else {"version", "id"}
        names = [item.name for item in fields(batch[0]) if item.name not in left_out]
        rows = [{name: getattr(record, name) for name in names} | common for record in batch]
        session.execute(insert(table.__table__), rows)
        count += len(batch)
    return count
