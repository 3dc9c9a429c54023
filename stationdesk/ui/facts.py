"""The fields of a record as lines, what has a mask behind it until it is asked for."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from stationdesk.fields import Described, describe
from stationdesk.i18n import _
from stationdesk.ui import look
from stationdesk.ui.child_words import Names

REVEALED_MS = 60_000


class Facts(QWidget):
    """The fields of a record as lines; what has a mask is shown behind it until it is asked for."""

    revealed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(2 * look.UNIT)
        self._form.setVerticalSpacing(look.UNIT // 2)

    def show_record(self, record: Any, names: Names, *, hide: Sequence[str] = ()) -> None:
        """Show a record; fields in which nothing stands are left out."""
        while self._form.rowCount():
            self._form.removeRow(0)
        if record is None:
            return
        kind: type = type(record)
        for column in describe(kind):
            value = getattr(record, column.name)
            text = names.text(column, value)
            if column.name not in hide and text:
                self._form.addRow(_quiet(column.label), self._line(column, text, names.masked(column, value)))

    def _line(self, column: Described, text: str, masked: str) -> QWidget:
        label = QLabel(masked)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if masked == text or "*" in text:
            return label
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label)
        eye = QToolButton()
        eye.setIcon(look.icon("eye"))
        eye.setToolTip(_("显示完整内容（会记入操作记录）"))
        eye.setAccessibleName(_("显示{label}").format(label=column.label))

        def hide() -> None:
            label.setText(masked)
            eye.show()

        def reveal() -> None:
            label.setText(text)
            eye.hide()
            self.revealed.emit(column.name)
            # Nobody reads a number for longer, and the next who passes by must not.
            QTimer.singleShot(REVEALED_MS, label, hide)

        eye.clicked.connect(lambda _on=False: reveal())
        line.addWidget(eye)
        line.addStretch(1)
        return row


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("quiet")
    return label
