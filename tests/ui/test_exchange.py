"""Paper, sheets and calendars from the diary; calendars into it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.bookings import BookingQuery
from stationdesk.ui import exchange
from stationdesk.ui.exchange import export_bookings, import_bookings, print_sheets
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.printing import PrintDialog
from tests.db.test_bookings import booking, room
from tests.reports.test_calendars import calendar, event

DAY = date(2026, 11, 25)


@pytest.mark.parametrize("kind", ["week", "day", "all"])
def test_sheets_are_shown_before_printing(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, answers: list[Any], kind: str
) -> None:
    desk.bookings.book(booking(desk, "手工室", 25, 10))
    answers.append(kind)
    print_sheets(box, desk, jobs, room(desk, "手工室").id, DAY)
    qtbot.waitUntil(lambda: box.findChild(PrintDialog) is not None)
    dialog = box.findChild(PrintDialog)
    assert dialog is not None
    assert dialog.view.pages == 1
    dialog.view.clear()
    dialog.close()


@pytest.mark.parametrize(("kind", "start"), [("ics", b"BEGIN:VCALENDAR"), ("xlsx", b"PK")])
def test_exports(
    desk: Desk,
    jobs: Jobs,
    qtbot: QtBot,
    box: QWidget,
    answers: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    start: bytes,
) -> None:
    written: dict[str, bytes] = {}
    monkeypatch.setattr(
        exchange, "save_as", lambda _parent, name, _kind, data: written.update({name: data}) or Path(name)
    )
    desk.bookings.book(booking(desk, "手工室", 25, 10))
    answers.append(kind)
    said: list[str] = []
    export_bookings(box, desk, jobs, DAY, said.append)
    qtbot.waitUntil(lambda: said == ["预约已导出"])
    assert written[f"场地预约_2026-11.{kind}"].startswith(start)


def test_import_is_all_or_nothing(
    desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "日历.ics"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_words: (str(path), ""))
    told: list[str] = []
    monkeypatch.setattr(exchange, "tell", lambda _parent, _title, text: told.append(text))
    said: list[str] = []
    path.write_bytes(calendar(event(), event()))
    import_bookings(box, desk, jobs, said.append)
    qtbot.waitUntil(lambda: bool(told))
    assert "第2个事件：手工室 2026-11-25 10:00-11:00 已有预约" in told[0]
    assert len(desk.bookings.find(BookingQuery())) == 0
    later = event("DTSTART:20261125T110000", "DTEND:20261125T120000")
    path.write_bytes(calendar(event(), later))
    import_bookings(box, desk, jobs, said.append)
    qtbot.waitUntil(lambda: said[-1:] == ["已导入2个预约"])
    assert len(desk.bookings.find(BookingQuery())) == 2
