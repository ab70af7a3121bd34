"""An empty table to be filled in: the headers that are understood, cells that keep digits as typed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from app.services.files import write_whole
from app.services.imports.kinds import load_kind

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = 300
_GREY = PatternFill("solid", fgColor="E7E6E6")


def write_template(target: Path, kind: str = "members") -> None:
    """Write the template of a kind of table as .xlsx; required columns carry a star."""
    described = load_kind(kind)
    book = Workbook()
    page = book.active
    page.title = described.name
    page.freeze_panes = "A2"
    columns = [("序号", "示例")] + [
        (f"{one.title}*" if one.key in described.required else one.title, one.example)
        for one in described.fields
    ]
    for number, (title, example) in enumerate(columns, 1):
        wide = max(len(title), len(example)) * 2 + 2
        page.column_dimensions[get_column_letter(number)].width = max(10, wide)
        for row in range(1, _ROWS + 1):
            page.cell(row, number).number_format = "@"
        head, shown = page.cell(1, number, title), page.cell(2, number, example)
        head.font, head.fill = Font(bold=True), _GREY
        head.alignment = Alignment(horizontal="center")
        shown.font = Font(italic=True, color="7F7F7F")
    content = io.BytesIO()
    book.save(content)
    write_whole(target, content.getvalue())
