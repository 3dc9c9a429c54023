"""Certificates issued at the demonstration station: each says what the store would have made of the shifts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from stationdesk.records.certificates import (
    Certificate,
    CertificateOrder,
    certificate_number,
    certificate_problem,
    lines_of,
)
from stationdesk.records.demonstration import Story
from stationdesk.records.demonstration_activities import begun_on, told_together
from stationdesk.records.demonstration_attendance import Held
from stationdesk.records.demonstration_screening import uuid_of
from stationdesk.records.sessions import SessionStatus
from stationdesk.records.shifts import HourRules, ShiftRow, VolunteerShift, hours_by_volunteer
from stationdesk.records.volunteers import Volunteer

# So many volunteers asked for one; the first got another after the first was declared void.
_ASKED = 3
# So long ago the service of the certificates had ended, and nothing of it waits any more; then they were issued.
_OVER, _BEGUN = timedelta(days=45), timedelta(days=33)
_RULES = HourRules()


def certificates(
    tale: Story, volunteers: Sequence[Volunteer], shifts: Sequence[VolunteerShift], held: Sequence[Held]
) -> Iterator[Certificate]:
    """The register, in the order of its numbers."""
    chance, told = Random(f"{tale.seed} certificates"), told_together()["certificates"]
    last = (tale.until - _OVER).replace(day=1) - timedelta(days=1)
    first = max(begun_on(tale), last.replace(month=1, day=1))
    rows = _rows(shifts, held, first, last)
    people = {person.id or 0: person for person in volunteers}
    orders = [_order(tale, chance, number, first, last) for number in people if rows[number]]
    fitting = [o for o in orders if not certificate_problem(o, people[o.volunteer_id], rows[o.volunteer_id], last)]
    fitting.sort(key=lambda order: -sum(row.minutes for row in rows[order.volunteer_id]))
    wanted_ones = [*fitting[:_ASKED], *fitting[:1]]
    days = list(accumulate(timedelta(days=chance.randrange(3, 7)) for _ in wanted_ones))
    numbers = defaultdict[int, int](int)
    for seq, order in enumerate(wanted_ones):
        issued_on = tale.until - _BEGUN + days[seq]
        numbers[issued_on.year] += 1
        number = certificate_number(issued_on.year, numbers[issued_on.year])
        wanted = replace(order, uuid=uuid_of(chance), note=told["notes"][seq % len(told["notes"])])
        made = _certificate(tale, wanted, people[order.volunteer_id], rows[order.volunteer_id], (number, issued_on))
        if seq == 0:
            # On the day the other one was issued in its place.
            made = replace(made, void_on=tale.until - _BEGUN + days[-1], void_reason=told["void_reason"])
        yield made


def _order(tale: Story, chance: Random, volunteer_id: int, first: date, last: date) -> CertificateOrder:
    head = tale.people[0].staff.name
    return CertificateOrder(
        uuid=uuid_of(chance),
        volunteer_id=volunteer_id,
        first=first,
        last=last,
        handler=head,
        responsible=head,
        contact=tale.station.phone,
    )


def _certificate(
    tale: Story, order: CertificateOrder, volunteer: Volunteer, rows: Sequence[ShiftRow], issued: tuple[str, date]
) -> Certificate:
    """What the store makes of an order."""
    number, issued_on = issued
    stints = [(order.volunteer_id, row.start.date().isoformat(), row.minutes) for row in rows if row.counts]
    asked = ("uuid", "volunteer_id", "first", "last", "handler", "responsible", "contact", "note")
    copied = ("name", "sex", "id_kind", "id_no", "volunteer_no", "organisation")
    return Certificate(
        number=number,
        lines=lines_of(rows),
        minutes=hours_by_volunteer(issued_on.year, stints, _RULES)[order.volunteer_id].recognised,
        daily_cap=_RULES.daily_cap,
        round_to=_RULES.round_to,
        issued_on=issued_on,
        issuer=tale.station.name,
        printed=1,
        **{name: getattr(order, name) for name in asked},
        **{name: getattr(volunteer, name) for name in copied},
    )


def _span(shift: VolunteerShift, one: Held) -> tuple[datetime, datetime]:
    """From when to when a shift at a session lasted."""
    return shift.start or one.session.start, shift.end or one.session.end


def _rows(
    shifts: Sequence[VolunteerShift], held: Sequence[Held], first: date, last: date
) -> Mapping[int, Sequence[ShiftRow]]:
    """Everybody's shifts of a time, by when they took place."""
    known = {one.session.id: one for one in held}
    found: dict[int, list[ShiftRow]] = defaultdict(list)
    for shift in shifts:
        one = known.get(shift.session_id)
        start, end = (shift.start, shift.end) if one is None else _span(shift, one)
        if start is None or end is None or not first <= start.date() <= last:
            continue
        done = shift.confirmed_by is not None if one is None else one.session.status is SessionStatus.DONE
        row = ShiftRow(
            id=0,
            volunteer_id=shift.volunteer_id,
            volunteer_name="",
            session_id=shift.session_id,
            title=one.planned.activity.title if one else None,
            start=start,
            end=end,
            minutes=int((end - start).total_seconds() // 60),
            work=shift.work,
            did_not_come=shift.did_not_come,
            counts=done and not shift.did_not_come,
        )
        found[shift.volunteer_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.start)
    return found
