"""Invented partners for the demonstration: whom to ask for, which activities are held with them, joint work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import Planned, begun_on, told_of_activities
from stationdesk.records.demonstration_people import People
from stationdesk.records.demonstration_screening import uuid_of
from stationdesk.records.partners import (
    JointWork,
    Partner,
    PartnerContact,
    PartnerDept,
    PartnerKind,
    PartnerLink,
)
from stationdesk.records.people import Sex

# One session more in so many years is one piece of joint work by hand.
_BY_HAND = 0.12


@dataclass(frozen=True, slots=True)
class Ally:
    """A partner and whom to ask for there."""

    partner: Partner
    contacts: tuple[PartnerContact, ...]


def allies(tale: Story) -> tuple[Ally, ...]:
    """All partners and their contacts, with ids from 1 on; one of them no longer."""
    if not tale.scale.sessions:
        return ()
    chance = Random(f"{tale.seed} partners")
    people = People(chance, tale.station.division_code[:6])
    told, ids = told_of_activities()["partners"], count(1)
    return tuple(_ally(tale, chance, people, ids, (number, item)) for number, item in enumerate(told, start=1))


def _ally(
    tale: Story, chance: Random, people: People, ids: Iterator[int], numbered: tuple[int, Mapping[str, Any]]
) -> Ally:
    number, told = numbered
    since = begun_on(tale) - timedelta(days=chance.randrange(10, 300))
    agreed_to = tale.until + timedelta(days=told["agreed"]) if "agreed" in told else None
    partner = Partner(
        id=number,
        uuid=uuid_of(chance),
        name=told["name"],
        dept=PartnerDept.of(told["dept"]),
        kind=PartnerKind.of(told["kind"]),
        address=f"{tale.station.district_name}{tale.station.township_name}杏荫路{chance.randrange(20, 200)}号",
        phone=f"0991-00{chance.randrange(10**5):05d}",
        cooperation=told["cooperation"],
        agreed_from=agreed_to - timedelta(days=364) if agreed_to else None,
        agreed_to=agreed_to,
        since=since,
        until=tale.until - timedelta(days=90) if "gone" in told else None,
    )
    contacts = (_contact(chance, people, number, post, first=n == 0) for n, post in enumerate(told["posts"]))
    return Ally(partner, tuple(replace(contact, id=next(ids)) for contact in contacts))


def _contact(chance: Random, people: People, partner_id: int, post: str, *, first: bool) -> PartnerContact:
    lineage, sex = people.lineage(), chance.choice((Sex.MALE, Sex.FEMALE))
    return PartnerContact(
        uuid=uuid_of(chance),
        partner_id=partner_id,
        name=people.named(lineage.ethnicity, sex, lineage.brothers),
        post=post,
        phone=people.phone(),
        is_liaison=first,
    )


def together(tale: Story, partners: Sequence[Ally], planned: Sequence[Planned]) -> Iterator[object]:
    """Which activities are held with whom, and the joint work entered by hand, each piece before its links."""
    chance = Random(f"{tale.seed} together")
    by_dept = {ally.partner.dept: ally.partner for ally in partners if ally.partner.until is None}
    for item in planned:
        wanted = [by_dept[PartnerDept.of(code)] for code in item.told["partners"] if PartnerDept.of(code) in by_dept]
        for partner in chance.sample(wanted, chance.randint(0 if len(wanted) == 1 else 1, len(wanted))):
            yield PartnerLink(uuid=uuid_of(chance), partner_id=partner.id or 0, activity_id=item.activity.id)
    for number, day in enumerate(_days(tale, chance), start=1):
        told = chance.choice(told_of_activities()["joint"])
        yield JointWork(
            id=number,
            uuid=uuid_of(chance),
            day=day,
            matter=told["matter"],
            result=chance.choice(told["results"]).format(count=chance.randrange(2, 9)),
        )
        for code in told["depts"]:
            partner = by_dept[PartnerDept.of(code)]
            yield PartnerLink(uuid=uuid_of(chance), partner_id=partner.id or 0, joint_work_id=number)


def _days(tale: Story, chance: Random) -> Iterator[date]:
    """The days of the work entered by hand, evenly spread."""
    pause = 365.25 / (tale.scale.sessions * _BY_HAND)
    for number in count(1):
        day = begun_on(tale) + timedelta(days=int(number * pause) - chance.randrange(0, max(1, int(pause / 2))))
        if day >= tale.until:
            return
        yield day
