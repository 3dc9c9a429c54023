"""Rows A07, A08 and I06 of the monthly summary: trainings, valid checks, certificates."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from stationdesk.i18n import N_
from stationdesk.records.calendar import Period
from stationdesk.records.counting import Event, Figure, Membership, rate, stock, times, within
from stationdesk.records.screening import ScreeningCheck, is_cleared
from stationdesk.records.staff import Staff

Checks = Mapping[int, Sequence[ScreeningCheck]]


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """Trainings of the team, the checks of team and volunteers by person, the volunteers who help (a
    pause is no help), and the certificates that hold."""

    trainings: tuple[Event, ...] = ()
    certificates: tuple[Event, ...] = ()
    volunteers: tuple[Membership, ...] = ()
    staff_checks: Checks = field(default_factory=dict)
    volunteer_checks: Checks = field(default_factory=dict)


def screening_figures(facts: ScreeningFacts, staff: Sequence[Staff], period: Period, year: Period) -> Iterator[Figure]:
    """A07 and A08."""
    yield _flow("A07", N_("参加业务培训"), N_("人次"), "training", facts.trainings, period, year)
    day = period.last
    serving = [member.id or 0 for member in staff if member.serves_on(day)]
    helping = stock(facts.volunteers, day)
    cleared = _cleared(serving, facts.staff_checks, day)
    both = len(cleared) + len(_cleared(helping, facts.volunteer_checks, day))
    valid = rate(both, len(serving) + len(helping))
    yield Figure("A08", N_("从业查询有效率"), "%", valid, None, False, {}, "staff", cleared)


def certificate_figure(facts: ScreeningFacts, period: Period, year: Period) -> Figure:
    """I06."""
    return _flow("I06", N_("出具证明"), N_("份"), "certificate", facts.certificates, period, year)


def _cleared(people: Iterable[int], checks: Checks, day: date) -> tuple[int, ...]:
    """Who of them has a check that holds on `day`, by what was known on it: a later answer never changes
    a month that is over."""
    known = {person: [check for check in checks.get(person, ()) if check.queried_on <= day] for person in people}
    return tuple(sorted(person for person, found in known.items() if is_cleared(found, day)))


def _flow(
    code: str, label: str, unit: str, behind: str, events: Collection[Event], period: Period, year: Period
) -> Figure:
    both = within(events, period), within(events, year)
    ids = tuple(tuple(event.record_id for event in of) for of in both)
    return Figure(code, label, unit, times(both[0]), times(both[1]), True, {}, behind, *ids)
