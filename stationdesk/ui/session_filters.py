"""The filters over the lists of sessions and of activities."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from stationdesk.i18n import N_, _
from stationdesk.records.activities import ActivityCategory, ActivityForm, ActivityQuery
from stationdesk.records.sessions import NOT_HELD, SessionQuery, SessionStatus
from stationdesk.ui import look
from stationdesk.ui.editors import ChoiceEditor

NEAR, ALL, TO_CLOSE, CALLED_OFF = "near", "all", "to_close", "called_off"
_CHIPS = {NEAR: N_("近期"), ALL: N_("全部"), TO_CLOSE: N_("待结束"), CALLED_OFF: N_("已取消或延期")}
_HINTS = {
    NEAR: N_("计划中的场次，和最近七天的"),
    ALL: N_("所有场次"),
    TO_CLOSE: N_("已经过了时间、还没有结束登记的"),
    CALLED_OFF: N_("已取消的，和延期待定的"),
}
_LAST_DAYS = 7


def _form_chooser(parent: QWidget) -> ChoiceEditor:
    chooser = ChoiceEditor([(form, form.label) for form in ActivityForm.offered()], parent, _("所有形式"))
    chooser.setAccessibleName(_("活动形式"))
    chooser.setMinimumContentsLength(6)
    chooser.set_value(None)
    return chooser


class SessionFilters(QWidget):
    """Which sessions are listed; `changed` is sent when another choice was made."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(look.UNIT // 2)
        self._group = QButtonGroup(self)
        self.chips: dict[str, QToolButton] = {}
        for name, text in _CHIPS.items():
            chip = QToolButton()
            chip.setText(_(text))
            chip.setToolTip(_(_HINTS[name]))
            chip.setCheckable(True)
            chip.setChecked(name == NEAR)
            chip.clicked.connect(lambda _on=False: self.changed.emit())
            self._group.addButton(chip)
            self.chips[name] = chip
            row.addWidget(chip)
        row.addStretch(1)
        self.form = _form_chooser(self)
        self.form.changed.connect(self.changed)
        row.addWidget(self.form)
        column.addLayout(row)
        self.activity_id: int | None = None
        self.only = QToolButton()
        self.only.setIcon(look.icon("x"))
        self.only.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.only.clicked.connect(lambda _on=False: self.narrow(None))
        self.only.hide()
        column.addWidget(self.only)

    def narrow(self, activity_id: int | None, title: str = "") -> None:
        """Show the sessions of one activity, all of them; or of all again."""
        self.activity_id = activity_id
        self.choose(NEAR if activity_id is None else ALL)
        self.name_activity(title)
        self.changed.emit()

    def name_activity(self, title: str) -> None:
        """Say which activity the list is narrowed to."""
        self.only.setVisible(self.activity_id is not None)
        self.only.setText(_("只看“{title}”").format(title=title))
        self.only.setToolTip(_("显示所有活动的场次"))

    def choose(self, chip: str) -> None:
        """Choose a chip, without asking for the list."""
        self.chips[chip].setChecked(True)
        self.form.blockSignals(True)
        self.form.set_value(None)
        self.form.blockSignals(False)

    @property
    def chip(self) -> str:
        """The chosen chip."""
        return next(name for name, chip in self.chips.items() if chip.isChecked())

    def query(self, now: datetime) -> SessionQuery:
        """What is chosen."""
        query = SessionQuery(activity_id=self.activity_id, form=self.form.value())
        if self.chip == NEAR:
            first = datetime.combine(now.date() - timedelta(days=_LAST_DAYS), time())
            return replace(query, start=first, statuses=(SessionStatus.PLANNED, SessionStatus.DONE))
        if self.chip == TO_CLOSE:
            return replace(query, over_by=now, statuses=(SessionStatus.PLANNED,))
        return replace(query, statuses=NOT_HELD) if self.chip == CALLED_OFF else query


class ActivityFilters(QWidget):
    """Which activities are listed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.UNIT // 2)
        self.form = _form_chooser(self)
        categories: list[tuple[Any, str]] = [(kind, kind.label) for kind in ActivityCategory.offered()]
        self.category = ChoiceEditor(categories, self, _("所有类别"))
        self.category.setAccessibleName(_("活动类别"))
        self.ended = ChoiceEditor([(False, _("没有结项")), (True, _("已结项"))], self, _("结项与否"))
        self.ended.setAccessibleName(_("结项与否"))
        for chooser in (self.form, self.category, self.ended):
            chooser.setMinimumContentsLength(6)
            chooser.set_value(None)
            chooser.changed.connect(self.changed)
            row.addWidget(chooser)
        row.addStretch(1)

    def query(self) -> ActivityQuery:
        """What is chosen."""
        return ActivityQuery(form=self.form.value(), category=self.category.value(), ended=self.ended.value())
