"""Write the folder of the present schema, once, when it is released; an old one is never rewritten."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp

from stationdesk.db.upgrade import SCHEMA
from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.activities import ActivityCategory
from stationdesk.records.attachments import NewAttachment
from stationdesk.records.bookings import Booking
from stationdesk.records.drafts import Draft
from stationdesk.records.ids import IdKind
from stationdesk.records.partners import PartnerContact, PartnerDept
from stationdesk.records.series import Series
from stationdesk.records.sessions import Closing
from stationdesk.records.shifts import VolunteerShift
from stationdesk.records.station import Community
from tests.activities import held_with, partner, planned, ready_volunteer
from tests.child_prints import grandmother
from tests.children import assessed, filed, light, resident_no
from tests.contracts import contract, payment, promise
from tests.session_photos import agrees, photo
from tests.stations import at_desk, founded, with_everyone
from tests.work_groups import group, meeting, member, task


def arranged(desk: Desk, child: int) -> None:
    """An activity that was held and one to come, who helped, with whom, who met and what was bought."""
    number = planned(desk, datetime(2026, 11, 24, 10), category=ActivityCategory.CULTURE)
    activity_id = desk.sessions.load(number).activity_id
    held_with(desk, activity_id, [partner(desk)])
    helper = ready_volunteer(desk, id_kind=IdKind.RESIDENT_ID, id_no=resident_no(date(2000, 3, 1), order=2))
    desk.shifts.save(VolunteerShift(volunteer_id=helper, session_id=number))
    desk.attendance.sign_up(number, [child])
    desk.attendance.tick(number, [child], guardian_present=True)
    desk.sessions.close_session(number, Closing(headcount_children=5, cost=Decimal("120.50")))
    agrees(desk, child)
    photo(desk, number, child)
    first = date(2026, 1, 1)
    desk.certificates.issue(replace(desk.certificates.blank(helper), first=first, last=date(2026, 11, 24)))
    group_id = group(desk)
    head = member(desk, group_id)
    task(desk, meeting(desk, group_id, date(2026, 10, 20), head), head, date(2026, 12, 1))
    contract_id = desk.contracts.save(contract())
    desk.contracts.save_deliverable(promise(contract_id))
    desk.contracts.save_payment(payment(contract_id))
    desk.partners.save_contact(
        PartnerContact(partner_id=partner(desk, "甲区司法局", PartnerDept.JUSTICE), name="马晓岚")
    )
    planned(desk, datetime(2026, 11, 28, 10), room="手工室", title="亲子运动会")


def main() -> None:
    """A station with something in every table."""
    target = Path(__file__).parent / f"{SCHEMA:04d}"
    data = Path(mkdtemp()) / "station"
    founded(data)
    desk = at_desk(data)
    with_everyone(desk)
    desk.station.save_community(Community(name="红柳社区", director_id=desk.actor.staff_id))
    start = datetime(2026, 11, 25, 10)
    room = desk.rooms.all_rooms()[0].id or 0
    booking = Booking(
        room_id=room, start=start, end=start + timedelta(hours=1), title="周课", responsible_id=desk.actor.staff_id
    )
    desk.bookings.book_series(booking, Series(first=start.date(), until=start.date() + timedelta(weeks=4)))
    child = filed(desk, "贺兰朵", order=1)
    desk.child_files.save_family(grandmother(child))
    desk.child_files.save_assessment(assessed(desk, child, "YELLOW", "BLUE", "GREEN"))
    desk.children.enrol(light("陈一诺", birth_date=date(2017, 2, 3)))
    arranged(desk, child)
    desk.attachments.add(child, "说明.txt", "一段文字".encode(), NewAttachment())
    desk.safety.save_settings(replace(desk.safety.settings(), lock_minutes=7))
    desk.drafts.keep(Draft(uuid="a" * 32, place="settings/rooms", title="场地", record_id=None, state={"name": ["甲"]}))
    desk.close()
    worker = at_desk(data, Role.SOCIAL_WORKER.code.lower())
    worker.safety.begin_emergency("孩子独自在家，母亲的电话打不通")
    worker.close()
    target.mkdir(exist_ok=False)
    for name in ("station.db", "station.keys"):
        shutil.copy(data / name, target / name)


if __name__ == "__main__":
    main()
