"""Work beside the window: one thread for the database, results back on the window's own thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from stationdesk.errors import DeskError
from stationdesk.log import logger, report_code

T = TypeVar("T")


class Jobs(QObject):
    """Runs work in order on one thread.

    `failed` is told of every user-facing error no one else took, `broke` of every other one.
    """

    failed = Signal(object)
    broke = Signal(object)
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._open = True
        self._waiting = 0
        self._finished.connect(self._deliver)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._waiting == 0

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> None:
        """Do `work` on the database thread, then call `then` (or `failed`) on the window's.

        Nothing is called when `owner` was destroyed meanwhile.
        """
        if not self._open:
            return
        self._waiting += 1
        self._thread.submit(self._work, owner, work, then, failed)

    def _work(self, owner: QObject, work: Callable[[], Any], then: Any, failed: Any) -> None:
        try:
            result, error = work(), None
        except BaseException as raised:  # noqa: BLE001 - whatever it is, the window must hear of it
            result, error = None, raised
        self._finished.emit((owner, result, error, then, failed))

    def _deliver(self, answer: tuple[QObject, Any, BaseException | None, Any, Any]) -> None:
        owner, result, error, then, failed = answer
        self._waiting -= 1
        if not isValid(owner):
            return
        if error is None:
            if then is not None:
                then(result)
        elif isinstance(error, DeskError):
            (failed or self.failed.emit)(error)
        else:
            logger.error("%s", report_code(error), exc_info=error)
            self.broke.emit(error)

    def stop(self) -> None:
        """Let the work under way finish and take no more."""
        self._open = False
        self._thread.shutdown(wait=True, cancel_futures=True)
