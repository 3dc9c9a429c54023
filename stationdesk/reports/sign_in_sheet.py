"""The sheet to sign at a session (P05): on the day signatures, afterwards what the organiser checks."""

from datetime import datetime

from stationdesk.i18n import N_, _
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.calendar import long_day, weekday_name
from stationdesk.records.session_prints import SignInLine, SignInSheet
from stationdesk.records.sessions import SessionRow, SessionStatus
from stationdesk.reports.document import (
    Align,
    Column,
    Document,
    Heading,
    HeadLine,
    Part,
    Row,
    Space,
    Table,
    Text,
)
from stationdesk.reports.imprint import Imprint
from stationdesk.reports.records import Cell, card, card_rows

FORM = N_("活动签到表")
SPARE_ROWS, SPARE_HELPERS = 10, 3
# High enough to sign in.
_SIGNED = 27.0
_CHECKED = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY, AttendanceState.ABSENT)


def sign_in_sheet(sheet: SignInSheet, imprint: Imprint) -> Document:
    """One session's sheet, on landscape pages; the children's numbers are those of the screen."""
    parts: list[Part] = [
        Heading(_(FORM), 0),
        HeadLine(imprint.station, "", _numbers(sheet)),
        _head(sheet.row),
        Space(2),
    ]
    rows = [_row(line) for line in sheet.lines] + [_spare(number) for number in range(1, SPARE_ROWS + 1)]
    parts.append(Table(_columns(), tuple(rows), 9, _SIGNED))
    if sheet.left_out:
        text = _("另有{count}名报名的孩子不在您的查看范围，未列入本表。")
        parts.append(Text(text.format(count=sheet.left_out), 9))
    parts += [Space(2), _heads(sheet), Space(2), _helpers(sheet), Space(2)]
    parts.append(Text(_("组织者签名：＿＿＿＿＿＿＿＿＿＿　　核对日期：＿＿＿＿年＿＿月＿＿日")))
    parts.append(Text(_("没有印出姓名的孩子写在“补”字行里。家长的姓名和电话已遮盖，需要联系时在程序里查。"), 9))
    return Document(title=_(FORM), parts=tuple(parts), landscape=True, mark=imprint.mark, head=imprint.line())


def when_held(start: datetime, end: datetime) -> str:
    """`2026年11月25日（周三）10:00—11:00`."""
    day = start.date()
    return f"{long_day(day)}（{weekday_name(day)}）{start:%H:%M}—{end:%H:%M}"


def _numbers(sheet: SignInSheet) -> str:
    waiting = sum(line.state is AttendanceState.WAITING for line in sheet.lines)
    placed = _("报名{count}人").format(count=len(sheet.lines) - waiting)
    queue = _("候补{count}人").format(count=waiting)
    return f"{placed}　{queue}" if waiting else placed


def _head(row: SessionRow) -> Table:
    cells = [
        Cell(_("活动"), row.title),
        Cell(_("第几场"), _("第{number}场").format(number=row.seq)),
        Cell(_("时间"), when_held(row.start, row.end)),
        Cell(_("地点"), row.place_name or ""),
        Cell(_("现场负责人"), row.responsible_name or "", wide=True),
    ]
    return card(card_rows(cells))


def _columns() -> tuple[Column, ...]:
    center = Align.CENTER
    return (
        Column(_("序号"), 0.55, center),
        Column(_("姓名"), 2.2),
        Column(_("性别"), 0.55, center),
        Column(_("年龄"), 0.55, center),
        Column(_("家长姓名／电话"), 1.6),
        Column(_("签到时间"), 1.0),
        Column(_("签名"), 1.4),
        Column(_("离开时间"), 1.0),
        Column(_("接送人签名"), 1.4),
        Column(_("组织者核对（活动后）"), 2.1),
    )


def _row(line: SignInLine) -> Row:
    number = f"{line.number}\n{line.state.label}" if line.state is AttendanceState.WAITING else str(line.number)
    guardian = "\n".join(text for text in (line.guardian_name, line.guardian_phone) if text)
    sex = line.sex.label if line.sex is not None else ""
    age = str(line.age) if line.age is not None else ""
    cells = (number, line.name, sex, age, guardian, "", "", "", "", _checked(line))
    return Row(cells)


def _spare(number: int) -> Row:
    """A line for who comes without having signed up; it has no number of the list."""
    return Row((_("补{number}").format(number=number), *("",) * 8, _checked(None)))


def _checked(line: SignInLine | None) -> str:
    """The boxes the organiser ticks; those known already are filled."""
    boxes = [_box(state.label, filled=line is not None and line.state is state) for state in _CHECKED]
    alone = _box(_("家长陪同"), filled=line is not None and line.guardian_present)
    return f"{' '.join(boxes)}\n{alone}"


def _box(text: str, *, filled: bool) -> str:
    return f"{'■' if filled else '□'}{text}"


def _heads(sheet: SignInSheet) -> Table:
    """The heads without a name; of a session that is over those that were counted."""
    over = sheet.row.status is SessionStatus.DONE
    blank = "＿＿＿"
    children = str(sheet.headcount_children) if over else blank
    adults = str(sheet.headcount_adults) if over else blank
    text = _("未登记儿童{children}人　　成人{adults}人").format(children=children, adults=adults)
    label, value = Column("", 1, label=True), Column("", 5)
    return Table((label, value), (Row((_("未登记的人数"), text)),), headed=False, least_height=_SIGNED)


def _helpers(sheet: SignInSheet) -> Table:
    center = Align.CENTER
    columns = (
        Column(_("志愿者姓名"), 2.4),
        Column(_("服务内容"), 1.2),
        Column(_("服务时间（从—至）"), 1.8, center),
        Column(_("实到时间"), 1.2),
        Column(_("离开时间"), 1.2),
        Column(_("签名"), 2.0),
    )
    rows = [
        Row((helper.volunteer_name, helper.work.label, f"{helper.start:%H:%M}—{helper.end:%H:%M}", "", "", ""))
        for helper in sheet.volunteers
    ]
    rows += [Row(("",) * len(columns))] * SPARE_HELPERS
    return Table(columns, tuple(rows), 9, _SIGNED)
