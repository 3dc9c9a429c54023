"""The program's log: what happened and where in the code, never what a record holds."""

import hashlib
import logging
import platform
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

logger = logging.getLogger("stationdesk")

_PACKAGE = Path(__file__).resolve().parent


class _Bare(logging.Formatter):
    """Writes an exception as its types and our lines: its text may hold a name or a number."""

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return stack_text(error) if isinstance(error, BaseException) else ""


def stack_text(error: BaseException) -> str:
    """The types of an error and its causes, and the lines they passed, without any text of theirs."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None and len(lines) < 200:
        lines.append(type(current).__qualname__)
        for frame in traceback.extract_tb(current.__traceback__):
            path = Path(frame.filename)
            place = path.relative_to(_PACKAGE) if path.is_relative_to(_PACKAGE) else Path(path.name)
            lines.append(f"  {place}:{frame.lineno} {frame.name}")
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def set_up(folder: Path) -> None:
    """Log to `folder`, five files of a megabyte; where it takes none, the program goes on without."""
    logger.setLevel(logging.INFO)
    # A library that sets logging up for itself may have switched ours off.
    logger.disabled = False
    for old in tuple(logger.handlers):
        logger.removeHandler(old)
        old.close()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "stationdesk.log", maxBytes=1 << 20, backupCount=4, encoding="utf-8", delay=True
        )
    except OSError:
        logger.addHandler(logging.NullHandler())
        return
    handler.setFormatter(_Bare("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.propagate = False


def report_code(error: BaseException) -> str:
    """A short code that names this kind of error at this place, the same every time."""
    return "E-" + hashlib.sha256(stack_text(error).encode()).hexdigest()[:6].upper()


def report_text(error: BaseException, version: str) -> str:
    """What a user may pass on: version, system, where it happened; nothing from the records."""
    head = f"{report_code(error)}\nstationdesk {version}\n{platform.platform()}\nPython {platform.python_version()}"
    return f"{head}\n{stack_text(error)}"
