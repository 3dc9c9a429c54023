"""Attachments of a child's file: what is kept of each, their names, and what may come in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from stationdesk.errors import Problem, Refused
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.calendar import new_uuid
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.file_kinds import PICTURES, SUFFIXES, FileKind, broken, kind_of
from stationdesk.records.image_headers import is_whole, sides, traces

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
LONGEST_NAME = 120
LEVELS = (Level.L2, Level.L3, Level.L4)

# Who sees an attachment is decided by its own level; those who do see all of the line.
FileName = Annotated[str, Field(N_("文件名"), max_length=LONGEST_NAME, private=True, level=Level.L2)]
KindOfFile = Annotated[FileKind, Field(N_("类型"), level=Level.L2)]
FileSize = Annotated[int, Field(N_("大小"), unit=N_("字节"), level=Level.L2)]
SizeText = Annotated[str, Field(N_("大小"), max_length=7, level=Level.L2)]
TakenOn = Annotated[date, Field(N_("日期"), level=Level.L2, hint=N_("拍摄或形成的日期"))]
FileLevel = Annotated[
    Level,
    Field(
        N_("查看级别"),
        level=Level.L2,
        hint=N_("内部：能看到这个孩子的人；个人：档案对其开放的人；限制：还能看限制内容的人"),
    ),
]
FileNote = Annotated[str, Field(N_("备注"), max_length=200, multiline=True, private=True, level=Level.L2)]
AddedOn = Annotated[datetime, Field(N_("添加时间"), level=Level.L2)]
AddedBy = Annotated[str, Field(N_("添加人"), max_length=40, level=Level.L2)]

# Marks that turn the direction of writing: with them “exe.gpj” is read as a picture.
_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
# What Windows does not take in a name, and what no name should have.
_UNFIT = re.compile('[\x00-\x1f\x7f<>:"|?*\ud800-\udfff\ufffe\uffff]')
# An ending has a letter; what stands behind the last point of “2026.11.24” is none.
_SUFFIX = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file kept with a child; `kind`, `size` and `sha256` are those of the stored content."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    name: FileName = ""
    kind: KindOfFile
    size: FileSize
    sha256: str
    taken_on: TakenOn | None = None
    level: FileLevel = Level.L3
    is_photo: bool = False
    note: FileNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one attachment."""
        yield from level_problems(self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """One line of the list; `length` is the size in bytes."""

    id: int
    name: FileName
    kind: KindOfFile
    length: int
    size: SizeText
    taken_on: TakenOn | None
    level: FileLevel
    note: FileNote | None
    added_on: AddedOn
    added_by: AddedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttachment:
    """What is said of files when they are added; each becomes an attachment of its own."""

    taken_on: TakenOn | None = None
    level: FileLevel = Level.L3
    note: FileNote | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields."""
        yield from level_problems(self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An opened attachment; `outside_name` is the one it has when it leaves the station: numbers only."""

    name: str
    outside_name: str
    kind: FileKind
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The photo of a child, without its content when no consent holds; `held` says that one is kept."""

    agreed: bool = False
    held: bool = False
    data: bytes = field(default=b"", repr=False)


NOT_AGREED = N_("没有有效的“档案照片”知情同意，不能保存照片。请先登记监护人和孩子本人的同意。")
NO_PICTURE = N_("这个文件不是照片，请选择JPG或PNG图片。")
_TOO_MANY_PIXELS = N_("图片有{count}万像素，超过4000万，没有打开。请缩小后再添加。")


def level_problems(level: Level) -> Iterator[Problem]:
    """What is public needs no file, and counselling notes have a place of their own."""
    if level not in LEVELS:
        yield Problem("level", N_("附件的查看级别只能是内部、个人或限制。"))


def day_problems(taken_on: date | None, today: date) -> Iterator[Problem]:
    """Nothing was taken tomorrow."""
    if taken_on is not None and taken_on > today:
        yield Problem("taken_on", N_("日期还没有到，请改正。"))


def judge_picture(data: bytes) -> None:
    """Look at a picture's header, before it is decoded; raises `Refused`."""
    found = sides(data)
    if found is None:
        raise broken()
    if found.pixels > MOST_PIXELS:
        raise Refused(Problem("", _TOO_MANY_PIXELS, {"count": found.pixels // 10_000}))
    if not is_whole(data):
        raise broken()


def kept_kind(data: bytes, name: str) -> FileKind:
    """The kind of what is to be stored; raises `Refused`. A picture must have been drawn anew before:
    as JPEG or PNG, no longer than `LONGEST_SIDE`, and silent about its place and maker."""
    kind = kind_of(data, name)
    if kind in PICTURES:
        judge_picture(data)
        found = sides(data)
        small = found is not None and max(found) <= LONGEST_SIDE
        if kind not in (FileKind.JPEG, FileKind.PNG) or traces(data) or not small:
            raise broken()
    return kind


def tidy_file_name(name: str, kind: FileKind) -> str:
    """The last part of a path without what is unfit in a name, with an ending that tells the truth."""
    last = re.split(r"[/\\]", name)[-1]
    last = " ".join(_UNFIT.sub("", _TURNING.sub("", last)).split()).strip(". ")
    found = _SUFFIX.search(last)
    stem, suffix = (last[: found.start()], found.group().lower()) if found else (last, "")
    if suffix not in SUFFIXES[kind]:
        inner = _SUFFIX.search(stem)
        if inner and inner.group().lower() in SUFFIXES[kind]:
            stem, suffix = stem[: inner.start()], inner.group().lower()
        else:
            suffix = SUFFIXES[kind][0]
    stem = stem.rstrip(". ") or _("附件")
    return stem[: LONGEST_NAME - len(suffix)] + suffix


def outside_name(file_no: str | None, attachment_id: int, name: str) -> str:
    """The name to leave the station under: no child's, and none the family gave it."""
    suffix = _SUFFIX.search(name)
    parts = [file_no] if file_no else []
    return "-".join([*parts, _("附件"), str(attachment_id)]) + (suffix.group() if suffix else "")


def size_text(size: int) -> str:
    """A size as it is read."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
