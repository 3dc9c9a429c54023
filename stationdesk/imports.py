"""What comes in from files: checked whole, backed up before, saved in one go; and children into files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from stationdesk.backups import back_up_unasked
from stationdesk.desk import Desk
from stationdesk.errors import EVENT, Problem, Refused, StorageTrouble
from stationdesk.i18n import N_
from stationdesk.records.audit import Action
from stationdesk.records.child_intake import (
    ASKED,
    ChildEntry,
    ChildIntake,
    Directory,
    ImportReport,
    entry_of,
)
from stationdesk.records.duplicates import OnDuplicate
from stationdesk.records.volunteer_intake import ASKED as VOLUNTEER_ASKED
from stationdesk.records.volunteer_intake import VolunteerIntake
from stationdesk.records.volunteer_intake import entry_of as volunteer_of


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


# --- children ------------------------------------------------------------------------------------

Progress = Callable[[int, int], object]


def import_children(
    desk: Desk,
    path: Path,
    decisions: Mapping[int, OnDuplicate] | OnDuplicate | None = None,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Keep all lines of a sheet, or none; `decisions` say by row, or for all rows, what is done with a
    child that may have a file already.

    A `dry_run` returns all that is wrong and keeps nothing. Otherwise raises `Refused` with the row
    of each problem. Raises `Refused` for a file that is no such sheet, `Denied`, `StorageTrouble`.
    """
    directory = desk.child_imports.directory()
    entries, problems = _entries(path, directory, progress)
    if isinstance(decisions, OnDuplicate):
        decisions = dict.fromkeys((entry.row for entry in entries), decisions)
    if not dry_run and not problems and not desk.read_only:
        back_up_unasked(desk)
    report = ImportReport()
    try:
        report = desk.child_imports.take_in(
            entries, decisions or {}, dry_run=dry_run or bool(problems), progress=progress, cancelled=cancelled
        )
        found = report.problems
    except Refused as refused:
        if any(not problem.row for problem in refused.problems):
            raise
        found = refused.problems
    problems = _together(problems, found)
    if not dry_run:
        Refused.over(problems)
    return replace(report, problems=tuple(problems))


def _together(unread: Sequence[Problem], found: Iterable[Problem]) -> list[Problem]:
    """All problems by row; what could not be read is not also missing."""
    told = {(problem.row, problem.field) for problem in unread}
    more = (problem for problem in found if (problem.row, problem.field) not in told or not problem.field)
    return sorted((*unread, *more), key=lambda problem: problem.row)


def _entries(path: Path, directory: Directory, progress: Progress) -> tuple[list[ChildEntry], list[Problem]]:
    """What the lines of a sheet ask for, and what cannot be read of it."""
    from stationdesk.reports.intake import read_sheet

    sheet = read_sheet(ChildIntake, path, asked=ASKED, progress=progress)
    entries, problems = [], list(sheet.problems)
    for row in sheet.rows:
        entry, found = entry_of(ChildIntake(**row.values), row.number, directory)  # type: ignore[arg-type]
        entries.append(entry)
        problems += found
    return entries, problems


def write_faults(
    path: Path, problems: Iterable[Problem], target: Path, cls: type = ChildIntake, *, only: bool = False
) -> None:
    """Write the sheet of `cls` in `path` again, with what is wrong in each line, `only` those with something
    wrong if asked for. Raises `StorageTrouble`."""
    from stationdesk.reports.intake import read_sheet
    from stationdesk.reports.sheets import faults_to_xlsx

    sheet = read_sheet(cls, path)
    faults: dict[int, str] = {}
    for problem in problems:
        said = replace(problem, row=0).say()
        faults[problem.row] = f"{faults[problem.row]} {said}" if problem.row in faults else said
    rows = [(row.number, row.cells) for row in sheet.rows if not only or row.number in faults]
    if only:
        # They move up: no gaps stand where the good lines were.
        faults = {place: faults[number] for place, (number, _cells) in enumerate(rows, start=2)}
        rows = [(place, cells) for place, (_number, cells) in enumerate(rows, start=2)]
    with _written(target):
        faults_to_xlsx(sheet.header, rows, faults, target)


def write_child_template(desk: Desk, target: Path) -> None:
    """Write the sheet to be filled in, with the station's own names. Raises `Denied`, `StorageTrouble`."""
    from stationdesk.reports.child_template import child_template

    known = desk.child_imports.directory()
    with _written(target):
        child_template(tuple(known.communities), tuple(known.staff), target)


def export_children(desk: Desk, ids: Sequence[int], target: Path, *, whole: bool = False, reason: str = "") -> int:
    """Write children as .xlsx or .csv, in the columns of the template; returns how many.

    Masked unless `whole`, which takes a right of its own and a reason. Raises `Denied`, `Refused`,
    `StorageTrouble`.
    """
    from stationdesk.reports.sheets import rows_to_csv, rows_to_xlsx

    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise Refused(Problem("", N_("只能导出成 .xlsx 或 .csv，请改文件名。")))
    store = desk.child_exports
    rows = store.whole(ids, reason) if whole else store.masked(ids)
    write = rows_to_csv if target.suffix.lower() == ".csv" else rows_to_xlsx
    with _written(target):
        write(ChildIntake, rows, target, private=True)
    return len(rows)


# --- volunteers ----------------------------------------------------------------------------------


def import_volunteers(
    desk: Desk,
    path: Path,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Keep the lines of a sheet that break no rule; the report names what is wrong with the others by row.

    A `dry_run` keeps nothing. Raises `Refused` for a file that is no such sheet, `Denied`, `StorageTrouble`.
    """
    from stationdesk.reports.intake import read_sheet

    sheet, today = read_sheet(VolunteerIntake, path, asked=VOLUNTEER_ASKED, progress=progress), desk.clock().date()
    entries, unread, found = [], list(sheet.problems), list[Problem]()
    for row in sheet.rows:
        entry, wrong = volunteer_of(VolunteerIntake(**row.values), row.number, today)  # type: ignore[arg-type]
        entries.append(entry)
        found += wrong
    problems = _together(unread, found)
    faulty = {problem.row for problem in problems}
    if not dry_run and not desk.read_only:
        back_up_unasked(desk)
    sound = [entry for entry in entries if entry.row not in faulty]
    report = desk.volunteer_imports.take_in(sound, dry_run=dry_run, progress=progress, cancelled=cancelled)
    return replace(report, problems=tuple(_together(problems, report.problems)))


def write_volunteer_template(target: Path) -> None:
    """Write the sheet to be filled in. Raises `StorageTrouble`."""
    from stationdesk.reports.volunteer_template import volunteer_template

    with _written(target):
        volunteer_template(target)


@contextmanager
def _written(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failed:
        text = N_("文件“{name}”写不进去，请换一个位置，或关闭正在打开它的程序。")
        raise StorageTrouble(Problem("", text, {"name": target.name})) from failed
