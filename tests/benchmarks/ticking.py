"""Sixty children ticked at the door by keyboard, among the worst case's 8,000."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.figures import Figure, several, worst_case

_TICK = """
import sys, time
from datetime import timedelta
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from stationdesk import demonstration
from stationdesk.app import make_application
from stationdesk.records.activities import Activity
from stationdesk.records.children import ChildQuery
from stationdesk.records.sessions import ActivitySession
from stationdesk.ui.attendance import TickDialog
from stationdesk.ui.jobs import Jobs
app = make_application()
jobs = Jobs()
owner = QWidget()
with demonstration.at_desk(demonstration.read(Path(sys.argv[2]))) as desk:
    now = desk.clock()
    leader = desk.screening.choosable_staff(now.date())[0].id
    number = desk.activities.save(Activity(title="点名", leader_id=leader, target="儿童"))
    start = now.replace(hour=10, minute=0)
    end = start + timedelta(hours=1)
    held = ActivitySession(activity_id=number, start=start, end=end, place="广场", responsible_id=leader)
    session_id = desk.sessions.save(held)
    rows = desk.children.rows(desk.children.find(ChildQuery())[:2000])
    wanted = [row.id for row in rows if row.age is not None and row.age < 18][:60]
    desk.attendance.sign_up(session_id, wanted)
    activity, names = desk.activities.load(number), desk.attendance.names(session_id)
    dialog = TickDialog(desk, jobs, desk.sessions.load(session_id), activity, names, owner)
    dialog.show()
    # The first letters on a screen are drawn by whoever comes first.
    dialog.grab()
    app.processEvents()
    while not jobs.idle:
        app.processEvents()
    longest, begun = 0.0, time.perf_counter()
    for line in names:
        words = [word for word in line.words.split("|") if word.isascii() and word.isalpha()]
        for key in (*min(words, key=len), Qt.Key.Key_Return):
            begin = time.perf_counter()
            QTest.keyClick(dialog.box, key)
            app.processEvents()
            longest = max(longest, time.perf_counter() - begin)
    while not jobs.idle:
        app.processEvents()
    taken = time.perf_counter() - begun
    came = sum(row.state.code == "PRESENT" for row in desk.attendance.names(session_id))
    assert came == len(names) == 60, came
    dialog.close()
    jobs.stop()
    del dialog
print(taken, longest)
"""


def measure() -> Iterator[Figure]:
    """The whole list, and the longest step of the window while it is typed."""
    with TemporaryDirectory() as scratch:
        copy = Path(scratch) / "worst"
        shutil.copytree(worst_case(), copy)
        taken, longest = several(_TICK, str(copy))
    begin = time.perf_counter()
    sum(range(10**6))
    yardstick = time.perf_counter() - begin
    yield Figure("60 children ticked by keyboard", taken, "s", "a million additions", yardstick, limit=60.0)
    yield Figure(
        "longest step while ticking", longest * 1000, "ms", "a million additions", yardstick * 1000, limit=16.0
    )
