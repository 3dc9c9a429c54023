"""Old workbooks for tests, made byte by byte: a BIFF8 stream in a compound file."""

import struct

_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff(rows: list[list[str | float]], *, locked: bool) -> bytes:
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6))
    if locked:
        start += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    name = "名单".encode("utf-16-le")
    place = len(start) + 4 + 8 + len(name) + 4
    sheet_name = struct.pack("<IBBBB", place, 0, 0, 2, 1) + name
    book = start + _record(0x0085, sheet_name) + _record(0x000A)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            head = struct.pack("<HHH", number, column, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                sheet += _record(0x0204, head + struct.pack("<HB", len(value), 1) + text)
            else:
                sheet += _record(0x0203, head + struct.pack("<d", value))
    return book + sheet + _record(0x000A)


def _entry(name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def xls(rows: list[list[str | float]], *, locked: bool = False, beside: str = "") -> bytes:
    """A .xls file of one sheet; `locked` has a password, `beside` names a second, empty stream."""
    stream = _biff(rows, locked=locked)
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, count + 2), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, child=1, start=_END) + _entry(
        "Workbook", 2, right=2 if beside else _FREE, start=2, size=len(stream)
    )
    if beside:
        directory += _entry(beside, 2, start=_END)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0).ljust(436, b"\xff")
    return header + fat + directory.ljust(_SECTOR, b"\0") + stream
