"""Lists of the settings page: communities, rooms, closures, holidays."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.calendar import DayKind, SpecialDay
from stationdesk.records.drafts import Draft
from stationdesk.records.rooms import ClosureRow, Room, RoomClosure, RoomRow
from stationdesk.records.station import Community, CommunityRow
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask, tell
from stationdesk.ui.drafts import DraftPlace
from stationdesk.ui.editors import ChoiceEditor, EditorMaker
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.hours import HoursEditor
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane


@dataclass(frozen=True)
class Listed:
    """What a section lists and how one of its records is made, opened, saved and removed; `more` are
    further buttons: a text, a drawing and what it does."""

    key: str
    title: str
    row: type
    find: Callable[[str, str, bool, bool], "array[int]"]
    rows: Callable[[Sequence[int]], Sequence[Any]]
    load: Callable[[int], Any]
    save: Callable[[Any], Any]
    blank: Callable[[], Any]
    right: Right
    empty: str
    remove: Callable[[int], Any] | None = None
    editors: Callable[[], Mapping[str, EditorMaker]] = field(default=dict)
    with_gone: str = ""
    after: Callable[[QWidget, Any], None] | None = None
    more: Sequence[tuple[str, str, Callable[["ListSection"], object]]] = ()


class ListSection(QWidget):
    """A list with its form."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, what: Listed, notice: QLabel | None = None) -> None:
        super().__init__(parent)
        self.desk, self.jobs, self.what = desk, jobs, what
        self.notice = notice
        self.may = desk.actor.may(what.right) and not desk.read_only
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if notice is not None:
            notice.setWordWrap(True)
            notice.setObjectName("notice")
            column.addWidget(notice)
        self.pane: ListPane
        extras: list[QWidget] = []
        self.gone = QCheckBox(what.with_gone)
        if what.with_gone:
            self.gone.toggled.connect(lambda _on: self.pane.reload())
            extras.append(self.gone)
        for text, picture, do in what.more:
            button = QPushButton(look.icon(picture), text)
            button.clicked.connect(lambda _on=False, do=do: do(self))
            extras.append(button)
        self.add = QPushButton(look.icon("plus"), _("添加"))
        self.add.clicked.connect(self.new)
        self.delete = QPushButton(look.icon("trash-2"), _("删除"))
        self.delete.clicked.connect(self.remove)
        if self.may:
            extras += [self.add, *([self.delete] if what.remove is not None else [])]
        self.pane = ListPane(
            what.row,
            self._find,
            what.rows,
            jobs,
            self,
            empty=what.empty if self.may else _("这里还没有内容。"),
            extras=extras,
            name=what.title,
            desk=desk,
            private=self.may,
        )
        self.pane.opened.connect(self.open_record)
        column.addWidget(self.pane, 1)
        if not desk.actor.may(what.right):
            said = QLabel(_("您可以查看；要修改请联系站长。"))
            said.setObjectName("quiet")
            row = QHBoxLayout()
            row.addWidget(said)
            column.addLayout(row)

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        return self.what.find(words, sort, descending, self.gone.isChecked())

    def reload(self) -> None:
        """Read the list again."""
        self.pane.reload()

    def new(self) -> None:
        """Add a record."""
        self.jobs.run(self, lambda: (self.what.editors(), self.what.blank()), lambda found: self._edit(*found))

    def open_record(self, record_id: int) -> None:
        """Open a record."""
        self.jobs.run(self, lambda: (self.what.editors(), self.what.load(record_id)), lambda found: self._edit(*found))

    def reopen(self, draft: Draft) -> None:
        """Show a record that was typed and not saved."""

        def work() -> tuple[Mapping[str, EditorMaker], Any]:
            fresh = draft.record_id is None
            record = replace(self.what.blank(), uuid=draft.uuid) if fresh else self.what.load(draft.record_id or 0)
            return self.what.editors(), record

        self.jobs.run(self, work, lambda found: self._edit(*found, draft))

    def _edit(self, editors: Mapping[str, EditorMaker], record: Any, draft: Draft | None = None) -> None:
        form = RecordForm(record, editors=editors)
        if not self.may:
            form.set_read_only()
        reload = None if record.id is None else lambda: self.what.load(record.id)
        drafts = DraftPlace(self.desk, f"settings/{self.what.key}") if self.may else None
        dialog = FormDialog(self.what.title, form, self.jobs, self.what.save, self, reload=reload, drafts=drafts)
        if draft is not None:
            dialog.retype(draft)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, result: Any) -> None:
        self.said.emit(_("已保存"))
        if self.what.after is not None:
            self.what.after(self, result)

    def remove(self) -> None:
        """Remove the chosen record, after asking."""
        record_id = self.pane.current_id()
        remove = self.what.remove
        if record_id is None or remove is None:
            return
        choices = {"yes": _("删除"), "": _("返回")}
        if ask(self, self.what.title, _("确定删除选中的这一条吗？"), choices):
            self.jobs.run(self, lambda: remove(record_id), lambda _none: self.said.emit(_("已删除")))


def _people(desk: Desk) -> list[tuple[Any, str]]:
    today = desk.clock().date()
    return [(member.id, member.name) for member in desk.staff.everyone() if member.serves_on(today)]


