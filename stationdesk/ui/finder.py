"""Ctrl+K: find a child, a page, a command, a booking, an activity, a volunteer, a partner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.bookings import BookingQuery, BookingRow
from stationdesk.records.children import ChildQuery, ChildRow
from stationdesk.records.partners import PartnerQuery, PartnerRow
from stationdesk.records.sessions import SessionQuery, SessionRow
from stationdesk.records.volunteers import VolunteerQuery, VolunteerRow
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import FilterLine

_MOST = 30


def _booking(row: BookingRow) -> str:
    title = _("已预约") if row.masked else row.title
    return f"{row.start:%Y-%m-%d %H:%M} {row.room_name} {title} {row.status.label}"


def _child(row: ChildRow) -> str:
    age = _("{age}岁").format(age=row.age) if row.age is not None else ""
    return "  ".join(part for part in (row.name, age, row.file_no, row.community_name or "") if part)


def _session(row: SessionRow) -> str:
    parts = (f"{row.start:%Y-%m-%d %H:%M}", row.title, row.place_name or "", row.status.label)
    return " ".join(part for part in parts if part)


def _volunteer(row: VolunteerRow) -> str:
    return "  ".join(part for part in (_("志愿者"), row.name, row.organisation or "", row.status.label) if part)


def _partner(row: PartnerRow) -> str:
    return "  ".join((_("协作单位"), row.name, row.dept.label))


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of record to be found: the right to look, the reading, a line's words, its page."""

    needs: Right
    read: Callable[[Desk, str], Sequence[Any]]
    text: Callable[[Any], str]
    page: str


def _reading(store: Callable[[Desk], Any], query: Callable[[str], Any]) -> Callable[[Desk, str], Sequence[Any]]:
    def read(desk: Desk, words: str) -> Sequence[Any]:
        found: Sequence[Any] = store(desk).rows(store(desk).find(query(words))[:_MOST])
        return found

    return read


_KINDS = (
    _Kind(
        Right.SEE_BOOKINGS,
        _reading(lambda desk: desk.bookings, lambda words: BookingQuery(words=words, sort="start", descending=True)),
        _booking,
        "bookings",
    ),
    _Kind(
        Right.SEE_CHILDREN,
        _reading(lambda desk: desk.children, lambda words: ChildQuery(words=words)),
        _child,
        "children",
    ),
    _Kind(
        Right.SEE_ACTIVITIES,
        _reading(lambda desk: desk.sessions, lambda words: SessionQuery(words=words, descending=True)),
        _session,
        "activities",
    ),
    _Kind(
        Right.SEE_VOLUNTEERS,
        _reading(lambda desk: desk.volunteers, lambda words: VolunteerQuery(words=words)),
        _volunteer,
        "volunteers",
    ),
    _Kind(
        Right.SEE_PARTNERS,
        _reading(lambda desk: desk.partners, lambda words: PartnerQuery(words=words)),
        _partner,
        "partners",
    ),
)


class Finder(QDialog):
    """Type, choose with the arrows, Enter."""

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        commands: Sequence[tuple[str, Callable[[], Any]]],
        go: Callable[[str, Any], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("查找"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._jobs, self._commands, self._go = desk, jobs, commands, go
        self.line = FilterLine(self)
        self.line.setPlaceholderText(
            _("儿童姓名、拼音首字母、档案编号、证件尾号，页面、命令、预约、活动、志愿者、单位")
        )
        self.line.settled.connect(self._look)
        self.results = QListWidget(self)
        self.results.setAccessibleName(_("查找结果"))
        self.results.itemActivated.connect(self._take)
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(self.results)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("x") * 80, metrics.lineSpacing() * 18)
        self._look("")

    def _look(self, words: str) -> None:
        self.results.clear()
        for text, do in self._commands:
            if words.lower() in text.lower():
                self._add(text, do)
        for kind in _KINDS if words else ():
            if self._desk.actor.may(kind.needs):
                read = partial(kind.read, self._desk, words)
                self._jobs.run(self, read, partial(self._found, words, kind))
        self.results.setCurrentRow(0)

    def _found(self, words: str, kind: "_Kind", rows: Sequence[Any]) -> None:
        if words != self.line.text().strip():
            return
        for row in rows:
            self._add(kind.text(row), partial(self._go, kind.page, row.id))
        if self.results.currentRow() < 0:
            self.results.setCurrentRow(0)

    def _add(self, text: str, do: Callable[[], Any]) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, do)
        self.results.addItem(item)

    def _take(self, item: QListWidgetItem) -> None:
        do = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        do()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move in the results while the cursor stays in the line."""
        count = self.results.count()
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.results.setCurrentRow((self.results.currentRow() + step) % count)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.results.currentItem()
            if item is not None:
                self._take(item)
        else:
            super().keyPressEvent(event)
