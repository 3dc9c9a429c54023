"""What a password must be."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from stationdesk.errors import Problem
from stationdesk.i18n import N_
from stationdesk.paths import resource

SHORTEST = 12
LONGEST = 128


@cache
def _common() -> frozenset[str]:
    text = resource("codes", "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def normal_form(password: str) -> str:
    """The form in which a password is compared: the same typing gives it on every keyboard."""
    return unicodedata.normalize("NFC", password)


def password_problems(password: str, forbidden: Iterable[str] = ()) -> Iterator[Problem]:
    """What is wrong with a new password; `forbidden` are names that must not make it up."""
    text = normal_form(password)
    if len(text) < SHORTEST:
        yield Problem("password", N_("口令至少12个字，汉字、字母、数字、空格都可以，一句话最好记。"))
        return
    if len(text) > LONGEST:
        yield Problem("password", N_("口令最多128个字，请缩短。"))
    bare = "".join(text.lower().split())
    for name in forbidden:
        bare = bare.replace("".join(normal_form(name).lower().split()), "") if name else bare
    if len(bare) < SHORTEST // 2:
        yield Problem("password", N_("口令里除了姓名、用户名和单位名称，还要有别的内容。"))
    elif bare in _common() or len(set(bare)) < 5 or _counts_up(bare):
        yield Problem("password", N_("这个口令太常见，容易被猜到，请换一个。"))


def _counts_up(text: str) -> bool:
    """Whether the whole text is one run of neighbours, as 123456789012 or abcdefghijkl."""
    steps = {(ord(b) - ord(a)) % 10 if (a + b).isdigit() else ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1} or steps <= {-1, 9}
