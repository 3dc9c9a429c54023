"""The first run as a new head goes through it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk, look, prepare
from stationdesk.records.bookings import BookingQuery
from stationdesk.records.people import Sex
from stationdesk.ui import wizard as module
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.wizard import Wizard
from tests.stations import CHEAP


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "prepare", lambda *words: prepare(*words, cost=CHEAP))
    monkeypatch.setattr("stationdesk.db.station_file.folder_problem", lambda _data: None)


def fill_station(wizard: Wizard) -> None:
    texts = {
        "city_name": "乌鲁木齐市",
        "district_name": "甲区",
        "township_name": "乙街道",
        "division_code": "650199002",
        "address": "某路1号",
        "phone": "0991-0000001",
    }
    for name, text in texts.items():
        wizard.station.editor(name).setText(text)


def fill_account(wizard: Wizard) -> None:
    wizard.head.editor("name").setText("赛乃姆·托合提")
    wizard.head.editor("sex").set_value(Sex.FEMALE)
    wizard.username.setText("zhan")
    wizard.password.setText("一句好记的长口令 2026")
    wizard.again.setText("一句好记的长口令 2026")


def at(qtbot: QtBot, wizard: Wizard, step: int) -> None:
    qtbot.waitUntil(lambda: wizard.steps.currentIndex() == step)


def test_from_nothing_to_a_room_booked(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    data = tmp_path / "新 站"
    wizard = Wizard(data, jobs)
    qtbot.addWidget(wizard)
    wizard.next()
    assert wizard.steps.currentIndex() == 0
    assert wizard.station._problems["address"].text() == "请填写地址。"
    fill_station(wizard)
    assert wizard.station.editor("name").value() == "甲区乙街道未成年人保护工作站"
    wizard.next()
    wizard.hours.lines[6].setText("25:00")
    wizard.next()
    assert "周日" in wizard.problem.text()
    wizard.hours.lines[6].setText("")
    wizard.next()
    fill_account(wizard)
    wizard.again.setText("别的")
    wizard.next()
    assert "不一样" in wizard.problem.text()
    fill_account(wizard)
    wizard.next()
    at(qtbot, wizard, 3)
    assert not data.exists()
    wizard.typed.setText("AAAAA")
    wizard.next()
    assert "恢复密钥不对" in wizard.problem.text()
    wizard.typed.setText(wizard.recovery.text().lower().replace("-", " "))
    wizard.next()
    assert not data.exists()
    wizard.next()
    at(qtbot, wizard, 5)
    assert look(data).name == "READY"
    assert wizard.recovery.text() == ""
    qtbot.waitUntil(lambda: wizard._form is not None)
    assert wizard._form is not None
    wizard._form.editor("title").setText("第一次活动")
    # The Sunday was closed above; a Wednesday is open.
    with qtbot.waitSignal(wizard.finished) as finished:
        wizard.next()
    assert finished.args is not None
    desk: Desk = finished.args[0]
    assert desk.station_name == "甲区乙街道未成年人保护工作站"
    assert [room.name for room in desk.rooms.all_rooms()] == ["国学教室", "图书阅览室", "心理辅导室", "音乐舞蹈室"]
    assert len(desk.bookings.find(BookingQuery())) == 1
    desk.close()


def test_weak_passwords_are_refused_and_nothing_is_written(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    wizard = Wizard(tmp_path / "站", jobs)
    qtbot.addWidget(wizard)
    fill_station(wizard)
    wizard.next()
    wizard.next()
    for password in ("short", "123456789012", "赛乃姆·托合提zhan 乙街道"):
        fill_account(wizard)
        wizard.password.setText(password)
        wizard.again.setText(password)
        wizard.next()
        qtbot.waitUntil(lambda: wizard.problem.text() != "")
        assert wizard.steps.currentIndex() == 2
    wizard.close()
    assert not (tmp_path / "站").exists()


def test_leaving_in_the_middle_leaves_nothing(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    wizard = Wizard(tmp_path / "站", jobs)
    qtbot.addWidget(wizard)
    fill_station(wizard)
    wizard.next()
    wizard.next()
    fill_account(wizard)
    wizard.next()
    at(qtbot, wizard, 3)
    wizard.abandon()
    wizard.close()
    assert not (tmp_path / "站").exists()
