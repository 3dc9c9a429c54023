"""Kinds are told by content; what could run, hide or burst is refused with a sentence."""

import pytest

from stationdesk.errors import Refused
from stationdesk.records.file_kinds import LARGEST, FileKind, is_too_large, kind_of, legible
from tests.pictures import PDF, docx, encoded, image, jpeg, ole, png, zipped

SHEET = zipped("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (jpeg(), FileKind.JPEG),
        (png(), FileKind.PNG),
        (b"GIF89a\x01\0\x01\0\0\0\0\x3b", FileKind.GIF),
        (encoded(image(), "BMP"), FileKind.BMP),
        (encoded(image(), "WEBP"), FileKind.WEBP),
        (PDF, FileKind.PDF),
        (docx(), FileKind.DOCX),
        (SHEET, FileKind.XLSX),
        (ole("Root Entry", "WordDocument"), FileKind.OLD_TEXT),
        (ole("Root Entry", "Workbook"), FileKind.OLD_SHEET),
        (ole("Root Entry", "Book"), FileKind.OLD_SHEET),
        ("BMI指数正常。\n第二行".encode(), FileKind.TEXT),
        ("MZ同学来访".encode("gb18030"), FileKind.TEXT),
        ("走访记录".encode("utf-16"), FileKind.TEXT),
    ],
    ids=lambda value: value.code if isinstance(value, FileKind) else "",
)
def test_content_tells_whatever_the_name_says(data: bytes, kind: FileKind) -> None:
    for name in ("a.jpg", "b.pdf", "没有后缀", "c.docx"):
        assert kind_of(data, name) is kind


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.jpg", "空的"),
        (b"x" * (LARGEST + 1), "a.txt", "20MB"),
        (b"MZ\x90\0\x03\0\0\0", "照片.jpg", "程序"),
        (b"\x7fELF\x02\x01", "a.pdf", "程序"),
        (b"\xca\xfe\xba\xbe\0\0", "a.txt", "程序"),
        (b"L\0\0\0\x01\x14\x02\0", "a.txt", "程序"),
        (b"#!/bin/sh\n%PDF-1.4\n%%EOF", "a.pdf", "程序"),
        (b"@echo off\r\ndel *", "a.txt", "程序"),
        (b"[InternetShortcut]\r\nURL=x", "a.txt", "程序"),
        (b"dir", "a.bat", "程序"),
        (b"dir", "a.BAT. ", "程序"),
        (jpeg(), "a.exe", "程序"),
        (b"<!DOCTYPE html><p>", "a.txt", "网页"),
        (b"note\n<script>x</script>", "a.txt", "网页"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.png", "网页"),
        (b"<?xml version='1.0'?><svg/>", "a.jpg", "网页"),
        ("﻿<html>".encode("utf-16"), "a.txt", "网页"),
        (b"hello", "a.html", "网页"),
        (docx("word/vbaProject.bin"), "a.docx", "宏"),
        (ole("WordDocument", "_VBA_PROJECT"), "a.doc", "宏"),
        (ole("EncryptedPackage"), "a.docx", "打开密码"),
        (ole("Property"), "a.msi.doc", "不支持"),
        (zipped("a.txt"), "a.docx", "不支持"),
        (zipped("META-INF/MANIFEST.MF", "a.class"), "a.docx", "不支持"),
        (zipped(*(f"{n}" for n in range(1001))), "a.docx", "太大"),
        (zipped("[Content_Types].xml", "word/document.xml", size=3_000_000), "a.docx", "太大"),
        (docx()[:-30], "a.docx", "不完整"),
        (PDF[:-10], "a.pdf", "不完整"),
        (b"\0\0\0\x18ftypheic\0\0", "IMG_1.jpg", "HEIC"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a.pdf", "不支持"),
        (b"RIFF\x10\0\0\0AVI LIST", "a.avi", "不支持"),
    ],
)
def test_what_is_not_taken_in_is_told_in_a_sentence(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        kind_of(data, name)
    assert words in refused.value.say()


def test_the_largest_file_is_just_taken() -> None:
    assert kind_of(b"x" * LARGEST, "a.txt") is FileKind.TEXT
    assert (is_too_large(LARGEST), is_too_large(LARGEST + 1)) == (False, True)


def test_what_is_two_things_is_taken_for_the_one_that_is_shown() -> None:
    # A picture with an archive behind it: drawn anew, the archive is gone.
    assert kind_of(jpeg() + zipped("a.class"), "a.jpg") is FileKind.JPEG
    assert kind_of(PDF + zipped("a.class") + b"%%EOF", "a.pdf") is FileKind.PDF


def test_texts_of_every_writing_here() -> None:
    words = "努尔艾力·吐尔洪江 نۇرئەلى 贺兰朵"
    assert legible(words.encode()) == legible(words.encode("utf-8-sig")) == legible(words.encode("utf-16")) == words
    assert legible("贺兰朵".encode("gb18030")) == "贺兰朵"
    # Slices part letters of several bytes.
    for code in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        assert legible(("x" + words * 5000).encode(code)) == "x" + words * 5000
    for broken in ("贺".encode() * 30_000 + b"\0", words.encode() + b"\xff\xff", words.encode("utf-16")[:-1]):
        assert legible(broken) is None
    assert legible(b"\x00\x01") is legible(b"\xff\xfe\x00") is None
