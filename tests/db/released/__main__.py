"""Write the folder of the present schema, once, when it is released; an old one is never rewritten."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from stationdesk.db.upgrade import SCHEMA
from stationdesk.records.access import Role
from stationdesk.records.attachments import NewAttachment
from stationdesk.records.bookings import Booking
from stationdesk.records.drafts import Draft
from stationdesk.records.series import Series
from stationdesk.records.station import Community
from tests.child_prints import grandmother
from tests.children import assessed, filed, light
from tests.stations import at_desk, founded, with_everyone


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
