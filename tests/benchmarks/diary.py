"""The week view of a busy room, a drag in it, and the conflict check, on the worst case."""

import time
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, several, worst_case

_CHECK = """
import sys, time
from datetime import datetime, timedelta
from pathlib import Path
from sqlalchemy import text
from stationdesk import demonstration
from stationdesk.db.diary import held_between
from stationdesk.records.bookings import Booking
from stationdesk.records.schedule import clash
with demonstration.at_desk(demonstration.read(Path(sys.argv[2]))) as desk:
    room = desk.rooms.all_rooms()[0]
    day = datetime.combine(desk.clock().date(), datetime.min.time())
    start = day + timedelta(hours=23)
    booking = Booking(room_id=room.id, start=start, end=start + timedelta(minutes=30))
    bare_sql = text(
        'SELECT id, start, "end", title FROM booking WHERE room_id = :r AND start > :a AND start < :b ORDER BY start'
    )
    window = {"r": room.id, "a": str(day - timedelta(hours=9)), "b": str(day + timedelta(days=1))}
    with desk.opened.database.read() as session:
        def ours():
            held = held_between(session, desk.actor, room, day, day + timedelta(days=1))
            clash(room, booking, [item for items in held.values() for item in items])
        def bare():
            session.execute(bare_sql, window).all()
        best = []
        for work in (ours, bare):
            for _ in range(20):
                work()
            took = []
            for _ in range(50):
                begin = time.perf_counter()
                work()
                took.append(time.perf_counter() - begin)
            best.append(sorted(took)[25])
print(best[0], best[1])
"""

_WEEK = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from stationdesk import demonstration
from stationdesk.app import make_application
from stationdesk.ui.bookings import BookingsPage
from stationdesk.ui.jobs import Jobs
app = make_application()
jobs = Jobs()
with demonstration.at_desk(demonstration.read(Path(sys.argv[2]))) as desk:
    page = BookingsPage(desk, jobs)
    page.resize(1366, 768)
    page.show()
    while not jobs.idle:
        app.processEvents()
    begin = time.perf_counter()
    page.later()
    while not jobs.idle:
        app.processEvents()
    page.grid.grab()
    shown = time.perf_counter() - begin
    canvas = page.grid.canvas
    card = next(c for c in canvas.cards.values() if not c.row.masked)
    QTest.mousePress(card, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 10))
    longest = 0.0
    for step in range(120):
        begin = time.perf_counter()
        QTest.mouseMove(card, QPoint(20 + step, 10 + step))
        app.processEvents()
        longest = max(longest, time.perf_counter() - begin)
    canvas._stop()
    page.close()
    jobs.stop()
    del page
print(shown, longest)
"""


def measure() -> Iterator[Figure]:
    """Ratios against the bare query; the view and the drag against their marks."""
    worst = worst_case()
    ours, bare = several(_CHECK, str(worst))
    yield Figure("conflict check, 150,000 bookings", ours * 1000, "ms", "bare query", bare * 1000, ratio=5.0)
    shown, longest = several(_WEEK, str(worst))
    begin = time.perf_counter()
    sum(range(10**6))
    yardstick = time.perf_counter() - begin
    yield Figure("week of a busy room", shown * 1000, "ms", "a million additions", yardstick * 1000, limit=100.0)
    yield Figure("longest step of a drag", longest * 1000, "ms", "a million additions", yardstick * 1000, limit=16.0)
