"""The proof of the vocabulary: a field is said in three places, and everything else knows it.

`ToyWithColour` is `Toy` with one more field: the alias, the line in the record, the line in the
table. Form, list, sheet out, sheet in, report and store are the program's own and never hear of it.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, make_dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from stationdesk.codes import Code
from stationdesk.db import engine
from stationdesk.db.engine import Database
from stationdesk.db.models import Kept
from stationdesk.db.stores import load, save
from stationdesk.db.types import Coded
from stationdesk.fields import Field, describe, to_text
from stationdesk.records.calendar import new_uuid
from stationdesk.reports.document import table_of
from stationdesk.reports.intake import rows_from_sheet
from stationdesk.reports.sheets import Template, rows_to_csv, rows_to_xlsx, template_to_xlsx
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import RecordModel

# --- before --------------------------------------------------------------------------------------

ToyName = Annotated[str, Field("玩具名称", max_length=20)]
Pieces = Annotated[int, Field("件数", minimum=1, maximum=99, unit="件")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    name: ToyName = ""
    pieces: Pieces = 1


class SampleBase(DeclarativeBase):
    pass


class ToyTable(Kept, SampleBase):
    __tablename__ = "toy"

    name: Mapped[ToyName]
    pieces: Mapped[Pieces]


# --- the one new field ---------------------------------------------------------------------------


class Colour(Code):
    RED = "RED", "红色"
    BLUE = "BLUE", "蓝色"


ToyColour = Annotated[Colour, Field("颜色")]  # 1. the alias


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyWithColour(Toy):
    colour: ToyColour = Colour.RED  # 2. the line in the record


class ToyWithColourTable(Kept, SampleBase):
    __tablename__ = "toy_with_colour"

    name: Mapped[ToyName]
    pieces: Mapped[Pieces]
    colour: Mapped[ToyColour] = mapped_column(Coded(Colour))  # 3. the line in the table


BEFORE = Toy(id=1, name="积木", pieces=12)
AFTER = ToyWithColour(id=1, name="积木", pieces=12, colour=Colour.BLUE)


# --- the consumers, none of which knows a toy ----------------------------------------------------


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.stop()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = engine.create(tmp_path / "toys.db", engine.new_key())
    with database.write() as session:
        SampleBase.metadata.create_all(session.connection())
    yield database
    database.dispose()


def in_form(record: Any, qtbot: QtBot) -> list[str]:
    form = RecordForm(record)
    qtbot.addWidget(form)
    return [label.text().rstrip(" *") for label in form.findChildren(QLabel) if label.buddy() is not None]


def in_list(record: Any, jobs: Jobs, qtbot: QtBot) -> dict[str, str]:
    owner = QWidget()
    qtbot.addWidget(owner)
    model = RecordModel(type(record), lambda _sort, _down: array("q", [record.id]), lambda _ids: (record,), jobs, owner)
    with qtbot.waitSignal(model.loaded):
        model.reload()
    return {
        model.headerData(n, Qt.Orientation.Horizontal): model.data(model.index(0, n))
        for n in range(model.columnCount())
    }


def in_report(record: Any) -> dict[str, str]:
    table = table_of(type(record), [record], private=True)
    return dict(zip((column.header for column in table.columns), map(str, table.rows[0].cells), strict=True))


def through_sheet(record: Any, path: Path) -> dict[str, object]:
    write = rows_to_csv if path.suffix == ".csv" else rows_to_xlsx
    write(type(record), [record], path, private=True)
    rows, problems = rows_from_sheet(type(record), path)
    assert problems == []
    return rows[0]


# --- the proof -----------------------------------------------------------------------------------


def test_the_form_shows_the_new_field_and_takes_it(qtbot: QtBot) -> None:
    assert in_form(BEFORE, qtbot) == ["玩具名称", "件数"]
    assert in_form(AFTER, qtbot) == ["玩具名称", "件数", "颜色"]
    form = RecordForm(AFTER)
    qtbot.addWidget(form)
    form.editor("colour").set_value(Colour.RED)
    assert form.value() == (replace(AFTER, colour=Colour.RED), [])


def test_the_list_has_its_column(qtbot: QtBot, jobs: Jobs) -> None:
    assert in_list(BEFORE, jobs, qtbot) == {"玩具名称": "积木", "件数": "12"}
    assert in_list(AFTER, jobs, qtbot) == {"玩具名称": "积木", "件数": "12", "颜色": "蓝色"}


def test_the_report_has_its_column() -> None:
    assert in_report(BEFORE) == {"玩具名称": "积木", "件数": "12"}
    assert in_report(AFTER) == {"玩具名称": "积木", "件数": "12", "颜色": "蓝色"}


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_it_goes_out_in_a_sheet_and_comes_in_from_one(tmp_path: Path, suffix: str) -> None:
    assert through_sheet(BEFORE, tmp_path / f"a{suffix}") == {"name": "积木", "pieces": 12}
    assert through_sheet(AFTER, tmp_path / f"b{suffix}") == {"name": "积木", "pieces": 12, "colour": Colour.BLUE}


def test_the_template_has_its_column_and_offers_its_codes() -> None:
    out = BytesIO()
    template_to_xlsx(Template(title="玩具", asked=(), notes=(), example=AFTER), out)
    book = load_workbook(out)
    assert [cell.value for cell in book["玩具"][1]] == ["*玩具名称", "*件数", "*颜色"]
    assert [cell.value for cell in book["代码"]["A"]] == ["颜色", "红色", "蓝色"]
    assert [cell.value for cell in book["示例"][2]] == ["积木", 12, "蓝色"]


def test_it_is_saved_and_loaded(database: Database) -> None:
    stamp = ("2026-11-24T12:00:00+08:00", "zhan")
    new = replace(AFTER, id=None)
    with database.write() as session:
        saved = save(session, ToyWithColourTable, new, stamp)
    with database.read() as session:
        assert load(session, ToyWithColour, ToyWithColourTable, saved) == replace(new, id=saved, version=1)


# --- and so for a field of any kind --------------------------------------------------------------

KINDS: dict[str, tuple[Any, object]] = {
    "line": (Annotated[str, Field("新字段", max_length=40)], "=1+1 古丽娜尔·买买提 𪚥"),
    "text": (Annotated[str, Field("新字段", multiline=True)], "第一行\n第二行"),
    "private": (Annotated[str, Field("新字段", private=True)], "650199201001010011"),
    "empty": (Annotated[str, Field("新字段")] | None, None),
    "whole": (Annotated[int, Field("新字段", minimum=0)], 0),
    "money": (Annotated[Decimal, Field("新字段")], Decimal("1234.50")),
    "yes": (Annotated[bool, Field("新字段")], True),
    "no": (Annotated[bool, Field("新字段")], False),
    "day": (Annotated[date, Field("新字段")], date(2012, 2, 29)),
    "no day": (Annotated[date, Field("新字段")] | None, None),
    "clock": (Annotated[time, Field("新字段")], time(16, 30)),
    "moment": (Annotated[datetime, Field("新字段")], datetime(2026, 11, 24, 16, 30)),
    "code": (Annotated[Colour, Field("新字段")], Colour.RED),
    "codes": (Annotated[tuple[Colour, ...], Field("新字段")], (Colour.RED, Colour.BLUE)),
}
EACH_KIND = pytest.mark.parametrize("kind", KINDS)


def widened(kind: str) -> Any:
    """A toy with a new field of that kind."""
    hint, value = KINDS[kind]
    new: list[Any] = [("new", hint, field(default=value))]
    cls = make_dataclass("WidenedToy", new, bases=(Toy,), frozen=True, slots=True, kw_only=True)
    return cls(id=1, name="积木", pieces=12)


@EACH_KIND
def test_any_kind_is_in_the_form(kind: str, qtbot: QtBot) -> None:
    record = widened(kind)
    form = RecordForm(record)
    qtbot.addWidget(form)
    assert in_form(record, qtbot)[-1] == "新字段"
    assert form.value() == (record, [])


@EACH_KIND
def test_any_kind_is_in_the_list_and_the_report(kind: str, qtbot: QtBot, jobs: Jobs) -> None:
    record = widened(kind)
    assert in_list(record, jobs, qtbot)["新字段"] == to_text(KINDS[kind][1])
    assert in_report(record)["新字段"] == to_text(KINDS[kind][1])


@EACH_KIND
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_any_kind_survives_the_way_out_and_in(kind: str, suffix: str, tmp_path: Path) -> None:
    assert through_sheet(widened(kind), tmp_path / f"toys{suffix}")["new"] == KINDS[kind][1]


def test_a_private_field_stays_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    record = widened("private")
    kind: type = type(record)
    assert describe(kind)[-1].field.private
    assert "新字段" not in {column.header for column in table_of(kind, [record]).columns}
    rows_to_csv(kind, [record], tmp_path / "a.csv")
    assert "新字段" not in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
