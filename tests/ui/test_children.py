"""儿童档案 through its own doors: finding, registering, filing, changing, leaving, merging, and who sees what."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.audit import Action
from stationdesk.records.categories import Category, Colour
from stationdesk.records.children import ChildQuery, ChildStatus, Discovery, HouseholdReg, RecordLevel
from stationdesk.records.enrolments import ExitReason
from stationdesk.records.family_codes import GuardianKind
from stationdesk.records.people import Sex
from stationdesk.records.sessions import Closing
from stationdesk.ui import facts
from stationdesk.ui.child_dialogs import FullDialog, LightDialog
from stationdesk.ui.child_leaving import LeaveDialog
from stationdesk.ui.child_merging import MergeDialog
from stationdesk.ui.children import ChildrenPage
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from tests.activities import planned
from tests.children import category, colleague, community, filed, light, resident_no
from tests.stations import at_desk, with_everyone

LONG = "阿卜杜热合曼·阿卜杜克里木·吐尔逊江"


def shown(desk: Desk, jobs: Jobs, qtbot: QtBot) -> ChildrenPage:
    page = ChildrenPage(desk, jobs)
    qtbot.addWidget(page)
    page.resize(1300, 760)
    page.show()
    desk.watch(lambda tables: jobs.run(page, lambda: None, lambda _none: page.touched(tables)))
    qtbot.waitUntil(lambda: jobs.idle)
    return page


@pytest.fixture
def page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> ChildrenPage:
    return shown(desk, jobs, qtbot)


def settled(page: ChildrenPage, qtbot: QtBot) -> None:
    qtbot.wait(60)
    qtbot.waitUntil(lambda: page.jobs.idle)


def dialog(page: ChildrenPage, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(FormDialog)))
    return next(d for d in page.findChildren(FormDialog) if d.isVisible())


def names(page: ChildrenPage) -> list[str]:
    return [page.list.model.line_at(row).name for row in range(page.list.model.rowCount())]


def choose(page: ChildrenPage, child_id: int, qtbot: QtBot) -> None:
    settled(page, qtbot)
    page.list.select(child_id)
    qtbot.waitUntil(lambda: page.child() is not None and page.child().id == child_id)  # type: ignore[union-attr]
    settled(page, qtbot)


def test_an_empty_station_says_what_to_do(page: ChildrenPage) -> None:
    assert "Ctrl+N" in page.list._empty.text()
    assert page.none.isVisible()
    # What the help names is there.
    assert {"打印花名册…", "打印同意书、确认书…"} <= {item.text() for item in page.list.table.actions()}


def test_a_child_is_registered_by_keyboard(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    place = community(desk)
    settled(page, qtbot)
    page.actions_by_name["new"].trigger()
    form = dialog(page, qtbot)
    assert isinstance(form, LightDialog)
    marked = [label.text() for label in form.form.findChildren(QLabel) if label.text().endswith(" *")]
    assert marked == ["姓名 *", "性别 *", "出生日期 *", "出生日期准确到 *"]
    assert form.form.editor("guardian_phone").accessibleName() == "监护人电话"
    QTest.keyClicks(form.form.editor("name"), "gulinaer")
    form.form.editor("name").setText(LONG)
    form.form.editor("sex").set_value(Sex.MALE)
    form.form.editor("birth_date").set_value(date(2016, 5, 1))
    form.form.editor("community_id").set_value(place)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form.form.editor("name"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names(page) == [LONG])
    assert desk.children.rows(desk.children.find(ChildQuery()))[0].record_level is RecordLevel.LIGHT


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("birth_date", date(2030, 1, 1), "还没有到"),
        ("birth_date", date(2007, 1, 1), "已满19周岁"),
        ("guardian_phone", "12345", "11位手机号"),
        ("name", "长" * 73, "最多72个字"),
    ],
)
def test_bad_input_is_said_under_its_field(page: ChildrenPage, qtbot: QtBot, field: str, value: Any, said: str) -> None:
    page.new()
    form = dialog(page, qtbot)
    form.form.editor("name").setText("贺兰朵")
    form.form.editor("sex").set_value(Sex.FEMALE)
    form.form.editor("birth_date").set_value(date(2016, 5, 1))
    form.form.editor(field).set_value(value)
    form.save()
    settled(page, qtbot)
    assert said in form.form._problems[field].text()
    assert form.isVisible()
    form.let_go()


def test_a_likely_duplicate_is_shown_and_asked(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    desk.children.enrol(light("贺兰朵"))
    page.new()
    form = dialog(page, qtbot)
    form.form.editor("name").setText("贺兰朵")
    form.form.editor("sex").set_value(Sex.FEMALE)
    form.form.editor("birth_date").set_value(light().birth_date)
    qtbot.waitUntil(lambda: form.box.isVisible())
    assert "姓名和出生日期相同" in form.box.said.text()
    form.save()
    settled(page, qtbot)
    assert "请核对" in form.form._problems["name"].text()
    form.box.other.setChecked(True)
    with qtbot.waitSignal(form.saved):
        form.save()
    settled(page, qtbot)
    assert names(page) == ["贺兰朵", "贺兰朵"]


def fill(form: FullDialog, place: int, number: str, worker: int) -> None:
    values = {
        "name": LONG,
        "ethnicity": "05",
        "reg_type": HouseholdReg.RURAL,
        "reg_address": "乙街道红柳社区1号",
        "residence": "乙街道红柳社区1号",
        "community_id": place,
        "worker_id": worker,
        "discovered_via": Discovery.SWEEP,
    }
    form.form.editor("id_no").setText(number)
    for name, value in values.items():
        form.form.editor(name).set_value(value)


def test_a_full_file_from_its_number_to_its_level(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    place = community(desk)
    settled(page, qtbot)
    page.new_full()
    form = dialog(page, qtbot)
    assert isinstance(form, FullDialog)
    number = resident_no(date(2014, 3, 2))
    form.form.editor("id_no").setText(number[:17] + ("0" if number[17] != "0" else "1"))
    assert "校验不对" in form.form._problems["id_no"].text()
    fill(form, place, number.lower(), desk.actor.staff_id)
    assert form.form.editor("birth_date").value() == date(2014, 3, 2)
    assert form.form.editor("sex").value() in (Sex.MALE, Sex.FEMALE)
    form.save()
    assert "标红" in form._whole.text()
    assert form.box.household._problems["address"].text()
    form.box.household.editor("address").setText("乙街道红柳社区1号")
    form.box.category.editor("category").set_value(Category.LEFT_BEHIND)
    with qtbot.waitSignal(form.saved):
        form.save()
    settled(page, qtbot)
    child = page.child()
    assert child is not None
    assert (child.name, child.id_no, child.status) == (LONG, number, ChildStatus.ACTIVE)
    assert page.view.title.text().startswith(LONG)
    assert "蓝" in page.view.colour.text()
    assert [m.relation for m in page.view.file.family] == ["51", "52"]  # type: ignore[union-attr]


def test_a_sibling_joins_the_household_by_its_number(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    first = filed(desk, "贺兰朵")
    number = desk.children.load(first).file_no
    settled(page, qtbot)
    page.new_full()
    form = dialog(page, qtbot)
    fill(form, community(desk, "白杨社区"), resident_no(date(2015, 3, 2), 3), desk.actor.staff_id)
    settled(page, qtbot)
    form.form.editor("community_id").set_value(desk.children.load(first).community_id)
    form.box.sibling.setText("没有这个编号")
    form.save()
    qtbot.waitUntil(lambda: "没有找到档案编号" in form._whole.text())
    form.box.sibling.setText(number or "")
    with qtbot.waitSignal(form.saved):
        form.save()
    settled(page, qtbot)
    page.arrive(first)
    settled(page, qtbot)
    qtbot.waitUntil(lambda: any(LONG in button.text() for button in page.view.siblings.findChildren(QPushButton)))


def test_a_light_file_is_completed(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    number = desk.children.enrol(light("贺兰朵"))
    place = community(desk)
    settled(page, qtbot)
    choose(page, number, qtbot)
    page.complete()
    form = dialog(page, qtbot)
    assert form.form.editor("name").text() == "贺兰朵"
    fill(form, place, resident_no(light().birth_date or date(2016, 1, 1), 2), desk.actor.staff_id)
    form.form.editor("sex").set_value(light().sex)
    form.box.household.editor("address").setText("乙街道红柳社区1号")
    form.save()
    settled(page, qtbot)
    child = desk.children.load(number)
    assert (child.record_level, child.file_no) == (RecordLevel.FULL, "乙-2026-0001")


def test_finding_as_one_types(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    for name in ("贺兰朵", "贺小满", "陈一诺"):
        filed(desk, name)
    settled(page, qtbot)
    for words, wanted in (("贺", 2), ("hld", 1), ("chenyi", 1), ("没有", 0), ("", 3)):
        page.list.filter.setText(words)
        qtbot.waitUntil(lambda words=words: page.list.words == words and page.jobs.idle)  # type: ignore[misc]
        assert page.list.model.rowCount() == wanted, words


def test_filters_and_the_sets_kept_of_them(page: ChildrenPage, desk: Desk, qtbot: QtBot, answers: list[Any]) -> None:
    filed(desk, "贺兰朵")
    desk.children.enrol(light("陈一诺", birth_date=date(2018, 1, 1)))
    settled(page, qtbot)
    page.filters.choosers["record_level"].set_value(RecordLevel.FULL)
    settled(page, qtbot)
    assert names(page) == ["贺兰朵"]
    answers.append("重点")
    page.filters._keep()
    page.filters.choose()
    settled(page, qtbot)
    assert len(names(page)) == 2
    use = next(item for item in page.filters.sets.menu().actions() if item.text() == "重点")
    use.trigger()
    settled(page, qtbot)
    assert names(page) == ["贺兰朵"]
    page.filters._drop("重点")
    assert "重点" not in [item.text() for item in page.filters.sets.menu().actions()]


def test_numbers_are_shown_when_asked_for_and_it_is_noted(
    page: ChildrenPage, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert facts.REVEALED_MS == 60_000
    monkeypatch.setattr(facts, "REVEALED_MS", 300)
    number = filed(desk, "贺兰朵", order=3)
    whole_number = desk.children.load(number).id_no or ""
    settled(page, qtbot)
    choose(page, number, qtbot)

    def texts() -> list[str]:
        return [label.text() for label in page.view.facts.findChildren(QLabel)]

    assert whole_number not in texts()
    assert any(text.startswith(whole_number[:6]) and "*" in text for text in texts())
    eye = next(b for b in page.view.facts.findChildren(QToolButton) if b.accessibleName() == "显示证件号码")
    eye.click()
    assert whole_number in texts()
    qtbot.waitUntil(lambda: whole_number not in texts() and eye.isVisible())
    settled(page, qtbot)
    lines = desk.audit.rows(desk.audit.find()[:3])
    assert any(line.action is Action.READ and "证件号码" in line.details for line in lines)


def test_lists_of_a_file_add_change_and_remove(
    page: ChildrenPage, desk: Desk, qtbot: QtBot, answers: list[Any]
) -> None:
    number = filed(desk, "贺兰朵")
    settled(page, qtbot)
    choose(page, number, qtbot)
    family = page.view.lists["family"]
    family.add()
    form = dialog(page, qtbot)
    form._form.editor("relation").set_value("62")
    form._form.editor("name").setText("帕提古丽")
    form._form.editor("is_guardian").setChecked(True)
    form.save()
    assert "请选择监护类型" in form._form._problems["guardian_kind"].text()
    form._form.editor("guardian_kind").set_value(GuardianKind.GRANDPARENTS)
    with qtbot.waitSignal(family.changed):
        form.save()
    settled(page, qtbot)
    assert "帕提古丽" in [m.name for m in desk.child_files.family(number)]
    row = next(i for i, record in enumerate(family._records) if record.name == "帕提古丽")
    family.table.selectRow(row)
    answers.append("yes")
    with qtbot.waitSignal(family.changed):
        family.remove()
    settled(page, qtbot)
    assert len(desk.child_files.family(number)) == 2
    family.table.selectRow(0)
    answers += ["yes", None]
    family.remove()
    settled(page, qtbot)
    assert answers == []


def test_a_second_category_becomes_the_primary(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    number = filed(desk, "贺兰朵")
    desk.child_files.save_category(replace(category(Category.MIGRANT), child_id=number))
    settled(page, qtbot)
    choose(page, number, qtbot)
    shelf = page.view.lists["categories"]
    row = next(i for i, record in enumerate(shelf._records) if record.category is Category.MIGRANT)
    shelf.table.selectRow(row)
    button = next(b for b in shelf.buttons if b.text() == "设为主要类别")
    with qtbot.waitSignal(shelf.changed):
        button.click()
    settled(page, qtbot)
    held = desk.child_files.categories(number)
    assert [c.category for c in held if c.is_primary] == [Category.MIGRANT]


def test_a_level_is_added_and_the_old_ones_only_read(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    number = filed(desk, "贺兰朵")
    settled(page, qtbot)
    choose(page, number, qtbot)
    shelf = page.view.lists["levels"]
    shelf.add()
    form = dialog(page, qtbot)
    form._form.editor("colour").set_value(Colour.YELLOW)
    form._form.editor("reason").set_value("两次家访都没有见到监护人")
    with qtbot.waitSignal(shelf.changed):
        form.save()
    settled(page, qtbot)
    assert "黄" in page.view.colour.text()
    shelf.table.selectRow(0)
    shelf.open_current()
    again = dialog(page, qtbot)
    assert not again._form.editor("colour").isEnabled()
    assert not again._button.isVisible()
    again.let_go()


def test_its_activities_say_when_the_next_one_is(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    child_id = filed(desk, LONG)
    for day in range(17, 23):
        number = planned(desk, datetime(2026, 11, day, 10), room=None, title=f"第{day}课")
        desk.attendance.sign_up(number, [child_id])
        desk.attendance.tick(number, [child_id])
        desk.sessions.close_session(number, Closing())
    coming = planned(desk, datetime(2026, 11, 28, 10), title="亲子运动会")
    desk.attendance.sign_up(coming, [child_id])
    page.arrive(child_id)
    qtbot.waitUntil(lambda: page.view.file is not None and page.view.activities.list.count() == 7)
    shown = page.view.activities
    assert shown.next.text() == "下次活动：11月28日 周六 10:00 亲子运动会"
    assert shown.sum.text() == "到场6次　常客"
    assert "到场" in shown.list.item(1).text()
    with qtbot.waitSignal(page.went) as went:
        shown.list.itemActivated.emit(shown.list.item(0))
    assert went.args == ["activities", coming]


def test_leaving_the_stock(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    number = filed(desk, "贺兰朵")
    settled(page, qtbot)
    choose(page, number, qtbot)
    page.leave()
    form = page.findChild(LeaveDialog)
    assert form is not None
    form.save()
    assert "请填写" in form.problem.text()
    form.reason.set_value(ExitReason.OTHER)
    form.save()
    qtbot.waitUntil(lambda: "写明情况" in form.problem.text())
    form.note.setPlainText("随母亲迁到外地读书")
    with qtbot.waitSignal(form.left):
        form.save()
    settled(page, qtbot)
    assert desk.children.load(number).status is ChildStatus.EXITED


def test_merging_and_taking_it_back(page: ChildrenPage, desk: Desk, qtbot: QtBot, answers: list[Any]) -> None:
    kept = filed(desk, "贺兰朵")
    dropped = desk.children.enrol(light("贺兰朵儿", birth_date=date(2013, 1, 1)))
    old = desk.children.load(dropped).file_no
    settled(page, qtbot)
    choose(page, kept, qtbot)
    page.merge()
    form = page.findChild(MergeDialog)
    assert form is not None
    form.merge()
    qtbot.waitUntil(lambda: form.problem.text() == "请填写并进来的档案编号。")
    form.other.setText("乙-1999-0001")
    form.reason.setText("同一个孩子登记了两次")
    form.merge()
    qtbot.waitUntil(lambda: "没有找到" in form.problem.text())
    form.other.setText(old or "")
    answers.append("yes")
    with qtbot.waitSignal(form.said):
        form.merge()
    settled(page, qtbot)
    assert len(names(page)) == 1
    again = MergeDialog(desk, page.jobs, desk.children.load(kept), page)
    qtbot.waitUntil(lambda: again.before.count() == 1)
    again.before.setCurrentRow(0)
    with qtbot.waitSignal(again.said):
        again.undo()
    settled(page, qtbot)
    assert len(names(page)) == 2


@pytest.fixture
def others(desk: Desk) -> dict[Role, str]:
    """Everybody's account; one file of the social worker's, one of somebody else's."""
    users = with_everyone(desk)
    worker = colleague(desk, Role.SOCIAL_WORKER, "买吾兰")
    mine = next(m for m in desk.staff.everyone() if m.name == "冶文秀")
    for order, (name, person) in enumerate((("贺兰朵", mine.id), ("陈一诺", worker.staff_id)), start=1):
        filed(desk, name, order=order, worker_id=person)
    desk.close()
    return users


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.CLERK, Role.COUNSELLOR])
def test_each_sees_what_the_work_needs(
    desk: Desk, others: dict[Role, str], jobs: Jobs, qtbot: QtBot, role: Role
) -> None:
    own = at_desk(desk.data, others[role])
    page = shown(own, jobs, qtbot)
    settled(page, qtbot)
    if role is Role.COUNSELLOR:
        assert names(page) == []
    else:
        assert sorted(names(page)) == ["贺兰朵", "陈一诺"]
        for row in range(2):
            page.list.table.selectRow(row)
            settled(page, qtbot)
            child = page.child()
            assert child is not None
            assert "11岁" in page.view.title.text()
            opened = role is Role.SOCIAL_WORKER and child.name == "贺兰朵"
            assert (child.reg_address is not None) is opened
            number = child.id_no or ""
            assert ("*" in number) is (role is Role.CLERK)
            if role is Role.SOCIAL_WORKER and not opened:
                assert number == ""
                told = [page.view.timeline.item(i).text() for i in range(page.view.timeline.count())]
                assert not any("列入" in line for line in told)
    own.close()


