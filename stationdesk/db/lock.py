"""One program at a time: an operating-system lock that a killed program lets go of by itself."""

import os
import sys
from pathlib import Path
from typing import IO

from stationdesk.errors import AlreadyOpen


class Lock:
    """The held lock on `station.lock`; raises `AlreadyOpen` when another holds it."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] | None = path.open("ab+")
        try:
            _take(self._file)
        except OSError as busy:
            self._file.close()
            self._file = None
            raise AlreadyOpen from busy

    def release(self) -> None:
        """Let others in; harmless when done twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def writable(folder: Path) -> bool:
    """Whether a file can be made in `folder`: asked by making one, since rights alone do not tell."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True
