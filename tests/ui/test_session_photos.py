"""Photos of a session through the window: added at once, spoken of, held back, shown, taken out, removed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.audit import Action
from stationdesk.records.child_reviews import ChildHints
from stationdesk.records.image_headers import sides, traces
from stationdesk.records.session_photos import Seen
from stationdesk.ui import session_photos
from stationdesk.ui.attachment_view import AttachmentDialog
from stationdesk.ui.child_view import hint_lines
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.session_photos import SessionPhotos, framed
from tests.children import colleague, filed
from tests.pictures import PDF, jpeg, telling_jpeg
from tests.session_photos import agrees, photo, with_names

LONG = "古丽娜尔·买买提吐尔逊"


@pytest.fixture
def child(desk: Desk) -> int:
    return filed(desk, LONG)


@pytest.fixture
def session_id(desk: Desk, child: int) -> int:
    return with_names(desk, child)


@pytest.fixture
def photos(desk: Desk, jobs: Jobs, session_id: int, box: QWidget, qtbot: QtBot) -> Iterator[SessionPhotos]:
    found = shown(desk, jobs, session_id, box, qtbot)
    QAbstractItemModelTester(found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    yield found
    for dialog in found.findChildren(AttachmentDialog):
        dialog.close()


def shown(
    desk: Desk, jobs: Jobs, session_id: int, box: QWidget, qtbot: QtBot, *, writable: bool = True
) -> SessionPhotos:
    found = SessionPhotos(desk, jobs, box)
    box.resize(900, 500)
    found.resize(900, 500)
    box.show()
    found.show()
    found.show_session(session_id, writable)
    qtbot.waitUntil(lambda: jobs.idle)
    return found


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(photos: SessionPhotos) -> list[str]:
    return [photos.model.index(place).data() for place in range(photos.model.rowCount())]


def test_several_files_are_added_at_once_and_what_is_none_is_told(
    photos: SessionPhotos, session_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    contents = {"一.jpg": telling_jpeg(), "二.png": PDF, "三.jpg": jpeg(2000, 10)}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in contents]
    asked = {"getOpenFileNames": lambda *_args: (paths, "")}
    monkeypatch.setattr(
        session_photos, "QFileDialog", type("Files", (), {k: staticmethod(v) for k, v in asked.items()})
    )
    told: list[str] = []
    monkeypatch.setattr(session_photos, "tell", lambda _parent, _title, text: told.append(text))
    said: list[str] = []
    photos.said.connect(said.append)
    assert "一次选好几张" in photos.none.text()
    press(photos.add)
    assert photos.adding.progress.text() == "正在添加第1张，共3张"
    # What a page does when it hears that something was saved.
    photos.show_session(session_id, True)
    qtbot.waitUntil(lambda: photos.model.rowCount() == 2 and photos.jobs.idle)
    assert photos.adding.isHidden()
    assert said == ["已添加2张照片"]
    assert told
    assert told[0].startswith("二.png：")
    kept = [photos.desk.session_photos.picture(row.id) for row in photos.model.rows]
    assert [traces(data) for data in kept] == [(), ()]
    assert [sides(data) for data in kept] == [(60, 40), (1600, 8)]
    assert texts(photos) == ["照片1\n只在站内", "照片2\n只在站内"]
    assert "还没有核对" in photos.state.text()
    # The small pictures come one by one, each the first time it is in sight.
    qtbot.waitUntil(lambda: len(photos.model._small) == 2)


def test_the_rest_of_many_is_left_out_when_stopped(photos: SessionPhotos, tmp_path: Path, qtbot: QtBot) -> None:
    paths = [tmp_path / f"{n}.jpg" for n in range(4)]
    for n, path in enumerate(paths):
        path.write_bytes(jpeg(60 + n))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    photos.dropEvent(event)
    [stop] = photos.adding.findChildren(QPushButton)
    press(stop)
    qtbot.waitUntil(lambda: photos.adding.isHidden() and photos.jobs.idle)
    assert photos.model.rowCount() == 1


def test_who_is_in_it_is_said_by_keys_and_a_consent_opens_it(
    photos: SessionPhotos, desk: Desk, child: int, session_id: int, qtbot: QtBot
) -> None:
    desk.session_photos.add(session_id, jpeg())
    photos.reload()
    qtbot.waitUntil(lambda: photos.model.rowCount() == 1 and photos.jobs.idle)
    press(photos.edit)
    qtbot.waitUntil(lambda: bool(photos.findChildren(FormDialog)))
    form = photos.findChildren(FormDialog)[-1]
    inputs: Any = form.inputs()
    QTest.keyClicks(inputs["caption"], "group")
    QTest.keyClick(inputs["children"].ticks[child], Qt.Key.Key_Space)
    assert inputs["seen"].value() is Seen.NAMED
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: texts(photos) == ["group\n只在站内"])
    assert photos.state.text() == f"照片里有：{LONG}\n{LONG}没有有效的“宣传使用肖像”同意，照片不能对外使用。"
    agrees(desk, child)
    photos.reload()
    qtbot.waitUntil(lambda: texts(photos) == ["group\n可对外使用"])
    assert "会印进活动记录表" in photos.state.text()


def test_a_photo_is_shown_taken_out_and_removed(
    photos: SessionPhotos,
    desk: Desk,
    child: int,
    session_id: int,
    answers: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    held, free = photo(desk, session_id, child), photo(desk, session_id, width=61)
    photos.reload()
    qtbot.waitUntil(lambda: photos.model.rowCount() == 2 and photos.jobs.idle)
    saved: list[str] = []

    def save(_parent: QWidget, name: str, _kind: str, data: bytes) -> bool:
        saved.append(name)
        return data == jpeg(61)

    monkeypatch.setattr(session_photos, "save_as", save)
    QTest.keyClick(photos.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(photos.findChildren(AttachmentDialog)))
    assert photos.findChildren(AttachmentDialog)[0].windowTitle() == "照片60"
    answers.append(None)
    press(photos.export)
    qtbot.waitUntil(lambda: answers == [])
    QTest.keyClick(photos.list, Qt.Key.Key_Right)
    current = photos.current()
    assert current is not None
    assert current.id == free
    press(photos.export)
    qtbot.waitUntil(lambda: bool(saved) and photos.jobs.idle)
    assert saved == [f"活动照片-{free}.jpg"]
    row = desk.audit.rows(desk.audit.find()[:1])[0]
    assert (row.action, row.what, row.details) == (Action.EXPORT, "活动照片", "1")
    answers.extend(["", "yes"])
    press(photos.delete)
    press(photos.delete)
    qtbot.waitUntil(lambda: [one.id for one in photos.model.rows] == [held])
    assert answers == []


def test_who_only_looks_is_offered_nothing_to_do(
    desk: Desk, jobs: Jobs, session_id: int, child: int, box: QWidget, qtbot: QtBot
) -> None:
    photo(desk, session_id)
    for there, writable in ((desk, False), (replace(desk, actor=colleague(desk, Role.COUNSELLOR)), True)):
        found = shown(there, jobs, session_id, box, qtbot, writable=writable)
        assert found.model.rowCount() == 1
        assert found.view.isVisible()
        assert found.add.isHidden()
        # Of a session called off those that are there can still be removed.
        for button in (found.edit, found.export, found.delete):
            assert button.isHidden() is (there is not desk)
        found.add_files([Path("x.jpg")])
        assert found.adding.isHidden()
        found.show_session(None, False)
        assert found.model.rowCount() == 0
        assert found.none.text() == "还没有照片。"


@pytest.mark.parametrize("data", [jpeg(400, 100), jpeg(100, 400), jpeg(3, 3)])
def test_a_small_picture_has_its_frame(data: bytes) -> None:
    assert framed(data, QSize(160, 120)).size() == QSize(160, 120)


def test_a_file_says_where_a_child_is_shown_that_is_not_to_be_shown_any_more() -> None:
    hints = ChildHints(pictured=((date(2026, 11, 24), "彩泥手工课", 2), (date(2026, 11, 3), "运动会", 1)))
    [(text, presses)] = hint_lines(hints)
    assert presses
    assert text.endswith("请收回：11月24日“彩泥手工课”2张、11月3日“运动会”1张")
