"""Rosters of children, and the forms that are signed: what to choose before they are shown."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from stationdesk.desk import Desk
from stationdesk.fields import Level
from stationdesk.i18n import _
from stationdesk.records.access import Reach
from stationdesk.records.audit import Action
from stationdesk.records.child_prints import ROSTER_COLUMNS, RosterKind, form_names
from stationdesk.records.children import ChildQuery
from stationdesk.records.masking import Disclosure
from stationdesk.reports.consent_forms import ConsentForm, consent_form
from stationdesk.reports.delegated_care_form import FORM as CARE_FORM
from stationdesk.reports.delegated_care_form import delegated_care_form
from stationdesk.reports.document import Document
from stationdesk.reports.roster import roster, roster_columns
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.print_choice import Boxes, CodeBox, PrintChoice, file_name, imprint_of, show_pages
from stationdesk.ui.printing import PrintDialog, noting, save_as

if TYPE_CHECKING:
    from stationdesk.reports.pdf import Rendered

# As many columns as a landscape page has room for.
MOST_COLUMNS = 14
_CARE = "DELEGATED_CARE"


class RosterDialog(PrintChoice):
    """Which children, which columns, how much of them; to paper or into a sheet."""

    def __init__(self, desk: Desk, jobs: Jobs, query: ChildQuery, parent: QWidget) -> None:
        super().__init__(desk, jobs, _("打印花名册"), parent)
        self._query = query
        # Who sees no categories can have no roster by them.
        by_category = desk.actor.sees(Level.L3) is not Reach.MASKED
        self.kind = CodeBox(list(RosterKind) if by_category else [RosterKind.STOCK], _("花名册"))
        self.columns = Boxes({c.name: c.label for c in roster_columns()}, ROSTER_COLUMNS, self)
        self.form.addRow(_("花名册"), self.kind)
        self.form.addRow(_("列"), self.columns)
        self.add_disclosure()
        self.add_buttons(
            (_("导出 Excel…"), self.export, False),
            (_("返回"), self.reject, False),
            (_("打印…"), self.print_out, True),
        )

    def _is_ready(self) -> bool:
        chosen = len(self.columns.ticked())
        wrong = "" if chosen else _("请至少选择一列。")
        if chosen > MOST_COLUMNS:
            wrong = _("最多选{count}列，现在选了{chosen}列。").format(count=MOST_COLUMNS, chosen=chosen)
        return self.is_sound(wrong)

    def print_out(self) -> None:
        """Show the pages."""
        if not self._is_ready():
            return
        desk, jobs, owner, make = self.desk, self.jobs, self.owner, self._making()

        def work() -> "tuple[Rendered, str, int]":
            from stationdesk.reports.pdf import to_pdf

            document, count = make()
            return to_pdf(document), file_name(document.title), count

        jobs.run(owner, work, lambda found: show_pages(desk, jobs, owner, *found))
        self.accept()

    def export(self) -> None:
        """Ask where to, and save the same table as a sheet."""
        if not self._is_ready():
            return
        desk, jobs, owner, make = self.desk, self.jobs, self.owner, self._making()

        def work() -> tuple[bytes, str, int]:
            from stationdesk.reports.sheets import document_to_xlsx

            out = BytesIO()
            document, count = make()
            document_to_xlsx(document, out)
            return out.getvalue(), file_name(document.title, "xlsx"), count

        def save(found: tuple[bytes, str, int]) -> None:
            if save_as(owner, found[1], "Excel (*.xlsx)", found[0]):
                noting(desk, jobs, owner, "child", found[2])(Action.EXPORT)

        jobs.run(owner, work, save)
        self.accept()

    def _making(self) -> Callable[[], tuple[Document, int]]:
        """What makes the document as it is chosen now, and counts its lines; for the database thread."""
        desk, query, how, why = self.desk, self._query, self.how, self.why.text()
        kind, columns = self.kind.chosen(), self.columns.ticked()

        def make() -> tuple[Document, int]:
            chosen = kind if isinstance(kind, RosterKind) else RosterKind.STOCK
            ids = roster_ids(desk, query, chosen)
            if how is not Disclosure.MASKED:
                desk.child_files.justify(how, len(ids), why)
            rows = desk.child_files.roster(ids, how)
            return roster(rows, chosen, imprint_of(desk), how, columns), len(rows)

        return make


def roster_ids(desk: Desk, query: ChildQuery, kind: RosterKind) -> list[int]:
    """Those in stock whom `query` finds and who have one of the kind's categories, in its order."""
    found = desk.children.find(replace(query, in_stock=True))
    if not kind.categories:
        return list(found)
    wanted: set[int] = set()
    for category in kind.categories:
        wanted |= set(desk.children.find(ChildQuery(category=category, in_stock=True)))
    return [child_id for child_id in found if child_id in wanted]


class FormsDialog(PrintChoice):
    """Which forms to sign, with a child's names or empty."""

    def __init__(self, desk: Desk, jobs: Jobs, child_id: int | None, parent: QWidget) -> None:
        super().__init__(desk, jobs, _("打印告知和同意书"), parent)
        self._child_id = child_id
        labels = {form.code: form.label for form in ConsentForm} | {_CARE: _(CARE_FORM)}
        self.forms = Boxes(labels, [ConsentForm.CONSENT.code, ConsentForm.PRIVACY.code], self)
        self.filled = QCheckBox(_("填好姓名和档案编号"))
        self.filled.setChecked(child_id is not None)
        self.filled.setEnabled(child_id is not None)
        self.form.addRow(_("表单"), self.forms)
        self.form.addRow("", self.filled)
        self.add_buttons((_("返回"), self.reject, False), (_("打印…"), self.print_out, True))

    def print_out(self) -> None:
        """Show the chosen forms one after the other."""
        chosen = self.forms.ticked()
        if not self.is_sound("" if chosen else _("请至少选择一份表单。")):
            return
        desk, jobs, owner = self.desk, self.jobs, self.owner
        child_id = self._child_id if self.filled.isChecked() else None

        def work() -> "tuple[Rendered, str]":
            from stationdesk.reports.pdf import Book

            documents = _forms(desk, chosen, child_id)
            title = documents[0].title if len(documents) == 1 else _("告知和同意书")
            book = Book(title)
            for document in documents:
                book.add(document)
            return book.finish(), file_name(title)

        def show(found: "tuple[Rendered, str]") -> None:
            if child_id is None:
                PrintDialog(found[0].data, found[1], found[0].missing, owner).open()
            else:
                show_pages(desk, jobs, owner, *found, 1)

        jobs.run(owner, work, show)
        self.accept()


def _forms(desk: Desk, chosen: list[str], child_id: int | None) -> list[Document]:
    file = desk.child_files.for_forms(child_id) if child_id is not None else None
    station, mark = desk.station.profile(), _("演示") if desk.demo else ""
    names = form_names(file) if file is not None else None
    found = [consent_form(form, station, names, mark=mark) for form in ConsentForm if form.code in chosen]
    if _CARE in chosen:
        found.append(delegated_care_form(station, file, mark=mark))
    return found
