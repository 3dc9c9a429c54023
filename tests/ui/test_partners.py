"""协作单位 through its own doors: partners and contacts, joint work, groups with meetings and tasks, the wall."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTableWidget, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.drafts import Draft
from stationdesk.records.partners import JointWork, PartnerDept, PartnerQuery
from stationdesk.records.sessions import Closing
from stationdesk.records.staff import Post
from stationdesk.records.work_groups import GroupKind, MeetingKind
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.partners import PartnersPage
from stationdesk.ui.printing import PrintDialog
from stationdesk.ui.ticks import TickEditor
from tests.activities import held_with, partner, planned
from tests.stations import at_desk, with_everyone
from tests.work_groups import contact, group, meeting, member, task

LONG = "阿卜杜热合曼·阿卜杜克里木·吐尔逊江"
Open = Callable[[], PartnersPage]


@pytest.fixture
def open_page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> Open:
    """Opens the page when what is to be seen on it is in the file."""

    def opened() -> PartnersPage:
        page = PartnersPage(desk, jobs)
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        desk.watch(lambda tables: jobs.run(page, lambda: None, lambda _none: page.touched(tables)))
        settled(page, qtbot)
        return page

    return opened


def settled(page: PartnersPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page._gather.isActive() and page.jobs.idle)


def dialog(page: QWidget, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(FormDialog)))
    return next(d for d in page.findChildren(FormDialog) if d.isVisible())


def saved(form: Any, page: PartnersPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.saved):
        form.save()
    settled(page, qtbot)


def press(box: QWidget, name: str) -> None:
    button = next(b for b in box.findChildren(QPushButton) if b.accessibleName() == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def cell(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""


def test_a_partner_and_whom_to_ask_for_there(open_page: Open, desk: Desk, qtbot: QtBot) -> None:
    page = open_page()
    assert "Ctrl+N" in page.bodies.list._empty.text()
    page.actions_by_name["new_partner"].trigger()
    form = dialog(page, qtbot)
    form._form.editor("name").setText("甲区妇联")
    form._form.editor("dept").set_value(PartnerDept.WOMEN)
    form._form.editor("agreed_to").set_value(date(2026, 12, 1))
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form._form.editor("name"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    view = page.bodies.view
    qtbot.waitUntil(lambda: view.file is not None)
    settled(page, qtbot)
    assert "提前商量续签" in view.notice.text()
    press(view, "联系人 添加")
    form = dialog(page, qtbot)
    form._form.editor("name").setText(LONG)
    form._form.editor("is_liaison").set_value(True)
    saved(form, page, qtbot)
    qtbot.waitUntil(lambda: view.contacts is not None and view.contacts.table.rowCount() == 1)
    [number] = desk.partners.find(PartnerQuery())
    assert desk.partners.rows([number])[0].liaison == LONG


def test_joint_work_by_hand_with_several_partners(
    open_page: Open, desk: Desk, qtbot: QtBot, answers: list[Any]
) -> None:
    women, justice = partner(desk), partner(desk, "乙街道司法所", PartnerDept.JUSTICE)
    held = planned(desk, datetime(2026, 11, 23, 10))
    held_with(desk, desk.sessions.load(held).activity_id, [women])
    desk.sessions.close_session(held, Closing(headcount_children=3))
    old = desk.partners.save_joint(JointWork(day=date(2012, 6, 1), matter="从前的事"), [women])
    page = open_page()
    page.new_joint()
    form = dialog(page, qtbot)
    form.save()
    assert "请填写事项" in form._form._problems["matter"].text()
    form._form.editor("matter").setText("联合入户核查")
    for number in (justice, women):
        form._form.editor("partner_ids").ticks[number].click()
    saved(form, page, qtbot)
    rows = [page.joint.list.model.line_at(row) for row in range(page.joint.list.model.rowCount())]
    assert [(row.matter, row.source.label) for row in rows] == [
        ("联合入户核查", "手工登记"),
        ("彩泥手工课", "活动场次"),
    ]
    assert set(rows[0].partners.split("、")) == {"甲区妇联", "乙街道司法所"}
    # What follows from an activity is opened there, and not removed here.
    page.joint.list.select(-held)
    with qtbot.waitSignal(page.went) as gone:
        QTest.keyClick(page.joint.list.table, Qt.Key.Key_Return)
    assert gone.args == ["activities", held]
    answers.append("ok")
    page.joint.delete.click()
    page.joint.list.select(rows[0].id)
    answers.append("yes")
    page.joint.delete.click()
    settled(page, qtbot)
    qtbot.waitUntil(lambda: page.joint.list.model.rowCount() == 1)
    assert answers == []
    page.arrive({"joint": old})
    qtbot.waitUntil(lambda: page.joint.list.current_id() == old)
    assert page.joint.year.value() == 2012
    assert page.joint.list.model.line_at(0).matter == "从前的事"


def test_a_group_from_its_founding_to_a_decision(open_page: Open, desk: Desk, qtbot: QtBot) -> None:
    outside = contact(desk)
    page = open_page()
    page.new_group()
    form = dialog(page, qtbot)
    form._form.editor("kind").set_value(GroupKind.WORKING)
    assert form._form.editor("meets_every").value() is None
    form._form.editor("kind").set_value(GroupKind.LEADING)
    form._form.editor("name").setText("未保工作领导小组")
    saved(form, page, qtbot)
    view = page.groups.view
    qtbot.waitUntil(lambda: view.file is not None)
    assert desk.work_groups.view(view.file.view.group.id or 0).group.meets_every == 3  # type: ignore[union-attr]
    for name, value in (("staff_id", desk.actor.staff_id), ("contact_id", outside)):
        press(view, "成员 添加")
        form = dialog(page, qtbot)
        # Choosing one takes the other back.
        form._form.editor("staff_id").set_value(desk.actor.staff_id)
        form._form.editor(name).set_value(value)
        saved(form, page, qtbot)
    qtbot.waitUntil(lambda: view.lists["members"].table.rowCount() == 2)
    press(view, "会议 添加")
    form = dialog(page, qtbot)
    ticks: TickEditor = form._form.editor("attendees")
    form._form.editor("day").set_value(date(2026, 11, 23))
    assert all(tick.isHidden() for tick in ticks.ticks.values())
    form._form.editor("day").set_value(date(2026, 11, 24))
    form._form.editor("topics").setPlainText("一、寒假安排\n二、联合检查")
    form._form.editor("decisions").setPlainText("分片包干")
    form.save()
    qtbot.waitUntil(lambda: "请勾选参加会议的成员" in form._form._problems["attendees"].text())
    ticks.whole.click()
    saved(form, page, qtbot)
    qtbot.waitUntil(lambda: view.lists["meetings"].table.rowCount() == 1)
    assert cell(view.lists["meetings"].table, 0, 2) == "一、寒假安排 二、联合检查"
    press(view, "议定事项的办理 添加")
    form = dialog(page, qtbot)
    form._form.editor("what").setText("检查校园周边")
    form.save()
    assert "请填写责任人" in form._form._problems["member_id"].text()
    form._form.editor("member_id").set_value(view.file.view.members[1].id)  # type: ignore[union-attr]
    saved(form, page, qtbot)
    qtbot.waitUntil(lambda: view.lists["tasks"].table.rowCount() == 1)
    assert cell(view.lists["tasks"].table, 0, 0) == "办理中"


def test_a_meeting_that_was_half_typed_comes_back(open_page: Open, desk: Desk, qtbot: QtBot) -> None:
    leading = group(desk)
    member(desk, leading)
    page = open_page()
    state = {"topics": ["说到一半"], "attendees": ["1"]}
    place = f"partners/groups/{leading}/meetings"
    page.reopen(Draft(uuid="d" * 32, place=place, title="会议", record_id=None, state=state), place.partition("/")[2])
    form = dialog(page, qtbot)
    assert form._form.editor("topics").value() == "说到一半"
    assert len(form._form.editor("attendees").value()) == 1
    form._dirty = False
    form.close()


def test_a_clerk_reads_what_is_not_restricted_and_has_no_buttons(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    with_everyone(desk)
    leading = group(desk)
    head = member(desk, leading)
    talk = meeting(desk, leading, date(2026, 11, 20), head, kind=MeetingKind.CASE_CONFERENCE)
    task(desk, talk, head, date(2026, 11, 22))
    clerk = next(person.id for person in desk.staff.everyone() if Post.CLERK in person.posts)
    other = meeting(desk, leading, date(2026, 11, 2), head)
    task(desk, other, member(desk, leading, clerk), date(2026, 12, 1))
    data = desk.data
    desk.close()
    desk = at_desk(data, Role.CLERK.code.lower())
    page = PartnersPage(desk, jobs)
    qtbot.addWidget(page)
    page.show()
    page.arrive({"meeting": talk})
    view = page.groups.view
    qtbot.waitUntil(lambda: view.file is not None)
    settled(page, qtbot)
    meetings = view.lists["meetings"].table
    assert [cell(meetings, row, 2) for row in range(2)] == ["（限制内容）", "暑期安全"]
    assert cell(view.lists["tasks"].table, 0, 2) == "（限制内容）"
    assert not any(b.isVisible() for b in view.findChildren(QPushButton))
    assert "new_group" not in page.actions_by_name
    shown = {button.text() for button in page.findChildren(QToolButton) if button.isVisible()}
    assert "成立工作小组" not in shown
    # The clerk's own task is closed by the clerk.
    view.lists["tasks"].table.setCurrentCell(1, 0)
    view.lists["tasks"].open_current()
    form = dialog(page, qtbot)
    assert not form._form.editor("due_on").isEnabled()
    form._form.editor("done_on").set_value(date(2026, 11, 24))
    form._form.editor("result").setPlainText("查完了")
    saved(form, page, qtbot)
    assert [task.result for task in desk.work_groups.view(leading).tasks] == [None, "查完了"]
    meetings.setCurrentCell(0, 0)
    view.lists["meetings"].open_current()
    form = dialog(page, qtbot)
    assert form._form.read_only
    assert "只有站长和儿童督导员能看" in form._form._problems["topics"].text()
    form.close()
    settled(page, qtbot)
    desk.close()


def test_lists_for_the_wall(open_page: Open, desk: Desk, qtbot: QtBot) -> None:
    member(desk, group(desk), contact_id=contact(desk))
    page = open_page()
    for name, wanted in (("print_groups", "古丽娜尔·买买提吐尔逊"), ("print_board", "赛乃姆·托合提")):
        page.actions_by_name[name].trigger()
        qtbot.waitUntil(lambda: page.findChild(PrintDialog) is not None, timeout=20_000)
        shown = page.findChild(PrintDialog)
        assert isinstance(shown, PrintDialog)
        pdf = pypdfium2.PdfDocument(shown._data)
        text = "".join(sheet.get_textpage().get_text_range() for sheet in pdf)
        pdf.close()
        assert wanted in text
        assert "13900000009" not in text
        shown.close()
        qtbot.waitUntil(lambda: page.findChild(PrintDialog) is None)


def test_arriving_at_a_partner_no_longer_worked_with(open_page: Open, desk: Desk, qtbot: QtBot) -> None:
    gone = partner(desk)
    desk.partners.save(replace(desk.partners.load(gone), until=date(2026, 5, 1), agreed_to=date(2026, 5, 1)))
    page = open_page()
    page.arrive(gone)
    qtbot.waitUntil(lambda: page.bodies.view.file is not None)
    assert page.bodies.view.title.text() == "甲区妇联"
    assert page.bodies.view.notice.text() == ""
    assert page.tabs.currentWidget() is page.bodies
