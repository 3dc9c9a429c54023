"""Schooling: where a child learns, and since when not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.people import PersonalPhone


class EduStage(Code):
    """Stages of education; the first are those of the official form (domain §3.4)."""

    NOT_ENROLLED = "NOT_ENROLLED", N_("未入园")
    KINDERGARTEN = "KINDERGARTEN", N_("幼儿园")
    PRIMARY = "PRIMARY", N_("小学")
    JUNIOR = "JUNIOR", N_("初中")
    SENIOR = "SENIOR", N_("高中")
    VOCATIONAL = "VOCATIONAL", N_("中职（技校）")
    DROPOUT = "DROPOUT", N_("辍学（义务教育阶段）")
    NOT_IN_SCHOOL = "NOT_IN_SCHOOL", N_("不在学（14—16岁未在学）")
    SPECIAL = "SPECIAL", N_("特殊教育")
    HOME_TEACH = "HOME_TEACH", N_("送教上门")
    COLLEGE = "COLLEGE", N_("高职（专科）")
    UNIVERSITY = "UNIVERSITY", N_("本科")
    GRADUATED = "GRADUATED", N_("已毕业未升学")


OUT_OF_SCHOOL = (EduStage.DROPOUT, EduStage.NOT_IN_SCHOOL)
_NO_SCHOOL = (EduStage.NOT_ENROLLED, EduStage.GRADUATED, *OUT_OF_SCHOOL)

Stage = Annotated[EduStage, Field(N_("就学阶段"), level=Level.L3)]
School = Annotated[str, Field(N_("学校"), max_length=60, private=True, level=Level.L3)]
GradeClass = Annotated[str, Field(N_("年级班级"), max_length=20, private=True, level=Level.L3)]
Boarding = Annotated[bool, Field(N_("寄宿"), level=Level.L3)]
TeacherName = Annotated[str, Field(N_("班主任"), max_length=72, private=True, level=Level.L3)]
SchoolFrom = Annotated[date, Field(N_("起始日期"), level=Level.L3)]
SchoolTo = Annotated[date, Field(N_("终止日期"), level=Level.L3)]
DropoutOn = Annotated[date, Field(N_("辍学日期"), level=Level.L3)]
DropoutReason = Annotated[str, Field(N_("辍学原因"), max_length=100, private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schooling:
    """One stretch of schooling; the latest one that has begun is the present one."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    stage: Stage
    school: School | None = None
    grade_class: GradeClass | None = None
    boarding: Boarding = False
    teacher_name: TeacherName | None = None
    teacher_phone: PersonalPhone | None = None
    since: SchoolFrom
    until: SchoolTo | None = None
    dropout_on: DropoutOn | None = None
    dropout_reason: DropoutReason | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one stretch."""
        if self.until is not None and self.until < self.since:
            yield Problem("until", N_("终止日期早于起始日期，请改正其中一个。"))
        if self.stage not in _NO_SCHOOL and not self.school:
            yield Problem("school", N_("请填写学校。"))
        if self.stage is EduStage.DROPOUT:
            if self.dropout_on is None:
                yield Problem("dropout_on", N_("请填写辍学日期。"))
            if not self.dropout_reason:
                yield Problem("dropout_reason", N_("请写明辍学原因。"))


def is_out_of_school(stretches: tuple[Schooling, ...], today: date) -> Schooling | None:
    """The present stretch when it is one out of school: the education authority is to be told."""
    begun = [s for s in stretches if s.since <= today and (s.until is None or s.until >= today)]
    last = max(begun, key=lambda s: (s.since, s.id or 0), default=None)
    return last if last is not None and last.stage in OUT_OF_SCHOOL else None
