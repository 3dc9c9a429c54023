"""Who comes to the activities of the demonstration: its children, by age, by keenness, with brothers and sisters."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from random import Random

from stationdesk.records.activities import Activity
from stationdesk.records.ages import age_on, born_between
from stationdesk.records.children import RecordLevel
from stationdesk.records.consents import HEARD, OWN_SAY, Consent, ConsentKind, agreed
from stationdesk.records.demonstration_children import ChildFile
from stationdesk.records.demonstration_screening import uuid_of
from stationdesk.records.enrolments import Enrolment

# How many chances a child has to be drawn: a few come to nearly all they can, half hardly ever.
_KEEN = ((8, 4), (3, 46), (1, 50))
_SIBLING = 0.8
# So often is somebody drawn for one place before it stays empty.
_TRIES = 8


@dataclass(slots=True, kw_only=True)
class Guest:
    """A child as far as activities ask: from when to when it is there, whose family it is of, what was agreed to,
    and on which days it comes already."""

    child_id: int
    birth: date
    opened: datetime
    left: date | None
    family: int
    guardian_id: int | None
    keen: int
    consents: list[Consent] = field(default_factory=list)
    days: set[date] = field(default_factory=set)

    def is_there(self, day: date) -> bool:
        """Whether its file is open, open already for a day, and nothing else is on that day."""
        return self.opened.date() < day and (self.left is None or day < self.left) and day not in self.days


class Guests:
    """All children, drawn again and again; what they agree to for an activity is kept in `signed`."""

    def __init__(self, chance: Random, files: Iterable[ChildFile], until: date) -> None:
        self._chance = chance
        self._until = until
        guests = sorted(self._read(files), key=attrgetter("birth", "child_id"))
        self._chances = [guest for guest in guests for _ in range(guest.keen)]
        self._births = [guest.birth for guest in self._chances]
        self._families: dict[int, list[Guest]] = defaultdict(list)
        for guest in guests:
            self._families[guest.family].append(guest)
        self.signed: list[Consent] = []

    def _read(self, files: Iterable[ChildFile]) -> Iterator[Guest]:
        rates, weights = zip(*_KEEN, strict=True)
        for file in files:
            child = file.child
            if child.birth_date is None:
                continue
            stays = [record for record in file.records if isinstance(record, Enrolment)]
            full = child.record_level is RecordLevel.FULL
            guardians = sorted((m for m in file.family if m.is_guardian), key=lambda m: not m.is_carer)
            yield Guest(
                child_id=child.id or 0,
                birth=child.birth_date,
                opened=file.opened,
                left=stays[-1].left_on if full and stays else None,
                family=-(child.household_id or -(child.id or 0)),
                guardian_id=guardians[0].id if guardians else None,
                keen=self._chance.choices(rates, weights)[0],
                consents=[record for record in file.records if isinstance(record, Consent)],
            )

    def drawn(self, activity: Activity, day: date, most: int, without: Collection[int] = ()) -> Sequence[Guest]:
        """Up to `most` children who may take part on `day`, brothers and sisters together."""
        low = 0 if activity.age_from is None else activity.age_from
        high = 17 if activity.age_to is None else activity.age_to
        oldest, youngest = born_between(low, high, day)
        begin, end = bisect_left(self._births, oldest), bisect_right(self._births, youngest)
        found: dict[int, Guest] = {}
        for _ in range(_TRIES * most):
            if len(found) >= most or begin == end:
                break
            guest = self._chances[begin + int(self._chance.random() * (end - begin))]
            if guest.child_id in found or not guest.is_there(day):
                continue
            for one in (guest, *self._families[guest.family]):
                comes = one is guest or self._chance.random() < _SIBLING
                if one.child_id in found or one.child_id in without or not comes or len(found) >= most:
                    continue
                if self.may(one, activity, day):
                    found[one.child_id] = one
        return tuple(found.values())

    def may(self, guest: Guest, activity: Activity, day: date) -> bool:
        """Whether a child may take part on `day`; what has to be agreed to is signed for it."""
        low = 0 if activity.age_from is None else activity.age_from
        high = 17 if activity.age_to is None else activity.age_to
        if not guest.is_there(day) or not low <= age_on(guest.birth, day) <= high:
            return False
        return all(self._agrees(guest, kind, day) for kind in activity.consents)

    def _agrees(self, guest: Guest, kind: ConsentKind, day: date) -> bool:
        if agreed(guest.consents, kind, guest.birth, day):
            return True
        before = day - timedelta(days=self._chance.randrange(1, 10))
        signed_on = max(guest.opened.date(), min(before, self._until - timedelta(days=1)))
        age, grown = age_on(guest.birth, signed_on), age_on(guest.birth, day) >= OWN_SAY
        if (guest.guardian_id is None and age < OWN_SAY) or (grown and age < HEARD):
            return False
        consent = Consent(
            uuid=uuid_of(self._chance),
            child_id=guest.child_id,
            kind=kind,
            given_by=guest.guardian_id,
            assent=age >= HEARD,
            signed_on=signed_on,
        )
        guest.consents.append(consent)
        self.signed.append(consent)
        return True
