"""What is done with activities and their sessions: planned, changed, called off, copied, closed, opened again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.activities import Activity
from stationdesk.records.drafts import Draft
from stationdesk.records.sessions import (
    ActivitySession,
    SessionOutcome,
    SessionPlan,
    SessionStatus,
    blank_session,
)
from stationdesk.ui.actions import action
from stationdesk.ui.activity_forms import ActivityDialog, NewActivityDialog
from stationdesk.ui.dialogs import ask, ask_reason
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.session_actions import SessionActions
from stationdesk.ui.session_forms import (
    Choices,
    ClosingDialog,
    CopyDialog,
    SessionDialog,
    next_start,
    read_choices,
)
from stationdesk.ui.tables import ListPane


class ActivityActions(SessionActions):
    """The actions on activities and sessions; the page that lists them says which are chosen."""

    list: ListPane

    def activity_id(self) -> int | None:
        """The chosen activity: of the list of activities, else of the session that is shown."""
        seen = self.seen()
        return None if seen is None else seen.activity.id

    def narrow(self, activity_id: int) -> None:
        """Show the sessions of one activity."""

    # --- planning --------------------------------------------------------------------------------

    @action(N_("新活动"), "Ctrl+N", "plus", Right.EDIT_ACTIVITIES)
    def new(self) -> None:
        """An activity with its first session, its room and its partners."""
        self._new(Activity())

    def _new(self, activity: Activity, draft: Draft | None = None) -> None:
        def show(found: Choices) -> None:
            start, me = next_start(self.desk.clock()), found.person(self.desk)
            plan = SessionPlan(start=start, end=start + timedelta(hours=1), responsible_id=me)
            led = replace(activity, leader_id=me)
            self._open(NewActivityDialog(self.desk, self.jobs, found, plan, led, self), draft, _("活动已安排"))

        self.jobs.run(self, lambda: read_choices(self.desk), show)

    def _open(self, dialog: FormDialog, draft: Draft | None, said: str) -> None:
        if draft is not None:
            dialog.retype(draft)

        def saved(result: Any) -> None:
            self.said.emit(said)
            first = result[0] if isinstance(result, tuple) and result else result
            if isinstance(first, int) and not isinstance(dialog, ActivityDialog):
                self.list.choose(first)
                self.view.show_session(first)

        dialog.saved.connect(saved)
        dialog.open()

    @action(N_("加一场"), "Ctrl+Shift+N", "calendar-days", Right.EDIT_ACTIVITIES)
    def add_session(self) -> None:
        """One more session of the chosen activity."""
        activity_id = self.activity_id()
        if activity_id is not None:
            self._session(activity_id)

    def _session(self, activity_id: int, draft: Draft | None = None) -> None:
        seen = self.seen()
        like = seen.held if seen is not None and seen.activity.id == activity_id else None

        def work() -> tuple[Choices, int | None]:
            return read_choices(self.desk), None if like is None else self.desk.sessions.room_of(like.id or 0)

        def show(found: tuple[Choices, int | None]) -> None:
            choices, room_id = found
            held = self._next_of(activity_id, like, choices)
            held = held if draft is None else replace(held, uuid=draft.uuid)
            dialog = SessionDialog(self.desk, self.jobs, choices, held, room_id, self)
            self._open(dialog, draft, _("场次已安排"))

        self.jobs.run(self, work, show, self.refused)

    def _next_of(self, activity_id: int, like: ActivitySession | None, choices: Choices) -> ActivitySession:
        """A session a week after `like`, as that was; without one, tomorrow."""
        if like is None:
            blank = blank_session(activity_id, next_start(self.desk.clock()))
            return replace(blank, responsible_id=choices.person(self.desk))
        week = timedelta(weeks=1)
        return replace(
            blank_session(activity_id, like.start + week),
            end=like.end + week,
            place=like.place,
            responsible_id=like.responsible_id,
        )

    @action(N_("修改这一场"), "Ctrl+E", "pencil", Right.EDIT_ACTIVITIES, toolbar=False)
    def edit_session(self) -> None:
        """Change the session that is shown, or move it to another time or room; one that was put off is
        planned again by it."""
        seen = self.seen()
        if seen is not None and seen.held.status is not SessionStatus.DONE and not self.desk.read_only:
            self._edit_session(seen.held.id or 0)

    def _edit_session(self, session_id: int, draft: Draft | None = None) -> None:
        store = self.desk.sessions

        def work() -> tuple[ActivitySession, int | None, Choices]:
            held = store.load(session_id)
            people = (held.responsible_id, *held.staff_ids)
            return held, store.room_of(session_id), read_choices(self.desk, people=people)

        def show(found: tuple[ActivitySession, int | None, Choices]) -> None:
            held, room_id, choices = found
            dialog = SessionDialog(self.desk, self.jobs, choices, held, room_id, self)
            self._open(dialog, draft, _("场次已保存"))

        self.jobs.run(self, work, show, self.refused)

    @action(N_("修改活动"), "Ctrl+Shift+E", "pencil", Right.EDIT_ACTIVITIES, toolbar=False)
    def edit_activity(self) -> None:
        """Change the chosen activity and whom it is held with."""
        activity_id = self.activity_id()
        if activity_id is not None and not self.desk.read_only:
            self._edit_activity(activity_id)

    def _edit_activity(self, activity_id: int, draft: Draft | None = None) -> None:
        store = self.desk.activities

        def work() -> tuple[Activity, tuple[int, ...], Choices]:
            activity, partners = store.load(activity_id), store.partners(activity_id)
            return activity, partners, read_choices(self.desk, people=(activity.leader_id,), partners=partners)

        def show(found: tuple[Activity, tuple[int, ...], Choices]) -> None:
            activity, partners, choices = found
            dialog = ActivityDialog(self.desk, self.jobs, choices, activity, partners, self)
            self._open(dialog, draft, _("活动已保存"))

        self.jobs.run(self, work, show, self.refused)

    @action(N_("复制活动…"), "Ctrl+D", "copy", Right.EDIT_ACTIVITIES, toolbar=False)
    def copy(self) -> None:
        """The chosen activity once more from another day on."""
        activity_id = self.activity_id()
        if activity_id is not None:
            store, number = self.desk.activities, activity_id

            def work() -> tuple[str, Choices]:
                return store.load(number).title, read_choices(self.desk)

            self.jobs.run(self, work, lambda found: self._copy(number, *found))

    def _copy(self, activity_id: int, title: str, found: Choices) -> None:
        dialog = CopyDialog(self.desk, self.jobs, activity_id, title, found, self)

        def copied(new_id: int) -> None:
            self.said.emit(_("活动已复制"))
            self.narrow(new_id)

        dialog.copied.connect(copied)
        dialog.open()

    # --- what becomes of a session ---------------------------------------------------------------

    def _run(self, work: Callable[[], Any], said: str) -> None:
        self.jobs.run(self, work, lambda _none: self.said.emit(said), self.refused)

    def _let_go(self, held: ActivitySession, work: Callable[[], Any], said: str) -> None:
        """Call a session off; for a moment one that was planned can be planned again, in its room."""
        store, number = self.desk.sessions, held.id or 0

        def undo() -> int:
            return store.save(store.load(number), store.room_of(number))

        def then(_none: Any) -> None:
            if held.status is SessionStatus.PLANNED:
                self.done.emit(said, undo)
            else:
                self.said.emit(said)

        self.jobs.run(self, work, then, self.refused)

    @action(N_("取消这一场…"), "", "ban", Right.EDIT_ACTIVITIES, toolbar=False)
    def cancel_session(self) -> None:
        """Call the session off; its room is free again."""
        seen = self.seen()
        if seen is not None:
            reason = ask_reason(self, _("取消这一场"), _("取消原因："))
            if reason is not None:
                store, number = self.desk.sessions, seen.held.id or 0
                self._let_go(seen.held, lambda: store.cancel_session(number, reason), _("这一场已取消"))

    @action(N_("延期…"), "", "clock", Right.EDIT_ACTIVITIES, toolbar=False)
    def postpone_session(self) -> None:
        """Put the session off until a new day is known."""
        seen = self.seen()
        if seen is not None:
            reason = ask_reason(self, _("延期"), _("延期原因："))
            if reason is not None:
                store, number = self.desk.sessions, seen.held.id or 0
                said = _("这一场已延期，定了日子再修改这一场")
                self._let_go(seen.held, lambda: store.postpone_session(number, reason), said)

    @action(N_("结束这一场…"), "Ctrl+R", "file-text", Right.EDIT_ACTIVITIES)
    def close_session(self) -> None:
        """It is over: heads, cost, satisfaction; everything else is counted from what is there."""
        seen = self.seen()
        if seen is not None and seen.open:
            dialog = ClosingDialog(self.desk, self.jobs, seen, self)
            dialog.saved.connect(self._closed)
            dialog.open()

    def _closed(self, outcome: SessionOutcome) -> None:
        self.view.show_outcome()
        text = _("这一场已结束，共{total}人次").format(total=outcome.presence.total)
        self.said.emit(text)

    @action(N_("重新打开更正"), "", "undo-2", Right.EDIT_ACTIVITIES, toolbar=False)
    def reopen_session(self) -> None:
        """Open a closed session for correction."""
        seen = self.seen()
        if seen is None:
            return
        question = _("重新打开后，这一场在再次结束以前不计入月报和志愿时长。现在打开吗？")
        if ask(self, _("重新打开更正"), question, {"yes": _("重新打开"), "": _("返回")}):
            store, number = self.desk.sessions, seen.held.id or 0
            self._run(lambda: store.reopen(number), _("已重新打开，改好后请再次结束"))

    # --- drafts ----------------------------------------------------------------------------------

    def reopen(self, draft: Draft, part: str) -> None:
        """Show what was typed and not saved: a new activity, one that is there, or a session."""
        kind, _slash, number = part.partition("/")
        if kind == "new":
            self._new(Activity(uuid=draft.uuid), draft)
        elif kind == "activity" and draft.record_id is not None:
            self._edit_activity(draft.record_id, draft)
        elif kind == "session" and draft.record_id is not None:
            self._edit_session(draft.record_id, draft)
        elif kind == "session":
            self._session(int(number), draft)
