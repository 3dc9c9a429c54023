"""The facts of rows A07, A08 and I06, selected from checks, trainings and certificates."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import CertificateTable, ScreeningCheckTable, TrainingTable
from stationdesk.db.activity_summaries import volunteer_stretches
from stationdesk.db.gate import checks_by
from stationdesk.records.calendar import Period
from stationdesk.records.counting import Event
from stationdesk.records.screening_figures import ScreeningFacts
from stationdesk.records.volunteers import VolunteerStatus

# Who helps, or helped until a day that is known; the file does not keep when somebody paused.
_HELPING = (VolunteerStatus.ACTIVE, VolunteerStatus.LEFT)


def screening_facts(session: Session, year: Period) -> ScreeningFacts:
    """What the rows are counted from in a time; checks are never too old to matter."""
    return ScreeningFacts(
        trainings=_events(session, TrainingTable, TrainingTable.day, year, TrainingTable.staff_id.is_not(None)),
        certificates=_events(
            session, CertificateTable, CertificateTable.issued_on, year, CertificateTable.void_on.is_(None)
        ),
        volunteers=volunteer_stretches(session, _HELPING),
        staff_checks=checks_by(session, ScreeningCheckTable.staff_id),
        volunteer_checks=checks_by(session, ScreeningCheckTable.volunteer_id),
    )


def _events(session: Session, table: Any, day: Any, year: Period, *which: Any) -> tuple[Event, ...]:
    query = select(table.id, day).where(table.deleted_at.is_(None), day >= year.first, day <= year.last, *which)
    return tuple(Event(number, on) for number, on in session.execute(query.order_by(day, table.id)))
