"""The prints of activities from a page: which session, which month, and that they are noted."""

from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.audit import Action
from stationdesk.ui.activity_prints import ActivityPrints, CalendarDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.printing import PrintDialog
from tests.children import filed
from tests.session_photos import agrees, photo, with_names

LONG = "古丽娜尔·买买提吐尔逊"


class Sessions(ActivityPrints):
    """A page with one session, or none."""

    title = "活动"
    chosen: int | None = None

    def current_session(self) -> int | None:
        return self.chosen


@pytest.fixture
def page(desk: Desk, jobs: Jobs, qtbot: QtBot) -> Sessions:
    found = Sessions(desk, jobs)
    found.head()
    qtbot.addWidget(found)
    found.show()
    return found


def previewed(page: Sessions, qtbot: QtBot) -> tuple[str, str]:
    """The file's name and the text of what is shown; it is printed, as the audit shall say, and closed."""
    qtbot.waitUntil(lambda: page.findChild(PrintDialog) is not None, timeout=20_000)
    dialog: Any = page.findChild(PrintDialog)
    name = str(dialog._name)
    pdf = pypdfium2.PdfDocument(dialog._data)
    text = "".join("".join(one.get_textpage().get_text_range() for one in pdf).split())
    pdf.close()
    dialog._note(Action.PRINT)
    dialog.close()
    qtbot.waitUntil(lambda: page.findChild(PrintDialog) is None and page.jobs.idle)
    return name, text


def noted(desk: Desk) -> tuple[str, str]:
    row = next(row for row in desk.audit.rows(desk.audit.find()[:4]) if row.action is Action.PRINT)
    return row.what, row.details


def test_sheet_and_record_of_the_chosen_session(page: Sessions, desk: Desk, qtbot: QtBot) -> None:
    child = filed(desk, LONG)
    page.chosen = with_names(desk, child)
    photo(desk, page.chosen, child)
    page.activateWindow()
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    name, text = previewed(page, qtbot)
    assert name == "活动签到表_2026-11-24.pdf"
    assert f"1{LONG}" in text
    assert noted(desk) == ("报名和到场", "1")
    page.actions_by_name["print_record"].trigger()
    name, text = previewed(page, qtbot)
    assert name == "活动记录表_2026-11-24.pdf"
    assert "0991-0000001" in text
    assert "活动照片" not in text
    assert noted(desk) == ("活动场次", "1")
    agrees(desk, child)
    page.actions_by_name["print_record"].trigger()
    _name, text = previewed(page, qtbot)
    assert "活动照片照片60" in text
    assert LONG not in text


def test_without_a_session_it_is_said_what_to_do(page: Sessions, answers: list[Any], qtbot: QtBot) -> None:
    answers.extend([None, None, None])
    page.print_sign_in()
    page.print_record()
    assert answers == [None]
    page.chosen = 4242
    page.print_sign_in()
    qtbot.waitUntil(lambda: answers == [])


def test_the_calendar_of_the_coming_month_or_another(page: Sessions, desk: Desk, qtbot: QtBot) -> None:
    with_names(desk, filed(desk, LONG))
    page.print_calendar()
    dialog = page.findChild(CalendarDialog)
    assert dialog is not None
    assert dialog.months.currentText() == "2026年12月"
    assert dialog.months.choices[0][1] == "2026年10月"
    QTest.keyClick(dialog.months, Qt.Key.Key_Up)
    QTest.mouseClick(
        next(b for b in dialog.findChildren(QPushButton) if b.text() == "打印…"), Qt.MouseButton.LeftButton
    )
    name, text = previewed(page, qtbot)
    assert name == "活动日历_2026-11.pdf"
    assert "彩泥手工课" in text
    assert LONG not in text
    assert desk.actor.name not in text
    assert noted(desk) == ("活动场次", "1")
