"""Invented children's files for the demonstration, the same again for the same seed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from stationdesk.records.ages import birthday
from stationdesk.records.categories import Category
from stationdesk.records.children import (
    Child,
    ChildStatus,
    Discovery,
    HouseholdReg,
    Precision,
    RecordLevel,
    file_number,
)
from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_families import Home, Homes, Kid, years_before
from stationdesk.records.demonstration_lists import Lists, Stay, Subject
from stationdesk.records.demonstration_people import Lineage, People, told_of_children
from stationdesk.records.enrolments import ExitReason
from stationdesk.records.families import FATHER, FamilyMember, Household, guardian_kind_for
from stationdesk.records.family_codes import ParentState
from stationdesk.records.ids import IdKind, NoIdReason
from stationdesk.records.people import Sex
from stationdesk.records.staff import Post, Staff
from stationdesk.records.station import Community

_BACK = (ExitReason.OUT_OF_POVERTY, ExitReason.MOVED, ExitReason.GUARDIAN_RESTORED)
_AT_SIXTEEN = (Category.LEFT_BEHIND, Category.MIGRANT)
_KNOWN_TO = ((Precision.DAY, 80), (Precision.MONTH, 8), (Precision.YEAR, 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the files stand on: the saved team and communities."""

    team: Sequence[Staff]
    communities: Sequence[Community]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFile:
    """One file with the ids its records get in a new station; the household comes with the first of
    its children, `records` are the lines of all other lists."""

    opened: datetime
    child: Child
    household: Household | None = None
    family: tuple[FamilyMember, ...] = ()
    records: tuple[object, ...] = ()


