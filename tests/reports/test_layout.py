"""Forms on pages: labels beside values, titles with what follows, contents with their pages."""

from stationdesk.reports.document import (
    Column,
    Contents,
    Document,
    Heading,
    PageBreak,
    Part,
    Row,
    RowKind,
    Table,
    Text,
)
from stationdesk.reports.layout import MARGIN, Layout, Words

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
