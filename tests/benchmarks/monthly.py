"""The monthly summary of the worst case to PDF, and a list of 100,000 lines."""

import time
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, in_a_process, several, worst_case

_MONTH = """
import sys, time
from pathlib import Path
from stationdesk import demonstration
demo = demonstration.read(Path(sys.argv[2]))
with demonstration.at_desk(demo) as desk:
    begin = time.perf_counter()
    from stationdesk.reports.monthly import monthly_document
    from stationdesk.reports.pdf import to_pdf
    year, month = (int(part) for part in demo.months[-1].split("-"))
    to_pdf(monthly_document(desk.summaries.figures(year, month), desk.station.profile(), desk.audit.head()))
    print(time.perf_counter() - begin)
"""

_BARE_PDF = """
import time
begin = time.perf_counter()
from io import BytesIO
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas
from stationdesk.paths import resource
pdfmetrics.registerFont(ttfonts.TTFont("bare", str(resource("fonts", "NotoSansSC-Regular.ttf"))))
canvas = Canvas(BytesIO())
canvas.setFont("bare", 12)
canvas.drawString(100, 100, "月报")
canvas.save()
print(time.perf_counter() - begin)
"""

_LIST = """
import time
from array import array
from dataclasses import dataclass
from typing import Annotated
from PySide6.QtWidgets import QWidget
from stationdesk.app import make_application
from stationdesk.fields import Field
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.tables import ListPane
app = make_application()
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    id: int
    name: Annotated[str, Field("名称")]
    size: Annotated[int, Field("大小")]
jobs, box = Jobs(), QWidget()
pane = ListPane(
    Line,
    lambda words, sort, down: array("q", range(1, 100_001)),
    lambda ids: [Line(id=n, name=f"第{n}号", size=n) for n in ids],
    jobs, box, empty="",
)
box.resize(900, 700)
pane.resize(900, 700)
box.show()
app.processEvents()
begin = time.perf_counter()
pane.reload()
longest = 0.0
while not jobs.idle:
    step = time.perf_counter()
    app.processEvents()
    longest = max(longest, time.perf_counter() - step)
pane.table.grab()
first = time.perf_counter() - begin
bar = pane.table.verticalScrollBar()
for place in range(0, 100_000, 2_000):
    step = time.perf_counter()
    bar.setValue(place)
    app.processEvents()
    longest = max(longest, time.perf_counter() - step)
while not jobs.idle:
    app.processEvents()
jobs.stop()
print(first, longest)
"""


def measure() -> Iterator[Figure]:
    """The summary beside one line of text in the same font; the list beside a bare loop."""
    ours, bare = in_a_process(_MONTH, str(worst_case())), in_a_process(_BARE_PDF)
    yield Figure("monthly summary to PDF", ours * 1000, "ms", "one line in the same font", bare * 1000, limit=1500.0)
    first, longest = several(_LIST)
    begin = time.perf_counter()
    list(range(100_000))
    yardstick = time.perf_counter() - begin
    yield Figure("first rows of 100,000", first * 1000, "ms", "100,000 numbers", yardstick * 1000, limit=120.0)
    yield Figure("longest step of the list", longest * 1000, "ms", "100,000 numbers", yardstick * 1000, limit=16.0)
