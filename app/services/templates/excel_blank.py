"""A blank Excel form: where something is to be written, and the writing of placeholders there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.templates.excel_file import place_of
from app.services.templates.grid import Grid, Slot
from app.services.templates.recognition import in_grid, in_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.templates.fields import Fields
    from app.services.templates.recognition import Found

_MOST_ROWS = 500
_MOST_COLUMNS = 60


def proposals(book: Any, fields: Fields) -> list[Found]:
    """Every place of the file that could be filled, sheet by sheet."""
    found: list[Found] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        grid = _grid(sheet)
        here = in_grid(grid, fields)
        for slot in grid.slots:
            if not slot.blank and ("：" in slot.text or ":" in slot.text):
                gaps = in_line(slot.text, slot.place, fields, _part_writer(sheet, slot))
                here += reversed([gap for gap in gaps if not _beside_blank(grid, slot, gap.label)])
        found += here
    return found


def _beside_blank(grid: Grid, slot: Slot, label: str) -> bool:
    """The gap is the cell at its right, which was found already."""
    right = grid.at(slot.row, slot.column + slot.columns)
    return right is not None and right.blank and slot.text.strip().rstrip("：: ").endswith(label)


def _grid(sheet: Any) -> Grid:
    merged = {}
    for area in sheet.merged_cells.ranges:
        merged[area.min_row, area.min_col] = area
    hidden = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    } - set(merged)
    slots = []
    last = min(sheet.max_row, _MOST_ROWS), min(sheet.max_column, _MOST_COLUMNS)
    for row in sheet.iter_rows(max_row=last[0], max_col=last[1]):
        for cell in row:
            at = (cell.row, cell.column)
            area = merged.get(at)
            if at in hidden or not _part_of_form(cell, area):
                continue
            rows = area.max_row - area.min_row + 1 if area else 1
            columns = area.max_col - area.min_col + 1 if area else 1
            text = "" if cell.value is None else str(cell.value)
            place = place_of(sheet, cell.coordinate)
            slots.append(
                Slot(cell.row - 1, cell.column - 1, rows, columns, text, place, _writer(cell))
            )
    return Grid(slots)


def _part_of_form(cell: Any, area: Any) -> bool:
    """A cell that says something, is ruled, or was merged; not the empty sheet around the form."""
    border = cell.border
    ruled = border.bottom.style or border.top.style or border.left.style
    return cell.value is not None or bool(ruled) or area is not None


def _writer(cell: Any) -> Callable[[str], None]:
    def put(content: str) -> None:
        cell.value = content

    return put


def _part_writer(sheet: Any, slot: Slot) -> Callable[[int, int, str], None]:
    def put(begin: int, end: int, content: str) -> None:
        cell = sheet.cell(slot.row + 1, slot.column + 1)
        text = str(cell.value)
        cell.value = text[:begin] + content + text[end:]

    return put
