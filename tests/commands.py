"""Commands run in this process, and who sits down to them."""

import io
import sys
from pathlib import Path

import pytest

from stationdesk import cli
from tests.stations import HEAD

UNTIL = "2026-11-24"


class Run:
    """One command in this process: exit code, stdout, stderr."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self.opened: list[Path] = []
        self.at_terminal = False

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def __call__(self, *words: object, typed: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "stdin", self.Terminal(typed) if self.at_terminal else io.StringIO(typed))
        self._capsys.readouterr()
        code = cli.main([str(word) for word in words], self._window)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def _window(self, data: Path) -> int:
        self.opened.append(data)
        return 0


def words_for(data: Path, user: str = HEAD) -> tuple[object, ...]:
    return ("--data", data, "--user", user, "--password-stdin")
