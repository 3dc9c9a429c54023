"""Pictures are judged before they are decoded, and drawn anew before they are kept."""

from collections.abc import Callable
from pathlib import Path
from struct import pack

import pytest
from PySide6.QtGui import QColor, QImage

from stationdesk.errors import Refused
from stationdesk.records.attachments import kept_kind
from stationdesk.records.file_kinds import LARGEST, FileKind
from stationdesk.records.image_headers import sides, traces
from stationdesk.ui import pictures
from stationdesk.ui.pictures import as_kept, decoded, read_file, redrawn
from tests.pictures import (
    PDF,
    chunk,
    claiming_png,
    encoded,
    image,
    jpeg,
    png,
    segment,
    telling_jpeg,
    telling_png,
    zipped,
)

# One red pixel, as the format's own specification has it.
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\xff\xff\xff\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0\x3b"


@pytest.mark.parametrize("data", [telling_jpeg(), telling_png()], ids=["JPEG", "PNG"])
def test_place_maker_and_day_are_gone(data: bytes) -> None:
    assert b"GPS" in data
    kept = redrawn(data)
    assert traces(kept) == ()
    for word in (b"GPS", b"Exif", b"2025:06:01", b"adobe", b"Author"):
        assert word not in kept
    assert sides(kept) == (60, 40)
    assert kept_kind(kept, "a") is FileKind.JPEG


def test_a_picture_stands_upright_without_the_note_that_said_so() -> None:
    kept = redrawn(telling_jpeg(orientation=6))
    assert sides(kept) == (40, 60)
    shown = QImage.fromData(kept)
    # The left half of the picture as it lay is now its upper half.
    assert QColor(shown.pixel(20, 10)).red() > 200
    assert QColor(shown.pixel(20, 50)).blue() > 150


@pytest.mark.parametrize(("width", "height"), [(3000, 2000), (2000, 3000), (5000, 3)])
def test_large_ones_become_smaller_and_small_ones_stay(width: int, height: int) -> None:
    blank = QImage(width, height, QImage.Format.Format_RGB32)
    blank.fill(QColor("#336699"))
    found = sides(redrawn(encoded(blank)))
    assert found is not None
    assert max(found) == 1600
    assert sides(redrawn(png())) == (60, 40)


@pytest.mark.parametrize("data", [encoded(image(), "BMP"), encoded(image(), "WEBP"), GIF], ids=["BMP", "WEBP", "GIF"])
def test_other_formats_become_ones_that_are_kept(data: bytes) -> None:
    assert kept_kind(as_kept(data, "a.bin"), "a.bin") is FileKind.JPEG


def test_what_is_transparent_stays_so() -> None:
    glass = QImage(20, 10, QImage.Format.Format_ARGB32)
    glass.fill(QColor(10, 20, 30, 40))
    kept = redrawn(encoded(glass, "PNG"))
    assert kept_kind(kept, "a") is FileKind.PNG
    assert QImage.fromData(kept).pixelColor(5, 5).alpha() == 40


def test_a_bomb_is_refused_without_a_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(pictures, "QImageReader", never)
    for width, height in ((60_000, 60_000), (40_000_001, 1), (6325, 6325)):
        with pytest.raises(Refused) as refused:
            as_kept(claiming_png(width, height), "a.png")
        assert "4000万" in refused.value.say()


def torn(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    "make", [jpeg, png, lambda: GIF, lambda: encoded(image(), "BMP"), lambda: encoded(image(), "WEBP")]
)
def test_a_torn_one_is_refused_not_filled_up_with_grey(make: Callable[[], bytes]) -> None:
    with pytest.raises(Refused) as refused:
        as_kept(torn(make()), "a.jpg")
    assert "不完整" in refused.value.say()


@pytest.mark.qt_log_ignore(".*")
def test_a_header_that_promises_more_than_follows() -> None:
    for data in (
        claiming_png(3000, 3000),
        jpeg()[:2] + segment(0xC0, pack(">BHHB", 8, 40, 60, 1)) + segment(0xDA, b"\0") + b"\xff\xd9",
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", 10, 10, 99, 99, 0, 0, 0)) + chunk(b"IEND", b""),
    ):
        with pytest.raises(Refused):
            redrawn(data)


def test_what_hid_behind_a_picture_is_gone() -> None:
    for hidden in (zipped("a.class"), b"<script>x</script>", b"MZ\x90\0"):
        kept = as_kept(jpeg() + hidden, "a.jpg")
        assert hidden not in kept
        assert kept.endswith(b"\xff\xd9")


def test_other_files_are_kept_as_they_are() -> None:
    assert as_kept(PDF, "照片.jpg") == PDF
    with pytest.raises(Refused):
        as_kept(b"MZ\x90\0", "a.jpg")
    with pytest.raises(Refused):
        decoded(PDF)


def test_a_file_too_large_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    assert read_file(path) == b"x"
    with path.open("r+b") as file:
        file.truncate(LARGEST + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _self: pytest.fail("read"))
    with pytest.raises(Refused) as refused:
        read_file(path)
    assert "20MB" in refused.value.say()
    for unreadable in (tmp_path, tmp_path / "gone.jpg", tmp_path / ("x" * 300)):
        with pytest.raises(Refused) as refused:
            read_file(unreadable)
        assert "读不出来" in refused.value.say()
