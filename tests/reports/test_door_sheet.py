"""Door sheets tell passers-by no more than they may know."""

from dataclasses import replace
from datetime import date, datetime

from stationdesk.records.bookings import BookingRow, BookingStatus, Purpose
from stationdesk.records.rooms import Privacy, Room
from stationdesk.reports.document import Document, Table
from stationdesk.reports.door_sheet import door_sheet, week_sheet

OPEN = Room(id=1, name="手工室")
MASKED = Room(id=2, name="心理辅导室", privacy=Privacy.MASKED)
ROW = BookingRow(
    id=1,
    series_id=None,
    room_id=1,
    masked=False,
    room_name="手工室",
    start=datetime(2026, 11, 25, 10),
    end=datetime(2026, 11, 25, 11),
    purpose=Purpose.GROUP,
    title="剪纸小组",
    responsible_name="某老师",
    expected_count=8,
    actual_count=None,
    status=BookingStatus.CONFIRMED,
)


def cells(document: Document) -> list[tuple[str, ...]]:
    return [row.cells for part in document.parts if isinstance(part, Table) for row in part.rows]


def test_an_open_room_shows_titles_but_no_person() -> None:
    found = cells(door_sheet(OPEN, [ROW], date(2026, 11, 23), 7))
    assert ("周三 11月25日", "10:00-11:00", "剪纸小组") in found
    assert ("周一 11月23日", "", "无预约") in found
    assert "某老师" not in str(found)


def test_a_masked_room_shows_only_that_it_is_taken_even_to_the_head() -> None:
    row = replace(ROW, room_id=2, title="张某辅导")
    for document in (
        door_sheet(MASKED, [row], date(2026, 11, 25), 1),
        week_sheet([OPEN, MASKED], [row], date(2026, 11, 23)),
    ):
        assert "已预约" in str(cells(document))
        assert "张某" not in str(document)


def test_the_week_sheet_has_all_rooms_and_leaves_the_cancelled_out() -> None:
    gone = replace(ROW, id=2, status=BookingStatus.CANCELLED, title="取消的")
    rooms = [replace(OPEN, id=n, name=f"房间{n}") for n in range(1, 61)]
    found = cells(week_sheet(rooms, [ROW, gone], date(2026, 11, 23)))
    assert len(found) == 60
    assert found[0][3] == "10:00-11:00\n剪纸小组"
    assert "取消的" not in str(found)
