"""The rules of one session: its time and place, its booking, when it may be closed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from stationdesk.records.activities import Activity
from stationdesk.records.sessions import (
    ActivitySession,
    Presence,
    SessionStatus,
    booking_for,
    closing_problems,
    copy_of,
    moved,
)

START = datetime(2026, 11, 25, 10)
SOUND = ActivitySession(activity_id=1, start=START, end=START + timedelta(hours=1), booking_id=3, responsible_id=2)
NOBODY = Presence(children=0, guardians=0, headcount_children=0, headcount_adults=0)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"end": START}, ["end"]),
        ({"end": START + timedelta(days=1)}, ["end"]),
        ({"responsible_id": None}, ["responsible_id"]),
        ({"booking_id": None}, ["place"]),
        ({"booking_id": None, "place": "红柳社区广场"}, []),
        ({"status": SessionStatus.CANCELLED}, ["reason"]),
        ({"status": SessionStatus.POSTPONED, "reason": "大风"}, []),
    ],
)
def test_rules_of_one_session(changes: dict[str, object], fields: list[str]) -> None:
    assert [problem.field for problem in replace(SOUND, **changes).problems()] == fields  # type: ignore[arg-type]


def test_the_booking_follows_the_session() -> None:
    activity = Activity(title="长" * 80, leader_id=1, expected_count=30)
    made = booking_for(activity, SOUND, 5)
    assert (made.room_id, made.start, made.end, made.responsible_id) == (5, SOUND.start, SOUND.end, 2)
    assert (made.title, made.expected_count) == ("长" * 60, 30)
    assert list(made.problems()) == []
    later = replace(SOUND, start=START + timedelta(days=1), end=START + timedelta(days=1, hours=2), responsible_id=9)
    put = moved(replace(made, id=4, version=2, note="带投影"), activity, later, 6)
    assert (put.id, put.version, put.note) == (4, 2, "带投影")
    assert (put.room_id, put.start, put.end, put.responsible_id) == (6, later.start, later.end, 9)


def test_closing_needs_somebody_and_the_time_to_have_come() -> None:
    somebody = replace(NOBODY, headcount_children=1)
    assert list(closing_problems(SOUND, somebody, START)) == []
    assert [p.field for p in closing_problems(SOUND, NOBODY, START)] == ["headcount_children"]
    assert [p.field for p in closing_problems(SOUND, somebody, START - timedelta(minutes=1))] == ["start"]
    for status in (SessionStatus.DONE, SessionStatus.CANCELLED, SessionStatus.POSTPONED):
        found = list(closing_problems(replace(SOUND, status=status), somebody, START))
        assert [problem.field for problem in found] == ["status"]
        assert status.label in found[0].say()


def test_all_heads_use_the_room() -> None:
    assert Presence(children=3, guardians=2, headcount_children=27, headcount_adults=4).total == 36


def test_a_copy_keeps_place_and_people_and_nothing_of_how_it_went() -> None:
    old = replace(
        SOUND, id=8, place="广场", headcount_children=9, status=SessionStatus.DONE, satisfaction=5, items="折纸"
    )
    new = copy_of(old, 2, datetime(2026, 12, 2, 16))
    assert (new.id, new.activity_id, new.booking_id, new.status) == (None, 2, None, SessionStatus.PLANNED)
    assert (new.end - new.start, new.place, new.items) == (timedelta(hours=1), "广场", "折纸")
    assert (new.headcount_children, new.satisfaction) == (0, None)
