"""How things are counted, the same in every block of the monthly summary (domain §5.2).

A flow counts records, pairs of record and person (人次) and distinct persons (人) in a period, and the
year to date counts the same over the longer period, so that persons are distinct there too and never
the sum of the months.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from stationdesk.records.calendar import Period

Amount = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Event:
    """One countable record: its day, the registered persons in it, the heads without a name."""

    record_id: int
    day: date
    persons: frozenset[int] = frozenset()
    unregistered: int = 0
    minutes: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """One stretch in stock: from `entered` on; `left` is the day it ended, None while it lasts."""

    person: int
    entered: date
    left: date | None = None


def within(events: Iterable[Event], period: Period) -> tuple[Event, ...]:
    """The events whose day lies in the period."""
    return tuple(event for event in events if period.first <= event.day <= period.last)


def times(events: Collection[Event]) -> int:
    """次/场次: the number of records."""
    return len(events)


def person_times(events: Iterable[Event]) -> int:
    """人次: pairs of record and person, and the heads without a name."""
    return sum(len(event.persons) + event.unregistered for event in events)


def persons(events: Iterable[Event]) -> int:
    """人: distinct registered persons, the union over all records."""
    return len({person for event in events for person in event.persons})


def stock(memberships: Iterable[Membership], day: date) -> frozenset[int]:
    """Who is in stock at the end of `day`: entered by then and not left by then."""
    return frozenset(m.person for m in memberships if m.entered <= day and (m.left is None or m.left > day))


def entries(memberships: Iterable[Membership], period: Period) -> int:
    """新增: stretches that began in the period, also those that ended in it."""
    return sum(period.first <= m.entered <= period.last for m in memberships)


def exits(memberships: Iterable[Membership], period: Period) -> int:
    """退出: stretches that ended in the period."""
    return sum(m.left is not None and period.first <= m.left <= period.last for m in memberships)


def hours(minutes: int) -> Decimal:
    """Hours with one decimal, half up, rounded once after summing."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


def rate(part: int, whole: int) -> Decimal | None:
    """Percent with one decimal, half up; None ("—") when there is nothing to divide by."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def busy_minutes(uses: Iterable[tuple[datetime, datetime]]) -> int:
    """Minutes in which at least one of the stretches lasts: side-by-side use is not counted twice."""
    total, reached = 0, datetime.min
    for start, end in sorted(uses):
        begin = max(start, reached)
        if end > begin:
            total += int((end - begin).total_seconds() // 60)
            reached = end
    return total


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the summary and the records behind it; `year` is None for a stock ("—")."""

    code: str
    label: str
    unit: str
    month: Amount
    year: Amount
    cumulative: bool = True
    values: Mapping[str, object] = field(default_factory=dict)
    behind: str = ""
    month_ids: tuple[int, ...] = ()
    year_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A headed part of the table."""

    code: str
    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """One equation of 勾稽关系: how it reads, and whether it holds."""

    text: str
    holds: bool
