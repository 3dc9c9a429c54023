"""Series: previewed, booked whole, changed in scope, exceptions kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from stationdesk.desk import Desk
from stationdesk.errors import Refused
from stationdesk.records.bookings import Booking, BookingQuery, BookingStatus
from stationdesk.records.rooms import RoomClosure
from stationdesk.records.schedule import Verdict
from stationdesk.records.series import Repeat, Scope, Series, Weekday
from tests.db.test_bookings import booking, room

WEDNESDAYS = Series(repeat=Repeat.WEEKLY, first=date(2026, 11, 25), until=date(2026, 12, 30))


def starts(desk: Desk, title: str = "周课") -> list[str]:
    rows = desk.bookings.rows(desk.bookings.find(BookingQuery(words=title)))
    return [f"{r.start:%m-%d %H:%M}" for r in rows if r.status is not BookingStatus.CANCELLED]


def weekly(desk: Desk) -> Booking:
    return booking(desk, "手工室", 25, 10, title="周课")


def test_preview_says_ok_conflict_closed_holiday(desk: Desk) -> None:
    desk.bookings.book(booking(desk, "手工室", 25, 10, title="先来的"))
    desk.rooms.save_closure(RoomClosure(start=datetime(2026, 12, 2), end=datetime(2026, 12, 3), reason="搬家"))
    series = replace(WEDNESDAYS, until=date(2027, 1, 6))
    lines = desk.bookings.preview(weekly(desk), series)
    assert [line.verdict for line in lines] == [Verdict.CONFLICT, Verdict.CLOSED, *[Verdict.OK] * 5]
    assert lines[0].problem is not None
    assert "先来的" in lines[0].problem.say()
    autumn = Series(repeat=Repeat.DAILY, first=date(2026, 9, 30), until=date(2026, 10, 2))
    october = replace(weekly(desk), start=datetime(2026, 9, 30, 10), end=datetime(2026, 9, 30, 11))
    assert [line.verdict for line in desk.bookings.preview(october, autumn)] == [
        Verdict.OK,
        Verdict.HOLIDAY,
        Verdict.HOLIDAY,
    ]


def test_all_or_nothing_and_skipping(desk: Desk) -> None:
    desk.bookings.book(booking(desk, "手工室", 25, 10, title="先来的"))
    with pytest.raises(Refused) as refused:
        desk.bookings.book_series(weekly(desk), WEDNESDAYS)
    assert "2026-11-25" in refused.value.say()
    assert starts(desk) == []
    result = desk.bookings.book_series(weekly(desk), WEDNESDAYS, frozenset({date(2026, 11, 25)}))
    assert len(result.ids) == 5
    assert result.skipped == (date(2026, 11, 25),)
    assert starts(desk)[0] == "12-02 10:00"


def test_saving_a_series_again_makes_no_second(desk: Desk) -> None:
    one = desk.bookings.book_series(weekly(desk), WEDNESDAYS)
    assert desk.bookings.book_series(weekly(desk), WEDNESDAYS).ids == one.ids


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (Series(repeat=Repeat.DAILY, first=date(2026, 11, 25), until=date(2026, 11, 24)), "截止日期早于开始日期"),
        (Series(repeat=Repeat.DAILY, first=date(2026, 11, 25), until=date(2054, 4, 12)), "最长一年"),
        (
            Series(
                repeat=Repeat.WEEKLY, weekdays=(Weekday.MONDAY,), first=date(2026, 11, 25), until=date(2026, 11, 26)
            ),
            "一天也排不出来",
        ),
    ],
)
def test_rules_that_give_nothing_or_too_much(desk: Desk, series: Series, said: str) -> None:
    for door in (desk.bookings.preview, desk.bookings.book_series):
        with pytest.raises(Refused) as refused:
            door(weekly(desk), series)
        assert said in refused.value.say()


def test_scopes_and_exceptions(desk: Desk) -> None:
    ids = desk.bookings.book_series(weekly(desk), WEDNESDAYS).ids
    third = desk.bookings.load(ids[2])
    desk.bookings.change(replace(third, start=third.start + timedelta(hours=6), end=third.end + timedelta(hours=6)))
    assert desk.bookings.load(ids[2]).detached
    second = desk.bookings.load(ids[1])
    later = replace(second, start=second.start.replace(hour=12), end=second.end.replace(hour=13), expected_count=5)
    desk.bookings.change_series(later, Scope.FOLLOWING)
    assert starts(desk) == ["11-25 10:00", "12-02 12:00", "12-09 16:00", "12-16 12:00", "12-23 12:00", "12-30 12:00"]
    assert desk.bookings.load(ids[5]).expected_count == 5
    first = desk.bookings.load(ids[0])
    thursday = replace(first, start=first.start + timedelta(days=1), end=first.end + timedelta(days=1))
    desk.bookings.change_series(thursday, Scope.ALL)
    assert starts(desk) == ["11-26 10:00", "12-03 10:00", "12-09 16:00", "12-17 10:00", "12-24 10:00", "12-31 10:00"]
    undo = desk.bookings.cancel_series(ids[3], "放寒假", Scope.FOLLOWING)
    assert starts(desk) == ["11-26 10:00", "12-03 10:00", "12-09 16:00"]
    desk.bookings.undo_cancel(undo)
    assert len(starts(desk)) == 6


def test_a_clash_anywhere_changes_nothing(desk: Desk) -> None:
    ids = desk.bookings.book_series(weekly(desk), WEDNESDAYS).ids
    desk.bookings.book(
        replace(
            booking(desk, "手工室", 25, 12, title="别人"),
            start=datetime(2026, 12, 16, 12),
            end=datetime(2026, 12, 16, 13),
        )
    )
    before = starts(desk)
    first = desk.bookings.load(ids[0])
    with pytest.raises(Refused) as refused:
        desk.bookings.change_series(
            replace(first, start=first.start.replace(hour=12), end=first.end.replace(hour=13)), Scope.ALL
        )
    assert "2026-12-16" in refused.value.say()
    assert starts(desk) == before


def test_an_exception_taken_back_in_does_not_fall_on_another(desk: Desk) -> None:
    ids = desk.bookings.book_series(weekly(desk), WEDNESDAYS).ids
    second = desk.bookings.load(ids[1])
    later = datetime(2026, 12, 9, 16)
    desk.bookings.change(replace(second, start=later, end=later + timedelta(hours=1)))
    before = starts(desk)
    noon = replace(desk.bookings.load(ids[1]), start=later.replace(hour=12), end=later.replace(hour=13))
    with pytest.raises(Refused) as refused:
        desk.bookings.change_series(noon, Scope.ALL)
    assert "2026-12-09" in refused.value.say()
    assert starts(desk) == before


def test_moving_the_whole_into_another_room(desk: Desk) -> None:
    ids = desk.bookings.book_series(weekly(desk), WEDNESDAYS).ids
    meeting = room(desk, "会议室").id or 0
    desk.bookings.change_series(replace(desk.bookings.load(ids[0]), room_id=meeting), Scope.ALL)
    assert {desk.bookings.load(number).room_id for number in ids} == {meeting}
    series = desk.bookings.series_of(ids[0])
    assert series is not None
    assert series.repeat is Repeat.WEEKLY
