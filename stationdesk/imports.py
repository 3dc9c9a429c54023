"""What comes in from files: checked whole, backed up before, saved whole or not at all."""

from dataclasses import replace

from stationdesk.backups import back_up_unasked
from stationdesk.desk import Desk
from stationdesk.errors import EVENT, Refused
from stationdesk.records.audit import Action


def import_calendar(desk: Desk, data: bytes, *, dry_run: bool = False) -> int:
    """Book all events of an .ics file, or none; returns how many bookings they make.

    Rooms are known by name, the person at the desk is responsible. Raises `Refused` with the number
    of its event in each problem; a `dry_run` checks the same and books nothing.
    """
    from stationdesk.reports.calendars import read

    found = read(data, desk.rooms.all_rooms(), desk.actor.staff_id)
    problems = list(found.problems)
    if not dry_run and not problems and not desk.read_only:
        back_up_unasked(desk)
    try:
        desk.bookings.import_bookings(found.bookings, dry_run=dry_run or bool(problems))
    except Refused as refused:
        problems += [replace(problem, row=found.numbers[problem.row - 1], place=EVENT) for problem in refused.problems]
    Refused.over(sorted(problems, key=lambda problem: problem.row))
    if not dry_run:
        desk.audit.note_output(Action.IMPORT, "calendar", len(found.bookings))
    return len(found.bookings)
