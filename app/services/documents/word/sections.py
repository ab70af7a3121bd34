"""Sections of a Word file: paper, grid, page numbers, what stands at the head and foot of pages."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from app.services.documents.word.body import content
from app.services.documents.word.grid import Grid
from app.services.documents.word.part import NAMESPACES, Part
from app.services.documents.word.text import TINY, Properties, paragraph, run, twips

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.documents.tree import Document, Section

_FOOT_LEADING = 1.3


class Sections:
    """Closes the sections of a document with their properties, and makes their headers and footers."""

    def __init__(self, document: Document, part: Part) -> None:
        self.document = document
        self.outside = any(one.foot_align == "outside" for one in document.sections)
        """Whether odd and even pages differ: Word knows that of whole documents only."""
        self.outer: list[Part] = []
        self._part = part
        self._written: list[tuple[str, str]] = []
        self._asked: set[int] = set()
        """Sections whose last page a foot line tells."""

    def enter(self, number: int) -> Part:
        """The part, set to the page of a section."""
        self._part.page = self.document.sections[number].page
        return self._part

    def parts(self) -> Iterator[tuple[str, str]]:
        """Names and content of the headers and footers."""
        yield from self._written

    def closed(self, number: int, last: str) -> Iterator[str]:
        """The last paragraph of a section with the section's properties in or after it."""
        properties = self._properties(number)
        end = f'<w:bookmarkStart w:id="{number}" w:name="_end{number}"/><w:bookmarkEnd w:id="{number}"/>'
        if number == len(self.document.sections) - 1:
            yield last.removesuffix("</w:p>") + end + "</w:p>"
            if number in self._asked:
                yield TINY  # LibreOffice drops a bookmark in the very last paragraph
            yield properties
            return
        # Text boxes hold paragraphs of their own: then the outer one is the first.
        find = last.index if "<w:txbxContent>" in last else last.rindex
        start = find("<w:pPr>")
        head, tail = last[:start], last[start:].replace("</w:pPr>", f"{properties}</w:pPr>", 1)
        yield head + tail.removesuffix("</w:p>") + end + "</w:p>"

    def _properties(self, number: int) -> str:
        section = self.document.sections[number]
        page, grid = section.page, Grid.of(section.page)
        lying = ' w:orient="landscape"' if page.width > page.height else ""
        start = "" if section.continues else ' w:start="1"'
        head = (
            page.top if section.head else page.top / 2
        )  # an empty one must not push the text down
        foot = page.foot - section.foot_style.size * _FOOT_LEADING / 2 * 25.4 / 72
        return (
            f"<w:sectPr>{''.join(self._references(number))}"
            f'<w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{twips(page.width)}" w:h="{twips(page.height)}"{lying}/>'
            f'<w:pgMar w:top="{twips(page.top)}" w:right="{twips(page.right)}"'
            f' w:bottom="{twips(page.bottom)}" w:left="{twips(page.left)}"'
            f' w:header="{twips(head)}" w:footer="{max(twips(foot), 0)}" w:gutter="0"/>'
            f"<w:pgNumType{start}/>{grid.xml()}</w:sectPr>"
        )

    def _references(self, number: int) -> Iterator[str]:
        """A header and a footer of the section's own, also empty ones, or those before would show."""
        section = self.document.sections[number]
        for kind in ("default", "even") if self.outside else ("default",):
            part = self._outer(f"header{number + 1}{kind}", section)
            yield self._refer(part, "header", kind, "".join(content(section.head, part)))
            part = self._outer(f"footer{number + 1}{kind}", section)
            foot = self._foot(number, part, even=kind == "even")
            yield self._refer(part, "footer", kind, foot)

    def _outer(self, name: str, section: Section) -> Part:
        part = Part(name, self._part.styles, self._part.media, section.page, self._part.numbers)
        self.outer.append(part)
        return part

    def _refer(self, part: Part, what: str, kind: str, xml: str) -> str:
        root = "w:hdr" if what == "header" else "w:ftr"
        self._written.append((f"word/{part.name}.xml", f"<{root} {NAMESPACES}>{xml}</{root}>"))
        relation = self._part.relation(what, f"{part.name}.xml")
        return f'<w:{what}Reference w:type="{kind}" r:id="{relation}"/>'

    def _foot(self, number: int, part: Part, *, even: bool) -> str:
        section = self.document.sections[number]
        style, align, one = section.foot_style, section.foot_align, {}
        if align == "outside":
            one = {"left" if even else "right": round(style.size * 20)}
            align = "left" if even else "right"
        line = round(style.size * _FOOT_LEADING * 20)
        name = part.styles.paragraph(style, align, line, plain=True)
        pieces = []
        for literal, field, _, _ in Formatter().parse(section.foot):
            pieces.append(run(literal))
            if field:
                pieces.append(_field("PAGE" if field == "page" else self._count(number)))
        return paragraph(Properties(name, indent=one), "".join(pieces))

    def _count(self, number: int) -> str:
        """The field that tells how many pages are numbered together with this section's."""
        sections = self.document.sections
        first = max(n for n in range(number + 1) if n == 0 or not sections[n].continues)
        last = number
        while last + 1 < len(sections) and sections[last + 1].continues:
            last += 1
        if last - first + 1 == len(sections):
            return "NUMPAGES"
        self._asked.add(last)
        return f"PAGEREF _end{last}"


def _field(instruction: str) -> str:
    """A field that Word fills in; one that refers to a page is marked to be reckoned on opening."""
    dirty = ' w:dirty="true"' if instruction.startswith("PAGEREF") else ""
    return f'<w:fldSimple w:instr=" {instruction} "{dirty}>{run("1")}</w:fldSimple>'
