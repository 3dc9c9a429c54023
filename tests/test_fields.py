"""The vocabulary: what a record says of its fields is all its consumers need."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.codes import Code
from stationdesk.errors import Refused
from stationdesk.fields import Described, Field, check, describe, from_text, to_text


class Mood(Code):
    CALM = "CALM", "平静"
    LOUD = "LOUD", "吵闹"
    OLD = "OLD", "旧词", True


Name = Annotated[str, Field("姓名", max_length=8, private=True)]
Code4 = Annotated[str, Field("编号", max_length=4, pattern=r"\d{4}", pattern_text="编号应是4位数字。")]
Heads = Annotated[int, Field("人数", minimum=1, maximum=40, unit="人")]
Width = Annotated[Decimal, Field("宽度", minimum=Decimal("0.5"), maximum=Decimal(9), unit="米")]
Born = Annotated[date, Field("生日", minimum=date(2000, 1, 1))]
Notes = Annotated[str, Field("备注", max_length=20, multiline=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pet:
    id: int = 0
    name: Name = ""
    code: Code4 | None = None
    heads: Heads = 1
    width: Width | None = None
    born: Born | None = None
    fed_at: Annotated[time, Field("喂食")] | None = None
    seen: Annotated[datetime, Field("最后见到")] | None = None
    mood: Annotated[Mood, Field("心情")] = Mood.CALM
    moods: Annotated[tuple[Mood, ...], Field("全部心情")] = ()
    tame: Annotated[bool, Field("温顺")] = False
    notes: Notes | None = None


def column(name: str) -> Described:
    return next(item for item in describe(Pet) if item.name == name)


def sentences(**values: Any) -> list[str]:
    return [problem.say() for problem in check(Pet(**({"name": "小白"} | values)))]


# --- describe ------------------------------------------------------------------------------------


def test_only_labelled_fields_are_described_and_in_their_order() -> None:
    assert [item.name for item in describe(Pet)][:4] == ["name", "code", "heads", "width"]
    assert "id" not in {item.name for item in describe(Pet)}


def test_type_optionality_and_shape_come_from_the_annotation() -> None:
    assert (column("name").type, column("name").optional, column("name").required) == (str, False, True)
    assert (column("code").type, column("code").optional, column("code").required) == (str, True, False)
    assert (column("mood").type, column("mood").many) == (Mood, False)
    assert (column("moods").type, column("moods").many, column("moods").required) == (Mood, True, False)
    assert column("tame").required is False


def test_an_alias_of_something_else_is_refused_at_once() -> None:
    @dataclass
    class Wrong:
        thing: Annotated[int | str, Field("东西")]

    with pytest.raises(TypeError, match=r"Wrong\.thing"):
        describe(Wrong)


# --- check ---------------------------------------------------------------------------------------


def test_a_good_record_has_no_problems() -> None:
    assert sentences(code="0042", heads=40, width=Decimal("0.5"), born=date(2000, 1, 1), notes="两\n行") == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "请填写姓名。"),
        ({"name": "九个字九个字九个字"}, "姓名最多8个字，现在有9个字，请缩短。"),
        ({"name": "一\n二"}, "姓名只能写一行，请去掉换行。"),
        ({"name": "一\x00二"}, "姓名里有不能保存的控制字符，请删除后重新输入。"),
        ({"name": "一\ud800"}, "姓名里有不能保存的控制字符，请删除后重新输入。"),
        ({"code": "42"}, "编号应是4位数字。"),
        ({"heads": 0}, "人数不能小于1。"),
        ({"heads": 41}, "人数不能大于40。"),
        ({"width": Decimal("9.01")}, "宽度不能大于9。"),
        ({"born": date(1999, 12, 31)}, "生日不能小于2000-01-01。"),
    ],
)
def test_each_limit_has_its_sentence(values: dict[str, Any], sentence: str) -> None:
    assert sentences(**values) == [sentence]


def test_rare_characters_count_as_one() -> None:
    assert sentences(name="𪚥" * 8) == []
    assert len(sentences(name="𪚥" * 9)) == 1


def test_what_may_be_empty_may_be_empty() -> None:
    assert sentences(code=None, notes=None, moods=()) == []
    assert sentences(code="") == []


# --- text and back -------------------------------------------------------------------------------

GOOD: list[tuple[str, object]] = [
    ("name", "古丽娜尔·买买提"),
    ("code", "0042"),
    ("code", None),
    ("heads", 7),
    ("width", Decimal("1.25")),
    ("born", date(2010, 2, 28)),
    ("fed_at", time(7, 5)),
    ("seen", datetime(2026, 11, 3, 9, 30)),
    ("mood", Mood.OLD),
    ("moods", (Mood.CALM, Mood.LOUD)),
    ("moods", ()),
    ("tame", True),
    ("tame", False),
]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_what_is_shown_is_read_back(name: str, value: object) -> None:
    assert from_text(column(name), to_text(value)) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("born", "2010年2月3日", date(2010, 2, 3)),
        ("born", "2010/2/3", date(2010, 2, 3)),
        ("born", "2010.02.03", date(2010, 2, 3)),
        ("born", "20100203", date(2010, 2, 3)),
        ("born", "２０１０-２-３", date(2010, 2, 3)),
        ("fed_at", "7:05", time(7, 5)),
        ("fed_at", "１６：３０", time(16, 30)),
        ("seen", "2026-11-03T09:30", datetime(2026, 11, 3, 9, 30)),
        ("heads", " ４０ ", 40),
        ("mood", "LOUD", Mood.LOUD),
        ("mood", "吵闹", Mood.LOUD),
        ("moods", "平静,吵闹；旧词", (Mood.CALM, Mood.LOUD, Mood.OLD)),
        ("tame", "有", True),
        ("tame", "No", False),
        ("name", "  小白 ", "小白"),
        ("name", "", ""),
        ("code", "", None),
    ],
)
def test_other_ways_of_writing_are_understood(name: str, text: str, value: object) -> None:
    assert from_text(column(name), text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("born", "2010-02-30"),
        ("born", "去年"),
        ("fed_at", "25:00"),
        ("fed_at", "7"),
        ("seen", "2026-11-03"),
        ("heads", "七"),
        ("heads", "7.5"),
        ("width", "NaN"),
        ("width", "Infinity"),
        ("mood", "生气"),
        ("moods", "平静、生气"),
        ("tame", "也许"),
    ],
)
def test_what_cannot_be_read_is_one_problem_that_quotes_it(name: str, text: str) -> None:
    with pytest.raises(Refused) as caught:
        from_text(column(name), text)
    (problem,) = caught.value.problems
    assert problem.field == name
    assert column(name).label in problem.say()


def test_a_long_wrong_text_is_quoted_in_part() -> None:
    with pytest.raises(Refused) as caught:
        from_text(column("heads"), "长" * 5000)
    assert len(caught.value.say()) < 80


ROUND_TRIPS: list[tuple[str, Callable[[], st.SearchStrategy[Any]]]] = [
    ("heads", st.integers),
    ("width", lambda: st.decimals(allow_nan=False, allow_infinity=False)),
    ("born", lambda: st.dates(min_value=date(1000, 1, 1))),
    ("fed_at", lambda: st.times().map(lambda value: value.replace(second=0, microsecond=0))),
    ("mood", lambda: st.sampled_from(Mood)),
    ("moods", lambda: st.lists(st.sampled_from(Mood)).map(tuple)),
    ("tame", st.booleans),
]


@pytest.mark.parametrize(("name", "values"), ROUND_TRIPS)
def test_any_value_survives_the_round_trip(name: str, values: Callable[[], st.SearchStrategy[Any]]) -> None:
    @given(values())
    def holds(value: object) -> None:
        assert from_text(column(name), to_text(value)) == value

    holds()


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    for item in describe(Pet):
        with suppress(Refused):
            from_text(item, text)


@given(st.text(max_size=30))
def test_no_text_breaks_the_checking(text: str) -> None:
    for problem in check(Pet(name=text, notes=text)):
        assert problem.say()
