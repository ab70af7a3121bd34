"""Refused rows handed back: a workbook of the original columns, the reason beside each row."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from app.errors import ValidationError
from app.services.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from app.services.imports.headers import Header
    from app.services.imports.reading import Cell, Row, Sheet
    from app.services.imports.table import Refusal

_RED = PatternFill("solid", fgColor="FFC7CE")
_GREY = PatternFill("solid", fgColor="E7E6E6")
_REASON = Font(color="9C0006")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TITLES = ("原因", "原行号")
_MOST_WIDTH = 30


def write_rejects(target: Path, sheet: Sheet, header: Header, refused: Iterable[Refusal]) -> int:
    """Write the refused rows to a new .xlsx, which can be corrected and imported again.

    Returns how many rows were written; the file comes whole or not at all.
    """
    if target.suffix.lower() != ".xlsx":
        raise ValidationError(
            f"退回的名单要存为 .xlsx 文件，“{target.name}”不是。", "请改用 .xlsx 结尾的文件名。"
        )
    by_row: dict[int, list[Refusal]] = defaultdict(list)
    for one in refused:
        by_row[one.row].append(one)
    rows = [row for row in sheet.rows if row.number in by_row]
    width = max([len(header.names), *(len(row.cells) for row in rows)])
    book = Workbook(write_only=True)
    page = book.create_sheet("退回")
    page.freeze_panes = "A2"
    for column, text in enumerate(_widest(header, rows, width), 1):
        page.column_dimensions[get_column_letter(column)].width = text
    names = [header.names[column] if column < len(header.names) else "" for column in range(width)]
    page.append([_header_cell(page, name) for name in (*names, *_TITLES)])
    for row in rows:
        page.append(_line(page, row, header, by_row[row.number], width))
    content = io.BytesIO()
    book.save(content)
    write_whole(target, content.getvalue())
    return len(rows)


def _widest(header: Header, rows: list[Row], width: int) -> list[float]:
    """Column widths that show the first rows, Chinese characters taking two."""
    widths: list[float] = []
    for column in range(width):
        texts = [header.label(column), *(str(row.cell(column)) for row in rows[:100])]
        wide = max(sum(2 if ord(letter) > 0x2E80 else 1 for letter in text) for text in texts)
        widths.append(min(wide + 2, _MOST_WIDTH))
    return [*widths, 60, 8]


def _header_cell(page: WriteOnlyWorksheet, name: str) -> WriteOnlyCell:
    cell = _text_cell(page, name)
    cell.font, cell.fill, cell.alignment = Font(bold=True), _GREY, _WRAPPED
    return cell


def _line(
    page: WriteOnlyWorksheet, row: Row, header: Header, refused: list[Refusal], width: int
) -> list[WriteOnlyCell]:
    wrong = {one.column for one in refused}
    red = {column for column in header.columns.values() if header.label(column) in wrong}
    cells = []
    for column in range(width):
        cell = _as_it_was(page, row.cell(column))
        if column in red:
            cell.fill = _RED
        cells.append(cell)
    reason = _text_cell(page, "；".join(f"{one.column}：{one.reason}" for one in refused))
    reason.font, reason.alignment = _REASON, _WRAPPED
    number = WriteOnlyCell(page, row.number)
    number.alignment = _WRAPPED
    return [*cells, reason, number]


def _as_it_was(page: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell:
    if isinstance(value, str):
        return _text_cell(page, value)
    cell = WriteOnlyCell(page, value)
    cell.alignment = _WRAPPED
    if isinstance(value, dt.datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, float) and value.is_integer():
        cell.number_format = "0"
    return cell


def _text_cell(page: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """Text that stays text whatever it begins with, in a cell where typed digits stay digits."""
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = _WRAPPED
    if text[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        cell.quotePrefix = True
    return cell
