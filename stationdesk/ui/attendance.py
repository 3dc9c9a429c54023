"""点名: a search box, a name, Enter; the tick list at the door, worked by keys alone."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.activities import Activity
from stationdesk.records.attendance import (
    CAME,
    AttendanceRow,
    AttendanceState,
    Before,
    Candidate,
    in_groups,
    line_of,
)
from stationdesk.records.children import LightChild
from stationdesk.records.sessions import ActivitySession
from stationdesk.ui import look
from stationdesk.ui.dialogs import ask_reason, dialog_button
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.name_lines import NamesTable
from stationdesk.ui.tables import FilterLine
from stationdesk.ui.tick_enrol import EnrolDialog


class TickBox(FilterLine):
    """Where the cursor is: Enter ticks, up and down choose another line, Ctrl+Z undoes the last tick."""

    entered = Signal()
    stepped = Signal(int)
    undone = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        else:
            super().keyPressEvent(event)


class Unticked(QLabel):
    """Who was not taken in, and why, until they are: whoever types on must not miss it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("problem")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._said: dict[int, str] = {}
        self.hide()

    def note(self, child_id: int, sentence: str) -> None:
        """Say why of one child; "" when there is nothing more to say of it."""
        if self._said.pop(child_id, "") or sentence:
            self._said |= {child_id: sentence} if sentence else {}
            self.setText("\n".join((_("没有点上："), *self._said.values())) if self._said else "")
            self.setVisible(bool(self._said))


