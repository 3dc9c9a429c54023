"""人员 in the settings: the team, and the checks and trainings of each member."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.staff import Staff, StaffRow
from stationdesk.ui import look
from stationdesk.ui.dialogs import dialog_button, tell
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.record_list import RecordList
from stationdesk.ui.sections import Listed, ListSection
from stationdesk.ui.volunteer_lists import checks_kept, line_text, may_screen, may_train, trainings_kept


def staff_section(desk: Desk, jobs: Jobs, parent: QWidget) -> "StaffSection":
    """人员."""
    store = desk.staff
    return StaffSection(
        desk,
        jobs,
        parent,
        Listed(
            key="staff",
            title=_("人员"),
            row=StaffRow,
            find=store.find,
            rows=store.rows,
            load=store.load,
            save=store.save,
            blank=lambda: Staff(entered_on=desk.clock().date()),
            right=Right.EDIT_STAFF,
            empty=_("还没有登记人员。点“添加”登记第一位。"),
            with_gone=_("含已离岗"),
            more=((_("从业查询和培训…"), "file-text", show_records),) if desk.actor.may(Right.SEE_VOLUNTEERS) else (),
        ),
    )


class StaffSection(ListSection):
    """The team; what was typed of a member's checks and trainings is opened where it was typed."""

    def reopen(self, draft: Draft) -> None:
        """Show a member, or a line of a member's lists, that was typed and not saved."""
        _page, _key, *rest = draft.place.split("/")
        if rest:
            _open_records(self, int(rest[0]), draft)
        else:
            super().reopen(draft)


def show_records(section: ListSection) -> None:
    """The checks and trainings of the chosen member."""
    staff_id = section.pane.current_id()
    if staff_id is None:
        tell(section, _("从业查询和培训"), _("请先选中一位人员。"))
    else:
        _open_records(section, staff_id)


def _open_records(section: ListSection, staff_id: int, draft: Draft | None = None) -> None:
    def show(member: Staff) -> None:
        dialog = StaffRecordsDialog(section.desk, section.jobs, member, section, draft)
        dialog.said.connect(section.said)
        dialog.open()

    section.jobs.run(section, lambda: section.desk.staff.load(staff_id), show)


class StaffRecordsDialog(QDialog):
    """从业查询 and 培训 of one member of the team; `said` is sent with what was done."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, member: Staff, parent: QWidget, draft: Draft | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("从业查询和培训：{name}").format(name=member.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._jobs, self._staff_id, self._draft = desk, jobs, member.id or 0, draft
        column = QVBoxLayout(self)
        column.setSpacing(2 * look.UNIT)
        # Who may not enter checks of the team does not read them either.
        kept = [checks_kept(desk, staff_id=member.id)] if desk.actor.may(Right.SCREEN) else []
        kept.append(trainings_kept(desk, staff_id=member.id))
        place = f"settings/staff/{member.id}"
        self.lists = {what.key: RecordList(desk, jobs, what, self, text=line_text, place=place) for what in kept}
        for made in self.lists.values():
            made.changed.connect(self._changed)
            column.addWidget(made)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(dialog_button(_("关闭"), self.close))
        column.addLayout(row)
        metrics = self.fontMetrics()
        room = self.screen().availableGeometry()
        wide, high = metrics.horizontalAdvance("国") * 50, metrics.lineSpacing() * 24
        self.resize(min(wide, room.width() - 80), min(high, room.height() - 100))
        self._read()

    def _read(self) -> None:
        screening, staff_id, with_checks = self._desk.screening, self._staff_id, "checks" in self.lists

        def work() -> tuple[Sequence[Any], Sequence[Any]]:
            checks = screening.checks_of_staff(staff_id) if with_checks else ()
            return checks, screening.trainings(staff_id=staff_id)

        self._jobs.run(self, work, lambda found: self._show(*found))

    def _show(self, checks: Sequence[Any], trainings: Sequence[Any]) -> None:
        if "checks" in self.lists:
            self.lists["checks"].show_records(checks[::-1], writable=may_screen(self._desk))
        self.lists["trainings"].show_records(trainings[::-1], writable=may_train(self._desk))
        draft, self._draft = self._draft, None
        if draft is not None and (key := draft.place.rpartition("/")[2]) in self.lists:
            self.lists[key].reopen(draft)

    def _changed(self, text: str) -> None:
        self.said.emit(text)
        self._read()
