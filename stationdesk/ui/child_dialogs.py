"""The forms of a child: the light registration, the full file, changing, leaving the stock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.categories import Category, ChildCategory
from stationdesk.records.children import Child, ChildQuery, Duplicate, LightChild, RecordLevel, asked_of, is_own
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import Household
from stationdesk.records.masking import hidden_fields
from stationdesk.ui import look
from stationdesk.ui.child_words import Names, codes_of
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor, EditorMaker
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.id_number import follow_number
from stationdesk.ui.jobs import Jobs

PLACE = "children"
_PROGRAMS = ("file_no", "record_level", "status", "household_id")


def child_editors(names: Names) -> Mapping[str, EditorMaker]:
    """Choosers for what a child's forms refer to."""
    none = _("（未定）")
    people, places = list(names.serving), list(names.communities)

    def person(box: QWidget) -> QWidget:
        return ChoiceEditor(people, box, none)

    return {
        "community_id": lambda box: ChoiceEditor(places, box, none),
        "guardian_relation": lambda box: ChoiceEditor(codes_of("relation"), box, _("（不填）")),
        "ethnicity": lambda box: ChoiceEditor(codes_of("ethnicity"), box, _("（不填）")),
        "worker_id": person,
        "director_id": person,
        "counsellor_id": person,
        "helper_id": person,
    }


class DuplicateBox(QWidget):
    """Files that may be of the same child, looked for while one is typed; a tick says that it is another."""

    def __init__(self, desk: Desk, jobs: Jobs, child: Callable[[], tuple[Child, str] | None], form: RecordForm) -> None:
        super().__init__()
        self._desk, self._jobs, self._child = desk, jobs, child
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.said = QLabel()
        self.said.setObjectName("notice")
        self.said.setWordWrap(True)
        column.addWidget(self.said)
        self.other = QCheckBox(_("已核对，不是同一个孩子"))
        column.addWidget(self.other)
        self.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(300)
        self._timer.timeout.connect(self.look)
        form.changed.connect(self._timer.start)

    def look(self) -> None:
        """Ask which files are like what is typed so far."""
        asked = self._child()
        if asked is None:
            self.hide()
            return
        store = self._desk.children
        self._jobs.run(self, lambda: store.duplicates(*asked), self._show, lambda _error: self.hide())

    def _show(self, found: tuple[Duplicate, ...]) -> None:
        lines = [
            f"{item.file_no}  {item.name}  {item.age if item.age is not None else ''}"
            f"  {item.community_name or ''}  {item.why.label}"
            for item in found
        ]
        self.said.setText("\n".join([_("可能已有档案，请核对："), *lines]))
        self.setVisible(bool(found))
        dialog = self.window()
        if found and isinstance(dialog, FormDialog):
            dialog.bring_into_sight(self)


def _as_child(form: RecordForm, blank: Child) -> Child | None:
    """A child by what is typed so far, to compare with others; None before there is a name."""
    values: dict[str, Any] = {}
    for name in ("name", "other_name", "sex", "birth_date", "id_no", "id_kind"):
        if name in form.editors:
            try:
                values[name] = form.editor(name).value()
            except Refused:
                continue
    found = replace(blank, **{name: value for name, value in values.items() if value is not None})
    return found if found.name or found.id_no else None


class LightDialog(FormDialog):
    """活动登记: the few things asked of a child that comes to activities."""

    def __init__(self, desk: Desk, jobs: Jobs, names: Names, light: LightChild, parent: QWidget) -> None:
        self._desk = desk
        form = RecordForm(light, editors=child_editors(names), asked=asked_of(RecordLevel.LIGHT))

        def typed() -> tuple[Child, str] | None:
            child = _as_child(form, Child(uuid=light.uuid))
            return None if child is None else (child, form.editor("guardian_phone").text().strip())

        self.box = DuplicateBox(desk, jobs, typed, form)
        drafts = DraftPlace(desk, f"{PLACE}/light")
        super().__init__(_("登记儿童"), form, jobs, desk.children.enrol, parent, below=self.box, drafts=drafts)
        self.form = form

    def work_for(self, record: Any) -> Callable[[], Any]:
        """Save, with the answer to whether it is another child."""
        confirmed = self.box.other.isChecked()
        return lambda: self._desk.children.enrol(record, confirmed=confirmed)


class ChildDialog(FormDialog):
    """Changing a file; what the person sees masked is shown and left as it is."""

    def __init__(self, desk: Desk, jobs: Jobs, names: Names, child: Child, parent: QWidget) -> None:
        self._desk = desk
        own = is_own(child.worker_id, child.counsellor_id, desk.actor)
        locked = [column.name for column in hidden_fields(Child, desk.actor, own=own)]
        if not desk.actor.may(Right.APPROVE_CHILDREN):
            locked += ["worker_id", "counsellor_id"]
        editors = child_editors(_with_old(names, child))
        asked = asked_of(child.record_level)
        form = RecordForm(child, editors=editors, hide=_PROGRAMS, locked=locked, asked=asked)
        if "id_no" not in locked:
            follow_number(form, lambda: desk.clock().date())

        def typed() -> tuple[Child, str] | None:
            found = _as_child(form, child)
            return None if found is None else (found, "")

        self.box = DuplicateBox(desk, jobs, typed, form)
        super().__init__(
            " ".join((_("儿童档案"), child.file_no or "")),
            form,
            jobs,
            desk.children.save,
            parent,
            below=self.box,
            reload=lambda: desk.children.load(child.id or 0),
            drafts=DraftPlace(desk, f"{PLACE}/child"),
        )
        self.form = form

    def work_for(self, record: Any) -> Callable[[], Any]:
        """Save, with the answer to whether it is another child."""
        confirmed = self.box.other.isChecked()
        return lambda: self._desk.children.save(record, confirmed=confirmed)


