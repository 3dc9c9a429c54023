"""A child as a line of a sheet: template, import and export read its fields; and what a line asks for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from typing import Annotated, Any

from stationdesk.codes import code_list
from stationdesk.errors import Label, Problem
from stationdesk.fields import Described, Field, Level, check, describe
from stationdesk.i18n import N_, _
from stationdesk.records.access import LONGEST_REASON, SHORTEST_REASON, Reach
from stationdesk.records.beginnings import beginning_problems, tidied_light
from stationdesk.records.categories import Basis, CategoryField, ChildCategory, ImproperKinds, KindOfOrphan
from stationdesk.records.children import (
    BirthDate,
    BirthPrecision,
    Child,
    ChildName,
    ChildSex,
    CommunityLabel,
    DiscoveredVia,
    GuardianName,
    GuardianPhone,
    LevelOfRecord,
    LightChild,
    Likeness,
    OtherName,
    OwnPhone,
    Precision,
    RecordLevel,
    RegAddress,
    RegType,
    Residence,
    Summary,
    WorkerName,
    day_problems,
    tidied,
)
from stationdesk.records.enrolments import Enrolment, EnteredBecause, EnteredOn
from stationdesk.records.families import FamilyMember, Household, HouseholdAddress, HouseholdSize
from stationdesk.records.ids import IdKind, IdNumber, IdType, WhyNoId
from stationdesk.records.masking import masked_value
from stationdesk.records.people import tidy_name, tidy_phone

# What a record holds as a number or a code stands in a sheet by its name.
EthnicityName = Annotated[str, Field(N_("民族"), max_length=20, private=True, level=Level.L3)]
RelationName = Annotated[str, Field(N_("监护人与儿童关系"), max_length=20, level=Level.L2)]
DirectorName = Annotated[str, Field(N_("儿童主任"), max_length=72, private=True, level=Level.L2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildIntake:
    """One child in one line: the child, the guardian, the home, the first category and entry.

    A field named as one of `Child`, `LightChild`, `ChildCategory` or `Enrolment` is that field;
    `household_…` are those of `Household`. Whatever may be hidden can be empty.
    """

    record_level: LevelOfRecord | None = None
    name: ChildName = ""
    sex: ChildSex | None = None
    birth_date: BirthDate | None = None
    birth_precision: BirthPrecision | None = None
    community: CommunityLabel | None = None
    guardian_name: GuardianName | None = None
    guardian_relation: RelationName | None = None
    guardian_phone: GuardianPhone | None = None
    other_name: OtherName | None = None
    id_kind: IdType | None = None
    id_no: IdNumber | None = None
    no_id_reason: WhyNoId | None = None
    ethnicity: EthnicityName | None = None
    reg_type: RegType | None = None
    reg_address: RegAddress | None = None
    residence: Residence | None = None
    phone: OwnPhone | None = None
    household_address: HouseholdAddress | None = None
    household_size: HouseholdSize | None = None
    worker: WorkerName | None = None
    director: DirectorName | None = None
    discovered_via: DiscoveredVia | None = None
    entered_on: EnteredOn | None = None
    entry_reason: EnteredBecause | None = None
    category: CategoryField | None = None
    basis: Basis | None = None
    orphan_kind: KindOfOrphan | None = None
    improper_kinds: ImproperKinds = ()
    summary: Summary | None = None


# What the template stars: asked of every child, though an ID number may say it too.
ASKED = ("name", "sex", "birth_date")
# What makes a full file of a line; the rest may stand in a registration as well.
_FULL = (
    "household_address",
    "household_size",
    "entered_on",
    "entry_reason",
    "category",
    "basis",
    "orphan_kind",
    "improper_kinds",
)
_LIGHT = {
    "record_level",
    "name",
    "sex",
    "birth_date",
    "birth_precision",
    "community",
    "guardian_name",
    "guardian_relation",
    "guardian_phone",
}
# Fields of the sheet that hold the name of what the record holds the number of.
_BY_NAME = {"community": "community_id", "worker": "worker_id", "director": "director_id"}


# What a registration and a file say of the child itself.
_PERSON = ("uuid", "name", "sex", "birth_date", "birth_precision", "community_id")


def _shared(record: type, row: ChildIntake, prefix: str = "") -> dict[str, Any]:
    """What a line says of the fields of `record` that have the same name in both, `prefix` before it."""
    return {own: getattr(row, name) for own, name in _pairs(record, prefix)}


@cache
def _pairs(record: type, prefix: str) -> tuple[tuple[str, str], ...]:
    own = {f"{prefix}{item.name}": item.name for item in fields(record)}
    return tuple((own[column.name], column.name) for column in describe(ChildIntake) if column.name in own)


@dataclass(frozen=True, slots=True)
class Directory:
    """Who and what is known by name: ids by folded name, and the director of each community."""

    communities: Mapping[str, tuple[int, ...]]
    staff: Mapping[str, tuple[int, ...]]
    directors: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEntry:
    """What one line asks for. `filled` are the fields of the child it says something of, `home` what it
    says of the household; `begins` that it asks for a full file in so many words. A full file has the
    other three."""

    row: int
    child: Child
    light: LightChild
    filled: frozenset[str]
    home: Mapping[str, Any] = field(default_factory=dict)
    begins: bool = False
    household: Household | None = None
    entry: Enrolment | None = None
    category: ChildCategory | None = None


def entry_of(row: ChildIntake, number: int, directory: Directory) -> tuple[ChildEntry, tuple[Problem, ...]]:
    """What line `number` asks for, and what is said in it that nobody knows."""
    problems: list[Problem] = []
    ids = {
        target: _known(row, name, directory.communities if name == "community" else directory.staff, problems)
        for name, target in _BY_NAME.items()
    }
    relation = _code(row, "guardian_relation", "relation", problems)
    full = _is_full(row)
    said = _shared(Child, row) | ids | {"ethnicity": _code(row, "ethnicity", "ethnicity", problems)}
    said["phone"] = tidy_phone(row.phone or "") or None
    if row.id_no and row.id_kind is None:
        said["id_kind"] = IdKind.RESIDENT_ID
    filled = frozenset(name for name, value in said.items() if value not in (None, "")) - {"record_level"}
    said["record_level"] = RecordLevel.FULL if full else RecordLevel.LIGHT
    said["birth_precision"] = row.birth_precision or Precision.DAY
    said["director_id"] = ids["director_id"] or directory.directors.get(ids["community_id"] or 0)
    child = tidied(Child(**said))
    known = _shared(LightChild, row) | {name: getattr(child, name) for name in _PERSON}
    known |= {"guardian_relation": relation, "guardian_phone": tidy_phone(row.guardian_phone or "") or None}
    light = LightChild(**known)
    if not full:
        problems += _too_much(row)
    beginning = _beginning(row) if full else {}
    begins = row.record_level is RecordLevel.FULL or any(_is_said(row, name) for name in _FULL)
    home = {name: value for name, value in _shared(Household, row, "household_").items() if value not in (None, "")}
    problems += masked_problems(row)
    found = ChildEntry(
        row=number, child=child, light=tidied_light(light), filled=filled, home=home, begins=begins, **beginning
    )
    return found, tuple(replace(problem, row=number) for problem in problems)


def _is_full(row: ChildIntake) -> bool:
    """As the line says; else a line with anything beyond a registration asks for a full file."""
    if row.record_level is not None:
        return row.record_level is RecordLevel.FULL
    return any(_is_said(row, c.name) for c in describe(ChildIntake) if c.name not in _LIGHT)


def _is_said(row: ChildIntake, name: str) -> bool:
    return getattr(row, name) not in (None, "", ())


def _too_much(row: ChildIntake) -> Iterator[Problem]:
    for column in describe(ChildIntake):
        if column.name in _FULL and _is_said(row, column.name):
            text = N_("活动登记不用填{label}；要建一人一档的，请把档案级别改成“一人一档”。")
            yield Problem(column.name, text, {"label": Label(column.field.label)})


def masked_problems(row: object) -> Iterator[Problem]:
    """A list that went out masked comes back: what stands for a name or a number is none."""
    kind: type = type(row)
    for column in describe(kind):
        if column.field.mask and "**" in (getattr(row, column.name) or ""):
            text = N_("{label}是遮盖过的（带*号），请换成完整的内容，或清空这一格。")
            yield Problem(column.name, text, {"label": Label(column.field.label)})


def _beginning(row: ChildIntake) -> dict[str, Any]:
    """Household, first stretch and first category, as far as the line says them."""
    home = _shared(Household, row, "household_") | {"address": row.household_address or row.residence or ""}
    found: dict[str, Any] = {"household": Household(**home)}
    if row.entered_on is not None and row.entry_reason is not None and row.category is not None:
        found["entry"] = Enrolment(child_id=0, **_shared(Enrolment, row))
        said = _shared(ChildCategory, row)
        found["category"] = ChildCategory(child_id=0, since=row.entered_on, is_primary=True, **said)
    return found


def _column(name: str) -> Described:
    return next(column for column in describe(ChildIntake) if column.name == name)


def _known(row: ChildIntake, name: str, ids: Mapping[str, tuple[int, ...]], problems: list[Problem]) -> int | None:
    text = tidy_name(getattr(row, name) or "")
    if not text:
        return None
    found = ids.get(text, ())
    if len(found) == 1:
        return found[0]
    values: dict[str, object] = {"label": Label(_column(name).field.label), "text": text[:40], "count": len(found)}
    if found:
        problems.append(
            Problem(name, N_("{label}“{text}”有{count}个同名的，请先在设置里改成不同的名称，再填写。"), values)
        )
    else:
        problems.append(Problem(name, N_("没有叫“{text}”的{label}，请改成设置里的名称。"), values))
    return None


def _code(row: ChildIntake, name: str, listed: str, problems: list[Problem]) -> str | None:
    """The code of a long official list, known by its label or by itself."""
    text = (getattr(row, name) or "").strip()
    if not text:
        return None
    labels = code_list(listed).labels
    found = text if text in labels else _codes(listed).get(text)
    if found is None:
        values: dict[str, object] = {"label": Label(_column(name).field.label), "text": text[:40]}
        problems.append(Problem(name, N_("{label}不能是“{text}”，请从模板的下拉列表中选择。"), values))
    return found


def _codes(listed: str) -> dict[str, str]:
    return {label: code for code, label in code_list(listed).labels.items()}


NO_BEGINNING = Problem("entered_on", N_("建一人一档时请填写纳入日期、纳入原因和类别。"))


def entry_problems(found: ChildEntry, today: date) -> Iterator[Problem]:
    """What a line breaks of the rules a form keeps, with its row; the same rules, called one by one."""
    for problem in _once(_problems(found, today)):
        name = _SHEET_NAMES.get(problem.field, problem.field)
        yield replace(problem, field=name, row=found.row)


_SHEET_NAMES = {"address": "household_address", "size": "household_size", "since": "entered_on"} | {
    number: name for name, number in _BY_NAME.items()
}


def _problems(found: ChildEntry, today: date) -> Iterator[Problem]:
    child = found.child
    yield from check(child)
    yield from check(found.light)
    # The household gets its number only when it is kept.
    yield from (problem for problem in child.problems() if problem.field != "household_id")
    yield from found.light.problems()
    entered = found.entry.entered_on if found.entry is not None else today
    yield from day_problems(child, entered, today)
    if found.household is not None and found.household.address:
        yield from check(found.household)
        yield from found.household.problems()
    if child.record_level is RecordLevel.FULL and found.entry is None:
        yield NO_BEGINNING
    if found.entry is not None and found.category is not None:
        yield from beginning_problems(found.entry, found.category, (), today)


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Each sentence once: child and registration have the same name, sex and birth."""
    said = set()
    for problem in problems:
        key = (problem.field, problem.text)
        if key not in said:
            said.add(key)
            yield problem


