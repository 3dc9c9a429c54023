"""What goes on beside the pages while somebody sits at the desk: backups, reminders, drafts, emergency access."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from stationdesk.backups import BackupState, back_up, back_up_if_due, state
from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.drafts import Draft
from stationdesk.records.emergencies import Emergency
from stationdesk.records.safety import STICK_DAYS, STICK_LATE_DAYS
from stationdesk.ui.banners import WARNING, WRONG, Banners
from stationdesk.ui.dialogs import tell
from stationdesk.ui.drafts import DraftsDialog
from stationdesk.ui.guard import Guard
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.safety import EmergenciesDialog, EmergencyDialog

if TYPE_CHECKING:
    from stationdesk.records.safety import Safety

# The first page comes first; then every minute it is asked whether a backup is due.
FIRST_MS, EVERY_MS = 3000, 60_000
# One that failed is tried again after so many minutes: each attempt costs a copy and a line of the audit.
REST_MINUTES = 15


class Sitting(QObject):
    """Watches over one person's time at the desk. `left` is sent when the desk has to be locked,
    `reopened` with a draft to be shown, `opened` when more or less may be seen than before,
    `backed` with how the station stands with its backups, `said` with what was just done."""

    left = Signal()
    reopened = Signal(object)
    opened = Signal()
    backed = Signal(object)
    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, banners: Banners, window: QWidget) -> None:
        super().__init__(window)
        self.desk, self.jobs, self.banners, self._window = desk, jobs, banners, window
        self._guard: Guard | None = None
        self._rest = 0
        self._tick = QTimer(self)
        self._tick.setInterval(EVERY_MS)
        self._tick.timeout.connect(self._minute)

    def start(self) -> None:
        """The person has sat down."""
        desk = self.desk
        for number, note in enumerate(desk.opened.notes):
            self.banners.show_line(f"note {number}", _(note), WARNING)
        self.heed_settings()
        if not desk.read_only:
            self.jobs.run(self, desk.drafts.mine, self._offer_drafts)
            if desk.actor.may(Right.ACCOUNTS):
                self.jobs.run(self, desk.safety.unseen_emergencies, self._tell_emergencies)
        self.look_for_backup()
        QTimer.singleShot(FIRST_MS, self, self._minute)
        self._tick.start()

    def heed_settings(self) -> None:
        """Watch as long as the settings say, also when they have just been changed."""
        self.jobs.run(self, self.desk.safety.settings, self._watch)

    def _watch(self, settings: "Safety") -> None:
        if self._guard is None:
            self._guard = Guard(settings.lock_minutes, self)
            self._guard.left.connect(self.left)
        self._guard.minutes = settings.lock_minutes

    def _minute(self) -> None:
        self._show_emergency()
        if self._rest:
            self._rest -= 1
        elif not self.desk.demo:
            self.jobs.run(self, lambda: back_up_if_due(self.desk), self._backed_up, self._not_backed_up)

    # --- backups ---------------------------------------------------------------------------------

    def _backed_up(self, made: bool) -> None:
        if made:
            self.banners.hide_line("backup")
            self.look_for_backup()

    def _not_backed_up(self, error: DeskError) -> None:
        text = _("自动备份没有成功：{reason}").format(reason=error.say())
        self.banners.show_line("backup", text, WRONG)
        self._rest = REST_MINUTES - 1
        self.look_for_backup()

    def look_for_backup(self) -> None:
        """Look how the station stands with its backups, and remind of the stick."""
        self.jobs.run(self, lambda: state(self.desk), self._show_backups)

    def _show_backups(self, found: BackupState) -> None:
        self.backed.emit(found)
        days = found.stick_days
        if self.desk.demo or not self.desk.actor.may(Right.BACKUP) or self.desk.read_only or days < STICK_DAYS:
            self.banners.hide_line("stick")
            return
        text = _("已有{days}天没有把备份存到U盘。电脑坏了或丢了，这些天的记录就没有了。").format(days=days)
        level = WRONG if days >= STICK_LATE_DAYS else WARNING
        self.banners.show_line("stick", text, level, (_("备份到U盘…"), self._to_stick))

    def _to_stick(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, _("备份到"))
        if chosen:
            self.jobs.run(self, lambda: back_up(self.desk, Path(chosen)), self._on_stick, self._not_on_stick)

    def _on_stick(self, _made: object) -> None:
        self.said.emit(_("备份已完成并核对"))
        self.look_for_backup()

    def _not_on_stick(self, error: DeskError) -> None:
        tell(self._window, _("没有备份"), error.say())
        self.look_for_backup()

    # --- drafts ----------------------------------------------------------------------------------

    def _offer_drafts(self, drafts: tuple[Draft, ...]) -> None:
        if drafts:
            text = _("上次有{count}份表单没有保存，内容还在。").format(count=len(drafts))
            self.banners.show_line("drafts", text, WARNING, (_("查看…"), self._show_drafts))

    def _show_drafts(self) -> None:
        self.banners.hide_line("drafts")

        def show(drafts: tuple[Draft, ...]) -> None:
            dialog = DraftsDialog(self.desk, self.jobs, drafts, self._window)
            dialog.chosen.connect(self.reopened)
            dialog.open()

        self.jobs.run(self, self.desk.drafts.mine, show)

    # --- emergency access ------------------------------------------------------------------------

    def _tell_emergencies(self, found: tuple[Emergency, ...]) -> None:
        if found:
            text = _("有{count}次紧急查看您还没有看过。").format(count=len(found))
            self.banners.show_line("looked", text, WARNING, (_("查看…"), lambda: self._show_emergencies(found)))

    def _show_emergencies(self, found: tuple[Emergency, ...]) -> None:
        def seen() -> None:
            self.banners.hide_line("looked")
            self.jobs.run(self, lambda: self.desk.safety.mark_seen(found))

        dialog = EmergenciesDialog(found, self._window)
        dialog.accepted.connect(seen)
        dialog.open()

    def ask_emergency(self) -> None:
        """Ask for the reason, then open what is closed."""
        dialog = EmergencyDialog(self.desk, self.jobs, self._window)
        dialog.begun.connect(self._begun)
        dialog.open()

    def _begun(self) -> None:
        self._show_emergency()
        self.opened.emit()

    def _show_emergency(self) -> None:
        """The banner with the minutes left; when they are over, what was open is closed again."""
        minutes = self.desk.actor.breaker.minutes_left
        if minutes:
            text = _("紧急查看中，还有{minutes}分钟。看到的内容请只用于处理这件事。").format(minutes=minutes)
            self.banners.show_line("emergency", text, WRONG, (_("结束紧急查看"), self._end_emergency), closable=False)
        elif self.banners.text("emergency"):
            self.banners.hide_line("emergency")
            self.opened.emit()

    def _end_emergency(self) -> None:
        def ended(_none: object) -> None:
            self._show_emergency()

        self.jobs.run(self, self.desk.safety.end_emergency, ended)

    def stop(self) -> None:
        """The desk is left."""
        self._tick.stop()
        if self._guard is not None:
            self._guard.stop()
