"""活动: the sessions and the activities left, the chosen session right."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.activities import ActivityRow
from stationdesk.records.attendance import CAME
from stationdesk.records.sessions import NOT_HELD, SessionRow, SessionStatus
from stationdesk.ui import look
from stationdesk.ui.activity_actions import ActivityActions
from stationdesk.ui.activity_prints import ActivityPrints
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import beside
from stationdesk.ui.session_filters import ALL, ActivityFilters, SessionFilters
from stationdesk.ui.session_view import SessionView
from stationdesk.ui.tables import WINDOW, ListPane

_TABLES = (
    "activity activity_session attendance volunteer_shift partner_link partner booking room staff child"
    " session_photo session_photo_child consent"
)
_BUTTONS = {
    "head": ("edit_session", "postpone_session", "cancel_session", "reopen_session"),
    "names": ("sign_up", "paper", "withdraw", "pick_up"),
    "helpers": ("add_helper",),
    "facts": ("edit_activity", "print_record"),
}


class ActivitiesPage(ActivityPrints, ActivityActions):
    """All activities and their sessions."""

    name = "activities"
    title = N_("活动")
    picture = "party-popper"
    watches = frozenset(_TABLES.split())

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self.head()
        self.lists = QTabWidget()
        self.lists.setDocumentMode(True)
        self.lists.tabBar().setAccessibleName(_("场次或活动"))
        self.lists.addTab(self._sessions(), _("场次"))
        self.lists.addTab(self._activities(), _("活动"))
        self.view = SessionView(desk, jobs, self, {place: self._shown_as(names) for place, names in _BUTTONS.items()})
        self.none = QLabel(_("点选左边的一场，这里显示它的名单、志愿者和情况。"))
        self.body.addWidget(beside(self.lists, self.view, self.none), 1)
        self._wire()

    def _shown_as(self, names: Sequence[str]) -> list[Any]:
        known = [name for name in names if name in self.actions_by_name]
        return list(self.buttons(known)) if known else []

    def _sessions(self) -> QWidget:
        self.filters = SessionFilters(self)
        self.list = ListPane(
            SessionRow,
            self._find,
            self.desk.sessions.rows,
            self.jobs,
            self,
            empty=_("还没有这样的场次。按 Ctrl+N 安排一个新活动，或换上面的筛选。"),
            first=("start", False),
            name=_("场次"),
            desk=self.desk,
        )
        return _stacked(self.filters, self.list)

    def _activities(self) -> QWidget:
        self.activity_filters = ActivityFilters(self)
        self.activity_list = ListPane(
            ActivityRow,
            self._find_activities,
            self.desk.activities.rows,
            self.jobs,
            self,
            empty=_("还没有活动。按 Ctrl+N 安排第一个。"),
            first=("first_day", True),
            name=_("活动"),
            desk=self.desk,
        )
        return _stacked(self.activity_filters, self.activity_list)

    def _wire(self) -> None:
        self.filters.changed.connect(self.list.reload)
        self.activity_filters.changed.connect(self.activity_list.reload)
        self.list.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._chosen())
        self.list.model.loaded.connect(self._begin)
        self.list.opened.connect(lambda _id: self._open_names())
        self.activity_list.opened.connect(self.narrow)
        self.list.add_context(
            self._known("tick sign_up paper close_session edit_session edit_activity copy print_sign_in print_record")
        )
        self.activity_list.add_context(self._known("edit_activity add_session copy"))
        self.view.names.setContextMenuPolicy(self.list.table.contextMenuPolicy())
        for item in self._known("withdraw pick_up"):
            self.view.names.addAction(item)
        self.view.shown.connect(self._enable)
        self.view.changed.connect(self.said)
        self.view.chosen.connect(lambda child_id: self.went.emit("children", child_id))
        self.view.failed.connect(lambda error: self.said.emit(error.say()))
        self.view.names.selectionModel().currentRowChanged.connect(lambda *_rows: self._enable())
        self.lists.currentChanged.connect(lambda _tab: self._enable())
        self.activity_list.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._enable())
        self._enable()

    def _known(self, names: str) -> list[Any]:
        return [self.actions_by_name[name] for name in names.split() if name in self.actions_by_name]

    # --- what is listed and chosen ---------------------------------------------------------------

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        query = replace(self.filters.query(self.desk.clock()), words=words, sort=sort, descending=descending)
        return self.desk.sessions.find(query)

    def _find_activities(self, words: str, sort: str, descending: bool) -> "array[int]":
        query = replace(self.activity_filters.query(), words=words, sort=sort, descending=descending)
        return self.desk.activities.find(query)

    def current_session(self) -> int | None:
        """The session that is shown."""
        return self.view.session_id

    def activity_id(self) -> int | None:
        """The chosen activity: of the list of activities where that is seen, else of the session."""
        if self.lists.currentIndex() == 1:
            return self.activity_list.current_id()
        return super().activity_id()

    def _chosen(self) -> None:
        """Show the chosen session; one that falls out of the filter stays to be seen."""
        number = self.list.current_id()
        if number is not None and number != self.view.session_id:
            self.view.show_session(number)

    def _begin(self, _count: int) -> None:
        """Where no session is shown yet, begin with the next one, else the last."""
        if self.view.session_id is None:
            now, model = self.desk.clock(), self.list.model
            lines = [model.line_at(row) for row in range(min(model.rowCount(), WINDOW))]
            coming = (line.id for line in lines if line is not None and line.end > now)
            first = next(coming, model.id_at(model.rowCount() - 1) if lines else None)
            if first is not None:
                self.list.select(first)

    def _open_names(self) -> None:
        self.view.tabs.setCurrentIndex(0)
        self.view.names.setFocus()

    def _enable(self) -> None:
        """Offer what can be done with what is chosen."""
        self.none.setVisible(self.view.session_id is None)
        seen, line = self.seen(), self.named()
        status = None if seen is None else seen.held.status
        is_open = status is SessionStatus.PLANNED
        can = dict.fromkeys(("sign_up", "tick", "paper", "close_session", "add_helper", "postpone_session"), is_open)
        can |= {
            "edit_session": is_open or status in NOT_HELD,
            "cancel_session": is_open or status is SessionStatus.POSTPONED,
            "reopen_session": status is SessionStatus.DONE,
            "withdraw": is_open and line is not None,
            "pick_up": line is not None and line.state in CAME,
        }
        can |= dict.fromkeys(("edit_activity", "add_session", "copy"), self.activity_id() is not None)
        for name, enabled in can.items():
            if name in self.actions_by_name:
                self.actions_by_name[name].setEnabled(enabled)

    # --- the page's own life ---------------------------------------------------------------------

    def touched(self, tables: frozenset[str]) -> None:
        """While names are ticked nothing behind the tick list is read again: it is when that is closed."""
        if self.ticking is None:
            super().touched(tables)

    def reload(self) -> None:
        """Read the lists again, and the session that is shown."""
        self.list.reload()
        self.activity_list.reload()
        if self.view.session_id is not None:
            self.view.show_session(self.view.session_id)

    def narrow(self, activity_id: int) -> None:
        """Show the sessions of one activity."""
        self.lists.setCurrentIndex(0)
        self.list.filter.clear()
        self.list.table.clearSelection()
        self.list.table.setCurrentIndex(QModelIndex())
        self.view.clear()
        self.filters.narrow(activity_id)
        store = self.desk.activities
        self.jobs.run(self, lambda: store.load(activity_id).title, self.filters.name_activity)

    def arrive(self, argument: Any) -> None:
        """Somebody was sent here with a session, or with an activity to narrow the list to."""
        if isinstance(argument, int):
            self.lists.setCurrentIndex(0)
            self.list.choose(argument)
            self.filters.narrow(None)
            self.filters.choose(ALL)
            self.list.filter.clear()
            self.list.reload()
            self.view.show_session(argument)
        elif isinstance(argument, dict) and isinstance(argument.get("activity"), int):
            self.narrow(argument["activity"])

    def empty(self) -> None:
        """Let go of the session."""
        self.view.clear()


def _stacked(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, look.UNIT // 2, 0, 0)
    for part in parts:
        column.addWidget(part)
    return page
