"""What a file begins with: the guardian of a registration, the first stretch, category and level."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from stationdesk.errors import Problem
from stationdesk.fields import check
from stationdesk.i18n import N_
from stationdesk.records.categories import ChildCategory, Circumstances, RiskLevel, risk_suggestions
from stationdesk.records.children import LightChild
from stationdesk.records.enrolments import Enrolment, future_problems, overlap_problems
from stationdesk.records.families import FamilyMember, guardian_kind_for
from stationdesk.records.family_codes import ParentState
from stationdesk.records.people import tidy_name

_RATED_AT_ENTRY = N_("建档时按类别评定：{reason}")


def tidied_light(light: LightChild) -> LightChild:
    """A registration as it is kept: its names folded."""
    return replace(light, name=tidy_name(light.name), guardian_name=tidy_name(light.guardian_name or "") or None)


def guardian_of(light: LightChild, child_id: int) -> FamilyMember | None:
    """The guardian a registration names, as a member of the family."""
    if not light.guardian_name:
        return None
    member = FamilyMember(
        child_id=child_id,
        relation=light.guardian_relation or "",
        name=light.guardian_name,
        phone=light.guardian_phone,
        is_guardian=True,
        guardian_kind=guardian_kind_for(light.guardian_relation or ""),
    )
    return replace(member, state=ParentState.UNKNOWN) if member.is_parent else member


def beginning_problems(
    entry: Enrolment, category: ChildCategory, others: Iterable[Enrolment], today: date
) -> Iterator[Problem]:
    """What is wrong with the first stretch in stock and the first category."""
    yield from check(entry)
    yield from entry.problems()
    yield from future_problems(entry, today)
    yield from overlap_problems(entry, others)
    yield from check(category)
    yield from category.problems()


def first_level(entry: Enrolment, category: ChildCategory, now: datetime, staff_id: int) -> RiskLevel:
    """The level the first category asks for, rated when the file is made and by whoever makes it."""
    suggested = risk_suggestions(Circumstances(categories=(category.category,), improper=category.improper_kinds))
    return RiskLevel(
        uuid=entry.uuid,
        child_id=entry.child_id,
        colour=suggested[0].colour,
        rated_at=now,
        rated_by=staff_id,
        reason=Problem("", _RATED_AT_ENTRY, {"reason": suggested[0].say()}).say(),
    )
