"""What the bytes of a picture say of themselves before anybody decodes them: sides, wholeness, traces."""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from struct import unpack_from
from typing import NamedTuple

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_GIF, _BMP = (b"GIF87a", b"GIF89a"), b"BM"
# Frame headers of JPEG that carry the sides; C4, C8 and CC in their midst are something else.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START_OF_SCAN, _APP1, _APP13, _COMMENT = 0xDA, 0xE1, 0xED, 0xFE
# Chunks of PNG in which programs and telephones leave words, times and places.
_TELLING = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_EXIF_DAY = re.compile(rb"(\d{4}):(\d{2}):(\d{2}) \d{2}:\d{2}:\d{2}")
_FIRST_CAMERA = date(1990, 1, 1)


class Sides(NamedTuple):
    """Width and height in pixels, as the header claims."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """All of them."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class _Part:
    """A chunk of PNG or a segment of JPEG: its name or marker, and where its body lies."""

    name: bytes
    start: int
    end: int


def sides(data: bytes) -> Sides | None:
    """The sides a picture claims; None when its header makes no sense."""
    with suppress(struct.error, IndexError):
        found = _sides(data)
        if found is not None and found.width > 0 and found.height > 0:
            return found
    return None


def _sides(data: bytes) -> Sides | None:
    if data.startswith(PNG):
        return Sides(*unpack_from(">II", data, 16)) if data[12:16] == b"IHDR" else None
    if data.startswith(JPEG):
        frame = next((part for part in _segments(data) if part.name[0] in _FRAMES), None)
        return None if frame is None else Sides(*reversed(unpack_from(">HH", data, frame.start + 1)))
    if data.startswith(_GIF):
        return Sides(*unpack_from("<HH", data, 6))
    if data.startswith(_BMP):
        if unpack_from("<I", data, 14)[0] == 12:
            return Sides(*unpack_from("<HH", data, 18))
        width, height = unpack_from("<ii", data, 18)
        return Sides(width, abs(height))
    return _webp_sides(data) if is_webp(data) else None


def is_webp(data: bytes) -> bool:
    """Whether the bytes begin as WebP does."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _webp_sides(data: bytes) -> Sides | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return Sides(*(1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27)))
    if kind == b"VP8L":
        bits = unpack_from("<I", data, 21)[0]
        return Sides(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        width, height = unpack_from("<HH", data, 26)
        return Sides(width & 0x3FFF, height & 0x3FFF)
    return None


def is_whole(data: bytes) -> bool:
    """Whether a picture goes on to its end: decoders fill up what a torn file lacks without a word."""
    with suppress(struct.error, IndexError):
        if data.startswith(PNG):
            return any(part.name == b"IEND" for part in _chunks(data))
        if data.startswith(JPEG):
            scan = next((part for part in _segments(data) if part.name[0] == _START_OF_SCAN), None)
            # Inside a scan every FF is followed by 00; only the end itself reads so.
            return scan is not None and data.find(b"\xff\xd9", scan.end) >= 0
        if is_webp(data):
            return int(unpack_from("<I", data, 4)[0]) + 8 <= len(data)
        if data.startswith(_GIF):
            return _gif_goes_on(data)
        if data.startswith(_BMP):
            return _bmp_end(data) <= len(data)
    return False


def _bmp_end(data: bytes) -> int:
    """Where the rows of a bitmap end; packed ones have no length to be known beforehand."""
    found = sides(data)
    start, header = unpack_from("<II", data, 10)
    old = header == 12
    depth = unpack_from("<H", data, 24 if old else 28)[0]
    packed = 0 if old else unpack_from("<I", data, 30)[0]
    if found is None:
        raise IndexError
    return int(start) + (0 if packed in (1, 2) else (found.width * depth + 31) // 32 * 4 * found.height)


def _gif_goes_on(data: bytes) -> bool:
    """Whether the blocks of a GIF lead to its end."""
    at = 13 + _gif_table(data[10])
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            at += 11 + _gif_table(data[at + 9])
        elif data[at] == 0x21:
            at += 2
        else:
            return False
        while data[at]:
            at += 1 + data[at]
        at += 1
    return True


def _gif_table(flags: int) -> int:
    """How long the table of colours is that the flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def traces(data: bytes) -> tuple[str, ...]:
    """What a JPEG or PNG says beside its pixels: where and when it was made, by what, for whom."""
    with suppress(struct.error, IndexError):
        if data.startswith(PNG):
            return tuple(part.name.decode("ascii") for part in _chunks(data) if part.name in _TELLING)
        telling = {_APP1: "APP1", _APP13: "APP13", _COMMENT: "COM"}
        return tuple(telling[part.name[0]] for part in _segments(data) if part.name[0] in telling)
    return ()


def day_taken(data: bytes, today: date) -> date | None:
    """The day a camera wrote into the picture; the earliest, as later ones tell of editing."""
    found: set[date] = set()
    with suppress(struct.error, IndexError):
        parts = _chunks(data) if data.startswith(PNG) else _segments(data) if data.startswith(JPEG) else ()
        for part in parts:
            if part.name in (b"eXIf", bytes([_APP1])):
                for match in _EXIF_DAY.finditer(data, part.start, part.end):
                    with suppress(ValueError):
                        found.add(date(*(int(number) for number in match.groups())))
    return min((day for day in found if _FIRST_CAMERA <= day <= today), default=None)


def _chunks(data: bytes) -> Iterator[_Part]:
    at = len(PNG)
    while at + 12 <= len(data):
        length = unpack_from(">I", data, at)[0]
        if at + 12 + length > len(data):
            return
        yield _Part(data[at + 4 : at + 8], at + 8, at + 8 + length)
        at += 12 + length


def _segments(data: bytes) -> Iterator[_Part]:
    """The segments of a JPEG up to its first scan, behind which only pixels follow."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF:
            # Any number of FF may stand before a marker.
            at += 1
            continue
        length = unpack_from(">H", data, at + 2)[0]
        if length < 2 or at + 2 + length > len(data):
            return
        yield _Part(bytes([marker]), at + 4, at + 2 + length)
        if marker == _START_OF_SCAN:
            return
        at += 2 + length
