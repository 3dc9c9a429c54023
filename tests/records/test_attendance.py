"""Taking part: ages, consents, quota and queue, and sessions that take no names."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.activities import Activity
from stationdesk.records.attendance import (
    PLACED,
    Attendance,
    AttendanceRow,
    AttendanceState,
    child_problems,
    guardian_problem,
    in_groups,
    is_regular,
    nearness,
    next_in_line,
    place_left,
    session_problems,
)
from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.sessions import ActivitySession, SessionStatus

DAY = date(2026, 11, 25)
SIGNED_UP = AttendanceState.SIGNED_UP
START = datetime(2026, 11, 25, 10)
ACTIVITY = Activity(title="彩泥手工课", leader_id=1, age_from=6, age_to=12)
HELD = ActivitySession(activity_id=1, start=START, end=START + timedelta(hours=1), place="广场", responsible_id=2)


def said(activity: Activity, birth: date | None, *consents: Consent) -> str:
    return "".join(problem.say() for problem in child_problems(activity, "贺兰朵", birth, consents, DAY))


@pytest.mark.parametrize(
    ("birth", "fits"),
    [
        (date(2020, 11, 25), True),
        (date(2020, 11, 26), False),
        (date(2013, 11, 26), True),
        (date(2013, 11, 25), False),
        (None, True),
    ],
)
def test_the_age_range_on_the_day(birth: date | None, fits: bool) -> None:
    assert (said(ACTIVITY, birth) == "") is fits


def test_without_a_range_one_of_age_is_still_no_participant() -> None:
    open_to_all = replace(ACTIVITY, age_from=None, age_to=None)
    assert said(open_to_all, date(2008, 11, 26)) == ""
    assert "18岁" in said(open_to_all, date(2008, 11, 25))


def test_consents_are_asked_for_where_required() -> None:
    birth = date(2015, 5, 20)
    outing = replace(ACTIVITY, consent_required=True, off_site=True)
    signed = [
        Consent(child_id=1, kind=kind, signed_on=date(2026, 11, 1), assent=True)
        for kind in (ConsentKind.ACTIVITY, ConsentKind.OUTING)
    ]
    assert said(outing, birth, *signed) == ""
    assert "外出活动" in said(outing, birth, signed[0])
    assert "参加活动" in said(outing, birth, replace(signed[0], withdrawn_on=DAY), signed[1])


def test_no_names_for_what_is_not_held_or_over_or_to_come() -> None:
    assert list(session_problems(HELD, START)) == []
    for status in (SessionStatus.CANCELLED, SessionStatus.POSTPONED, SessionStatus.DONE):
        assert len(list(session_problems(replace(HELD, status=status), START))) == 1
    early = START - timedelta(days=1)
    assert list(session_problems(HELD, early)) == []
    assert "还没有到" in next(iter(session_problems(HELD, early, ticking=True))).say()


def test_a_guardian_where_one_is_asked_for() -> None:
    assert guardian_problem(ACTIVITY, "贺兰朵", present=False) is None
    together = replace(ACTIVITY, guardian_required=True)
    assert guardian_problem(together, "贺兰朵", present=True) is None
    alone = guardian_problem(together, "贺兰朵", present=False)
    assert alone is not None
    assert "家长陪同" in alone.say()


def line(number: int, state: AttendanceState, minute: int = 0) -> Attendance:
    return Attendance(
        id=number, session_id=1, child_id=number, state=state, signed_at=START + timedelta(minutes=minute)
    )


def test_the_queue_moves_up_in_the_order_they_came() -> None:
    lines = [
        line(1, AttendanceState.SIGNED_UP),
        line(2, AttendanceState.WAITING, 9),
        line(3, AttendanceState.WAITING, 5),
        line(4, AttendanceState.WITHDRAWN),
        line(5, AttendanceState.ABSENT),
    ]
    assert [one.id for one in next_in_line(lines, 2)] == [3]
    assert [one.id for one in next_in_line(lines, 3)] == [3, 2]
    assert [one.id for one in next_in_line(lines, None)] == [3, 2]
    assert next_in_line(lines, 1) == ()


@given(st.lists(st.sampled_from(AttendanceState), max_size=30), st.integers(1, 12))
def test_the_quota_is_never_passed_by_moving_up(states: list[AttendanceState], quota: int) -> None:
    lines = [line(number, state, number) for number, state in enumerate(states)]
    placed = sum(state in PLACED for state in states)
    up = next_in_line(lines, quota)
    assert placed + len(up) <= max(quota, placed)
    waiting = sum(state is AttendanceState.WAITING for state in states)
    assert len(up) == min(waiting, max(0, quota - placed))
    assert place_left(quota, states) is (placed < quota)


@pytest.mark.parametrize(
    ("days", "often"),
    [
        ([DAY] * 6, True),
        ([DAY] * 5, False),
        ([DAY - timedelta(days=89)] * 6, True),
        ([DAY - timedelta(days=90), *[DAY] * 5], False),
        ([DAY + timedelta(days=1), *[DAY] * 5], False),
    ],
)
def test_six_sessions_in_ninety_days_make_a_regular(days: list[date], often: bool) -> None:
    assert is_regular(days, DAY) is often


def row(name: str, words: str, state: AttendanceState = SIGNED_UP, place: int | None = None) -> AttendanceRow:
    return AttendanceRow(
        id=1,
        child_id=1,
        name=name,
        sex=None,
        age=None,
        state=state,
        queue=place,
        guardian_present=False,
        picked_up_by=None,
        words=words,
    )


@pytest.mark.parametrize(
    ("typed", "near"),
    [("glne", 0), ("Glne ", 0), ("古丽 娜尔", 0), ("娜尔·买", 1), ("lne", 1), ("hld", None), ("|", None), ("", None)],
)
def test_what_is_typed_finds_a_name(typed: str, near: int | None) -> None:
    assert nearness(row("古丽娜尔·买买提", "|古丽娜尔买买提|gulinaermaimaiti|glnemmt|"), typed) is near


def test_names_stand_before_those_who_wait_and_those_who_withdrew() -> None:
    lines = [
        row("甲", "", AttendanceState.WITHDRAWN),
        row("乙", "", AttendanceState.WAITING, 2),
        row("丙", ""),
        row("丁", "", AttendanceState.WAITING, 1),
        row("戊", "", AttendanceState.PRESENT),
    ]
    assert [line.name for line in in_groups(lines)] == ["丙", "戊", "丁", "乙", "甲"]
