"""One window at a time: a second start brings the first one forward."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 1500


def _name(data: Path) -> str:
    """A name for the windows of one data folder, which tells nothing of it."""
    return f"stationdesk-{hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:16]}"


def bring_forward(data: Path) -> bool:
    """Ask the window that shows `data` to come forward; whether one answered."""
    socket = QLocalSocket()
    socket.connectToServer(_name(data))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.waitForReadyRead(_WAIT_MS)
    answered = bytes(socket.readAll().data()) == b"here"
    socket.disconnectFromServer()
    return answered


class Doorbell(QObject):
    """Rings when the program is started again for the same data."""

    def __init__(self, data: Path, ring: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._ring = ring
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # What a killed program left would take the place.
        QLocalServer.removeServer(_name(data))
        self._server.listen(_name(data))
        self._server.newConnection.connect(self._answer)

    def _answer(self) -> None:
        visitor = self._server.nextPendingConnection()
        if visitor is not None:
            visitor.write(b"here")
            visitor.flush()
            visitor.disconnected.connect(visitor.deleteLater)
            self._ring()

    def close(self) -> None:
        """Answer no more."""
        self._server.close()
