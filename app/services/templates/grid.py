"""A table as a reader sees it: cells with what they span, whatever program made it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BLANK = re.compile(
    r"[\s　_＿/／:：]*|[\s　_＿]*年?[\s　_＿]*月[\s　_＿]*日?[\s　_＿]*|第[\s　_＿]*[节周期课时]+"
)
_DATE_GAPS = re.compile(r"[\s　_＿\d]*年[\s　_＿]*月[\s　_＿]*日.{0,4}")


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    place: str
    put: Callable[[str], None] = field(compare=False)
    """Writes into the cell, in the type of the form."""
    put_below: Callable[[str], None] | None = field(default=None, compare=False)
    """Writes on a new line below what stands in the cell."""

    @property
    def blank(self) -> bool:
        """Whether it is there to be filled in."""
        said = self.text.strip()
        return bool(_BLANK.fullmatch(said) or _DATE_GAPS.fullmatch(said))

    @property
    def label(self) -> str:
        """What it says, on one line."""
        return " ".join(self.text.split())


class Grid:
    """The cells of a table by the places that they cover."""

    def __init__(self, slots: list[Slot]) -> None:
        self.slots = slots
        self._at = {
            (row, column): slot
            for slot in slots
            for row in range(slot.row, slot.row + slot.rows)
            for column in range(slot.column, slot.column + slot.columns)
        }
        self.rows = 1 + max((row for row, _column in self._at), default=-1)

    def at(self, row: int, column: int) -> Slot | None:
        """The cell that covers a place."""
        return self._at.get((row, column))

    def starting(self, row: int) -> list[Slot]:
        """Cells that begin in a row and end in it."""
        found = [one for one in self.slots if one.row == row and one.rows == 1]
        return sorted(found, key=lambda one: one.column)

    def left(self, slot: Slot) -> Slot | None:
        """The cell before it."""
        return self.at(slot.row, slot.column - 1)

    def above(self, slot: Slot) -> Slot | None:
        """The cell over it, at least as wide."""
        found = self.at(slot.row - 1, slot.column)
        if found and found.column <= slot.column:
            covers = found.column + found.columns >= slot.column + slot.columns
            return found if covers else None
        return None
