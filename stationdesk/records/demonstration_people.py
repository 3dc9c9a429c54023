"""Invented people for the demonstration: names as each ethnic group makes them, numbers of nobody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

from stationdesk.paths import resource
from stationdesk.records.ids import check_digit
from stationdesk.records.people import Sex

_FOUR_PARTS = 0.04
_RARE = 0.05


@cache
def told_of_children() -> Mapping[str, Any]:
    """What the children's files are made of."""
    told: dict[str, Any] = json.loads(resource("demo", "children.json").read_text(encoding="utf-8"))
    return told


@dataclass(frozen=True, slots=True)
class Lineage:
    """A family's names: the father's, what stands in those of his brothers, what in his children's
    (a surname, or where there is none the father's own name)."""

    ethnicity: str
    father: str
    brothers: str
    children: str


class People:
    """Draws people: no number comes twice, and no child's name twice among those born in one year."""

    def __init__(self, chance: Random, region: str) -> None:
        self._chance = chance
        self._region = region
        self._names: Mapping[str, Mapping[str, Any]] = told_of_children()["names"]
        self._numbers: set[str] = set()
        self._children: set[tuple[str, int]] = set()

    def lineage(self) -> Lineage:
        """A new family."""
        chance = self._chance
        ethnicity = chance.choices(list(self._names), [told["weight"] for told in self._names.values()])[0]
        told = self._names[ethnicity]
        if not told["dotted"]:
            surname = chance.choice(told["line"])
            return Lineage(ethnicity, self.named(ethnicity, Sex.MALE, surname), surname, surname)
        if ethnicity == "05" and chance.random() < _FOUR_PARTS:
            father = chance.choice(told_of_children()["four_parts"])
            return Lineage(ethnicity, father, father.partition("·")[2], father)
        own, his_father = chance.sample(told["male"], 2)
        return Lineage(ethnicity, f"{own}·{his_father}", his_father, own)

    def line(self, ethnicity: str) -> str:
        """What stands in the names of a family that is married into."""
        told = self._names[ethnicity]
        return str(self._chance.choice(told["male"] if told["dotted"] else told["line"]))

    def named(self, ethnicity: str, sex: Sex, line: str) -> str:
        """The whole name of somebody of that line."""
        told, chance = self._names[ethnicity], self._chance
        given = told["male" if sex is Sex.MALE else "female"]
        if told["dotted"]:
            return f"{chance.choice(given)}·{line}"
        parts = chance.sample(given, chance.choice((1, 2, 2)))
        if chance.random() < _RARE:
            parts[0] = chance.choice(told["rare"])
        return line + "".join(parts)

    def child(self, lineage: Lineage, sex: Sex, birth: date) -> str:
        """A name that no other child born in that year has."""
        while True:
            name = self.named(lineage.ethnicity, sex, lineage.children)
            if (name, birth.year) not in self._children:
                self._children.add((name, birth.year))
                return name

    def id_no(self, birth: date, sex: Sex) -> str:
        """A sound number with a region that was never given out."""
        while True:
            order = 2 * self._chance.randrange(500) + (sex is Sex.MALE)
            first = f"{self._region}{birth:%Y%m%d}{order:03d}"
            if first not in self._numbers:
                self._numbers.add(first)
                return first + check_digit(first)

    def phone(self) -> str:
        """A number of a range that no operator has."""
        return f"154{self._chance.randrange(10**8):08d}"
