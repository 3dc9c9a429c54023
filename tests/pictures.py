"""Pictures and other files for tests, made by hand: sound ones, telling ones, torn ones and lies."""

import zipfile
import zlib
from io import BytesIO
from struct import pack

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def image(width: int = 60, height: int = 40, colour: str = "#3366cc") -> QImage:
    """A picture whose left half is of another colour than its right."""
    found = QImage(width, height, QImage.Format.Format_RGB32)
    found.fill(QColor(colour))
    for x in range(width // 2):
        for y in range(height):
            found.setPixelColor(x, y, QColor("#ffcc00"))
    return found


def encoded(picture: QImage, code: str = "JPEG") -> bytes:
    """The picture as a file."""
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert picture.save(buffer, code, 90)  # type: ignore[call-overload]
    return bytes(store.data())


def jpeg(width: int = 60, height: int = 40, colour: str = "#3366cc") -> bytes:
    """A JPEG."""
    return encoded(image(width, height, colour))


def png(width: int = 60, height: int = 40, colour: str = "#3366cc") -> bytes:
    """A PNG."""
    return encoded(image(width, height, colour), "PNG")


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes([0xFF, marker]) + pack(">H", len(body) + 2) + body


def exif(orientation: int = 1) -> bytes:
    """What a telephone writes: which way it was held, the day, and where (43.8° N, 87.6° E)."""
    heap = b""
    base = 8 + 2 + 3 * 12 + 4 + 2 + 4 * 12 + 4

    def put(data: bytes) -> int:
        nonlocal heap
        heap += data
        return base + len(heap) - len(data)

    day = put(b"2025:06:01 10:20:30\0")
    north, east = (put(pack("<6I", *numbers)) for numbers in ((43, 1, 48, 1, 0, 1), (87, 1, 36, 1, 0, 1)))
    gps = 8 + 2 + 3 * 12 + 4
    ifd = pack("<H", 3) + pack("<HHII", 0x0112, 3, 1, orientation) + pack("<HHII", 0x0132, 2, 20, day)
    ifd += pack("<HHII", 0x8825, 4, 1, gps) + pack("<I", 0)
    places = pack("<H", 4) + pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + pack("<HHII", 2, 5, 3, north)
    places += pack("<HHI4s", 3, 2, 2, b"E\0\0\0") + pack("<HHII", 4, 5, 3, east) + pack("<I", 0)
    return b"Exif\0\0II*\0" + pack("<I", 8) + ifd + places + heap


def telling_jpeg(orientation: int = 1) -> bytes:
    """A JPEG that says where, when and by whom it was made."""
    plain = jpeg()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPSLatitude</x:xmpmeta>"
    return plain[:2] + segment(0xE1, exif(orientation)) + segment(0xE1, xmp) + segment(0xFE, b"GPS") + plain[2:]


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))


def telling_png() -> bytes:
    """A PNG with words in it."""
    plain = png()
    return plain[:33] + chunk(b"tEXt", b"Author\0GPS") + chunk(b"eXIf", exif()[6:]) + plain[33:]


def claiming_png(width: int, height: int) -> bytes:
    """A PNG of few bytes whose header claims these sides."""
    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def zipped(*names: str, size: int = 10) -> bytes:
    """A zip with these entries."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in names:
            bundle.writestr(name, b"\0" * size)
    return out.getvalue()


def docx(*more: str) -> bytes:
    """The shell of a word document."""
    return zipped("[Content_Types].xml", "word/document.xml", *more)


def ole(*streams: str) -> bytes:
    """The beginning of an old office file with these streams."""
    return OLE + b"\0" * 504 + b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in streams)
