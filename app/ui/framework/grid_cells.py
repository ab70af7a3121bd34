"""What is done with the selected cells of a grid: copied, filled down, emptied, pasted over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.ui.framework.clipboard import cells_of, text_of
from app.ui.framework.entries import Typed, raw_of
from app.ui.framework.grid_block import Block, BlockWriter

if TYPE_CHECKING:
    from app.ui.framework.entry_model import EntryModel
    from app.ui.framework.grid_view import GridView
    from app.ui.framework.page import Tools

_COPY_AT_MOST = 20_000


class CellActions(QObject):
    """Works on the selection of a view; writes through a ``BlockWriter``."""

    said = Signal(str)
    """What was done, or why nothing was."""

    def __init__(self, tools: Tools, model: EntryModel, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self._rows = model
        self.writer = BlockWriter(tools, model, self)
        self.writer.said.connect(self.said)

    def _chosen_columns(self) -> list[int]:
        """Columns that the selection touches; of whole rows only the one with the cursor."""
        if not self._view.cells:
            return [self._view.current_column()]
        parts = self._view.selectionModel().selection().toList()
        touched = {column for part in parts for column in range(part.left(), part.right() + 1)}
        return [column for column in self._view.shown_columns() if column in touched]

    def copied(self, *, titles: bool) -> str:
        """The selected cells as spreadsheets take them."""
        columns = [self._rows.columns[number] for number in self._chosen_columns()]
        lines = [[column.title for column in columns]] if titles else []
        for number in self._view.selected_rows(_COPY_AT_MOST):
            row = self._rows.row(number)
            if row is not None:
                lines.append([row.texts[column.key] for column in columns])
        return text_of(lines)

    def can_fill(self) -> bool:
        """Whether there is something to fill, and something to fill it with."""
        rows = self._view.selected_rows(2)
        return len(rows) > 1 or (self._view.cells and bool(rows) and rows[0] > 0)

    def fill_down(self) -> None:
        """Ctrl+D: the first selected row's cells into all below; in one cell what stands above it."""
        numbers = self._view.selected_rows(self._rows.count)
        numbers = [number for number in numbers if number < self._rows.count]
        first = numbers[0] - 1 if len(numbers) == 1 else numbers[0] if numbers else -1
        row = self._rows.row(first)
        fields = [self._rows.field(number) for number in self._chosen_columns()]
        values = {one.name: raw_of(one, row) for one in fields if one.editable} if row else {}
        below = [number for number in numbers if number != first]
        if not values or not below:
            self.said.emit("选中的列不能填写，没有向下填充。" if fields else "")
            return
        self.writer.write(Block("向下填充", below, [values] * len(below)))

    def clear(self) -> None:
        """Del: empty the selected cells."""
        fields = [self._rows.field(number) for number in self._chosen_columns()]
        values = {one.name: "" for one in fields if one.editable}
        numbers = self._view.selected_rows(self._rows.rowCount())
        if numbers and self._rows.is_new(numbers[-1]):
            for number in self._chosen_columns():
                self._rows.setData(self._rows.index(numbers[-1], number), "")
            numbers = numbers[:-1]
        if values and numbers:
            self.writer.write(Block("清空单元格", numbers, [values] * len(numbers)))

    def paste(self) -> None:
        """Ctrl+V: a block from the clipboard, from the current cell on."""
        cells = cells_of(QGuiApplication.clipboard().text())
        start = self._view.currentIndex()
        if not start.isValid() or not any(any(row) for row in cells):
            self.said.emit("剪贴板里没有可以粘贴的文字。")
            return
        columns = self._view.shown_columns()
        columns = columns[columns.index(start.column()) :]
        titles = [self._rows.columns[number].title for number in columns]
        if len(cells) > 1 and cells[0] == titles[: len(cells[0])]:
            cells = cells[1:]
        wide = max(map(len, cells))
        if wide > len(columns):
            self.said.emit(f"剪贴板有 {wide} 列，从这里起只有 {len(columns)} 列，没有粘贴。")
            return
        self._paste_at(start.row(), columns[:wide], cells)

    def _paste_at(self, first: int, columns: list[int], cells: list[list[str]]) -> None:
        rows = self._view.selected_rows(self._rows.rowCount())
        if len(cells) == 1 and len(rows) > 1:
            numbers, cells = rows, cells * len(rows)  # one row into all that are selected
        else:
            numbers = list(range(first, first + len(cells)))
        beyond = numbers[-1] + 1 - self._rows.count
        if beyond > 0 and not self._rows.appendable:
            self.said.emit(
                f"剪贴板有 {len(cells)} 行，从这里起只有 {len(cells) - beyond} 行，没有粘贴。"
                f"要新增{self._rows.sheet.name}，请用“导入”。"
            )
            return
        fields = [self._rows.field(number) for number in columns]
        values = [
            {one.name: text for one, text in zip(fields, row, strict=False) if one.editable}
            for row in cells
        ]
        if not any(values):
            self.said.emit(f"“{fields[0].label}”是自动得出的，不能粘贴。")
            return
        if len(cells) == 1 and self._rows.is_new(numbers[0]):
            self._rows.begin({name: Typed(text, text) for name, text in values[0].items()})
            self._rows.catch_up_soon()  # one row joins what was typed in it before
            return
        name, counter = self._rows.sheet.name, self._rows.sheet.counter
        self.writer.write(Block(f"粘贴{name} {len(cells)} {counter}", numbers, values))
