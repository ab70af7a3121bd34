"""What a cell is typed in with, by the kind of its field, and the keys that end it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QPolygon
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.services.entry.names import Choice
from app.ui.framework import tokens as t
from app.ui.framework.entries import Typed
from app.ui.framework.suggest import Mode, SuggestEdit, vocabulary

if TYPE_CHECKING:
    from app.services.entry.fields import Field
    from app.ui.framework.entry_model import EntryModel
    from app.ui.framework.suggest import Source
    from app.ui.framework.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_MODES: dict[str, Mode] = {
    "choice": "pick", "bool": "pick", "suggest": "suggest", "words": "words", "ref": "ref",
}  # fmt: skip
_LONG_SIZE = (420, 150)


class CellDelegate(QStyledItemDelegate):
    """Editors of cells; Enter, Tab and the arrows end typing and say where to go next."""

    stepped = Signal(int, int)
    """Typing ended with a key: so many rows down and columns to the right."""

    def __init__(self, model: EntryModel, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self.replaces = False
        """Whether typing began with a letter: what was there is replaced."""
        self.composed = ""
        """What an input method is composing for the cell with the cursor."""

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        one = self._model.field(index.column())
        editor: QWidget
        if one.kind in _MODES:
            mode: Mode = "person" if one.target == "person" else _MODES[one.kind]
            editor = SuggestEdit(mode, self._source(one), self._theme, parent)
            editor.picked.connect(self._end_typing)
        elif one.kind == "long":
            editor = QPlainTextEdit(parent)
        else:
            editor = QLineEdit(parent)
        editor.setProperty("cell", "true")
        editor.setAccessibleName(one.label)
        editor.setAutoFillBackground(True)
        return editor

    def _source(self, one: Field) -> Source:
        model = self._model
        if one.kind == "ref":
            adoption_id = model.query.adoption_id
            return partial(_suggest, model, one.target, adoption_id)
        if one.kind == "bool":
            return vocabulary(["是", "否"])
        return vocabulary([words for _key, words in model.sheet.choices.get(one.name, ())])

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        typed = self._model.edit_text(index)
        if isinstance(editor, SuggestEdit):
            known = typed.raw if typed.raw != typed.shown else ""
            editor.show_choice(Choice(known, typed.shown, ""))
            editor.selectAll()
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(typed.shown)
            if self.replaces:
                editor.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(typed.shown)
            editor.selectAll()

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, SuggestEdit):
            raw = editor.raw()
            model.setData(index, Typed(raw, editor.text().strip()))
        elif isinstance(editor, QPlainTextEdit):
            model.setData(index, Typed(editor.toPlainText(), editor.toPlainText()))
        elif isinstance(editor, QLineEdit):
            model.setData(index, Typed(editor.text().strip(), editor.text().strip()))

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        place: QRect = option.rect
        if isinstance(editor, QPlainTextEdit):
            view = editor.parentWidget()
            room = view.rect() if view is not None else place
            wide = min(max(place.width(), _LONG_SIZE[0]), room.width())
            high = min(_LONG_SIZE[1], room.height())
            left = min(place.left(), room.right() - wide + 1)
            place = QRect(max(0, left), min(place.top(), room.bottom() - high + 1), wide, high)
        editor.setGeometry(place)

    @override
    def eventFilter(self, object: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if _breaks_line(event) and isinstance(object, QPlainTextEdit):
                object.insertPlainText("\n")
                return True
            step = _step(object, event)
            if step is not None and isinstance(object, QWidget):
                self._end(object)
                self.stepped.emit(*step)
                return True
            if event.key() == Qt.Key.Key_Escape and isinstance(object, SuggestEdit):
                object.list.hide()
        return super().eventFilter(object, event)

    @Slot()
    def _end_typing(self) -> None:
        editor = self.sender()
        if isinstance(editor, QWidget):
            self._end(editor)

    def _end(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        refused = bool(self._model.sentence_at(index))
        if refused:
            painter.fillRect(option.rect, self._theme.color("error_soft"))
        super().paint(painter, option, index)
        painter.save()
        if refused:
            self._paint_corner(painter, option.rect)
        if option.state & QStyle.StateFlag.State_HasFocus:
            if self.composed:
                painter.setFont(option.font)
                self._paint_composed(painter, option.rect)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_corner(self, painter: QPainter, cell: QRect) -> None:
        """The mark of a wrong cell that needs no colour to be seen."""
        corner = QPolygon([cell.topRight() + QPoint(x, y) for x, y in ((-9, 0), (1, 0), (1, 10))])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("error"))
        painter.drawPolygon(corner)

    def _paint_composed(self, painter: QPainter, cell: QRect) -> None:
        """What the input method has so far, in place of what is in the cell."""
        painter.fillRect(cell, self._theme.color("surface"))
        font = painter.font()
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        room = cell.adjusted(t.GAP - 1, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.composed)


def _suggest(model: EntryModel, target: str, adoption_id: str, words: str) -> list[Choice]:
    return model.entries.suggest(target, words, adoption_id)


def _breaks_line(event: QKeyEvent) -> bool:
    """Alt+Enter, as in spreadsheets."""
    enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)


def _step(editor: QObject, event: QKeyEvent) -> tuple[int, int] | None:
    """Where a key leads that ends typing; None: it does not end it."""
    key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    back = -1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
    if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return back, 0
    if key == Qt.Key.Key_Tab:
        return 0, back
    if key == Qt.Key.Key_Backtab:
        return 0, -1
    if key in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not modifiers and type(editor) is QLineEdit:
        return (1 if key == Qt.Key.Key_Down else -1), 0
    return None
