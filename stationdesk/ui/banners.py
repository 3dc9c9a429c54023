"""Lines above the page that stay until they are dealt with: reminders, warnings, emergency access."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from stationdesk.i18n import _
from stationdesk.ui import look

NOTICE, WARNING, WRONG = "notice", "warning", "wrong"


class Banners(QWidget):
    """One line for each key; showing a key again changes its line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._lines: dict[str, QFrame] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_line(
        self,
        key: str,
        text: str,
        level: str = NOTICE,
        button: tuple[str, Callable[[], object]] | None = None,
        *,
        closable: bool = True,
    ) -> None:
        """Show a line; `button` is a text and what it does."""
        self.hide_line(key)
        line = QFrame()
        line.setObjectName(f"banner-{level}")
        row = QHBoxLayout(line)
        row.setContentsMargins(2 * look.UNIT, look.UNIT // 2, look.UNIT, look.UNIT // 2)
        said = QLabel(text)
        said.setWordWrap(True)
        row.addWidget(said, 1)
        if button is not None:
            made = QPushButton(button[0])
            made.clicked.connect(lambda _on=False, do=button[1]: do())
            row.addWidget(made)
        if closable:
            close = QToolButton()
            close.setIcon(look.icon("x"))
            close.setToolTip(_("知道了"))
            close.setAccessibleName(_("知道了"))
            close.clicked.connect(lambda _on=False: self.hide_line(key))
            row.addWidget(close)
        self._lines[key] = line
        self._column.addWidget(line)

    def hide_line(self, key: str) -> None:
        """Take a line away, if it is there."""
        line = self._lines.pop(key, None)
        if line is not None:
            line.hide()
            line.deleteLater()

    def text(self, key: str) -> str:
        """What a line says, "" when it is not there."""
        line = self._lines.get(key)
        label = line.findChild(QLabel) if line is not None else None
        return label.text() if label is not None else ""
