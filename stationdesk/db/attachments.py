"""Attachments of a child's file, kept inside the database; the photo is one of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from stationdesk.db.child_lists import CONSENTS, lines
from stationdesk.db.children_models import AttachmentContentTable, AttachmentTable
from stationdesk.db.children_scope import child_row, is_open, is_writable, writable_row
from stationdesk.db.models import AccountTable, StaffTable
from stationdesk.db.stores import Store, load_row, needs, record_of, remove, save, verify
from stationdesk.errors import Denied, Missing, Problem, Refused, StorageTrouble
from stationdesk.fields import Level
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.attachments import (
    NO_PICTURE,
    NOT_AGREED,
    Attachment,
    AttachmentRow,
    Content,
    NewAttachment,
    Photo,
    day_problems,
    kept_kind,
    outside_name,
    size_text,
    tidy_file_name,
)
from stationdesk.records.consents import ConsentKind, agreed
from stationdesk.records.file_kinds import PICTURES

_NOT_ITSELF = N_("附件的内容和登记时不一样，没有打开。请从备份核对，并联系技术支持。")
_TWICE = N_("这个孩子的附件里已有同样内容的文件：{name}。")
_PLAIN = NewAttachment()


class AttachmentStore(Store):
    """The files kept with a child. Each has a level: those who do not see it find nothing there."""

    def _is_mine(self, record: object) -> bool:
        # A line is given out only after its level was found to be open.
        return True

    @needs(Right.SEE_CHILDREN, reads="child")
    def of_child(self, child_id: int) -> tuple[AttachmentRow, ...]:
        """What is kept with a child, as far as the person may see it, the latest first; raises `Missing`."""
        with self._database.read() as session:
            child = child_row(session, self._actor, child_id)
            names = _names(session)
            return tuple(
                _line(row, names) for row in _kept(session, child_id, photo=False) if self._sees(child, row.level)
            )

    @needs(Right.SEE_CHILDREN)
    def may_write(self, child_id: int) -> bool:
        """Whether this child's file is the person's own work, so that a screen offers what it may; raises
        `Missing`."""
        with self._database.read() as session:
            child = child_row(session, self._actor, child_id)
            return self._actor.may(Right.EDIT_CHILDREN) and is_writable(self._actor, child)

    @needs(Right.SEE_CHILDREN, reads="attachment")
    def load(self, attachment_id: int) -> Attachment:
        """What is said of one, to be changed; raises `Missing`."""
        with self._database.read() as session:
            return record_of(Attachment, self._seen(session, attachment_id)[1])

    @needs(Right.SEE_CHILDREN, reads="attachment")
    def open_content(self, attachment_id: int) -> Content:
        """One attachment with its bytes, to be shown. Raises `Missing`, `StorageTrouble`."""
        with self._database.read() as session:
            return _content(session, *self._seen(session, attachment_id))

    @needs(Right.EDIT_CHILDREN, reads="attachment")
    def take_out(self, attachment_id: int) -> Content:
        """One attachment with its bytes, to leave the station: for those whose own work the file is, so
        not in an emergency. Raises `Missing`, `Denied`, `StorageTrouble`."""
        with self._database.read() as session:
            child, row = self._seen(session, attachment_id)
            writable_row(session, self._actor, child.id)
            return _content(session, child, row)

    @needs(Right.EDIT_CHILDREN)
    def add(self, child_id: int, name: str, data: bytes, said: NewAttachment = _PLAIN, uuid: str = "") -> int:
        """Keep a file with a child; returns the id. Pictures must have been drawn anew before. Saved
        again under the `uuid` of an attempt whose answer was lost, it is the same one.
        Raises `Refused`, `Missing`, `Denied`."""
        new = _attachment(child_id, name, data, said, uuid)
        with self._database.write() as session:
            child = writable_row(session, self._actor, child_id)
            self._judge(new)
            if not self._sees(child, new.level):
                raise Denied
            for row in _kept(session, child_id, photo=False):
                # Of one that this person may not see, nothing is given away.
                if row.sha256 == new.sha256 and row.uuid != new.uuid and self._sees(child, row.level):
                    raise Refused(Problem("", _TWICE, {"name": row.name}))
            return self._keep(session, new, data)

    @needs(Right.EDIT_CHILDREN)
    def change(self, attachment: Attachment) -> None:
        """Change name, day, level and note; the content stays what it is. Raises `Refused`, `Conflict`,
        `Missing`, `Denied`."""
        with self._database.write() as session:
            child, row = self._own(session, attachment.id)
            old = record_of(Attachment, row)
            new = replace(
                old,
                version=attachment.version,
                name=tidy_file_name(attachment.name, old.kind),
                taken_on=attachment.taken_on,
                level=attachment.level,
                note=attachment.note,
            )
            self._judge(new)
            if not self._sees(child, new.level):
                raise Denied
            save(session, AttachmentTable, new, self._stamp())

    @needs(Right.EDIT_CHILDREN)
    def remove(self, attachment_id: int) -> None:
        """Take one out: its line is marked, its bytes are overwritten for good. Raises `Missing`, `Denied`."""
        with self._database.write() as session:
            self._own(session, attachment_id)
            self._drop(session, attachment_id)

    # --- the photo -------------------------------------------------------------------------------

    @needs(Right.SEE_CHILDREN, reads="child")
    def photo(self, child_id: int) -> Photo:
        """The photo of a child whose file is open to the person; to others as if there were none. It is
        not shown any more when the consent has ended. Raises `Missing`, `StorageTrouble`."""
        with self._database.read() as session:
            child = child_row(session, self._actor, child_id)
            if not is_open(self._actor, child, Level.L3):
                return Photo()
            row = next(iter(_kept(session, child_id, photo=True)), None)
            may = self._is_agreed(session, child)
            data = _content(session, child, row).data if row is not None and may else b""
            return Photo(agreed=may, held=row is not None, data=data)

    @needs(Right.EDIT_CHILDREN)
    def set_photo(self, child_id: int, data: bytes) -> int:
        """Put a photo in the place of the present one; returns the id. Only with a consent that holds
        today. Raises `Refused`, `Missing`, `Denied`."""
        new = replace(_attachment(child_id, "", data, _PLAIN, ""), is_photo=True)
        with self._database.write() as session:
            child = writable_row(session, self._actor, child_id)
            if new.kind not in PICTURES:
                raise Refused(Problem("", NO_PICTURE))
            if not self._is_agreed(session, child):
                raise Refused(Problem("", NOT_AGREED))
            for row in _kept(session, child_id, photo=True):
                self._drop(session, row.id)
            return self._keep(session, new, data)

    @needs(Right.EDIT_CHILDREN)
    def remove_photo(self, child_id: int) -> None:
        """Take the photo out for good; raises `Missing`, `Denied`."""
        with self._database.write() as session:
            writable_row(session, self._actor, child_id)
            for row in _kept(session, child_id, photo=True):
                self._drop(session, row.id)

    # --- shared ----------------------------------------------------------------------------------

    def _sees(self, child: Any, level: Level) -> bool:
        return is_open(self._actor, child, level)

    def _seen(self, session: Session, attachment_id: int) -> tuple[Any, Any]:
        """A child's row and an attachment's; one that may not be seen is as `Missing` as one not there."""
        row = load_row(session, AttachmentTable, attachment_id)
        child = child_row(session, self._actor, row.child_id)
        if row.is_photo or not self._sees(child, row.level):
            raise Missing
        return child, row

    def _own(self, session: Session, attachment_id: int | None) -> tuple[Any, Any]:
        """The same, to write."""
        if attachment_id is None:
            raise Missing
        child, row = self._seen(session, attachment_id)
        writable_row(session, self._actor, child.id)
        return child, row

    def _is_agreed(self, session: Session, child: Any) -> bool:
        today = self._clock().date()
        return agreed(lines(session, child.id, CONSENTS), ConsentKind.PHOTO_FILE, child.birth_date, today)

    def _judge(self, attachment: Attachment) -> None:
        verify(attachment)
        Refused.over(day_problems(attachment.taken_on, self._clock().date()))

    def _keep(self, session: Session, attachment: Attachment, data: bytes) -> int:
        known = session.scalar(select(AttachmentTable.id).where(AttachmentTable.uuid == attachment.uuid))
        if known is not None:
            return known
        number = save(session, AttachmentTable, attachment, self._stamp())
        session.execute(insert(AttachmentContentTable), {"id": number, "data": data})
        return number

    def _drop(self, session: Session, attachment_id: int) -> None:
        remove(session, AttachmentTable, attachment_id, self._stamp())
        session.execute(delete(AttachmentContentTable).where(AttachmentContentTable.id == attachment_id))


def _attachment(child_id: int, name: str, data: bytes, said: NewAttachment, uuid: str) -> Attachment:
    """What is kept of a file beside its bytes; raises `Refused` for what does not come in."""
    kind = kept_kind(data, name)
    found = Attachment(
        child_id=child_id,
        name=tidy_file_name(name, kind),
        kind=kind,
        size=len(data),
        sha256=sha256(data).hexdigest(),
        taken_on=said.taken_on,
        level=said.level,
        note=said.note,
    )
    return replace(found, uuid=uuid) if uuid else found


def _kept(session: Session, child_id: int, *, photo: bool) -> Iterable[Any]:
    table = AttachmentTable
    wanted = select(table).where(table.child_id == child_id, table.deleted_at.is_(None), table.is_photo.is_(photo))
    return session.scalars(wanted.order_by(table.id.desc())).all()


def _content(session: Session, child: Any, row: Any) -> Content:
    data = session.scalar(select(AttachmentContentTable.data).where(AttachmentContentTable.id == row.id))
    if data is None or sha256(data).hexdigest() != row.sha256:
        raise StorageTrouble(Problem("", _NOT_ITSELF))
    return Content(name=row.name, outside_name=outside_name(child.file_no, row.id, row.name), kind=row.kind, data=data)


def _names(session: Session) -> dict[str, str]:
    query = select(AccountTable.username, StaffTable.name).join(StaffTable, StaffTable.id == AccountTable.staff_id)
    return {row.username: row.name for row in session.execute(query)}


def _line(row: Any, names: dict[str, str]) -> AttachmentRow:
    return AttachmentRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        length=row.size,
        size=size_text(row.size),
        taken_on=row.taken_on,
        level=row.level,
        note=row.note,
        added_on=datetime.fromisoformat(row.created_at).replace(tzinfo=None),
        added_by=names.get(row.created_by, row.created_by),
    )
