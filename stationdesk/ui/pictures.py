"""Pictures of attachments: decoded after their headers were judged, and drawn anew before they are kept.

All of this may run on any thread; none of it touches a widget.
"""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QPainter

from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.attachments import LONGEST_SIDE, MOST_PIXELS, judge_picture
from stationdesk.records.file_kinds import PICTURES, FileKind, broken, is_too_large, kind_of, too_large

# The decoder's name of each kind: asked for by name, no other decoder ever sees the bytes.
_DECODERS = {
    FileKind.JPEG: b"jpeg",
    FileKind.PNG: b"png",
    FileKind.GIF: b"gif",
    FileKind.BMP: b"bmp",
    FileKind.WEBP: b"webp",
}
_QUALITY = 88
# Four bytes a pixel, in MB.
_MOST_MEMORY = MOST_PIXELS * 4 // (1 << 20) + 1
_UNREADABLE = N_("文件读不出来，请检查文件是否还在、是否被别的程序占用。")


def read_file(path: Path) -> bytes:
    """The bytes of a chosen file; one that is too large is not read. Raises `Refused`."""
    try:
        if not path.is_file():
            raise Refused(Problem("", _UNREADABLE))
        if is_too_large(path.stat().st_size):
            raise too_large()
        return path.read_bytes()
    except OSError as failed:
        raise Refused(Problem("", _UNREADABLE)) from failed


def as_kept(data: bytes, name: str, longest: int = LONGEST_SIDE) -> bytes:
    """The bytes to be kept of a file: a picture drawn anew, anything else as it is. Raises `Refused`."""
    return redrawn(data, longest) if kind_of(data, name) in PICTURES else data


def decoded(data: bytes, longest: int = LONGEST_SIDE) -> QImage:
    """A picture held upright, its longer side at most `longest` pixels. Raises `Refused`."""
    judge_picture(data)
    QImageReader.setAllocationLimit(_MOST_MEMORY)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_DECODERS.get(kind_of(data, ""), b"none")))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    # What the decoder believes counts, not only what we read in the header.
    if size.width() * size.height() > MOST_PIXELS:
        raise broken()
    if max(size.width(), size.height()) > longest:
        # Said beforehand, a JPEG is not even unpacked to its full size.
        reader.setScaledSize(_within(size, longest))
    found = reader.read()
    if found.isNull():
        raise broken()
    return found


def _within(size: QSize, longest: int) -> QSize:
    fitted = size.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio)
    # A strip of a few pixels must not vanish.
    return fitted.expandedTo(QSize(1, 1))


def redrawn(data: bytes, longest: int = LONGEST_SIDE) -> bytes:
    """A picture as JPEG, or PNG where it is transparent, with nothing in it but its pixels: copied as
    they are, texts, places and colour profiles would go along. Raises `Refused`."""
    found = decoded(data, longest)
    if found.colorSpace().isValid():
        found.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    clear = found.hasAlphaChannel()
    fresh = QImage(found.size(), QImage.Format.Format_ARGB32_Premultiplied if clear else QImage.Format.Format_RGB32)
    fresh.fill(Qt.GlobalColor.transparent if clear else Qt.GlobalColor.white)
    painter = QPainter(fresh)
    painter.drawImage(0, 0, found)
    painter.end()
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not fresh.save(buffer, "PNG" if clear else "JPEG", -1 if clear else _QUALITY):  # type: ignore[call-overload]
        raise broken()
    return bytes(store.data())
