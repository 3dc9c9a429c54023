"""Identity numbers: the resident number of GB 11643 by hand, the other documents, and having none."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.people import Sex


class IdKind(Code):
    """The documents a child or a member of the family may have (domain §3.1 ID_TYPE)."""

    RESIDENT_ID = "RESIDENT_ID", N_("居民身份证")
    HOUSEHOLD_BOOK = "HOUSEHOLD_BOOK", N_("居民户口簿")
    BIRTH_CERT = "BIRTH_CERT", N_("出生医学证明")
    HKMO_PASS = "HKMO_PASS", N_("港澳居民来往内地通行证")
    TW_PASS = "TW_PASS", N_("台湾居民来往大陆通行证")
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT", N_("港澳台居民居住证")
    PASSPORT = "PASSPORT", N_("护照")
    FOREIGN_PR = "FOREIGN_PR", N_("外国人永久居留身份证")
    NONE = "NONE", N_("无")


class NoIdReason(Code):
    """Why there is no document."""

    UNREGISTERED = "UNREGISTERED", N_("未落户")
    FOUNDLING = "FOUNDLING", N_("身份不明")
    PENDING = "PENDING", N_("办理中")


IdType = Annotated[IdKind, Field(N_("证件类型"), private=True, level=Level.L3)]
IdNumber = Annotated[str, Field(N_("证件号码"), max_length=30, private=True, level=Level.L3, mask=(6, 4))]
WhyNoId = Annotated[NoIdReason, Field(N_("无证件原因"), private=True, level=Level.L3)]

# Documents whose number is the resident number of GB 11643; residence permits are made like it.
_RESIDENT = {IdKind.RESIDENT_ID, IdKind.HOUSEHOLD_BOOK, IdKind.RESIDENCE_PERMIT}
# Shapes of the others; a permanent residence card is of the old or of the 2023 kind.
_SHAPES: dict[IdKind, str] = {
    IdKind.BIRTH_CERT: r"[A-Z]\d{9}",
    IdKind.HKMO_PASS: r"[HM]\d{8}(\d{2})?",
    IdKind.TW_PASS: r"\d{8}|\d{10}",
    IdKind.PASSPORT: r"[A-Z0-9]{5,15}",
    IdKind.FOREIGN_PR: r"[A-Z]{3}\d{12}|9\d{16}[0-9X]",
}

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SPOILED = re.compile(r"[+-]?\d+(\.\d+)?E\+?\d+|\d+\.\d*")

_SPOILED_TEXT = N_("证件号码被表格软件改成了数字（如6.5E+17），后几位已经丢失，请把单元格设为文本后重新填写。")
_OLD_TEXT = N_("这是15位的旧身份证号，已经停用，请填写18位的号码。")
_LENGTH_TEXT = N_("身份证号应是18位，现在有{count}位，请检查。")
_LETTERS_TEXT = N_("身份证号前17位应是数字，最后一位是数字或X，请检查。")
_DATE_TEXT = N_("身份证号里的出生日期{birth}不存在，请检查第7至14位。")
_FUTURE_TEXT = N_("身份证号里的出生日期{birth}还没有到，请检查第7至14位。")
_CHECK_TEXT = N_("身份证号的最后一位校验不对，请逐位核对。")
_SHAPE_TEXT = N_("号码与所选的证件类型不符，请核对号码，或改选证件类型。")

_PROVINCES = {
    "11": N_("北京"), "12": N_("天津"), "13": N_("河北"), "14": N_("山西"), "15": N_("内蒙古"),
    "21": N_("辽宁"), "22": N_("吉林"), "23": N_("黑龙江"), "31": N_("上海"), "32": N_("江苏"),
    "33": N_("浙江"), "34": N_("安徽"), "35": N_("福建"), "36": N_("江西"), "37": N_("山东"),
    "41": N_("河南"), "42": N_("湖北"), "43": N_("湖南"), "44": N_("广东"), "45": N_("广西"),
    "46": N_("海南"), "50": N_("重庆"), "51": N_("四川"), "52": N_("贵州"), "53": N_("云南"),
    "54": N_("西藏"), "61": N_("陕西"), "62": N_("甘肃"), "63": N_("青海"), "64": N_("宁夏"),
    "65": N_("新疆"), "71": N_("台湾"), "81": N_("香港"), "82": N_("澳门"), "83": N_("台湾"),
}  # fmt: skip


def tidy_id(value: object) -> str:
    """A number as it is kept: half-width, upper case, without blanks and hyphens.

    What a sheet made a float of stays what it looks like (6.5E+17), for `id_problems` to refuse.
    """
    text = unicodedata.normalize("NFKC", str(value)).upper()
    if _SPOILED.fullmatch(text.strip()):
        return text.strip()
    return unicodedata.normalize("NFKC", re.sub(r"[\s\-‐-―·]", "", text))


def check_digit(first: str) -> str:
    """The 18th character to the first 17 digits: ISO 7064 MOD 11-2, as GB 11643-1999 asks."""
    return _CHECK_DIGITS[sum(w * int(d) for w, d in zip(_WEIGHTS, first, strict=True)) % 11]


def resident_problem(number: str, today: date, field: str = "id_no") -> Problem | None:
    """What is wrong with a tidied resident number; None when nothing is."""
    if _SPOILED.fullmatch(number):
        return Problem(field, _SPOILED_TEXT)
    if re.fullmatch(r"[0-9]{15}", number):
        return Problem(field, _OLD_TEXT)
    if len(number) != 18:
        return Problem(field, _LENGTH_TEXT, {"count": len(number)})
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return Problem(field, _LETTERS_TEXT)
    birth = _birth(number)
    if birth is None:
        return Problem(field, _DATE_TEXT, {"birth": number[6:14]})
    if birth > today:
        return Problem(field, _FUTURE_TEXT, {"birth": number[6:14]})
    return None if check_digit(number[:17]) == number[17] else Problem(field, _CHECK_TEXT)


def id_problems(kind: IdKind | None, number: str | None, today: date, field: str = "id_no") -> Iterator[Problem]:
    """What is wrong with the number of a document; no number is no problem here."""
    if not number or kind is None or kind is IdKind.NONE:
        return
    if kind in _RESIDENT:
        found = resident_problem(number, today, field)
        if found is not None:
            yield found
    elif _SPOILED.fullmatch(number):
        yield Problem(field, _SPOILED_TEXT)
    elif not re.fullmatch(_SHAPES[kind], number):
        yield Problem(field, _SHAPE_TEXT)


def is_resident(kind: IdKind | None) -> bool:
    """Whether birth date and sex can be read from a number of this kind."""
    return kind in _RESIDENT


def birth_of(number: str) -> date | None:
    """The birth date in a resident number; None when it is none or says no real day."""
    return _birth(number) if re.fullmatch(r"[0-9]{17}[0-9X]", number) else None


def sex_of(number: str) -> Sex | None:
    """The sex in a resident number: the 17th digit, odd for men."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return None
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def region_of(number: str) -> str:
    """The province a number was first given in, a marked text ("" when not known): only a hint, for
    people move and the codes of old divisions stay in their numbers."""
    return _PROVINCES.get(number[:2], "")


def agreement_problems(number: str, sex: Sex | None, birth: date | None) -> Iterator[Problem]:
    """Where a sound resident number and what was typed beside it say different things."""
    said = birth_of(number)
    if birth is not None and said is not None and said != birth:
        values = {"said": said.isoformat(), "typed": birth.isoformat()}
        text = N_("出生日期{typed}与身份证号里的{said}不一致，请改正其中一个。")
        yield Problem("birth_date", text, values)
    if sex is not None and sex_of(number) not in (None, sex):
        yield Problem("sex", N_("性别与身份证号不一致，请改正其中一个。"))


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
