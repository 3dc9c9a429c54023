"""What the dialogs that ask what to print of children share."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from stationdesk.codes import Code
from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.child_prints import purpose_problem
from stationdesk.records.masking import Disclosure
from stationdesk.reports.imprint import Imprint
from stationdesk.ui import look
from stationdesk.ui.dialogs import dialog_button
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.printing import PrintDialog, noting

if TYPE_CHECKING:
    from stationdesk.reports.pdf import Rendered


class Boxes(QWidget):
    """Things to tick, in three columns; by their keys."""

    def __init__(self, labels: dict[str, str], ticked: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self.boxes: dict[str, QCheckBox] = {}
        for place, (key, label) in enumerate(labels.items()):
            box = QCheckBox(label)
            box.setChecked(key in ticked)
            grid.addWidget(box, place // 3, place % 3)
            self.boxes[key] = box

    def ticked(self) -> list[str]:
        """The keys of what is ticked."""
        return [key for key, box in self.boxes.items() if box.isChecked()]


class CodeBox(QComboBox):
    """One member of a code list, of those that are offered."""

    def __init__(self, codes: Sequence[Code], name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        for code in codes:
            self.addItem(code.label, code)

    def chosen(self) -> Code | None:
        """The chosen member."""
        found = self.currentData()
        return found if isinstance(found, Code) else None


class PrintChoice(QDialog):
    """The base of the dialogs: how much is shown and what for, a line for what is wrong, the buttons."""

    def __init__(self, desk: Desk, jobs: Jobs, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self.jobs, self.owner = desk, jobs, parent
        self.column = QVBoxLayout(self)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(look.UNIT)
        self.column.addLayout(self.form)
        allowed = [how for how in Disclosure if desk.actor.may(how.right)]
        self.how_box = CodeBox(allowed, _("内容"))
        self.why = QLineEdit()
        self.why.setAccessibleName(_("用途"))
        self.why.setPlaceholderText(_("不遮盖时写明用途，记入操作记录"))
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.hide()

    def add_disclosure(self) -> None:
        """The rows that ask how much is shown; masked comes first and needs no purpose."""
        self.form.addRow(_("内容"), self.how_box)
        self.form.addRow(_("用途"), self.why)
        self.how_box.currentIndexChanged.connect(lambda _index: self._purpose_wanted())
        self._purpose_wanted()

    def _purpose_wanted(self) -> None:
        self.form.setRowVisible(self.why, self.how is not Disclosure.MASKED)
        self.adjustSize()

    @property
    def how(self) -> Disclosure:
        """How much is shown."""
        found = self.how_box.chosen()
        return found if isinstance(found, Disclosure) else Disclosure.MASKED

    def add_buttons(self, *buttons: tuple[str, Callable[[], object], bool]) -> None:
        """The line of what is wrong, then the buttons: text, what it does, whether it is the main one."""
        self.column.addWidget(self.problem)
        row = QHBoxLayout()
        row.addStretch(1)
        for text, do, main in buttons:
            button = dialog_button(text, do, main=main)
            button.setDefault(main)
            row.addWidget(button)
        self.column.addLayout(row)

    def is_sound(self, *more: str) -> bool:
        """Whether nothing is wrong; says what is."""
        wrong = None if self.how is Disclosure.MASKED else purpose_problem(self.why.text())
        said = [text for text in (*more, wrong.say() if wrong else "") if text]
        self.problem.setText("\n".join(said))
        self.problem.setVisible(bool(said))
        return not said


def show_pages(desk: Desk, jobs: Jobs, owner: QWidget, found: "Rendered", name: str, count: int) -> None:
    """Show the pages; when they are printed or saved it is noted of how many children they are."""
    PrintDialog(found.data, name, found.missing, owner, noting(desk, jobs, owner, "child", count)).open()


def imprint_of(desk: Desk) -> Imprint:
    """Who prints, when, and where the audit stands: by that number a copy is found again."""
    mark = _("演示") if desk.demo else ""
    return Imprint(station=desk.station_name, by=desk.actor.name, at=desk.clock(), copy=desk.audit.head(), mark=mark)


def file_name(title: str, ending: str = "pdf") -> str:
    """A document's title, which is a form's name and a number, as the name of a file."""
    return re.sub(r'[\\/:*?"<>|\s]+', "_", title) + f".{ending}"
