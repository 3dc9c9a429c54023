"""The vocabulary: a field is said once, and forms, lists, sheets and tables read it here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass, fields
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

from stationdesk.codes import Code
from stationdesk.errors import Label, Problem, Refused
from stationdesk.i18n import N_, _


class Level(Code):
    """How sensitive a data element is, and so who may see it (design: security §4)."""

    L1 = "L1", N_("公开")
    L2 = "L2", N_("内部")
    L3 = "L3", N_("个人")
    L4 = "L4", N_("限制")
    L5 = "L5", N_("辅导记录")


@dataclass(frozen=True, slots=True)
class Field:
    """What is to be known of a data element beside its type.

    `label` is marked with N_. `max_length` counts characters; `minimum` and `maximum` are in the
    element's own unit, `unit` is shown behind it; `places` are a Decimal's decimals. `pattern` is
    a regular expression the whole text must match, `pattern_text` the sentence if it does not.
    `private` marks personal data: never in a log, left out of exports unless asked for. `level` says
    who sees it (what nothing is said of, everybody at the station may know); `mask` how many
    characters at its beginning and end are left to those who see it masked (none: they see nothing).
    """

    label: str
    _: KW_ONLY
    max_length: int | None = None
    minimum: int | Decimal | date | None = None
    maximum: int | Decimal | date | None = None
    places: int = 2
    unit: str = ""
    hint: str = ""
    multiline: bool = False
    private: bool = False
    level: Level = Level.L1
    mask: tuple[int, int] | None = None
    pattern: str = ""
    pattern_text: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """One labelled field of a dataclass: its name, `Field`, value type and shape.

    `type` is the bare type (`str`, `int`, `bool`, `Decimal`, `date`, `time`, `datetime`, a `Code`
    class, or a value class of ours); `many` says the value is a tuple of that type.
    """

    name: str
    field: Field
    type: type
    optional: bool
    many: bool

    @property
    def label(self) -> str:
        """The label in the language in use."""
        return _(self.field.label)

    @property
    def required(self) -> bool:
        """Whether an empty value is a problem."""
        return not self.optional and not self.many and self.type is not bool


@cache
def describe(cls: type) -> tuple[Described, ...]:
    """The labelled fields of a dataclass, in their order; fields without a `Field` are left out."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_described(cls, hints))


def _described(cls: type, hints: dict[str, object]) -> Iterator[Described]:
    for item in fields(cls):
        hint, optional = _unwrap_optional(hints[item.name])
        found = next((m for m in _metadata(hint) if isinstance(m, Field)), None)
        if found is None:
            continue
        bare, inner_optional = _unwrap_optional(get_args(hint)[0])
        many = get_origin(bare) is tuple
        kind = get_args(bare)[0] if many else bare
        if not isinstance(kind, type):
            raise TypeError(f"{cls.__name__}.{item.name}: a data element is Annotated[type, Field]")
        yield Described(item.name, found, kind, optional or inner_optional, many)


