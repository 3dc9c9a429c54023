"""The sheet of a purchased service (P18) to paper and into a workbook."""

from io import BytesIO
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.audit import Action
from stationdesk.reports.contract_sheet import contract_sheet
from stationdesk.reports.document import Document
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.print_choice import file_name
from stationdesk.ui.printing import PrintDialog, noting, save_as

if TYPE_CHECKING:
    from stationdesk.reports.pdf import Rendered


def print_sheet(desk: Desk, jobs: Jobs, owner: QWidget, contract_id: int) -> None:
    """Show the pages."""

    def work() -> "tuple[Rendered, str]":
        from stationdesk.reports.pdf import to_pdf

        document = _sheet(desk, contract_id)
        return to_pdf(document), file_name(document.title)

    def show(found: "tuple[Rendered, str]") -> None:
        note = noting(desk, jobs, owner, "contract", 1)
        PrintDialog(found[0].data, found[1], found[0].missing, owner, note).open()

    jobs.run(owner, work, show)


def export_sheet(desk: Desk, jobs: Jobs, owner: QWidget, contract_id: int) -> None:
    """Ask where to, and save the same as a workbook."""

    def work() -> tuple[bytes, str]:
        from stationdesk.reports.sheets import document_to_xlsx

        out = BytesIO()
        document = _sheet(desk, contract_id)
        document_to_xlsx(document, out)
        return out.getvalue(), file_name(document.title, "xlsx")

    def save(found: tuple[bytes, str]) -> None:
        if save_as(owner, found[1], "Excel (*.xlsx)", found[0]):
            noting(desk, jobs, owner, "contract", 1)(Action.EXPORT)

    jobs.run(owner, work, save)


def _sheet(desk: Desk, contract_id: int) -> Document:
    """The contract as it stands today; on the database thread."""
    file, station = desk.contracts.file(contract_id), desk.station.profile()
    mark = _("演示") if desk.demo else ""
    return contract_sheet(file, station, desk.clock().date(), desk.audit.head(), mark=mark)
