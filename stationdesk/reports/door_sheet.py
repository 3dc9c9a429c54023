"""What hangs at a room's door, and the week of all rooms on one sheet (P04)."""

from collections.abc import Sequence
from datetime import date, timedelta

from stationdesk.i18n import _
from stationdesk.records.bookings import BookingRow, BookingStatus
from stationdesk.records.calendar import long_day, short_day, weekday_name
from stationdesk.records.rooms import Privacy, Room
from stationdesk.records.schedule import MASKED_TITLE
from stationdesk.reports.document import Align, Column, Document, Heading, Row, Table, Text

_SHOWN = (BookingStatus.CONFIRMED, BookingStatus.IN_USE, BookingStatus.DONE)


def day_text(day: date) -> str:
    """`周一 11月23日`."""
    return f"{weekday_name(day)} {short_day(day)}"


def _title(room: Room, row: BookingRow) -> str:
    """What a passer-by may read: of a masked room only that it is taken, whoever prints the sheet."""
    return _(MASKED_TITLE) if room.privacy is Privacy.MASKED or row.masked else row.title


def door_sheet(room: Room, rows: Sequence[BookingRow], first: date, days: int, *, mark: str = "") -> Document:
    """The bookings of one room from `first` on for `days` days, in large type."""
    own = [row for row in rows if row.room_id == room.id and row.status in _SHOWN]
    lines = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        found = sorted((row for row in own if row.start.date() == day), key=lambda row: row.start)
        for place, row in enumerate(found):
            cells = (day_text(day) if place == 0 else "", f"{row.start:%H:%M}-{row.end:%H:%M}", _title(room, row))
            lines.append(Row(cells))
        if not found:
            lines.append(Row((day_text(day), "", _("无预约"))))
    last = first + timedelta(days=days - 1)
    span = long_day(first) if days == 1 else f"{long_day(first)}—{long_day(last)}"
    columns = (Column(_("日期"), 2.1, Align.CENTER), Column(_("时间"), 1.7, Align.CENTER), Column(_("事由"), 3.6))
    return Document(
        title=_("房间门口预约表"),
        parts=(Heading(room.name, 0), Text(span, 16, Align.CENTER), Table(columns, tuple(lines), 16, 30)),
        mark=mark,
        foot=_("如有变动以工作人员通知为准"),
    )


def week_sheet(rooms: Sequence[Room], rows: Sequence[BookingRow], monday: date, *, mark: str = "") -> Document:
    """All rooms over one week on a landscape sheet: a row a room, a column a day; the paper backup."""
    days = [monday + timedelta(days=n) for n in range(7)]
    lines = []
    for room in rooms:
        cells = [room.name]
        for day in days:
            found = sorted(
                (r for r in rows if r.room_id == room.id and r.start.date() == day and r.status in _SHOWN),
                key=lambda r: r.start,
            )
            cells.append("\n".join(f"{r.start:%H:%M}-{r.end:%H:%M}\n{_title(room, r)}" for r in found))
        lines.append(Row(tuple(cells)))
    columns = (Column(_("场地"), 1.2), *(Column(day_text(day), 1.25) for day in days))
    title = _("场地使用周表（{first}—{last}）").format(first=long_day(days[0]), last=long_day(days[-1]))
    return Document(
        title=_("场地使用周表"),
        parts=(Heading(title, 1), Table(columns, tuple(lines), 9, 36)),
        landscape=True,
        mark=mark,
    )
