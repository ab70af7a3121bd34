"""Excel workbooks that we write: text stays text, figures and dates are real, the header is frozen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from app.errors import ValidationError
from app.progress import NoProgress
from app.services.files import swapped_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from app.progress import Progress

MOST_ROWS = 1_048_575
"""Rows that a sheet of Excel holds below its header."""
_MOST_LETTERS = 32_767  # Excel refuses a cell with more
_GREY = PatternFill("solid", fgColor="E7E6E6")
_BOLD = Font(bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PIXELS_PER_LETTER = 7


def write_table(
    target: Path,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Any]],
    *,
    total: int,
    progress: Progress | None = None,
) -> int:
    """Write one sheet to a new .xlsx, whole or not at all; gives the number of rows.

    ``columns`` are titles and widths in pixels. Raises ValidationError for another ending or too
    many rows, StorageError when the file is open elsewhere or the disk refuses.
    """
    if target.suffix.lower() != ".xlsx":
        raise ValidationError(f"“{target.name}”不是 .xlsx 文件。", "请改用 .xlsx 结尾的文件名。")
    if total > MOST_ROWS:
        raise ValidationError(
            f"有 {total} 行，一张 Excel 工作表放不下。", "请先筛选，再分几次导出。"
        )
    progress = progress or NoProgress()
    book = Workbook(write_only=True)
    page = book.create_sheet(name[:31])
    page.freeze_panes = "A2"
    for number, (_title, width) in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(number)].width = width / _PIXELS_PER_LETTER
    page.append([_header(page, title) for title, _width in columns])
    written = 0
    for row in rows:
        page.append([cell(page, value) for value in row])
        written += 1
        if written % 500 == 0:
            progress.report(written, total, "正在写入 Excel")
    with swapped_in(target) as file:
        book.save(file)
    return written


def _header(page: WriteOnlyWorksheet, title: str) -> WriteOnlyCell:
    made = cell(page, title)
    made.font, made.fill = _BOLD, _GREY
    return made


def cell(page: WriteOnlyWorksheet, value: Any) -> WriteOnlyCell:
    """A cell that says what the value says: figures count, dates sort, text is never a formula."""
    if isinstance(value, str):
        made = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST_LETTERS])
        made.data_type = "s"
        made.number_format = "@"
        made.quotePrefix = value.startswith(_FORMULA_STARTS)
    else:
        made = WriteOnlyCell(page, value)
        if isinstance(value, dt.date):
            made.number_format = "yyyy-mm-dd"
        elif isinstance(value, dt.time):
            made.number_format = "hh:mm"
    made.alignment = _TOP
    return made
