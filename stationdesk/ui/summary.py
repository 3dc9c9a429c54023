"""月报与打印: the figures left, the real page right, each figure opening what stands behind it."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.i18n import N_, _
from stationdesk.records.audit import Action
from stationdesk.records.summaries import Figure, MonthlyFigures, cross_checks
from stationdesk.reports.document import Document
from stationdesk.reports.monthly import label_of, monthly_document, parse_month, shown
from stationdesk.ui import look
from stationdesk.ui.actions import action
from stationdesk.ui.behind import BehindDialog, may_look
from stationdesk.ui.editors import calm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page import Page
from stationdesk.ui.printing import PdfView, PrintDialog, missing_label, noting, save_as


@dataclass(frozen=True, slots=True)
class Shown:
    """One month ready to be looked at."""

    figures: MonthlyFigures
    document: Document
    pdf: bytes
    missing: tuple[str, ...]


def make_month(desk: Desk, year: int, month: int) -> Shown:
    """The figures of a month and their page."""
    from stationdesk.reports.pdf import to_pdf

    figures = desk.summaries.figures(year, month)
    station = desk.station.profile()
    document = monthly_document(figures, station, desk.audit.head(), mark=_("演示") if desk.demo else "")
    rendered = to_pdf(document)
    return Shown(figures, document, rendered.data, rendered.missing)


# What figures are counted from.
_TABLES = (
    "booking room room_closure special_day station staff child enrolment child_category risk_level"
    " activity activity_session attendance volunteer volunteer_shift partner partner_link joint_work"
    " group_meeting contract deliverable payment screening_check training certificate"
)


class SummaryPage(Page):
    """The monthly summary."""

    name = "summary"
    title = N_("月报与打印")
    picture = "file-text"
    watches = frozenset(_TABLES.split())

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(desk, jobs, parent)
        self._shown: Shown | None = None
        self.months = QComboBox()
        self.months.setAccessibleName(_("月份"))
        calm(self.months)
        self.months.currentTextChanged.connect(lambda _text: self._load())
        self.due = QLabel()
        self.due.setObjectName("quiet")
        self.head(self.months, self.due)
        self.notice = QLabel()
        self.notice.setObjectName("notice")
        self.notice.setWordWrap(True)
        self.notice.hide()
        self.body.addWidget(self.notice)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._left())
        self.view = PdfView()
        split.addWidget(self.view)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 6)
        split.setChildrenCollapsible(False)
        split.setSizes([500, 600])
        self.body.addWidget(split, 1)

    def _left(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, look.UNIT, 0)
        hint = QLabel(_("选中一个数字按回车（或双击），查看它背后的记录。"))
        hint.setObjectName("quiet")
        hint.setWordWrap(True)
        column.addWidget(hint)
        self.table = _Figures(box)
        self.table.setAccessibleName(_("指标"))
        self.table.cellActivated.connect(self._open_figure)
        column.addWidget(self.table, 1)
        return box

    def empty(self) -> None:
        """Let go of the pages."""
        self._shown = None
        self.view.clear()

    def reload(self) -> None:
        """Read the months again, then the one that was chosen."""
        store = self.desk.summaries
        self.jobs.run(self, lambda: (store.months(), store.latest_complete()), lambda found: self._months(*found))

    def _months(self, names: tuple[str, ...], latest: str) -> None:
        chosen = self.months.currentText() or (latest if latest in names else names[-1])
        self.months.blockSignals(True)
        self.months.clear()
        self.months.addItems(list(reversed(names)))
        self.months.setCurrentText(chosen)
        self.months.blockSignals(False)
        self._load()

    def _load(self) -> None:
        if self.months.currentText():
            year, month = parse_month(self.months.currentText())
            self.jobs.run(self, lambda: make_month(self.desk, year, month), self._show)
            self.jobs.run(self, self.desk.station.profile, lambda s: self._due(s.report_due_day))

    def _due(self, due_day: int) -> None:
        year, month = parse_month(self.months.currentText())
        on = date(year + month // 12, month % 12 + 1, due_day)
        days = (on - self.desk.clock().date()).days
        text = _("应于{day}前报送，还有{days}天") if days >= 0 else _("报送日为{day}")
        self.due.setText(text.format(day=on.isoformat(), days=days))

    def _show(self, shown_month: Shown) -> None:
        self._shown = shown_month
        self.table.fill(shown_month.figures)
        self.view.show_pdf(shown_month.pdf)
        failing = [_(check.text) for check in cross_checks(shown_month.figures) if not check.holds]
        said = [_("勾稽关系不符：{text}").format(text=text) for text in failing]
        if shown_month.missing:
            said.append(missing_label(shown_month.missing).text())
        if not shown_month.figures.of("M01").month:
            said.append(_("本月没有已完成的场地预约。预约结束后请登记实到人数，才会计入月报。"))
        self.notice.setText("\n".join(said))
        self.notice.setVisible(bool(said))

    def _open_figure(self, row: int, column: int) -> None:
        figure = self.table.figure_at(row)
        if figure is None or not may_look(self.desk, figure):
            return
        year = column == 4 and figure.cumulative
        BehindDialog(self.desk, self.jobs, figure, self, year=year, opened=self._go_to).open()

    def _go_to(self, page: str, record_id: Any) -> None:
        self.went.emit(page, record_id)

    @action(N_("打印…"), "Ctrl+P", "printer")
    def print_month(self) -> None:
        """Preview and print the chosen month."""
        if self._shown is not None:
            shown = self._shown
            PrintDialog(shown.pdf, _file_name(shown, "pdf"), shown.missing, self, self._note).open()

    @action(N_("保存 PDF…"), "Ctrl+Shift+S", "download")
    def save_pdf(self) -> None:
        """Save the page as PDF."""
        if self._shown is not None and save_as(self, _file_name(self._shown, "pdf"), "PDF (*.pdf)", self._shown.pdf):
            self._note(Action.EXPORT)
            self.said.emit(_("月报已保存为 PDF"))

    def _note(self, action: Action) -> None:
        noting(self.desk, self.jobs, self, "summary", 1)(action)

    @action(N_("保存 Excel…"), "Ctrl+E", "file-text")
    def save_sheet(self) -> None:
        """Save the same table as a sheet."""
        shown_month = self._shown
        if shown_month is None:
            return
        name = _file_name(shown_month, "xlsx")
        self.jobs.run(self, lambda: _sheet(shown_month.document), lambda data: self._save_sheet(name, data))

    def _save_sheet(self, name: str, data: bytes) -> None:
        if save_as(self, name, "Excel (*.xlsx)", data):
            self._note(Action.EXPORT)
            self.said.emit(_("月报已保存为 Excel"))


def _file_name(month: Shown, ending: str) -> str:
    """Named for the month in the page, which the chooser may already have left."""
    title = _("未保月报")
    return f"{title}_{month.figures.period.name}.{ending}"


def _sheet(document: Document) -> bytes:
    from stationdesk.reports.sheets import document_to_xlsx

    out = BytesIO()
    document_to_xlsx(document, out)
    return out.getvalue()


class _Figures(QTableWidget):
    """The figures of a month, block by block."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(0, 5, parent)
        labels = (_("代码"), _("指标名称"), _("计量单位"), _("本月"), _("本年累计"))
        self.setHorizontalHeaderLabels(labels)
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self._figures: dict[int, Figure] = {}

    def fill(self, figures: MonthlyFigures) -> None:
        """Show these figures, keeping the chosen cell."""
        place = (self.currentRow(), self.currentColumn())
        self.clearSpans()
        self.setRowCount(len(figures.blocks) + len(figures.figures))
        self._figures.clear()
        row = 0
        for block in figures.blocks:
            self._section(row, f"{block.code}  {_(block.label)}")
            row += 1
            for figure in block.figures:
                self._figures[row] = figure
                year = shown(figure.year, figure) if figure.cumulative else "—"
                texts = (figure.code, label_of(figure), _(figure.unit), shown(figure.month, figure), year)
                for column, text in enumerate(texts):
                    self.setItem(row, column, _cell(text, right=column > 2))
                row += 1
        self.setCurrentCell(*place)

    def _section(self, row: int, text: str) -> None:
        item = QTableWidgetItem(text)
        item.setBackground(QColor(look.tokens().shade))
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.setItem(row, 0, item)
        self.setSpan(row, 0, 1, 5)

    def figure_at(self, row: int) -> Figure | None:
        """The figure in a row, None in a heading."""
        return self._figures.get(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.cellActivated.emit(self.currentRow(), self.currentColumn())
            return
        super().keyPressEvent(event)


def _cell(text: str, *, right: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    if right:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
