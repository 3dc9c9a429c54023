"""Invented volunteers for the demonstration: who they are, when they may be chosen, when they helped."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import begun_on, told_of_activities
from stationdesk.records.demonstration_attendance import Course, Held
from stationdesk.records.demonstration_families import years_before
from stationdesk.records.demonstration_people import People
from stationdesk.records.demonstration_screening import Span, asked_on, checks, eligible, spans_of, uuid_of
from stationdesk.records.ids import IdKind
from stationdesk.records.people import Sex
from stationdesk.records.screening import ScreeningCheck, Training
from stationdesk.records.sessions import NOT_HELD, SessionStatus
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.volunteers import Language, Volunteer, VolunteerStatus, VolunteerWork

_SPOKEN = {"05": Language.UYGHUR, "17": Language.KAZAKH}
_MINOR, _LAPSED, _APPLIED, _UNTRAINED, _SIGNS, _RESTS = range(1, 7)
# Shares of those who paused and left among the others.
_PAUSED, _LEFT = 0.06, 0.18
# Of all shifts, those at sessions.
_AT_SESSIONS = 0.7
_TRIES = 12
# What was done alone in the last days nobody has confirmed yet.
_UNCONFIRMED = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer, the checks and trainings, and when the two let them be chosen."""

    volunteer: Volunteer
    records: tuple[ScreeningCheck | Training, ...]
    ready: Sequence[Span]


def helpers(tale: Story) -> tuple[Helper, ...]:
    """All volunteers ever, with ids from 1 on: one under age, one whose check ran out, one who only applied,
    one without training among them."""
    maker = _Maker(tale)
    return tuple(maker.helper(number) for number in range(1, tale.scale.volunteers + 1))


class _Maker:
    """Draws one volunteer after the other."""

    def __init__(self, tale: Story) -> None:
        self._tale = tale
        self._chance = Random(f"{tale.seed} volunteers")
        self._people = People(self._chance, tale.station.division_code[:6])
        self._told: Mapping[str, Any] = told_of_activities()["volunteers"]

    def helper(self, number: int) -> Helper:
        """The volunteer with this id."""
        chance, until = self._chance, self._tale.until
        span = (until - begun_on(self._tale)).days
        # A third were there from the beginning, or nobody could have helped then.
        early = number % 3 == 0 or (number > _SIGNS and number <= 12)
        joined = begun_on(self._tale) - timedelta(days=20) if early else until - timedelta(chance.randrange(30, span))
        joined -= timedelta(days=chance.randrange(20))
        volunteer = self._volunteer(number, joined)
        if number == _APPLIED:
            return Helper(replace(volunteer, status=VolunteerStatus.APPLIED, joined_on=None), (), ())
        last = volunteer.left_on or until
        age = 400 if number == _LAPSED else chance.randrange(30, 330)
        newest = max(last - timedelta(days=age), joined - timedelta(days=5) if number != _LAPSED else date.min)
        days = asked_on(chance, joined, newest)
        records: list[ScreeningCheck | Training] = [*checks(chance, days, volunteer_id=number)]
        if number == _UNTRAINED:
            return Helper(volunteer, tuple(records), ())
        trained = joined + timedelta(days=chance.randrange(1, 8))
        records += self._trainings(number, trained, last)
        ready = [(max(first, trained), min(over, last + timedelta(days=40))) for first, over in spans_of(days)]
        if volunteer.status is not VolunteerStatus.ACTIVE:
            ready = [(first, min(over, last - timedelta(days=60))) for first, over in ready]
        return Helper(volunteer, tuple(records), ready)

    def _volunteer(self, number: int, joined: date) -> Volunteer:
        chance, until, told = self._chance, self._tale.until, self._told
        age = 16 if number == _MINOR else chance.choice((chance.randrange(19, 30), chance.randrange(19, 72)))
        birth = years_before(until, age) - timedelta(days=chance.randrange(1, 360))
        sex, lineage = chance.choice((Sex.MALE, Sex.FEMALE)), self._people.lineage()
        languages = [Language.MANDARIN]
        languages += [_SPOKEN[lineage.ethnicity]] if lineage.ethnicity in _SPOKEN else []
        languages += [Language.SIGN] if number == _SIGNS else []
        skills = chance.sample(list(VolunteerWork)[:9], chance.randrange(1, 4))
        identified = chance.random() < 0.7
        status, left = self._standing(number, joined)
        return Volunteer(
            id=number,
            uuid=uuid_of(chance),
            name=self._people.named(lineage.ethnicity, sex, lineage.brothers),
            sex=sex,
            id_kind=IdKind.RESIDENT_ID if identified else None,
            id_no=self._people.id_no(birth, sex) if identified else None,
            birth_date=birth,
            phone=self._people.phone(),
            volunteer_no=f"6501990{chance.randrange(10**8):08d}" if chance.random() < 0.6 else None,
            organisation=chance.choice(told["organisations"]),
            skills=tuple(work for work in VolunteerWork if work in skills),
            languages=tuple(languages),
            guardian_consent=age < 18,
            service_scope=chance.choice(told["scopes"]) if chance.random() < 0.5 else None,
            insured_until=until + timedelta(days=chance.randrange(60, 500)) if chance.random() < 0.6 else None,
            status=status,
            joined_on=joined,
            left_on=left,
            note=chance.choice(told["notes"]) if chance.random() < 0.2 else None,
        )

    def _standing(self, number: int, joined: date) -> tuple[VolunteerStatus, date | None]:
        """Most are there; who left did so after some months."""
        chance, until = self._chance, self._tale.until
        draw, days = chance.random(), (until - joined).days
        if number == _RESTS:
            return VolunteerStatus.PAUSED, None
        if number <= _SIGNS or draw > _PAUSED + _LEFT or days < 150:
            return VolunteerStatus.ACTIVE, None
        if draw < _PAUSED:
            return VolunteerStatus.PAUSED, None
        return VolunteerStatus.LEFT, joined + timedelta(days=chance.randrange(120, days))

    def _trainings(self, number: int, first: date, last: date) -> Iterator[Training]:
        chance, told, day = self._chance, self._told, first
        while day <= last:
            yield Training(
                uuid=uuid_of(chance),
                volunteer_id=number,
                topic=told["trainings"][0] if day == first else chance.choice(told["trainings"]),
                day=day,
                hours=Decimal(chance.choice((1, 2, 3))),
                organiser=chance.choice(told["organisers"]),
            )
            day += timedelta(days=chance.randrange(200, 500))


