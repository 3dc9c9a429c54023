"""A child's file on paper: what is in it, what is not, and that nothing is cut off."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import pypdfium2
import pytest

from stationdesk.desk import Desk
from stationdesk.fields import Field, describe
from stationdesk.records.child_prints import ChildFile
from stationdesk.records.children import Child, RecordLevel
from stationdesk.records.masking import Disclosure
from stationdesk.reports import child_file as module
from stationdesk.reports.child_file import FORM, Section, blank_file, child_file
from stationdesk.reports.document import Contents, Heading
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.records import blank_list, list_table, printed_fields
from tests.child_prints import CARER_PHONE, CONCLUSION, DIAGNOSIS, NAME, PHONE, STREET, imprint, text_of, whole_file
from tests.children import resident_no

MASKED, WHOLE, RESTRICTED = Disclosure


def file_of(desk: Desk, how: Disclosure) -> ChildFile:
    return desk.child_files.whole(whole_file(desk), how)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_whole_file_has_every_section_and_every_value(desk: Desk) -> None:
    document = child_file(file_of(desk, RESTRICTED), imprint(), RESTRICTED)
    found = text_of(document)
    for section in Section:
        assert section.label in found
    for wanted in (
        "儿童档案（一人一档）",
        "档案编号乙-2026-0001",
        squeezed(NAME),
        "内部资料注意保密",
        "打印人：赛乃姆·托合提",
        "2026年11月24日12:00",
        "份号：000123-ABCDEF01",
        resident_no(),
        PHONE,
        STREET,
        "民族汉族",
        "出生日期2015年5月20日",
        "年龄11岁",
        "责任社工赛乃姆·托合提",
        "1.父亲",
        "3.祖母",
        CARER_PHONE,
        "1.阿瓦古丽·贺（祖母）",
        "乙街道第三小学",
        DIAGNOSIS,
        "受侵害未成年人",
        "620.00元",
        "就学学习",
        "1.风险等级",
        "监护风险：黄（中风险）；生理风险：蓝（低风险）；行为风险：绿（没有风险）",
        "评估人赛乃姆·托合提",
        CONCLUSION,
        "建立档案乙-2026-0001",
        "站长（签名）：",
        "本件含限制内容",
        "第1页共",
    ):
        assert wanted in found, wanted


def test_masked_and_whole_files_never_say_what_is_restricted(desk: Desk) -> None:
    child = whole_file(desk)
    whole = text_of(child_file(desk.child_files.whole(child, WHOLE), imprint(), WHOLE))
    masked = text_of(child_file(desk.child_files.whole(child), imprint(), MASKED))
    for text in (whole, masked):
        for secret in (DIAGNOSIS, "受侵害", "心理/精神", "限制内容"):
            assert secret not in text, secret
    assert PHONE in whole
    for secret in (
        PHONE,
        CARER_PHONE,
        STREET,
        resident_no(),
        "2015年5月20日",
        "第三小学",
        "随祖母",
        "阿瓦古丽",
        CONCLUSION,
    ):
        assert secret not in masked, secret
    assert "阿瓦古丽" not in masked
    assert f"{resident_no()[:6]}********{resident_no()[-4:]}" in masked
    assert "本件已遮盖" in masked


def test_only_the_chosen_sections_and_the_contents_tell_them(desk: Desk) -> None:
    document = child_file(file_of(desk, WHOLE), imprint(), WHOLE, [Section.NEEDS, Section.BASIC])
    headings = [part.text for part in document.parts if isinstance(part, Heading) and part.level == 1]
    assert headings == ["基本情况", "需求"]
    assert [part.headings for part in document.parts if isinstance(part, Contents)] == [("基本情况", "需求")]
    assert "就学阶段" not in text_of(document)


def test_title_and_author_name_no_child(desk: Desk) -> None:
    rendered = to_pdf(child_file(file_of(desk, WHOLE), imprint("演示"), WHOLE))
    pdf = pypdfium2.PdfDocument(rendered.data)
    told = pdf.get_metadata_dict()
    assert (told["Title"], told["Author"]) == ("儿童档案（一人一档） 乙-2026-0001", "stationdesk")
    assert "演示" in pdf[0].get_textpage().get_text_range()
    pdf.close()


def test_an_empty_file_prints(desk: Desk) -> None:
    found = ChildFile(child=Child(name="某", file_no="乙-2026-0009"), opened=date(2026, 1, 1))
    text = text_of(child_file(found, imprint(), MASKED))
    assert text.count("没有可打印的内容。") == 13
    assert "乙-2026-0009" in text


def test_the_longest_names_and_notes_wrap_and_lose_nothing(desk: Desk) -> None:
    name = "阿卜杜热合曼·" * 10
    found = file_of(desk, WHOLE)
    note = "".join(f"记{n:03d}。" for n in range(160))
    child = replace(found.child, name=name[:72], other_name=name[:72], summary=note)
    family = tuple(replace(member, name=name[:72], note="备" * 200) for member in found.family)
    rendered = to_pdf(child_file(replace(found, child=child, family=family), imprint(), WHOLE))
    pdf = pypdfium2.PdfDocument(rendered.data)
    text = ""
    for page in pdf:
        words = page.get_textpage()
        text += squeezed(words.get_text_range())
        # Nothing runs over the edge of its page.
        boxes = [words.get_charbox(n) for n in range(words.count_chars())]
        assert all(box[0] >= 0 and box[2] <= page.get_width() for box in boxes)
    pdf.close()
    # On the cover, twice of the child, three of the family, who cares, who agreed.
    assert text.count(name[:72]) == 8
    assert note in text
    assert rendered.missing == ()


def test_the_empty_form_has_all_labels_boxes_to_tick_and_nobody() -> None:
    document = blank_file(imprint())
    text = text_of(document)
    for section, shown in module._SHOWN.items():
        assert section.label in text
        for one in shown:
            for column in printed_fields(one.cls):
                assert squeezed(column.label) in text, column.label
    assert "□男□女" in text
    assert all(f"□{level.label}" in text for level in RecordLevel)
    assert "赛乃姆" not in text
    assert document.title == "儿童档案（一人一档）" == FORM
    assert "变更记录" not in text


@dataclass(frozen=True, kw_only=True)
class Grown(Child):
    """A record that has come to have one field more."""

    shoe: Annotated[str, Field("鞋码", max_length=10)] | None = None


@pytest.mark.parametrize("fields", [6, 20])
def test_a_new_field_appears_by_itself(fields: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "shoe" in [column.name for column in describe(Grown)]
    found = ChildFile(child=Grown(name="某", shoe="三十二"), opened=date(2026, 1, 1))
    text = text_of(child_file(found, imprint(), WHOLE, [Section.BASIC]))
    assert "鞋码三十二" in text
    monkeypatch.setattr("stationdesk.reports.records.MOST_COLUMNS", 40 if fields == 6 else 8)
    for table in (list_table(Grown, [found.child], found), blank_list(Grown)):
        said = [text for row in table.rows for text in row.cells] + [column.header for column in table.columns]
        assert "鞋码" in said
