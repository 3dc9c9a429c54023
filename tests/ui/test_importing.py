"""The dialog that takes children in from a sheet, and the way out."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stationdesk import imports
from stationdesk.desk import Desk
from stationdesk.errors import StorageTrouble
from stationdesk.i18n import _
from stationdesk.records.access import Role
from stationdesk.records.child_intake import ChildIntake
from stationdesk.records.children import ChildQuery
from stationdesk.records.duplicates import OnDuplicate
from stationdesk.records.people import Sex
from stationdesk.records.volunteer_intake import VolunteerIntake
from stationdesk.records.volunteers import VolunteerQuery
from stationdesk.reports.sheets import rows_to_xlsx
from stationdesk.ui.importing import (
    ImportDialog,
    TwinModel,
    export_children,
    import_children_dialog,
    import_volunteers_dialog,
)
from stationdesk.ui.jobs import Jobs
from tests.children import community, intake, light
from tests.test_imports import everybody, written


@pytest.fixture
def dialog(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> ImportDialog:
    community(desk)
    found = import_children_dialog(desk, jobs, box)
    qtbot.waitExposed(found)
    return found


@pytest.fixture
def chooses(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | str], None]:
    """The file a person chooses, to open or to write."""

    def choose(path: Path | str) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_words: (str(path), ""))

    return choose


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def lines(dialog: ImportDialog) -> list[str]:
    return dialog.problem_model.stringList()


def test_a_good_sheet_is_checked_then_imported(
    dialog: ImportDialog, desk: Desk, qtbot: QtBot, tmp_path: Path, chooses: Callable[[Path], None]
) -> None:
    assert not dialog.import_button.isEnabled()
    chooses(written(tmp_path / "a.xlsx", [intake(1), intake(2)]))
    press(dialog.choose_button)
    assert not dialog.choose_button.isEnabled()
    qtbot.waitUntil(dialog.import_button.isEnabled)
    assert dialog.said.text() == "检查通过：新建2个，更新0个，跳过0个（一人一档2个，活动登记0个）。"
    assert everybody(desk) == []
    press(dialog.import_button)
    qtbot.waitUntil(lambda: dialog.said.text().startswith("已导入：新建2个"))
    assert len(everybody(desk)) == 2
    assert not dialog.import_button.isEnabled()
    dialog.reject()


def test_problems_are_listed_by_row_and_given_back_in_a_sheet(
    dialog: ImportDialog, desk: Desk, qtbot: QtBot, tmp_path: Path, chooses: Callable[[Path], None]
) -> None:
    dialog.check(written(tmp_path / "a.xlsx", [intake(1), replace(intake(2), basis=None)]))
    qtbot.waitUntil(lambda: bool(lines(dialog)))
    assert lines(dialog) == ["第3行：“家庭贫困儿童”要写明依据（文件或证件号）。"]
    assert dialog.said.text() == "有1个问题，一个也不会导入。请改好表格后重新选择。"
    assert not dialog.import_button.isEnabled()
    chooses(tmp_path / "b")
    press(dialog.faults_button)
    qtbot.waitUntil(lambda: dialog.said.text() == "已保存到“b.xlsx”，改好后可以直接导入。")
    assert (tmp_path / "b.xlsx").exists()
    dialog.reject()


def test_a_file_that_is_no_sheet_says_its_sentence(dialog: ImportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("<html>", encoding="utf-8")
    dialog.check(tmp_path / "a.xlsx")
    qtbot.waitUntil(lambda: "内容却不是" in dialog.said.text())
    assert not dialog.faults_button.isEnabled()
    (tmp_path / "a.csv").write_text("姓名,颜色\n甲,红", encoding="utf-8")
    dialog.check(tmp_path / "a.csv")
    qtbot.waitUntil(lambda: len(lines(dialog)) == 3)
    assert not dialog.import_button.isEnabled()
    dialog.reject()


def test_what_turns_bad_before_the_import_is_listed_too(
    dialog: ImportDialog, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.xlsx", [intake(1)])
    dialog.check(path)
    qtbot.waitUntil(dialog.import_button.isEnabled)
    written(path, [replace(intake(1), basis=None)])
    press(dialog.import_button)
    qtbot.waitUntil(lambda: len(lines(dialog)) == 1)
    assert (dialog.import_button.isEnabled(), dialog.faults_button.isEnabled(), everybody(desk)) == (False, True, [])
    dialog.reject()


def test_duplicates_are_decided_one_by_one(dialog: ImportDialog, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.children.enrol(light("贺兰朵"))
    desk.children.enrol(light("冶文兰"))
    shared = ChildIntake(sex=light().sex, birth_date=light().birth_date)
    rows = [replace(shared, name=name) for name in ("贺兰朵", "冶文兰", "新的")]
    dialog.check(written(tmp_path / "a.xlsx", rows))
    qtbot.waitUntil(lambda: dialog.twin_model.rowCount() == 2)
    assert not dialog.import_button.isEnabled()
    assert dialog.faults_button.isEnabled()
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    dialog.twin_table.selectRow(0)
    press(buttons[OnDuplicate.SKIP.label])
    assert [dialog.twin_model.index(row, 4).data() for row in (0, 1)] == ["跳过这一行", "请选择"]
    dialog.twin_table.selectRow(1)
    press(buttons[OnDuplicate.NEW.label])
    qtbot.waitUntil(dialog.import_button.isEnabled)
    assert "新建2个，更新0个，跳过1个" in dialog.said.text()
    press(dialog.import_button)
    qtbot.waitUntil(lambda: dialog.said.text().startswith("已导入"))
    assert len(everybody(desk)) == 4
    dialog.reject()


def test_a_decision_that_will_not_do_can_be_taken_back(
    dialog: ImportDialog, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.xlsx", [intake(1)])
    imports.import_children(desk, path)
    dialog.check(path)
    qtbot.waitUntil(lambda: dialog.twin_model.rowCount() == 1)
    dialog.twin_table.selectRow(0)
    dialog.decide(OnDuplicate.NEW)
    qtbot.waitUntil(lambda: len(lines(dialog)) == 1)
    assert not dialog.import_button.isEnabled()
    dialog.twin_table.selectRow(0)
    dialog.decide(OnDuplicate.UPDATE)
    qtbot.waitUntil(dialog.import_button.isEnabled)
    dialog.reject()


def test_progress_has_a_number_and_can_be_cancelled(
    dialog: ImportDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()
    real = imports.import_children

    def slowly(*words: Any, progress: Callable[[int, int], object], **more: Any) -> Any:
        progress(50, 200)
        going.wait(10)
        return real(*words, progress=progress, **more)

    monkeypatch.setattr(imports, "import_children", slowly)
    dialog.check(written(tmp_path / "a.xlsx", [intake(1)]))
    qtbot.waitUntil(lambda: dialog.bar.value() == 50)
    assert dialog.bar.format() == "第50行，共200行"
    assert dialog.cancel_button.isVisible()
    press(dialog.cancel_button)
    going.set()
    qtbot.waitUntil(lambda: dialog.said.text() == "已取消，什么也没有导入。")
    assert not dialog.cancel_button.isVisible()
    dialog.reject()


def test_leaving_gives_up_what_is_under_way(
    dialog: ImportDialog, desk: Desk, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()
    real = imports.import_children
    monkeypatch.setattr(imports, "import_children", lambda *words, **more: (going.wait(10), real(*words, **more))[1])
    dialog.check(written(tmp_path / "a.xlsx", [intake(1)]))
    dialog.take_in()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    going.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert everybody(desk) == []


def test_the_template_is_saved(
    dialog: ImportDialog, qtbot: QtBot, tmp_path: Path, chooses: Callable[[Path | str], None], monkeypatch: Any
) -> None:
    chooses("")
    press(dialog.template_button)
    chooses(tmp_path / "t.xlsx")
    press(dialog.template_button)
    qtbot.waitUntil(lambda: "模板已保存到“t.xlsx”" in dialog.said.text())

    def held(*_words: object) -> None:
        raise StorageTrouble

    monkeypatch.setattr(imports, "write_child_template", held)
    press(dialog.template_button)
    qtbot.waitUntil(lambda: dialog.said.text() == _(StorageTrouble.fallback))
    dialog.reject()


def test_the_model_of_likenesses(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    community(desk)
    rows = [intake(1), intake(1), intake(2), intake(2)]
    report = imports.import_children(desk, written(tmp_path / "a.xlsx", rows), dry_run=True)
    model = TwinModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_twins(report.twins)
    head = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(5)]
    assert head == ["行号", "姓名", "可能已有", "相同之处", "怎么办"]
    assert [model.index(0, n).data() for n in range(5)] == [
        "3", intake(1).name, "表中第2行", "证件号码相同", "请选择",
    ]  # fmt: skip
    model.decide([0], OnDuplicate.SKIP)
    model.decide([], OnDuplicate.NEW)
    assert [twin.row for twin in model.undecided] == [5]
    model.show_twins(report.twins[1:])
    assert model.decisions == {}


# --- out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["masked", "whole"])
def test_children_go_out(
    desk: Desk,
    jobs: Jobs,
    qtbot: QtBot,
    box: QWidget,
    answers: list[Any],
    tmp_path: Path,
    chooses: Callable[[Path], None],
    kind: str,
) -> None:
    community(desk)
    imports.import_children(desk, written(tmp_path / "a.xlsx", [intake(1)]))
    chooses(tmp_path / "b.csv")
    answers += [kind, *(["区民政局要求报送全量名单"] if kind == "whole" else []), "ok"]
    export_children(desk, jobs, box, ChildQuery())
    qtbot.waitUntil(lambda: answers == [])
    text = (tmp_path / "b.csv").read_text(encoding="utf-8-sig")
    assert ((intake(1).id_no or "") in text) is (kind == "whole")


def test_a_reason_that_is_too_short(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, answers: list[Any], tmp_path: Path, chooses: Any
) -> None:
    chooses(tmp_path / "b.csv")
    answers += ["whole", "短", "ok"]
    export_children(desk, jobs, box, ChildQuery())
    qtbot.waitUntil(lambda: answers == [])
    assert not (tmp_path / "b.csv").exists()


def test_thinking_better_of_it(desk: Desk, jobs: Jobs, box: QWidget, answers: list[Any], chooses: Any) -> None:
    for given in ([""], ["whole", None]):
        answers += given
        export_children(desk, jobs, box, ChildQuery())
    chooses("")
    answers.append("masked")
    export_children(desk, jobs, box, ChildQuery())
    assert (answers, jobs.idle) == ([], True)


def test_who_may_not_take_out_whole_lines_is_not_asked(
    desk: Desk, jobs: Jobs, box: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[list[str]] = []

    def answer(_parent: QWidget, _title: str, _text: str, choices: dict[str, str]) -> str:
        offered.append(list(choices))
        return ""

    monkeypatch.setattr("stationdesk.ui.importing.ask", answer)
    export_children(desk, jobs, box, ChildQuery())
    clerk = replace(desk, actor=replace(desk.actor, role=Role.CLERK))
    export_children(clerk, jobs, box, ChildQuery())
    assert offered == [["masked", "whole", ""], ["masked", ""]]


def test_volunteers_come_in_though_some_lines_have_faults(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, tmp_path: Path, chooses: Callable[[Path], None]
) -> None:
    line = VolunteerIntake(name="单思远", sex=Sex.MALE, birth_date=date(1999, 1, 1), phone="13900000001")
    rows_to_xlsx(VolunteerIntake, [line, replace(line, name="李存义", phone=None)], tmp_path / "v.xlsx", private=True)
    dialog = import_volunteers_dialog(desk, jobs, box)
    chooses(tmp_path / "t.xlsx")
    press(dialog.template_button)
    qtbot.waitUntil(lambda: (tmp_path / "t.xlsx").exists() and jobs.idle)
    chooses(tmp_path / "v.xlsx")
    press(dialog.choose_button)
    qtbot.waitUntil(dialog.import_button.isEnabled)
    assert lines(dialog) == ["第3行：请填写电话。"]
    assert dialog.said.text() == "有1个问题。没有问题的可以先导入（1位志愿者），有问题的行请另存后修改。"
    press(dialog.import_button)
    qtbot.waitUntil(lambda: dialog.said.text().startswith("已导入：1位志愿者。下面这些行没有导入"))
    assert not dialog.import_button.isEnabled()
    assert len(desk.volunteers.find(VolunteerQuery())) == 1
    chooses(tmp_path / "f.xlsx")
    press(dialog.faults_button)
    qtbot.waitUntil(lambda: (tmp_path / "f.xlsx").exists() and jobs.idle)
    dialog.reject()
