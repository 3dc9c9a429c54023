"""Calendars out and in: other zones, broken lines, thousands of events."""

from dataclasses import replace
from datetime import datetime

import pytest

from stationdesk.errors import Refused
from stationdesk.records.rooms import Room
from stationdesk.reports.calendars import read, write
from tests.reports.test_door_sheet import ROW

ROOMS = (Room(id=7, name="手工室"), Room(id=8, name="心理辅导室"))


def calendar(*events: str) -> bytes:
    body = "\r\n".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}\r\nEND:VCALENDAR\r\n".encode()


def event(start: str = "DTSTART:20261125T100000", end: str = "DTEND:20261125T110000", more: str = "") -> str:
    return "\r\n".join(filter(None, [start, end, "SUMMARY:剪纸", "LOCATION:手工室", more]))


def said(data: bytes) -> str:
    try:
        found = read(data, ROOMS, 1)
    except Refused as refused:
        return refused.say()
    return "\n".join(problem.say() for problem in found.problems)


def test_out_and_in_again() -> None:
    rows = [ROW, replace(ROW, id=2, masked=True, title="", room_name="心理辅导室")]
    data = write(rows, "某站")
    assert b"TZID=Asia/Shanghai" in data
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    found = read(data, ROOMS, 1)
    assert [(b.room_id, b.start, b.title) for b in found.bookings] == [
        (7, datetime(2026, 11, 25, 10), "剪纸小组"),
        (8, datetime(2026, 11, 25, 10), "已预约"),
    ]
    assert found.problems == ()


def test_other_zones_become_beijing_time() -> None:
    utc = event("DTSTART:20261125T020000Z", "DTEND:20261125T033000Z")
    urumqi = event("DTSTART;TZID=Asia/Urumqi:20261125T100000", "DTEND;TZID=Asia/Urumqi:20261125T110000")
    length = event("DTSTART:20261125T100000", "DURATION:PT90M")
    found = read(calendar(utc, urumqi, length), ROOMS, 1)
    assert [(b.start.hour, b.end.hour, b.end.minute) for b in found.bookings] == [
        (10, 11, 30),
        (12, 13, 0),
        (10, 11, 30),
    ]


def test_repeating_events_become_their_dates() -> None:
    weekly = event(more="RRULE:FREQ=WEEKLY;UNTIL=20261216T020000Z\r\nEXDATE:20261202T100000")
    found = read(calendar(weekly), ROOMS, 1)
    assert [b.start.day for b in found.bookings] == [25, 9, 16]
    endless = read(calendar(event(more="RRULE:FREQ=DAILY")), ROOMS, 1)
    assert 360 <= len(endless.bookings) <= 370


def test_a_rule_means_the_clock_of_its_own_zone() -> None:
    # Tuesday evening there is Wednesday morning here; between the two their clocks go back.
    start = "DTSTART;TZID=America/New_York:20261027T213000"
    end = "DTEND;TZID=America/New_York:20261027T223000"
    rule = "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261111T023000Z\r\nEXDATE:20261110T213000"
    found = read(calendar(event(start, end, rule)), ROOMS, 1)
    assert [b.start for b in found.bookings] == [datetime(2026, 10, 28, 9, 30), datetime(2026, 11, 4, 10, 30)]


def test_a_left_out_day_and_a_cancelled_event_make_no_booking() -> None:
    some = event(more="RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;VALUE=DATE:20261202")
    found = read(calendar(some, event(more="STATUS:CANCELLED")), ROOMS, 1)
    assert [b.start.day for b in found.bookings] == [25, 9]
    assert found.problems == ()


def test_more_dates_than_one_import_takes() -> None:
    assert "展开后超过5000次" in said(calendar(*[event(more="RRULE:FREQ=DAILY")] * 14))


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (event(more="RRULE:FREQ=DAILY;INTERVAL=0"), "RRULE"),
        (event(more="RRULE:FREQ=SECONDLY"), "RRULE"),
        (event(more="RRULE:FREQ=DAILY;BYMINUTE=0,5,10"), "RRULE"),
        (event(more="RRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY"), "RRULE"),
        (event(more="RDATE:20261201T100000"), "RDATE"),
        (event(more="RECURRENCE-ID:20261201T100000"), "RECURRENCE-ID"),
        (event(end="DURATION:PT1H\r\nDURATION:PT2H"), "起止时间缺少"),
        (event(end="DURATION:P9999999D"), "太早或太晚"),
        (event("DTSTART:99991231T230000Z", "DTEND:99991231T233000Z"), "太早或太晚"),
        (event("DTSTART;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261126"), "全天事件"),
        (event().replace("手工室", "不存在的房间"), "没有名为“不存在的房间”的场地"),
        (event().replace("SUMMARY:剪纸\r\n", ""), "没有事由"),
        (event("X-NONE:1", "X-NONE:2"), "起止时间缺少"),
        (event("DTSTART:2026年十一月", "DTEND:20261125T110000"), "读不懂"),
    ],
)
def test_each_problem_names_its_event(bad: str, words: str) -> None:
    told = said(calendar(event(), bad))
    assert words in told
    assert told.startswith("第2个事件：")


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"PK\x03\x04"]
)
def test_what_is_no_calendar(data: bytes) -> None:
    assert "日历文件" in said(data)


def test_five_thousand_events_and_one_more() -> None:
    assert len(read(calendar(*[event()] * 5000), ROOMS, 1).bookings) == 5000
    assert "5001个事件" in said(calendar(*[event()] * 5001))
