"""The forms of assessments: what is in the file, and what answers add up to."""

from decimal import Decimal

import pytest

from stationdesk.i18n import use_language
from stationdesk.records.assessment_forms import (
    Answers,
    AssessedLevel,
    AssessmentKind,
    current,
    level_of,
    levels_of,
    score_of,
    template,
    templates,
    unanswered,
)
from stationdesk.records.care import Need
from tests.children import answers

GUARDIANSHIP, RISK, NEED, AFTER = AssessmentKind


@pytest.mark.parametrize("form", templates(), ids=lambda form: f"{form.id}-{form.version}")
def test_each_form_is_sound_and_says_where_it_comes_from(form: object) -> None:
    found = next(one for one in templates() if one is form)
    assert found.source
    assert len({item.code for item in found.items}) == len(found.items) > 0
    labels = [choice.label.zh for choice in found.choices]
    assert len(set(labels)) == len(labels)
    # Either points are counted, down to 0, or every answer asks for a level.
    assert found.is_scored == all(choice.level is None for choice in found.choices)
    if found.is_scored:
        assert [level for level, _least in found.levels] == list(levels_of(found.kind))
        assert [least for _level, least in found.levels] == sorted((n for _l, n in found.levels), reverse=True)
        assert found.levels[-1][1] == 0
    else:
        assert [choice.level for choice in found.choices] == list(levels_of(found.kind))


def test_every_kind_has_a_form_and_every_level_one_kind() -> None:
    assert [current(kind).kind for kind in AssessmentKind] == list(AssessmentKind)
    assert sorted(level.code for kind in AssessmentKind for level in levels_of(kind)) == sorted(
        level.code for level in AssessedLevel
    )


def test_guardianship_has_the_eleven_rows_of_the_standard_with_equal_weights() -> None:
    form = current(GUARDIANSHIP)
    assert [item.label.zh for item in form.items] == [
        *("儿童身体健康", "心理健康", "儿童安全", "教育情况", "社会参与"),
        *("监护人健康状况", "收入水平", "情感交流"),
        *("居住环境", "邻里关系", "亲属关系"),
    ]
    assert {item.weight for item in form.items} == {1}
    assert "工作站自定" in form.source


def test_needs_are_asked_by_their_kinds() -> None:
    assert [item.code for item in current(NEED).items] == [need.code for need in Need]
    assert [item.label.zh for item in current(NEED).items] == [need.marked_label for need in Need]
    assert level_of(unanswered(NEED)) is AssessedLevel.NEED_NONE


@pytest.mark.parametrize(
    ("given", "score", "level"),
    [
        (("GOOD",), "100.00", AssessedLevel.NORMAL),
        (("GOOD", "GOOD", "GOOD", "GOOD", "GOOD", "FAIR"), "80.91", AssessedLevel.NORMAL),
        (("GOOD", "GOOD", "GOOD", "GOOD", "FAIR"), "77.73", AssessedLevel.INSUFFICIENT),
        (("FAIR",), "65.00", AssessedLevel.INSUFFICIENT),
        (("POOR",), "30.00", AssessedLevel.IMPROPER),
        (("POOR", "NONE"), "2.73", AssessedLevel.ABSENT),
        (("NONE",), "0.00", AssessedLevel.ABSENT),
    ],
)
def test_the_score_is_the_mean_and_the_level_follows_it(
    given: tuple[str, ...], score: str, level: AssessedLevel
) -> None:
    found = answers(GUARDIANSHIP, *given)
    assert (score_of(found), level_of(found)) == (Decimal(score), level)


@pytest.mark.parametrize(
    ("given", "level"),
    [
        (("GREEN", "GREEN", "RED"), AssessedLevel.RED),
        (("BLUE", "YELLOW", "GREEN"), AssessedLevel.YELLOW),
        (("GREEN", "BLUE", "GREEN"), AssessedLevel.BLUE),
        (("GREEN",), AssessedLevel.GREEN),
    ],
)
def test_the_worst_dimension_is_the_colour(given: tuple[str, ...], level: AssessedLevel) -> None:
    found = answers(RISK, *given)
    assert (score_of(found), level_of(found)) == (None, level)


def test_nothing_is_said_while_a_row_waits_or_holds_what_the_form_does_not_offer() -> None:
    one = Answers("RISK", 1, (("GUARDIANSHIP", "RED"), ("BODY", "PURPLE")))
    assert [item.code for item in one.missing()] == ["BODY", "BEHAVIOUR"]
    assert (level_of(one), score_of(unanswered(AFTER))) == (None, None)


def test_answers_are_stored_and_told_in_the_order_of_the_form() -> None:
    found = answers(RISK, "RED", "BLUE", "GREEN")
    assert Answers.from_json(found.to_json()) == found
    assert str(found) == "监护风险：红（高风险）；生理风险：蓝（低风险）；行为风险：绿（没有风险）"
    assert str(Answers("RISK", 1, (("BEHAVIOUR", "BLUE"),))) == "行为风险：蓝（低风险）"
    use_language("en")
    try:
        assert str(found).startswith("Guardianship: Red (high risk); Body: ")
    finally:
        use_language("zh_CN")


def test_a_version_that_never_was_is_an_error() -> None:
    assert template("RISK", 1) is current(RISK)
    with pytest.raises(ValueError, match="99"):
        template("RISK", 99)
