"""Tables of a Word file: rows as text, a few strings for each cell; ten thousand rows take a second."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from app.services.documents.tree import Cell, Column, SignatureLine, TextStyle
from app.services.documents.word.drawing import picture
from app.services.documents.word.text import (
    RUN,
    RUN_END,
    Properties,
    inner,
    paragraph,
    rule,
    run,
    twips,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.documents.tree import Align, Row, Table
    from app.services.documents.word.part import Part

_VALIGN = {"top": "top", "middle": "center", "bottom": "bottom"}
_SIDES = ("top", "left", "bottom", "right")
_GAP = 4
"""Millimetres between lines to sign on."""


def table(block: Table, part: Part) -> Iterator[str]:
    """The table, row by row."""
    yield _opening(block)
    writer = _Rows(block, part)
    for row in block.header:
        yield writer.row(row, head=True)
    for row in block.rows:
        yield writer.row(row)
    yield "</w:tbl>"


class _Rows:
    """Writes the rows of one table; what the cells of a column have in common is made once."""

    def __init__(self, block: Table, part: Part) -> None:
        self._table = block
        self._part = part
        self._edges = _edges(block.columns)
        self._held: dict[int, tuple[int, int]] = {}
        """Column → rows that a merged cell still covers, and where it ends."""
        self._plain = [self._begin(number) for number in range(len(block.columns))]
        self._kept = [self._begin(n, keep=True) for n in range(len(block.columns))]

    def _begin(self, column: int, *, keep: bool = False) -> str:
        """What stands before the text of a plain cell."""
        name = self._part.styles.paragraph(self._table.style, self._table.columns[column].align)
        properties = Properties(name, keep_next=keep).xml()
        return f"{self._opened(column, column + 1, 'center')}<w:p>{properties}"

    def _opened(self, start: int, end: int, valign: str, merged: str = "") -> str:
        width = self._edges[end] - self._edges[start]
        span = f'<w:gridSpan w:val="{end - start}"/>' if end - start > 1 else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}'
            f'<w:vAlign w:val="{valign}"/></w:tcPr>'
        )

    def row(self, row: Row, *, head: bool = False) -> str:
        """One row."""
        height = twips(row.min_height)
        parts = [
            "<w:tr><w:trPr><w:cantSplit/>",
            f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else "",
            "<w:tblHeader/></w:trPr>" if head else "</w:trPr>",
        ]
        keep = self._joined(row)
        begin = self._kept if keep else self._plain
        column = 0
        for cell in row.cells:
            column = self._cover(column, parts)
            if isinstance(cell, str):
                parts.append(begin[column])
                parts.append(
                    f"{RUN}{inner(cell)}{RUN_END}</w:p></w:tc>" if cell else "</w:p></w:tc>"
                )
                column += 1
            else:
                parts.append(self._cell(cell, column, keep=keep))
                column += cell.colspan
        self._cover(column, parts)
        parts.append("</w:tr>")
        return "".join(parts)

    def _joined(self, row: Row) -> bool:
        """Whether the row has to stand on one page with the next."""
        spans = [cell.rowspan for cell in row.cells if isinstance(cell, Cell)]
        covered = any(left > 1 for left, _ in self._held.values())
        return row.keep_next or covered or max(spans, default=1) > 1

    def _cover(self, column: int, parts: list[str]) -> int:
        """Write what merged cells of rows above need in this one; returns the next free column."""
        while column in self._held:
            left, end = self._held.pop(column)
            if left > 1:
                self._held[column] = left - 1, end
            # a cell that goes on in the next row must come to no place again in this one
            opened = self._opened(column, end, "center", "<w:vMerge/>")
            parts.append(f"{opened}<w:p>{Properties('Tiny').xml()}</w:p></w:tc>")
            column = end
        return column

    def _cell(self, cell: Cell, column: int, *, keep: bool) -> str:
        table, part = self._table, self._part
        end = column + cell.colspan
        merged = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
        if cell.rowspan > 1:
            self._held[column] = cell.rowspan - 1, end
        align: Align = cell.align or table.columns[column].align
        parts = [self._opened(column, end, _VALIGN[cell.valign], merged)]
        if cell.picture:
            inside = (self._edges[end] - self._edges[column]) / 20 - 2 * table.padding_x * 72 / 25.4
            page = part.page
            high = (page.height - page.top - page.bottom - 2 * table.padding_y) * 72 / 25.4
            parts += picture(cell.picture, (inside, high), part)
        if cell.text or not cell.picture:
            name = part.styles.paragraph(cell.style or table.style, align)
            parts.append(paragraph(Properties(name, keep_next=keep), run(cell.text)))
        return "".join((*parts, "</w:tc>"))


def _edges(columns: Sequence[Column]) -> list[int]:
    """Places of the columns' borders; rounded together, so that nothing adds up."""
    return [twips(edge) for edge in accumulate((c.width for c in columns), initial=0.0)]


def _opening(block: Table) -> str:
    borders = ""
    if block.outer:
        outer = "".join(rule(side, block.outer) for side in _SIDES)
        borders = f"{outer}{rule('insideH', block.inner)}{rule('insideV', block.inner)}"
    return _table_start(block.columns, borders, (twips(block.padding_x), twips(block.padding_y)))


def _table_start(columns: Sequence[Column], borders: str, padding: tuple[int, int]) -> str:
    edges = _edges(columns)
    margins = "".join(
        f'<w:{side} w:w="{padding[side in ("top", "bottom")]}" w:type="dxa"/>' for side in _SIDES
    )
    grid = "".join(f'<w:gridCol w:w="{end - start}"/>' for start, end in pairwise(edges))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )


def signatures(items: tuple[SignatureLine, ...], part: Part) -> Iterator[str]:
    """Lines to sign on: a table without borders, in which the places for names have a lower one."""
    width = part.page.width - part.page.left - part.page.right
    share = width / len(items)
    columns: list[Column] = []
    cells: list[str] = []
    for item in items:
        gap = _GAP if len(items) > 1 and item is not items[-1] else 0.0
        label = _width(item.label, item.style)
        line = max(min(item.width, share - gap - label), 1.0)
        spare = max(share - gap - label - line, 0.0)
        before = {"left": 0.0, "center": spare / 2, "right": spare}[item.align]
        for room, text, ruled in (
            (before, "", False), (label, item.label, False), (line, item.value, True),
            (spare - before + gap, "", False),
        ):  # fmt: skip
            if room > 0:
                columns.append(Column(room))
                cells.append(_signed(twips(room), text, item.style, part, ruled=ruled))
    yield _table_start(columns, "", (0, 0))
    yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr></w:tbl>"


def _signed(width: int, text: str, style: TextStyle, part: Part, *, ruled: bool) -> str:
    border = f"<w:tcBorders>{rule('bottom', 0.5)}</w:tcBorders>" if ruled else ""
    name = part.styles.paragraph(style, "center" if ruled else "left")
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{border}<w:noWrap/>'
        f'<w:vAlign w:val="bottom"/></w:tcPr>{paragraph(Properties(name), run(text))}</w:tc>'
    )


def _width(text: str, style: TextStyle) -> float:
    """About how many millimetres a label takes: Chinese a full square, Latin half of one."""
    ems = sum(1.0 if character > "\u2e7f" or character in "“”‘’—…" else 0.55 for character in text)
    return ems * (style.pitch or style.size) * 25.4 / 72 + 0.3
