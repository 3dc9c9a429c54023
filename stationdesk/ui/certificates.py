"""Certificates of voluntary service: the register, issuing, printing, declaring void."""

from array import array
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.audit import Action
from stationdesk.records.certificates import CertificateOrder, CertificateQuery, CertificateRow
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask_reason, tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.print_choice import file_name
from stationdesk.ui.printing import PrintDialog
from stationdesk.ui.tables import ListPane

if TYPE_CHECKING:
    from stationdesk.reports.pdf import Rendered


def print_certificate(desk: Desk, jobs: Jobs, owner: QWidget, certificate_id: int, then: Callable[[], object]) -> None:
    """Show a certificate as it was issued; once it has gone out the pages are closed, for the next are
    those of a reprint, and `then` is called."""

    def work() -> "tuple[Rendered, str]":
        from stationdesk.reports.certificate import certificate
        from stationdesk.reports.pdf import to_pdf

        document = certificate(desk.certificates.to_print(certificate_id), mark=_("演示") if desk.demo else "")
        return to_pdf(document), file_name(document.title)

    def show(found: "tuple[Rendered, str]") -> None:
        def note(action: Action) -> None:
            note_print = desk.certificates.note_print
            jobs.run(owner, lambda: note_print(certificate_id, action), lambda _none: then())
            dialog.close()

        dialog = PrintDialog(found[0].data, found[1], found[0].missing, owner, note)
        dialog.open()

    jobs.run(owner, work, show, lambda error: tell(owner, _("志愿服务证明"), error.say()))


class IssueDialog(FormDialog):
    """What a certificate is asked for: from when to when, and who answers for it."""

    def __init__(self, desk: Desk, jobs: Jobs, order: CertificateOrder, parent: QWidget) -> None:
        form = RecordForm(order, hide=("volunteer_id",))
        drafts = DraftPlace(desk, f"volunteers/{order.volunteer_id}/certificate")
        super().__init__(_("出具志愿服务证明"), form, jobs, desk.certificates.issue, parent, drafts=drafts)
        self.form = form
        self._button.setText(_("出具"))


class CertificatesPane(QWidget):
    """The register, of one volunteer or of all; `said` is sent with what was done."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, volunteer_id: int | None = None) -> None:
        super().__init__(parent)
        self.desk, self.jobs, self._volunteer_id = desk, jobs, volunteer_id
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.list = ListPane(
            CertificateRow,
            self._find,
            desk.certificates.rows,
            jobs,
            self,
            empty=_("还没有出具过证明。选中一位志愿者，点“出具证明…”。"),
            first=("number", True),
            extras=self._buttons(),
            name=_("志愿服务证明登记簿"),
            private=True,
            desk=desk,
        )
        self.list.filter.setPlaceholderText(_("编号、姓名、拼音首字母"))
        self.list.opened.connect(lambda _id: self.print_out())
        column.addWidget(self.list, 1)

    def _buttons(self) -> list[QWidget]:
        if not self.desk.actor.may(Right.CERTIFY) or self.desk.read_only:
            return []
        wanted: list[tuple[str, str, Callable[[], None]]] = [
            (_("打印…"), "printer", self.print_out),
            (_("作废…"), "ban", self.declare_void),
        ]
        if self._volunteer_id is not None:
            wanted.insert(0, (_("出具证明…"), "file-text", self.issue))
        made: list[QWidget] = []
        for text, picture, do in wanted:
            button = QPushButton(look.icon(picture), text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, do=do: do())
            made.append(button)
        return made

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        query = CertificateQuery(words=words, volunteer_id=self._volunteer_id, sort=sort, descending=descending)
        return self.desk.certificates.find(query)

    def issue(self, draft: Draft | None = None) -> None:
        """Ask for the period, issue the certificate and show it."""
        volunteer_id = self._volunteer_id
        if volunteer_id is not None:
            blank = self.desk.certificates.blank
            self.jobs.run(self, lambda: blank(volunteer_id), lambda order: self._ask(order, draft))

    def _ask(self, order: CertificateOrder, draft: Draft | None) -> None:
        if draft is not None:
            order = replace(order, uuid=draft.uuid)
        dialog = IssueDialog(self.desk, self.jobs, order, self)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(self._issued)
        dialog.open()

    def _issued(self, certificate_id: Any) -> None:
        self.said.emit(_("证明已出具"))
        self.list.choose(certificate_id)
        self.list.reload()
        print_certificate(self.desk, self.jobs, self, certificate_id, self.list.reload)

    def print_out(self) -> None:
        """Show the chosen certificate to be printed."""
        chosen = self.list.current_id()
        if chosen is not None and self.desk.actor.may(Right.CERTIFY) and not self.desk.read_only:
            print_certificate(self.desk, self.jobs, self, chosen, self.list.reload)

    def declare_void(self) -> None:
        """Ask why, then say that the chosen certificate holds no more."""
        chosen = self.list.current_id()
        if chosen is None:
            return
        reason = ask_reason(self, _("作废证明"), _("作废以后不能恢复，编号也不再使用。作废原因："))
        if reason is None:
            return
        why = reason
        store = self.desk.certificates
        self.jobs.run(self, lambda: store.declare_void(chosen, why), lambda _none: self._voided(), self._failed)

    def _voided(self) -> None:
        self.said.emit(_("证明已作废"))
        self.list.reload()

    def _failed(self, error: DeskError) -> None:
        tell(self, _("志愿服务证明"), error.say())


class RegisterDialog(QDialog):
    """All certificates there are; stays open while one is printed."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("志愿服务证明登记簿"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        self.pane = CertificatesPane(desk, jobs, self)
        column.addWidget(self.pane)
        metrics = self.fontMetrics()
        room = self.screen().availableGeometry()
        wide, high = metrics.horizontalAdvance("国") * 66, metrics.lineSpacing() * 30
        self.resize(min(wide, room.width() - 80), min(high, room.height() - 100))
        self.pane.list.reload()