def _metadata(hint: object) -> tuple[object, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _unwrap_optional(hint: object) -> tuple[object, bool]:
    if get_origin(hint) in (Union, UnionType):
        inner = [arg for arg in get_args(hint) if arg is not NoneType]
        if len(inner) == 1:
            return inner[0], True
    return hint, False


# --- limits of one field -------------------------------------------------------------------------

# Control characters and halves of surrogate pairs break SQL text, XML and PDF alike.
_UNSAVEABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def check(record: object) -> tuple[Problem, ...]:
    """The problems of each single field of `record`; rules between fields are its own."""
    kind: type = type(record)
    return tuple(problem for column in describe(kind) for problem in check_value(column, getattr(record, column.name)))


def check_value(column: Described, value: object) -> Iterator[Problem]:
    """The problems of one value against its `Field`."""
    label = Label(column.field.label)
    if value is None or value == "":
        if column.required:
            yield Problem(column.name, N_("请填写{label}。"), {"label": label})
        return
    if isinstance(value, str):
        yield from _check_text(column, value, label)
    elif isinstance(value, (int, Decimal, date)) and not isinstance(value, bool):
        yield from _check_range(column, value, label)


def _check_text(column: Described, value: str, label: Label) -> Iterator[Problem]:
    limit = column.field.max_length
    if limit is not None and len(value) > limit:
        values = {"label": label, "limit": limit, "count": len(value)}
        yield Problem(column.name, N_("{label}最多{limit}个字，现在有{count}个字，请缩短。"), values)
    if _UNSAVEABLE.search(value):
        yield Problem(column.name, N_("{label}里有不能保存的控制字符，请删除后重新输入。"), {"label": label})
    if not column.field.multiline and "\n" in value:
        yield Problem(column.name, N_("{label}只能写一行，请去掉换行。"), {"label": label})
    if column.field.pattern and not re.fullmatch(column.field.pattern, value):
        yield Problem(column.name, column.field.pattern_text or N_("{label}格式不对，请检查。"), {"label": label})


def _check_range(column: Described, value: int | Decimal | date, label: Label) -> Iterator[Problem]:
    low, high = column.field.minimum, column.field.maximum
    if low is not None and value < low:  # type: ignore[operator]
        yield Problem(column.name, N_("{label}不能小于{limit}。"), {"label": label, "limit": low})
    if high is not None and value > high:  # type: ignore[operator]
        yield Problem(column.name, N_("{label}不能大于{limit}。"), {"label": label, "limit": high})


# --- text and back -------------------------------------------------------------------------------

_MANY = "、"
_YES, _NO = N_("是"), N_("否")


def to_text(value: object) -> str:
    """A value as it is shown in lists and sheets; nothing gives the empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _(_YES) if value else _(_NO)
    if isinstance(value, Code):
        return value.label
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        return _MANY.join(to_text(item) for item in value)
    return str(value)


def from_text(column: Described, text: str) -> object:
    """The value `text` stands for, as `to_text` wrote it; raises `Refused` with one problem.

    Codes are known by label (either language) or by code; numbers and dates in full-width digits
    and dates as 2026-11-03, 2026/11/3, 2026年11月3日 or 20261103 are read as well.
    """
    text = text.strip()
    if column.many:
        parts = [part for part in re.split(r"[、，,；;]\s*", text) if part]
        return tuple(_one_from_text(column, part) for part in parts)
    if text == "":
        return "" if column.type is str and not column.optional else None
    return _one_from_text(column, text)


def _one_from_text(column: Described, text: str) -> object:
    kind = column.type
    if kind is str:
        return text
    try:
        if issubclass(kind, Code):
            return _code_from_text(kind, text)
        return _READERS[kind](text.translate(_HALF_WIDTH))
    except (ValueError, InvalidOperation, KeyError) as wrong:
        values = {"label": Label(column.field.label), "text": text[:40]}
        raise Refused(Problem(column.name, N_("{label}不能是“{text}”，请改正。"), values)) from wrong


def _code_from_text(kind: type[Code], text: str) -> Code:
    for member in kind:
        if text in (member.marked_label, member.code):
            return member
    for member in kind:
        if text == member.label:
            return member
    raise ValueError(text)


_HALF_WIDTH = {0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF0E: ".", 0xFF0D: "-", 0xFF1A: ":"}
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
_TRUE = {"是", "yes", "true", "1", "y", "有"}
_FALSE = {"否", "no", "false", "0", "n", "无"}


def _read_date(text: str) -> date:
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) for part in found.groups() if part)
    return date(year, month, day)


def _read_time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _read_datetime(text: str) -> datetime:
    day, _space, clock = text.replace("T", " ").rpartition(" ")
    return datetime.combine(_read_date(day.strip()), _read_time(clock))


def _read_bool(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


def _read_decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


_READERS: dict[type, Callable[[str], object]] = {
    int: int,
    Decimal: _read_decimal,
    bool: _read_bool,
    date: _read_date,
    time: _read_time,
    datetime: _read_datetime,
}
