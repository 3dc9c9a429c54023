"""The one projector: a record as a person may see it, for screens, searches, prints and exports."""

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from stationdesk.codes import Code
from stationdesk.fields import Described, Level, describe
from stationdesk.i18n import N_
from stationdesk.records.access import Actor, Reach, Right

R = TypeVar("R")

_STAR = "*"


class Disclosure(Code):
    """How much of a record goes on paper, the least first; notes of counselling (L5) never do."""

    MASKED = "MASKED", N_("遮盖证件号码、电话、住址等")
    WHOLE = "WHOLE", N_("完整")
    RESTRICTED = "RESTRICTED", N_("完整，并含限制内容")

    @property
    def right(self) -> Right:
        """The right it takes."""
        return _RIGHTS[self]


_RIGHTS = {
    Disclosure.MASKED: Right.PRINT_CHILDREN,
    Disclosure.WHOLE: Right.PRINT_WHOLE,
    Disclosure.RESTRICTED: Right.PRINT_RESTRICTED,
}


def project(record: R, actor: Actor, *, own: bool = False) -> R:
    """`record` with each field masked or emptied that `actor` may not see; `own` says whether the
    record belongs to the actor's own work (a caseload, a client)."""
    changes = {
        column.name: masked_value(column, getattr(record, column.name), actor.sees(column.field.level))
        for column in hidden_fields(type(record), actor, own=own)
    }
    return replace(record, **changes) if changes else record  # type: ignore[type-var]


def with_hidden_of(old: R, typed: R, actor: Actor, *, own: bool = False) -> R:
    """`typed` with the fields that `actor` does not see whole as they were in `old`: what stood in
    their place on the screen must not be saved over them."""
    hidden = {column.name: getattr(old, column.name) for column in hidden_fields(type(old), actor, own=own)}
    return replace(typed, **hidden) if hidden else typed  # type: ignore[type-var]


def hidden_fields(cls: type, actor: Actor, *, own: bool = False) -> tuple[Described, ...]:
    """The fields of a record class that `actor` does not see whole: they are not theirs to change."""
    return tuple(column for column in describe(cls) if not is_open(column.field.level, actor, own=own))


def is_open(level: Level, actor: Actor, *, own: bool = False) -> bool:
    """Whether `actor` sees `level` of a record whole."""
    found = actor.sees(level)
    return found is Reach.ALL or (found is Reach.OWN and own)


def masked_value(column: Described, value: Any, found: Reach) -> Any:
    """What stands in place of a value: its mask where the role sees masked, else nothing at all."""
    if found is Reach.MASKED and column.field.mask and isinstance(value, str) and value:
        head, tail = column.field.mask
        return mask(value, head, tail)
    if column.many:
        return ()
    if column.optional:
        return None
    if column.type is not str:
        raise TypeError(f"{column.name}: what is not for everybody must be able to be empty")
    return ""


def mask(text: str, head: int, tail: int) -> str:
    """`text` with all but its first `head` and last `tail` characters starred; one too short for
    that is starred whole: a mask always hides at least two."""
    middle = len(text) - head - tail
    return text[:head] + _STAR * middle + text[len(text) - tail :] if middle > 1 else _STAR * len(text)


# --- on paper ------------------------------------------------------------------------------------


def for_paper(record: R, how: Disclosure) -> R:
    """`record`, as its reader sees it, made fit to be printed.

    Masked, all that names or finds a person (private texts and dates of L3: numbers, telephones,
    addresses, births, what was written freely) is as a clerk sees it; kinds, counts and flags stay.
    Restricted elements (L4) are there only when asked for, L5 never is.
    """
    kind: type = type(record)
    changes = {
        column.name: masked_value(column, getattr(record, column.name), found)
        for column in describe(kind)
        if (found := _on_paper(column, how)) is not Reach.ALL
    }
    return replace(record, **changes) if changes else record  # type: ignore[type-var]


def _on_paper(column: Described, how: Disclosure) -> Reach:
    level = column.field.level
    if level is Level.L5 or (level is Level.L4 and how is not Disclosure.RESTRICTED):
        return Reach.NONE
    traced = level in (Level.L3, Level.L4) and column.field.private and issubclass(column.type, (str, date))
    return Reach.MASKED if traced and how is Disclosure.MASKED else Reach.ALL
