"""Numbers in Chinese words, as certificates write them."""

from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")


def in_words(number: Decimal) -> str:
    """`12.5` as 十二点五, `110` as 一百一十; for what is not negative and below a hundred million."""
    whole, _point, part = f"{number:f}".partition(".")
    part = part.rstrip("0")
    said = _whole(int(whole))
    return f"{said}点{''.join(_DIGITS[int(digit)] for digit in part)}" if part else said


def _whole(number: int) -> str:
    high, low = divmod(number, 10_000)
    if not high:
        said = _below_ten_thousand(low)
    else:
        gap = "零" if 0 < low < 1000 else ""
        said = f"{_below_ten_thousand(high)}万{gap}{_below_ten_thousand(low) if low else ''}"
    # 十二, never 一十二; 一百一十二 keeps its 一.
    return said[1:] if said.startswith("一十") else said


def _below_ten_thousand(number: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = bool(said)
    return said or "零"
