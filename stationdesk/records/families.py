"""The family of a child: the household, its members and guardians, and the state of the parents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import code_list
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.ages import ADULT, age_on
from stationdesk.records.calendar import new_uuid
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.family_codes import (
    DEAD,
    RESTRAINED,
    TERMED,
    FamilyType,
    GuardianKind,
    Health,
    Housing,
    IncomeSource,
    ParentState,
    PovertyKind,
)
from stationdesk.records.health import GradeOfDisability, KindOfDisability
from stationdesk.records.ids import IdNumber, agreement_problems, birth_of, resident_problem
from stationdesk.records.people import PersonalPhone, Sex

FATHER, MOTHER = "51", "52"
# Parents, step- and adoptive parents, grandparents and great-grandparents.
_ELDERS = frozenset({FATHER, MOTHER, "57", "58", "61", "62", "63", "64", "66", "67"})
# Who of GB/T 4761 is kin that may bring up a child: grandparents, uncles, aunts, brothers, sisters.
_KIN_FROM, _KIN_TO = "57", "97"

HouseholdAddress = Annotated[str, Field(N_("家庭住址"), max_length=120, private=True, level=Level.L3)]
HouseholdSize = Annotated[int, Field(N_("家庭人口"), minimum=1, maximum=30, unit=N_("人"), level=Level.L3)]
ChildrenCount = Annotated[int, Field(N_("其中未成年人"), minimum=0, maximum=20, unit=N_("人"), level=Level.L3)]
FamilyKind = Annotated[FamilyType, Field(N_("家庭类型"), private=True, level=Level.L3)]
HousingKind = Annotated[Housing, Field(N_("住房情况"), level=Level.L3)]
HousingArea = Annotated[
    Decimal, Field(N_("住房面积"), minimum=Decimal(1), maximum=Decimal(9999), unit="㎡", level=Level.L3)
]
IncomeSources = Annotated[tuple[IncomeSource, ...], Field(N_("收入来源"), private=True, level=Level.L3)]
MonthlyIncome = Annotated[
    Decimal,
    Field(N_("家庭月收入"), minimum=Decimal(0), maximum=Decimal(9999999), unit=N_("元"), private=True, level=Level.L3),
]
PovertyField = Annotated[PovertyKind, Field(N_("家庭困难类型"), private=True, level=Level.L3)]
Difficulties = Annotated[str, Field(N_("家庭困难情况"), max_length=400, multiline=True, private=True, level=Level.L3)]
Surroundings = Annotated[str, Field(N_("居住环境"), max_length=400, multiline=True, private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A family under one roof; brothers and sisters share it. Cars, land and appliances are left
    out: they belong to means testing, not to a protection station (domain §2.5)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    address: HouseholdAddress = ""
    size: HouseholdSize | None = None
    children: ChildrenCount | None = None
    family_type: FamilyKind | None = None
    housing: HousingKind | None = None
    housing_area: HousingArea | None = None
    income_sources: IncomeSources = ()
    monthly_income: MonthlyIncome | None = None
    poverty_kind: PovertyField | None = None
    difficulties: Difficulties | None = None
    surroundings: Surroundings | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one household."""
        if self.size is not None and self.children is not None and self.children > self.size:
            yield Problem("children", N_("未成年人数多于家庭人口，请改正其中一个。"))


