"""The month in the window: figures, page, what stands behind a figure, files."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.bookings import Booking
from stationdesk.reports.monthly import monthly_json
from stationdesk.ui import summary as module
from stationdesk.ui.behind import BehindDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.summary import SummaryPage


def done(desk: Desk, name: str, start: datetime, hours: float, heads: int = 3) -> None:
    room = next(r for r in desk.rooms.all_rooms() if r.name == name)
    desk.bookings.book(
        Booking(
            room_id=room.id or 0,
            start=start,
            end=start + timedelta(hours=hours),
            title="小组",
            responsible_id=desk.actor.staff_id,
            actual_count=heads,
        )
    )


@pytest.fixture
def page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> Iterator[SummaryPage]:
    done(desk, "手工室", datetime(2026, 9, 8, 10), 2)
    done(desk, "手工室", datetime(2026, 10, 12, 10), 1)
    done(desk, "音乐舞蹈室", datetime(2026, 10, 31, 18), 2)
    found = SummaryPage(desk, jobs)
    qtbot.addWidget(found)
    found.resize(1200, 800)
    found.show()
    qtbot.waitUntil(lambda: found.view.pages > 0 and jobs.idle)
    yield found
    found.view.clear()


def row_of(page: SummaryPage, code: str, unit: str) -> int:
    table = page.table
    return next(
        row
        for row in range(table.rowCount())
        if (figure := table.figure_at(row)) is not None and (figure.code, figure.unit) == (code, unit)
    )


def texts(page: SummaryPage, code: str, unit: str) -> tuple[str, str]:
    row = row_of(page, code, unit)
    month, year = page.table.item(row, 3), page.table.item(row, 4)
    return (month.text() if month else "", year.text() if year else "")


def test_opens_with_the_month_that_is_due(page: SummaryPage) -> None:
    assert page.months.currentText() == "2026-10"
    assert texts(page, "M01", "次") == ("2", "3")
    assert texts(page, "M02", "小时") == ("3.0", "5.0")
    assert texts(page, "A01", "人") == ("1", "—")
    assert not page.notice.isVisible()


def test_enter_opens_the_bookings_behind_a_figure(page: SummaryPage, qtbot: QtBot) -> None:
    page.table.setFocus()
    page.table.setCurrentCell(row_of(page, "M01", "次"), 4)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog = page.findChild(BehindDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.pane.model.rowCount() == 3)
    with qtbot.waitSignal(page.went) as went:
        dialog.pane.opened.emit(dialog.pane.model.id_at(0))
    assert went.args is not None
    assert went.args[0] == "bookings"


def test_a_month_without_bookings_prints_zeros_and_says_so(page: SummaryPage, qtbot: QtBot) -> None:
    page.months.setCurrentText("2026-11")
    qtbot.waitUntil(lambda: texts(page, "M01", "次") == ("0", "3"))
    assert "没有已完成" in page.notice.text()


def test_saves_pdf_and_sheet(page: SummaryPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[str, bytes] = {}

    def save(_parent: Any, name: str, _kind: str, data: bytes) -> Path:
        written[name] = data
        return tmp_path / name

    monkeypatch.setattr(module, "save_as", save)
    page.save_pdf()
    with qtbot.waitSignal(page.said):
        page.save_sheet()
    assert written["未保月报_2026-10.pdf"].startswith(b"%PDF")
    assert written["未保月报_2026-10.xlsx"].startswith(b"PK")


def test_json_has_the_agreed_shape(desk: Desk, page: SummaryPage) -> None:
    told = json.loads(json.dumps(monthly_json(desk.summaries.figures(2026, 10))))
    assert told["period"] == {"month": "2026-10", "first": "2026-10-01", "last": "2026-10-31"}
    assert {"code": "M01", "label": "使用场次", "unit": "次", "month": 2, "year": 3} in told["rows"]
    assert {"code": "A02", "label": "其中：专职", "unit": "人", "month": 1, "year": None} in told["rows"]


def test_a_file_is_named_for_the_month_it_holds(page: SummaryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(module, "save_as", lambda _parent, name, _kind, _data: names.append(name))
    page.months.setCurrentText("2026-09")
    page.save_pdf()  # September is still being counted: the page shows October.
    assert names == ["未保月报_2026-10.pdf"]
