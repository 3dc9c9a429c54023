"""What a password must be."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
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


def password_problems(password: str, forbidden: Iterable[str] = (), *, strict: bool = False) -> Iterator[Problem]:
    """What is wrong with a new password; `forbidden` are names that must not make it up. `strict`
    asks for complexity as well (GB/T 22239-2019, 8.1.4.1 身份鉴别)."""
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
    if strict and _kinds(text) < 3:
        yield Problem("password", N_("口令要含大写字母、小写字母、数字、其他字符（汉字、标点）中的至少三类。"))


def _kinds(text: str) -> int:
    tests: tuple[Callable[[str], bool], ...] = (
        lambda c: "a" <= c <= "z",
        lambda c: "A" <= c <= "Z",
        lambda c: "0" <= c <= "9",
        lambda c: not (c.isascii() and c.isalnum()) and not c.isspace(),
    )
    return sum(any(map(test, text)) for test in tests)


def _counts_up(text: str) -> bool:
    """Whether the whole text is one run of neighbours, as 123456789012 or abcdefghijkl."""
    steps = {(ord(b) - ord(a)) % 10 if (a + b).isdigit() else ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1} or steps <= {-1, 9}
