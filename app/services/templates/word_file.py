"""A Word file as a form: its paragraphs with their places in words, pieces made whole again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from app.services.templates.language import PIECE, half, straight
from app.services.templates.views import Piece, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STORIES = {"header": "页眉", "footer": "页脚"}
_UNREACHED = {"footnotes": "脚注", "endnotes": "尾注"}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a Word file and where it stands."""

    element: Any
    place: str
    copy: bool = False
    """A text box's second version, for old programs."""


@dataclass(frozen=True, slots=True)
class Story:
    """The body, or one header or footer."""

    name: str
    element: Any
    part: Any
    relation: str = ""


def open_word(path: Path) -> Any:
    """The file through python-docx; raises ValidationError where its inside is broken."""
    import docx

    from app.errors import ValidationError

    try:
        return docx.Document(str(path))
    except Exception as error:  # foreign files break in many ways
        raise ValidationError(
            f"“{path.name}”的内容读不出来。", "请用 Word 或 WPS 打开后另存一份再试。", str(error)
        ) from error


def stories(document: Any) -> list[Story]:
    """The body first, then headers and footers, each once."""
    found = [Story("", document.element.body, document.part)]
    for number, relation in sorted(document.part.rels.items()):
        name = _STORIES.get(relation.reltype.rsplit("/", 1)[-1])
        if name and not relation.is_external:
            part = relation.target_part
            found.append(Story(name, part.element, part, number))
    return found


def unreached(document: Any) -> list[Problem]:
    """Placeholders where they cannot be filled."""
    found = []
    for relation in document.part.rels.values():
        name = _UNREACHED.get(relation.reltype.rsplit("/", 1)[-1])
        if name and not relation.is_external and b"{{" in relation.target_part.blob:
            found.append(Problem(name, f"{name}里的字段填不了。", "请移到正文、页眉或页脚。"))
    return found


def lines_of(story: Story) -> Iterator[Line]:
    """All paragraphs of a story, those of tables and text boxes too, in their order."""
    yield from _Places(story.name).within(story.element)


class _Places:
    """Counts paragraphs and tables as a reader does."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._paragraphs = 0
        self._tables = 0

    def within(self, holder: Any, cell: str = "", *, copy: bool = False) -> Iterator[Line]:
        nested = 0
        for child in holder:
            if child.tag == W + "p":
                if not cell:
                    self._paragraphs += 1
                yield from self._line(child, cell, copy=copy)
            elif child.tag == W + "tbl":
                if cell:
                    nested += 1
                    name = f"{cell}里的表格{nested if nested > 1 else ''}"
                else:
                    self._tables += 1
                    name = f"{self._name}表格{self._tables}"
                yield from self._table(child, name, copy=copy)
            elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins"):
                yield from self.within(child, cell, copy=copy)

    def _table(self, table: Any, name: str, *, copy: bool) -> Iterator[Line]:
        for down, row in enumerate(rows_of(table), 1):
            for across, one in enumerate(cells_of(row), 1):
                yield from self.within(one, f"{name} 第{down}行第{across}列", copy=copy)

    def _line(self, element: Any, cell: str, *, copy: bool) -> Iterator[Line]:
        place = cell or (self._name or f"第{self._paragraphs}段")
        yield Line(element, place, copy)
        for box in element.iter(W + "txbxContent"):
            outer = next(box.iterancestors(W + "p"))
            if outer is element:
                old = next(box.iterancestors(_MC + "Fallback"), None) is not None
                yield from _Places(f"{self._name}文本框").within(
                    box, cell and f"{cell}的文本框", copy=old or copy
                )


def rows_of(table: Any) -> list[Any]:
    """Rows of a table, also where they stand in content controls."""
    return [row for row in table.iter(W + "tr") if next(row.iterancestors(W + "tbl")) is table]


def cells_of(row: Any) -> list[Any]:
    """Cells of a row."""
    return [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row]


def texts_of(paragraph: Any) -> list[Any]:
    """Text nodes of a paragraph, without those of text boxes in it."""
    return [
        node for node in paragraph.iter(W + "t") if next(node.iterancestors(W + "p")) is paragraph
    ]


def text_of(paragraph: Any) -> str:
    """What a paragraph says."""
    return "".join(node.text or "" for node in texts_of(paragraph))


def said_in(cell: Any) -> str:
    """What a cell or row says, without paragraph marks."""
    return "".join(node.text or "" for node in cell.iter(W + "t"))


def pieces_of(paragraph: Any) -> list[str]:
    """Placeholders and tags of a paragraph; each is put into one run, however Word has split it."""
    nodes = texts_of(paragraph)
    texts = [node.text or "" for node in nodes]
    whole = "".join(texts)
    if not any(mark in whole for mark in ("{", "｛")):
        return []
    mended = straight(whole)
    found = list(PIECE.finditer(mended))
    if not found:
        return []
    ends = list(accumulate(map(len, texts)))
    spans = [(end - len(text), end) for text, end in zip(texts, ends, strict=True)]
    texts = [mended[start:end] for start, end in spans]
    for piece in reversed(found):
        _gather(texts, spans, *piece.span())
    for node, text in zip(nodes, texts, strict=True):
        if node.text != text:
            set_text(node, text)
    return [piece.group() for piece in found]


def set_text(node: Any, text: str) -> None:
    """Put text into a text node; spaces at its ends stay."""
    node.text = text
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _gather(texts: list[str], spans: list[tuple[int, int]], begin: int, end: int) -> None:
    """Put what stands between two places into the node where it begins."""
    first = next(n for n, (start, stop) in enumerate(spans) if start <= begin < stop)
    last = next(n for n, (start, stop) in enumerate(spans) if start < end <= stop)
    if first == last:
        return
    rest = end - spans[last][0]
    texts[first] = "".join((*texts[first:last], texts[last][:rest]))
    texts[first + 1 : last] = [""] * (last - first - 1)
    texts[last] = texts[last][rest:]


def all_pieces(document: Any) -> tuple[list[Piece], list[Problem]]:
    """Every placeholder and tag with its place, and brackets that stand alone."""
    pieces: list[Piece] = []
    problems = unreached(document)
    for story in stories(document):
        for line in lines_of(story):
            found = pieces_of(line.element)
            if line.copy:
                continue
            pieces += [Piece(line.place, text) for text in found]
            lone = half(straight(text_of(line.element)))
            if lone:
                text = f"“{text_of(line.element)[:30]}”里的 {lone} 没有配对。"
                problems.append(
                    Problem(line.place, text, "字段要写成 {{活动主题}}，写在同一段里。")
                )
    return pieces, problems
