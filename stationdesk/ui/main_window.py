"""The window: sidebar, pages, status line, finder, help."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stationdesk.backups import BackupState
from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.calendar import beijing_now
from stationdesk.records.drafts import Draft
from stationdesk.ui import look
from stationdesk.ui.banners import Banners
from stationdesk.ui.dialogs import tell
from stationdesk.ui.finder import Finder
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.help import HelpWindow
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page import Page
from stationdesk.ui.passwords import own_password
from stationdesk.ui.sitting import Sitting

UNDO_MS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the window, made when it is first gone to."""

    name: str
    title: str
    picture: str
    make: Callable[[Desk, Jobs, QWidget], Page]
    needs: Right | None = None


class MainWindow(QMainWindow):
    """The window of one person at one desk. `locked` is sent when they leave it."""

    locked = Signal()
    wants_restore = Signal()
    resized_text = Signal(int)
    _touched = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, entries: tuple[Entry, ...]) -> None:
        super().__init__()
        self.desk, self.jobs = desk, jobs
        self._entries = tuple(e for e in entries if e.needs is None or desk.actor.may(e.needs))
        self._pages: dict[str, Page] = {}
        mark = _("（演示）") if desk.demo else ""
        self.setWindowTitle(f"{desk.station_name}{mark}")
        self.setCentralWidget(self._central())
        self._undo_button = QPushButton(_("撤销"))
        self._undo_button.hide()
        self.statusBar().addPermanentWidget(self._undo_button)
        self._undo: Callable[[], object] | None = None
        self._undo_timer = QTimer(self)
        self._undo_timer.setSingleShot(True)
        self._undo_timer.timeout.connect(self._undo_button.hide)
        self._undo_button.clicked.connect(self._take_back)
        self._window_actions()
        jobs.failed.connect(self.show_error)
        # Commits happen on the database thread; the signal brings them over to this one.
        self._touched.connect(self._spread)
        self._unwatch = desk.watch(self._touched.emit)
        self.sidebar.setCurrentRow(0)
        self.sitting = Sitting(desk, jobs, self.banners, self)
        self.sitting.left.connect(self.locked)
        self.sitting.reopened.connect(self.reopen)
        self.sitting.opened.connect(self._see_anew)
        self.sitting.backed.connect(self._show_backup)
        self.sitting.said.connect(self.say)
        self.sitting.start()

    def _central(self) -> QWidget:
        whole = QWidget()
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if self.desk.demo:
            band = QLabel(_("演示工作站：人物和数据都是虚构的，请不要在这里登记真实信息。"))
            band.setObjectName("demo")
            band.setAlignment(Qt.AlignmentFlag.AlignCenter)
            outer.addWidget(band)
        self.banners = Banners()
        outer.addWidget(self.banners)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._side())
        self.stack = QStackedWidget()
        row.addWidget(self.stack, 1)
        outer.addLayout(row, 1)
        return whole

    def _side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, look.UNIT, 0, look.UNIT)
        self.sidebar = QListWidget()
        self.sidebar.setObjectName("sidebar")
        self.sidebar.setAccessibleName(_("页面"))
        self.sidebar.setIconSize(QSize(20, 20))
        self.sidebar.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for number, entry in enumerate(self._entries, start=1):
            item = QListWidgetItem(look.icon(entry.picture), _(entry.title))
            item.setToolTip(f"{_(entry.title)} (Ctrl+{number})")
            item.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + 2 * look.UNIT + 4))
            self.sidebar.addItem(item)
        self.sidebar.currentRowChanged.connect(self._show_row)
        column.addWidget(self.sidebar, 1)
        who = QLabel(f"{self.desk.actor.name}\n{self.desk.actor.role.label}")
        who.setWordWrap(True)
        who.setContentsMargins(2 * look.UNIT, 0, look.UNIT, 0)
        own = QPushButton(look.icon("user"), _("我的账号"))
        own.setToolTip(_("修改口令、紧急查看"))
        own.setMenu(self._own_menu(own))
        self.backup_label = QLabel()
        self.backup_label.setObjectName("quiet")
        self.backup_label.setWordWrap(True)
        self.backup_label.setContentsMargins(2 * look.UNIT, 0, look.UNIT, 0)
        lock = QPushButton(look.icon("lock"), _("锁定"))
        lock.setToolTip(_("锁定并回到登录页 (Ctrl+L)"))
        lock.clicked.connect(self.locked)
        column.addWidget(who)
        column.addWidget(self.backup_label)
        for button in (own, lock):
            row = QHBoxLayout()
            row.setContentsMargins(2 * look.UNIT, 0, 2 * look.UNIT, 0)
            row.addWidget(button)
            column.addLayout(row)
        metrics = self.fontMetrics()
        side.setFixedWidth(metrics.horizontalAdvance("国") * 12)
        return side

    def _own_menu(self, button: QPushButton) -> QMenu:
        """What a person does for themselves; the finder knows it too."""
        menu = QMenu(button)
        self.own_actions: list[QAction] = []
        wanted = [(_("修改我的口令…"), lambda: own_password(self.desk, self.jobs, self).open())]
        if self.desk.actor.may(Right.EMERGENCY) and not self.desk.read_only:
            wanted.append((_("紧急查看…"), lambda: self.sitting.ask_emergency()))
        for text, do in wanted:
            item = QAction(text, menu)
            item.triggered.connect(lambda _on=False, do=do: do())
            menu.addAction(item)
            self.own_actions.append(item)
        return menu

    def _window_actions(self) -> None:
        self._action("Ctrl+K", self.search)
        self._action("F1", self.help)
        self._action("Ctrl+L", self.locked.emit)
        self._action("Ctrl+=", lambda: self.resized_text.emit(1))
        self._action("Ctrl++", lambda: self.resized_text.emit(1))
        self._action("Ctrl+-", lambda: self.resized_text.emit(-1))
        for row in range(len(self._entries)):
            self._action(f"Ctrl+{row + 1}", partial(self.sidebar.setCurrentRow, row))

    def _action(self, keys: str, do: Callable[[], object]) -> None:
        item = QAction(self)
        item.setShortcut(QKeySequence(keys))
        item.triggered.connect(lambda _checked=False: do())
        self.addAction(item)

    # --- pages -----------------------------------------------------------------------------------

    def _show_row(self, row: int) -> None:
        self.stack.setCurrentWidget(self._page(self._entries[row]))

    def _page(self, entry: Entry) -> Page:
        if entry.name not in self._pages:
            page = entry.make(self.desk, self.jobs, self)
            page.said.connect(self.say)
            page.done.connect(self.done)
            page.went.connect(self.go)
            page.wants_restore.connect(self.wants_restore)
            self._pages[entry.name] = page
            self.stack.addWidget(page)
        return self._pages[entry.name]

    @property
    def page(self) -> Page:
        """The page that is seen."""
        found = self.stack.currentWidget()
        if not isinstance(found, Page):
            raise TypeError("the stack holds pages only")
        return found

    def go(self, name: str, argument: Any = None) -> None:
        """Go to a page, with something to show there."""
        for row, entry in enumerate(self._entries):
            if entry.name == name:
                self.sidebar.setCurrentRow(row)
                if argument is not None:
                    self._page(entry).arrive(argument)

    def _spread(self, tables: frozenset[str]) -> None:
        if "safety" in tables:
            self.sitting.heed_settings()
        for page in self._pages.values():
            page.touched(tables)

    # --- status line -----------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Say in the status line what was just done."""
        self._undo_button.hide()
        if self.page.name == "settings":
            self.sitting.look_for_backup()
        self.statusBar().showMessage(f"{text}  {beijing_now():%H:%M}")

    def done(self, text: str, undo: Callable[[], object]) -> None:
        """The same, with ten seconds to take it back."""
        self.say(text)
        self._undo = undo
        self._undo_button.show()
        self._undo_timer.start(UNDO_MS)

    def _take_back(self) -> None:
        self._undo_button.hide()
        undo, self._undo = self._undo, None
        if undo is not None:
            self.jobs.run(self, undo, lambda _none: self.say(_("已撤销")))

    def show_error(self, error: DeskError) -> None:
        """An error nobody else has shown."""
        tell(self, _("没有完成"), error.say())

    # --- finder, help, leaving -------------------------------------------------------------------

    def search(self) -> None:
        """Find a page, a command or a booking."""
        commands: list[tuple[str, Callable[[], Any]]] = [
            (_(entry.title), partial(self.go, entry.name)) for entry in self._entries
        ]
        actions = (*self.page.actions_by_name.values(), *self.own_actions)
        commands += [(item.text(), item.trigger) for item in actions]
        Finder(self.desk, self.jobs, commands, self.go, self).open()

    def help(self) -> None:
        """Help on the page that is seen."""
        HelpWindow(self.page.help_page, self).show()

    def _show_backup(self, found: BackupState) -> None:
        """Say bottom left when the last backup was made."""
        text = _("最近备份：{time}").format(time=f"{found.made:%Y-%m-%d %H:%M}") if found.made else _("还没有备份")
        self.backup_label.setText(text)
        for page in self._pages.values():
            page.backed_up(found)

    def reopen(self, draft: Draft) -> None:
        """Show a form that was typed and not saved."""
        name, _slash, part = draft.place.partition("/")
        self.go(name)
        self.page.reopen(draft, part)

    def _see_anew(self) -> None:
        """More may be seen than before, or less."""
        for page in self._pages.values():
            page.touched(page.watches)

    def let_go(self) -> None:
        """The desk is left: what is half typed becomes a draft, and nothing stays open."""
        for form in self.findChildren(FormDialog):
            form.let_go()
        for page in self._pages.values():
            page.let_go()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.sitting.stop()
        self._unwatch()
        for page in self._pages.values():
            page.empty()
        event.accept()
