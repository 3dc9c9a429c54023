"""The tables of photos of sessions; those of records are compared with them by a test."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.db.models import Base, Kept
from stationdesk.db.types import Coded
from stationdesk.records import attachments, file_kinds, session_photos


class SessionPhotoTable(Kept, Base):
    """`records.session_photos.SessionPhoto`."""

    __tablename__ = "session_photo"

    session_id: Mapped[int] = mapped_column(ForeignKey("activity_session.id", ondelete="RESTRICT"), index=True)
    caption: Mapped[session_photos.Caption | None]
    seen: Mapped[session_photos.Seen] = mapped_column(Coded(session_photos.Seen))
    kind: Mapped[file_kinds.FileKind] = mapped_column(Coded(file_kinds.FileKind))
    size: Mapped[attachments.FileSize]
    sha256: Mapped[str] = mapped_column(String(64))


class SessionPhotoContentTable(Base):
    """The bytes of a photo, under its id: apart, so that a list never reads over them."""

    __tablename__ = "session_photo_content"

    id: Mapped[int] = mapped_column(ForeignKey("session_photo.id", ondelete="RESTRICT"), primary_key=True)
    data: Mapped[bytes]


class PhotoChildTable(Kept, Base):
    """`records.session_photos.PhotoChild`; a merge of files moves lines, so a child may stand here twice."""

    __tablename__ = "session_photo_child"

    photo_id: Mapped[int] = mapped_column(ForeignKey("session_photo.id", ondelete="RESTRICT"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="RESTRICT"), index=True)
