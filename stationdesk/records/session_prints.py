"""What goes on paper of sessions: the sheet to sign, the record of how it went, the calendar of a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from stationdesk.records.activities import Activity, ActivityTitle, AgeFrom, AgeTo, Target
from stationdesk.records.ages import Age
from stationdesk.records.attendance import GuardianPresent, StateOfChild
from stationdesk.records.bookings import EndsAt, StartsAt
from stationdesk.records.children import ChildName, ChildSex, GuardianName, GuardianPhone
from stationdesk.records.session_photos import PublicPhoto
from stationdesk.records.sessions import ActivitySession, PlaceName, Presence, SessionRow
from stationdesk.records.shifts import ShiftRow

# From this day of a month on, the calendar that is wanted is that of the next.
_NEXT_FROM = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLine:
    """One child on the sheet; `number` is the one it is ticked by on the screen."""

    number: int
    name: ChildName
    sex: ChildSex | None
    age: Age | None
    guardian_name: GuardianName | None
    guardian_phone: GuardianPhone | None
    state: StateOfChild
    guardian_present: GuardianPresent


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSheet:
    """All that is on the sheet of one session; `left_out` counts the children the person may not know of."""

    row: SessionRow
    lines: tuple[SignInLine, ...]
    left_out: int
    headcount_children: int
    headcount_adults: int
    volunteers: tuple[ShiftRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecord:
    """All that is on the record of one session; of people who came it holds no name."""

    activity: Activity
    held: ActivitySession
    row: SessionRow
    leader: str
    staff: tuple[str, ...]
    partners: tuple[str, ...]
    presence: Presence
    volunteers: int
    volunteer_minutes: int
    photos: tuple[PublicPhoto, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One session on the calendar for families: nobody's name."""

    start: StartsAt
    end: EndsAt
    title: ActivityTitle
    place_name: PlaceName | None
    target: Target
    age_from: AgeFrom | None
    age_to: AgeTo | None
    done: bool


def calendar_month(today: date) -> tuple[int, int]:
    """The month whose calendar is wanted today: this one, from the 20th on the next."""
    shown = next_month(today) if today.day >= _NEXT_FROM else today
    return shown.year, shown.month


def next_month(day: date) -> date:
    """The first of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def weeks_of(year: int, month: int) -> list[list[date | None]]:
    """A month in weeks from Monday on; days of other months are None."""
    first = date(year, month, 1)
    count = (next_month(first) - first).days
    days: list[date | None] = [None] * first.weekday()
    days += [first + timedelta(days=n) for n in range(count)]
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def by_day(entries: Iterable[CalendarEntry]) -> dict[date, list[CalendarEntry]]:
    """The sessions of each day, by time."""
    found: dict[date, list[CalendarEntry]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.start, entry.title)):
        found.setdefault(entry.start.date(), []).append(entry)
    return found


def month_span(year: int, month: int) -> tuple[datetime, datetime]:
    """A month as a half-open stretch of time."""
    first = date(year, month, 1)
    return datetime.combine(first, datetime.min.time()), datetime.combine(next_month(first), datetime.min.time())
