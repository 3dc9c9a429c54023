"""The tick list at the door: who may be meant, undoing, registering on the spot, copying from paper."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import ActivitySessionTable, AttendanceTable
from stationdesk.db.attendance import AttendanceStore, regulars
from stationdesk.db.children import ChildStore
from stationdesk.db.children_models import ChildTable
from stationdesk.db.children_scope import alive, living_row, seen
from stationdesk.db.models import CommunityTable
from stationdesk.db.stores import load, needs, record_of, save, verify
from stationdesk.errors import Denied, Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.ages import age_on
from stationdesk.records.attendance import (
    Attendance,
    AttendanceState,
    Before,
    Candidate,
    PaperEntry,
    session_problems,
)
from stationdesk.records.children import ChildQuery, LightChild
from stationdesk.records.sessions import ActivitySession

_MOST_FOUND = 50


class TickingStore(AttendanceStore):
    """What is done while children come in."""

    def _children(self) -> ChildStore:
        return ChildStore(self._database, self._actor, self._clock)

    @needs(Right.EDIT_ACTIVITIES)
    def candidates(self, session_id: int, words: str = "") -> tuple[Candidate, ...]:
        """Children who could take part, by name, as far as the person may know of them: those found by
        `words` (the first 50), without words the regulars. Raises `Missing`."""
        found = self._children().find(ChildQuery(words=words))[:_MOST_FOUND] if words else None
        with self._database.read() as session:
            day = load(session, ActivitySession, ActivitySessionTable, session_id).start.date()
            often = regulars(session, found, day)
            states = self._states_of(session, session_id)
            table = ChildTable
            shown = (table.id, table.name, table.sex, table.birth_date, table.words)
            query = (
                select(*shown, CommunityTable.name.label("community_name"))
                .outerjoin(CommunityTable, CommunityTable.id == table.community_id)
                .where(table.id.in_(often if found is None else found), alive(), seen(self._actor))
                .order_by(table.name_key, table.id)
            )
            return tuple(
                Candidate(
                    child_id=row.id,
                    name=row.name,
                    sex=row.sex,
                    age=age_on(row.birth_date, day) if row.birth_date else None,
                    community_name=row.community_name,
                    regular=row.id in often,
                    state=states.get(row.id),
                    words=row.words,
                )
                for row in session.execute(query)
            )

    def _states_of(self, session: Session, session_id: int) -> dict[int, AttendanceState]:
        table = AttendanceTable
        kept = select(table.child_id, table.state).where(table.session_id == session_id, table.deleted_at.is_(None))
        return dict(session.execute(kept).tuples().all())

    @needs(Right.EDIT_ACTIVITIES)
    def take_back(self, session_id: int, before: Sequence[Before]) -> None:
        """Put children back to how they stood before they were ticked; who was not on the list is on it as
        withdrawn. Raises `Refused`, `Missing`."""
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            Refused.over(session_problems(held, self._clock()))
            for was in before:
                living_row(session, self._actor, was.child_id)
                table = AttendanceTable
                row = session.scalar(
                    select(table).where(table.session_id == session_id, table.child_id == was.child_id)
                )
                if row is not None:
                    state = was.state or AttendanceState.WITHDRAWN
                    line = replace(record_of(Attendance, row), state=state, guardian_present=was.guardian_present)
                    save(session, table, line, self._stamp())

    @needs(Right.EDIT_ACTIVITIES)
    def enrol_and_tick(
        self,
        session_id: int,
        light: LightChild,
        state: AttendanceState = AttendanceState.PRESENT,
        *,
        guardian_present: bool = False,
        confirmed: bool = False,
    ) -> int:
        """Register a child that is not known yet and tick it, in one step; returns its id. `confirmed` says
        that a file with the same name is another child's. Raises `Denied`, `Refused`, `Missing`."""
        if not self._actor.may(Right.ENROL_CHILDREN):
            raise Denied
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            Refused.over(session_problems(held, self._clock(), ticking=True))
            child_id = self._children()._enrol(session, light, confirmed=confirmed)
            self._tick_all(session, held, {child_id: state}, with_guardian=guardian_present)
            return child_id

    @needs(Right.EDIT_ACTIVITIES)
    def tick_paper(self, session_id: int, entry: PaperEntry) -> int:
        """What a paper list says, in one step: who came, who late, the heads without a name; returns how many
        were ticked. All or nothing: raises `Refused`, `Missing`."""
        states = dict.fromkeys(entry.present, AttendanceState.PRESENT)
        states |= dict.fromkeys(entry.late, AttendanceState.LATE)
        verify(entry)
        if not states and not entry.headcount_children and not entry.headcount_adults:
            raise Refused(Problem("numbers", N_("还没有写编号，也没有人数，没有可以保存的内容。")))
        with self._database.write() as session:
            held = load(session, ActivitySession, ActivitySessionTable, session_id)
            Refused.over(session_problems(held, self._clock(), ticking=True))
            self._tick_all(session, held, states, with_guardian=entry.guardian_present)
            counts = {name: getattr(entry, name) for name in ("headcount_children", "headcount_adults")}
            save(session, ActivitySessionTable, replace(held, **counts), self._stamp())
            return len(states)
