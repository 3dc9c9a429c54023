"""The tables of the children's files; each is compared with its record by a test."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.db.models import Base, Kept
from stationdesk.db.types import Answered, Coded, CodedMany, Hundredths
from stationdesk.fields import Level
from stationdesk.records import (
    assessment_forms,
    assessments,
    attachments,
    benefits,
    care,
    categories,
    children,
    consents,
    enrolments,
    families,
    family_codes,
    file_kinds,
    ids,
    people,
    schooling,
)
from stationdesk.records import health as conditions


class HouseholdTable(Kept, Base):
    """`records.families.Household`."""

    __tablename__ = "household"

    address: Mapped[families.HouseholdAddress]
    size: Mapped[families.HouseholdSize | None]
    children: Mapped[families.ChildrenCount | None]
    family_type: Mapped[family_codes.FamilyType | None] = mapped_column(Coded(family_codes.FamilyType))
    housing: Mapped[family_codes.Housing | None] = mapped_column(Coded(family_codes.Housing))
    housing_area: Mapped[Decimal | None] = mapped_column(Hundredths)
    income_sources: Mapped[tuple[family_codes.IncomeSource, ...]] = mapped_column(CodedMany(family_codes.IncomeSource))
    monthly_income: Mapped[Decimal | None] = mapped_column(Hundredths)
    poverty_kind: Mapped[family_codes.PovertyKind | None] = mapped_column(Coded(family_codes.PovertyKind))
    difficulties: Mapped[families.Difficulties | None]
    surroundings: Mapped[families.Surroundings | None]


class ChildTable(Kept, Base):
    """`records.children.Child`; `words` is what a search by name finds, `merged_into_id` the file that
    took this one over."""

    __tablename__ = "child"

    file_no: Mapped[children.FileNo | None] = mapped_column(unique=True)
    record_level: Mapped[children.RecordLevel] = mapped_column(Coded(children.RecordLevel))
    status: Mapped[children.ChildStatus] = mapped_column(Coded(children.ChildStatus))
    name: Mapped[children.ChildName]
    name_key: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    other_name: Mapped[children.OtherName | None]
    sex: Mapped[people.Sex | None] = mapped_column(Coded(people.Sex))
    birth_date: Mapped[children.BirthDate | None]
    birth_precision: Mapped[children.Precision] = mapped_column(Coded(children.Precision))
    id_kind: Mapped[ids.IdKind | None] = mapped_column(Coded(ids.IdKind))
    id_no: Mapped[ids.IdNumber | None] = mapped_column(index=True)
    no_id_reason: Mapped[ids.NoIdReason | None] = mapped_column(Coded(ids.NoIdReason))
    ethnicity: Mapped[children.Ethnicity | None]
    reg_type: Mapped[children.HouseholdReg | None] = mapped_column(Coded(children.HouseholdReg))
    reg_address: Mapped[children.RegAddress | None]
    residence: Mapped[children.Residence | None]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id", ondelete="RESTRICT"), index=True)
    phone: Mapped[people.PersonalPhone | None]
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), index=True)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    director_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"), index=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    discovered_via: Mapped[children.Discovery | None] = mapped_column(Coded(children.Discovery))
    summary: Mapped[children.Summary | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)

    # The first holds all that a search by name looks at: a whole file need not be decrypted for it.
    __table_args__ = (
        Index("ix_child_found", "name_key", "id", "words", "status", "deleted_at", "worker_id", "counsellor_id"),
        Index(None, "birth_date", "id"),
    )


class FamilyMemberTable(Kept, Base):
    """`records.families.FamilyMember`."""

    __tablename__ = "family_member"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    relation: Mapped[families.Relation]
    name: Mapped[families.FamilyName | None]
    sex: Mapped[people.Sex | None] = mapped_column(Coded(people.Sex))
    id_no: Mapped[ids.IdNumber | None]
    birth_date: Mapped[families.FamilyBirth | None]
    phone: Mapped[people.PersonalPhone | None]
    is_guardian: Mapped[families.IsGuardian]
    guardian_kind: Mapped[family_codes.GuardianKind | None] = mapped_column(Coded(family_codes.GuardianKind))
    is_carer: Mapped[families.IsCarer]
    lives_with_child: Mapped[families.LivesWithChild]
    health: Mapped[family_codes.Health | None] = mapped_column(Coded(family_codes.Health))
    disability: Mapped[conditions.DisabilityType | None] = mapped_column(Coded(conditions.DisabilityType))
    grade: Mapped[conditions.DisabilityGrade | None] = mapped_column(Coded(conditions.DisabilityGrade))
    occupation: Mapped[families.Occupation | None]
    work_place: Mapped[families.WorkPlace | None]
    state: Mapped[family_codes.ParentState | None] = mapped_column(Coded(family_codes.ParentState))
    state_from: Mapped[families.StateFrom | None]
    state_months: Mapped[families.StateMonths | None]
    reported_on: Mapped[families.ReportedOn | None]
    note: Mapped[families.FamilyNote | None]

    # Guardians as a search for a child looks at them.
    __table_args__ = (Index("ix_family_member_found", "is_guardian", "child_id", "name", "phone", "deleted_at"),)


class SchoolingTable(Kept, Base):
    """`records.schooling.Schooling`."""

    __tablename__ = "schooling"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    stage: Mapped[schooling.EduStage] = mapped_column(Coded(schooling.EduStage))
    school: Mapped[schooling.School | None]
    grade_class: Mapped[schooling.GradeClass | None]
    boarding: Mapped[schooling.Boarding]
    teacher_name: Mapped[schooling.TeacherName | None]
    teacher_phone: Mapped[people.PersonalPhone | None]
    since: Mapped[schooling.SchoolFrom]
    until: Mapped[schooling.SchoolTo | None]
    dropout_on: Mapped[schooling.DropoutOn | None]
    dropout_reason: Mapped[schooling.DropoutReason | None]


class HealthItemTable(Kept, Base):
    """`records.health.HealthItem`."""

    __tablename__ = "health_item"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[conditions.HealthKind] = mapped_column(Coded(conditions.HealthKind))
    disability: Mapped[conditions.DisabilityType | None] = mapped_column(Coded(conditions.DisabilityType))
    grade: Mapped[conditions.DisabilityGrade | None] = mapped_column(Coded(conditions.DisabilityGrade))
    autism: Mapped[conditions.Autism]
    cert_no: Mapped[conditions.DisabilityCert | None]
    illness: Mapped[conditions.Illness | None] = mapped_column(Coded(conditions.Illness))
    text: Mapped[conditions.HealthText | None]
    diagnosed_on: Mapped[conditions.DiagnosedOn | None]
    over_on: Mapped[conditions.OverOn | None]
    costly: Mapped[conditions.Costly]


class BenefitTable(Kept, Base):
    """`records.benefits.Benefit`."""

    __tablename__ = "benefit"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[benefits.BenefitKind] = mapped_column(Coded(benefits.BenefitKind))
    state: Mapped[benefits.BenefitState] = mapped_column(Coded(benefits.BenefitState))
    amount: Mapped[Decimal | None] = mapped_column(Hundredths)
    since: Mapped[benefits.BenefitFrom]
    until: Mapped[benefits.BenefitTo | None]
    note: Mapped[benefits.BenefitNote | None]


class ChildCategoryTable(Kept, Base):
    """`records.categories.ChildCategory`."""

    __tablename__ = "child_category"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    category: Mapped[categories.Category] = mapped_column(Coded(categories.Category), index=True)
    since: Mapped[categories.Since]
    until: Mapped[categories.Until | None]
    basis: Mapped[categories.Basis | None]
    is_primary: Mapped[categories.IsPrimary]
    orphan_kind: Mapped[categories.OrphanKind | None] = mapped_column(Coded(categories.OrphanKind))
    improper_kinds: Mapped[tuple[categories.ImproperKind, ...]] = mapped_column(CodedMany(categories.ImproperKind))


class RiskLevelTable(Kept, Base):
    """`records.categories.RiskLevel`; lines are only ever added."""

    __tablename__ = "risk_level"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"))
    colour: Mapped[categories.Colour] = mapped_column(Coded(categories.Colour))
    rated_at: Mapped[datetime]
    rated_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    reason: Mapped[categories.RatedBecause]
    assessment_uuid: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (Index(None, "child_id", "id"),)


class AssessmentTable(Kept, Base):
    """`records.assessments.Assessment`."""

    __tablename__ = "assessment"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[assessment_forms.AssessmentKind] = mapped_column(Coded(assessment_forms.AssessmentKind))
    assessed_on: Mapped[assessments.AssessedOn]
    assessor_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))
    other_assessors: Mapped[assessments.OtherAssessors | None]
    items: Mapped[assessment_forms.Answers] = mapped_column(Answered)
    score: Mapped[Decimal | None] = mapped_column(Hundredths)
    level: Mapped[assessment_forms.AssessedLevel | None] = mapped_column(Coded(assessment_forms.AssessedLevel))
    rating: Mapped[family_codes.CareRating | None] = mapped_column(Coded(family_codes.CareRating))
    reason: Mapped[assessments.WhyOtherwise | None]
    conclusion: Mapped[assessments.Conclusion]
    next_due: Mapped[assessments.NextDue | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))


class EnrolmentTable(Kept, Base):
    """`records.enrolments.Enrolment`."""

    __tablename__ = "enrolment"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    entered_on: Mapped[date]
    entry_reason: Mapped[enrolments.EntryReason] = mapped_column(Coded(enrolments.EntryReason))
    left_on: Mapped[date | None]
    exit_reason: Mapped[enrolments.ExitReason | None] = mapped_column(Coded(enrolments.ExitReason))
    exit_note: Mapped[enrolments.ExitNote | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="RESTRICT"))

    __table_args__ = (CheckConstraint("left_on >= entered_on", name="ordered"),)


class ConsentTable(Kept, Base):
    """`records.consents.Consent`."""

    __tablename__ = "consent"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[consents.ConsentKind] = mapped_column(Coded(consents.ConsentKind))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("family_member.id", ondelete="RESTRICT"))
    assent: Mapped[consents.Assent]
    method: Mapped[consents.ConsentMethod] = mapped_column(Coded(consents.ConsentMethod))
    signed_on: Mapped[consents.ConsentOn]
    valid_to: Mapped[consents.ConsentTo | None]
    withdrawn_on: Mapped[consents.WithdrawnOn | None]
    witnesses: Mapped[consents.Witnesses | None]


class DelegatedCareTable(Kept, Base):
    """`records.care.DelegatedCare`."""

    __tablename__ = "delegated_care"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    carer_id: Mapped[int] = mapped_column(ForeignKey("family_member.id", ondelete="RESTRICT"))
    since: Mapped[care.CareFrom]
    signed_on: Mapped[care.SignedOn | None]
    valid_to: Mapped[care.ValidTo | None]
    school_told: Mapped[care.SchoolTold]
    village_told: Mapped[care.VillageTold]
    weekly_contact: Mapped[care.WeeklyContact]
    ability: Mapped[family_codes.CareRating] = mapped_column(Coded(family_codes.CareRating))
    checked: Mapped[care.Checked]
    note: Mapped[care.CareNote | None]


class ChildNeedTable(Kept, Base):
    """`records.care.ChildNeed`."""

    __tablename__ = "child_need"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    need: Mapped[care.Need] = mapped_column(Coded(care.Need))
    since: Mapped[care.NeedSince]
    met_on: Mapped[care.MetOn | None]
    note: Mapped[care.NeedNote | None]


class AttachmentTable(Kept, Base):
    """`records.attachments.Attachment`."""

    __tablename__ = "attachment"

    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    name: Mapped[attachments.FileName]
    kind: Mapped[file_kinds.FileKind] = mapped_column(Coded(file_kinds.FileKind))
    size: Mapped[attachments.FileSize]
    sha256: Mapped[str] = mapped_column(String(64))
    taken_on: Mapped[attachments.TakenOn | None]
    level: Mapped[Level] = mapped_column(Coded(Level))
    is_photo: Mapped[bool]
    note: Mapped[attachments.FileNote | None]


class AttachmentContentTable(Base):
    """The bytes of an attachment, under its id: apart, so that a list never reads over them."""

    __tablename__ = "attachment_content"

    id: Mapped[int] = mapped_column(ForeignKey("attachment.id", ondelete="RESTRICT"), primary_key=True)
    data: Mapped[bytes]


class ChildMergeTable(Kept, Base):
    """Two files made one: what was moved or changed by it, so that it can be undone."""

    __tablename__ = "child_merge"

    kept_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    dropped_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
    merged_on: Mapped[date]
    reason: Mapped[str]
    before: Mapped[str] = mapped_column(Text)
    undone: Mapped[bool]
