"""Photos of sessions: what is kept of each, who is seen in it, and whether it may leave the station."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_, _
from stationdesk.records.attachments import FileSize, KindOfFile
from stationdesk.records.attendance import SessionRef
from stationdesk.records.calendar import new_uuid
from stationdesk.records.children import ChildName
from stationdesk.records.consents import Consent, ConsentKind, agreed
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.file_kinds import SUFFIXES, FileKind

# More of one session nobody looks through, and every backup carries them.
MOST_PHOTOS = 60


class Seen(Code):
    """Whether somebody can be made out in a photo, as the person says who looked at it."""

    UNSAID = "UNSAID", N_("还没有核对")
    NAMED = "NAMED", N_("只认得出勾选的孩子")
    NOBODY = "NOBODY", N_("看不出是谁")
    OTHERS = "OTHERS", N_("还认得出没登记的孩子")


# Who sees a photo is decided by the children in it; those who do see all that is said of it.
Caption = Annotated[str, Field(N_("说明"), max_length=60, private=True, level=Level.L2)]
WhoIsSeen = Annotated[Seen, Field(N_("照片里有谁"), level=Level.L2)]
ChildrenSeen = Annotated[tuple[int, ...], Field(N_("认得出的孩子"), level=Level.L2)]
PhotoRef = Annotated[int, Field(N_("活动照片"), level=Level.L2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPhoto:
    """One photo of a session; `kind`, `size` and `sha256` are those of the stored content."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    session_id: SessionRef
    caption: Caption | None = None
    seen: WhoIsSeen = Seen.UNSAID
    kind: KindOfFile
    size: FileSize
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoChild:
    """A child that can be made out in a photo; after a merge of files it may be said twice."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    photo_id: PhotoRef
    child_id: ChildRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoNote:
    """What is said of a photo: its caption and who is in it."""

    id: int | None
    version: int
    caption: Caption | None = None
    seen: WhoIsSeen = Seen.UNSAID
    children: ChildrenSeen = ()

    def problems(self) -> Iterator[Problem]:
        """Ticks and what is said above them agree."""
        if self.seen is Seen.NAMED and not self.children:
            yield Problem("children", N_("请勾选认得出的孩子；一个也认不出的，改选“看不出是谁”。"))
        if self.seen is Seen.NOBODY and self.children:
            yield Problem("children", N_("选了“看不出是谁”，请去掉勾选的孩子，或改选“只认得出勾选的孩子”。"))
        if self.seen is Seen.UNSAID and self.children:
            yield Problem("seen", N_("勾选了孩子，请说明是只认得出他们，还是还认得出没登记的孩子。"))


@dataclass(frozen=True, slots=True)
class Pictured:
    """A child in a photo, with what its file says of consents."""

    name: str
    birth: date | None
    consents: Sequence[Consent]


_UNSAID = N_("还没有核对照片里有谁，不能对外使用。请点“照片里有谁…”。")
_OTHERS = N_("照片里还认得出没登记的孩子，没有他们的同意，不能对外使用。")
_NOT_AGREED = N_("{name}没有有效的“{consent}”同意，照片不能对外使用。")


def why_private(seen: Seen, children: Iterable[Pictured], day: date) -> Problem | None:
    """What keeps a photo inside the station on `day`; None when it may be shown to others."""
    if seen is Seen.OTHERS:
        return Problem("", _OTHERS)
    found = tuple(children)
    if seen is Seen.UNSAID or (seen is Seen.NAMED and not found):
        return Problem("", _UNSAID)
    kind = ConsentKind.PHOTO_PUBLICITY
    for child in found:
        if not agreed(child.consents, kind, child.birth, day):
            return Problem("", _NOT_AGREED, {"name": child.name, "consent": kind.label})
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRow:
    """One photo as it is listed: who is in it, and why it may not be shown to others, if so today."""

    id: int
    caption: Caption | None
    seen: WhoIsSeen
    names: Annotated[tuple[str, ...], Field(N_("认得出的孩子"), private=True, level=Level.L2)]
    private: Problem | None

    @property
    def publicity_ok(self) -> bool:
        """Whether it may be shown to others today."""
        return self.private is None

    def told(self) -> str:
        """Who is in it, in words."""
        return "、".join((*self.names, *((self.seen.label,) if self.seen is not Seen.NAMED else ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoName:
    """A child that may be said to be in a photo."""

    child_id: ChildRef
    name: ChildName


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPhoto:
    """A photo that may be shown to others."""

    caption: Caption | None
    data: bytes = field(repr=False)


def photo_name(photo_id: int, kind: FileKind) -> str:
    """The name to leave the station under: no child's."""
    return "-".join((_("活动照片"), str(photo_id))) + SUFFIXES[kind][0]
