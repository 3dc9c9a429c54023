"""设置 through its own doors: each section, with and without the right."""

from datetime import date, datetime
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.settings_page import SettingsPage
from tests.db.test_bookings import booking
from tests.stations import at_desk, with_everyone


def opened(desk: Desk, jobs: Jobs, qtbot: QtBot, section: str) -> tuple[SettingsPage, Any]:
    page = SettingsPage(desk, jobs)
    desk.watch(lambda _tables: jobs.run(page, lambda: None, lambda _none: page.reload()))
    qtbot.addWidget(page)
    page.resize(1100, 800)
    page.show()
    page.open_section(section)
    qtbot.waitUntil(lambda: jobs.idle)
    return page, page._made[section]


def form_of(section: Any, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in section.findChildren(FormDialog)))
    return next(d for d in section.findChildren(FormDialog) if d.isVisible())


def test_a_room_is_added_and_changed(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    _page, section = opened(desk, jobs, qtbot, "rooms")
    section.new()
    dialog = form_of(section, qtbot)
    dialog._form.editor("name").setText("书法室")
    dialog._form.editor("capacity").setText("0")
    dialog.save()
    assert "不能小于1" in dialog._form._problems["capacity"].text()
    dialog._form.editor("capacity").setText("18")
    with qtbot.waitSignal(section.said):
        dialog.save()
    room = next(r for r in desk.rooms.all_rooms() if r.name == "书法室")
    assert (room.capacity, room.hours) == (18, None)
    qtbot.waitUntil(lambda: jobs.idle and section.pane.model.rowCount() == 13)


def test_the_profile_is_saved_from_the_page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    _page, section = opened(desk, jobs, qtbot, "station")
    section.form.editor("cutoff_day").setText("25")
    section.form.editor("area").setText("20.5")
    section.form.editor("phone").setText("")
    section.save()
    assert section.form._problems["phone"].text() == "请填写办公电话。"
    section.form.editor("phone").setText("0991-1112223")
    with qtbot.waitSignal(section.said):
        section.save()
    qtbot.waitUntil(lambda: jobs.idle)
    assert desk.station.profile().cutoff_day == 25
    qtbot.waitUntil(lambda: "小于30㎡" in section.note.text())


def test_a_closure_says_whom_it_hits_and_goes_again(
    desk: Desk, jobs: Jobs, qtbot: QtBot, answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    _page, section = opened(desk, jobs, qtbot, "closures")
    monkeypatch.setattr("stationdesk.ui.sections.tell", lambda _parent, _title, text: told.append(text))
    desk.bookings.book(booking(desk, "手工室", 25, 10))
    section.new()
    dialog = form_of(section, qtbot)
    dialog._form.editor("start").set_value(datetime(2026, 11, 25, 9))
    dialog._form.editor("end").set_value(datetime(2026, 11, 25, 12))
    dialog._form.editor("reason").setText("消毒")
    with qtbot.waitSignal(section.said):
        dialog.save()
    qtbot.waitUntil(lambda: bool(told))
    assert "手工室 2026-11-25 10:00" in told[0]
    qtbot.waitUntil(lambda: jobs.idle and section.pane.model.rowCount() == 1)
    section.pane.select(section.pane.model.id_at(0))
    answers.append("yes")
    section.remove()
    qtbot.waitUntil(lambda: jobs.idle and section.pane.model.rowCount() == 0)


def test_missing_holiday_years_are_said(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    _page, section = opened(desk, jobs, qtbot, "holidays")
    qtbot.waitUntil(lambda: "还没有录入：2027年" in section.notice.text())
    section.new()
    dialog = form_of(section, qtbot)
    dialog._form.editor("day").set_value(date(2027, 1, 1))
    dialog._form.editor("name").setText("元旦")
    with qtbot.waitSignal(section.said):
        dialog.save()
    qtbot.waitUntil(lambda: jobs.idle and "还没有录入" not in section.notice.text())


def test_staff_communities_backups_and_program_open(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    page, section = opened(desk, jobs, qtbot, "staff")
    page.arrive(desk.actor.staff_id)
    dialog = form_of(section, qtbot)
    assert dialog._form.editor("name").value() == "赛乃姆·托合提"
    dialog.close()
    page.open_section("communities")
    page.open_section("preferences")
    page.open_section("backup")
    backups = page._made["backup"]
    with qtbot.waitSignal(backups.said):
        backups.make(None)
    qtbot.waitUntil(lambda: jobs.idle and "编号1" in backups.last.text())


def test_without_the_right_one_looks_only(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    clerk = at_desk(data, names[Role.CLERK])
    page, section = opened(clerk, jobs, qtbot, "rooms")
    assert not section.add.isVisible()
    section.open_record(section.pane.model.id_at(0))
    dialog = form_of(section, qtbot)
    assert not dialog._form.editor("name").isEnabled()
    dialog.close()
    page.open_section("station")
    qtbot.waitUntil(lambda: jobs.idle)
    assert not page._made["station"].save_button.isVisible()
    assert page.open_section("backup") is None
    qtbot.waitUntil(lambda: jobs.idle)
    clerk.close()


class Strays(QObject):
    """Sees buttons and ticks that come up as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QAbstractButton) and watched.isWindow():
            self.seen.append(watched.text())
        return False


@pytest.mark.parametrize("role", list(Role))
def test_no_button_is_a_window_of_its_own(role: Role, desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    person = at_desk(data, names[role])
    strays = Strays()
    QApplication.instance().installEventFilter(strays)  # type: ignore[union-attr]
    page = SettingsPage(person, jobs)
    qtbot.addWidget(page)
    page.show()
    for row in range(page.sections.count()):
        page.sections.setCurrentRow(row)
        qtbot.waitUntil(lambda: jobs.idle)
    QApplication.instance().removeEventFilter(strays)  # type: ignore[union-attr]
    assert strays.seen == []
    person.close()
