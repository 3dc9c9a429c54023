"""The diary through the window: mouse and keys, conflicts, series, masks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.bookings import Booking, BookingQuery, BookingStatus, Purpose
from stationdesk.records.calendar import Span, new_uuid
from stationdesk.records.rooms import Room
from stationdesk.ui.booking_form import BookingDialog
from stationdesk.ui.bookings import DAY, LIST, MONTH, WEEK, BookingsPage
from stationdesk.ui.jobs import Jobs
from tests.activities import planned, screened
from tests.stations import at_desk, with_everyone

LEFT = Qt.MouseButton.LeftButton


def room(desk: Desk, name: str) -> Room:
    return next(r for r in desk.rooms.all_rooms() if r.name == name)


def put(desk: Desk, name: str, day: int, start: float, hours: float = 1, title: str = "绘画小组") -> int:
    begin = datetime(2026, 11, day) + timedelta(hours=start)
    return desk.bookings.book(
        Booking(
            room_id=room(desk, name).id or 0,
            start=begin,
            end=begin + timedelta(hours=hours),
            title=title,
            responsible_id=desk.actor.staff_id,
        )
    )


@pytest.fixture
def page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> Iterator[BookingsPage]:
    put(desk, "多功能活动室", 25, 10)
    found = BookingsPage(desk, jobs)
    unwatch = desk.watch(lambda tables: jobs.run(found, lambda: tables, found.touched))
    qtbot.addWidget(found)
    found.resize(1200, 900)
    found.show()
    settle(found, qtbot)
    found.room.set_value(room(desk, "多功能活动室").id)
    settle(found, qtbot)
    yield found
    unwatch()


def settle(page: BookingsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.jobs.idle and not page._gather.isActive())


def dialog(page: BookingsPage, qtbot: QtBot) -> BookingDialog:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(BookingDialog)))
    return next(d for d in page.findChildren(BookingDialog) if d.isVisible())


def rows(desk: Desk) -> list[tuple[str, str, BookingStatus]]:
    found = desk.bookings.rows(desk.bookings.find(BookingQuery()))
    return [(f"{r.start:%m-%d %H:%M}", f"{r.end:%H:%M}", r.status) for r in found]


def cell(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""


def drag(widget: Any, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(widget, start + (end - start) / 2)
    QTest.mouseMove(widget, end)
    QTest.mouseRelease(widget, LEFT, Qt.KeyboardModifier.NoModifier, end)


def test_drag_on_empty_ground_opens_the_form_with_the_time(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    canvas = page.grid.canvas
    top, bottom = canvas.rect_of(3, Span(1020, 1035)), canvas.rect_of(3, Span(1095, 1110))
    drag(canvas, top.center(), QPoint(bottom.center().x(), canvas.y_of(1110)))
    form = dialog(page, qtbot)
    form.form.editor("title").setText("家长课堂")
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(rows(desk)) == 2)
    assert rows(desk)[1] == ("11-26 17:00", "18:30", BookingStatus.CONFIRMED)
    settle(page, qtbot)


def test_drag_moves_and_resizes_in_quarters(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    canvas = page.grid.canvas
    card = next(iter(canvas.cards.values()))
    to = canvas.rect_of(4, Span(1080, 1140))
    drag(card, QPoint(20, 5), card.mapFromParent(QPoint(to.left() + 20, to.top() + 8)))
    qtbot.waitUntil(lambda: rows(desk) == [("11-27 18:00", "19:00", BookingStatus.CONFIRMED)])
    settle(page, qtbot)
    card = next(iter(canvas.cards.values()))
    down = canvas.hour_height // 2 + 2
    edge = QPoint(20, card.height() - 2)
    drag(card, edge, edge + QPoint(0, down))
    qtbot.waitUntil(lambda: rows(desk) == [("11-27 18:00", "19:30", BookingStatus.CONFIRMED)])
    settle(page, qtbot)


def test_a_refused_move_snaps_back_and_says_why(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    put(desk, "多功能活动室", 26, 10, title="家长课堂")
    page.reload()
    settle(page, qtbot)
    canvas = page.grid.canvas
    card = next(c for c in canvas.cards.values() if c.row.title == "绘画小组")
    place = (card.column, card.row.start)
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "家长课堂" in page._callout.text())
    settle(page, qtbot)
    card = next(c for c in canvas.cards.values() if c.row.title == "绘画小组")
    assert (card.column, card.row.start) == place
    assert rows(desk)[0][0] == "11-25 10:00"


def test_keys_make_move_lengthen_and_cancel(page: BookingsPage, qtbot: QtBot, desk: Desk, answers: list[Any]) -> None:
    canvas = page.grid.canvas
    card = next(iter(canvas.cards.values()))
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: rows(desk) == [("11-25 10:15", "11:15", BookingStatus.CONFIRMED)])
    settle(page, qtbot)
    card = next(iter(canvas.cards.values()))
    QTest.keyClick(card, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: rows(desk) == [("11-25 10:15", "11:30", BookingStatus.CONFIRMED)])
    settle(page, qtbot)
    card = next(iter(canvas.cards.values()))
    answers.append("老师请假")
    with qtbot.waitSignal(page.done) as undone:
        QTest.keyClick(card, Qt.Key.Key_Delete)
    assert rows(desk)[0][2] is BookingStatus.CANCELLED
    assert undone.args is not None
    undone.args[1]()
    assert rows(desk)[0][2] is BookingStatus.CONFIRMED
    settle(page, qtbot)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert dialog(page, qtbot).form.editor("start").value() == datetime(2026, 11, 24, 10)


def test_form_says_each_problem_under_its_field(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    page.new()
    form = dialog(page, qtbot)
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert form.form._problems["title"].text() == "请填写事由。"
    form.form.editor("title").setText("读书会")
    form.form.editor("start").set_value(datetime(2026, 11, 25, 10, 30))
    form.form.editor("end").set_value(datetime(2026, 11, 25, 11, 30))
    form.save()
    qtbot.waitUntil(lambda: "绘画小组" in form.form._problems["start"].text())
    assert form.form.editor("title").value() == "读书会"
    assert len(rows(desk)) == 1
    settle(page, qtbot)


def test_series_previews_every_date_and_skips_conflicts(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    page.show_day(date(2026, 11, 25))
    settle(page, qtbot)
    page._new(room(desk, "多功能活动室").id, datetime(2026, 11, 25, 10), datetime(2026, 11, 25, 11))
    form = dialog(page, qtbot)
    form.form.editor("title").setText("每周课堂")
    assert form.box is not None
    form.box.repeat.setChecked(True)
    form.box.rule.editor("until").set_value(date(2026, 12, 16))
    qtbot.waitUntil(lambda: form.box is not None and form.box.table.rowCount() == 4)
    assert [cell(form.box.table, row, 1) for row in range(4)] == ["冲突", "好", "好", "好"]
    assert "绘画小组" in cell(form.box.table, 0, 2)
    form.box.skip.setChecked(True)
    form.save()
    qtbot.waitUntil(lambda: len(rows(desk)) == 4)
    assert [row[0] for row in rows(desk)] == ["11-25 10:00", "12-02 10:00", "12-09 10:00", "12-16 10:00"]
    settle(page, qtbot)
    assert "2026-11-25" in page._callout.text()


def test_a_stale_preview_costs_no_date(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    page._new(room(desk, "多功能活动室").id, datetime(2026, 11, 25, 10), datetime(2026, 11, 25, 11))
    form = dialog(page, qtbot)
    assert form.box is not None
    form.form.editor("title").setText("每周课堂")
    form.box.repeat.setChecked(True)
    form.box.skip.setChecked(True)
    form.box.rule.editor("until").set_value(date(2026, 12, 2))
    qtbot.waitUntil(lambda: form.box is not None and form.box.table.rowCount() == 2)
    form.form.editor("start").set_value(datetime(2026, 11, 25, 17))
    form.save()
    qtbot.waitUntil(lambda: len(rows(desk)) == 3)
    assert [row[0] for row in rows(desk)][1:] == ["11-25 17:00", "12-02 17:00"]
    settle(page, qtbot)


def test_an_old_booking_keeps_its_person_and_room(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    head = desk.staff.load(desk.actor.staff_id)
    other = desk.staff.save(replace(head, id=None, uuid=new_uuid(), version=0, name="已离岗的老师"))
    number = put(desk, "手工室", 20, 10)
    desk.bookings.change(replace(desk.bookings.load(number), responsible_id=other))
    desk.staff.save(replace(desk.staff.load(other), left_on=date(2026, 11, 21)))
    desk.rooms.save(replace(room(desk, "手工室"), active=False))
    settle(page, qtbot)
    page._open(number)
    form = dialog(page, qtbot)
    assert form.form.editor("responsible_id").value() == other
    form.form.editor("title").setText("改了事由")
    form.save()
    qtbot.waitUntil(lambda: desk.bookings.load(number).title == "改了事由")
    settle(page, qtbot)


def test_the_cell_cursor_stays_in_sight(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    page.show_view(DAY)
    settle(page, qtbot)
    page.resize(700, 500)
    canvas = page.grid.canvas
    canvas.setFocus()
    for _ in range(11):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert page.grid.area.horizontalScrollBar().value() > 0


def test_series_change_asks_what_it_means(page: BookingsPage, qtbot: QtBot, desk: Desk, answers: list[Any]) -> None:
    test_series_previews_every_date_and_skips_conflicts(page, qtbot, desk)
    second = desk.bookings.find(BookingQuery())[1]
    page._open(second)
    form = dialog(page, qtbot)
    form.form.editor("start").set_value(datetime(2026, 12, 2, 12))
    answers.append("FOLLOWING")
    form.save()
    qtbot.waitUntil(lambda: [row[0] for row in rows(desk)][1:] == ["12-02 12:00", "12-09 12:00", "12-16 12:00"])
    settle(page, qtbot)


def test_counting_closing_and_not_coming(page: BookingsPage, qtbot: QtBot, desk: Desk, answers: list[Any]) -> None:
    early = put(desk, "多功能活动室", 23, 10, title="昨天的课")
    page.reload()
    settle(page, qtbot)
    page.grid.canvas.cards[early].setFocus()
    assert page.actions_by_name["check_out"].isEnabled()
    answers.append(17)
    page.check_out()
    qtbot.waitUntil(lambda: desk.bookings.load(early).status is BookingStatus.DONE)
    assert desk.bookings.load(early).actual_count == 17
    settle(page, qtbot)
    assert not page.actions_by_name["cancel"].isEnabled()


def test_others_see_only_that_a_counselling_room_is_taken(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    put(desk, "心理辅导室", 25, 10, title="张某的辅导")
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    clerk = at_desk(data, names[Role.CLERK])
    page = BookingsPage(clerk, jobs)
    qtbot.addWidget(page)
    page.show()
    settle(page, qtbot)
    page.room.set_value(room(clerk, "心理辅导室").id)
    settle(page, qtbot)
    card = next(iter(page.grid.canvas.cards.values()))
    assert "已预约" in card.accessibleName()
    assert "张某" not in card.accessibleName() + card.toolTip()
    card.setFocus()
    assert not page.actions_by_name["cancel"].isEnabled()
    page.show_view(LIST)
    settle(page, qtbot)
    assert clerk.bookings.find(BookingQuery(words="张某")) == clerk.bookings.find(BookingQuery(words="没有这个"))
    clerk.close()


def test_all_views_open_also_when_there_is_nothing(page: BookingsPage, qtbot: QtBot) -> None:
    page.show_day(date(2027, 3, 1))
    for view in (DAY, MONTH, LIST, WEEK):
        page.show_view(view)
        settle(page, qtbot)
    assert page.grid.canvas.cards == {}
    page.show_view(MONTH)
    settle(page, qtbot)
    page.month.setCurrentCell(0, 2)
    QTest.keyClick(page.month, Qt.Key.Key_Return)
    page.month.cellActivated.emit(0, 2)
    settle(page, qtbot)
    assert page.view == DAY
    assert page.day == date(2027, 3, 3)


def test_next_free_slot_opens_a_form(page: BookingsPage, qtbot: QtBot, answers: list[Any]) -> None:
    answers.append(240)
    page.find_free()
    form = dialog(page, qtbot)
    assert form.form.editor("start").value() == datetime(2026, 11, 24, 16)
    assert form.form.editor("end").value() == datetime(2026, 11, 24, 20)


def test_the_room_of_a_session_is_moved_with_it_and_dealt_with_there(
    page: BookingsPage, qtbot: QtBot, desk: Desk
) -> None:
    number = planned(desk, datetime(2026, 11, 26, 16), "多功能活动室")
    settle(page, qtbot)
    card = next(c for c in page.grid.canvas.cards.values() if c.row.session_id == number)
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: desk.sessions.load(number).start == datetime(2026, 11, 27, 16))
    settle(page, qtbot)
    card = next(c for c in page.grid.canvas.cards.values() if c.row.session_id == number)
    card.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Delete):
        with qtbot.waitSignal(page.went) as went:
            QTest.keyClick(card, key)
        assert went.args == ["activities", number]
    with qtbot.waitSignal(page.went):
        page.actions_by_name["check_out"].trigger()


def test_the_form_says_when_who_is_responsible_is_not_screened(page: BookingsPage, qtbot: QtBot, desk: Desk) -> None:
    page.actions_by_name["new"].trigger()
    form = dialog(page, qtbot).form
    said = form._problems["responsible_id"]
    qtbot.waitUntil(lambda: "没有12个月内“无记录”的从业查询" in said.text())
    form.editor("purpose").set_value(Purpose.MEETING)
    form.editor("purpose").changed.emit()
    qtbot.waitUntil(lambda: not said.text())
    screened(desk)
    form.editor("purpose").set_value(Purpose.CLASS)
    form.editor("purpose").changed.emit()
    settle(page, qtbot)
    assert not said.text()
