"""What a file is, told by its content: its name may only speak against it, never for it."""

import re
import zipfile
from codecs import getincrementaldecoder
from collections.abc import Mapping
from io import BytesIO

from stationdesk.codes import Code
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.image_headers import JPEG, PNG, is_webp

LARGEST = 20 << 20
_MOST_ENTRIES, _MOST_UNPACKED, _MOST_RATIO = 1000, 100 << 20, 100


class FileKind(Code):
    """Kinds that are kept. GIF, BMP and WebP are known, and become JPEG or PNG on the way in."""

    JPEG = "JPEG", N_("照片")
    PNG = "PNG", N_("图片")
    GIF = "GIF", N_("GIF 图片")
    BMP = "BMP", N_("BMP 图片")
    WEBP = "WEBP", N_("WebP 图片")
    PDF = "PDF", N_("PDF")
    DOCX = "DOCX", N_("文字文档")
    XLSX = "XLSX", N_("电子表格")
    OLD_TEXT = "OLD_TEXT", N_("文字文档（旧格式）")
    OLD_SHEET = "OLD_SHEET", N_("电子表格（旧格式）")
    TEXT = "TEXT", N_("纯文本")


PICTURES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.BMP, FileKind.WEBP})
# The endings a kind may have in a name; the first is given to one that has another.
SUFFIXES: Mapping[FileKind, tuple[str, ...]] = {
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
    FileKind.GIF: (".gif",),
    FileKind.BMP: (".bmp",),
    FileKind.WEBP: (".webp",),
    FileKind.PDF: (".pdf",),
    FileKind.DOCX: (".docx", ".wps"),
    FileKind.XLSX: (".xlsx", ".et"),
    FileKind.OLD_TEXT: (".doc", ".wps"),
    FileKind.OLD_SHEET: (".xls", ".et"),
    FileKind.TEXT: (".txt", ".csv", ".md"),
}