# --- shifts --------------------------------------------------------------------------------------


def shifts(
    tale: Story, held: Sequence[Held], volunteers: Sequence[Helper], team: Mapping[int, Sequence[Span]]
) -> Iterator[VolunteerShift]:
    """Who helped at which session, and who on their own; no two shifts of anybody overlap."""
    if not volunteers or not held:
        return
    roster = _Roster(tale, volunteers, sorted(team))
    mean = tale.scale.shifts * _AT_SESSIONS / tale.scale.sessions
    for one in held:
        yield from roster.at_session(one, mean)
    yield from roster.alone(round(tale.scale.shifts * (1 - _AT_SESSIONS)))


class _Roster:
    """Draws shifts; keeps who is taken when."""

    def __init__(self, tale: Story, volunteers: Sequence[Helper], team: Sequence[int]) -> None:
        self._tale = tale
        self._volunteers = volunteers
        self._team = team
        self._chance = Random(f"{tale.seed} shifts")
        self._taken: dict[tuple[int, date], list[tuple[datetime, datetime]]] = defaultdict(list)

    def at_session(self, held: Held, mean: float) -> Iterator[VolunteerShift]:
        """The helpers of one session; some came earlier to set up."""
        chance, session = self._chance, held.session
        if session.status in NOT_HELD:
            return
        for _ in range(int(chance.random() * 2 * mean + 0.5)):
            early = chance.random() < 0.1
            start = session.start - timedelta(minutes=30) if early else session.start
            number = self._free(start, session.end)
            if number is None:
                continue
            done = session.status is SessionStatus.DONE
            missing = done and chance.random() < 0.04
            yield VolunteerShift(
                uuid=uuid_of(chance),
                volunteer_id=number,
                session_id=session.id,
                start=start if early else None,
                end=session.end if early else None,
                work=VolunteerWork.of(chance.choice(held.planned.told["work"])),
                did_not_come=missing,
                evaluation=chance.choice((3, 4, 4, 5, 5)) if done and not missing and chance.random() < 0.4 else None,
            )

    def alone(self, yearly: int) -> Iterator[VolunteerShift]:
        """Shifts of their own, day by day; the latest are not confirmed yet, and a few older ones."""
        chance, told, until = self._chance, told_of_activities()["volunteers"], self._tale.until
        day, owed = begun_on(self._tale), 0.0
        while day < until + timedelta(days=10):
            owed += yearly / 365.25
            while owed >= 1:
                owed -= 1
                work = chance.choice(told["own"])
                start = datetime.combine(day, time.fromisoformat(chance.choice(told["starts"])))
                end = start + timedelta(minutes=chance.choice(work["minutes"]))
                number = self._free(start, end)
                if number is not None:
                    confirmed = day < until - _UNCONFIRMED and chance.random() < 0.97
                    yield VolunteerShift(
                        uuid=uuid_of(chance),
                        volunteer_id=number,
                        start=start,
                        end=end,
                        work=VolunteerWork.of(work["work"]),
                        place=chance.choice(work["places"]).format(
                            community=chance.choice(self._tale.communities)[0].name
                        ),
                        confirmed_by=chance.choice(self._team) if confirmed else None,
                        evaluation=chance.choice((4, 4, 5)) if confirmed and chance.random() < 0.2 else None,
                    )
            day += timedelta(days=1)

    def _free(self, start: datetime, end: datetime) -> int | None:
        """One who may be chosen that day and is nowhere else then."""
        day = start.date()
        for _ in range(_TRIES):
            found = self._chance.choice(self._volunteers)
            number = found.volunteer.id or 0
            taken = self._taken[number, day]
            if eligible(found.ready, day) and all(end <= begun or over <= start for begun, over in taken):
                taken.append((start, end))
                return number
        return None


def all_held(courses: Sequence[Course]) -> Sequence[Held]:
    """The sessions of all activities in their order in time."""
    return sorted((one for course in courses for one in course.held), key=lambda one: one.session.start)
