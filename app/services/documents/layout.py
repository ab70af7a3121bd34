"""Turns a document tree into pages of placed text and lines, in points from the top left corner."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from app.errors import ExportError
from app.services.documents.fonts import GridFont
from app.services.documents.lines import balanced, break_lines, plain
from app.services.documents.page import MIDDLE, MM, SLACK, Image, Page, Stroke, Text
from app.services.documents.pictures import set_picture
from app.services.documents.placed import fit, place
from app.services.documents.table import TableLayout
from app.services.documents.tree import (
    Align,
    Block,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Rule,
    Section,
    SignatureLine,
    Signatures,
    Spacer,
    Table,
    TextStyle,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.progress import Progress
    from app.services.documents.fonts import FontLibrary
    from app.services.documents.pictures import SetPicture

_GRID_ROOM = 1.15
"""Type of up to this share of a grid line's height stands on one line of the grid."""
_PAIR = 2
"""A paragraph of so many lines is not parted by the end of a page."""
_STRETCH = 2.5
"""Lines that are short by less than this many characters are stretched to the full width."""
_ALIKE = 1.5
"""Type that differs less than this many points from the grid's pitch stands on the grid."""


def lay_out(document: Document, fonts: FontLibrary, progress: Progress) -> list[Page]:
    """All pages of the document; raises ExportError where something cannot be printed whole."""
    sections = [SectionLayout(section, fonts, progress) for section in document.sections]
    for section in sections:
        section.run()
    _number_pages(sections)
    fonts.require_all(document)
    return [page for section in sections for page in section.pages]


def _number_pages(sections: list[SectionLayout]) -> None:
    """Write the foot lines; sections that continue one another count as one."""
    chains: list[list[SectionLayout]] = []
    for section in sections:
        if section.section.continues and chains:
            chains[-1].append(section)
        else:
            chains.append([section])
    for chain in chains:
        total = sum(len(section.pages) for section in chain)
        number = 0
        for section in chain:
            for page in section.pages:
                number += 1
                section.number_page(page, number, total)


