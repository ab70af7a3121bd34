"""Rows of cells of any width put together into one table, and how high text will be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from app.services.documents.lines import break_lines
from app.services.documents.tree import Cell, Column, Row, Table, TextStyle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.school.style import SchoolStyle

_MM = 0.3528
"""Millimetres in a point."""
_CHINESE = 0x2E80
_FULL = "“”‘’—…"
_HALF = 0.56
_DIGITS = 2
_CLOSE = 0.4
"""Space in mm around facts above a frame."""


@dataclass(frozen=True, slots=True)
class Span:
    """A cell with its width in millimetres."""

    width: float
    cell: Cell


@dataclass(frozen=True, slots=True)
class Strip:
    """A row whose cells have widths of their own."""

    spans: tuple[Span, ...]
    min_height: float = 0
    wish: float = 0
    """How high it is where there is room."""
    grow: float = 0
    """Its part of what is left of a page beyond that."""
    keep_next: bool = False
    heads: bool = False
    name: str = ""

    def height(self, rules: SchoolStyle) -> float:
        """About how high it will be."""
        return max(self.min_height, *(_cell_height(span, rules) for span in self.spans))


def _cell_height(span: Span, rules: SchoolStyle) -> float:
    cell = span.cell
    high = 2 * rules.padding_y + (cell.picture.height if cell.picture else 0)
    if cell.text:
        high += text_height(cell.text, span.width - 2 * rules.padding_x, cell.style or rules.value)
    return high


def text_height(text: str, width: float, style: TextStyle) -> float:
    """About how high a text will be in that width, in millimetres."""
    return _lines(text, width, style) * style.size * style.leading * _MM


def text_width(text: str, style: TextStyle) -> float:
    """About how wide a line of text will be, in millimetres."""
    return sum(map(_ADVANCE.__getitem__, text)) * style.size * _MM


def _lines(text: str, width: float, style: TextStyle) -> int:
    """Lines as the writers will break them, by widths that hold for most types."""
    return len(break_lines(text, max(width / _MM, style.size), _ADVANCE, style.size))


class _Advance(dict[str, float]):
    """Widths of characters in ems: Chinese ones are full, Latin letters and figures a good half."""

    def __missing__(self, character: str) -> float:
        wide = ord(character) >= _CHINESE or character in _FULL
        return 1.0 if wide else _HALF


_ADVANCE = _Advance()


def ruled_table(strips: Sequence[Strip], width: float, rules: SchoolStyle) -> Table:
    """One table of the strips: its columns are the stretches between all edges that there are."""
    edges = sorted({round(edge, _DIGITS) for strip in strips for edge in _edges(strip)} | {0.0})
    place = {edge: number for number, edge in enumerate(edges)}
    columns = tuple(Column(b - a) for a, b in pairwise(edges))
    if edges[-1] > width + 0.5:
        raise ValueError(f"strips are {edges[-1]} mm wide, the paper has {width}")
    rows = []
    for strip in strips:
        cells, start = [], 0
        for span, edge in zip(strip.spans, _edges(strip), strict=True):
            end = place[round(edge, _DIGITS)]
            cells.append(replace(span.cell, colspan=end - start))
            start = end
        rows.append(
            Row(tuple(cells), strip.min_height, strip.keep_next, name=strip.name, heads=strip.heads)
        )
    return Table(
        columns, tuple(rows), style=rules.value, padding_x=rules.padding_x,
        padding_y=rules.padding_y, outer=rules.outer, inner=rules.inner,
    )  # fmt: skip


def _edges(strip: Strip) -> list[float]:
    found, at = [], 0.0
    for span in strip.spans:
        at += span.width
        found.append(at)
    return found


def title_style(words: str, width: float, style: SchoolStyle) -> TextStyle:
    """Type of a title: smaller where it is long, so that it takes no more than two lines."""
    found = style.title
    while found.size > style.least_title and _lines(words, width, found) > 2:
        found = replace(found, size=found.size - 1)
    return found


def heading(words: Sequence[str], width: float, style: SchoolStyle) -> Table:
    """Facts on one line above a frame: the first at the left, the last at the right."""
    cells = [Cell(one, style.head, "center", "bottom") for one in words]
    cells[0] = replace(cells[0], align="left")
    if len(cells) > 1:
        cells[-1] = replace(cells[-1], align="right")
    spans = tuple(Span(width / len(cells), cell) for cell in cells)
    return replace(
        ruled_table([Strip(spans)], width, style), outer=0, padding_x=_CLOSE, padding_y=_CLOSE
    )


def heading_height(words: Sequence[str], width: float, style: SchoolStyle) -> float:
    """About how high that line will be."""
    return 2 * _CLOSE + max(text_height(one, width / len(words), style.head) for one in words)
