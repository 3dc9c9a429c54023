"""One child's file on the screen: who it is on top, below it the sections and the timeline."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.fields import Described, Level
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.calendar import short_day
from stationdesk.records.categories import Colour, Suggestion, colour_on
from stationdesk.records.child_prints import ChildFile
from stationdesk.records.child_reviews import ChildHints
from stationdesk.records.children import Child, ChildRow, is_own
from stationdesk.records.drafts import Draft
from stationdesk.records.masking import is_open
from stationdesk.ui import look
from stationdesk.ui.assessments import Known
from stationdesk.ui.attachments import AttachmentsPane, PhotoLabel
from stationdesk.ui.child_activities import ActivityLines
from stationdesk.ui.child_lists import lists_of, member_name
from stationdesk.ui.child_words import Names
from stationdesk.ui.facts import Facts
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.record_list import Kept, RecordList

# Which lists stand in which section, by their keys.
_SECTIONS = {
    "family": ("family", "care", "consents"),
    "facts": ("schooling", "health"),
    "standing": ("categories", "levels", "assessments", "enrolments"),
    "policies": ("benefits", "needs"),
}
_OWN = ("name", "sex", "file_no", "status", "record_level")


class Lines(QFrame):
    """A few lines under a title, each as high as its text; one that stands for a record is a button."""

    chosen = Signal(int)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._title = title
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.UNIT // 2)

    def show_lines(self, lines: Sequence[tuple[str, bool, int | None]]) -> None:
        """Show these (text, whether it presses, the record it opens), or nothing at all."""
        while self._column.count():
            item = self._column.takeAt(0)
            if item is not None and (widget := item.widget()):
                widget.deleteLater()
        self.setVisible(bool(lines))
        if lines:
            title = QLabel(self._title)
            title.setObjectName("section")
            self._column.addWidget(title)
        for text, wrong, record_id in lines:
            self._column.addWidget(self._line(text, record_id, wrong=wrong))

    def _line(self, text: str, record_id: int | None, *, wrong: bool) -> QWidget:
        if record_id is not None:
            button = QPushButton(text)
            button.setFlat(True)
            button.clicked.connect(lambda _on=False: self.chosen.emit(record_id))
            return button
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName("pressing" if wrong else "notice")
        return label


class ChildView(QWidget):
    """The file of one child. `changed` is sent with what was done, `chosen` with a sibling's id,
    `wanted` with the id of a session to be opened, `failed` with why a file cannot be shown."""

    changed = Signal(str)
    chosen = Signal(int)
    wanted = Signal(int)
    failed = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self.file: ChildFile | None = None
        self._names = Names()
        self.lists: dict[str, RecordList] = {}
        self._triggers: tuple[Suggestion, ...] = ()
        self._waiting: Draft | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._head())
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        column.addWidget(self.tabs, 1)
        self._tabs()
        self.hide()

    def _head(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        row = QHBoxLayout(card)
        self.photo = PhotoLabel(self.desk, self.jobs, self)
        row.addWidget(self.photo)
        told = QVBoxLayout()
        self.title = QLabel()
        self.title.setObjectName("section")
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.sub = QLabel()
        self.sub.setWordWrap(True)
        self.colour = QLabel()
        told.addWidget(self.title)
        told.addWidget(self.sub)
        told.addWidget(self.colour)
        told.addStretch(1)
        row.addLayout(told, 1)
        return card

    def _tabs(self) -> None:
        self.facts, self.home = Facts(self), Facts(self)
        for part in (self.facts, self.home):
            part.revealed.connect(self._note_look)
        self.hints, self.siblings = Lines(_("提醒"), self), Lines(_("同一家庭的孩子"), self)
        self.siblings.chosen.connect(self.chosen)
        self.timeline = QListWidget()
        self.timeline.setObjectName("plain")
        self.timeline.setWordWrap(True)
        self.timeline.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.timeline.setAccessibleName(_("时间线"))
        self.activities = ActivityLines(self)
        self.activities.wanted.connect(self.wanted)
        self.attachments = AttachmentsPane(self.desk, self.jobs, self)
        self.attachments.said.connect(self.changed)
        self.photo.said.connect(self.changed)
        self._homes: dict[str, QVBoxLayout] = {}
        self._boxes: dict[str, QWidget] = {}
        first = self._page("basic", _("基本"))
        for widget in (self.hints, self.facts):
            first.addWidget(widget)
        first.addStretch(1)
        for key, title in (
            ("family", _("家庭")),
            ("facts", _("就学健康")),
            ("standing", _("类别风险")),
            ("policies", _("政策")),
        ):
            self._page(key, title)
        self._homes["family"].addWidget(self.home)
        self._homes["family"].addWidget(self.siblings)
        self._page("activities", _("活动")).addWidget(self.activities, 1)
        self._page("attachments", _("附件")).addWidget(self.attachments, 1)
        self._page("timeline", _("变更")).addWidget(self.timeline, 1)

    def _page(self, key: str, title: str) -> QVBoxLayout:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setSpacing(2 * look.UNIT)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        self.tabs.addTab(area, title)
        self._homes[key] = column
        return column

    # --- what is shown ---------------------------------------------------------------------------

    def show_child(self, child_id: int, names: Names) -> None:
        """Read a file and show it."""
        store, wanted = self.desk.child_files, child_id

        def work() -> tuple[ChildFile, ChildHints, tuple[ChildRow, ...]]:
            return store.file(wanted), store.hints(wanted), self.desk.children.siblings(wanted)

        self.jobs.run(self, work, lambda found: self._show(*found, names), self._not_shown)

    def _not_shown(self, error: DeskError) -> None:
        self.clear()
        self.failed.emit(error)

    def clear(self) -> None:
        """Show nothing."""
        self.file = None
        self.hide()

    def _show(self, file: ChildFile, hints: ChildHints, siblings: tuple[ChildRow, ...], names: Names) -> None:
        other = self.file is None or self.file.child.id != file.child.id
        self.file = file
        self._names = replace(names, family={m.id or 0: member_name(m) for m in file.family})
        child = file.child
        self._show_head(file)
        self.facts.show_record(child, self._names, hide=(*_OWN, "household_id"))
        self.home.show_record(file.household, self._names)
        self._triggers = hints.risk
        self._show_hints(hints)
        self.siblings.show_lines([(_sibling(row), False, row.id) for row in siblings])
        if other:
            self._make_lists(child.id or 0)
        self._fill_lists(file)
        self.timeline.clear()
        self.timeline.addItems([f"{row.day.isoformat()}  {row.kind.label}  {row.say()}" for row in file.timeline()])
        self.activities.show_sessions(file.activities, self.desk.clock())
        self.attachments.show_child(child.id or 0)
        self.photo.show_child(child.id or 0)
        self.show()
        if self._waiting is not None:
            draft, self._waiting = self._waiting, None
            self.reopen(draft)

    def _show_head(self, file: ChildFile) -> None:
        child = file.child
        # Not reckoned from the birth date: who may not see that sees the age all the same.
        age = _("{age}岁").format(age=file.age) if file.age is not None else ""
        sex = child.sex.label if child.sex else ""
        self.title.setText("  ".join(part for part in (child.name, sex, age) if part))
        worker = self._names.staff.get(child.worker_id or 0, "")
        parts = [child.file_no or "", child.status.label, _("责任社工：{name}").format(name=worker) if worker else ""]
        self.sub.setText("  ".join(part for part in parts if part))
        colour = colour_on(file.levels, self.desk.clock().date())
        self.colour.setVisible(colour is not None)
        if colour is not None:
            self.colour.setText(f"● {colour.label}")
            self.colour.setStyleSheet(f"color: {look.risk_colour(colour.code)}")

    def _show_hints(self, hints: ChildHints) -> None:
        self.hints.show_lines([(text, wrong, None) for text, wrong in hint_lines(hints)])

    def _make_lists(self, child_id: int) -> None:
        self.lists = {}
        kept: dict[str, Kept] = {what.key: what for what in lists_of(self.desk, child_id, self._family, self._known)}
        for section, keys in _SECTIONS.items():
            box = QWidget()
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2 * look.UNIT)
            for key in keys:
                made = RecordList(self.desk, self.jobs, kept[key], self, text=self._text, place=f"children/{child_id}")
                made.changed.connect(self.changed)
                self.lists[key] = made
                column.addWidget(made)
            column.addStretch(1)
            old, self._boxes[section] = self._boxes.get(section), box
            if old is not None:
                old.hide()
                old.deleteLater()
            self._homes[section].addWidget(box, 1)

    def _family(self) -> Any:
        return self.file.family if self.file is not None else ()

    def _known(self) -> Known:
        """Who serves now or has assessed this child before, and what the facts ask of its level."""
        earlier = self.file.assessments if self.file is not None else ()
        before = {a.assessor_id: self._names.staff.get(a.assessor_id, "") for a in earlier}
        people = before | dict(self._names.serving)
        return Known(triggers=self._triggers, people=tuple(people.items()))

    def _text(self, column: Described, value: Any) -> str:
        return self._names.masked(column, value)

    def _fill_lists(self, file: ChildFile) -> None:
        writable = may_write(self.desk, file.child)
        for key, records in records_of(file).items():
            self.lists[key].show_records(records, writable=writable)

    def reopen(self, draft: Draft) -> None:
        """Show a line of a list that was typed and not saved, as soon as the file is there."""
        key = draft.place.rpartition("/")[2]
        if self.file is None or key not in self.lists:
            self._waiting = draft
        else:
            self.lists[key].reopen(draft)

    def _note_look(self, field: str) -> None:
        child_id = self.file.child.id if self.file is not None else None
        self.jobs.run(self, lambda: self.desk.audit.note_look("child", child_id, field))


def records_of(file: ChildFile) -> dict[str, Sequence[Any]]:
    """The lists of a file by the keys of their declarations."""
    return {
        "family": file.family,
        "care": file.care,
        "consents": file.consents,
        "schooling": file.schooling,
        "health": file.health,
        "benefits": file.benefits,
        "needs": file.needs,
        "categories": file.categories,
        "levels": tuple(reversed(file.levels)),
        "assessments": tuple(reversed(file.assessments)),
        "enrolments": file.enrolments,
    }


def may_write(desk: Desk, child: Child) -> bool:
    """Whether the person may change the lists of this file; the store decides, this shows the buttons."""
    own = is_own(child.worker_id, child.counsellor_id, desk.actor)
    allowed = desk.actor.may(Right.EDIT_CHILDREN) and not desk.read_only
    return allowed and not desk.actor.in_emergency and is_open(Level.L3, desk.actor, own=own)


def hint_lines(hints: ChildHints) -> list[tuple[str, bool]]:
    """What the facts speak for, each with whether it presses."""
    lines = [(proposal.say(), True) for proposal in hints.ages]
    for relation, left in hints.terms:
        label = _("父亲") if relation == "51" else _("母亲")
        text = (
            _("{parent}的刑期或戒毒期还有{days}天结束，请提前走访。")
            if left >= 0
            else _("{parent}的刑期或戒毒期已结束，请核实近况。")
        )
        lines.append((text.format(parent=label, days=left), True))
    lines += [(_("委托照护已{days}天，还没有签订协议。").format(days=days), True) for _care, days in hints.unsigned]
    if hints.lapsed:
        kinds = "、".join(kind.label for kind in hints.lapsed)
        lines.append((_("这些同意已经失效，请重新征得：{kinds}").format(kinds=kinds), True))
    if hints.pictured:
        places = "、".join(_place(*place) for place in hints.pictured)
        text = _("这些活动的照片里有这个孩子，已经印发、张贴或发布的请收回：{places}")
        lines.append((text.format(places=places), True))
    lines += [(again.say(), again.overdue) for again in hints.assessments]
    if hints.gaps:
        gaps = "、".join(gap.label for gap in hints.gaps)
        lines.append((_("档案里还缺：{gaps}").format(gaps=gaps), False))
    if hints.unattended is not None:
        lines.append((_(hints.unattended.text).format(**hints.unattended.values), True))
    worth = [hint for hint in hints.risk if hint.colour is not Colour.GREEN]
    lines += [
        (_("建议风险等级不低于{colour}：{reason}").format(colour=hint.colour.label, reason=hint.say()), False)
        for hint in worth[:3]
    ]
    return lines + [(hint.say(), False) for hint in hints.benefits]


def _place(day: date, title: str, count: int) -> str:
    return _("{day}“{title}”{count}张").format(day=short_day(day), title=title, count=count)


def _sibling(row: ChildRow) -> str:
    age = _("{age}岁").format(age=row.age) if row.age is not None else ""
    return f"{row.name}  {age}  {row.file_no}"
