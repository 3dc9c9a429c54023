"""Keeps the English texts: `python -m tests.translations` takes new ones in and compiles the file."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po as read_catalog
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "resources" / "locale" / "en" / "LC_MESSAGES" / "stationdesk.po"


def extracted() -> list[str]:
    """Every marked text, once, in the order of the files."""
    found = extract_from_dir(str(ROOT / "stationdesk"), [("**.py", "python")], keywords={"_": None, "N_": None})
    return list(dict.fromkeys(str(message) for _file, _line, message, _comments, _context in found))


def read_po() -> Catalog:
    """The English catalogue."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_catalog(file, locale="en")


def compiled() -> bytes:
    """The catalogue as gettext reads it."""
    out = BytesIO()
    write_mo(out, read_po())
    return out.getvalue()


def take_in() -> list[str]:
    """Bring the file up to the code; returns the texts that have no English yet."""
    old = read_po()
    new = Catalog(locale="en", project="stationdesk", header_comment="# English texts of stationdesk.", fuzzy=False)
    # The same date every time, so that the file changes only with its texts.
    new.creation_date = new.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    missing = []
    for text in extracted():
        known = old.get(text)
        string = str(known.string) if known is not None and known.string else ""
        new.add(text, string)
        if not string:
            missing.append(text)
    PO.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, new, omit_header=False, width=0, no_location=True)
    PO.write_bytes(out.getvalue())
    PO.with_suffix(".mo").write_bytes(compiled())
    return missing


if __name__ == "__main__":
    print("\n".join(take_in()))
