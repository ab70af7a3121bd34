"""Writes a document tree as a Word file: paragraphs, tables, lines to sign on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.documents.tree import (
    Cell,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Rule,
    SignatureLine,
    Spacer,
    Table,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.documents.tree import Block, PageSetup, Row, Section, TextStyle

FONTS = {
    "title": "方正小标宋简体", "song": "宋体", "fangsong": "仿宋", "hei": "黑体", "kai": "楷体",
}  # fmt: skip
"""Chinese fonts of an office PC; Word takes another Song type where one is absent."""
_LATIN = "Times New Roman"


def write(document: Document, target: Path) -> None:
    """Write the document to a new .docx, whole or not at all; raises ValidationError, StorageError."""
    import docx

    from app.errors import ValidationError
    from app.services.files import swapped_in

    if target.suffix.lower() != ".docx":
        raise ValidationError(f"“{target.name}”不是 .docx 文件。", "请改用 .docx 结尾的文件名。")
    made = docx.Document()
    made.core_properties.title = document.title
    made.core_properties.author = document.author
    made.core_properties.language = document.language
    _default_font(made)
    for number, section in enumerate(document.sections):
        sheet = made.add_section() if number else made.sections[0]
        _set_paper(sheet, section.page)
        if section.foot:
            _foot(sheet, section)
        for block in (*section.head, *section.blocks):
            _add(made, block)
    with swapped_in(target) as file:
        made.save(file)


def _default_font(made: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = made.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONTS["song"])
    style.paragraph_format.space_after = Pt(0)


def _set_paper(sheet: Any, page: PageSetup) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    lying = page.width > page.height
    sheet.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    sheet.page_width, sheet.page_height = Mm(page.width), Mm(page.height)
    sheet.top_margin, sheet.bottom_margin = Mm(page.top), Mm(page.bottom)
    sheet.left_margin, sheet.right_margin = Mm(page.left), Mm(page.right)
    sheet.footer_distance = Mm(max(page.foot - 4, 5))


def _foot(sheet: Any, section: Section) -> None:
    """The foot line with the page numbers as fields, which Word counts."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    sheet.footer.is_linked_to_previous = False
    line = sheet.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in (
        section.foot.replace("{page}", "\0PAGE\0")
        .replace("{pages}", "\0SECTIONPAGES\0")
        .split("\0")
    ):
        run = _run(line, "" if piece in ("PAGE", "SECTIONPAGES") else piece, section.foot_style)
        if piece in ("PAGE", "SECTIONPAGES"):
            _field(run, piece)


def _field(run: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "", "end"):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = name
        run.font.element.append(mark)


def _add(made: Any, block: Block) -> None:
    from docx.shared import Mm, Pt

    match block:
        case Paragraph() | Heading():
            line = made.add_paragraph()
            _align(line, block.align)
            line.paragraph_format.space_before = Mm(block.before)
            line.paragraph_format.space_after = Mm(block.after)
            line.paragraph_format.keep_with_next = isinstance(block, Heading)
            if isinstance(block, Paragraph) and block.indent:
                line.paragraph_format.first_line_indent = Pt(block.indent * block.style.size)
            _run(line, block.text, block.style)
        case Table():
            _table(made, block)
        case SignatureLine():
            line = made.add_paragraph()
            line.paragraph_format.space_before = Mm(block.before)
            _run(line, block.label, block.style)
            blanks = max(int(block.width / (block.style.size * 0.3528)) - len(block.value), 0)
            _run(line, block.value + "　" * blanks, block.style).underline = True
        case Spacer():
            line = made.add_paragraph()
            line.paragraph_format.line_spacing = Mm(block.height)
        case Rule() | PageBreak():
            if isinstance(block, PageBreak):
                made.add_page_break()
        case _:
            raise TypeError(type(block).__name__)


def _table(made: Any, table: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    lines = (*table.header, *table.rows)
    grid = made.add_table(rows=len(lines), cols=len(table.columns))
    grid.style = "Table Grid" if table.outer else "Normal Table"
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, wanted in zip(grid.columns, table.columns, strict=True):
        column.width = Mm(wanted.width)
    for number, row in enumerate(lines):
        _fill_row(grid.rows[number], row, table, head=number < len(table.header))


def _fill_row(place: Any, row: Row, table: Table, *, head: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    marks = ["w:cantSplit", "w:tblHeader"] if head else ["w:cantSplit"]
    for mark in marks:
        place._tr.get_or_add_trPr().append(OxmlElement(mark))  # noqa: SLF001 - no other way to it
    if row.min_height:
        place.height = Mm(row.min_height)
    at = 0
    cells = place.cells
    for one in row.cells:
        given = one if isinstance(one, Cell) else Cell(one)
        cell = cells[at]
        if given.colspan > 1:
            cell = cell.merge(cells[at + given.colspan - 1])
        cell.width = Mm(sum(each.width for each in table.columns[at : at + given.colspan]))
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        line = cell.paragraphs[0]
        _align(line, given.align or table.columns[at].align)
        line.paragraph_format.keep_with_next = row.keep_next
        _run(line, given.text, given.style or table.style)
        at += given.colspan


def _align(line: Any, align: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    line.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]  # fmt: skip


def _run(line: Any, text: str, style: TextStyle) -> Any:
    from docx.oxml.ns import qn
    from docx.shared import Pt
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    run = line.add_run(ILLEGAL_CHARACTERS_RE.sub("", text))
    run.font.name, run.font.size, run.font.bold = _LATIN, Pt(style.size), style.bold
    run.font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS[style.role])
    return run
