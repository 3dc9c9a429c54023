"""The activities, volunteers and partners of the demonstration put together."""

from collections.abc import Iterator, Sequence
from random import Random

from stationdesk.records.bookings import Booking
from stationdesk.records.demonstration import Ground, Story
from stationdesk.records.demonstration_activities import begun_on, programme, told_of_activities
from stationdesk.records.demonstration_attendance import courses
from stationdesk.records.demonstration_children import ChildFile
from stationdesk.records.demonstration_guests import Guests
from stationdesk.records.demonstration_partners import allies, together
from stationdesk.records.demonstration_screening import screened_team
from stationdesk.records.demonstration_volunteers import all_held, helpers, shifts


class Programme:
    """All that a station does together with others, of one story and the children it has."""

    def __init__(self, tale: Story, ground: Ground, files: Sequence[ChildFile]) -> None:
        self.team = screened_team(tale, ground.team, begun_on(tale), told_of_activities()["team_trainings"])
        self.planned = programme(tale, ground, self.team.ready)
        self._guests = Guests(Random(f"{tale.seed} guests"), files, tale.until)
        self.courses = tuple(courses(tale, self.planned, self._guests))
        self.partners = allies(tale)
        self.helpers = helpers(tale)
        self.shifts = tuple(shifts(tale, all_held(self.courses), self.helpers, self.team.ready))
        self._links = tuple(together(tale, self.partners, self.planned))

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """The bookings of all sessions in rooms, called off or not."""
        held = (one for course in self.courses for one in course.held)
        return tuple(one.booking for one in held if one.booking is not None)

    def records(self) -> Iterator[object]:
        """All of it, each record after those it points to."""
        yield from self.team.records
        for ally in self.partners:
            yield ally.partner
            yield from ally.contacts
        for helper in self.helpers:
            yield helper.volunteer
            yield from helper.records
        for course in self.courses:
            yield from course.records()
        yield from self._links
        yield from self._guests.signed
        yield from self.shifts
