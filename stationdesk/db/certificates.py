"""The register of certificates: issued once, numbered by the year, printed and noted, declared void."""

from array import array
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.activities_models import CertificateTable, VolunteerShiftTable, VolunteerTable
from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.gate import STARTS
from stationdesk.db.models import StaffTable, StationTable
from stationdesk.db.pinyin import name_key
from stationdesk.db.shifts import hour_rules, shift_rows
from stationdesk.db.stores import Store, load, load_row, needs, save, verify
from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_
from stationdesk.records.access import Right
from stationdesk.records.audit import Action
from stationdesk.records.certificates import (
    Certificate,
    CertificateOrder,
    CertificateQuery,
    CertificateRow,
    CertificateState,
    certificate_number,
    certificate_problem,
    lines_of,
    sequence_of,
    void_problem,
    year_prefix,
)
from stationdesk.records.shifts import hours_by_volunteer, hours_of
from stationdesk.records.volunteers import Volunteer

_SORTS: dict[str, Any] = {
    "name": CertificateTable.name_key,
    "first": CertificateTable.first,
    "last": CertificateTable.last,
    "hours": CertificateTable.minutes,
    "issued_on": CertificateTable.issued_on,
    "printed": CertificateTable.printed,
}
_VOID = N_("证明{number}已经作废，不能再打印。")
_NEWEST = CertificateQuery()


