"""Children: the light registration, the full file, the lines of lists, and the rules of one child."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from stationdesk.codes import Code, code_list
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Reach
from stationdesk.records.ages import Age, AgeBand, birth_problems
from stationdesk.records.calendar import new_uuid
from stationdesk.records.categories import Category, Colour
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.ids import (
    IdKind,
    IdNumber,
    IdType,
    WhyNoId,
    agreement_problems,
    birth_of,
    id_problems,
    is_resident,
    sex_of,
    tidy_id,
)
from stationdesk.records.people import PERSONAL_PHONE, Sex, tidy_name


class RecordLevel(Code):
    """How much is kept of a child: light can become full, never the other way."""

    LIGHT = "LIGHT", N_("活动登记")
    FULL = "FULL", N_("一人一档")


class ChildStatus(Code):
    """Where a file stands; it follows from enrolments and merging, nobody types it."""

    ACTIVE = "ACTIVE", N_("在册")
    EXITED = "EXITED", N_("已减员（退出）")
    TRACKING = "TRACKING", N_("退出后追踪")
    LIGHT = "LIGHT", N_("活动登记")
    DECEASED = "DECEASED", N_("死亡")
    MERGED = "MERGED", N_("已合并")


class Precision(Code):
    """How exactly a birth date is known."""

    DAY = "DAY", N_("到日")
    MONTH = "MONTH", N_("到月")
    YEAR = "YEAR", N_("到年")


class HouseholdReg(Code):
    """Kind of household registration."""

    RURAL = "RURAL", N_("农村")
    URBAN = "URBAN", N_("城镇")
    COLLECTIVE = "COLLECTIVE", N_("集体户")
    NONE = "NONE", N_("未落户")


class Discovery(Code):
    """How the station came to know of a child (domain §3.4)."""

    SWEEP = "SWEEP", N_("走访排查")
    DIRECTOR = "DIRECTOR", N_("儿童主任报告")
    SCHOOL = "SCHOOL", N_("学校")
    POLICE = "POLICE", N_("公安")
    HOSPITAL = "HOSPITAL", N_("医疗机构")
    NEIGHBOUR = "NEIGHBOUR", N_("邻里群众")
    FAMILY = "FAMILY", N_("家庭自述")
    HOTLINE = "HOTLINE", N_("热线")
    PARTNER = "PARTNER", N_("协作单位")
    VOLUNTEER = "VOLUNTEER", N_("志愿者")
    ACTIVITY = "ACTIVITY", N_("活动中发现")
    DATA = "DATA", N_("部门数据比对")


FileNo = Annotated[str, Field(N_("档案编号"), max_length=20, level=Level.L2)]
LevelOfRecord = Annotated[RecordLevel, Field(N_("档案级别"), level=Level.L2)]
StatusOfChild = Annotated[ChildStatus, Field(N_("档案状态"), level=Level.L2)]
ChildName = Annotated[str, Field(N_("姓名"), max_length=72, private=True, level=Level.L2)]
OtherName = Annotated[str, Field(N_("曾用名/昵称"), max_length=72, private=True, level=Level.L2)]
ChildSex = Annotated[Sex, Field(N_("性别"), level=Level.L2)]
# With the six first and four last characters of an ID number a birth date would give the whole of it
# away: who sees numbers masked sees the age only.
BirthDate = Annotated[date, Field(N_("出生日期"), private=True, level=Level.L3)]
BirthPrecision = Annotated[Precision, Field(N_("出生日期准确到"), level=Level.L2)]
CommunityRef = Annotated[int, Field(N_("村（社区）"), level=Level.L2)]
Ethnicity = Annotated[str, Field(N_("民族"), max_length=2, private=True, level=Level.L3)]
RegType = Annotated[HouseholdReg, Field(N_("户籍性质"), private=True, level=Level.L3)]
RegAddress = Annotated[str, Field(N_("户籍地址"), max_length=120, private=True, level=Level.L3)]
Residence = Annotated[str, Field(N_("现居住地"), max_length=120, private=True, level=Level.L3)]
HouseholdRef = Annotated[int, Field(N_("家庭"), level=Level.L3)]
WorkerRef = Annotated[int, Field(N_("责任社工"), level=Level.L2)]
DirectorOfChild = Annotated[int, Field(N_("儿童主任"), level=Level.L2)]
CounsellorRef = Annotated[int, Field(N_("心理咨询师"), level=Level.L3)]
HelperRef = Annotated[int, Field(N_("结对帮扶人"), level=Level.L3)]
DiscoveredVia = Annotated[Discovery, Field(N_("发现途径"), level=Level.L3)]
Summary = Annotated[str, Field(N_("基本情况简述"), max_length=800, multiline=True, private=True, level=Level.L3)]
GuardianRelation = Annotated[str, Field(N_("监护人与儿童关系"), max_length=2, level=Level.L2)]
# A file and a line of a sheet have the telephones of two persons.
OwnPhone = Annotated[str, replace(PERSONAL_PHONE, label=N_("本人电话"))]
GuardianPhone = Annotated[str, replace(PERSONAL_PHONE, label=N_("监护人电话"))]
GuardianName = Annotated[str, Field(N_("监护人姓名"), max_length=72, private=True, level=Level.L3, mask=(1, 0))]


@dataclass(frozen=True, slots=True, kw_only=True)
class LightChild:
    """What is asked of a neighbourhood child that only comes to activities; `uuid` becomes the file's."""

    uuid: str = field(default_factory=new_uuid)
    name: ChildName = ""
    sex: ChildSex | None = None
    birth_date: BirthDate | None = None
    birth_precision: BirthPrecision = Precision.DAY
    community_id: CommunityRef | None = None
    guardian_name: GuardianName | None = None
    guardian_relation: GuardianRelation | None = None
    guardian_phone: GuardianPhone | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one registration."""
        yield from _person_problems(self.sex, self.birth_date)
        if self.guardian_phone and not self.guardian_name:
            yield Problem("guardian_name", N_("填了监护人电话，请同时填写监护人姓名。"))
        if self.guardian_name and self.guardian_relation not in code_list("relation").labels:
            yield Problem("guardian_relation", N_("请选择监护人与儿童的关系。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One child's file (domain §2.5); `record_level`, `status`, `file_no` are the program's."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    file_no: FileNo | None = None
    record_level: LevelOfRecord = RecordLevel.LIGHT
    status: StatusOfChild = ChildStatus.LIGHT
    name: ChildName = ""
    other_name: OtherName | None = None
    sex: ChildSex | None = None
    birth_date: BirthDate | None = None
    birth_precision: BirthPrecision = Precision.DAY
    id_kind: IdType | None = None
    id_no: IdNumber | None = None
    no_id_reason: WhyNoId | None = None
    ethnicity: Ethnicity | None = None
    reg_type: RegType | None = None
    reg_address: RegAddress | None = None
    residence: Residence | None = None
    community_id: CommunityRef | None = None
    phone: OwnPhone | None = None
    household_id: HouseholdRef | None = None
    worker_id: WorkerRef | None = None
    director_id: DirectorOfChild | None = None
    counsellor_id: CounsellorRef | None = None
    helper_id: HelperRef | None = None
    discovered_via: DiscoveredVia | None = None
    summary: Summary | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one file."""
        yield from _person_problems(self.sex, self.birth_date)
        if self.ethnicity is not None and self.ethnicity not in code_list("ethnicity").labels:
            yield Problem("ethnicity", N_("请从民族列表中选择。"))
        if self.id_no and self.id_kind in (None, IdKind.NONE):
            yield Problem("id_kind", N_("填了证件号码，请选择证件类型。"))
        if self.id_no and self.no_id_reason is not None:
            yield Problem("no_id_reason", N_("已有证件号码，请去掉无证件原因。"))
        if self.id_no and is_resident(self.id_kind):
            yield from agreement_problems(self.id_no, self.sex, self.birth_date)
        if self.record_level is RecordLevel.FULL:
            yield from self._full_problems()

    def _full_problems(self) -> Iterator[Problem]:
        if not self.id_no and self.no_id_reason is None:
            yield Problem("id_no", N_("请填写证件号码；没有证件的请选择无证件原因。"))
        if self.birth_precision is not Precision.DAY and self.id_no:
            yield Problem("birth_precision", N_("有证件的孩子，出生日期应准确到日。"))
        for name, text in _NEEDED:
            if getattr(self, name) in (None, ""):
                yield Problem(name, text)


