"""Opening hours of a week, typed as text: a line a day, any number of spans."""

import re
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.calendar import DEFAULT_HOURS, WEEKDAYS, Span, WeekHours
from stationdesk.ui import look

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-—–~～至到]\s*(\d{1,2})[:：](\d{2})")
_HALF = {0xFF10 + n: 0x30 + n for n in range(10)}


def spans_text(spans: tuple[Span, ...]) -> str:
    """`10:00-14:00，16:00-20:00`; closed days are empty."""
    return "，".join(str(span) for span in spans)


def read_spans(text: str, day: str, field: str) -> tuple[Span, ...]:
    """The spans typed for one day; raises `Refused`."""
    spans = []
    for part in filter(None, re.split(r"[,，、;；\s]+(?=\d)", text.translate(_HALF).strip())):
        found = _SPAN.fullmatch(part.strip())
        hours = [int(number) for number in found.groups()] if found else [99, 0, 99, 0]
        start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if not found or max(hours[1], hours[3]) > 59 or not 0 <= start < end <= 1440:
            raise Refused(
                Problem(
                    field,
                    N_("{day}的时间“{text}”写法不对，请写成10:00-14:00，16:00-20:00这样；休息则留空。"),
                    {"day": day, "text": part[:30]},
                )
            )
        spans.append(Span(start, end))
    spans.sort()
    if any(a.end > b.start for a, b in pairwise(spans)):
        raise Refused(Problem(field, N_("{day}的时间段有重叠，请改正。"), {"day": day}))
    return tuple(spans)


class HoursEditor(QWidget):
    """Seven lines, Monday first; an optional one has a tick that brings them."""

    changed = Signal()

    def __init__(self, parent: QWidget, *, optional: bool = False, field: str = "hours") -> None:
        super().__init__(parent)
        self._field = field
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._own = QCheckBox(_("单独设定"), self)
        self._own.setVisible(optional)
        layout.addWidget(self._own)
        self._inside = QWidget()
        form = QFormLayout(self._inside)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(look.UNIT // 2)
        self.lines: list[QLineEdit] = []
        for name in WEEKDAYS:
            line = QLineEdit()
            line.setPlaceholderText(_("休息"))
            line.setAccessibleName(_(name))
            line.textChanged.connect(self.changed)
            form.addRow(_(name), line)
            self.lines.append(line)
        copy = QPushButton(_("周一的时间用于每天"))
        copy.clicked.connect(self._use_monday)
        form.addRow("", copy)
        layout.addWidget(self._inside)
        self._optional = optional
        self._own.toggled.connect(self._switch)
        self._own.clicked.connect(self._offer)
        self._own.setChecked(not optional)

    def _switch(self, own: bool) -> None:
        self._inside.setVisible(own or not self._optional)
        self.changed.emit()

    def _offer(self, own: bool) -> None:
        """Whoever ticks the box starts from the usual hours."""
        if own and not any(line.text() for line in self.lines):
            self._show(DEFAULT_HOURS)

    def _use_monday(self) -> None:
        for line in self.lines[1:]:
            line.setText(self.lines[0].text())

    def _show(self, hours: WeekHours) -> None:
        for line, spans in zip(self.lines, hours.days, strict=True):
            line.setText(spans_text(spans))

    def value(self) -> WeekHours | None:
        """The hours, None when none of its own; raises `Refused` on a line that cannot be read."""
        if self._optional and not self._own.isChecked():
            return None
        named = zip(self.lines, WEEKDAYS, strict=True)
        return WeekHours(tuple(read_spans(line.text(), _(name), self._field) for line, name in named))

    def set_value(self, value: Any) -> None:
        """Show the hours."""
        if isinstance(value, WeekHours):
            self._show(value)
            self._own.setChecked(True)
        elif self._optional:
            self._own.setChecked(False)
            self._inside.hide()
