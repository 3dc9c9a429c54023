"""Desk: what screens and commands may ask for, one object per login."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.records.access import Actor
from stationdesk.records.calendar import Clock

if TYPE_CHECKING:
    from stationdesk.db.bookings import BookingStore
    from stationdesk.db.rooms import RoomStore
    from stationdesk.db.staff import StaffStore
    from stationdesk.db.station import StationStore
    from stationdesk.db.station_file import OpenStation
    from stationdesk.db.summaries import SummaryStore


@dataclass(frozen=True)
class Desk:
    """One person at one open station; the stores are its attributes.

    `station_name` and `demo` are what the window's title and the print marks need at once.
    """

    opened: "OpenStation"
    actor: Actor
    clock: Clock
    station_name: str
    demo: bool

    @property
    def read_only(self) -> bool:
        """Whether the data folder does not take changes."""
        return self.opened.read_only

    @cached_property
    def station(self) -> "StationStore":
        """Profile, communities, holidays."""
        from stationdesk.db.station import StationStore

        return StationStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def staff(self) -> "StaffStore":
        """The team."""
        from stationdesk.db.staff import StaffStore

        return StaffStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def rooms(self) -> "RoomStore":
        """Rooms and closures."""
        from stationdesk.db.rooms import RoomStore

        return RoomStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def bookings(self) -> "BookingStore":
        """Bookings and series."""
        from stationdesk.db.bookings import BookingStore

        return BookingStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def summaries(self) -> "SummaryStore":
        """The monthly figures."""
        from stationdesk.db.summaries import SummaryStore

        return SummaryStore(self.opened.database, self.actor, self.clock)

    def watch(self, touched: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `touched` with the table names of each commit; returns the way to stop it."""
        return self.opened.database.watch(touched)

    def close(self) -> None:
        """Let go of the file, the keys and the lock."""
        self.opened.close()


def folder(desk: Desk) -> Path:
    """The data folder of an open desk."""
    return desk.opened.data
