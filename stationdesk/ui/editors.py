"""One editor for each kind of value; each gives back exactly what it was given, nothing included."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from PySide6.QtCore import QDate, QDateTime, QEvent, QObject, QSize, Qt, QTime, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QTimeEdit,
    QWidget,
)

from stationdesk.codes import Code
from stationdesk.errors import Refused
from stationdesk.fields import Described, from_text, to_text
from stationdesk.i18n import _


class Editor(Protocol):
    """What a form needs of an editor: a widget that holds one value."""

    changed: Any

    def value(self) -> Any:
        """The value, None when empty."""

    def set_value(self, value: Any) -> None:
        """Show `value`."""


def editor_for(column: Described, parent: QWidget) -> QWidget:
    """The editor of a described field, with its name for screen readers."""
    if column.many:
        editor: QWidget = ManyCodesEditor(column.type, parent)
    elif issubclass(column.type, Code):
        editor = CodeEditor(column.type, parent, optional=column.optional)
    elif column.type is bool:
        editor = BoolEditor(parent)
    elif column.type is date:
        editor = DateEditor(parent, optional=column.optional)
    elif column.type is datetime:
        editor = DateTimeEditor(parent)
    elif column.type is time:
        editor = TimeEditor(parent)
    elif column.type is str and column.field.multiline:
        editor = TextEditor(parent)
    elif column.type in (str, int, Decimal):
        editor = LineEditor(column, parent)
    else:
        raise TypeError(f"{column.name}: {column.type.__name__} needs an editor of its own")
    editor.setAccessibleName(column.label)
    return editor


class NoWheel(QObject):
    """Keeps the mouse wheel from changing a value that is only scrolled past."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def calm(widget: QWidget) -> None:
    """Let the wheel pass over an unfocused combo or spin box."""
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(NoWheel(widget))


class LineEditor(QLineEdit):
    """One line of text, or a number typed as text: what cannot be read is kept and reported."""

    changed = Signal()

    def __init__(self, column: Described, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = column
        if column.field.hint:
            self.setPlaceholderText(_(column.field.hint))
        self.textChanged.connect(self.changed)

    def value(self) -> Any:
        """The text or number; raises `Refused` when the text is no number."""
        text = self.text().strip()
        if self._column.type is str:
            return text or (None if self._column.optional else "")
        return from_text(self._column, text)

    def set_value(self, value: Any) -> None:
        """Show the value."""
        self.setText(to_text(value))
        self.setCursorPosition(0)


class TextEditor(QPlainTextEdit):
    """Several lines of text."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self.changed)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.fontMetrics().lineSpacing() * 3)

    def value(self) -> str | None:
        """The text, None when there is none."""
        return self.toPlainText().strip() or None

    def set_value(self, value: str | None) -> None:
        """Show the text."""
        self.setPlainText(value or "")


class BoolEditor(QCheckBox):
    """Yes or no."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.toggled.connect(self.changed)

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: bool | None) -> None:
        """Tick or clear."""
        self.setChecked(bool(value))


