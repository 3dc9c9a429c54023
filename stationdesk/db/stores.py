"""What all stores share: the declared right, and loading and saving a record by its fields."""

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.engine import Database
from stationdesk.db.models import Base, Kept
from stationdesk.errors import Conflict, Denied, Missing, Refused
from stationdesk.fields import check
from stationdesk.records.access import Actor, Right
from stationdesk.records.calendar import BEIJING, Clock, beijing_now

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S", bound="Store")

# What a record never carries into its table: the database's own columns.
_OWN = {"id", "version"}


class Store:
    """One feature's doors to the station file: each public method one action, one transaction."""

    def __init__(self, database: Database, actor: Actor, clock: Clock = beijing_now) -> None:
        self._database = database
        self._actor = actor
        self._clock = clock

    def _stamp(self) -> tuple[str, str]:
        """When (with offset) and by whom."""
        return self._clock().replace(tzinfo=BEIJING).isoformat(timespec="seconds"), self._actor.username


def needs(right: Right) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """Declare the right a public store method asks for; without it the call raises `Denied`."""

    def declare(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        @wraps(method)
        def guarded(store: S, *args: P.args, **kwargs: P.kwargs) -> T:
            if not store._actor.may(right):
                raise Denied
            return method(store, *args, **kwargs)

        guarded.__dict__["right"] = right
        return cast(Callable[Concatenate[S, P], T], guarded)

    return declare


def record_of(cls: type[R], row: Base) -> R:
    """The frozen record a table row holds; every field of `cls` is a column of the same name."""
    return cls(**{item.name: getattr(row, item.name) for item in fields(cls)})  # type: ignore[arg-type]


def all_records(session: Session, cls: type[R], table: Any, *order: Any) -> tuple[R, ...]:
    """All kept rows of a small table as records."""
    kept = select(table).where(table.deleted_at.is_(None)).order_by(*order)
    return tuple(record_of(cls, row) for row in session.scalars(kept))


def load(session: Session, cls: type[R], table: Any, record_id: int) -> R:
    """One record; raises `Missing`."""
    return record_of(cls, load_row(session, table, record_id))


def load_row(session: Session, table: Any, record_id: int) -> Any:
    """One table row, to be changed inside the store only; raises `Missing`."""
    row = session.get(table, record_id)
    if row is None or row.deleted_at is not None:
        raise Missing
    return row


def verify(record: object) -> None:
    """Raise `Refused` with all problems of a record's fields and of its own rules."""
    own = getattr(record, "problems", None)
    Refused.over((*check(record), *(own() if own else ())))


def save(session: Session, table: Any, record: Any, stamp: tuple[str, str], **more: object) -> int:
    """Insert or update `record`, and the columns in `more`; returns the id.

    A record without id whose uuid is there already was saved by an attempt whose answer was lost:
    it is updated, never doubled. Raises `Conflict` on an old version, `Missing` on a deleted row.
    """
    values = {i.name: getattr(record, i.name) for i in fields(record) if i.name not in _OWN} | more
    row = _row_for(session, table, record)
    if row is None:
        row = table(**values, created_at=stamp[0], created_by=stamp[1], updated_at=stamp[0], updated_by=stamp[1])
        session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        if session.is_modified(row):
            row.updated_at, row.updated_by = stamp
    session.flush()
    return int(row.id)


def _row_for(session: Session, table: Any, record: Any) -> Any:
    if record.id is None:
        return session.scalar(select(table).where(table.uuid == record.uuid))
    row = load_row(session, table, record.id)
    if row.version != record.version:
        raise Conflict
    return row


def remove(session: Session, table: Any, record_id: int, stamp: tuple[str, str]) -> None:
    """Mark one row as deleted; raises `Missing`."""
    row: Kept = load_row(session, table, record_id)
    row.deleted_at = row.updated_at = stamp[0]
    row.updated_by = stamp[1]
