"""Many records at once, unchecked: only for the demonstration station, whose maker keeps the rules."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    ActivityTable,
    AttendanceTable,
    CertificateTable,
    JointWorkTable,
    PartnerContactTable,
    PartnerLinkTable,
    PartnerTable,
    PhotoChildTable,
    ScreeningCheckTable,
    SessionPhotoContentTable,
    SessionPhotoTable,
    TrainingTable,
    VolunteerShiftTable,
    VolunteerTable,
)
from stationdesk.db.child_lists import (
    ASSESSMENTS,
    BENEFITS,
    CARE,
    CATEGORIES,
    CONSENTS,
    HEALTH,
    LEVELS,
    NEEDS,
    SCHOOLING,
)
from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.children_models import ChildTable, EnrolmentTable, FamilyMemberTable, HouseholdTable
from stationdesk.db.contract_models import ContractAssessmentTable, ContractTable, DeliverableTable, PaymentTable
from stationdesk.db.models import BookingTable, SeriesTable, StationTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.stores import Store, needs
from stationdesk.db.work_group_models import (
    GroupAttendanceTable,
    GroupMeetingTable,
    GroupMemberTable,
    GroupTaskTable,
    WorkGroupTable,
)
from stationdesk.errors import Denied
from stationdesk.records.access import Right
from stationdesk.records.activities import Activity
from stationdesk.records.attendance import Attendance
from stationdesk.records.bookings import Booking
from stationdesk.records.calendar import BEIJING
from stationdesk.records.certificates import Certificate
from stationdesk.records.contracts import Contract, ContractAssessment, Deliverable, Payment
from stationdesk.records.demonstration_children import ChildFile
from stationdesk.records.demonstration_photos import DrawnPhoto
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.partners import JointWork, Partner, PartnerContact, PartnerLink
from stationdesk.records.screening import ScreeningCheck, Training
from stationdesk.records.series import Series
from stationdesk.records.sessions import ActivitySession
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.volunteers import Volunteer
from stationdesk.records.work_groups import GroupAttendance, GroupMeeting, GroupMember, GroupTask, WorkGroup

_BATCH = 2000
_LISTS = (ASSESSMENTS, BENEFITS, CARE, CATEGORIES, CONSENTS, HEALTH, LEVELS, NEEDS, SCHOOLING)
# Kind of record and table, each after those it points to.
_TABLES: dict[type, Any] = {
    Series: SeriesTable,
    Booking: BookingTable,
    Enrolment: EnrolmentTable,
    **{record: table for record, table, _order in _LISTS},
    Partner: PartnerTable,
    PartnerContact: PartnerContactTable,
    JointWork: JointWorkTable,
    WorkGroup: WorkGroupTable,
    GroupMember: GroupMemberTable,
    GroupMeeting: GroupMeetingTable,
    GroupAttendance: GroupAttendanceTable,
    GroupTask: GroupTaskTable,
    Contract: ContractTable,
    Deliverable: DeliverableTable,
    Payment: PaymentTable,
    ContractAssessment: ContractAssessmentTable,
    Volunteer: VolunteerTable,
    ScreeningCheck: ScreeningCheckTable,
    Training: TrainingTable,
    Activity: ActivityTable,
    PartnerLink: PartnerLinkTable,
    ActivitySession: ActivitySessionTable,
    Attendance: AttendanceTable,
    VolunteerShift: VolunteerShiftTable,
    Certificate: CertificateTable,
}
# What those are called that are found by any part of their name, and all their words, as their stores make both.
_NAMES: dict[type, tuple[str, Callable[[Any], str]]] = {
    Activity: ("title", lambda activity: search_words(activity.title)),
    Partner: ("name", lambda partner: search_words(partner.name)),
    Volunteer: ("name", lambda volunteer: search_words(volunteer.name)),
    Contract: ("name", lambda contract: search_words(contract.name, contract.provider)),
    Certificate: ("name", lambda paper: search_words(paper.name, numbers=(squeezed(paper.number),))),
}


class BulkStore(Store):
    """The way in for generated records."""

    @needs(Right.EDIT_STATION)
    def add(self, records: Iterable[object]) -> int:
        """Insert all in one transaction; returns how many. They come after those they point to; who has an
        id keeps it.

        Raises `Denied` in a real station: there, every record is checked.
        """
        stamp, count = self._stamp(), 0
        with self._database.write() as session:
            if session.scalar(select(StationTable.demo_today)) is None:
                raise Denied
            # The keys of 150,000 rows in random order: with the usual 2 MB every page would be
            # encrypted anew many times over.
            session.execute(text("PRAGMA cache_size = -131072"))
            for some in _batches(records):
                _insert_some(session, some, stamp)
                count += len(some)
            session.execute(text("PRAGMA optimize"))
        return count


def _insert_some(session: Session, records: list[Any], stamp: tuple[str, str]) -> None:
    """Kind after kind, each after those it points to."""
    kinds: dict[type, list[Any]] = defaultdict(list)
    for record in records:
        kinds[type(record)].append(record)
    files = kinds.pop(ChildFile, [])
    if files:
        _insert_files(session, files, stamp)
    drawn = kinds.pop(DrawnPhoto, [])
    for kind in sorted(kinds, key=list(_TABLES).index):
        _insert(session, _TABLES[kind], kinds[kind], stamp)
    if drawn:
        _insert_photos(session, drawn, stamp)


def _insert_photos(session: Session, drawn: list[DrawnPhoto], stamp: tuple[str, str]) -> None:
    _insert(session, SessionPhotoTable, [one.photo for one in drawn], stamp)
    contents: Any = SessionPhotoContentTable.__table__
    session.execute(insert(contents), [{"id": one.photo.id, "data": one.data} for one in drawn])
    _insert(session, PhotoChildTable, [link for one in drawn for link in one.children], stamp)


def _insert(session: Session, table: Any, records: list[Any], stamp: tuple[str, str]) -> None:
    if records:
        session.execute(insert(table.__table__), _rows(records, stamp))


def _insert_files(session: Session, files: list[ChildFile], stamp: tuple[str, str]) -> None:
    """Table after table, each after those it points to."""
    _insert(session, HouseholdTable, [file.household for file in files if file.household], stamp)
    children: Any = ChildTable.__table__
    rows = _rows([file.child for file in files], stamp)
    session.execute(insert(children), [row | _found_by(file) for row, file in zip(rows, files, strict=True)])
    _insert(session, FamilyMemberTable, [member for file in files for member in file.family], stamp)
    lists: dict[type, list[object]] = defaultdict(list)
    for file in files:
        for record in file.records:
            lists[type(record)].append(record)
    for kind, records in lists.items():
        _insert(session, _TABLES[kind], records, stamp)


def _found_by(file: ChildFile) -> dict[str, str]:
    """What a child is sorted and found by, as `ChildStore` makes it, and when its file was opened."""
    child = file.child
    numbers = (child.file_no,) if child.file_no else ()
    return {
        "name_key": name_key(child.name),
        "words": search_words(child.name, child.other_name, numbers=numbers),
        "created_at": file.opened.replace(tzinfo=BEIJING).isoformat(timespec="seconds"),
    }


def _rows(records: list[Any], stamp: tuple[str, str]) -> list[dict[str, Any]]:
    """The rows of records of one kind, all of them with their ids or none."""
    when, who = stamp
    common = {"version": 1, "created_at": when, "created_by": who, "updated_at": when, "updated_by": who}
    left_out = {"version"} if records[0].id is not None else {"version", "id"}
    names = [item.name for item in fields(records[0]) if item.name not in left_out]
    rows = [{name: getattr(record, name) for name in names} | common for record in records]
    called = _NAMES.get(type(records[0]))
    if called is not None:
        name, words = called
        for row, record in zip(rows, records, strict=True):
            row |= {"name_key": name_key(row[name]), "words": words(record)}
    return rows


def _batches(records: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(records)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
