"""Attachments through the window: added by mouse and keys, dropped, shown, taken out, removed; the photo."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.fields import Level
from stationdesk.records.access import Role
from stationdesk.records.attachments import NewAttachment
from stationdesk.records.audit import Action
from stationdesk.records.image_headers import sides, traces
from stationdesk.reports.document import Document, Heading
from stationdesk.reports.pdf import to_pdf
from stationdesk.ui import attachments
from stationdesk.ui.attachment_view import AttachmentDialog
from stationdesk.ui.attachments import AttachmentsPane, PhotoLabel
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from tests.children import colleague, filed
from tests.db.test_attachments import consent
from tests.pictures import PDF, docx, jpeg, telling_jpeg

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def child(desk: Desk) -> int:
    return filed(desk, "祖拜旦·麦麦提吐尔什")


@pytest.fixture
def pane(desk: Desk, jobs: Jobs, child: int, box: QWidget, qtbot: QtBot) -> Iterator[AttachmentsPane]:
    found = AttachmentsPane(desk, jobs, box)
    QAbstractItemModelTester(found.list.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    found.resize(900, 400)
    box.resize(900, 400)
    box.show()
    found.show()
    found.show_child(child)
    settle(found, qtbot)
    yield found
    for dialog in found.findChildren(AttachmentDialog):
        dialog.close()


def settle(pane: Any, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: pane.jobs.idle)


def texts(pane: AttachmentsPane, column: int = 0) -> list[str]:
    model = pane.list.model
    return [model.index(row, column).data() for row in range(model.rowCount())]


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, LEFT)


def kept(pane: AttachmentsPane, name: str, data: bytes, qtbot: QtBot, **said: Any) -> int:
    number = pane.desk.attachments.add(pane._child or 0, name, data, NewAttachment(**said))
    pane.list.reload()
    settle(pane, qtbot)
    pane.list.select(number)
    return number


def form_of(pane: QWidget) -> FormDialog:
    return pane.findChildren(FormDialog)[-1]


def files(folder: Path, **contents: bytes) -> list[Path]:
    found = []
    for name, data in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(data)
        found.append(path)
    return found


def dropped(paths: list[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_chosen_files_are_added_with_what_is_said_of_them(
    pane: AttachmentsPane, child: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    paths = files(tmp_path, 户口本_jpg=telling_jpeg(), 协议_png=PDF)
    asked = {"getOpenFileNames": lambda *_args: ([str(path) for path in paths], "")}
    monkeypatch.setattr(attachments, "QFileDialog", type("Files", (), {k: staticmethod(v) for k, v in asked.items()}))
    press(pane.add)
    form = form_of(pane)
    assert "户口本.jpg" in " ".join(label.text() for label in form.findChildren(QLabel))
    inputs: Any = form.inputs()
    inputs["level"].set_value(Level.L4)
    QTest.keyClicks(inputs["note"], "entry 1")
    said: list[str] = []
    pane.said.connect(said.append)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: pane.list.model.rowCount() == 2)
    rows = {row.name: row for row in pane.desk.attachments.of_child(child)}
    assert set(rows) == {"户口本.jpg", "协议.pdf"}
    assert {row.level for row in rows.values()} == {Level.L4}
    # The day the camera wrote is kept beside the picture, in which it stands no more.
    assert str(rows["户口本.jpg"].taken_on) == "2025-06-01"
    assert rows["协议.pdf"].taken_on is None
    data = pane.desk.attachments.open_content(rows["户口本.jpg"].id).data
    assert traces(data) == ()
    assert said == ["已添加2个附件"]


def test_dropped_files_of_which_some_will_not_do(
    pane: AttachmentsPane, tmp_path: Path, answers: list[Any], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    told: list[str] = []
    monkeypatch.setattr(attachments, "tell", lambda _parent, _title, text: told.append(text))
    data = dropped(files(tmp_path, a_pdf=PDF, b_jpg=b"MZ\x90\0", c_pdf=b""))
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(pane, enter)
    assert enter.isAccepted()
    assert pane._hint.isVisible()
    QApplication.sendEvent(pane, QDragLeaveEvent())
    assert not pane._hint.isVisible()
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(pane, enter)
    QApplication.sendEvent(pane, drop)
    form_of(pane).save()
    qtbot.waitUntil(lambda: bool(told))
    settle(pane, qtbot)
    assert texts(pane) == ["a.pdf"]
    assert told[0].splitlines() == [
        "b.jpg：程序、脚本和快捷方式不能作为附件。",
        "c.pdf：文件是空的，请检查后重新选择。",
    ]


def test_when_nothing_will_do_the_form_says_why_and_stays(pane: AttachmentsPane, tmp_path: Path, qtbot: QtBot) -> None:
    pane.ask_about([*files(tmp_path, b_jpg=b"MZ\x90\0"), tmp_path / "gone.pdf"])
    form = form_of(pane)
    form.save()
    settle(pane, qtbot)
    shown = "\n".join(label.text() for label in form.findChildren(QLabel) if label.objectName() == "problem")
    assert "b.jpg：程序" in shown
    assert "gone.pdf：文件读不出来" in shown
    assert form.isVisible()
    form.close()
    assert texts(pane) == []


def test_words_and_links_are_not_files(pane: AttachmentsPane) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.pdf")])
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(pane, event)
    assert not event.isAccepted()
    assert not pane.list.filter.acceptDrops()


def test_a_picture_is_shown_and_zoomed_by_keys_and_wheel(pane: AttachmentsPane, qtbot: QtBot) -> None:
    kept(pane, "a.jpg", jpeg(1600, 900), qtbot)
    QTest.keyClick(pane.list.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pane.findChild(AttachmentDialog) is not None)
    dialog = pane.findChild(AttachmentDialog)
    assert dialog is not None
    assert dialog.picture is not None
    dialog.grab()
    whole = dialog.picture.zoom
    assert 0 < whole < 1
    for key, larger in ((Qt.Key.Key_Plus, True), (Qt.Key.Key_Minus, False), (Qt.Key.Key_Minus, False)):
        before = dialog.picture.zoom
        QTest.keyClick(dialog, key)
        assert (dialog.picture.zoom > before) is larger
    QTest.keyClick(dialog, Qt.Key.Key_0)
    assert dialog.picture.zoom == pytest.approx(whole)
    for turn, held in ((120, Qt.KeyboardModifier.ControlModifier), (-120, Qt.KeyboardModifier.NoModifier)):
        where = QPointF(20, 20)
        wheel = QWheelEvent(
            where, where, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(dialog.picture.viewport(), wheel)
        assert dialog.picture.zoom > whole
    for _time in range(40):
        dialog.picture.zoom_in()
    assert dialog.picture.zoom == pytest.approx(8, rel=0.01)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not pane.findChildren(AttachmentDialog))


def test_pages_text_and_what_only_other_programs_show(pane: AttachmentsPane, answers: list[Any], qtbot: QtBot) -> None:
    real = to_pdf(Document(title="表", parts=(Heading("标题", 1),))).data
    tall = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    tall += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 14000]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    for name, data in (("real.pdf", real), ("torn.pdf", PDF), ("tall.pdf", tall)):
        number = kept(pane, name, data, qtbot)
        pane.show_one(number)
        settle(pane, qtbot)
        dialog = pane.findChildren(AttachmentDialog)[-1]
        assert (dialog.pages is not None) is (name == "real.pdf"), name
        if dialog.pages is None:
            assert any("另存为" in label.text() for label in dialog.findChildren(QLabel))
        else:
            assert dialog.pages.pages == 1
        dialog.close()
    pane.show_one(kept(pane, "a.txt", "走访 نۇرئەلى\n".encode() * 20_000, qtbot))
    settle(pane, qtbot)
    dialog = pane.findChildren(AttachmentDialog)[-1]
    text = dialog.findChild(QPlainTextEdit)
    assert text is not None
    assert text.isReadOnly()
    assert text.toPlainText().startswith("走访 نۇرئەلى")
    assert len(text.toPlainText()) == 12_000
    dialog.close()
    kept(pane, "a.docx", docx(), qtbot)
    answers.append(None)
    press(pane.view)
    assert answers == []


def test_taken_out_under_a_number_and_noted(
    pane: AttachmentsPane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    number = kept(pane, "努尔艾力的协议.pdf", PDF, qtbot)
    offered: list[str] = []

    def choose(_parent: object, _title: str, name: str, kind: str) -> tuple[str, str]:
        offered.extend((Path(name).name, kind))
        return str(tmp_path / "out.pdf"), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    press(pane.export)
    settle(pane, qtbot)
    assert offered == [f"乙-2026-0001-附件-{number}.pdf", "PDF (*.pdf)"]
    assert (tmp_path / "out.pdf").read_bytes() == PDF
    lines = pane.desk.audit.rows(pane.desk.audit.find())
    assert [line.what for line in lines if line.action is Action.EXPORT] == ["附件"]


def test_name_and_note_are_changed_and_it_is_removed_after_a_question(
    pane: AttachmentsPane, answers: list[Any], qtbot: QtBot
) -> None:
    number = kept(pane, "a.pdf", PDF, qtbot)
    press(pane.edit)
    settle(pane, qtbot)
    form = form_of(pane)
    inputs: Any = form.inputs()
    assert list(inputs) == ["name", "taken_on", "level", "note"]
    inputs["name"].setText("نۇرئەلى تۇرسۇن 协议")
    form.save()
    qtbot.waitUntil(lambda: texts(pane) == ["نۇرئەلى تۇرسۇن 协议.pdf"])
    settle(pane, qtbot)
    pane.list.select(number)
    answers.append("")
    press(pane.delete)
    settle(pane, qtbot)
    assert len(texts(pane)) == 1
    answers.append("yes")
    press(pane.delete)
    qtbot.waitUntil(lambda: texts(pane) == [])
    assert answers == []


def test_sorted_and_found(pane: AttachmentsPane, qtbot: QtBot) -> None:
    kept(pane, "b.pdf", PDF + b" " * 3000 + b"%%EOF", qtbot, level=Level.L2, taken_on=date(2026, 1, 2))
    kept(pane, "a.txt", b"x" * 20, qtbot, note="note of a visit")
    names = [column.name for column in pane.list.model.columns]
    for name, first in (
        ("name", "a.txt"),
        ("size", "a.txt"),
        ("kind", "b.pdf"),
        ("level", "b.pdf"),
        ("taken_on", "a.txt"),
    ):
        pane.list.model.sort(names.index(name), Qt.SortOrder.AscendingOrder)
        settle(pane, qtbot)
        assert texts(pane)[0] == first, name
    QTest.keyClicks(pane.list.filter, "VISIT")
    qtbot.waitUntil(lambda: texts(pane) == ["a.txt"])


def test_what_is_not_ones_own_work_can_be_seen_and_no_more(
    desk: Desk, child: int, jobs: Jobs, box: QWidget, qtbot: QtBot
) -> None:
    desk.attachments.add(child, "a.pdf", PDF, NewAttachment(level=Level.L2))
    desk.attachments.add(child, "b.txt", b"hidden")
    worker = colleague(desk, Role.SOCIAL_WORKER)
    found = AttachmentsPane(replace(desk, actor=worker), jobs, box)
    found.show_child(child)
    settle(found, qtbot)
    assert texts(found) == ["a.pdf"]
    found.list.table.selectRow(0)
    assert found.view.isEnabled()
    for button in (found.add, found.export, found.edit, found.delete):
        assert not button.isEnabled()
    assert not found.acceptDrops()
    found.ask_about([Path("x.pdf")])
    assert found.findChildren(FormDialog) == []
    found.show_child(None)
    settle(found, qtbot)
    assert texts(found) == []
    photo = PhotoLabel(replace(desk, actor=worker), jobs, box)
    photo.show_child(child)
    settle(photo, qtbot)
    assert photo.replace.isHidden()


@pytest.fixture
def photo(desk: Desk, jobs: Jobs, child: int, box: QWidget, qtbot: QtBot) -> PhotoLabel:
    found = PhotoLabel(desk, jobs, box)
    box.show()
    found.show()
    found.show_child(child)
    settle(found, qtbot)
    return found


def test_the_photo_is_put_changed_withdrawn_and_removed(
    desk: Desk,
    child: int,
    photo: PhotoLabel,
    tmp_path: Path,
    answers: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    assert photo.picture.accessibleName() == "没有照片"
    answers.append(None)
    press(photo.replace)
    assert answers == []
    given = consent(desk, child)
    photo.show_child(child)
    settle(photo, qtbot)
    [path] = files(tmp_path, p_jpg=telling_jpeg(6))
    asked = {"getOpenFileName": lambda *_args: (str(path), "")}
    monkeypatch.setattr(attachments, "QFileDialog", type("Files", (), {k: staticmethod(v) for k, v in asked.items()}))
    press(photo.replace)
    qtbot.waitUntil(lambda: photo.picture.accessibleName() == "照片")
    data = desk.attachments.photo(child).data
    assert (sides(data), traces(data)) == ((40, 60), ())
    path.write_bytes(PDF)
    answers.append(None)
    press(photo.replace)
    settle(photo, qtbot)
    assert answers == []
    [signed] = [line for line in desk.child_files.consents(child) if line.id == given]
    desk.child_files.save_consent(replace(signed, withdrawn_on=desk.clock().date()))
    photo.reload()
    settle(photo, qtbot)
    assert photo.picture.accessibleName() == "没有照片"
    assert "失效" in photo.state.text()
    answers.extend(["", "yes"])
    press(photo.delete)
    press(photo.delete)
    qtbot.waitUntil(lambda: not photo.delete.isEnabled())
    assert not photo.state.isVisible()
    assert not desk.attachments.photo(child).held


def test_another_child_asked_for_meanwhile_is_the_one_shown(
    desk: Desk, child: int, photo: PhotoLabel, qtbot: QtBot
) -> None:
    consent(desk, child)
    desk.attachments.set_photo(child, jpeg())
    other = filed(desk, "贺兰朵", order=2)
    photo.show_child(child)
    photo.show_child(other)
    settle(photo, qtbot)
    assert photo.picture.accessibleName() == "没有照片"
