"""儿童档案: the list with its filters left, the chosen file right."""

from array import array
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.children import ChildRow
from stationdesk.ui.child_actions import ChildActions
from stationdesk.ui.child_filters import ChildFilters
from stationdesk.ui.child_view import ChildView
from stationdesk.ui.child_words import Names, read_names
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import beside
from stationdesk.ui.tables import ListPane

_TABLES = (
    "child household family_member schooling health_item benefit child_category risk_level enrolment consent"
    " delegated_care child_need child_merge assessment attachment staff community"
    " activity activity_session attendance"
)


class ChildrenPage(ChildActions):
    """All children the person may know of."""

    name = "children"
    title = N_("儿童档案")
    picture = "users"
    watches = frozenset(_TABLES.split())

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self.names = Names()
        self.head()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        self.filters = ChildFilters(desk, self)
        column.addWidget(self.filters)
        self.list = ListPane(
            ChildRow,
            self._find,
            desk.children.rows,
            jobs,
            self,
            empty=_("还没有登记儿童。按 Ctrl+N 登记第一个，或从 Excel 导入。"),
            name=_("儿童档案"),
            # What a person may not see is masked in the lines themselves.
            private=True,
            desk=desk,
            output=False,
        )
        self.list.filter.setPlaceholderText(_("姓名、拼音首字母、档案编号、证件尾号、电话、监护人"))
        column.addWidget(self.list, 1)
        self.view = ChildView(desk, jobs, self)
        self.none = QLabel(_("点选左边的一个孩子，这里显示他的档案。"))
        self.body.addWidget(beside(left, self.view, self.none), 1)
        self._wire()

    def _wire(self) -> None:
        self.filters.changed.connect(self.list.reload)
        self.list.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._chosen())
        self.list.opened.connect(lambda _id: self.edit())
        prints = ("print_file", "print_list", "print_consents")
        names = ("edit", "complete", "household", "sign_up", "leave", "merge", *prints)
        self.list.add_context([self.actions_by_name[name] for name in names if name in self.actions_by_name])
        self.view.changed.connect(self.said)
        self.view.chosen.connect(self.arrive)
        self.view.wanted.connect(lambda session_id: self.went.emit("activities", session_id))
        self.view.failed.connect(lambda error: self.said.emit(error.say()))

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        query = replace(self.filters.query(), words=words, sort=sort, descending=descending)
        return self.desk.children.find(query)

    def _chosen(self) -> None:
        child_id = self.list.current_id()
        self.none.setVisible(child_id is None)
        if child_id is None:
            self.view.clear()
        else:
            self.view.show_child(child_id, self.names)

    # --- the page's own life ---------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again, and the file that is shown."""
        self.jobs.run(self, lambda: read_names(self.desk), self.take_names)
        self.list.reload()

    def take_names(self, names: Names) -> None:
        """Offer them in the filters, and show the file with them."""
        super().take_names(names)
        self.filters.show_names(names)
        if self.view.file is not None and self.view.file.child.id is not None:
            self.view.show_child(self.view.file.child.id, names)

    def arrive(self, argument: Any) -> None:
        """Somebody was sent here with a child, or with what to narrow the list to."""
        if isinstance(argument, int):
            self.list.choose(argument)
            self.filters.choose()
            self.list.filter.clear()
            self.list.reload()
            self.none.hide()
            self.view.show_child(argument, self.names)
        elif isinstance(argument, dict):
            self.filters.choose(**argument)

    def empty(self) -> None:
        """Let go of the file."""
        self.view.clear()
