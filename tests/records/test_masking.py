"""Masks: what is shown instead, and that it is never saved over what it stands for."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import pytest

from stationdesk.fields import Field, Level
from stationdesk.records.access import Actor, Breaker, Role
from stationdesk.records.masking import Disclosure, for_paper, hidden_fields, is_open, mask, project, with_hidden_of


@dataclass(frozen=True, kw_only=True)
class File:
    """A record with an element of each level."""

    name: Annotated[str, Field("姓名", level=Level.L2)]
    card: Annotated[str, Field("证件号", level=Level.L3, mask=(6, 4))] = "650199201501010013"
    phone: Annotated[str, Field("电话", level=Level.L3, mask=(3, 4))] | None = "13900000007"
    address: Annotated[str, Field("住址", level=Level.L3)] = "乙街道某路1号"
    tags: Annotated[tuple[int, ...], Field("标签", level=Level.L4)] = (1, 2)
    note: Annotated[str, Field("辅导记录", level=Level.L5)] | None = "一段话"
    version: int = 3


FILE = File(name="艾力·买买提")


def actor(role: Role) -> Actor:
    return Actor(username="u", staff_id=1, name="陈砚秋", role=role, breaker=Breaker(lambda: 0.0))


def test_each_role_sees_its_part() -> None:
    assert project(FILE, actor(Role.SUPERVISOR)) == replace(FILE, note=None)
    clerk = project(FILE, actor(Role.CLERK))
    assert (clerk.name, clerk.card, clerk.phone) == (FILE.name, "650199********0013", "139****0007")
    assert (clerk.address, clerk.tags, clerk.note, clerk.version) == ("", (), None, 3)
    stranger = project(FILE, actor(Role.SOCIAL_WORKER))
    assert stranger == File(name=FILE.name, card="", phone=None, address="", tags=(), note=None)
    own = project(FILE, actor(Role.SOCIAL_WORKER), own=True)
    assert own == replace(FILE, note=None)
    assert project(FILE, actor(Role.COUNSELLOR), own=True) == FILE
    assert project(FILE, actor(Role.REVIEWER)).name == ""
    # A reason is asked for elsewhere: without it even a head does not read counselling notes.
    assert project(FILE, actor(Role.HEAD)).note is None


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.code)
@pytest.mark.parametrize("own", [True, False])
def test_what_was_hidden_is_not_saved_over(role: Role, own: bool) -> None:
    shown = project(FILE, actor(role), own=own)
    assert with_hidden_of(FILE, shown, actor(role), own=own) == FILE
    # Not even what is typed in its place.
    typed = replace(shown, name="改名", phone="13911111111", note="改")
    saved = with_hidden_of(FILE, typed, actor(role), own=own)
    hidden = {column.name for column in hidden_fields(File, actor(role), own=own)}
    for name in ("name", "phone", "note"):
        assert getattr(saved, name) == getattr(FILE if name in hidden else typed, name)


def test_only_own_is_own() -> None:
    worker = actor(Role.SOCIAL_WORKER)
    assert is_open(Level.L3, worker, own=True)
    assert not is_open(Level.L3, worker)
    assert not is_open(Level.L5, worker, own=True)
    assert not is_open(Level.L3, actor(Role.CLERK), own=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13900000007", "139****0007"),
        ("1390000", "*******"),
        ("13900000", "********"),
        ("139000000", "139**0000"),
        ("1", "*"),
        ("", ""),
    ],
)
def test_a_mask_never_leaves_a_short_text_readable(text: str, shown: str) -> None:
    assert mask(text, 3, 4) == shown


def test_what_cannot_be_empty_cannot_be_hidden() -> None:
    @dataclass(frozen=True)
    class Wrong:
        count: Annotated[int, Field("人数", level=Level.L3)] = 1

    with pytest.raises(TypeError):
        project(Wrong(), actor(Role.REVIEWER))


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A record as it may be printed."""

    name: Annotated[str, Field("姓名", private=True, level=Level.L2)] = "艾力·买买提"
    card: Annotated[str, Field("证件号", private=True, level=Level.L3, mask=(6, 4))] = "650199201501010013"
    born: Annotated[date, Field("出生", private=True, level=Level.L3)] | None = date(2015, 1, 1)
    address: Annotated[str, Field("住址", private=True, level=Level.L3)] = "乙街道某路1号"
    since: Annotated[date, Field("起始", level=Level.L3)] = date(2026, 1, 1)
    kind: Annotated[Level, Field("类别", private=True, level=Level.L3)] = Level.L1
    secret: Annotated[str, Field("限制", level=Level.L4)] | None = "某"
    note: Annotated[str, Field("辅导记录", level=Level.L5)] | None = "一段话"


def test_on_paper_a_mask_hides_who_and_where_and_leaves_what() -> None:
    masked = for_paper(Paper(), Disclosure.MASKED)
    assert masked == Paper(card="650199********0013", born=None, address="", secret=None, note=None)
    assert for_paper(Paper(), Disclosure.WHOLE) == Paper(secret=None, note=None)
    # Notes of counselling are never printed, whoever asks.
    assert for_paper(Paper(), Disclosure.RESTRICTED) == Paper(note=None)
