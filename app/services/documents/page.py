"""What lies on a laid-out page: text, lines and pictures at points from its top left corner."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.services.documents.fonts import Face
    from app.services.documents.tree import Picture

MM = 72 / 25.4
MIDDLE = 0.38
"""Distance of the baseline below the middle of a line, in ems: where Chinese type looks centred."""
SLACK = 0.01
"""Rounding that does not count."""


class Text(NamedTuple):
    """A run of text on its baseline."""

    x: float
    y: float
    text: str
    face: Face
    size: float
    bold: bool
    color: str = ""
    """RRGGBB; empty: black."""
    spread: float = 0.0
    """Added to the advance of every character."""
    turned: bool = False
    """Turned a quarter to the right, as Latin stands in vertical Chinese."""


class Stroke(NamedTuple):
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float
    color: str = ""


class Fill(NamedTuple):
    """A black rectangle."""

    x: float
    y: float
    width: float
    height: float


class Image(NamedTuple):
    """A picture at its place and size."""

    x: float
    y: float
    width: float
    height: float
    picture: Picture


@dataclass(slots=True)
class Page:
    """One sheet side, ready to be drawn."""

    width: float
    height: float
    strokes: list[Stroke] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    outline: list[tuple[int, str, float]] = field(default_factory=list)
    """Entries of the outline: level, title, height of the place on the page."""
