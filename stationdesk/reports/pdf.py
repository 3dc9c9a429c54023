"""Document to PDF: the only module that knows reportlab."""

import lzma
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from stationdesk.paths import cache_folder, replace_file, resource
from stationdesk.reports.document import Document
from stationdesk.reports.layout import Block, Drawing, Layout, Op, Stroke, Words

_SANS, _BOLD, _ARABIC, _RARE = "sd-sans", "sd-bold", "sd-arabic", "sd-rare"
_FILES = {_SANS: "NotoSansSC-Regular.ttf", _BOLD: "NotoSansSC-Bold.ttf", _ARABIC: "NotoNaskhArabic-Regular.ttf"}
_RARE_BYTES = 30739236
_SMALL = 0.6
_fonts = Lock()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF: its bytes, its page count, and the characters that no font has."""

    data: bytes
    pages: int
    missing: tuple[str, ...]


class Book:
    """Documents drawn one after the other into one PDF, each with page numbers of its own.

    `title` is the name of the form, never of a person. What is drawn stays here in its compressed
    form: the fonts are embedded once, at the end, whatever the number of documents.
    """

    def __init__(self, title: str) -> None:
        self.pages = 0
        self._title = title
        self._found: set[str] = set()
        self._out = BytesIO()
        self._canvas: Canvas | None = None

    def add(self, document: Document) -> int:
        """Draw one document; returns its pages."""
        with _fonts:
            _missing.clear()
            laid = Layout(document, _measure)
            canvas = self._page(laid)
            for sheet in laid.sheets:
                if document.mark:
                    _mark(canvas, document.mark, laid)
                # What is filled lies under the lines around it.
                for op in sorted(sheet.ops, key=lambda op: not isinstance(op, Block)):
                    _draw(canvas, op, laid.height)
                canvas.showPage()
            self._found |= _missing
        self.pages += len(laid.sheets)
        return len(laid.sheets)

    def _page(self, laid: Layout) -> Canvas:
        size = (laid.width, laid.height)
        if self._canvas is None:
            self._canvas = Canvas(
                self._out,
                pagesize=size,
                invariant=1,
                pageCompression=1,
                initialFontName=_font(_SANS).fontName,
            )
            self._canvas.setTitle(self._title)
            self._canvas.setAuthor("stationdesk")
        self._canvas.setPageSize(size)
        return self._canvas

    def finish(self) -> Rendered:
        """The PDF; nothing can be added any more."""
        with _fonts:
            if self._canvas is not None:
                self._canvas.save()
        return Rendered(self._out.getvalue(), self.pages, tuple(sorted(self._found)))


def to_pdf(document: Document) -> Rendered:
    """`document` as a PDF whose bytes depend on nothing but the document."""
    book = Book(document.title)
    book.add(document)
    return book.finish()


def write_pdf(document: Document, path: Path) -> Rendered:
    """The same into a file, whole or not at all. Raises `OSError`."""
    rendered = to_pdf(document)
    replace_file(path, rendered.data)
    return rendered


# --- fonts ---------------------------------------------------------------------------------------

_missing: set[str] = set()


def _to_unicode(fontname: str, subset: list[int]) -> str:
    """reportlab writes code points beyond the BMP as five hex digits, which no reader takes for a
    character; a ToUnicode map holds UTF-16 (ISO 32000-1, 9.10.3)."""
    return (
        _reportlab_map(fontname, [])
        .replace("<00> <-1>", f"<00> <{len(subset) - 1:02X}>")
        .replace(
            "0 beginbfchar",
            "\n".join(
                [f"{len(subset)} beginbfchar"]
                + [
                    f"<{i:02X}> <{chr(v).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
                    for i, v in enumerate(subset)
                ]
            ),
        )
    )


_reportlab_map: Callable[[str, list[int]], str] = ttfonts.makeToUnicodeCMap
ttfonts.makeToUnicodeCMap = _to_unicode
# Otherwise every document names a Helvetica that is not in it.
rl_config.canvas_basefontname = _SANS
# Otherwise every page is written as text, a quarter longer and slower; readers have taken bytes since 1993.
rl_config.useA85 = 0


@cache
def _font(name: str) -> Any:
    """The registered font; parsing Noto Sans takes a tenth of a second, so once, when first used."""
    path = _rare_file() if name == _RARE else resource("fonts", _FILES[name])
    font = ttfonts.TTFont(name, str(path), shapable=name == _ARABIC)
    pdfmetrics.registerFont(font)
    return font


def _rare_file() -> Path:
    """The font of rare characters, unpacked once for this PC."""
    for folder in (cache_folder(), Path(tempfile.gettempdir()) / "stationdesk"):
        path = folder / "HanaMinB.ttf"
        if path.exists() and path.stat().st_size == _RARE_BYTES:
            return path
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, lzma.decompress(resource("fonts", "HanaMinB.ttf.xz").read_bytes()))
        except OSError:
            continue
        return path
    raise OSError("no folder takes the unpacked font")


def _has(name: str, code: int) -> bool:
    return code in _font(name).face.charToGlyph


def _is_arabic(char: str) -> bool:
    return (
        "\u0600" <= char <= "\u06ff"
        or "\u0750" <= char <= "\u077f"
        or "\ufb50" <= char <= "\ufdff"
        or "\ufe70" <= char <= "\ufefe"
    )


@lru_cache(maxsize=20000)
def _font_of(char: str, bold: bool) -> str:
    """The font that has `char`, or "" for none: asked for every single character."""
    code = ord(char)
    first = _BOLD if bold else _SANS
    if _is_arabic(char):
        return _ARABIC if _has(_ARABIC, code) else ""
    if _has(first, code):
        return first
    # Only hanzi are looked for in the big font, so that an emoji does not unpack it.
    if "CJK" in unicodedata.name(char, "") or 0x20000 <= code <= 0x3FFFF:
        return _RARE if _has(_RARE, code) else ""
    return ""


def _runs(text: str, bold: bool) -> list[tuple[str, str, float]]:
    """`text` as runs of one font with a size factor; what no font has is spelled out, small."""
    runs: list[tuple[str, str, float]] = []
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cs", "Cf"):
            continue
        name, factor, shown = _font_of(char, bold), 1.0, char
        if not name:
            _missing.add(char)
            name, factor, shown = _SANS, _SMALL, f"〔U+{ord(char):04X}〕"
        if char == " " and runs and runs[-1][0] == _ARABIC:
            name = _ARABIC
        if runs and runs[-1][0] == name and runs[-1][2] == factor:
            runs[-1] = (name, runs[-1][1] + shown, factor)
        else:
            runs.append((name, shown, factor))
    return runs


@lru_cache(maxsize=50000)
def _char_width(name: str, char: str) -> float:
    return float(_font(name).stringWidth(char, 1))


@lru_cache(maxsize=4000)
def _shaped(word: str) -> tuple[Any, float]:
    """An Arabic word with its letters joined, and its width at size 1."""
    _font(_ARABIC)
    shaped = ttfonts.shapeStr(word, _ARABIC, 100, force=True)
    if isinstance(shaped, ttfonts.ShapedStr):
        return shaped, sum(glyph.x_advance for glyph in shaped.__shapeData__) / 1000
    return shaped, float(pdfmetrics.stringWidth(word, _ARABIC, 1))


@lru_cache(maxsize=20000)
def _measure(text: str, bold: bool) -> float:
    return sum(
        (_shaped(run)[1] if name == _ARABIC else sum(_char_width(name, char) for char in run)) * factor
        for name, run, factor in _runs(text, bold)
    )


# --- drawing -------------------------------------------------------------------------------------


def _draw(canvas: Canvas, op: Op, height: float) -> None:
    if isinstance(op, Words):
        _words(canvas, op, height)
    elif isinstance(op, Stroke):
        canvas.setLineWidth(op.width)
        canvas.line(op.x1, height - op.y1, op.x2, height - op.y2)
    elif isinstance(op, Drawing):
        picture = ImageReader(BytesIO(op.data))
        canvas.drawImage(picture, op.x, height - op.y - op.height, op.width, op.height, mask="auto")
    else:
        canvas.setFillGray(op.grey)
        canvas.rect(op.x, height - op.y - op.height, op.width, op.height, stroke=0, fill=1)


def _words(canvas: Canvas, op: Words, height: float) -> None:
    canvas.setFillGray(op.grey)
    x = op.x
    for name, run, factor in _runs(op.text, op.bold):
        size = op.size * factor
        font = _font(name)
        canvas.setFont(font.fontName, size)
        if name == _ARABIC:
            # Read from right to left: the last word stands first.
            for word in reversed(run.split(" ")):
                if word:
                    _joined(canvas, x, height - op.y, word)
                    x += _shaped(word)[1] * size
                x += _char_width(name, " ") * size
        else:
            canvas.drawString(x, height - op.y, run)
            x += sum(_char_width(name, char) for char in run) * size


def _joined(canvas: Canvas, x: float, y: float, word: str) -> None:
    """One word from right to left, its letters joined.

    `drawString(shaping=True)` joins nothing unless a library for mixed directions is installed; what is
    shaped already it draws as it is. The glyphs are of parts of letters, so what they say is told
    beside them (ISO 32000-1, 14.9.4), to be copied and searched: in the order they stand on the page,
    for pdfium and poppler turn words of these letters round themselves.
    """
    shaped = _shaped(word)[0]
    said = word[::-1].encode("utf-16-be").hex().upper()
    canvas._code.append(f"/Span << /ActualText <FEFF{said}> >> BDC")
    # Where nothing can join letters they stand at least in their order.
    canvas.drawString(x, y, shaped if isinstance(shaped, ttfonts.ShapedStr) else word[::-1])
    canvas._code.append("EMC")


def _mark(canvas: Canvas, text: str, laid: Layout) -> None:
    canvas.saveState()
    canvas.setFillGray(0.9)
    canvas.setFont(_font(_BOLD).fontName, 120)
    canvas.translate(laid.width / 2, laid.height / 2)
    canvas.rotate(40)
    canvas.drawCentredString(0, -40, text)
    canvas.restoreState()
