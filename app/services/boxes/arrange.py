"""Arranging evidence into boxes: the order of the assessment table, then date; pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence to be boxed; its pages are at least 0 (0: on no paper)."""

    evidence_id: str
    pages: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a box's directory. Pages count from 1 in each box; 0 for what lies on no paper.

    ``lies_at`` is the (box, line) index of the place where the piece itself lies, if not here.
    """

    item_id: str
    piece: Piece
    folio_start: int
    folio_end: int
    lies_at: tuple[int, int] | None = None


@dataclass(slots=True)
class PlannedBox:
    """A box being filled."""

    lines: list[Line] = field(default_factory=list)
    pages: int = 0
    sheets: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """How paper turns into thickness, and how much a box may hold."""

    sheets_per_mm: float
    pages_per_sheet: int
    limit_mm: float

    def sheets(self, pages: int) -> int:
        """Sheets of a piece; each piece starts on a new one."""
        return math.ceil(pages / self.pages_per_sheet)

    def millimetres(self, sheets: int) -> float:
        """Thickness of so many sheets."""
        return sheets / self.sheets_per_mm


def arrange(items: Iterable[tuple[str, Sequence[Piece]]], paper: Paper) -> list[PlannedBox]:
    """Fill boxes with the items in their order.

    A new box begins at the border of an item where that is possible: only an item that no single
    box could hold is divided, between its pieces. A piece that appears under several items lies at
    the first and is referred to at the others.
    """
    filler = _Filler(paper)
    for item_id, pieces in items:
        filler.add_item(item_id, pieces)
    return filler.boxes


class _Filler:
    def __init__(self, paper: Paper) -> None:
        self.boxes: list[PlannedBox] = []
        self._paper = paper
        self._places: dict[str, tuple[int, int]] = {}

    def add_item(self, item_id: str, pieces: Sequence[Piece]) -> None:
        if not pieces:
            return
        new = [piece for piece in pieces if piece.evidence_id not in self._places]
        if not self.boxes or not self._fits(sum(self._paper.sheets(piece.pages) for piece in new)):
            self._open()
        for piece in pieces:
            if piece.evidence_id in self._places:
                self._refer(item_id, piece)
                continue
            if not self._fits(self._paper.sheets(piece.pages)):
                self._open()
            self._lay(item_id, piece)

    def _fits(self, sheets: int) -> bool:
        return self._paper.millimetres(self.boxes[-1].sheets + sheets) <= self._paper.limit_mm

    def _open(self) -> None:
        """Begin a new box, unless the present one is still empty."""
        if not self.boxes or self.boxes[-1].sheets:
            self.boxes.append(PlannedBox())

    def _lay(self, item_id: str, piece: Piece) -> None:
        box = self.boxes[-1]
        self._places[piece.evidence_id] = (len(self.boxes) - 1, len(box.lines))
        start, end = (box.pages + 1, box.pages + piece.pages) if piece.pages else (0, 0)
        box.lines.append(Line(item_id, piece, start, end))
        box.pages += piece.pages
        box.sheets += self._paper.sheets(piece.pages)

    def _refer(self, item_id: str, piece: Piece) -> None:
        place = self._places[piece.evidence_id]
        there = self.boxes[place[0]].lines[place[1]]
        self.boxes[-1].lines.append(Line(item_id, piece, there.folio_start, there.folio_end, place))


def box_width(thickness_mm: float, widths: Sequence[float], slack_mm: float) -> float:
    """The narrowest box that holds the paper; the widest where none does."""
    return next(
        (width for width in sorted(widths) if thickness_mm <= width - slack_mm), max(widths)
    )
