"""Numbers copied from paper: ranges, late ones, and a sentence for what cannot be meant."""

import pytest

from stationdesk.errors import Refused
from stationdesk.records.paper_numbers import Numbers, read_numbers


@pytest.mark.parametrize(
    ("text", "present", "late"),
    [
        ("1 3 5-9，12", (1, 3, 5, 6, 7, 8, 9, 12), ()),
        ("１、３；5 — 7", (1, 3, 5, 6, 7), ()),
        ("2L 4迟 6-7l, 9", (9,), (2, 4, 6, 7)),
        ("3 3 2-4", (2, 3, 4), ()),
        ("5至6。8到9", (5, 6, 8, 9), ()),
        ("  ", (), ()),
    ],
)
def test_numbers_and_ranges(text: str, present: tuple[int, ...], late: tuple[int, ...]) -> None:
    assert read_numbers(text, 12) == Numbers(present, late)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 13", "名单上的编号是1到12，没有13号"),
        ("0", "没有0号"),
        ("9-5", "前面的编号比后面的大"),
        ("三号", "看不懂“三号”"),
        ("4 4L", "4号写了两次"),
        ("3-15 x", "没有15号"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_numbers(text, 12)
    assert said in refused.value.say()
    assert {problem.field for problem in refused.value.problems} == {"numbers"}
