"""Every role at every door: a public method of a store is closed exactly to those without its right."""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from stationdesk.db.stores import Store
from stationdesk.desk import Desk
from stationdesk.errors import Denied, DeskError, Missing
from stationdesk.records.access import Right, Role, allows
from stationdesk.records.audit import Action
from stationdesk.records.bookings import ApplicantKind, Booking
from stationdesk.records.staff import Post
from tests.stations import at_desk, with_everyone
from tests.test_architecture import stores

PHONE = "13900000007"


def doors() -> Iterator[tuple[type[Store], str, Right]]:
    for cls in stores():
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if not name.startswith("_"):
                yield cls, name, method.__dict__["right"]


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.code)
def test_each_door_is_closed_exactly_to_those_without_its_right(desk: Desk, role: Role) -> None:
    actor = replace(desk.actor, role=role)
    closed, opened = [], []
    for cls, name, right in doors():
        keys = (desk.opened.keys,) if cls.__name__ == "DraftStore" else ()
        store: Any = cls(desk.opened.database, actor, desk.clock, *keys)
        try:
            # Without arguments: the right is looked at before anything else is.
            getattr(store, name)()
        except Denied:
            closed.append((cls.__name__, name, right))
            continue
        except (TypeError, DeskError):
            pass
        opened.append((cls.__name__, name, right))
    assert [door for door in closed if allows(role, door[2])] == []
    assert [door for door in opened if not allows(role, door[2])] == []
    assert len(closed) + len(opened) > 60


def test_being_denied_is_in_the_audit(desk: Desk) -> None:
    with_everyone(desk)
    data = desk.data
    desk.close()
    clerk = at_desk(data, "clerk")
    with pytest.raises(Denied):
        clerk.audit.find()
    clerk.close()
    head = at_desk(data)
    row = next(row for row in head.audit.rows(head.audit.find()) if row.action is Action.DENIED)
    assert (row.role, row.details) == (Role.CLERK, "AuditStore.find")
    head.close()


# --- what a store shows --------------------------------------------------------------------------


@pytest.fixture
def booked(desk: Desk) -> tuple[Desk, int]:
    """A booking in an open room with a family's telephone number, run by the supervisor."""
    with_everyone(desk)
    room = next(room for room in desk.rooms.all_rooms() if room.privacy.code == "OPEN" and not room.needs_approval)
    person = next(member for member in desk.staff.everyone() if Post.SUPERVISOR in member.posts)
    start = datetime(2026, 11, 25, 10, 0)
    number = desk.bookings.book(
        Booking(
            room_id=room.id or 0,
            start=start,
            end=start + timedelta(hours=1),
            title="亲子阅读",
            applicant_kind=ApplicantKind.GUARDIAN,
            applicant_name="热依罕·吐尔逊",
            applicant_phone=PHONE,
            responsible_id=person.id,
        )
    )
    return desk, number


SEEN = {
    Role.HEAD: PHONE,
    Role.SUPERVISOR: PHONE,
    Role.SOCIAL_WORKER: None,
    Role.COUNSELLOR: None,
    Role.CLERK: "139****0007",
    Role.REVIEWER: None,
}


@pytest.mark.parametrize("role", list(SEEN), ids=lambda role: role.code)
def test_a_telephone_number_is_shown_as_far_as_the_role_reaches(booked: tuple[Desk, int], role: Role) -> None:
    desk, number = booked
    data, name = desk.data, role.code.lower() if role is not Role.HEAD else desk.actor.username
    desk.close()
    desk = at_desk(data, name)
    if role is Role.REVIEWER:
        with pytest.raises(Missing):
            desk.bookings.load(number)
    else:
        shown = desk.bookings.load(number)
        assert shown.applicant_phone == SEEN[role]
        # What was put in its place is never saved over it.
        desk.bookings.change(replace(shown, title="亲子共读"))
        copy = desk.bookings.duplicate(number)
        assert copy.applicant_phone == SEEN[role]
    desk.close()
    head = at_desk(data)
    kept = head.bookings.load(number)
    assert kept.applicant_phone == PHONE
    assert kept.title == ("亲子阅读" if role is Role.REVIEWER else "亲子共读")
    head.close()


def test_the_one_responsible_sees_it_and_others_in_an_emergency(booked: tuple[Desk, int]) -> None:
    desk, number = booked
    data = desk.data
    worker = next(member for member in desk.staff.everyone() if Post.SOCIAL_WORKER in member.posts)
    other = desk.bookings.load(number)
    desk.bookings.change(replace(other, responsible_id=worker.id))
    desk.close()
    desk = at_desk(data, "social_worker")
    assert desk.bookings.load(number).applicant_phone == PHONE
    desk.close()
    desk = at_desk(data)
    desk.bookings.change(replace(desk.bookings.load(number), responsible_id=desk.actor.staff_id))
    desk.close()
    desk = at_desk(data, "social_worker")
    assert desk.bookings.load(number).applicant_phone is None
    desk.safety.begin_emergency("孩子走失，要马上联系家长")
    assert desk.bookings.load(number).applicant_phone == PHONE
    desk.safety.end_emergency()
    assert desk.bookings.load(number).applicant_phone is None
    desk.close()
    desk = at_desk(data)
    unseen = desk.safety.unseen_emergencies()
    assert [(one.name, one.reason) for one in unseen] == [("冶文秀", "孩子走失，要马上联系家长")]
    desk.safety.mark_seen(unseen)
    assert desk.safety.unseen_emergencies() == ()
    desk.close()
