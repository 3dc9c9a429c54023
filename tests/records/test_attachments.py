"""Names, limits and wording of attachments."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.errors import Refused
from stationdesk.fields import Level, check
from stationdesk.records.attachments import (
    LONGEST_NAME,
    Attachment,
    NewAttachment,
    day_problems,
    judge_picture,
    kept_kind,
    outside_name,
    size_text,
    tidy_file_name,
)
from stationdesk.records.file_kinds import FileKind
from tests.pictures import PDF, claiming_png, encoded, image, jpeg, png, telling_jpeg, telling_png


@pytest.mark.parametrize(
    ("name", "kind", "tidy"),
    [
        ("..\\..\\x", FileKind.PDF, "x.pdf"),
        ("../../etc/passwd", FileKind.TEXT, "passwd.txt"),
        ("C:\\Users\\某\\户口本.JPG", FileKind.JPEG, "户口本.jpg"),
        ("照片.png", FileKind.JPEG, "照片.jpg"),
        ("合同.pdf.exe", FileKind.PDF, "合同.pdf"),
        ("照片\u202egpj.exe", FileKind.PNG, "照片gpj.png"),
        ('a<b>:"|?*\x00\n.txt', FileKind.TEXT, "ab.txt"),
        ("  名字   空格 . . ", FileKind.TEXT, "名字 空格.txt"),
        ("..", FileKind.PDF, "附件.pdf"),
        ("", FileKind.JPEG, "附件.jpg"),
        ("نۇرئەلى تۇرسۇن.docx", FileKind.DOCX, "نۇرئەلى تۇرسۇن.docx"),
        ("表.et", FileKind.XLSX, "表.et"),
        ("2026.11.24", FileKind.PDF, "2026.11.24.pdf"),
    ],
)
def test_a_name_is_a_name_and_no_path_and_its_ending_tells_the_truth(name: str, kind: FileKind, tidy: str) -> None:
    assert tidy_file_name(name, kind) == tidy
    assert tidy_file_name(tidy, kind) == tidy


def test_a_long_name_keeps_its_ending() -> None:
    tidy = tidy_file_name("长" * 300 + ".pdf", FileKind.PDF)
    assert len(tidy) == LONGEST_NAME
    assert tidy.endswith("长.pdf")


def test_what_leaves_carries_numbers() -> None:
    assert outside_name("乙-2026-0001", 7, "努尔艾力的户口本.jpg") == "乙-2026-0001-附件-7.jpg"
    assert outside_name(None, 7, "x.pdf") == "附件-7.pdf"


def test_sizes_as_they_are_read() -> None:
    assert [size_text(size) for size in (0, 999, 1500, 999_000, 20 << 20)] == [
        "0 B",
        "999 B",
        "2 KB",
        "999 KB",
        "21.0 MB",
    ]


def test_a_picture_too_large_to_decode_is_refused_by_its_header() -> None:
    with pytest.raises(Refused) as refused:
        judge_picture(claiming_png(60_000, 60_000))
    assert "4000万" in refused.value.say()
    judge_picture(claiming_png(8000, 5000))
    for torn in (jpeg()[:200], png()[:-20], b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(Refused) as refused:
            judge_picture(torn)
        assert "不完整" in refused.value.say()


@pytest.mark.parametrize(
    "data",
    [telling_jpeg(), telling_png(), encoded(image(), "BMP"), encoded(image(), "WEBP"), jpeg(1601, 20), png(20, 1601)],
)
def test_a_picture_is_kept_only_after_it_was_drawn_anew(data: bytes) -> None:
    with pytest.raises(Refused):
        kept_kind(data, "a.jpg")


def test_what_is_kept_as_it_is() -> None:
    assert kept_kind(jpeg(1600, 20), "a") is FileKind.JPEG
    assert kept_kind(png(), "a") is FileKind.PNG
    assert kept_kind(PDF, "a") is FileKind.PDF


def test_rules_of_one_attachment() -> None:
    found = Attachment(child_id=1, name="x.pdf", kind=FileKind.PDF, size=1, sha256="0" * 64)
    assert check(found) == ()
    assert list(found.problems()) == []
    for level in (Level.L1, Level.L5):
        assert [p.field for p in replace(found, level=level).problems()] == ["level"]
        assert [p.field for p in NewAttachment(level=level).problems()] == ["level"]
    assert [p.field for p in day_problems(date(2026, 11, 25), date(2026, 11, 24))] == ["taken_on"]
    assert list(day_problems(None, date(2026, 11, 24))) == []
