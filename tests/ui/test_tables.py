"""Lists ask for ids at once and for rows only where they are seen."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import FilterLine, ListPane


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the test list."""

    id: int
    name: Annotated[str, Field(N_("名称"))]
    size: Annotated[int, Field(N_("大小"))]


class Shelf:
    """Ten thousand lines, and a note of what was asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[int] = []

    def find(self, words: str, sort: str, descending: bool) -> "array[int]":
        ids = [n for n in range(1, self.count + 1) if words in f"第{n}号"]
        return array("q", reversed(ids) if descending else ids)

    def rows(self, ids: Sequence[int]) -> list[Line]:
        self.asked.append(len(ids))
        return [Line(id=n, name=f"第{n}号", size=n * 2) for n in ids]


def pane(qtbot: QtBot, box: QWidget, jobs: Jobs, shelf: Shelf) -> ListPane:
    found = ListPane(Line, shelf.find, shelf.rows, jobs, box, empty="还没有。", name="清单")
    QAbstractItemModelTester(found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    found.resize(600, 400)
    box.resize(600, 400)
    box.show()
    found.show()
    with qtbot.waitSignal(found.model.loaded):
        found.reload()
    return found


def test_rows_come_in_windows_when_seen(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    shelf = Shelf(10_000)
    found = pane(qtbot, box, jobs, shelf)
    assert found.model.rowCount() == 10_000
    assert shelf.asked == [200]
    last = found.model.index(9_999, 0)
    assert last.data() == "…"
    qtbot.waitUntil(lambda: last.data() == "第10000号")
    assert shelf.asked == [200, 200]


def test_header_sorts_in_the_store_and_keeps_the_choice(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    found = pane(qtbot, box, jobs, Shelf(500))
    with qtbot.waitSignal(found.model.loaded):
        found.table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    assert found.model.id_at(0) == 500
    found.select(77)
    with qtbot.waitSignal(found.model.loaded):
        found.reload()
    assert found.current_id() == 77


def test_filter_waits_for_the_input_method(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    found = pane(qtbot, box, jobs, Shelf(500))
    QApplication.sendEvent(found.filter, QInputMethodEvent("di yi", []))
    assert not found.filter._timer.isActive()
    done = QInputMethodEvent("", [])
    done.setCommitString("499")
    with qtbot.waitSignal(found.model.loaded):
        QApplication.sendEvent(found.filter, done)
    assert found.model.rowCount() == 1


def test_enter_opens_and_an_empty_list_says_what_to_do(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    found = pane(qtbot, box, jobs, Shelf(3))
    found.select(2)
    with qtbot.waitSignal(found.opened) as opened:
        QTest.keyClick(found.table, Qt.Key.Key_Return)
    assert opened.args == [2]
    assert pane(qtbot, box, jobs, Shelf(0))._stack.currentIndex() == 1


def test_filter_line_tells_once(qtbot: QtBot, box: QWidget) -> None:
    line = FilterLine(box)
    said: list[str] = []
    line.settled.connect(said.append)
    with qtbot.waitSignal(line.settled):
        QTest.keyClicks(line, "abc")
    assert said == ["abc"]
