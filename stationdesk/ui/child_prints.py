"""Children on paper: which sections, how much of it, whose files, and where they go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from stationdesk.codes import Code
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.audit import Action
from stationdesk.records.children import ChildQuery
from stationdesk.records.masking import Disclosure
from stationdesk.reports.child_file import FORM, Section, blank_file, child_file
from stationdesk.reports.document import Document
from stationdesk.ui.child_forms import FormsDialog, RosterDialog
from stationdesk.ui.dialogs import tell
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.print_choice import Boxes, CodeBox, PrintChoice, file_name, imprint_of, show_pages
from stationdesk.ui.print_run import PrintRun
from stationdesk.ui.printing import PrintDialog, noting

if TYPE_CHECKING:
    from stationdesk.reports.pdf import Rendered
    from stationdesk.reports.runs import Step


class Output(Code):
    """Where many files go."""

    PREVIEW = "PREVIEW", N_("合在一起，预览后打印")
    ONE_FILE = "ONE_FILE", N_("合成一个PDF文件")
    EACH = "EACH", N_("每人一个PDF文件，放进一个文件夹")


def print_child(desk: Desk, jobs: Jobs, parent: QWidget, child_id: int) -> None:
    """Ask what of one child's file to print, then show the pages."""
    FilesDialog(desk, jobs, (child_id,), parent).open()


def print_many(desk: Desk, jobs: Jobs, parent: QWidget, ids: Sequence[int]) -> None:
    """The same of many files: the chosen lines of a list, or all of them."""
    FilesDialog(desk, jobs, tuple(ids), parent).open()


def print_roster(desk: Desk, jobs: Jobs, parent: QWidget, query: ChildQuery) -> None:
    """Ask for kind and columns, then show the roster of those that `query` finds in stock."""
    RosterDialog(desk, jobs, query, parent).open()


def print_forms(desk: Desk, jobs: Jobs, parent: QWidget, child_id: int | None) -> None:
    """Ask which forms to sign, with the names of a child or, without one, empty."""
    FormsDialog(desk, jobs, child_id, parent).open()


class FilesDialog(PrintChoice):
    """What of the files of these children is printed, and where it goes."""

    def __init__(self, desk: Desk, jobs: Jobs, ids: tuple[int, ...], parent: QWidget) -> None:
        super().__init__(desk, jobs, _("打印儿童档案"), parent)
        self._ids = ids
        self.sections = Boxes({s.code: s.label for s in Section}, [s.code for s in Section], self)
        self.output = CodeBox(list(Output), _("输出"))
        may = desk.actor.may(Right.PRINT_CHILDREN)
        self.form.addRow(_("档案"), QLabel(_("共{count}份").format(count=len(ids))))
        self.form.addRow(_("部分"), self.sections)
        self.add_disclosure()
        self.form.addRow(_("输出"), self.output)
        self.form.setRowVisible(self.output, may and len(ids) > 1)
        self.form.setRowVisible(self.how_box, may)
        if not may:
            self.form.addRow(QLabel(_("您的岗位不能打印档案，可以打印空白表。")))
        main = ((_("打印…"), self.print_files, True),) if may else ()
        self.add_buttons((_("空白表…"), self.print_blank, False), (_("返回"), self.reject, False), *main)

    def _sections(self) -> tuple[Section, ...]:
        return tuple(Section.of(code) for code in self.sections.ticked())

    def print_blank(self) -> None:
        """The empty form with the chosen sections; nothing in it is anybody's, so nothing is noted."""
        desk, owner, sections = self.desk, self.owner, self._sections()
        name = file_name(_(FORM))

        def work() -> "Rendered":
            from stationdesk.reports.pdf import to_pdf

            return to_pdf(blank_file(imprint_of(desk), sections))

        self.jobs.run(owner, work, lambda found: PrintDialog(found.data, name, found.missing, owner).open())
        self.accept()

    def print_files(self) -> None:
        """Print what is chosen, in a run that can be watched and broken off."""
        if not self.is_sound("" if self._sections() else _("请至少选择一个部分。")):
            return
        output, path = self.output.chosen(), None
        if output is not Output.PREVIEW:
            path = self._where(output)
            if path is None:
                return
        order = _Order(self._ids, self.how, self._sections(), self.why.text(), path, output is Output.EACH)
        desk, jobs, owner, titles = self.desk, self.jobs, self.owner, list[str]()
        steps = _steps(desk, order, titles)
        done = lambda last: _finish(desk, jobs, owner, order, titles, last)  # noqa: E731
        PrintRun(steps, len(self._ids), jobs, owner, done).open()
        self.accept()

    def _where(self, output: Code | None) -> Path | None:
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        if output is Output.EACH:
            chosen = QFileDialog.getExistingDirectory(self, _("放到哪个文件夹"), home)
        else:
            name = str(Path(home) / _joined_name(self.desk, len(self._ids)))
            chosen, _kind = QFileDialog.getSaveFileName(self, _("保存为"), name, "PDF (*.pdf)")
        return Path(chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be printed of whom, what for, and where to: a file, or a folder for each."""

    ids: tuple[int, ...]
    how: Disclosure
    sections: tuple[Section, ...]
    why: str
    path: Path | None
    each: bool


def _joined_name(desk: Desk, count: int) -> str:
    return file_name(_("儿童档案_{day}_{count}份").format(day=desk.clock().date(), count=count))


def _steps(desk: Desk, order: _Order, titles: list[str]) -> "Iterator[Step]":
    """The run as the database thread takes it, a file a step; `titles` takes those that were printed."""
    from stationdesk.reports.runs import join, one_each

    if order.how is not Disclosure.MASKED:
        desk.child_files.justify(order.how, len(order.ids), order.why)
    imprint = imprint_of(desk)

    def bring(child_id: int) -> Document | None:
        try:
            file = desk.child_files.whole(child_id, order.how)
        except (Missing, Denied):
            # Of a colleague's caseload, or gone since the list was read.
            return None
        document = child_file(file, imprint, order.how, order.sections)
        titles.append(document.title)
        return document

    if order.each and order.path is not None:
        yield from one_each(order.ids, bring, order.path, lambda document: file_name(document.title))
    else:
        yield from join(order.ids, bring, _(FORM), order.path)


def _finish(desk: Desk, jobs: Jobs, owner: QWidget, order: _Order, titles: list[str], last: "Step") -> None:
    """Say what was left out, then show the pages or note that they were saved."""
    count = last.total - last.skipped
    if last.skipped:
        text = _("{count}份没有打印：不由您负责，或已经删除、合并。").format(count=last.skipped)
        tell(owner, _("打印儿童档案"), text)
    if count and order.path is not None:
        noting(desk, jobs, owner, "child", count)(Action.EXPORT)
    elif count and last.rendered is not None:
        name = file_name(titles[0]) if count == 1 else _joined_name(desk, count)
        show_pages(desk, jobs, owner, last.rendered, name, count)