# --- duplicates ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A line whose child may be there already: in a file (`child_id`, `file_no`) or in an earlier
    line of the same sheet (`other_row`)."""

    row: int
    name: ChildName
    why: Likeness
    child_id: int | None = None
    file_no: str = ""
    other_row: int = 0

    @property
    def other(self) -> str:
        """Where the other is, in the language in use."""
        if self.file_no:
            return _("档案{file_no}").format(file_no=self.file_no)
        return _("表中第{row}行").format(row=self.other_row)

    def undecided(self) -> Problem:
        """That somebody has to say whether it is the same child."""
        text = N_("可能已有{other}（{why}），请先选择跳过、更新已有档案或另建档案。")
        return Problem("", text, {"other": self.other, "why": self.why.label}, row=self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do: counts, the likenesses found and what is wrong, by row."""

    new: int = 0
    updated: int = 0
    skipped: int = 0
    light: int = 0
    full: int = 0
    twins: tuple[Twin, ...] = ()
    problems: tuple[Problem, ...] = ()

    def surest(self) -> dict[int, Twin]:
        """The surest likeness of each line that has any."""
        found: dict[int, Twin] = {}
        for twin in self.twins:
            found.setdefault(twin.row, twin)
        return found


# --- out -----------------------------------------------------------------------------------------


