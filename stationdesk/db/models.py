"""The tables of the station file; each is compared with its record by a test."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from stationdesk.db.types import Coded, CodedMany, Hours, Hundredths
from stationdesk.records import access, bookings, calendar, emergencies, people, rooms, safety, series, staff, station


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can find it again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Kept:
    """What every record table has: identity, who and when (with offset, Beijing), version."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(32), unique=True)
    version: Mapped[int]
    created_at: Mapped[str] = mapped_column(String(25))
    created_by: Mapped[str] = mapped_column(String(40))
    updated_at: Mapped[str] = mapped_column(String(25))
    updated_by: Mapped[str] = mapped_column(String(40))
    deleted_at: Mapped[str | None] = mapped_column(String(25))

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class StaffTable(Kept, Base):
    """`records.staff.Staff`, and the name's key for sorting by pinyin."""

    __tablename__ = "staff"

    name: Mapped[people.PersonName]
    name_key: Mapped[str]
    sex: Mapped[people.Sex | None] = mapped_column(Coded(people.Sex))
    phone: Mapped[people.Phone | None]
    tier: Mapped[staff.Tier] = mapped_column(Coded(staff.Tier))
    posts: Mapped[tuple[staff.Post, ...]] = mapped_column(CodedMany(staff.Post))
    employer: Mapped[staff.Employer]
    qualifications: Mapped[tuple[staff.Qualification, ...]] = mapped_column(CodedMany(staff.Qualification))
    certificate_no: Mapped[staff.CertificateNo | None]
    full_time: Mapped[staff.FullTime]
    entered_on: Mapped[staff.EnteredOn | None]
    left_on: Mapped[staff.LeftOn | None]
    note: Mapped[staff.StaffNote | None]

    __table_args__ = (Index(None, "name_key", "id"),)


class AccountTable(Kept, Base):
    """Who may log in: the name of a key slot, the staff member, the role."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(40), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    role: Mapped[access.Role] = mapped_column(Coded(access.Role))
    disabled: Mapped[bool]
    must_change: Mapped[bool] = mapped_column(server_default="0")
    password_since: Mapped[date | None]
    old_passwords: Mapped[str] = mapped_column(Text, server_default="")
    last_login: Mapped[str | None] = mapped_column(String(25))


class SafetyTable(Kept, Base):
    """`records.safety.Safety`; `accepted_folder` is the data folder a head has agreed to."""

    __tablename__ = "safety"

    lock_minutes: Mapped[safety.LockMinutes]
    strict_passwords: Mapped[safety.StrictPasswords]
    second_folder: Mapped[safety.SecondFolder | None]
    accepted_folder: Mapped[str | None]


class EmergencyTable(Kept, Base):
    """`records.emergencies.Emergency`: who looked beyond their own work, why, and which head saw it."""

    __tablename__ = "emergency"

    username: Mapped[str] = mapped_column(String(40))
    reason: Mapped[emergencies.EmergencyReason]
    seen_by: Mapped[str | None] = mapped_column(String(40), index=True)


class DraftTable(Base):
    """Half-typed forms, each sealed to the one person it belongs to."""

    __tablename__ = "draft"

    username: Mapped[str] = mapped_column(String(40), primary_key=True)
    uuid: Mapped[str] = mapped_column(String(32), primary_key=True)
    saved_at: Mapped[str] = mapped_column(String(25))
    sealed: Mapped[bytes]


class AuditTable(Base):
    """The chain of what was done; triggers keep it from being changed or shortened."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(25))
    actor: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int | None]
    fields: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index(None, "action", "seq"), Index(None, "actor", "seq"))


class ChainTable(Base):
    """The key of the chain: one row."""

    __tablename__ = "chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes]


class StationTable(Kept, Base):
    """`records.station.Station`: one row; `demo_today` is set in a demonstration station only."""

    __tablename__ = "station"

    name: Mapped[station.StationName]
    division_code: Mapped[station.DivisionCode]
    city_name: Mapped[station.CityName]
    district_name: Mapped[station.DistrictName]
    township_name: Mapped[station.TownshipName]
    address: Mapped[station.Address]
    phone: Mapped[str]
    hotline: Mapped[station.Hotline | None]
    established_on: Mapped[station.EstablishedOn | None]
    area: Mapped[Decimal | None] = mapped_column(Hundredths)
    mode: Mapped[station.OperationMode] = mapped_column(Coded(station.OperationMode))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    law_deputy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    minors_population: Mapped[station.MinorsPopulation | None]
    feature_name: Mapped[station.FeatureName | None]
    feature_text: Mapped[station.FeatureText | None]
    guarantees_note: Mapped[station.GuaranteesNote | None]
    hours: Mapped[calendar.WeekHours] = mapped_column(Hours)
    report_due_day: Mapped[station.ReportDueDay]
    cutoff_day: Mapped[station.CutoffDay]
    demo_today: Mapped[date | None]


