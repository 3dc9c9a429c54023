"""PDFs read back: every character there, every font embedded, hostile text harmless."""

from pathlib import Path

import pypdfium2
import pytest

from stationdesk.reports import pdf as pdf_module
from stationdesk.reports.document import (
    Align,
    Chart,
    Column,
    Document,
    Heading,
    HeadLine,
    PageBreak,
    Row,
    RowKind,
    SignOff,
    Space,
    Table,
    Text,
)
from stationdesk.reports.pdf import to_pdf, write_pdf

COLUMNS = (Column("序号", 1, Align.CENTER), Column("内容", 5), Column("数", 1, Align.RIGHT))


def document(*parts: object, **more: object) -> Document:
    return Document(title="测试表", parts=parts, **more)  # type: ignore[arg-type]


def text_of(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()


@pytest.mark.parametrize(
    "text",
    ["古丽娜尔·买买提吐尔逊", "<b>粗</b>&amp;]]>", '<img src="file:///etc/passwd"/>', "㛃𠮷𪚥", "%s {x} \\n (括号)"],
)
def test_text_comes_back_as_it_was(text: str) -> None:
    rendered = to_pdf(document(Text(text)))
    assert text in text_of(rendered.data)
    assert rendered.missing == ()


def test_what_no_font_has_is_spelled_out_and_told() -> None:
    rendered = to_pdf(document(Text("笑😀脸")))
    assert "笑〔U+1F600〕脸" in text_of(rendered.data)
    assert rendered.missing == ("😀",)


def test_control_characters_and_halves_do_not_break_it() -> None:
    assert "甲乙" in text_of(to_pdf(document(Text("甲\x00\x07\ud800乙"))).data)


def test_uyghur_words_are_joined_and_stand_from_right_to_left() -> None:
    rendered = to_pdf(document(Text("ئالىم تۇرسۇن")))
    assert rendered.missing == ()
    pdf = pypdfium2.PdfDocument(rendered.data)
    page = pdf[0].get_textpage()
    boxes = [(page.get_text_range(i, 1), page.get_charbox(i)[0]) for i in range(page.count_chars())]
    first = min(x for char, x in boxes if char in "ئالىم")
    second = min(x for char, x in boxes if char in "تۇس")
    assert first > second
    pdf.close()


def test_uyghur_letters_are_joined_from_right_to_left_and_read_back_as_written() -> None:
    word = "قوشۇلۇش"
    alone = sum(pdf_module._char_width("sd-arabic", char) for char in word)
    shaped, width = pdf_module._shaped(word)
    # The last letter is drawn first, at the left; joined ones take less room than those that stand alone.
    assert shaped.__shapeData__[0].cluster == len(word) - 1
    assert width < alone * 0.95
    assert word in text_of(to_pdf(document(Text(f"{word} خېتى", 30))).data)


def test_every_font_is_embedded(tmp_path: Path) -> None:
    path = tmp_path / "甲.pdf"
    write_pdf(document(Heading("标题", 0), Text("正文𪚥ئالىم", bold=True)), path)
    data = path.read_bytes()
    fonts = data.count(b"/Subtype /TrueType")
    assert fonts >= 3
    assert data.count(b"/FontFile2") == data.count(b"/ToUnicode") == fonts
    assert b"/Type1" not in data
    assert b"Helvetica" not in data


def test_head_rows_and_page_numbers_are_repeated() -> None:
    rows = tuple(Row((str(n), f"第{n}行", "1,234.5")) for n in range(120))
    rendered = to_pdf(document(Heading("长表", 0), Table(COLUMNS, rows)))
    assert rendered.pages >= 3
    text = text_of(rendered.data)
    assert text.count("内容") == rendered.pages
    assert text.count("续表") == rendered.pages - 1
    for number in range(1, rendered.pages + 1):
        assert f"第{number}页 共{rendered.pages}页" in text
    assert all(f"第{n}行" in text for n in range(120))


def test_a_row_taller_than_a_page_goes_on_over_pages() -> None:
    note = "".join(f"记{n:04d}" for n in range(1500))
    rendered = to_pdf(document(Table(COLUMNS, (Row(("1", note, "")), Row(("段",), RowKind.SECTION)))))
    assert rendered.pages >= 2
    text = "".join(text_of(rendered.data).split())
    assert text.count("记") == 1500


def test_long_words_and_many_columns_do_not_break_it() -> None:
    columns = tuple(Column(f"列{n}") for n in range(30))
    rendered = to_pdf(document(Table(columns, (Row(("W" * 80,) * 30),)), landscape=True))
    assert rendered.pages >= 1


def test_all_parts_and_the_mark() -> None:
    parts = (
        HeadLine("左", "中", "右"),
        Chart("图", tuple((f"很长名字的场地{n}", float(n)) for n in range(25)), "次"),
        Chart("空", ()),
        Space(5),
        SignOff(("单位负责人（签章）：", "审核人：", "填报日期："), "（公章）"),
        PageBreak(),
        Text("末页"),
    )
    text = text_of(to_pdf(document(*parts, mark="演示", foot="脚注")).data)
    for wanted in ("左", "中", "右", "很长名字的场地24", "24次", "（公章）", "末页", "脚注", "演示"):
        assert wanted in text


def test_the_same_document_gives_the_same_bytes_and_names_no_person() -> None:
    made = document(Text("古丽娜尔·买买提"))
    rendered = to_pdf(made)
    assert rendered.data == to_pdf(made).data
    pdf = pypdfium2.PdfDocument(rendered.data)
    assert pdf.get_metadata_dict()["Title"] == "测试表"
    assert pdf.get_metadata_dict()["Author"] == "stationdesk"
    pdf.close()
