"""Code lists: short ones the program reasons about, long official ones from a file."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Self

from stationdesk.i18n import _
from stationdesk.paths import resource


class Code(Enum):
    """A short list: a member's value is the stored code; the label is only ever shown.

    Members are written `READING = "READING", N_("图书阅览室")`; a third item True retires one:
    it is still shown where it is stored, but offered no more. Members are never deleted.
    """

    def __new__(cls, code: str, label: str, retired: bool = False) -> Self:
        member = object.__new__(cls)
        member._value_ = code
        return member

    def __init__(self, code: str, label: str, retired: bool = False) -> None:
        # What is stored.
        self.code = code
        self.marked_label = label
        self.retired = retired

    @property
    def label(self) -> str:
        """What is shown, in the language in use."""
        return _(self.marked_label)

    @classmethod
    def of(cls, code: str) -> Self:
        """The member stored as `code`; raises `ValueError` on one that was never declared."""
        for member in cls:
            if member.value == code:
                return member
        raise ValueError(code)

    @classmethod
    def offered(cls) -> tuple[Self, ...]:
        """The members a form offers, in their order."""
        return tuple(member for member in cls if not member.retired)


@dataclass(frozen=True, slots=True)
class CodeList:
    """A long official list: codes to labels, with the standard it comes from."""

    source: str
    labels: Mapping[str, str]


@cache
def code_list(name: str) -> CodeList:
    """The list `resources/codes/<name>.csv`: first line `# standard, edition`, then code,label."""
    with resource("codes", f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        source = next(lines).lstrip("# ").strip()
        return CodeList(source, dict(csv.reader(lines)))
