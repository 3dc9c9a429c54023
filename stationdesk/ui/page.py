"""A page of the window: a title, its actions, and what makes it reload."""

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from stationdesk.backups import BackupState
from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.actions import collect, declared
from stationdesk.ui.jobs import Jobs


class Page(QWidget):
    """The base of all pages. `name` is the help page and the key to go there by."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    picture: ClassVar[str] = ""
    watches: ClassVar[frozenset[str]] = frozenset()

    said = Signal(str)
    done = Signal(str, object)
    went = Signal(str, object)
    wants_restore = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self._stale = True
        # Many saves in a row are followed by one reload.
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(30)
        self._gather.timeout.connect(self._refresh)
        self.actions_by_name: dict[str, QAction] = collect(self, desk.actor)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(2 * look.UNIT, look.UNIT + 4, 2 * look.UNIT, look.UNIT)
        self.body.setSpacing(look.UNIT)

    @property
    def help_page(self) -> str:
        """The help page on what is seen now."""
        return self.name

    def head(self, *middle: QWidget) -> QHBoxLayout:
        """The title line: title, `middle`, then the buttons of the page's own actions."""
        row = QHBoxLayout()
        title = QLabel(_(self.title))
        title.setObjectName("title")
        row.addWidget(title)
        for widget in middle:
            row.addWidget(widget)
        row.addStretch(1)
        for button in self.buttons():
            row.addWidget(button)
        self.body.addLayout(row)
        return row

    def buttons(self, names: Sequence[str] = ()) -> list[QToolButton]:
        """A button for each toolbar action (or those named)."""
        wanted = names or [name for name, what in declared(type(self)) if what.toolbar]
        found = []
        for name in wanted:
            if name in self.actions_by_name:
                button = QToolButton(self)
                button.setDefaultAction(self.actions_by_name[name])
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                found.append(button)
        return found

    def touched(self, tables: frozenset[str]) -> None:
        """Something was saved: reload now if seen, else when shown next."""
        if tables & self.watches:
            self._stale = True
            if self.isVisible():
                self._gather.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def _refresh(self) -> None:
        self._stale = False
        self.reload()

    def reload(self) -> None:
        """Read again what the page shows."""

    def backed_up(self, found: BackupState) -> None:
        """How the station stands with its backups has been looked up."""

    def let_go(self) -> None:
        """The desk is left: keep what is half typed on the page itself."""

    def empty(self) -> None:
        """The window closes: let go of what is shown."""

    def reopen(self, draft: Draft, part: str) -> None:
        """Show a form that was typed and not saved; `part` says which of the page's."""

    def arrive(self, argument: Any) -> None:
        """Somebody was sent here with something to show."""
