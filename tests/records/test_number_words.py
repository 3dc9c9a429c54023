"""Hours as certificates write them."""

from decimal import Decimal

import pytest

from stationdesk.records.number_words import in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "零"),
        ("0.5", "零点五"),
        ("10", "十"),
        ("12.5", "十二点五"),
        ("20", "二十"),
        ("100.25", "一百点二五"),
        ("101", "一百零一"),
        ("110", "一百一十"),
        ("112", "一百一十二"),
        ("1010", "一千零一十"),
        ("1001.0", "一千零一"),
        ("10000", "一万"),
        ("10050", "一万零五十"),
        ("12345", "一万二千三百四十五"),
        ("100010", "十万零一十"),
    ],
)
def test_numbers_in_words(number: str, words: str) -> None:
    assert in_words(Decimal(number)) == words
