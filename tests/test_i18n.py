"""Chinese is the source: without a translation the text stays as it is."""

from collections.abc import Iterator

import pytest

from stationdesk import i18n
from stationdesk.i18n import LANGUAGES, N_, _, language, use_language


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    yield
    use_language("zh_CN")


def test_marking_changes_nothing() -> None:
    assert N_("保存") == "保存"


def test_chinese_needs_no_translation() -> None:
    use_language("zh_CN")
    assert _("保存") == "保存"


def test_the_empty_text_is_not_looked_up() -> None:
    # gettext answers the empty text with the head of the catalogue.
    use_language("en")
    assert _("") == ""


@pytest.mark.parametrize("name", LANGUAGES)
def test_each_language_can_be_chosen(name: str) -> None:
    use_language(name)
    assert language() == name


def test_an_unknown_language_means_chinese() -> None:
    use_language("xx")
    assert language() == "zh_CN"


def test_a_text_nobody_translated_is_shown_in_chinese() -> None:
    use_language("en")
    assert _("这一句没有人翻译过") == "这一句没有人翻译过"


def test_a_translation_is_asked_for_when_a_text_is_shown_not_when_it_is_declared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    declared = N_("保存")
    monkeypatch.setattr(i18n._active, "gettext", lambda text: f"<{text}>")
    assert _(declared) == "<保存>"
