"""What stands behind a figure of the summary: the list of its records, each one step from its page."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.bookings import BookingRow
from stationdesk.records.certificates import CertificateRow
from stationdesk.records.children import ChildRow
from stationdesk.records.contracts import ContractRow, PaymentRow
from stationdesk.records.counting import Figure
from stationdesk.records.partners import JointItem, PartnerRow
from stationdesk.records.screening import TrainingRow
from stationdesk.records.sessions import SessionRow
from stationdesk.records.shifts import ShiftRow
from stationdesk.records.staff import StaffRow
from stationdesk.records.volunteers import VolunteerRow
from stationdesk.records.work_groups import MeetingRow
from stationdesk.reports.monthly import label_of
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane


@dataclass(frozen=True, slots=True)
class Behind:
    """One kind of record behind figures: the right to look, how its lines are read, to which page
    a line leads and what is shown there."""

    needs: Right
    row: type
    rows: Callable[[Desk, Sequence[int]], Sequence[Any]]
    leads: Callable[[int], tuple[str, Any]]


def _to(page: str, key: str = "") -> Callable[[int], tuple[str, Any]]:
    """Leads to a record of a page, told by its id or under a key."""
    return lambda record_id: (page, {key: record_id} if key else record_id)


def _to_joint(item_id: int) -> tuple[str, Any]:
    """Joint work that follows from a session has its number with a minus."""
    return ("partners", {"joint": item_id}) if item_id > 0 else ("activities", -item_id)


# By what `Figure.behind` says. A reviewer sees figures, not people: each asks for more than the summary.
KINDS: dict[str, Behind] = {
    "staff": Behind(Right.SEE_STAFF, StaffRow, lambda desk, ids: desk.staff.rows(ids), _to("settings")),
    "bookings": Behind(Right.SEE_BOOKINGS, BookingRow, lambda desk, ids: desk.bookings.rows(ids), _to("bookings")),
    "child": Behind(Right.SEE_CHILDREN, ChildRow, lambda desk, ids: desk.children.rows(ids), _to("children")),
    "activity_session": Behind(
        Right.SEE_ACTIVITIES, SessionRow, lambda desk, ids: desk.sessions.rows(ids), _to("activities")
    ),
    "volunteer": Behind(
        Right.SEE_VOLUNTEERS, VolunteerRow, lambda desk, ids: desk.volunteers.rows(ids), _to("volunteers")
    ),
    "volunteer_shift": Behind(
        Right.SEE_VOLUNTEERS, ShiftRow, lambda desk, ids: desk.shifts.rows(ids), _to("volunteers", "shift")
    ),
    "training": Behind(
        Right.SEE_VOLUNTEERS, TrainingRow, lambda desk, ids: desk.screening.rows(ids), _to("volunteers", "training")
    ),
    "certificate": Behind(
        Right.SEE_VOLUNTEERS,
        CertificateRow,
        lambda desk, ids: desk.certificates.rows(ids),
        _to("volunteers", "certificate"),
    ),
    "partner": Behind(Right.SEE_PARTNERS, PartnerRow, lambda desk, ids: desk.partners.rows(ids), _to("partners")),
    "joint_work": Behind(
        Right.SEE_PARTNERS,
        JointItem,
        lambda desk, ids: desk.partners.joint_rows(ids),
        _to_joint,
    ),
    "group_meeting": Behind(
        Right.SEE_GROUPS, MeetingRow, lambda desk, ids: desk.work_groups.meeting_rows(ids), _to("partners", "meeting")
    ),
    "contract": Behind(
        Right.SEE_CONTRACTS, ContractRow, lambda desk, ids: desk.contracts.rows(ids), _to("partners", "contract")
    ),
    "payment": Behind(
        Right.SEE_CONTRACTS, PaymentRow, lambda desk, ids: desk.contracts.payment_rows(ids), _to("partners", "payment")
    ),
}


def may_look(desk: Desk, figure: Figure) -> bool:
    """Whether this figure has records behind it that the person may see."""
    return bool(figure.behind) and desk.actor.may(KINDS[figure.behind].needs)


class BehindDialog(QDialog):
    """The records behind one figure."""

    def __init__(
        self, desk: Desk, jobs: Jobs, figure: Figure, parent: QWidget, *, year: bool, opened: Callable[[str, Any], None]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{figure.code} {label_of(figure)}")
        kind = KINDS[figure.behind]
        ids = array("q", figure.year_ids if year else figure.month_ids)
        layout = QVBoxLayout(self)
        self.pane = ListPane(
            kind.row,
            lambda _words, _sort, _down: ids,
            lambda wanted: kind.rows(desk, wanted),
            jobs,
            self,
            empty=_("这个数字背后没有记录。"),
            desk=desk,
            name=label_of(figure),
        )
        self.pane.filter.hide()
        self.pane.table.horizontalHeader().setSortIndicatorShown(False)
        self.pane.opened.connect(lambda record_id: self._open(opened, kind, record_id))
        layout.addWidget(self.pane)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("x") * 150, metrics.lineSpacing() * 26)
        self.pane.reload()

    def _open(self, opened: Callable[[str, Any], None], kind: Behind, record_id: int) -> None:
        self.close()
        opened(*kind.leads(record_id))
