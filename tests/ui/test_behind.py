"""Every figure leads to its records, and those to their page."""

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.sessions import Closing
from stationdesk.ui.behind import KINDS, BehindDialog, may_look
from stationdesk.ui.jobs import Jobs
from tests.activities import held_with, partner, planned
from tests.stations import at_desk, with_everyone


@pytest.fixture
def month(desk: Desk) -> Any:
    number = planned(desk, datetime(2026, 11, 24, 10))
    held_with(desk, desk.sessions.load(number).activity_id, [partner(desk)])
    desk.sessions.close_session(number, Closing(headcount_children=3))
    return desk.summaries.figures(2026, 11)


def test_each_figure_has_a_list_behind_it(desk: Desk, month: Any) -> None:
    assert {figure.behind for figure in month.figures} <= set(KINDS)
    for figure in month.figures:
        KINDS[figure.behind].rows(desk, figure.month_ids)


@pytest.mark.parametrize(("code", "page"), [("H01", "activities"), ("J02", "activities"), ("J01", "partners")])
def test_a_line_leads_to_its_page(desk: Desk, month: Any, jobs: Jobs, qtbot: QtBot, code: str, page: str) -> None:
    went: list[tuple[str, Any]] = []
    owner, figure = QWidget(), month.of(code)
    qtbot.addWidget(owner)
    dialog = BehindDialog(
        desk, jobs, figure, owner, year=figure.cumulative, opened=lambda where, what: went.append((where, what))
    )
    qtbot.waitUntil(lambda: dialog.pane.model.rowCount() == 1 and jobs.idle)
    dialog.pane.opened.emit(dialog.pane.model.id_at(0))
    assert went[0][0] == page


def test_a_reviewer_sees_figures_and_nobody_behind_them(desk: Desk, month: Any) -> None:
    with_everyone(desk)
    desk.close()
    reviewer = at_desk(desk.data, Role.REVIEWER.code.lower())
    assert not [figure.code for figure in month.figures if figure.behind != "bookings" and may_look(reviewer, figure)]
    reviewer.close()
