"""Activities on paper: the sheet to sign, the record of a session, the calendar for families."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.session_prints import calendar_month, next_month
from stationdesk.reports.activity_calendar import FORM as CALENDAR
from stationdesk.reports.activity_calendar import activity_calendar
from stationdesk.reports.activity_record import FORM as RECORD
from stationdesk.reports.activity_record import activity_record
from stationdesk.reports.document import Document
from stationdesk.reports.sign_in_sheet import FORM as SIGN_IN
from stationdesk.reports.sign_in_sheet import sign_in_sheet
from stationdesk.ui.actions import action
from stationdesk.ui.dialogs import tell
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page import Page
from stationdesk.ui.print_choice import PrintChoice, file_name, imprint_of
from stationdesk.ui.printing import PrintDialog, noting

if TYPE_CHECKING:
    from stationdesk.reports.pdf import Rendered

# A document, the name of its file, and of how many records it is.
Made = tuple[Document, str, int]
_NONE_CHOSEN = N_("请先在列表里选一场活动。")
_MONTHS = 12


class ActivityPrints(Page):
    """The prints of the page of activities, which says which session is meant."""

    def current_session(self) -> int | None:
        """The session the keys and buttons mean."""
        return None

    @action(N_("签到表"), "Ctrl+P", "printer", Right.SEE_ACTIVITIES)
    def print_sign_in(self) -> None:
        """The sheet to sign of the chosen session."""
        desk = self.desk

        def make(session_id: int) -> Made:
            sheet = desk.session_prints.sign_in(session_id)
            name = f"{_(SIGN_IN)} {sheet.row.start:%Y-%m-%d}"
            return sign_in_sheet(sheet, imprint_of(desk)), name, len(sheet.lines)

        self._print(_(SIGN_IN), "attendance", make)

    @action(N_("活动记录表"), "", "file-text", Right.SEE_ACTIVITIES, toolbar=False)
    def print_record(self) -> None:
        """The record of the chosen session, with the photos that may be shown to others."""
        desk = self.desk

        def make(session_id: int) -> Made:
            record = desk.session_prints.record(session_id)
            name = f"{_(RECORD)} {record.row.start:%Y-%m-%d}"
            return activity_record(record, imprint_of(desk), desk.station.profile().phone), name, 1

        self._print(_(RECORD), "activity_session", make)

    @action(N_("活动日历…"), "", "calendar-days", Right.SEE_ACTIVITIES)
    def print_calendar(self) -> None:
        """The calendar of a month for the wall."""
        CalendarDialog(self.desk, self.jobs, self).open()

    def _print(self, title: str, kind: str, make: Callable[[int], Made]) -> None:
        session_id = self.current_session()
        if session_id is None:
            tell(self, title, _(_NONE_CHOSEN))
            return
        show(self.desk, self.jobs, self, title, kind, lambda: make(session_id))


class CalendarDialog(PrintChoice):
    """Which month's calendar is printed."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: Page) -> None:
        super().__init__(desk, jobs, _(CALENDAR), parent)
        today = desk.clock().date()
        month = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
        choices = []
        for _place in range(_MONTHS):
            choices.append(
                ((month.year, month.month), _("{year}年{month}月").format(year=month.year, month=month.month))
            )
            month = next_month(month)
        self.months = ChoiceEditor(choices, self)
        self.months.setAccessibleName(_("月份"))
        self.months.set_value(calendar_month(today))
        self.form.addRow(_("月份"), self.months)
        self.add_buttons((_("返回"), self.reject, False), (_("打印…"), self.print_out, True))

    def print_out(self) -> None:
        """Show the pages of the chosen month."""
        desk, (year, month) = self.desk, self.months.value()

        def make() -> Made:
            entries = desk.session_prints.calendar(year, month)
            mark = _("演示") if desk.demo else ""
            document = activity_calendar(entries, year, month, desk.station.profile(), mark=mark)
            return document, f"{_(CALENDAR)} {year}-{month:02d}", len(entries)

        show(desk, self.jobs, self.owner, _(CALENDAR), "activity_session", make)
        self.accept()


def show(desk: Desk, jobs: Jobs, owner: QWidget, title: str, kind: str, make: Callable[[], Made]) -> None:
    """Draw a document beside the window and show its pages; when they are printed or saved it is noted of
    how many records of `kind` they are."""

    def work() -> "tuple[Rendered, str, int]":
        from stationdesk.reports.pdf import to_pdf

        document, name, count = make()
        return to_pdf(document), file_name(name), count

    def shown(found: "tuple[Rendered, str, int]") -> None:
        rendered, name, count = found
        PrintDialog(rendered.data, name, rendered.missing, owner, noting(desk, jobs, owner, kind, count)).open()

    def failed(error: DeskError) -> None:
        tell(owner, title, error.say())

    jobs.run(owner, work, shown, failed)
