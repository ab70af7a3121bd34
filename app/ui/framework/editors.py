"""Editors of a form that need more than Qt gives: numbers kept from view, texts that grow, days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QPoint, QSizeF, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCalendarWidget,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
    QWidgetAction,
)
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QInputMethodEvent, QKeyEvent

    from app.ui.framework.theme import Theme

_MOST_LINES = 14
_FRAME = 22


class GrowingEdit(QPlainTextEdit):
    """A text of many lines, as high as what is in it, within bounds."""

    def __init__(self, lines: int, *, grows: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = lines
        self._most = _MOST_LINES if grows else lines
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow(self.document().size())

    @Slot(QSizeF)
    def _grow(self, size: QSizeF) -> None:
        """The document of a plain text measures its height in lines."""
        lines = min(self._most, max(self._least, round(size.height())))
        high = self.fontMetrics().lineSpacing() * lines + _FRAME
        if high != self.height() or self.minimumHeight() != high:
            self.setFixedHeight(high)


class PrivateEdit(QLineEdit):
    """A number whose middle is hidden; the eye shows it, and so does beginning to type."""

    def __init__(
        self, theme: Theme, reveal: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._reveal = reveal
        self._masked = ""
        self._full = ""
        eye = self.addAction(
            theme.icon("eye", "text_muted"), QLineEdit.ActionPosition.TrailingPosition
        )
        eye.setToolTip("显示完整号码（F2）")
        eye.triggered.connect(self.reveal)

    @property
    def hidden_part(self) -> bool:
        """Whether the number is shown with its middle hidden."""
        return bool(self._masked) and self.text() == self._masked

    def show_masked(self, masked: str) -> None:
        """Show a number as lists do."""
        self._masked, self._full = masked, ""
        self.setText(masked)
        self.setCursorPosition(0)

    def raw(self) -> str:
        """What was typed; the masked number while nothing else was."""
        text = self.text().strip()
        return self._masked if self._full and text == self._full else text

    @Slot()
    def reveal(self) -> None:
        """Show the whole number."""
        if self.hidden_part and not self.isReadOnly():
            self._full = self._reveal()
            self.setText(self._full)
        self.setFocus()
        self.selectAll()

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        if arg__1.key() == Qt.Key.Key_F2:
            self.reveal()
            return
        changes = arg__1.text().isprintable() and bool(arg__1.text())
        if changes or arg__1.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self._open()
        super().keyPressEvent(arg__1)

    @override
    def inputMethodEvent(self, arg__1: QInputMethodEvent) -> None:
        self._open()
        super().inputMethodEvent(arg__1)

    def _open(self) -> None:
        if self.hidden_part:
            self.reveal()


class DayPicker(QMenu):
    """A calendar under a line; the day that is clicked or entered is told and the calendar closes."""

    picked = Signal(QDate)

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        present = QDate.fromString(edit.text(), Qt.DateFormat.ISODate)
        if present.isValid():
            calendar.setSelectedDate(present)
        for signal in (calendar.activated, calendar.clicked):
            signal.connect(self.picked)
            signal.connect(self.close)
        action = QWidgetAction(self)
        action.setDefaultWidget(calendar)
        self.addAction(action)
        self.popup(edit.mapToGlobal(QPoint(0, edit.height())))
        calendar.setFocus()
