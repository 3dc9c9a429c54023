"""After wrong passwords one waits: a guesser for long, somebody who mistyped hardly at all."""

from dataclasses import dataclass

FREE_FAILURES = 5
_WAITS = (60, 120, 300, 900)


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed attempts in a row and when the last was made, in seconds of a clock nobody can set."""

    failures: int = 0
    last: float = 0.0

    def failed(self, now: float) -> "Attempts":
        """One more."""
        return Attempts(self.failures + 1, now)

    def seconds_left(self, now: float) -> int:
        """How long the next attempt has to wait: the fifth failure costs 1 minute, then 2, 5, 15."""
        if self.failures < FREE_FAILURES:
            return 0
        wait = _WAITS[min(self.failures - FREE_FAILURES, len(_WAITS) - 1)]
        return max(0, round(self.last + wait - now))
