"""The blocks of a section as the content of a Word part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.documents.lines import balanced
from app.services.documents.tree import (
    Block,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Rule,
    SignatureLine,
    Signatures,
    Spacer,
    Table,
)
from app.services.documents.word.drawing import anchored, picture
from app.services.documents.word.grid import Grid
from app.services.documents.word.table import signatures, table
from app.services.documents.word.text import TINY, Properties, paragraph, rule, run, twips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.documents.tree import TextStyle
    from app.services.documents.word.part import Part

_MOST = 1580
"""Points: Word knows no higher line."""


def content(blocks: Sequence[Block], part: Part) -> Iterator[str]:
    """The blocks, ending with a paragraph, as Word wants every part and section to end."""
    return _Body(part).content(blocks)


class _Body:
    """Writes blocks one after another; what is placed waits for the next paragraph to hold it."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._grid = Grid.of(part.page)
        self._waiting = ""
        self._new_page = False
        self._after_table = False

    def content(self, blocks: Sequence[Block]) -> Iterator[str]:
        last = ""
        for block in blocks:
            for piece in self._block(block):
                yield piece
                last = piece
        if self._waiting or self._new_page or not last.endswith("</w:p>"):
            yield self._holder()

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case PageBreak():
                yield from self._held()  # what is placed on the page before stays there
                self._new_page = True
            case Paragraph() | Heading():
                yield self._paragraph(block)
            case Table() | SignatureLine() | Signatures():
                yield from self._table(block)
            case Picture():
                yield from self._held()
                yield from picture(block, self._room(), self._part)
            case Spacer() | Rule():
                yield self._gap(block)
            case _:
                self._waiting += anchored(block, self._part)
                return
        self._after_table = isinstance(block, Table | SignatureLine | Signatures)

    def _room(self) -> tuple[float, float]:
        page = self._part.page
        return (
            (page.width - page.left - page.right) * 72 / 25.4,
            (page.height - page.top - page.bottom) * 72 / 25.4,
        )

    def _take(self, properties: Properties, text: str) -> str:
        """A paragraph that also holds what waits."""
        properties.new_page, self._new_page = self._new_page, False
        waiting, self._waiting = self._waiting, ""
        return paragraph(properties, waiting + text)

    def _holder(self) -> str:
        return self._take(Properties("Tiny"), "") if self._waiting or self._new_page else TINY

    def _held(self) -> Iterator[str]:
        if self._waiting or self._new_page:
            yield self._holder()

    def _paragraph(self, block: Paragraph | Heading) -> str:
        style, line = self._grid.on(block.style), self._grid.step(block.style)
        em = style.pitch or style.size
        if isinstance(block, Heading):
            name = self._part.styles.heading(block.level, style, block.align, line)
            properties = Properties(name, keep_next=True)
            properties.indent = _first_line(block.indent, em)
        else:
            align = "both" if block.align == "left" else block.align
            properties = Properties(self._part.styles.paragraph(style, align, line))
            properties.keep_lines = block.text.count("\n") == 1  # a signature with its day
            properties.indent = {
                "left": round(block.margin * em * 20),
                "right": round(block.right * em * 20),
                **_first_line(block.indent, em),
            }
        properties.before, properties.after = twips(block.before), twips(block.after)
        text = self._even(block.text, style) if block.align == "center" else block.text
        return self._take(properties, run(text))

    def _even(self, text: str, style: TextStyle) -> str:
        """A title in lines of like length; placeholders of a template stay whole."""
        width, _ = self._room()
        if len(text) * style.size < width or "{{" in text:
            return text
        font = self._part.fonts().of(style)
        return "\n".join("\n".join(balanced(t, width, font, style.size)) for t in text.split("\n"))

    def _table(self, block: Table | SignatureLine | Signatures) -> Iterator[str]:
        if isinstance(block, Table):
            if not (block.header or block.rows):  # Word takes a table without rows for damage
                return
            if self._waiting or self._new_page or self._after_table:  # or two would become one
                yield self._holder()
            yield from table(block, self._part)
            return
        if block.before:
            yield self._gap(Spacer(block.before))
        elif self._waiting or self._new_page or self._after_table:
            yield self._holder()
        items = (block,) if isinstance(block, SignatureLine) else block.items
        yield from signatures(items, self._part)

    def _gap(self, block: Spacer | Rule) -> str:
        if isinstance(block, Rule):
            properties = Properties("Tiny", border=rule("bottom", block.weight))
            properties.before, properties.after = twips(block.before), twips(block.after)
        else:
            height = min(twips(block.height), _MOST * 20)
            properties = Properties("Tiny", before=max(height - 20, 0))
        return self._take(properties, "")


def _first_line(indent: float, em: float) -> dict[str, int]:
    """How far the first line stands in, or below 0 how far it hangs out: in characters and twips."""
    side = "firstLine" if indent >= 0 else "hanging"
    return {f"{side}Chars": round(abs(indent) * 100), side: round(abs(indent) * em * 20)}
