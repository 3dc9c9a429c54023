"""活动登记 on the spot: name, sex and birth date or age of a child that nobody knows yet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import Problem, Refused
from stationdesk.fields import Described, describe, from_text, to_text
from stationdesk.i18n import N_, _
from stationdesk.records.children import Child, LightChild, Precision
from stationdesk.ui.child_dialogs import DuplicateBox
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs


class BirthOrAge(QLineEdit):
    """A birth date, or an age at the door: then only the year of birth is known."""

    changed = Signal()

    def __init__(self, parent: QWidget, today: date) -> None:
        super().__init__(parent)
        self._today = today
        self.setPlaceholderText(_("如2016-05-01；只知道年龄的填年龄，如10"))
        self.textChanged.connect(self.changed)

    @property
    def is_age(self) -> bool:
        """Whether what is typed is an age."""
        return self.text().strip().removesuffix("岁").isdecimal() and len(self.text().strip()) <= 3

    def value(self) -> date | None:
        """The birth date; of an age the first day of the year that makes it. Raises `Refused`."""
        text = self.text().strip()
        if not self.is_age:
            found = from_text(_birth(), text)
            return found if isinstance(found, date) else None
        age = int(text.removesuffix("岁"))
        if age > 18:
            raise Refused(Problem("birth_date", N_("年龄应在0到18岁之间，请核对。")))
        return date(self._today.year - age, 1, 1)

    def set_value(self, value: date | None) -> None:
        """Show a birth date."""
        self.setText(to_text(value))


def _birth() -> Described:
    return next(column for column in describe(LightChild) if column.name == "birth_date")


class EnrolDialog(FormDialog):
    """Registers a child and ticks it for a session, in one step; likely files of the same child are shown."""

    def __init__(
        self, desk: Desk, jobs: Jobs, session_id: int, light: LightChild, parent: QWidget, *, guardian_present: bool
    ) -> None:
        self._desk, self._session_id, self._guardian = desk, session_id, guardian_present
        today = desk.clock().date()
        self.form = form = RecordForm(
            light,
            editors={"birth_date": lambda box: BirthOrAge(box, today)},
            only=("name", "sex", "birth_date"),
            asked=("sex", "birth_date"),
        )

        def typed() -> tuple[Child, str] | None:
            found, problems = form.value()
            if problems:
                return None
            known = self._known(found)
            child = Child(
                uuid=light.uuid,
                name=known.name,
                sex=known.sex,
                birth_date=known.birth_date,
                birth_precision=known.birth_precision,
            )
            return child, ""

        self.box = DuplicateBox(desk, jobs, typed, form)
        super().__init__(_("登记并点名"), form, jobs, _unused, parent, below=self.box)

    def _known(self, typed: LightChild) -> LightChild:
        """What was typed; of an age only the year of birth is known."""
        is_age = self.form.editor("birth_date").is_age
        return replace(typed, birth_precision=Precision.YEAR if is_age else Precision.DAY)

    def work_for(self, record: Any) -> Callable[[], Any]:
        """Register and tick, with the answer to whether it is another child."""
        light = self._known(record)
        store, number, confirmed = self._desk.attendance, self._session_id, self.box.other.isChecked()
        guardian = self._guardian
        return lambda: store.enrol_and_tick(number, light, guardian_present=guardian, confirmed=confirmed)


def _unused(_record: Any) -> None:
    """What is saved here is more than one record: `work_for` says how."""
