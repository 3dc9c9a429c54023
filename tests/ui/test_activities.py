"""活动 through its own doors: planning in one step, changing, calling off, closing, and what is refused."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.activities import ActivityCategory, ActivityForm
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.drafts import Draft
from stationdesk.records.series import Repeat
from stationdesk.records.sessions import Closing, SessionQuery, SessionStatus
from stationdesk.ui.activities import ActivitiesPage
from stationdesk.ui.activity_forms import ActivityDialog, NewActivityDialog
from stationdesk.ui.helper_dialog import HelperDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.session_filters import ALL, CALLED_OFF, NEAR, TO_CLOSE
from stationdesk.ui.session_forms import ClosingDialog, CopyDialog, SessionDialog
from stationdesk.ui.session_view import facts_of
from tests.activities import partner, planned, ready_volunteer, room_id, screened, unscreened, volunteer
from tests.children import filed
from tests.stations import at_desk, with_everyone

TODAY = datetime(2026, 11, 24, 10)
TOMORROW = datetime(2026, 11, 25, 10)


@pytest.fixture
def page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> Iterator[ActivitiesPage]:
    screened(desk)
    found = ActivitiesPage(desk, jobs)
    unwatch = desk.watch(lambda tables: jobs.run(found, lambda: tables, found.touched))
    qtbot.addWidget(found)
    found.resize(1300, 760)
    found.show()
    settle(found, qtbot)
    yield found
    unwatch()


def settle(page: ActivitiesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.jobs.idle and not page._gather.isActive())


def dialog(page: ActivitiesPage, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(QDialog)))
    settle(page, qtbot)
    return next(d for d in page.findChildren(QDialog) if d.isVisible())


def on(page: ActivitiesPage, session_id: int, qtbot: QtBot) -> None:
    settle(page, qtbot)
    page.arrive(session_id)
    settle(page, qtbot)
    assert page.current_session() == session_id


def save_by_keys(form: Any, qtbot: QtBot) -> None:
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def titles(page: ActivitiesPage) -> list[str]:
    return [page.list.model.line_at(row).title for row in range(page.list.model.rowCount())]


def test_a_group_is_planned_with_its_room_and_partners_in_one_step(
    page: ActivitiesPage, desk: Desk, qtbot: QtBot
) -> None:
    women = partner(desk)
    page.actions_by_name["new"].trigger()
    form = dialog(page, qtbot)
    assert isinstance(form, NewActivityDialog)
    assert form.form.editor("leader_id").value() == desk.actor.staff_id
    form.form.editor("title").setText("压力对对碰")
    form.form.editor("form").set_value(ActivityForm.SERIES)
    form.form.editor("category").set_value(ActivityCategory.PSYCH)
    form.form.editor("target").setText("小学生")
    form.session.editor("start").set_value(datetime(2026, 11, 25, 21))
    form.session.editor("room_id").set_value(room_id(desk))
    form.partners.ticks[women].setChecked(True)
    # The room is closed at that hour: said under the start, and nothing is kept.
    save_by_keys(form, qtbot)
    qtbot.waitUntil(lambda: "不在开放时间内" in form.session._problems["start"].text())
    settle(page, qtbot)
    assert desk.sessions.find(SessionQuery()).tolist() == []
    form.session.editor("start").set_value(TOMORROW)
    form.repeat.rule.set_value((Repeat.WEEKLY, 2))
    form.repeat.until.set_value(date(2026, 12, 23))
    assert form._keeper is not None
    typed = form._keeper.state()
    save_by_keys(form, qtbot)
    qtbot.waitUntil(lambda: titles(page) == ["压力对对碰"] * 3)
    settle(page, qtbot)
    assert page.view.seen is not None
    assert page.view.seen.held.start == TOMORROW
    assert page.view.seen.partners == ("甲区妇联",)
    assert [row.place_name for row in desk.sessions.rows(desk.sessions.find(SessionQuery()))] == ["手工室"] * 3
    # Its draft saved once more, the answer having been lost, makes no second: the uuid comes with the draft.
    draft = Draft(
        uuid=page.view.seen.activity.uuid, place="activities/new", title="新活动", record_id=None, state=typed
    )
    page.reopen(draft, "new")
    again = dialog(page, qtbot)
    assert isinstance(again, NewActivityDialog)
    again.save()
    settle(page, qtbot)
    assert not any(one.isVisible() for one in page.findChildren(QDialog))
    assert len(desk.sessions.find(SessionQuery())) == 3


def test_what_a_new_activity_lacks_is_said_under_its_field(page: ActivitiesPage, desk: Desk, qtbot: QtBot) -> None:
    stranger = unscreened(desk)
    page.new()
    form = dialog(page, qtbot)
    form.save()
    assert "请填写活动名称" in form.form._problems["title"].text()
    form.form.editor("title").setText("趣味运动会")
    form.form.editor("target").setText("家庭")
    form.form.editor("category").set_value(ActivityCategory.SPORT)
    form.save()
    assert "须有安全预案" in form.rest._problems["safety_plan"].text()
    assert "请选择功能室，或填写地点" in form.session._problems["place"].text()
    form.form.editor("category").set_value(ActivityCategory.CULTURE)
    form.session.editor("place").setText("红柳社区广场")
    form.form.editor("leader_id").set_value(stranger)
    form.save()
    qtbot.waitUntil(lambda: "冶文秀" in form.form._problems["leader_id"].text())
    assert "从业查询" in form.form._problems["leader_id"].text()
    assert form.isVisible()
    # Half typed, it comes back.
    form.let_go()
    settle(page, qtbot)
    draft: Draft = desk.drafts.mine()[0]
    name, _slash, part = draft.place.partition("/")
    assert name == page.name
    page.reopen(draft, part)
    again = dialog(page, qtbot)
    assert again.form.editor("title").text() == "趣味运动会"
    assert again.session.editor("place").text() == "红柳社区广场"
    again.let_go()


def test_the_chips_say_which_sessions(page: ActivitiesPage, desk: Desk, qtbot: QtBot) -> None:
    planned(desk, TOMORROW, title="明天")
    planned(desk, TODAY, title="今早")
    held = planned(desk, datetime(2026, 11, 2, 10), title="月初")
    desk.sessions.close_session(held, Closing(headcount_children=3))
    off = planned(desk, datetime(2026, 11, 26, 10), title="停了")
    desk.sessions.cancel_session(off, "停电")
    lecture = planned(desk, datetime(2026, 11, 27, 10), title="讲座", form=ActivityForm.LECTURE)
    settle(page, qtbot)
    found = {}
    for chip in (ALL, TO_CLOSE, CALLED_OFF, NEAR):
        QTest.mouseClick(page.filters.chips[chip], Qt.MouseButton.LeftButton)
        settle(page, qtbot)
        found[chip] = titles(page)
    assert found[NEAR] == ["今早", "明天", "讲座"]
    assert found[ALL] == ["月初", "今早", "明天", "停了", "讲座"]
    assert found[TO_CLOSE] == ["今早"]
    assert found[CALLED_OFF] == ["停了"]
    page.filters.form.set_value(ActivityForm.LECTURE)
    settle(page, qtbot)
    assert titles(page) == ["讲座"]
    page.arrive({"activity": desk.sessions.load(held).activity_id})
    settle(page, qtbot)
    assert titles(page) == ["月初"]
    assert "月初" in page.filters.only.text()
    page.filters.only.click()
    settle(page, qtbot)
    assert titles(page) == ["今早", "明天", "讲座"]
    # An activity leads to its sessions.
    page.lists.setCurrentIndex(1)
    page.activity_list.select(desk.sessions.load(lecture).activity_id)
    QTest.keyClick(page.activity_list.table, Qt.Key.Key_Return)
    settle(page, qtbot)
    assert titles(page) == ["讲座"]


def test_a_session_is_moved_with_its_room_and_more_added(page: ActivitiesPage, desk: Desk, qtbot: QtBot) -> None:
    women, number = partner(desk), planned(desk, TOMORROW)
    on(page, number, qtbot)
    page.actions_by_name["edit_session"].trigger()
    form = dialog(page, qtbot)
    assert isinstance(form, SessionDialog)
    form.form.editor("start").set_value(datetime(2026, 11, 26, 9))
    assert form.form.editor("end").value() == datetime(2026, 11, 26, 10)
    form.save()
    qtbot.waitUntil(lambda: "不在开放时间内" in form.form._problems["start"].text())
    # The head may, with a reason.
    form.form.editor("override_reason").setText("学校放假")
    form.save()
    qtbot.waitUntil(lambda: desk.sessions.load(number).start == datetime(2026, 11, 26, 9))
    settle(page, qtbot)
    booked = desk.sessions.load(number).booking_id
    assert booked is not None
    assert desk.bookings.load(booked).start == datetime(2026, 11, 26, 9)
    page.add_session()
    form = dialog(page, qtbot)
    assert form.form.editor("room_id").value() == room_id(desk)
    form.form.editor("start").set_value(datetime(2026, 12, 3, 10))
    form.repeat.rule.set_value((Repeat.WEEKLY, 1))
    form.repeat.until.set_value(date(2026, 12, 1))
    form.save()
    qtbot.waitUntil(lambda: "截止日期" in form.repeat.problem.text())
    form.repeat.until.set_value(date(2026, 12, 10))
    form.save()
    qtbot.waitUntil(lambda: len(titles(page)) == 3)
    settle(page, qtbot)
    assert page.view.seen is not None
    assert (page.view.seen.held.seq, page.view.seen.held.start) == (2, datetime(2026, 12, 3, 10))
    page.actions_by_name["edit_activity"].trigger()
    form = dialog(page, qtbot)
    assert isinstance(form, ActivityDialog)
    form.form.editor("title").setText("剪纸课")
    form.partners.ticks[women].setChecked(True)
    save_by_keys(form, qtbot)
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.partners == ("甲区妇联",))
    assert page.view.title.text().startswith("剪纸课")


def test_a_session_is_put_off_called_off_and_takes_no_names_then(
    page: ActivitiesPage, desk: Desk, qtbot: QtBot, answers: list[Any]
) -> None:
    number = planned(desk, TOMORROW)
    on(page, number, qtbot)
    answers.append("停电")
    with qtbot.waitSignal(page.done) as done:
        page.actions_by_name["cancel_session"].trigger()
    settle(page, qtbot)
    assert desk.sessions.load(number).status is SessionStatus.CANCELLED
    # For a moment it can be taken back: planned as before, in its room.
    assert done.args is not None
    done.args[1]()
    settle(page, qtbot)
    assert desk.sessions.rows([number])[0].place_name == "手工室"
    answers.append("大风")
    page.actions_by_name["postpone_session"].trigger()
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.held.status is SessionStatus.POSTPONED)
    settle(page, qtbot)
    assert "大风" in page.view.state.text()
    enabled = {name for name, item in page.actions_by_name.items() if item.isEnabled()}
    assert not enabled & {"tick", "sign_up", "paper", "close_session", "add_helper", "postpone_session"}
    assert {"edit_session", "cancel_session"} <= enabled
    answers += ["", None]
    page.actions_by_name["cancel_session"].trigger()
    # Without a reason it is refused with a sentence (which is told), and stays as it was.
    qtbot.waitUntil(lambda: answers == [])
    settle(page, qtbot)
    assert desk.sessions.load(number).status is SessionStatus.POSTPONED
    answers.append("改到明年")
    page.actions_by_name["cancel_session"].trigger()
    qtbot.waitUntil(lambda: desk.sessions.load(number).status is SessionStatus.CANCELLED)
    settle(page, qtbot)


def test_an_activity_is_copied_unless_who_leads_it_may_no_more(page: ActivitiesPage, desk: Desk, qtbot: QtBot) -> None:
    unscreened(desk)
    number = planned(desk, TOMORROW)
    on(page, number, qtbot)
    page.actions_by_name["copy"].trigger()
    form = dialog(page, qtbot)
    assert isinstance(form, CopyDialog)
    # Whom nobody has asked about is told apart before somebody chooses them.
    offered = [form.leader.itemText(place) for place in range(form.leader.count())]
    assert any(text.endswith("（站长）") for text in offered)
    assert "冶文秀（社工，没有有效的查询）" in offered
    # Twelve months after the check it no longer holds: who and which day is said.
    form.day.set_value(date(2027, 6, 9))
    QTest.mouseClick(form.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: form.problem.text() != "")
    assert "2027-06-09" in form.problem.text()
    assert "赛乃姆·托合提" in form.problem.text()
    form.day.set_value(date(2026, 12, 2))
    form.save()
    qtbot.waitUntil(lambda: not form.isVisible())
    settle(page, qtbot)
    assert [page.list.model.line_at(0).start] == [TOMORROW + timedelta(weeks=1)]
    assert page.filters.activity_id != desk.sessions.load(number).activity_id


def test_closing_says_why_not_and_then_shows_what_it_amounts_to(
    page: ActivitiesPage, desk: Desk, qtbot: QtBot, answers: list[Any]
) -> None:
    later, number = planned(desk, TOMORROW), planned(desk, TODAY, "国学教室")
    on(page, later, qtbot)
    page.actions_by_name["close_session"].trigger()
    form = dialog(page, qtbot)
    assert isinstance(form, ClosingDialog)
    form.form.editor("headcount_children").setText("5")
    form.save()
    qtbot.waitUntil(lambda: "还没有开始" in form._whole.text())
    form.let_go()
    on(page, number, qtbot)
    page.close_session()
    form = dialog(page, qtbot)
    form.save()
    qtbot.waitUntil(lambda: "没有到场的人" in form.form._problems["headcount_children"].text())
    form.form.editor("headcount_children").setText("5")
    form.form.editor("cost").setText("32.5")
    save_by_keys(form, qtbot)
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.held.status is SessionStatus.DONE)
    settle(page, qtbot)
    assert page.view.tabs.currentIndex() == 2
    assert page.view.seen is not None
    facts = dict(facts_of(page.view.seen))
    assert "合计5人次" in facts["人次"]
    assert (facts["场地使用"], facts["支出"]) == ("60分钟", "32.50元")
    answers.append("yes")
    page.actions_by_name["reopen_session"].trigger()
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.open)
    settle(page, qtbot)


def test_a_helper_is_found_and_who_may_not_help_is_told_why(page: ActivitiesPage, desk: Desk, qtbot: QtBot) -> None:
    ready_volunteer(desk)
    desk.volunteers.save(volunteer("迪丽努尔·阿布都热合曼", phone="13900000009"))
    number = planned(desk, TOMORROW)
    on(page, number, qtbot)
    page.actions_by_name["add_helper"].trigger()
    form = dialog(page, qtbot)
    assert isinstance(form, HelperDialog)
    form.save()
    assert "请填写" in form.form._problems["volunteer_id"].text()
    QTest.keyClicks(form.picker.filter, "dlne")
    qtbot.waitUntil(lambda: "还没有参加过培训" in form.form._problems["volunteer_id"].text())
    assert "从业查询" in form.form._problems["volunteer_id"].text()
    form.picker.filter.clear()
    QTest.keyClicks(form.picker.filter, "ptgl")
    qtbot.waitUntil(lambda: form.picker.list.count() == 1 and form.form._problems["volunteer_id"].text() == "")
    save_by_keys(form, qtbot)
    qtbot.waitUntil(lambda: page.view.seen is not None and len(page.view.seen.shifts) == 1)
    settle(page, qtbot)
    page.view.helpers.table.selectRow(0)
    page.view.helpers.buttons[0].click()
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.shifts[0].did_not_come)
    settle(page, qtbot)


def test_who_withdraws_makes_room_and_it_is_said_for_whom(
    page: ActivitiesPage, desk: Desk, qtbot: QtBot, answers: list[Any]
) -> None:
    first, second = filed(desk, "贺兰朵"), filed(desk, "古丽米热·艾尼")
    number = planned(desk, TOMORROW, quota=1)
    desk.attendance.sign_up(number, [first, second])
    on(page, number, qtbot)
    assert [line.state for line in page.view.names.lines] == [AttendanceState.SIGNED_UP, AttendanceState.WAITING]
    page.view.names.choose(first)
    answers.append("yes")
    with qtbot.waitSignal(page.said) as said:
        page.actions_by_name["withdraw"].trigger()
    assert said.args == ["贺兰朵已退出，古丽米热·艾尼递补"]
    settle(page, qtbot)
    with qtbot.waitSignal(page.went) as went:
        page.view.names.opened.emit()
    assert went.args == ["children", first]


def test_who_only_sees_is_offered_nothing_else(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    number = planned(desk, TOMORROW)
    roles, data = with_everyone(desk), desk.data
    desk.close()
    counsellor = at_desk(data, roles[Role.COUNSELLOR])
    page = ActivitiesPage(counsellor, jobs)
    qtbot.addWidget(page)
    page.show()
    on(page, number, qtbot)
    assert set(page.actions_by_name) == {"print_sign_in", "print_record", "print_calendar"}
    assert page.view.isVisible()
    page.empty()
    counsellor.close()


def test_what_is_told_of_a_session_is_never_cut_off(page: ActivitiesPage, desk: Desk, qtbot: QtBot) -> None:
    plan = "活动前检查场地，安排两名工作人员看护。" * 60
    on(page, planned(desk, TODAY, safety_plan=plan, target="辖区儿童和家长" * 10), qtbot)
    page.view.show_outcome()
    settle(page, qtbot)
    told = page.view.facts.findChildren(QLabel)
    assert any(label.text() == plan for label in told)
    assert all(label.height() >= label.heightForWidth(label.width()) for label in told)
