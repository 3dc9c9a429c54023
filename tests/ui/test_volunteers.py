"""志愿者 through its own doors: registering, checking, service, certificates, the ranking, and who sees what."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.audit import Action
from stationdesk.records.drafts import Draft
from stationdesk.records.ids import IdKind
from stationdesk.records.people import Sex
from stationdesk.records.screening import CheckResult, ScreeningCheck
from stationdesk.records.shifts import ShiftState, VolunteerShift
from stationdesk.records.volunteers import VolunteerQuery, VolunteerStatus
from stationdesk.ui.certificates import IssueDialog
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.printing import PrintDialog
from stationdesk.ui.settings_page import SettingsPage
from stationdesk.ui.staff_records import StaffRecordsDialog
from stationdesk.ui.volunteer_hours import RankingDialog
from stationdesk.ui.volunteers import VolunteersPage
from tests.activities import TODAY, ready_volunteer, screened, volunteer
from tests.children import resident_no
from tests.stations import at_desk, with_everyone

LONG = "古丽娜尔·买买提吐尔逊"
BORN = date(2000, 3, 1)
NUMBER = resident_no(BORN, 2)


def shown(desk: Desk, jobs: Jobs, qtbot: QtBot) -> VolunteersPage:
    page = VolunteersPage(desk, jobs)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    desk.watch(lambda tables: jobs.run(page, lambda: None, lambda _none: page.touched(tables)))
    settled(page, qtbot)
    return page


@pytest.fixture
def page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> VolunteersPage:
    return shown(desk, jobs, qtbot)


def settled(page: Any, qtbot: QtBot) -> None:
    qtbot.wait(60)
    qtbot.waitUntil(lambda: page.jobs.idle)


def dialog(page: Any, qtbot: QtBot, kind: type[Any] = FormDialog) -> Any:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(kind)))
    return next(d for d in page.findChildren(kind) if d.isVisible())


def choose(page: VolunteersPage, volunteer_id: int, qtbot: QtBot) -> None:
    page.arrive(volunteer_id)
    qtbot.waitUntil(lambda: page.current_volunteer() == volunteer_id and page.list.current_id() == volunteer_id)
    settled(page, qtbot)


def click(owner: Any, name: str) -> None:
    """The button that is called that, by its text or its accessible name."""
    buttons = [b for b in owner.findChildren(QPushButton) if name in (b.text(), b.accessibleName())]
    QTest.mouseClick(next(b for b in buttons if b.isVisible()), Qt.MouseButton.LeftButton)


def test_a_volunteer_is_registered_by_keyboard(page: VolunteersPage, desk: Desk, qtbot: QtBot) -> None:
    assert "Ctrl+N" in page.list._empty.text()
    assert page.current_volunteer() is None
    page.actions_by_name["new"].trigger()
    form = dialog(page, qtbot)
    young = resident_no(date(2012, 3, 1), 2)
    form._form.editor("name").setText(LONG)
    QTest.keyClicks(form._form.editor("id_no"), young)
    form._form.editor("phone").setText("13900000008")
    assert form._form.editor("sex").value() is Sex.FEMALE
    assert form._form.editor("birth_date").value() == date(2012, 3, 1)
    form.save()
    qtbot.waitUntil(lambda: "监护人书面同意" in form._form._problems["guardian_consent"].text())
    form._form.editor("guardian_consent").setChecked(True)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form._form.editor("name"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.view.title.text() == LONG)
    assert page.view.title.wordWrap()
    for said in ("不是在册志愿者", "从业查询", "没有参加过培训"):
        assert said in page.view.today.text()
    assert desk.volunteers.load(page.current_volunteer() or 0).id_no == young


def test_numbers_are_behind_their_mask_until_looked_at(page: VolunteersPage, desk: Desk, qtbot: QtBot) -> None:
    number = ready_volunteer(desk, LONG, id_kind=IdKind.RESIDENT_ID, id_no=NUMBER)
    choose(page, number, qtbot)
    assert page.list.model.line_at(0).phone == "139****0008"
    texts = [label.text() for label in page.view.facts.findChildren(type(page.view.title))]
    assert NUMBER not in texts
    assert "13900000008" not in texts
    eye = next(b for b in page.view.facts.findChildren(QToolButton) if "证件号码" in b.accessibleName())
    QTest.mouseClick(eye, Qt.MouseButton.LeftButton)
    settled(page, qtbot)
    assert NUMBER in [label.text() for label in page.view.facts.findChildren(type(page.view.title))]
    looked = [row for row in desk.audit.rows(desk.audit.find()) if row.action is Action.READ]
    assert ("志愿者", "证件号码") in [(row.what, row.details) for row in looked]


def test_a_check_with_a_record_is_warned_of_and_blocks(page: VolunteersPage, desk: Desk, qtbot: QtBot) -> None:
    number = ready_volunteer(desk, LONG)
    choose(page, number, qtbot)
    assert page.view.today.text() == "今天可以安排接触未成年人的服务。"
    page.cleared.setChecked(True)
    settled(page, qtbot)
    assert page.list.model.rowCount() == 1
    page.cleared.setChecked(False)
    page.view.tabs.setCurrentIndex(2)
    click(page.view, "从业查询 添加")
    form = dialog(page, qtbot)
    form._form.editor("result").set_value(CheckResult.HIT)
    assert "不能改成别的结果" in form._form._problems["result"].text()
    with qtbot.waitSignal(form.saved):
        form.save()
    qtbot.waitUntil(lambda: "有记录" in page.view.today.text())
    assert desk.volunteers.load(number).status is VolunteerStatus.BLOCKED
    page.view.lists["checks"].table.selectRow(0)
    page.view.lists["checks"].open_current()
    form = dialog(page, qtbot)
    form._form.editor("result").set_value(CheckResult.CLEAR)
    form.save()
    qtbot.waitUntil(lambda: "联系查询机关" in form._form._problems["result"].text())
    form.let_go()


def served(page: VolunteersPage, qtbot: QtBot, start: datetime, end: datetime) -> Any:
    page.actions_by_name["add_shift"].trigger()
    form = dialog(page, qtbot)
    form._form.editor("start").set_value(start)
    form._form.editor("end").set_value(end)
    form.save()
    return form


def test_service_by_hand_counts_once_it_is_confirmed(
    page: VolunteersPage, desk: Desk, qtbot: QtBot, answers: list[Any]
) -> None:
    choose(page, ready_volunteer(desk, LONG), qtbot)
    form = served(page, qtbot, datetime(2026, 11, 23, 8), datetime(2026, 11, 23, 21))
    qtbot.waitUntil(lambda: "最长12小时" in form._form._problems["end"].text())
    form._form.editor("end").set_value(datetime(2026, 11, 23, 10, 40))
    with qtbot.waitSignal(form.saved):
        form.save()
    settled(page, qtbot)
    form = served(page, qtbot, datetime(2026, 11, 23, 10), datetime(2026, 11, 23, 11))
    qtbot.waitUntil(lambda: "时间重叠" in form._form._problems["start"].text())
    form.let_go()
    shifts = page.view.shifts
    assert shifts is not None
    assert shifts.list.model.line_at(0).state is ShiftState.WAITING
    assert "服务0次" in shifts.total.text()
    answers.append("ok")
    shifts.list.table.clearSelection()
    click(shifts, "服务 确认")
    assert answers == []
    shifts.list.table.selectAll()
    click(shifts, "服务 确认")
    qtbot.waitUntil(lambda: shifts.total.text() == "服务1次，共160分钟，认定2.5小时")
    shifts.list.table.selectRow(0)
    click(shifts, "服务 取消确认")
    qtbot.waitUntil(lambda: "服务0次" in shifts.total.text())
    settled(page, qtbot)
    answers.append("yes")
    shifts.list.table.selectRow(0)
    click(shifts, "服务 删除")
    qtbot.waitUntil(lambda: shifts.list.model.rowCount() == 0)


def service(desk: Desk, volunteer_id: int) -> None:
    start, end = datetime(2026, 11, 23, 8), datetime(2026, 11, 23, 10)
    desk.shifts.confirm([desk.shifts.save(VolunteerShift(volunteer_id=volunteer_id, start=start, end=end))])


def test_a_certificate_from_order_to_reprint(
    page: VolunteersPage, desk: Desk, qtbot: QtBot, answers: list[Any]
) -> None:
    number = ready_volunteer(desk, LONG)
    service(desk, number)
    choose(page, number, qtbot)
    page.actions_by_name["issue"].trigger()
    form = dialog(page, qtbot, IssueDialog)
    form.save()
    qtbot.waitUntil(lambda: "没有证件号码" in form._whole.text())
    desk.volunteers.save(replace(desk.volunteers.load(number), id_kind=IdKind.RESIDENT_ID, id_no=NUMBER))
    click(form, "出具")
    pane: Any = page.view.certificates
    for printed in (0, 1):
        preview = dialog(page, qtbot, PrintDialog)
        pdf = pypdfium2.PdfDocument(preview._data)
        text = "".join(pdf[0].get_textpage().get_text_range().split())
        pdf.close()
        assert NUMBER in text
        assert ("补打（第2次打印）" in text) is bool(printed)
        preview._note(Action.PRINT)
        settled(page, qtbot)
        qtbot.waitUntil(lambda count=printed + 1: pane.list.model.line_at(0).printed == count)  # type: ignore[misc]
        if not printed:
            pane.list.table.selectRow(0)
            click(pane, "打印…")
    answers += ["开错了人", "ok"]
    pane.list.table.selectRow(0)
    click(pane, "作废…")
    qtbot.waitUntil(lambda: pane.list.model.line_at(0).void_reason == "开错了人")
    settled(page, qtbot)
    pane.list.table.selectRow(0)
    click(pane, "打印…")
    qtbot.waitUntil(lambda: answers == [])


def test_the_ranking_of_a_year(page: VolunteersPage, desk: Desk, qtbot: QtBot) -> None:
    service(desk, ready_volunteer(desk, LONG))
    desk.volunteers.save(volunteer("单思远"))
    page.actions_by_name["rank"].trigger()
    window = dialog(page, qtbot, RankingDialog)
    qtbot.waitUntil(lambda: window.list.model.rowCount() == 1)
    line = window.list.model.line_at(0)
    assert (line.place, line.name, line.times, str(line.recognised)) == (1, LONG, 1, "2")
    assert window.list.name == "2026年志愿服务排行"
    page.actions_by_name["change_rules"].trigger()
    form = dialog(page, qtbot)
    form._form.editor("daily_cap").setText("1")
    with qtbot.waitSignal(form.saved):
        form.save()
    window.list.reload()
    qtbot.waitUntil(lambda: str(window.list.model.line_at(0).recognised) == "1")
    window.close()


def test_a_half_typed_shift_comes_back(page: VolunteersPage, desk: Desk, qtbot: QtBot) -> None:
    number = ready_volunteer(desk, LONG)
    state = {"place": ["红柳社区广场"]}
    place = f"volunteers/{number}/shift"
    page.reopen(Draft(uuid="a" * 32, place=place, title="", record_id=None, state=state), f"{number}/shift")
    form = dialog(page, qtbot)
    assert form._form.editor("place").text() == "红柳社区广场"
    form.let_go()
    settled(page, qtbot)


def test_who_only_looks_has_no_buttons(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    with_everyone(desk)
    number = ready_volunteer(desk, LONG, id_kind=IdKind.RESIDENT_ID, id_no=NUMBER)
    service(desk, number)
    certificate = desk.certificates.issue(desk.certificates.blank(number))
    data = desk.data
    desk.close()
    clerk = at_desk(data, "clerk")
    page = shown(clerk, jobs, qtbot)
    assert set(page.actions_by_name) == {"rank"}
    # From the figure of certificates one comes to their volunteer, whoever may look.
    page.arrive({"certificate": certificate})
    qtbot.waitUntil(lambda: page.current_volunteer() == number)
    choose(page, number, qtbot)
    buttons = {b.text() for b in page.view.findChildren(QPushButton) if b.isVisibleTo(page.view)}
    assert buttons == set()
    assert page.view.facts.findChildren(QToolButton) == []
    clerk.close()


def test_checks_and_trainings_of_the_team(desk: Desk, jobs: Jobs, qtbot: QtBot, answers: list[Any]) -> None:
    screened(desk)
    page = SettingsPage(desk, jobs)
    qtbot.addWidget(page)
    page.show()
    section = page.open_section("staff")
    settled(page, qtbot)
    answers.append("ok")
    click(section, "从业查询和培训…")
    assert answers == []
    section.pane.select(desk.actor.staff_id)
    click(section, "从业查询和培训…")
    window = dialog(page, qtbot, StaffRecordsDialog)
    qtbot.waitUntil(lambda: window.lists["checks"].table.rowCount() == 1)
    click(window, "培训 添加")
    form = dialog(window, qtbot)
    form._form.editor("topic").setText("儿童保护政策")
    with qtbot.waitSignal(window.said):
        form.save()
    qtbot.waitUntil(lambda: window.lists["trainings"].table.rowCount() == 1)
    assert [one.topic for one in desk.screening.trainings(staff_id=desk.actor.staff_id)] == ["儿童保护政策"]
    window.close()
    place = f"settings/staff/{desk.actor.staff_id}/checks"
    draft = Draft(uuid="b" * 32, place=place, title="", record_id=None, state={"doc_no": ["文号9"]})
    page.reopen(draft, place.partition("/")[2])
    form = dialog(page, qtbot)
    assert form._form.editor("doc_no").text() == "文号9"
    form.let_go()
    settled(page, qtbot)


def test_an_unscreened_volunteer_is_refused_with_a_reason(page: VolunteersPage, desk: Desk, qtbot: QtBot) -> None:
    number = desk.volunteers.save(volunteer(LONG))
    desk.screening.save_check(ScreeningCheck(volunteer_id=number, queried_on=TODAY))
    choose(page, number, qtbot)
    form = served(page, qtbot, datetime(2026, 11, 23, 8), datetime(2026, 11, 23, 9))
    qtbot.waitUntil(lambda: "没有12个月内“无记录”的从业查询" in form._whole.text())
    form.let_go()
    assert desk.volunteers.find(VolunteerQuery(cleared_on=TODAY)).tolist() == []
