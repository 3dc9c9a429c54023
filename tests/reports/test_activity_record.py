"""The record of a session: plan, course, numbers, money, and no photo but those handed to it."""

from dataclasses import replace

import pypdfium2
import pytest

from stationdesk.records.sessions import SessionStatus
from stationdesk.reports.activity_record import activity_record, ages_text
from stationdesk.reports.document import Pictures
from stationdesk.reports.pdf import to_pdf
from tests.child_prints import imprint, text_of
from tests.session_prints import record, row


def test_all_that_is_known_of_a_session_is_told() -> None:
    text = text_of(activity_record(record(), imprint(), "0991-0000001"))
    for wanted in (
        "活动记录表",
        "内部资料注意保密",
        "已完成",
        "体育运动（趣味运动会）",
        "2026年11月24日（周二）10:00—11:30第2场",
        "甲区妇联、甲区司法局",
        "6—14岁",
        "其他工作人员周素琴、冶文秀",
        "名额30人参加条件需同意书",
        "每十名儿童一名工作人员。",
        "1.两人三足2.压力对对碰",
        "登记的儿童12人未登记儿童3人",
        "陪同家长5人未登记成人2人",
        "合计22人志愿者2人2.8小时",
        "本场支出80.50元活动预算300.00元",
        "经费来源慈善满意度4分（满分5分）",
        "孩子们玩得开心。",
        "单位负责人（签章）",
        "联系电话：0991-0000001",
        "（公章）",
    ):
        assert wanted in text, wanted
    assert "活动照片" not in text


def test_before_it_is_over_the_numbers_are_left_to_be_written() -> None:
    rendered = to_pdf(activity_record(record(row=row()), imprint()))
    text = text_of(activity_record(record(row=row()), imprint()))
    assert rendered.pages == 1
    assert "登记的儿童未登记儿童陪同家长" in text
    off = record()
    off = replace(off, row=row(status=SessionStatus.CANCELLED), held=replace(off.held, reason="停电"))
    assert "取消或延期原因停电" in text_of(activity_record(off, imprint()))


@pytest.mark.parametrize(("count", "pages", "across"), [(0, 0, []), (2, 1, [1]), (3, 1, [2]), (5, 2, [2, 2])])
def test_two_or_four_photos_a_page(count: int, pages: int, across: list[int]) -> None:
    document = activity_record(record(count), imprint())
    found = [part for part in document.parts if isinstance(part, Pictures)]
    assert [part.across for part in found] == across
    assert sum(len(part.items) for part in found) == count
    rendered = to_pdf(document)
    assert rendered.pages == 1 + pages
    assert rendered.data == to_pdf(document).data
    pdf = pypdfium2.PdfDocument(rendered.data)
    drawn = sum(1 for page in pdf for item in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    pdf.close()
    assert drawn == count


@pytest.mark.parametrize(
    ("low", "high", "text"), [(None, None, ""), (6, None, "6岁以上"), (None, 12, "12岁以下"), (6, 12, "6—12岁")]
)
def test_ages_in_words(low: int | None, high: int | None, text: str) -> None:
    assert ages_text(low, high) == text
