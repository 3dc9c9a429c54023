"""What comes in from a sheet: choose, check, decide what may be there already, then import; and children into one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from stationdesk import imports
from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Problem, Refused
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.child_intake import ChildIntake, ImportReport, Twin
from stationdesk.records.children import ChildQuery
from stationdesk.records.duplicates import OnDuplicate
from stationdesk.records.volunteer_intake import VolunteerIntake
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask, ask_reason, dialog_button, tell
from stationdesk.ui.jobs import Jobs

_READ = "Excel / CSV (*.xlsx *.xls *.csv)"
_WRITTEN = "Excel (*.xlsx)"
_Index = QModelIndex | QPersistentModelIndex


Take = Callable[[Path, Mapping[int, OnDuplicate], bool, Callable[[int, int], object], Callable[[], bool]], ImportReport]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One kind of sheet that comes in: what it is called, and how it is taken in (the file, decisions by row,
    whether it is but a rehearsal, progress, whether it is given up). `partly` says that lines without
    fault come in though others have one."""

    title: str
    template: str
    cls: type
    take: Take
    write_template: Callable[[Path], object]
    counts: Callable[[ImportReport], str]
    partly: bool = False


def import_children_dialog(desk: Desk, jobs: Jobs, parent: QWidget) -> "ImportDialog":
    """Open the dialog; the pages that show children reload by themselves."""

    def take(path: Path, decisions: Mapping[int, OnDuplicate], dry_run: bool, progress: Any, cancelled: Any) -> Any:
        return imports.import_children(desk, path, decisions, dry_run=dry_run, progress=progress, cancelled=cancelled)

    intake = Intake(
        title=_("导入儿童名单"),
        template=_("儿童名单模板"),
        cls=ChildIntake,
        take=take,
        write_template=lambda target: imports.write_child_template(desk, target),
        counts=_counts,
    )
    dialog = ImportDialog(intake, jobs, parent)
    dialog.open()
    return dialog


def import_volunteers_dialog(desk: Desk, jobs: Jobs, parent: QWidget) -> "ImportDialog":
    """The same for volunteers."""

    def take(path: Path, _decisions: object, dry_run: bool, progress: Any, cancelled: Any) -> Any:
        return imports.import_volunteers(desk, path, dry_run=dry_run, progress=progress, cancelled=cancelled)

    intake = Intake(
        title=_("导入志愿者名单"),
        template=_("志愿者名单模板"),
        cls=VolunteerIntake,
        take=take,
        write_template=imports.write_volunteer_template,
        counts=lambda report: _("{count}位志愿者。").format(count=report.new),
        partly=True,
    )
    dialog = ImportDialog(intake, jobs, parent)
    dialog.open()
    return dialog


def export_children(desk: Desk, jobs: Jobs, parent: QWidget, query: ChildQuery) -> None:
    """Ask how much may be seen and where to, then write the children looked for."""
    kinds = {"masked": _("遮盖个人信息"), "whole": _("完整名单"), "": _("返回")}
    if not desk.actor.may(Right.EXPORT_WHOLE):
        del kinds["whole"]
    kind = ask(parent, _("导出儿童名单"), _("要导出哪一种？完整名单须写明理由，并记入操作记录。"), kinds)
    if not kind:
        return
    reason: str | None = ""
    if kind == "whole":
        reason = ask_reason(parent, _("导出完整名单"), _("理由（至少10个字）："))
    if reason is None:
        return
    chosen = _target(parent, _("儿童名单"), f"{_WRITTEN};;CSV (*.csv)")
    if chosen is None:
        return
    why, path, whole = reason, chosen, kind == "whole"

    def work() -> int:
        return imports.export_children(desk, desk.children.find(query), path, whole=whole, reason=why)

    def then(count: int) -> None:
        tell(parent, _("已导出"), _("已导出{count}个儿童。").format(count=count))

    jobs.run(parent, work, then, lambda error: tell(parent, _("没有导出"), error.say()))


def _target(parent: QWidget, name: str, kinds: str) -> Path | None:
    """Where a sheet is written to; None when the person thought better of it."""
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("保存为"), f"{name}.xlsx", kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(".xlsx")


