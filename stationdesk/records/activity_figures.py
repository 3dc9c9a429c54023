"""Blocks H, I and J of the monthly summary: activities, voluntary service, work with partners."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from stationdesk.i18n import N_
from stationdesk.records.activities import ActivityCategory, ActivityForm
from stationdesk.records.calendar import Period
from stationdesk.records.counting import (
    Block,
    CrossCheck,
    Event,
    Figure,
    Membership,
    entries,
    hours,
    person_times,
    persons,
    stock,
    times,
    within,
)
from stationdesk.records.partners import PartnerDept

_TIMES, _PAIRS, _PERSONS, _HOURS = N_("场次"), N_("人次"), N_("人"), N_("小时")
_ONCE, _BODIES, _LESSONS = N_("次"), N_("个"), N_("节")
_AS_CATEGORY, _AS_PARTNER = N_("活动类别：{category}"), N_("联合开展工作：{dept}")
_FORMS = (
    ("H02", N_("其中：单场活动"), ActivityForm.SINGLE, _TIMES),
    ("H03", N_("其中：小组节次"), ActivityForm.SERIES, _LESSONS),
    ("H04", N_("其中：巡展宣教"), ActivityForm.EXHIBITION, _TIMES),
    ("H05", N_("其中：讲座"), ActivityForm.LECTURE, _TIMES),
    ("H06", N_("其中：营会托管"), ActivityForm.CAMP, _TIMES),
)
_DEPTS = (PartnerDept.WOMEN, PartnerDept.DPF, PartnerDept.CYL, PartnerDept.JUSTICE)


@dataclass(frozen=True, slots=True)
class HeldSession:
    """One closed session: the registered children who came, those of them in stock that day, their
    guardians, and the heads without a name."""

    session_id: int
    activity_id: int
    day: date
    form: ActivityForm
    category: ActivityCategory
    children: frozenset[int] = frozenset()
    enrolled: frozenset[int] = frozenset()
    guardians: int = 0
    headcount_children: int = 0
    headcount_adults: int = 0

    @property
    def minors(self) -> Event:
        """As children are counted."""
        return Event(self.session_id, self.day, self.children, self.headcount_children)

    @property
    def adults(self) -> int:
        """Guardians and other adults; staff and volunteers are never among them."""
        return self.guardians + self.headcount_adults

    @property
    def heads(self) -> int:
        """All who took part."""
        return len(self.children) + self.headcount_children + self.adults


@dataclass(frozen=True, slots=True)
class JointFact:
    """One piece of joint work; its id as `partners.JointItem` has it."""

    item_id: int
    day: date
    depts: frozenset[PartnerDept]


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """All that the three blocks are counted from. Behind a figure stand only the children one may know
    of (`known`), None being all."""

    sessions: tuple[HeldSession, ...] = ()
    volunteers: tuple[Membership, ...] = ()
    shifts: tuple[Event, ...] = ()
    partners: tuple[Membership, ...] = ()
    joint: tuple[JointFact, ...] = ()
    known: frozenset[int] | None = None


def activity_blocks(facts: ActivityFacts, period: Period, year: Period) -> tuple[Block, ...]:
    """H, I and J; persons are distinct in the month and in the year, never the sum of months."""
    return (
        Block("H", N_("活动"), tuple(_activities(facts, period, year))),
        Block("I", N_("志愿服务"), tuple(_volunteering(facts, period, year))),
        Block("J", N_("部门协作"), tuple(_partners(facts, period, year))),
    )


# --- H -------------------------------------------------------------------------------------------


def _in(sessions: Iterable[HeldSession], period: Period) -> tuple[HeldSession, ...]:
    return tuple(held for held in sessions if period.first <= held.day <= period.last)


def _activities(facts: ActivityFacts, period: Period, year: Period) -> Iterator[Figure]:
    both = _in(facts.sessions, period), _in(facts.sessions, year)
    yield _counted("H01", N_("集体活动场次"), _TIMES, both, len)
    for code, label, form, unit in _FORMS:
        own = _only(both, form)
        yield _counted(code, label, unit, own, len)
        if form is ActivityForm.SERIES:
            yield _counted("H03a", N_("其中：小组个数"), _BODIES, own, lambda of: len({s.activity_id for s in of}))
    yield _counted("H07", N_("参与人次"), _PAIRS, both, lambda of: sum(held.heads for held in of))
    yield _counted("H08", N_("其中：未成年人"), _PAIRS, both, lambda of: person_times(s.minors for s in of))
    yield _counted("H09", N_("其中：家长等成人"), _PAIRS, both, lambda of: sum(held.adults for held in of))
    events = [[held.minors for held in sessions] for sessions in both]
    yield _children("H10", N_("登记儿童人数"), events, facts.known)
    stocked = [[Event(held.session_id, held.day, held.enrolled) for held in sessions] for sessions in both]
    yield _children("H11", N_("其中：在册困境儿童"), stocked, facts.known)
    for number, category in enumerate(ActivityCategory, start=21):
        own = _only(both, category)
        values = {"category": category.label}
        yield _counted(f"H{number}", _AS_CATEGORY, _TIMES, own, len, values)
        yield _counted(f"H{number}", _AS_CATEGORY, _PAIRS, own, lambda of: sum(held.heads for held in of), values)


_Both = tuple[tuple[HeldSession, ...], tuple[HeldSession, ...]]


def _only(both: _Both, kind: ActivityForm | ActivityCategory) -> _Both:
    month, to_date = (tuple(held for held in sessions if kind in (held.form, held.category)) for sessions in both)
    return month, to_date


def _counted(
    code: str,
    label: str,
    unit: str,
    both: _Both,
    amount: Callable[[tuple[HeldSession, ...]], int],
    values: Mapping[str, object] | None = None,
) -> Figure:
    month, to_date = both
    ids = tuple(held.session_id for held in month), tuple(held.session_id for held in to_date)
    return Figure(code, label, unit, amount(month), amount(to_date), True, values or {}, "activity_session", *ids)


def _children(code: str, label: str, events: Sequence[Collection[Event]], seen: frozenset[int] | None) -> Figure:
    amounts = persons(events[0]), persons(events[1])
    month, to_date = (tuple(sorted(_persons_in(of, seen))) for of in events)
    return Figure(code, label, _PERSONS, *amounts, True, {}, "child", month, to_date)


def _persons_in(events: Iterable[Event], seen: frozenset[int] | None) -> set[int]:
    return {person for event in events for person in event.persons if seen is None or person in seen}


# --- I -------------------------------------------------------------------------------------------


def _volunteering(facts: ActivityFacts, period: Period, year: Period) -> Iterator[Figure]:
    there = tuple(sorted(stock(facts.volunteers, period.last)))
    yield Figure("I01", N_("在册志愿者"), _PERSONS, len(there), None, False, {}, "volunteer", there)
    amounts = entries(facts.volunteers, period), entries(facts.volunteers, year)
    month, to_date = (
        tuple(sorted({m.person for m in facts.volunteers if p.first <= m.entered <= p.last})) for p in (period, year)
    )
    yield Figure("I02", N_("本期新增"), _PERSONS, *amounts, True, {}, "volunteer", month, to_date)
    both = within(facts.shifts, period), within(facts.shifts, year)
    helped = tuple(tuple(sorted(_persons_in(of, None))) for of in both)
    yield Figure(
        "I03", N_("参与志愿者人数"), _PERSONS, persons(both[0]), persons(both[1]), True, {}, "volunteer", *helped
    )
    ids = tuple(tuple(event.record_id for event in of) for of in both)
    yield Figure("I04", N_("志愿服务"), _PAIRS, times(both[0]), times(both[1]), True, {}, "volunteer_shift", *ids)
    month_hours, year_hours = (hours(sum(event.minutes for event in of)) for of in both)
    yield Figure("I05", N_("志愿服务时长"), _HOURS, month_hours, year_hours, True, {}, "volunteer_shift", *ids)


# --- J -------------------------------------------------------------------------------------------


def _partners(facts: ActivityFacts, period: Period, year: Period) -> Iterator[Figure]:
    there = tuple(sorted(stock(facts.partners, period.last)))
    yield Figure("J01", N_("协作单位"), _BODIES, len(there), None, False, {}, "partner", there)
    both = [[item for item in facts.joint if p.first <= item.day <= p.last] for p in (period, year)]
    for number, dept in enumerate(_DEPTS, start=2):
        own = [[item for item in items if dept in item.depts] for items in both]
        yield _joint(f"J{number:02d}", _AS_PARTNER, own, {"dept": dept.label})
    others = [[item for item in items if item.depts - set(_DEPTS)] for items in both]
    yield _joint("J06", N_("联合开展工作：其他部门"), others)
    yield _joint("J07", N_("联合开展工作合计"), both)


def _joint(
    code: str, label: str, both: Sequence[Sequence[JointFact]], values: Mapping[str, object] | None = None
) -> Figure:
    month, to_date = (tuple(item.item_id for item in items) for items in both)
    return Figure(code, label, _ONCE, len(month), len(to_date), True, values or {}, "joint_work", month, to_date)


# --- equations -----------------------------------------------------------------------------------


def activity_checks(figures: Sequence[Figure]) -> Iterator[CrossCheck]:
    """The equations of domain §5.5 over H, I and J, in both columns; none when the blocks are not there."""
    found = {(figure.code, figure.unit): figure for figure in figures if figure.code[0] in "HIJ"}
    if not found:
        return
    by_code = {code: figure for (code, _unit), figure in found.items()}
    categories = [figure for (code, unit), figure in found.items() if "H21" <= code <= "H36" and unit == _TIMES]
    attended = [figure for (code, unit), figure in found.items() if "H21" <= code <= "H36" and unit == _PAIRS]
    forms = [by_code[code] for code, *_rest in _FORMS]
    departments = [by_code[f"J{number:02d}"] for number in range(2, 7)]
    yield CrossCheck(N_("H01＝H02至H06之和（本月、本年累计）"), _equal(by_code["H01"], forms))
    yield CrossCheck(N_("H01＝H21至H36场次之和（本月、本年累计）"), _equal(by_code["H01"], categories))
    yield CrossCheck(N_("H07＝H08＋H09（本月、本年累计）"), _equal(by_code["H07"], [by_code["H08"], by_code["H09"]]))
    yield CrossCheck(N_("H07＝H21至H36人次之和（本月、本年累计）"), _equal(by_code["H07"], attended))
    yield CrossCheck(N_("H11不大于H10，H10不大于H08"), _rising(by_code["H11"], by_code["H10"], by_code["H08"]))
    yield CrossCheck(N_("I03不大于I04"), _rising(by_code["I03"], by_code["I04"]))
    yield CrossCheck(N_("J07不大于J02至J06之和"), _at_most(by_code["J07"], departments))


def _equal(whole: Figure, parts: Sequence[Figure]) -> bool:
    return (whole.month, whole.year) == (_sum(part.month for part in parts), _sum(part.year for part in parts))


def _at_most(whole: Figure, parts: Sequence[Figure]) -> bool:
    month, to_date = _sum(part.month for part in parts), _sum(part.year for part in parts)
    return _whole(whole.month) <= month and _whole(whole.year) <= to_date


def _rising(*figures: Figure) -> bool:
    return all(_at_most(low, [high]) for low, high in pairwise(figures))


def _sum(amounts: Iterable[object]) -> int:
    return sum(_whole(amount) for amount in amounts)


def _whole(amount: object) -> int:
    return amount if isinstance(amount, int) else 0
