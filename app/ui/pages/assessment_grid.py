"""A sheet of figures to type: like a spreadsheet, with blocks copied and pasted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.clipboard import cells_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from app.services.standing.entered import Typed
    from app.services.standing.entry_sheets import EntryCell, EntrySheet
    from app.ui.framework.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_WIDE, _NARROW = 260, 96


class SheetModel(QAbstractTableModel):
    """The cells of a sheet; what is refused stays in its cell, with the reason."""

    said = Signal(str)

    def __init__(
        self, theme: Theme, check: Callable[[Typed], None], save: Callable[[list[Typed]], None]
    ) -> None:
        super().__init__()
        self._theme, self._check, self._save = theme, check, save
        self.sheet: EntrySheet | None = None
        self.refused: dict[tuple[int, int], tuple[str, str]] = {}
        """Row and column: what was typed, and what is wrong with it."""

    def show_sheet(self, sheet: EntrySheet | None) -> None:
        """Show a sheet; one of the same shape only has its cells written anew."""
        before = self.sheet
        same = (
            before is not None
            and sheet is not None
            and [row.labels for row in before.rows] == [row.labels for row in sheet.rows]
            and before.columns == sheet.columns
        )
        if same:
            self.sheet = sheet
            self.dataChanged.emit(
                self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1)
            )
            return
        self.beginResetModel()
        self.sheet, self.refused = sheet, {}
        self.endResetModel()

    def cell(self, index: Index) -> EntryCell | None:
        """The place to type in; None where nothing is asked."""
        if self.sheet is None or not index.isValid():
            return None
        column = index.column() - len(self.sheet.heads)
        cells = self.sheet.rows[index.row()].cells
        return cells[column] if 0 <= column < len(cells) else None

    def write(self, block: dict[tuple[int, int], str]) -> int:
        """Save what can be saved of a block as one step; the rest is refused in its cell."""
        typed, told = [], ""
        for (row, column), text in block.items():
            cell = self.cell(self.index(row, column))
            if cell is None:
                continue
            plain = _plain(text)
            self.refused.pop((row, column), None)
            if plain == cell.text:
                continue
            wanted = replace(cell.typed, value=plain or None)
            try:
                self._check(wanted)
            except AppError as error:
                self.refused[row, column] = (text, error.sentence)
                told = told or error.sentence
                continue
            typed.append(wanted)
        try:
            if typed:
                self._save(typed)
        except AppError as error:
            told, typed = error.sentence, []
        if block:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1)
            )
        self.said.emit(told)
        return len(typed)

    # -- as Qt asks --------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if self.sheet is None or parent.isValid() else len(self.sheet.rows)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        if self.sheet is None or parent.isValid():
            return 0
        return len(self.sheet.heads) + len(self.sheet.columns) + len(self.sheet.tails)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if self.sheet is None or role not in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole,
        ):  # fmt: skip
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        return (*self.sheet.heads, *self.sheet.columns, *self.sheet.tails)[section]

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.cell(index) is not None else flags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.sheet is None or not index.isValid():
            return None
        place, cell = (index.row(), index.column()), self.cell(index)
        typed, wrong = self.refused.get(place, ("", ""))
        found: object = None
        match role:
            case Qt.ItemDataRole.EditRole:
                found = typed or (cell.text if cell is not None else "")
            case Qt.ItemDataRole.DisplayRole:
                found = self._text(place, cell)
            case Qt.ItemDataRole.ToolTipRole:
                found = wrong or self._text(place, cell)
            case Qt.ItemDataRole.TextAlignmentRole:
                right = cell is not None and not cell.choices
                side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
                found = side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.DecorationRole if wrong:
                found = self._theme.icon("circle-alert", "error")
            case Qt.ItemDataRole.ForegroundRole:
                missing = cell is not None and not cell.text
                name = "error" if wrong else "text_muted" if missing else "text"
                found = QColor(self._theme.color(name))
        return found

    def _text(self, place: tuple[int, int], cell: EntryCell | None) -> str:
        if self.sheet is None:
            return ""
        row, heads = self.sheet.rows[place[0]], len(self.sheet.heads)
        if place[1] < heads:
            return row.labels[place[1]]
        after = place[1] - heads - len(row.cells)
        if after >= 0:
            return row.after[after]
        if place in self.refused:
            return self.refused[place][0]
        return "—" if cell is None else cell.text or "缺"

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or self.cell(index) is None:
            return False
        self.write({(index.row(), index.column()): str(value)})
        return True


class SheetView(QTableView):
    """Typing goes into the cell; Enter goes down, Tab to the right; blocks from Excel are pasted."""

    pasted = Signal(int)
    """How many values were taken over."""

    def __init__(self, model: SheetModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setAccessibleName("录入成绩")
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.verticalHeader().setDefaultSectionSize(t.ROW_HEIGHT)
        self.verticalHeader().setMinimumWidth(40)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(False)
        model.modelReset.connect(self._fit)

    @Slot()
    def _fit(self) -> None:
        """Columns as wide as their titles; the cursor where typing begins."""
        self.resizeColumnsToContents()
        for column in range(self._model.columnCount()):
            self.setColumnWidth(column, min(max(self.columnWidth(column), _NARROW), _WIDE))
        places = (
            self._model.index(row, column)
            for row in range(self._model.rowCount())
            for column in range(self._model.columnCount())
        )
        first = next((one for one in places if self._model.cell(one) is not None), None)
        if first is not None:
            self.setCurrentIndex(first)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._model.write(dict.fromkeys(self._selected(), ""))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.state() != self.State.EditingState:  # else the delegate goes on
                self.go(1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def go(self, steps: int) -> None:
        """Put the cursor so many rows down."""
        now = self.currentIndex()
        self.setCurrentIndex(self._model.index(now.row() + steps, now.column()))

    def _selected(self) -> list[tuple[int, int]]:
        return sorted((one.row(), one.column()) for one in self.selectedIndexes())

    def copy(self) -> None:
        """Put the selected cells on the clipboard, as spreadsheets take them."""
        chosen = self._selected()
        rows = sorted({row for row, _ in chosen})
        columns = sorted({column for _, column in chosen})
        block = [
            [str(self._model.index(row, column).data() or "") for column in columns] for row in rows
        ]
        QGuiApplication.clipboard().setText(text_of(block))

    def paste(self) -> None:
        """Write the block on the clipboard from the chosen cell on; one value fills the selection."""
        block = cells_of(QGuiApplication.clipboard().text())
        chosen = self._selected()
        if not chosen:
            return
        top, left = chosen[0]
        if len(block) == 1 and len(block[0]) == 1:
            wanted = dict.fromkeys(chosen, block[0][0])
        else:
            wanted = {
                (top + down, left + right): text
                for down, cells in enumerate(block)
                for right, text in enumerate(cells)
                if top + down < self._model.rowCount() and left + right < self._model.columnCount()
            }
        self.pasted.emit(self._model.write(wanted))


_SAME = str.maketrans("０１２３４５６７８９。．", "0123456789..")


def _plain(text: str) -> str:
    """What was typed, in half-width digits, without a unit; 缺 stands for nothing."""
    plain = text.translate(_SAME).strip()
    return "" if plain in ("缺", "—", "-") else plain.removesuffix("分").removesuffix("名").strip()
