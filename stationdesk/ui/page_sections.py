"""A section of a page with tabs: it reads and writes by itself, and tells its page what was done."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.dialogs import tell
from stationdesk.ui.facts import Facts
from stationdesk.ui.jobs import Jobs


class PageSection(QWidget):
    """The base of the sections. `may` is whether the person may change what stands here."""

    said = Signal(str)
    went = Signal(str, object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, right: Right) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self.may = desk.actor.may(right) and not desk.read_only
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, look.UNIT, 0, 0)

    def reload(self) -> None:
        """Read again what is shown."""

    def new(self) -> None:
        """Add a record."""

    def edit(self) -> None:
        """Change the record that is shown."""

    def arrive(self, record_id: int) -> None:
        """Show this record."""

    def reopen(self, draft: Draft) -> None:
        """Show a form that was typed and not saved."""

    def empty(self) -> None:
        """Let go of what is shown."""

    def failed(self, error: DeskError) -> None:
        """Say why something could not be shown or done."""
        tell(self, self.accessibleName(), error.say())


class FileView(QWidget):
    """The base of what is shown of one record: its name in a card with the way to change it, its facts and
    its lists. `changed` is sent with what was done, `edited` when the record is to be changed."""

    changed = Signal(str)
    edited = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, *, may: bool) -> None:
        super().__init__(parent)
        self.desk, self.jobs, self.may = desk, jobs, may
        self._waiting: Draft | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._head())
        inside = QWidget()
        self._inside = QVBoxLayout(inside)
        self._inside.setSpacing(2 * look.UNIT)
        self.facts = Facts(self)
        self._inside.addWidget(self.facts)
        self._lists = QWidget()
        self._inside.addWidget(self._lists)
        self._inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        column.addWidget(area, 1)
        self.hide()

    def _head(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        row = QHBoxLayout(card)
        told = QVBoxLayout()
        self.title, self.sub, self.notice = QLabel(), QLabel(), QLabel()
        for label, name in ((self.title, "section"), (self.sub, "quiet"), (self.notice, "notice")):
            label.setObjectName(name)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            told.addWidget(label)
        self.notice.hide()
        row.addLayout(told, 1)
        if self.may:
            change = QPushButton(look.icon("pencil"), _("修改"))
            change.setToolTip("Ctrl+E")
            change.clicked.connect(self.edited)
            row.addWidget(change)
        return card


def beside(left: QWidget, view: QWidget, none: QLabel) -> QSplitter:
    """A list left, right of it what is chosen there, or what to do when nothing is."""
    none.setObjectName("quiet")
    none.setWordWrap(True)
    right = QWidget()
    inside = QVBoxLayout(right)
    inside.setContentsMargins(look.UNIT, 0, 0, 0)
    inside.addWidget(none)
    inside.addWidget(view, 1)
    split = QSplitter()
    split.setChildrenCollapsible(False)
    for widget in (left, right):
        split.addWidget(widget)
        split.setStretchFactor(split.count() - 1, 1)
    split.setSizes([1000, 1000])
    return split


def place_of(draft: Draft) -> list[str]:
    """The parts of a draft's place behind page and section."""
    return draft.place.split("/")[2:]


def with_draft(dialog: Any, draft: Draft | None) -> None:
    """Show a dialog, with what was typed in it before."""
    if draft is not None:
        dialog.retype(draft)
    dialog.open()
