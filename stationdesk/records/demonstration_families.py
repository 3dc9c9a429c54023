"""Invented households for the demonstration: a situation, the parents' states, who cares for the children."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from stationdesk.records.ages import birthday
from stationdesk.records.demonstration_people import Lineage, People, told_of_children
from stationdesk.records.families import FATHER, MOTHER, FamilyMember, Household, guardian_kind_for
from stationdesk.records.family_codes import (
    DEAD,
    TERMED,
    FamilyType,
    GuardianKind,
    Health,
    Housing,
    IncomeSource,
    ParentState,
    PovertyKind,
)
from stationdesk.records.health import DisabilityGrade, DisabilityType
from stationdesk.records.people import Sex
from stationdesk.records.station import Community

# A child is this old at least when its file begins, so that what befell the parents has its time.
_YOUNGEST = 300
# The golden section spreads days evenly however few there are.
_SPREAD = 0.618034
_SOON = 0.06
_GROWN = 0.2
_SINCE_NEVER = (ParentState.HEALTHY, ParentState.MINOR_DISABLED, ParentState.UNKNOWN)
_NO_GUARDIAN = (*DEAD, ParentState.REVOKED, ParentState.UNKNOWN)
_SENTENCED = (ParentState.IN_CUSTODY, ParentState.DRUG_REHAB)
_HEALTHS = {
    ParentState.MINOR_DISABLED: Health.DISABILITY,
    ParentState.SEVERE_DISABLED: Health.DISABILITY,
    ParentState.SERIOUS_ILL: Health.SERIOUS_ILLNESS,
}

_BODILY = (DisabilityType.SIGHT, DisabilityType.HEARING, DisabilityType.LIMBS)
# Of a minor disability, and of a severe one.
_GRADES = ((DisabilityGrade.THIRD, DisabilityGrade.FOURTH), (DisabilityGrade.FIRST, DisabilityGrade.SECOND))


@dataclass(frozen=True, slots=True)
class Kid:
    """Who a child is."""

    name: str
    sex: Sex
    birth: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A household with its children, in stock from one day on, and until when; `members` are as seen
    from each of the children, whose ids they get later."""

    told: Mapping[str, Any]
    lineage: Lineage
    community: Community
    household: Household
    members: tuple[FamilyMember, ...]
    children: tuple[Kid, ...]
    entered_on: date
    left_on: date | None


def years_before(day: date, years: int) -> date:
    """The day of which `day` is the birthday `years` later."""
    return birthday(day, -years)


