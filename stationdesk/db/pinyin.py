"""The key by which names sort: pinyin of each character, made when a record is saved."""

from collections.abc import Callable
from functools import cache

# Surnames whose usual reading is not the one the dictionary gives first.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "朴": "piao", "盖": "ge",
    "区": "ou", "任": "ren", "华": "hua", "尉": "wei", "员": "yun", "缪": "miao", "覃": "qin",
    "翟": "zhai", "折": "she", "乐": "yue", "令": "ling", "曲": "qu", "种": "chong", "宓": "fu",
}  # fmt: skip


@cache
def _reader() -> Callable[[str], list[str]]:
    # A quarter of a second to import, so only when the first name is written.
    from pypinyin import Style, lazy_pinyin

    return lambda text: lazy_pinyin(text, style=Style.NORMAL, errors=str.lower)


def name_key(name: str) -> str:
    """`name` as pinyin syllables with spaces between, the surname read as a surname; sorts as a
    Chinese reader expects: `zhang wei` before `zhang wen`, Latin and other script as they are."""
    if not name:
        return ""
    if name[0] in _SURNAMES:
        rest = _reader()(name[1:]) if len(name) > 1 else []
        return " ".join([_SURNAMES[name[0]], *rest])
    return " ".join(_reader()(name))
