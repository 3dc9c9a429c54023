"""Every editor gives back exactly what it was given."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from stationdesk.codes import Code
from stationdesk.errors import Refused
from stationdesk.fields import Field, describe
from stationdesk.i18n import N_
from stationdesk.records.calendar import DEFAULT_HOURS, Span, WeekHours
from stationdesk.ui.editors import ChoiceEditor, editor_for
from stationdesk.ui.hours import HoursEditor, read_spans


class Fruit(Code):
    """A list with a retired member."""

    APPLE = "APPLE", N_("苹果")
    PEAR = "PEAR", N_("香梨")
    OLD = "OLD", N_("旧品种"), True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One field of each kind."""

    word: Annotated[str, Field(N_("词"), max_length=72)] | None = None
    text: Annotated[str, Field(N_("文"), multiline=True)] | None = None
    number: Annotated[int, Field(N_("数"), minimum=0, maximum=999)] | None = None
    amount: Annotated[Decimal, Field(N_("额"))] | None = None
    yes: Annotated[bool, Field(N_("是否"))] = False
    day: Annotated[date, Field(N_("日"))] | None = None
    moment: Annotated[datetime, Field(N_("时刻"))]
    clock: Annotated[time, Field(N_("钟点"))]
    fruit: Annotated[Fruit, Field(N_("果"))] | None = None
    fruits: Annotated[tuple[Fruit, ...], Field(N_("各种果"))] = ()


CASES: list[tuple[str, Any]] = [
    *(("word", v) for v in (None, "古丽娜尔·买买提", "长" * 72, "<b>&]]>😀𪚥ئالىم")),
    *(("text", v) for v in (None, "一行\n两行")),
    *(("number", v) for v in (None, 0, 500, 999)),
    *(("amount", v) for v in (None, Decimal("0.00"), Decimal("1234.56"))),
    *(("yes", v) for v in (False, True)),
    *(("day", v) for v in (None, date(1949, 10, 1), date(2026, 2, 28), date(2099, 12, 31))),
    *(("moment", v) for v in (datetime(2026, 11, 24, 0, 0), datetime(2026, 11, 24, 23, 55))),
    *(("clock", v) for v in (time(0, 0), time(10, 5), time(23, 59))),
    *(("fruit", v) for v in (None, Fruit.APPLE, Fruit.PEAR, Fruit.OLD)),
    *(("fruits", v) for v in ((), (Fruit.PEAR,), (Fruit.APPLE, Fruit.OLD))),
]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_what_goes_in_comes_out(box: QWidget, name: str, value: object) -> None:
    column = next(d for d in describe(Sample) if d.name == name)
    editor: Any = editor_for(column, box)
    editor.set_value(value)
    assert editor.value() == value
    assert editor.accessibleName() == column.label


def test_a_retired_code_is_shown_but_not_offered(box: QWidget) -> None:
    editor: Any = editor_for(next(d for d in describe(Sample) if d.name == "fruit"), box)
    assert [editor.itemText(i) for i in range(editor.count())] == ["（不填）", "苹果", "香梨"]


def test_what_is_no_number_stays_and_is_reported(box: QWidget) -> None:
    editor: Any = editor_for(next(d for d in describe(Sample) if d.name == "number"), box)
    editor.setText("十二")
    with pytest.raises(Refused) as refused:
        editor.value()
    assert "十二" in refused.value.say()
    assert editor.text() == "十二"


def test_the_wheel_does_not_change_what_is_only_passed_over(box: QWidget) -> None:
    editor = ChoiceEditor([(1, "一"), (2, "二")], box)
    editor.set_value(1)
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor, turn)
    assert editor.value() == 1


@pytest.mark.parametrize("hours", [DEFAULT_HOURS, WeekHours(((),) * 7), WeekHours(((Span(0, 1440),),) * 7)])
def test_hours_come_back(box: QWidget, hours: WeekHours) -> None:
    editor = HoursEditor(box, optional=True)
    assert editor.value() is None
    editor.set_value(hours)
    assert editor.value() == hours
    editor.set_value(None)
    assert editor.value() is None


def test_hours_are_read_as_people_write_them() -> None:
    spans = (Span(600, 840), Span(960, 1200))
    for text in ("10:00-14:00，16:00-20:00", "10:00—14:00、16:00—20:00", "１０:００至14：00 16:00~20:00"):
        assert read_spans(text, "周一", "hours") == spans
    for text in ("10-14", "14:00-10:00", "10:00-14:00，13:00-15:00", "10:70-11:00", "25:00-26:00"):
        with pytest.raises(Refused):
            read_spans(text, "周一", "hours")
