"""The window of a long print: how many are done, and a way to break it off."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from stationdesk.errors import DeskError
from stationdesk.i18n import _
from stationdesk.ui import look
from stationdesk.ui.dialogs import tell
from stationdesk.ui.jobs import Jobs

if TYPE_CHECKING:
    from stationdesk.reports.runs import Step


class PrintRun(QDialog):
    """Takes step after step on the database thread, so that others have their turn in between; `then`
    is called with the last step."""

    def __init__(
        self, steps: "Iterator[Step]", total: int, jobs: Jobs, parent: QWidget, then: "Callable[[Step], object]"
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("正在生成"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._steps, self._jobs, self._then, self._owner = steps, jobs, then, parent
        self._stopped = False
        layout = QVBoxLayout(self)
        self.said = QLabel()
        layout.addWidget(self.said)
        self.bar = QProgressBar()
        self.bar.setRange(0, total)
        self.bar.setAccessibleName(_("进度"))
        layout.addWidget(self.bar)
        row = QHBoxLayout()
        row.addStretch(1)
        self.stop = QPushButton(_("停止"))
        self.stop.clicked.connect(self.reject)
        row.addWidget(self.stop)
        layout.addLayout(row)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("国") * 24 + 4 * look.UNIT)
        self._say(0, total, 0)
        self._next()

    def _say(self, done: int, total: int, pages: int) -> None:
        self.bar.setValue(done)
        self.said.setText(_("已完成{done}份，共{total}份，{pages}页").format(done=done, total=total, pages=pages))

    def _next(self) -> None:
        steps = self._steps
        self._jobs.run(self, lambda: _step(steps), self._take, self._refused)

    def _take(self, found: "Step | OSError | None") -> None:
        if self._stopped or found is None:
            return
        if isinstance(found, OSError):
            self._end()
            tell(self._owner, _("没有保存"), _("文件写不进去，请换一个位置或关闭正在打开它的程序。"))
            return
        self._say(found.done, found.total, found.pages)
        if found.is_last:
            then = self._then
            self._end()
            then(found)
        else:
            self._next()

    def _refused(self, error: DeskError) -> None:
        self._end()
        tell(self._owner, _("没有打印"), error.say())

    def _end(self) -> None:
        """The run is over: nothing is left to break off."""
        self._stopped = True
        super().reject()

    def reject(self) -> None:
        """Broken off: what was begun is let go of, on the thread it runs on."""
        if not self._stopped:
            self._stopped = True
            steps = self._steps
            self._jobs.run(self._owner, lambda: getattr(steps, "close", lambda: None)())
        super().reject()


def _step(steps: "Iterator[Step]") -> "Step | OSError | None":
    try:
        return next(steps, None)
    except OSError as error:
        return error
