"""Lines of Chinese: no comma begins one, no bracket ends one, no number is torn."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from stationdesk.reports.lines import NO_END, NO_START, break_lines

PIECES = [
    *"乌鲁木齐市民政局未保站工作人员，。、；：？！）》”（《“—…·",
    "2026年11月",
    "1,234.56",
    "98.5%",
    "0991-0000001",
    "word",
    " ",
    "——",
    "……",
    "ئالىم ",
]


def width(text: str) -> float:
    return sum(0.5 if ord(char) < 128 else 1.0 for char in text)


texts = st.lists(st.sampled_from(PIECES), max_size=120).map("".join)


@given(texts, st.integers(16, 40))
def test_nothing_is_lost_and_all_fits(text: str, room: int) -> None:
    lines = break_lines(text, room, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)


@given(st.integers(0, 2**31))
def test_ten_thousand_lines_keep_the_rules(number: int) -> None:
    chance = Random(number)
    pieces = []
    for _ in range(120):
        pieces.append(chance.choice("市民政局未保站工作人员"))
        pieces.append(chance.choice([*"，。、；：？！）》”", "（", "《", "“", "98.5%", "1,234.56", "", "", "", ""]))
        pieces.append(chance.choice("乌鲁木齐"))
    text = "".join(pieces)
    for line in break_lines(text, chance.randint(14, 38), width):
        assert line[:1] not in NO_START or not line
        assert line[-1:] not in NO_END or not line


def test_numbers_are_whole() -> None:
    text = "共计投入1,234.56万元，占比98.5%，电话0991-0000001，截至2026年11月。" * 20
    for room in range(14, 40):
        whole = "\n".join(break_lines(text, room, width))
        for number in ("1,234.56", "98.5%", "0991-0000001", "2026"):
            assert whole.count(number) == 20


def test_what_is_wider_than_the_line_is_cut() -> None:
    assert break_lines("a" * 50, 5, width) == ["a" * 10] * 5
    assert break_lines("", 5, width) == [""]
    assert break_lines("甲\n\n乙", 5, width) == ["甲", "", "乙"]


def test_a_box_stays_with_what_is_ticked_there() -> None:
    text = "□父母双方　□祖父母　□指定监护人"
    assert break_lines(text, 12, len) == ["□父母双方　□祖父母", "□指定监护人"]
