"""操作记录 through its own doors: read, narrowed, checked."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from stationdesk.backups import back_up
from stationdesk.db.engine import connect
from stationdesk.desk import Desk
from stationdesk.records.audit import Action
from stationdesk.records.station import Community
from stationdesk.ui.audit import AuditSection
from stationdesk.ui.jobs import Jobs
from tests.stations import HEAD


@pytest.fixture
def section(desk: Desk, jobs: Jobs, qtbot: QtBot) -> AuditSection:
    desk.station.save_community(Community(name="红柳社区"))
    found = AuditSection(desk, jobs, None)  # type: ignore[arg-type]
    qtbot.addWidget(found)
    found.show()
    found.reload()
    qtbot.waitUntil(lambda: jobs.idle)
    return found


def lines(section: AuditSection) -> list[Any]:
    return [section.pane.model.line_at(row) for row in range(section.pane.model.rowCount())]


def test_the_last_deed_stands_first_and_names_no_value(section: AuditSection) -> None:
    first = lines(section)[0]
    assert (first.who, first.action, first.what) == ("赛乃姆·托合提", Action.CREATE, "村（社区）")
    assert not any("红柳" in line.details for line in lines(section))


def test_it_is_narrowed_by_person_and_deed(section: AuditSection, jobs: Jobs, qtbot: QtBot) -> None:
    section.action.set_value(Action.LOGIN)
    qtbot.waitUntil(lambda: jobs.idle)
    assert {line.action for line in lines(section)} == {Action.LOGIN}
    section.action.set_value(None)
    section.person.set_value(HEAD)
    qtbot.waitUntil(lambda: jobs.idle)
    assert {line.who for line in lines(section)} == {"赛乃姆·托合提"}
    section.pane.filter.setText("社区")
    qtbot.waitUntil(lambda: jobs.idle and section.pane.model.rowCount() == 1)


def test_a_sound_chain_is_told_with_its_end(section: AuditSection, desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    back_up(desk)
    section.check.click()
    qtbot.waitUntil(lambda: "核对通过" in section.result.text())
    # The check is noted in the chain itself, so the end that was checked is the one before.
    assert section.check.isEnabled()
    qtbot.waitUntil(lambda: jobs.idle)


def test_a_changed_line_is_told(
    section: AuditSection, desk: Desk, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("stationdesk.ui.audit.tell", lambda _parent, _title, text: told.append(text))
    desk.opened.database.dispose()
    link = connect(desk.opened.database.path, desk.opened.keys.core)
    link.execute("DROP TRIGGER audit_no_update")
    link.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    link.close()
    section.check.click()
    qtbot.waitUntil(lambda: bool(told) and jobs.idle)
    assert "第2条被改动过" in told[0]
