"""A list to Excel and to paper: what is seen, in the order it is seen."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from stationdesk.i18n import _
from stationdesk.ui import look
from stationdesk.ui.jobs import Jobs


class Listing(Protocol):
    """What is needed of a list: its line class, its name, whether personal columns go along."""

    cls: type
    name: str
    private: bool
    jobs: Jobs

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

    def work() -> bytes:
        from stationdesk.reports.sheets import rows_to_xlsx

        out = BytesIO()
        rows_to_xlsx(pane.cls, bring(), out, private=pane.private)
        return out.getvalue()

    def save(data: bytes) -> None:
        from stationdesk.ui.printing import save_as

        save_as(owner, f"{pane.name}.xlsx", "Excel (*.xlsx)", data)

    pane.jobs.run(owner, work, save)


def print_list(pane: Listing) -> None:
    """Show the lines as pages, to be printed."""
    bring, owner = pane.chosen_rows(), _widget(pane)

    def work() -> tuple[bytes, tuple[str, ...]]:
        from stationdesk.reports.document import Document, Heading, table_of
        from stationdesk.reports.pdf import to_pdf

        table = table_of(pane.cls, bring(), private=pane.private, size=9)
        rendered = to_pdf(Document(title=pane.name, parts=(Heading(pane.name, 1), table), landscape=True))
        return rendered.data, rendered.missing

    def show(found: tuple[bytes, tuple[str, ...]]) -> None:
        from stationdesk.ui.printing import PrintDialog

        PrintDialog(found[0], f"{pane.name}.pdf", found[1], owner).open()

    pane.jobs.run(owner, work, show)


def _widget(pane: Listing) -> QWidget:
    if not isinstance(pane, QWidget):
        raise TypeError(type(pane).__name__)
    return pane