class ChoiceEditor(QComboBox):
    """One of several things with a name each; `none` is the text for no choice, if that is allowed."""

    changed = Signal()

    def __init__(self, choices: Sequence[tuple[Any, str]], parent: QWidget, none: str | None = None) -> None:
        super().__init__(parent)
        self._none = none
        self._choices: list[tuple[Any, str]] = []
        self.set_choices(choices)
        self.currentIndexChanged.connect(self.changed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        calm(self)

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer these, keeping the choice made if it is among them."""
        kept = self.value() if self._choices else None
        head = [(None, self._none)] if self._none is not None else []
        self._choices = [*head, *choices]
        self.blockSignals(True)
        self.clear()
        self.addItems([text for _value, text in self._choices])
        self.set_value(kept)
        self.blockSignals(False)

    @property
    def choices(self) -> Sequence[tuple[Any, str]]:
        """What is offered, the text for none included."""
        return tuple(self._choices)

    def value(self) -> Any:
        """The chosen thing, None for none."""
        index = self.currentIndex()
        return self._choices[index][0] if 0 <= index < len(self._choices) else None

    def set_value(self, value: Any) -> None:
        """Choose `value`; None and what is not offered choose nothing."""
        index = next((i for i, (known, _text) in enumerate(self._choices) if known == value), -1)
        self.setCurrentIndex(index)


class CodeEditor(ChoiceEditor):
    """One member of a short code list; a retired one is shown when given, but not offered."""

    def __init__(self, kind: type[Code], parent: QWidget, *, optional: bool) -> None:
        super().__init__([(m, m.label) for m in kind.offered()], parent, _("（不填）") if optional else None)

    def set_value(self, value: Any) -> None:
        """Choose `value`."""
        if isinstance(value, Code) and value.retired and all(known is not value for known, _text in self._choices):
            self._choices.append((value, value.label))
            self.addItem(value.label)
        super().set_value(value)


class ManyCodesEditor(QWidget):
    """Any number of members of a short code list, each with a tick."""

    changed = Signal()

    def __init__(self, kind: type[Code], parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        widest = max(self.fontMetrics().horizontalAdvance(member.label) for member in kind)
        across = 2 if widest > self.fontMetrics().horizontalAdvance("国") * 9 else 3
        self.ticks: dict[Code, QCheckBox] = {}
        for place, member in enumerate(kind):
            tick = QCheckBox(member.label)
            tick.setVisible(not member.retired)
            tick.toggled.connect(self.changed)
            grid.addWidget(tick, place // across, place % across)
            self.ticks[member] = tick
        self.setFocusProxy(next(iter(self.ticks.values())))

    def value(self) -> tuple[Code, ...]:
        """The ticked members, in the list's order."""
        return tuple(member for member, tick in self.ticks.items() if tick.isChecked())

    def set_value(self, value: tuple[Code, ...] | None) -> None:
        """Tick these and no others; a retired one is shown only when ticked."""
        for member, tick in self.ticks.items():
            tick.setChecked(member in (value or ()))
            tick.setVisible(not member.retired or tick.isChecked())


_FIRST = QDate(1900, 1, 1)


class DateEditor(QDateEdit):
    """A day with a calendar to choose from; an optional one may be empty (shown as blank)."""

    changed = Signal()

    def __init__(self, parent: QWidget, *, optional: bool) -> None:
        super().__init__(parent)
        self._optional = optional
        self.setDisplayFormat("yyyy-MM-dd")
        self.setCalendarPopup(True)
        self.calendarWidget().setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setMinimumDate(_FIRST)
        if optional:
            # Qt shows this text at the minimum; clearing the field puts it there.
            self.setSpecialValueText(" ")
        self.dateChanged.connect(lambda _day: self.changed.emit())
        calm(self)

    def value(self) -> date | None:
        """The day, None when empty."""
        if self.date() == _FIRST:
            return None
        found = self.date().toPython()
        return found if isinstance(found, date) else None

    def set_value(self, value: date | None) -> None:
        """Show the day."""
        self.setDate(_FIRST if value is None else QDate(value.year, value.month, value.day))

    def keyPressEvent(self, event: Any) -> None:
        """Delete empties an optional field; typing in an empty one starts from today."""
        if self._optional and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.date() != _FIRST:
            self.setDate(_FIRST)
            return
        if self.date() == _FIRST and event.text().isdigit():
            self.setDate(QDate.currentDate())
            self.setSelectedSection(QDateEdit.Section.YearSection)
        super().keyPressEvent(event)


class DateTimeEditor(QDateTimeEdit):
    """A day and a time to the minute."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.setCalendarPopup(True)
        self.calendarWidget().setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.dateTimeChanged.connect(lambda _moment: self.changed.emit())
        calm(self)

    def value(self) -> datetime | None:
        """The moment."""
        day, clock = self.date(), self.time()
        return datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute())

    def set_value(self, value: datetime | None) -> None:
        """Show the moment."""
        if value is not None:
            self.setDateTime(QDateTime(QDate(value.year, value.month, value.day), QTime(value.hour, value.minute)))


class TimeEditor(QTimeEdit):
    """A time of day; the arrows go by quarters of an hour, any minute can be typed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDisplayFormat("HH:mm")
        self.timeChanged.connect(lambda _clock: self.changed.emit())
        calm(self)

    def stepBy(self, steps: int) -> None:
        self.setTime(self.time().addSecs(steps * 900))

    def stepEnabled(self) -> QTimeEdit.StepEnabledFlag:
        return QTimeEdit.StepEnabledFlag.StepUpEnabled | QTimeEdit.StepEnabledFlag.StepDownEnabled

    def value(self) -> time | None:
        """The time."""
        return time(self.time().hour(), self.time().minute())

    def set_value(self, value: time | None) -> None:
        """Show the time."""
        if value is not None:
            self.setTime(QTime(value.hour, value.minute))


EditorMaker = Callable[[QWidget], QWidget]


def read_value(editor: QWidget) -> tuple[Any, Refused | None]:
    """An editor's value, or the refusal of what is typed in it."""
    try:
        return editor.value(), None  # type: ignore[attr-defined]
    except Refused as refused:
        return None, refused
