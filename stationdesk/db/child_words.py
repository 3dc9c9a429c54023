"""What a child's name is found by: any part of it, its pinyin in every reading, and its initials."""

import unicodedata
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.children_models import ChildTable
from stationdesk.db.pinyin import name_key
from stationdesk.records.children import Child
from stationdesk.records.people import tidy_name

_BREAK = "|"


def squeezed(text: str) -> str:
    """`text` as names are compared: half-width, lower case, without blanks and the dots in names."""
    folded = unicodedata.normalize("NFKC", tidy_name(text)).lower()
    return "".join(sign for sign in folded if not sign.isspace() and sign not in "·'’`-" + _BREAK)


def search_words(*names: str | None, numbers: tuple[str, ...] = ()) -> str:
    """All by which a file is found: names, their pinyin, their initials, and file numbers."""
    found: list[str] = []
    for name in names:
        if name:
            found.append(squeezed(name))
            found += _readings(name)
    found += [number.lower() for number in numbers]
    return _BREAK + _BREAK.join(dict.fromkeys(found)) + _BREAK


def words_for(session: Session, child: Child) -> str:
    """The words of a file, and of those that were merged into it: each old number leads to it."""
    names, numbers = [child.name, child.other_name], [child.file_no]
    columns = (ChildTable.name, ChildTable.other_name, ChildTable.file_no)
    for name, other, number in session.execute(select(*columns).where(ChildTable.merged_into_id == (child.id or 0))):
        names += [name, other]
        numbers.append(number)
    return search_words(*names, numbers=tuple(number for number in numbers if number))


def _readings(name: str) -> list[str]:
    """Full pinyin and initials, once for each reading of the first character: 单 is shan, dan, chan."""
    from pypinyin import Style, lazy_pinyin

    plain = squeezed(name)
    if not plain:
        return []
    rest = "".join(lazy_pinyin(plain[1:], style=Style.NORMAL))
    initials = "".join(_initial(sign) for sign in plain[1:])
    return [way for head in _heads(plain[0]) for way in (head + rest, head[0] + initials)]


# Few characters make many names: an import of thousands asks for each of them again and again.
@lru_cache(maxsize=8192)
def _initial(sign: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(sign, style=Style.NORMAL)[0][0]


@lru_cache(maxsize=8192)
def _heads(sign: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    return tuple(sorted({name_key(sign), *pinyin(sign, style=Style.NORMAL, heteronym=True)[0]}))
