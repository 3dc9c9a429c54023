"""Peak memory of the program with every page gone to, against a bare PySide6 window."""

import sys
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, in_a_process, worst_case

_PEAK = """
def peak():
    # In MB. Not ru_maxrss: a child begins with its parent's, and a benchmark's parent may be large.
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
"""

_BARE = (
    """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1360, 860)
window.show()
app.processEvents()
"""
    + _PEAK
    + "print(peak())\n"
)

_OURS = (
    """
import sys, os
from pathlib import Path
from stationdesk import demonstration
from stationdesk.app import App, make_application
app = make_application()
demo = demonstration.read(Path(sys.argv[2]))
ours = App(demo.data)
ours.start()
def settle():
    while True:
        app.processEvents()
        if ours.jobs.idle:
            return
ours.window.entered.emit(demo.head.name, demo.head.password)
settle()
for row in range(ours.window.sidebar.count()):
    ours.window.sidebar.setCurrentRow(row)
    settle()
    app.processEvents()
"""
    + _PEAK
    + """
print(peak(), flush=True)
os._exit(0)
"""
)


def measure() -> Iterator[Figure]:
    """The worst case, all pages opened, the monthly summary drawn."""
    if sys.platform == "win32":
        return
    bare = in_a_process(_BARE)
    ours = in_a_process(_OURS, str(worst_case()), times=1)
    yield Figure("peak memory", ours, "MB", "bare PySide6 window", bare, ratio=2.5)
