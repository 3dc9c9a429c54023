"""The forms of assessments: rows and choices from a file, the answers given, and what follows from them."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from stationdesk.codes import Code
from stationdesk.i18n import N_, language
from stationdesk.paths import resource


class AssessmentKind(Code):
    """What is assessed (domain §2.6); the screening of minds belongs to counselling."""

    GUARDIANSHIP = "GUARDIANSHIP", N_("家庭监护能力")
    RISK = "RISK", N_("风险等级")
    NEED = "NEED", N_("需求")
    AFTER = "AFTER", N_("成效")


class AssessedLevel(Code):
    """What an assessment finds: each kind has levels of its own."""

    NORMAL = "NORMAL", N_("监护正常")
    INSUFFICIENT = "INSUFFICIENT", N_("监护不足")
    IMPROPER = "IMPROPER", N_("监护失当")
    ABSENT = "ABSENT", N_("监护缺失")
    RED = "RED", N_("红（高风险）")
    YELLOW = "YELLOW", N_("黄（中风险）")
    BLUE = "BLUE", N_("蓝（低风险）")
    GREEN = "GREEN", N_("绿（健康成长）")
    NEED_URGENT = "NEED_URGENT", N_("需求迫切")
    NEED_SOME = "NEED_SOME", N_("有需求")
    NEED_NONE = "NEED_NONE", N_("没有需求")
    EFFECT_CLEAR = "EFFECT_CLEAR", N_("成效明显")
    EFFECT_SOME = "EFFECT_SOME", N_("有成效")
    EFFECT_NONE = "EFFECT_NONE", N_("没有成效")


_L = AssessedLevel
_LEVELS = {
    AssessmentKind.GUARDIANSHIP: (_L.NORMAL, _L.INSUFFICIENT, _L.IMPROPER, _L.ABSENT),
    AssessmentKind.RISK: (_L.RED, _L.YELLOW, _L.BLUE, _L.GREEN),
    AssessmentKind.NEED: (_L.NEED_URGENT, _L.NEED_SOME, _L.NEED_NONE),
    AssessmentKind.AFTER: (_L.EFFECT_CLEAR, _L.EFFECT_SOME, _L.EFFECT_NONE),
}


def levels_of(kind: AssessmentKind) -> tuple[AssessedLevel, ...]:
    """The levels one kind can find, in the order they are offered."""
    return _LEVELS[kind]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a form in both languages: the rows are data of the station, no texts of the program."""

    zh: str
    en: str

    def say(self) -> str:
        """The text in the language in use."""
        return self.en if language() == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what it is worth where points are counted, the level it asks for where the worst rules."""

    code: str
    label: Wording
    points: int = 0
    level: AssessedLevel | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One row: under which group it stands, what it asks, how much it weighs."""

    code: str
    label: Wording
    group: Wording | None = None
    hint: Wording | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a form; `levels` with the least score of each where points are counted, none where
    the worst answer rules; `usual` is the answer that stands in a new form."""

    id: str
    version: int
    kind: AssessmentKind
    title: Wording
    source: str
    choices: tuple[Choice, ...]
    items: tuple[Item, ...]
    levels: tuple[tuple[AssessedLevel, int], ...] = ()
    usual: str | None = None

    @property
    def is_scored(self) -> bool:
        """Whether points are counted."""
        return bool(self.levels)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered in which version of a form: codes of rows and of choices, in the form's order."""

    template: str
    version: int
    given: tuple[tuple[str, str], ...] = ()

    @property
    def form(self) -> Template:
        """The form that was answered."""
        return template(self.template, self.version)

    def to_json(self) -> str:
        """The stored text."""
        return json.dumps({"template": self.template, "version": self.version, "given": dict(self.given)})

    @classmethod
    def from_json(cls, text: str) -> "Answers":
        """What `to_json` wrote."""
        found = json.loads(text)
        return cls(found["template"], found["version"], tuple(found["given"].items()))

    def missing(self) -> tuple[Item, ...]:
        """The rows without an answer of the form."""
        known = {choice.code for choice in self.form.choices}
        given = dict(self.given)
        return tuple(item for item in self.form.items if given.get(item.code) not in known)

    def __str__(self) -> str:
        """Row after row with its answer, as it is shown and printed."""
        labels = {choice.code: choice.label.say() for choice in self.form.choices}
        given = dict(self.given)
        told = ((item.label.say(), labels.get(given.get(item.code, ""), "")) for item in self.form.items)
        between, after = ("; ", ": ") if language() == "en" else ("；", "：")
        return between.join(f"{label}{after}{answer}" for label, answer in told if answer)


@cache
def templates() -> tuple[Template, ...]:
    """All versions of all forms, of `resources/codes/assessments.json`."""
    told = json.loads(resource("codes", "assessments.json").read_text(encoding="utf-8"))
    return tuple(_read(one) for one in told["templates"])


@cache
def template(template_id: str, version: int) -> Template:
    """One version of a form; versions are kept for ever. Raises `ValueError` on one that never was."""
    for found in templates():
        if (found.id, found.version) == (template_id, version):
            return found
    raise ValueError(template_id, version)


def current(kind: AssessmentKind) -> Template:
    """The form a new assessment of a kind is made with: the latest version."""
    return max((found for found in templates() if found.kind is kind), key=lambda found: found.version)


def unanswered(kind: AssessmentKind) -> Answers:
    """A new form of a kind: what usually is the answer stands in it already."""
    form = current(kind)
    usual = ((item.code, form.usual) for item in form.items if form.usual is not None)
    return Answers(form.id, form.version, tuple(usual))


def _read(told: dict[str, Any]) -> Template:
    levels = tuple((AssessedLevel.of(code), least) for code, least in told.get("levels", ()))
    made = {
        "kind": AssessmentKind.of(told["kind"]),
        "title": Wording(**told["title"]),
        "choices": tuple(_choice(one) for one in told["choices"]),
        "items": tuple(_item(one) for one in told["items"]),
        "levels": levels,
    }
    return Template(**told | made)


def _choice(told: dict[str, Any]) -> Choice:
    level = AssessedLevel.of(told["level"]) if "level" in told else None
    return Choice(**told | {"label": Wording(**told["label"]), "level": level})


def _item(told: dict[str, Any]) -> Item:
    return Item(**told | {name: Wording(**told[name]) for name in ("label", "group", "hint") if name in told})


# --- what the answers speak for ------------------------------------------------------------------


def score_of(answers: Answers) -> Decimal | None:
    """The weighted mean of the points, 0 to 100; None while a row waits, or where none are counted."""
    form = answers.form
    if not form.is_scored or answers.missing():
        return None
    points = {choice.code: choice.points for choice in form.choices}
    given = dict(answers.given)
    total = sum(item.weight * points[given[item.code]] for item in form.items)
    return (Decimal(total) / sum(item.weight for item in form.items)).quantize(Decimal("0.01"))


def level_of(answers: Answers) -> AssessedLevel | None:
    """The level the answers speak for: by the score, or the worst of them; None while a row waits."""
    form = answers.form
    if answers.missing():
        return None
    score = score_of(answers)
    if score is not None:
        return next(level for level, least in form.levels if score >= least)
    given = {code for _item, code in answers.given}
    return next((choice.level for choice in form.choices if choice.code in given), None)
