"""Assessments of an invented child: of the level it has now, and of the family around it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from stationdesk.records.assessment_forms import (
    Answers,
    AssessedLevel,
    AssessmentKind,
    Template,
    current,
    level_of,
    score_of,
)
from stationdesk.records.assessments import Assessment, next_due, propose
from stationdesk.records.categories import Colour, RiskLevel
from stationdesk.records.demonstration_people import told_of_children

# How many of the files have one.
_OF_RISK, _OF_GUARDIANSHIP = 0.6, 0.35
# How often each answer of the form is given, the best first.
_HOW_WELL = (50, 34, 14, 2)


def assessed_levels(
    levels: Sequence[RiskLevel], approver_id: int | None
) -> tuple[tuple[RiskLevel, ...], tuple[Assessment, ...]]:
    """The history of a level, its last line found by an assessment where there is one, and the
    assessments. They are drawn from a chance of their own, so that all else stays as it was."""
    *before, last = levels
    if last.rated_by is None:
        return tuple(levels), ()
    chance, found = Random(last.uuid), []
    assessor_id, day = last.rated_by, last.rated_at.date()
    if chance.random() < _OF_RISK:
        risk = _of_risk(chance, last, approver_id)
        last = replace(last, assessment_uuid=risk.uuid)
        found.append(risk)
    if chance.random() < _OF_GUARDIANSHIP:
        found.append(_of_guardianship(chance, last.child_id, assessor_id, day))
    return (*before, last), tuple(found)


def _of_risk(chance: Random, line: RiskLevel, approver_id: int | None) -> Assessment:
    """The gravest of the three dimensions is the colour of the line."""
    form, level = current(AssessmentKind.RISK), AssessedLevel.of(line.colour.code)
    milder = [colour.code for colour in list(Colour)[list(Colour).index(line.colour) :]]
    given = [line.colour.code, *(chance.choice(milder) for _ in form.items[1:])]
    chance.shuffle(given)
    return Assessment(
        uuid=_uuid(chance),
        child_id=line.child_id,
        kind=AssessmentKind.RISK,
        assessed_on=line.rated_at.date(),
        assessor_id=line.rated_by or 0,
        items=_answers(form, given),
        level=level,
        conclusion=line.reason,
        next_due=next_due(line.rated_at.date(), level),
        reviewed_by=approver_id,
    )


def _of_guardianship(chance: Random, child_id: int, assessor_id: int, day: date) -> Assessment:
    form = current(AssessmentKind.GUARDIANSHIP)
    given = chance.choices([choice.code for choice in form.choices], _HOW_WELL, k=len(form.items))
    items = _answers(form, given)
    level = level_of(items) or AssessedLevel.NORMAL
    return Assessment(
        uuid=_uuid(chance),
        child_id=child_id,
        kind=AssessmentKind.GUARDIANSHIP,
        assessed_on=day,
        assessor_id=assessor_id,
        items=items,
        score=score_of(items),
        level=level,
        rating=propose(items).rating,
        conclusion=chance.choice(told_of_children()["guardianship"][level.code]),
        next_due=next_due(day, level),
    )


def _answers(form: Template, given: Sequence[str]) -> Answers:
    pairs: Iterator[tuple[str, str]] = ((item.code, code) for item, code in zip(form.items, given, strict=True))
    return Answers(form.id, form.version, tuple(pairs))


def _uuid(chance: Random) -> str:
    return f"{chance.getrandbits(128):032x}"
