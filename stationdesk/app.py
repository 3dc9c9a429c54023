"""The composition root of the window: folders, look, login or wizard, then the main window."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from stationdesk import demonstration, log, paths, settings
from stationdesk.desk import Desk, hold_window, is_open_elsewhere, log_in, seconds_to_wait, warm_up, why_refused
from stationdesk.desk import look as look_at
from stationdesk.errors import AlreadyOpen, DeskError, FolderTrouble, PasswordDue, WrongPassword
from stationdesk.i18n import N_, _, use_language
from stationdesk.ui import look
from stationdesk.ui.help import HelpWindow
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.login import LoginPage, RefusalPage

if TYPE_CHECKING:
    from stationdesk.ui.main_window import Entry
    from stationdesk.ui.page import Page
    from stationdesk.ui.single import Doorbell
    from stationdesk.ui.wizard import Wizard

SMALLEST = (1000, 640)
BUSY_MS = 4000
PAINTED_MS = 120


def _page(module: str, name: str) -> Callable[[Desk, Jobs, QWidget], "Page"]:
    """Makes a page; its module is imported when the page is first gone to."""

    def make(desk: Desk, jobs: Jobs, parent: QWidget) -> "Page":
        import importlib

        cls = getattr(importlib.import_module(f"stationdesk.ui.{module}"), name)
        page: Page = cls(desk, jobs, parent)
        return page

    return make


def entries() -> tuple["Entry", ...]:
    """The pages of the window, in the sidebar's order."""
    from stationdesk.records.access import Right
    from stationdesk.ui.main_window import Entry

    return (
        Entry("home", N_("工作台"), "house", _page("home", "HomePage")),
        Entry("bookings", N_("场地预约"), "calendar-days", _page("bookings", "BookingsPage")),
        Entry("children", N_("儿童档案"), "users", _page("children", "ChildrenPage"), Right.SEE_CHILDREN),
        Entry("activities", N_("活动"), "party-popper", _page("activities", "ActivitiesPage"), Right.SEE_ACTIVITIES),
        Entry(
            "volunteers",
            N_("志愿者"),
            "heart-handshake",
            _page("volunteers", "VolunteersPage"),
            Right.SEE_VOLUNTEERS,
        ),
        Entry("partners", N_("协作单位"), "handshake", _page("partners", "PartnersPage"), Right.SEE_PARTNERS),
        Entry("summary", N_("月报与打印"), "file-text", _page("summary", "SummaryPage")),
        Entry("settings", N_("设置"), "settings", _page("settings_page", "SettingsPage")),
    )