def intake_of(
    child: Child,
    names: Mapping[str, str | None],
    guardian: FamilyMember | None,
    household: Household | None,
    entry: Enrolment | None,
    category: ChildCategory | None,
) -> ChildIntake:
    """A child's file as a line: the other way round than `entry_of`. `names` are those of community,
    worker and director."""
    said = {name: getattr(child, name) for name in _shared(Child, ChildIntake())} | dict(names)
    said["ethnicity"] = code_list("ethnicity").labels.get(child.ethnicity or "")
    if guardian is not None and guardian.name:
        said["guardian_name"], said["guardian_phone"] = guardian.name, guardian.phone
        said["guardian_relation"] = code_list("relation").labels.get(guardian.relation)
    if child.record_level is RecordLevel.LIGHT:
        return ChildIntake(**said)
    for part, prefix in ((household, "household_"), (entry, ""), (category, "")):
        if part is not None:
            own = {f"{prefix}{item.name}": getattr(part, item.name) for item in fields(part)}
            said |= {name: own[name] for name in _FULL if name in own}
    return ChildIntake(**said)


def masked_intake(row: ChildIntake) -> ChildIntake:
    """A line as it leaves the station when nobody gave a reason: personal fields masked or empty."""
    hidden = {
        column.name: masked_value(column, getattr(row, column.name), Reach.MASKED)
        for column in describe(ChildIntake)
        if column.field.level in (Level.L3, Level.L4, Level.L5)
    }
    return replace(row, **hidden)


def export_reason_problem(reason: str) -> Problem | None:
    """What is wrong with the reason for taking out whole lines."""
    if len("".join(reason.split())) < SHORTEST_REASON:
        text = N_("导出完整名单要写明理由，至少{count}个字。")
        return Problem("reason", text, {"count": SHORTEST_REASON})
    if len(reason) > LONGEST_REASON:
        return Problem("reason", N_("理由最多{count}个字，请缩短。"), {"count": LONGEST_REASON})
    return None
