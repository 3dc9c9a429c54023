"""Identity numbers: GB 11643 by hand, the other documents, what sheets make of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.records.ids import (
    IdKind,
    agreement_problems,
    birth_of,
    check_digit,
    id_problems,
    is_resident,
    region_of,
    resident_problem,
    sex_of,
    tidy_id,
)
from stationdesk.records.people import Sex

TODAY = date(2026, 11, 24)
GOOD = "650105201402280017"


def said(number: str) -> str:
    found = resident_problem(number, TODAY)
    return found.say() if found else ""


def test_the_vectors_of_the_design() -> None:
    assert said(GOOD) == ""
    assert "20140229不存在" in said("650105201402290012")
    assert "校验不对" in said("65010520140228001X")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("650105140228001", "15位的旧身份证号"),
        ("6501052014022800", "现在有16位"),
        ("65010520140228001A", "最后一位是数字或X"),
        ("6501052014022X0017", "前17位应是数字"),
        ("650105201402300014", "20140230不存在"),
        ("650105201413010010", "20141301不存在"),
        ("650105202611250011", "20261125还没有到"),
        ("6.5E+17", "改成了数字"),
        ("6.50105201402280E+17", "改成了数字"),
        ("650105201402280017.0", "改成了数字"),
    ],
)
def test_each_mistake_has_its_own_sentence(number: str, sentence: str) -> None:
    assert sentence in said(number)


def test_a_birth_today_is_no_future() -> None:
    first = "65010520261124001"
    assert said(first + check_digit(first)) == ""


def test_what_people_type_is_normalised() -> None:
    assert tidy_id(" 65010520140228 0017 ") == GOOD
    assert tidy_id("６５０１０５２０１４０２２８００１７") == GOOD
    assert tidy_id("11010519491231002x") == "11010519491231002X"
    assert tidy_id("１１０１０５１９４９１２３１００２ｘ") == "11010519491231002X"
    assert tidy_id("650105-20140228-0017") == GOOD


def test_what_a_sheet_made_a_float_of_is_refused_and_a_whole_number_is_not() -> None:
    assert "改成了数字" in said(tidy_id(6.5e17))
    assert "改成了数字" in said(tidy_id(float(GOOD)))
    assert said(tidy_id(int(GOOD))) == ""


@given(
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(110000, 659999),
    st.integers(0, 999),
)
def test_a_number_made_by_the_rule_is_sound_and_any_one_wrong_digit_is_seen(
    birth: date, region: int, order: int
) -> None:
    first = f"{region}{birth:%Y%m%d}{order:03d}"
    number = first + check_digit(first)
    assert said(number) == ""
    assert birth_of(number) == birth
    assert sex_of(number) is (Sex.MALE if order % 2 else Sex.FEMALE)
    for place in range(17):
        other = str((int(number[place]) + 1) % 10)
        assert said(number[:place] + other + number[place + 1 :]) != ""


@given(st.text(max_size=25))
def test_no_text_at_all_breaks_it(text: str) -> None:
    tidied = tidy_id(text)
    assert tidy_id(tidied) == tidied
    resident_problem(tidied, TODAY)
    birth_of(tidied)
    sex_of(tidied)
    region_of(tidied)


def test_nothing_is_read_from_what_is_no_number() -> None:
    assert (birth_of("650105140228001"), sex_of("x")) == (None, None)
    assert birth_of("650105201402300014") is None


def test_the_region_is_only_a_hint() -> None:
    assert region_of(GOOD) == "新疆"
    assert region_of("99" + GOOD[2:]) == ""
    first = "99010520140228001"
    assert said(first + check_digit(first)) == ""


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (IdKind.HOUSEHOLD_BOOK, GOOD, GOOD[:-1] + "8"),
        (IdKind.RESIDENCE_PERMIT, GOOD, "83" + GOOD[2:]),
        (IdKind.BIRTH_CERT, "T650012345", "650012345"),
        (IdKind.HKMO_PASS, "H1234567801", "K12345678"),
        (IdKind.TW_PASS, "12345678", "1234567"),
        (IdKind.PASSPORT, "E12345678", "E1"),
        (IdKind.FOREIGN_PR, "USA650012345678", "US650012345678"),
    ],
)
def test_other_documents(kind: IdKind, good: str, bad: str) -> None:
    assert list(id_problems(kind, good, TODAY)) == []
    assert [p.field for p in id_problems(kind, bad, TODAY)] == ["id_no"]
    assert "改成了数字" in next(iter(id_problems(kind, "6.5E+17", TODAY))).say()


def test_no_document_is_no_problem_here() -> None:
    assert list(id_problems(IdKind.NONE, "", TODAY)) == []
    assert list(id_problems(None, None, TODAY)) == []
    assert not is_resident(IdKind.PASSPORT)


def test_typed_values_must_agree_with_the_number() -> None:
    assert list(agreement_problems(GOOD, Sex.MALE, date(2014, 2, 28))) == []
    found = list(agreement_problems(GOOD, Sex.FEMALE, date(2014, 2, 27)))
    assert [p.field for p in found] == ["birth_date", "sex"]
    assert "2014-02-28" in found[0].say()
