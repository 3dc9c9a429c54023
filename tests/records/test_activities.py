"""What an activity needs before it is held, and what a copy of it takes along."""

from dataclasses import replace
from datetime import date

import pytest

from stationdesk.fields import check
from stationdesk.records.activities import Activity, ActivityCategory, ActivityForm, copied
from stationdesk.records.bookings import Purpose
from stationdesk.records.consents import ConsentKind

SOUND = Activity(title="彩泥手工课", leader_id=1, target="辖区儿童")


def fields_of(activity: Activity) -> list[str]:
    return [problem.field for problem in (*check(activity), *activity.problems())]


def test_a_sound_activity_has_no_problems() -> None:
    assert fields_of(SOUND) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"leader_id": None}, ["leader_id"]),
        ({"age_from": 10, "age_to": 9}, ["age_to"]),
        ({"age_to": 18}, ["age_to"]),
        ({"quota": 0}, ["quota"]),
        ({"expected_count": 50}, ["safety_plan"]),
        ({"expected_count": 49}, []),
        ({"off_site": True}, ["safety_plan", "consent_required"]),
        ({"category": ActivityCategory.SPORT, "safety_plan": "急救箱、两名安全员"}, ["consent_required"]),
        ({"off_site": True, "safety_plan": "租车、点名", "consent_required": True}, []),
        ({"ended_on": date(2026, 11, 1)}, ["summary"]),
        ({"ended_on": date(2026, 11, 1), "summary": "孩子们做了彩泥"}, []),
    ],
)
def test_what_an_activity_needs(changes: dict[str, object], fields: list[str]) -> None:
    assert fields_of(replace(SOUND, **changes)) == fields  # type: ignore[arg-type]


def test_consents_asked_for() -> None:
    assert SOUND.consents == ()
    assert replace(SOUND, consent_required=True).consents == (ConsentKind.ACTIVITY,)
    assert replace(SOUND, consent_required=True, off_site=True).consents == (ConsentKind.ACTIVITY, ConsentKind.OUTING)


def test_a_group_books_its_room_as_a_group() -> None:
    assert SOUND.purpose is Purpose.ACTIVITY
    assert replace(SOUND, form=ActivityForm.SERIES).purpose is Purpose.GROUP


def test_a_copy_is_a_new_activity_that_was_not_held() -> None:
    old = replace(SOUND, id=7, version=3, quota=12, summary="很好", ended_on=date(2026, 11, 1))
    new = copied(old)
    assert (new.id, new.version, new.summary, new.ended_on) == (None, 0, None, None)
    assert new.uuid != old.uuid
    assert (new.title, new.quota, new.leader_id) == (old.title, 12, 1)
