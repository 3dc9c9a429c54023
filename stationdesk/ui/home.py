"""工作台: today on a timeline, what is due, how the months went."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stationdesk.backups import BackupState
from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.bookings import BookingRow
from stationdesk.records.calendar import long_day, short_day, weekday_name
from stationdesk.records.home import Due, HomeView, MonthUse, assessments_due, children_due, screening_due
from stationdesk.records.schedule import MASKED_TITLE
from stationdesk.records.sessions import NextSession
from stationdesk.records.summaries import hours
from stationdesk.ui import look
from stationdesk.ui.actions import action
from stationdesk.ui.backups import places_text
from stationdesk.ui.geometry import lanes, span_of
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page import Page


def _title(row: BookingRow) -> str:
    return _(MASKED_TITLE) if row.masked else row.title


def _of_children(desk: Desk, today: date) -> Iterator[Due]:
    yield from children_due(desk.child_files.due(), today)
    yield from assessments_due(desk.child_files.assessments_due(), today)


# What features ask for, each of those who may know of it.
_MORE: tuple[tuple[Right, Callable[[Desk, date], Iterable[Due]]], ...] = (
    (Right.SEE_CHILDREN, _of_children),
    (Right.SEE_VOLUNTEERS, lambda desk, today: screening_due(desk.screening.due(), today)),
    (Right.SEE_GROUPS, lambda desk, _today: desk.work_groups.due()),
    (Right.SEE_PARTNERS, lambda desk, _today: desk.partners.due()),
    (Right.SEE_CONTRACTS, lambda desk, _today: desk.contracts.due()),
)


def read_day(desk: Desk) -> HomeView:
    """The day, and what is due of children, people and partners; on the database thread."""
    view = desk.home.view()
    more = [due for right, read in _MORE if desk.actor.may(right) for due in read(desk, view.today)]
    return replace(view, due=(*view.due, *more))


class HomePage(Page):
    """What is due this morning."""

    name = "home"
    title = N_("工作台")
    picture = "house"
    watches = frozenset(
        {
            "booking",
            "room",
            "room_closure",
            "special_day",
            "station",
            "child",
            "enrolment",
            "child_category",
            "benefit",
            "assessment",
            "risk_level",
            "activity",
            "activity_session",
            "volunteer",
            "volunteer_shift",
            "screening_check",
            "training",
            "staff",
            "work_group",
            "group_meeting",
            "group_task",
            "partner",
            "contract",
            "deliverable",
            "payment",
        }
    )

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self._next: NextSession | None = None
        self.day = QLabel()
        self.day.setObjectName("quiet")
        self.next_session = QPushButton()
        self.next_session.setFlat(True)
        self.next_session.setToolTip(_("打开这一场活动"))
        self.next_session.clicked.connect(self._open_next)
        self.next_session.hide()
        self.head(self.day, self.next_session)
        self._counters = QHBoxLayout()
        self._counters.setSpacing(look.UNIT)
        self.body.addLayout(self._counters)
        grid = QGridLayout()
        grid.setSpacing(look.UNIT)
        self.timeline = Timeline()
        self.timeline.opened.connect(lambda booking_id: self.went.emit("bookings", booking_id))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.timeline)
        # Inside a card the card's own ground shows through.
        area.viewport().setAutoFillBackground(False)
        self.timeline.setAutoFillBackground(False)
        self.due = _Links(_("待办"))
        self.due.chosen.connect(lambda due: self.went.emit(due.page, due.record_id))
        self.coming = _Links(_("接下来的预约"))
        self.coming.chosen.connect(lambda row: self.went.emit("bookings", row.id))
        self.chart = MonthChart()
        grid.addWidget(_card(_("今天的场地"), area), 0, 0)
        grid.addWidget(_card("", self.due), 0, 1)
        grid.addWidget(_card(_("近六个月已完成的场地使用（次）"), self.chart), 1, 0)
        grid.addWidget(_card("", self.coming), 1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 2)
        self.body.addLayout(grid, 1)
        self.backups = QLabel()
        self.backups.setObjectName("quiet")
        self.backups.setWordWrap(True)
        self.body.addWidget(self.backups)

    def backed_up(self, found: BackupState) -> None:
        """When copies were made and how that ended."""
        self.backups.setText("　".join(places_text(found)))

    def _open_next(self) -> None:
        if self._next is not None:
            self.went.emit("activities", self._next.session_id)

    @action(N_("新建预约"), "Ctrl+N", "plus", Right.BOOK)
    def new_booking(self) -> None:
        """Go to the diary, where bookings are made."""
        self.went.emit("bookings", self.desk.clock().date())

    def reload(self) -> None:
        """Read the day again."""
        self.jobs.run(self, lambda: read_day(self.desk), self.show_view)

    def show_view(self, view: HomeView) -> None:
        """Show what was read."""
        self.day.setText(f"{long_day(view.today)} {weekday_name(view.today)}")
        self._show_next(view.next_session)
        self._show_counters(view)
        self.timeline.show_day(view)
        self.due.show_items([(due.say(), due.overdue, due) for due in view.due], _("没有到期的事情。"))
        self.coming.show_items([(_coming(row), False, row) for row in view.coming], _("未来七天还没有预约。"))
        self.chart.show_months(view.months)

    def _show_next(self, found: NextSession | None) -> None:
        """When the next activity is: what children ask for."""
        self._next = found
        self.next_session.setVisible(found is not None)
        if found is not None:
            day = f"{short_day(found.start)} {weekday_name(found.start)} {found.start:%H:%M}"
            text = _("下次活动：{day} {title}").format(day=day, title=found.title)
            self.next_session.setText(" ".join(part for part in (text, found.place_name) if part))

    def _show_counters(self, view: HomeView) -> None:
        while self._counters.count():
            item = self._counters.takeAt(0)
            if item is not None and (widget := item.widget()):
                widget.deleteLater()
        month = view.months[-1]
        waiting = sum(due.overdue for due in view.due)
        for label, figure, page, argument in (
            (_("今天的预约"), str(len(view.bookings)), "bookings", view.today),
            (_("本月预约"), str(view.booked_this_month), "bookings", None),
            (_("本月已完成"), _("{count}次").format(count=month.times), "summary", None),
            (_("本月使用"), _("{hours}小时").format(hours=hours(month.minutes)), "summary", None),
            (_("本月活动"), _("{count}场").format(count=view.held_this_month), "activities", None),
            (_("已过期待办"), str(waiting), "bookings", None),
        ):
            self._counters.addWidget(self._counter(label, figure, page, argument), 1)

    def _counter(self, label: str, figure: str, page: str, argument: Any) -> QPushButton:
        button = QPushButton()
        button.setAccessibleName(f"{label} {figure}")
        button.clicked.connect(lambda: self.went.emit(page, argument))
        column = QVBoxLayout(button)
        column.setContentsMargins(look.UNIT + 4, look.UNIT, look.UNIT, look.UNIT)
        column.setSpacing(0)
        for text, name in ((label, "quiet"), (figure, "figure")):
            part = QLabel(text)
            part.setObjectName(name)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        button.setMinimumHeight(column.sizeHint().height())
        return button


def _coming(row: BookingRow) -> str:
    day = f"{short_day(row.start)} {weekday_name(row.start)}"
    return f"{day} {row.start:%H:%M} {row.room_name} {_title(row)}"


def _card(title: str, inside: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(look.UNIT + 4, look.UNIT, look.UNIT + 4, look.UNIT)
    if title:
        label = QLabel(title)
        label.setObjectName("section")
        column.addWidget(label)
    column.addWidget(inside, 1)
    return card


class _Links(QWidget):
    """A titled list whose lines open something."""

    chosen = Signal(object)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._head = QLabel(title)
        self._head.setObjectName("section")
        column.addWidget(self._head)
        self.list = QListWidget()
        self.list.setObjectName("plain")
        self.list.setIconSize(QSize(16, 16))
        self.list.setAccessibleName(title)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.list.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        column.addWidget(self.list, 1)
        self._none = QLabel()
        self._none.setObjectName("quiet")
        self._none.setWordWrap(True)
        column.addWidget(self._none)
        column.addStretch(0)

    def show_items(self, items: Sequence[tuple[str, bool, Due | BookingRow]], none: str) -> None:
        """Show lines (text, overdue, what it opens), or what to say when there are none."""
        self.list.clear()
        count = f"（{len(items)}）" if items else ""
        self._head.setText(f"{self._title}{count}")
        for text, overdue, data in items:
            item = QListWidgetItem(
                look.icon("triangle-alert", look.tokens().wrong) if overdue else look.icon("clock"), text
            )
            item.setData(Qt.ItemDataRole.UserRole, data)
            item.setToolTip(text)
            if overdue:
                item.setForeground(QColor(look.tokens().wrong))
            self.list.addItem(item)
        self.list.setVisible(bool(items))
        self._none.setText(none)
        self._none.setVisible(not items)


class Timeline(QWidget):
    """Today: a row a room, the hours across, the bookings as bars, a line at now."""

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("今天的场地"))
        self._view: HomeView | None = None
        self._bars: list[tuple[QRect, BookingRow]] = []

    def show_day(self, view: HomeView) -> None:
        """Show the bookings of a day."""
        self._view = view
        spoken = "；".join(f"{row.room_name} {row.start:%H:%M} {_title(row)}" for row in view.bookings)
        self.setAccessibleDescription(spoken)
        rows = max(len(view.rooms), 1)
        self.setMinimumHeight(self._line() * (rows + 1))
        self.update()

    def _line(self) -> int:
        return self.fontMetrics().lineSpacing() + 2 * look.UNIT

    def paintEvent(self, event: QPaintEvent) -> None:
        view = self._view
        if view is None:
            return
        painter = QPainter(self)
        t = look.tokens()
        if not view.rooms:
            painter.setPen(QColor(t.quiet))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("还没有场地，请到“设置→场地”添加。"))
            return
        metrics = painter.fontMetrics()
        names = min(max(metrics.horizontalAdvance(room.name) for room in view.rooms), self.width() // 4) + look.UNIT
        first = min([9 * 60, *(span.start for span in view.spans), *(span_of(r).start for r in view.bookings)])
        last = max([21 * 60, *(span.end for span in view.spans), *(span_of(r).end for r in view.bookings)])
        scale = (self.width() - names) / (last - first)
        line = self._line()

        def x_of(minute: int) -> int:
            return names + int((minute - first) * scale)

        painter.fillRect(names, line, self.width() - names, line * len(view.rooms), QColor(t.shade))
        for span in view.spans:
            painter.fillRect(
                x_of(span.start), line, x_of(span.end) - x_of(span.start), line * len(view.rooms), QColor(t.card)
            )
        painter.setPen(QColor(t.quiet))
        step = 120 if scale * 60 < metrics.horizontalAdvance("00:00") + 6 else 60
        for minute in range(-(-first // step) * step, last + 1, step):
            painter.drawText(QRect(x_of(minute) - 40, 0, 80, line), Qt.AlignmentFlag.AlignCenter, f"{minute // 60}:00")
        self._bars = []
        for place, room in enumerate(view.rooms, start=1):
            self._paint_room(painter, view, room.id or 0, room.name, QRect(0, place * line, names, line), x_of)
        now = view.now.hour * 60 + view.now.minute
        if first <= now <= last:
            painter.setPen(QPen(QColor(t.wrong), 2))
            painter.drawLine(x_of(now), line, x_of(now), line * (len(view.rooms) + 1))

    def _paint_room(self, painter: QPainter, view: HomeView, room_id: int, name: str, box: QRect, x_of: Any) -> None:
        t = look.tokens()
        metrics = painter.fontMetrics()
        painter.setPen(QColor(t.text))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width() - look.UNIT)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(QColor(t.line))
        painter.drawLine(0, box.bottom(), self.width(), box.bottom())
        for lane in lanes([row for row in view.bookings if row.room_id == room_id]):
            span = span_of(lane.row)
            tall = (box.height() - 6) // lane.of
            bar = QRect(
                x_of(span.start), box.top() + 3 + lane.place * tall, x_of(span.end) - x_of(span.start) - 1, tall - 1
            )
            painter.fillRect(bar, QColor(t.accent_soft))
            painter.fillRect(QRect(bar.left(), bar.top(), 3, bar.height()), QColor(t.accent))
            painter.setPen(QColor(t.text))
            if tall >= metrics.height() - 2:
                text = metrics.elidedText(_title(lane.row), Qt.TextElideMode.ElideRight, bar.width() - 8)
                painter.drawText(bar.adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
            self._bars.append((bar, lane.row))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for bar, row in self._bars:
            if bar.contains(event.position().toPoint()):
                self.opened.emit(row.id)
                return


class MonthChart(QWidget):
    """A bar for each month, with its number."""

    def __init__(self) -> None:
        super().__init__()
        self._months: tuple[MonthUse, ...] = ()
        self.setAccessibleName(_("近六个月已完成的场地使用（次）"))
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * 6)

    def show_months(self, months: tuple[MonthUse, ...]) -> None:
        """Show these months."""
        self._months = months
        self.setAccessibleDescription("；".join(f"{m.period.name} {m.times}" for m in months))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._months:
            return
        painter = QPainter(self)
        t = look.tokens()
        line = painter.fontMetrics().lineSpacing()
        slot = self.width() // len(self._months)
        highest = max(month.times for month in self._months) or 1
        room = self.height() - 2 * line - 6
        base = self.height() - line - 2
        for place, month in enumerate(self._months):
            tall = room * month.times // highest
            left = place * slot
            bar = QRect(left + slot // 4, base - tall, slot // 2, tall)
            painter.fillRect(bar, QColor(t.accent if place == len(self._months) - 1 else t.line))
            painter.setPen(QColor(t.text))
            box = QRect(left, base - tall - line, slot, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(month.times))
            painter.setPen(QColor(t.quiet))
            painter.drawText(
                QRect(left, base + 2, slot, line),
                Qt.AlignmentFlag.AlignCenter,
                _("{month}月").format(month=month.period.month),
            )
        painter.setPen(QColor(t.line))
        painter.drawLine(0, base, self.width(), base)
