"""Assessments of a child: what was found, what the rules would have said, and when to look again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.assessment_forms import (
    Answers,
    AssessedLevel,
    AssessmentKind,
    level_of,
    levels_of,
    score_of,
    unanswered,
)
from stationdesk.records.calendar import new_uuid
from stationdesk.records.categories import Colour, RiskLevel, Suggestion, is_lowered
from stationdesk.records.children import ChildName
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.family_codes import CareRating

KindOfAssessment = Annotated[AssessmentKind, Field(N_("评估种类"), level=Level.L3)]
AssessedOn = Annotated[date, Field(N_("评估日期"), level=Level.L3)]
AssessorRef = Annotated[int, Field(N_("评估人"), level=Level.L3)]
OtherAssessors = Annotated[str, Field(N_("其他评估人"), max_length=80, private=True, level=Level.L3)]
# Long when written out: no column of a list, a row of its own on paper.
AssessedItems = Annotated[Answers, Field(N_("评估项目"), multiline=True, private=True, level=Level.L3)]
Score = Annotated[Decimal, Field(N_("得分"), minimum=0, maximum=100, private=True, level=Level.L3)]
LevelFound = Annotated[AssessedLevel, Field(N_("评估等级"), private=True, level=Level.L3)]
# After the forms of the 2016 count of left-behind children, which explain their three grades.
Rating = Annotated[
    CareRating,
    Field(
        N_("监护情况（三档）"),
        private=True,
        level=Level.L3,
        hint=N_(
            "较好：生活、教育、身心健康有较好保障；一般：有基本保障，但有出现偏差的风险；差：无人监护或得不到有效保障"
        ),
    ),
]
Conclusion = Annotated[str, Field(N_("评估结论"), max_length=800, multiline=True, private=True, level=Level.L3)]
WhyOtherwise = Annotated[
    str, Field(N_("与建议不同的理由"), max_length=200, multiline=True, private=True, level=Level.L3)
]
NextDue = Annotated[date, Field(N_("下次评估日期"), level=Level.L3)]
ReviewedBy = Annotated[int, Field(N_("审核人"), level=Level.L3)]

_NOT_ANSWERED = N_("还有{count}项没有选：{items}。")
_LOWER = N_("等级低于建议，须由站长或儿童督导员评定，请报请审批。")
_LOWERED = N_("降低风险等级须由站长或儿童督导员评定，请报请审批。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One assessment of a child (domain §2.6); `reviewed_by` is set by reviewing, nobody types it."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    kind: KindOfAssessment = AssessmentKind.RISK
    assessed_on: AssessedOn
    assessor_id: AssessorRef
    other_assessors: OtherAssessors | None = None
    items: AssessedItems = field(default_factory=lambda: unanswered(AssessmentKind.RISK))
    score: Score | None = None
    level: LevelFound | None = None
    rating: Rating | None = None
    reason: WhyOtherwise | None = None
    conclusion: Conclusion = ""
    next_due: NextDue | None = None
    reviewed_by: ReviewedBy | None = None

    @property
    def colour(self) -> Colour | None:
        """The level of risk it found, where that is its kind."""
        is_risk = self.kind is AssessmentKind.RISK and self.level in levels_of(AssessmentKind.RISK)
        return Colour.of(self.level.code) if is_risk and self.level is not None else None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one assessment."""
        if self.items.form.kind is not self.kind:
            yield Problem("items", N_("评估项目不是“{kind}”的，请重新选择。"), {"kind": self.kind.label})
        elif missing := self.items.missing():
            values = {"count": len(missing), "items": "、".join(item.label.say() for item in missing[:3])}
            yield Problem("items", _NOT_ANSWERED, values)
        if self.level not in levels_of(self.kind):
            yield Problem("level", N_("请选择评估等级。"))
        if self.rating is not None and self.kind is not AssessmentKind.GUARDIANSHIP:
            yield Problem("rating", N_("只有家庭监护能力评估才填三档监护情况。"))
        if self.score is not None and not self.items.form.is_scored:
            yield Problem("score", N_("这种评估不计分，请清空得分。"))
        if self.next_due is None and self.kind in _AGAIN:
            yield Problem("next_due", N_("请填写下次评估日期。"))
        if self.next_due is not None and self.next_due <= self.assessed_on:
            yield Problem("next_due", N_("下次评估日期应晚于评估日期。"))


