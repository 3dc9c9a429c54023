"""The agreement on delegated care: parties, terms of the record, duties, witnesses."""

from stationdesk.desk import Desk
from stationdesk.records.care import DelegatedCare
from stationdesk.records.child_prints import MEMBER_FIELDS
from stationdesk.reports.delegated_care_form import delegated_care_form
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.records import printed_fields
from tests.child_prints import NAME, text_of, whole_file
from tests.stations import station


def test_filled_in_with_the_parties_and_the_terms(desk: Desk) -> None:
    document = delegated_care_form(station(), desk.child_files.for_forms(whole_file(desk)))
    assert to_pdf(document).pages == 1
    assert document.title == "委托照护确认书 乙-2026-0001"
    text = text_of(document)
    for wanted in (
        NAME,
        "吐尔洪江·麦麦提吐尔逊与孩子关系父亲",
        "受委托人阿瓦古丽·贺与孩子关系祖母",
        "2026年2月1日",
        "较好",
        "每周联系和交流一次",
        "村（居）委会见证人",
        "儿童主任",
    ):
        assert wanted in text, wanted


def test_empty_it_has_a_place_for_every_field_of_the_record() -> None:
    document = delegated_care_form(station(), mark="演示")
    assert to_pdf(document).pages == 1
    text = text_of(document)
    for column in printed_fields(DelegatedCare):
        if column.name not in MEMBER_FIELDS:
            assert "".join(column.label.split()) in text, column.label
    assert "□较好□一般□差" in text
    assert "演示" in text
