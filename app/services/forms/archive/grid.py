"""Sheets on which many small things of one size are printed, with marks to cut them out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.documents.tree import PageBreak, PageSetup, Section
from app.services.forms.archive.spine import CutMarks, cut_marks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.documents.tree import Block, Placed


@dataclass(frozen=True, slots=True)
class Grid:
    """Where labels stand on a sheet: as many as it holds unless columns and rows are given."""

    page: PageSetup
    width: float
    height: float
    gaps: tuple[float, float] = (0, 0)
    columns: int = 0
    rows: int = 0
    margin: float = 5
    """Least distance from the edges of the paper."""
    start: int = 0
    """Places left empty on the first sheet: they are used up."""

    def size(self) -> tuple[int, int]:
        """Columns and rows; raises ValidationError where not even one label fits."""
        across = self.page.width - 2 * self.margin + self.gaps[0]
        down = self.page.height - 2 * self.margin + self.gaps[1]
        most = (
            math.floor(across / (self.width + self.gaps[0]) + 1e-6),
            math.floor(down / (self.height + self.gaps[1]) + 1e-6),
        )
        columns, rows = self.columns or most[0], self.rows or most[1]
        if not (1 <= columns <= most[0] and 1 <= rows <= most[1]):
            raise ValidationError(
                f"{self.width:g}×{self.height:g} 毫米的标签，一张纸排不下 {columns} 列 {rows} 行。",
                f"最多能排 {most[0]} 列 {most[1]} 行；请改小标签、间隔或列数行数。",
            )
        return columns, rows

    def edges(self) -> tuple[list[float], list[float]]:
        """Left sides of the columns and upper sides of the rows; the whole in the paper's middle."""
        columns, rows = self.size()
        return (
            _starts(self.page.width, columns, self.width, self.gaps[0]),
            _starts(self.page.height, rows, self.height, self.gaps[1]),
        )

    def places(self, number: int) -> list[tuple[int, list[tuple[float, float]]]]:
        """For each sheet: the first of its labels, and the corners of the free places."""
        across, down = self.edges()
        corners = [(x, y) for y in down for x in across]
        if not 0 <= self.start < len(corners):
            raise ValidationError(
                f"一张纸只有 {len(corners)} 个标签，不能空出 {self.start} 个。", "请改小这个数。"
            )
        sheets: list[tuple[int, list[tuple[float, float]]]] = []
        done, skipped = 0, self.start
        while done < number or not sheets:
            page = corners[skipped : skipped + number - done]
            sheets.append((done, page))
            done, skipped = done + len(page), 0
        return sheets


def grid_section(
    title: str, grid: Grid, pages: Iterable[Iterable[Placed]], marks: CutMarks | None
) -> Section:
    """Sheets with what stands on each, and marks along the edges of all columns and rows."""
    across, down = grid.edges()
    sides = sorted({round(x + more, 3) for x in across for more in (0, grid.width)})
    levels = sorted({round(y + more, 3) for y in down for more in (0, grid.height)})
    blocks: list[Block] = []
    for number, page in enumerate(pages):
        if number:
            blocks.append(PageBreak())
        blocks += page
        if marks:
            blocks += cut_marks(sides, levels, marks)
    return Section(title, grid.page, tuple(blocks))


def _starts(paper: float, number: int, size: float, gap: float) -> list[float]:
    first = (paper - number * size - (number - 1) * gap) / 2
    return [first + place * (size + gap) for place in range(number)]
