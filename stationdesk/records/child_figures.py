"""Block B of the monthly summary: who is in stock, who came and left, and as what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from stationdesk.i18n import N_
from stationdesk.records.ages import AgeBand, age_on, band
from stationdesk.records.calendar import Period
from stationdesk.records.categories import (
    REPORTED,
    RESTRICTED,
    Category,
    ChildCategory,
    Colour,
    RiskLevel,
    colour_on,
    primary_on,
    shown_in_place,
)
from stationdesk.records.counting import Block, CrossCheck, Figure, Membership, entries, exits, stock
from stationdesk.records.enrolments import ExitReason
from stationdesk.records.people import Sex

_UNIT = N_("人")
_AS_MAIN, _AS_EXIT = N_("主要类别：{category}"), N_("退出原因：{reason}")
_SITUATIONS = (
    Category.LEFT_BEHIND,
    Category.MIGRANT,
    Category.DISABLED,
    Category.SERIOUS_ILLNESS,
    Category.DROPOUT,
    Category.UNREGISTERED,
)


@dataclass(frozen=True, slots=True)
class ChildPerson:
    """What of a child decides in which row it counts."""

    sex: Sex | None
    birth: date | None
    categories: tuple[ChildCategory, ...] = ()
    levels: tuple[RiskLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """All that block B is counted from: stretches in stock (with the reason of each exit), the children
    in them, stretches as a light registration, stretches of benefits beyond 18.

    `restricted_hidden` counts restricted categories among the others, for those who may not know of
    them; behind a figure stand only the children one may know of (`known`) or look into (`opened`),
    None being all.
    """

    stretches: tuple[tuple[Membership, ExitReason | None], ...] = ()
    persons: Mapping[int, ChildPerson] = field(default_factory=dict)
    light: tuple[Membership, ...] = ()
    over_age: tuple[Membership, ...] = ()
    restricted_hidden: bool = False
    known: frozenset[int] | None = None
    opened: frozenset[int] | None = None


def child_block(facts: ChildFacts, period: Period, year: Period) -> Block:
    """B01–B90; a stock is that of the end of the last day, and has no year to date."""
    figures = (*_flows(facts, period, year), *_parts(facts, period.last), *_exits(facts, period, year))
    light, over_age = stock(facts.light, period.last), stock(facts.over_age, period.last)
    figures += (
        _stock(facts.known, "B61", N_("活动登记儿童"), light),
        _stock(facts.opened, "B90", N_("超龄续发（18岁以上在读）"), over_age),
    )
    return Block("B", N_("儿童在册情况"), tuple(sorted(figures, key=lambda figure: figure.code)))


def _flows(facts: ChildFacts, period: Period, year: Period) -> Iterator[Figure]:
    held = [membership for membership, _reason in facts.stretches]
    before = stock(held, period.first - timedelta(days=1))
    yield _stock(facts.known, "B01", N_("上月末在册儿童"), before)
    came = [[m.person for m in held if p.first <= m.entered <= p.last] for p in (period, year)]
    left = [[m.person for m in held if m.left and p.first <= m.left <= p.last] for p in (period, year)]
    yield _flow(facts.known, "B02", N_("本期新增"), (entries(held, period), entries(held, year)), came)
    yield _flow(facts.known, "B03", N_("本期退出"), (exits(held, period), exits(held, year)), left)
    yield _stock(facts.known, "B04", N_("期末在册儿童"), stock(held, period.last))


def _parts(facts: ChildFacts, day: date) -> Iterator[Figure]:
    """The stock at the end of `day`, divided in four ways, and by what may be several at once."""
    persons = {number: facts.persons[number] for number in sorted(stock((m for m, _reason in facts.stretches), day))}
    main = {number: _main(person, day, hidden=facts.restricted_hidden) for number, person in persons.items()}
    for code, category in enumerate(REPORTED, start=11):
        values = {"category": category.label}
        ids = [number for number, found in main.items() if found is category]
        if facts.restricted_hidden and category in RESTRICTED:
            yield Figure(f"B{code}", _AS_MAIN, _UNIT, None, None, cumulative=False, values=values)
        else:
            yield _stock(facts.opened, f"B{code}", _AS_MAIN, ids, values)
    for code, sex in enumerate((Sex.MALE, Sex.FEMALE), start=31):
        ids = [number for number, person in persons.items() if person.sex is sex]
        yield _stock(facts.known, f"B{code}", sex.marked_label, ids)
    bands = {number: band(age_on(person.birth or day, day)) for number, person in persons.items()}
    for code, part in enumerate(AgeBand, start=33):
        yield _stock(facts.known, f"B{code}", part.marked_label, [n for n, found in bands.items() if found is part])
    colours = {number: _colour(person, day) for number, person in persons.items()}
    for code, colour in enumerate(Colour, start=41):
        ids = [number for number, found in colours.items() if found is colour]
        yield _stock(facts.opened, f"B{code}", colour.marked_label, ids)
    for code, situation in enumerate(_SITUATIONS, start=52):
        ids = [number for number, person in persons.items() if _has(person, situation, day)]
        values = {"category": situation.label}
        yield _stock(facts.opened, f"B{code}", N_("具有情形（可重复）：{category}"), ids, values)


def _has(person: ChildPerson, category: Category, day: date) -> bool:
    return any(held.category is category and held.is_open_on(day) for held in person.categories)


def _main(person: ChildPerson, day: date, *, hidden: bool) -> Category:
    """The one category a child counts under; in stock without any, it counts as 其他."""
    found = (shown_in_place if hidden else primary_on)(person.categories, day)
    return Category.OTHER if found is None or found is Category.GENERAL else found


def _colour(person: ChildPerson, day: date) -> Colour:
    """The level at the end of `day`; of a child filed later with an earlier date, the first it was given."""
    first = min(person.levels, key=lambda level: (level.rated_at, level.id or 0), default=None)
    return colour_on(person.levels, day) or (first.colour if first else Colour.GREEN)


def _exits(facts: ChildFacts, period: Period, year: Period) -> Iterator[Figure]:
    for code, reason in enumerate(ExitReason, start=71):
        held = [membership for membership, why in facts.stretches if why is reason]
        left = [[m.person for m in held if m.left and p.first <= m.left <= p.last] for p in (period, year)]
        amounts = exits(held, period), exits(held, year)
        yield _flow(facts.opened, f"B{code}", _AS_EXIT, amounts, left, {"reason": reason.label})


def _stock(
    seen: frozenset[int] | None,
    code: str,
    label: str,
    ids: Iterable[int],
    values: Mapping[str, object] | None = None,
) -> Figure:
    found = frozenset(ids)
    behind = tuple(sorted(found if seen is None else found & seen))
    return Figure(code, label, _UNIT, len(found), None, False, values or {}, "child", behind)


def _flow(
    seen: frozenset[int] | None,
    code: str,
    label: str,
    amounts: tuple[int, int],
    ids: Sequence[Iterable[int]],
    values: Mapping[str, object] | None = None,
) -> Figure:
    month, to_date = (tuple(sorted({n for n in found if seen is None or n in seen})) for found in ids)
    return Figure(code, label, _UNIT, *amounts, True, values or {}, "child", month, to_date)


def child_checks(figures: Sequence[Figure]) -> Iterator[CrossCheck]:
    """The equations of domain §5.5 over block B; none when the block is not there."""
    amounts = {figure.code: figure for figure in figures if figure.code.startswith("B")}
    if not amounts:
        return

    def total(first: int, last: int) -> int:
        return sum(_whole(amounts[code].month) for code in _codes(amounts, first, last))

    stocked = _whole(amounts["B04"].month)
    came, left = amounts["B02"], amounts["B03"]
    carried = _whole(amounts["B01"].month) + _whole(came.month) - _whole(left.month)
    yield CrossCheck(N_("B04＝B01＋B02－B03"), stocked == carried)
    yield CrossCheck(N_("B04＝B11至B27之和"), stocked == total(11, 27))
    yield CrossCheck(N_("B04＝B31＋B32"), stocked == total(31, 32))
    yield CrossCheck(N_("B04＝B33至B36之和"), stocked == total(33, 36))
    yield CrossCheck(N_("B04＝B41至B44之和"), stocked == total(41, 44))
    by_reason = sum(_whole(amounts[code].year) for code in _codes(amounts, 71, 83))
    holds = _whole(left.month) == total(71, 83) and _whole(left.year) == by_reason
    yield CrossCheck(N_("B03＝B71至B83之和（本月、本年累计）"), holds)


def _codes(amounts: Mapping[str, Figure], first: int, last: int) -> list[str]:
    return [code for code in amounts if first <= int(code[1:]) <= last]


def _whole(amount: object) -> int:
    return amount if isinstance(amount, int) else 0
