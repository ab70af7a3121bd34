"""Laying out tables: measuring rows, filling pages, repeating the header, drawing the rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from app.errors import ExportError
from app.services.documents.lines import balanced, break_lines
from app.services.documents.page import MIDDLE, MM, SLACK
from app.services.documents.pictures import set_picture
from app.services.documents.tree import Align, Cell, Picture, Row, Table, TextStyle, VAlign

if TYPE_CHECKING:
    from app.services.documents.layout import SectionLayout
    from app.services.documents.pictures import SetPicture

_REPORT_EVERY = 200
_FEW_LINES = 4
"""So many lines at least stand on the page on which a row begins that is higher than a page."""


class _Set(NamedTuple):
    """A cell whose text has been broken into lines."""

    column: int
    end: int
    rowspan: int
    lines: list[str]
    style: TextStyle
    align: Align
    valign: VAlign
    image: SetPicture | None = None

    @property
    def step(self) -> float:
        return self.style.size * self.style.leading

    @property
    def height(self) -> float:
        text = len(self.lines) * self.style.size * self.style.leading
        return text + self.above

    @property
    def above(self) -> float:
        """Height of the picture above the text."""
        image = self.image
        return image.total + (image.gap if self.lines else 0.0) if image else 0.0


class _SetRow(NamedTuple):
    cells: list[_Set]
    height: float
    held: frozenset[int]
    """Columns taken by cells that began in a row above."""


class TableLayout:
    """Lays one table out onto the pages of a section."""

    def __init__(self, table: Table, flow: SectionLayout) -> None:
        self.table = table
        self.flow = flow
        widths = [column.width * MM for column in table.columns]
        self.edges = list(accumulate(widths, initial=flow.left))
        if self.edges[-1] > flow.right + MM / 2:
            room = (flow.right - flow.left) / MM
            raise ExportError(
                f"“{flow.section.title}”各列宽度合计 {sum(widths) / MM:.0f} 毫米，"
                f"纸上只有 {room:.0f} 毫米。",
                "请在表单尺寸文件里改小列宽或页边距。",
            )
        self.pad_x = table.padding_x * MM
        self.pad_y = table.padding_y * MM
        self._open: dict[int, float] = {}
        self._bounds: frozenset[int] = frozenset()
        self._top: float | None = None
        self._group: Row | None = None
        self.header_height = 0.0

    def run(self) -> None:
        """Place all rows."""
        self.header = self._measure(self.table.header)
        self.header_height = sum(row.height for row in self.header)
        total = len(self.table.rows)
        first = True
        done = 0
        for chunk in self._chunks():
            if chunk[0].heads or not _under(self._group, chunk[0]):
                self._group = None
            rows = self._measure(chunk)
            height = sum(row.height for row in rows)
            needed = height + (self.header_height if first else 0)
            full = needed > self.flow.room + SLACK and not (first and self.flow.at_top)
            if full and (self._fits_a_page(height) or (first and self._least > self.flow.room)):
                self._turn_page(with_header=not first)
            if first:
                self._draw(self.header)
                first = False
            if height <= self.flow.room + SLACK:
                self._draw(rows)
            else:
                self._draw_split(rows)
            self._group = next((row for row in chunk if row.heads), self._group)
            done += len(chunk)
            if done % _REPORT_EVERY < len(chunk):
                self.flow.progress.report(done, total, "排版")
        if first:
            self._draw(self.header)
        self._close()

    def least(self) -> float:
        """Height that the head of the table and its first rows need."""
        self.header_height = sum(row.height for row in self._measure(self.table.header))
        first = sum(row.height for rows in self._chunks()[:1] for row in self._measure(rows))
        return self.header_height + first if self._fits_a_page(first) else self._least

    @property
    def _least(self) -> float:
        """Height with which a row that is higher than a page may begin on one."""
        style = self.table.style
        return self.header_height + _FEW_LINES * style.size * style.leading + 2 * self.pad_y

    def _chunks(self) -> list[list[Row]]:
        """Rows that have to stay together: joined by merged cells or by ``keep_next``."""
        chunks: list[list[Row]] = []
        joined = 0
        keep = False
        for row in self.table.rows:
            if keep or joined > 0:
                chunks[-1].append(row)
            else:
                chunks.append([row])
            spans = [cell.rowspan for cell in row.cells if isinstance(cell, Cell)]
            joined = max([joined, *spans]) - 1
            keep = row.keep_next
        return chunks

    def _fits_a_page(self, height: float) -> bool:
        flow = self.flow
        return height + self.header_height <= flow.bottom - flow.top + SLACK

    def _measure(self, rows: tuple[Row, ...] | list[Row]) -> list[_SetRow]:
        measured: list[_SetRow] = []
        held: dict[int, int] = {}  # column → rows that a cell above still covers
        for row in rows:
            taken = frozenset(held)
            cells = self._set_cells(row, taken)
            used = sum(cell.end - cell.column for cell in cells) + len(taken)
            if used != len(self.table.columns):
                raise ValueError(
                    f"row {row.name!r} fills {used} of {len(self.table.columns)} columns"
                )
            tallest = max((c.height for c in cells if c.rowspan == 1), default=0.0)
            height = max(tallest + 2 * self.pad_y, row.min_height * MM)
            measured.append(_SetRow(cells, height, taken))
            held = {column: left - 1 for column, left in held.items() if left > 1}
            for cell in cells:
                if cell.rowspan > 1:
                    held.update(dict.fromkeys(range(cell.column, cell.end), cell.rowspan - 1))
        return self._stretch(measured)

    def _set_cells(self, row: Row, taken: frozenset[int]) -> list[_Set]:
        table, edges, flow = self.table, self.edges, self.flow
        cells: list[_Set] = []
        column = 0
        for cell in row.cells:
            while column in taken:
                column += 1
            align = table.columns[column].align
            style = table.style
            valign: VAlign = "middle"
            end, rowspan = column + 1, 1
            picture: Picture | None = None
            if isinstance(cell, str):
                text = cell
            else:
                end, rowspan, text = column + cell.colspan, cell.rowspan, cell.text
                style, align, valign = cell.style or style, cell.align or align, cell.valign
                picture = cell.picture
            width = edges[end] - edges[column] - 2 * self.pad_x
            set_lines = balanced if align == "center" else break_lines
            lines = set_lines(text, width, flow.fonts.of(style), style.size)
            image = None
            if picture:
                lines = lines if text else []
                image = set_picture(picture, flow.fonts, width, self._most())
            cells.append(_Set(column, end, rowspan, lines, style, align, valign, image))
            column = end
        return cells

    def _most(self) -> float:
        """Height that a cell may have on a page."""
        return self.flow.bottom - max(self.flow.top, 0) - self.header_height - 2 * self.pad_y

    def _stretch(self, rows: list[_SetRow]) -> list[_SetRow]:
        """Make the last row under a merged cell higher where its text needs it."""
        for number, row in enumerate(rows):
            for cell in row.cells:
                if cell.rowspan > 1:
                    last = number + cell.rowspan - 1
                    have = sum(r.height for r in rows[number : last + 1])
                    lack = cell.height + 2 * self.pad_y - have
                    if lack > 0:
                        rows[last] = rows[last]._replace(height=rows[last].height + lack)
        return rows

    def _draw(self, rows: list[_SetRow]) -> None:
        for number, row in enumerate(rows):
            top = self.flow.y
            self._rules(row, top)
            for cell in row.cells:
                covered = rows[number : number + cell.rowspan]
                self._draw_cell(cell, top, sum(r.height for r in covered))
            self.flow.y = top + row.height

    def _draw_cell(self, cell: _Set, top: float, height: float) -> None:
        step, style = cell.step, cell.style
        spare = height - cell.height
        above = {"top": self.pad_y, "middle": spare / 2, "bottom": spare - self.pad_y}[cell.valign]
        top += above
        span = (self.edges[cell.column] + self.pad_x, self.edges[cell.end] - self.pad_x)
        if cell.image:
            self.flow.draw_image(cell.image, span, top)
            self.flow.draw_caption(cell.image, span, top + cell.image.height)
        baseline = top + cell.above + step / 2 + MIDDLE * style.size
        for line in cell.lines:
            self.flow.write(line, span, baseline, style, cell.align)
            baseline += step

    def _draw_split(self, rows: list[_SetRow]) -> None:
        """Carry rows that are higher than a page over to the next pages, line by line."""
        for row in rows:
            if row.held or any(cell.rowspan > 1 for cell in row.cells):
                raise ExportError(
                    f"“{self.flow.section.title}”里合并的单元格高过一页。", "请减少合并的行数。"
                )
            rest = row
            while rest.height > self.flow.room + SLACK:
                shown, rest = self._split(rest)
                if shown:
                    self._draw([shown])
                self._turn_page(with_header=True)
            self._draw([rest])

    def _split(self, row: _SetRow) -> tuple[_SetRow | None, _SetRow]:
        room = self.flow.room - 2 * self.pad_y
        shown, rest = [], []
        for cell in row.cells:
            if cell.above > room + SLACK:  # a picture goes whole
                shown.append(cell._replace(lines=[], image=None))
                rest.append(cell)
                continue
            count = max(0, int((room - cell.above + SLACK) / cell.step))
            shown.append(cell._replace(lines=cell.lines[:count]))
            rest.append(cell._replace(lines=cell.lines[count:], image=None))
        left = max(cell.height for cell in rest) + 2 * self.pad_y
        if not any(cell.lines or cell.image for cell in shown):
            if self.flow.room + SLACK >= self.flow.bottom - self.flow.top - self.header_height:
                raise ExportError(
                    f"“{self.flow.section.title}”的一页放不下一行字。", "请改小字号或页边距。"
                )
            return None, row._replace(height=left)
        return row._replace(cells=shown, height=self.flow.room), row._replace(
            cells=rest, height=left
        )

    def _turn_page(self, *, with_header: bool) -> None:
        self._close()
        self.flow.open_page()
        if with_header:
            self._draw(self.header)
        if self._group:
            self._draw(self._measure([_continued(self._group)]))

    def _rules(self, row: _SetRow, top: float) -> None:
        """Draw the rule above a row and keep the upright ones going."""
        if not self.table.outer:
            return
        if self._top is None:
            self._top = top
        else:
            self._rule_above(row, top)
        inside = {cell.column for cell in row.cells}
        inside.update(c for c in row.held if c in self._bounds)
        inside.discard(0)
        bounds = frozenset(inside)
        if bounds != self._bounds:
            for column in self._bounds - bounds:
                self._upright(column, top)
            for column in bounds - self._bounds:
                self._open[column] = top
            self._bounds = bounds

    def _rule_above(self, row: _SetRow, top: float) -> None:
        if not row.held:
            self.flow.stroke(self.edges[0], top, self.edges[-1], top, self.table.inner)
            return
        for cell in row.cells:
            left, right = self.edges[cell.column], self.edges[cell.end]
            self.flow.stroke(left, top, right, top, self.table.inner)

    def _upright(self, column: int, bottom: float) -> None:
        x = self.edges[column]
        self.flow.stroke(x, self._open.pop(column), x, bottom, self.table.inner)

    def _close(self) -> None:
        """Finish the rules on this page."""
        if self._top is None:
            return
        bottom = self.flow.y
        for column in sorted(self._open):
            self._upright(column, bottom)
        self._bounds = frozenset()
        left, right, weight = self.edges[0], self.edges[-1], self.table.outer
        half = weight / 2  # corners meet squarely
        for y in (self._top, bottom):
            self.flow.stroke(left - half, y, right + half, y, weight)
        for x in (left, right):
            self.flow.stroke(x, self._top, x, bottom, weight)
        self._top = None


def _under(group: Row | None, row: Row) -> bool:
    """Whether a heading still heads a row: one with several cells heads the rows with the same cells."""
    return group is None or len(group.cells) == 1 or _spans(group) == _spans(row)


def _spans(row: Row) -> list[int]:
    return [cell.colspan if isinstance(cell, Cell) else 1 for cell in row.cells]


def _continued(group: Row) -> Row:
    first, *others = group.cells
    if others:
        return group
    text = first if isinstance(first, str) else first.text
    style = Cell() if isinstance(first, str) else first
    return replace(group, cells=(replace(style, text=f"{text}（续）"),))
