"""Photos of sessions for tests: a session with names, photos of it, and who is seen in them."""

from dataclasses import replace
from datetime import datetime

from stationdesk.desk import Desk
from stationdesk.records.consents import ConsentKind
from stationdesk.records.session_photos import Seen
from tests.activities import planned
from tests.db.test_attachments import consent
from tests.pictures import jpeg

TODAY = datetime(2026, 11, 24, 10)


def with_names(desk: Desk, *child_ids: int, start: datetime = TODAY) -> int:
    """The id of a session these children signed up for."""
    number = planned(desk, start)
    desk.attendance.sign_up(number, child_ids)
    return number


def photo(desk: Desk, session_id: int, *child_ids: int, seen: Seen | None = None, width: int = 60) -> int:
    """The id of a photo these children are seen in, nobody where there are none."""
    number = desk.session_photos.add(session_id, jpeg(width), caption=f"照片{width}")
    said = seen or (Seen.NAMED if child_ids else Seen.NOBODY)
    desk.session_photos.change(replace(desk.session_photos.load(number), seen=said, children=child_ids))
    return number


def agrees(desk: Desk, child_id: int) -> int:
    """The id of a consent to be shown to others."""
    return consent(desk, child_id, kind=ConsentKind.PHOTO_PUBLICITY)