def child_files(tale: Story, around: Around) -> Iterator[ChildFile]:
    """Every file, in the order in which they were opened and numbered.

    None breaks a rule that the stores would hold against it.
    """
    maker = _Maker(tale, around)
    numbers: Counter[int] = Counter()
    for child_id, plan in enumerate(sorted(maker.plans(), key=lambda plan: plan.opened), start=1):
        numbers[plan.opened.year] += 1
        number = file_number(tale.station.township_name, plan.opened.year, numbers[plan.opened.year])
        yield maker.full(plan, child_id, number) if plan.home else maker.light(plan, child_id, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A child before its file is written: who, of which home, since when; without a home a light one."""

    kid: Kid
    opened: date
    lineage: Lineage
    home: Home | None = None
    stays: tuple[Stay, ...] = ()


class _Maker:
    """Plans all children, then writes one file after the other."""

    def __init__(self, tale: Story, around: Around) -> None:
        self._tale = tale
        self._around = around
        self._chance = Random(f"{tale.seed} children")
        self._people = People(self._chance, tale.station.division_code[:6])
        self._lists = Lists(self._chance, self._people, tale.until)
        self._members = count(1)
        self._households: dict[str, int] = {}

    # --- plans -----------------------------------------------------------------------------------

    def plans(self) -> Iterator[_Plan]:
        """All children: in stock, once in stock, only registered."""
        tale = self._tale
        homes = Homes(self._chance, self._people, self._around.communities, tale.first, tale.until)
        for amount, in_stock in ((tale.scale.in_stock, True), (tale.scale.left, False)):
            for home in homes.of_children(amount, in_stock=in_stock):
                for kid in home.children:
                    opened = home.entered_on
                    if self._chance.random() < 0.15:
                        before = opened - timedelta(days=self._chance.randrange(20, 200))
                        opened = max(before, tale.first)
                    stays = self._stays(home, kid)
                    yield _Plan(kid=kid, opened=opened, lineage=home.lineage, home=home, stays=stays)
        span = (tale.until - tale.first).days
        for _ in range(tale.scale.light):
            yield self._registered(tale.first + timedelta(days=self._chance.randrange(span)))

    def _stays(self, home: Home, kid: Kid) -> tuple[Stay, ...]:
        chance, entered, left, reason = self._chance, home.entered_on, home.left_on, None
        if left is not None:
            reason = ExitReason.of(chance.choice(home.told["exits"]))
            young = Category.of(home.told["category"]) in _AT_SIXTEEN
            grown = birthday(kid.birth, 16 if young else 18)
            if grown <= left:
                left, reason = grown, ExitReason.AGED_OUT_16 if young else ExitReason.AGED_OUT
        days = ((left or self._tale.until) - entered).days
        if days < 300 or chance.random() > 0.12:
            return (Stay(entered, left, reason),)
        away = entered + timedelta(days=chance.randrange(60, days - 200))
        back = away + timedelta(days=chance.randrange(30, 150))
        return Stay(entered, away, chance.choice(_BACK)), Stay(back, left, reason)

    def _registered(self, opened: date) -> _Plan:
        """A neighbourhood child that came to an activity on a day."""
        chance = self._chance
        sex, lineage = chance.choice((Sex.MALE, Sex.FEMALE)), self._people.lineage()
        birth = years_before(opened, chance.randrange(4, 17)) - timedelta(days=chance.randrange(1, 365))
        kid = Kid(self._people.child(lineage, sex, birth), sex, birth)
        return _Plan(kid=kid, opened=opened, lineage=lineage)

    # --- files -----------------------------------------------------------------------------------

    def light(self, plan: _Plan, child_id: int, number: str) -> ChildFile:
        """A registration: who, about how old, and often whom to call."""
        chance = self._chance
        precision = chance.choices([known for known, _ in _KNOWN_TO], [weight for _, weight in _KNOWN_TO])[0]
        birth = plan.kid.birth if precision is Precision.DAY else plan.kid.birth.replace(day=1)
        child = replace(
            self._child(plan, child_id, number),
            birth_date=birth.replace(month=1) if precision is Precision.YEAR else birth,
            birth_precision=precision,
            community_id=chance.choice(self._around.communities).id if chance.random() < 0.85 else None,
            worker_id=self._serving(Post.SOCIAL_WORKER, self._tale.until) if chance.random() < 0.25 else None,
        )
        guardian = (self._guardian(plan, child_id),) if chance.random() < 0.85 else ()
        return ChildFile(opened=self._moment(plan.opened), child=child, family=guardian)

    def full(self, plan: _Plan, child_id: int, number: str) -> ChildFile:
        """A whole file of a child that is in stock, or was."""
        if plan.home is None:
            raise ValueError(plan)
        home, chance, texts, last = plan.home, self._chance, told_of_children(), plan.stays[-1]
        first = home.household.uuid not in self._households
        household_id = self._households.setdefault(home.household.uuid, len(self._households) + 1)
        activity = plan.opened < plan.stays[0].entered
        address = f"{self._tale.station.township_name}{home.household.address}"
        local = chance.random() < 0.7
        listens = "PSYCH" in home.told["needs"] and chance.random() < 0.6
        child = replace(
            self._child(plan, child_id, number),
            **self._document(home, plan.kid),
            record_level=RecordLevel.FULL,
            status=_status(plan.stays),
            other_name=chance.choice(texts["other_names"]) if chance.random() < 0.08 else None,
            ethnicity=home.lineage.ethnicity,
            reg_type=_registration(chance, home),
            reg_address=address if local else chance.choice(texts["elsewhere"]),
            residence=address,
            community_id=home.community.id,
            household_id=household_id,
            worker_id=self._serving(Post.SOCIAL_WORKER, last.left or self._tale.until),
            director_id=home.community.director_id,
            counsellor_id=self._serving(Post.COUNSELLOR, self._tale.until) if listens else None,
            helper_id=self._serving(Post.TEACHER, self._tale.until) if chance.random() < 0.1 else None,
            discovered_via=Discovery.ACTIVITY if activity else chance.choice(list(Discovery)[:10]),
            summary=chance.choice(home.told["summary"]) if chance.random() < 0.8 else None,
        )
        family = tuple(
            replace(member, id=next(self._members), uuid=self._uuid(), child_id=child_id) for member in home.members
        )
        subject = Subject(
            child=child,
            home=home,
            family=family,
            stays=plan.stays,
            worker_id=child.worker_id,
            approver_id=self._serving(Post.HEAD, self._tale.until),
            from_activity=activity,
        )
        return ChildFile(
            opened=self._moment(plan.opened),
            child=child,
            household=replace(home.household, id=household_id) if first else None,
            family=family,
            records=tuple(self._lists.of(subject)),
        )

    def _child(self, plan: _Plan, child_id: int, number: str) -> Child:
        """What both kinds of file have."""
        kid, chance = plan.kid, self._chance
        old = kid.birth <= years_before(self._tale.until, 13)
        return Child(
            id=child_id,
            uuid=self._uuid(),
            file_no=number,
            name=kid.name,
            sex=kid.sex,
            birth_date=kid.birth,
            phone=self._people.phone() if old and chance.random() < 0.4 else None,
        )

    def _document(self, home: Home, kid: Kid) -> dict[str, Any]:
        if "unregistered" in home.told:
            return {"no_id_reason": NoIdReason.UNREGISTERED}
        if self._chance.random() < 0.03:
            return {"no_id_reason": NoIdReason.PENDING}
        kind = self._chance.choice((IdKind.RESIDENT_ID, IdKind.RESIDENT_ID, IdKind.HOUSEHOLD_BOOK))
        return {"id_kind": kind, "id_no": self._people.id_no(kid.birth, kid.sex)}

    def _guardian(self, plan: _Plan, child_id: int) -> FamilyMember:
        """Who is called when something is the matter with a registered child."""
        chance, people, lineage = self._chance, self._people, plan.lineage
        told = told_of_children()["guardians"]
        relation = chance.choices([code for code, _ in told], [weight for _, weight in told])[0]
        sex = Sex.FEMALE if relation in ("52", "62", "64") else Sex.MALE
        line = lineage.brothers if relation == "83" else people.line(lineage.ethnicity)
        name = lineage.father if relation == FATHER else people.named(lineage.ethnicity, sex, line)
        member = FamilyMember(
            id=next(self._members),
            uuid=self._uuid(),
            child_id=child_id,
            relation=relation,
            name=name,
            phone=people.phone(),
            is_guardian=True,
            guardian_kind=guardian_kind_for(relation),
        )
        return replace(member, state=ParentState.UNKNOWN) if member.is_parent else member

    def _serving(self, post: Post, day: date) -> int | None:
        """One of those with a post who are there on `day`; the work is spread evenly over them."""
        fitting = [member for member in self._around.team if post in member.posts and member.serves_on(day)]
        return self._chance.choice(fitting).id if fitting else None

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, time(self._chance.randrange(10, 14), self._chance.randrange(60)))

    def _uuid(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"


def _status(stays: Sequence[Stay]) -> ChildStatus:
    """As `ChildStockStore` finds it from the stretches."""
    if stays[-1].left is None:
        return ChildStatus.ACTIVE
    return ChildStatus.DECEASED if stays[-1].reason is ExitReason.DECEASED else ChildStatus.EXITED


def _registration(chance: Random, home: Home) -> HouseholdReg:
    if "unregistered" in home.told:
        return HouseholdReg.NONE
    return chance.choices((HouseholdReg.URBAN, HouseholdReg.RURAL, HouseholdReg.COLLECTIVE), (60, 36, 4))[0]
