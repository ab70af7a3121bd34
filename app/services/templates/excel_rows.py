"""Inserts rows into a sheet as Excel does: what stands below moves with its merges, heights, formulas."""

from __future__ import annotations

import copy
import re
from typing import Any

_REFERENCE = re.compile(
    r"(?P<sheet>(?:'[^']+'|[\w.]+)!)?(?<![A-Za-z\d_.])\$?[A-Z]{1,3}(?P<row>\$?\d{1,7})(?:(?P<to>:\$?[A-Z]{1,3})(?P<end>\$?\d{1,7}))?(?![\d(A-Za-z_])"
)
_TEXT = re.compile(r'("(?:[^"]|"")*")')


def insert_rows(sheet: Any, after: int, count: int, like: int) -> None:
    """``count`` rows below row ``after``, looking like row ``like``; sums that end there grow."""
    merges = [copy.copy(area) for area in sheet.merged_cells.ranges]
    for area in merges:
        sheet.unmerge_cells(area.coord)
    sheet.insert_rows(after + 1, count)
    _move_heights(sheet, after, count, like)
    for number in range(1, count + 1):
        for column in range(1, sheet.max_column + 1):
            source, cell = sheet.cell(like, column), sheet.cell(after + number, column)
            if source.has_style:
                cell._style = copy.copy(source._style)  # noqa: SLF001 - how openpyxl copies styles
    for area in merges:
        _merge_again(sheet, area, after, count)
        if area.min_row == area.max_row == like:
            for number in range(1, count + 1):
                sheet.merge_cells(
                    start_row=after + number, end_row=after + number,
                    start_column=area.min_col, end_column=area.max_col,
                )  # fmt: skip
    _move_the_rest(sheet, after, count)
    for other in sheet.parent.worksheets:
        _move_formulas(other, sheet.title, after, count)


def _move_heights(sheet: Any, after: int, count: int, like: int) -> None:
    heights = {row: one.height for row, one in sheet.row_dimensions.items() if one.height}
    for row in [row for row in heights if row > after]:
        sheet.row_dimensions[row].height = None
    for row, height in heights.items():
        if row > after:
            sheet.row_dimensions[row + count].height = height
    for number in range(1, count + 1):
        sheet.row_dimensions[after + number].height = heights.get(like)


def _merge_again(sheet: Any, area: Any, after: int, count: int) -> None:
    """Below it moves; one that reaches from above to the last row or beyond grows."""
    first = area.min_row + (count if area.min_row > after else 0)
    tall = area.max_row > area.min_row
    grows = area.max_row > after or (tall and area.max_row == after)
    last = area.max_row + (count if grows else 0)
    sheet.merge_cells(
        start_row=first, end_row=last, start_column=area.min_col, end_column=area.max_col
    )


def _move_the_rest(sheet: Any, after: int, count: int) -> None:
    from openpyxl.worksheet.cell_range import CellRange

    for image in [*sheet._images, *sheet._charts]:  # noqa: SLF001 - no other way to them
        for name in ("_from", "to"):
            marker = getattr(image.anchor, name, None)
            if marker is not None and marker.row >= after:
                marker.row += count
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            _stretch(area, after, count)
    if sheet.print_area:
        area = CellRange(sheet.print_area.split("!")[-1].replace("$", ""))
        _stretch(area, after, count)
        sheet.print_area = area.coord
    for line in sheet.row_breaks.brk:
        line.id += count if line.id > after else 0


def _stretch(area: Any, after: int, count: int) -> None:
    if area.max_row >= after:
        area.expand(down=count) if area.min_row <= after else area.shift(row_shift=count)


def _move_formulas(sheet: Any, title: str, after: int, count: int) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = moved(cell.value, after, count, (sheet.title, title))


def moved(formula: str, after: int, count: int, sheets: tuple[str, str]) -> str:
    """The formula of a cell of the first sheet, after rows were inserted into the second."""
    here, changed = sheets

    def move(found: re.Match[str]) -> str:
        named = (found.group("sheet") or "")[:-1].strip("'") or here
        if named != changed:
            return found.group()
        words = found.group()
        first = _row(found.group("row"), after, count)
        head = words[: found.start("row") - found.start()] + first
        if not found.group("to"):
            return head
        start = int(found.group("row").lstrip("$"))
        grows = after - 1 if start <= after else after
        return head + found.group("to") + _row(found.group("end"), grows, count)

    parts = _TEXT.split(formula)
    return "".join(
        part if number % 2 else _REFERENCE.sub(move, part) for number, part in enumerate(parts)
    )


def _row(words: str, after: int, count: int) -> str:
    number = int(words.lstrip("$"))
    return ("$" if words.startswith("$") else "") + str(number + (count if number > after else 0))
