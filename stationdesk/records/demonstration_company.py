"""Who of the team helps at a session of the demonstration besides the one who runs it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import Planned, Slot
from stationdesk.records.demonstration_screening import Span, eligible
from stationdesk.records.sessions import ActivitySession
from stationdesk.records.staff import Staff

# Of so many sessions one has helpers.
_ONE_IN = 7


def accompanied(
    tale: Story, team: Sequence[Staff], ready: Mapping[int, Sequence[Span]], planned: Sequence[Planned]
) -> Iterator[Planned]:
    """The same activities, a few sessions with one or two more of the team, who may work with children that day
    and are nowhere else then."""
    chance = Random(f"{tale.seed} company")
    busy: dict[date, list[ActivitySession]] = defaultdict(list)
    for item in planned:
        for slot in item.slots:
            busy[slot.session.start.date()].append(slot.session)
    for item in planned:
        slots: list[Slot] = []
        for slot in item.slots:
            session, day = slot.session, slot.session.start.date()
            if chance.randrange(_ONE_IN) == 0:
                others = [one for one in busy[day] if one.start < session.end and session.start < one.end]
                taken = {number for one in others for number in (one.responsible_id, *one.staff_ids)}
                free = [
                    member.id or 0
                    for member in team
                    if member.serves_on(day) and eligible(ready.get(member.id or 0, ()), day) and member.id not in taken
                ]
                there = chance.sample(free, min(len(free), chance.choice((1, 1, 2))))
                busy[day].remove(session)
                session = replace(session, staff_ids=tuple(sorted(there)))
                busy[day].append(session)
            slots.append(replace(slot, session=session))
        yield replace(item, slots=tuple(slots))
