"""Work beside the window: one thread for the database, results back on the window's own thread."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from stationdesk.errors import DeskError
from stationdesk.log import logger, report_code

T = TypeVar("T")
_SWEEP_MS = 1000
_THRESHOLDS = (700, 10, 10)


@dataclass(slots=True)
class _Job:
    """One piece of work and its outcome; held by the window's thread from beginning to end."""

    owner: QObject
    work: Callable[[], Any]
    then: Callable[[Any], object] | None
    failed: Callable[[DeskError], object] | None
    result: Any = None
    error: BaseException | None = None


class Jobs(QObject):
    """Runs work in order on one thread.

    `failed` is told of every user-facing error no one else took, `broke` of every other one.

    A widget must die on the window's thread. So the other thread never holds the last reference to
    anything a job names, and Python's own garbage collector, which strikes on any thread, is
    replaced by sweeps on this one.
    """

    failed = Signal(object)
    broke = Signal(object)
    _finished = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._open = True
        self._jobs: dict[int, _Job] = {}
        self._number = 0
        self._finished.connect(self._deliver)
        gc.disable()
        self._sweeper = QTimer(self)
        self._sweeper.timeout.connect(_sweep)
        self._sweeper.start(_SWEEP_MS)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._jobs

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
        if self._open:
            self._number += 1
            self._jobs[self._number] = _Job(owner, work, then, failed)
            self._thread.submit(self._work, self._number)

    def _work(self, number: int) -> None:
        _do(self._jobs[number])
        self._finished.emit(number)

    def _deliver(self, number: int) -> None:
        job = self._jobs.pop(number)
        if not isValid(job.owner):
            return
        if job.error is None:
            if job.then is not None:
                job.then(job.result)
        elif isinstance(job.error, DeskError):
            (job.failed or self.failed.emit)(job.error)
        else:
            logger.error("%s", report_code(job.error), exc_info=job.error)
            self.broke.emit(job.error)

    def finish(self) -> None:
        """Do all that waits, then take no more: the program ends, and a draft must not be lost."""
        self._open = False
        self._thread.shutdown(wait=True)
        self._sweeper.stop()
        gc.enable()

    def stop(self) -> None:
        """Let the work under way finish and take no more."""
        self._open = False
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._sweeper.stop()
        gc.enable()


def _do(job: _Job) -> None:
    try:
        job.result = job.work()
    except BaseException as raised:  # noqa: BLE001 - whatever it is, the window must hear of it
        job.error = raised


def _sweep() -> None:
    """Collect as Python would have by now, the oldest generation last."""
    counts = gc.get_count()
    for generation in (2, 1, 0):
        if counts[generation] > _THRESHOLDS[generation]:
            gc.collect(generation)
            return
