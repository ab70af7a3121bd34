"""Where columns of Excel stand: the union of the column edges of all tables of a section."""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from app.services.documents.tree import Section, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.documents.tree import Column

_SAME = 1.0
"""Edges nearer to one another than so many millimetres are one."""
_NUMERIC = frozenset("0123456789.-")


class SheetGrid:
    """Edges in millimetres from the left of the text, and columns counted from 1."""

    def __init__(self, section: Section) -> None:
        page = section.page
        width = page.width - page.left - page.right
        found = {0.0}
        for block in (*section.head, *section.blocks):
            if isinstance(block, Table):
                found.update(_edges(block.columns))
        if max(found) < width * 0.9:
            found.add(width)
        self.edges: list[float] = []
        for edge in sorted(found):
            if not self.edges or edge - self.edges[-1] > _SAME:
                self.edges.append(edge)

    @property
    def last(self) -> int:
        """The last column."""
        return len(self.edges) - 1

    def widths(self) -> list[float]:
        """Widths of the columns in millimetres."""
        return [end - start for start, end in pairwise(self.edges)]

    def width(self, first: int, last: int) -> float:
        """Millimetres from the left of one column to the right of another."""
        return self.edges[last] - self.edges[first - 1]

    def columns(self, columns: Sequence[Column]) -> list[tuple[int, int]]:
        """For each column of a table the first and the last column of the sheet that it takes."""
        places = [bisect_left(self.edges, edge - _SAME) for edge in _edges(columns)]
        return [(start + 1, end) for start, end in pairwise(places)]


def _edges(columns: Sequence[Column]) -> list[float]:
    return list(accumulate((column.width for column in columns), initial=0.0))


def figure(text: str) -> int | float | None:
    """The figure that a text says; None for numbers of things (``007``) and for words."""
    if not text or not _NUMERIC.issuperset(text) or len(text) > 15:
        return None
    digits = text.removeprefix("-")
    if not digits[:1].isdigit() or (digits[:1] == "0" and len(digits) > 1 and digits[1] != "."):
        return None
    try:
        return int(text) if "." not in text else float(text)
    except ValueError:
        return None


def lines_of(text: str, width: float, size: float) -> int:
    """About how many lines a text takes in that many millimetres."""
    room = max(width * 72 / 25.4 / size, 1.0)
    return sum(max(1, math.ceil(_ems(part) / room)) for part in text.split("\n"))


def _ems(text: str) -> float:
    return sum(1.0 if character > "\u2e7f" else 0.55 for character in text)
