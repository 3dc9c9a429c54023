"""Partners in the file: found by pinyin, their contacts, and joint work derived and by hand."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.db.partners import PartnerStore
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing, Refused
from stationdesk.records.access import Role
from stationdesk.records.partners import JointWork, PartnerContact, PartnerDept, PartnerQuery
from stationdesk.records.sessions import Closing
from tests.activities import held_with, partner, planned
from tests.children import as_seen_by, colleague

FIRST, LAST = date(2026, 1, 1), date(2026, 11, 24)


def test_finding_and_the_same_name(desk: Desk) -> None:
    women, justice = partner(desk), partner(desk, "甲区司法局", PartnerDept.JUSTICE)
    assert desk.partners.find(PartnerQuery()).tolist() == [women, justice]
    assert desk.partners.find(PartnerQuery(words="sfj")).tolist() == [justice]
    assert desk.partners.find(PartnerQuery(dept=PartnerDept.WOMEN)).tolist() == [women]
    with pytest.raises(Refused) as refused:
        partner(desk, " 甲区妇联 ")
    assert "已有同名的协作单位" in refused.value.say()
    desk.partners.save(replace(desk.partners.load(women), until=date(2026, 11, 24)))
    assert desk.partners.find(PartnerQuery()).tolist() == [justice]
    assert set(desk.partners.find(PartnerQuery(gone=True))) == {women, justice}


def test_contacts(desk: Desk) -> None:
    number = partner(desk)
    desk.partners.save_contact(PartnerContact(partner_id=number, name="阿孜古丽·热合曼", phone="13900000009"))
    liaison = PartnerContact(partner_id=number, name="郭心怡", is_liaison=True)
    kept = desk.partners.save_contact(liaison)
    assert [contact.name for contact in desk.partners.contacts(number)] == ["郭心怡", "阿孜古丽·热合曼"]
    assert desk.partners.rows([number])[0].liaison == "郭心怡"
    clerk = as_seen_by(desk, colleague(desk, Role.CLERK), PartnerStore)
    shown = clerk.contacts(number)[1]
    assert shown.phone == "139****0009"
    clerk.save_contact(replace(shown, post="主任"))
    saved = next(contact for contact in desk.partners.contacts(number) if contact.id == shown.id)
    assert (saved.post, saved.phone) == ("主任", "13900000009")
    desk.partners.remove_contact(kept)
    assert desk.partners.rows([number])[0].liaison is None
    counsellor = as_seen_by(desk, colleague(desk, Role.COUNSELLOR, "叶尔哈那提"), PartnerStore)
    assert counsellor.contacts(number)[0].phone is None
    with pytest.raises(Denied):
        counsellor.save_contact(liaison)


def test_joint_work_is_derived_and_added_by_hand(desk: Desk) -> None:
    women, justice = partner(desk), partner(desk, "甲区司法局", PartnerDept.JUSTICE)
    held = planned(desk, datetime(2026, 11, 23, 10))
    held_with(desk, desk.sessions.load(held).activity_id, [women, justice])
    by_hand = desk.partners.save_joint(JointWork(day=date(2026, 11, 20), matter="会商"), [justice])
    find = desk.partners.find_joint
    assert find(FIRST, LAST).tolist() == [by_hand]
    desk.sessions.close_session(held, Closing(headcount_children=3))
    assert find(FIRST, LAST).tolist() == [by_hand, -held]
    assert find(FIRST, LAST, women).tolist() == [-held]
    assert find(FIRST, date(2026, 11, 22)).tolist() == [by_hand]
    rows = desk.partners.joint_rows([-held, by_hand])
    assert [(row.matter, row.day.day) for row in rows] == [("彩泥手工课", 23), ("会商", 20)]
    assert set(rows[0].partners.split("、")) == {"甲区妇联", "甲区司法局"}
    assert {row.id: row.together for row in desk.partners.rows([women, justice])} == {women: 1, justice: 2}
    figures = desk.summaries.figures(2026, 11)
    assert [figures.of(code).month for code in ("J01", "J02", "J05", "J06", "J07")] == [2, 1, 2, 0, 2]
    work, partners = desk.partners.load_joint(by_hand)
    desk.partners.save_joint(replace(work, result="已落实"), [women])
    assert desk.partners.load_joint(by_hand)[1] == (women,)
    assert partners == (justice,)
    desk.sessions.reopen(held)
    desk.partners.remove_joint(by_hand)
    assert find(FIRST, LAST).tolist() == []


def test_joint_work_is_with_somebody_and_not_of_tomorrow(desk: Desk) -> None:
    work = JointWork(day=date(2026, 11, 24), matter="会商")
    with pytest.raises(Refused) as refused:
        desk.partners.save_joint(work, [])
    assert "请至少选择一个协作单位" in refused.value.say()
    with pytest.raises(Refused):
        desk.partners.save_joint(replace(work, day=date(2026, 11, 25)), [partner(desk)])
    with pytest.raises(Missing):
        desk.partners.save_joint(work, [99])
    assert desk.partners.find_joint(FIRST, LAST).tolist() == []


def test_nothing_is_done_with_whom_one_no_longer_works_with(desk: Desk) -> None:
    number = partner(desk)
    desk.partners.save(replace(desk.partners.load(number), until=date(2026, 6, 1)))
    work = JointWork(day=date(2026, 5, 31), matter="联合走访")
    desk.partners.save_joint(work, [number])
    with pytest.raises(Refused) as refused:
        desk.partners.save_joint(replace(work, uuid="0" * 32, day=date(2026, 6, 1)), [number])
    assert "从2026-06-01起已停止合作" in refused.value.say()
