"""What a benchmark tells, and how a step is timed in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp


@dataclass(frozen=True)
class Figure:
    """A figure, its yardstick, and what is wanted: a ratio, or where `limit` is set, the figure."""

    name: str
    value: float
    unit: str
    yardstick: str
    bare: float
    ratio: float | None = None
    limit: float | None = None

    @property
    def good(self) -> bool:
        """Whether it is as wanted."""
        if self.limit is not None and self.value > self.limit:
            return False
        return self.ratio is None or self.value <= self.ratio * self.bare

    def say(self) -> str:
        """One line."""
        wanted = [f"<= {self.ratio} x"] if self.ratio else []
        wanted += [f"<= {self.limit:g} {self.unit}"] if self.limit else []
        told = f"{self.value:.3f} {self.unit} = {self.value / self.bare:.2f} x {self.yardstick} ({self.bare:.3f})"
        return f"{'ok  ' if self.good else 'MISS'} {self.name}: {told}; wanted {', '.join(wanted)}"


def in_a_process(code: str, *words: str, times: int = 3) -> float:
    """Run `code` in fresh processes; the least of what they print. `sys.argv[1]` is the monotonic
    time in ns at which the process was started, then come `words`."""
    return min(several(code, *words)[-1] for _ in range(times))


def several(code: str, *words: str) -> list[float]:
    """The numbers that `code` prints, run once in a fresh process."""
    home = {**os.environ, "PYTHONPATH": os.pathsep.join(["", *sys.path])}
    command = [sys.executable, "-c", code, str(time.monotonic_ns()), *words]
    done = subprocess.run(command, env=home, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return [float(word) for word in done.stdout.split()]


@cache
def worst_case() -> Path:
    """The demonstration station of ten years with 150,000 bookings; made once a run (half a minute),
    or the one that STATIONDESK_WORST names."""
    named = os.environ.get("STATIONDESK_WORST")
    folder = Path(named) if named else Path(mkdtemp(prefix="stationdesk-")) / "worst"
    from stationdesk.demonstration import open_demo

    return open_demo(folder, scale="worst").data


def median(numbers: Sequence[float]) -> float:
    """The middle one."""
    return sorted(numbers)[len(numbers) // 2]