def asked_of(level: RecordLevel) -> tuple[str, ...]:
    """The fields that may not stay empty at this level, beside those that never may."""
    always = ("sex", "birth_date")
    return always if level is RecordLevel.LIGHT else (*always, *(name for name, _text in _NEEDED))


_NEEDED = (
    ("ethnicity", N_("建一人一档时请选择民族。")),
    ("reg_type", N_("建一人一档时请选择户籍性质。")),
    ("reg_address", N_("建一人一档时请填写户籍地址。")),
    ("residence", N_("建一人一档时请填写现居住地。")),
    ("community_id", N_("建一人一档时请选择村（社区）。")),
    ("household_id", N_("建一人一档时请登记家庭。")),
    ("worker_id", N_("建一人一档时请选择责任社工。")),
    ("discovered_via", N_("建一人一档时请选择发现途径。")),
)


def _person_problems(sex: Sex | None, birth: date | None) -> Iterator[Problem]:
    if sex not in Sex.offered():
        yield Problem("sex", N_("请选择性别。"))
    if birth is None:
        yield Problem("birth_date", N_("请填写出生日期；只知道年份的填1月1日，并在“准确到”里选“到年”。"))


def tidied(child: Child) -> Child:
    """A file as it is kept: names folded, the number in its one form, and what a sound resident
    number says filled in where it was left empty."""
    number = tidy_id(child.id_no) if child.id_no else None
    other = tidy_name(child.other_name) if child.other_name else None
    child = replace(child, name=tidy_name(child.name), other_name=other, id_no=number)
    if number and is_resident(child.id_kind):
        child = replace(child, sex=child.sex or sex_of(number), birth_date=child.birth_date or birth_of(number))
    return child


