"""Consents: who has to agree at which age, and when one may be relied on."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.records.consents import Consent, ConsentKind, ConsentMethod, agreed, consent_problems, lapsed
from stationdesk.records.families import FamilyMember

TODAY = date(2026, 11, 24)
GUARDIAN = FamilyMember(id=9, child_id=1, relation="62", name="某", is_guardian=True)


def consent(**more: object) -> Consent:
    found = Consent(child_id=1, kind=ConsentKind.PHOTO_FILE, signed_on=TODAY, given_by=9, assent=True)
    return replace(found, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": date(2026, 11, 23)}, "valid_to"),
        ({"withdrawn_on": date(2026, 11, 23)}, "withdrawn_on"),
        ({"method": ConsentMethod.ORAL}, "witnesses"),
        ({"method": ConsentMethod.LEGAL_DUTY}, "method"),
    ],
)
def test_what_one_consent_needs(changes: dict[str, object], field: str) -> None:
    assert [p.field for p in consent(**changes).problems()] == [field]
    assert list(consent().problems()) == []


def asked(age_birth: date, giver: FamilyMember | None = GUARDIAN, **more: object) -> list[str]:
    return [p.field for p in consent_problems(consent(**more), age_birth, giver, TODAY)]


SEVEN, EIGHT, THIRTEEN, FOURTEEN = (
    date(2018, 11, 25),
    date(2018, 11, 24),
    date(2012, 11, 25),
    date(2012, 11, 24),
)


def test_under_eight_the_guardian_decides() -> None:
    assert asked(SEVEN, assent=False) == []
    assert asked(SEVEN, None, given_by=None) == ["given_by"]


def test_from_eight_on_the_child_is_heard() -> None:
    assert asked(EIGHT, assent=False) == ["assent"]
    assert asked(EIGHT) == []


def test_at_fourteen_the_child_decides() -> None:
    assert asked(THIRTEEN, None, given_by=None) == ["given_by"]
    assert asked(FOURTEEN, None, given_by=None) == []
    assert asked(FOURTEEN, assent=False) == ["assent"]


def test_only_a_guardian_of_this_child_agrees() -> None:
    assert asked(SEVEN, replace(GUARDIAN, is_guardian=False)) == ["given_by"]
    assert asked(SEVEN, replace(GUARDIAN, child_id=2)) == ["given_by"]
    assert asked(SEVEN, None) == ["given_by"]


def test_a_duty_of_law_needs_nobody_and_tomorrow_is_not_yet() -> None:
    duty = {"kind": ConsentKind.INFO, "method": ConsentMethod.LEGAL_DUTY, "given_by": None, "assent": False}
    assert asked(SEVEN, None, **duty) == []
    assert asked(SEVEN, signed_on=date(2026, 11, 25)) == ["signed_on"]
    assert asked(SEVEN, withdrawn_on=date(2026, 11, 25)) == ["withdrawn_on"]


def test_a_consent_ends_when_withdrawn_expired_or_outgrown() -> None:
    old = consent(signed_on=date(2026, 1, 1), assent=False)
    assert agreed([old], ConsentKind.PHOTO_FILE, THIRTEEN, TODAY)
    assert not agreed([old], ConsentKind.PHOTO_FILE, FOURTEEN, TODAY)
    assert agreed([replace(old, assent=True)], ConsentKind.PHOTO_FILE, FOURTEEN, TODAY)
    assert not agreed([old], ConsentKind.COUNSELLING, THIRTEEN, TODAY)
    assert not agreed([replace(old, withdrawn_on=TODAY)], ConsentKind.PHOTO_FILE, THIRTEEN, TODAY)
    assert agreed([replace(old, withdrawn_on=date(2026, 11, 25))], ConsentKind.PHOTO_FILE, THIRTEEN, TODAY)
    assert not agreed([replace(old, valid_to=date(2026, 11, 23))], ConsentKind.PHOTO_FILE, THIRTEEN, TODAY)
    assert not agreed([consent(signed_on=date(2026, 11, 25))], ConsentKind.PHOTO_FILE, THIRTEEN, TODAY)
    assert list(lapsed([old], FOURTEEN, TODAY)) == [ConsentKind.PHOTO_FILE]
    assert list(lapsed([old, replace(old, assent=True)], FOURTEEN, TODAY)) == []
    assert list(lapsed([consent(signed_on=date(2026, 11, 25))], FOURTEEN, TODAY)) == []
