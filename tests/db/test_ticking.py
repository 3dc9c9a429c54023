"""The tick list: who may be meant, regulars, undoing, registering on the spot, copying from paper."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from stationdesk.db.ticking import TickingStore
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Refused
from stationdesk.records.access import Role
from stationdesk.records.attendance import AttendanceState, Before, PaperEntry
from stationdesk.records.children import ChildQuery
from stationdesk.records.sessions import Closing
from tests.activities import planned, session
from tests.children import as_seen_by, colleague, filed, light
from tests.db.test_attendance import PRESENT, SIGNED_UP, TODAY, WAITING, WITHDRAWN, refusal, states


def test_the_list_tells_what_it_is_found_by_and_who_waits_in_order(desk: Desk) -> None:
    children = [filed(desk, name) for name in ("贺兰朵", "古丽娜尔·买买提", "阿依古丽·艾尼")]
    number = planned(desk, datetime(2026, 11, 25, 10), quota=1)
    for child in children:
        desk.attendance.sign_up(number, [child])
    rows = {row.child_id: row for row in desk.attendance.names(number)}
    assert [rows[child].queue for child in children] == [None, 1, 2]
    assert "glnemmt" in rows[children[1]].words
    assert desk.attendance.withdraw(number, children[0]) == (children[1],)
    assert {row.child_id: row.queue for row in desk.attendance.names(number)}[children[2]] == 1


def test_candidates_are_found_as_one_types_or_are_the_regulars(desk: Desk) -> None:
    often, other = filed(desk, "古丽娜尔·买买提"), filed(desk, "贺兰朵")
    number = planned(desk, TODAY)
    activity_id = desk.sessions.load(number).activity_id
    assert desk.attendance.candidates(number) == ()
    desk.attendance.sign_up(number, [other])
    found = desk.attendance.candidates(number, "hld")
    assert [(one.name, one.state, one.regular, one.age) for one in found] == [("贺兰朵", SIGNED_UP, False, 11)]
    for day in range(6):
        held = session(desk, activity_id, TODAY - timedelta(days=day + 1), hours=0.5, place="广场")
        again = desk.sessions.save(held)
        desk.attendance.tick(again, [often])
        assert desk.attendance.candidates(number) == ()
        desk.sessions.close_session(again, Closing())
    found = desk.attendance.candidates(number)
    assert [(one.child_id, one.regular, one.state) for one in found] == [(often, True, None)]
    desk.attendance.sign_up(number, [often])
    assert {row.child_id: row.regular for row in desk.attendance.names(number)} == {often: True, other: False}
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK), TickingStore)
    assert [one.name for one in clerk.candidates(number, "gln")] == ["古丽娜尔·买买提"]


def test_a_tick_is_taken_back(desk: Desk) -> None:
    signed, walked = filed(desk, "贺兰朵"), filed(desk, "古丽米热·艾尼")
    number = planned(desk, TODAY)
    desk.attendance.sign_up(number, [signed])
    desk.attendance.tick(number, [signed, walked], guardian_present=True)
    desk.attendance.take_back(number, [Before(child_id=signed, state=SIGNED_UP), Before(child_id=walked, state=None)])
    assert states(desk, number) == {signed: SIGNED_UP, walked: WITHDRAWN}
    assert not any(row.guardian_present for row in desk.attendance.names(number))
    desk.attendance.tick(number, [walked])
    desk.sessions.close_session(number, Closing())
    back = [Before(child_id=signed, state=SIGNED_UP)]
    assert "先重新打开" in refusal(lambda: desk.attendance.take_back(number, back))


def test_a_child_nobody_knows_is_registered_and_ticked_in_one_step(desk: Desk) -> None:
    number = planned(desk, TODAY, age_to=12)
    child = desk.attendance.enrol_and_tick(number, light())
    assert states(desk, number) == {child: PRESENT}
    assert "请核对" in refusal(lambda: desk.attendance.enrol_and_tick(number, light()))
    other = desk.attendance.enrol_and_tick(number, light(), AttendanceState.LATE, confirmed=True)
    assert states(desk, number)[other] is AttendanceState.LATE
    # Too old to take part: the registration is not kept either.
    old = light("叶尔兰·胡安别克", birth_date=light().birth_date.replace(year=2010))  # type: ignore[union-attr]
    assert "不在活动的年龄范围" in refusal(lambda: desk.attendance.enrol_and_tick(number, old))
    assert len(desk.children.find(ChildQuery())) == 2
    store = as_seen_by(desk, colleague(desk, Role.COUNSELLOR), TickingStore)
    with pytest.raises(Denied):
        store.enrol_and_tick(number, light("某某"))


def test_a_paper_list_is_copied_in_one_step(desk: Desk) -> None:
    first, second, third = (filed(desk, name) for name in ("阿依古丽·艾尼", "贺兰朵", "叶尔兰·胡安别克"))
    number = planned(desk, TODAY, quota=2)
    desk.attendance.sign_up(number, [first, second, third])
    entry = PaperEntry(present=(first,), late=(second,), headcount_children=4, headcount_adults=2)
    assert desk.attendance.tick_paper(number, entry) == 2
    assert states(desk, number) == {first: PRESENT, second: AttendanceState.LATE, third: WAITING}
    held = desk.sessions.load(number)
    assert (held.headcount_children, held.headcount_adults) == (4, 2)
    more = replace(entry, present=(first, third), headcount_children=9)
    assert "名额2人已满" in refusal(lambda: desk.attendance.tick_paper(number, more))
    assert desk.sessions.load(number).headcount_children == 4
    assert "没有可以保存的内容" in refusal(lambda: desk.attendance.tick_paper(number, PaperEntry()))
    with pytest.raises(Refused):
        desk.attendance.tick_paper(number, PaperEntry(headcount_adults=-1))
    desk.sessions.cancel_session(number, "停电")
    assert "已经取消或延期" in refusal(lambda: desk.attendance.tick_paper(number, entry))