class SectionLayout:
    """Fills the pages of one section from top to bottom."""

    def __init__(self, section: Section, fonts: FontLibrary, progress: Progress) -> None:
        self.section = section
        self.fonts = fonts
        self.progress = progress
        setup = section.page
        self.left = setup.left * MM
        self.right = (setup.width - setup.right) * MM
        self.bottom = (setup.height - setup.bottom) * MM
        self.pages: list[Page] = []
        self.top = 0.0  # below the head; negative while the head is being laid out
        self.open_page()

    @property
    def room(self) -> float:
        """Height left on the page."""
        return self.bottom - self.y

    @property
    def at_top(self) -> bool:
        """Whether nothing but the head is on the page."""
        return self.y <= self.top + SLACK

    def run(self) -> None:
        """Lay out the section."""
        self.page.outline.append((0, self.section.title, 0.0))
        blocks = self.section.blocks
        for number, block in enumerate(blocks):
            if isinstance(block, Heading):
                self._heading(block, blocks[number + 1 : number + 4])
            else:
                self.add(block)

    def open_page(self) -> None:
        """Start the next page with the section's head."""
        if self.top < 0:
            raise self._no_room()
        setup = self.section.page
        self.page = Page(setup.width * MM, setup.height * MM)
        self.pages.append(self.page)
        self.y = setup.top * MM
        self.top = -1.0
        for block in self.section.head:
            self.add(block)
        self.top = self.y
        if self.room <= 0:
            raise self._no_room()

    def _no_room(self) -> ExportError:
        return ExportError(
            f"“{self.section.title}”的页眉占满了整页，放不下内容。", "请缩短标题或改小页边距。"
        )

    def add(self, block: Block) -> None:
        """Place one block."""
        match block:
            case Table():
                TableLayout(block, self).run()
            case Paragraph() | Heading():
                self._paragraph(block)
            case SignatureLine():
                self._signatures((block,), block.before)
            case Signatures():
                self._signatures(block.items, block.before)
            case Picture():
                self._picture(block)
            case PageBreak():
                self.open_page()
            case Spacer() | Rule():
                self._gap(block)
            case _:
                place(block, self)

    def stroke(
        self, x1: float, y1: float, x2: float, y2: float, weight: float, *, color: str = ""
    ) -> None:
        """Draw a line on the page."""
        self.page.strokes.append(Stroke(x1, y1, x2, y2, weight, color))

    def write(
        self,
        line: str,
        span: tuple[float, float],
        baseline: float,
        style: TextStyle,
        align: Align,
        *,
        spread: float = 0.0,
    ) -> None:
        """Set one line of text between the two sides of ``span``, ``spread`` points between letters."""
        if not line:
            return
        font = self.fonts.of(style)
        x, right = span
        size, bold, color = style.size, style.bold, style.color
        if align != "left":
            spare = right - x - font.width(line, size)
            x += spare if align == "right" else spare / 2
        add = self.page.texts.append
        for face, run in font.runs(line):
            wider = spread + font.spread(run, size) if isinstance(font, GridFont) else spread
            add(Text(x, baseline, run, face, size, bold, color, wider))
            if len(run) != len(line):
                x += font.width(run, size) + spread * len(run)

    def draw_image(self, image: SetPicture, span: tuple[float, float], top: float) -> None:
        """Draw a picture between the two sides of ``span``."""
        spare = span[1] - span[0] - image.width
        x = span[0] + {"left": 0.0, "center": spare / 2, "right": spare}[image.picture.align]
        self.page.images.append(Image(x, top, image.width, image.height, image.picture))

    def draw_caption(self, image: SetPicture, span: tuple[float, float], top: float) -> None:
        """Write a picture's caption; ``top`` is the picture's lower edge."""
        picture = image.picture
        style = picture.style
        y = top + image.gap
        for line in image.caption:
            baseline = y + style.size * style.leading / 2 + MIDDLE * style.size
            self.write(line, span, baseline, style, picture.align)
            y += style.size * style.leading

    def _heading(self, block: Heading, following: tuple[Block, ...]) -> None:
        needed = block.before * MM + self._step(block.style) + self._least(following)
        if needed > self.room and not self.at_top:
            self.open_page()
        self.page.outline.append((block.level, block.text.replace("\n", ""), self.y))
        self._paragraph(block)

    def _least(self, following: tuple[Block, ...]) -> float:
        """Height that has to stand with a heading."""
        match following[:1]:
            case (Heading() as block,):
                return self._step(block.style) + self._least(following[1:])
            case (Paragraph() as block,):
                return self._step(block.style) * 2
            case (Picture() as block,):
                return self._set(block).total
            case (Table() as block,):
                return TableLayout(block, self).least()
            case _:
                return self._step(TextStyle())

    def _step(self, style: TextStyle) -> float:
        """Distance of lines: on a page with a grid as many of its lines as the type needs."""
        setup = self.section.page
        if not setup.lines:
            return style.size * style.leading
        line = (setup.height - setup.top - setup.bottom) * MM / setup.lines
        return line * math.ceil(style.size * _GRID_ROOM / line)

    def _on_grid(self, style: TextStyle) -> TextStyle:
        """The style with the distances of the page's grid, if it is of the grid's size."""
        setup = self.section.page
        if style.pitch or not setup.chars:
            return style
        pitch = (self.right - self.left) / setup.chars
        return replace(style, pitch=pitch) if abs(pitch - style.size) < _ALIKE else style

    def _paragraph(self, block: Paragraph | Heading) -> None:
        style = self._on_grid(block.style)
        em = style.pitch or style.size
        left, right = self.left, self.right
        if isinstance(block, Paragraph):
            left, right = left + block.margin * em, right - block.right * em
        if not self.at_top:
            self.y += block.before * MM
        step = self._step(style)
        lines = list(self._broken(block, style, right - left))
        if len(lines) == _PAIR and self.room + SLACK < _PAIR * step and not self.at_top:
            self.open_page()  # two lines are not parted: a signature with its day
        for line, first, full in lines:
            if step > self.room + SLACK and self.top >= 0 and not self.at_top:
                self.open_page()
            x = left + (block.indent * em if first else 0)
            spread = self._spread(line, (x, right), style) if full else 0.0
            baseline = self.y + step / 2 + MIDDLE * style.size
            self.write(line, (x, right), baseline, style, block.align, spread=spread)
            self.y += step
        self.y += block.after * MM

    def _broken(
        self, block: Paragraph | Heading, style: TextStyle, room: float
    ) -> Iterator[tuple[str, bool, bool]]:
        """Lines of a paragraph: whether it is the first, and whether it ends where the others do."""
        font = self.fonts.of(style)
        indent = block.indent * (style.pitch or style.size) / style.size
        for part in plain(block.text).split("\n"):
            if block.align == "center":
                lines = balanced(part, room, font, style.size)
            else:
                lines = break_lines(part, room, font, style.size, indent)
            for number, line in enumerate(lines, start=1):
                full = number < len(lines) and block.align == "left"
                yield line, bool(indent) and number == 1, full
            indent = 0

    def _spread(self, line: str, span: tuple[float, float], style: TextStyle) -> float:
        """What each character gives so that a line ends where the others do (两端对齐)."""
        spare = span[1] - span[0] - self.fonts.of(style).width(line, style.size)
        few = 0 < spare < style.size * _STRETCH and len(line) > 1
        return spare / (len(line) - 1) if few else 0.0

    def _set(self, picture: Picture) -> SetPicture:
        return set_picture(
            picture, self.fonts, self.right - self.left, self.bottom - max(self.top, 0)
        )

    def _picture(self, picture: Picture) -> None:
        image = self._set(picture)
        if image.total > self.room + SLACK and not self.at_top:
            self.open_page()
        span = self.left, self.right
        self.draw_image(image, span, self.y)
        self.draw_caption(image, span, self.y + image.height)
        self.y += image.total

    def _signatures(self, items: tuple[SignatureLine, ...], before: float) -> None:
        """Lines to sign on, each in an equal share of the width."""
        share = (self.right - self.left) / len(items)
        gap = 0.0 if len(items) == 1 else items[0].style.size
        made = [self._signature(item, share - gap) for item in items]
        height = before * MM + max(height for height, _ in made)
        if height > self.room and not self.at_top:
            self.open_page()
        self.y += height
        for number, (item, (_, draw)) in enumerate(zip(items, made, strict=True)):
            left = self.left + number * share
            draw(left, left + share - (0 if item is items[-1] else gap))

    def _signature(
        self, item: SignatureLine, room: float
    ) -> tuple[float, Callable[[float, float], None]]:
        """Height of a line to sign on, and how to draw it between two sides."""
        style = item.style
        label = self.fonts.of(style).width(item.label, style.size)
        rule = max(min(item.width * MM, room - label), style.size)
        size, lines = fit(
            item.value, self.fonts.of(style), style.size, (rule, style.size * 4), leading=1.2
        )
        small = replace(style, size=size, pitch=style.pitch * size / style.size)

        def draw(left: float, right: float) -> None:
            spare = right - left - label - rule
            x = left + {"left": 0.0, "center": spare / 2, "right": spare}[item.align]
            baseline = self.y - style.size * 0.25
            self.write(item.label, (x, right), baseline, style, "left")
            start, end = x + label, x + label + rule
            for number, line in enumerate(reversed(lines)):
                self.write(line, (start, end), baseline - number * size * 1.2, small, "center")
            self.stroke(start, self.y, end, self.y, 0.5)

        return max(style.size * style.leading, size * 1.2 * len(lines)), draw

    def _gap(self, block: Spacer | Rule) -> None:
        if isinstance(block, Rule):
            self.y += block.before * MM
            self.stroke(self.left, self.y, self.right, self.y, block.weight)
            self.y += block.after * MM
        elif not self.at_top:
            self.y += block.height * MM

    def number_page(self, page: Page, number: int, total: int) -> None:
        """Write the foot line of a page; ``outside`` keeps one character from the edge."""
        section = self.section
        if not section.foot:
            return
        self.page = page
        style = section.foot_style
        line = section.foot.format(page=number, pages=total)
        baseline = (section.page.height - section.page.foot) * MM + MIDDLE * style.size
        span, align = (self.left, self.right), section.foot_align
        if align == "outside":
            span = (self.left + style.size, self.right - style.size)
            align = "right" if number % 2 else "left"
        self.write(line, span, baseline, style, align)