class App(QObject):
    """What is shown when: login, wizard, refusal or the main window."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self.data = data
        self.settings = settings.load(paths.settings_file())
        self.jobs = Jobs(self)
        self.window: QWidget | None = None
        self._desk: Desk | None = None
        self._doorbell: Doorbell | None = None
        self._copied = ""
        QGuiApplication.clipboard().dataChanged.connect(self._remember_copied)
        self.jobs.failed.connect(lambda _error: None)
        self.jobs.broke.connect(self.show_trouble)

    def start(self) -> None:
        """Look at the data folder and show what fits."""
        try:
            found = look_at(self.data)
        except DeskError as error:
            self._show_refusal(error.say())
            return
        if found.name == "EMPTY":
            look.add_more_fonts()
            self._show_wizard()
        elif found.name == "READY":
            self._show_login()
            QTimer.singleShot(0, look.add_more_fonts)
        else:
            self._show_refusal(why_refused(found))

    def _show(self, window: QWidget, *, title: str = "") -> None:
        """Show a window in place of the one before, as large and where that was."""
        old, self.window = self.window, window
        window.setWindowTitle(title or _("未保工作站"))
        window.setWindowIcon(look.icon("heart-handshake", look.tokens().accent))
        if old is not None:
            window.setGeometry(old.geometry())
        else:
            room = QGuiApplication.primaryScreen().availableGeometry()
            # The frame and title line need room too.
            window.resize(min(1360, room.width() - 8), min(860, room.height() - 40))
        help_name = getattr(window, "help_name", "")
        if help_name:
            QShortcut(QKeySequence("F1"), window, lambda: HelpWindow(help_name, window).show())
        window.setMinimumSize(min(SMALLEST[0], window.width()), min(SMALLEST[1], window.height()))
        window.show()
        if old is not None:
            old.close()
            old.deleteLater()

    def _remember_copied(self) -> None:
        """What was copied in our windows is taken back when the desk is left; what another program
        copied is not ours to take."""
        if QApplication.activeWindow() is not None:
            self._copied = QGuiApplication.clipboard().text()

    def answer_door(self) -> None:
        """Let a second start of the program bring this window forward."""
        from stationdesk.ui.single import Doorbell

        self._doorbell = Doorbell(self.data, self._come_forward, self)

    def _come_forward(self) -> None:
        if self.window is not None:
            self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
            self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def show_trouble(self, error: BaseException) -> None:
        """An error nobody expected: a code and a report; the program goes on."""
        from stationdesk.ui.dialogs import TroubleDialog

        dialog = TroubleDialog(error, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        if isinstance(self.window, LoginPage):
            self.window.show_problem("")

    # --- login -----------------------------------------------------------------------------------

    def _show_login(self) -> None:
        demo = demonstration.read(self.data)
        users = [(user.name, user.role.label, user.password) for user in demo.users] if demo else []
        page = LoginPage("" if demo else self.settings.last_user, users)
        page.entered.connect(lambda username, password: self._log_in(page, username, password))
        page.forgot.connect(lambda: self._recover(page))
        page.restore.connect(self._restore)
        page.wait(seconds_to_wait(self.data))
        self._show(page)
        # While the password is typed, what comes after is already loaded; not before the page is painted.
        QTimer.singleShot(PAINTED_MS, self, lambda: self.jobs.run(self, warm_up))

    def _log_in(self, page: LoginPage, username: str, password: str, *, accept: bool = False) -> None:
        demo = demonstration.read(self.data) is not None
        self.jobs.run(
            page,
            lambda: log_in(self.data, username, password, any_folder=demo, accept_folder=accept),
            self._sit_down,
            lambda error: self._not_in(page, username, password, error, asked=accept),
        )

    def _not_in(self, page: LoginPage, username: str, password: str, error: DeskError, *, asked: bool) -> None:
        """Say why it did not open, and go the way that is open instead."""
        page.show_problem(error.say())
        if isinstance(error, WrongPassword):
            page.wait(seconds_to_wait(self.data))
        elif isinstance(error, PasswordDue):
            self._change_due(page, username, password)
        elif isinstance(error, FolderTrouble) and not asked:
            from stationdesk.ui.dialogs import ask

            text = _("{problem}\n站长可以同意把数据留在这里，会记入操作记录。").format(problem=error.say())
            if ask(page, _("数据位置"), text, {"yes": _("我是站长，仍要打开"), "": _("返回")}):
                self._log_in(page, username, password, accept=True)

    def _change_due(self, page: LoginPage, username: str, password: str) -> None:
        """A one-time password opens nothing but this."""
        from stationdesk.ui.passwords import due_password

        dialog = due_password(self.data, username, password, self.jobs, page)

        def log_in_again(new: str) -> None:
            page.fill(username, new)
            page.enter()

        dialog.changed.connect(log_in_again)
        dialog.open()

    def _recover(self, page: LoginPage) -> None:
        """The head has forgotten the password."""
        from stationdesk.ui.recovery import RecoveryDialog

        dialog = RecoveryDialog(self.data, self.jobs, page)

        def welcome(username: str) -> None:
            page.wait(seconds_to_wait(self.data))
            page.fill(username, "")

        dialog.recovered.connect(welcome)
        dialog.open()

    def _sit_down(self, desk: Desk) -> None:
        from stationdesk.ui.main_window import MainWindow

        self._desk = desk
        if not desk.demo:
            self.settings = replace(settings.load(paths.settings_file()), last_user=desk.actor.username)
            settings.save(paths.settings_file(), self.settings)
        window = MainWindow(desk, self.jobs, entries())
        window.locked.connect(self.lock)
        window.wants_restore.connect(self._leave_for_restore)
        window.resized_text.connect(self._resize_text)
        self._show(window, title=window.windowTitle())

    def lock(self) -> None:
        """Leave the desk: what is half typed is kept, windows and clipboard are emptied, the file is
        closed and its keys are dropped."""
        from stationdesk.ui.main_window import MainWindow
        from stationdesk.ui.printing import forget_opened

        if isinstance(self.window, MainWindow):
            self.window.let_go()
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window:
                widget.close()
        clipboard = QGuiApplication.clipboard()
        if self._copied and clipboard.text() == self._copied:
            clipboard.clear()
        self._copied = ""
        forget_opened()
        desk, self._desk = self._desk, None
        self._show_login()
        if desk is not None:
            self.jobs.run(self, desk.close)

    def _leave_for_restore(self) -> None:
        self.lock()
        self._restore()

    def _resize_text(self, step: int) -> None:
        found = settings.load(paths.settings_file())
        sizes = settings.TEXT_SIZES
        place = min(max(sizes.index(found.text_size) + step, 0), len(sizes) - 1)
        self.settings = replace(found, text_size=sizes[place])
        settings.save(paths.settings_file(), self.settings)
        self._dress()

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            look.apply(app, self.settings.theme, self.settings.text_size)

    # --- first run and trouble -------------------------------------------------------------------

    def _show_wizard(self) -> None:
        from stationdesk.ui.wizard import Wizard

        wizard = Wizard(self.data, self.jobs)
        wizard.finished.connect(self._sit_down)
        wizard.wants_restore.connect(self._restore)
        wizard.wants_demo.connect(lambda: self._open_demo(wizard))
        self._show(wizard)

    def _open_demo(self, wizard: "Wizard") -> None:
        """Make the demonstration station if need be, and go over to it."""
        wizard.problem.setText(_("正在准备演示工作站，请稍候……"))

        def then(demo: demonstration.Demo) -> None:
            self.data = demo.data
            self.start()

        self.jobs.run(wizard, demonstration.open_demo, then, lambda error: wizard.problem.setText(error.say()))

    def _show_refusal(self, sentence: str) -> None:
        page = RefusalPage(sentence, can_restore=True)
        page.again.connect(self.start)
        page.restore.connect(self._restore)
        self._show(page)

    def _restore(self) -> None:
        from stationdesk.ui.backups import RestoreDialog

        if self.window is not None:
            demo = demonstration.read(self.data) is not None
            dialog = RestoreDialog(self.data, self.jobs, self.window, any_folder=demo)
            dialog.restored.connect(self.start)
            dialog.open()

    def leave(self) -> None:
        """The program ends."""
        if isinstance(self.window, QWidget) and self._desk is not None:
            let_go = getattr(self.window, "let_go", None)
            if let_go is not None:
                let_go()
        self.jobs.finish()
        if self._doorbell is not None:
            self._doorbell.close()
        if self._desk is not None:
            self._desk.close()
        abandon = getattr(self.window, "abandon", None)
        if abandon is not None and self._desk is None:
            abandon()


def make_application() -> QApplication:
    """The Qt application, dressed and in Chinese."""
    # Chinese input is dead where the desktop names an input method our Qt has no plugin for.
    if sys.platform.startswith("linux") and os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("stationdesk")
    app.setQuitOnLastWindowClosed(True)
    found = settings.load(paths.settings_file())
    use_language(found.language)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    if found.language == "zh_CN":
        translator = QTranslator(app)
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)
    look.add_fonts()
    look.apply(app, found.theme, found.text_size)
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(lambda _scheme: _follow_system(app))
    return app


def _follow_system(app: QApplication) -> None:
    found = settings.load(paths.settings_file())
    look.apply(app, found.theme, found.text_size)


def _catch(app: App) -> None:
    """An error nobody expected shows a code and a report; the program goes on."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.logger.error("%s", log.report_code(error), exc_info=error)
        app.show_trouble(error)

    sys.excepthook = show


