"""The activities, volunteers and partners of the demonstration put together."""

from collections.abc import Iterator, Sequence
from random import Random

from stationdesk.records.bookings import Booking
from stationdesk.records.demonstration import Ground, Story
from stationdesk.records.demonstration_activities import begun_on, programme, told_of_activities
from stationdesk.records.demonstration_attendance import courses
from stationdesk.records.demonstration_certificates import certificates
from stationdesk.records.demonstration_children import ChildFile
from stationdesk.records.demonstration_company import accompanied
from stationdesk.records.demonstration_contract import assigned, contract_of, promises
from stationdesk.records.demonstration_groups import work_groups
from stationdesk.records.demonstration_guests import Guests
from stationdesk.records.demonstration_partners import allies, together
from stationdesk.records.demonstration_photos import photos
from stationdesk.records.demonstration_screening import screened_team
from stationdesk.records.demonstration_volunteers import all_held, helpers, shifts


class Programme:
    """All that a station does together with others, of one story and the children it has."""

    def __init__(self, tale: Story, ground: Ground, files: Sequence[ChildFile]) -> None:
        self.team = screened_team(tale, ground.team, begun_on(tale), told_of_activities()["team_trainings"])
        alone = programme(tale, ground, self.team.ready)
        self.planned = tuple(accompanied(tale, ground.team, self.team.ready, alone))
        self._guests = Guests(Random(f"{tale.seed} guests"), files, tale.until)
        self.contract = contract_of(tale)
        self.courses = tuple(assigned(self.contract, tuple(courses(tale, self.planned, self._guests))))
        self.partners = allies(tale)
        self.helpers = helpers(tale)
        held = all_held(self.courses)
        self.shifts = tuple(shifts(tale, held, self.helpers, self.team.ready))
        self._links = tuple(together(tale, self.partners, self.planned))
        self._groups = tuple(work_groups(tale, ground.team, self.partners))
        families = {f.child.id or 0: -(f.child.household_id or -(f.child.id or 0)) for f in files}
        self._promises = tuple(promises(tale, self.contract, self.courses, self.shifts, families))
        people = [helper.volunteer for helper in self.helpers]
        self._certificates = tuple(certificates(tale, people, self.shifts, held))
        self.photos = tuple(photos(tale, held, files))

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """The bookings of all sessions in rooms, called off or not."""
        held = (one for course in self.courses for one in course.held)
        return tuple(one.booking for one in held if one.booking is not None)

    def records(self) -> Iterator[object]:
        """All of it but the photos, each record after those it points to."""
        yield from self.team.records
        for ally in self.partners:
            yield ally.partner
            yield from ally.contacts
        yield from self._groups
        if self.courses:
            yield self.contract
            yield from self._promises
        for helper in self.helpers:
            yield helper.volunteer
            yield from helper.records
        for course in self.courses:
            yield from course.records()
        yield from self._links
        yield from self._guests.signed
        yield from self.shifts
        yield from self._certificates
