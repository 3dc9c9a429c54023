"""Bookings to paper, to sheets, to other calendars and from them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Problem, StorageTrouble
from stationdesk.i18n import N_, _
from stationdesk.imports import import_calendar
from stationdesk.records.audit import Action
from stationdesk.records.bookings import BookingQuery, BookingRow
from stationdesk.reports.document import Document
from stationdesk.ui.dialogs import ask, tell
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.printing import PrintDialog, noting, save_as

_MOST_LINES = 20


def _moment(day: date) -> datetime:
    return datetime.combine(day, time())


def print_sheets(page: QWidget, desk: Desk, jobs: Jobs, room_id: int | None, day: date) -> None:
    """Ask which sheet, then show it."""
    monday = day - timedelta(days=day.weekday())
    kinds = {"week": _("门口周表"), "day": _("门口日表"), "all": _("全部场地周表"), "": _("返回")}
    kind = ask(page, _("打印场地表"), _("要打印哪一种？门口表只印当前选中的场地。"), kinds)
    if not kind:
        return

    def work() -> tuple[bytes, tuple[str, ...]]:
        from stationdesk.reports.pdf import to_pdf

        rendered = to_pdf(_sheet(desk, kind, room_id, day, monday))
        return rendered.data, rendered.missing

    title = _("场地预约表")
    name = f"{title}_{monday.isoformat()}.pdf"
    note = noting(desk, jobs, page, "sheet", 1)
    jobs.run(page, work, lambda found: PrintDialog(found[0], name, found[1], page, note).open())


def _sheet(desk: Desk, kind: str, room_id: int | None, day: date, monday: date) -> Document:
    from stationdesk.reports.door_sheet import door_sheet, week_sheet

    first, days = (day, 1) if kind == "day" else (monday, 7)
    rows = desk.bookings.between(_moment(first), _moment(first + timedelta(days=days)))
    mark = _("演示") if desk.demo else ""
    if kind == "all":
        return week_sheet(desk.rooms.all_rooms(), rows, monday, mark=mark)
    return door_sheet(desk.rooms.load(room_id or 0), rows, first, days, mark=mark)


def export_bookings(page: QWidget, desk: Desk, jobs: Jobs, day: date, said: Callable[[str], object]) -> None:
    """Ask for what and which month, then save it."""
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1)
    text = _("导出{month}的预约：").format(month=f"{first:%Y-%m}")
    kind = ask(page, _("导出"), text, {"ics": _("日历文件 .ics"), "xlsx": _("Excel 列表"), "": _("返回")})
    if not kind:
        return

    def work() -> tuple[bytes, int]:
        if kind == "ics":
            from stationdesk.reports import calendars

            rows = desk.bookings.between(_moment(first), _moment(last))
            return calendars.write(rows, desk.station_name), len(rows)
        from stationdesk.reports.sheets import rows_to_xlsx

        ids = desk.bookings.find(BookingQuery(start=_moment(first), end=_moment(last)))
        out = BytesIO()
        rows_to_xlsx(BookingRow, desk.bookings.rows(ids), out, private=True)
        return out.getvalue(), len(ids)

    def save(found: tuple[bytes, int]) -> None:
        kinds = {"ics": "iCalendar (*.ics)", "xlsx": "Excel (*.xlsx)"}
        title = _("场地预约")
        if save_as(page, f"{title}_{first:%Y-%m}.{kind}", kinds[kind], found[0]):
            noting(desk, jobs, page, "calendar" if kind == "ics" else "list", found[1])(Action.EXPORT)
            said(_("预约已导出"))

    jobs.run(page, work, save)


def import_bookings(page: QWidget, desk: Desk, jobs: Jobs, said: Callable[[str], object]) -> None:
    """Ask for a calendar file; book all its events or none, and list what is wrong by event."""
    chosen, _kind = QFileDialog.getOpenFileName(page, _("导入日历文件"), "", "iCalendar (*.ics)")
    if not chosen:
        return

    def failed(error: DeskError) -> None:
        lines = error.say().split("\n")
        shown = lines[:_MOST_LINES]
        if len(lines) > _MOST_LINES:
            shown.append(_("……另有{count}个问题").format(count=len(lines) - _MOST_LINES))
        tell(page, _("没有导入"), "\n".join([_("日历文件里有问题，一个预约也没有导入："), *shown]))

    def then(count: int) -> None:
        said(_("已导入{count}个预约").format(count=count))

    said(_("正在导入，请稍候……"))
    jobs.run(page, lambda: import_file(desk, Path(chosen)), then, failed)


def import_file(desk: Desk, path: Path) -> int:
    """Book the events of a calendar file, all or none; returns how many. Raises `Refused`."""
    try:
        data = path.read_bytes()
    except OSError as unread:
        raise StorageTrouble(Problem("", N_("文件读不出来，请检查后再导入。"))) from unread
    return import_calendar(desk, data)