def run(data: Path) -> int:
    """Show the window; returns the exit code: 0 when it was closed, 3 when it is open already."""
    qt = make_application()
    log.set_up(paths.log_folder())
    try:
        window_lock = hold_window(data)
    except AlreadyOpen:
        from stationdesk.ui.single import bring_forward

        _say_busy(quietly=bring_forward(data))
        return 3
    try:
        return _show_window(qt, data)
    finally:
        if window_lock is not None:
            window_lock.release()


def _show_window(qt: QApplication, data: Path) -> int:
    if is_open_elsewhere(data):
        _say_busy()
        return 3
    app = App(data)
    _catch(app)
    app.start()
    QTimer.singleShot(0, app.answer_door)
    code = qt.exec()
    app.leave()
    return code


def _say_busy(*, quietly: bool = False) -> None:
    """Said to the terminal, and to whoever started it twice, unless the first window came forward;
    goes away by itself."""
    sentence = AlreadyOpen().say()
    sys.stderr.write(f"{sentence}\n")
    if quietly:
        return
    box = QMessageBox(QMessageBox.Icon.Information, _("未保工作站"), sentence)
    QTimer.singleShot(BUSY_MS, box.accept)
    box.exec()


def main() -> int:
    """The entry point of the installed program."""
    return run(paths.default_data())
