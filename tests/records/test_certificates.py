"""What keeps a certificate from being issued, and its number."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from stationdesk.records.certificates import (
    CertificateOrder,
    certificate_number,
    certificate_problem,
    lines_of,
    sequence_of,
    void_problem,
)
from stationdesk.records.ids import IdKind
from stationdesk.records.shifts import ShiftRow
from stationdesk.records.volunteers import VolunteerStatus, VolunteerWork
from tests.activities import TODAY, volunteer
from tests.children import resident_no

ORDER = CertificateOrder(volunteer_id=1, first=date(2026, 1, 1), last=TODAY)
KNOWN = volunteer(id_kind=IdKind.RESIDENT_ID, id_no=resident_no(date(2000, 3, 1), 2))


def row(day: date, *, counts: bool = True, missing: bool = False, title: str | None = None) -> ShiftRow:
    start = datetime(day.year, day.month, day.day, 10)
    return ShiftRow(
        id=1,
        volunteer_id=1,
        volunteer_name="",
        session_id=None,
        title=title,
        start=start,
        end=start + timedelta(minutes=95),
        minutes=95,
        work=VolunteerWork.TUTOR,
        did_not_come=missing,
        counts=counts,
    )


DONE = (row(date(2026, 7, 1)),)


def said(shifts: tuple[ShiftRow, ...] = DONE, order: CertificateOrder = ORDER, who: object = KNOWN) -> str:
    found = certificate_problem(order, who, shifts, TODAY)  # type: ignore[arg-type]
    return "" if found is None else found.say()


def test_what_is_refused_is_one_sentence() -> None:
    assert said() == ""
    assert "还没有结束" in said(order=replace(ORDER, last=TODAY + timedelta(days=1)))
    assert "没有证件号码" in said(who=replace(KNOWN, id_no=None))
    assert "没有已计入的服务" in said(())
    assert "没有已计入的服务" in said((row(date(2026, 7, 1), counts=False, missing=True),))
    waiting = tuple(row(date(2026, 7, day), counts=False) for day in range(2, 9))
    assert "期间内2026-07-02的服务还没有确认" in said((*DONE, waiting[0], waiting[0]))
    assert "2026-07-06等7天" in said((*DONE, *waiting))
    assert [p.field for p in replace(ORDER, first=date(2026, 12, 1)).problems()] == ["last"]
    assert not list(replace(ORDER, first=TODAY).problems())


@pytest.mark.parametrize("status", list(VolunteerStatus), ids=lambda status: status.code)
def test_past_service_is_told_whatever_has_become_of_somebody(status: VolunteerStatus) -> None:
    assert said(who=replace(KNOWN, status=status)) == ""


def test_lines_are_what_counts() -> None:
    found = lines_of((row(date(2026, 7, 1), title="彩泥手工课"), row(date(2026, 7, 2), counts=False)))
    assert [(line.day, line.minutes, line.title) for line in found] == [(date(2026, 7, 1), 95, "彩泥手工课")]


def test_numbers() -> None:
    assert certificate_number(2026, 1) == "志证2026-0001"
    assert [sequence_of(certificate_number(2026, seq)) for seq in (1, 9999, 10000)] == [1, 9999, 10000]
    assert void_problem("  ") is not None
    assert void_problem("长" * 201) is not None
    assert void_problem("写错期间") is None