class TwinModel(QAbstractTableModel):
    """Lines whose child may be there already, and what is decided of each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._twins: tuple[Twin, ...] = ()
        self.decisions: dict[int, OnDuplicate] = {}

    @property
    def undecided(self) -> tuple[Twin, ...]:
        """The lines nothing is decided of."""
        return tuple(twin for twin in self._twins if twin.row not in self.decisions)

    def show_twins(self, twins: Sequence[Twin]) -> None:
        """Show other lines; what was decided of the same rows stays."""
        self.beginResetModel()
        self._twins = tuple(twins)
        rows = {twin.row for twin in twins}
        self.decisions = {row: kind for row, kind in self.decisions.items() if row in rows}
        self.endResetModel()

    def decide(self, places: Sequence[int], kind: OnDuplicate) -> None:
        """Decide of the lines at these places in the table."""
        for place in places:
            self.decisions[self._twins[place].row] = kind
        if places:
            last = self.columnCount() - 1
            self.dataChanged.emit(self.index(min(places), last), self.index(max(places), last))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._twins)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (_("行号"), _("姓名"), _("可能已有"), _("相同之处"), _("怎么办"))[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or not index.isValid():
            return None
        twin = self._twins[index.row()]
        decision = self.decisions.get(twin.row)
        shown = decision.label if decision is not None else _("请选择")
        return (str(twin.row), twin.name, twin.other, twin.why.label, shown)[index.column()]


class _Teller(QObject):
    """Carries numbers from the database thread to the window's; no widget is touched over there."""

    progressed = Signal(int, int)


