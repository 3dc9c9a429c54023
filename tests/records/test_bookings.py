"""The rules of one booking."""

from datetime import datetime

import pytest

from stationdesk.fields import check
from stationdesk.records.bookings import Booking, BookingStatus


def booking(start: datetime, end: datetime, **more: object) -> Booking:
    return Booking(room_id=1, start=start, end=end, title="课", responsible_id=1, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ((25, 11, 0), (25, 10, 0), "结束时间应晚于开始时间"),
        ((25, 11, 0), (25, 11, 0), "结束时间应晚于开始时间"),
        ((25, 23, 0), (26, 0, 30), "不能跨过零点"),
        ((25, 9, 0), (25, 17, 5), "最长8小时"),
        ((25, 9, 2), (25, 10, 0), "5分钟的整数倍"),
    ],
)
def test_times(start: tuple[int, int, int], end: tuple[int, int, int], said: str) -> None:
    problems = list(booking(datetime(2026, 11, *start), datetime(2026, 11, *end)).problems())
    assert [said in p.say() for p in problems] == [True]


def test_eight_hours_are_allowed() -> None:
    assert list(booking(datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 17)).problems()) == []


def test_ends_want_their_reason_or_count() -> None:
    times = datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 10)
    for status, field in (
        (BookingStatus.CANCELLED, "cancel_reason"),
        (BookingStatus.REJECTED, "cancel_reason"),
        (BookingStatus.DONE, "actual_count"),
    ):
        assert [p.field for p in booking(*times, status=status).problems()] == [field]


@pytest.mark.parametrize("title", ["<b>&]]>", "😀𪚥ئالىم", "字" * 60])
def test_odd_titles_are_fine(title: str) -> None:
    made = Booking(room_id=1, start=datetime(2026, 11, 25, 9), end=datetime(2026, 11, 25, 10), title=title)
    assert check(made) == ()


@pytest.mark.parametrize("title", ["", "字" * 61, "两\n行", "控\x00制", "半\ud800个"])
def test_bad_titles_are_said(title: str) -> None:
    made = Booking(room_id=1, start=datetime(2026, 11, 25, 9), end=datetime(2026, 11, 25, 10), title=title)
    assert [p.field for p in check(made)] == ["title"]
