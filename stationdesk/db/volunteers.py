"""Volunteers: finding, registering, and who of them may be chosen for a day."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ScreeningCheckTable, VolunteerShiftTable, VolunteerTable
from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.gate import STARTS, checks_of, cleared_volunteers, latest_checks_by, volunteer_problems, worked
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, load, needs, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.ids import tidy_id
from stationdesk.records.people import tidy_name, tidy_phone
from stationdesk.records.schedule import when_text
from stationdesk.records.screening import cleared_until, has_record
from stationdesk.records.volunteers import Volunteer, VolunteerQuery, VolunteerRow, VolunteerStatus, day_problems

_SORTS: dict[str, Any] = {
    "name": VolunteerTable.name_key,
    "sex": VolunteerTable.sex,
    "organisation": VolunteerTable.organisation,
    "insured_until": VolunteerTable.insured_until,
    "status": VolunteerTable.status,
}


class VolunteerStore(Store):
    """The list of volunteers; telephone and ID number are whole for those who keep the list."""

    def _is_mine(self, record: object) -> bool:
        return isinstance(record, (Volunteer, VolunteerRow)) and self._actor.may(Right.EDIT_VOLUNTEERS)

    @needs(Right.SEE_VOLUNTEERS, searches="volunteer")
    def find(self, query: VolunteerQuery) -> "array[int]":
        """Ids of the volunteers looked for; words find a name by any part of it, its pinyin, its initials."""
        table = VolunteerTable
        wanted = select(table.id).where(table.deleted_at.is_(None))
        if query.status is not None:
            wanted = wanted.where(table.status == query.status)
        for column, code in ((table.skills, query.skill), (table.languages, query.language)):
            if code is not None:
                wanted = wanted.where(_stored(column).contains(f"|{code.code}|", autoescape=True))
        if query.words:
            wanted = wanted.where(table.words.contains(squeezed(query.words), autoescape=True))
        key = _SORTS.get(query.sort, table.name_key)
        with self._database.read() as session:
            found = array("q", session.scalars(wanted.order_by(key.desc() if query.descending else key, table.id)))
            if query.cleared_on is None:
                return found
            return array("q", cleared_volunteers(session, found, query.cleared_on))

    @needs(Right.SEE_VOLUNTEERS)
    def rows(self, ids: Sequence[int]) -> tuple[VolunteerRow, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            kept = session.scalars(select(VolunteerTable).where(VolunteerTable.id.in_(ids)))
            checks = latest_checks_by(session, ScreeningCheckTable.volunteer_id, ids)
            found = {row.id: _row(row, cleared_until(checks.get(row.id, ()))) for row in kept}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_VOLUNTEERS, reads="volunteer")
    def load(self, volunteer_id: int) -> Volunteer:
        """One volunteer as far as the person sees it; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Volunteer, VolunteerTable, volunteer_id)

    @needs(Right.EDIT_VOLUNTEERS)
    def save(self, volunteer: Volunteer) -> int:
        """Add or change one volunteer; returns the id. One with a record in a check stays blocked. Raises
        `Refused`, `Conflict`, `Missing`."""
        with self._database.write() as session:
            if volunteer.id is not None:
                volunteer = self._completed(load(session, Volunteer, VolunteerTable, volunteer.id), volunteer)
            volunteer = _tidied(volunteer)
            verify(volunteer)
            problems = list(day_problems(volunteer, self._clock().date()))
            problems += _blocked(session, volunteer)
            problems += _twice(session, volunteer)
            problems += _barred_before(session, volunteer)
            problems += _still_planned(session, volunteer, self._clock())
            Refused.over(problems)
            return save(session, VolunteerTable, volunteer, self._stamp(), **keys_of(volunteer))

    @needs(Right.SEE_VOLUNTEERS)
    def why_not(self, volunteer_id: int, day: date) -> tuple[Problem, ...]:
        """What keeps a volunteer from being chosen for `day`; nothing when nothing does. Raises `Missing`."""
        with self._database.read() as session:
            return tuple(volunteer_problems(session, "volunteer_id", volunteer_id, day))


def keys_of(volunteer: Volunteer) -> dict[str, str]:
    """What a volunteer is sorted and found by."""
    return {"name_key": name_key(volunteer.name), "words": search_words(volunteer.name)}


def _stored(column: Any) -> Any:
    """Codes as the text they lie in the file as."""
    return type_coerce(column, Text)


def _tidied(volunteer: Volunteer) -> Volunteer:
    number = tidy_id(volunteer.id_no) if volunteer.id_no else None
    phone = tidy_phone(volunteer.phone) if volunteer.phone else None
    return replace(volunteer, name=tidy_name(volunteer.name), id_no=number, phone=phone)


def _blocked(session: Session, volunteer: Volunteer) -> Iterable[Problem]:
    """A check with a record closes the list to its person for good."""
    if volunteer.id is None or volunteer.status is VolunteerStatus.BLOCKED:
        return ()
    checks = checks_of(session, ScreeningCheckTable.volunteer_id, volunteer.id)
    if has_record(checks):
        return (Problem("status", N_("从业查询有记录的人只能是“禁止服务”，不能改成别的状态。")),)
    return ()


def _twice(session: Session, volunteer: Volunteer) -> Iterable[Problem]:
    """The same document belongs to one person."""
    table = VolunteerTable
    if not volunteer.id_no:
        return ()
    same = select(table.name).where(
        table.id_no == volunteer.id_no, table.uuid != volunteer.uuid, table.deleted_at.is_(None)
    )
    name = session.scalar(same)
    if name is None:
        return ()
    return (Problem("id_no", N_("证件号码与志愿者{name}相同，请打开那一份，不要重复登记。"), {"name": name}),)


def _barred_before(session: Session, volunteer: Volunteer) -> Iterable[Problem]:
    """Who is barred does not come back under another number, or under none."""
    table = VolunteerTable
    if volunteer.status is VolunteerStatus.BLOCKED:
        return ()
    alike = select(table.id_no).where(
        *(table.name == volunteer.name, table.birth_date == volunteer.birth_date, table.uuid != volunteer.uuid),
        *(table.status == VolunteerStatus.BLOCKED, table.deleted_at.is_(None)),
    )
    if all(number and volunteer.id_no and number != volunteer.id_no for number in session.scalars(alike)):
        return ()
    text = N_("姓名和出生日期与一位“禁止服务”的志愿者相同；确实是另一个人的，请在两份里都填写证件号码。")
    return (Problem("name", text),)


def _still_planned(session: Session, volunteer: Volunteer, now: datetime) -> Iterable[Problem]:
    """Who pauses or leaves is taken off what is planned first: at its close they would count as having helped."""
    if volunteer.id is None or volunteer.status not in (VolunteerStatus.PAUSED, VolunteerStatus.LEFT):
        return ()
    coming = worked(session, VolunteerShiftTable.volunteer_id == volunteer.id, now <= STARTS)
    shift = next(iter(coming), None)
    if shift is None:
        return ()
    values = {"name": volunteer.name, "when": when_text(shift.start, shift.end)}
    return (Problem("status", N_("{name}在{when}还排了服务，请先换人或删去那次服务，再改状态。"), values),)


def _row(row: Any, due: date | None) -> VolunteerRow:
    names = ("id", "name", "sex", "phone", "organisation", "skills", "languages", "insured_until", "status")
    return VolunteerRow(**{name: getattr(row, name) for name in names}, check_due=due)
