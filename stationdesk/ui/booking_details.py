"""The line under the diary: the chosen booking in words, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from stationdesk.i18n import _
from stationdesk.records.bookings import BookingRow
from stationdesk.records.schedule import MASKED_TITLE, when_text
from stationdesk.ui import look


class DetailBar(QFrame):
    """Shows one booking; empty it says how to choose one."""

    def __init__(self, buttons: Sequence[QToolButton], parent: QWidget, *, may_book: bool) -> None:
        super().__init__(parent)
        self._may_book = may_book
        self.setObjectName("card")
        row = QHBoxLayout(self)
        row.setContentsMargins(look.UNIT, look.UNIT // 2, look.UNIT, look.UNIT // 2)
        row.setSpacing(2)
        self._text = QLabel()
        self._text.setMinimumWidth(1)
        row.addWidget(self._text, 1)
        self._buttons = buttons
        for button in buttons:
            row.addWidget(button)
        self.show_row(None)

    def show_row(self, row: BookingRow | None) -> None:
        """Show a booking, or none."""
        for button in self._buttons:
            action = button.defaultAction()
            button.setVisible(row is not None and not row.masked and action.isVisible())
        if row is None:
            may = _("点选一个预约，可打开、登记实到或取消；在空白处拖动可新建。")
            self._text.setText(may if self._may_book else _("点选一个预约，这里显示它的内容。"))
            return
        title = _(MASKED_TITLE) if row.masked else row.title
        people = ""
        if row.actual_count is not None:
            people = _("实到{count}人").format(count=row.actual_count)
        elif row.expected_count is not None:
            people = _("预计{count}人").format(count=row.expected_count)
        parts = [when_text(row.start, row.end), row.room_name, title, row.responsible_name or "", people]
        self._text.setText("  ".join(part for part in [*parts, row.status.label] if part))
        self._text.setToolTip(self._text.text())
