"""What a new station begins with."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stationdesk.errors import Problem
from stationdesk.i18n import N_
from stationdesk.paths import resource
from stationdesk.records.calendar import DayKind, SpecialDay
from stationdesk.records.rooms import Room
from stationdesk.records.staff import Staff
from stationdesk.records.station import Community, Station


@dataclass(frozen=True, kw_only=True)
class NewStation:
    """The first records; `head` is the person the first account belongs to.

    `demo_today` makes it a demonstration station, for which it is always that day.
    """

    station: Station
    head: Staff
    rooms: tuple[Room, ...] = ()
    communities: tuple[Community, ...] = ()
    demo_today: date | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the first records."""
        names = [room.name for room in self.rooms]
        if len(set(names)) < len(names):
            yield Problem("rooms", N_("有两个场地的名称相同，请改掉其中一个。"))


def seed_holidays() -> tuple[SpecialDay, ...]:
    """The holidays and make-up days the program comes with; the first line names the source."""
    with resource("codes", "holidays.csv").open(encoding="utf-8", newline="") as lines:
        next(lines)
        rows = list(csv.reader(lines))
    return tuple(SpecialDay(day=date.fromisoformat(day), kind=DayKind.of(kind), name=name) for day, kind, name in rows)
