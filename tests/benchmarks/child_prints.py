"""Two hundred children's files to paper: joined, and a file each; the time and the peak of memory."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.figures import Figure, several

COUNT = 200

_PRINT = """
import sys, time
from pathlib import Path
sys.path.insert(0, ".")
from stationdesk.records.masking import Disclosure
from stationdesk.reports.child_file import child_file
from stationdesk.reports.runs import join, one_each
from tests.child_prints import imprint
from tests.stations import at_desk

def peak():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

folder, way, count = Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
desk = at_desk(folder / "station")
ids = [int(line) for line in (folder / "ids").read_text().split()][:count]
bring = lambda child: child_file(desk.child_files.whole(child, Disclosure.WHOLE), imprint(), Disclosure.WHOLE)
begin = time.perf_counter()
if way == "join":
    last = list(join(ids, bring, "档案", folder / "all.pdf"))[-1]
else:
    last = list(one_each(ids, bring, folder, lambda document: document.foot + ".pdf"))[-1]
print(time.perf_counter() - begin, peak(), last.pages)
desk.close()
"""


def _fill(folder: Path) -> None:
    """A station of as many children, each with a line in every list."""
    from tests.child_prints import NAME, whole_file
    from tests.stations import at_desk, founded

    founded(folder / "station")
    desk = at_desk(folder / "station")
    ids = [whole_file(desk, f"{NAME}·{number}", order=2 * number + 1) for number in range(COUNT)]
    (folder / "ids").write_text("\n".join(str(number) for number in ids))
    desk.close()


def measure() -> Iterator[Figure]:
    """Time and memory of all beside those of one file, in a fresh process each."""
    with TemporaryDirectory(prefix="stationdesk-") as name:
        folder = Path(name)
        _fill(folder)
        one, least, _pages = several(_PRINT, name, "join", "1")
        joined, most, _pages = several(_PRINT, name, "join", str(COUNT))
        each, most_each, _pages = several(_PRINT, name, "each", str(COUNT))
    yield Figure(f"{COUNT} files joined", joined, "s", "one file, fonts loaded for it", one, limit=20.0)
    yield Figure(f"{COUNT} files, a PDF each", each, "s", "one file, fonts loaded for it", one, limit=20.0)
    yield Figure("peak memory, joined", most, "MB", "one file", least, ratio=2.0)
    yield Figure("peak memory, a PDF each", most_each, "MB", "one file", least, ratio=2.0)
