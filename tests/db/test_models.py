"""A record and its table say the same: the same fields, the same of them may be empty."""

from dataclasses import fields
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import DateTime, Integer, String

from stationdesk.db import activities_models, children_models, contract_models, models, work_group_models
from stationdesk.db.models import Base, Kept
from stationdesk.fields import describe
from stationdesk.records.activities import Activity
from stationdesk.records.assessments import Assessment
from stationdesk.records.attachments import Attachment
from stationdesk.records.attendance import Attendance
from stationdesk.records.audit import fields_text, is_record_kind, kinds
from stationdesk.records.benefits import Benefit
from stationdesk.records.bookings import Booking
from stationdesk.records.calendar import SpecialDay
from stationdesk.records.care import ChildNeed, DelegatedCare
from stationdesk.records.categories import ChildCategory, RiskLevel
from stationdesk.records.certificates import Certificate
from stationdesk.records.children import Child
from stationdesk.records.consents import Consent
from stationdesk.records.contracts import Contract, ContractAssessment, Deliverable, Payment
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FamilyMember, Household
from stationdesk.records.health import HealthItem
from stationdesk.records.partners import JointWork, Partner, PartnerContact, PartnerLink
from stationdesk.records.rooms import Room, RoomClosure
from stationdesk.records.safety import Safety
from stationdesk.records.schooling import Schooling
from stationdesk.records.screening import ScreeningCheck, Training
from stationdesk.records.series import Series
from stationdesk.records.session_photos import PhotoChild, SessionPhoto
from stationdesk.records.sessions import ActivitySession
from stationdesk.records.shifts import HourRules, VolunteerShift
from stationdesk.records.staff import Staff
from stationdesk.records.station import Community, Station
from stationdesk.records.volunteers import Volunteer
from stationdesk.records.work_groups import GroupAttendance, GroupMeeting, GroupMember, GroupTask, WorkGroup

# Each record, its table, and the columns the table has for itself (for sorting, for the program).
PAIRS: list[tuple[type, Any, set[str]]] = [
    (Staff, models.StaffTable, {"name_key"}),
    (Station, models.StationTable, {"demo_today"}),
    (Community, models.CommunityTable, {"name_key"}),
    (SpecialDay, models.SpecialDayTable, set()),
    (Room, models.RoomTable, {"name_key"}),
    (RoomClosure, models.RoomClosureTable, set()),
    (Series, models.SeriesTable, set()),
    (Booking, models.BookingTable, set()),
    (Safety, models.SafetyTable, {"accepted_folder"}),
    (Household, children_models.HouseholdTable, set()),
    (Child, children_models.ChildTable, {"name_key", "words", "merged_into_id"}),
    (FamilyMember, children_models.FamilyMemberTable, set()),
    (Schooling, children_models.SchoolingTable, set()),
    (HealthItem, children_models.HealthItemTable, set()),
    (Benefit, children_models.BenefitTable, set()),
    (ChildCategory, children_models.ChildCategoryTable, set()),
    (RiskLevel, children_models.RiskLevelTable, set()),
    (Assessment, children_models.AssessmentTable, set()),
    (Enrolment, children_models.EnrolmentTable, set()),
    (Consent, children_models.ConsentTable, set()),
    (DelegatedCare, children_models.DelegatedCareTable, set()),
    (ChildNeed, children_models.ChildNeedTable, set()),
    (Attachment, children_models.AttachmentTable, set()),
    (Activity, activities_models.ActivityTable, {"name_key", "words"}),
    (ActivitySession, activities_models.ActivitySessionTable, set()),
    (Attendance, activities_models.AttendanceTable, set()),
    (Volunteer, activities_models.VolunteerTable, {"name_key", "words"}),
    (ScreeningCheck, activities_models.ScreeningCheckTable, set()),
    (Training, activities_models.TrainingTable, set()),
    (VolunteerShift, activities_models.VolunteerShiftTable, set()),
    (HourRules, activities_models.HourRulesTable, set()),
    (Certificate, activities_models.CertificateTable, {"name_key", "words"}),
    (Partner, activities_models.PartnerTable, {"name_key", "words"}),
    (PartnerContact, activities_models.PartnerContactTable, set()),
    (JointWork, activities_models.JointWorkTable, set()),
    (PartnerLink, activities_models.PartnerLinkTable, set()),
    (WorkGroup, work_group_models.WorkGroupTable, set()),
    (GroupMember, work_group_models.GroupMemberTable, set()),
    (GroupMeeting, work_group_models.GroupMeetingTable, set()),
    (GroupAttendance, work_group_models.GroupAttendanceTable, set()),
    (GroupTask, work_group_models.GroupTaskTable, set()),
    (Contract, contract_models.ContractTable, {"name_key", "words"}),
    (Deliverable, contract_models.DeliverableTable, set()),
    (Payment, contract_models.PaymentTable, set()),
    (ContractAssessment, contract_models.ContractAssessmentTable, set()),
    (SessionPhoto, activities_models.SessionPhotoTable, set()),
    (PhotoChild, activities_models.PhotoChildTable, set()),
]
OWN = {"id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"}
EACH = pytest.mark.parametrize(("record", "table", "more"), PAIRS, ids=[pair[0].__name__ for pair in PAIRS])


