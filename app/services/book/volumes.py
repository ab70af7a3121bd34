"""Cutting a book into volumes that keep to a number of pages or bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.book.leaves import Leaf

ENDLESS = 1 << 60


@dataclass(frozen=True, slots=True)
class Limits:
    """What one volume may hold besides its cover and directory."""

    pages: int = ENDLESS
    weight: int = ENDLESS


def cut(leaves: Sequence[Leaf], limits: Limits) -> list[range]:
    """Volumes as ranges of leaves: a piece stays whole unless no volume could hold it.

    A divider goes with what it stands before. A single page heavier than the limit is a volume.
    """
    volumes: list[range] = []
    start = 0
    for block in _blocks(leaves):
        if block.start > start and not _fits(leaves, range(start, block.stop), limits):
            volumes.append(range(start, block.start))
            start = block.start
        while not _fits(leaves, range(start, block.stop), limits):
            end = _last_that_fits(leaves, start, block.stop, limits)
            volumes.append(range(start, end))
            start = end
            if end == block.stop:
                break
    if start < len(leaves):
        volumes.append(range(start, len(leaves)))
    return volumes


def _blocks(leaves: Sequence[Leaf]) -> list[range]:
    """Leaves that belong together: dividers with the piece behind them, a piece with all its pages."""
    edges = [
        number
        for number, leaf in enumerate(leaves)
        if number == 0
        or not (leaves[number - 1].divider or set(leaf.holds) & set(leaves[number - 1].holds))
    ]
    return [range(a, b) for a, b in zip(edges, [*edges[1:], len(leaves)], strict=True)]


def _fits(leaves: Sequence[Leaf], some: range, limits: Limits) -> bool:
    if len(some) > limits.pages:
        return False
    return limits.weight == ENDLESS or sum(leaves[n].weight for n in some) <= limits.weight


def _last_that_fits(leaves: Sequence[Leaf], start: int, stop: int, limits: Limits) -> int:
    """Where a piece too large for a volume is cut; at least one page that is no divider goes in."""
    end = start + 1
    while leaves[end - 1].divider and end < stop:
        end += 1
    while end < stop and _fits(leaves, range(start, end + 1), limits):
        end += 1
    return end
