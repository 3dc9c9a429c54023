"""Health and disability, with the number of the disability certificate (GB/T 26341)."""

import re
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


class HealthKind(Code):
    """What kind of condition it is."""

    DISABILITY = "DISABILITY", N_("残疾")
    SERIOUS_ILLNESS = "SERIOUS_ILLNESS", N_("重病")
    CHRONIC = "CHRONIC", N_("慢性病")
    MENTAL = "MENTAL", N_("心理/精神")
    ALLERGY = "ALLERGY", N_("过敏")
    OTHER = "OTHER", N_("其他")


class DisabilityType(Code):
    """GB/T 26341; the code is the digit in the certificate's number."""

    SIGHT = "1", N_("视力")
    HEARING = "2", N_("听力")
    SPEECH = "3", N_("言语")
    LIMBS = "4", N_("肢体")
    INTELLECT = "5", N_("智力")
    MENTAL = "6", N_("精神")
    MULTIPLE = "7", N_("多重")


class DisabilityGrade(Code):
    """1 is the gravest."""

    FIRST = "1", N_("一级")
    SECOND = "2", N_("二级")
    THIRD = "3", N_("三级")
    FOURTH = "4", N_("四级")
    NONE = "0", N_("未定级")


class Illness(Code):
    """Serious illnesses a district form lists (domain §3.4)."""

    HIV = "HIV", N_("艾滋病病毒感染")
    LEUKAEMIA = "LEUKAEMIA", N_("白血病")
    APLASTIC_ANAEMIA = "APLASTIC_ANAEMIA", N_("再生障碍性贫血")
    HAEMOPHILIA = "HAEMOPHILIA", N_("血友病")
    THALASSAEMIA = "THALASSAEMIA", N_("地中海贫血")
    HEART_DEFECT = "HEART_DEFECT", N_("先天性心脏病")
    URAEMIA = "URAEMIA", N_("尿毒症")
    KIDNEY_FAILURE = "KIDNEY_FAILURE", N_("慢性肾功能衰竭")
    TRANSPLANT = "TRANSPLANT", N_("器官移植")
    CANCER = "CANCER", N_("恶性肿瘤")
    BRAIN_TUMOUR = "BRAIN_TUMOUR", N_("颅内良性肿瘤")
    COSTLY = "COSTLY", N_("上年度自付超2万元的疾病")
    OTHER = "OTHER", N_("其他")


Condition = Annotated[HealthKind, Field(N_("健康情况"), private=True, level=Level.L3)]
KindOfDisability = Annotated[DisabilityType, Field(N_("残疾类别"), private=True, level=Level.L3)]
GradeOfDisability = Annotated[DisabilityGrade, Field(N_("残疾等级"), private=True, level=Level.L3)]
Autism = Annotated[bool, Field(N_("孤独症"), private=True, level=Level.L3)]
DisabilityCert = Annotated[
    str,
    Field(N_("残疾人证号"), max_length=22, private=True, level=Level.L3, mask=(6, 4), hint=N_("身份证号加类别和等级")),
]
IllnessName = Annotated[Illness, Field(N_("病种"), private=True, level=Level.L3)]
HealthText = Annotated[str, Field(N_("说明"), max_length=200, multiline=True, private=True, level=Level.L3)]
DiagnosedOn = Annotated[date, Field(N_("确诊日期"), private=True, level=Level.L3)]
OverOn = Annotated[date, Field(N_("痊愈或注销日期"), private=True, level=Level.L3)]
Costly = Annotated[bool, Field(N_("年自付费用超2万元"), level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthItem:
    """One condition of a child (domain §2.5)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    kind: Condition
    disability: KindOfDisability | None = None
    grade: GradeOfDisability | None = None
    autism: Autism = False
    cert_no: DisabilityCert | None = None
    illness: IllnessName | None = None
    text: HealthText | None = None
    diagnosed_on: DiagnosedOn | None = None
    over_on: OverOn | None = None
    costly: Costly = False

    @property
    def restricted(self) -> bool:
        """Whether it is a psychiatric diagnosis or HIV (security §4, L4)."""
        return (
            self.kind is HealthKind.MENTAL
            or self.illness is Illness.HIV
            or self.disability is DisabilityType.MENTAL
            or self.autism
        )

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one condition."""
        if self.kind is HealthKind.DISABILITY:
            if self.disability is None:
                yield Problem("disability", N_("请选择残疾类别。"))
            if self.grade is None:
                yield Problem("grade", N_("请选择残疾等级，还没有评定的选“未定级”。"))
            if self.autism and self.disability not in (None, DisabilityType.MENTAL, DisabilityType.MULTIPLE):
                yield Problem("autism", N_("孤独症计入精神残疾，请核对残疾类别。"))
        elif self.kind is HealthKind.SERIOUS_ILLNESS and self.illness is None:
            yield Problem("illness", N_("请选择病种。"))
        elif self.illness is None and not self.text:
            yield Problem("text", N_("请写明是什么情况。"))
        if self.over_on is not None and self.diagnosed_on is not None and self.over_on < self.diagnosed_on:
            yield Problem("over_on", N_("痊愈或注销日期早于确诊日期，请改正其中一个。"))

    def is_open_on(self, day: date) -> bool:
        """Whether the child has it on `day`."""
        return self.over_on is None or self.over_on > day


def certificate_problems(item: HealthItem, child_id_no: str | None) -> Iterator[Problem]:
    """A certificate's number is the ID number, type, grade, and for a later one B and a digit."""
    if item.kind is not HealthKind.DISABILITY or not item.cert_no:
        return
    found = re.fullmatch(r"([0-9]{17}[0-9X])([1-7])([1-4])(B[0-9])?", item.cert_no)
    if not found:
        yield Problem("cert_no", N_("残疾人证号应是18位身份证号加1位类别和1位等级，补证的再加B和1位数字，请检查。"))
        return
    if child_id_no and found[1] != child_id_no:
        yield Problem("cert_no", N_("残疾人证号的前18位不是这个孩子的身份证号，请核对。"))
    if item.disability is not None and found[2] != item.disability.code:
        yield Problem("disability", N_("残疾类别与残疾人证号的第19位不一致，请改正其中一个。"))
    if item.grade is not None and found[3] != item.grade.code:
        yield Problem("grade", N_("残疾等级与残疾人证号的第20位不一致，请改正其中一个。"))
