"""Safety settings, and looking beyond one's own work in an emergency."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.engine import Change
from stationdesk.db.models import AccountTable, EmergencyTable, SafetyTable, StaffTable, StationTable
from stationdesk.db.stores import Store, needs, record_of, save, verify
from stationdesk.errors import Refused
from stationdesk.records.access import Right, reason_problem
from stationdesk.records.audit import Action
from stationdesk.records.calendar import BEIJING, new_uuid
from stationdesk.records.emergencies import Emergency
from stationdesk.records.safety import Safety


class SafetyStore(Store):
    """How the station guards its data."""

    @needs(Right.SEE_STATION)
    def settings(self) -> Safety:
        """The settings in force."""
        with self._database.read() as session:
            row = session.scalar(select(SafetyTable))
            return Safety() if row is None else record_of(Safety, row)

    @needs(Right.SAFETY)
    def save_settings(self, safety: Safety) -> None:
        """Change the settings. Raises `Refused`, `Conflict`."""
        verify(safety)
        with self._database.write() as session:
            save(session, SafetyTable, safety, self._stamp())

    @needs(Right.SAFETY)
    def accept_folder(self, folder: str) -> None:
        """Remember that a head has agreed to where the data lie."""
        with self._database.write() as session:
            row = self._row(session)
            row.accepted_folder = folder
            session.info["notes"] = [Change(Action.FOLDER.code, "safety", row.id)]

    def _row(self, session: Session) -> SafetyTable:
        row = session.scalar(select(SafetyTable))
        if row is None:
            save(session, SafetyTable, Safety(), self._stamp())
            row = session.scalars(select(SafetyTable)).one()
        return row

    @needs(Right.SEE_STATION)
    def founded_at(self) -> datetime:
        """When the station was founded in this file (Beijing time)."""
        with self._database.read() as session:
            at = session.scalars(select(StationTable.created_at)).one()
        return datetime.fromisoformat(at).astimezone(BEIJING).replace(tzinfo=None)

    @needs(Right.EMERGENCY)
    def begin_emergency(self, reason: str) -> None:
        """Open what is closed to this person for half an hour; the head is told at the next login.
        Raises `Refused` on a reason that is too short."""
        Refused.over(problem for problem in [reason_problem(reason)] if problem)
        when, who = self._stamp()
        with self._database.write() as session:
            row = EmergencyTable(
                uuid=new_uuid(),
                username=who,
                reason=reason.strip(),
                created_at=when,
                created_by=who,
                updated_at=when,
                updated_by=who,
            )
            session.add(row)
            session.flush()
            session.info["notes"] = [Change(Action.EMERGENCY.code, "emergency", row.id)]
        self._actor.breaker.start()

    @needs(Right.EMERGENCY)
    def end_emergency(self) -> None:
        """Close again what was opened."""
        self._actor.breaker.stop()
        self._note(Action.EMERGENCY, "emergency", result="OK")

    @needs(Right.ACCOUNTS)
    def unseen_emergencies(self) -> tuple[Emergency, ...]:
        """What no head has been shown yet, the oldest first."""
        table = EmergencyTable
        query = (
            select(table.id, StaffTable.name, table.created_at, table.reason)
            .join(AccountTable, AccountTable.username == table.username)
            .join(StaffTable, StaffTable.id == AccountTable.staff_id)
            .where(table.seen_by.is_(None), table.deleted_at.is_(None))
            .order_by(table.id)
        )
        with self._database.read() as session:
            return tuple(Emergency(id=i, name=n, at=at, reason=why) for i, n, at, why in session.execute(query).all())

    @needs(Right.ACCOUNTS)
    def mark_seen(self, emergencies: tuple[Emergency, ...]) -> None:
        """Note that a head has read these."""
        with self._database.write() as session:
            for row in session.scalars(
                select(EmergencyTable).where(EmergencyTable.id.in_([e.id for e in emergencies]))
            ):
                row.seen_by = self._actor.username
                row.updated_at, row.updated_by = self._stamp()