class ImportDialog(QDialog):
    """The way of a sheet into the station: nothing is kept before the person says so."""

    def __init__(self, intake: Intake, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(intake.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._intake, self._jobs = intake, jobs
        self._path: Path | None = None
        self._problems: tuple[Problem, ...] = ()
        self._sound = False
        self._stop = Event()
        layout = QVBoxLayout(self)
        self.said = QLabel(_("请选择填好的表格；还没有的，先保存一份空白模板。"))
        self.said.setWordWrap(True)
        self.choose_button = dialog_button(_("选择文件…"), self.choose)
        self.template_button = dialog_button(_("保存空白模板…"), self.save_template)
        layout.addLayout(_line(self.choose_button, self.template_button, None))
        layout.addWidget(self.said)
        self._add_progress(layout)
        self._add_lists(layout)
        self.faults_button = dialog_button(_("另存带错误信息的表格…"), self.save_faults)
        self.import_button = dialog_button(_("导入"), self.take_in, main=True)
        self.close_button = dialog_button(_("关闭"), self.reject)
        layout.addLayout(_line(self.faults_button, None, self.import_button, self.close_button))
        self.resize(look.UNIT * 110, look.UNIT * 80)
        self._refresh()

    def _add_progress(self, layout: QVBoxLayout) -> None:
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("进度"))
        self.cancel_button = dialog_button(_("取消"), self._stop.set)
        layout.addLayout(_line(self.bar, self.cancel_button))

    def _add_lists(self, layout: QVBoxLayout) -> None:
        self.problem_model = QStringListModel(self)
        self.problem_list = QListView()
        self.problem_list.setUniformItemSizes(True)
        self.problem_list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.problem_list.setAccessibleName(_("问题，按行号"))
        self.problem_list.setModel(self.problem_model)
        self.twin_model = TwinModel(self)
        self.twin_table = QTableView()
        self.twin_table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.twin_table.setAccessibleName(_("可能已有档案的行"))
        self.twin_table.setModel(self.twin_model)
        self.twin_table.verticalHeader().hide()
        self.twin_table.horizontalHeader().setStretchLastSection(True)
        for place, width in enumerate((8, 26, 24, 26)):
            self.twin_table.setColumnWidth(place, look.UNIT * width)
        buttons = [dialog_button(kind.label, partial(self.decide, kind)) for kind in OnDuplicate]
        told = _(
            "这些行的孩子可能已有档案，请选中后逐个决定（可以选多行）。更新只改本人、家庭和监护人；类别和在册请到档案里改。"
        )
        self._twin_label = QLabel(told)
        self._twin_label.setWordWrap(True)
        self._twin_box = QWidget()
        inside = QVBoxLayout(self._twin_box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._twin_label)
        inside.addWidget(self.twin_table)
        inside.addLayout(_line(*buttons, None))
        layout.addWidget(self.problem_list, 1)
        layout.addWidget(self._twin_box, 1)
        # Takes the room of the lists while there are none.
        layout.addStretch()

    # --- what a person does ----------------------------------------------------------------------

    def choose(self) -> None:
        """Choose the sheet, and have it checked at once."""
        chosen, _kind = QFileDialog.getOpenFileName(self, _("选择表格"), "", _READ)
        if chosen:
            self.check(Path(chosen))

    def save_template(self) -> None:
        """Write an empty sheet to be filled in."""
        target = _target(self, self._intake.template, _WRITTEN)
        if target is not None:
            text = _("模板已保存到“{name}”，填好后再来导入。").format(name=target.name)
            self._jobs.run(
                self,
                lambda: self._intake.write_template(target),
                lambda _done: self.said.setText(text),
                self._failed,
            )

    def check(self, path: Path) -> None:
        """Find all that is wrong and whom the lines are like; nothing is kept."""
        self._path = path
        self.said.setText(_("正在检查“{name}”……").format(name=path.name))
        self._start(dry_run=True, then=self._checked)

    def decide(self, kind: OnDuplicate) -> None:
        """Decide of the chosen lines; once nothing is open, all is checked again: a file of its own
        has more to say than one that is skipped."""
        self.twin_model.decide([index.row() for index in self.twin_table.selectionModel().selectedRows()], kind)
        self._refresh()
        if self._path is not None and not self.twin_model.undecided:
            self.check(self._path)

    def take_in(self) -> None:
        """Import all lines or none, or those without fault."""
        self.said.setText(_("正在导入，请稍候……"))
        self._start(dry_run=False, then=self._taken)

    def save_faults(self) -> None:
        """Write the sheet again, with what is wrong in each line."""
        target, path = _target(self, _("带错误信息的表格"), _WRITTEN), self._path
        if target is None or path is None:
            return
        problems, undecided, intake = self._problems, self.twin_model.undecided, self._intake
        text = _("已保存到“{name}”，改好后可以直接导入。").format(name=target.name)
        self._jobs.run(
            self,
            lambda: imports.write_faults(
                path, (*problems, *(twin.undecided() for twin in undecided)), target, intake.cls, only=intake.partly
            ),
            lambda _done: self.said.setText(text),
            self._failed,
        )

    def reject(self) -> None:
        """Leave; what is under way is given up, and nothing of it is kept."""
        self._stop.set()
        super().reject()

    # --- what comes of it ------------------------------------------------------------------------

    def _start(self, *, dry_run: bool, then: Callable[[tuple[ImportReport, list[str]]], object]) -> None:
        path, decisions, stop = self._path, dict(self.twin_model.decisions), self._stop
        if path is None:
            return
        self._sound = False
        stop.clear()
        teller = _Teller()
        teller.progressed.connect(self._progressed)
        take = self._intake.take

        def work() -> tuple[ImportReport, list[str]]:
            try:
                report = take(path, decisions, dry_run, teller.progressed.emit, stop.is_set)
            except Refused as refused:
                if not all(problem.row for problem in refused.problems):
                    raise
                report = ImportReport(problems=refused.problems)
            # Thousands of sentences are said over there: here they would hold up the window.
            return report, [problem.say() for problem in report.problems]

        self._refresh(busy=True)
        self._jobs.run(self, work, then, self._failed)

    def _progressed(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(_("第{done}行，共{total}行").format(done=done, total=total))

    def _checked(self, found: tuple[ImportReport, list[str]]) -> None:
        report, lines = found
        self.twin_model.show_twins(tuple(report.surest().values()))
        self._tell_problems(report, lines)
        if not lines:
            self.said.setText(_("检查通过：{counts}").format(counts=self._intake.counts(report)))

    def _taken(self, found: tuple[ImportReport, list[str]]) -> None:
        report, lines = found
        if not lines:
            self._path = None
            self.twin_model.show_twins(())
        self._tell_problems(report, lines)
        self._sound = False
        self._refresh()
        counts = self._intake.counts(report)
        if not lines:
            self.said.setText(_("已导入：{counts}").format(counts=counts))
        elif self._intake.partly:
            text = _("已导入：{counts}下面这些行没有导入，请另存带错误信息的表格，改好后再导入。")
            self.said.setText(text.format(counts=counts))

    def _tell_problems(self, report: ImportReport, lines: list[str]) -> None:
        # A wrong header leaves no lines to be given back.
        self._problems = tuple(problem for problem in report.problems if problem.row > 1)
        partly = self._intake.partly and report.new > 0
        self._sound = not lines or partly
        self.problem_model.setStringList(lines)
        self._refresh()
        if lines and partly:
            text = _("有{count}个问题。没有问题的可以先导入（{counts}），有问题的行请另存后修改。")
            self.said.setText(text.format(count=len(lines), counts=self._intake.counts(report).rstrip("。")))
        elif lines:
            text = _("有{count}个问题，一个也不会导入。请改好表格后重新选择。")
            self.said.setText(text.format(count=len(lines)))

    def _failed(self, error: DeskError) -> None:
        self._tell_problems(ImportReport(), [])
        self._sound = False
        self._refresh()
        self.said.setText(error.say())

    def _refresh(self, *, busy: bool = False) -> None:
        for button in (self.choose_button, self.template_button):
            button.setEnabled(not busy)
        for widget in (self.bar, self.cancel_button):
            widget.setVisible(busy)
        undecided = bool(self.twin_model.undecided)
        self.problem_list.setVisible(self.problem_model.rowCount() > 0)
        self._twin_box.setVisible(self.twin_model.rowCount() > 0)
        self.faults_button.setEnabled(not busy and (bool(self._problems) or undecided))
        self.import_button.setEnabled(self._sound and not undecided and not busy)


def _counts(report: ImportReport) -> str:
    text = _("新建{new}个，更新{updated}个，跳过{skipped}个（一人一档{full}个，活动登记{light}个）。")
    names = ("new", "updated", "skipped", "full", "light")
    return text.format(**{name: getattr(report, name) for name in names})


def _line(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets in a row; None is the room between them."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