# --- what is proposed ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What the answers and the facts of the file speak for; `because` are the triggers that asked for
    a graver level than the answers alone."""

    score: Decimal | None = None
    level: AssessedLevel | None = None
    rating: CareRating | None = None
    because: tuple[Suggestion, ...] = ()


_RATINGS = {
    AssessedLevel.NORMAL: CareRating.GOOD,
    AssessedLevel.INSUFFICIENT: CareRating.FAIR,
    AssessedLevel.IMPROPER: CareRating.POOR,
    AssessedLevel.ABSENT: CareRating.POOR,
}


def propose(answers: Answers, triggers: Iterable[Suggestion] = ()) -> Proposed:
    """Score and level by the form. Of risk the worst dimension counts, and each trigger asks for at
    least its own colour, so that a red one forces red (domain §2.6, §4.2)."""
    found = level_of(answers)
    if answers.form.kind is not AssessmentKind.RISK:
        return Proposed(score=score_of(answers), level=found, rating=_RATINGS.get(found) if found else None)
    if found is None:
        return Proposed()
    graver = [t for t in triggers if is_lowered(Colour.of(found.code), t.colour)]
    worst = min((t.colour for t in graver), key=list(Colour).index, default=Colour.of(found.code))
    because = tuple(t for t in graver if t.colour is worst)
    return Proposed(level=AssessedLevel.of(worst.code), because=because)


def reason_problems(assessment: Assessment, proposed: Proposed) -> Iterator[Problem]:
    """What is entered by hand may differ from what is proposed, with a reason; a graver colour of risk
    needs none."""
    if assessment.reason or proposed.level is None:
        return
    colour = assessment.colour
    if colour is not None:
        differs = is_lowered(colour, Colour.of(proposed.level.code))
    else:
        differs = assessment.level is not proposed.level
    if differs:
        values = {"level": proposed.level.label}
        yield Problem("reason", N_("评估等级与建议的“{level}”不同，请写明理由。"), values)
    elif assessment.score != proposed.score:
        yield Problem("reason", N_("得分与算出的{score}不同，请写明理由。"), {"score": proposed.score})


def approval_problem(assessment: Assessment, proposed: Proposed, before: Colour | None) -> Problem | None:
    """Why saving takes the right to approve: a colour milder than what is proposed, or than the one
    that holds now (`before`, None where this assessment does not change it)."""
    colour = assessment.colour
    if colour is None:
        return None
    if proposed.level is not None and is_lowered(colour, Colour.of(proposed.level.code)):
        return Problem("level", _LOWER)
    return Problem("level", _LOWERED) if is_lowered(colour, before) else None


# --- the level that follows ----------------------------------------------------------------------

_LONGEST_REASON = 200


def level_line(assessment: Assessment, history: Sequence[RiskLevel], now: datetime, staff_id: int) -> RiskLevel | None:
    """The line an assessment adds to the history of the level; None when it found none, or has added
    the same before."""
    mine = [line for line in history if line.assessment_uuid == assessment.uuid]
    if assessment.colour is None or (mine and mine[-1].colour is assessment.colour):
        return None
    said = assessment.reason or assessment.conclusion
    return RiskLevel(
        child_id=assessment.child_id,
        colour=assessment.colour,
        rated_at=now,
        rated_by=staff_id,
        reason=said if len(said) <= _LONGEST_REASON else f"{said[: _LONGEST_REASON - 1]}…",
        assessment_uuid=assessment.uuid,
    )


def is_latest(assessment: Assessment, others: Iterable[Assessment]) -> bool:
    """Whether no other of its kind was made later: one written up afterwards changes no level."""
    same = (other for other in others if other.kind is assessment.kind and other.uuid != assessment.uuid)
    return all(other.assessed_on <= assessment.assessed_on for other in same)


# --- when to look again --------------------------------------------------------------------------

# Domain §4.2 (R05); there is no number for guardianship (R06), the same steps are the station's own.
_DAYS = {
    AssessedLevel.RED: 30,
    AssessedLevel.YELLOW: 90,
    AssessedLevel.BLUE: 180,
    AssessedLevel.GREEN: 365,
    AssessedLevel.ABSENT: 30,
    AssessedLevel.IMPROPER: 90,
    AssessedLevel.INSUFFICIENT: 180,
    AssessedLevel.NORMAL: 365,
}
_AGAIN = (AssessmentKind.RISK, AssessmentKind.GUARDIANSHIP)
# How long before the day it is told.
AHEAD = timedelta(days=7)


def next_due(assessed_on: date, level: AssessedLevel | None) -> date | None:
    """When to assess again what was found on a day; None for kinds that need no repetition."""
    days = _DAYS.get(level) if level is not None else None
    return assessed_on + timedelta(days=days) if days is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassessment:
    """A child to be assessed again, and by when."""

    kind: AssessmentKind
    on: date
    overdue: bool

    def say(self) -> str:
        """The sentence in the language in use."""
        text = N_("“{kind}”复评已过期，应于{day}前完成") if self.overdue else N_("“{kind}”复评应于{day}前完成")
        return _(text).format(kind=self.kind.label, day=self.on.isoformat())


def reassessments(
    assessments: Sequence[Assessment], levels: Sequence[RiskLevel], today: date
) -> Iterator[Reassessment]:
    """What of one child is due within a week or overdue, the most urgent first."""
    days = ((kind, _due_on(kind, assessments, levels)) for kind in AssessmentKind)
    found = sorted((day, kind.code) for kind, day in days if day is not None and day - AHEAD <= today)
    for day, code in found:
        yield Reassessment(kind=AssessmentKind.of(code), on=day, overdue=day < today)


def _due_on(kind: AssessmentKind, assessments: Sequence[Assessment], levels: Sequence[RiskLevel]) -> date | None:
    """The day the last assessment of a kind named. A level rated later without one has its own day,
    if that is sooner; rated without any assessment it is the only one."""
    last = max((a for a in assessments if a.kind is kind), key=lambda a: (a.assessed_on, a.id or 0), default=None)
    named = last.next_due if last is not None else None
    if kind is not AssessmentKind.RISK or not levels:
        return named
    rated = max(levels, key=lambda line: (line.rated_at, line.id or 0))
    if rated.assessment_uuid is not None and last is not None:
        return named
    day = next_due(rated.rated_at.date(), AssessedLevel.of(rated.colour.code))
    return min((d for d in (named, day) if d is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDue:
    """A reassessment, and of which child."""

    child_id: ChildRef
    name: ChildName
    due: Reassessment