def test_drafts_of_each_kind_come_back(page: ChildrenPage, desk: Desk, qtbot: QtBot) -> None:
    number = filed(desk, "贺兰朵")
    settled(page, qtbot)
    page.new()
    form = dialog(page, qtbot)
    form.form.editor("name").setText("登记了一半")
    form.let_go()
    page.new_full()
    form = dialog(page, qtbot)
    form.form.editor("name").setText("建了一半")
    form.box.household.editor("address").setText("某路2号")
    form.let_go()
    choose(page, number, qtbot)
    page.edit()
    form = dialog(page, qtbot)
    form.form.editor("other_name").setText("朵朵")
    form.let_go()
    page.view.lists["needs"].add()
    form = dialog(page, qtbot)
    form._form.editor("note").set_value("想学画画")
    form.let_go()
    settled(page, qtbot)
    held = {draft.place: draft for draft in desk.drafts.mine()}
    assert set(held) == {"children/light", "children/full", "children/child", f"children/{number}/needs"}
    wanted = {
        "children/light": ("name", "登记了一半"),
        "children/full": ("name", "建了一半"),
        "children/child": ("other_name", "朵朵"),
        f"children/{number}/needs": ("note", "想学画画"),
    }
    for place, draft in held.items():
        page.reopen(draft, place.partition("/")[2])
        form = dialog(page, qtbot)
        name, text = wanted[place]
        assert form._form.editor(name).value() == text
        if place == "children/full":
            assert form.box.household.editor("address").text() == "某路2号"
        form.let_go()
        settled(page, qtbot)
