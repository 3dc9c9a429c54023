"""Every list goes to Excel and to paper, and remembers its columns."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from stationdesk import paths, settings
from stationdesk.ui import printing
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.list_output import export_list, print_list
from stationdesk.ui.printing import PrintDialog
from tests.ui.test_tables import Shelf, pane


def test_all_lines_or_the_chosen_ones(
    qtbot: QtBot, box: QWidget, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = pane(qtbot, box, jobs, Shelf(450))
    saved: list[bytes] = []
    monkeypatch.setattr(printing, "save_as", lambda _parent, _name, _kind, data: saved.append(data))
    export_list(found)
    qtbot.waitUntil(lambda: len(saved) == 1)
    found.table.selectRow(1)
    found.table.selectionModel().select(
        found.model.index(4, 0),
        found.table.selectionModel().SelectionFlag.Select | found.table.selectionModel().SelectionFlag.Rows,
    )
    export_list(found)
    qtbot.waitUntil(lambda: len(saved) == 2)
    sizes = []
    for data in saved:
        path = tmp_path / "x.xlsx"
        path.write_bytes(data)
        sheet = load_workbook(path).active
        sizes.append([row[0].value for row in sheet.iter_rows(min_row=2)])
    assert len(sizes[0]) == 450
    assert sizes[1] == ["第2号", "第5号"]


def test_the_list_on_paper(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    found = pane(qtbot, box, jobs, Shelf(100))
    print_list(found)
    qtbot.waitUntil(lambda: found.findChild(PrintDialog) is not None)
    dialog = found.findChild(PrintDialog)
    assert dialog is not None
    assert dialog.view.pages >= 2
    dialog.view.clear()
    dialog.close()


def test_widths_are_remembered(qtbot: QtBot, box: QWidget, jobs: Jobs) -> None:
    found = pane(qtbot, box, jobs, Shelf(3))
    found.table.setColumnWidth(0, 321)
    qtbot.waitUntil(lambda: settings.load(paths.settings_file()).widths.get("清单") == [321])