def day_problems(child: Child | LightChild, entered_on: date, today: date) -> Iterator[Problem]:
    """Rules between a child and the calendar: a birth to come, one of age, a number from the future."""
    yield from birth_problems(child.birth_date, entered_on, today)
    if isinstance(child, Child):
        yield from id_problems(child.id_kind, child.id_no, today)


def short_name(township: str) -> str:
    """The part of a township's name that stands in file numbers: 乙街道 is 乙."""
    found = re.sub(r"(街道办事处|街道|民族乡|镇|乡)$", "", township.strip())
    return (found or township.strip())[:9]


def file_number(township: str, year: int, number: int) -> str:
    """`乙-2026-0001`; numbers run through the year and are never used again."""
    return f"{short_name(township)}-{year:04d}-{number:04d}"


# --- who may see ---------------------------------------------------------------------------------


def is_own(worker_id: int | None, counsellor_id: int | None, actor: Actor) -> bool:
    """Whether a child is the actor's own: of their caseload, or their client."""
    return actor.staff_id in (worker_id, counsellor_id)


def is_seen(worker_id: int | None, counsellor_id: int | None, actor: Actor) -> bool:
    """Whether `actor` may know of a child at all."""
    found = actor.sees(Level.L2)
    return found is Reach.ALL or (found is Reach.OWN and is_own(worker_id, counsellor_id, actor))


# --- lists ---------------------------------------------------------------------------------------


WorkerName = Annotated[str, Field(N_("责任社工"), private=True, level=Level.L2)]
CommunityLabel = Annotated[str, Field(N_("村（社区）"), level=Level.L2)]
ShownCategory = Annotated[Category, Field(N_("主要类别"), private=True, level=Level.L3)]
ShownColour = Annotated[Colour, Field(N_("风险等级"), private=True, level=Level.L3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRow:
    """A line of the list of children; category and level only of those whose file is open to one."""

    id: int
    file_no: FileNo
    name: ChildName
    sex: ChildSex | None
    age: Age | None
    community_name: CommunityLabel | None
    category: ShownCategory | None
    colour: ShownColour | None
    worker_name: WorkerName | None
    record_level: LevelOfRecord
    status: StatusOfChild
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildQuery:
    """What the list is narrowed to; what is empty narrows nothing.

    `in_stock` True: enrolled today; False: was enrolled and left. Merged files are shown only when
    asked for by their number.
    """

    words: str = ""
    category: Category | None = None
    colour: Colour | None = None
    community_id: int | None = None
    worker_id: int | None = None
    band: AgeBand | None = None
    in_stock: bool | None = None
    record_level: RecordLevel | None = None
    sort: str = "name"
    descending: bool = False


class Likeness(Code):
    """Why two files may be of one child."""

    SAME_ID = "SAME_ID", N_("证件号码相同")
    NAME_AND_BIRTH = "NAME_AND_BIRTH", N_("姓名和出生日期相同")
    NAME_AND_PHONE = "NAME_AND_PHONE", N_("姓名和监护人电话相同")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A file that may be of the same child."""

    child_id: ChildRef
    file_no: FileNo
    name: ChildName
    age: Age | None
    community_name: CommunityLabel | None
    why: Annotated[Likeness, Field(N_("相同之处"), level=Level.L2)]


def duplicate_problems(found: Sequence[Duplicate], *, confirmed: bool) -> Iterator[Problem]:
    """The same number is always refused; the same name asks, until the person has said they differ."""
    for other in found:
        values = {"file_no": other.file_no}
        if other.why is Likeness.SAME_ID:
            yield Problem("id_no", N_("证件号码与档案{file_no}相同，请打开那份档案，不要重复建档。"), values)
        elif not confirmed:
            values = {"file_no": other.file_no, "why": other.why.label}
            yield Problem(
                "name", N_("可能已有档案{file_no}（{why}），请核对；确实不是同一个孩子的，确认后再保存。"), values
            )
