"""What to print is chosen by mouse and keys; the run is watched, broken off, and noted."""

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.audit import Action
from stationdesk.records.children import ChildQuery
from stationdesk.records.masking import Disclosure
from stationdesk.ui import child_forms, print_run
from stationdesk.ui.child_forms import FormsDialog, RosterDialog
from stationdesk.ui.child_prints import FilesDialog, Output, print_child, print_forms, print_many, print_roster
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.print_run import PrintRun
from stationdesk.ui.printing import PrintDialog
from tests.child_prints import DIAGNOSIS, NAME, PHONE, whole_file
from tests.children import filed
from tests.stations import at_desk, with_everyone


def click(dialog: QDialog, text: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def opened(box: QWidget, kind: type[Any]) -> Any:
    found = box.findChild(kind)
    assert found is not None
    return found


def pages(qtbot: QtBot, box: QWidget) -> tuple[str, PrintDialog]:
    """The text of what is previewed, without blanks; the dialog is closed."""
    qtbot.waitUntil(lambda: box.findChild(PrintDialog) is not None, timeout=20_000)
    dialog: PrintDialog = opened(box, PrintDialog)
    pdf = pypdfium2.PdfDocument(dialog._data)
    text = "".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
    pdf.close()
    dialog.close()
    qtbot.waitUntil(lambda: box.findChild(PrintDialog) is None)
    return text, dialog


def test_one_file_masked_with_the_enter_key(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    print_child(desk, jobs, box, whole_file(desk))
    dialog = opened(box, FilesDialog)
    assert dialog.how is Disclosure.MASKED
    assert not dialog.output.isVisibleTo(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    text, shown = pages(qtbot, box)
    assert shown._name == "儿童档案（一人一档）_乙-2026-0001.pdf"
    assert NAME in text
    assert PHONE not in text


def test_sections_and_the_purpose_of_a_whole_print(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    print_child(desk, jobs, box, whole_file(desk))
    dialog = opened(box, FilesDialog)
    for section in dialog.sections.boxes.values():
        QTest.keyClick(section, Qt.Key.Key_Space)
    dialog.how_box.setFocus()
    QTest.keyClick(dialog.how_box, Qt.Key.Key_End)
    assert dialog.how is Disclosure.RESTRICTED
    click(dialog, "打印…")
    assert "请至少选择一个部分。" in dialog.problem.text()
    assert "写明用途" in dialog.problem.text()
    QTest.keyClick(dialog.sections.boxes["SCHOOL_HEALTH"], Qt.Key.Key_Space)
    QTest.keyClicks(dialog.why, "transfer to court")
    click(dialog, "打印…")
    text, shown = pages(qtbot, box)
    assert DIAGNOSIS in text
    assert "家庭成员" not in text
    shown._note(Action.PRINT)
    qtbot.waitUntil(lambda: jobs.idle)
    details = [row.details for row in desk.audit.rows(desk.audit.find()[:6]) if row.action is Action.PRINT]
    assert details == ["1", "完整，并含限制内容→1→transfer to court"]


def test_the_empty_form(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    print_child(desk, jobs, box, whole_file(desk))
    click(opened(box, FilesDialog), "空白表…")
    text, _shown = pages(qtbot, box)
    assert "□男□女" in text
    assert NAME not in text


def test_many_files_each_into_a_folder(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ids = [filed(desk, name) for name in ("贺兰朵", "陈砚秋", "冶文秀")]
    target = tmp_path / "出"
    target.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_words: str(target))
    print_many(desk, jobs, box, ids)
    dialog = opened(box, FilesDialog)
    assert [dialog.output.itemData(n) for n in range(3)] == list(Output)
    QTest.keyClick(dialog.output, Qt.Key.Key_End)
    click(dialog, "打印…")
    run = opened(box, PrintRun)
    assert run.bar.maximum() == 3
    qtbot.waitUntil(lambda: len(list(target.iterdir())) == 3 and jobs.idle, timeout=20_000)
    assert sorted(path.name for path in target.iterdir()) == [
        f"儿童档案（一人一档）_乙-2026-000{n}.pdf" for n in (1, 2, 3)
    ]
    row = desk.audit.rows(desk.audit.find()[:1])[0]
    assert (row.action, row.details) == (Action.EXPORT, "3")


def test_many_files_in_one_and_no_place_chosen(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ids = [filed(desk, name) for name in ("贺兰朵", "陈砚秋")]
    places = ["", str(tmp_path / "全.pdf")]
    offered: list[str] = []

    def choose(_parent: QWidget, _title: str, name: str, _kind: str) -> tuple[str, str]:
        offered.append(Path(name).name)
        return places.pop(0), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    print_many(desk, jobs, box, ids)
    dialog = opened(box, FilesDialog)
    QTest.keyClick(dialog.output, Qt.Key.Key_Down)
    click(dialog, "打印…")
    assert dialog.isVisible()
    click(dialog, "打印…")
    qtbot.waitUntil(lambda: (tmp_path / "全.pdf").exists() and jobs.idle, timeout=20_000)
    assert offered == ["儿童档案_2026-11-24_2份.pdf"] * 2
    assert not list(tmp_path.glob("*.partial"))


def test_a_run_is_broken_off(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    ids = [filed(desk, name) for name in ("贺兰朵", "陈砚秋", "冶文秀", "马晓岚")]
    print_many(desk, jobs, box, ids)
    click(opened(box, FilesDialog), "打印…")
    run = opened(box, PrintRun)
    qtbot.waitUntil(lambda: run.bar.value() >= 1, timeout=20_000)
    assert "共4份" in run.said.text()
    QTest.keyClick(run, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: jobs.idle, timeout=20_000)
    assert box.findChild(PrintDialog) is None


def test_what_cannot_be_printed_is_told(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, answers: list[Any]) -> None:
    child = filed(desk, "贺兰朵")
    answers.append("ok")
    print_many(desk, jobs, box, [child, 4242])
    click(opened(box, FilesDialog), "打印…")
    text, _shown = pages(qtbot, box)
    assert "贺兰朵" in text
    assert answers == []


def test_a_full_disk_is_said_in_a_sentence(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    monkeypatch.setattr(print_run, "tell", lambda _parent, _title, text: told.append(text))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_words: str(tmp_path / "没有这个文件夹"))
    print_many(desk, jobs, box, [filed(desk, "贺兰朵"), filed(desk, "陈砚秋")])
    dialog = opened(box, FilesDialog)
    QTest.keyClick(dialog.output, Qt.Key.Key_End)
    click(dialog, "打印…")
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert "文件写不进去" in told[0]


def test_each_role_is_offered_what_it_may(desk: Desk, jobs: Jobs, box: QWidget, qtbot: QtBot) -> None:
    with_everyone(desk)
    child, data = whole_file(desk), desk.data
    desk.close()
    for role, offered in {
        Role.SUPERVISOR: [Disclosure.MASKED, Disclosure.WHOLE],
        Role.CLERK: [Disclosure.MASKED],
        Role.COUNSELLOR: [],
    }.items():
        there = at_desk(data, role.code.lower())
        dialog = FilesDialog(there, jobs, (child,), box)
        assert [dialog.how_box.itemData(n) for n in range(dialog.how_box.count())] == offered
        buttons = [button.text() for button in dialog.findChildren(QPushButton)]
        assert ("打印…" in buttons) is bool(offered)
        assert "空白表…" in buttons
        dialog.reject()
        there.close()


def test_a_roster_on_paper_and_in_a_sheet(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_file(desk)
    filed(desk, "贺兰朵")
    print_roster(desk, jobs, box, ChildQuery())
    dialog = opened(box, RosterDialog)
    dialog.kind.setFocus()
    QTest.keyClick(dialog.kind, Qt.Key.Key_Down)
    for name in ("birth_date", "residence", "school", "grade_class"):
        QTest.keyClick(dialog.columns.boxes[name], Qt.Key.Key_Space)
    click(dialog, "打印…")
    assert "最多选14列，现在选了15列。" in dialog.problem.text()
    for name in ("birth_date", "residence", "school", "grade_class"):
        QTest.keyClick(dialog.columns.boxes[name], Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    text, shown = pages(qtbot, box)
    assert shown._name == "留守儿童花名册.pdf"
    assert "共1人" in text
    assert "贺兰朵" not in text
    saved: list[str] = []

    def save(_parent: QWidget, name: str, _kind: str, data: bytes) -> bool:
        saved.append(name)
        return data.startswith(b"PK")

    monkeypatch.setattr(child_forms, "save_as", save)
    qtbot.waitUntil(lambda: box.findChild(RosterDialog) is None)
    print_roster(desk, jobs, box, ChildQuery(words="贺兰朵"))
    dialog = opened(box, RosterDialog)
    QTest.keyClick(dialog.how_box, Qt.Key.Key_Down)
    QTest.keyClicks(dialog.why, "district asked")
    click(dialog, "导出 Excel…")
    qtbot.waitUntil(lambda: saved == ["在册儿童花名册.xlsx"] and jobs.idle, timeout=20_000)
    said = [(row.action, row.details) for row in desk.audit.rows(desk.audit.find()[:3])]
    assert (Action.EXPORT, "1") in said
    assert (Action.PRINT, "完整→1→district asked") in said


def test_forms_with_names_and_empty(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    child = whole_file(desk)
    print_forms(desk, jobs, box, child)
    dialog = opened(box, FormsDialog)
    QTest.keyClick(dialog.forms.boxes["DELEGATED_CARE"], Qt.Key.Key_Space)
    click(dialog, "打印…")
    text, _shown = pages(qtbot, box)
    for wanted in ("知情同意书", "个人信息处理告知书", "委托照护确认书", NAME):
        assert wanted in text, wanted
    qtbot.waitUntil(lambda: box.findChild(FormsDialog) is None)
    print_forms(desk, jobs, box, None)
    dialog = opened(box, FormsDialog)
    assert not dialog.filled.isEnabled()
    for form in dialog.forms.ticked():
        QTest.keyClick(dialog.forms.boxes[form], Qt.Key.Key_Space)
    click(dialog, "打印…")
    assert "请至少选择一份表单。" in dialog.problem.text()
    QTest.keyClick(dialog.forms.boxes["PORTRAIT"], Qt.Key.Key_Space)
    click(dialog, "打印…")
    text, shown = pages(qtbot, box)
    assert "肖像使用同意书" in text
    assert NAME not in text
    assert shown._name == "肖像使用同意书.pdf"
