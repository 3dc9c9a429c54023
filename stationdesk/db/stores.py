"""What all stores share: the declared right, and loading and saving a record by its fields."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.engine import Database
from stationdesk.db.models import Kept
from stationdesk.errors import Conflict, Denied, Missing, Refused, StorageTrouble
from stationdesk.fields import check
from stationdesk.records.access import Actor, Right
from stationdesk.records.audit import Action
from stationdesk.records.calendar import BEIJING, Clock, beijing_now
from stationdesk.records.masking import project, with_hidden_of

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

    def _is_mine(self, record: object) -> bool:
        """Whether a record belongs to the actor's own work; a store whose records can says so."""
        return False

    def _shown(self, result: Any) -> Any:
        """What a public method returns as the actor may see it: a record, or a tuple of them."""
        if isinstance(result, tuple) and result and is_dataclass(result[0]):
            return tuple(self._shown(record) for record in result)
        if is_dataclass(result) and not isinstance(result, type):
            return project(result, self._actor, own=self._is_mine(result))
        return result

    def _completed(self, old: R, typed: R) -> R:
        """`typed` with what its form did not show to the actor taken from the stored record."""
        return with_hidden_of(old, typed, self._actor, own=self._is_mine(old))

    def _note(self, action: Action, kind: str = "", object_id: int | None = None, result: str = "") -> None:
        """Put a line into the audit; a disk that takes none is no reason to refuse a look."""
        with suppress(StorageTrouble):
            self._database.note(action, kind, object_id, result)


def needs(
    right: Right, *, reads: str = "", searches: str = ""
) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """Declare the right a public store method asks for; without it the call raises `Denied`.

    Records it returns are masked for the actor on the way out: a store cannot forget it.
    `reads` names the kind of single record that the method's first argument opens, `searches` the
    kind that its first argument looks for: both are noted in the audit, as is being denied.
    """

    def declare(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        @wraps(method)
        def guarded(store: S, *args: P.args, **kwargs: P.kwargs) -> T:
            if not store._actor.may(right):
                store._note(Action.DENIED, result=f"{type(store).__name__}.{method.__name__}")
                raise Denied
            result = method(store, *args, **kwargs)
            if reads:
                store._note(Action.READ, reads, cast(int, (*args, *kwargs.values())[0]))
            elif searches and _words_of(*args, **kwargs):
                store._note(Action.SEARCH, searches)
            return cast(T, store._shown(result))

        guarded.__dict__["right"] = right
        return cast(Callable[Concatenate[S, P], T], guarded)

    return declare


def _words_of(query: object = "", *_args: object, **more: object) -> object:
    """What a search looks for: its first argument, or the words of the query that is."""
    return getattr(query, "words", query) or more.get("words")


def record_of(cls: type[R], row: object) -> R:
    """The frozen record a table row, or a record with more fields, holds: every field of `cls` is there
    under the same name."""
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
