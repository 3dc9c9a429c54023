"""The table of roles: what each may do, how far it sees, and half an hour of more in an emergency."""

from dataclasses import replace

import pytest

from stationdesk.fields import Level
from stationdesk.records.access import (
    EMERGENCY_MINUTES,
    Actor,
    Breaker,
    Reach,
    Right,
    Role,
    allows,
    reach,
    reason_problem,
)

ALL, OWN, MASKED, REASON, NONE = Reach.ALL, Reach.OWN, Reach.MASKED, Reach.REASON, Reach.NONE
# As the design says it (security §4): L2, L3, L4, L5.
LEVELS = {
    Role.HEAD: (ALL, ALL, ALL, REASON),
    Role.SUPERVISOR: (ALL, ALL, ALL, NONE),
    Role.SOCIAL_WORKER: (ALL, OWN, OWN, NONE),
    Role.COUNSELLOR: (OWN, OWN, OWN, OWN),
    Role.CLERK: (ALL, MASKED, NONE, NONE),
    Role.REVIEWER: (NONE, NONE, NONE, NONE),
}
# Who has the rights that not everybody has.
HOLDERS = {
    Right.ACCOUNTS: {Role.HEAD},
    Right.SAFETY: {Role.HEAD},
    Right.AUDIT: {Role.HEAD},
    Right.BACKUP: {Role.HEAD},
    Right.EDIT_STATION: {Role.HEAD},
    Right.EDIT_STAFF: {Role.HEAD},
    Right.OVERRIDE: {Role.HEAD},
    Right.APPROVE_BOOKING: {Role.HEAD, Role.SUPERVISOR},
    Right.SEE_MASKED: {Role.HEAD, Role.SUPERVISOR},
    Right.EMERGENCY: {Role.SOCIAL_WORKER},
    Right.BOOK: set(Role) - {Role.REVIEWER},
    Right.SEE_STAFF: set(Role) - {Role.REVIEWER},
    Right.SEE_CHILDREN: set(Role) - {Role.REVIEWER},
    Right.ENROL_CHILDREN: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER, Role.CLERK},
    Right.EDIT_CHILDREN: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER},
    Right.APPROVE_CHILDREN: {Role.HEAD, Role.SUPERVISOR},
    Right.MERGE_CHILDREN: {Role.HEAD, Role.SUPERVISOR},
    Right.IMPORT_CHILDREN: {Role.HEAD, Role.SUPERVISOR, Role.CLERK},
    Right.EXPORT_CHILDREN: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER, Role.CLERK},
    Right.EXPORT_WHOLE: {Role.HEAD, Role.SUPERVISOR},
    Right.PRINT_CHILDREN: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER, Role.CLERK},
    Right.PRINT_WHOLE: {Role.HEAD, Role.SUPERVISOR},
    Right.PRINT_RESTRICTED: {Role.HEAD},
    Right.SEE_ACTIVITIES: set(Role) - {Role.REVIEWER},
    Right.EDIT_ACTIVITIES: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER, Role.CLERK},
    Right.SEE_VOLUNTEERS: set(Role) - {Role.REVIEWER},
    Right.EDIT_VOLUNTEERS: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER},
    Right.SCREEN: {Role.HEAD, Role.SUPERVISOR},
    Right.SEE_PARTNERS: set(Role) - {Role.REVIEWER},
    Right.EDIT_PARTNERS: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER, Role.CLERK},
    Right.CERTIFY: {Role.HEAD, Role.SUPERVISOR},
    Right.SEE_GROUPS: set(Role) - {Role.REVIEWER},
    Right.EDIT_GROUPS: {Role.HEAD, Role.SUPERVISOR},
    Right.SEE_CONTRACTS: {Role.HEAD, Role.SUPERVISOR, Role.SOCIAL_WORKER},
    Right.EDIT_CONTRACTS: {Role.HEAD, Role.SUPERVISOR},
}


class Clock:
    """Seconds that pass when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def actor(role: Role, clock: Clock) -> Actor:
    return Actor(username="u", staff_id=1, name="陈砚秋", role=role, breaker=Breaker(clock))


def test_levels_are_as_the_design_says() -> None:
    for role, wanted in LEVELS.items():
        assert tuple(reach(role, level) for level in (Level.L2, Level.L3, Level.L4, Level.L5)) == wanted
        assert reach(role, Level.L1) is ALL


@pytest.mark.parametrize("right", list(Right), ids=lambda right: right.code)
def test_rights_are_as_the_design_says(right: Right) -> None:
    assert {role for role in Role if allows(role, right)} == HOLDERS.get(right, set(Role))


def test_an_emergency_lasts_half_an_hour_of_a_clock_nobody_sets() -> None:
    clock = Clock()
    worker = actor(Role.SOCIAL_WORKER, clock)
    assert not worker.in_emergency
    worker.breaker.start()
    assert worker.breaker.minutes_left == EMERGENCY_MINUTES
    clock.now += 60 * EMERGENCY_MINUTES - 1
    assert worker.in_emergency
    assert worker.breaker.minutes_left == 1
    clock.now += 1
    assert not worker.in_emergency
    assert worker.breaker.minutes_left == 0
    worker.breaker.start()
    worker.breaker.stop()
    assert not worker.in_emergency


def test_an_emergency_opens_personal_data_and_nothing_above() -> None:
    clock = Clock()
    worker = actor(Role.SOCIAL_WORKER, clock)
    worker.breaker.start()
    assert worker.sees(Level.L3) is ALL
    assert (worker.sees(Level.L4), worker.sees(Level.L5)) == (OWN, NONE)
    assert worker.may(Right.SEE_MASKED)
    assert not worker.may(Right.AUDIT)
    for role in (Role.CLERK, Role.REVIEWER):
        other = actor(role, clock)
        other.breaker.start()
        assert other.sees(Level.L3) is reach(role, Level.L3)
    assert replace(worker).in_emergency


def test_a_reason_is_a_sentence() -> None:
    for short in ("", "急", "急 急 急 急 急", "一二三四五六七八九"):
        found = reason_problem(short)
        assert found is not None
        assert "至少10个字" in found.say()
    assert reason_problem("一二三四五六七八九十") is None
    found = reason_problem("长" * 201)
    assert found is not None
    assert "最多200个字" in found.say()
