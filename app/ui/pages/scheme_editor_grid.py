"""The cells of the scheme editor's tables: typed into like those of a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QFocusEvent, QFont, QInputMethodEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.pages.scheme_editor_fields import LINES, PICKED, choices_of

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

    from app.ui.pages.scheme_editor_table import PartTable

    Index = QModelIndex | QPersistentModelIndex


class Grid(QTableWidget):
    """The cells. Typing begins to edit; Enter takes what was typed and leads to the next cell."""

    def __init__(self, owner: PartTable) -> None:
        super().__init__()
        self.owner = owner
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self.verticalHeader().setDefaultSectionSize(t.ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)
        self.delegate = CellDelegate(self)
        self.setItemDelegate(self.delegate)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flags.ClearAndSelect | flags.Rows)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        typing = self.state() == QAbstractItemView.State.EditingState  # Enter comes from the cell
        if typing or not self.owner.on_key(event):
            super().keyPressEvent(event)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        editable = bool(current.flags() & Qt.ItemFlag.ItemIsEditable)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, editable)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Chinese typed right into a cell: the editor opens with the first word, not letter.

        The input method would lose what is being composed when the cursor goes to another widget.
        """
        index = self.currentIndex()
        self.delegate.composed = event.preeditString()
        self.update(index)
        triggers = QAbstractItemView.EditTrigger
        if event.commitString() and self.edit(index, triggers.AllEditTriggers, event):
            editor = self.indexWidget(index)
            if isinstance(editor, QLineEdit):
                editor.selectAll()
            if editor is not None:
                QApplication.sendEvent(editor, event)
        event.accept()

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Writing may add a row, so it waits until the editor is gone."""
        hints = QAbstractItemDelegate.EndEditHint
        super().closeEditor(editor, hints.NoHint)
        if hint == hints.RevertModelCache:
            self.owner.take_back()
        self.owner.settle()
        if hint in (hints.SubmitModelCache, hints.EditNextItem):
            self._go_on()

    def _go_on(self) -> None:
        """To the next cell that can be typed into; behind the last to the row below."""
        fields = self.owner.fields
        row, column = self.currentRow(), self.currentColumn()
        for following in range(column + 1, len(fields)):
            if fields[following].kind in LINES:
                self.setCurrentCell(row, following)
                return
        start = next((n for n, f in enumerate(fields) if f.kind in LINES and f.name != "no"), 0)
        self.setCurrentCell(min(row + 1, self.rowCount() - 1), start)


class CellDelegate(QStyledItemDelegate):
    """Editors of the cells: a line, or a list to pick from."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.composed = ""
        """What an input method is composing for the cell with the cursor."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row is tinted, the cell with the cursor framed."""
        super().paint(painter, option, index)
        if index != self._grid.currentIndex() or not self._grid.hasFocus():
            return
        theme = self._grid.owner.theme
        painter.save()
        if self.composed:
            painter.fillRect(option.rect, theme.color("surface"))
            font = QFont(option.font)
            font.setUnderline(True)
            painter.setFont(font)
            room = option.rect.adjusted(t.GAP - 1, 0, 0, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.composed)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
        painter.restore()

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        owner = self._grid.owner
        field = owner.fields[index.column()]
        if field.kind not in PICKED:
            editor = QLineEdit(parent)
            editor.setAccessibleName(field.label)
            return editor
        combo = QComboBox(parent)
        combo.setAccessibleName(field.label)
        if field.default is None and not field.required:
            combo.addItem("（不选）", None)
        for value, words in choices_of(field, owner.draft):
            combo.addItem(words, value)
        combo.activated.connect(self._on_picked)
        return combo

    @Slot()
    def _on_picked(self) -> None:
        combo = self.sender()
        if isinstance(combo, QComboBox):
            self.commitData.emit(combo)
            self.closeEditor.emit(combo, QAbstractItemDelegate.EndEditHint.SubmitModelCache)

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(editor.findText(index.data() or ""), 0))
            editor.showPopup()
        else:
            super().setEditorData(editor, index)

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            self._grid.owner.take(index.row(), index.column(), editor.currentData())
        elif isinstance(editor, QLineEdit):
            self._grid.owner.take(index.row(), index.column(), editor.text())

    @override
    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Enter in a pick-list takes what is shown."""
        if (
            isinstance(watched, QComboBox)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.commitData.emit(watched)
            self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.SubmitModelCache)
            return True
        return super().eventFilter(watched, event)

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(option.rect)
