"""Block B as the file has it: the worked example, who sees what behind it, late files and merges."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from stationdesk.db.summaries import SummaryStore
from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.benefits import Benefit, BenefitKind, BenefitState
from stationdesk.records.categories import Category, Colour, RiskLevel
from stationdesk.records.enrolments import ExitReason
from stationdesk.records.summaries import MonthlyFigures, cross_checks
from tests.children import as_seen_by, category, colleague, filed, light


@pytest.fixture
def example(desk: Desk) -> tuple[Desk, dict[int, int]]:
    """Children 1 to 6 of the design."""
    ids = {
        1: filed(desk, "甲某", Category.POVERTY, date(2025, 3, 1)),
        2: filed(desk, "乙某", Category.POVERTY, date(2025, 3, 1)),
        3: filed(desk, "丙某", Category.DISABLED, date(2026, 10, 9)),
        4: filed(desk, "丁某", Category.DE_FACTO, date(2024, 5, 1)),
        5: filed(desk, "戊某", Category.ORPHAN, date(2026, 1, 15)),
        6: filed(desk, "己某", Category.LEFT_BEHIND, date(2026, 2, 1)),
    }
    desk.children.leave(ids[4], date(2026, 10, 20), ExitReason.GUARDIAN_RESTORED)
    desk.children.leave(ids[6], date(2026, 6, 30), ExitReason.PARENT_BACK)
    return desk, ids


def amounts(found: MonthlyFigures, *codes: str) -> list[object]:
    return [found.of(code).month for code in codes]


def test_the_worked_example_by_hand(example: tuple[Desk, dict[int, int]]) -> None:
    desk, ids = example
    found = desk.summaries.figures(2026, 10)
    assert [(found.of(c).month, found.of(c).year) for c in ("B01", "B02", "B03", "B04")] == [
        (4, None),
        (1, 3),
        (1, 2),
        (4, None),
    ]
    assert found.of("B04").month_ids == tuple(ids[n] for n in (1, 2, 3, 5))
    assert amounts(found, "B11", "B12", "B14", "B16", "B18", "B74") == [1, 0, 1, 2, 0, 1]
    assert all(check.holds for check in cross_checks(found))
    # Every figure's list opens.
    for figure in found.figures:
        if figure.behind == "child":
            assert [row.id for row in desk.children.rows(figure.month_ids)] == list(figure.month_ids)
    june = desk.summaries.figures(2026, 6)
    assert amounts(june, "B01", "B02", "B03", "B04", "B73") == [5, 0, 1, 4, 1]
    # Filed in November with dates of June, they still have a level and a category in June.
    assert amounts(june, "B16", "B44") == [2, 0]
    assert all(check.holds for check in cross_checks(june))


def test_levels_count_as_they_stood_at_the_end_of_the_period(desk: Desk) -> None:
    number = filed(desk)
    desk.child_files.rate(
        RiskLevel(child_id=number, colour=Colour.RED, rated_at=datetime(2026, 11, 24), reason="独自在家")
    )
    assert amounts(desk.summaries.figures(2026, 11), "B41", "B43") == [1, 0]
    assert amounts(desk.summaries.figures(2026, 10), "B41", "B43") == [0, 1]


def test_light_children_and_over_age_benefits(desk: Desk) -> None:
    desk.children.enrol(light("活某"))
    merged = desk.children.enrol(light("并某"))
    grown = filed(desk, "大某", Category.ORPHAN, date(2025, 1, 1), birth=date(2008, 9, 1))
    paid = Benefit(
        child_id=grown, kind=BenefitKind.ORPHAN_LIVING, since=date(2025, 1, 1), state=BenefitState.OVERAGE_CONT
    )
    desk.child_files.save_benefit(paid)
    desk.children.leave(grown, date(2026, 9, 1), ExitReason.AGED_OUT)
    desk.child_merges.merge(grown, merged, "重复登记的")
    november = desk.summaries.figures(2026, 11)
    assert amounts(november, "B61", "B90", "B04") == [1, 1, 0]
    assert amounts(desk.summaries.figures(2026, 10), "B61", "B90", "B71") == [0, 1, 0]
    assert amounts(desk.summaries.figures(2026, 8), "B90", "B04") == [0, 1]


def test_a_merge_loses_no_child_unseen(desk: Desk) -> None:
    kept, dropped = filed(desk, "甲某"), filed(desk, "甲某某")
    assert amounts(desk.summaries.figures(2026, 11), "B01", "B04") == [2, 2]
    desk.child_merges.merge(kept, dropped, "重复登记的")
    found = desk.summaries.figures(2026, 11)
    assert amounts(found, "B01", "B03", "B04", "B82") == [2, 1, 1, 1]
    assert all(check.holds for check in cross_checks(found))
    assert amounts(desk.summaries.figures(2026, 10), "B04") == [2]


def test_months_before_a_merge_count_both_files_as_what_they_are(desk: Desk) -> None:
    kept, dropped = filed(desk, "甲某"), filed(desk, "甲某某", Category.DISABLED)
    desk.child_merges.merge(kept, dropped, "重复登记的")
    october = desk.summaries.figures(2026, 10)
    # Poverty and blue: what the one file says by now, not 其他 and green for want of a category.
    assert amounts(october, "B04", "B16", "B27", "B43", "B44") == [2, 2, 0, 2, 0]


def test_behind_the_figures_each_sees_their_own(desk: Desk) -> None:
    worker, counsellor, reviewer = (
        colleague(desk, role) for role in (Role.SOCIAL_WORKER, Role.COUNSELLOR, Role.REVIEWER)
    )
    mine = filed(desk, "己某", worker_id=worker.staff_id, counsellor_id=counsellor.staff_id)
    other = filed(desk, "他某")
    hidden = filed(desk, "秘某", Category.VICTIM)
    desk.child_files.save_category(category(Category.HIV, child_id=other))
    whole = desk.summaries.figures(2026, 11)
    assert amounts(whole, "B16", "B22", "B23", "B27") == [2, 0, 1, 0]
    assert whole.of("B23").month_ids == (hidden,)
    for actor, known, opened in (
        (worker, (mine, other, hidden), (mine,)),
        (counsellor, (mine,), (mine,)),
        (reviewer, (), ()),
    ):
        found = as_seen_by(desk, actor, SummaryStore).figures(2026, 11)
        assert amounts(found, "B04", "B16", "B22", "B23", "B27") == [3, 2, None, None, 1]
        assert (found.of("B04").month_ids, found.of("B16").month_ids) == (known, opened)
        assert found.of("B27").month_ids == ()
        assert all(check.holds for check in cross_checks(found))


def test_the_cut_off_day_and_the_months_offered(desk: Desk) -> None:
    filed(desk, "甲某", entered=date(2026, 10, 28))
    # October has a child to be counted, though it was filed in November.
    assert desk.summaries.months() == ("2026-10", "2026-11")
    desk.station.save_profile(replace(desk.station.profile(), cutoff_day=25))
    assert amounts(desk.summaries.figures(2026, 10), "B02", "B04") == [0, 0]
    assert amounts(desk.summaries.figures(2026, 11), "B01", "B02", "B04") == [0, 1, 1]
