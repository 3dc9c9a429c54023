"""Texts: Chinese is the source, gettext brings the other languages."""

import gettext
from functools import cache

from stationdesk.paths import resource

LANGUAGES = {"zh_CN": "中文", "en": "English"}

_active: gettext.NullTranslations = gettext.NullTranslations()
_language = "zh_CN"


def N_(text: str) -> str:
    """Mark `text` for translation where it is declared; `_` translates it where it is shown."""
    return text


def _(text: str) -> str:
    """`text` in the language in use; Chinese itself when there is no translation."""
    return _active.gettext(text) if text else ""


@cache
def _load(language: str) -> gettext.NullTranslations:
    if language == "zh_CN":
        return gettext.NullTranslations()
    return gettext.translation("stationdesk", resource("locale"), [language], fallback=True)


def use_language(language: str) -> None:
    """Show every later text in `language`, a key of `LANGUAGES`; an unknown one means Chinese."""
    global _active, _language
    _language = language if language in LANGUAGES else "zh_CN"
    _active = _load(_language)


def language() -> str:
    """The language in use, a key of `LANGUAGES`."""
    return _language
