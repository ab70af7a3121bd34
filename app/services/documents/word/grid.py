"""The document grid: lines on a page and characters in a line (GB/T 9704: 22 × 28)."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.documents.tree import Heading, PageSetup, Paragraph
from app.services.documents.word.text import twips

if TYPE_CHECKING:
    from app.services.documents.tree import Document, TextStyle

_ROOM = 1.15
"""Type of up to this share of a grid line's height stands on one line of the grid."""
_ALIKE = 1.5
"""Type that differs less than this many points from the grid's pitch stands on the grid."""
_USUAL = 10.5


@dataclass(frozen=True, slots=True)
class Grid:
    """Distances in twips; 0: no grid.

    Rounded down, or the last line would not find room: 225 mm are 12,756 twips, and 22 lines of
    29 points would take 12,760 (formats.md 3.4).
    """

    line: int = 0
    pitch: float = 0

    @classmethod
    def of(cls, page: PageSetup) -> Grid:
        """The grid of a page."""
        across = twips(page.width) - twips(page.left) - twips(page.right)
        down = twips(page.height) - twips(page.top) - twips(page.bottom)
        return cls(
            down // page.lines if page.lines else 0, across / page.chars if page.chars else 0
        )

    def step(self, style: TextStyle) -> int:
        """Distance of lines: as many lines of the grid as the type needs."""
        if not self.line:
            return round(style.size * style.leading * 20)
        return self.line * math.ceil(style.size * 20 * _ROOM / self.line)

    def on(self, style: TextStyle) -> TextStyle:
        """The style with the grid's distance of characters, if it is of the grid's size.

        Set letter by letter: LibreOffice misreads a grid that is narrower than its type.
        """
        pitch = self.pitch / 20
        on_grid = pitch and not style.pitch and abs(pitch - style.size) < _ALIKE
        return replace(style, pitch=pitch) if on_grid else style

    def xml(self) -> str:
        """The w:docGrid element: of lines only, for characters are set one by one.

        With a grid of characters LibreOffice counts 27 of them in a line, and centres them.
        """
        return f'<w:docGrid w:type="lines" w:linePitch="{self.line}"/>' if self.line else ""


def body_size(document: Document) -> float:
    """Size of most of the text that stands on a grid: Word reckons the grid from it."""
    count: Counter[float] = Counter()
    for section in document.sections:
        if section.page.chars:
            for block in section.blocks:
                if isinstance(block, Paragraph | Heading):
                    count[block.style.size] += len(block.text)
    return max(count, key=lambda size: (count[size], size), default=_USUAL)
