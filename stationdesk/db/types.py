"""Column types: how codes, decimals, week hours and answers lie in the station file."""

import json
from datetime import date
from decimal import Decimal

from sqlalchemy import Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from stationdesk.codes import Code
from stationdesk.records.assessment_forms import Answers
from stationdesk.records.calendar import WeekHours
from stationdesk.records.certificates import CertificateLine
from stationdesk.records.volunteers import VolunteerWork


class Coded(TypeDecorator[Code]):
    """One member of a short code list, stored by its code."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[Code]) -> None:
        super().__init__(40)
        self.kind = kind

    def process_bind_param(self, value: Code | None, dialect: Dialect) -> str | None:
        """The stored code."""
        return None if value is None else value.code

    def process_result_value(self, value: str | None, dialect: Dialect) -> Code | None:
        """The member."""
        return None if value is None else self.kind.of(value)


class CodedMany(TypeDecorator[tuple[Code, ...]]):
    """Several members of a short code list, stored as `|A|B|` so that one can be searched for."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Code]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: tuple[Code, ...] | None, dialect: Dialect) -> str:
        """The stored codes."""
        return "|" + "".join(f"{member.code}|" for member in value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Code, ...]:
        """The members."""
        return tuple(self.kind.of(code) for code in (value or "").split("|") if code)


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places, stored as a whole number of hundredths: never a float."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Hundredths."""
        return None if value is None else int((value * 100).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The decimal."""
        return None if value is None else Decimal(value).scaleb(-2)


class Numbers(TypeDecorator[tuple[int, ...]]):
    """A few ids, stored one behind the other."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str:
        """With a comma between them."""
        return ",".join(str(number) for number in value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...]:
        """The ids."""
        return tuple(int(part) for part in value.split(",")) if value else ()


class Hours(TypeDecorator[WeekHours]):
    """Opening hours of a week, stored as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: WeekHours | None, dialect: Dialect) -> str | None:
        """JSON."""
        return None if value is None else value.to_json()

    def process_result_value(self, value: str | None, dialect: Dialect) -> WeekHours | None:
        """The hours."""
        return None if value is None else WeekHours.from_json(value)


class Answered(TypeDecorator[Answers]):
    """The answers of an assessment, stored as JSON with the version of their form."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Answers | None, dialect: Dialect) -> str | None:
        """JSON."""
        return None if value is None else value.to_json()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Answers | None:
        """The answers."""
        return None if value is None else Answers.from_json(value)


class CertificateLines(TypeDecorator[tuple[CertificateLine, ...]]):
    """The lines of a certificate, stored as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[CertificateLine, ...] | None, dialect: Dialect) -> str:
        """JSON."""
        lines = [[line.day.isoformat(), line.work.code, line.minutes, line.title] for line in value or ()]
        return json.dumps(lines, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[CertificateLine, ...]:
        """The lines."""
        return tuple(
            CertificateLine(date.fromisoformat(day), VolunteerWork.of(work), minutes, title)
            for day, work, minutes, title in json.loads(value or "[]")
        )
