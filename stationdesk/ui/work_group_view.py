"""One work group on the screen: what it is for, its meetings, what is to be done after them, its members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.fields import Described, to_text
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.work_groups import (
    GroupView,
    MeetingKind,
    MeetingMinutes,
    MemberLine,
    TaskLine,
    TaskState,
)
from stationdesk.ui import look
from stationdesk.ui.child_words import Names
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor, EditorMaker
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import FileView, place_of, with_draft
from stationdesk.ui.record_list import Kept, RecordList
from stationdesk.ui.ticks import TickEditor

_IN_HEAD = ("kind", "name", "meets_every")
_TASK_DAYS = 14


@dataclass(frozen=True, slots=True)
class GroupFile:
    """All that is shown of one group, and who could become a member."""

    view: GroupView
    staff: tuple[tuple[int, str], ...]
    contacts: tuple[tuple[int, str], ...]


def read_group(desk: Desk, group_id: int) -> GroupFile:
    """Read it; on the database thread."""
    view, today = desk.work_groups.view(group_id), desk.clock().date()
    staff: dict[int, str] = {}
    if desk.actor.may(Right.SEE_STAFF):
        staff = {member.id or 0: member.name for member in desk.staff.everyone() if member.serves_on(today)}
    contacts = {one.id: f"{one.name}（{one.partner}）" for one in desk.work_groups.contacts()}
    # Who has left is still named in the memberships there were.
    for line in view.members:
        if line.staff_id is not None:
            staff.setdefault(line.staff_id, line.name)
        if line.contact_id is not None:
            contacts.setdefault(line.contact_id, f"{line.name}（{line.unit}）")
    return GroupFile(view, tuple(staff.items()), tuple(contacts.items()))


def one_of_two(form: RecordForm) -> None:
    """A member is of the team or of a partner: choosing one takes the other back."""
    staff, contact = form.editor("staff_id"), form.editor("contact_id")

    def let_go(chosen: Any, other: Any) -> None:
        if chosen.value() is not None and other.value() is not None:
            other.set_value(None)

    staff.changed.connect(lambda: let_go(staff, contact))
    contact.changed.connect(lambda: let_go(contact, staff))


class TaskList(RecordList):
    """The tasks of a group. Who may not change them still says of their own what came of it."""

    def __init__(self, *words: Any, own: Callable[[TaskLine], bool], **more: Any) -> None:
        super().__init__(*words, **more)
        self._own = own

    def _edit(self, record: Any, draft: Draft | None = None) -> None:
        if self._writable or self.desk.read_only or not self._own(record):
            super()._edit(record, draft)
            return
        locked = ("meeting_id", "what", "member_id", "due_on")
        form = RecordForm(record, editors=self.what.editors(), hide=self.what.hide, locked=locked)
        drafts = DraftPlace(self.desk, f"{self._place}/{self.what.key}")
        report = self.desk.work_groups.report_task
        dialog = FormDialog(self.what.title, form, self.jobs, report, self, drafts=drafts)
        dialog.saved.connect(lambda _id: self.changed.emit(_("办理结果已保存")))
        with_draft(dialog, draft)


class GroupFileView(FileView):
    """One group, its members, meetings and tasks."""

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, *, may: bool) -> None:
        super().__init__(desk, jobs, parent, may=may)
        self.file: GroupFile | None = None
        self.lists: dict[str, RecordList] = {}

    # --- what is shown ---------------------------------------------------------------------------

    def show_group(self, file: GroupFile) -> None:
        """Show what was read."""
        other = self.file is None or self.file.view.group.id != file.view.group.id
        self.file = file
        group = file.view.group
        self.title.setText(group.name)
        every = _("每{count}个月开会").format(count=group.meets_every) if group.meets_every else _("开会不提醒")
        self.sub.setText(f"{group.kind.label}  {every}")
        self.facts.show_record(group, Names(), hide=_IN_HEAD)
        if other:
            self._make_lists(group.id or 0)
        self.lists["members"].show_records(file.view.members, writable=self.may)
        self.lists["meetings"].show_records(file.view.meetings, writable=self.may)
        self.lists["tasks"].show_records(file.view.tasks, writable=self.may)
        self._mark_overdue(file.view.tasks)
        self.show()
        if self._waiting is not None:
            draft, self._waiting = self._waiting, None
            self.reopen(draft)

    def _mark_overdue(self, tasks: tuple[TaskLine, ...]) -> None:
        for row, task in enumerate(tasks):
            item = self.lists["tasks"].table.item(row, 0)
            if item is not None and task.state is TaskState.OVERDUE:
                item.setForeground(QColor(look.tokens().wrong))

    def text(self, column: Described, value: Any) -> str:
        """A value in a list: names for members and meetings, a word for what is not to be read."""
        if self.file is None or value is None:
            return ""
        if column.name in ("chair_id", "member_id"):
            return self._members().get(value, "")
        if column.name == "attendees":
            return "、".join(self._members().get(number, "") for number in value)
        if column.name == "meeting_id":
            return self._meetings().get(value, "")
        if column.name in ("topics", "what") and not value:
            return _("（限制内容）")
        return to_text(value)

    def _members(self) -> Mapping[int, str]:
        view = self.file.view if self.file is not None else None
        return {line.id or 0: line.name for line in view.members} if view else {}

    def _meetings(self) -> Mapping[int, str]:
        view = self.file.view if self.file is not None else None
        return {held.id or 0: f"{held.day.isoformat()} {held.kind.label}" for held in view.meetings} if view else {}

    def clear(self) -> None:
        """Show nothing."""
        self.file = None
        self.hide()

    # --- the lists -------------------------------------------------------------------------------

    def _make_lists(self, group_id: int) -> None:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * look.UNIT)
        given: dict[str, Any] = {"text": self.text, "place": f"partners/groups/{group_id}"}
        made = (
            RecordList(self.desk, self.jobs, self._kept_meetings(group_id), self, **given),
            TaskList(self.desk, self.jobs, self._kept_tasks(), self, own=self._is_own, **given),
            RecordList(self.desk, self.jobs, self._kept_members(group_id), self, **given),
        )
        for one in made:
            one.changed.connect(self.changed)
            self.lists[one.what.key] = one
            column.addWidget(one)
        self._inside.replaceWidget(self._lists, box)
        self._lists.hide()
        self._lists.deleteLater()
        self._lists = box

    def _is_own(self, task: TaskLine) -> bool:
        """Whether a task was given to the person at the desk."""
        members = self.file.view.members if self.file is not None else ()
        return any(line.id == task.member_id and line.staff_id == self.desk.actor.staff_id for line in members)

    def _kept_members(self, group_id: int) -> Kept:
        store, today = self.desk.work_groups, self.desk.clock().date()

        def editors() -> Mapping[str, EditorMaker]:
            staff, contacts = (self.file.staff, self.file.contacts) if self.file is not None else ((), ())
            return {
                "staff_id": lambda box: ChoiceEditor(staff, box, _("（不是工作人员）")),
                "contact_id": lambda box: ChoiceEditor(contacts, box, _("（不是协作单位的人）")),
            }

        return Kept(
            key="members",
            title=_("成员"),
            cls=MemberLine,
            blank=lambda: MemberLine(group_id=group_id, since=today),
            save=store.save_member,
            remove=store.remove_member,
            editors=editors,
            prepare=one_of_two,
            hide=("group_id", "name", "unit", "post"),
            shown=("name", "position", "unit", "post", "expertise", "since", "until"),
            empty=_("还没有成员。成员可以是工作人员，也可以是协作单位的联系人。"),
        )

    def _kept_meetings(self, group_id: int) -> Kept:
        store, today = self.desk.work_groups, self.desk.clock().date()

        def editors() -> Mapping[str, EditorMaker]:
            people = list(self._members().items())
            none = _("这一天还没有成员，请先登记成员，或者核对开会日期。")
            return {
                "chair_id": lambda box: ChoiceEditor(people, box, _("（不填）")),
                "attendees": lambda box: TickEditor(people, box, none, together=True),
            }

        return Kept(
            key="meetings",
            title=_("会议"),
            cls=MeetingMinutes,
            blank=lambda: MeetingMinutes(group_id=group_id, day=today),
            save=store.save_meeting,
            remove=store.remove_meeting,
            editors=editors,
            prepare=self._follow_day,
            hide=("group_id",),
            asked=("attendees",),
            shown=("day", "kind", "topics", "attendees", "chair_id", "place"),
            empty=_("还没有会议。开完会再登记：议题、议定事项、谁参加了。"),
        )

    def _follow_day(self, form: RecordForm) -> None:
        """Offer the members of the day of the meeting; say what is not to be read."""
        day, attendees = form.editor("day"), form.editor("attendees")

        def offer() -> None:
            view = self.file.view if self.file is not None else None
            on = day.value()
            attendees.offer([line.id for line in view.members if on and line.belongs_on(on)] if view else [])

        day.changed.connect(offer)
        offer()
        meeting = form.record
        if meeting.kind is MeetingKind.CASE_CONFERENCE and meeting.id is not None and not meeting.topics:
            form.say_under("topics", _("个案会商的内容可能涉及具体的孩子，只有站长和儿童督导员能看。"))

    def _kept_tasks(self) -> Kept:
        store, due = self.desk.work_groups, self.desk.clock().date() + timedelta(days=_TASK_DAYS)

        def editors() -> Mapping[str, EditorMaker]:
            meetings, people = list(self._meetings().items()), list(self._members().items())
            return {
                "meeting_id": lambda box: ChoiceEditor(meetings, box),
                "member_id": lambda box: ChoiceEditor(people, box),
            }

        return Kept(
            key="tasks",
            title=_("议定事项的办理"),
            cls=TaskLine,
            blank=lambda: TaskLine(meeting_id=next(iter(self._meetings()), 0), member_id=0, due_on=due),
            save=store.save_task,
            remove=store.remove_task,
            editors=editors,
            hide=("state",),
            shown=("state", "due_on", "what", "member_id", "done_on", "result", "meeting_id"),
            empty=_("没有要办的事。会上定下来的事，登记谁办、什么时候办完，到期前在工作台提醒。"),
        )

    def reopen(self, draft: Draft) -> None:
        """Show a line that was typed and not saved, as soon as the group is there."""
        wanted, *key = place_of(draft)
        if self.file is None or str(self.file.view.group.id) != wanted:
            self._waiting = draft
        elif key and key[0] in self.lists:
            self.lists[key[0]].reopen(draft)
