"""What a document says and how it is arranged, free of any file format.

Forms build these trees; the writers (PDF, Word, Excel), the preview and the tests read them.
Lengths and places are in millimetres from the top left corner of the sheet, type and line weights
in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Role = Literal["title", "song", "fangsong", "hei", "kai"]
"""小标宋, 宋, 仿宋, 黑, 楷: what the type is for; the writer finds the font for it."""
Align = Literal["left", "center", "right"]
VAlign = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How text is set."""

    role: Role = "song"
    size: float = 10.5
    bold: bool = False
    leading: float = 1.3
    """Distance of lines as a multiple of the size."""
    pitch: float = 0
    """Distance of full-width characters in points (a document grid); 0: as the font has it."""
    color: str = ""
    """RRGGBB; empty: black."""

    def __post_init__(self) -> None:
        if not (0 < self.size < 500 and 0 < self.leading < 10):
            raise ValueError("字号或行距不对")


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Paper and margins."""

    width: float = 210
    height: float = 297
    top: float = 25
    bottom: float = 20
    left: float = 25
    right: float = 20
    foot: float = 12
    """Distance of the foot line's middle from the lower edge."""
    lines: int = 0
    """Lines of the document grid on a page (GB/T 9704: 22); 0: no grid."""
    chars: int = 0
    """Full-width characters of the grid in a line (GB/T 9704: 28); 0: no grid."""

    def __post_init__(self) -> None:
        across, down = self.width - self.left - self.right, self.height - self.top - self.bottom
        if not (0 < across < 5000 and 0 < down < 5000):
            raise ValueError("页边距之间没有地方")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image: as large as fits into the room, upright as the camera noted, never stretched.

    In a flow it stands on a line of its own with its caption below, and is not parted from it.
    """

    source: Path | bytes
    width: float
    """Room for it in millimetres; the caption comes below the height."""
    height: float
    caption: str = ""
    style: TextStyle = TextStyle("song", 9)
    align: Align = "center"
    name: str = ""
    """What a message to the user calls it."""


# Blocks that follow one another and are carried over to the next page.


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line feed in it starts a new line."""

    text: str
    style: TextStyle = TextStyle()
    align: Align = "left"
    indent: float = 0
    """First-line indent in characters; below 0 the first line hangs out of the margin (附件：1.…)."""
    margin: float = 0
    """Indent of all lines from the left, in characters."""
    right: float = 0
    """Kept free at the right, in characters (signatures stand two or four from the edge)."""
    before: float = 0
    after: float = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; stays with what follows it, and has an entry in the outline."""

    text: str
    style: TextStyle = TextStyle("hei", 16)
    align: Align = "left"
    level: int = 1
    indent: float = 0
    """First-line indent in characters."""
    before: float = 0
    after: float = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell that differs from its column: merged, in another type, aligned otherwise."""

    text: str = ""
    style: TextStyle | None = None
    align: Align | None = None
    valign: VAlign = "middle"
    colspan: int = 1
    rowspan: int = 1
    """Rows joined by it stay on one page."""
    picture: Picture | None = None
    """Stands in the cell, above its text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One table row; a plain string is a cell in the style of its column."""

    cells: tuple[Cell | str, ...]
    min_height: float = 0
    keep_next: bool = False
    """Not to be the last row on a page."""
    name: str = ""
    """What a message to the user calls this row."""
    heads: bool = False
    """Heads the rows below it; comes again where they go on on another page (a single cell marked
    （续）; of several cells only above rows with the same cells)."""


@dataclass(frozen=True, slots=True)
class Column:
    """Width and usual alignment of a table column."""

    width: float
    align: Align = "center"
    figures: bool = False
    """Holds figures: Excel can reckon with them."""


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table; the header rows come again on every page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    header: tuple[Row, ...] = ()
    style: TextStyle = TextStyle()
    padding_x: float = 1.2
    padding_y: float = 1.0
    outer: float = 1.0
    """Weight of the border in points; 0: no lines at all."""
    inner: float = 0.5


@dataclass(frozen=True, slots=True)
class Spacer:
    """Empty height; vanishes at the top of a page."""

    height: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the text area."""

    weight: float = 0.5
    before: float = 0
    after: float = 0


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A label and a line to sign on (or with the value already on it)."""

    label: str
    value: str = ""
    style: TextStyle = TextStyle("song", 12)
    width: float = 45
    """Length of the line."""
    align: Align = "left"
    before: float = 4


@dataclass(frozen=True, slots=True)
class Signatures:
    """Several lines to sign on, side by side over the width of the text."""

    items: tuple[SignatureLine, ...]
    before: float = 4


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


# Items placed at a fixed spot of the page that is being filled (covers, labels).


@dataclass(frozen=True, slots=True)
class TextBox:
    """Text in a rectangle: wraps, then shrinks until all of it fits; it is never cut."""

    x: float
    y: float
    width: float
    height: float
    text: str
    style: TextStyle = TextStyle()
    align: Align = "center"
    valign: VAlign = "middle"
    vertical: bool = False
    """Characters upright one under another, columns from right to left."""
    underline: float = 0
    """Weight of a rule under every line, as wide as the box; 0: none."""
    double: bool = False
    """A double rule instead, under the last line only."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle drawn with a line of ``weight`` points."""

    x: float
    y: float
    width: float
    height: float
    weight: float = 0.5
    color: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, e.g. a cut mark."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.5
    color: str = ""


@dataclass(frozen=True, slots=True)
class PictureBox:
    """An image at a fixed spot, in the middle of its rectangle."""

    x: float
    y: float
    picture: Picture


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code of ``size`` millimetres, quiet zone included."""

    x: float
    y: float
    size: float
    text: str


Placed = TextBox | Frame | Line | PictureBox | QrCode
Flowing = (
    Paragraph | Heading | Table | Picture | Spacer | Rule | SignatureLine | Signatures | PageBreak
)
Block = Flowing | Placed


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one paper size with their own numbering, and one entry in the outline."""

    title: str
    page: PageSetup
    blocks: tuple[Block, ...]
    head: tuple[Block, ...] = ()
    """Comes at the top of every page."""
    foot: str = ""
    """Foot line; ``{page}`` and ``{pages}`` count within the section."""
    foot_style: TextStyle = TextStyle("song", 9)
    foot_align: Align | Literal["outside"] = "center"
    """``outside``: odd pages right, even pages left, one character in (GB/T 9704 7.5)."""
    continues: bool = False
    """Page numbers go on from the section before."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document with what its file says about itself."""

    title: str
    sections: tuple[Section, ...]
    author: str = ""
    subject: str = ""
    language: str = "zh-CN"


def texts(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of the document with the name of the place where it stands."""
    for section in document.sections:
        yield section.title, section.foot
        for block in (*section.head, *section.blocks):
            if isinstance(block, Table):
                for row in (*block.header, *block.rows):
                    place = row.name or section.title
                    for cell in row.cells:
                        yield place, cell if isinstance(cell, str) else cell.text
                        if isinstance(cell, Cell) and cell.picture:
                            yield place, cell.picture.caption
            else:
                for text in _said(block):
                    yield section.title, text


def _said(block: Block) -> Iterator[str]:
    match block:
        case SignatureLine():
            yield block.label + block.value
        case Signatures():
            for item in block.items:
                yield item.label + item.value
        case Picture():
            yield block.caption
        case PictureBox():
            yield block.picture.caption
        case Paragraph() | Heading() | TextBox():
            yield block.text
        case _:
            pass
