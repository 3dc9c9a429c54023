"""What stands in the lists of an invented child's file, as its situation and its years ask for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from stationdesk.records.ages import age_on, birthday
from stationdesk.records.benefits import Benefit, BenefitKind, BenefitState
from stationdesk.records.care import ChildNeed, DelegatedCare, Need
from stationdesk.records.categories import (
    Category,
    ChildCategory,
    Circumstances,
    Colour,
    ImproperKind,
    OrphanKind,
    RiskLevel,
    risk_suggestions,
)
from stationdesk.records.children import Child
from stationdesk.records.consents import HEARD, Consent, ConsentKind, ConsentMethod
from stationdesk.records.demonstration_assessments import assessed_levels
from stationdesk.records.demonstration_families import Home
from stationdesk.records.demonstration_people import People, told_of_children
from stationdesk.records.enrolments import Enrolment, EntryReason, ExitReason
from stationdesk.records.families import FamilyMember
from stationdesk.records.family_codes import CareRating
from stationdesk.records.health import DisabilityGrade, DisabilityType, HealthItem, HealthKind, Illness
from stationdesk.records.people import Sex
from stationdesk.records.schooling import EduStage, Schooling

_DAY = timedelta(days=1)
# How often a colour is found milder, or graver, when it is looked at again.
_MILDER = {Colour.RED: 0.7, Colour.YELLOW: 0.45, Colour.BLUE: 0.22, Colour.GREEN: 0.0}
_GRAVER = {Colour.RED: 0.0, Colour.YELLOW: 0.04, Colour.BLUE: 0.06, Colour.GREEN: 0.18}
_STAGES = ((0, EduStage.NOT_ENROLLED), (3, EduStage.KINDERGARTEN), (6, EduStage.PRIMARY), (12, EduStage.JUNIOR))
_LAST_STAGES = (EduStage.SENIOR, EduStage.VOCATIONAL)
_OVER_AGE = (BenefitKind.ORPHAN_LIVING, BenefitKind.DEFACTO_LIVING)
# Each with how many agree to it.
_CONSENTS = (
    (ConsentKind.SERVICE, 1.0),
    (ConsentKind.INFO, 1.0),
    (ConsentKind.SENSITIVE, 0.8),
    (ConsentKind.ACTIVITY, 0.4),
    (ConsentKind.PHOTO_FILE, 0.4),
    (ConsentKind.PHOTO_PUBLICITY, 0.1),
)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stretch in stock."""

    entered: date
    left: date | None = None
    reason: ExitReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The child whose lists are written: the file, the family with its ids, the stretches in stock."""

    child: Child
    home: Home
    family: Sequence[FamilyMember]
    stays: Sequence[Stay]
    worker_id: int | None
    approver_id: int | None
    from_activity: bool

    @property
    def child_id(self) -> int:
        """The id of the file."""
        return self.child.id or 0

    @property
    def birth(self) -> date:
        """The birth date, which every full file has."""
        return self.child.birth_date or self.entered

    @property
    def entered(self) -> date:
        """The first day in stock."""
        return self.stays[0].entered

    @property
    def left(self) -> date | None:
        """The last day, when there is one."""
        return self.stays[-1].left


class StockLists:
    """Draws the stretches, categories and levels of one file after the other; `until` is the story's
    today."""

    def __init__(self, chance: Random, people: People, until: date) -> None:
        self._chance = chance
        self._people = people
        self._until = until

    def _own(self, subject: Subject) -> dict[str, Any]:
        """What every record of a child begins with."""
        return {"uuid": f"{self._chance.getrandbits(128):032x}", "child_id": subject.child_id}

    def _end(self, subject: Subject) -> date:
        """The last day on which something can have happened."""
        return subject.left or self._until - _DAY

    def _enrolments(self, subject: Subject) -> Iterator[Enrolment]:
        chance, texts = self._chance, told_of_children()
        for number, stay in enumerate(subject.stays):
            why = EntryReason.ACTIVITY if subject.from_activity else chance.choice(list(EntryReason)[:5])
            other = stay.reason is ExitReason.OTHER
            note = (
                texts["other_exit"] if other else chance.choice(texts["exit_notes"]) if chance.random() < 0.2 else None
            )
            yield Enrolment(
                **self._own(subject),
                entered_on=stay.entered,
                entry_reason=EntryReason.REENTER if number else why,
                left_on=stay.left,
                exit_reason=stay.reason,
                exit_note=note if stay.left else None,
                approved_by=subject.approver_id if stay.left else None,
            )

    def _categories(self, subject: Subject) -> Iterator[ChildCategory]:
        chance, told = self._chance, subject.home.told
        main = Category.of(told["category"])
        also = [Category.of(code) for code in told["also"]]
        poor = subject.home.household.poverty_kind is not None
        for stay in subject.stays:
            until = max(stay.entered, stay.left - _DAY) if stay.left else None
            yield self._category(subject, main, stay.entered, until, is_primary=True)
            for category in also:
                if chance.random() < 0.4 and (poor or category is not Category.POVERTY):
                    since = stay.entered + timedelta(days=chance.randrange(40))
                    last = stay.left or self._until
                    over = since + timedelta(days=chance.randrange(30, 900)) if chance.random() < 0.3 else until
                    if since < last:
                        ended = None if over is None else max(since, min(over, last - _DAY))
                        yield self._category(subject, category, since, ended, is_primary=False)

    def _category(
        self, subject: Subject, category: Category, since: date, until: date | None, *, is_primary: bool
    ) -> ChildCategory:
        chance = self._chance
        basis = told_of_children()["basis"].get(category.code)
        improper = subject.home.told.get("improper", ()) if category is Category.IMPROPER_GUARDIANSHIP else ()
        kinds = {ImproperKind.of(code) for code in chance.sample(improper, min(len(improper), 2))}
        return ChildCategory(
            **self._own(subject),
            category=category,
            since=since,
            until=until,
            basis=basis.format(year=since.year, number=chance.randrange(1, 10_000)) if basis else None,
            is_primary=is_primary,
            orphan_kind=OrphanKind.DISPERSED if category is Category.ORPHAN else None,
            improper_kinds=tuple(kind for kind in ImproperKind if kind in kinds),
        )

    def _levels(self, subject: Subject, categories: Sequence[ChildCategory]) -> Iterator[RiskLevel]:
        chance, told = self._chance, told_of_children()["risk"]
        first = categories[0]
        found = Circumstances(categories=(first.category,), improper=first.improper_kinds)
        colour, why, day = risk_suggestions(found)[0].colour, "first", subject.entered
        while day <= self._end(subject):
            yield RiskLevel(
                **self._own(subject),
                colour=colour,
                rated_at=datetime.combine(day, time(chance.randrange(10, 19), 5 * chance.randrange(12))),
                rated_by=subject.approver_id if why == "milder" else subject.worker_id,
                reason=chance.choice(told[why]),
            )
            day += timedelta(days=chance.randrange(60, 300))
            colour, why = self._again(colour)

    def _again(self, colour: Colour) -> tuple[Colour, str]:
        order, draw = list(Colour), self._chance.random()
        if draw < _MILDER[colour]:
            return order[order.index(colour) + 1], "milder"
        if draw < _MILDER[colour] + _GRAVER[colour]:
            return order[order.index(colour) - 1], "graver"
        return colour, "same"


class Lists(StockLists):
    """Draws all lists of a file."""

    def of(self, subject: Subject) -> Iterator[object]:
        """All records of a full file but the child and the family."""
        categories = tuple(self._categories(subject))
        yield from self._enrolments(subject)
        yield from categories
        levels, assessments = assessed_levels(tuple(self._levels(subject, categories)), subject.approver_id)
        yield from levels
        yield from assessments
        yield from self._schooling(subject)
        yield from self._health(subject)
        yield from self._benefits(subject)
        yield from self._consents(subject)
        yield from self._care(subject)
        yield from self._needs(subject)

    def _schooling(self, subject: Subject) -> Iterator[Schooling]:
        """Stage after stage by the Septembers of a life, as far as the station has kept them."""
        dropout = subject.entered - timedelta(days=20) if "dropout" in subject.home.told else None
        steps = [(stage, subject.birth if age == 0 else september(subject.birth, age)) for age, stage in _STAGES]
        steps.append((self._chance.choice(_LAST_STAGES), september(subject.birth, 15)))
        if dropout is not None:
            steps = [step for step in steps if step[1] < dropout] + [(EduStage.DROPOUT, dropout + _DAY)]
        special = subject.home.told.get("health") == "DISABILITY" and self._chance.random() < 0.4
        for number, (stage, since) in enumerate(steps):
            last = number + 1 == len(steps) or steps[number + 1][1] > self._end(subject)
            until = None if last else steps[number + 1][1] - _DAY
            if until is None or until >= subject.entered:
                yield self._stretch(subject, _specially(stage) if special else stage, since, until, dropout)
            if last:
                return

    def _stretch(
        self, subject: Subject, stage: EduStage, since: date, until: date | None, dropout: date | None
    ) -> Schooling:
        chance, texts = self._chance, told_of_children()
        schools: Mapping[str, Sequence[str]] = texts["schools"]
        common: dict[str, Any] = {**self._own(subject), "stage": stage, "since": since, "until": until}
        if stage is EduStage.DROPOUT:
            return Schooling(**common, dropout_on=dropout, dropout_reason=chance.choice(texts["dropout_reasons"]))
        if stage.code not in schools:
            return Schooling(**common)
        year = ((until or self._end(subject)) - since).days // 365
        teacher = chance.random() < 0.6
        return Schooling(
            **common,
            school=chance.choice(schools[stage.code]),
            grade_class=_class(stage, year, chance.randrange(1, 9)),
            boarding=stage in (EduStage.JUNIOR, *_LAST_STAGES) and chance.random() < 0.3,
            teacher_name=self._people.named("01", Sex.FEMALE, self._people.line("01")) if teacher else None,
            teacher_phone=self._people.phone() if teacher else None,
        )

    def _health(self, subject: Subject) -> Iterator[HealthItem]:
        chance, texts = self._chance, told_of_children()
        kind = subject.home.told.get("health")
        known = subject.birth + timedelta(days=chance.randrange(30, max(31, (subject.entered - subject.birth).days)))
        if kind == "DISABILITY":
            yield self._disability(subject, known)
        elif kind is not None:
            ill = Illness.HIV if kind == "HIV" else chance.choice(list(Illness)[1:])
            yield HealthItem(
                **self._own(subject),
                kind=HealthKind.SERIOUS_ILLNESS,
                illness=ill,
                text=chance.choice(texts["illness_text"]),
                diagnosed_on=known,
                costly=chance.random() < 0.6,
            )
        for usual, share, told in ((HealthKind.CHRONIC, 0.06, "chronic"), (HealthKind.ALLERGY, 0.03, "allergy")):
            if chance.random() < share:
                yield HealthItem(**self._own(subject), kind=usual, text=chance.choice(texts[told]), diagnosed_on=known)

    def _disability(self, subject: Subject, known: date) -> HealthItem:
        chance = self._chance
        kind, grade = chance.choice(list(DisabilityType)), chance.choice(list(DisabilityGrade)[:4])
        number, certified = subject.child.id_no, chance.random() < 0.85
        return HealthItem(
            **self._own(subject),
            kind=HealthKind.DISABILITY,
            disability=kind,
            grade=grade,
            autism=kind is DisabilityType.MENTAL and chance.random() < 0.6,
            cert_no=f"{number}{kind.code}{grade.code}" if number and certified else None,
            text=chance.choice(told_of_children()["disability_text"]) if chance.random() < 0.5 else None,
            diagnosed_on=known,
        )

    # --- what the family gets, and agreed to -----------------------------------------------------

    def _benefits(self, subject: Subject) -> Iterator[Benefit]:
        chance = self._chance
        for code, amount in subject.home.told["benefits"]:
            if chance.random() < 0.25:
                continue
            kind, state, until = BenefitKind.of(code), BenefitState.ENJOYING, None
            since = (subject.entered.replace(day=1) + timedelta(days=32)).replace(day=1)
            if subject.left is not None:
                state, until = BenefitState.STOPPED, max(since, subject.left)
                studying = subject.left > self._until - timedelta(days=4 * 365)
                if kind in _OVER_AGE and subject.stays[-1].reason is ExitReason.AGED_OUT and studying:
                    state, until = BenefitState.OVERAGE_CONT, None
            elif since > self._until or chance.random() < 0.2:
                since = subject.entered
                state = chance.choice((BenefitState.APPLYING, BenefitState.ELIGIBLE_NOT_YET))
            waits = state is BenefitState.APPLYING
            yield Benefit(
                **self._own(subject),
                kind=kind,
                state=state,
                amount=Decimal(amount) if amount and state is not BenefitState.ELIGIBLE_NOT_YET else None,
                since=since,
                until=until,
                note=chance.choice(told_of_children()["benefit_notes"]) if waits else None,
            )

    def _consents(self, subject: Subject) -> Iterator[Consent]:
        chance, day = self._chance, subject.entered
        guardians = sorted((m for m in subject.family if m.is_guardian), key=lambda m: not m.is_carer)
        heard = age_on(subject.birth, day) >= HEARD
        if not guardians:
            for kind in (ConsentKind.SERVICE, ConsentKind.INFO):
                yield Consent(**self._own(subject), kind=kind, method=ConsentMethod.LEGAL_DUTY, signed_on=day)
            return
        agreed = [kind for kind, share in _CONSENTS if chance.random() < share]
        if subject.child.counsellor_id is not None:
            agreed.append(ConsentKind.COUNSELLING)
        for kind in agreed:
            oral = chance.random() < 0.05
            after = day + timedelta(days=chance.randrange(30, 400))
            taken_back = kind is ConsentKind.PHOTO_PUBLICITY and chance.random() < 0.3 and after < self._end(subject)
            yield Consent(
                **self._own(subject),
                kind=kind,
                given_by=guardians[0].id,
                assent=heard,
                method=ConsentMethod.ORAL if oral else ConsentMethod.PAPER,
                signed_on=day,
                withdrawn_on=after if taken_back else None,
                witnesses=chance.choice(told_of_children()["witnesses"]) if oral else None,
            )

    def _care(self, subject: Subject) -> Iterator[DelegatedCare]:
        chance = self._chance
        carer = next((m for m in subject.family if m.is_carer and not m.is_parent), None)
        if "care" not in subject.home.told or carer is None:
            return
        signed = chance.random() < 0.8
        since = subject.entered - timedelta(days=chance.randrange(60))
        yield DelegatedCare(
            **self._own(subject),
            carer_id=carer.id or 0,
            since=since,
            signed_on=subject.entered if signed else None,
            valid_to=subject.left,
            school_told=signed and chance.random() < 0.7,
            village_told=signed,
            weekly_contact=chance.random() < 0.8,
            ability=chance.choices(list(CareRating), (5, 4, 1))[0],
            checked=signed or chance.random() < 0.5,
        )

    def _needs(self, subject: Subject) -> Iterator[ChildNeed]:
        chance, needs = self._chance, subject.home.told["needs"]
        for code in chance.sample(needs, min(len(needs), chance.randrange(1, 4))):
            met = subject.entered + timedelta(days=chance.randrange(20, 400))
            yield ChildNeed(
                **self._own(subject),
                need=Need.of(code),
                since=subject.entered,
                met_on=met if chance.random() < 0.5 and met <= self._end(subject) else None,
                note=chance.choice(told_of_children()["need_notes"]) if chance.random() < 0.3 else None,
            )


def september(birth: date, age: int) -> date:
    """The first of September by which a child is `age`: when that school begins."""
    reached = birthday(birth, age)
    start = date(reached.year, 9, 1)
    return start if start >= reached else date(reached.year + 1, 9, 1)


def _specially(stage: EduStage) -> EduStage:
    return EduStage.SPECIAL if stage in (EduStage.PRIMARY, EduStage.JUNIOR, *_LAST_STAGES) else stage


def _class(stage: EduStage, year: int, number: int) -> str:
    """The class of somebody in that year of a stage, counted from 0."""
    if stage is EduStage.KINDERGARTEN:
        return str(told_of_children()["kindergarten_class"][min(year, 2)])
    grades = "一二三四五六" if stage in (EduStage.PRIMARY, EduStage.SPECIAL) else "一二三"
    return f"{grades[min(year, len(grades) - 1)]}年级{number}班"
