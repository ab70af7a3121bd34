"""One sheet of an Excel file, filled row by row."""

from __future__ import annotations

import io
import math
import re
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from app.errors import ExportError
from app.services.documents.lines import plain
from app.services.documents.page import MM
from app.services.documents.pictures import fitted, jpeg
from app.services.documents.placed import qr
from app.services.documents.sheet_grid import SheetGrid, figure, lines_of
from app.services.documents.tree import (
    Align,
    Block,
    Cell,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    PictureBox,
    QrCode,
    Row,
    Rule,
    Section,
    SignatureLine,
    Signatures,
    Spacer,
    Table,
    TextBox,
    TextStyle,
    VAlign,
)
from app.services.documents.word.styles import FONTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.progress import Progress

_MOST_LETTERS = 32_767
_MOST_HEIGHT = 409.0
"""Points: Excel knows no higher row."""
_EMU = 12_700
_PAD = 2.0
"""Points above and below text that Excel keeps free anyway."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_VERTICAL = {"top": "top", "middle": "center", "bottom": "bottom"}
_REPORT_EVERY = 200


class _Look(NamedTuple):
    """How a cell is set; cells of one look share a style."""

    style: TextStyle
    align: Align
    valign: VAlign = "middle"
    lines: tuple[float, float, float, float] = (0, 0, 0, 0)
    """Weights of the borders: left, right, top, bottom."""
    text: bool = True
    formula: bool = False
    """Looks like a formula, and is none."""


class Sheet:
    """Fills a sheet from the top."""

    def __init__(self, page: Any, section: Section, progress: Progress) -> None:
        self._page = page
        self._section = section
        self._progress = progress
        self._grid = SheetGrid(section)
        self._row = 1
        self._heights: dict[int, float] = {}
        self._styles: dict[_Look, Any] = {}
        self._titles: tuple[int, int] | None = None
        self._only_table = sum(isinstance(block, Table) for block in section.blocks) == 1
        for number, width in enumerate(self._grid.widths(), start=1):
            pixels = width / 25.4 * 96
            letter = get_column_letter(number)
            page.column_dimensions[letter].width = round(max(pixels - 5, 1) / 7, 2)

    def add(self, block: Block) -> None:
        """Write one block below the others."""
        match block:
            case Table():
                self._table(block)
            case Paragraph() | Heading():
                self._paragraph(block)
            case TextBox():
                self._line(
                    block.text.replace("\n", "" if block.vertical else "\n"),
                    block.style,
                    block.align,
                )
            case SignatureLine() | Signatures():
                self._signatures(block)
            case Picture() | PictureBox():
                self._picture(block if isinstance(block, Picture) else block.picture)
            case QrCode():
                self._code(block)
            case PageBreak():
                self._page.row_breaks.append(Break(id=max(self._row - 1, 1)))
            case Spacer() | Rule():
                self._gap(block)
            case _:
                pass  # frames and lines belong to the page, not to what is said

    def finish(self) -> None:
        """Set what is known at the end."""
        for row, height in self._heights.items():
            self._page.row_dimensions[row].height = round(min(height, _MOST_HEIGHT), 1)
        if self._titles:
            self._page.print_title_rows = "{}:{}".format(*self._titles)
        last = get_column_letter(self._grid.last)
        self._page.print_area = f"A1:{last}{max(self._row - 1, 1)}"

    def _paragraph(self, block: Paragraph | Heading) -> None:
        if block.before:
            self._gap(Spacer(block.before))
        indent = block.indent if isinstance(block, Paragraph) else 0
        for part in block.text.split("\n"):
            for piece in self._pieces("　" * round(indent) + part, block.style):
                self._line(piece, block.style, block.align)
            indent = 0
        if block.after:
            self._gap(Spacer(block.after))

    def _pieces(self, text: str, style: TextStyle) -> Iterator[str]:
        """A text in parts that fit into rows, cut after sentences: a row has an utmost height."""
        room = self._grid.width(1, self._grid.last)
        most = int(_MOST_HEIGHT * 0.8 / (style.size * max(style.leading, 1.2)))
        piece = ""
        for sentence in re.findall(r"[^。；！？]*[。；！？]?", text):
            if piece and lines_of(piece + sentence, room, style.size) > most:
                yield piece
                piece = ""
            piece += sentence
        yield piece

    def _line(self, text: str, style: TextStyle, align: Align) -> None:
        """A line of text over the whole width."""
        look = _Look(style, align)
        last = self._grid.last
        self._write(1, text, look)
        self._join((1, last), 1)
        lines = lines_of(text, self._grid.width(1, last), style.size)
        self._heights[self._row] = lines * style.size * max(style.leading, 1.2) + _PAD
        self._row += 1

    def _signatures(self, block: SignatureLine | Signatures) -> None:
        items = (block,) if isinstance(block, SignatureLine) else block.items
        words = "　　".join(f"{one.label}{one.value or '＿' * 8}" for one in items)
        self._line(words, items[0].style, items[0].align)

    def _gap(self, block: Spacer | Rule) -> None:
        if isinstance(block, Rule):
            look = _Look(TextStyle(), "left", lines=(0, 0, 0, block.weight))
            self._write(1, "", look)
            self._join((1, self._grid.last), 1)
        self._heights[self._row] = max(block.height * MM if isinstance(block, Spacer) else 4.0, 1.0)
        self._row += 1

    def _picture(self, picture: Picture) -> None:
        width, height = fitted(
            picture, self._grid.width(1, self._grid.last) * MM, _MOST_HEIGHT - 4, 0
        )
        spare = self._grid.width(1, self._grid.last) * MM - width
        shift = {"left": 0.0, "center": spare / 2, "right": spare}[picture.align]
        self._image(jpeg(picture, width, height), (1, shift, 2.0), (width, height))
        self._heights[self._row] = height + 4
        self._row += 1
        if picture.caption:
            self._line(picture.caption, picture.style, picture.align)

    def _code(self, block: QrCode) -> None:
        out = io.BytesIO()
        qr(block.text).save(out, kind="png", scale=8, border=4)
        side = block.size * MM
        self._image(out.getvalue(), (1, 0.0, 2.0), (side, side))
        self._heights[self._row] = side + 4
        self._row += 1

    def _image(
        self, content: bytes, at: tuple[int, float, float], size: tuple[float, float]
    ) -> None:
        """A picture in the current row, shifted in points from the left of a column and the top."""
        column, across, down = at
        widths = [width * MM for width in self._grid.widths()]
        while column < len(widths) and across > widths[column - 1]:
            across -= widths[column - 1]
            column += 1
        marker = AnchorMarker(
            col=column - 1,
            colOff=round(across * _EMU),
            row=self._row - 1,
            rowOff=round(down * _EMU),
        )
        image = Image(io.BytesIO(content))
        extent = XDRPositiveSize2D(round(size[0] * _EMU), round(size[1] * _EMU))
        image.anchor = OneCellAnchor(_from=marker, ext=extent)
        self._page.add_image(image)

    def _table(self, table: Table) -> None:
        places = self._grid.columns(table.columns)
        first = self._row
        held: dict[int, int] = {}
        rows = (*table.header, *table.rows)
        for number, row in enumerate(rows, start=1):
            tallest = max((c.rowspan for c in row.cells if isinstance(c, Cell)), default=1)
            ends = number == 1, number + tallest > len(rows)
            self._table_row(row, table, places, held, ends)
            if number % _REPORT_EVERY == 0:
                self._progress.report(number, len(rows), "写入")
        if (
            table.header and self._only_table
        ):  # Excel repeats the same rows on every page of a sheet
            top = 1 if self._section.head else first
            self._titles = top, first + len(table.header) - 1

    def _table_row(
        self,
        row: Row,
        table: Table,
        places: list[tuple[int, int]],
        held: dict[int, int],
        ends: tuple[bool, bool],
    ) -> None:
        height = row.min_height * MM
        column = 0
        joins: list[tuple[tuple[int, int], int]] = []
        merged = any(held.values())
        for given in row.cells:
            while held.get(column, 0) > 0:
                held[column] -= 1
                column += 1
            cell = given if isinstance(given, Cell) else Cell(given)
            end = column + cell.colspan
            for covered in range(column, end):
                held[covered] = cell.rowspan - 1
            span = places[column][0], places[end - 1][1]
            look = _Look(
                cell.style or table.style,
                cell.align or table.columns[column].align,
                cell.valign,
                lines=_borders(table, (column == 0, end == len(places)), ends),
            )
            needed = self._table_cell(cell, span, look, figures=table.columns[column].figures)
            joins.append((span, cell.rowspan))
            if cell.rowspan == 1:
                height = max(height, needed + 2 * table.padding_y * MM)
            column = end
        while held.get(column, 0) > 0:
            held[column] -= 1
            column += 1
        merged = merged or any(held.values())
        self._close_row(joins, height, merged=merged)

    def _close_row(
        self, joins: list[tuple[tuple[int, int], int]], height: float, *, merged: bool
    ) -> None:
        """Join what is merged; a row that is higher than Excel allows becomes several joined ones."""
        parts = math.ceil(height / _MOST_HEIGHT) or 1
        if parts > 1 and merged:
            raise ExportError(
                f"“{self._section.title}”里合并的单元格太高，Excel 放不下。",
                "请改用 PDF 或 Word 输出。",
            )
        for span, rows in joins:
            self._join(span, max(rows, parts))
        for _ in range(parts):
            self._heights[self._row] = height / parts
            self._row += 1

    def _join(self, span: tuple[int, int], rows: int) -> None:
        """Merge cells from the current row on; the first one's borders go around all.

        openpyxl's own ``merge_cells`` makes a new style for every cell: ten times the cost of the rest.
        """
        from openpyxl.worksheet.cell_range import CellRange

        first, last = span
        if last == first and rows == 1:
            return
        page, top = self._page, self._row
        look = page.cell(top, first)._style  # noqa: SLF001 -- shared, not made anew
        for row in range(top, top + rows):
            for column in range(first, last + 1):
                page.cell(row, column)._style = look  # noqa: SLF001
        page.merged_cells.ranges.add(
            CellRange(min_row=top, max_row=top + rows - 1, min_col=first, max_col=last)
        )

    def _table_cell(
        self, cell: Cell, span: tuple[int, int], look: _Look, *, figures: bool
    ) -> float:
        """Write a cell; gives the height that it needs."""
        text, width = cell.text, self._grid.width(*span)
        needed = 0.0
        if cell.picture:
            picture = cell.picture
            text = "\n".join(part for part in (picture.caption, text) if part)
            size = fitted(picture, width * MM - 4, _MOST_HEIGHT - 40, 1 if text else 0)
            spare = (width * MM - size[0]) / 2
            self._image(jpeg(picture, *size), (span[0], spare, 3.0), size)
            needed = size[1] + 6
            look = look._replace(valign="bottom")
        value = figure(text) if figures else None
        look = look._replace(text=value is None)
        self._write(span[0], text if value is None else value, look)
        if text:
            size_of = look.style.size
            needed += lines_of(text, width - 1.5, size_of) * size_of * max(look.style.leading, 1.25)
        return needed

    def _write(self, column: int, value: str | float, look: _Look) -> None:
        """Fill a cell of the current row."""
        cell = self._page.cell(self._row, column)
        if isinstance(value, str):
            if len(value) > _MOST_LETTERS:
                raise ExportError(
                    f"“{value[:20]}…”有 {len(value)} 个字，Excel 的一格放不下。",
                    "请改用 PDF 或 Word 输出。",
                )
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", plain(value)) or None
            cell.data_type = "s" if value else "n"
        else:
            cell.value = value
        formula = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
        self._dress(cell, look._replace(formula=formula))

    def _dress(self, cell: Any, look: _Look) -> None:
        """Give a cell its look; openpyxl is slow at making the same style again for every cell."""
        if look in self._styles:
            cell._style = copy(self._styles[look])  # noqa: SLF001 -- there is no public way to share it
            return
        style = look.style
        cell.font = Font(
            name=FONTS[style.role][0], size=style.size, bold=style.bold, color=style.color or None
        )
        cell.alignment = Alignment(
            horizontal=look.align, vertical=_VERTICAL[look.valign], wrap_text=True
        )
        cell.border = Border(*map(_side, look.lines))
        cell.number_format = "@" if look.text else "General"
        cell.quotePrefix = look.formula
        self._styles[look] = copy(cell._style)  # noqa: SLF001


def _side(weight: float) -> Side:
    """A border; Excel knows three weights."""
    if not weight:
        return Side()
    return Side("thin" if weight < 0.9 else "medium" if weight < 2 else "thick", "000000")


def _borders(
    table: Table, sides: tuple[bool, bool], ends: tuple[bool, bool]
) -> tuple[float, float, float, float]:
    """Weights of a cell's left, right, upper and lower border."""
    if not table.outer:
        return 0, 0, 0, 0
    left, right, top, bottom = (table.outer if at else table.inner for at in (*sides, *ends))
    return left, right, top, bottom
