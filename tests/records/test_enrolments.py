"""Stretches in stock: no overlap, no future, an exit with its reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.enrolments import Enrolment, ExitReason, future_problems, overlap, overlap_problems

FIRST = Enrolment(child_id=1, entered_on=date(2025, 1, 1), left_on=date(2025, 6, 1), exit_reason=ExitReason.MOVED)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"left_on": date(2024, 12, 31)}, "left_on"),
        ({"exit_reason": None}, "exit_reason"),
        ({"left_on": None}, "left_on"),
        ({"exit_reason": ExitReason.OTHER}, "exit_note"),
    ],
)
def test_what_an_exit_needs(changes: dict[str, object], field: str) -> None:
    assert [p.field for p in replace(FIRST, **changes).problems()] == [field]  # type: ignore[arg-type]
    assert list(FIRST.problems()) == []


def stretch(first: int, length: int | None) -> Enrolment:
    begin = date(2025, 1, 1) + timedelta(days=first)
    end = None if length is None else begin + timedelta(days=length)
    return Enrolment(child_id=1, entered_on=begin, left_on=end)


stretches = st.builds(stretch, st.integers(0, 30), st.none() | st.integers(0, 20))


@given(stretches, stretches)
def test_overlap_is_a_shared_day(one: Enrolment, other: Enrolment) -> None:
    def days(e: Enrolment) -> set[date]:
        last = e.left_on or date(2026, 1, 1)
        return {e.entered_on} | {e.entered_on + timedelta(days=n) for n in range((last - e.entered_on).days)}

    assert overlap(one, other) == overlap(other, one) == bool(days(one) & days(other))


def test_overlaps_are_said_with_their_dates_and_touching_is_none() -> None:
    again = Enrolment(child_id=1, entered_on=date(2025, 6, 1))
    assert list(overlap_problems(again, [FIRST])) == []
    early = replace(again, entered_on=date(2025, 5, 31))
    assert "2025-01-01至2025-06-01" in next(overlap_problems(early, [FIRST])).say()
    open_one = replace(FIRST, left_on=None, exit_reason=None)
    assert "已经在册" in next(overlap_problems(again, [open_one])).say()
    assert list(overlap_problems(replace(FIRST, left_on=None), [FIRST])) == []


def test_nobody_comes_or_leaves_tomorrow() -> None:
    assert [p.field for p in future_problems(FIRST, date(2025, 5, 31))] == ["left_on"]
    assert [p.field for p in future_problems(FIRST, date(2024, 12, 31))] == ["entered_on", "left_on"]
    assert list(future_problems(FIRST, date(2025, 6, 1))) == []
