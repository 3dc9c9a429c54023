"""Beside the pages: backups when due, the stick, drafts, emergency access, and the way out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from stationdesk.backups import BackupState
from stationdesk.desk import Desk
from stationdesk.errors import Problem, StorageTrouble
from stationdesk.records.access import EMERGENCY_MINUTES, Role
from stationdesk.records.calendar import beijing_now
from stationdesk.records.drafts import Draft
from stationdesk.ui import sitting as module
from stationdesk.ui.banners import Banners
from stationdesk.ui.drafts import DraftsDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.safety import EmergenciesDialog, EmergencyDialog
from stationdesk.ui.sitting import Sitting
from tests.db.test_bookings import booking
from tests.stations import NOW, at_desk, with_everyone

REASON = "孩子独自在家，母亲的电话打不通"


def sit(desk: Desk, jobs: Jobs, qtbot: QtBot, window: QWidget) -> Sitting:
    window.show()
    found = Sitting(desk, jobs, Banners(window), window)
    found.start()
    qtbot.waitUntil(lambda: jobs.idle)
    return found


@pytest.fixture
def worker(desk: Desk) -> Iterator[Desk]:
    """A social worker's desk, after the head has left."""
    with_everyone(desk)
    desk.bookings.book(booking(desk, "心理辅导室", 24, 16))
    data = desk.data
    desk.close()
    found = at_desk(data, Role.SOCIAL_WORKER.code.lower())
    yield found
    found.close()


