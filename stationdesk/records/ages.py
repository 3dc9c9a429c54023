"""Ages: full years, the birthdays that change something, and what is proposed on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.benefits import Benefit, BenefitKind, BenefitState
from stationdesk.records.categories import Category, ChildCategory
from stationdesk.records.enrolments import Enrolment

Age = Annotated[int, Field(N_("年龄"), unit=N_("岁"), level=Level.L2)]

ADULT, CARE_ENDS = 18, 16
_SIXTEEN = (Category.LEFT_BEHIND, Category.MIGRANT)
_OVER_AGE = (BenefitKind.ORPHAN_LIVING, BenefitKind.DEFACTO_LIVING)


class AgeBand(Code):
    """The bands of the monthly summary; those postponed beyond 18 stay in the last."""

    TO_5 = "TO_5", N_("0—5岁")
    TO_13 = "TO_13", N_("6—13岁")
    TO_15 = "TO_15", N_("14—15岁")
    FROM_16 = "FROM_16", N_("16—17岁（含延期者）")


def birthday(birth: date, age: int) -> date:
    """The day somebody reaches `age`: who was born on 29 February does so on the 28th of a common
    year (Civil Code Art. 202, counting by the calendar)."""
    year = birth.year + age
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age_on(birth: date, day: date) -> int:
    """Full years on `day`; negative before the birth."""
    years = day.year - birth.year
    return years if birthday(birth, years) <= day else years - 1


def band(age: int) -> AgeBand:
    """The band an age falls in."""
    if age <= 5:
        return AgeBand.TO_5
    if age <= 13:
        return AgeBand.TO_13
    return AgeBand.TO_15 if age <= 15 else AgeBand.FROM_16


def born_between(first_age: int, last_age: int, day: date) -> tuple[date, date]:
    """The first and last birth date of those who are `first_age` to `last_age` on `day`."""
    return _oldest(last_age, day), _oldest(first_age - 1, day) - timedelta(days=1)


def _oldest(age: int, day: date) -> date:
    """The earliest birth date of somebody who is `age` on `day`."""
    found = date(day.year - age - 1, day.month, min(day.day, 28)) - timedelta(days=2)
    while age_on(found, day) > age:
        found += timedelta(days=1)
    return found


def birth_problems(birth: date | None, entered_on: date, today: date) -> Iterator[Problem]:
    """A birth in the future, or of somebody who was of age when they came."""
    if birth is None:
        return
    if birth > today:
        yield Problem("birth_date", N_("出生日期{birth}还没有到，请改正。"), {"birth": birth.isoformat()})
    elif age_on(birth, entered_on) >= ADULT:
        values = {"age": age_on(birth, entered_on)}
        yield Problem("birth_date", N_("按出生日期已满{age}周岁，未保站只登记未满18周岁的孩子，请核对。"), values)


# --- what a birthday brings ----------------------------------------------------------------------


class AgeStep(Code):
    """What is to be done because of an age (domain §4.4)."""

    SIXTEEN_SOON = "SIXTEEN_SOON", N_("将满16周岁")
    SIXTEEN = "SIXTEEN", N_("已满16周岁")
    EIGHTEEN_SOON = "EIGHTEEN_SOON", N_("将满18周岁")
    EIGHTEEN = "EIGHTEEN", N_("已满18周岁")
    BENEFIT = "BENEFIT", N_("超龄待遇")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A task proposed by a rule; nothing happens until somebody does it."""

    step: AgeStep
    on: date
    text: str
    values: dict[str, object] = field(default_factory=dict)
    record_id: int | None = None

    def say(self) -> str:
        """The sentence in the language in use."""
        return _(self.text).format(**self.values)


def age_proposals(
    birth: date,
    categories: Sequence[ChildCategory],
    enrolments: Sequence[Enrolment],
    benefits: Sequence[Benefit],
    today: date,
) -> Iterator[Proposal]:
    """What the age of one child asks for today (domain §4.4: R10, R11, over-age benefits)."""
    yield from _at_sixteen(birth, categories, today)
    yield from _at_eighteen(birth, enrolments, today)
    if age_on(birth, today) >= ADULT:
        yield from _over_age(birthday(birth, ADULT), benefits)


def _at_sixteen(birth: date, categories: Sequence[ChildCategory], today: date) -> Iterator[Proposal]:
    day = birthday(birth, CARE_ENDS)
    open_now = [c for c in categories if c.is_open_on(today)]
    if today < day - timedelta(days=90):
        return
    for held in open_now:
        if held.category not in _SIXTEEN:
            continue
        values: dict[str, object] = {"day": day.isoformat(), "category": held.category.label}
        if today < day:
            text, step = N_("{day}满16周岁，届时“{category}”类别终止，请提前核实。"), AgeStep.SIXTEEN_SOON
        elif any(other.category not in _SIXTEEN for other in open_now):
            text, step = N_("{day}已满16周岁，请终止“{category}”类别；还有其他类别，继续在册。"), AgeStep.SIXTEEN
        else:
            text, step = N_("{day}已满16周岁，请终止“{category}”类别；没有其他类别，请办理减员。"), AgeStep.SIXTEEN
        yield Proposal(step=step, on=day, text=text, values=values, record_id=held.id)


def _at_eighteen(birth: date, enrolments: Sequence[Enrolment], today: date) -> Iterator[Proposal]:
    day = birthday(birth, ADULT)
    held = next((e for e in enrolments if e.left_on is None), None)
    left = (day - today).days
    if held is None or left > 180:
        return
    values: dict[str, object] = {"day": day.isoformat(), "days": left}
    if left > 0:
        text = N_("{day}满18周岁，还有{days}天，请安排升学就业、待遇衔接等退出计划。")
        yield Proposal(step=AgeStep.EIGHTEEN_SOON, on=day, text=text, values=values, record_id=held.id)
    else:
        text = N_("{day}已满18周岁，请按“年满18周岁”办理减员；站长可以延期，最长30天。")
        yield Proposal(step=AgeStep.EIGHTEEN, on=day, text=text, values=values, record_id=held.id)


def _over_age(day: date, benefits: Sequence[Benefit]) -> Iterator[Proposal]:
    for benefit in benefits:
        if benefit.kind in _OVER_AGE and benefit.state is BenefitState.ENJOYING:
            text = N_("已满18周岁仍在领取{benefit}：还在全日制就读的改为“超龄续发”，否则请停发。")
            values: dict[str, object] = {"benefit": benefit.kind.label}
            yield Proposal(step=AgeStep.BENEFIT, on=day, text=text, values=values, record_id=benefit.id)
