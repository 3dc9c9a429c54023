"""Photos of sessions: what must be said of them, and when they may be shown to others."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.session_photos import PhotoNote, PhotoRow, Pictured, Seen, why_private

TODAY = date(2026, 11, 24)
BORN = date(2015, 5, 20)
GIVEN = Consent(child_id=1, kind=ConsentKind.PHOTO_PUBLICITY, signed_on=date(2026, 2, 1))


def child(*consents: Consent, name: str = "贺兰朵", birth: date | None = BORN) -> Pictured:
    return Pictured(name, birth, consents)


@pytest.mark.parametrize(
    ("seen", "children", "why"),
    [
        (Seen.UNSAID, (), "还没有核对"),
        (Seen.UNSAID, (child(GIVEN),), "还没有核对"),
        (Seen.NAMED, (), "还没有核对"),
        (Seen.NOBODY, (), None),
        (Seen.NAMED, (child(GIVEN),), None),
        (Seen.OTHERS, (child(GIVEN),), "没登记的孩子"),
        (Seen.NAMED, (child(),), "贺兰朵没有有效的“宣传使用肖像”同意"),
        (Seen.NAMED, (child(GIVEN), child(name="古丽米热·艾尼")), "古丽米热·艾尼没有有效的"),
        (Seen.NAMED, (child(replace(GIVEN, kind=ConsentKind.PHOTO_FILE)),), "贺兰朵没有"),
        (Seen.NAMED, (child(replace(GIVEN, withdrawn_on=TODAY)),), "贺兰朵没有"),
        (Seen.NAMED, (child(replace(GIVEN, valid_to=date(2026, 11, 23))),), "贺兰朵没有"),
        (Seen.NAMED, (child(replace(GIVEN, valid_to=TODAY)),), None),
        # Fourteen by now: what the guardian gave alone has ended.
        (Seen.NAMED, (child(GIVEN, birth=date(2012, 11, 24)),), "贺兰朵没有"),
    ],
)
def test_a_photo_stays_inside_unless_all_in_it_agree(
    seen: Seen, children: tuple[Pictured, ...], why: str | None
) -> None:
    found = why_private(seen, children, TODAY)
    assert (found is None) is (why is None)
    if found is not None and why is not None:
        assert why in found.say()


@pytest.mark.parametrize(
    ("seen", "children", "field"),
    [
        (Seen.UNSAID, (), None),
        (Seen.NAMED, (1, 2), None),
        (Seen.OTHERS, (1,), None),
        (Seen.OTHERS, (), None),
        (Seen.NAMED, (), "children"),
        (Seen.NOBODY, (1,), "children"),
        (Seen.UNSAID, (1,), "seen"),
    ],
)
def test_ticks_and_what_is_said_agree(seen: Seen, children: tuple[int, ...], field: str | None) -> None:
    note = PhotoNote(id=1, version=1, seen=seen, children=children)
    assert [problem.field for problem in note.problems()] == ([field] if field else [])


def test_who_is_in_it_in_words() -> None:
    row = PhotoRow(id=1, caption=None, seen=Seen.OTHERS, names=("贺兰朵", "古丽米热·艾尼"), private=None)
    assert row.told() == "贺兰朵、古丽米热·艾尼、还认得出没登记的孩子"
    assert replace(row, seen=Seen.NAMED).told() == "贺兰朵、古丽米热·艾尼"
