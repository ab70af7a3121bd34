"""Ruled lists of which it is known where each line stands, so that lines can be links."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.book.leaves import Place
from app.services.documents.tree import Line, TextBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.book.measures import DirectoryMeasures
    from app.services.documents.tree import Block, PageSetup, TextStyle
    from app.services.forms.measures import ColumnMeasure

_EM = 25.4 / 72
_ROOM = 0.97
"""Lines are rarely filled to the last character."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list; a heading runs over all columns but the number's."""

    cells: tuple[str, ...]
    heading: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class RuledPage:
    """One page of the list."""

    blocks: tuple[Block, ...]
    lines: tuple[tuple[int, Place], ...]
    """Entries that stand on it, by their number, and where."""


def ruled(
    entries: Sequence[Entry],
    columns: Sequence[ColumnMeasure],
    form: DirectoryMeasures,
    page: PageSetup,
    top: float = 0,
) -> list[RuledPage]:
    """The list on as many pages as it needs; ``top`` is where it begins on the first."""
    return _Ruler(columns, form, page).run(entries, top or form.top)


def page_column(columns: Sequence[ColumnMeasure]) -> int:
    """The column of page numbers, which headings leave free."""
    return next(n for n, column in enumerate(columns) if column.name == "页号")


class _Ruler:
    def __init__(
        self, columns: Sequence[ColumnMeasure], form: DirectoryMeasures, page: PageSetup
    ) -> None:
        self.columns, self.form, self.page = columns, form, page
        left = page.width - page.left - page.right - sum(column.width for column in columns)
        self.widths = [column.width or left for column in columns]
        self.edges = [page.left + sum(self.widths[:n]) for n in range(len(columns) + 1)]
        self.bottom = page.height - page.bottom

    def run(self, entries: Sequence[Entry], top: float) -> list[RuledPage]:
        heights = [self._height(entry) for entry in entries]
        pages: list[RuledPage] = []
        at = 0
        while True:
            start, y = at, top + self.form.header_height
            while at < len(entries) and y + self._needed(entries, heights, at) <= self.bottom:
                y += heights[at]
                at += 1
            if at == start and at < len(entries):  # a heading and a line that fill a page
                at += 1
            pages.append(self._page(entries, heights, range(start, at), top))
            if at >= len(entries):
                return pages
            top = self.page.top

    def _needed(self, entries: Sequence[Entry], heights: list[float], at: int) -> float:
        """Height of a line, and of what it must not be parted from: a heading of its first line."""
        needed = heights[at]
        while entries[at].heading and at + 1 < len(entries):
            at += 1
            needed += heights[at]
        return needed

    def _height(self, entry: Entry) -> float:
        """As high as its longest cell needs, up to the tallest; beyond it the type shrinks."""
        if entry.heading:
            return self.form.row_height
        style, most = self.form.cell_style, 0.0
        for text, width in zip(entry.cells, self.widths, strict=True):
            room = (width - 2 * self.form.padding) * _ROOM
            ems = sum(1 if ord(c) > 0x2E7F else 0.5 for c in text)
            lines = math.ceil(ems * style.size * _EM / room) if text else 0
            most = max(most, lines * style.size * style.leading * _EM + 2 * self.form.padding)
        return min(max(most, self.form.row_height), self.form.tallest)

    def _page(
        self, entries: Sequence[Entry], heights: list[float], numbers: range, top: float
    ) -> RuledPage:
        form, edges = self.form, self.edges
        names = tuple(column.name for column in self.columns)
        blocks = self._cells(names, top, form.header_height, form.header_style, centred=True)
        lines: list[tuple[int, Place]] = []
        y = top + form.header_height
        rules = [(y, form.inner)]
        bars: list[tuple[int, float, float]] = [(n, top, y) for n in range(1, len(edges) - 1)]
        for number in numbers:
            entry, height = entries[number], heights[number]
            if entry.heading:
                blocks += self._heading(entry, y, height)
                inner = [page_column(self.columns), page_column(self.columns) + 1]
            else:
                blocks += self._cells(entry.cells, y, height, form.cell_style)
                inner = list(range(1, len(edges) - 1))
            bars += [(n, y, y + height) for n in inner]
            lines.append((number, Place(edges[0], y, edges[-1] - edges[0], height)))
            y += height
            rules.append((y, form.inner))
        rules[-1] = (y, form.outer)
        blocks += [
            Line(edges[0], at, edges[-1], at, weight) for at, weight in [(top, form.outer), *rules]
        ]
        blocks += [Line(edges[0], top, edges[0], y, form.outer)]
        blocks += [Line(edges[-1], top, edges[-1], y, form.outer)]
        blocks += [Line(edges[n], a, edges[n], b, form.inner) for n, a, b in _joined(bars)]
        return RuledPage(tuple(blocks), tuple(lines))

    def _cells(
        self,
        cells: Sequence[str],
        y: float,
        height: float,
        style: TextStyle,
        *,
        centred: bool = False,
    ) -> list[Block]:
        pad = self.form.padding
        return [
            TextBox(
                x + pad, y + pad / 2, width - 2 * pad, height - pad, text, style,
                "center" if centred else column.align,
            )
            for text, x, width, column in zip(
                cells, self.edges, self.widths, self.columns, strict=False
            )
            if text
        ]  # fmt: skip

    def _heading(self, entry: Entry, y: float, height: float) -> list[Block]:
        form, number = self.form, page_column(self.columns)
        pad, indent = form.padding, entry.level * form.group_style.size * _EM
        left, width = self.edges[0] + pad + indent, self.edges[number] - self.edges[0]
        style = form.group_style
        made: list[Block] = [
            TextBox(left, y, width - 2 * pad - indent, height, entry.cells[0], style, "left")
        ]
        if entry.cells[1]:
            made.append(
                TextBox(
                    self.edges[number] + pad, y, self.widths[number] - 2 * pad, height,
                    entry.cells[1], style,
                )
            )  # fmt: skip
        return made


def _joined(bars: list[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """Upright strokes that continue one another as one."""
    joined: list[tuple[int, float, float]] = []
    for column, start, end in sorted(bars):
        if joined and joined[-1][0] == column and abs(joined[-1][2] - start) < 1e-6:
            joined[-1] = (column, joined[-1][1], end)
        else:
            joined.append((column, start, end))
    return joined
