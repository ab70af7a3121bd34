"""An Excel file as a document tree, to be looked at where no program can draw it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    PageSetup,
    Paragraph,
    Picture,
    Row,
    Section,
    Table,
    TextStyle,
)
from app.services.templates.looking_word import NOTICE, NOTICE_STYLE

if TYPE_CHECKING:
    from app.services.documents.tree import Align, VAlign

_MM_PER_LETTER = 1.95
_MM_PER_POINT = 25.4 / 72
_ALIGN: dict[str, Align] = {"center": "center", "right": "right", "centerContinuous": "center"}
_VALIGN: dict[str, VAlign] = {"center": "middle", "top": "top"}
_USUAL_WIDTH = 8.43
_MARGIN = 15.0


def excel_tree(book: Any, title: str) -> Document:
    """The visible sheets with widths, heights, merges and pictures."""
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return Document(title, tuple(_section(sheet) for sheet in sheets))


def _section(sheet: Any) -> Section:
    from openpyxl.utils import get_column_letter

    lying = sheet.page_setup.orientation == "landscape"
    page = PageSetup(
        297 if lying else 210, 210 if lying else 297, _MARGIN, _MARGIN, _MARGIN, _MARGIN
    )
    usual = sheet.sheet_format.defaultColWidth or _USUAL_WIDTH
    widths = [
        (sheet.column_dimensions[get_column_letter(column)].width or usual) * _MM_PER_LETTER
        for column in range(1, sheet.max_column + 1)
    ]
    factor = min(1.0, (page.width - 2 * _MARGIN) / sum(widths))
    columns = tuple(Column(max(width * factor, 1.0), "left") for width in widths)
    pictures = _pictures(sheet)
    rows = tuple(_row(sheet, number, factor, pictures) for number in range(1, sheet.max_row + 1))
    head = (Paragraph(NOTICE, NOTICE_STYLE),)
    return Section(sheet.title, page, (Table(columns, rows, padding_x=0.6, outer=0.5),), head)


def _row(sheet: Any, number: int, factor: float, pictures: dict[tuple[int, int], Picture]) -> Row:
    cells: list[Cell] = []
    column = 1
    while column <= sheet.max_column:
        cell = sheet.cell(number, column)
        area = next((one for one in sheet.merged_cells.ranges if cell.coordinate in one), None)
        if area is None:
            cells.append(_cell(cell, 1, 1, factor, pictures.get((number, column))))
            column += 1
            continue
        wide = area.max_col - area.min_col + 1
        if area.min_row == number:
            tall = area.max_row - area.min_row + 1
            picture = pictures.get((number, column))
            cells.append(_cell(cell, wide, tall, factor, picture))
        column += wide
    height = sheet.row_dimensions[number].height
    return Row(tuple(cells), min((height or 15) * _MM_PER_POINT * factor, 200.0))


def _cell(cell: Any, wide: int, tall: int, factor: float, picture: Picture | None) -> Cell:
    text = "（公式）" if cell.data_type == "f" else "" if cell.value is None else str(cell.value)
    size = min(max((cell.font.sz or 11) * factor, 4), 72)
    style = TextStyle("song", size, bool(cell.font.b))
    align = _ALIGN.get(cell.alignment.horizontal, "left")
    valign = _VALIGN.get(cell.alignment.vertical, "bottom")
    return Cell(text, style, align, valign, wide, tall, picture)


def _pictures(sheet: Any) -> dict[tuple[int, int], Picture]:
    found = {}
    for image in sheet._images:  # noqa: SLF001 - no other way to them
        marker = getattr(image.anchor, "_from", None)
        if marker is not None:
            size = image.width * 0.2, image.height * 0.2
            data = image._data()  # noqa: SLF001
            found[marker.row + 1, marker.col + 1] = Picture(data, *size, name="表格里的图片")
    return found
