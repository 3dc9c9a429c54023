"""The calendar for families: every session of the month, nobody's name, as large as it fits."""

from datetime import datetime, timedelta

import pytest

from stationdesk.records.session_prints import CalendarEntry
from stationdesk.reports.activity_calendar import activity_calendar
from stationdesk.reports.document import Table
from stationdesk.reports.pdf import to_pdf
from tests.child_prints import text_of
from tests.stations import station


def entry(day: int, hour: int = 10, title: str = "国学小课堂", **more: object) -> CalendarEntry:
    start = datetime(2026, 12, day, hour)
    values = {"place_name": "手工室", "target": "辖区儿童", "age_from": 6, "age_to": 12, "done": False} | more
    return CalendarEntry(start=start, end=start + timedelta(minutes=90), title=title, **values)  # type: ignore[arg-type]


def size_of(*entries: CalendarEntry) -> float:
    document = activity_calendar(entries, 2026, 12, station())
    return next(part.size for part in document.parts if isinstance(part, Table))


def test_a_month_says_when_what_where_and_for_whom() -> None:
    entries = (entry(1, done=True), entry(12, 16, "亲子联谊", age_to=None, target="辖区儿童及家长", place_name=None))
    document = activity_calendar(entries, 2026, 12, station(), mark="演示")
    assert document.landscape
    text = text_of(document)
    for wanted in (
        "2026年12月活动日历",
        "甲区乙街道未成年人保护工作站乙街道某路1号电话：0991-0000001",
        "周一周二周三周四周五周六周日",
        "110:00—11:30（已结束）国学小课堂手工室辖区儿童6—12岁2",
        "1216:00—17:30亲子联谊辖区儿童及家长6岁以上13",
        "活动如有变动，以工作站通知为准。",
        "演示",
    ):
        assert wanted in text, wanted
    assert "内部资料" not in text


@pytest.mark.parametrize(("year", "month"), [(2026, 2), (2027, 2), (2026, 8), (2027, 5)])
def test_an_empty_month_of_four_to_six_weeks_is_one_page(year: int, month: int) -> None:
    document = activity_calendar((), year, month, station())
    assert to_pdf(document).pages == 1
    assert "这个月还没有安排活动" in text_of(document)


def test_many_sessions_make_the_type_smaller_and_go_on_on_the_next_page_with_their_date() -> None:
    few, some = [entry(8)], [entry(day, 16) for day in range(1, 32)]
    crowd = [*some, *(entry(12, hour, f"第{hour}场亲子联谊游园活动") for hour in range(8, 22))]
    assert size_of(*few) > size_of(*some) >= size_of(*crowd) == 10
    assert to_pdf(activity_calendar(some, 2026, 12, station())).pages <= 2
    document = activity_calendar(crowd, 2026, 12, station())
    text = text_of(document)
    assert all(text.count(f"第{hour}场") == 1 for hour in range(8, 22))
    assert text.count("国学小课堂") == 31
    assert to_pdf(document).pages > 1
