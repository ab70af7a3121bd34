"""Vertical Chinese: characters upright one under another, Latin turned, short numbers across."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.services.documents.lines import NOT_FIRST, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.documents.fonts import RoleFont

_TURNED = frozenset("（）《》〈〉【】〔〕「」『』“”‘’—…-–~～()[]<>：:")
_CORNER = frozenset("，。、")
_UNIT = re.compile(r"[!-'*-~]+(?: [!-'*-~]+)*|.", re.DOTALL)
_PITCH = 1.08
"""Distance of upright characters as a multiple of the size."""
MIDDLE = 0.38


class Glyph(NamedTuple):
    """Text placed by its baseline; ``turned``: a quarter to the right."""

    x: float
    y: float
    text: str
    size: float
    turned: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column of units from top to bottom."""

    units: tuple[str, ...]
    height: float

    def place(self, font: RoleFont, size: float, middle: float, top: float) -> Iterator[Glyph]:
        """Glyphs of the column whose middle line is at ``middle``."""
        y = top
        for unit in self.units:
            length = _length(unit, font, size)
            if _lies(unit):
                start = y + (length - font.width(unit, size)) / 2
                yield Glyph(middle - MIDDLE * size, start, unit, size, turned=True)
            else:
                small = size * min(1.0, 1.1 / max(font.width(unit, 1), 0.01))
                x = middle - font.width(unit, small) / 2
                baseline = y + length / 2 + MIDDLE * small
                if unit in _CORNER:  # vertical setting puts them at the upper right
                    x, baseline = x + size * 0.5, baseline - size * 0.5
                yield Glyph(x, baseline, unit, small, turned=False)
            y += length


def columns(text: str, font: RoleFont, size: float, height: float) -> list[Column]:
    """Columns no higher than ``height``; each line of the text starts a new one."""
    found: list[Column] = []
    for line in plain(text).split("\n"):
        units: list[str] = []
        used = 0.0
        for unit in _units(line, font, size, height):
            length = _length(unit, font, size)
            if units and used + length > height:
                carried = [units.pop()] if unit in NOT_FIRST and len(units) > 1 else []
                moved = sum(_length(u, font, size) for u in carried)
                found.append(Column(tuple(units), used - moved))
                units, used = carried, moved
            units.append(unit)
            used += length
        found.append(Column(tuple(units), used))
    return found


def balanced(text: str, font: RoleFont, size: float, height: float) -> list[Column]:
    """As many columns as needed, but of like height."""
    found = columns(text, font, size, height)
    evener = found
    while len(evener) == len(found) and height > size * 4:
        found = evener
        height -= size / 2
        evener = columns(text, font, size, height)
        if any(column.height > height for column in evener):
            break
    return found


def _units(line: str, font: RoleFont, size: float, height: float) -> Iterator[str]:
    for unit in _UNIT.findall(line):
        if len(unit) > 2 and font.width(unit, size) > height:  # longer than a column: upright
            yield from unit
        else:
            yield unit


def _lies(unit: str) -> bool:
    return len(unit) > 2 or unit in _TURNED


def _length(unit: str, font: RoleFont, size: float) -> float:
    if unit == " ":
        return size * 0.4
    return font.width(unit, size) + size * 0.2 if len(unit) > 2 else size * _PITCH
