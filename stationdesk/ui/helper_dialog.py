"""志愿者: one more helper for a session; who may not be chosen is told with the reason at once."""

from PySide6.QtWidgets import QWidget

from stationdesk.desk import Desk
from stationdesk.errors import Problem
from stationdesk.i18n import _
from stationdesk.records.sessions import ActivitySession
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.volunteers import VolunteerQuery, VolunteerStatus
from stationdesk.ui.finding_list import FindingList, Found
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs

_MOST = 50


class HelperDialog(FormDialog):
    """A volunteer is found by name and put down for the time of the session."""

    def __init__(self, desk: Desk, jobs: Jobs, held: ActivitySession, parent: QWidget) -> None:
        self._desk, self._held = desk, held
        shift = VolunteerShift(volunteer_id=0, session_id=held.id)
        hint = _("姓名或拼音首字母")

        def picker(box: QWidget) -> QWidget:
            return FindingList(jobs, self._find, box, name=_("志愿者"), hint=hint)

        self.form = RecordForm(shift, editors={"volunteer_id": picker}, only=("volunteer_id", "work", "note"))
        self.picker: FindingList = self.form.editor("volunteer_id")
        super().__init__(_("添加志愿者"), self.form, jobs, desk.shifts.save, parent)
        self.picker.changed.connect(self._look)

    def _find(self, words: str) -> Found:
        store = self._desk.volunteers
        query = VolunteerQuery(words=words, status=VolunteerStatus.ACTIVE)
        rows = store.rows(store.find(query)[:_MOST])
        return [(row.id, "  ".join(part for part in (row.name, row.organisation or "") if part)) for row in rows]

    def _look(self) -> None:
        """Say at once what keeps the chosen one from helping that day."""
        number = self.picker.value()
        if number is None:
            self.form.say_under("volunteer_id", "")
            return
        store, day = self._desk.volunteers, self._held.start.date()

        def tell(problems: tuple[Problem, ...]) -> None:
            if number == self.picker.value():
                text = "\n".join(problem.say() for problem in problems)
                self.form.say_under("volunteer_id", text, wrong=True)

        self._jobs.run(self, lambda: store.why_not(number, day), tell)
