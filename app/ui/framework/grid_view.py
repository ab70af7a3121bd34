"""The view of records whose cells are typed in, and the keys that do so as in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    Qt,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QWidget
from typing_extensions import override

from app.services.entry.listing import Row
from app.ui.framework.entry_model import NEW, EntryModel
from app.ui.framework.grid_cells import CellActions
from app.ui.framework.grid_delegate import CellDelegate
from app.ui.framework.table_view import TableView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from app.ui.framework.page import Tools

_MOST_CELLS = 1_000
_KEYS = {
    "Ctrl+V": "paste",
    "Shift+Ins": "paste",
    "Ctrl+C": "copy",
    "Ctrl+Ins": "copy",
    "Ctrl+Shift+C": "copy_with_titles",
    "Ctrl+D": "fill_down",
    "Ctrl+Del": "ask_to_delete",
    "Del": "clear",
    "Backspace": "clear",
    "Esc": "restore_cell",
    "Space": "toggle",
    "Return": "enter",
    "Enter": "enter",
    "Shift+Return": "enter_up",
    "Shift+Enter": "enter_up",
}


class GridView(TableView[Row]):
    """Cells that are typed in.

    ``cells``: single cells are selected, as in a spreadsheet; otherwise whole rows, as in a list.
    """

    def __init__(
        self,
        tools: Tools,
        model: EntryModel,
        key: str,
        *,
        cells: bool,
        parent: QWidget | None = None,
    ) -> None:
        self.cells = cells
        self._rows = model
        self._kept: tuple[list[str], list[int], int] = ([], [], 0)
        self._run_from = -1
        super().__init__(model, tools.settings, key, parent)
        on_cells = CellActions(tools, model, self)
        self.actions_on_cells = on_cells
        self._actions: dict[str, Callable[[], object]] = {
            "paste": on_cells.paste,
            "copy": self.copy,
            "copy_with_titles": self.copy_with_titles,
            "fill_down": on_cells.fill_down,
            "ask_to_delete": self.ask_to_delete,
            "clear": on_cells.clear,
            "restore_cell": self.restore_cell,
            "toggle": self.toggle,
            "enter": self.enter,
            "enter_up": self.enter_up,
        }
        self.delegate = CellDelegate(model, tools.theme, self)
        self.delegate.stepped.connect(self._on_stepped)
        self.setItemDelegate(self.delegate)
        model.editing = self._is_editing
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.DoubleClicked
        )
        if cells:
            self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
            self.setShowGrid(True)

    def _is_editing(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState

    # -- selection across refreshes ----------------------------------------------------------

    @override
    def _remember_selection(self) -> None:
        super()._remember_selection()
        parts = self.selectionModel().selection().toList()
        columns = {column for part in parts for column in range(part.left(), part.right() + 1)}
        row = self.currentIndex().row()
        current = self._rows.id_at(row) if row >= 0 else None
        self._kept = (
            [current] if current is not None else [],
            sorted(columns),
            self.current_column(),
        )

    @override
    def _restore_selection(self) -> None:
        current, columns, column = self._kept
        super()._restore_selection()
        number = -1
        if current == [NEW] and self._rows.appendable:
            number = self._rows.count
        elif current:
            number = self.currentIndex().row()
        flags = QItemSelectionModel.SelectionFlag
        if number < 0:
            if (
                self.cells and self.hasFocus() and self._rows.rowCount()
            ):  # other rows: from their start
                self.setCurrentIndex(self._rows.index(0, self.shown_columns()[0]))
            return
        index = self._rows.index(number, column)
        self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        if self.cells:
            selection = QItemSelection()
            numbers = self._selected_rows(_MOST_CELLS) or [number]
            for row in numbers:
                first, last = (columns[0], columns[-1]) if columns else (column, column)
                selection.select(self._rows.index(row, first), self._rows.index(row, last))
            self.selectionModel().select(selection, flags.ClearAndSelect)
        self.scrollTo(index)

    @override
    def selected_count(self) -> int:
        numbers = self._selected_rows(self._rows.rowCount())
        return len(numbers) - bool(numbers and self._rows.is_new(numbers[-1]))

    def current_column(self) -> int:
        """The column with the cursor."""
        return max(0, self.currentIndex().column())

    # -- typing ------------------------------------------------------------------------------

    @override
    def edit(self, index: object, *rest: object) -> object:  # type: ignore[override]
        """Note how typing began: a letter replaces what is in a cell."""
        trigger = rest[0] if rest else None
        triggers = QAbstractItemView.EditTrigger
        self.delegate.replaces = trigger not in {triggers.EditKeyPressed, triggers.DoubleClicked}
        return super().edit(index, *rest)  # type: ignore[call-overload]

    @override
    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        editable = bool(current.flags() & Qt.ItemFlag.ItemIsEditable)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, editable)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Chinese typed right into a cell.

        The editor opens with the first word, not with its first letter: the input method would
        lose what is being composed when the cursor moves to another widget.
        """
        index = self.currentIndex()
        self.delegate.composed = event.preeditString()
        self.update(index)
        if event.commitString() and self.edit(
            index, QAbstractItemView.EditTrigger.AllEditTriggers, None
        ):
            editor = self.indexWidget(index)
            if editor is not None:
                QGuiApplication.sendEvent(editor, event)
        event.accept()

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self._rows.catch_up_soon()

    @Slot(int, int)
    def _on_stepped(self, down: int, right: int) -> None:
        self._go_on(down, right)

    def _go_on(self, down: int, right: int) -> None:
        """Go to the next cell; rows find their places only then, so that it is the next as seen."""
        if self._rows.is_new(self.currentIndex().row()):
            self._follow_new(to_next=down > 0)
        if right:
            self._start_run()
            self._step_right(right)
        else:
            column = self._run_from if self._run_from >= 0 else self.current_column()
            self._run_from = -1
            number = min(max(0, self.currentIndex().row() + down), self._rows.rowCount() - 1)
            self.setCurrentIndex(self._rows.index(number, column))
        self._rows.catch_up()

    def _follow_new(self, *, to_next: bool) -> None:
        """The last row became a record: go where it now stands, or to the row for the next one."""
        self._rows.catch_up()
        made, self._rows.made = self._rows.made, ""
        if made and not to_next:
            number = self._rows.find({made: 0}).get(made, self.currentIndex().row())
            self.setCurrentIndex(self._rows.index(number, self.current_column()))

    def _start_run(self) -> None:
        """Note the column from which Tab runs; Enter goes back to it, a row below."""
        if self._run_from < 0:
            self._run_from = self.current_column()

    def shown_columns(self) -> list[int]:
        """Columns as they stand from left to right."""
        header = self.header
        numbers = map(header.logicalIndex, range(header.count()))
        return [number for number in numbers if not header.isSectionHidden(number)]

    def selected_rows(self, at_most: int) -> list[int]:
        """Numbers of the selected rows, the last, empty one among them."""
        return self._selected_rows(at_most)

    def _step_right(self, by: int) -> bool:
        """Go to the next shown column, at the end to the next row; False at the very end."""
        shown = self.shown_columns()
        row, column = self.currentIndex().row(), self.current_column()
        place = (shown.index(column) if column in shown else 0) + by
        row, place = row + place // len(shown), place % len(shown)
        if not 0 <= row < self._rows.rowCount():
            return False
        self.setCurrentIndex(self._rows.index(row, shown[place]))
        return True

    @Slot()
    @override
    def _open_current(self) -> None:
        """A double click opens a record only where it does not begin to type."""
        editable = self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable
        if not editable:
            super()._open_current()

    # -- keys --------------------------------------------------------------------------------

    @override
    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and self._meant(event) is not None:
            event.accept()  # before a shortcut of the page takes it
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = None if self._is_editing() else self._meant(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _meant(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does where the cursor is; None: nothing of ours."""
        plain = event.keyCombination().toCombined() & ~Qt.KeyboardModifier.KeypadModifier.value
        name = _KEYS.get(QKeySequence(plain).toString(QKeySequence.SequenceFormat.PortableText))
        if name is None or not self._applies(name):
            return None
        return self._actions[name]

    def _applies(self, name: str) -> bool:
        match name:
            case "fill_down":
                return self.actions_on_cells.can_fill()
            case "clear" | "enter_up":
                return self.cells
            case "restore_cell":
                return bool(self._rows.unfinished())
            case "toggle":
                index = self.currentIndex()
                return index.isValid() and self._rows.field(index.column()).kind == "bool"
        return True

    def copy(self) -> None:
        """Ctrl+C: the selected cells; of a list whole rows with their titles."""
        QGuiApplication.clipboard().setText(
            self.actions_on_cells.copied(titles=False) if self.cells else self.copy_text()
        )

    def copy_with_titles(self) -> None:
        """Ctrl+Shift+C: with the titles of the columns."""
        QGuiApplication.clipboard().setText(self.copy_text())

    @override
    def copy_text(self) -> str:
        return self.actions_on_cells.copied(titles=True) if self.cells else super().copy_text()

    def ask_to_delete(self) -> None:
        """Ctrl+Del: the selected records."""
        if ids := self.selected_ids():
            self.delete_wanted.emit(ids)

    def restore_cell(self) -> None:
        """Esc: what is saved is shown again."""
        self._rows.forget(self.currentIndex())

    def toggle(self) -> None:
        """Space: from yes to no and back."""
        index = self.currentIndex()
        yes = self._rows.edit_text(index).raw == "是"
        self._rows.setData(index, "否" if yes else "是")
        self._rows.catch_up()

    def enter(self) -> None:
        """Enter: one cell down; in a list the record is opened."""
        if self.cells:
            self._go_on(1, 0)
        else:
            super()._open_current()

    def enter_up(self) -> None:
        """Shift+Enter: one cell up."""
        self._go_on(-1, 0)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the cells and at their end out of the table."""
        if self.cells and self.currentIndex().isValid():
            self._start_run()
            if self._step_right(1 if next else -1):
                return True
        return super().focusNextPrevChild(next)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Typing begins an editor; looking through all rows would fetch them all."""
