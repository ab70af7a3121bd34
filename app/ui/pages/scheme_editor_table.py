"""A list of a scheme's parts as a table: typed into like a sheet, one empty row below for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.schemes import draft as d
from app.services.schemes.telling import cell
from app.ui.framework import tokens as t
from app.ui.pages.scheme_editor_fields import LINES, PICKED, choices_of, read_line
from app.ui.pages.scheme_editor_grid import Grid

if TYPE_CHECKING:
    from app.services.schemes.describe import FieldInfo
    from app.services.schemes.draft import Place, Raw
    from app.ui.framework.theme import Theme
    from app.ui.pages.scheme_editor_state import EditorState

_FIGURES = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_COLUMN_WIDTH = 84
_FIGURE_WIDTH = 64


class PartTable(QWidget):
    """The entries of one list with the buttons that add, copy, delete and move them."""

    chosen = Signal(object)
    """The place of the entry that the cursor is on; that of the list where it is on the empty row."""
    opened = Signal(object)
    """The user wants to see more of the entry at this place."""

    def __init__(self, state: EditorState, place: Place, *, inner: bool = False) -> None:
        super().__init__()
        self.place = place
        self._state = state
        self._inner = inner
        info = d.info_at(state.draft, place)
        self._one = info.one
        named = [info.field(name) for name in info.columns]
        self.fields: list[FieldInfo] = [field for field in named if field is not None]
        self._entered: tuple[int, int, Any] | None = None
        self.grid = Grid(self)
        self.grid.setAccessibleName(info.one)
        self.grid.setColumnCount(len(self.fields))
        self.grid.setHorizontalHeaderLabels([field.label for field in self.fields])
        self._size_columns()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.grid, 1)
        column.addLayout(self._buttons())
        self.fill(0)
        if inner:
            self.grid.clearSelection()  # several lists in one form: the one with the cursor shows it
        self.grid.currentCellChanged.connect(self._on_current)
        self.grid.cellDoubleClicked.connect(self._on_double_click)
        state.changed.connect(self._on_changed)
        state.checked.connect(self.show_marks)

    def _size_columns(self) -> None:
        """Names take what is left; the others are as wide as their heading, and no less than usual."""
        head = self.grid.horizontalHeader()
        names = [n for n, field in enumerate(self.fields) if field.name in ("name", "text")]
        stretched = names[0] if names else 0
        for number, field in enumerate(self.fields):
            if number == stretched:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
                continue
            figures = field.kind in ("int", "number") or field.name == "no"
            least = _FIGURE_WIDTH if figures else _COLUMN_WIDTH
            label = self.grid.fontMetrics().horizontalAdvance(field.label) + 2 * t.GAP + 2
            self.grid.setColumnWidth(number, max(least, label))

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        icon = self._state.tools.theme.icon
        self.add_button = self._button("添加", icon("plus"), "Insert", self.add)
        short = self._inner  # a form is narrow: words only where there is room
        self.copy_button = self._button(
            "" if short else "复制", icon("copy"), "Ctrl+D", self.copy, "复制"
        )
        self.delete_button = self._button(
            "" if short else "删除", icon("trash-2"), "Del", self.delete, "删除"
        )
        self.up_button = self._button("", icon("arrow-up"), "Alt+↑", self.up, "上移")
        self.down_button = self._button("", icon("arrow-down"), "Alt+↓", self.down, "下移")
        for button in (self.add_button, self.copy_button, self.delete_button, self.up_button,
                       self.down_button):  # fmt: skip
            row.addWidget(button)
        row.addStretch(1)
        if self._inner:
            self.open_button = self._button("详细…", icon("pencil"), "Ctrl+Enter", self.open)
            row.addWidget(self.open_button)
        return row

    def _button(self, words: str, icon: Any, keys: str, slot: Any, name: str = "") -> QPushButton:
        button = QPushButton(icon, words)
        button.setAutoDefault(False)
        button.setToolTip(f"{name or words}（{keys}）")
        button.setAccessibleName(f"{name or words}{self._one}")
        button.clicked.connect(slot)
        return button

    # -- showing -----------------------------------------------------------------------------

    def fill(self, row: int | None = None) -> None:
        """Show the entries as they are now; the cursor at a row."""
        entries = self._state.editing.entries(self.place)
        with QSignalBlocker(self.grid):
            self.grid.setRowCount(len(entries) + 1)
            for number in range(len(entries) + 1):
                self._show_row(number)
        if self._inner:
            rows = min(len(entries) + 1, 8)
            head = self.grid.horizontalHeader().sizeHint().height()
            self.grid.setFixedHeight(head + rows * t.ROW_HEIGHT + 4)
        if row is not None:
            self.grid.setCurrentCell(max(0, min(row, len(entries))), self._name_column())
        self.show_marks()
        self._enable()

    def _name_column(self) -> int:
        names = [field.name for field in self.fields]
        return names.index("name") if "name" in names else 0

    def _show_row(self, number: int) -> None:
        entries = self._state.editing.entries(self.place)
        entry = entries[number] if number < len(entries) else None
        for column, field in enumerate(self.fields):
            text = cell(field, entry, self._state.draft) if entry is not None else ""
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if field.kind in ("int", "number"):
                item.setTextAlignment(_FIGURES)
            if field.kind not in LINES | PICKED:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            self.grid.setItem(number, column, item)

    @Slot()
    def show_marks(self) -> None:
        """A mark before each row that has errors, or is an example to be looked at."""
        theme = self._state.tools.theme
        with QSignalBlocker(self.grid):
            for number in range(self.grid.rowCount()):
                item = QTableWidgetItem(
                    "＊" if number == self.grid.rowCount() - 1 else str(number + 1)
                )
                entry = self._state.editing.get((*self.place, number))
                wrong = self._state.wrong_below((*self.place, number))
                if wrong:
                    item.setIcon(theme.icon("circle-alert", "error"))
                    item.setToolTip("\n".join(one.text for one in wrong))
                elif isinstance(entry, dict) and entry.get("placeholder"):
                    item.setIcon(theme.icon("triangle-alert", "warning"))
                    item.setToolTip("示例，请核对")
                self.grid.setVerticalHeaderItem(number, item)

    @Slot(object)
    def _on_changed(self, place: Place) -> None:
        size = len(self.place)
        if place[:size] == self.place and len(place) > size:
            with QSignalBlocker(self.grid):
                self._show_row(int(place[size]))
        else:
            self.show_texts()  # a name shown here may have changed elsewhere

    def show_texts(self) -> None:
        """Show what the entries say now; there are as many as before."""
        with QSignalBlocker(self.grid):
            for number in range(self.grid.rowCount() - 1):
                self._show_row(number)

    # -- doing -------------------------------------------------------------------------------

    @property
    def theme(self) -> Theme:
        """Colours of the cells."""
        return self._state.tools.theme

    @property
    def draft(self) -> Raw:
        """The draft, for what its cells offer."""
        return self._state.draft

    @property
    def row(self) -> int:
        """The row of the cursor."""
        return self.grid.currentRow()

    def _is_entry(self) -> bool:
        return 0 <= self.row < self.grid.rowCount() - 1

    def take(self, row: int, column: int, value: Any) -> None:
        """Remember what was entered in a cell until its editor is closed."""
        self._entered = (row, column, value)

    def take_back(self) -> None:
        """Esc: what was typed is not meant."""
        self._entered = None

    def settle(self) -> None:
        """Write what was entered."""
        if self._entered is None:
            return
        (row, column, value), self._entered = self._entered, None
        field = self.fields[column]
        try:
            meant = read_line(field, value) if field.kind in LINES else value
        except ValueError as error:
            self._state.said.emit(str(error))
            return
        self._write(row, field, meant)

    def _write(self, row: int, field: FieldInfo, value: Any) -> None:
        if row < self.grid.rowCount() - 1:
            if not field.required and value == field.default:
                value = None
            self._state.set((*self.place, row, field.name), value)
        elif value is not None:
            self._state.editing.add(self.place, {field.name: value})
            self._reshaped(row)

    def _reshaped(self, row: int) -> None:
        column = max(self.grid.currentColumn(), 0)
        with QSignalBlocker(self.grid):
            self.fill()
            self.grid.setCurrentCell(row, column)
        self._state.reshaped.emit(self.place)
        self._enable()

    @Slot()
    def add(self) -> None:
        """The cursor goes to the empty row, ready to type."""
        self.grid.setFocus()
        self.grid.setCurrentCell(self.grid.rowCount() - 1, self._name_column())
        self.grid.edit(self.grid.currentIndex())

    @Slot()
    def copy(self) -> None:
        """The entry once more."""
        if self._is_entry():
            place = self._state.editing.copy((*self.place, self.row))
            self._reshaped(int(place[-1]))

    @Slot()
    def delete(self) -> None:
        """Take the entry away, and say where it is still named."""
        if not self._is_entry():
            return
        row = self.row
        left = self._state.editing.delete((*self.place, row))
        self._reshaped(min(row, self.grid.rowCount() - 2))
        self._state.told_deleted(left)

    @Slot()
    def up(self) -> None:
        """One row up."""
        self._move(-1)

    @Slot()
    def down(self) -> None:
        """One row down."""
        self._move(1)

    def _move(self, by: int) -> None:
        if self._is_entry():
            place = self._state.editing.move((*self.place, self.row), by)
            self._reshaped(int(place[-1]))

    @Slot()
    def open(self) -> None:
        """Show everything about the entry."""
        if self._is_entry():
            self.opened.emit((*self.place, self.row))

    @Slot()
    def borrow(self) -> None:
        """Let the user pick entries of this section in another scheme."""
        from app.ui.pages.scheme_editor_borrow import BorrowDialog

        dialog = BorrowDialog(str(self.place[0]), self.window())
        dialog.taken.connect(self.take_over)
        dialog.open()

    @Slot(object)
    def take_over(self, entries: list[Raw]) -> None:
        """Put entries of another scheme behind those that are here."""
        row = len(self._state.editing.entries(self.place))
        self._state.editing.take_over(self.place, entries)
        self._reshaped(row)
        self._state.said.emit(f"已抄来 {len(entries)} 条，可以按 Ctrl+Z 撤销。")

    def paste(self, text: str) -> None:
        """Cells copied from a spreadsheet, from the cursor on; rows that lack are added."""
        lines = [line.split("\t") for line in text.splitlines() if line.strip()]
        top, left = max(self.row, 0), max(self.grid.currentColumn(), 0)
        rows: list[tuple[int, dict[str, Any]]] = []
        try:
            for number, cells in enumerate(lines, top):
                fields = self.fields[left : left + len(cells)]
                values = {field.name: _pasted(field, said, self._state)
                          for field, said in zip(fields, cells, strict=False)}  # fmt: skip
                rows.append((number, {k: v for k, v in values.items() if v is not None}))
        except ValueError as error:
            self._state.said.emit(str(error))
            return
        self._state.editing.put_rows(self.place, rows)
        self._reshaped(top)

    @Slot(int, int)
    def _on_double_click(self, row: int, column: int) -> None:
        if self.fields[column].kind not in LINES | PICKED and row < self.grid.rowCount() - 1:
            self.opened.emit((*self.place, row))

    @Slot()
    def _on_current(self) -> None:
        self._enable()
        self.chosen.emit((*self.place, self.row) if self._is_entry() else self.place)

    def _enable(self) -> None:
        entry, last = self._is_entry(), self.grid.rowCount() - 2
        self.copy_button.setEnabled(entry)
        self.delete_button.setEnabled(entry)
        self.up_button.setEnabled(entry and self.row > 0)
        self.down_button.setEnabled(entry and self.row < last)
        if self._inner:
            self.open_button.setEnabled(entry)

    def on_key(self, event: QKeyEvent) -> bool:
        """Keys of the table; True when one was taken."""
        key, alt = event.key(), event.modifiers() == Qt.KeyboardModifier.AltModifier
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key == Qt.Key.Key_Insert:
            self.add()
        elif key == Qt.Key.Key_Delete:
            self.delete()
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(-1 if key == Qt.Key.Key_Up else 1)
        elif control and key == Qt.Key.Key_D:
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QApplication.clipboard().text())
        elif enter and control:
            self.open()
        elif enter and self.fields[self.grid.currentColumn()].kind in LINES | PICKED:
            self.grid.edit(self.grid.currentIndex())
        elif enter:
            self.open()
        else:
            return False
        return True


def _pasted(field: FieldInfo, text: str, state: EditorState) -> Any:
    if field.kind in LINES:
        return read_line(field, text)
    if field.kind in PICKED:
        return {words: value for value, words in choices_of(field, state.draft)}.get(text.strip())
    return None
