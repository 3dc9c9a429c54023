"""Every file a released schema left opens with this program, and nothing in it is lost."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from stationdesk.db.audit import check_chain
from stationdesk.db.upgrade import SCHEMA
from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.bookings import BookingQuery
from stationdesk.records.categories import Colour
from stationdesk.records.children import ChildQuery
from tests.children import resident_no
from tests.stations import at_desk

RELEASED = sorted((Path(__file__).parent / "released").glob("[0-9]*"))


def test_there_is_a_file_of_every_schema() -> None:
    assert [path.name for path in RELEASED] == [f"{number:04d}" for number in range(1, SCHEMA + 1)]


def arranged(desk: Desk, child: int) -> None:
    """What schema 4 brought is all there."""
    figures = desk.summaries.figures(2026, 11)
    amounts = {code: figures.of(code).month for code in ("A09", "H01", "H08", "H09", "I03", "I06", "J02")}
    assert amounts == {"A09": 0, "H01": 1, "H08": 6, "H09": 1, "I03": 1, "I06": 1, "J02": 1}
    assert (figures.of("A09").year, figures.of("K02").month) == (1, Decimal("19.00"))
    (taken,) = desk.child_files.file(child).activities
    assert [row.publicity_ok for row in desk.session_photos.of_session(taken.id)] == [True]


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.name)
def test_a_released_file_opens_whole(path: Path, tmp_path: Path) -> None:
    data = tmp_path / "station"
    shutil.copytree(path, data)
    desk = at_desk(data)
    assert desk.opened.database.schema() == SCHEMA
    assert len(desk.bookings.find(BookingQuery(words="周课"))) == 5
    assert len(desk.rooms.find()) == 12
    assert len(desk.staff.everyone()) == len(Role)
    assert desk.station.years_with_holidays() == (2024, 2025, 2026)
    with desk.opened.database.read() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).first() is None
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert check_chain(desk.opened.database).sound
    if path.name >= "0002":
        assert desk.safety.settings().lock_minutes == 7
        assert [draft.title for draft in desk.drafts.mine()] == ["场地"]
        assert [item.name for item in desk.safety.unseen_emergencies()] == ["冶文秀"]
    if path.name >= "0003":
        (child,) = desk.children.find(ChildQuery(words="hld"))
        assert desk.children.load(child).id_no == resident_no(order=1)
        assert [found.colour for found in desk.child_files.assessments(child)] == [Colour.YELLOW]
        assert [row.name for row in desk.attachments.of_child(child)] == ["说明.txt"]
    if path.name >= "0004":
        arranged(desk, child)
    desk.close()
    at_desk(data, Role.CLERK.code.lower()).close()
