"""Papers of the sample archive: a few lines of markup become a Word file or a PDF.

The markup, one document after ``=== path``: ``# `` title, ``## `` and ``### `` headings, ``> ``
right-aligned, ``| a | b |`` row of a table (``|: 2,5`` gives the proportions of its columns),
``---`` new page, ``@seal words`` a round seal; anything else is a paragraph. Each page must be well
within the type area (checked), so that the number of pages is certain without laying out in Word.
"""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sample_pictures import FONTS, seal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINE, TABLE_LINE, TITLE_LINE = 28.0, 20.0, 36.0
SIZE, TABLE_SIZE, TITLE_SIZE = 14.0, 12.0, 20.0
WIDTH, HEIGHT = 442.0, 637.0
SLACK = 20.0
LEFT, TOP = 79.0, 105.0
A4 = (595.28, 841.89)
EPOCH = (2025, 9, 1, 8, 0, 0)

_FONT = {"#": "方正小标宋简体", "##": "黑体", "###": "楷体"}


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the markup: its mark (``#``, ``>``, ``|``, ``@`` or "") and text."""

    mark: str
    text: str

    @property
    def cells(self) -> list[str]:
        """Cells of a table row."""
        return [cell.strip() for cell in self.text.strip("|").split("|")]


def documents(markup: str) -> Iterator[tuple[str, list[list[Block]]]]:
    """Path and pages of each document."""
    for part in markup.split("\n=== "):
        path, _, body = part.removeprefix("=== ").partition("\n")
        pages: list[list[Block]] = [[]]
        for line in filter(None, map(str.strip, body.splitlines())):
            if line == "---":
                pages.append([])
            else:
                pages[-1].append(_block(line))
        yield path, pages


def _block(line: str) -> Block:
    if line.startswith("|"):
        return Block("|:" if line.startswith("|:") else "|", line)
    mark, _, rest = line.partition(" ")
    if mark in ("#", "##", "###", ">"):
        return Block(mark, rest)
    return Block("@", rest) if mark == "@seal" else Block("", line)


def _shares(block: Block) -> list[float]:
    numbers = [float(number) for number in block.text[2:].split(",")]
    return [number / sum(numbers) for number in numbers]


def _row_lines(cells: list[str], shares: list[float]) -> int:
    wide = zip(cells, shares, strict=True)
    return max(math.ceil(len(cell) / ((WIDTH * share - 14) // TABLE_SIZE)) for cell, share in wide)


def _height(pages: list[Block]) -> float:
    height, shares = 0.0, [1.0]
    for block in pages:
        if block.mark == "|:":
            shares = _shares(block)
        elif block.mark == "|":
            height += _row_lines(block.cells, shares) * TABLE_LINE + 8
        elif block.mark == "#":
            height += TITLE_LINE * math.ceil(len(block.text) / 21)
        elif block.mark != "@":
            height += LINE * math.ceil((len(block.text) + 2) / 30)
    return height


def require_room(path: str, pages: list[list[Block]]) -> None:
    """Stop the maker where a page might run over."""
    for number, page in enumerate(pages, 1):
        if (height := _height(page)) > HEIGHT - SLACK:
            msg = f"{path}: page {number} is {height:.0f} pt high, at most {HEIGHT - SLACK:.0f}"
            raise SystemExit(msg)


def write_docx(target: Path, pages: list[list[Block]], author: str) -> None:
    """Word file with the pages noted in its properties, as Word itself does."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Pt(side) for side in A4)
    section.left_margin, section.top_margin = Pt(LEFT), Pt(TOP)
    section.right_margin = Pt(A4[0] - LEFT - WIDTH)
    section.bottom_margin = Pt(A4[1] - TOP - HEIGHT)
    core = document.core_properties
    core.author, core.last_modified_by, core.title = author, author, target.stem
    for number, page in enumerate(pages):
        shares, first = [1.0], len(document.paragraphs)
        for kind, blocks in groupby(page, lambda block: block.mark == "|"):
            if kind:
                _docx_table(document, [block.cells for block in blocks], shares)
                continue
            for block in blocks:
                if block.mark == "|:":
                    shares = _shares(block)
                else:
                    _docx_paragraph(document, block)
        document.paragraphs[first].paragraph_format.page_break_before = number > 0
    packed = io.BytesIO()
    document.save(packed)
    text = "".join(block.text for page in pages for block in page)
    repack(packed.getvalue(), target, {"docProps/app.xml": _app_xml(len(pages), len(text))})


def _docx_paragraph(document: Any, block: Block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    style = paragraph.paragraph_format
    style.space_before = style.space_after = Pt(0)
    style.widow_control = False
    style.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.line_spacing = Pt(TITLE_LINE if block.mark == "#" else LINE)
    if block.mark == "#":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif block.mark == ">":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        style.right_indent = Pt(2 * SIZE)
    else:
        style.first_line_indent = Pt(2 * SIZE)
    _run(paragraph, block.text, _FONT.get(block.mark, "仿宋"),
         TITLE_SIZE if block.mark == "#" else SIZE)  # fmt: skip


def _docx_table(document: Any, rows: list[list[str]], shares: list[float]) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    table = document.add_table(rows=len(rows), cols=len(shares), style="Table Grid")
    table.autofit = False
    for row, cells in zip(table.rows, rows, strict=True):
        row.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY
        row.height = Pt(_row_lines(cells, shares) * TABLE_LINE + 8)
        for cell, text, share in zip(row.cells, cells, shares, strict=True):
            cell.width = Pt(WIDTH * share)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            style = cell.paragraphs[0].paragraph_format
            style.space_after = Pt(0)
            style.line_spacing_rule, style.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(TABLE_LINE)
            _run(cell.paragraphs[0], text, "宋体", TABLE_SIZE)


def _run(paragraph: Any, text: str, font: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    fonts = run._element.rPr.rFonts  # noqa: SLF001 - no public way to set the East Asian font
    fonts.set(qn("w:eastAsia"), font)


def _app_xml(pages: int, characters: int) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
        'openxmlformats.org/officeDocument/2006/extended-properties"><Template>Normal.dotm</Template>'
        f"<Pages>{pages}</Pages><Words>{characters}</Words><Characters>{characters}</Characters>"
        "<Application>Microsoft Office Word</Application></Properties>"
    ).encode()


def repack(package: bytes, target: Path, replaced: dict[str, bytes] | None = None) -> None:
    """Write an Office package with fixed times, so that the same input gives the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = (replaced or {}).get(info.filename, old.read(info))
            fixed = zipfile.ZipInfo(info.filename, EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, content)


def write_pdf(target: Path, pages: list[list[Block]], author: str) -> None:
    """PDF with embedded fonts; the seal stands over the last lines."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for name, path in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(path)))
    target.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(target), pagesize=A4, invariant=1)
    canvas.setTitle(target.stem)
    canvas.setAuthor(author)
    for page in pages:
        y = A4[1] - TOP
        for block in page:
            if block.mark == "@":
                picture = ImageReader(seal(block.text))
                canvas.drawImage(picture, A4[0] - 240, y - 20, 110, 110, mask="auto")
                continue
            y = _pdf_block(canvas, block, y)
        canvas.showPage()
    canvas.save()


def _pdf_block(canvas: Any, block: Block, y: float) -> float:
    title = block.mark == "#"
    size, line = (TITLE_SIZE, TITLE_LINE) if title else (SIZE, LINE)
    canvas.setFont("hei" if block.mark == "##" else "song", size)
    indent = "" if title or block.mark == ">" else "\u3000\u3000"
    text, each = indent + block.text, int(WIDTH // size)
    for start in range(0, len(text), each):
        y -= line
        piece = text[start : start + each]
        if title:
            canvas.drawCentredString(A4[0] / 2, y + 8, piece)
        elif block.mark == ">":
            canvas.drawRightString(LEFT + WIDTH - 2 * SIZE, y + 8, piece)
        else:
            canvas.drawString(LEFT, y + 8, piece)
    return y
