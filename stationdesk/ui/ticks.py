"""Several of a few named things: each with a tick, by its id."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QWidget

from stationdesk.i18n import _

# A tick and the room around it, in widths of a hanzi; how many fit beside the labels of a form.
_TICK, _ROOM, _MOST_ACROSS = 3, 36, 3


class TickEditor(QWidget):
    """Things to tick, in as many columns as their names leave room for; says `none` when there is nothing.
    With `together` a button ticks all that are offered."""

    changed = Signal()

    def __init__(
        self, choices: Sequence[tuple[int, str]], parent: QWidget, none: str, *, together: bool = False
    ) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance("国")
        widest = max((metrics.horizontalAdvance(text) for _id, text in choices), default=0) + _TICK * wide
        self._across = max(1, min(_MOST_ACROSS, _ROOM * wide // widest))
        self._grid = grid
        self.ticks: dict[int, QCheckBox] = {}
        for number, text in choices:
            tick = QCheckBox(text)
            tick.toggled.connect(self.changed)
            self.ticks[number] = tick
        self._none = QLabel(none)
        self._none.setObjectName("quiet")
        self._none.setWordWrap(True)
        grid.addWidget(self._none, 0, 0, 1, _MOST_ACROSS)
        self.whole = QPushButton(_("全选"))
        self.whole.setAutoDefault(False)
        self.whole.clicked.connect(lambda _on=False: self._tick_all())
        self._together = together
        grid.addWidget(self.whole, 0, 0, Qt.AlignmentFlag.AlignLeft)
        self.offer(self.ticks)

    def offer(self, wanted: Collection[int]) -> None:
        """Offer these of them; what is ticked stays to be seen."""
        shown = [number for number, tick in self.ticks.items() if number in wanted or tick.isChecked()]
        for tick in self.ticks.values():
            self._grid.removeWidget(tick)
            tick.hide()
        for place, number in enumerate(shown):
            self._grid.addWidget(self.ticks[number], place // self._across + 1, place % self._across)
            self.ticks[number].show()
        self._none.setVisible(not shown)
        self.whole.setVisible(self._together and len(shown) > 1)
        if shown:
            self.setFocusProxy(self.ticks[shown[0]])

    def _tick_all(self) -> None:
        for tick in self.ticks.values():
            if not tick.isHidden():
                tick.setChecked(True)

    def value(self) -> tuple[int, ...]:
        """The ids of what is ticked, in the order they are offered in."""
        return tuple(number for number, tick in self.ticks.items() if tick.isChecked())

    def set_value(self, value: Collection[int] | None) -> None:
        """Tick these and no others."""
        for number, tick in self.ticks.items():
            tick.setChecked(number in (value or ()))
            if tick.isChecked():
                tick.show()