class CertificateStore(Store):
    """Certificates of voluntary service; none is ever changed in what it says, or taken out."""

    def _is_mine(self, record: object) -> bool:
        return isinstance(record, Certificate) and self._actor.may(Right.CERTIFY)

    @needs(Right.SEE_VOLUNTEERS, searches="certificate")
    def find(self, query: CertificateQuery = _NEWEST) -> "array[int]":
        """Ids of the certificates looked for; words find a name or a number."""
        table = CertificateTable
        wanted = select(table.id)
        if query.volunteer_id is not None:
            wanted = wanted.where(table.volunteer_id == query.volunteer_id)
        if query.words:
            wanted = wanted.where(table.words.contains(squeezed(query.words), autoescape=True))
        key = _SORTS.get(query.sort, table.number)
        with self._database.read() as session:
            return array("q", session.scalars(wanted.order_by(key.desc() if query.descending else key, table.id)))

    @needs(Right.SEE_VOLUNTEERS)
    def rows(self, ids: Sequence[int]) -> tuple[CertificateRow, ...]:
        """The lines of these ids, in their order."""
        with self._database.read() as session:
            kept = session.scalars(select(CertificateTable).where(CertificateTable.id.in_(ids)))
            found = {row.id: _row(row) for row in kept}
        return tuple(found[i] for i in ids if i in found)

    @needs(Right.SEE_VOLUNTEERS)
    def volunteer_of(self, certificate_id: int) -> int:
        """Whose certificate it is; raises `Missing`."""
        with self._database.read() as session:
            found: int = load_row(session, CertificateTable, certificate_id).volunteer_id
            return found

    @needs(Right.CERTIFY, reads="certificate")
    def load(self, certificate_id: int) -> Certificate:
        """One certificate as it was issued; raises `Missing`."""
        with self._database.read() as session:
            return load(session, Certificate, CertificateTable, certificate_id)

    @needs(Right.CERTIFY, reads="certificate")
    def to_print(self, certificate_id: int) -> Certificate:
        """The same, to be printed. Raises `Refused` for a void one, `Missing`."""
        with self._database.read() as session:
            found = load(session, Certificate, CertificateTable, certificate_id)
        if found.void_on is not None:
            raise Refused(Problem("", _VOID, {"number": found.number}))
        return found

    @needs(Right.CERTIFY)
    def blank(self, volunteer_id: int) -> CertificateOrder:
        """An order for this year so far, with the person at the desk, the head and the station's number."""
        today = self._clock().date()
        with self._database.read() as session:
            station = session.scalars(select(StationTable)).one()
            head = session.get(StaffTable, station.head_id) if station.head_id else None
            return CertificateOrder(
                volunteer_id=volunteer_id,
                first=today.replace(month=1, day=1),
                last=today,
                handler=self._actor.name,
                responsible=head.name if head else "",
                contact=station.phone,
            )

    @needs(Right.CERTIFY)
    def issue(self, order: CertificateOrder) -> int:
        """Issue a certificate with the year's next number; returns the id. The same order again gives the
        same certificate. Raises `Refused`, `Missing`."""
        verify(order)
        table = CertificateTable
        with self._database.write() as session:
            known = session.scalar(select(table.id).where(table.uuid == order.uuid))
            if known is not None:
                return known
            made = self._certificate(session, order)
            words = search_words(made.name, numbers=(squeezed(made.number),))
            return save(session, table, made, self._stamp(), name_key=name_key(made.name), words=words)

    def _certificate(self, session: Session, order: CertificateOrder) -> Certificate:
        today = self._clock().date()
        volunteer = load(session, Volunteer, VolunteerTable, order.volunteer_id)
        begun, over = datetime.combine(order.first, time()), datetime.combine(order.last, time.max)
        own = VolunteerShiftTable.volunteer_id == order.volunteer_id
        shifts = shift_rows(session, own, begun <= STARTS, over >= STARTS)
        problem = certificate_problem(order, volunteer, shifts, today)
        if problem is not None:
            raise Refused(problem)
        rules = hour_rules(session)
        stints = [(order.volunteer_id, row.start.date().isoformat(), row.minutes) for row in shifts if row.counts]
        total = hours_by_volunteer(today.year, stints, rules)[order.volunteer_id]
        asked = ("uuid", "volunteer_id", "first", "last", "handler", "responsible", "contact", "note")
        copied = ("name", "sex", "id_kind", "id_no", "volunteer_no", "organisation")
        return Certificate(
            number=_next_number(session, today.year),
            lines=lines_of(shifts),
            minutes=total.recognised,
            daily_cap=rules.daily_cap,
            round_to=rules.round_to,
            issued_on=today,
            issuer=session.scalars(select(StationTable.name)).one(),
            **{name: getattr(order, name) for name in asked},
            **{name: getattr(volunteer, name) for name in copied},
        )

    @needs(Right.CERTIFY)
    def note_print(self, certificate_id: int, action: Action = Action.PRINT) -> None:
        """Count and note that a certificate was printed or saved. Raises `Refused` for a void one, `Missing`."""
        with self._database.write() as session:
            row = load_row(session, CertificateTable, certificate_id)
            if row.void_on is not None:
                raise Refused(Problem("", _VOID, {"number": row.number}))
            row.printed += 1
            row.updated_at, row.updated_by = self._stamp()
        self._note(action, "certificate", certificate_id)

    @needs(Right.CERTIFY)
    def declare_void(self, certificate_id: int, reason: str) -> None:
        """Say that a certificate holds no more; it stays in the register. Raises `Refused`, `Missing`."""
        problem = void_problem(reason)
        if problem is not None:
            raise Refused(problem)
        with self._database.write() as session:
            row = load_row(session, CertificateTable, certificate_id)
            if row.void_on is not None:
                raise Refused(Problem("", N_("证明{number}早已作废。"), {"number": row.number}))
            row.void_on, row.void_reason = self._clock().date(), reason.strip()
            row.updated_at, row.updated_by = self._stamp()


def _next_number(session: Session, year: int) -> str:
    """Nothing is taken out of the register, so what follows the highest was never used."""
    numbers = session.scalars(
        select(CertificateTable.number).where(CertificateTable.number.startswith(year_prefix(year)))
    )
    return certificate_number(year, max((sequence_of(number) for number in numbers), default=0) + 1)


def _row(row: CertificateTable) -> CertificateRow:
    names = ("id", "number", "name", "first", "last", "issued_on", "printed", "void_reason")
    state = CertificateState.VALID if row.void_on is None else CertificateState.VOID
    return CertificateRow(**{name: getattr(row, name) for name in names}, hours=hours_of(row.minutes), state=state)
