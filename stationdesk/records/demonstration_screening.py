"""Invented checks and trainings for the demonstration: who may work with children, and since when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from stationdesk.records.demonstration import Story
from stationdesk.records.screening import Authority, CheckResult, ScreeningCheck, Training, TrainingLevel
from stationdesk.records.staff import Staff

# From a day, included, to another, not included.
Span = tuple[date, date]

# Whose check is missing, and whose runs out soon, by the keys of the story.
_MISSING, _SOON = "director3", "teacher"
_DAYS_LEFT = 20


def eligible(spans: Sequence[Span], day: date) -> bool:
    """Whether `day` lies in one of the spans."""
    return any(first <= day < last for first, last in spans)


@dataclass(frozen=True, slots=True)
class Screened:
    """The checks and trainings of the team, and when each may work with children."""

    records: tuple[ScreeningCheck | Training, ...]
    ready: Mapping[int, Sequence[Span]]


def screened_team(tale: Story, team: Sequence[Staff], begun: date, topics: Sequence[Sequence[str]] = ()) -> Screened:
    """Everybody was asked about before the activities began or before they came, and each year again; of one
    nobody ever asked, and another's answer runs out soon. `topics` are of trainings: what about, and of which
    level."""
    chance = Random(f"{tale.seed} screening")
    keys = {person.staff.uuid: person.key for person in tale.people}
    records: list[ScreeningCheck | Training] = []
    ready: dict[int, Sequence[Span]] = {}
    for member in team:
        key, number = keys.get(member.uuid, ""), member.id or 0
        since = max(member.entered_on or begun, begun)
        last = min(member.left_on or tale.until, tale.until)
        records += _trainings(chance, number, topics, since, last)
        if key == _MISSING or last < begun:
            continue
        newest = last - timedelta(days=365 - _DAYS_LEFT if key == _SOON else chance.randrange(30, 280))
        days = asked_on(chance, since, newest)
        records += checks(chance, days, staff_id=number)
        ready[number] = spans_of(days)
    return Screened(tuple(records), ready)


def _trainings(
    chance: Random, staff_id: int, topics: Sequence[Sequence[str]], since: date, last: date
) -> Iterator[Training]:
    day = since + timedelta(days=chance.randrange(5, 60))
    while topics and day < last:
        topic, level = chance.choice(topics)
        yield Training(
            uuid=uuid_of(chance),
            staff_id=staff_id,
            topic=topic,
            day=day,
            hours=Decimal(chance.choice((2, 3, 4, 8))),
            organiser="雪岭区民政局",
            level=TrainingLevel.of(level),
        )
        day += timedelta(days=chance.randrange(120, 400))


def asked_on(chance: Random, since: date, newest: date) -> Sequence[date]:
    """The days of a person's checks, none more than a year after the one before; the first is no later than
    `since`."""
    days = [newest]
    while days[-1] > since:
        days.append(days[-1] - timedelta(days=chance.randrange(335, 362)))
    return days[::-1]


def checks(
    chance: Random, days: Sequence[date], *, staff_id: int | None = None, volunteer_id: int | None = None
) -> Iterator[ScreeningCheck]:
    """Checks of one person on these days, none with a record."""
    for day in days:
        yield ScreeningCheck(
            uuid=uuid_of(chance),
            staff_id=staff_id,
            volunteer_id=volunteer_id,
            queried_on=day,
            authority=chance.choice((Authority.POLICE, Authority.POLICE, Authority.PROCURATORATE)),
            result=CheckResult.CLEAR,
            doc_no=f"演示查〔{day.year}〕{chance.randrange(1, 1000):03d}号",
        )


def spans_of(days: Sequence[date]) -> Sequence[Span]:
    """When somebody with checks on these days was clear: stretches that touch are one."""
    spans: list[Span] = []
    for day in days:
        due = ScreeningCheck(queried_on=day).next_due
        first = spans.pop()[0] if spans and day <= spans[-1][1] else day
        spans.append((first, due))
    return spans


def uuid_of(chance: Random) -> str:
    """An identity, the same again for the same seed."""
    return f"{chance.getrandbits(128):032x}"
