"""Pages of a book before it is written: what is set in type on them, and what is laid under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.documents.tree import Block, PageSetup


class Place(NamedTuple):
    """A rectangle in millimetres from the top left corner of the page."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PictureInsert:
    """A picture of the spool; ``turn`` is how the camera was held (1–8, as EXIF has it)."""

    number: int
    place: Place
    turn: int = 1


@dataclass(frozen=True, slots=True)
class PageInsert:
    """A page of a PDF, numbered from 0; it fills its place."""

    path: Path
    number: int
    place: Place


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the book's body."""

    page: PageSetup
    blocks: tuple[Block, ...]
    inserts: tuple[PictureInsert | PageInsert, ...] = ()
    path: tuple[str, ...] = ()
    """Headings that it stands under: box, group, item."""
    begins: tuple[tuple[int, str], ...] = ()
    """Pieces that begin here, by their place in the contents, with their titles."""
    holds: tuple[int, ...] = ()
    """Pieces that lie here, wholly or in part."""
    divider: bool = False
    """Does not end a volume."""
    weight: int = 2_000
    """About how many bytes it adds to the file."""
