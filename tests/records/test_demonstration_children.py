"""The invented children keep every rule that the stores hold the real ones to, and are the same for the same seed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

import pytest

from stationdesk.codes import code_list
from stationdesk.errors import Problem
from stationdesk.fields import check
from stationdesk.records.ages import ADULT, AgeStep, age_on, age_proposals, birth_problems
from stationdesk.records.assessment_forms import AssessedLevel, AssessmentKind, levels_of
from stationdesk.records.assessments import Assessment, propose, reason_problems
from stationdesk.records.benefits import Benefit, BenefitState
from stationdesk.records.care import ChildNeed, DelegatedCare, carer_problems
from stationdesk.records.categories import (
    Category,
    ChildCategory,
    Colour,
    RiskLevel,
    colour_on,
    primary_on,
    together_problems,
)
from stationdesk.records.children import ChildStatus, Precision, RecordLevel, day_problems, tidied
from stationdesk.records.consents import Consent, consent_problems
from stationdesk.records.demonstration import SCALES, Scale, Story, story
from stationdesk.records.demonstration_children import Around, ChildFile, child_files
from stationdesk.records.demonstration_lists import september
from stationdesk.records.enrolments import (
    Enrolment,
    EntryReason,
    ExitReason,
    future_problems,
    overlap_problems,
)
from stationdesk.records.families import (
    FATHER,
    MOTHER,
    family_problems,
    has_carer,
    member_problems,
    unattended_hint,
)
from stationdesk.records.family_codes import DEAD, ParentState
from stationdesk.records.health import HealthItem, certificate_problems
from stationdesk.records.people import tidy_name
from stationdesk.records.schooling import EduStage, Schooling

R = TypeVar("R")
UNTIL = date(2026, 11, 24)
# The worst case's years with a tenth of its children.
LONG = Scale(12, 15_000, 120, 60, 240, 300)


class Made:
    """A story with the ids its records would get, and all its files."""

    def __init__(self, scale: Scale, seed: int, until: date = UNTIL) -> None:
        self.tale: Story = story(scale, seed, until)
        self.team = [replace(p.staff, id=n) for n, p in enumerate(self.tale.people, start=1)]
        keys = {person.key: n for n, person in enumerate(self.tale.people, start=1)}
        self.communities = [
            replace(community, id=n, director_id=keys.get(director or ""))
            for n, (community, director) in enumerate(self.tale.communities, start=1)
        ]
        self.files = tuple(child_files(self.tale, Around(team=self.team, communities=self.communities)))
        self.full = [file for file in self.files if file.child.record_level is RecordLevel.FULL]
        self.in_stock = [file for file in self.full if file.child.status is ChildStatus.ACTIVE]


@cache
def made(name: str, seed: int = 1) -> Made:
    return Made(SCALES.get(name, LONG), seed)


ALL = pytest.mark.parametrize("name", ["typical", "busy", "long"])


def of(file: ChildFile, kind: type[R]) -> list[R]:
    return [record for record in file.records if isinstance(record, kind)]


def everything(file: ChildFile) -> Iterator[object]:
    yield from (file.child, *file.family, *file.records)
    if file.household is not None:
        yield file.household


# --- the rules -----------------------------------------------------------------------------------


@ALL
def test_each_record_keeps_its_own_rules(name: str) -> None:
    for file in made(name).files:
        for record in everything(file):
            own = getattr(record, "problems", tuple)
            assert [*check(record), *own()] == [], record


@ALL
def test_each_file_is_as_the_stores_would_let_it_in(name: str) -> None:
    for file in made(name).files:
        assert [str(problem) for problem in store_problems(file, UNTIL)] == []
        assert tidied(file.child) == file.child


def store_problems(file: ChildFile, today: date) -> Iterator[Problem]:
    """What `ChildStore`, `ChildStockStore` and `ChildFileStore` ask of the records of one child."""
    child, family = file.child, {member.id: member for member in file.family}
    stays, categories = of(file, Enrolment), of(file, ChildCategory)
    yield from day_problems(child, min((stay.entered_on for stay in stays), default=file.opened.date()), today)
    for member in file.family:
        assert member.name == (tidy_name(member.name) if member.name else None)
        yield from family_problems(member, file.family)
        yield from member_problems(member, child.birth_date, child.id_no, today)
    for stay in stays:
        yield from overlap_problems(stay, stays)
        yield from future_problems(stay, today)
        yield from birth_problems(child.birth_date, stay.entered_on, today)
    for category in categories:
        yield from together_problems(category, categories)
        assert category.since <= today
    for consent in of(file, Consent):
        yield from consent_problems(consent, child.birth_date, family.get(consent.given_by), today)
    for care in of(file, DelegatedCare):
        yield from carer_problems(care, family.get(care.carer_id))
    for item in of(file, HealthItem):
        yield from certificate_problems(item, child.id_no)
    levels = {level.assessment_uuid: level for level in of(file, RiskLevel)}
    for found in of(file, Assessment):
        yield from reason_problems(found, propose(found.items))
        assert found.kind is not AssessmentKind.RISK or levels[found.uuid].colour is found.colour
        assert found.assessed_on < today
    for level in of(file, RiskLevel):
        assert level.rated_at.date() < today
        assert level.reason


@ALL
def test_every_full_file_has_both_parents_a_household_and_one_open_primary_category(name: str) -> None:
    found = made(name)
    households = {file.household.id for file in found.files if file.household}
    for file in found.full:
        assert [member.relation for member in file.family][:2] == [FATHER, MOTHER]
        assert file.child.household_id in households
        assert file.child.director_id == found.communities[(file.child.community_id or 0) - 1].director_id
        open_ones = [c for c in of(file, ChildCategory) if c.until is None]
        in_stock = file.child.status is ChildStatus.ACTIVE
        assert [c.is_primary for c in open_ones].count(True) == in_stock
        assert bool(open_ones) == in_stock
        assert colour_on(of(file, RiskLevel), UNTIL) is not None
        for record in (*file.family, *file.records):
            assert getattr(record, "child_id", None) == file.child.id


@ALL
def test_the_status_is_what_the_stretches_say(name: str) -> None:
    for file in made(name).files:
        stays = of(file, Enrolment)
        if file.child.record_level is RecordLevel.LIGHT:
            assert (file.child.status, file.records, file.household) == (ChildStatus.LIGHT, (), None)
            continue
        dead = any(stay.exit_reason is ExitReason.DECEASED for stay in stays)
        left = ChildStatus.DECEASED if dead else ChildStatus.EXITED
        assert file.child.status is (ChildStatus.ACTIVE if stays[-1].left_on is None else left)
        assert [stay.entry_reason is EntryReason.REENTER for stay in stays] == [n > 0 for n in range(len(stays))]


@ALL
def test_nothing_is_given_twice_and_no_two_files_look_alike(name: str) -> None:
    files = made(name).files
    records = [record for file in files for record in everything(file)]
    uuids = [getattr(record, "uuid", "") for record in records]
    numbers = [getattr(record, "id_no", None) for record in records]
    assert len(set(uuids)) == len(uuids)
    assert max(Counter(filter(None, numbers)).values()) <= 4, "only a parent of several children"
    born = Counter((f.child.name, f.child.birth_date.year if f.child.birth_date else 0) for f in files)
    assert set(born.values()) == {1}
    children = [file.child.id_no for file in files if file.child.id_no]
    assert len(set(children)) == len(children)


@ALL
def test_ids_and_file_numbers_follow_the_order_in_which_files_were_opened(name: str) -> None:
    files = made(name).files
    assert [file.child.id for file in files] == list(range(1, len(files) + 1))
    assert sorted(file.opened.date() for file in files) == [file.opened.date() for file in files]
    years: dict[int, int] = defaultdict(int)
    for file in files:
        years[file.opened.year] += 1
        assert file.child.file_no == f"云杉-{file.opened.year}-{years[file.opened.year]:04d}"
    members = [member.id for file in files for member in file.family]
    assert members == list(range(1, len(members) + 1))


@ALL
def test_no_day_lies_outside_the_story(name: str) -> None:
    found = made(name)
    for file in found.files:
        assert found.tale.first <= file.opened.date() < UNTIL
        for stay in of(file, Enrolment):
            assert file.opened.date() <= stay.entered_on < (stay.left_on or UNTIL) <= UNTIL
        for benefit in of(file, Benefit):
            assert benefit.since <= (benefit.until or UNTIL)
        for need in of(file, ChildNeed):
            assert (need.met_on or need.since) < UNTIL


# --- what it is like -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "in_stock", "full", "whole"), [("typical", 42, 66, 150), ("busy", 200, 600, 1_600), ("long", 60, 300, 600)]
)
def test_there_are_as_many_as_the_scale_says(name: str, in_stock: int, full: int, whole: int) -> None:
    found = made(name)
    assert (len(found.in_stock), len(found.full), len(found.files)) == (in_stock, full, whole)


def test_the_worst_case_has_as_many_as_the_design_asks_for() -> None:
    scale = SCALES["worst"]
    assert (scale.in_stock, scale.in_stock + scale.left, scale.light) == (600, 3_000, 5_000)


def test_who_is_in_stock_is_under_age_but_for_a_few_days() -> None:
    for name in ("typical", "busy", "long"):
        for file in made(name).in_stock:
            birth = file.child.birth_date
            assert birth is not None
            assert age_on(birth, UNTIL - timedelta(days=10)) < ADULT


def test_the_stock_is_of_many_kinds() -> None:
    files = made("busy").in_stock
    primary = Counter(primary_on(of(file, ChildCategory), UNTIL) for file in files)
    assert len(primary) >= 12
    assert primary[Category.POVERTY] > primary[Category.LEFT_BEHIND] > 0
    colours = Counter(colour_on(of(file, RiskLevel), UNTIL) for file in files)
    assert set(colours) == set(Colour)
    assert colours[Colour.BLUE] > colours[Colour.RED]
    states = {member.state for file in files for member in file.family if member.is_parent}
    assert {ParentState.DEAD, ParentState.IN_CUSTODY, ParentState.AWAY_WORK, ParentState.UNKNOWN} <= states
    stages = {stretch.stage for file in files for stretch in of(file, Schooling)}
    assert {EduStage.KINDERGARTEN, EduStage.PRIMARY, EduStage.JUNIOR, EduStage.DROPOUT, EduStage.SPECIAL} <= stages
    assert any(of(file, DelegatedCare) for file in files)
    assert {BenefitState.ENJOYING, BenefitState.APPLYING} <= {b.state for f in files for b in of(f, Benefit)}


def test_a_few_dozen_are_assessed_as_the_last_line_of_their_level_says() -> None:
    kinds = Counter(found.kind for file in made("typical").full for found in of(file, Assessment))
    assert 25 < kinds[AssessmentKind.RISK] < 60
    assert 10 < kinds[AssessmentKind.GUARDIANSHIP] < 40
    for file in made("busy").full:
        found = [one for one in of(file, Assessment) if one.kind is AssessmentKind.RISK]
        assert [line.assessment_uuid for line in of(file, RiskLevel)][-1:] == [one.uuid for one in found] or not found
    levels = {one.level for file in made("busy").full for one in of(file, Assessment)}
    assert {AssessedLevel.NORMAL, AssessedLevel.INSUFFICIENT, *levels_of(AssessmentKind.RISK)} <= levels


def test_parents_states_fit_the_category() -> None:
    for file in made("busy").in_stock:
        parents = file.family[:2]
        held = {c.category for c in of(file, ChildCategory) if c.is_open_on(UNTIL)}
        hint = unattended_hint(parents, UNTIL)
        if Category.ORPHAN in held:
            assert hint is not None
            assert hint.orphan
        if Category.LEFT_BEHIND in held:
            assert {parent.state for parent in parents} == {ParentState.AWAY_WORK}
        if not any(parent.state in DEAD for parent in parents):
            assert Category.ORPHAN not in held
        assert has_carer(file.family)


def test_some_came_back_and_some_left_for_many_reasons() -> None:
    stays = [stay for file in made("busy").full for stay in of(file, Enrolment)]
    assert any(stay.entry_reason is EntryReason.REENTER for stay in stays)
    reasons = {stay.exit_reason for stay in stays}
    assert {ExitReason.AGED_OUT, ExitReason.AGED_OUT_16, ExitReason.MOVED, ExitReason.OUT_OF_POVERTY} <= reasons


def test_brothers_and_sisters_share_home_and_parents() -> None:
    homes: dict[int | None, list[ChildFile]] = defaultdict(list)
    for file in made("busy").full:
        homes[file.child.household_id].append(file)
    several = [files for files in homes.values() if len(files) > 1]
    assert len(several) > 50
    for files in several:
        assert len({file.child.residence for file in files}) == 1
        assert len({(file.family[0].name, file.family[0].id_no) for file in files}) == 1
        assert sum(file.household is not None for file in files) == 1


def test_names_are_long_dotted_rare_and_of_four_peoples() -> None:
    children = [file.child for file in made("busy").files]
    names = [child.name for child in children]
    assert any(name.count("·") == 3 for name in names)
    assert sum("·" in name for name in names) > len(names) / 3
    assert any(ord(char) > 0xFFFF for name in names for char in name)
    full = [file.child.ethnicity for file in made("busy").full]
    assert {code_list("ethnicity").labels[code or ""] for code in full} == {"汉族", "维吾尔族", "回族", "哈萨克族"}


def test_numbers_and_phones_are_nobodys() -> None:
    for file in made("busy").files:
        for record in everything(file):
            assert (getattr(record, "id_no", None) or "650199").startswith("650199")
            assert (getattr(record, "phone", None) or "154").startswith("154")


def test_the_work_is_spread_over_those_who_are_there() -> None:
    found = made("busy")
    workers = Counter(file.child.worker_id for file in found.in_stock)
    serving = {member.id for member in found.team if member.serves_on(UNTIL)}
    assert set(workers) <= serving
    assert len(workers) >= 2
    assert min(workers.values()) > len(found.in_stock) / 4
    assert 10 < sum(file.child.counsellor_id is not None for file in found.in_stock) < 100


def test_birth_dates_of_light_files_are_known_as_well_as_they_say() -> None:
    light = [file.child for file in made("busy").files if file.child.record_level is RecordLevel.LIGHT]
    assert {child.birth_precision for child in light} == set(Precision)
    for child in light:
        assert child.birth_date is not None
        assert child.birth_precision is Precision.DAY or child.birth_date.day == 1
        assert child.birth_precision is not Precision.YEAR or child.birth_date.month == 1


@pytest.mark.parametrize(
    ("birth", "age", "start"),
    [
        (date(2015, 9, 1), 6, date(2021, 9, 1)),
        (date(2015, 9, 2), 6, date(2022, 9, 1)),
        (date(2016, 2, 29), 3, date(2019, 9, 1)),
    ],
)
def test_school_begins_in_the_september_after_the_birthday(birth: date, age: int, start: date) -> None:
    assert september(birth, age) == start


def test_birthdays_bring_something_to_do() -> None:
    steps = Counter(
        proposal.step
        for file in made("busy").in_stock
        for proposal in age_proposals(
            file.child.birth_date or UNTIL,
            of(file, ChildCategory),
            of(file, Enrolment),
            of(file, Benefit),
            UNTIL,
        )
    )
    assert {AgeStep.SIXTEEN_SOON, AgeStep.EIGHTEEN_SOON} <= set(steps)
    assert any(b.state is BenefitState.OVERAGE_CONT for file in made("busy").full for b in of(file, Benefit))


# --- the same again ------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_children() -> None:
    assert made("typical").files == Made(SCALES["typical"], 1).files


def test_another_seed_makes_others() -> None:
    one, other = made("typical"), made("typical", 2)
    assert [file.child.name for file in one.files] != [file.child.name for file in other.files]
    assert numbers_of(one.files).isdisjoint(numbers_of(other.files))


def numbers_of(files: Sequence[ChildFile]) -> set[str]:
    return {file.child.id_no for file in files if file.child.id_no}


def test_the_bookings_stay_as_they_were() -> None:
    """Children are drawn from a chance of their own."""
    bare = replace(SCALES["typical"], in_stock=0, left=0, light=0)
    assert story(bare, 1, UNTIL).people == made("typical").tale.people
    assert Made(bare, 1).files == ()


@pytest.mark.parametrize("until", [date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2030, 6, 30)])
@pytest.mark.parametrize("seed", [3, 4])
def test_any_day_will_do_for_today(until: date, seed: int) -> None:
    found = Made(Scale(5, 1_500, 2, 30, 30, 30), seed, until)
    assert len(found.files) == 90
    assert problems_of(found.files, until) == []


def problems_of(files: Iterable[ChildFile], until: date) -> list[Problem]:
    found = [problem for file in files for problem in store_problems(file, until)]
    for file in files:
        for record in everything(file):
            found += [*check(record), *getattr(record, "problems", tuple)()]
    return found
