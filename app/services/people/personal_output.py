"""A personal file as text to paste and as an Excel workbook: material for a growth file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.people.personal import TITLES

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from app.services.people.personal import PersonalFile, Totals

_WIDEST = 50
_FIGURES = {"课时", "听课人数", "得分", "天数", *(title for _name, title in TITLES[1:])}
"""Columns of figures, which Excel can add up."""


def figures(totals: Totals) -> tuple[str, ...]:
    """The figures of a term as they are shown; nothing where there is none."""
    return tuple(_figure(getattr(totals, name)) for name, _title in TITLES)


def _figure(value: str | float | None) -> str:
    if value is None or value == 0:
        return ""
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def as_text(file: PersonalFile) -> str:
    """The file as plain text, one line a thing."""
    parts = [f"{file.name} 个人档案（{file.period}）"]
    parts += [f"{label}：{value}" for label, value in file.facts]
    for totals in file.totals:
        named = zip(TITLES[1:], figures(totals)[1:], strict=True)
        said = "，".join(f"{title} {figure}" for (_name, title), figure in named if figure)
        parts.append(f"{totals.term}：{said or '没有记录'}")
    for section in file.sections:
        if section.lines:
            parts += ["", f"【{section.title}】共 {len(section.lines)} 条"]
        for number, line in enumerate(section.lines, 1):
            cells = " ".join(" ".join(cell.split()) for cell in line.cells if cell)
            parts.append(f"{number}. {cells}")
    return "\n".join(parts) + "\n"


def write(file: PersonalFile, target: Path) -> None:
    """Write the file to a new .xlsx, a sheet for each section; it comes whole or not at all."""
    from openpyxl import Workbook

    from app.errors import ValidationError
    from app.services.files import swapped_in

    if target.suffix.lower() != ".xlsx":
        raise ValidationError(f"“{target.name}”不是 .xlsx 文件。", "请改用 .xlsx 结尾的文件名。")
    book = Workbook(write_only=True)
    titles = tuple(title for _name, title in TITLES)
    overview: list[tuple[str, ...]] = [("姓名", file.name), ("范围", file.period), *file.facts]
    overview += [(), titles, *(figures(totals) for totals in file.totals)]
    _sheet(book, "概况", overview, header=len(file.facts) + 4)
    for section in file.sections:
        if section.lines:
            rows = [section.columns, *(line.cells for line in section.lines)]
            _sheet(book, section.title, rows, header=1)
    with swapped_in(target) as part:
        book.save(part)


def _sheet(book: Workbook, title: str, rows: list[tuple[str, ...]], *, header: int) -> None:
    """A sheet of text; ``header`` is the number of the row with the titles."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from app.services.workbook import cell

    page = book.create_sheet(title)
    if header == 1:
        page.freeze_panes = "A2"
    for column in range(max(map(len, rows))):
        texts = [row[column] for row in rows if len(row) > column]
        wide = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)
        page.column_dimensions[get_column_letter(column + 1)].width = min(wide + 2, _WIDEST)
    for number, row in enumerate(rows, 1):
        titled = rows[header - 1] if number > header else ()
        figured = [
            column < len(titled) and titled[column] in _FIGURES for column in range(len(row))
        ]
        cells = [
            cell(page, float(text) if figure and text else text)
            for text, figure in zip(row, figured, strict=True)
        ]
        for made in cells if number == header else ():
            made.font = Font(bold=True)
        page.append(cells)