def may_be_empty(hint: object) -> bool:
    if get_origin(hint) is Annotated:
        return may_be_empty(get_args(hint)[0])
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)


@EACH
def test_a_table_has_the_fields_of_its_record_and_no_others(record: type, table: Any, more: set[str]) -> None:
    columns = set(table.__table__.columns.keys())
    assert columns - OWN - more == {item.name for item in fields(record)} - {"id", "version"}
    assert columns >= OWN


@EACH
def test_what_may_be_empty_in_the_record_may_be_so_in_the_table_and_nothing_else(
    record: type, table: Any, more: set[str]
) -> None:
    hints = get_type_hints(record, include_extras=True)
    for item in fields(record):
        if item.name not in ("id", "version"):
            assert table.__table__.columns[item.name].nullable == may_be_empty(hints[item.name]), item.name


@EACH
def test_types_agree(record: type, table: Any, more: set[str]) -> None:
    for item in describe(record):
        found = table.__table__.columns[item.name].type
        if item.type is str and not item.many:
            assert isinstance(found, String), item.name
        elif item.type is int and not item.many:
            assert isinstance(found, Integer), item.name
        elif not item.many and item.type.__name__ == "datetime":
            assert isinstance(found, DateTime), item.name
        else:
            assert getattr(found, "kind", item.type) is item.type, item.name


def test_every_table_is_compared_or_is_no_record() -> None:
    tables = {mapper.class_ for mapper in Base.registry.mappers}
    assert tables - {table for _record, table, _more in PAIRS} == {
        models.AccountTable,
        models.AuditTable,
        models.ChainTable,
        models.DraftTable,
        models.EmergencyTable,
        children_models.AttachmentContentTable,
        children_models.ChildMergeTable,
        activities_models.SessionPhotoContentTable,
    }


def test_every_record_table_knows_its_version_and_identity() -> None:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Kept):
            assert mapper.version_id_col is mapper.columns["version"]
            assert mapper.columns["uuid"].unique


def test_the_audit_has_a_word_for_every_record_table() -> None:
    tables = {str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, Kept)}
    assert tables - set(kinds()) == set()


@pytest.mark.parametrize("kind", [kind for kind in kinds() if is_record_kind(kind)])
def test_the_audit_knows_the_fields_of_every_record(kind: str) -> None:
    names = [column.name for column in Base.metadata.tables[kind].columns]
    assert any(fields_text(kind, name) != name for name in names)


def test_every_constraint_has_a_name_a_migration_can_find() -> None:
    for table in Base.metadata.tables.values():
        names = [str(item.name) for item in table.constraints] + [str(item.name) for item in table.indexes]
        assert {name.split("_")[0] for name in names} <= {"pk", "uq", "fk", "ck", "ix"}
        assert len(set(names)) == len(names)


def test_nothing_is_deleted_along_with_what_it_points_to() -> None:
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            assert key.ondelete == "RESTRICT", f"{table.name}.{key.parent.name}"
