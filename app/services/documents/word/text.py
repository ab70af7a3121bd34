"""Paragraphs of a Word file, as XML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from app.services.documents.lines import plain

if TYPE_CHECKING:
    from app.services.documents.tree import TextStyle

MM = 1440 / 25.4
"""Twips to a millimetre; Word counts in twentieths of a point."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(r"[\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]")

RUN = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">'
"""Begins a run; the hint keeps “”, … and — in the Chinese font."""
RUN_END = "</w:t></w:r>"
TINY = '<w:p><w:pPr><w:pStyle w:val="Tiny"/></w:pPr></w:p>'
"""As good as no height: Word wants a paragraph between tables and at the end."""


def twips(millimetres: float) -> int:
    """Millimetres as Word counts."""
    return round(millimetres * MM)


def inner(text: str) -> str:
    """Text for the inside of a run; a line feed starts a new line."""
    text = plain(text)
    if not _SPECIAL.search(text):
        return text
    text = escape(_FORBIDDEN.sub("", text))
    return text.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')


def run(text: str, color: str = "") -> str:
    """A run of text in the paragraph's style; nothing for no text.

    A colour is said once more here: LibreOffice takes none from the style inside a shape.
    """
    if not text:
        return ""
    begin = RUN.replace("</w:rPr>", f'<w:color w:val="{color}"/></w:rPr>') if color else RUN
    return f"{begin}{inner(text)}{RUN_END}"


@dataclass(slots=True)
class Properties:
    """What a single paragraph adds to its style; written in the order that the schema asks for."""

    style: str
    keep_next: bool = False
    keep_lines: bool = False
    new_page: bool = False
    border: str = ""
    before: int = 0
    after: int = 0
    indent: dict[str, int] = field(default_factory=dict)
    align: str = ""

    def xml(self) -> str:
        """As the w:pPr element."""
        parts = [f'<w:pPr><w:pStyle w:val="{self.style}"/>']
        if self.keep_next:
            parts.append("<w:keepNext/>")
        if self.keep_lines:
            parts.append("<w:keepLines/>")
        if self.new_page:
            parts.append("<w:pageBreakBefore/>")
        if self.border:
            parts.append(f"<w:pBdr>{self.border}</w:pBdr>")
        if self.before or self.after:
            parts.append(f'<w:spacing w:before="{self.before}" w:after="{self.after}"/>')
        indent = "".join(f' w:{name}="{value}"' for name, value in self.indent.items() if value)
        if indent:
            parts.append(f"<w:ind{indent}/>")
        if self.align:
            parts.append(f'<w:jc w:val="{self.align}"/>')
        return "".join((*parts, "</w:pPr>"))


def paragraph(properties: Properties, content: str) -> str:
    """A paragraph around finished runs."""
    return f"<w:p>{properties.xml()}{content}</w:p>"


def rule(side: str, weight: float, kind: str = "single", color: str = "") -> str:
    """A border of a paragraph or table; Word counts its weight in eighths of a point."""
    size = max(2, round(weight * 8))
    return f'<w:{side} w:val="{kind}" w:sz="{size}" w:space="0" w:color="{color or "000000"}"/>'


def letters(style: TextStyle, east_asian: str, latin: str) -> str:
    """The w:rPr content for a text style."""
    size = max(2, int(style.size * 2))
    parts = [
        f'<w:rFonts w:ascii="{latin}" w:eastAsia="{east_asian}" w:hAnsi="{latin}"'
        f' w:cs="{latin}" w:hint="eastAsia"/>',
        "<w:b/>" if style.bold else '<w:b w:val="0"/>',
        f'<w:color w:val="{style.color or "000000"}"/>',
        f'<w:spacing w:val="{int((style.pitch - style.size) * 20 // 1)}"/>' if style.pitch else "",
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>',
    ]
    return "".join(parts)
