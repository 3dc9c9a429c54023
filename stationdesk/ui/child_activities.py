"""The activities in a child's file: when the next one is, and what it took part in."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from stationdesk.i18n import _
from stationdesk.records.attendance import AttendanceState, TakenPart, is_regular
from stationdesk.records.calendar import short_day, weekday_name
from stationdesk.ui import look


class ActivityLines(QWidget):
    """One line a session, the latest first; a line opens its session: `wanted` is sent with its id."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.UNIT)
        self.next = QLabel()
        self.next.setObjectName("section")
        self.next.setWordWrap(True)
        self.next.setTextFormat(Qt.TextFormat.PlainText)
        self.sum = QLabel()
        self.sum.setObjectName("quiet")
        self.sum.setWordWrap(True)
        self.list = QListWidget()
        self.list.setObjectName("plain")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("参加的活动"))
        self.list.itemActivated.connect(lambda item: self.wanted.emit(item.data(Qt.ItemDataRole.UserRole)))
        for part in (self.next, self.sum):
            column.addWidget(part)
        column.addWidget(self.list, 1)

    def show_sessions(self, sessions: Sequence[TakenPart], now: datetime) -> None:
        """Show these, the latest first."""
        coming = [one for one in sessions if one.start > now and one.state is AttendanceState.SIGNED_UP]
        self.next.setText(_next_text(coming[-1]) if coming else _("还没有报名下次活动。"))
        came = [one for one in sessions if one.came]
        texts = [_("到场{count}次").format(count=len(came))] if came else []
        if is_regular([one.start.date() for one in came], now.date()):
            texts.append(_("常客"))
        self.sum.setText("　".join(texts))
        self.sum.setVisible(bool(texts))
        self.list.clear()
        for one in sessions:
            item = QListWidgetItem(_line(one))
            item.setToolTip(_("回车或双击打开这一场"))
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            self.list.addItem(item)
        self.list.setVisible(bool(sessions))


def _next_text(one: TakenPart) -> str:
    day = f"{short_day(one.start)} {weekday_name(one.start)} {one.start:%H:%M}"
    return _("下次活动：{day} {title}").format(day=day, title=one.title)


def _line(one: TakenPart) -> str:
    guardian = _("家长陪同") if one.guardian_present else ""
    parts = (f"{one.start:%Y-%m-%d %H:%M}", one.title, one.form.label, one.state.label, guardian)
    return "  ".join(part for part in parts if part)
