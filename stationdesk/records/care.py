"""Delegated care, by the written agreement of UMP Law Art. 22, and what a child needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.families import FamilyMember
from stationdesk.records.family_codes import CareRating

CarerRef = Annotated[int, Field(N_("受委托照护人"), level=Level.L3)]
CareFrom = Annotated[date, Field(N_("委托起始日期"), level=Level.L3)]
SignedOn = Annotated[date, Field(N_("协议签订日期"), level=Level.L3)]
ValidTo = Annotated[date, Field(N_("有效期至"), level=Level.L3)]
SchoolTold = Annotated[bool, Field(N_("已告知学校"), level=Level.L3)]
VillageTold = Annotated[bool, Field(N_("已告知村（居）委会"), level=Level.L3)]
WeeklyContact = Annotated[bool, Field(N_("父母每周至少联系一次"), level=Level.L3)]
CarerAbility = Annotated[CareRating, Field(N_("照护能力"), private=True, level=Level.L3)]
Checked = Annotated[
    bool,
    Field(
        N_("已核查禁止情形"),
        level=Level.L3,
        hint=N_("有侵害前科、吸毒酗酒赌博、曾拒绝或怠于照护等情形的，不得作为受委托人（未成年人保护法第二十二条）"),
    ),
]
CareNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True, private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatedCare:
    """That the parents have put somebody in their place (domain §2.5)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    carer_id: CarerRef
    since: CareFrom
    signed_on: SignedOn | None = None
    valid_to: ValidTo | None = None
    school_told: SchoolTold = False
    village_told: VillageTold = False
    weekly_contact: WeeklyContact = False
    ability: CarerAbility
    checked: Checked = False
    note: CareNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one delegation."""
        if self.valid_to is not None and self.valid_to < self.since:
            yield Problem("valid_to", N_("有效期早于委托起始日期，请改正其中一个。"))
        if self.signed_on is not None and not self.checked:
            yield Problem("checked", N_("签订协议前应先核查禁止情形，请核查后勾选。"))


def unsigned(delegations: Iterable[DelegatedCare], today: date) -> Iterator[tuple[int, int]]:
    """Delegations that last and have no signed agreement: their ids, and for how many days."""
    for care in delegations:
        lasts = care.since <= today and (care.valid_to is None or care.valid_to >= today)
        if lasts and care.signed_on is None:
            yield care.id or 0, (today - care.since).days


def carer_problems(care: DelegatedCare, carer: FamilyMember | None) -> Iterator[Problem]:
    """Who may be entrusted: somebody of this child's family list, and not a parent."""
    if carer is None or carer.child_id != care.child_id:
        yield Problem("carer_id", N_("请从这个孩子的家庭成员里选择受委托照护人。"))
    elif carer.is_parent:
        yield Problem("carer_id", N_("父母不能受自己委托，请选择其他照护人。"))


class Need(Code):
    """What a child needs (domain §3.4)."""

    LIVING = "LIVING", N_("生活保障")
    MEDICAL = "MEDICAL", N_("医疗康复")
    EDUCATION = "EDUCATION", N_("就学学习")
    GUARDIANSHIP = "GUARDIANSHIP", N_("监护指导")
    PSYCH = "PSYCH", N_("心理支持")
    COMPANION = "COMPANION", N_("亲情陪伴")
    SAFETY = "SAFETY", N_("安全")
    LEGAL = "LEGAL", N_("法律")
    HUKOU = "HUKOU", N_("落户")
    BEHAVIOUR = "BEHAVIOUR", N_("行为引导")
    SOCIAL = "SOCIAL", N_("社会融入")
    HOUSING = "HOUSING", N_("居住环境")
    CAREER = "CAREER", N_("升学就业")


NeedField = Annotated[Need, Field(N_("需求"), private=True, level=Level.L3)]
NeedSince = Annotated[date, Field(N_("提出日期"), level=Level.L3)]
MetOn = Annotated[date, Field(N_("解决日期"), level=Level.L3)]
NeedNote = Annotated[str, Field(N_("说明"), max_length=200, multiline=True, private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildNeed:
    """One need of a child, until it is met."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    need: NeedField
    since: NeedSince
    met_on: MetOn | None = None
    note: NeedNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one need."""
        if self.met_on is not None and self.met_on < self.since:
            yield Problem("met_on", N_("解决日期早于提出日期，请改正其中一个。"))
