"""Short lists keep their codes, long ones come from their file."""

import pytest

from stationdesk.codes import Code, code_list
from stationdesk.i18n import use_language
from stationdesk.records.people import Sex


class Colour(Code):
    RED = "R", "红"
    GREEN = "G", "绿"
    GREY = "X", "灰", True


def test_a_member_knows_its_code_and_its_label() -> None:
    assert (Colour.RED.code, Colour.RED.label, Colour.RED.retired) == ("R", "红", False)


def test_a_stored_code_gives_its_member_back_also_a_retired_one() -> None:
    assert [Colour.of(code) for code in "RGX"] == [Colour.RED, Colour.GREEN, Colour.GREY]


def test_a_code_that_was_never_declared_is_an_error() -> None:
    with pytest.raises(ValueError, match="B"):
        Colour.of("B")


def test_a_retired_member_is_not_offered() -> None:
    assert Colour.offered() == (Colour.RED, Colour.GREEN)
    assert Sex.offered() == (Sex.MALE, Sex.FEMALE)


def test_a_label_follows_the_language_and_the_code_does_not() -> None:
    use_language("en")
    try:
        assert Sex.MALE.code == "1"
        assert Sex.MALE.marked_label == "男"
    finally:
        use_language("zh_CN")


@pytest.mark.parametrize(
    ("name", "standard", "code", "label"),
    [("ethnicity", "GB/T 3304", "05", "维吾尔族"), ("relation", "GB/T 4761", "61", "祖父")],
)
def test_an_official_list_names_its_standard(name: str, standard: str, code: str, label: str) -> None:
    found = code_list(name)
    assert standard in found.source
    assert found.labels[code] == label


def test_the_ethnic_groups_are_all_there() -> None:
    labels = code_list("ethnicity").labels
    assert len(labels) == 58
    assert len(set(labels.values())) == len(labels)
