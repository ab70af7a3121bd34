"""The course of the lesson: rows of minute | 教学过程 | 评析 that grow with what is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QIntValidator, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.services.observations.records import Step
from app.ui.framework import tokens as t
from app.ui.framework.editors import GrowingEdit
from app.ui.framework.theme import set_role, tabular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSizeF

_MINUTE_WIDTH = 48
_MOST_LINES = 12
_MARGIN, _FRAME = 2, 14
_LED = re.compile(r"^\s*(\d{1,3})\s*(?:['’′＇]|分钟|分)\s*[:：]?\s*")
"""A minute written in front of the text: 5′ 复习导入."""


class Cell(GrowingEdit):
    """A text as high as it is long. Enter goes on, Shift+Enter begins a new line."""

    entered = Signal()
    up_wanted = Signal()
    down_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(1)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(_MARGIN)

    @override
    def _grow(self, size: QSizeF) -> None:
        """Closer than in a form: many of them stand below each other; a bar only when it is full."""
        lines = max(1, round(size.height()))
        policy = Qt.ScrollBarPolicy
        full = lines > _MOST_LINES
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if full else policy.ScrollBarAlwaysOff
        )
        high = self.fontMetrics().lineSpacing() * min(lines, _MOST_LINES) + _FRAME
        if high != self.height() or self.minimumHeight() != high:
            self.setFixedHeight(high)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and plain:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Up and plain and self._at_edge(QTextCursor.MoveOperation.Up):
            self.up_wanted.emit()
        elif (
            event.key() == Qt.Key.Key_Down
            and plain
            and self._at_edge(QTextCursor.MoveOperation.Down)
        ):
            self.down_wanted.emit()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # Ctrl+Enter is the page's
        else:
            super().keyPressEvent(event)

    def _at_edge(self, move: QTextCursor.MoveOperation) -> bool:
        return not self.textCursor().movePosition(move)


class StepGrid(QWidget):
    """Rows of the course of the lesson; below the last one there is always an empty one."""

    changed = Signal()
    left = Signal()
    """Enter in an empty last row, or Ctrl+↓: on to what comes after."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[QLineEdit, Cell, Cell]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(t.GRID)
        self._grid.setVerticalSpacing(t.GRID)
        self._grid.setColumnStretch(1, 3)
        self._grid.setColumnStretch(2, 2)
        for column, words in enumerate(("分钟", "教学过程", "评析")):
            head = QLabel(words)
            set_role(head, "muted")
            self._grid.addWidget(head, 0, column)
        self._append()

    def steps(self) -> tuple[Step, ...]:
        """What is written, row by row; rows without anything are left out."""
        found = []
        for minute, process, comment in self.rows:
            text = process.toPlainText()
            led = None if minute.text() else _LED.match(text)
            number = int(minute.text()) if minute.text() else int(led[1]) if led else None
            step = Step(text[led.end() :] if led else text, comment.toPlainText(), number)
            if step.process.strip() or step.comment.strip() or number is not None:
                found.append(step)
        return tuple(found)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show other rows; tells nobody."""
        while len(self.rows) > len(steps) + 1:
            for widget in self.rows.pop():
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        while len(self.rows) <= len(steps):
            self._append()
        for row, step in zip(self.rows, (*steps, Step()), strict=True):
            minute, process, comment = row
            minute.setText("" if step.minute is None else str(step.minute))
            for cell, text in ((process, step.process), (comment, step.comment)):
                with QSignalBlocker(cell):
                    cell.setPlainText(text)

    def _append(self) -> None:
        number = len(self.rows) + 1
        minute = QLineEdit()
        minute.setFont(tabular(minute.font()))
        minute.setFixedWidth(_MINUTE_WIDTH)
        minute.setAlignment(Qt.AlignmentFlag.AlignRight)
        minute.setValidator(QIntValidator(0, 999, minute))
        minute.setAccessibleName(f"第 {number} 行分钟")
        minute.returnPressed.connect(self._on_minute_entered)
        minute.textEdited.connect(self.changed)
        process, comment = Cell(f"第 {number} 行教学过程"), Cell(f"第 {number} 行评析")
        for column, widget in enumerate((minute, process, comment)):
            self._grid.addWidget(widget, number, column, Qt.AlignmentFlag.AlignTop)
            widget.show()  # at once: the next key may already go there
        for cell in (process, comment):
            cell.textChanged.connect(self._on_text)
            cell.entered.connect(self._on_entered)
            cell.up_wanted.connect(self._on_up)
            cell.down_wanted.connect(self._on_down)
        before = self.rows[-1][2] if self.rows else None
        if before is not None:
            for first, second in ((before, minute), (minute, process), (process, comment)):
                QWidget.setTabOrder(first, second)
        self.rows.append((minute, process, comment))

    @Slot()
    def _on_text(self) -> None:
        if self.rows[-1][1].toPlainText() or self.rows[-1][2].toPlainText():
            self._append()
        self.changed.emit()

    def _place(self, widget: object) -> tuple[int, int] | None:
        """Row and column of a cell."""
        for number, row in enumerate(self.rows):
            for column, cell in enumerate(row):
                if cell is widget:
                    return number, column
        return None

    def focus_row(self, number: int, column: int = 1) -> None:
        """Put the cursor into a cell."""
        self.rows[min(number, len(self.rows) - 1)][column].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_minute_entered(self) -> None:
        place = self._place(self.sender())
        if place is not None:
            self.focus_row(place[0])

    @Slot()
    def _on_entered(self) -> None:
        """On to the comment, then the next row; from an empty last row to what comes after."""
        place = self._place(self.sender())
        if place is None:
            return
        number, column = place
        row = self.rows[number]
        empty = not row[1].toPlainText().strip() and not row[2].toPlainText().strip()
        if number == len(self.rows) - 1 and empty:
            self.left.emit()
        elif column == 1:
            row[2].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.focus_row(number + 1)

    @Slot()
    def _on_up(self) -> None:
        place = self._place(self.sender())
        if place is not None and place[0] > 0:
            self.focus_row(place[0] - 1, place[1])

    @Slot()
    def _on_down(self) -> None:
        place = self._place(self.sender())
        if place is not None and place[0] < len(self.rows) - 1:
            self.focus_row(place[0] + 1, place[1])

    def stamp(self, minute: int) -> None:
        """Write the minute into the row under the cursor; elsewhere into the last row, and go there."""
        place = self._place(self.focusWidget())
        number = place[0] if place is not None else len(self.rows) - 1
        self.rows[number][0].setText(str(minute))
        if place is None or place[1] == 0:
            self.focus_row(number)
        self.changed.emit()
