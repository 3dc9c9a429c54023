"""Rooms, closures, staff, communities, holidays: what is saved, listed and refused."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.desk import Desk
from stationdesk.errors import Conflict, Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.calendar import DEFAULT_HOURS, DayKind, SpecialDay
from stationdesk.records.people import Sex
from stationdesk.records.rooms import Equipment, Privacy, Room, RoomClosure, RoomKind
from stationdesk.records.staff import Post, Staff, Tier
from stationdesk.records.station import Community
from tests.db.test_bookings import booking
from tests.stations import at_desk, with_everyone


def test_a_room_comes_back_whole(desk: Desk) -> None:
    made = Room(
        name="  古丽娜尔•买买提  纪念室 ",
        kind=RoomKind.READING,
        capacity=30,
        equipment=(Equipment.BOOKS, Equipment.CAMERA),
        hours=DEFAULT_HOURS,
        buffer_before=10,
        privacy=Privacy.MASKED,
        manager_id=desk.actor.staff_id,
        safety_check_due=date(2027, 1, 1),
        note="<b>&",
    )
    found = desk.rooms.load(desk.rooms.save(made))
    assert found == replace(made, id=found.id, version=1, name="古丽娜尔·买买提 纪念室")


def test_names_are_unique_also_against_rooms_out_of_use(desk: Desk) -> None:
    old = next(room for room in desk.rooms.all_rooms() if room.name == "手工室")
    desk.rooms.save(replace(old, active=False))
    assert len(desk.rooms.find()) == 11
    assert len(desk.rooms.find(gone=True)) == 12
    with pytest.raises(Refused) as refused:
        desk.rooms.save(Room(name="手工室"))
    assert refused.value.problems[0].field == "name"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "长" * 41), ("capacity", 0), ("buffer_after", 61), ("side_by_side", 0)],
)
def test_bad_rooms_are_refused(desk: Desk, field: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        desk.rooms.save(replace(Room(name="新室"), **{field: value}))  # type: ignore[arg-type]
    assert [problem.field for problem in refused.value.problems] == [field]


def test_old_versions_and_missing_ones(desk: Desk) -> None:
    room = desk.rooms.all_rooms()[0]
    desk.rooms.save(replace(room, note="一"))
    with pytest.raises(Conflict):
        desk.rooms.save(replace(room, note="二"))
    for door in (desk.rooms.load, desk.staff.load, desk.station.load_community, desk.rooms.load_closure):
        with pytest.raises(Missing):
            door(4242)


def test_sixty_rooms_are_listed_by_pinyin(desk: Desk) -> None:
    for number in range(48):
        desk.rooms.save(Room(name=f"备用室{number:02d}"))
    ids = desk.rooms.find()
    assert len(ids) == 60
    assert [row.name for row in desk.rooms.rows(ids)][:2] == ["备用室00", "备用室01"]
    assert [row.id for row in desk.rooms.rows(ids[5:8])] == list(ids[5:8])
    for sort in ("kind", "capacity", "location", "name"):
        assert len(desk.rooms.find("备用", sort, True)) == 48


def test_a_closure_tells_whom_it_hits(desk: Desk) -> None:
    desk.bookings.book(booking(desk, "手工室", 25, 10))
    desk.bookings.book(booking(desk, "手工室", 25, 12))
    start = datetime(2026, 11, 25, 11)
    number, hit = desk.rooms.save_closure(RoomClosure(start=start, end=start.replace(hour=14), reason="消毒"))
    assert [row.start.hour for row in hit] == [12]
    assert desk.rooms.closure_rows(desk.rooms.find_closures("消"))[0].reason == "消毒"
    desk.rooms.remove_closure(number)
    assert desk.rooms.closures(datetime(2026, 1, 1), datetime(2027, 1, 1)) == ()
    with pytest.raises(Refused):
        desk.rooms.save_closure(RoomClosure(start=start, end=start, reason="零长"))


def test_staff_sort_by_pinyin_of_the_surname(desk: Desk) -> None:
    for name in ("曾小明", "单雄", "阿依古丽·买买提", "Ali"):
        desk.staff.save(Staff(name=name, sex=Sex.MALE, tier=Tier.SOCIAL_FORCE, posts=(Post.TEACHER,), employer="站"))
    rows = desk.staff.rows(desk.staff.find())
    assert [row.name for row in rows] == ["阿依古丽·买买提", "Ali", "赛乃姆·托合提", "单雄", "曾小明"]
    gone = next(m for m in desk.staff.everyone() if m.name == "单雄")
    desk.staff.save(replace(gone, left_on=date(2026, 11, 23)))
    assert len(desk.staff.find()) == 4
    assert len(desk.staff.find("单", gone=True)) == 1


def test_staff_rules(desk: Desk) -> None:
    base = Staff(name="某", sex=Sex.MALE, employer="站", posts=(Post.CLERK,))
    for wrong, field in (
        (replace(base, posts=()), "posts"),
        (replace(base, posts=(Post.COUNSELLOR,)), "qualifications"),
        (replace(base, phone="12345"), "phone"),
        (replace(base, entered_on=date(2026, 2, 1), left_on=date(2026, 1, 1)), "left_on"),
        (replace(base, name="长" * 73), "name"),
    ):
        with pytest.raises(Refused) as refused:
            desk.staff.save(wrong)
        assert [problem.field for problem in refused.value.problems] == [field]


def test_communities_and_holidays(desk: Desk) -> None:
    desk.station.save_community(Community(name="红柳社区", director_id=desk.actor.staff_id))
    with pytest.raises(Refused):
        desk.station.save_community(Community(name="红柳社区"))
    assert desk.station.community_rows(desk.station.find_communities("红"))[0].director_name == "赛乃姆·托合提"
    assert desk.station.years_with_holidays() == (2024, 2025, 2026)
    day = SpecialDay(day=date(2027, 1, 1), kind=DayKind.HOLIDAY, name="元旦")
    number = desk.station.save_special_day(day)
    with pytest.raises(Refused):
        desk.station.save_special_day(SpecialDay(day=date(2027, 1, 1), kind=DayKind.WORKDAY, name="又"))
    desk.station.remove_special_day(number)
    again = desk.station.save_special_day(SpecialDay(day=date(2027, 1, 1), kind=DayKind.HOLIDAY, name="元旦"))
    assert again == number
    assert desk.station.years_with_holidays() == (2024, 2025, 2026, 2027)


def test_profile_rules_and_rights(desk: Desk) -> None:
    station = desk.station.profile()
    desk.station.save_profile(replace(station, cutoff_day=25))
    with pytest.raises(Conflict):
        desk.station.save_profile(replace(station, cutoff_day=20))
    with pytest.raises(Refused):
        desk.station.save_profile(replace(desk.station.profile(), division_code="65"))
    names = with_everyone(desk)
    data = desk.data
    desk.close()
    clerk = at_desk(data, names[Role.CLERK])
    with pytest.raises(Denied):
        clerk.rooms.save(Room(name="私设"))
    with pytest.raises(Denied):
        clerk.station.save_community(Community(name="私设"))
    with pytest.raises(Denied):
        clerk.staff.save(Staff(name="私设"))
    clerk.close()
