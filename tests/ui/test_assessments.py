"""The form of an assessment: rows by keyboard, the proposal while choosing, drafts, and what is due."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.i18n import use_language
from stationdesk.records.access import Role
from stationdesk.records.assessment_forms import AssessedLevel, AssessmentKind, unanswered
from stationdesk.records.categories import Colour
from stationdesk.records.family_codes import CareRating
from stationdesk.ui.assessments import AnswersEditor
from stationdesk.ui.children import ChildrenPage
from stationdesk.ui.home import HomePage
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.record_list import RecordList
from tests.activities import screened
from tests.child_prints import grandmother
from tests.children import answers, assessed, filed
from tests.stations import at_desk, with_everyone
from tests.ui.test_children import choose, dialog, settled, shown

GUARDIANSHIP, RISK, NEED, AFTER = AssessmentKind
TODAY = date(2026, 11, 24)


@pytest.fixture
def page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> ChildrenPage:
    child = filed(desk, "贺兰朵")
    desk.child_files.save_family(grandmother(child))
    found = shown(desk, jobs, qtbot)
    choose(found, child, qtbot)
    return found


def shelf(page: ChildrenPage) -> RecordList:
    return page.view.lists["assessments"]


def child_of(page: ChildrenPage) -> int:
    child = page.child()
    assert child is not None
    return child.id or 0


def said(form: Any) -> str:
    return str(form._form.editor("items").said.text())


def test_rows_are_chosen_by_digits_and_enter(box: QWidget, qtbot: QtBot) -> None:
    editor = AnswersEditor(box)
    editor.set_value(unanswered(RISK))
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    editor.setFocus()
    for digit in (Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_3):
        row = box.focusWidget()
        assert row is not None
        QTest.keyClick(row, digit)
        QTest.keyClick(row, Qt.Key.Key_Return)
        qtbot.wait(10)
    assert editor.value() == answers(RISK, "YELLOW", "RED", "BLUE")


def test_an_editor_takes_another_form_and_gives_back_what_it_was_given(box: QWidget) -> None:
    editor = AnswersEditor(box)
    assert editor.value() is None
    for kind, codes in ((GUARDIANSHIP, ("GOOD", "NONE")), (RISK, ("RED",)), (GUARDIANSHIP, ("FAIR",))):
        editor.set_value(answers(kind, *codes))
        assert editor.value() == answers(kind, *codes)
        assert len(editor.findChildren(type(next(iter(editor.rows.values()))))) == len(editor.rows)
    editor.set_value(unanswered(RISK))
    assert editor.value() == unanswered(RISK)


def test_each_row_is_named_for_a_screen_reader_in_the_language_in_use(box: QWidget) -> None:
    use_language("en")
    try:
        editor = AnswersEditor(box)
        editor.set_value(unanswered(GUARDIANSHIP))
        assert editor.rows["INCOME"].accessibleName() == "Income"
        assert [label.text() for label in editor.findChildren(QLabel)][1:3] == ["Child", "Physical health"]
    finally:
        use_language("zh_CN")


def test_risk_is_assessed_and_becomes_the_level(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    shelf(page).add()
    form = dialog(page, qtbot)
    editor = form._form.editor
    assert "还有3项没有选" in said(form)
    assert not editor("score").isVisible()
    editor("conclusion").set_value("祖母生病住院")
    form.save()
    assert "还有3项没有选：监护风险、生理风险、行为风险" in form._form._problems["items"].text()
    editor("items").set_value(answers(RISK, "GREEN"))
    # The category asks for blue.
    assert "建议等级：蓝（低风险），因为属于“家庭贫困儿童”" in said(form)
    editor("items").rows["BODY"].set_value("YELLOW")
    assert (editor("level").value(), editor("next_due").value()) == (AssessedLevel.YELLOW, date(2027, 2, 22))
    editor("level").set_value(AssessedLevel.RED)
    assert editor("next_due").value() == date(2026, 12, 24)
    # What was entered by hand no longer follows.
    editor("items").rows["BODY"].set_value("BLUE")
    assert editor("level").value() is AssessedLevel.RED
    with qtbot.waitSignal(shelf(page).changed):
        form.save()
    settled(page, qtbot)
    assert "红" in page.view.colour.text()
    assert shelf(page).table.rowCount() == 1
    assert [line.colour for line in desk.child_files.risk_levels(child_of(page))] == [Colour.BLUE, Colour.RED]


def test_guardianship_has_a_score_and_three_grades(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    shelf(page).add()
    form = dialog(page, qtbot)
    editor = form._form.editor
    assert not editor("rating").isVisible()
    editor("kind").set_value(GUARDIANSHIP)
    assert len(editor("items").rows) == 11
    assert editor("rating").isVisible()
    editor("items").set_value(answers(GUARDIANSHIP, "GOOD", "FAIR"))
    assert said(form) == "得分68.18，建议等级：监护不足"
    assert (editor("score").value(), editor("rating").value()) == (Decimal("68.18"), CareRating.FAIR)
    editor("score").setText("90")
    editor("conclusion").set_value("收入不稳")
    form.save()
    settled(page, qtbot)
    assert "请写明理由" in form._form._problems["reason"].text()
    editor("reason").set_value("亲属常来帮忙")
    with qtbot.waitSignal(shelf(page).changed):
        form.save()
    settled(page, qtbot)
    (kept,) = desk.child_files.assessments(child_of(page))
    assert (kept.score, kept.level, kept.rating) == (Decimal(90), AssessedLevel.INSUFFICIENT, CareRating.FAIR)
    # Opened again nothing moves, and its kind stays.
    shelf(page).table.selectRow(0)
    shelf(page).open_current()
    again = dialog(page, qtbot)
    assert again._form.editor("score").value() == Decimal(90)
    assert not again._form.editor("kind").isEnabled()
    assert not again._dirty
    again.let_go()


def test_needs_are_none_until_chosen_and_ask_for_no_next_day(page: ChildrenPage, qtbot: QtBot) -> None:
    shelf(page).add()
    form = dialog(page, qtbot)
    editor = form._form.editor
    editor("kind").set_value(NEED)
    assert editor("level").value() is AssessedLevel.NEED_NONE
    editor("items").rows["LEGAL"].set_value("URGENT")
    assert (editor("level").value(), editor("next_due").value()) == (AssessedLevel.NEED_URGENT, None)
    editor("conclusion").set_value("监护权诉讼")
    with qtbot.waitSignal(shelf(page).changed):
        form.save()
    settled(page, qtbot)


def test_a_half_filled_form_comes_back_with_its_kind_and_rows(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    shelf(page).add()
    form = dialog(page, qtbot)
    form._form.editor("kind").set_value(GUARDIANSHIP)
    form._form.editor("items").rows["INCOME"].set_value("POOR")
    form._form.editor("score").setText("不知道")
    form.let_go()
    settled(page, qtbot)
    (draft,) = desk.drafts.mine()
    page.reopen(draft, draft.place.partition("/")[2])
    again = dialog(page, qtbot)
    assert again._form.editor("kind").value() is GUARDIANSHIP
    assert dict(again._form.editor("items").value().given) == {"INCOME": "POOR"}
    assert again._form.editor("score").text() == "不知道"
    again.let_go()
    settled(page, qtbot)


def test_an_old_one_changed_comes_back_as_changed(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    desk.child_files.save_assessment(assessed(desk, child_of(page), "BLUE"))
    settled(page, qtbot)
    qtbot.waitUntil(lambda: shelf(page).table.rowCount() == 1)
    shelf(page).table.selectRow(0)
    shelf(page).open_current()
    form = dialog(page, qtbot)
    form._form.editor("items").rows["BODY"].set_value("RED")
    form.let_go()
    settled(page, qtbot)
    (draft,) = desk.drafts.mine()
    page.reopen(draft, draft.place.partition("/")[2])
    again = dialog(page, qtbot)
    assert again._form.editor("items").rows["BODY"].value() == "RED"
    assert again._form.editor("level").value() is AssessedLevel.RED
    again.let_go()
    settled(page, qtbot)


def test_who_assessed_before_is_offered_though_gone(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    worker = next(member for member in desk.staff.everyone() if member.id == desk.actor.staff_id)
    gone = desk.staff.save(replace(worker, id=None, uuid="a" * 32, version=0, name="陈砚秋", left_on=date(2026, 1, 1)))
    desk.child_files.save_assessment(assessed(desk, child_of(page), "BLUE", assessor_id=gone))
    settled(page, qtbot)
    qtbot.waitUntil(lambda: shelf(page).table.rowCount() == 1)
    shelf(page).table.selectRow(0)
    shelf(page).open_current()
    form = dialog(page, qtbot)
    assert form._form.editor("assessor_id").value() == gone
    form.let_go()


def test_the_head_reviews_and_a_worker_has_no_button_for_it(
    page: ChildrenPage, desk: Desk, jobs: Jobs, qtbot: QtBot
) -> None:
    child = child_of(page)
    desk.child_files.save_assessment(assessed(desk, child, "BLUE"))
    settled(page, qtbot)
    qtbot.waitUntil(lambda: shelf(page).table.rowCount() == 1)
    shelf(page).table.selectRow(0)
    button = next(b for b in shelf(page).buttons if b.text() == "审核")
    with qtbot.waitSignal(shelf(page).changed):
        button.click()
    settled(page, qtbot)
    assert desk.child_files.assessments(child)[0].reviewed_by == desk.actor.staff_id
    users, data = with_everyone(desk), desk.data
    desk.close()
    worker = at_desk(data, users[Role.SOCIAL_WORKER])
    own = filed(worker, "陈一诺")
    theirs = shown(worker, jobs, qtbot)
    choose(theirs, own, qtbot)
    assert [b.text() for b in theirs.view.lists["assessments"].buttons] == ["添加", "删除"]
    worker.close()


def test_what_is_due_is_said_in_the_file_and_on_the_home_page(
    page: ChildrenPage, desk: Desk, jobs: Jobs, qtbot: QtBot
) -> None:
    child = child_of(page)
    screened(desk)
    late = assessed(desk, child, "BLUE", assessed_on=date(2026, 5, 1), next_due=date(2026, 11, 1))
    desk.child_files.save_assessment(late)
    text = "“风险等级”复评已过期，应于2026-11-01前完成"
    qtbot.waitUntil(lambda: text in [label.text() for label in page.view.hints.findChildren(QLabel)])
    home = HomePage(desk, jobs)
    qtbot.addWidget(home)
    home.show()
    qtbot.waitUntil(lambda: home.due.list.count() == 1)
    assert home.due.list.item(0).text() == f"贺兰朵：{text}"
    with qtbot.waitSignal(home.went) as went:
        home.due.list.itemActivated.emit(home.due.list.item(0))
    assert went.args == ["children", child]
    for number in range(9):
        other = filed(desk, f"贺{'甲乙丙丁戊己庚辛壬'[number]}")
        desk.child_files.save_assessment(replace(late, uuid=f"{number:032x}", child_id=other, level=AssessedLevel.RED))
    home.touched(frozenset({"assessment"}))
    qtbot.waitUntil(lambda: home.due.list.count() == 9)
    assert "还有2项复评" in home.due.list.item(8).text()
