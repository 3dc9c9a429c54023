"""Names at sessions: quota and queue, ages, consents, ticking with siblings, and who may read them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.db.attendance import AttendanceStore
from stationdesk.desk import Desk
from stationdesk.errors import Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.child_reviews import Happening
from stationdesk.records.consents import Consent, ConsentKind, ConsentMethod
from stationdesk.records.family_codes import GuardianKind
from stationdesk.records.sessions import Closing
from tests.activities import planned, room_id, session
from tests.children import as_seen_by, colleague, filed, light, whole

FUTURE = datetime(2026, 11, 25, 10)
TODAY = datetime(2026, 11, 24, 10)
SIGNED_UP, WAITING, PRESENT = AttendanceState.SIGNED_UP, AttendanceState.WAITING, AttendanceState.PRESENT
ABSENT, WITHDRAWN = AttendanceState.ABSENT, AttendanceState.WITHDRAWN


def states(desk: Desk, session_id: int) -> dict[int, AttendanceState]:
    return {row.child_id: row.state for row in desk.attendance.names(session_id)}


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        call()
    return found.value.say()


@pytest.fixture
def children(desk: Desk) -> list[int]:
    return [filed(desk, name) for name in ("努尔艾力·吐尔洪江", "贺兰朵", "古丽米热·艾尼")]


def test_over_the_quota_a_child_waits_and_moves_up(desk: Desk, children: list[int]) -> None:
    number = planned(desk, FUTURE, quota=2)
    found = desk.attendance.sign_up(number, [*children, children[0]])
    assert [one.state for one in found] == [SIGNED_UP, SIGNED_UP, WAITING]
    assert desk.attendance.withdraw(number, children[0]) == (children[2],)
    assert states(desk, number) == dict(zip(children, (WITHDRAWN, SIGNED_UP, SIGNED_UP), strict=True))
    again = desk.attendance.sign_up(number, [children[0]])
    assert again[0].state is WAITING
    row = desk.sessions.rows([number])[0]
    assert (row.signed_up, row.waiting, row.present) == (2, 1, 0)
    assert "没有报名" in refusal(lambda: desk.attendance.withdraw(number, filed(desk, "叶尔兰·胡安别克")))


def test_a_child_outside_the_age_range_is_told_and_nobody_signed_up(desk: Desk, children: list[int]) -> None:
    number = planned(desk, FUTURE, age_from=6, age_to=9)
    young = filed(desk, "阿依达娜·努尔兰", birth=date(2018, 1, 1))
    said = refusal(lambda: desk.attendance.sign_up(number, [young, children[0]]))
    assert said == "努尔艾力·吐尔洪江当天11岁，不在活动的年龄范围（6至9岁）内，请核对出生日期或改报别的活动。"
    assert states(desk, number) == {}
    desk.attendance.sign_up(number, [young])
    walked_in = planned(desk, TODAY, "国学教室", age_to=9)
    assert "不在活动的年龄范围" in refusal(lambda: desk.attendance.tick(walked_in, children[:1]))
    assert states(desk, walked_in) == {}


def test_consents_where_required(desk: Desk, children: list[int]) -> None:
    number = planned(desk, TODAY, consent_required=True)
    assert "有效同意书" in refusal(lambda: desk.attendance.sign_up(number, children[:1]))
    mother = next(member for member in desk.child_files.family(children[0]) if member.is_parent)
    guardian = desk.child_files.save_family(
        replace(mother, name="阿依夏木·吐尔逊", is_guardian=True, guardian_kind=GuardianKind.PARENTS)
    )
    consent = Consent(
        child_id=children[0],
        kind=ConsentKind.ACTIVITY,
        given_by=guardian,
        assent=True,
        method=ConsentMethod.PAPER,
        signed_on=date(2026, 11, 1),
    )
    kept = desk.child_files.save_consent(consent)
    desk.attendance.sign_up(number, children[:1])
    whole_one = next(one for one in desk.child_files.consents(children[0]) if one.id == kept)
    desk.child_files.save_consent(replace(whole_one, withdrawn_on=date(2026, 11, 20)))
    assert "有效同意书" in refusal(lambda: desk.attendance.tick(number, children[:1]))


def test_ticking(desk: Desk, children: list[int]) -> None:
    number = planned(desk, TODAY, quota=2)
    desk.attendance.sign_up(number, children[:2])
    assert desk.attendance.tick(number, [children[0]], guardian_present=True) == (children[0],)
    assert "名额2人已满" in refusal(lambda: desk.attendance.tick(number, [children[2]]))
    desk.attendance.tick(number, [children[1]], ABSENT)
    desk.attendance.tick(number, [children[2]], AttendanceState.LATE)
    assert states(desk, number) == dict(zip(children, (PRESENT, ABSENT, AttendanceState.LATE), strict=True))
    assert [row.guardian_present for row in desk.attendance.names(number) if row.child_id == children[0]] == [True]
    assert "没有报名这一场" in refusal(lambda: desk.attendance.tick(number, [filed(desk, "叶尔兰·胡安别克")], ABSENT))
    assert "请选到场" in refusal(lambda: desk.attendance.tick(number, children, WITHDRAWN))
    desk.attendance.pick_up(number, children[0], "奶奶")
    assert "请先点名" in refusal(lambda: desk.attendance.pick_up(number, children[1], "奶奶"))
    desk.sessions.close_session(number, Closing())
    desk.attendance.pick_up(number, children[0], "姑姑")
    assert next(row.picked_up_by for row in desk.attendance.names(number) if row.child_id == children[0]) == "姑姑"


def test_who_was_not_ticked_was_absent(desk: Desk, children: list[int]) -> None:
    number = planned(desk, TODAY)
    desk.attendance.sign_up(number, children)
    desk.attendance.tick(number, children[:1])
    desk.sessions.close_session(number, Closing())
    assert states(desk, number) == dict(zip(children, (PRESENT, ABSENT, ABSENT), strict=True))


def test_no_names_for_a_session_that_is_not_held(desk: Desk, children: list[int]) -> None:
    number = planned(desk, TODAY)
    desk.sessions.cancel_session(number, "停电")
    for call in (
        lambda: desk.attendance.sign_up(number, children),
        lambda: desk.attendance.tick(number, children),
        lambda: desk.attendance.withdraw(number, children[0]),
    ):
        assert "已经取消或延期（已取消）" in refusal(call)
    later = planned(desk, FUTURE, "国学教室")
    assert "日子还没有到" in refusal(lambda: desk.attendance.tick(later, children))


def test_guardians_where_they_have_to_come(desk: Desk, children: list[int]) -> None:
    number = planned(desk, TODAY, guardian_required=True)
    assert "需家长陪同" in refusal(lambda: desk.attendance.tick(number, children[:1]))
    desk.attendance.tick(number, children[:1], guardian_present=True)
    desk.attendance.tick(number, children[:1], ABSENT)
    assert [row.guardian_present for row in desk.attendance.names(number)] == [False]


def test_siblings_on_the_list_are_ticked_together(desk: Desk) -> None:
    first = filed(desk, "努尔艾力·吐尔洪江")
    home = desk.children.load(first).household_id
    second = filed(desk, "努尔古丽·吐尔洪江", household_id=home)
    third = filed(desk, "努尔江·吐尔洪江", household_id=home)
    other = filed(desk, "贺兰朵")
    number = planned(desk, TODAY)
    desk.attendance.sign_up(number, [first, second, other])
    assert set(desk.attendance.tick(number, [first], siblings=True)) == {first, second}
    assert states(desk, number) == {first: PRESENT, second: PRESENT, other: SIGNED_UP}
    assert third not in states(desk, number)
    # They came with one mother, and are one guardian.
    desk.attendance.tick(number, [first], siblings=True, guardian_present=True)
    desk.attendance.tick(number, [other], guardian_present=True)
    found = desk.sessions.close_session(number, Closing())
    assert (found.presence.children, found.presence.guardians) == (3, 2)
    assert desk.summaries.figures(2026, 11).of("H09").month == 2


def test_a_group_signs_up_for_all_its_sessions(desk: Desk, children: list[int]) -> None:
    number = planned(desk, FUTURE)
    activity_id = desk.sessions.load(number).activity_id
    later = desk.sessions.save(session(desk, activity_id, datetime(2026, 12, 2, 10)), room_id(desk))
    desk.attendance.sign_up(number, children, all_sessions=True)
    assert set(states(desk, later)) == set(children)
    found = desk.attendance.next_session(children[0])
    assert found is not None
    assert (found.session_id, found.title, found.place_name, found.start) == (number, "彩泥手工课", "手工室", FUTURE)
    desk.sessions.postpone_session(number, "大风")
    found = desk.attendance.next_session(children[0])
    assert found is not None
    assert found.session_id == later
    desk.attendance.withdraw(later, children[0])
    assert desk.attendance.next_session(children[0]) is None


def test_the_sessions_a_child_came_to(desk: Desk, children: list[int]) -> None:
    first, second = planned(desk, datetime(2026, 11, 20, 10)), planned(desk, TODAY)
    for number in (first, second):
        desk.attendance.tick(number, children[:1])
        desk.sessions.close_session(number, Closing(headcount_children=1))
    assert desk.attendance.attended(children[0]).tolist() == [second, first]
    assert desk.attendance.attended(children[1]).tolist() == []
    desk.sessions.reopen(second)
    assert desk.attendance.attended(children[0]).tolist() == [first]


def test_what_a_child_took_part_in_stands_in_its_file(desk: Desk, children: list[int]) -> None:
    came, coming = planned(desk, TODAY, title="早场"), planned(desk, FUTURE, title="下一场")
    off = planned(desk, datetime(2026, 11, 25, 17), title="不办了")
    for number in (came, coming, off):
        desk.attendance.sign_up(number, [children[0]])
    desk.attendance.tick(came, [children[0]], guardian_present=True)
    desk.sessions.cancel_session(off, "下雪")
    desk.sessions.close_session(came, Closing())
    found = desk.child_files.file(children[0])
    assert [(one.id, one.title, one.state, one.guardian_present) for one in found.activities] == [
        (coming, "下一场", SIGNED_UP, False),
        (came, "早场", PRESENT, True),
    ]
    assert [row.say() for row in found.timeline() if row.kind is Happening.ACTIVITY] == ["早场"]
    assert desk.child_files.file(children[1]).activities == ()


def test_a_light_registration_takes_part_like_any_child(desk: Desk) -> None:
    number = planned(desk, TODAY)
    child = desk.children.enrol(light())
    desk.attendance.tick(number, [child])
    desk.sessions.close_session(number, Closing())
    figures = desk.summaries.figures(2026, 11)
    assert (figures.of("H10").month, figures.of("H11").month, figures.of("B04").month) == (1, 0, 0)


def test_names_are_read_only_by_those_who_may_know_of_the_child(desk: Desk) -> None:
    counsellor = colleague(desk, Role.COUNSELLOR, "叶尔哈那提·哈布都拉提")
    client = filed(desk, "贺兰朵", counsellor_id=counsellor.staff_id)
    other = filed(desk, "努尔艾力·吐尔洪江")
    number = planned(desk, FUTURE)
    desk.attendance.sign_up(number, [client, other])
    store = as_seen_by(desk, counsellor, AttendanceStore)
    assert [(row.name, row.age) for row in store.names(number)] == [("贺兰朵", 11)]
    assert store.next_session(client) is not None
    with pytest.raises(Missing):
        store.next_session(other)
    with pytest.raises(Missing):
        store.attended(other)
    # The count is everybody's.
    assert desk.sessions.rows([number])[0].signed_up == 2


def test_who_sees_masked_sees_who_took_the_child_home_masked(desk: Desk) -> None:
    child = filed(desk, "贺兰朵")
    number = planned(desk, TODAY)
    desk.attendance.tick(number, [child])
    desk.attendance.pick_up(number, child, "阿依夏木")
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK, "马晓岚"), AttendanceStore)
    shown = clerk.names(number)[0].picked_up_by
    assert shown is not None
    assert shown.startswith("阿")
    assert "依夏木" not in shown
    clerk.tick(number, [child], AttendanceState.LEFT_EARLY)
    assert desk.attendance.names(number)[0].picked_up_by == "阿依夏木"


def test_a_file_that_went_into_another_signs_up_no_more(desk: Desk) -> None:
    kept, dropped = filed(desk, "贺兰朵"), filed(desk, "贺兰朵", birth=date(2015, 5, 21))
    number, later = planned(desk, TODAY), planned(desk, FUTURE)
    desk.attendance.sign_up(number, [kept, dropped])
    desk.attendance.sign_up(later, [dropped])
    desk.attendance.tick(number, [dropped])
    merge = desk.child_merges.merge(kept, dropped, "同一个孩子登记了两次")
    assert states(desk, number)[kept] is PRESENT
    assert states(desk, later) == {kept: SIGNED_UP}
    assert "已经合并到" in refusal(lambda: desk.attendance.sign_up(later, [dropped]))
    assert desk.sessions.outcome(number).presence.children == 1
    desk.child_merges.undo(merge)
    assert states(desk, number) == {kept: SIGNED_UP, dropped: PRESENT}
    assert states(desk, later) == {dropped: SIGNED_UP}


def test_names_are_those_of_a_whole_file(desk: Desk) -> None:
    child = filed(desk, "热孜万古丽·买买提")
    number = planned(desk, FUTURE)
    desk.attendance.sign_up(number, [child])
    row = desk.attendance.names(number)[0]
    assert (row.name, row.sex) == ("热孜万古丽·买买提", whole(desk, "某").sex)


def test_a_place_taken_meanwhile_is_not_given_twice(desk: Desk, children: list[int]) -> None:
    first, second, client = children
    counsellor = colleague(desk, Role.COUNSELLOR)
    desk.children.save(replace(desk.children.load(client), counsellor_id=counsellor.staff_id))
    number = planned(desk, TODAY, quota=1)
    desk.attendance.sign_up(number, [first, second, client])
    # The place in the queue is that of all who wait, also of those one may not know of.
    [row] = as_seen_by(desk, counsellor, AttendanceStore).names(number)
    assert row.queue == 2
    desk.attendance.tick(number, [first], ABSENT)
    desk.attendance.tick(number, [second])
    assert "名额1人已满" in refusal(lambda: desk.attendance.tick(number, [first]))
    # Who was ticked by mistake comes off the list again.
    desk.attendance.tick(number, [second], ABSENT)
    desk.attendance.withdraw(number, second)
    assert states(desk, number) == {first: ABSENT, second: WITHDRAWN, client: SIGNED_UP}


@pytest.mark.parametrize("kept", [WITHDRAWN, WAITING])
def test_a_merge_keeps_the_place_one_of_two_had(desk: Desk, kept: AttendanceState) -> None:
    there, twin = filed(desk, "贺兰朵"), filed(desk, "贺兰多")
    number = planned(desk, FUTURE, quota=1)
    desk.attendance.sign_up(number, [twin, there])
    if kept is WITHDRAWN:
        desk.attendance.withdraw(number, there)
    desk.child_merges.merge(there, twin, "重复登记的")
    assert states(desk, number)[there] is SIGNED_UP
