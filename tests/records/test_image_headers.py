"""Headers of pictures are read without decoding, and nothing a torn or hostile one says is believed."""

from datetime import date
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.image_headers import day_taken, is_whole, sides, traces
from tests.pictures import claiming_png, encoded, exif, image, jpeg, png, segment, telling_jpeg, telling_png

TODAY = date(2026, 11, 24)
GIF = b"GIF89a" + pack("<HH", 70, 30) + b"\0\0\0" + b"\x3b"


def webp(kind: bytes, body: bytes) -> bytes:
    inner = b"WEBP" + kind + pack("<I", len(body)) + body
    return b"RIFF" + pack("<I", len(inner)) + inner


WEBPS = (
    webp(b"VP8X", b"\0\0\0\0" + (69).to_bytes(3, "little") + (29).to_bytes(3, "little")),
    webp(b"VP8L", b"\x2f" + pack("<I", 69 | 29 << 14)),
    webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + pack("<HH", 70, 30)),
)


@pytest.mark.parametrize("code", ["JPEG", "PNG", "BMP", "WEBP"])
def test_sides_are_those_of_the_picture_and_a_torn_one_is_not_whole(code: str) -> None:
    data = encoded(image(70, 30), code)
    assert sides(data) == (70, 30)
    assert is_whole(data)
    for part in (len(data) // 2, len(data) - 12, 30, 3):
        assert not is_whole(data[:part])


def test_sides_of_formats_nobody_here_writes() -> None:
    assert sides(GIF) == (70, 30)
    assert is_whole(GIF)
    pixel = b"\x2c\0\0\0\0\x01\0\x01\0\x80\x00\0\0\xff\xff\xff\x02\x02\x3b\x3b\0"
    moving = GIF[:-1] + b"\x21\xff\x03abc\0" + pixel + pixel
    assert is_whole(moving + b"\x3b")
    for torn in (moving, moving[:-2], GIF[:-1] + b"\x99\x3b", GIF[:10]):
        assert not is_whole(torn)
    for data in WEBPS:
        assert sides(data) == (70, 30)
    upside_down = bytearray(encoded(image(70, 30), "BMP"))
    upside_down[22:26] = pack("<i", -30)
    assert sides(bytes(upside_down)) == (70, 30)
    assert sides(b"BM" + b"\0" * 12 + pack("<IHHHH", 12, 70, 30, 1, 24)) == (70, 30)


def test_what_an_attacker_claims_is_read_and_not_allocated() -> None:
    found = sides(claiming_png(60_000, 60_000))
    assert found is not None
    assert found.pixels == 3_600_000_000
    assert sides(claiming_png(0, 10)) is None
    assert sides(webp(b"ABCD", b"\0" * 20)) is None


def test_a_thumbnail_is_neither_the_picture_nor_its_end() -> None:
    plain = jpeg(70, 30)
    small = segment(0xE1, b"Exif\0\0" + jpeg(8, 6))
    assert sides(plain[:2] + small + plain[2:]) == (70, 30)
    assert not is_whole(plain[:2] + small + plain[2:-2])
    assert sides(plain[:2] + b"\xff" + plain[2:]) == (70, 30)


def test_traces_are_found_and_a_plain_picture_has_none() -> None:
    assert traces(telling_jpeg()) == ("APP1", "APP1", "COM")
    assert traces(telling_png()) == ("tEXt", "eXIf")
    assert traces(jpeg()) == traces(png()) == traces(GIF) == ()


def test_the_day_a_camera_wrote() -> None:
    assert day_taken(telling_jpeg(), TODAY) == day_taken(telling_png(), TODAY) == date(2025, 6, 1)
    assert day_taken(telling_jpeg(), date(2025, 5, 31)) is None
    plain = jpeg()
    for written in (b"0000:00:00 00:00:00", b"2025:13:41 00:00:00", b"1970:01:01 00:00:00"):
        assert day_taken(plain[:2] + segment(0xE1, b"Exif\0\0" + written) + plain[2:], TODAY) is None
    edited = b"2026:02:02 00:00:00 2024:01:01 00:00:00"
    assert day_taken(plain[:2] + segment(0xE1, edited) + plain[2:], TODAY) == date(2024, 1, 1)
    assert day_taken(plain, TODAY) is day_taken(GIF, TODAY) is None


STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"GIF89a", b"BM", b"RIFF\0\0\0\0WEBPVP8L", exif(), b"")


@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_no_bytes_whatever_bring_it_down(start: bytes, rest: bytes) -> None:
    for data in (start + rest, jpeg()[:20] + rest, telling_png()[:60] + rest):
        sides(data)
        is_whole(data)
        traces(data)
        day_taken(data, TODAY)
