"""The tables of activities and their photos, volunteers and partners; each is compared with its record by a test."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.db.models import Base, Kept
from stationdesk.db.types import CertificateLines, Coded, CodedMany, Hundredths, Numbers
from stationdesk.records import (
    activities,
    attachments,
    attendance,
    certificates,
    file_kinds,
    ids,
    partners,
    people,
    screening,
    session_photos,
    sessions,
    shifts,
    volunteers,
)

# Exactly one of two columns is filled.
_ONE_PERSON = "(staff_id IS NULL) <> (volunteer_id IS NULL)"


class ActivityTable(Kept, Base):
    """`records.activities.Activity`; `words` is what a search by title finds."""

    __tablename__ = "activity"

    title: Mapped[activities.ActivityTitle]
    name_key: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    form: Mapped[activities.ActivityForm] = mapped_column(Coded(activities.ActivityForm))
    category: Mapped[activities.ActivityCategory] = mapped_column(Coded(activities.ActivityCategory))
    domains: Mapped[tuple[activities.ContentDomain, ...]] = mapped_column(CodedMany(activities.ContentDomain))
    organiser: Mapped[activities.Organiser | None]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    target: Mapped[activities.Target]
    age_from: Mapped[activities.AgeFrom | None]
    age_to: Mapped[activities.AgeTo | None]
    quota: Mapped[activities.Quota | None]
    expected_count: Mapped[activities.Expected]
    off_site: Mapped[activities.OffSite]
    guardian_required: Mapped[activities.GuardianRequired]
    consent_required: Mapped[activities.ConsentRequired]
    safety_plan: Mapped[activities.SafetyPlan | None]
    budget: Mapped[Decimal | None] = mapped_column(Hundredths)
    funding: Mapped[activities.FundingSource | None] = mapped_column(Coded(activities.FundingSource))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    feature: Mapped[activities.IsFeature]
    summary: Mapped[activities.ActivitySummary | None]
    ended_on: Mapped[date | None]

    __table_args__ = (Index(None, "name_key", "id"),)


class ActivitySessionTable(Kept, Base):
    """`records.sessions.ActivitySession`; a booking belongs to one session at most."""

    __tablename__ = "activity_session"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="RESTRICT"), index=True)
    seq: Mapped[sessions.SequenceNo]
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="RESTRICT"), unique=True)
    place: Mapped[sessions.Place | None]
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    staff_ids: Mapped[tuple[int, ...]] = mapped_column(Numbers)
    items: Mapped[sessions.Items | None]
    headcount_children: Mapped[sessions.ChildHeads]
    headcount_adults: Mapped[sessions.AdultHeads]
    status: Mapped[sessions.SessionStatus] = mapped_column(Coded(sessions.SessionStatus))
    reason: Mapped[sessions.NotHeldReason | None]
    cost: Mapped[Decimal | None] = mapped_column(Hundredths)
    satisfaction: Mapped[sessions.Satisfaction | None]

    __table_args__ = (CheckConstraint('"start" < "end"', name="ordered"),)


class AttendanceTable(Kept, Base):
    """`records.attendance.Attendance`; a child has one line a session."""

    __tablename__ = "attendance"

    session_id: Mapped[int] = mapped_column(ForeignKey("activity_session.id", ondelete="RESTRICT"))
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    state: Mapped[attendance.AttendanceState] = mapped_column(Coded(attendance.AttendanceState))
    signed_at: Mapped[datetime]
    guardian_present: Mapped[attendance.GuardianPresent]
    picked_up_by: Mapped[attendance.PickedUpBy | None]

    __table_args__ = (UniqueConstraint("session_id", "child_id"),)


class VolunteerTable(Kept, Base):
    """`records.volunteers.Volunteer`; `words` is what a search by name finds."""

    __tablename__ = "volunteer"

    name: Mapped[people.PersonName]
    name_key: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    sex: Mapped[people.Sex | None] = mapped_column(Coded(people.Sex))
    id_kind: Mapped[ids.IdKind | None] = mapped_column(Coded(ids.IdKind))
    id_no: Mapped[ids.IdNumber | None] = mapped_column(index=True)
    birth_date: Mapped[volunteers.VolunteerBirth | None]
    phone: Mapped[people.PersonalPhone | None]
    volunteer_no: Mapped[volunteers.VolunteerNo | None]
    organisation: Mapped[volunteers.Organisation | None]
    skills: Mapped[tuple[volunteers.VolunteerWork, ...]] = mapped_column(CodedMany(volunteers.VolunteerWork))
    languages: Mapped[tuple[volunteers.Language, ...]] = mapped_column(CodedMany(volunteers.Language))
    guardian_consent: Mapped[volunteers.GuardianConsent]
    service_scope: Mapped[volunteers.ServiceScope | None]
    insured_until: Mapped[volunteers.InsuredUntil | None]
    status: Mapped[volunteers.VolunteerStatus] = mapped_column(Coded(volunteers.VolunteerStatus))
    joined_on: Mapped[volunteers.JoinedOn | None]
    left_on: Mapped[volunteers.VolunteerLeftOn | None]
    note: Mapped[volunteers.VolunteerNote | None]

    __table_args__ = (Index(None, "name_key", "id"),)


class ScreeningCheckTable(Kept, Base):
    """`records.screening.ScreeningCheck`."""

    __tablename__ = "screening_check"

    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id", ondelete="RESTRICT"), index=True)
    queried_on: Mapped[date]
    authority: Mapped[screening.Authority] = mapped_column(Coded(screening.Authority))
    result: Mapped[screening.CheckResult] = mapped_column(Coded(screening.CheckResult))
    doc_no: Mapped[screening.DocumentNo | None]

    __table_args__ = (CheckConstraint(_ONE_PERSON, name="one_person"),)


class TrainingTable(Kept, Base):
    """`records.screening.Training`."""

    __tablename__ = "training"

    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id", ondelete="RESTRICT"), index=True)
    topic: Mapped[screening.TrainingTopic]
    day: Mapped[date]
    hours: Mapped[Decimal] = mapped_column(Hundredths)
    organiser: Mapped[screening.TrainingOrganiser | None]
    level: Mapped[screening.TrainingLevel] = mapped_column(Coded(screening.TrainingLevel))
    certificate_no: Mapped[screening.TrainingCertificate | None]

    __table_args__ = (CheckConstraint(_ONE_PERSON, name="one_person"),)


class VolunteerShiftTable(Kept, Base):
    """`records.shifts.VolunteerShift`."""

    __tablename__ = "volunteer_shift"

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="RESTRICT"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("activity_session.id", ondelete="RESTRICT"), index=True)
    start: Mapped[datetime | None]
    end: Mapped[datetime | None]
    work: Mapped[volunteers.VolunteerWork] = mapped_column(Coded(volunteers.VolunteerWork))
    place: Mapped[shifts.ShiftPlace | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    did_not_come: Mapped[shifts.DidNotCome]
    evaluation: Mapped[shifts.Evaluation | None]
    note: Mapped[shifts.ShiftNote | None]

    # Those with their session's time are found by the session's index.
    __table_args__ = (Index(None, "start", sqlite_where=text("start IS NOT NULL")),)


class HourRulesTable(Kept, Base):
    """`records.shifts.HourRules`: one row, or none while the usual rules hold."""

    __tablename__ = "hour_rules"

    daily_cap: Mapped[shifts.DailyCap]
    round_to: Mapped[shifts.RoundTo]


class CertificateTable(Kept, Base):
    """`records.certificates.Certificate`; `words` is what a search by name or number finds."""

    __tablename__ = "certificate"

    number: Mapped[certificates.CertificateNo] = mapped_column(unique=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="RESTRICT"), index=True)
    name: Mapped[people.PersonName]
    name_key: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    sex: Mapped[people.Sex | None] = mapped_column(Coded(people.Sex))
    id_kind: Mapped[ids.IdKind | None] = mapped_column(Coded(ids.IdKind))
    id_no: Mapped[ids.IdNumber | None]
    volunteer_no: Mapped[volunteers.VolunteerNo | None]
    organisation: Mapped[volunteers.Organisation | None]
    first: Mapped[date]
    last: Mapped[date]
    lines: Mapped[tuple[certificates.CertificateLine, ...]] = mapped_column(CertificateLines)
    minutes: Mapped[certificates.RecognisedMinutes]
    daily_cap: Mapped[shifts.DailyCap]
    round_to: Mapped[shifts.RoundTo]
    issued_on: Mapped[date] = mapped_column(index=True)
    issuer: Mapped[certificates.Issuer]
    handler: Mapped[certificates.Handler]
    responsible: Mapped[certificates.Responsible]
    contact: Mapped[certificates.Contact]
    note: Mapped[certificates.CertificateNote | None]
    printed: Mapped[certificates.TimesPrinted]
    void_on: Mapped[date | None]
    void_reason: Mapped[certificates.VoidReason | None]


class PartnerTable(Kept, Base):
    """`records.partners.Partner`; `words` is what a search by name finds."""

    __tablename__ = "partner"

    name: Mapped[partners.PartnerName]
    name_key: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    dept: Mapped[partners.PartnerDept] = mapped_column(Coded(partners.PartnerDept))
    kind: Mapped[partners.PartnerKind] = mapped_column(Coded(partners.PartnerKind))
    address: Mapped[partners.PartnerAddress | None]
    phone: Mapped[partners.PartnerPhone | None]
    cooperation: Mapped[partners.Cooperation | None]
    agreed_from: Mapped[partners.AgreedFrom | None]
    agreed_to: Mapped[partners.AgreedTo | None]
    since: Mapped[partners.Since | None]
    until: Mapped[partners.Until | None]

    __table_args__ = (Index(None, "name_key", "id"),)


class PartnerContactTable(Kept, Base):
    """`records.partners.PartnerContact`."""

    __tablename__ = "partner_contact"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="RESTRICT"), index=True)
    name: Mapped[people.PersonName]
    post: Mapped[partners.ContactPost | None]
    phone: Mapped[people.PersonalPhone | None]
    is_liaison: Mapped[partners.IsLiaison]


class JointWorkTable(Kept, Base):
    """`records.partners.JointWork`."""

    __tablename__ = "joint_work"

    day: Mapped[date] = mapped_column(index=True)
    matter: Mapped[partners.Matter]
    result: Mapped[partners.Outcome | None]


class PartnerLinkTable(Kept, Base):
    """`records.partners.PartnerLink`."""

    __tablename__ = "partner_link"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="RESTRICT"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="RESTRICT"), index=True)
    joint_work_id: Mapped[int | None] = mapped_column(ForeignKey("joint_work.id", ondelete="RESTRICT"), index=True)

    __table_args__ = (CheckConstraint("(activity_id IS NULL) <> (joint_work_id IS NULL)", name="one_matter"),)


class SessionPhotoTable(Kept, Base):
    """`records.session_photos.SessionPhoto`."""

    __tablename__ = "session_photo"

    session_id: Mapped[int] = mapped_column(ForeignKey("activity_session.id", ondelete="RESTRICT"), index=True)
    caption: Mapped[session_photos.Caption | None]
    seen: Mapped[session_photos.Seen] = mapped_column(Coded(session_photos.Seen))
    kind: Mapped[file_kinds.FileKind] = mapped_column(Coded(file_kinds.FileKind))
    size: Mapped[attachments.FileSize]
    sha256: Mapped[str] = mapped_column(String(64))


class SessionPhotoContentTable(Base):
    """The bytes of a photo, under its id: apart, so that a list never reads over them."""

    __tablename__ = "session_photo_content"

    id: Mapped[int] = mapped_column(ForeignKey("session_photo.id", ondelete="RESTRICT"), primary_key=True)
    data: Mapped[bytes]


class PhotoChildTable(Kept, Base):
    """`records.session_photos.PhotoChild`; a merge of files moves lines, so a child may stand here twice."""

    __tablename__ = "session_photo_child"

    photo_id: Mapped[int] = mapped_column(ForeignKey("session_photo.id", ondelete="RESTRICT"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
