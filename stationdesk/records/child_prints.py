"""What goes on paper of children: one whole file, a line of a roster, the names in a form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.i18n import N_
from stationdesk.records.ages import Age
from stationdesk.records.assessments import Assessment
from stationdesk.records.attendance import TakenPart
from stationdesk.records.benefits import Benefit
from stationdesk.records.care import ChildNeed, DelegatedCare
from stationdesk.records.categories import (
    Category,
    ChildCategory,
    Colour,
    RiskLevel,
    colour_on,
    primary_on,
    shown_in_place,
)
from stationdesk.records.child_reviews import TimelineRow, timeline
from stationdesk.records.children import (
    BirthDate,
    Child,
    ChildName,
    ChildSex,
    CommunityLabel,
    FileNo,
    GuardianName,
    GuardianPhone,
    GuardianRelation,
    OwnPhone,
    Residence,
    ShownCategory,
    ShownColour,
    StatusOfChild,
    WorkerName,
)
from stationdesk.records.consents import Consent
from stationdesk.records.enrolments import Enrolment, EnteredOn
from stationdesk.records.families import FamilyMember, Household
from stationdesk.records.family_codes import DEAD
from stationdesk.records.health import HealthItem
from stationdesk.records.ids import IdNumber
from stationdesk.records.masking import Disclosure, for_paper
from stationdesk.records.schooling import GradeClass, School, Schooling

# What refers to one of the team, to a member of the family, and to the child or the family itself.
STAFF_FIELDS = frozenset({"worker_id", "director_id", "counsellor_id", "helper_id", "rated_by", "approved_by"}) | {
    "assessor_id",
    "reviewed_by",
}
MEMBER_FIELDS = frozenset({"given_by", "carer_id"})
OWN_FIELDS = frozenset({"child_id", "household_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFile:
    """All that is printed of one child, as its reader sees it.

    `staff` are the names of those the file speaks of, by id; `merged` the files put into this one.
    `category` and `colour` stand on the cover: where restricted categories are left out,
    an ordinary one or 其他 stands in their place.
    """

    child: Child
    opened: date
    age: int | None = None
    community: str = ""
    staff: Mapping[int, str] = field(default_factory=dict)
    household: Household | None = None
    family: tuple[FamilyMember, ...] = ()
    care: tuple[DelegatedCare, ...] = ()
    schooling: tuple[Schooling, ...] = ()
    health: tuple[HealthItem, ...] = ()
    categories: tuple[ChildCategory, ...] = ()
    levels: tuple[RiskLevel, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    consents: tuple[Consent, ...] = ()
    needs: tuple[ChildNeed, ...] = ()
    activities: tuple[TakenPart, ...] = ()
    merged: tuple[tuple[date, str], ...] = ()
    category: Category | None = None
    colour: Colour | None = None

    @property
    def file_no(self) -> str:
        """The number the file, its prints and their names go by."""
        return self.child.file_no or ""

    def timeline(self) -> tuple[TimelineRow, ...]:
        """What happened, the latest first, told from these records: it says no more than they do."""
        lists = (
            *(self.categories, self.levels, self.assessments, self.schooling, self.health, self.care),
            *(self.consents, self.needs, self.benefits, self.enrolments, self.activities),
        )
        return timeline(self.opened, self.file_no, (record for one in lists for record in one), self.merged)


SHORTEST_PURPOSE, LONGEST_PURPOSE = 4, 60


def purpose_problem(why: str) -> Problem | None:
    """What is wrong with the purpose of a print that is not masked (security §7)."""
    if len("".join(why.split())) < SHORTEST_PURPOSE:
        return Problem("why", N_("不遮盖的打印要写明用途，至少{count}个字。"), {"count": SHORTEST_PURPOSE})
    if len(why) > LONGEST_PURPOSE:
        return Problem("why", N_("用途最多{count}个字，请缩短。"), {"count": LONGEST_PURPOSE})
    return None


_LISTS = (
    *("family", "care", "schooling", "health", "categories", "levels", "benefits"),
    *("enrolments", "consents", "needs", "assessments", "activities"),
)


def printed(file: ChildFile, how: Disclosure, today: date) -> ChildFile:
    """`file` made fit for paper: fields masked, restricted lines left out unless asked for, and the
    cover's category and level found among what was there."""
    open_all = how is Disclosure.RESTRICTED
    category = (primary_on if open_all else shown_in_place)(file.categories, today)
    lists: dict[str, Any] = {name: tuple(_lines(getattr(file, name), how)) for name in _LISTS}
    return replace(
        file,
        child=for_paper(file.child, how),
        household=for_paper(file.household, how) if file.household is not None else None,
        category=category,
        colour=colour_on(file.levels, today),
        **lists,
    )


