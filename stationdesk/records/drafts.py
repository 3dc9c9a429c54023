"""Half-typed forms, kept for the one who typed them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form held: `uuid` of the record, the `place` that can open its form again, the form's
    title, the record's id (None: a new one), and by field name what its editors showed."""

    uuid: str
    place: str
    title: str
    record_id: int | None
    state: Mapping[str, list[str]]
    saved_at: str = ""
