"""After a working day nothing personal stands in any file but where a person put it."""

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

from stationdesk import cli, log, paths
from stationdesk.backups import back_up, restore
from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Refused
from stationdesk.imports import import_calendar
from stationdesk.records.bookings import Booking, BookingQuery
from stationdesk.records.drafts import Draft
from stationdesk.records.station import Community
from stationdesk.reports.document import Document, Heading
from stationdesk.reports.pdf import to_pdf
from tests.stations import HEAD, PASSWORD, at_desk

NAME, PHONE, TITLE = "苏比努尔·热合曼江", "13912345678", "古海尔妮萨来谈心"
CANARIES = (NAME, PHONE, TITLE)


def holding_canaries(folder: Path) -> list[str]:
    """Files under `folder` in which one stands, in any writing this program or Qt would use."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if any(word.encode(code) in content for word in CANARIES for code in ("utf-8", "utf-16-le", "gb18030")):
                found.append(path.name)
            assert not any(word in path.name for word in CANARIES)
    return found


def a_working_day(desk: Desk) -> None:
    """Names and numbers typed, searched, printed, refused, lost in errors."""
    member = desk.staff.everyone()[0]
    desk.staff.save(replace(member, id=None, uuid="c" * 32, version=0, name=NAME, phone=PHONE))
    start = datetime(2026, 11, 25, 16)
    booking = Booking(
        room_id=desk.rooms.all_rooms()[0].id or 0,
        start=start,
        end=start + timedelta(hours=1),
        title=TITLE,
        applicant_name=NAME,
        applicant_phone=PHONE,
        responsible_id=desk.actor.staff_id,
    )
    number = desk.bookings.book(booking)
    with pytest.raises(Refused) as refused:
        desk.bookings.book(replace(booking, uuid="d" * 32))
    log.logger.warning("%s", log.report_code(refused.value), exc_info=refused.value)
    desk.bookings.load(number)
    desk.bookings.find(BookingQuery(words=TITLE))
    desk.staff.find(NAME)
    desk.drafts.keep(Draft(uuid="e" * 32, place="bookings", title="预约", record_id=None, state={"title": [TITLE]}))
    to_pdf(Document(title="表", parts=(Heading(NAME, 1),)))
    with pytest.raises(DeskError):
        import_calendar(desk, f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{NAME}\nEND".encode())


def its_errors(desk: Desk) -> None:
    """Errors of ours and of the database, each with a name in it, into the log and the report."""
    for statement in ("SELECT no_such FROM staff WHERE name = :n", "INSERT INTO community (id) VALUES (:n)"):
        with pytest.raises(Exception) as caught, desk.opened.database.write() as session:
            session.execute(text(statement), {"n": NAME})
        log.logger.error("failed", exc_info=caught.value)
        assert not any(word in log.report_text(caught.value, "0") for word in CANARIES)
    log.logger.error("failed", exc_info=KeyError(TITLE))


def test_no_file_but_the_chosen_ones_holds_a_name(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    log.set_up(paths.log_folder())
    a_working_day(desk)
    its_errors(desk)
    made = back_up(desk)
    # As a killed program leaves it: nobody closed anything.
    shutil.copytree(desk.data, tmp_path / "killed")
    desk.station.save_community(Community(name="红柳社区"))
    data = desk.data
    desk.close()
    restore(data, made.path, HEAD, PASSWORD, any_folder=True)
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
    chosen = tmp_path / "chosen" / "out.ics"
    chosen.parent.mkdir()
    words = ["export", "bookings", str(chosen), "--from", "2026-11-01", "--to", "2026-11-30"]
    assert cli.main([*words, "--data", str(data), "--user", HEAD, "--password-stdin"]) == 0
    capsys.readouterr()
    assert "out.ics" in holding_canaries(chosen.parent)
    home = paths.settings_file().parent
    assert (paths.log_folder() / "stationdesk.log").stat().st_size > 500
    for folder in (data, tmp_path / "killed", home, scratch):
        assert holding_canaries(folder) == []
    later = at_desk(data)
    assert later.bookings.find(BookingQuery(words=TITLE))
    later.close()
