"""A form edits a copy, says what is wrong where it is wrong, and loses nothing."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from stationdesk.errors import Conflict, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.station import Community
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs


def make(box: QWidget, jobs: Jobs, save: Any, record: Community, **more: Any) -> tuple[FormDialog, RecordForm]:
    form = RecordForm(record, editors={"director_id": lambda at: ChoiceEditor([(1, "甲")], at, "无")})
    dialog = FormDialog("村（社区）", form, jobs, save, box, **more)
    dialog.show()
    dialog.activateWindow()
    return dialog, form


def test_saves_what_was_typed(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    saved: list[Community] = []
    dialog, form = make(box, jobs, saved.append, Community())
    QTest.keyClicks(form.editor("name"), "Hongliu")
    QTest.keyClick(form.editor("name"), Qt.Key.Key_Return)
    assert not form.editor("name").hasFocus()
    qtbot.waitUntil(dialog.isActiveWindow)
    with qtbot.waitSignal(dialog.saved):
        QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert (saved[0].name, saved[0].active) == ("Hongliu", True)


def test_refusals_stand_under_their_field_and_the_typed_stays(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    def refuse(_record: Community) -> None:
        raise Refused(Problem("name", N_("重名。")), Problem("", N_("整条不行。")))

    dialog, form = make(box, jobs, refuse, Community(name="红柳社区", code="12"))
    dialog.save()
    assert "12位数字" in form._problems["code"].text()
    form.editor("code").setText("")
    dialog.save()
    qtbot.waitUntil(lambda: form._problems["name"].text() == "重名。")
    assert dialog._whole.text() == "整条不行。"
    assert form.editor("name").value() == "红柳社区"
    assert dialog.isVisible()


def test_conflict_offers_the_stored_state(qtbot: QtBot, box: QWidget, jobs: Jobs, answers: list[Any]) -> None:
    def conflict(_record: Community) -> None:
        raise Conflict

    answers.append("reload")
    stored = Community(name="别人改过的")
    dialog, form = make(box, jobs, conflict, Community(name="我改的"), reload=lambda: stored)
    dialog.save()
    qtbot.waitUntil(lambda: form.editor("name").value() == "别人改过的")


def test_leaving_a_changed_form_asks(qtbot: QtBot, box: QWidget, jobs: Jobs, answers: list[Any]) -> None:
    dialog, form = make(box, jobs, lambda record: record, Community())
    form.editor("name").setText("新")
    answers.append("stay")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    answers.append("drop")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert answers == []


def test_an_unchanged_form_just_closes(qtbot: QtBot, box: QWidget, jobs: Jobs, answers: list[Any]) -> None:
    dialog, _form = make(box, jobs, lambda record: record, Community(name="甲"))
    closed: list[bool] = []
    dialog.finished.connect(lambda _code: closed.append(True))
    dialog.destroyed.connect(lambda: closed.append(True))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(closed))
    assert answers == []