def _lines(records: Iterable[object], how: Disclosure) -> Iterator[object]:
    for record in records:
        if how is Disclosure.RESTRICTED or not getattr(record, "restricted", False):
            yield for_paper(record, how)


# --- rosters -------------------------------------------------------------------------------------


class RosterKind(Code):
    """Whom a roster is of: of those in stock all, or those with one of these categories."""

    STOCK = "STOCK", N_("在册儿童")
    LEFT_BEHIND = "LEFT_BEHIND", N_("留守儿童")
    MIGRANT = "MIGRANT", N_("流动儿童")
    HARDSHIP = "HARDSHIP", N_("困境儿童")

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories that belong to it; none asks for no category."""
        return _ROSTERS.get(self, ())


# 困境儿童 as 国发〔2016〕36号 has them: poverty, disability and illness, want of guardianship.
_ROSTERS = {
    RosterKind.LEFT_BEHIND: (Category.LEFT_BEHIND,),
    RosterKind.MIGRANT: (Category.MIGRANT,),
    RosterKind.HARDSHIP: (
        Category.ORPHAN,
        Category.DE_FACTO,
        Category.IMPROPER_GUARDIANSHIP,
        Category.DISABLED,
        Category.SERIOUS_ILLNESS,
        Category.POVERTY,
        Category.STREET,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A line of a roster; what the reader does not see of a child is empty."""

    id: int
    file_no: FileNo
    name: ChildName
    sex: ChildSex | None
    age: Age | None
    birth_date: BirthDate | None
    id_no: IdNumber | None
    community_name: CommunityLabel | None
    residence: Residence | None
    phone: OwnPhone | None
    school: School | None
    grade_class: GradeClass | None
    guardian_name: GuardianName | None
    guardian_relation: GuardianRelation | None
    guardian_phone: GuardianPhone | None
    category: ShownCategory | None
    colour: ShownColour | None
    worker_name: WorkerName | None
    entered_on: EnteredOn | None
    status: StatusOfChild


# What a roster shows unless other columns are chosen: what stands on one landscape page.
ROSTER_COLUMNS = (
    *("file_no", "name", "sex", "age", "id_no", "community_name"),
    *("guardian_name", "guardian_phone", "category", "worker_name", "entered_on"),
)


# --- names in forms ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FormNames:
    """The names that are filled into a form; empty ones are left to be written by hand. `giver` is who
    puts the carer in their place; relations are codes of GB/T 4761."""

    file_no: str = ""
    child: str = ""
    age: int | None = None
    guardian: str = ""
    relation: str = ""
    giver: str = ""
    giver_relation: str = ""
    carer: str = ""
    carer_relation: str = ""


def form_names(file: ChildFile) -> FormNames:
    """The names for the forms of one child, as its reader sees them; a masked name is no name to
    be signed under, so its place stays empty."""
    care = latest_care(file)
    carer = next((member for member in file.family if care is not None and member.id == care.carer_id), None)
    guardian = next((member for member in file.family if member.is_guardian), None)
    others = [member for member in file.family if member is not carer and member.state not in DEAD and member.name]
    giver = next((m for m in others if m.is_parent), None) or next((m for m in others if m.is_guardian), None)
    return FormNames(
        file_no=file.file_no,
        child=file.child.name,
        age=file.age,
        guardian=_plain(guardian),
        relation=guardian.relation if guardian else "",
        giver=_plain(giver),
        giver_relation=giver.relation if giver else "",
        carer=_plain(carer),
        carer_relation=carer.relation if carer else "",
    )


def latest_care(file: ChildFile) -> DelegatedCare | None:
    """The delegation that began last."""
    return max(file.care, key=lambda one: one.since, default=None)


def _plain(member: FamilyMember | None) -> str:
    name = member.name if member is not None else None
    return name if name and "*" not in name else ""