FamilyName = Annotated[str, Field(N_("姓名"), max_length=72, private=True, level=Level.L3, mask=(1, 0))]
Relation = Annotated[str, Field(N_("与儿童关系"), max_length=2, level=Level.L2)]
FamilySex = Annotated[Sex, Field(N_("性别"), level=Level.L3)]
FamilyBirth = Annotated[date, Field(N_("出生日期"), private=True, level=Level.L3)]
IsGuardian = Annotated[bool, Field(N_("监护人"), level=Level.L2)]
KindOfGuardian = Annotated[GuardianKind, Field(N_("监护类型"), private=True, level=Level.L3)]
IsCarer = Annotated[bool, Field(N_("实际照护人"), level=Level.L2)]
LivesWithChild = Annotated[bool, Field(N_("共同生活"), level=Level.L2)]
FamilyHealth = Annotated[Health, Field(N_("健康状况"), private=True, level=Level.L3)]
Occupation = Annotated[str, Field(N_("职业"), max_length=40, private=True, level=Level.L3)]
WorkPlace = Annotated[
    str, Field(N_("工作地"), max_length=40, private=True, level=Level.L3, hint=N_("填到省和市，如广东省深圳市"))
]
StateOfParent = Annotated[ParentState, Field(N_("父母状况"), private=True, level=Level.L3)]
StateFrom = Annotated[date, Field(N_("状况起始日期"), private=True, level=Level.L3)]
StateMonths = Annotated[
    int,
    Field(N_("刑期或戒毒期"), minimum=1, maximum=600, unit=N_("个月"), private=True, level=Level.L3),
]
ReportedOn = Annotated[date, Field(N_("报警日期"), private=True, level=Level.L3, hint=N_("失联的从报警之日起算"))]
FamilyNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True, private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMember:
    """A member of a child's family, or who is its guardian; `relation` is a code of GB/T 4761.

    Father and mother are always there, be it with nothing but the state 不详 (domain §2.5).
    """

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    relation: Relation = ""
    name: FamilyName | None = None
    sex: FamilySex | None = None
    id_no: IdNumber | None = None
    birth_date: FamilyBirth | None = None
    phone: PersonalPhone | None = None
    is_guardian: IsGuardian = False
    guardian_kind: KindOfGuardian | None = None
    is_carer: IsCarer = False
    lives_with_child: LivesWithChild = False
    health: FamilyHealth | None = None
    disability: KindOfDisability | None = None
    grade: GradeOfDisability | None = None
    occupation: Occupation | None = None
    work_place: WorkPlace | None = None
    state: StateOfParent | None = None
    state_from: StateFrom | None = None
    state_months: StateMonths | None = None
    reported_on: ReportedOn | None = None
    note: FamilyNote | None = None

    @property
    def is_parent(self) -> bool:
        """Whether this is the father or the mother."""
        return self.relation in (FATHER, MOTHER)

    @property
    def state_until(self) -> date | None:
        """The day a sentence or a rehabilitation ends: the same day of the month, or its last."""
        if self.state_from is None or self.state_months is None:
            return None
        return months_later(self.state_from, self.state_months)

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one member."""
        if self.relation not in code_list("relation").labels:
            yield Problem("relation", N_("请选择与儿童的关系。"))
        if self.is_parent:
            yield from self._parent_problems()
        elif not self.name:
            yield Problem("name", N_("请填写姓名。"))
        if self.is_guardian and self.guardian_kind is None:
            yield Problem("guardian_kind", N_("请选择监护类型。"))
        if self.health is Health.DISABILITY and (self.disability is None or self.grade is None):
            yield Problem("disability", N_("健康状况是残疾的，请选择残疾类别和等级。"))
        if self.state in DEAD and (self.is_guardian or self.is_carer):
            yield Problem("state", N_("已死亡或宣告失踪的人不能是监护人或照护人，请改正。"))

    def _parent_problems(self) -> Iterator[Problem]:
        if self.state is None:
            yield Problem("state", N_("请选择父母状况，不清楚的选“不详”。"))
        if self.sex is not None and self.sex is not (Sex.MALE if self.relation == FATHER else Sex.FEMALE):
            yield Problem("sex", N_("性别与父亲、母亲的关系不符，请改正其中一个。"))
        if self.state in TERMED and self.state_from is None:
            yield Problem("state_from", N_("请填写状况的起始日期。"))
        if self.state is ParentState.LOST_CONTACT and self.reported_on is None:
            yield Problem("reported_on", N_("失联从报警之日起算，请填写报警日期；还没有报警的请先报警。"))


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` on, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(months)


def member_problems(
    member: FamilyMember, child_birth: date | None, child_id_no: str | None, today: date
) -> Iterator[Problem]:
    """Rules between a member, the child and today."""
    if member.id_no:
        found = tuple(_number_problems(member, member.id_no, child_id_no, today))
        yield from found
        if found:
            return
    birth = member.birth_date or (birth_of(member.id_no) if member.id_no else None)
    if birth is not None and birth > today:
        yield Problem("birth_date", N_("出生日期{birth}还没有到，请改正。"), {"birth": birth.isoformat()})
    elif birth is not None and child_birth is not None and member.relation in _ELDERS and birth >= child_birth:
        values: dict[str, object] = {"relation": code_list("relation").labels[member.relation]}
        yield Problem("birth_date", N_("{relation}不可能比孩子小，请核对两人的出生日期。"), values)
    if member.state_from is not None and member.state_from > today:
        yield Problem("state_from", N_("状况的起始日期还没有到，请改正。"))
    if member.reported_on is not None and member.reported_on > today:
        yield Problem("reported_on", N_("报警日期还没有到，请改正。"))


def _number_problems(member: FamilyMember, number: str, child_id_no: str | None, today: date) -> Iterator[Problem]:
    wrong = resident_problem(number, today)
    if wrong is not None:
        yield wrong
    elif number == child_id_no:
        yield Problem("id_no", N_("这是孩子本人的身份证号，请改正。"))
    else:
        yield from agreement_problems(number, member.sex, member.birth_date)


def family_problems(member: FamilyMember, others: Iterable[FamilyMember]) -> Iterator[Problem]:
    """A child has one father and one mother."""
    if member.is_parent and any(o.relation == member.relation and o.uuid != member.uuid for o in others):
        label = code_list("relation").labels[member.relation]
        yield Problem("relation", N_("已经有一条{relation}，请修改原来那条。"), {"relation": label})


def parents_for(child_id: int) -> tuple[FamilyMember, FamilyMember]:
    """The father and the mother every file begins with."""
    unknown = ParentState.UNKNOWN
    return (
        FamilyMember(child_id=child_id, relation=FATHER, state=unknown),
        FamilyMember(child_id=child_id, relation=MOTHER, state=unknown),
    )


_GUARDIANS = {
    FATHER: GuardianKind.FATHER,
    MOTHER: GuardianKind.MOTHER,
    "61": GuardianKind.GRANDPARENTS,
    "62": GuardianKind.GRANDPARENTS,
    "63": GuardianKind.MATERNAL_GP,
    "64": GuardianKind.MATERNAL_GP,
    "71": GuardianKind.SIBLING,
    "75": GuardianKind.SIBLING,
    "Z5": GuardianKind.APPOINTED,
    "Z6": GuardianKind.VILLAGE,
    "Z7": GuardianKind.FOSTER,
}


def guardian_kind_for(relation: str) -> GuardianKind:
    """What kind of guardian somebody of this relation usually is."""
    return _GUARDIANS.get(relation, GuardianKind.OTHER_KIN)


def has_carer(family: Iterable[FamilyMember]) -> bool:
    """Whether anybody actually looks after the child; a family nothing is told of yet is no danger,
    only a gap in the file."""
    told = [member for member in family if member.name or member.is_carer or member.state is not ParentState.UNKNOWN]
    return not told or any(member.is_carer and member.state not in DEAD for member in told)


def has_kin_carer(family: Iterable[FamilyMember], today: date) -> bool:
    """Whether a grown-up relative looks after the child; one of unknown age is taken for grown-up."""
    return any(
        member.is_carer
        and _KIN_FROM <= member.relation < _KIN_TO
        and (member.birth_date is None or age_on(member.birth_date, today) >= ADULT)
        for member in family
    )


# --- 事实无人抚养 --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnattendedHint:
    """That the parents' states meet the definition; a decision is made by the authorities alone."""

    orphan: bool
    text: str
    values: dict[str, object] = field(default_factory=dict)

    def say(self) -> str:
        """The reason, in the language in use."""
        return _(self.text).format(**self.values)


