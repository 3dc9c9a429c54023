"""Data elements of persons: names, phones, and how names are folded for comparison."""

import re
import unicodedata
from dataclasses import replace
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_

_PHONE = r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?"

PersonName = Annotated[str, Field(N_("姓名"), max_length=72, private=True)]
_PHONE_FIELD = Field(
    N_("电话"),
    max_length=20,
    private=True,
    pattern=_PHONE,
    pattern_text=N_("电话应是11位手机号，或带区号的座机号（如0991-1234567）。"),
)
Phone = Annotated[str, _PHONE_FIELD]
# Of a family or somebody from outside, not of a colleague.
PERSONAL_PHONE = replace(_PHONE_FIELD, level=Level.L3, mask=(3, 4))
PersonalPhone = Annotated[str, PERSONAL_PHONE]


class Sex(Code):
    """GB/T 2261.1; forms offer 男 and 女."""

    MALE = "1", N_("男")
    FEMALE = "2", N_("女")
    UNKNOWN = "0", N_("未知"), True
    UNSTATED = "9", N_("未说明"), True


_DOTS = str.maketrans({"•": "·", "．": "·", "・": "·", "‧": "·", "∙": "·", "⋅": "·"})


# They cannot be seen and turn what is written beside them around; what joins letters stays.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u061c\u2060\u202a-\u202e\u2066-\u2069\ufeff]")


def tidy_name(text: str) -> str:
    """`text` trimmed, its spaces collapsed, the dot variants in names made `·` (U+00B7), without marks that
    turn writing around or show nothing."""
    plain = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return re.sub(r"\s+", " ", plain.translate(_DOTS)).strip()


def tidy_phone(text: str) -> str:
    """A number as it is kept: half-width, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
