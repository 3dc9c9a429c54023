"""Printing many documents step by step: into one PDF, or a file each; to be watched and broken off."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stationdesk.paths import replace_file
from stationdesk.reports.document import Document
from stationdesk.reports.pdf import Book, Rendered, to_pdf

# What makes the document of one record; None where there is none to print (any more).
Bring = Callable[[int], Document | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a run is: records done of all, how many of them had nothing to print, pages so far; the
    last step of a joined run has the PDF."""

    done: int
    total: int
    skipped: int = 0
    pages: int = 0
    missing: tuple[str, ...] = ()
    rendered: Rendered | None = None

    @property
    def is_last(self) -> bool:
        """Whether there is nothing left to do."""
        return self.done == self.total


def join(ids: Sequence[int], bring: Bring, title: str, path: Path | None = None) -> Iterator[Step]:
    """One PDF of all, each document with page numbers of its own, a step a record; the file at `path`
    is written whole at the last step or, when the run is broken off, not at all. Raises `OSError`."""
    book = Book(title)
    skipped = 0
    for done, record_id in enumerate(ids, start=1):
        document = bring(record_id)
        if document is None:
            skipped += 1
        else:
            book.add(document)
        if done < len(ids):
            yield Step(done=done, total=len(ids), skipped=skipped, pages=book.pages)
    rendered = book.finish()
    if path is not None and rendered.pages:
        replace_file(path, rendered.data)
    yield Step(
        done=len(ids),
        total=len(ids),
        skipped=skipped,
        pages=rendered.pages,
        missing=rendered.missing,
        rendered=rendered,
    )


def one_each(ids: Sequence[int], bring: Bring, folder: Path, name: Callable[[Document], str]) -> Iterator[Step]:
    """A PDF a record in `folder`, each written whole; what is there when the run is broken off stays.
    Raises `OSError`."""
    skipped = pages = 0
    missing: set[str] = set()
    for done, record_id in enumerate(ids, start=1):
        document = bring(record_id)
        if document is None:
            skipped += 1
        else:
            rendered = to_pdf(document)
            replace_file(folder / name(document), rendered.data)
            pages += rendered.pages
            missing.update(rendered.missing)
        yield Step(done=done, total=len(ids), skipped=skipped, pages=pages, missing=tuple(sorted(missing)))