def unattended_hint(family: Sequence[FamilyMember], today: date) -> UnattendedHint | None:
    """Whether the states of both parents meet the definition of 民发〔2019〕62号 and 民发〔2020〕125号.

    A suggestion with its reason, never a decision (domain §4.6). Custody, rehabilitation, restraint
    and lost contact count from six months on, lost contact from the report to the police.
    """
    father = next((m for m in family if m.relation == FATHER), None)
    mother = next((m for m in family if m.relation == MOTHER), None)
    if father is None or mother is None or father.state is None or mother.state is None:
        return None
    values: dict[str, object] = {"father": father.state.label, "mother": mother.state.label}
    gone = [parent.state in DEAD for parent in (father, mother)]
    if all(gone):
        return UnattendedHint(True, N_("父亲{father}、母亲{mother}，可能符合孤儿条件，请核实后协助申请。"), values)
    if all(dead or _cannot(parent, today) for dead, parent in zip(gone, (father, mother), strict=True)):
        text = N_("父亲{father}、母亲{mother}，可能符合事实无人抚养儿童条件，请核实后协助申请。")
        return UnattendedHint(False, text, values)
    return None


def _cannot(parent: FamilyMember, today: date) -> bool:
    """Whether the state keeps a parent from bringing the child up, and has for long enough."""
    if parent.state not in RESTRAINED:
        return False
    if parent.state not in TERMED:
        return True
    if parent.state is ParentState.LOST_CONTACT:
        return parent.reported_on is not None and months_later(parent.reported_on, 6) <= today
    if parent.state_months is not None and parent.state_months < 6:
        return False
    ended = parent.state_until
    if ended is not None and ended <= today:
        return False
    # A sentence of six months and more counts from its first day; one of unknown length once it has lasted so long.
    return parent.state_from is not None and (
        parent.state_months is not None or months_later(parent.state_from, 6) <= today
    )


def ending_terms(family: Iterable[FamilyMember], today: date) -> Iterator[tuple[FamilyMember, int]]:
    """Parents whose term ends within 60 days or has ended, with the days left (R12)."""
    for member in family:
        if member.state in TERMED and member.state_until is not None:
            left = (member.state_until - today).days
            if left <= 60:
                yield member, left
