"""Forms to sign: on one page, with names or without, in two languages where that is sure."""

import pytest

from stationdesk.records.child_prints import FormNames
from stationdesk.records.consents import ConsentKind
from stationdesk.reports.consent_forms import _OWN_FORM, _UYGHUR, ConsentForm, consent_form
from stationdesk.reports.pdf import to_pdf
from tests.child_prints import text_of
from tests.stations import station

NAMES = FormNames(file_no="乙-2026-0001", child="古丽娜尔·买买提吐尔逊", age=11, guardian="阿瓦古丽·贺", relation="62")


@pytest.mark.parametrize("form", list(ConsentForm), ids=lambda form: form.code)
def test_filled_in_and_empty(form: ConsentForm) -> None:
    document = consent_form(form, station(), NAMES)
    rendered = to_pdf(document)
    assert (rendered.pages, rendered.missing) == (1, ())
    assert document.title == f"{form.label} 乙-2026-0001"
    text = text_of(document)
    for wanted in (form.label, "古丽娜尔·买买提吐尔逊", "11岁", "祖母", "阿瓦古丽·贺", "档案编号：乙-2026-0001"):
        assert wanted in text, wanted
    for word in (*_UYGHUR[form].split(), "ئىمزا"):
        assert word in text, word
    empty = text_of(consent_form(form, station(), mark="演示"))
    assert "古丽娜尔" not in empty
    assert "演示" in empty
    assert "{" not in empty


def test_each_purpose_is_asked_for_once() -> None:
    text = text_of(consent_form(ConsentForm.CONSENT, station()))
    for kind in ConsentKind:
        assert (f"{kind.label}□同意□不同意□同意□不同意" in text) is (kind not in _OWN_FORM), kind
    assert "未满14周岁的，由监护人同意" in text


def test_the_notice_says_who_handles_what_and_which_rights_there_are() -> None:
    text = text_of(consent_form(ConsentForm.PRIVACY, station()))
    for wanted in ("甲区乙街道未成年人保护工作站", "0991-0000001", "敏感个人信息", "查阅、复制、更正", "撤回同意"):
        assert wanted in text, wanted
