"""A list to Excel and to paper: what is seen, in the order it is seen."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.audit import Action
from stationdesk.ui import look
from stationdesk.ui.jobs import Jobs


class Listing(Protocol):
    """What is needed of a list: its line class, its name, whether personal columns go along."""

    cls: type
    name: str
    private: bool
    jobs: Jobs
    desk: Desk | None

    def chosen_rows(self) -> Callable[[], Sequence[Any]]:
        """What brings the lines."""


def output_button(pane: Any) -> QToolButton:
    """A button with the two ways out."""
    button = QToolButton()
    button.setIcon(look.icon("download"))
    button.setToolTip(_("导出或打印这个列表（选中多行时只输出选中的）"))
    button.setAccessibleName(_("导出或打印这个列表（选中多行时只输出选中的）"))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for text, do in ((_("导出 Excel…"), export_list), (_("打印列表…"), print_list)):
        item = QAction(text, menu)
        item.triggered.connect(lambda _on=False, do=do: do(pane))
        menu.addAction(item)
    button.setMenu(menu)
    return button


def export_list(pane: Listing) -> None:
    """Ask where to, and write the lines as a sheet."""
    bring, owner = pane.chosen_rows(), _widget(pane)

    def work() -> tuple[bytes, int]:
        from stationdesk.reports.sheets import rows_to_xlsx

        out, rows = BytesIO(), bring()
        rows_to_xlsx(pane.cls, rows, out, private=pane.private)
        return out.getvalue(), len(rows)

    def save(found: tuple[bytes, int]) -> None:
        from stationdesk.ui.printing import noting, save_as

        if save_as(owner, f"{pane.name}.xlsx", "Excel (*.xlsx)", found[0]):
            noting(pane.desk, pane.jobs, owner, "list", found[1])(Action.EXPORT)

    pane.jobs.run(owner, work, save)


def print_list(pane: Listing) -> None:
    """Show the lines as pages, to be printed."""
    bring, owner = pane.chosen_rows(), _widget(pane)

    def work() -> tuple[bytes, tuple[str, ...], int]:
        from stationdesk.reports.document import Document, Heading, table_of
        from stationdesk.reports.pdf import to_pdf

        rows = bring()
        table = table_of(pane.cls, rows, private=pane.private, size=9)
        rendered = to_pdf(Document(title=pane.name, parts=(Heading(pane.name, 1), table), landscape=True))
        return rendered.data, rendered.missing, len(rows)

    def show(found: tuple[bytes, tuple[str, ...], int]) -> None:
        from stationdesk.ui.printing import PrintDialog, noting

        note = noting(pane.desk, pane.jobs, owner, "list", found[2])
        PrintDialog(found[0], f"{pane.name}.pdf", found[1], owner, note).open()

    pane.jobs.run(owner, work, show)


def _widget(pane: Listing) -> QWidget:
    if not isinstance(pane, QWidget):
        raise TypeError(type(pane).__name__)
    return pane
