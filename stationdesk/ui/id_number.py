"""An ID number while it is typed: said at once when it is wrong, birth date and sex filled in when not."""

from collections.abc import Callable
from datetime import date

from stationdesk.i18n import _
from stationdesk.records.calendar import beijing_now
from stationdesk.records.ids import IdKind, birth_of, is_resident, region_of, resident_problem, sex_of, tidy_id
from stationdesk.ui.forms import RecordForm

_LENGTH = 18


def follow_number(form: RecordForm, today: Callable[[], date] = lambda: beijing_now().date()) -> None:
    """Let birth date and sex of a form follow the resident number in it, and judge it at 18 characters."""
    number = form.editor("id_no")
    kind = form.editors.get("id_kind")

    def follow() -> None:
        text = tidy_id(number.text())
        if kind is not None and text and kind.value() is None and len(text) == _LENGTH:  # type: ignore[attr-defined]
            kind.set_value(IdKind.RESIDENT_ID)  # type: ignore[attr-defined]
        if len(text) != _LENGTH or (kind is not None and not is_resident(kind.value())):  # type: ignore[attr-defined]
            form.say_under("id_no", "")
            return
        problem = resident_problem(text, today())
        form.say_under("id_no", problem.say() if problem else _region(text), wrong=problem is not None)
        if problem is None:
            _fill(form, text)

    number.textChanged.connect(follow)


def _region(number: str) -> str:
    region = region_of(number)
    return _("号码最初由{region}编发").format(region=_(region)) if region else ""


def _fill(form: RecordForm, number: str) -> None:
    """What was typed by hand stays: where it differs, saving says so."""
    for name, said in (("birth_date", birth_of(number)), ("sex", sex_of(number))):
        editor = form.editors.get(name)
        if editor is not None and editor.value() is None:  # type: ignore[attr-defined]
            editor.set_value(said)  # type: ignore[attr-defined]
