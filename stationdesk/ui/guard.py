"""Notices that nobody sits at the desk any more: idle, asleep, session locked, the clock jumped."""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from time import monotonic, time

from PySide6.QtCore import SLOT, QByteArray, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from stationdesk.log import logger

TICK_MS = 5000
# Between two ticks the two clocks run on by the same; the difference allowed for is a slow machine's.
_GAP_SECONDS = 60
_SIGNS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,
    QEvent.Type.TouchBegin,
}


class Guard(QObject):
    """Sends `left` once when the desk has to be locked. `minutes` idle are allowed; the clocks are for
    tests: one that cannot be set (seconds), and the one on the wall (seconds)."""

    left = Signal()

    def __init__(
        self,
        minutes: int,
        parent: QObject,
        *,
        steady: Callable[[], float] = monotonic,
        wall: Callable[[], float] = time,
    ) -> None:
        super().__init__(parent)
        self._steady, self._wall = steady, wall
        self.minutes = minutes
        self._active = self._ticked = steady()
        self._walled = wall()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        _watch_session(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS:
            self._active = self._steady()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _is_farewell(event):
            # The window's own shortcut sleeps while a form, a preview or a question lies over it.
            QTimer.singleShot(0, self, self.leave)
            return True
        return False

    def tick(self) -> None:
        """Look at both clocks."""
        steady, wall = self._steady(), self._wall()
        passed, walled = steady - self._ticked, wall - self._walled
        self._ticked, self._walled = steady, wall
        jumped = passed > _GAP_SECONDS or abs(walled - passed) > _GAP_SECONDS
        if jumped or steady - self._active >= self.minutes * 60:
            logger.info("desk left at %s", datetime.now().isoformat(timespec="seconds"))
            self.leave()

    @Slot()
    def leave(self) -> None:
        """The desk is to be locked now."""
        self.stop()
        self.left.emit()

    @Slot(bool)
    def slept(self, begins: bool) -> None:
        """The PC goes to sleep, or wakes up."""
        if begins:
            self.leave()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)


def _is_farewell(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    from PySide6.QtCore import QAbstractNativeEventFilter

    _SESSION_CHANGE, _SESSION_LOCK = 0x02B1, 7
    _POWER_BROADCAST, _SUSPEND = 0x0218, 4

    class _Messages(QAbstractNativeEventFilter):
        """Windows tells a window of its own when the session is locked or the PC falls asleep."""

        def __init__(self, guard: Guard) -> None:
            super().__init__()
            self._guard = guard

        def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
            """Look at one message, leave it to others all the same."""
            found = wintypes.MSG.from_address(int(message))
            told = (found.message, found.wParam)
            if told in ((_SESSION_CHANGE, _SESSION_LOCK), (_POWER_BROADCAST, _SUSPEND)):
                QTimer.singleShot(0, self._guard.leave)
            return False, 0

    def _watch_session(guard: Guard) -> None:
        window = QApplication.activeWindow()
        if window is not None:
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(wintypes.HWND(int(window.winId())), 0)
        messages = _Messages(guard)
        app = QApplication.instance()
        if app is not None:
            app.installNativeEventFilter(messages)
            guard.destroyed.connect(lambda: app.removeNativeEventFilter(messages))

else:
    _SCREEN_SAVERS = tuple(f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "mate", "ukui"))

    def _watch_session(guard: Guard) -> None:
        """Systems with systemd tell of sleep, desktops of their screen lock; others tell nothing, and
        then the clocks do."""
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return
        login = "org.freedesktop.login1"
        system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
        wanted = [
            (system, login, "/org/freedesktop/login1", f"{login}.Manager", "PrepareForSleep", "slept(bool)"),
            (system, login, "", f"{login}.Session", "Lock", "leave()"),
            *((session, "", "", name, "ActiveChanged", "slept(bool)") for name in _SCREEN_SAVERS),
        ]
        for bus, service, path, interface, signal, slot in wanted:
            # The binding's stub promises bytes and its code takes text; should that change, it is only
            # one of several ways to be told.
            with suppress(TypeError, ValueError):
                if bus.isConnected():
                    bus.connect(service, path, interface, signal, guard, SLOT(slot))  # type: ignore[call-overload]
