"""What the body, the headers and the footers of a Word file share while they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.documents.fonts import FontLibrary
    from app.services.documents.tree import PageSetup
    from app.services.documents.word.drawing import Media
    from app.services.documents.word.styles import Styles

IMAGE = "image"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.{address}"'
    for prefix, address in {
        "w": "openxmlformats.org/wordprocessingml/2006/main",
        "r": "openxmlformats.org/officeDocument/2006/relationships",
        "wp": "openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "openxmlformats.org/drawingml/2006/main",
        "pic": "openxmlformats.org/drawingml/2006/picture",
        "mc": "openxmlformats.org/markup-compatibility/2006",
        "wps": "microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)


@dataclass(slots=True)
class Part:
    """One XML part: its name, what it refers to, and where text goes on the page."""

    name: str
    styles: Styles
    media: Media
    page: PageSetup
    numbers: Iterator[int]
    """Of drawings; no two in a file have the same."""
    relations: dict[tuple[str, str], str] = field(default_factory=dict)
    """Kind and target of each → id."""

    def relation(self, kind: str, target: str) -> str:
        """The id by which this part refers to another."""
        return self.relations.setdefault((kind, target), f"rId{len(self.relations) + 1}")

    def image(self, file: str) -> str:
        """The id of an image file."""
        return self.relation(IMAGE, file)

    def number(self) -> int:
        """A number for a drawing."""
        return next(self.numbers)

    def fonts(self) -> FontLibrary:
        """Fonts by which text in boxes is measured."""
        return _fonts()


@cache
def _fonts() -> FontLibrary:
    from app.services.documents.fonts import library

    return library(shipped_only=True)
