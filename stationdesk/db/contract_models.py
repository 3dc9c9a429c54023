"""The tables of purchased services; each is compared with its record by a test."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.db.models import Base, Kept
from stationdesk.db.types import Coded, Hundredths
from stationdesk.records import activities, contracts


class ContractTable(Kept, Base):
    """`records.contracts.Contract`; `words` is what a search by name or provider finds."""

    __tablename__ = "contract"

    number: Mapped[contracts.ContractNo]
    name: Mapped[contracts.ContractName]
    name_key: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    provider: Mapped[contracts.Provider]
    purchaser: Mapped[contracts.Purchaser]
    amount: Mapped[Decimal] = mapped_column(Hundredths)
    funding: Mapped[activities.FundingSource] = mapped_column(Coded(activities.FundingSource))
    start: Mapped[contracts.ContractStart]
    end: Mapped[contracts.ContractEnd]
    lead: Mapped[contracts.ContractLead | None]
    status: Mapped[contracts.ContractStatus] = mapped_column(Coded(contracts.ContractStatus))
    terminated_on: Mapped[contracts.TerminatedOn | None]
    note: Mapped[contracts.ContractNote | None]

    __table_args__ = (CheckConstraint('"start" <= "end"', name="ordered"),)


class DeliverableTable(Kept, Base):
    """`records.contracts.Deliverable`."""

    __tablename__ = "deliverable"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    indicator: Mapped[contracts.IndicatorKey]
    title: Mapped[contracts.DeliverableTitle | None]
    unit: Mapped[contracts.DeliverableUnit | None]
    target: Mapped[contracts.DeliverableTarget]
    actual: Mapped[contracts.HandActual | None]
    due_on: Mapped[contracts.DeliverableDue | None]
    adjustment: Mapped[contracts.Adjustment | None]
    adjustment_reason: Mapped[contracts.AdjustmentReason | None]


class PaymentTable(Kept, Base):
    """`records.contracts.Payment`."""

    __tablename__ = "payment"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    seq: Mapped[contracts.PaymentSeq]
    condition: Mapped[contracts.PaymentCondition | None]
    planned_on: Mapped[contracts.PlannedOn]
    planned_amount: Mapped[Decimal] = mapped_column(Hundredths)
    paid_on: Mapped[contracts.PaidOn | None]
    paid_amount: Mapped[Decimal | None] = mapped_column(Hundredths)
    voucher: Mapped[contracts.Voucher | None]


class ContractAssessmentTable(Kept, Base):
    """`records.contracts.ContractAssessment`."""

    __tablename__ = "contract_assessment"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    point: Mapped[contracts.AssessmentPoint] = mapped_column(Coded(contracts.AssessmentPoint))
    assessed_on: Mapped[contracts.AssessedOn]
    score: Mapped[contracts.AssessmentScore]
    grade: Mapped[contracts.AssessmentGrade | None] = mapped_column(Coded(contracts.AssessmentGrade))
    remark: Mapped[contracts.AssessmentRemark | None]
