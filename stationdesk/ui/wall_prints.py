"""Lists for the wall: made, looked at, printed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.reports.document import Document
from stationdesk.reports.wall_lists import group_list, staff_board
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.print_choice import file_name
from stationdesk.ui.printing import PrintDialog, noting

if TYPE_CHECKING:
    from stationdesk.reports.pdf import Rendered


def print_groups(desk: Desk, jobs: Jobs, owner: QWidget) -> None:
    """Show the list of the groups and their members."""

    def make() -> tuple[Document, int]:
        sheets = desk.work_groups.sheets()
        return group_list(sheets, desk.station_name, desk.clock().date(), mark=_mark(desk)), len(sheets)

    _show(desk, jobs, owner, "work_group", make)


def print_board(desk: Desk, jobs: Jobs, owner: QWidget) -> None:
    """Show the board of those who serve."""

    def make() -> tuple[Document, int]:
        today = desk.clock().date()
        serving = [member for member in desk.staff.everyone() if member.serves_on(today)]
        return staff_board(serving, desk.station_name, today, mark=_mark(desk)), len(serving)

    _show(desk, jobs, owner, "staff", make)


def _mark(desk: Desk) -> str:
    return _("演示") if desk.demo else ""


def _show(desk: Desk, jobs: Jobs, owner: QWidget, kind: str, make: Callable[[], tuple[Document, int]]) -> None:
    """Make a document on the database thread and show its pages; what is printed is noted."""

    def work() -> "tuple[Document, int, Rendered]":
        from stationdesk.reports.pdf import to_pdf

        document, count = make()
        return document, count, to_pdf(document)

    def show(document: Document, count: int, found: "Rendered") -> None:
        note = noting(desk, jobs, owner, kind, count)
        PrintDialog(found.data, file_name(document.title), found.missing, owner, note).open()

    jobs.run(owner, work, lambda made: show(*made))
