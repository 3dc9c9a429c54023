"""The rules of one partner."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.fields import check
from stationdesk.records.partners import Partner, PartnerDept

SOUND = Partner(name="甲区妇联", dept=PartnerDept.WOMEN, since=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"name": ""}, ["name"]),
        ({"since": None}, ["since"]),
        ({"until": date(2025, 12, 31)}, ["until"]),
        ({"until": date(2026, 1, 1)}, []),
        ({"agreed_from": date(2026, 3, 1), "agreed_to": date(2026, 2, 1)}, ["agreed_to"]),
    ],
)
def test_rules_of_one_partner(changes: dict[str, object], fields: list[str]) -> None:
    changed = replace(SOUND, **changes)  # type: ignore[arg-type]
    assert [problem.field for problem in (*check(changed), *changed.problems())] == fields
