"""工作台: what is due, one step from its record."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.ui.home import HomePage
from stationdesk.ui.jobs import Jobs
from tests.activities import planned, screened
from tests.db.test_bookings import booking


def shown(desk: Desk, jobs: Jobs, qtbot: QtBot) -> HomePage:
    # Whoever is not screened is due by itself.
    screened(desk)
    page = HomePage(desk, jobs)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitUntil(lambda: jobs.idle)
    return page


def test_a_due_line_leads_to_its_booking(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    past = desk.bookings.book(booking(desk, "手工室", 23, 10))
    page = shown(desk, jobs, qtbot)
    assert page.due.list.count() == 1
    assert "请登记实到人数" in page.due.list.item(0).text()
    page.due.list.setCurrentRow(0)
    with qtbot.waitSignal(page.went) as went:
        page.due.list.itemActivated.emit(page.due.list.item(0))
    assert went.args == ["bookings", past]


def test_a_bar_of_the_timeline_opens_its_booking(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    number = desk.bookings.book(booking(desk, "手工室", 24, 16))
    page = shown(desk, jobs, qtbot)
    page.timeline.grab()
    bar, row = page.timeline._bars[0]
    assert row.id == number
    with qtbot.waitSignal(page.timeline.opened) as opened:
        QTest.mouseClick(page.timeline, Qt.MouseButton.LeftButton, pos=bar.center())
    assert opened.args == [number]


def test_an_empty_day_says_so(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    page = shown(desk, jobs, qtbot)
    assert not page.due.list.isVisible()
    assert page.due._none.text() == "没有到期的事情。"
    assert page.day.text().startswith("2026年11月24日")


def test_it_follows_what_is_saved(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    page = shown(desk, jobs, qtbot)
    desk.bookings.book(booking(desk, "手工室", 26, 10))
    page.touched(frozenset({"booking"}))
    qtbot.waitUntil(lambda: page.coming.list.count() == 1)
    assert "11月26日" in page.coming.list.item(0).text()
    page.touched(frozenset({"nothing"}))
    assert datetime(2026, 11, 24) < desk.clock()


def test_the_next_activity_and_those_nobody_has_closed(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    past, coming = planned(desk, datetime(2026, 11, 23, 10)), planned(desk, datetime(2026, 11, 28, 10), title="运动会")
    page = shown(desk, jobs, qtbot)
    assert page.next_session.text() == "下次活动：11月28日 周六 10:00 运动会 手工室"
    with qtbot.waitSignal(page.went) as went:
        QTest.mouseClick(page.next_session, Qt.MouseButton.LeftButton)
    assert went.args == ["activities", coming]
    # The room of a session is asked for once, with its session.
    assert [page.due.list.item(row).text() for row in range(page.due.list.count())] == [
        "2026-11-23 活动“彩泥手工课”已结束，请点名并结束这一场"
    ]
    with qtbot.waitSignal(page.went) as went:
        page.due.list.itemActivated.emit(page.due.list.item(0))
    assert went.args == ["activities", past]
