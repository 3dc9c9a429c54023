"""Where a line of Chinese text may end: numbers and words whole, no comma at a line's start."""

import re
from collections.abc import Callable, Iterator

Width = Callable[[str], float]

# 避头尾: what may not begin a line, and what may not end one (GB/T 15834, JIS X 4051).
NO_START = frozenset("，。、；：？！）》」』】〕〉”’…—·～％%℃,.;:?!)]}>／")
NO_END = frozenset("（《「『【〔〈“‘([{<￥$")

# A word: Latin, digits with what belongs inside a number or a telephone number, Arabic script, a box
# with what is ticked there.
_ATOM = re.compile(
    r"[0-9A-Za-z\u00c0-\u024f]+(?:[.,:/'\-@_+][0-9A-Za-z\u00c0-\u024f]+)*%?"
    r"|[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefe]+"
    r"|[□■][^\s□■]+"
    r"|\s+|——|……|.",
    re.DOTALL,
)


def _atoms(text: str) -> Iterator[str]:
    """`text` in pieces between which a line may end; a space goes with what stands before it."""
    piece = ""
    for found in _ATOM.findall(text):
        glued = not piece or found.isspace() or found[0] in NO_START or piece.rstrip()[-1:] in NO_END
        if glued:
            piece += found
        else:
            yield piece
            piece = found
    if piece:
        yield piece


def break_lines(text: str, room: float, width: Width) -> list[str]:
    """`text` as lines no wider than `room`; a single piece wider than that is cut where it must."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for atom in _atoms(paragraph):
            size = width(atom)
            if line and used + width(atom.rstrip()) > room:
                lines.append(line.rstrip())
                line, used = "", 0.0
            if not line and width(atom.rstrip()) > room:
                *whole, line = _cut(atom, room, width)
                lines += whole
                used = width(line)
            else:
                line += atom
                used += size
        lines.append(line.rstrip())
    return lines


def _cut(atom: str, room: float, width: Width) -> list[str]:
    pieces, piece = [], ""
    for char in atom:
        if piece and width(piece + char) > room:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]
