"""Volunteers from a sheet: the lines that break no rule, by the rules the form keeps."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import VolunteerTable
from stationdesk.db.engine import Change
from stationdesk.db.stores import needs, save
from stationdesk.db.volunteers import VolunteerStore, keys_of
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.audit import Action
from stationdesk.records.child_intake import ImportReport
from stationdesk.records.volunteer_intake import Likeness, VolunteerEntry

_STEP = 50


class VolunteerImportStore(VolunteerStore):
    """The way in for many volunteers."""

    @needs(Right.EDIT_VOLUNTEERS)
    def take_in(
        self,
        entries: Sequence[VolunteerEntry],
        *,
        dry_run: bool = False,
        progress: Callable[[int, int], object] = lambda _done, _all: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ImportReport:
        """Keep these lines but those whose volunteer is there already, and say which those are; a
        `dry_run` keeps nothing. `cancelled` is asked between the lines, and then nothing is kept."""
        if dry_run:
            with self._database.read() as session:
                fit, problems = _sorted_out(session, entries)
            return ImportReport(new=len(fit), problems=problems)
        with self._database.write() as session:
            fit, problems = _sorted_out(session, entries)
            for done, entry in enumerate(fit):
                if done % _STEP == 0:
                    progress(done, len(fit))
                    if cancelled():
                        raise Refused(Problem("", N_("已取消，什么也没有导入。")))
                save(session, VolunteerTable, entry.volunteer, self._stamp(), **keys_of(entry.volunteer))
            note = Change(Action.IMPORT.code, "volunteer", None, result=str(len(fit)))
            session.info.setdefault("notes", []).append(note)
        return ImportReport(new=len(fit), problems=problems)


def _sorted_out(
    session: Session, entries: Sequence[VolunteerEntry]
) -> tuple[list[VolunteerEntry], tuple[Problem, ...]]:
    """Who is new, and why the others are not."""
    table, known = VolunteerTable, Likeness()
    there = select(table.name, table.id_no, table.birth_date).where(table.deleted_at.is_(None))
    for name, id_no, birth in session.execute(there):
        known.add(name, id_no, birth, _("已登记的志愿者{name}").format(name=name))
    fit, problems = [], []
    for entry in entries:
        problem = known.problem(entry)
        if problem is not None:
            problems.append(problem)
            continue
        new = entry.volunteer
        known.add(new.name, new.id_no, new.birth_date, _("表中第{row}行").format(row=entry.row))
        fit.append(entry)
    return fit, tuple(problems)
