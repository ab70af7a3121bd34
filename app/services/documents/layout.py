"""Turns a document tree into pages of placed text and lines, in points from the top left corner."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from app.errors import ExportError
from app.services.documents import vertical
from app.services.documents.lines import balanced, break_lines
from app.services.documents.page import MIDDLE, MM, SLACK, Page, Stroke, Text
from app.services.documents.table import TableLayout
from app.services.documents.tree import (
    Align,
    Block,
    Document,
    Frame,
    Heading,
    Line,
    PageBreak,
    Paragraph,
    Rule,
    Section,
    SignatureLine,
    Spacer,
    Table,
    TextBox,
    TextStyle,
    VAlign,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.progress import Progress
    from app.services.documents.fonts import FontLibrary, RoleFont

SMALLEST = 4.0
"""Type below this size cannot be read; text that would need it stops the output."""
_ONE_COLUMN = 0.5
"""Vertical text shrinks to this share of its size before it is broken into columns."""

_Found = TypeVar("_Found")


def lay_out(document: Document, fonts: FontLibrary, progress: Progress) -> list[Page]:
    """All pages of the document; raises ExportError where something cannot be printed whole."""
    pages: list[Page] = []
    for section in document.sections:
        pages += SectionLayout(section, fonts, progress).run()
    fonts.require_all(document)
    return pages


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

    def run(self) -> list[Page]:
        """Lay out the section."""
        self.page.outline.append((0, self.section.title, 0.0))
        blocks = self.section.blocks
        for block, following in zip(blocks, (*blocks[1:], None), strict=True):
            if isinstance(block, Heading):
                self._heading(block, following)
            else:
                self.add(block)
        self._number_pages()
        return self.pages

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
                self._signature(block)
            case PageBreak():
                self.open_page()
            case Spacer() | Rule():
                self._gap(block)
            case TextBox():
                self._text_box(block)
            case Line() | Frame():
                self._outline(block)

    def stroke(self, x1: float, y1: float, x2: float, y2: float, weight: float) -> None:
        """Draw a line on the page."""
        self.page.strokes.append(Stroke(x1, y1, x2, y2, weight))

    def write(
        self, line: str, span: tuple[float, float], baseline: float, style: TextStyle, align: Align
    ) -> None:
        """Set one line of text between the two sides of ``span``."""
        if not line:
            return
        font = self.fonts.role(style.role)
        x, right = span
        if align != "left":
            spare = right - x - font.width(line, style.size)
            x += spare if align == "right" else spare / 2
        add = self.page.texts.append
        for face, run in font.runs(line):
            add(Text(x, baseline, run, face, style.size, style.bold))
            if len(run) != len(line):
                x += font.width(run, style.size)

    def _heading(self, block: Heading, following: object) -> None:
        style = block.style
        needed = block.before * MM + style.size * style.leading * 2
        if isinstance(following, Paragraph):
            needed += following.style.size * following.style.leading * 2
        if needed > self.room and not self.at_top:
            self.open_page()
        self.page.outline.append((block.level, block.text, self.y))
        self._paragraph(block)

    def _paragraph(self, block: Paragraph | Heading) -> None:
        style = block.style
        font = self.fonts.role(style.role)
        indent = block.indent if isinstance(block, Paragraph) else 0
        if not self.at_top:
            self.y += block.before * MM
        step = style.size * style.leading
        width = self.right - self.left
        if block.align == "center":
            lines = balanced(block.text, width, font, style.size)
        else:
            lines = break_lines(block.text, width, font, style.size, indent)
        for number, line in enumerate(lines):
            if step > self.room + SLACK and self.top >= 0 and not self.at_top:
                self.open_page()
            shift = indent * style.size if number == 0 else 0
            baseline = self.y + step / 2 + MIDDLE * style.size
            self.write(line, (self.left + shift, self.right), baseline, style, block.align)
            self.y += step
        self.y += block.after * MM

    def _signature(self, block: SignatureLine) -> None:
        style = block.style
        font = self.fonts.role(style.role)
        label = font.width(block.label, style.size)
        room = (block.width * MM, style.size * 4)
        size, lines = fit(block.value, font, style.size, room, leading=1.2)
        step = max(style.size * style.leading, size * 1.2 * len(lines))
        height = block.before * MM + step
        if height > self.room and not self.at_top:
            self.open_page()
        self.y += height
        spare = self.right - self.left - label - block.width * MM
        x = self.left + {"left": 0.0, "center": spare / 2, "right": spare}[block.align]
        baseline = self.y - style.size * 0.25
        self.write(block.label, (x, self.right), baseline, style, "left")
        start, end = x + label, x + label + block.width * MM
        small = TextStyle(style.role, size, style.bold)
        for number, line in enumerate(reversed(lines)):
            self.write(line, (start, end), baseline - number * size * 1.2, small, "center")
        self.stroke(start, self.y, end, self.y, 0.5)

    def _gap(self, block: Spacer | Rule) -> None:
        if isinstance(block, Rule):
            self.y += block.before * MM
            self.stroke(self.left, self.y, self.right, self.y, block.weight)
            self.y += block.after * MM
        elif not self.at_top:
            self.y += block.height * MM

    def _outline(self, block: Line | Frame) -> None:
        if isinstance(block, Line):
            ends = (block.x1 * MM, block.y1 * MM, block.x2 * MM, block.y2 * MM)
            self.stroke(*ends, block.weight)
            return
        left, top = block.x * MM, block.y * MM
        right, bottom = (block.x + block.width) * MM, (block.y + block.height) * MM
        half = block.weight / 2  # corners meet squarely
        for y in (top, bottom):
            self.stroke(left - half, y, right + half, y, block.weight)
        for x in (left, right):
            self.stroke(x, top, x, bottom, block.weight)

    def _text_box(self, box: TextBox) -> None:
        if box.vertical:
            self._vertical_box(box)
            return
        style = box.style
        font = self.fonts.role(style.role)
        width, height = box.width * MM, box.height * MM
        even = box.align == "center"
        size, lines = fit(
            box.text, font, style.size, (width, height), leading=style.leading, even=even
        )
        fitted = TextStyle(style.role, size, style.bold)
        step = size * style.leading
        y = box.y * MM + shift(box.valign, height - step * len(lines))
        left, right = box.x * MM, (box.x + box.width) * MM
        for number, line in enumerate(lines, start=1):
            baseline = y + step / 2 + MIDDLE * size
            self.write(line, (left, right), baseline, fitted, box.align)
            rule = baseline + size * 0.28
            if box.underline and not (box.double and number < len(lines)):
                self.stroke(left, rule, right, rule, box.underline)
            if box.double and number == len(lines):
                rule += box.underline + 1.4
                self.stroke(left, rule, right, rule, box.underline)
            y += step

    def _vertical_box(self, box: TextBox) -> None:
        style = box.style
        font = self.fonts.role(style.role)
        width, height = box.width * MM, box.height * MM

        fewest = box.text.count("\n") + 1

        def columns(size: float, most: float) -> list[vertical.Column] | None:
            found = vertical.columns(box.text, font, size, height)
            wide = len(found) * size * style.leading > width + SLACK
            high = any(column.height > height + SLACK for column in found)
            return None if wide or high or len(found) > most else found

        for size in _sizes(style.size, style.size * _ONE_COLUMN):  # rather smaller than broken
            found = columns(size, fewest)
            if found:
                break
        else:
            size, found = _largest(style.size, lambda s: columns(s, float("inf")), box.text)
            found = vertical.balanced(box.text, font, size, height)
        pitch = size * style.leading
        middle = box.x * MM + width / 2 + pitch * (len(found) - 1) / 2
        for number, column in enumerate(found):
            y = box.y * MM
            if len(found) == 1:
                y += shift(box.valign, height - column.height)
            for glyph in column.place(font, size, middle - number * pitch, y):
                self._glyph(glyph, font, bold=style.bold)

    def _glyph(self, glyph: vertical.Glyph, font: RoleFont, *, bold: bool) -> None:
        x, y, text, size, turned = glyph
        for face, run in font.runs(text):
            self.page.texts.append(Text(x, y, run, face, size, bold, turned))
            if turned:
                y += font.width(run, size)
            else:
                x += font.width(run, size)

    def _number_pages(self) -> None:
        section = self.section
        if not section.foot:
            return
        style = section.foot_style
        middle = (section.page.height - section.page.foot) * MM
        for number, page in enumerate(self.pages, start=1):
            self.page = page
            line = section.foot.format(page=number, pages=len(self.pages))
            baseline = middle + MIDDLE * style.size
            self.write(line, (self.left, self.right), baseline, style, "center")


def shift(valign: VAlign, spare: float) -> float:
    """Distance from the top of a room to text that leaves ``spare`` height in it."""
    return {"top": 0.0, "middle": spare / 2, "bottom": spare}[valign]


def fit(
    text: str,
    font: RoleFont,
    size: float,
    room: tuple[float, float],
    *,
    leading: float,
    even: bool = False,
) -> tuple[float, list[str]]:
    """The largest size up to ``size`` at which all of ``text`` fits the room, and its lines."""
    width, height = room

    def lines(size: float) -> list[str] | None:
        found = (balanced if even else break_lines)(text, width, font, size)
        if len(found) * size * leading > height + SLACK:
            return None
        wide = any(font.width(line, size) > width + SLACK for line in found)
        return None if wide else found

    return _largest(size, lines, text)


def _largest(
    size: float, attempt: Callable[[float], _Found | None], text: str
) -> tuple[float, _Found]:
    for candidate in _sizes(size):
        found = attempt(candidate)
        if found is not None:
            return candidate, found
    raise ExportError(
        f"“{text[:20]}…”有 {len(text)} 个字，缩到最小也放不下。",
        "请缩短文字，或在表单尺寸里留大些。",
    )


def _sizes(size: float, smallest: float = SMALLEST) -> Iterator[float]:
    while size >= smallest:
        yield size
        size -= 0.5 if size > 8 else 0.25
