"""Problems are data; what is said of them is one sentence each."""

import pytest

from stationdesk import i18n
from stationdesk.errors import (
    AlreadyOpen,
    Conflict,
    Denied,
    DeskError,
    Label,
    Missing,
    Problem,
    Refused,
    StorageTrouble,
    WrongPassword,
)


def test_a_problem_fills_its_places() -> None:
    assert Problem("age", "{name}最多{limit}岁。", {"name": "他", "limit": 18}).say() == "他最多18岁。"


def test_a_problem_of_an_imported_file_says_its_row() -> None:
    assert Problem("age", "太大。", row=7).say() == "第7行：太大。"


def test_braces_in_a_value_are_text() -> None:
    assert Problem("", "“{title}”不行。", {"title": "{x} {0} %s"}).say() == "“{x} {0} %s”不行。"


def test_a_sentence_without_values_may_hold_braces() -> None:
    assert Problem("", "花括号{}不行。").say() == "花括号{}不行。"


def test_a_label_among_the_values_is_translated_and_a_name_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n._active, "gettext", lambda text: {"电话": "Phone", "马": "horse"}.get(text, text))
    assert Problem("", "{label}{name}", {"label": Label("电话"), "name": "马"}).say() == "Phone马"


def test_all_sentences_of_an_error_are_said_one_a_line() -> None:
    assert Refused(Problem("a", "甲。"), Problem("b", "乙。")).say() == "甲。\n乙。"


@pytest.mark.parametrize(
    "kind", [Refused, Conflict, Missing, Denied, WrongPassword, AlreadyOpen, StorageTrouble, DeskError]
)
def test_every_error_has_a_whole_sentence_of_its_own(kind: type[DeskError]) -> None:
    assert kind().say().endswith("。")
    assert len(kind().problems) == 1


def test_what_an_error_says_is_not_in_its_traceback() -> None:
    # Tracebacks go to the log, and a sentence may hold a name.
    assert "古丽" not in str(Refused(Problem("name", "古丽已登记。")))


def test_over_raises_only_when_there_is_a_problem() -> None:
    Refused.over(())
    with pytest.raises(Refused) as caught:
        Refused.over(problem for problem in [Problem("a", "甲。")])
    assert caught.value.problems == (Problem("a", "甲。"),)
