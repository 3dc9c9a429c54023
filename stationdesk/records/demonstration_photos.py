"""Drawn pictures in place of photos for the demonstration, and who is said to be in them."""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random
from struct import pack

from stationdesk.records.attendance import CAME
from stationdesk.records.consents import Consent, ConsentKind, agreed
from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import told_together
from stationdesk.records.demonstration_attendance import Held
from stationdesk.records.demonstration_children import ChildFile
from stationdesk.records.demonstration_screening import uuid_of
from stationdesk.records.file_kinds import FileKind
from stationdesk.records.image_headers import PNG
from stationdesk.records.session_photos import PhotoChild, Seen, SessionPhoto
from stationdesk.records.sessions import SessionStatus

_WIDTH, _HEIGHT = 480, 320
# Wall, floor, then what people and things are drawn in.
_COLOURS = ("eaf1f8", "d9c9a8", "f2c14e", "d1495b", "3d7ea6", "5b8c5a", "8e6c8a", "6b4f3a", "f3d9c0", "ffffff")
_WALL, _FLOOR, _SKIN, _BOARD = 0, 1, 8, 9
_CLOTHES = (2, 3, 4, 5, 6)
# What is said of the photos of a session where one agrees, where one does not, and where nobody is named.
_PLANS = ((Seen.NAMED, Seen.NOBODY), (Seen.NAMED, Seen.UNSAID), (Seen.NOBODY, Seen.NOBODY))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPhoto:
    """A picture with what is kept of it and the children said to be in it."""

    photo: SessionPhoto
    data: bytes
    children: tuple[PhotoChild, ...]


def photos(tale: Story, held: Sequence[Held], files: Sequence[ChildFile]) -> Iterator[DrawnPhoto]:
    """Two of each of three of the latest closed sessions: one with a child who agreed to be shown to others, one
    with a child who did not, one with nobody on its list."""
    chance, number = Random(f"{tale.seed} photos"), 0
    captions = told_together()["photos"]
    crowd = iter(captions["crowd"])
    shown = _agreed(files, tale.until)
    for plan, found, name in zip(_PLANS, _sessions(held, shown), ("named", "unagreed", ""), strict=True):
        if found is None:
            continue
        session_id, children = found
        for seen in plan:
            number += 1
            data = drawn(chance, 3 if seen is Seen.NAMED else 9)
            photo = SessionPhoto(
                id=number,
                uuid=uuid_of(chance),
                session_id=session_id,
                caption=captions[name] if seen is Seen.NAMED else next(crowd),
                seen=seen,
                kind=FileKind.PNG,
                size=len(data),
                sha256=sha256(data).hexdigest(),
            )
            named = children[:2] if seen is Seen.NAMED else ()
            links = [PhotoChild(uuid=uuid_of(chance), photo_id=number, child_id=child_id) for child_id in named]
            yield DrawnPhoto(photo=photo, data=data, children=tuple(links))


def _agreed(files: Sequence[ChildFile], day: date) -> Collection[int]:
    """The children who may be shown to others on `day`."""
    kind, found = ConsentKind.PHOTO_PUBLICITY, set()
    for file in files:
        consents = [record for record in file.records if isinstance(record, Consent)]
        if agreed(consents, kind, file.child.birth_date, day):
            found.add(file.child.id or 0)
    return found


def _sessions(held: Sequence[Held], shown: Collection[int]) -> Iterator[tuple[int, Sequence[int]] | None]:
    """The latest session of each kind with the children to be named; None where there is none."""
    came: Mapping[int, Sequence[int]] = {
        one.session.id or 0: [line.child_id for line in one.names if line.state in CAME]
        for one in reversed(held)
        if one.session.status is SessionStatus.DONE
    }
    taken: set[int] = set()
    for fits in (shown.__contains__, lambda child_id: child_id not in shown):
        found = next(((n, some) for n, ids in came.items() if n not in taken and (some := [*filter(fits, ids)])), None)
        taken |= {found[0]} if found else set()
        yield found
    yield next(((n, ()) for n, ids in came.items() if not ids), None)


# --- drawing -------------------------------------------------------------------------------------


def drawn(chance: Random, people: int) -> bytes:
    """A room with a board, a table and so many people without faces, as a PNG with a palette."""
    rows = [bytearray([_WALL if y < _HEIGHT * 5 // 8 else _FLOOR]) * _WIDTH for y in range(_HEIGHT)]
    _box(rows, 150, 30, 330, 130, 7)
    _box(rows, 156, 36, 324, 124, chance.choice((_BOARD, 5)))
    size = 30 if people < 5 else 17
    for n in range(people):
        x = (n + 1) * _WIDTH // (people + 1) + chance.randrange(-8, 9)
        y = 190 + chance.randrange(-14, 15)
        clothes = chance.choice(_CLOTHES)
        _disc(rows, x, y, size, 7)
        _disc(rows, x, y + size // 4, size * 5 // 6, _SKIN)
        _box(rows, x - size, y + size, x + size, y + size * 3, clothes)
    _box(rows, 60, 268, 420, 290, 7)
    return _png(rows)


def _box(rows: Sequence[bytearray], left: int, top: int, right: int, bottom: int, colour: int) -> None:
    for row in rows[top : min(bottom, _HEIGHT)]:
        row[left:right] = bytes([colour]) * (right - left)


def _disc(rows: Sequence[bytearray], x: int, y: int, radius: int, colour: int) -> None:
    for dy in range(-radius, radius + 1):
        half = int((radius * radius - dy * dy) ** 0.5)
        _box(rows, x - half, y + dy, x + half + 1, y + dy + 1, colour)


def _png(rows: Sequence[bytearray]) -> bytes:
    header = pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = ((b"IHDR", header), (b"PLTE", bytes.fromhex("".join(_COLOURS))), (b"IDAT", pixels), (b"IEND", b""))
    return PNG + b"".join(
        pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
