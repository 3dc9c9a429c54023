"""A child's file as a whole: one timeline of what it has, and what its facts speak for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import singledispatch
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.ages import Proposal
from stationdesk.records.assessments import Assessment, Reassessment
from stationdesk.records.attendance import TakenPart
from stationdesk.records.benefits import Benefit, BenefitHint
from stationdesk.records.care import ChildNeed, DelegatedCare
from stationdesk.records.categories import ChildCategory, RiskLevel, Suggestion
from stationdesk.records.child_quality import Gap
from stationdesk.records.children import ChildName, FileNo
from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.enrolments import ChildRef, Enrolment
from stationdesk.records.families import UnattendedHint
from stationdesk.records.health import HealthItem
from stationdesk.records.schooling import Schooling


class Happening(Code):
    """What a line of the timeline is about."""

    FILE = "FILE", N_("建档")
    ENTERED = "ENTERED", N_("纳入在册")
    LEFT = "LEFT", N_("减员")
    CATEGORY = "CATEGORY", N_("类别")
    RISK = "RISK", N_("风险等级")
    ASSESSED = "ASSESSED", N_("评估")
    SCHOOL = "SCHOOL", N_("就学")
    HEALTH = "HEALTH", N_("健康")
    BENEFIT = "BENEFIT", N_("政策")
    CARE = "CARE", N_("委托照护")
    CONSENT = "CONSENT", N_("知情同意")
    NEED = "NEED", N_("需求")
    ACTIVITY = "ACTIVITY", N_("参加活动")
    MERGED = "MERGED", N_("合并")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One line of a child's timeline: the day, what happened, a marked text and its values."""

    day: Annotated[date, Field(N_("日期"), level=Level.L2)]
    kind: Annotated[Happening, Field(N_("事项"), level=Level.L2)]
    text: str
    values: dict[str, object] = field(default_factory=dict)
    record_id: int | None = None

    def say(self) -> str:
        """The text in the language in use."""
        return _(self.text).format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildHints:
    """What the facts of a file speak for, each with its reason; `terms` are parents (by relation) whose
    term ends, with the days left; `unsigned` delegations without an agreement, with the days since;
    `lapsed` what was once agreed to and may no longer be relied on; `pictured` the activities (day, title)
    with how many photos of a child that is not to be shown to others any more; `assessments` what is to be
    assessed again; `gaps` what is to be mended."""

    risk: tuple[Suggestion, ...] = ()
    benefits: tuple[BenefitHint, ...] = ()
    unattended: UnattendedHint | None = None
    ages: tuple[Proposal, ...] = ()
    terms: tuple[tuple[str, int], ...] = ()
    unsigned: tuple[tuple[int, int], ...] = ()
    lapsed: tuple[ConsentKind, ...] = ()
    pictured: tuple[tuple[date, str, int], ...] = ()
    assessments: tuple[Reassessment, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDue:
    """A task that an age asks for, and of which child."""

    child_id: ChildRef
    file_no: FileNo
    name: ChildName
    proposal: Proposal


def timeline(
    opened: date, file_no: str, records: Iterable[object], merged: Iterable[tuple[date, str]]
) -> tuple[TimelineRow, ...]:
    """One line a happening, the latest first; of one day those that came last first."""
    rows = [TimelineRow(day=opened, kind=Happening.FILE, text=N_("建立档案{file_no}"), values={"file_no": file_no})]
    for record in records:
        rows += lines_of(record)
    for day, number in merged:
        text = N_("并入档案{file_no}")
        rows.append(TimelineRow(day=day, kind=Happening.MERGED, text=text, values={"file_no": number}))
    return tuple(sorted(rows, key=lambda row: row.day)[::-1])


@singledispatch
def lines_of(record: object) -> Iterator[TimelineRow]:
    """The lines one record of a file makes."""
    raise TypeError(type(record).__name__)


def _line(
    day: date | None, kind: Happening, text: str, record_id: int | None, **values: object
) -> Iterator[TimelineRow]:
    if day is not None:
        yield TimelineRow(day=day, kind=kind, text=text, values=values, record_id=record_id)


@lines_of.register
def _of_enrolment(record: Enrolment) -> Iterator[TimelineRow]:
    yield from _line(record.entered_on, Happening.ENTERED, N_("{reason}"), record.id, reason=record.entry_reason.label)
    if record.exit_reason is not None:
        yield from _line(record.left_on, Happening.LEFT, N_("{reason}"), record.id, reason=record.exit_reason.label)


@lines_of.register
def _of_category(record: ChildCategory) -> Iterator[TimelineRow]:
    name = record.category.label
    yield from _line(record.since, Happening.CATEGORY, N_("列入“{name}”"), record.id, name=name)
    yield from _line(record.until, Happening.CATEGORY, N_("不再列入“{name}”"), record.id, name=name)


@lines_of.register
def _of_level(record: RiskLevel) -> Iterator[TimelineRow]:
    text = N_("评定为{colour}：{reason}")
    values = {"colour": record.colour.label, "reason": record.reason}
    yield from _line(record.rated_at.date(), Happening.RISK, text, record.id, **values)


@lines_of.register
def _of_assessment(record: Assessment) -> Iterator[TimelineRow]:
    values = {"what": record.kind.label, "level": record.level.label if record.level else ""}
    yield from _line(record.assessed_on, Happening.ASSESSED, N_("{what}：{level}"), record.id, **values)


@lines_of.register
def _of_schooling(record: Schooling) -> Iterator[TimelineRow]:
    values = {"stage": record.stage.label, "school": record.school or ""}
    yield from _line(record.since, Happening.SCHOOL, N_("{stage} {school}"), record.id, **values)
    yield from _line(record.dropout_on, Happening.SCHOOL, N_("辍学"), record.id)


@lines_of.register
def _of_health(record: HealthItem) -> Iterator[TimelineRow]:
    name = record.illness or record.disability or record.kind
    yield from _line(record.diagnosed_on, Happening.HEALTH, N_("{name}"), record.id, name=name.label)


@lines_of.register
def _of_benefit(record: Benefit) -> Iterator[TimelineRow]:
    values = {"name": record.kind.label, "state": record.state.label}
    yield from _line(record.since, Happening.BENEFIT, N_("{name}：{state}"), record.id, **values)
    yield from _line(record.until, Happening.BENEFIT, N_("{name}终止"), record.id, name=record.kind.label)


@lines_of.register
def _of_care(record: DelegatedCare) -> Iterator[TimelineRow]:
    yield from _line(record.since, Happening.CARE, N_("开始委托照护"), record.id)
    yield from _line(record.signed_on, Happening.CARE, N_("签订委托照护协议"), record.id)


@lines_of.register
def _of_consent(record: Consent) -> Iterator[TimelineRow]:
    name = record.kind.label
    yield from _line(record.signed_on, Happening.CONSENT, N_("同意：{name}"), record.id, name=name)
    yield from _line(record.withdrawn_on, Happening.CONSENT, N_("撤回同意：{name}"), record.id, name=name)


@lines_of.register
def _of_need(record: ChildNeed) -> Iterator[TimelineRow]:
    name = record.need.label
    yield from _line(record.since, Happening.NEED, N_("需要：{name}"), record.id, name=name)
    yield from _line(record.met_on, Happening.NEED, N_("已解决：{name}"), record.id, name=name)


@lines_of.register
def _of_activity(record: TakenPart) -> Iterator[TimelineRow]:
    if record.came:
        yield from _line(record.start.date(), Happening.ACTIVITY, N_("{title}"), record.id, title=record.title)
