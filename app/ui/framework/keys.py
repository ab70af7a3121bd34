"""Shortcuts: keys that press a button, and the list that ``?`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QAbstractButton


def press_by(button: QAbstractButton, keys: str) -> None:
    """Let keys press a button at once.

    Qt's own shortcut of a button clicks a tenth of a second later, and what a quick typist types
    meanwhile would go where the cursor was.
    """
    shortcut = QShortcut(QKeySequence(keys), button)
    shortcut.activated.connect(button.click)


class KeyList(QDialog):
    """Keys and what they do, in groups."""

    def __init__(
        self, groups: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("快捷键一览")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP_LARGE)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * t.GAP_LARGE)
        grid.setVerticalSpacing(t.GAP_LARGE)
        shown = [(title, keys) for title, keys in groups.items() if keys]
        for number, (title, keys) in enumerate(shown):
            grid.addLayout(_group(title, keys), 0, number, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)


def _group(title: str, keys: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(t.GAP_LARGE)
    grid.setVerticalSpacing(t.GRID)
    head = QLabel(title)
    set_role(head, "heading")
    grid.addWidget(head, 0, 0, 1, 2)
    for row, (key, words) in enumerate(keys, start=1):
        name = QLabel(key)
        set_role(name, "muted")
        grid.addWidget(name, row, 0)
        grid.addWidget(QLabel(words), row, 1)
    return grid
