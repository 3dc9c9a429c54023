"""An invented purchased service for the demonstration: what belongs to it, what it promises, what is paid."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from stationdesk.records.activities import ActivityForm
from stationdesk.records.attendance import CAME
from stationdesk.records.contracts import (
    CUSTOM,
    AssessmentGrade,
    AssessmentPoint,
    Contract,
    ContractAssessment,
    Deliverable,
    Payment,
)
from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import told_together
from stationdesk.records.demonstration_attendance import Course, Held
from stationdesk.records.demonstration_screening import uuid_of
from stationdesk.records.sessions import SessionStatus
from stationdesk.records.shifts import VolunteerShift

_ID = 1
# It is in force for a year, the tenth month of which is now.
_MONTHS_BACK = 9
# How much of each promise is done by now, in hundredths: one lags behind. Targets are round numbers.
_DONE: Mapping[str, tuple[int, int]] = {
    "H01 场次": (78, 5),
    "H07 人次": (84, 50),
    "H03 节": (56, 5),
    "I05 小时": (70, 10),
}
_PAID_AFTER = (timedelta(days=16), timedelta(days=196))
_SOON = timedelta(days=18)


def contract_of(tale: Story) -> Contract:
    """The contract of the year."""
    told, station = told_together()["contract"], tale.station
    start = _month(tale.until, -_MONTHS_BACK)
    lead = next(person.staff.name for person in tale.people if person.key == told["lead"])
    return Contract(
        id=_ID,
        uuid=uuid_of(Random(f"{tale.seed} contract")),
        number=told["number"].format(year=start.year),
        name=told["name"],
        provider=told["provider"],
        purchaser=told["purchaser"].format(district=station.district_name),
        amount=Decimal(told["amount"]),
        start=start,
        end=_month(start, 12) - timedelta(days=1),
        lead=lead,
        note=told["note"].format(township=station.township_name),
    )


def _month(day: date, later: int) -> date:
    """The first of the month so many months later."""
    month = day.year * 12 + day.month - 1 + later
    return date(month // 12, month % 12 + 1, 1)


def assigned(contract: Contract, courses: Sequence[Course]) -> Iterator[Course]:
    """The same activities, every other one of each form in its time belonging to the contract."""
    seen: Counter[ActivityForm] = Counter()
    for course in courses:
        days = [one.session.start.date() for one in course.held]
        inside = contract.start <= min(days) and max(days) <= contract.end
        seen[course.activity.form] += inside
        if inside and seen[course.activity.form] % 2:
            yield replace(course, activity=replace(course.activity, contract_id=contract.id))
        else:
            yield course


def promises(
    tale: Story,
    contract: Contract,
    courses: Sequence[Course],
    shifts: Sequence[VolunteerShift],
    families: Mapping[int, int],
) -> Iterator[object]:
    """What the contract promises, its payments and how it was assessed; `families` are by child, for guardians
    are counted by family."""
    chance, told = Random(f"{tale.seed} promises"), told_together()["contract"]
    done = _done(courses, shifts, families)
    for key, (share, step) in _DONE.items():
        target = max(1, -(-done[key] * 100 // (share * step))) * step
        yield Deliverable(uuid=uuid_of(chance), contract_id=_ID, indicator=key, target=target)
    yield Deliverable(uuid=uuid_of(chance), contract_id=_ID, indicator=CUSTOM, **told["custom"])
    for seq, (condition, amount) in enumerate(told["payments"], start=1):
        paid = seq <= len(_PAID_AFTER)
        planned_on = contract.start + _PAID_AFTER[seq - 1] if paid else tale.until + _SOON
        yield Payment(
            uuid=uuid_of(chance),
            contract_id=_ID,
            seq=seq,
            condition=condition,
            planned_on=planned_on,
            planned_amount=Decimal(amount),
            paid_on=planned_on + timedelta(days=2) if paid else None,
            paid_amount=Decimal(amount) if paid else None,
            voucher=f"演示凭证{planned_on:%Y%m}-{chance.randrange(1, 200):03d}" if paid else None,
        )
    yield ContractAssessment(
        uuid=uuid_of(chance),
        contract_id=_ID,
        point=AssessmentPoint.MID,
        assessed_on=_month(contract.start, 6) + timedelta(days=8),
        score=told["assessment"]["score"],
        grade=AssessmentGrade.of(told["assessment"]["grade"]),
        remark=told["assessment"]["remark"],
    )


def _done(
    courses: Sequence[Course], shifts: Sequence[VolunteerShift], families: Mapping[int, int]
) -> Mapping[str, int]:
    """What was done for the contract by now: sessions, heads, sessions of groups, hours of volunteers."""
    own = [course for course in courses if course.activity.contract_id == _ID]
    held = [one for course in own for one in course.held if one.session.status is SessionStatus.DONE]
    sessions = {one.session.id: one.session for one in held}
    minutes = 0
    for shift in shifts:
        session = sessions.get(shift.session_id)
        if session is not None and not shift.did_not_come:
            length = (shift.end or session.end) - (shift.start or session.start)
            minutes += int(length.total_seconds()) // 60
    groups = sum(one.planned.activity.form is ActivityForm.SERIES for one in held)
    heads = sum(_heads(one, families) for one in held)
    return dict(zip(_DONE, (len(held), heads, groups, minutes // 60), strict=True))


def _heads(held: Held, families: Mapping[int, int]) -> int:
    came = [line for line in held.names if line.state in CAME]
    guardians = {families[line.child_id] for line in came if line.guardian_present}
    return len(came) + len(guardians) + held.session.headcount_children + held.session.headcount_adults
