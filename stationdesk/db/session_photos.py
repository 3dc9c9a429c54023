"""Photos of sessions, kept inside the database: who may see them, and which may leave the station."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import (
    ActivitySessionTable,
    AttendanceTable,
    PhotoChildTable,
    SessionPhotoContentTable,
    SessionPhotoTable,
)
from stationdesk.db.child_lists import CONSENTS
from stationdesk.db.child_prints import by_child
from stationdesk.db.children_models import ChildTable
from stationdesk.db.children_scope import seen
from stationdesk.db.stores import Store, load_row, needs, record_of, remove, save, verify
from stationdesk.errors import Missing, Problem, Refused, StorageTrouble
from stationdesk.fields import Level
from stationdesk.i18n import N_
from stationdesk.records.access import Reach, Right
from stationdesk.records.attachments import NO_PICTURE, Content, kept_kind
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.children import is_seen
from stationdesk.records.file_kinds import PICTURES
from stationdesk.records.session_photos import (
    MOST_PHOTOS,
    PhotoChild,
    PhotoName,
    PhotoNote,
    PhotoRow,
    Pictured,
    PublicPhoto,
    Seen,
    SessionPhoto,
    photo_name,
    why_private,
)
from stationdesk.records.sessions import NOT_HELD

_NOT_ITSELF = N_("照片的内容和添加时不一样，没有打开。请从备份核对，并联系技术支持。")
_NOT_HELD = N_("这一场没有举行（{status}），不能添加照片。")
_TOO_MANY = N_("一场最多保存{count}张照片，请先删除一些。")
_TWICE = N_("这一场已经有同样的照片。")
_NOT_THERE = N_("只能勾选这一场名单里的孩子，请先在名单里登记。")


class SessionPhotoStore(Store):
    """The photos of sessions. Who may not know of a child in one finds no photo there; one nobody has
    looked at is for those who may know of every child."""

    def _is_mine(self, record: object) -> bool:
        # A photo is given out only after all children in it were found to be the person's to know of.
        return True

    @needs(Right.SEE_ACTIVITIES, reads="activity_session")
    def of_session(self, session_id: int) -> tuple[PhotoRow, ...]:
        """The photos of a session, as far as the person may see them, in the order they were added; raises
        `Missing`."""
        with self._database.read() as session:
            load_row(session, ActivitySessionTable, session_id)
            return tuple(self._lines(session, self._kept(session, session_id)))

    @needs(Right.SEE_ACTIVITIES)
    def load(self, photo_id: int) -> PhotoNote:
        """What is said of one, to be changed; raises `Missing`."""
        with self._database.read() as session:
            row = self._seen(session, photo_id)
            children = dict.fromkeys(line.child_id for line in _links(session, photo_id))
            return PhotoNote(
                id=row.id, version=row.version, caption=row.caption, seen=row.seen, children=tuple(children)
            )

    @needs(Right.SEE_ACTIVITIES)
    def names(self, photo_id: int) -> tuple[PhotoName, ...]:
        """Who may be said to be in a photo: those on the list of its session, and who is said already, by
        name; raises `Missing`."""
        with self._database.read() as session:
            row = self._seen(session, photo_id)
            ids = self._named(session, row.session_id) | {line.child_id for line in _links(session, photo_id)}
            child = ChildTable
            query = select(child.id, child.name).where(child.id.in_(ids)).order_by(child.name_key, child.id)
            return tuple(PhotoName(child_id=number, name=name) for number, name in session.execute(query))

    @needs(Right.SEE_ACTIVITIES)
    def picture(self, photo_id: int) -> bytes:
        """The bytes of one for its small picture in the list. Raises `Missing`, `StorageTrouble`."""
        with self._database.read() as session:
            return _data(session, self._seen(session, photo_id))

    @needs(Right.SEE_ACTIVITIES, reads="session_photo")
    def open_content(self, photo_id: int) -> Content:
        """One photo, to be shown large. Raises `Missing`, `StorageTrouble`."""
        with self._database.read() as session:
            return _content(session, self._seen(session, photo_id))

    @needs(Right.EDIT_ACTIVITIES, reads="session_photo")
    def take_out(self, photo_id: int) -> Content:
        """One photo, to leave the station: only while all children in it agree. Raises `Refused`, `Missing`,
        `StorageTrouble`."""
        with self._database.read() as session:
            row = self._seen(session, photo_id)
            [line] = self._lines(session, [row])
            Refused.over([line.private] if line.private is not None else [])
            return _content(session, row)

    @needs(Right.SEE_ACTIVITIES)
    def for_publicity(self, session_id: int) -> tuple[PublicPhoto, ...]:
        """Those of a session that may be shown to others today. Raises `Missing`, `StorageTrouble`."""
        with self._database.read() as session:
            load_row(session, ActivitySessionTable, session_id)
            kept = {row.id: row for row in self._kept(session, session_id)}
            shown = [line for line in self._lines(session, list(kept.values())) if line.publicity_ok]
            return tuple(PublicPhoto(caption=line.caption, data=_data(session, kept[line.id])) for line in shown)

    @needs(Right.EDIT_ACTIVITIES)
    def add(self, session_id: int, data: bytes, caption: str = "", uuid: str = "") -> int:
        """Keep a photo with a session; returns the id. It must have been drawn anew before. Saved again
        under the `uuid` of an attempt whose answer was lost, it is the same one. Raises `Refused`,
        `Missing`."""
        kind = kept_kind(data, "")
        if kind not in PICTURES:
            raise Refused(Problem("", NO_PICTURE))
        new = SessionPhoto(
            session_id=session_id,
            caption=caption.strip() or None,
            kind=kind,
            size=len(data),
            sha256=sha256(data).hexdigest(),
        )
        new = replace(new, uuid=uuid) if uuid else new
        verify(new)
        with self._database.write() as session:
            held = load_row(session, ActivitySessionTable, session_id)
            if held.status in NOT_HELD:
                raise Refused(Problem("", _NOT_HELD, {"status": held.status.label}))
            there = self._kept(session, session_id)
            known = next((row for row in there if row.uuid == new.uuid), None)
            if known is not None:
                return int(known.id)
            if any(row.sha256 == new.sha256 for row in there):
                raise Refused(Problem("", _TWICE))
            if len(there) >= MOST_PHOTOS:
                raise Refused(Problem("", _TOO_MANY, {"count": MOST_PHOTOS}))
            number = save(session, SessionPhotoTable, new, self._stamp())
            session.execute(insert(SessionPhotoContentTable), {"id": number, "data": data})
            return number

    @needs(Right.EDIT_ACTIVITIES)
    def change(self, note: PhotoNote) -> None:
        """Say anew what is seen in a photo. Raises `Refused`, `Conflict`, `Missing`."""
        verify(note)
        with self._database.write() as session:
            row = self._seen(session, note.id or 0)
            there = {line.child_id: line.id for line in _links(session, row.id)}
            fresh = set(note.children) - set(there)
            if fresh - self._named(session, row.session_id):
                raise Refused(Problem("children", _NOT_THERE))
            known = record_of(SessionPhoto, row)
            photo = replace(known, version=note.version, caption=note.caption, seen=note.seen)
            save(session, SessionPhotoTable, photo, self._stamp())
            for line in _links(session, row.id):
                if line.child_id not in note.children:
                    remove(session, PhotoChildTable, line.id, self._stamp())
            for child_id in sorted(fresh):
                save(session, PhotoChildTable, PhotoChild(photo_id=row.id, child_id=child_id), self._stamp())

    @needs(Right.EDIT_ACTIVITIES)
    def remove(self, photo_id: int) -> None:
        """Take one out: its line is marked, its bytes are overwritten for good. Raises `Missing`."""
        with self._database.write() as session:
            self._seen(session, photo_id)
            for line in _links(session, photo_id):
                remove(session, PhotoChildTable, line.id, self._stamp())
            remove(session, SessionPhotoTable, photo_id, self._stamp())
            session.execute(delete(SessionPhotoContentTable).where(SessionPhotoContentTable.id == photo_id))

    # --- shared ----------------------------------------------------------------------------------

    def _kept(self, session: Session, session_id: int) -> Sequence[Any]:
        table = SessionPhotoTable
        wanted = select(table).where(table.session_id == session_id, table.deleted_at.is_(None))
        return session.scalars(wanted.order_by(table.id)).all()

    def _seen(self, session: Session, photo_id: int) -> Any:
        """A photo's row; one that may not be seen is as `Missing` as one not there."""
        row = load_row(session, SessionPhotoTable, photo_id)
        if not self._sees(row, _children(session, [photo_id]).get(photo_id, ())):
            raise Missing
        return row

    def _sees(self, row: Any, children: Iterable[Any]) -> bool:
        if self._actor.sees(Level.L2) is Reach.ALL or row.seen is Seen.NOBODY:
            return True
        known = [is_seen(child.worker_id, child.counsellor_id, self._actor) for child in children]
        return row.seen is Seen.NAMED and bool(known) and all(known)

    def _lines(self, session: Session, rows: Sequence[Any]) -> Iterable[PhotoRow]:
        """The lines of those rows that the person may see."""
        children = _children(session, [row.id for row in rows])
        ids = sorted({child.id for found in children.values() for child in found})
        consents = by_child(session, ids, CONSENTS)
        for row in rows:
            there = children.get(row.id, ())
            if self._sees(row, there):
                pictured = [Pictured(child.name, child.birth_date, consents.get(child.id, ())) for child in there]
                yield PhotoRow(
                    id=row.id,
                    caption=row.caption,
                    seen=row.seen,
                    names=tuple(child.name for child in there),
                    private=why_private(row.seen, pictured, self._clock().date()),
                )

    def _named(self, session: Session, session_id: int) -> set[int]:
        """The children on the list of a session of whom the person may know."""
        table = AttendanceTable
        on_list = (
            select(table.child_id)
            .join(ChildTable, ChildTable.id == table.child_id)
            .where(table.session_id == session_id, table.state != AttendanceState.WITHDRAWN)
            .where(table.deleted_at.is_(None), seen(self._actor))
        )
        return set(session.scalars(on_list))