class TickDialog(QDialog):
    """The tick list of one session; `ticked` is sent after each save."""

    ticked = Signal()

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        held: ActivitySession,
        activity: Activity,
        names: Sequence[AttendanceRow],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("点名：{title}").format(title=activity.title))
        self.desk, self.jobs, self.session_id = desk, jobs, held.id or 0
        self._done: list[tuple[Before, ...]] = []
        # What Enter meant while the children who may be meant were still being looked for.
        self._meant: AttendanceState | None = None
        column = QVBoxLayout(self)
        self.count = QLabel()
        self.count.setObjectName("section")
        column.addWidget(self.count)
        self.box = TickBox(self)
        self.box.setPlaceholderText(_("姓名的一部分或拼音首字母，回车登记到场"))
        self.box.setAccessibleName(_("姓名"))
        column.addWidget(self.box)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self.said)
        self.left = Unticked()
        column.addWidget(self.left)
        self.table = NamesTable(self)
        column.addWidget(self.table, 1)
        self.guardian = QCheckBox(_("家长陪同 (F6)"))
        self.guardian.setChecked(activity.guardian_required)
        self.siblings = QCheckBox(_("兄弟姐妹一起 (F7)"))
        column.addLayout(self._options())
        column.addLayout(self._buttons())
        self._wire()
        self.table.show_lines(in_groups(names))
        self._tell_count()
        self._say(_("打字找孩子，回车登记到场；不在名单上的孩子也能找到。"))
        room, metrics = self.screen().availableGeometry(), self.fontMetrics()
        self.resize(
            min(metrics.horizontalAdvance("国") * 64, room.width() - 80),
            min(metrics.lineSpacing() * 38, room.height() - 80),
        )
        self.box.setFocus()

    def _options(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * look.UNIT)
        for tick in (self.guardian, self.siblings):
            row.addWidget(tick)
        row.addStretch(1)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        state = AttendanceState
        wanted = [
            (_("到场 (Enter)"), "", lambda: self.tick(state.PRESENT)),
            (_("迟到 (F2)"), "F2", lambda: self.tick(state.LATE)),
            (_("早退 (F3)"), "F3", lambda: self.tick(state.LEFT_EARLY)),
            (_("缺席 (F4)"), "F4", lambda: self.tick(state.ABSENT)),
            (_("接走人 (F8)"), "F8", self.pick_up),
            (_("撤销 (Ctrl+Z)"), "Ctrl+Z", self.undo),
        ]
        if self.desk.actor.may(Right.ENROL_CHILDREN):
            wanted.append((_("登记新孩子 (F9)"), "F9", self.enrol))
        for text, keys, do in wanted:
            row.addWidget(dialog_button(text, do))
            if keys:
                QShortcut(QKeySequence(keys), self, do)
        row.addStretch(1)
        row.addWidget(dialog_button(_("完成 (Esc)"), self.close))
        return row

    def _wire(self) -> None:
        self.box.textChanged.connect(self._narrow)
        self.box.settled.connect(self._look_for)
        self.box.entered.connect(lambda: self.tick(AttendanceState.PRESENT))
        self.box.stepped.connect(self.table.step)
        self.box.undone.connect(self.undo)
        self.table.opened.connect(lambda: self.tick(AttendanceState.PRESENT))
        QShortcut(QKeySequence("F6"), self, self.guardian.toggle)
        QShortcut(QKeySequence("F7"), self, self.siblings.toggle)

    # --- finding ---------------------------------------------------------------------------------

    def _narrow(self, text: str) -> None:
        self.table.narrow(text.strip())

    def _look_for(self, words: str) -> None:
        if words:
            store, number = self.desk.attendance, self.session_id
            self.jobs.run(self, lambda: store.candidates(number, words), lambda found: self._found(words, found))

    def _found(self, words: str, others: Sequence[Candidate]) -> None:
        if words != self.box.text().strip():
            return
        chosen = self.table.current()
        self.table.narrow(words, others)
        if chosen is not None:
            self.table.choose(chosen.child_id)
        state, self._meant = self._meant, None
        if not self.table.seen_count:
            self._say(_("没有找到“{words}”，按F9登记这个孩子。").format(words=words), wrong=True)
        elif state is not None:
            self.tick(state)

    # --- ticking ---------------------------------------------------------------------------------

    def tick(self, state: AttendanceState) -> None:
        """Set the chosen child's state; the next name can be typed at once."""
        line, words = self.table.current(), self.box.text().strip()
        if line is None:
            if words:
                self._meant = state
                self._look_for(words)
            return
        store, number, child_id = self.desk.attendance, self.session_id, line.child_id
        guardian = self.guardian.isChecked() and state in CAME
        siblings = self.siblings.isChecked()
        was = self.table.line(child_id)
        if was is not None:
            # Shown at once, so that the same letters mean the next child.
            self.table.change(replace(was, state=state, guardian_present=guardian, queue=None))
        self.box.clear()
        self.table.choose_none()
        self.box.setFocus()
        self.jobs.run(
            self,
            lambda: store.tick(number, [child_id], state, guardian_present=guardian, siblings=siblings),
            lambda ids: self._ticked(was or line, ids, state, guardian=guardian),
            lambda error: self._not_ticked(child_id, was, error),
        )

    def _not_ticked(self, child_id: int, was: AttendanceRow | None, error: DeskError) -> None:
        if was is not None:
            self.table.change(was)
        self.left.note(child_id, error.say())

    def _ticked(
        self, was: AttendanceRow | Candidate, ids: Sequence[int], state: AttendanceState, *, guardian: bool
    ) -> None:
        table = self.table
        before: list[Before] = []
        for child_id in ids:
            self.left.note(child_id, "")
            old = was if child_id == was.child_id else table.line(child_id)
            if isinstance(old, AttendanceRow):
                before.append(Before(child_id=child_id, state=old.state, guardian_present=old.guardian_present))
                table.change(replace(old, state=state, guardian_present=guardian, queue=None))
            elif old is not None:
                before.append(Before(child_id=child_id, state=None))
                table.change(line_of(old, state, guardian_present=guardian))
        self._done.append(tuple(before))
        names = "、".join(found.name for child_id in ids if (found := table.line(child_id)) is not None)
        self._say(_("{names}：{state}").format(names=names, state=state.label))
        self._after(was.child_id)

    def _after(self, child_id: int) -> None:
        """Show where a child stands now."""
        if not self.box.text():
            self.table.bring_into_sight(child_id)
        self._tell_count()
        self.ticked.emit()

    def _failed(self, error: DeskError) -> None:
        self._say(error.say(), wrong=True)

    def undo(self) -> None:
        """Take the last tick back, and those of the brothers and sisters who came with it."""
        if not self._done:
            self._say(_("没有可以撤销的点名。"))
            return
        before, store, number = self._done.pop(), self.desk.attendance, self.session_id

        def undone(_none: None) -> None:
            names = []
            for was in before:
                line = self.table.line(was.child_id)
                if line is not None:
                    state = was.state or AttendanceState.WITHDRAWN
                    self.table.change(replace(line, state=state, guardian_present=was.guardian_present))
                    names.append(line.name)
            self._say(_("已撤销：{names}").format(names="、".join(names)))
            self._after(before[0].child_id if before else 0)

        self.jobs.run(self, lambda: store.take_back(number, before), undone, self._failed)

    def pick_up(self) -> None:
        """Note who takes the chosen child home, or the one that was ticked last."""
        line = self.table.current()
        if line is None and self._done and self._done[-1]:
            line = self.table.line(self._done[-1][0].child_id)
        if not isinstance(line, AttendanceRow):
            self._say(_("请先在名单里选中孩子，再登记接走人。"), wrong=True)
            return
        by = ask_reason(self, _("接走人"), _("谁接走{name}？").format(name=line.name))
        if by is None:
            return
        store, number, there = self.desk.attendance, self.session_id, line

        def noted(_none: None) -> None:
            self.table.change(replace(there, picked_up_by=by or None))
            self._say(_("{name}由{by}接走").format(name=there.name, by=by))
            self._after(there.child_id)

        self.jobs.run(self, lambda: store.pick_up(number, there.child_id, by), noted, self._failed)

    def enrol(self) -> None:
        """Register a child nobody knows yet; it is ticked with that."""
        typed = self.box.text().strip()
        light = LightChild(name="" if typed.isascii() else typed)
        guardian = self.guardian.isChecked()
        dialog = EnrolDialog(self.desk, self.jobs, self.session_id, light, self, guardian_present=guardian)
        dialog.saved.connect(self._enrolled)
        dialog.open()

    def _enrolled(self, child_id: int) -> None:
        store, number = self.desk.attendance, self.session_id

        def show(names: Sequence[AttendanceRow]) -> None:
            self.box.clear()
            self.table.show_lines(in_groups(names))
            self._done.append((Before(child_id=child_id, state=None),))
            line = self.table.line(child_id)
            self._say(_("已登记并点名：{name}").format(name=line.name if line else ""))
            self._after(child_id)
            self.box.setFocus()

        self.jobs.run(self, lambda: store.names(number), show, self._failed)

    # --- what is said ----------------------------------------------------------------------------

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.said.setObjectName("problem" if wrong else "quiet")
        self.said.style().polish(self.said)
        self.said.setText(text)

    def _tell_count(self) -> None:
        self.count.setText(count_text(self.table.lines))


def count_text(lines: Sequence[AttendanceRow]) -> str:
    """How many came so far, and how many are still to come."""
    states = [line.state for line in lines]
    came = sum(state in CAME for state in states)
    waiting = sum(state is AttendanceState.SIGNED_UP for state in states)
    late = sum(state is AttendanceState.LATE for state in states)
    absent = sum(state is AttendanceState.ABSENT for state in states)
    text = _("已到{came}人（其中迟到{late}人），还没到{waiting}人，缺席{absent}人")
    return text.format(came=came, late=late, waiting=waiting, absent=absent)
