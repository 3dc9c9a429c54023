"""From the password to the painted home page, on the worst case."""

import time
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, in_a_process, worst_case

_OURS = """
import sys, os, time
from pathlib import Path
from stationdesk import demonstration
from stationdesk.app import App, make_application
app = make_application()
demo = demonstration.read(Path(sys.argv[2]))
ours = App(demo.data)
ours.start()
# Nobody types a password of the usual length faster.
typed = time.monotonic() + 2
while time.monotonic() < typed or not ours.jobs.idle:
    app.processEvents()
start = time.perf_counter()
ours.window.entered.emit(demo.head.name, demo.head.password)
while True:
    app.processEvents()
    if ours.jobs.idle and hasattr(ours.window, "sidebar"):
        break
app.processEvents()
ours.window.grab()
print(time.perf_counter() - start, flush=True)
os._exit(0)
"""


def measure() -> Iterator[Figure]:
    """Home page after the password; the yardstick is to open the same file bare and count its rows.

    The demonstration's passwords cost little to check, so the cost of a real one is added."""
    from stationdesk import demonstration
    from stationdesk.db import keyring
    from stationdesk.db.engine import connect
    from stationdesk.db.opening import DATABASE, read_keys

    demo = demonstration.open_demo(worst_case())
    keys = keyring.open_slot(read_keys(demo.data), demo.head.name, demo.head.password)
    start = time.perf_counter()
    link = connect(demo.data / DATABASE, keys.core, read_only=True)
    link.execute("SELECT count(*), max(start) FROM booking").fetchone()
    link.close()
    bare = time.perf_counter() - start
    start = time.perf_counter()
    keyring.create("nobody", "a password of the usual cost")
    # Two slots are made there: one person's and the recovery key's.
    real = (time.perf_counter() - start) / 2
    ours = in_a_process(_OURS, str(demo.data)) + real
    yield Figure("home page after the password", ours, "s", "opening the file and counting", bare, limit=1.0)