def _links(session: Session, photo_id: int) -> Sequence[Any]:
    table = PhotoChildTable
    kept = select(table).where(table.photo_id == photo_id, table.deleted_at.is_(None))
    return session.scalars(kept.order_by(table.id)).all()


def _children(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """Who is in each photo, by name, nobody twice."""
    link, child = PhotoChildTable, ChildTable
    query = (
        select(link.photo_id, child)
        .join(child, child.id == link.child_id)
        .where(link.photo_id.in_(ids), link.deleted_at.is_(None))
        .order_by(child.name_key, child.id)
    )
    found: dict[int, list[Any]] = {}
    for photo_id, row in session.execute(query):
        there = found.setdefault(photo_id, [])
        if row not in there:
            there.append(row)
    return found


def _content(session: Session, row: Any) -> Content:
    name = photo_name(row.id, row.kind)
    return Content(name=row.caption or name, outside_name=name, kind=row.kind, data=_data(session, row))


def _data(session: Session, row: Any) -> bytes:
    """The bytes, as they were kept; raises `StorageTrouble`."""
    table = SessionPhotoContentTable
    data = session.scalar(select(table.data).where(table.id == row.id))
    if data is None or sha256(data).hexdigest() != row.sha256:
        raise StorageTrouble(Problem("", _NOT_ITSELF))
    return bytes(data)
