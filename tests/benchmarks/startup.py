"""From the start of the process to the first painted window with the password field."""

from collections.abc import Iterator

from tests.benchmarks.figures import Figure, in_a_process, worst_case

_PAINTED = """
import sys, time
from PySide6.QtCore import QEvent, QObject
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType():
            print((time.monotonic_ns() - int(sys.argv[1])) / 1e9, flush=True)
            import os
            os._exit(0)
        return False
"""

_BARE = (
    _PAINTED
    + """
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication([])
watch = Watch()
app.installEventFilter(watch)
line = QLineEdit()
line.show()
app.exec()
"""
)

_OURS = (
    """
import sys, time
from pathlib import Path
from stationdesk import cli, __main__
from stationdesk.app import App, make_application
app = make_application()
"""
    + _PAINTED.replace("import sys, time\n", "")
    + """
watch = Watch()
app.installEventFilter(watch)
ours = App(Path(sys.argv[2]))
ours.start()
app.exec()
"""
)


def measure() -> Iterator[Figure]:
    """First window against a bare PySide6 one."""
    bare = in_a_process(_BARE, times=5)
    ours = in_a_process(_OURS, str(worst_case()), times=5)
    yield Figure("first window", ours, "s", "bare PySide6 window", bare, ratio=2.5)
