"""One volunteer on the screen: who it is, whether to be chosen today, service, checks and trainings, certificates."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Problem
from stationdesk.i18n import _
from stationdesk.records.ages import ADULT, age_on
from stationdesk.records.drafts import Draft
from stationdesk.records.screening import ScreeningCheck, Training, cleared_until
from stationdesk.records.volunteers import Volunteer
from stationdesk.ui import look
from stationdesk.ui.certificates import CertificatesPane
from stationdesk.ui.child_words import Names
from stationdesk.ui.facts import Facts
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.record_list import RecordList
from stationdesk.ui.volunteer_lists import checks_kept, line_text, may_screen, may_train, trainings_kept
from stationdesk.ui.volunteer_shifts import ShiftsPane

_IN_HEAD = ("name", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerFile:
    """All that is shown of one volunteer, read in one go."""

    volunteer: Volunteer
    against: tuple[Problem, ...]
    checks: tuple[ScreeningCheck, ...]
    trainings: tuple[Training, ...]


def read_file(desk: Desk, volunteer_id: int) -> VolunteerFile:
    """Read a volunteer's file; on the database thread. Raises `Missing`."""
    return VolunteerFile(
        volunteer=desk.volunteers.load(volunteer_id),
        against=desk.volunteers.why_not(volunteer_id, desk.clock().date()),
        checks=desk.screening.checks_of_volunteer(volunteer_id),
        trainings=desk.screening.trainings(volunteer_id=volunteer_id),
    )


class VolunteerView(QWidget):
    """The file of one volunteer. `changed` is sent with what was done, `failed` with why a file cannot
    be shown."""

    changed = Signal(str)
    failed = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self.file: VolunteerFile | None = None
        self.lists: dict[str, RecordList] = {}
        self.shifts: ShiftsPane | None = None
        self.certificates: CertificatesPane | None = None
        self._waiting: Draft | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._head())
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        column.addWidget(self.tabs, 1)
        self.facts = Facts(self)
        self.facts.revealed.connect(self._note_look)
        self._homes = [self._page(title) for title in (_("基本"), _("服务"), _("查询和培训"), _("证明"))]
        self._homes[0].addWidget(self.facts)
        self._homes[0].addStretch(1)
        self._boxes: list[QWidget] = []
        self.hide()

    def _head(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        told = QVBoxLayout(card)
        self.title, self.sub, self.today = QLabel(), QLabel(), QLabel()
        self.title.setObjectName("section")
        self.sub.setObjectName("quiet")
        self.today.setObjectName("notice")
        for label in (self.title, self.sub, self.today):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            told.addWidget(label)
        return card

    def _page(self, title: str) -> QVBoxLayout:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setSpacing(2 * look.UNIT)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        self.tabs.addTab(area, title)
        return column

    # --- what is shown ---------------------------------------------------------------------------

    def show_volunteer(self, volunteer_id: int) -> None:
        """Read a file and show it."""
        self.jobs.run(self, lambda: read_file(self.desk, volunteer_id), self._show, self._not_shown)

    def _not_shown(self, error: DeskError) -> None:
        self.clear()
        self.failed.emit(error)

    def clear(self) -> None:
        """Show nothing."""
        self.file = None
        self.hide()

    def _show(self, file: VolunteerFile) -> None:
        other = self.file is None or self.file.volunteer.id != file.volunteer.id
        self.file = file
        volunteer = file.volunteer
        self.title.setText(volunteer.name)
        due = cleared_until(file.checks)
        checked = _("查询有效期至{day}").format(day=due.isoformat()) if due else _("没有有效的查询")
        self.sub.setText(f"{volunteer.status.label}  {checked}")
        self._say_today(file.against)
        birth = volunteer.birth_date
        young = birth is not None and age_on(birth, self.desk.clock().date()) < ADULT
        self.facts.show_record(volunteer, Names(), hide=_IN_HEAD if young else (*_IN_HEAD, "guardian_consent"))
        if other:
            self._make_parts(volunteer.id or 0)
        self.lists["checks"].show_records(file.checks[::-1], writable=may_screen(self.desk))
        self.lists["trainings"].show_records(file.trainings[::-1], writable=may_train(self.desk))
        for part in (self.shifts, self.certificates):
            if part is not None:
                part.list.reload()
        if self.shifts is not None:
            self.shifts.reload_totals()
        self.show()
        if self._waiting is not None:
            draft, self._waiting = self._waiting, None
            self.reopen(draft)

    def _say_today(self, against: Sequence[Problem]) -> None:
        """Plainly, whether this person may be chosen today, and if not, why."""
        said = "\n".join(problem.say() for problem in against)
        told = _("今天不能安排：{reasons}") if said else _("今天可以安排接触未成年人的服务。")
        self.today.setText(told.format(reasons=f"\n{said}"))
        self.today.setObjectName("pressing" if said else "notice")
        self.today.style().unpolish(self.today)
        self.today.style().polish(self.today)

    def _make_parts(self, volunteer_id: int) -> None:
        """The lists are those of one person: another has others."""
        for box in self._boxes:
            box.hide()
            box.deleteLater()
        self.shifts = ShiftsPane(self.desk, self.jobs, self, volunteer_id)
        self.shifts.said.connect(self.changed)
        self.certificates = CertificatesPane(self.desk, self.jobs, self, volunteer_id)
        self.certificates.said.connect(self.changed)
        place = f"volunteers/{volunteer_id}"
        both = (checks_kept(self.desk, volunteer_id=volunteer_id), trainings_kept(self.desk, volunteer_id=volunteer_id))
        self.lists = {
            kept.key: RecordList(self.desk, self.jobs, kept, self, text=line_text, place=place) for kept in both
        }
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * look.UNIT)
        for made in self.lists.values():
            made.changed.connect(self.changed)
            column.addWidget(made)
        column.addStretch(1)
        self._boxes = [self.shifts, box, self.certificates]
        for home, part in zip(self._homes[1:], self._boxes, strict=True):
            home.addWidget(part, 1)

    def reopen(self, draft: Draft) -> None:
        """Show what was typed of this volunteer and not saved, as soon as the file is there."""
        key = draft.place.rpartition("/")[2]
        if self.file is None or self.shifts is None or self.certificates is None:
            self._waiting = draft
        elif key == "shift":
            self.shifts.reopen(draft)
        elif key == "certificate":
            self.certificates.issue(draft)
        elif key in self.lists:
            self.lists[key].reopen(draft)

    def _note_look(self, field: str) -> None:
        volunteer_id = self.file.volunteer.id if self.file is not None else None
        self.jobs.run(self, lambda: self.desk.audit.note_look("volunteer", volunteer_id, field))