class CommunityTable(Kept, Base):
    """`records.station.Community`."""

    __tablename__ = "community"

    name: Mapped[station.CommunityName]
    name_key: Mapped[str]
    code: Mapped[station.CommunityCode | None]
    director_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    minors_count: Mapped[station.MinorsCount | None]
    grid_note: Mapped[station.GridNote | None]
    active: Mapped[station.IsActive]

    __table_args__ = (Index(None, "name_key", "id"),)


class SpecialDayTable(Kept, Base):
    """`records.calendar.SpecialDay`."""

    __tablename__ = "special_day"

    day: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[calendar.DayKind] = mapped_column(Coded(calendar.DayKind))
    name: Mapped[calendar.SpecialName]


class RoomTable(Kept, Base):
    """`records.rooms.Room`."""

    __tablename__ = "room"

    name: Mapped[rooms.RoomName] = mapped_column(unique=True)
    name_key: Mapped[str]
    kind: Mapped[rooms.RoomKind] = mapped_column(Coded(rooms.RoomKind))
    capacity: Mapped[rooms.Capacity]
    area: Mapped[Decimal | None] = mapped_column(Hundredths)
    location: Mapped[rooms.Location | None]
    equipment: Mapped[tuple[rooms.Equipment, ...]] = mapped_column(CodedMany(rooms.Equipment))
    hours: Mapped[calendar.WeekHours | None] = mapped_column(Hours)
    buffer_before: Mapped[rooms.BufferBefore]
    buffer_after: Mapped[rooms.BufferAfter]
    privacy: Mapped[rooms.Privacy] = mapped_column(Coded(rooms.Privacy))
    needs_approval: Mapped[rooms.NeedsApproval]
    side_by_side: Mapped[rooms.SideBySide]
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    safety_check_due: Mapped[rooms.SafetyCheckDue | None]
    active: Mapped[rooms.RoomActive]
    note: Mapped[rooms.RoomNote | None]


class RoomClosureTable(Kept, Base):
    """`records.rooms.RoomClosure`; no room means the whole station."""

    __tablename__ = "room_closure"

    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"), index=True)
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime]
    reason: Mapped[rooms.ClosedReason]

    __table_args__ = (CheckConstraint('"start" < "end"', name="ordered"),)


class SeriesTable(Kept, Base):
    """`records.series.Series`."""

    __tablename__ = "series"

    repeat: Mapped[series.Repeat] = mapped_column(Coded(series.Repeat))
    interval: Mapped[series.Interval]
    weekdays: Mapped[tuple[series.Weekday, ...]] = mapped_column(CodedMany(series.Weekday))
    first: Mapped[series.FirstDay]
    until: Mapped[series.UntilDay]


class BookingTable(Kept, Base):
    """`records.bookings.Booking`."""

    __tablename__ = "booking"

    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="RESTRICT"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"))
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime]
    purpose: Mapped[bookings.Purpose] = mapped_column(Coded(bookings.Purpose))
    title: Mapped[bookings.Title]
    applicant_kind: Mapped[bookings.ApplicantKind] = mapped_column(Coded(bookings.ApplicantKind))
    applicant_name: Mapped[bookings.ApplicantName | None]
    applicant_phone: Mapped[people.PersonalPhone | None]
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    expected_count: Mapped[bookings.ExpectedCount]
    actual_count: Mapped[bookings.ActualCount | None]
    status: Mapped[bookings.BookingStatus] = mapped_column(Coded(bookings.BookingStatus))
    cancel_reason: Mapped[bookings.CancelReason | None]
    override_reason: Mapped[bookings.OverrideReason | None]
    note: Mapped[bookings.BookingNote | None]
    detached: Mapped[bool]

    __table_args__ = (
        CheckConstraint('"start" < "end"', name="ordered"),
        Index(None, "room_id", "start"),
    )
