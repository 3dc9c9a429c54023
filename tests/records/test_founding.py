"""What a new station begins with."""

from dataclasses import replace
from datetime import date

from stationdesk.fields import check
from stationdesk.records.calendar import DayKind
from stationdesk.records.founding import seed_holidays
from tests.stations import new_station


def test_the_ready_rooms_make_a_station_without_problems() -> None:
    new = new_station()
    assert list(new.problems()) == []
    assert [problem for room in new.rooms for problem in check(room)] == []


def test_two_rooms_of_one_name_are_a_problem() -> None:
    new = new_station()
    twice = replace(new, rooms=(*new.rooms, new.rooms[3]))
    assert [problem.say() for problem in twice.problems()] == ["有两个场地的名称相同，请改掉其中一个。"]


def test_the_holidays_are_those_of_three_years_and_each_day_stands_once() -> None:
    days = seed_holidays()
    assert {day.day.year for day in days} == {2024, 2025, 2026}
    assert len({day.day for day in days}) == len(days)
    assert [problem for day in days for problem in check(day)] == []


def test_some_days_everybody_knows() -> None:
    kinds = {day.day: day.kind for day in seed_holidays()}
    for known in (date(2024, 10, 1), date(2025, 1, 29), date(2026, 10, 1), date(2026, 2, 17), date(2026, 5, 1)):
        assert kinds[known] is DayKind.HOLIDAY
    assert date(2026, 11, 24) not in kinds


def test_a_day_worked_instead_lies_on_a_weekend() -> None:
    worked = [day.day for day in seed_holidays() if day.kind is DayKind.WORKDAY]
    assert worked
    assert all(day.weekday() >= 5 for day in worked)


def test_each_identity_is_new() -> None:
    assert {day.uuid for day in seed_holidays()}.isdisjoint({day.uuid for day in seed_holidays()})
