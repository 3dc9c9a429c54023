"""The service of one volunteer: what a year adds up to, the shifts, and how they come to count."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.shifts import OwnShift, ShiftState, VolunteerShift, YearHours, hours_of, own_shift
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask, tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane
from stationdesk.ui.volunteer_hours import offer_years, year_chooser

# What the form of a shift by hand does not ask: whose it is, and what belongs to sessions.
_HIDDEN = ("volunteer_id", "session_id", "confirmed_by", "did_not_come")
_USUAL = (time(10), time(12))


class ShiftsPane(QWidget):
    """The shifts of one volunteer with the year's total over them; `said` is sent with what was done."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, volunteer_id: int) -> None:
        super().__init__(parent)
        self.desk, self.jobs, self._volunteer_id = desk, jobs, volunteer_id
        self._may = desk.actor.may(Right.EDIT_VOLUNTEERS) and not desk.read_only
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.year = year_chooser(self, desk.clock().year)
        self.year.changed.connect(self._read_total)
        self.total = QLabel()
        self.total.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self.year)
        top.addWidget(self.total, 1)
        column.addLayout(top)
        column.addLayout(self._buttons())
        self.list = ListPane(
            OwnShift,
            self._find,
            self._rows,
            jobs,
            self,
            empty=_("还没有服务。活动场次里排上他、结束场次以后自动计入；其他服务点“登记服务”。"),
            first=("start", True),
            name=_("志愿服务记录"),
            private=True,
            desk=desk,
        )
        self.list.filter.setPlaceholderText(_("日期（如2026-11）、活动名称"))
        self.list.opened.connect(self.open_shift)
        column.addWidget(self.list, 1)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        wanted = (
            (_("登记服务"), "plus", self.add),
            (_("确认"), "check", self.confirm),
            (_("取消确认"), "undo-2", self.unconfirm),
            (_("删除"), "trash-2", self.remove),
        )
        for text, picture, do in wanted if self._may else ():
            button = QPushButton(look.icon(picture), text)
            button.setAccessibleName(_("服务") + f" {text}")
            button.clicked.connect(lambda _on=False, do=do: do())
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        return self.desk.shifts.find(volunteer_id=self._volunteer_id, words=words, sort=sort, descending=descending)

    def _rows(self, ids: Sequence[int]) -> list[OwnShift]:
        return [own_shift(row) for row in self.desk.shifts.rows(ids)]

    # --- the year --------------------------------------------------------------------------------

    def reload_totals(self) -> None:
        """Read again which years there are, and what the chosen one adds up to."""
        self.jobs.run(self, self.desk.shifts.years, lambda years: offer_years(self.year, years))
        self._read_total()

    def _read_total(self) -> None:
        year, volunteer_id = self.year.value() or self.desk.clock().year, self._volunteer_id
        self.jobs.run(self, lambda: self.desk.shifts.hours(volunteer_id, year), self._show_total)

    def _show_total(self, found: YearHours) -> None:
        text = _("服务{times}次，共{minutes}分钟，认定{hours}小时")
        self.total.setText(text.format(times=found.times, minutes=found.minutes, hours=hours_of(found.recognised)))

    # --- shifts ----------------------------------------------------------------------------------

    def add(self) -> None:
        """Register service that is no session's."""
        if self._may:
            self._edit(self._blank())

    def _blank(self) -> VolunteerShift:
        start, end = (datetime.combine(self.desk.clock().date(), clock) for clock in _USUAL)
        return VolunteerShift(volunteer_id=self._volunteer_id, start=start, end=end)

    def open_shift(self, shift_id: int) -> None:
        """Open one by hand; one at a session is changed there."""
        self.jobs.run(self, lambda: self.desk.shifts.load(shift_id), self._open, self._failed)

    def _open(self, shift: VolunteerShift) -> None:
        if shift.session_id is None:
            self._edit(shift)
        else:
            tell(self, _("志愿服务"), _("这次服务随活动场次，请到“活动”里打开那一场修改。"))

    def reopen(self, draft: Draft) -> None:
        """Show a shift that was typed and not saved."""
        shift_id = draft.record_id
        if shift_id is None:
            self._edit(replace(self._blank(), uuid=draft.uuid), draft)
        else:
            load = self.desk.shifts.load
            self.jobs.run(self, lambda: load(shift_id), lambda shift: self._edit(shift, draft), self._failed)

    def _edit(self, shift: VolunteerShift, draft: Draft | None = None) -> None:
        store = self.desk.shifts
        form = RecordForm(shift, hide=_HIDDEN, asked=("start", "end"))
        if not self._may or shift.confirmed_by is not None:
            form.set_read_only()
        reload = None if shift.id is None else lambda: store.load(shift.id or 0)
        drafts = DraftPlace(self.desk, f"volunteers/{self._volunteer_id}/shift") if self._may else None
        dialog = FormDialog(_("志愿服务"), form, self.jobs, store.save, self, reload=reload, drafts=drafts)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, shift_id: Any) -> None:
        self.list.choose(shift_id)
        self.said.emit(_("服务已登记，确认后计入时长"))

    def confirm(self) -> None:
        """Say that the chosen ones took place; all that wait when none is chosen."""
        ids = [i for i in self.list.chosen_ids() if self._state(i) is not ShiftState.COUNTED]
        if not ids:
            tell(self, _("确认服务"), _("请先选中要确认的服务，可以按住 Ctrl 或 Shift 选多条。"))
            return
        confirm = self.desk.shifts.confirm
        text = _("已确认{count}次服务").format(count=len(ids))
        self.jobs.run(self, lambda: confirm(ids), lambda _none: self.said.emit(text), self._failed)

    def _state(self, shift_id: int) -> ShiftState | None:
        line = self.list.model.line_at(self.list.model.row_of(shift_id))
        return line.state if isinstance(line, OwnShift) else None

    def unconfirm(self) -> None:
        """Take back that the chosen one took place."""
        chosen = self.list.current_id()
        if chosen is not None:
            unconfirm, text = self.desk.shifts.unconfirm, _("已取消确认，可以修改")
            self.jobs.run(self, lambda: unconfirm(chosen), lambda _none: self.said.emit(text), self._failed)

    def remove(self) -> None:
        """Take out the chosen one, after asking."""
        chosen = self.list.current_id()
        if chosen is None:
            return
        choices = {"yes": _("删除"), "": _("返回")}
        if ask(self, _("志愿服务"), _("确定删除选中的这一条吗？"), choices):
            remove = self.desk.shifts.remove
            self.jobs.run(self, lambda: remove(chosen), lambda _none: self.said.emit(_("已删除")), self._failed)

    def _failed(self, error: DeskError) -> None:
        tell(self, _("志愿服务"), error.say())