def test_the_first_backup_of_the_day_is_made_and_told(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_MS", 10)
    told: list[BackupState] = []
    found = Sitting(desk, jobs, Banners(box), box)
    found.backed.connect(told.append)
    found.start()
    qtbot.waitUntil(lambda: bool(told) and told[-1].made is not None, timeout=10_000)
    assert len(list(desk.backups.glob("SD-*.sdbak"))) == 1
    found._minute()
    qtbot.waitUntil(lambda: jobs.idle)
    assert len(list(desk.backups.glob("SD-*.sdbak"))) == 1
    desk.opened.database.saves = 50
    found._minute()
    qtbot.waitUntil(lambda: jobs.idle)
    assert len(list(desk.backups.glob("SD-*.sdbak"))) == 2
    found.stop()


def test_a_backup_that_fails_stays_on_the_screen(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def full(_desk: Desk) -> bool:
        tries.append(1)
        raise StorageTrouble(Problem("", "备份位置的空间不够，没有备份。请清理磁盘或换一个位置。"))

    monkeypatch.setattr(module, "back_up_if_due", full)
    found = sit(desk, jobs, qtbot, box)
    found._minute()
    qtbot.waitUntil(lambda: jobs.idle)
    assert "空间不够" in found.banners.text("backup")
    # It is not tried again every minute, and the line is not put up again when it was taken away.
    found.banners.hide_line("backup")
    for _ in range(14):
        found._minute()
    qtbot.waitUntil(lambda: jobs.idle)
    assert (len(tries), found.banners.text("backup")) == (1, "")
    found._minute()
    qtbot.waitUntil(lambda: len(tries) == 2 and jobs.idle)
    found._rest = 0
    monkeypatch.setattr(module, "back_up_if_due", lambda _desk: True)
    found._minute()
    qtbot.waitUntil(lambda: jobs.idle)
    assert found.banners.text("backup") == ""
    found.stop()


@pytest.mark.parametrize(("days", "said"), [(6, ""), (7, "已有7天"), (14, "已有14天")])
def test_the_stick_is_asked_for_weekly(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, days: int, said: str
) -> None:
    founded = (beijing_now() - timedelta(days=days, hours=1)).isoformat(timespec="seconds") + "+08:00"
    with desk.opened.database.write() as session:
        session.execute(text("UPDATE station SET created_at = :at"), {"at": founded})
    found = sit(desk, jobs, qtbot, box)
    assert found.banners.text("stick").startswith(said)
    assert bool(found.banners.text("stick")) is bool(said)
    found.stop()


def test_a_copy_on_the_stick_ends_the_asking(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.opened.database.write() as session:
        session.execute(text("UPDATE station SET created_at = '2020-01-01T00:00:00+08:00'"))
    found = sit(desk, jobs, qtbot, box)
    assert found.banners.text("stick")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_words: str(tmp_path / "stick"))
    with qtbot.waitSignal(found.said):
        found._to_stick()
    qtbot.waitUntil(lambda: jobs.idle and not found.banners.text("stick"), timeout=10_000)
    assert len(list((tmp_path / "stick").glob("SD-*.sdbak"))) == 1
    found.stop()


def test_a_copy_that_fails_is_told_as_what_it_is(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(module, "tell", lambda _parent, title, text: told.append(f"{title}：{text}"))
    found = sit(desk, jobs, qtbot, box)
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_words: str(tmp_path / "file"))
    found._to_stick()
    qtbot.waitUntil(lambda: bool(told) and jobs.idle)
    assert told[0].startswith("没有备份：")
    assert found.banners.text("backup") == ""
    found.stop()


def test_drafts_are_offered(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    desk.drafts.keep(Draft(uuid="a" * 32, place="settings/rooms", title="场地", record_id=None, state={"name": ["甲"]}))
    found = sit(desk, jobs, qtbot, box)
    assert "1份表单" in found.banners.text("drafts")
    found._show_drafts()
    qtbot.waitUntil(lambda: box.findChild(DraftsDialog) is not None)
    dialog = box.findChild(DraftsDialog)
    assert dialog is not None
    with qtbot.waitSignal(found.reopened):
        dialog._open()
    found.stop()


def test_emergency_access_from_its_reason_to_its_end(
    worker: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    worker.actor.breaker.__init__(lambda: clock[0])  # type: ignore[misc]
    found = sit(worker, jobs, qtbot, box)
    assert worker.bookings.between(NOW, NOW + timedelta(days=1))[0].masked
    found.ask_emergency()
    dialog = box.findChild(EmergencyDialog)
    assert dialog is not None
    dialog.reason.setPlainText("看一下")
    dialog.begin()
    assert "至少10个字" in dialog.problem.text()
    dialog.reason.setPlainText(REASON)
    with qtbot.waitSignal(found.opened):
        dialog.begin()
    assert f"还有{EMERGENCY_MINUTES}分钟" in found.banners.text("emergency")
    assert not worker.bookings.between(NOW, NOW + timedelta(days=1))[0].masked
    clock[0] = EMERGENCY_MINUTES * 60
    assert worker.bookings.between(NOW, NOW + timedelta(days=1))[0].masked
    with qtbot.waitSignal(found.opened):
        found._minute()
    assert found.banners.text("emergency") == ""
    qtbot.waitUntil(lambda: jobs.idle)
    found.stop()


def test_emergency_access_is_ended_by_hand_and_shown_to_the_head_once(
    worker: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget
) -> None:
    found = sit(worker, jobs, qtbot, box)
    worker.safety.begin_emergency(REASON)
    found._show_emergency()
    found._end_emergency()
    qtbot.waitUntil(lambda: jobs.idle)
    assert found.banners.text("emergency") == ""
    found.stop()
    data = worker.data
    worker.close()
    head = at_desk(data)
    again = sit(head, jobs, qtbot, box)
    assert "1次紧急查看" in again.banners.text("looked")
    shown = head.safety.unseen_emergencies()
    assert [(item.name, item.reason) for item in shown] == [("冶文秀", REASON)]
    again._show_emergencies(shown * 30)
    dialog = box.findChild(EmergenciesDialog)
    assert dialog is not None
    assert dialog.text.toPlainText().count(REASON) == 30
    assert dialog.height() < 700
    dialog.accept()
    qtbot.waitUntil(lambda: jobs.idle)
    assert head.safety.unseen_emergencies() == ()
    again.stop()
    head.close()


def test_idle_time_comes_from_the_settings(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    desk.safety.save_settings(replace(desk.safety.settings(), lock_minutes=17))
    found = sit(desk, jobs, qtbot, box)
    assert found._guard is not None
    assert found._guard.minutes == 17
    desk.safety.save_settings(replace(desk.safety.settings(), lock_minutes=3))
    found.heed_settings()
    qtbot.waitUntil(lambda: jobs.idle)
    assert found._guard.minutes == 3
    with qtbot.waitSignal(found.left):
        found._guard.leave()
    found.stop()
