"""Runs of many prints: counted, whole or not at all, and broken off without a trace."""

from pathlib import Path

import pypdfium2
import pytest

from stationdesk.reports import runs
from stationdesk.reports.document import Document, PageBreak, Text
from stationdesk.reports.runs import join, one_each


def bring(number: int) -> Document | None:
    """A document of two pages; the third record has none."""
    if number == 3:
        return None
    parts = (Text(f"第{number}份"), PageBreak(), Text("末页"))
    return Document(title=f"表 乙-{number:04d}", parts=parts, landscape=number == 2)


def test_joined_each_has_page_numbers_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "全.pdf"
    steps = list(join([1, 2, 3, 4], bring, "全", path))
    assert [(step.done, step.pages, step.skipped) for step in steps] == [(1, 2, 0), (2, 4, 0), (3, 4, 1), (4, 6, 1)]
    assert [step.is_last for step in steps] == [False, False, False, True]
    pdf = pypdfium2.PdfDocument(path.read_bytes())
    texts = [page.get_textpage().get_text_range() for page in pdf]
    assert [("第1页 共2页" in text, "第2页 共2页" in text) for text in texts] == [(True, False), (False, True)] * 3
    assert [page.get_width() > page.get_height() for page in pdf] == [False, False, True, True, False, False]
    assert pdf.get_metadata_dict()["Title"] == "全"
    pdf.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["全.pdf"]


def test_the_same_fonts_are_embedded_once() -> None:
    alone = [step.rendered for step in join([1], bring, "一")][-1]
    many = [step.rendered for step in join([1] * 20, bring, "多")][-1]
    assert alone is not None
    assert many is not None
    assert many.pages == 40
    # Twenty files of their own would carry the fonts twenty times.
    assert len(many.data) < 5 * len(alone.data)


def test_broken_off_nothing_is_written(tmp_path: Path) -> None:
    run = join([1, 2, 4], bring, "全", tmp_path / "全.pdf")
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_nothing_to_print_no_file_is_made(tmp_path: Path) -> None:
    [step] = join([3], bring, "全", tmp_path / "全.pdf")
    assert (step.skipped, step.pages) == (1, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_file_each_and_what_is_done_stays(tmp_path: Path) -> None:
    run = one_each([1, 3, 4], bring, tmp_path, lambda document: f"{document.title[2:]}.pdf")
    assert next(run).pages == 2
    run.close()  # type: ignore[attr-defined]
    assert [p.name for p in tmp_path.iterdir()] == ["乙-0001.pdf"]
    last = list(one_each([1, 3, 4], bring, tmp_path, lambda document: f"{document.title[2:]}.pdf"))[-1]
    assert (last.done, last.skipped, last.pages) == (3, 1, 4)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["乙-0001.pdf", "乙-0004.pdf"]


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError("full")

    monkeypatch.setattr(runs, "replace_file", full)
    with pytest.raises(OSError, match="full"):
        list(join([1], bring, "全", tmp_path / "全.pdf"))
