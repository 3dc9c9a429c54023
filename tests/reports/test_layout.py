"""Forms on pages: labels beside values, titles with what follows, contents with their pages."""

import pytest

from stationdesk.reports.document import (
    Column,
    Contents,
    Document,
    Heading,
    PageBreak,
    Part,
    Picture,
    Pictures,
    Row,
    RowKind,
    Table,
    Text,
)
from stationdesk.reports.layout import MARGIN, Drawing, Layout, Words
from tests.pictures import jpeg

LABEL, VALUE = Column("", 1, label=True), Column("", 2)
FORM = (LABEL, VALUE, LABEL, VALUE)


def laid(*parts: Part, head: str = "") -> Layout:
    return Layout(Document(title="表", parts=parts, head=head), lambda text, _bold: float(len(text)))


def words(layout: Layout, page: int) -> dict[str, Words]:
    return {op.text: op for op in layout.sheets[page].ops if isinstance(op, Words)}


def test_a_form_has_no_head_row_and_bold_labels() -> None:
    rows = (Row(("姓名", "甲", "性别", "女")), Row(("住址", "乙街道某路1号" * 3), RowKind.WIDE))
    found = words(laid(Table(FORM, rows, headed=False)), 0)
    assert [found[text].bold for text in ("姓名", "甲", "性别", "女")] == [True, False, True, False]
    # The wide value has the room of three columns: it stays on one line.
    assert "乙街道某路1号" * 3 in found
    assert found["姓名"].y < MARGIN + 30


def test_a_title_is_never_the_last_row_of_a_page() -> None:
    for before in range(30, 60):
        filler = tuple(Row(("行", str(n), "", "")) for n in range(before))
        title = Row(("甲的记录",), RowKind.SECTION)
        layout = laid(Table(FORM, (*filler, title, Row(("姓名", "乙", "", ""))), headed=False))
        pages = [n for n in range(len(layout.sheets)) if {"甲的记录", "乙"} <= set(words(layout, n))]
        assert len(pages) == 1, before


def test_contents_tell_the_pages() -> None:
    layout = laid(
        Contents(("一", "二")), PageBreak(), Heading("一", 1), Text("文"), PageBreak(), Heading("二", 1), head="内部"
    )
    first = words(layout, 0)
    assert (first["一"].y, first["二"].y) == (first["2"].y, first["3"].y)
    assert "内部" in words(layout, 2)


def test_cells_with_a_title_say_it_again_where_a_page_cuts_them() -> None:
    many = "\n".join(("12", *(f"第{n}场" for n in range(100))))
    layout = laid(Table((Column("周六"), Column("周日")), (Row((many, "13\n短")),), titled=True))
    assert len(layout.sheets) > 1
    found = [words(layout, page) for page in range(len(layout.sheets))]
    for page in found:
        assert page["12"].bold
        assert page["12"].y == min(one.y for text, one in page.items() if text not in ("周六", "周日", "续表"))
    assert [text for page in found for text in page if text.startswith("第") and "场" in text] == [
        f"第{n}场" for n in range(100)
    ]
    assert "短" in found[0]
    assert "13" not in found[1]


def test_pictures_keep_their_shape_and_their_captions() -> None:
    wide, tall = (Picture(jpeg(*sides), caption) for sides, caption in (((400, 100), "宽"), ((100, 400), "高")))
    layout = laid(Pictures((wide, tall, wide)), Pictures((tall, tall, tall), across=1))
    drawn = [[op for op in sheet.ops if isinstance(op, Drawing)] for sheet in layout.sheets]
    assert [len(page) for page in drawn] == [4, 2]
    for page in drawn:
        for op in page:
            ratio = 4 if op.data == wide.data else 0.25
            assert op.width / op.height == pytest.approx(ratio)
            assert op.x >= MARGIN - 0.01
            assert op.x + op.width <= layout.width - MARGIN + 0.01
            assert op.y + op.height <= layout.height - MARGIN
    assert words(layout, 0)["宽"].y > drawn[0][0].y + drawn[0][0].height
    assert drawn[0][0].y + drawn[0][0].height == pytest.approx(drawn[0][1].y + drawn[0][1].height)