class Homes:
    """Draws one household after the other."""

    def __init__(
        self, chance: Random, people: People, communities: Sequence[Community], first: date, until: date
    ) -> None:
        self._chance = chance
        self._people = people
        self._communities = communities
        self._first = first + timedelta(days=3)
        self._until = until

    def of_children(self, count: int, *, in_stock: bool) -> Iterator[Home]:
        """Households with `count` children altogether, all of them in stock or none."""
        number = 0
        while count > 0:
            home = self._home(count, number * _SPREAD % 1, in_stock=in_stock)
            count -= len(home.children)
            number += 1
            yield home

    def _home(self, most: int, share: float, *, in_stock: bool) -> Home:
        situations = told_of_children()["situations"]
        told = self._chance.choices(situations, [item["weight"] for item in situations])[0]
        lineage = self._people.lineage()
        entered, left = self._stay(told, share, in_stock=in_stock)
        children = self._children(told, lineage, entered, left, most)
        members = self._members(told, lineage, children, entered, left or self._until)
        return Home(
            told=told,
            lineage=lineage,
            community=self._chance.choice(self._communities),
            household=self._household(told, members, len(children)),
            members=members,
            children=children,
            entered_on=entered,
            left_on=left,
        )

    def _stay(self, told: Mapping[str, Any], share: float, *, in_stock: bool) -> tuple[date, date | None]:
        """From when to when; those in stock came lately rather than long ago, for children grow up."""
        last = self._until - timedelta(days=1)
        span = (last - self._first).days
        if not in_stock:
            left = last - timedelta(days=int(max(0, span - 60) * share))
            stay = timedelta(days=self._chance.randrange(60, 900))
            return max(self._first, left - stay), left
        entered = last - timedelta(days=int(span * share**1.5))
        # Whoever is in stock today must have been old enough then.
        oldest = years_before(self._until, told.get("to_age", 17) + 1)
        return max(entered, birthday(oldest, told.get("from_age", 0)) + timedelta(days=_YOUNGEST + 60)), None

    # --- the children ----------------------------------------------------------------------------

    def _children(
        self, told: Mapping[str, Any], lineage: Lineage, entered: date, left: date | None, most: int
    ) -> tuple[Kid, ...]:
        count = 1 if "one" in told else min(most, self._chance.choices((1, 2, 3, 4), (58, 29, 10, 3))[0])
        kids = []
        for birth in sorted(self._births(told, entered, left, count)):
            sex = self._chance.choice((Sex.MALE, Sex.FEMALE))
            kids.append(Kid(self._people.child(lineage, sex, birth), sex, birth))
        return tuple(kids)

    def _births(self, told: Mapping[str, Any], entered: date, left: date | None, count: int) -> list[date]:
        chance, to_age = self._chance, told.get("to_age", 17)
        latest = years_before(entered, told.get("from_age", 0)) - timedelta(days=_YOUNGEST)
        since, days = (self._until, 10) if left is None else (entered, 60)
        earliest = years_before(since, to_age + 1) + timedelta(days=days)
        births = [_between(chance, earliest, latest)]
        if chance.random() < (_SOON if left is None else _GROWN):
            # A birthday that changes something has just been, or is near; or it was why the child left.
            grown = left or self._until + timedelta(days=chance.randrange(-9, 120))
            birth = years_before(grown, to_age + 1)
            births = [birth] if birth <= latest and grown > entered + timedelta(days=60) else births
        for _ in range(count - 1):
            other = births[0] + timedelta(days=chance.choice((-1, 1)) * chance.randrange(330, 1500))
            apart = all(abs((other - birth).days) >= 300 for birth in births)
            if apart and earliest <= other <= latest:
                births.append(other)
        return births

    # --- the family ------------------------------------------------------------------------------

    def _members(
        self, told: Mapping[str, Any], lineage: Lineage, children: Sequence[Kid], entered: date, end: date
    ) -> tuple[FamilyMember, ...]:
        chance, people = self._chance, self._people
        oldest, youngest = children[0].birth, children[-1].birth
        mothers = people.line(lineage.ethnicity)
        mother = people.named(lineage.ethnicity, Sex.FEMALE, mothers)
        parents = []
        for relation, name, sex, ages, key in (
            (FATHER, lineage.father, Sex.MALE, (21, 38), "father"),
            (MOTHER, mother, Sex.FEMALE, (19, 33), "mother"),
        ):
            birth = years_before(oldest, chance.randrange(*ages)) - timedelta(days=chance.randrange(1, 365))
            parent = self._person(relation, name, sex, birth)
            state = ParentState.of(chance.choice(told[key]))
            parents.append(self._in_state(parent, state, told, youngest, entered, end))
        parents = [_guarding(parent, parents, told) for parent in parents]
        kin = [code for code in told["carers"] if code not in (FATHER, MOTHER)]
        others = []
        if kin:
            carer = self._kin(chance.choice(kin), lineage, mothers, parents)
            guards = "kin" in told
            kind = guardian_kind_for(carer.relation) if guards else None
            others.append(replace(carer, is_carer=True, lives_with_child=True, is_guardian=guards, guardian_kind=kind))
        elif chance.random() < 0.2:
            others.append(replace(self._kin("62", lineage, mothers, parents), lives_with_child=True))
        return (*parents, *others)

    def _person(self, relation: str, name: str, sex: Sex, birth: date) -> FamilyMember:
        chance = self._chance
        return FamilyMember(
            child_id=0,
            relation=relation,
            name=name,
            sex=sex,
            birth_date=birth,
            id_no=self._people.id_no(birth, sex) if chance.random() < 0.7 else None,
            phone=self._people.phone() if chance.random() < 0.9 else None,
            health=Health.HEALTHY,
            note=chance.choice(told_of_children()["family_notes"]) if chance.random() < 0.08 else None,
        )

    def _in_state(
        self,
        parent: FamilyMember,
        state: ParentState,
        told: Mapping[str, Any],
        youngest: date,
        entered: date,
        end: date,
    ) -> FamilyMember:
        """A parent as the situation has it; what it rests on began between the youngest's birth and the file."""
        chance, texts = self._chance, told_of_children()
        health = _HEALTHS.get(state, Health.HEALTHY)
        carer = parent.relation in told["carers"] and state not in (*DEAD, *TERMED)
        home = carer or (state in _SINCE_NEVER and "TWO_PARENT" in told["family"])
        found = replace(parent, state=state, health=health, is_carer=carer, lives_with_child=home)
        if health is Health.DISABILITY:
            grades = _GRADES[state is ParentState.SEVERE_DISABLED]
            found = replace(found, disability=chance.choice(_BODILY), grade=chance.choice(grades))
        if state is ParentState.UNKNOWN:
            return replace(found, name=None, id_no=None, birth_date=None, phone=None, health=None)
        if state in _SINCE_NEVER:
            return replace(found, occupation=chance.choice(texts["occupations"]))
        before = 200 if state in TERMED else 10
        first = max(youngest + timedelta(days=20), entered - timedelta(days=1500))
        since = _between(chance, first, entered - timedelta(days=before))
        found = replace(found, state_from=since, phone=None if state in (*DEAD, *TERMED) else parent.phone)
        if state in DEAD:
            return replace(found, health=None, id_no=None)
        if state is ParentState.AWAY_WORK:
            work = chance.choice(texts["work_places"])
            return replace(found, work_place=work, occupation=chance.choice(texts["occupations"]))
        if state is ParentState.LOST_CONTACT:
            return replace(found, reported_on=since + timedelta(days=chance.randrange(1, 9)))
        if state in _SENTENCED:
            return replace(found, state_months=max(6, (end - since).days // 30 + chance.randrange(1, 40)))
        return found

    def _kin(self, relation: str, lineage: Lineage, mothers: str, parents: Sequence[FamilyMember]) -> FamilyMember:
        """A grandparent, or an uncle on the father's side."""
        chance, people, ethnicity = self._chance, self._people, lineage.ethnicity
        sex = Sex.FEMALE if relation in ("62", "64") else Sex.MALE
        dotted = "·" in lineage.father
        own_line = people.line(ethnicity)
        name = {
            "61": f"{lineage.brothers}·{own_line}" if dotted else people.named(ethnicity, sex, lineage.brothers),
            "63": f"{mothers}·{own_line}" if dotted else people.named(ethnicity, sex, mothers),
            "83": people.named(ethnicity, sex, lineage.brothers),
        }.get(relation) or people.named(ethnicity, sex, own_line)
        parent = parents[1 if relation in ("63", "64") else 0]
        born = parent.birth_date or years_before(self._until, 40)
        older = chance.randrange(-3, 1) if relation == "83" else chance.randrange(20, 29)
        person = self._person(relation, name, sex, years_before(born, older) - timedelta(days=chance.randrange(1, 365)))
        health = chance.choice((Health.HEALTHY, Health.HEALTHY, Health.CHRONIC))
        return replace(person, health=health, phone=person.phone or people.phone())

    # --- the household ---------------------------------------------------------------------------

    def _household(self, told: Mapping[str, Any], members: Sequence[FamilyMember], children: int) -> Household:
        chance, texts = self._chance, told_of_children()
        poverty = chance.choice(told["poverty"])
        income = 0 if poverty == "TEKUN" else chance.randrange(8, 60) * 100
        return Household(
            uuid=f"{chance.getrandbits(128):032x}",
            address=_address(chance),
            size=children + sum(member.lives_with_child for member in members),
            children=children,
            family_type=FamilyType.of(chance.choice(told["family"])),
            housing=chance.choices(
                (Housing.OWN_CITY, Housing.PUBLIC_RENT, Housing.RENT, Housing.RELATIVE, Housing.UNSAFE, Housing.DORM),
                (30, 25, 30, 8, 3, 4),
            )[0],
            housing_area=Decimal(chance.randrange(28, 130)),
            income_sources=_sources(chance, poverty),
            monthly_income=Decimal(income) if chance.random() < 0.8 else None,
            poverty_kind=None if poverty == "-" else PovertyKind.of(poverty),
            difficulties=chance.choice(texts["difficulties"]) if chance.random() < 0.6 else None,
            surroundings=chance.choice(texts["surroundings"]) if chance.random() < 0.5 else None,
        )


def _between(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _address(chance: Random) -> str:
    street = chance.choice(told_of_children()["streets"])
    house, block, stairs = chance.randrange(1, 180), chance.randrange(1, 20), chance.randrange(1, 5)
    return f"{street}{house}号{block}栋{stairs}单元{chance.randrange(1, 6)}0{chance.randrange(1, 5)}室"


def _sources(chance: Random, poverty: str) -> tuple[IncomeSource, ...]:
    state = (IncomeSource.GOV,) if poverty in ("DIBAO", "TEKUN") else ()
    return (*state, chance.choice((IncomeSource.WAGE, IncomeSource.WAGE, IncomeSource.KIN, IncomeSource.OTHER)))


def _guarding(parent: FamilyMember, parents: Sequence[FamilyMember], told: Mapping[str, Any]) -> FamilyMember:
    """Both parents are guardians where nothing speaks against it; none where kin took their place."""
    able = [item for item in parents if item.state not in _NO_GUARDIAN]
    if "kin" in told or parent not in able:
        return parent
    kind = GuardianKind.PARENTS if len(able) == 2 else guardian_kind_for(parent.relation)
    return replace(parent, is_guardian=True, guardian_kind=kind)
