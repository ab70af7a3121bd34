"""Workbooks of several small sheets, each with a heading line and a bold row of titles."""

from __future__ import annotations

import io
from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    Sheet = tuple[str, Sequence[tuple[str, int]], Sequence[Sequence[Any]]]
    """Name, titles with widths in pixels, rows."""

_PIXELS_PER_LETTER = 7
_SHOWN = Decimal("0.01")


def write_sheets(
    target: Path, title: str, sheets: Sequence[Sheet], created: datetime | None = None
) -> None:
    """Write them to a new .xlsx, whole or not at all; raises ValidationError, StorageError.

    With ``created`` the same sheets give the same bytes.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from app.errors import ValidationError
    from app.services.documents.excel import repack
    from app.services.files import swapped_in
    from app.services.workbook import cell

    if target.suffix.lower() != ".xlsx":
        raise ValidationError(f"“{target.name}”不是 .xlsx 文件。", "请改用 .xlsx 结尾的文件名。")
    book = Workbook(write_only=True)
    if created is not None:
        book.properties.created = created.astimezone(UTC).replace(tzinfo=None)
    for name, columns, rows in sheets:
        page = book.create_sheet(name[:31])
        page.freeze_panes = "A3"
        for number, (_title, width) in enumerate(columns, 1):
            page.column_dimensions[get_column_letter(number)].width = width / _PIXELS_PER_LETTER
        page.page_setup.paperSize, page.page_setup.orientation = 9, "landscape"
        head = cell(page, title)
        head.font, head.alignment = Font(bold=True, size=14), None
        page.append([head])
        titles = [cell(page, one) for one, _width in columns]
        for made in titles:
            made.font = Font(bold=True)
        page.append(titles)
        for row in rows:
            page.append([cell(page, _rounded(value)) for value in row])
    made = io.BytesIO()
    book.save(made)
    with swapped_in(target) as file:
        if created is None:
            file.write(made.getvalue())
        else:
            repack(made, file, created)


def _rounded(value: Any) -> Any:
    """Points as they are shown, so that the sheet says what the window says."""
    return value.quantize(_SHOWN, ROUND_HALF_UP) if isinstance(value, Decimal) else value
