"""`python -m stationdesk`: the window, or one command and no window."""

import sys
from pathlib import Path

from stationdesk import cli


def main() -> int:
    """Do what the command line says; returns the exit code."""
    return cli.main(sys.argv[1:], _window)


def _window(data: Path) -> int:
    # Qt is loaded only where a window is wanted: every command runs on a machine without a screen.
    from stationdesk.app import run

    return run(data)


if __name__ == "__main__":
    sys.exit(main())