def communities_section(desk: Desk, jobs: Jobs, parent: QWidget) -> ListSection:
    """村（社区）."""
    store = desk.station

    def editors() -> Mapping[str, EditorMaker]:
        people = _people(desk)
        return {"director_id": lambda box: ChoiceEditor(people, box, _("（未定）"))}

    return ListSection(
        desk,
        jobs,
        parent,
        Listed(
            key="communities",
            title=_("村（社区）"),
            row=CommunityRow,
            find=store.find_communities,
            rows=store.community_rows,
            load=store.load_community,
            save=store.save_community,
            blank=Community,
            right=Right.EDIT_STATION,
            empty=_("还没有登记村（社区）。点“添加”登记第一个。"),
            editors=editors,
            with_gone=_("含已停用"),
        ),
    )


def rooms_section(desk: Desk, jobs: Jobs, parent: QWidget) -> ListSection:
    """场地."""
    store = desk.rooms

    def editors() -> Mapping[str, EditorMaker]:
        people = _people(desk)
        return {
            "manager_id": lambda box: ChoiceEditor(people, box, _("（未定）")),
            "hours": lambda box: HoursEditor(box, optional=True),
        }

    return ListSection(
        desk,
        jobs,
        parent,
        Listed(
            key="rooms",
            title=_("场地"),
            row=RoomRow,
            find=store.find,
            rows=store.rows,
            load=store.load,
            save=store.save,
            blank=Room,
            right=Right.EDIT_STATION,
            empty=_("还没有场地。点“添加”登记第一个，之后就可以预约。"),
            editors=editors,
            with_gone=_("含已停用"),
        ),
    )


def closures_section(desk: Desk, jobs: Jobs, parent: QWidget) -> ListSection:
    """闭馆."""
    store = desk.rooms

    def editors() -> Mapping[str, EditorMaker]:
        rooms = [(room.id, room.name) for room in store.all_rooms()]
        return {"room_id": lambda box: ChoiceEditor(rooms, box, _("（全站）"))}

    def blank() -> RoomClosure:
        start = datetime.combine(desk.clock().date() + timedelta(days=1), time(10))
        return RoomClosure(start=start, end=start + timedelta(hours=4))

    def after(section: QWidget, result: Any) -> None:
        hit = result[1]
        if hit:
            lines = [f"{row.room_name} {row.start:%Y-%m-%d %H:%M}" for row in hit[:10]]
            more = [_("……共{count}个").format(count=len(hit))] if len(hit) > 10 else []
            text = _("闭馆已保存。这些预约落在闭馆时间里，请逐个改期或取消：")
            tell(section, _("闭馆"), "\n".join([text, *lines, *more]))

    return ListSection(
        desk,
        jobs,
        parent,
        Listed(
            key="closures",
            title=_("闭馆"),
            row=ClosureRow,
            find=lambda words, sort, down, _gone: store.find_closures(words, sort, down),
            rows=store.closure_rows,
            load=store.load_closure,
            save=store.save_closure,
            blank=blank,
            right=Right.EDIT_STATION,
            empty=_("没有闭馆安排。维修、消毒、借用场地时可在这里添加。"),
            remove=store.remove_closure,
            editors=editors,
            after=after,
        ),
    )


def holidays_section(desk: Desk, jobs: Jobs, parent: QWidget) -> ListSection:
    """节假日."""
    store = desk.station
    notice = QLabel()

    def find(words: str, _sort: str, descending: bool, _gone: bool) -> "array[int]":
        days = [d for d in store.special_days(date(2000, 1, 1), date(2100, 1, 1)) if words in f"{d.day}{d.name}"]
        return array("q", [d.id or 0 for d in sorted(days, key=lambda d: d.day, reverse=descending)])

    def rows(ids: Sequence[int]) -> list[SpecialDay]:
        known = {d.id: d for d in store.special_days(date(2000, 1, 1), date(2100, 1, 1))}
        return [known[i] for i in ids if i in known]

    section = ListSection(
        desk,
        jobs,
        parent,
        Listed(
            key="holidays",
            title=_("节假日"),
            row=SpecialDay,
            find=find,
            rows=rows,
            load=lambda day_id: rows([day_id])[0],
            save=store.save_special_day,
            blank=lambda: SpecialDay(day=desk.clock().date(), kind=DayKind.HOLIDAY, name=""),
            right=Right.EDIT_STATION,
            empty=_("节假日表是空的。"),
            remove=store.remove_special_day,
        ),
        notice,
    )
    year = desk.clock().year

    def say(years: tuple[int, ...]) -> None:
        missing = [str(y) for y in (year, year + 1) if y not in years]
        known = "、".join(str(y) for y in years)
        text = _("节假日当天不开放，调休上班日照常开放。已有年份：{years}。").format(years=known or _("无"))
        if missing:
            text += _("还没有录入：{years}年，国务院公布后请在这里添加。").format(years="、".join(missing))
        notice.setText(text)

    section.pane.model.loaded.connect(lambda _count: jobs.run(section, store.years_with_holidays, say))
    return section
