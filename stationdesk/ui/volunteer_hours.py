"""Hours of volunteers: everybody's year, and the rules by which hours are recognised."""

from array import array
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.drafts import Draft
from stationdesk.records.shifts import HourRules, RankRow, ranked
from stationdesk.ui.dialogs import tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane


def year_chooser(parent: QWidget, this: int) -> ChoiceEditor:
    """A chooser of years, with this one in it until the others are known."""
    chooser = ChoiceEditor([(this, _("{year}年").format(year=this))], parent)
    chooser.setAccessibleName(_("年份"))
    chooser.setMinimumContentsLength(6)
    chooser.set_value(this)
    return chooser


def offer_years(chooser: ChoiceEditor, years: Sequence[int]) -> None:
    """Offer these years."""
    chooser.set_choices([(year, _("{year}年").format(year=year)) for year in years])


class RankingDialog(QDialog):
    """年度排行: who helped most in a year; to Excel and to paper like any list."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("志愿服务年度排行"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._rows: dict[int, RankRow] = {}
        self.year = year_chooser(self, desk.clock().year)
        self.list = ListPane(
            RankRow,
            self._find,
            self._lines,
            jobs,
            self,
            empty=_("这一年还没有已计入的服务。服务确认以后，或结束活动场次以后，才会计入。"),
            extras=[self.year],
            name=_("志愿服务年度排行"),
            private=True,
            desk=desk,
        )
        self._chosen = desk.clock().year
        self.year.changed.connect(self._choose)
        column = QVBoxLayout(self)
        column.addWidget(self.list)
        metrics = self.fontMetrics()
        room = self.screen().availableGeometry()
        wide, high = metrics.horizontalAdvance("国") * 64, metrics.lineSpacing() * 30
        self.resize(min(wide, room.width() - 80), min(high, room.height() - 100))
        jobs.run(self, desk.shifts.years, lambda years: offer_years(self.year, years))
        self._choose()

    def _choose(self) -> None:
        self._chosen = self.year.value() or self._chosen
        self.list.name = _("{year}年志愿服务排行").format(year=self._chosen)
        self.list.reload()

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        found = ranked(self._desk.shifts.ranking(self._chosen), words, sort, descending=descending)
        self._rows = {row.id: row for row in found}
        return array("q", self._rows)

    def _lines(self, ids: Sequence[int]) -> list[RankRow]:
        rows = self._rows
        return [rows[i] for i in ids if i in rows]


def edit_rules(desk: Desk, jobs: Jobs, parent: QWidget, draft: Draft | None = None) -> None:
    """Ask how hours are recognised."""

    def show(rules: HourRules) -> None:
        drafts = DraftPlace(desk, "volunteers/rules")
        dialog = FormDialog(
            _("时长规则"),
            RecordForm(rules),
            jobs,
            desk.shifts.save_rules,
            parent,
            reload=desk.shifts.rules,
            drafts=drafts,
        )
        if draft is not None:
            dialog.retype(draft)
        dialog.open()

    def failed(error: DeskError) -> None:
        tell(parent, _("时长规则"), error.say())

    jobs.run(parent, desk.shifts.rules, show, failed)
