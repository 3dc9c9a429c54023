"""A volunteer as a line of a sheet: template and import read its fields; and what a line asks for."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from stationdesk.errors import Problem
from stationdesk.fields import check
from stationdesk.i18n import N_
from stationdesk.records.child_intake import masked_problems
from stationdesk.records.ids import IdKind, IdNumber, IdType, birth_of, is_resident, resident_problem, sex_of, tidy_id
from stationdesk.records.people import PersonalPhone, PersonName, tidy_name, tidy_phone
from stationdesk.records.volunteers import (
    GuardianConsent,
    InsuredUntil,
    JoinedOn,
    Languages,
    Organisation,
    ServiceScope,
    Skills,
    Volunteer,
    VolunteerBirth,
    VolunteerNo,
    VolunteerNote,
    VolunteerSex,
    VolunteerStatus,
    day_problems,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerIntake:
    """One volunteer in one line; each field is that of `Volunteer` with the same name."""

    name: PersonName = ""
    sex: VolunteerSex | None = None
    id_kind: IdType | None = None
    id_no: IdNumber | None = None
    birth_date: VolunteerBirth | None = None
    phone: PersonalPhone | None = None
    volunteer_no: VolunteerNo | None = None
    organisation: Organisation | None = None
    skills: Skills = ()
    languages: Languages = ()
    guardian_consent: GuardianConsent | None = None
    service_scope: ServiceScope | None = None
    insured_until: InsuredUntil | None = None
    joined_on: JoinedOn | None = None
    note: VolunteerNote | None = None


# What the template stars; sex and birth date an ID number may say too.
ASKED = ("name", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerEntry:
    """What one line asks for."""

    row: int
    volunteer: Volunteer


def entry_of(row: VolunteerIntake, number: int, today: date) -> tuple[VolunteerEntry, tuple[Problem, ...]]:
    """What line `number` asks for, and what is wrong with it. Who is registered is on the list, others have
    applied; checks and trainings come later, so that nobody may be chosen by coming from a sheet."""
    said: dict[str, Any] = {item.name: getattr(row, item.name) for item in fields(row)}
    id_no = tidy_id(row.id_no) if row.id_no else None
    kind = IdKind.RESIDENT_ID if id_no and row.id_kind is None else row.id_kind
    if id_no and is_resident(kind) and resident_problem(id_no, today) is None:
        said["birth_date"] = row.birth_date or birth_of(id_no)
        said["sex"] = row.sex or sex_of(id_no)
    said |= {
        "name": tidy_name(row.name),
        "id_no": id_no,
        "id_kind": kind,
        "phone": tidy_phone(row.phone or "") or None,
        "guardian_consent": bool(row.guardian_consent),
        "status": VolunteerStatus.ACTIVE if row.joined_on else VolunteerStatus.APPLIED,
    }
    volunteer = Volunteer(**said)
    masked = tuple(masked_problems(row))
    # What stands for a number is none, and nothing else is to be said of it.
    hidden = {problem.field for problem in masked}
    more = (p for p in _problems(volunteer, today) if p.field not in hidden)
    return VolunteerEntry(row=number, volunteer=volunteer), tuple(replace(p, row=number) for p in (*masked, *more))


def _problems(volunteer: Volunteer, today: date) -> Iterator[Problem]:
    yield from check(volunteer)
    yield from volunteer.problems()
    yield from day_problems(volunteer, today)


class Likeness:
    """Who is known so far, in the file and in the lines before: nobody comes in twice."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}
        self._births: dict[tuple[str, date | None], str] = {}

    def add(self, name: str, id_no: str | None, birth: date | None, where: str) -> None:
        """Somebody is known, from `where`."""
        if id_no:
            self._numbers.setdefault(id_no, where)
        self._births.setdefault((name, birth), where)

    def problem(self, entry: VolunteerEntry) -> Problem | None:
        """Why a line is no new volunteer."""
        new = entry.volunteer
        same = self._numbers.get(new.id_no or "")
        if same is not None:
            text = N_("证件号码与{other}相同，没有导入；要改内容请打开那一份。")
            return Problem("id_no", text, {"other": same}, row=entry.row)
        alike = self._births.get((new.name, new.birth_date))
        if alike is not None:
            text = N_("姓名和出生日期与{other}相同，没有导入；确实是另一个人的，请在程序里登记。")
            return Problem("name", text, {"other": alike}, row=entry.row)
        return None