_EMPTY = N_("文件是空的，请检查后重新选择。")
_TOO_LARGE = N_("文件超过20MB，请压缩或拆分后再添加。")
_PROGRAM = N_("程序、脚本和快捷方式不能作为附件。")
_WEB = N_("网页和SVG图形里可以藏有脚本，不能作为附件。请打印成PDF或截图后再添加。")
_MACROS = N_("文档里带有宏，不能作为附件。请在WPS里另存为不带宏的格式后再添加。")
_SEALED = N_("文档设了打开密码，以后可能打不开。请去掉密码后再添加。")
_HEIC = N_("HEIC照片打不开。请在手机上改存为JPG，或截图后再添加。")
_UNKNOWN = N_("不支持这种文件。可以添加照片（JPG、PNG、BMP、GIF、WebP）、PDF、Word、Excel、WPS文档和纯文本。")
_BROKEN = N_("文件不完整或已损坏，请重新复制或重新拍摄后再添加。")
_BOMB = N_("文档解开后太大，不能作为附件。请检查文件来源。")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",
    b"#!",
    b"dex\n",
)
_PROGRAM_NAMES = re.compile(
    r"\.(exe|com|scr|pif|dll|msi|cpl|bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|hta|reg|lnk|url|sh|py|pyw|pl|rb|php"
    r"|jar|apk|app|desktop|inf|chm|scf)[. ]*$",
    re.IGNORECASE,
)
_WEB_NAMES = re.compile(r"\.(html?|xhtml|shtml|mht|mhtml|svgz?|xml)[. ]*$", re.IGNORECASE)
_WEB_MARKS = re.compile(r"<(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)\b", re.IGNORECASE)
_SCRIPT_MARKS = re.compile(
    r"\A\s*(@?echo off|windows registry editor|regedit4|\[internetshortcut\]|\[desktop entry\])", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LEGIBLE = 65536
_SLICE = 1 << 16


def kind_of(data: bytes, name: str) -> FileKind:
    """What `data` is; raises `Refused` with the sentence for what is not taken in."""
    if not data:
        raise _refused(_EMPTY)
    if len(data) > LARGEST:
        raise _refused(_TOO_LARGE)
    if data.startswith(_PROGRAMS) or _PROGRAM_NAMES.search(name) or (data.startswith(b"MZ") and not _is_prose(data)):
        raise _refused(_PROGRAM)
    for start, kind in (
        (JPEG, FileKind.JPEG),
        (PNG, FileKind.PNG),
        ((b"GIF87a", b"GIF89a"), FileKind.GIF),
        (b"BM", FileKind.BMP),
    ):
        if data.startswith(start) and not (kind is FileKind.BMP and _is_prose(data)):
            return kind
    if is_webp(data):
        return FileKind.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"):
        raise _refused(_HEIC)
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(_OLE):
        return _old_office(data)
    return _plain(data, name)


def is_too_large(size: int) -> bool:
    """Whether a file of that many bytes need not even be read."""
    return size > LARGEST


def too_large() -> Refused:
    """The refusal of such a file."""
    return _refused(_TOO_LARGE)


def broken() -> Refused:
    """The refusal of a file that ends too early or makes no sense inside."""
    return _refused(_BROKEN)


def legible(data: bytes) -> str | None:
    """The text in plain bytes (UTF-8, UTF-16 with its mark, GB18030); None when it is none."""
    codes: tuple[str, ...] = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    return next((text for code in codes if (text := _decoded(data, code)) is not None), None)


def _decoded(data: bytes, code: str) -> str | None:
    """The text in one writing. Slice by slice: as one piece it would hold up every other thread."""
    decoder, parts = getincrementaldecoder(code)(), []
    for at in range(0, len(data), _SLICE):
        try:
            parts.append(decoder.decode(data[at : at + _SLICE], at + _SLICE >= len(data)))
        except UnicodeDecodeError:
            return None
        if _CONTROL.search(parts[-1]):
            return None
    return "".join(parts)


def _refused(sentence: str) -> Refused:
    return Refused(Problem("", sentence))


def _is_prose(data: bytes) -> bool:
    """Two letters are a short signature: a note may begin with BM or MZ as well."""
    return legible(data) is not None


def _pdf(data: bytes) -> FileKind:
    if b"%%EOF" not in data[-4096:]:
        raise _refused(_BROKEN)
    return FileKind.PDF


def _zipped(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            entries = bundle.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as torn:
        raise _refused(_BROKEN) from torn
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > min(_MOST_UNPACKED, _MOST_RATIO * len(data)):
        raise _refused(_BOMB)
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith(("vbaproject.bin", "jsaproject.bin")) for name in names):
        raise _refused(_MACROS)
    if "[content_types].xml" in names:
        if "word/document.xml" in names:
            return FileKind.DOCX
        if "xl/workbook.xml" in names:
            return FileKind.XLSX
    raise _refused(_UNKNOWN)


def _old_office(data: bytes) -> FileKind:
    # The folder of an OLE file lists its streams by name in UTF-16; where in the file it lies differs.
    def holds(*names: str) -> bool:
        return any(name.encode("utf-16-le") + b"\0\0" in data for name in names)

    if holds("EncryptedPackage"):
        raise _refused(_SEALED)
    if holds("_VBA_PROJECT", "_VBA_PROJECT_CUR"):
        raise _refused(_MACROS)
    if holds("WordDocument"):
        return FileKind.OLD_TEXT
    if holds("Workbook", "Book"):
        return FileKind.OLD_SHEET
    raise _refused(_UNKNOWN)


def _plain(data: bytes, name: str) -> FileKind:
    text = legible(data)
    if text is None:
        raise _refused(_UNKNOWN)
    start = text[:_LEGIBLE]
    if _WEB_MARKS.search(start) or _WEB_NAMES.search(name):
        raise _refused(_WEB)
    if _SCRIPT_MARKS.search(start):
        raise _refused(_PROGRAM)
    return FileKind.TEXT