def _with_old(names: Names, child: Child) -> Names:
    """The people and the community a file names stay to be chosen, also when they are gone."""
    told = dict(names.serving)
    for person in (child.worker_id, child.director_id, child.counsellor_id, child.helper_id):
        if person is not None and person in names.staff:
            told.setdefault(person, names.staff[person])
    return replace(names, serving=tuple(told.items()))


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a full file begins with: the household (unless a brother's or sister's), entry, category."""

    household: Household
    entry: Enrolment
    category: ChildCategory


def beginning(today: date) -> Beginning:
    """Blank ones."""
    return Beginning(
        Household(),
        Enrolment(child_id=0, entered_on=today),
        ChildCategory(child_id=0, category=Category.LEFT_BEHIND, since=today),
    )


class _BeginningBox(QWidget):
    """The parts under the child's own form: family, coming into stock, category."""

    def __init__(self, parts: Beginning, duplicates: DuplicateBox) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.UNIT)
        column.addWidget(duplicates)
        self.entry = RecordForm(parts.entry, hide=("child_id", "left_on", "exit_reason", "exit_note", "approved_by"))
        self.category = RecordForm(parts.category, hide=("child_id", "until", "is_primary"))
        self.household = RecordForm(parts.household)
        self.sibling = QLineEdit()
        self.sibling.setPlaceholderText(_("兄弟姐妹已有档案的，填他的档案编号，就不用再填家庭"))
        self.sibling.setAccessibleName(_("同一家庭的档案编号"))
        self.sibling.textChanged.connect(lambda text: self.household.setEnabled(not text.strip()))
        for title, part in (
            (_("纳入"), self.entry),
            (_("主要类别"), self.category),
            (_("家庭"), self.sibling),
            ("", self.household),
        ):
            if title:
                label = QLabel(title)
                label.setObjectName("section")
                column.addWidget(label)
            column.addWidget(part)

    def forms(self) -> dict[str, RecordForm]:
        """The forms by the prefix of their editors in a draft."""
        return {"entry": self.entry, "category": self.category, "household": self.household}


class FullDialog(FormDialog):
    """建一人一档: the whole first page of a file, new or from a light registration."""

    def __init__(
        self, desk: Desk, jobs: Jobs, names: Names, child: Child, parent: QWidget, *, parts: Beginning
    ) -> None:
        self._desk = desk
        full = replace(child, record_level=RecordLevel.FULL)
        asked = asked_of(RecordLevel.FULL)
        form = RecordForm(full, editors=child_editors(names), hide=_PROGRAMS, asked=asked)
        follow_number(form, lambda: desk.clock().date())

        def typed() -> tuple[Child, str] | None:
            found = _as_child(form, child)
            return None if found is None else (found, "")

        self.box = _BeginningBox(parts, DuplicateBox(desk, jobs, typed, form))
        self._duplicates = self.box.findChild(DuplicateBox)
        drafts = DraftPlace(desk, f"{PLACE}/full")
        super().__init__(_("建一人一档"), form, jobs, _unused, parent, below=self.box, drafts=drafts)
        self.form = form
        for part in self.box.forms().values():
            part.changed.connect(self._touch)
        self.box.sibling.textChanged.connect(self._touch)

    def inputs(self) -> dict[str, QWidget]:
        """The editors of all parts."""
        found: dict[str, QWidget] = dict(super().inputs())
        for prefix, part in self.box.forms().items():
            found |= {f"{prefix}.{name}": editor for name, editor in part.editors.items()}
        return found | {"sibling": self.box.sibling}

    def work_for(self, record: Any) -> Callable[[], Any]:
        """All parts at once; what is wrong is shown under its own part."""
        sibling = self.box.sibling.text().strip()
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, part in self.box.forms().items():
            if name == "household" and sibling:
                continue
            values[name], found = part.value()
            part.show_problems(found)
            problems += found
        if problems:
            raise Refused(Problem("", N_("上面标红的内容还要改正。")))
        confirmed = self._duplicates.other.isChecked() if self._duplicates is not None else False
        return lambda: _complete(self._desk, record, values, sibling, confirmed=confirmed)


def _unused(_record: Any) -> None:
    """What is saved here is more than one record: `work_for` says how."""


def _complete(desk: Desk, child: Child, values: dict[str, Any], sibling: str, *, confirmed: bool) -> int:
    household: Household | None = values.get("household")
    if sibling:
        child = replace(child, household_id=household_of(desk, sibling))
    return desk.children.complete(child, values["entry"], values["category"], household, confirmed=confirmed)


def household_of(desk: Desk, file_no: str) -> int:
    """The household of the child with that file number. Raises `Refused`."""
    for row in desk.children.rows(desk.children.find(ChildQuery(words=file_no))):
        if row.file_no == file_no:
            household = desk.children.load(row.id).household_id
            if household is not None:
                return household
    raise Refused(
        Problem("", N_("没有找到档案编号{file_no}的家庭，请核对编号，或直接填写家庭。"), {"file_no": file_no})
    )
