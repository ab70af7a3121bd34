"""Pages of a book before it is written: what is set in type on them, and what is laid under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.services.documents.tree import Block, PageSetup


class Place(NamedTuple):
    """A rectangle in millimetres from the top left corner of the page."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Insert:
    """A picture or a page of the spool; it fills its place."""

    number: int
    place: Place
    turn: int = 0
    """Of a picture: how the camera was held (1–8, as EXIF has it); 0: a page."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the book's body."""

    page: PageSetup
    blocks: tuple[Block, ...]
    inserts: tuple[Insert, ...] = ()
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
